"""The trajectories that are imputed: who is in, who is not and why, and what is regressed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.covariates import Covariates, numeric_columns, without_covariates
from ketbio.analyses.visit_models.arms import Arms
from ketbio.analyses.visit_models.visits import FollowUp
from ketbio.endpoints.change import why_missing
from ketbio.endpoints.frames import one_row_each
from ketbio.errors import TableError
from ketbio.statistics.imputation.trajectories import Trajectories
from ketbio.vocabulary import CENSORED, MARKER, PARTICIPANT_ID, REASON, UNIT, VALUE, VISIT
from ketbio.wording import join_words

NO_ARM = "no arm"
NOT_KNOWN = "not in the participants table"
NAN = float("nan")
GAP, AFTER_DROPOUT = "gap", "after drop-out"
"""Why a value was imputed: missing before the last visit measured, or after it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImputedRows:
    """What is imputed of one marker.

    Attributes
    ----------
    marker, unit : str
    arms : Arms
        The reference first.
    follow_up : FollowUp
        The visits after baseline.
    people : DataFrame
        ``participant_id, arm, baseline_value``, one row per participant analysed.
    values : DataFrame
        One row per participant analysed, one column per visit; NaN where missing.
    reasons, beyond : DataFrame
        Alike: why a value is missing, and whether it is beyond a limit.
    trajectories : Trajectories
        Changes from baseline, with the design.
    names : tuple of str
        Columns of the design.
    excluded : DataFrame
        ``participant_id, reason``.
    """

    marker: str
    unit: str
    arms: Arms
    follow_up: FollowUp
    people: pd.DataFrame
    values: pd.DataFrame
    reasons: pd.DataFrame
    beyond: pd.DataFrame
    trajectories: Trajectories
    names: tuple[str, ...]
    excluded: pd.DataFrame

    def contrast(self, arm: str) -> NDArray[np.float64]:
        """Return the coefficients of an arm − the reference."""
        return np.array([float(name == f"arm {arm}") for name in self.names])

    def mean_of(self, arm: str) -> NDArray[np.float64]:
        """Return the coefficients of an arm's mean, at everybody's mean baseline and covariates."""
        middle = self.trajectories.design.mean(axis=0)
        is_arm = np.array([name.startswith("arm ") for name in self.names])
        own = np.array([name == f"arm {arm}" for name in self.names])
        found: NDArray[np.float64] = np.where(is_arm, own.astype(np.float64), middle)
        return found

    def members(self, arm: str) -> NDArray[np.bool_]:
        """Return who is in an arm, shape (n,)."""
        return np.asarray(self.people["arm"] == arm, dtype=np.bool_)


def imputed_rows(
    endpoints: pd.DataFrame,
    marker: str,
    *,
    arms: Arms,
    follow_up: FollowUp,
    covariates: Covariates,
) -> ImputedRows:
    """Return the trajectories of one marker: everybody with an arm, a baseline and covariates.

    Raises
    ------
    TableError
        A participant twice at a visit; an arm with nobody, or with nobody at a visit.
    """
    own = endpoints[endpoints[MARKER] == marker]
    one_row_each(own, what="endpoints")
    by_key = {(row[PARTICIPANT_ID], row[VISIT]): row for row in own.to_dict("records")}
    everybody = list(dict.fromkeys([*arms.of, *own[PARTICIPANT_ID]]))
    why = _why_not(everybody, by_key, arms, follow_up.baseline, covariates)
    kept = [one for one in everybody if not why[one]]
    visits = follow_up.visits
    values = _wide(kept, visits, by_key, lambda row, _visit: row[VALUE] if row else NAN)
    people = pd.DataFrame(
        {
            PARTICIPANT_ID: pd.Series(kept, dtype="str"),
            "arm": pd.Series([arms.of[one] for one in kept], dtype="str"),
            "baseline_value": [float(by_key[one, follow_up.baseline][VALUE]) for one in kept],
        }
    )
    _refuse_empty(people, values, arms, marker)
    names, design, reference = _designs(people, arms, covariates)
    changes = values.to_numpy(dtype=np.float64) - people[["baseline_value"]].to_numpy()
    return ImputedRows(
        marker=marker,
        unit=str(own[UNIT].iloc[0]),
        arms=arms,
        follow_up=follow_up,
        people=people,
        values=values,
        reasons=_wide(kept, visits, by_key, why_missing),
        beyond=_wide(kept, visits, by_key, lambda row, _visit: bool(row and row[CENSORED])),
        trajectories=Trajectories(
            outcomes=changes, design=design, reference_design=reference, visits=visits
        ),
        names=names,
        excluded=pd.DataFrame(
            [(one, reason) for one, reason in why.items() if reason],
            columns=[PARTICIPANT_ID, REASON],
            dtype="str",
        ),
    )


def _wide(
    kept: list[str], visits: tuple[str, ...], by_key: Mapping[tuple[str, str], Any], cell: Any
) -> pd.DataFrame:
    rows = [[cell(by_key.get((one, visit)), visit) for visit in visits] for one in kept]
    return pd.DataFrame(rows, columns=list(visits))


def _why_not(
    everybody: list[str],
    by_key: Mapping[tuple[str, str], Any],
    arms: Arms,
    baseline: str,
    covariates: Covariates,
) -> dict[str, str]:
    """Return why each participant is not imputed, or nothing."""
    ids = pd.Series(everybody, dtype="str")
    lacking: dict[str, str] = {}
    if covariates.names:
        found = without_covariates(covariates.of(ids), ids)
        lacking = dict(zip(found[PARTICIPANT_ID], found[REASON], strict=True))
    why = {}
    for one in everybody:
        if one not in arms.of:
            why[one] = NOT_KNOWN
            continue
        said = "" if arms.of[one] else NO_ARM
        before = why_missing(by_key.get((one, baseline)), baseline)
        why[one] = "; ".join(filter(None, [said, before, lacking.get(one, "")]))
    return why


def _refuse_empty(people: pd.DataFrame, values: pd.DataFrame, arms: Arms, marker: str) -> None:
    """Refuse an arm of whom nobody was measured at a visit: nothing says where it would be."""
    for arm in arms.names:
        members = np.asarray(people["arm"] == arm, dtype=np.bool_)
        if not members.any():
            raise TableError(
                f"{marker} has nobody to analyse in the arm {arm!r}: none has a baseline value "
                "and every covariate. Leave the arm's participants out, or correct their rows."
            )
        empty = [str(visit) for visit in values.columns if values.loc[members, visit].isna().all()]
        if empty:
            raise TableError(
                f"{marker} was measured in nobody of the arm {arm!r} at {join_words(empty)}, so "
                "that nothing says what to impute there; somebody of each arm is wanted at each "
                "visit. Name the visits before."
            )


def _designs(
    people: pd.DataFrame, arms: Arms, covariates: Covariates
) -> tuple[tuple[str, ...], NDArray[np.float64], NDArray[np.float64]]:
    """Return the names of the regressors, the design, and that of all in the reference arm."""
    own = covariates.of(people[PARTICIPANT_ID]) if covariates.names else pd.DataFrame()
    further = numeric_columns(own)
    columns = {
        "the constant": np.ones(len(people)),
        **{f"arm {arm}": (people["arm"] == arm).to_numpy(np.float64) for arm in arms.names[1:]},
        "the baseline value": people["baseline_value"].to_numpy(np.float64),
        **further,
    }
    design = np.column_stack(list(columns.values()))
    reference = design.copy()
    reference[:, 1 : len(arms.names)] = 0.0
    return tuple(columns), design, reference
