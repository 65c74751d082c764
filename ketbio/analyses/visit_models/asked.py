"""What `fit_mmrm` is asked for, held against the tables: rows, fixed effects and design."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ketbio.analyses.covariates import Covariates, covariates_asked
from ketbio.analyses.visit_models.arms import Arms, arms_asked
from ketbio.analyses.visit_models.design import Design, build_design
from ketbio.analyses.visit_models.formula import (
    MODEL_NAMES,
    FixedEffects,
    fixed_effects,
    usual_effects,
)
from ketbio.analyses.visit_models.refusals import refuse_names, refuse_rows, refuse_values
from ketbio.analyses.visit_models.rows import Trajectories, trajectories
from ketbio.analyses.visit_models.visits import follow_up
from ketbio.endpoints.frames import require_columns
from ketbio.errors import StatisticsError, TableError
from ketbio.vocabulary import ENDPOINT_COLUMNS, MARKER, PARTICIPANT_ID, VISIT

Weights = Mapping[tuple[str, str], float]
"""Participant and visit → weight of the row."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """One call, as far as it is the same for every marker.

    Attributes
    ----------
    arms : Arms
    effects : FixedEffects or None
        A formula of one's own; None for the usual terms.
    covariates : Covariates
        What is asked for, or named by the formula.
    baseline : str
    visits, days
        As given.
    outcome : str
    """

    arms: Arms
    effects: FixedEffects | None
    covariates: Covariates
    baseline: str
    visits: Sequence[str] | None
    days: Mapping[str, float] | None
    outcome: str

    @property
    def needs_baseline(self) -> bool:
        """Whether who has no value at baseline is left out."""
        return self.outcome == "change" or self.effects is None or self.effects.needs_baseline


def asked_of(
    endpoints: pd.DataFrame,
    participants: pd.DataFrame | None,
    *,
    arm: str | None,
    reference: str | None,
    baseline: str,
    visits: Sequence[str] | None,
    days: Mapping[str, float] | None,
    covariates: str | Sequence[str] | None,
    formula: str | None,
    outcome: str,
) -> Asked:
    """Return what is asked for, or refuse what the participants table does not have."""
    require_columns(endpoints, ENDPOINT_COLUMNS, what="endpoints")
    known = covariates_asked(covariates, participants)
    arms = arms_asked(
        participants,
        arm=arm,
        reference=reference,
        everybody=list(dict.fromkeys(endpoints[PARTICIPANT_ID])),
    )
    refuse_names(known, arm)
    columns = [] if participants is None else [str(one) for one in participants.columns]
    own = fixed_effects(
        formula,
        outcome=outcome,
        covariates=known.names,
        columns=[one for one in columns if one != PARTICIPANT_ID],
    )
    if own is not None:
        if arm in own.names and arm not in MODEL_NAMES:
            raise StatisticsError(
                f"formula {formula!r} names {arm!r}, the column of arms, which is called 'arm' in "
                "a formula; write arm there."
            )
        known = covariates_asked(sorted(own.names - set(MODEL_NAMES)), participants)
    return Asked(
        arms=arms,
        effects=own,
        covariates=known,
        baseline=baseline,
        visits=visits,
        days=days,
        outcome=outcome,
    )


def prepare(
    endpoints: pd.DataFrame, marker: str, asked: Asked
) -> tuple[Trajectories, FixedEffects, Design]:
    """Return rows, fixed effects and design of one marker, or refuse what cannot be fitted."""
    refuse_values(endpoints, marker)
    own = endpoints[endpoints[PARTICIPANT_ID].isin(asked.arms.of)]
    visits = follow_up(
        own if len(own[own[MARKER] == marker]) else endpoints,
        marker,
        baseline=asked.baseline,
        visits=asked.visits,
        days=asked.days,
        needs_baseline=asked.needs_baseline,
    )
    rows = trajectories(
        endpoints,
        marker,
        arms=asked.arms,
        visits=visits,
        covariates=asked.covariates,
        outcome=asked.outcome,
        needs_baseline=asked.needs_baseline,
    )
    effects = asked.effects or usual_effects(
        outcome=asked.outcome,
        covariates=asked.covariates.names,
        n_arms=len(asked.arms.names),
        n_visits=len(visits.visits),
    )
    refuse_rows(rows, effects)
    return rows, effects, build_design(rows, effects)


def weights_of(
    weights: str | None, rows: Trajectories, endpoints: pd.DataFrame, people: pd.DataFrame | None
) -> Weights | None:
    """Return the weight of each row with an outcome, from either table.

    Raises
    ------
    TableError
        A column that is in neither table; a weight that is missing or not above 0.
    """
    if weights is None:
        return None
    own = endpoints[endpoints[MARKER] == rows.marker]
    if weights in endpoints.columns:
        keys = zip(own[PARTICIPANT_ID], own[VISIT], strict=True)
        found = dict(zip(keys, own[weights], strict=True))
    elif people is not None and weights in people.columns:
        each = dict(zip(people[PARTICIPANT_ID], people[weights], strict=True))
        found = {(one, visit): each.get(one) for one in each for visit in rows.follow_up.visits}
    else:
        raise TableError(
            f"weights is {weights!r}, which is a column of neither endpoints nor participants; "
            "name a column of weights above 0, or leave weights out."
        )
    known = rows.modelled
    kept = {}
    for key in zip(known[PARTICIPANT_ID], known[VISIT], strict=True):
        kept[key] = _weight(found.get(key), key, weights)
    return kept


def _weight(given: object, key: tuple[str, str], name: str) -> float:
    try:
        weight = float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        weight = float("nan")
    if not 0 < weight < float("inf"):
        raise TableError(
            f"weights {name!r} of {key[0]} at {key[1]} is {given!r}; a number above 0 is wanted "
            "for every row with a value."
        )
    return weight
