"""Repeated-measures correlation: the linear link within participants that all of them share."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from ketbio.errors import StatisticsError
from ketbio.statistics.adjusted_coefficient import coefficient_test
from ketbio.statistics.adjusted_permutation import adjusted_permutation_test
from ketbio.statistics.correlation import perfect_if_near
from ketbio.statistics.correlation_permutation import correlation_permutation_test
from ketbio.statistics.counting.budgets import OUT_OF_REACH, Budget, Cost, budget_of, refusal
from ketbio.statistics.counting.counted import Counted, write_record
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.questions import ask
from ketbio.statistics.counting.shift_intervals import UNLIMITED
from ketbio.statistics.covariates.adjusted_limits import ResidualTails
from ketbio.statistics.covariates.linear_models import AdjustedModel, adjusted_model
from ketbio.statistics.covariates.residual_permutations import (
    count_permutations,
    drawn_permutations,
    every_permutation,
)
from ketbio.statistics.inputs import Exact, as_blocks, as_same_length, check_level
from ketbio.statistics.records import NAN, FloatArray, PermutationTest, TTest

NAME = "repeated-measures correlation"
MOST_SWAPPED = 9
"""Participants up to whom every order of whole trajectories is listed: 362,880 of them."""

NS_PER_SWAP = 40.0
"""Nanoseconds per participant and arrangement of trajectories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedCorrelation:
    """A correlation within participants, and the parallel lines that it belongs to.

    Attributes
    ----------
    r : float
        The correlation of the deviations from participants' means (and from visits', if asked).
    df : int
        Residual degrees of freedom: pairs of values − participants − 1 (− visits + 1).
    ci_low, ci_high : float
        Fisher's z with standard error 1/√(df − 1); NaN for df < 2 and for abs(r) = 1.
    f, p_value : float
        F(1, df) of the common slope and its p, for normal and independent errors.
    slope : TTest
        The common slope, in units of y per unit of x.
    n_participants, n_pairs : int
        With at least two pairs of values; and their pairs.
    """

    r: float
    df: int
    ci_low: float
    ci_high: float
    f: float
    p_value: float
    slope: TTest
    n_participants: int
    n_pairs: int


def repeated_correlation(
    x: ArrayLike,
    y: ArrayLike,
    participants: ArrayLike,
    *,
    visits: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> RepeatedCorrelation:
    """Return the repeated-measures correlation with its interval, F test and common slope.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs of values, several per participant.
    participants : array-like of labels, shape (n,)
        Whose they are. Participants with one pair say nothing about what goes on within them, and
        are left out.
    visits : array-like of labels, shape (n,), optional
        Of each pair: then what is common to all participants at a visit is taken out as well.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    RepeatedCorrelation
        r, its interval, F, p and the slope.

    Raises
    ------
    StatisticsError
        An argument cannot be used; too few pairs; x or y does not vary within participants.

    Notes
    -----
    Bakdash & Marusich (2017): analysis of covariance with a line per participant, all parallel;
    r = sign(slope) · √(SS_x/(SS_x + SS_error)), with x last. The interval is theirs too.

    Examples
    --------
    >>> found = repeated_correlation([1, 2, 3, 4, 6, 5], [2, 3, 5, 9, 8, 9], [1, 1, 1, 2, 2, 2])
    >>> round(found.r, 4), found.df
    (0.433, 3)
    """
    level = check_level(confidence_level)
    model, n = _model(x, y, participants, visits)
    r = perfect_if_near(
        float(model.x_direction @ model.y_left) / (float(np.linalg.norm(model.y_left)) or NAN)
    )
    slope = coefficient_test(
        model, level=level, name="common slope", method="least-squares t", n=(n,)
    )
    reach = -float(special.ndtri((1 - level) / 2)) / math.sqrt(max(model.df - 1, 1))
    has_limits = model.df >= 2 and abs(r) < 1
    middle = math.atanh(r) if has_limits else NAN
    return RepeatedCorrelation(
        r=r,
        df=model.df,
        ci_low=math.tanh(middle - reach),
        ci_high=math.tanh(middle + reach),
        f=slope.t**2,
        p_value=slope.p_value,
        slope=slope,
        n_participants=n,
        n_pairs=model.n,
    )


def repeated_correlation_test(
    x: ArrayLike,
    y: ArrayLike,
    participants: ArrayLike,
    *,
    visits: ArrayLike | None = None,
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    budget: Budget | None = None,
) -> PermutationTest:
    """Test a repeated-measures correlation by permuting the values of y within participants.

    Parameters
    ----------
    x, y, participants, visits
        As in `repeated_correlation`.
    alternative, exact, n_resamples, seed, mid_p, stop_after, budget
        As in `permutation_test`.

    Returns
    -------
    PermutationTest
        ``estimate`` and ``statistic`` are r, without an interval. With ``visits``, residuals are
        permuted (Freedman–Lane) and p is approximate; otherwise it is exact where every
        arrangement is counted and each participant's values could come in any order.

    Raises
    ------
    StatisticsError
        As `repeated_correlation`; ``exact=True`` out of reach.

    Examples
    --------
    >>> found = repeated_correlation_test([1, 2, 3, 4, 6, 5], [2, 3, 5, 9, 8, 9],
    ...                                   [1, 1, 1, 2, 2, 2])
    >>> round(found.estimate, 4), round(found.p_value, 4), found.method
    (0.433, 0.6667, 'exact, 36 arrangements')
    """
    first, second, whose, when = _several_each(x, y, participants, visits)
    options: dict[str, Any] = {
        "alternative": alternative,
        "exact": exact,
        "n_resamples": n_resamples,
        "confidence_level": None,
        "seed": seed,
        "mid_p": mid_p,
        "stop_after": stop_after,
        "budget": budget,
    }
    r = repeated_correlation(first, second, whose, visits=when).r
    if when is None:
        found = correlation_permutation_test(first, second, blocks=whose, **options)
    else:
        columns = _visit_columns(when, whose)
        found = adjusted_permutation_test(second, first, columns, blocks=whose, **options)
    return _as_correlation(found, r)


def swapped_trajectories_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    budget: Budget | None = None,
) -> PermutationTest:
    """Test whether x and y go together within participants by swapping whole trajectories of y.

    Each participant's trajectory of y is given to another participant, in the order of its visits:
    what all share over time, and how values follow from earlier ones, stays as it is. So neither
    a common course nor correlated errors can make the p value small.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n, visits)
        Complete: participants in rows, at least two visits.
    alternative, exact, n_resamples, seed, budget
        As in `permutation_test`.

    Returns
    -------
    PermutationTest
        ``estimate`` and ``statistic`` are the correlation of what the means of participants and
        visits leave of x and y; no interval.

    Raises
    ------
    StatisticsError
        Shapes that do not fit, fewer than two participants or visits, nothing that varies, or
        ``exact=True`` out of reach.

    Notes
    -----
    Exact where every arrangement is counted and participants are exchangeable: their trajectories
    independent and from one distribution if x and y are unrelated.

    Examples
    --------
    >>> found = swapped_trajectories_test([[1, 2, 4], [2, 3, 3], [5, 4, 6], [1, 4, 7]],
    ...                                   [[9, 7, 4], [8, 7, 8], [9, 9, 6], [9, 5, 1]])
    >>> round(found.estimate, 3), round(found.p_value, 4), found.method
    (-0.929, 0.0417, 'exact, 24 arrangements')
    """
    question = ask(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=None,
        seed=seed,
        budget=budget,
    )
    products = _products(_twice_centred(x, "x"), _twice_centred(y, "y"))
    n = len(products)
    block, rows_of = np.zeros(n, dtype=np.intp), np.arange(n)
    count = count_permutations(block)
    cost = OUT_OF_REACH
    if n <= MOST_SWAPPED:
        cost = Cost(seconds=1e-9 * NS_PER_SWAP * n * count, gibibytes=0)
    is_listed = question.exact is not False and budget_of(exact, budget).allows(cost)
    if question.exact is True and not is_listed:
        what = f"every arrangement of {n} trajectories"
        raise StatisticsError(refusal(what, cost, budget_of(exact, budget)))
    used = None if is_listed else fresh_seed() if question.seed is None else question.seed
    if used is None:
        parts = [products[rows_of, rows].sum(axis=1) for rows in every_permutation(block)]
    else:
        drawn = drawn_permutations(block, used, question.n_draws)
        parts = [np.array([np.trace(products)])]
        parts += [products[rows_of, rows].sum(axis=1) for rows in drawn]
    scores = np.clip(np.concatenate(parts), -1.0, 1.0)
    counted = Counted(
        tails=ResidualTails(values=scores),
        observed=float(scores[0]),
        algorithm="enumeration" if is_listed else "Monte Carlo",
        n_arrangements=count,
        seed=used,
        null=scores if is_listed else scores[1:],
        centred=scores if is_listed else None,
        centre="0",
    )
    return write_record(
        counted,
        question,
        statistic=float(scores[0]),
        statistic_name="r",
        estimate=float(scores[0]),
        estimate_name=NAME,
        limits=UNLIMITED,
        ci_method="",
        n=(n,),
        warnings=(),
    )


def _model(
    x: ArrayLike, y: ArrayLike, participants: ArrayLike, visits: ArrayLike | None
) -> tuple[AdjustedModel, int]:
    first, second, whose, when = _several_each(x, y, participants, visits)
    columns = None if when is None else _visit_columns(when, whose)
    model = adjusted_model(second, first, columns, blocks=whose)
    if not model.y_left.any():
        raise StatisticsError(
            "y does not vary within participants; allowed: values that do, since a constant has no "
            "correlation. Leave it out of the plan."
        )
    return model, int(whose.max()) + 1


def _several_each(
    x: ArrayLike, y: ArrayLike, participants: ArrayLike, visits: ArrayLike | None
) -> tuple[FloatArray, FloatArray, NDArray[np.intp], NDArray[np.intp] | None]:
    """Return pairs of participants who have several, with numbers for participants and visits."""
    first, second = as_same_length(x, y)
    whose = as_blocks(participants, first.size, of_pairs=True)
    several = np.bincount(whose)[whose] > 1
    if not several.any():
        raise StatisticsError(
            "No participant has two pairs of values; allowed: at least two for somebody, since the "
            "correlation is within participants. Leave it out of the plan."
        )
    when = None if visits is None else as_blocks(visits, first.size, of_pairs=True)[several]
    whose = np.unique(whose[several], return_inverse=True)[1]
    return first[several], second[several], whose, when


def _visit_columns(visits: NDArray[np.intp], participants: NDArray[np.intp]) -> FloatArray | None:
    """Return an indicator per visit but those that follow from participants and other visits."""
    known = (participants[:, None] == np.unique(participants)).astype(np.float64)
    kept: list[FloatArray] = []
    for visit in np.unique(visits):
        column = (visits == visit).astype(np.float64)
        more = np.column_stack([known, column])
        if np.linalg.matrix_rank(more) > known.shape[1]:
            known = more
            kept.append(column)
    return np.column_stack(kept) if kept else None


def _as_correlation(found: PermutationTest, r: float) -> PermutationTest:
    """Return a test of a correlation under its name here; its p and arrangements as they are."""
    kept = {name: getattr(found, name) for name in PermutationTest.__slots__}
    return PermutationTest(
        **kept
        | {"estimate": r, "estimate_name": NAME, "statistic": r, "statistic_name": "r"}
        | ({"null_distribution": None} if found.statistic_name == "t" else {})
    )


def _twice_centred(values: ArrayLike, name: str) -> FloatArray:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2 or not np.isfinite(table).all():
        raise StatisticsError(
            f"{name} has shape {table.shape} or is not finite; allowed: at least two participants "
            "in rows and two visits in columns, nothing missing."
        )
    left = table - table.mean(axis=1, keepdims=True)
    left = left - left.mean(axis=0)
    size, largest = float(np.linalg.norm(left)), float(np.abs(table).max())
    if size <= 1e-12 * largest * table.size:
        raise StatisticsError(
            f"{name} has the same course in all participants, so that nothing can go together with "
            "it; allowed: courses that differ. Leave it out of the plan."
        )
    return np.asarray(left / size)


def _products(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the products of each trajectory of x with each of y, shape (n, n)."""
    return np.asarray(x @ y.T)
