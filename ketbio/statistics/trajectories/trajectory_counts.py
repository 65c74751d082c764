"""Arrangements of whole trajectories counted: each visit's p and interval, and any visit's p."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import (
    GIBIBYTE,
    OUT_OF_REACH,
    Cost,
    budget_of,
    refusal,
)
from ketbio.statistics.counting.counted import Counted, limit_warnings, write_record
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import UNLIMITED, Limits
from ketbio.statistics.covariates.adjusted_limits import ResidualTails, adjusted_limits
from ketbio.statistics.covariates.linear_models import AdjustedModel
from ketbio.statistics.covariates.residual_permutations import ResidualFits
from ketbio.statistics.markers.products import product
from ketbio.statistics.records import NAN, FloatArray, PermutationTest
from ketbio.statistics.trajectories.trajectory_models import TrajectoryDesign

MOST_LISTED, MOST_UNASKED = 2**23, 2**18
"""More arrangements are not even costed, or only where ``exact=True`` asks for them: every visit's
statistic of each is kept, and handed back as its null distribution."""

NS_PER_NUMBER, NS_OF_P, NS_OF_INTERVAL = 1.0, 150.0, 1_500.0
"""Nanoseconds per arrangement: for each number multiplied, to count, and to invert the test."""

NUMBERS_KEPT = 14
"""Numbers kept per arrangement and visit, at most, while they are turned into t."""

BATCH = 2**16
MIRRORED = 1e-12
"""What is left of an arm below this share of it is nothing: the arrangement mirrors the arm."""

NOTHING = "nothing to compare"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listed:
    """What each arrangement gives at each visit, the observed arrangement first.

    Attributes
    ----------
    values, arms : array of shape (visits, arrangements)
        The dealt arm, of length 1 in the visit's model, times the residuals of the values and
        times the observed arm; 0 where the arrangement leaves nothing to compare.
    """

    values: FloatArray
    arms: FloatArray


def choose(design: TrajectoryDesign, question: Question) -> TrajectoryDesign:
    """Return the design with all its arrangements where they are in reach, else with drawn ones."""
    cost, budget = _cost(design, question), budget_of(question.exact, question.budget)
    if question.exact is not False and budget.allows(cost):
        return design
    if question.exact is True:
        n = design.arrangements.observed.size
        raise StatisticsError(refusal(f"every arrangement of {n} trajectories", cost, budget))
    drawn = replace(
        design.arrangements,
        n_draws=question.n_draws,
        seed=fresh_seed() if question.seed is None else question.seed,
    )
    return replace(design, arrangements=drawn)


def _cost(design: TrajectoryDesign, question: Question) -> Cost:
    many = design.arrangements.n_arrangements
    if many > (MOST_LISTED if question.exact is True else MOST_UNASKED):
        return OUT_OF_REACH
    visits, columns, n = design.models.basis.shape
    each = NS_OF_P + (0.0 if question.confidence_level is None else NS_OF_INTERVAL)
    dealing = design.arrangements.dealing.nanoseconds * n
    nanoseconds = many * (dealing + (visits + 1) * (each + NS_PER_NUMBER * n * (columns + 3)))
    kept = many * (2 * visits + NUMBERS_KEPT)
    return Cost(seconds=nanoseconds / 1e9, gibibytes=8 * kept / GIBIBYTE)


def residual_cost(design: TrajectoryDesign, many: int) -> Cost:
    """Return what making every permutation of residual trajectories costs."""
    if many > MOST_UNASKED:
        return OUT_OF_REACH
    visits, columns, n = design.models.basis.shape
    numbers = (visits + 1) * n * (columns + 2) ** 2
    return Cost(
        seconds=1e-9 * many * (numbers + (visits + 1) * NS_OF_INTERVAL),
        gibibytes=8 * many * (2 * visits + n) / GIBIBYTE,
    )


def list_arrangements(design: TrajectoryDesign) -> Listed:
    """Return what every arrangement counted gives at every visit."""
    models, arrangements = design.models, design.arrangements
    arm = np.stack([models.arm_left(visit, arrangements.observed) for visit in _visits(design)])
    values, arms, first = [], [], 0
    for start in range(0, arrangements.n_counted, BATCH):
        rows = arrangements.rows(start, min(start + BATCH, arrangements.n_counted))
        same = np.flatnonzero((rows == arrangements.observed).all(axis=1))
        first = start + int(same[0]) if same.size and not first else first
        spread = models.spread(rows)
        length = np.where(spread > 0, np.sqrt(spread), np.inf)
        values.append(product(models.left, rows) / length)
        arms.append(product(arm, rows) / length)
    found = Listed(values=np.concatenate(values, axis=1), arms=np.concatenate(arms, axis=1))
    if arrangements.n_draws is None:
        for table in (found.values, found.arms):
            table[:, [0, first]] = table[:, [first, 0]]
    return found


def _visits(design: TrajectoryDesign) -> range:
    return range(design.models.left.shape[0])


def visit_test(
    design: TrajectoryDesign,
    listed: Listed,
    visit: int,
    question: Question,
    *,
    estimate_name: str,
    n: tuple[int, ...],
) -> PermutationTest:
    """Return one visit's test: its p, and the interval of shifts that the same test accepts."""
    model = design.model_of(visit)
    fits = _fits(listed, visit, model)
    scores = fits.scores(model.slope)
    t = np.sinh(scores) * math.sqrt(model.df)
    is_listed = design.arrangements.n_draws is None
    counted = Counted(
        tails=ResidualTails(values=scores),
        observed=float(scores[0]),
        algorithm="enumeration" if is_listed else "Monte Carlo",
        n_arrangements=design.arrangements.n_arrangements,
        seed=design.arrangements.seed,
        null=t if is_listed else t[1:],
        centred=scores if is_listed else None,
        mid_p=question.mid_p,
        centre="0",
    )
    wanted = question.confidence_level is not None
    limits = adjusted_limits(model, fits, question) if wanted else UNLIMITED
    return write_record(
        counted,
        question,
        statistic=float(t[0]) if model.residuals.any() else math.copysign(math.inf, t[0]),
        statistic_name="t",
        estimate=model.slope,
        estimate_name=estimate_name,
        limits=limits,
        ci_method="inverted permutation test of whole trajectories",
        n=n,
        warnings=limit_warnings(limits, question, counted),
    )


def _fits(listed: Listed, visit: int, model: AdjustedModel) -> ResidualFits:
    """Return t at every shift: with u the dealt arm, r the residuals and x the observed arm.

    What is left at distance d of the estimate above the shift is r + d·x, whose part along u is
    u·r + d·u·x; r and x are at right angles.
    """
    arm = listed.arms[visit]
    along = listed.values[visit] - model.slope * arm
    rest = float(model.residuals @ model.residuals)
    square = model.x_size**2 - arm**2
    mirrors = square <= MIRRORED * model.x_size**2
    left_over = np.where(mirrors, rest, np.maximum(rest - along**2, 0.0))
    return ResidualFits(
        numerator=np.where(mirrors, 0.0, along),
        numerator_slope=arm,
        rss=left_over,
        rss_cross=np.where(mirrors, 0.0, -along * arm),
        rss_square=np.where(mirrors, 0.0, square),
    )


def idle_test(
    design: TrajectoryDesign, question: Question, *, estimate_name: str, n: tuple[int, ...]
) -> PermutationTest:
    """Return the record of a visit at which no arrangement differs from another: p = 1."""
    model_like = Counted(
        tails=ResidualTails(values=np.zeros(design.arrangements.n_counted)),
        observed=0.0,
        algorithm="enumeration" if design.arrangements.n_draws is None else "Monte Carlo",
        n_arrangements=design.arrangements.n_arrangements,
        seed=design.arrangements.seed,
        null=None,
        centre="0",
    )
    return write_record(
        model_like,
        question,
        statistic=0.0,
        statistic_name="t",
        estimate=NAN,
        estimate_name=estimate_name,
        limits=Limits(NAN, NAN),
        ci_method="",
        n=n,
        warnings=(),
    )


def comparable(design: TrajectoryDesign) -> NDArray[np.intp]:
    """Return the visits that have something to compare."""
    return np.flatnonzero(design.can_vary)
