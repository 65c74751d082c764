"""What is permuted beside each contrast of a longitudinal model."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ketbio.analyses.companions import from_permutation
from ketbio.analyses.question import Settings
from ketbio.analyses.trajectory_permutation import permute_arms
from ketbio.analyses.visit_models.lines import CHANGE, question_of
from ketbio.analyses.visit_models.model import Contrast, Fitted
from ketbio.result import ANY_VISIT, AVERAGE, Result
from ketbio.statistics import paired_permutation_test
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

UP_TO = 200
"""``"auto"`` permutes up to so many participants: beyond, the model's p can stand alone."""

Permuted = Mapping[tuple[str, str], Result]
"""Arm and visit (or `AVERAGE`, `ANY_VISIT`) → the permutation test beside it."""


def permuted_beside(fitted: Fitted, settings: Settings, permutation: bool | str) -> Permuted:
    """Return the permutation test of each contrast; empty where none is wanted."""
    if permutation is False or is_too_many(fitted, permutation):
        return {}
    known = fitted.rows.modelled
    if not fitted.rows.arms.reference:
        return _one_arm(fitted, known, settings)
    covariates = None
    names = [one for one in fitted.rows.covariates if one in fitted.effects.names]
    if names:
        covariates = known.drop_duplicates(PARTICIPANT_ID).set_index(PARTICIPANT_ID)[names]
    return permute_arms(
        fitted.rows.table.assign(**{fitted.rows.outcome: _known_only(fitted)}),
        reference=fitted.rows.arms.reference,
        question=question_of(fitted, _first(fitted)),
        settings=settings,
        measure=fitted.rows.outcome,
        visits=fitted.rows.follow_up.visits,
        baseline_value="baseline_value" if fitted.effects.needs_baseline else None,
        covariates=covariates,
    )


def is_too_many(fitted: Fitted, permutation: bool | str) -> bool:
    """Return whether there are more participants than are permuted unasked."""
    return permutation == "auto" and fitted.model.n_participants > UP_TO


def any_visit(found: Permuted) -> tuple[Result, ...]:
    """Return the tests of any visit, one per arm."""
    return tuple(one for (_, place), one in found.items() if place == ANY_VISIT)


def _first(fitted: Fitted) -> Contrast:
    rows = fitted.rows
    visit = rows.follow_up.visits[0]
    weights = next(iter(fitted.design.cells.values()))
    return Contrast(groups=(rows.arms.names[1], rows.arms.reference), visit=visit, weights=weights)


def _known_only(fitted: Fitted) -> "pd.Series[float]":
    rows = fitted.rows
    return rows.table[rows.outcome].where(rows.is_known)


def _one_arm(
    fitted: Fitted, known: pd.DataFrame, settings: Settings
) -> dict[tuple[str, str], Result]:
    """Return the sign-flip test of the changes at each visit, and of each one's mean change."""
    [arm] = fitted.rows.arms.names
    wide = known.set_index([PARTICIPANT_ID, VISIT])["change"].unstack(VISIT)  # noqa: PD010
    places = {visit: wide[visit].dropna() for visit in fitted.rows.follow_up.visits}
    if len(places) > 1:
        complete = wide.dropna()
        places[AVERAGE] = complete.mean(axis=1)
    found = {}
    for place, changes in places.items():
        if len(changes) < 2:
            continue
        weights = fitted.design.cells[arm, fitted.rows.follow_up.visits[0]]
        contrast = Contrast(groups=(arm,), visit=place, weights=weights)
        question = question_of(fitted, contrast).about(n={arm: len(changes)})
        test = paired_permutation_test(changes.to_numpy(dtype=float), None, **settings.beside.test)
        line = from_permutation(question, test, references=("fisher1935",))
        found[arm, place] = replace(line, estimate_name=f"mean {CHANGE.split()[-1]}")
    return found
