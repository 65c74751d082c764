"""Every value of a marker measured repeatedly, with its participant, visit, day and arm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.course_rows import visit_days
from ketbio.analyses.visit_models.arms import EVERYBODY, Arms, arms_asked
from ketbio.analyses.visit_models.rows import NO_ARM, NOT_KNOWN
from ketbio.endpoints.change import why_missing
from ketbio.endpoints.frames import require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, REASON, UNIT, VALUE, VISIT
from ketbio.wording import join_words

COLUMNS = [PARTICIPANT_ID, "arm", VISIT, "day", "replicate", VALUE, REASON]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepeatedRows:
    """The values of one marker.

    Attributes
    ----------
    marker, unit : str
        The marker and the unit of its values.
    arms : Arms
        Who is in which arm; one arm where there are none.
    visits, unmeasured : tuple of str
        Visits with a value, in order; visits asked for that have none.
    days : mapping of str to float
        Visit → day; empty where not all are known.
    table : DataFrame
        `COLUMNS`: one row per value of those analysed; ``reason`` says why a row has none.
    excluded : DataFrame
        ``participant_id, reason`` of everybody without a value or an arm.
    """

    marker: str
    unit: str
    arms: Arms
    visits: tuple[str, ...]
    unmeasured: tuple[str, ...]
    days: Mapping[str, float]
    table: pd.DataFrame
    excluded: pd.DataFrame

    @property
    def modelled(self) -> pd.DataFrame:
        """The rows with a value."""
        return self.table[self.table[REASON] == ""].reset_index(drop=True)

    @property
    def has_replicates(self) -> bool:
        """Whether anybody has several values at a visit."""
        return bool((self.modelled["replicate"] > 1).any())


def repeated_rows(
    endpoints: pd.DataFrame,
    marker: str,
    *,
    participants: pd.DataFrame | None,
    arm: str | None,
    reference: str | None,
    visits: Sequence[str] | None,
    days: Mapping[str, float] | None,
) -> RepeatedRows:
    """Return the rows of one marker; nobody is dropped without a reason.

    Raises
    ------
    TableError
        An unknown visit; no value at all; an arm of whom nobody has one.
    """
    own = endpoints[endpoints[MARKER] == marker]
    order, unmeasured = _visits(endpoints, own, visits)
    own = own[own[VISIT].isin(order)]
    everybody = list(dict.fromkeys(own[PARTICIPANT_ID].astype("str")))
    arms = _arms(participants, arm, reference, everybody)
    known_days = visit_days(order, order[0], days) if order else {}
    table = _table(own, order, arms, known_days)
    excluded = _excluded(table, arms, everybody)
    kept = table[~table[PARTICIPANT_ID].isin(excluded[PARTICIPANT_ID])].reset_index(drop=True)
    found = RepeatedRows(
        marker=marker,
        unit=str(own[UNIT].iloc[0]) if len(own) else "",
        arms=arms,
        visits=tuple(one for one in order if one in set(kept.loc[kept[REASON] == "", VISIT])),
        unmeasured=unmeasured,
        days=known_days,
        table=kept,
        excluded=excluded,
    )
    _refuse_empty(found)
    return found


def _visits(
    endpoints: pd.DataFrame, own: pd.DataFrame, visits: Sequence[str] | None
) -> tuple[list[str], tuple[str, ...]]:
    """Return the visits with a value in order, and those asked for without one."""
    here = list(dict.fromkeys(endpoints[VISIT].astype("str")))
    order = here if visits is None else list(visits)
    for place, visit in enumerate(order):
        require_one_of("a visit of visits", visit, here)
        if visit in order[:place]:
            raise TableError(f"visits names {visit!r} twice; name each visit once, in order.")
    measured = set(own.loc[own[VALUE].notna(), VISIT])
    without = () if visits is None else tuple(one for one in order if one not in measured)
    return [one for one in order if one in measured], without


def _arms(
    participants: pd.DataFrame | None, arm: str | None, reference: str | None, everybody: list[str]
) -> Arms:
    """Return the arms; the usual column may be missing, one that was named may not."""
    has_arms = participants is not None and (arm != "arm" or "arm" in participants.columns)
    if not has_arms and arm == "arm":
        arm = None
    return arms_asked(participants, arm=arm, reference=reference, everybody=everybody)


def _table(
    own: pd.DataFrame, order: list[str], arms: Arms, days: Mapping[str, float]
) -> pd.DataFrame:
    made: list[dict[str, Any]] = []
    for row in own.to_dict("records"):
        who, visit = str(row[PARTICIPANT_ID]), str(row[VISIT])
        made.append(
            {
                PARTICIPANT_ID: who,
                "arm": arms.of.get(who, ""),
                VISIT: visit,
                "day": days.get(visit, np.nan),
                VALUE: float(row[VALUE]),
                REASON: why_missing(row, visit),
            }
        )
    table = pd.DataFrame(made, columns=[one for one in COLUMNS if one != "replicate"])
    table = table.astype({PARTICIPANT_ID: "str", "arm": "str", VISIT: "str", REASON: "str"})
    table["replicate"] = table.groupby([PARTICIPANT_ID, VISIT], sort=False).cumcount() + 1
    place = table[VISIT].map({visit: k for k, visit in enumerate(order)})
    people = table[PARTICIPANT_ID].map(
        {who: k for k, who in enumerate(dict.fromkeys(table[PARTICIPANT_ID]))}
    )
    return table.iloc[np.lexsort([table["replicate"], place, people])][COLUMNS]


def _excluded(table: pd.DataFrame, arms: Arms, everybody: list[str]) -> pd.DataFrame:
    seen = set(table.loc[table[REASON] == "", PARTICIPANT_ID])
    left_out = []
    for one in dict.fromkeys([*arms.of, *everybody]):
        arm = arms.of.get(one)
        lacks = [] if one in seen else ["no value at any visit"]
        why = [NOT_KNOWN] if arm is None else [*([] if arm else [NO_ARM]), *lacks]
        if why:
            left_out.append({PARTICIPANT_ID: one, REASON: "; ".join(why)})
    return pd.DataFrame(left_out, columns=[PARTICIPANT_ID, REASON], dtype="str")


def _refuse_empty(found: RepeatedRows) -> None:
    if not len(found.table):
        raise TableError(
            f"{found.marker} has nobody who can be analysed; values of participants at the visits "
            "asked for are wanted, and ids written alike in both tables."
        )
    here = set(found.modelled["arm"])
    without = [name for name in found.arms.names if name not in here]
    if without and found.arms.names != (EVERYBODY,):
        raise TableError(
            f"{found.marker} has no value in the arm {join_words(map(repr, without))}. Leave its "
            "participants out of participants, or name visits at which it was measured."
        )
