"""Arm × visit effects where chance did not assign the arms: residual trajectories permuted."""

import numpy as np
from numpy.typing import ArrayLike

from ketbio.statistics.adjusted_permutation import NOT_EXACT
from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.inputs import Exact
from ketbio.statistics.markers.marker_intervals import drawn_intervals
from ketbio.statistics.max_t import DIRECTIONS
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.trajectories.trajectory_counts import comparable, idle_test
from ketbio.statistics.trajectories.trajectory_inputs import (
    ask_trajectory,
    idle_warning,
    missing_warning,
    two_arms,
)
from ketbio.statistics.trajectories.trajectory_models import TrajectoryDesign
from ketbio.statistics.trajectories.trajectory_records import TrajectoryTest
from ketbio.statistics.trajectories.trajectory_residuals import (
    ResidualScores,
    permute_residuals,
    residual_test,
)


def trajectory_residual_test(
    values: ArrayLike,
    is_x: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    blocks: ArrayLike | None = None,
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    budget: Budget | None = None,
) -> TrajectoryTest:
    """Test two arms over visits by permuting what the covariates leave of whole trajectories.

    For arms that chance did not assign and that may differ in the covariates; where chance did,
    `trajectory_permutation_test` is exact.

    Parameters
    ----------
    values, is_x, covariates, blocks, alternative, n_resamples, seed, budget
        As in `trajectory_permutation_test`.
    exact : {"auto", True, False}
        ``"auto"`` and True make every permutation where time and memory allow. That leaves no
        error of drawing; it does not make p exact.

    Returns
    -------
    TrajectoryTest
        Without intervals.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or an arm is empty.

    Notes
    -----
    Freedman & Lane (1983) at each visit, with one permutation of the participants for all visits
    (Winkler et al. 2014). A trajectory takes the visits it misses along.

    Examples
    --------
    >>> found = trajectory_residual_test(
    ...     [[-9, -14], [-7, -12], [-11, -15], [-2, -4], [-1, -6], [-4, -5]],
    ...     [True, True, True, False, False, False], [31, 30, 36, 29, 35, 30])
    >>> found.visits[1].method, round(found.p_any_visit, 4)
    ('720 permutations of residuals (Freedman–Lane)', 0.0111)
    """
    question = ask_trajectory(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=None,
        seed=seed,
        budget=budget,
    )
    arms = two_arms(values, is_x, covariates, blocks)
    permuted = permute_residuals(arms.design, question)
    counts = [tuple(row) for row in arms.counts.tolist()]
    visits = _each(arms.design, permuted, question, arms.estimate_name, counts)
    name = f"{arms.estimate_name}, averaged over visits"
    of_averages = permute_residuals(arms.averages, question)
    [average] = _each(arms.averages, of_averages, question, name, [arms.totals])
    joint, interval = _step_down(arms.design, permuted, question)
    t = np.array([one.statistic for one in visits])
    direction = DIRECTIONS[question.alternative]
    return TrajectoryTest(
        names=arms.names,
        visits=visits,
        p_adjusted=np.maximum([one.p_value for one in visits], joint),
        is_tested=arms.design.can_vary,
        average=average,
        p_any_visit=float(joint.min(initial=1.0)),
        p_any_visit_interval=interval,
        largest=float((t * direction if direction else np.abs(t)).max()),
        n=arms.counts,
        n_missing=int(np.isnan(arms.design.table).sum()),
        warnings=(
            NOT_EXACT,
            *arms.warnings,
            *missing_warning(arms.design),
            *idle_warning(arms.design, arms.names),
        ),
    )


def _each(
    design: TrajectoryDesign,
    permuted: ResidualScores,
    question: Question,
    estimate_name: str,
    counts: list[tuple[int, ...]],
) -> tuple[PermutationTest, ...]:
    how = {"estimate_name": estimate_name}
    return tuple(
        residual_test(design, permuted, visit, question, n=n, warning=NOT_EXACT, **how)
        if design.can_vary[visit]
        else idle_test(design, question, n=n, **how)
        for visit, n in enumerate(counts)
    )


def _step_down(
    design: TrajectoryDesign, permuted: ResidualScores, question: Question
) -> tuple[FloatArray, tuple[float, float]]:
    """Return p adjusted over the visits, and the 99 % interval of the smallest."""
    visits, adjusted = comparable(design), np.ones(design.can_vary.size)
    if not visits.size:
        return adjusted, (float("nan"), float("nan"))
    direction = DIRECTIONS[question.alternative]
    adjusted[visits] = permuted.any_visit(visits, design.models.df, direction)
    made = permuted.scores.shape[1]
    counts = np.rint(adjusted[visits] * made).astype(np.int64)
    n_draws = None if permuted.seed is None else made - 1
    low, high = drawn_intervals(counts, visits, n_draws, adjusted.size)[
        int(np.argmin(adjusted))
    ].tolist()
    return adjusted, (low, high)
