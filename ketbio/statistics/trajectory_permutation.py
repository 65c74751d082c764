"""Arm × visit effects tested by permuting participants, the whole trajectory of each kept together.

Participants keep their values at all visits, the visits they miss, and their covariates; only the
arm they are said to be in is dealt anew (or, for differences within participants, the sign of all
of their differences at once). So nothing is assumed of how the visits correlate, of distributions,
or of equal spreads over visits.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.inputs import Exact
from ketbio.statistics.markers.marker_intervals import drawn_intervals
from ketbio.statistics.markers.marker_tables import as_markers
from ketbio.statistics.markers.step_down import max_t
from ketbio.statistics.max_t import DIRECTIONS
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.trajectories.trajectory_counts import (
    choose,
    comparable,
    idle_test,
    list_arrangements,
    visit_test,
)
from ketbio.statistics.trajectories.trajectory_inputs import (
    ask_trajectory,
    idle_warning,
    missing_warning,
    participant_means,
    two_arms,
    visit_names,
)
from ketbio.statistics.trajectories.trajectory_models import TrajectoryDesign, sign_design
from ketbio.statistics.trajectories.trajectory_records import TrajectoryTest

RANDOMISED = (
    "Arms were permuted, each participant's trajectory kept whole: such a p value keeps its level "
    "whatever the distribution where chance assigned the arms, and only there."
)
SIGNS_DEALT = (
    "Each participant's differences changed their sign together, at all visits: such a p value "
    "keeps its level where a trajectory of differences is as likely as its mirror image."
)


def trajectory_permutation_test(
    values: ArrayLike,
    is_x: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    blocks: ArrayLike | None = None,
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    confidence_level: float | None = 0.95,
    seed: int | None = None,
    budget: Budget | None = None,
) -> TrajectoryTest:
    """Test the difference of two arms at each visit, on average over visits, and at any visit.

    Parameters
    ----------
    values : array-like of numbers, shape (N, visits), NaN where missing
        Participants in rows: changes from baseline, or values.
    is_x : array-like of true and false, shape (N,)
        Who is in the first arm; differences are first − second.
    covariates : array-like of numbers, shape (N,) or (N, q), optional
        Baseline and whatever else was known before arms were assigned. At every visit t is that
        of the arm beside them (analysis of covariance of those with a value there).
    blocks : array-like of labels, shape (N,), optional
        Arms are dealt within blocks only, and each block has an intercept of its own.
    alternative : {"two-sided", "less", "greater"}
        Of the first arm against the second.
    exact : {"auto", True, False}
        ``"auto"`` counts every arrangement if time and memory allow, and draws otherwise.
    n_resamples, seed, budget
        As in `permutation_test`.
    confidence_level : float or None
        Of the intervals, made by inverting this very test; None: none.

    Returns
    -------
    TrajectoryTest
        ``visits[v].p_value`` of each visit alone, ``p_adjusted`` by step-down max T over them,
        ``average`` and ``p_any_visit``.

    Raises
    ------
    StatisticsError
        An argument cannot be used, an arm is empty, or ``exact=True`` is out of reach.

    Notes
    -----
    Covariates stay with their participants, so that the test is a randomisation test with the
    analysis of covariance for its statistic (Rosenbaum 2002): exact in a randomised trial,
    with covariates too, whatever the distribution. Where arms were not assigned by chance (as for
    responders) and differ in a covariate it is not; permute residuals there
    (`trajectory_residual_test`). Step-down max T as in Westfall & Young (1993).
    In a crossover, give the differences between periods and the sequence for the arm.

    Examples
    --------
    >>> found = trajectory_permutation_test(
    ...     [[-9, -14], [-7, -12], [-11, -15], [-2, -4], [-1, -6], [-4, -5]],
    ...     [True, True, True, False, False, False])
    >>> round(found.visits[1].estimate, 3), found.p_any_visit, found.average.method
    (-8.667, 0.1, 'exact, 20 arrangements')
    """
    question = ask_trajectory(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=confidence_level,
        seed=seed,
        budget=budget,
    )
    arms = two_arms(values, is_x, covariates, blocks)
    return _test(
        arms.design,
        arms.averages,
        question,
        names=arms.names,
        estimate_name=arms.estimate_name,
        counts=arms.counts,
        totals=arms.totals,
        warnings=(RANDOMISED, *arms.warnings),
    )


def trajectory_sign_test(
    differences: ArrayLike,
    *,
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    confidence_level: float | None = 0.95,
    seed: int | None = None,
    budget: Budget | None = None,
) -> TrajectoryTest:
    """Test differences within participants at each visit by turning whole trajectories around.

    Parameters
    ----------
    differences : array-like of numbers, shape (n, visits), NaN where missing
        Changes from baseline in one arm, or one treatment − the other in a crossover.
    alternative, exact, n_resamples, confidence_level, seed, budget
        As in `trajectory_permutation_test`.

    Returns
    -------
    TrajectoryTest
        Estimates are means of differences.

    Notes
    -----
    In a crossover this takes the periods to be alike; where they may differ, permute sequences
    (`trajectory_permutation_test` of the differences between periods).

    Examples
    --------
    >>> found = trajectory_sign_test([[-3, -5], [-4, -2], [1, -6], [-5, -7], [-2, -3]])
    >>> round(found.visits[1].estimate, 3), found.visits[1].p_value, found.p_any_visit
    (-4.6, 0.0625, 0.0625)
    """
    table = as_markers(differences, "differences")
    question = ask_trajectory(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=confidence_level,
        seed=seed,
        budget=budget,
    )
    table = table[~np.isnan(table).all(axis=1)]
    if not len(table):
        raise StatisticsError(
            "differences holds no number; allowed: at least one participant with a difference at "
            "some visit. Leave this test out of the plan."
        )
    return _test(
        sign_design(table),
        sign_design(participant_means(table, centred=False)),
        question,
        names=visit_names(differences, table.shape[1]),
        estimate_name="mean of differences",
        counts=(~np.isnan(table)).sum(axis=0)[:, None],
        totals=(len(table),),
        warnings=(SIGNS_DEALT,),
    )


def _test(
    design: TrajectoryDesign,
    averages: TrajectoryDesign,
    question: Question,
    *,
    names: tuple[str, ...],
    estimate_name: str,
    counts: NDArray[np.int64],
    totals: tuple[int, ...],
    warnings: tuple[str, ...],
) -> TrajectoryTest:
    design = choose(design, question)
    # The same arrangements for the average, which is exact wherever the visits are.
    averages = replace(averages, arrangements=design.arrangements)
    visits = _each(design, question, estimate_name, [tuple(row) for row in counts.tolist()])
    joint, interval = _step_down(design, question)
    [average] = _each(averages, question, f"{estimate_name}, averaged over visits", [totals])
    p = np.array([one.p_value for one in visits])
    t = np.array([one.statistic for one in visits])
    direction = DIRECTIONS[question.alternative]
    return TrajectoryTest(
        names=names,
        visits=visits,
        p_adjusted=np.maximum(p, joint),
        is_tested=design.can_vary,
        average=average,
        p_any_visit=float(joint.min(initial=1.0)),
        p_any_visit_interval=interval,
        largest=float((t * direction if direction else np.abs(t)).max()),
        n=counts,
        n_missing=int(np.isnan(design.table).sum()),
        warnings=(*warnings, *missing_warning(design), *idle_warning(design, names)),
    )


def _each(
    design: TrajectoryDesign, question: Question, estimate_name: str, counts: list[tuple[int, ...]]
) -> tuple[PermutationTest, ...]:
    can_vary = design.can_vary
    listed = list_arrangements(design)
    return tuple(
        visit_test(design, listed, visit, question, estimate_name=estimate_name, n=n)
        if can_vary[visit]
        else idle_test(design, question, estimate_name=estimate_name, n=n)
        for visit, n in enumerate(counts)
    )


def _step_down(
    design: TrajectoryDesign, question: Question
) -> tuple[FloatArray, tuple[float, float]]:
    """Return p adjusted over the visits, and the 99 % interval of the smallest."""
    visits = comparable(design)
    adjusted = np.ones(design.can_vary.size)
    if not visits.size:
        return adjusted, (float("nan"), float("nan"))
    scores = design.marker_scores(DIRECTIONS[question.alternative]).take(visits)
    found = max_t(scores, design.arrangements, 1)
    adjusted[visits] = found.joint / design.arrangements.n_counted
    drawn = drawn_intervals(found.joint, visits, design.arrangements.n_draws, adjusted.size)
    low, high = drawn[int(np.argmin(adjusted))].tolist()
    return adjusted, (low, high)
