"""Who responded, arm by arm, and what is made of those whose endpoint is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from ketbio.analyses.visit_models.arms import Arms
from ketbio.vocabulary import (
    NON_RESPONDER,
    NOTE,
    PARTICIPANT_ID,
    REASON,
    RESPONDER,
)

GROUP = "group"
IS_MISSING = "is_missing"
FLAGS = {"response": "is_responder", "remission": "is_remitter"}
"""Outcome → the column of the response table that tells it."""

Filling = Callable[[str], bool | None]
"""Side of the contrast (``"arm"`` or ``"reference"``) → what a missing outcome counts as."""

POLICIES: dict[str, Filling] = {
    "non_responder": lambda _side: False,
    "exclude": lambda _side: None,
    "best_case": lambda side: side == "arm",
    "worst_case": lambda side: side == "reference",
}
"""Word for ``missing`` → what a missing outcome counts as; None leaves the participant out."""

POLICY_WORDS = {
    "non_responder": "missing counted as non-responders",
    "exclude": "missing left out",
    "best_case": "missing counted as responders in {0}, as non-responders in {1}",
    "worst_case": "missing counted as non-responders in {0}, as responders in {1}",
}
"""Word for ``missing`` → what it does, with the two arms of the contrast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Responders and people of the two arms of a contrast."""

    arm: tuple[int, int]
    reference: tuple[int, int]

    @property
    def has_everybody(self) -> bool:
        """Whether there is somebody in both arms."""
        return self.arm[1] > 0 and self.reference[1] > 0


def response_by_arm(response: pd.DataFrame, arms: Arms, outcome: str) -> pd.DataFrame:
    """Return one row per participant: arm, whether the outcome was seen, missing, or why neither.

    Parameters
    ----------
    response : DataFrame
        As `derive_response` returns it, with either policy of its own.
    arms : Arms
    outcome : {"response", "remission"}

    Returns
    -------
    DataFrame
        The columns of ``response`` and ``group, is_event, is_missing``; ``reason`` is empty for
        who can be counted.
    """
    table = response.reset_index(drop=True).copy()
    ids = table[PARTICIPANT_ID].astype("str")
    scale = str(table["rating_scale"].iloc[0]) if len(table) else "rating"
    table[GROUP] = ids.map(lambda one: arms.of.get(one, "")).astype("str")
    is_missing = table["baseline_value"].notna() & table["endpoint_value"].isna()
    flags = table[FLAGS[outcome]].astype("boolean")
    table["is_event"] = flags.mask(is_missing)
    table[IS_MISSING] = is_missing & (table[GROUP] != "")
    is_counted = is_missing | table["is_event"].notna()
    reasons = table[REASON].astype("str").mask(is_counted, "")
    table[REASON] = reasons.mask(table[GROUP] == "", "no arm known")
    absent = [one for one, arm in arms.of.items() if arm and one not in set(ids)]
    if absent:
        rows = pd.DataFrame({PARTICIPANT_ID: absent, GROUP: [arms.of[one] for one in absent]})
        rows[REASON] = f"no {scale} in the response table"
        rows[NOTE] = ""
        rows[IS_MISSING] = False
        table = pd.concat([table, rows], ignore_index=True)
    return table


def counts_of_contrast(table: pd.DataFrame, pair: tuple[str, str], policy: str) -> Counts:
    """Return how many of how many had the outcome in each arm, under a policy for the missing."""
    found = [
        _counted(table[table[GROUP] == name], POLICIES[policy](side))
        for name, side in zip(pair, ("arm", "reference"), strict=True)
    ]
    return Counts(arm=found[0], reference=found[1])


def _counted(rows: pd.DataFrame, filled: bool | None) -> tuple[int, int]:
    known = rows[rows[REASON] == ""]
    missing = int(known[IS_MISSING].sum())
    seen = len(known) - missing
    events = int(known["is_event"].fillna(value=False).sum())
    if filled is None:
        return events, seen
    return events + (missing if filled else 0), seen + missing


def analysed_rows(table: pd.DataFrame, pair: tuple[str, str], policy: str) -> pd.DataFrame:
    """Return the rows of those counted, with what they were counted as.

    Returns
    -------
    DataFrame
        ``participant_id, group, baseline_value, endpoint_value, change, percent_reduction,
        counted_as, is_imputed``.
    """
    sides = dict(zip(pair, ("arm", "reference"), strict=True))
    known = table[(table[REASON] == "") & table[GROUP].isin(pair)].copy()
    filled: Mapping[str, bool | None] = {name: POLICIES[policy](sides[name]) for name in pair}
    imputed = known[IS_MISSING].astype(bool)
    known["is_imputed"] = imputed
    outcome = known["is_event"].mask(imputed, known[GROUP].map(filled).astype("boolean"))
    known["counted_as"] = (
        outcome.map({True: RESPONDER, False: NON_RESPONDER}).fillna("").astype("str")
    )
    order = {name: place for place, name in enumerate(pair)}
    known = known[known["counted_as"] != ""]
    known = known.sort_values(GROUP, key=lambda one: one.map(order), kind="stable")
    columns = [
        PARTICIPANT_ID, GROUP, "baseline_value", "endpoint_value", "change", "percent_reduction",
        "counted_as", "is_imputed", "response_percent", "remission_at_or_below",
    ]  # fmt: skip
    return known[columns].reset_index(drop=True)


def left_out(table: pd.DataFrame, pair: tuple[str, str], policy: str) -> pd.DataFrame:
    """Return ``participant_id, reason`` of those of the two arms who are not counted."""
    own = table[table[GROUP].isin([*pair, ""])]
    out = own.loc[own[REASON] != "", [PARTICIPANT_ID, REASON]]
    if policy == "exclude":
        missing = own[own[IS_MISSING].astype(bool) & (own[REASON] == "")]
        scale = missing["rating_scale"].iloc[0] if len(missing) else ""
        gone = missing[[PARTICIPANT_ID]].assign(**{REASON: f"no {scale} at the endpoint"})
        out = pd.concat([out, gone])
    return out.astype({REASON: "str"}).reset_index(drop=True)
