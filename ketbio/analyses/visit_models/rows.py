"""One row per participant and follow-up visit, with who is left out of the model and why."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.covariates import Covariates, without_covariates
from ketbio.analyses.visit_models.arms import Arms
from ketbio.analyses.visit_models.visits import FollowUp
from ketbio.endpoints.change import BOUNDED, CHANGES, why_missing
from ketbio.endpoints.frames import one_row_each
from ketbio.errors import TableError
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, REASON, UNIT, VALUE, VISIT
from ketbio.wording import join_words

FloatArray = NDArray[np.float64]
NAN = float("nan")

ROW_COLUMNS = [
    PARTICIPANT_ID, "arm", VISIT, "day", "baseline_value", VALUE, "change", REASON,
]  # fmt: skip
OUTCOMES = ("change", "value")
"""What is modelled: value − baseline value, or the value itself."""
NO_ARM = "no arm"
NOT_KNOWN = "not in the participants table"
NO_FOLLOW_UP = "no value at any visit after {baseline}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trajectories:
    """The rows of one marker.

    Attributes
    ----------
    marker, unit : str
        The marker and the unit of its values.
    outcome : str
        One of `OUTCOMES`.
    arms : Arms
        The arms; each has participants with follow-up.
    follow_up : FollowUp
        The visits after baseline.
    table : DataFrame
        `ROW_COLUMNS` and the covariates: one row per participant analysed × visit; ``reason`` says
        why the outcome of a row is missing.
    modelled : DataFrame
        The rows of it with an outcome.
    covariates : tuple of str
        Names of the covariates in ``table``.
    excluded : DataFrame
        ``participant_id, reason`` of everybody else.
    """

    marker: str
    unit: str
    outcome: str
    arms: Arms
    follow_up: FollowUp
    table: pd.DataFrame
    modelled: pd.DataFrame
    covariates: tuple[str, ...]
    excluded: pd.DataFrame

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Which rows have an outcome, shape (rows,)."""
        return np.asarray(self.table[REASON] == "", dtype=np.bool_)


def trajectories(
    endpoints: pd.DataFrame,
    marker: str,
    *,
    arms: Arms,
    visits: FollowUp,
    covariates: Covariates,
    outcome: str,
    needs_baseline: bool = True,
) -> Trajectories:
    """Return the rows of one marker; nobody is dropped without a reason.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    marker : str
        One that occurs in it.
    arms, visits, covariates
        As asked for.
    outcome : str
        One of `OUTCOMES`.
    needs_baseline : bool
        Whether who has no value at baseline is left out.

    Raises
    ------
    TableError
        A participant twice at a visit; an arm of whom nobody can be analysed.
    """
    own = endpoints[endpoints[MARKER] == marker]
    one_row_each(own, what="endpoints")
    by_key = {(row[PARTICIPANT_ID], row[VISIT]): row for row in own.to_dict("records")}
    everybody = list(dict.fromkeys([*arms.of, *own[PARTICIPANT_ID]]))
    lacking = _lacking(covariates, everybody)
    parts: list[list[dict[str, Any]]] = []
    left_out = []
    for one in everybody:
        rows = _rows_of(one, by_key, arms, visits, outcome)
        first = by_key.get((one, visits.baseline))
        lacks_baseline = why_missing(first, visits.baseline) if needs_baseline else ""
        lacks_follow_up = all(row[REASON] for row in rows)
        why = _why_not(
            arms.of.get(one),
            lacks_baseline,
            NO_FOLLOW_UP.format(baseline=visits.baseline) if lacks_follow_up else "",
            lacking.get(one, ""),
        )
        if why:
            left_out.append({PARTICIPANT_ID: one, REASON: why})
        else:
            parts.append(rows)
    table = pd.DataFrame([row for rows in parts for row in rows], columns=ROW_COLUMNS)
    table = table.astype({PARTICIPANT_ID: "str", "arm": "str", VISIT: "str", REASON: "str"})
    table = pd.concat([table, covariates.of(table[PARTICIPANT_ID])], axis=1)
    found = Trajectories(
        marker=marker,
        unit=str(own[UNIT].iloc[0]),
        outcome=outcome,
        arms=arms,
        follow_up=visits,
        table=table,
        modelled=table[table[REASON] == ""].reset_index(drop=True),
        covariates=covariates.names,
        excluded=pd.DataFrame(left_out, columns=[PARTICIPANT_ID, REASON], dtype="str"),
    )
    _everybody_left_out(found)
    _arms_with_follow_up(found)
    return found


def _lacking(covariates: Covariates, everybody: list[str]) -> Mapping[str, str]:
    ids = pd.Series(everybody, dtype="str")
    if not covariates.names:
        return {}
    rows = without_covariates(covariates.of(ids), ids)
    return dict(zip(rows[PARTICIPANT_ID], rows[REASON], strict=True))


def _rows_of(
    participant: str,
    by_key: Mapping[tuple[str, str], dict[Any, Any]],
    arms: Arms,
    visits: FollowUp,
    outcome: str,
) -> list[dict[str, Any]]:
    first = by_key.get((participant, visits.baseline))
    before = float(first[VALUE]) if first is not None else NAN
    made = []
    for visit in visits.visits:
        row = by_key.get((participant, visit))
        value = float(row[VALUE]) if row is not None else NAN
        change = CHANGES["difference"](before, value) if _both(before, value) else NAN
        why = why_missing(row, visit)
        if outcome == "value":  # a value beyond a limit bounds itself, no change
            why = why.replace(f" ({BOUNDED})", "")
        made.append(
            {
                PARTICIPANT_ID: participant,
                "arm": arms.of.get(participant, ""),
                VISIT: visit,
                "day": visits.days.get(visit, NAN),
                "baseline_value": before,
                VALUE: value,
                "change": change,
                REASON: why,
            }
        )
    return made


def _both(before: float, value: float) -> bool:
    return not (math.isnan(before) or math.isnan(value))


def _why_not(arm: str | None, *lacks: str) -> str:
    """Return why a participant is not in the model, or nothing."""
    if arm is None:
        return NOT_KNOWN
    return "; ".join(filter(None, ("" if arm else NO_ARM, *lacks)))


def _everybody_left_out(found: Trajectories) -> None:
    if len(found.table):
        return
    first = found.excluded.iloc[0]
    raise TableError(
        f"{found.marker} has nobody who can be analysed, of {len(found.excluded)} "
        f"({first[PARTICIPANT_ID]}, for one: {first[REASON]}). A baseline value and a follow-up "
        "value of the same participant are wanted, and ids written alike in both tables."
    )


def _arms_with_follow_up(found: Trajectories) -> None:
    here = set(found.table["arm"])
    without = [name for name in found.arms.names if name not in here]
    if without:
        n = sum(one == without[0] for one in found.arms.of.values())
        raise TableError(
            f"{found.marker} has no follow-up in the arm {without[0]!r}: none of its {n} has "
            f"baseline and a value at {join_words(found.follow_up.visits, last='or')}. Leave its "
            "participants out of participants, or name visits at which it was measured."
        )
