"""Many markers at once: step-down max T and min p over arrangements common to all of them."""

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import (
    GIBIBYTE,
    OUT_OF_REACH,
    Budget,
    Cost,
    budget_of,
    refusal,
)
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.method_words import method_text
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.inputs import Exact, check_word, names_of, refuse_unaligned
from ketbio.statistics.markers.marker_arrangements import Arrangements
from ketbio.statistics.markers.marker_designs import DESIGNS, MarkerDesign
from ketbio.statistics.markers.marker_intervals import drawn_intervals
from ketbio.statistics.markers.marker_warnings import (
    floor_warning,
    idle_warning,
    is_idle,
    missing_warning,
)
from ketbio.statistics.markers.step_down import BATCH_MARKERS, BATCH_ROWS, StepDown, max_t, min_p
from ketbio.statistics.records import FloatArray, MaxTTest
from ketbio.wording import count_of

DIRECTIONS = {"two-sided": 0, "greater": 1, "less": -1}
METHODS = {"max_t": max_t, "min_p": min_p}
LABELS = {"max_t": "step-down max T", "min_p": "step-down min p"}
"""The methods, with their names as written for readers."""

Values = TypeVar("Values", bound=NDArray[Any])

MAX_WORKERS = 256
MAX_BITS = 62
"""Arrangements are numbered in 64 bits."""


def max_t_test(
    x: ArrayLike,
    y: ArrayLike | None = None,
    *,
    design: str = "two_groups",
    method: str = "max_t",
    alternative: str = "two-sided",
    blocks: ArrayLike | None = None,
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    workers: int = 1,
    budget: Budget | None = None,
) -> MaxTTest:
    """Test many markers with one set of permutations, and adjust for how many there are.

    The participants are permuted, all markers of one together, so that the adjustment knows how
    the markers correlate: it is never more severe than the same family would need if they were
    unrelated, and often far less.

    Parameters
    ----------
    x, y : array-like of numbers, NaN where a value is missing
        ``"two_groups"``: shapes (n, k) and (m, k), participants in rows, markers in columns;
        ``"pairs"``: both (n, k), tested as x − y, or differences x alone; ``"pairings"``: x
        (n, k) against the outcome y (n,), which may not be missing.
    design : {"two_groups", "pairs", "pairings"}
        Group labels, the signs of differences, or the outcome are dealt anew.
    method : {"max_t", "min_p"}
        Over the largest statistic, or over the smallest of the markers' own permutation p values,
        which treats markers of unlike distribution alike but comes in coarse steps where the
        arrangements are few.
    alternative : {"two-sided", "less", "greater"}
        x against y; differences against 0; the correlation against 0.
    blocks : array-like of labels, shape (n + m,) or (n,), optional
        Labels and outcomes are dealt within blocks only; those of x first, then those of y.
    exact : {"auto", True, False}
        ``"auto"`` counts every arrangement if time and memory allow, and draws otherwise.
    n_resamples : int
        How many arrangements to draw where they are drawn.
    seed : int, optional
        Seed of the draws; a fresh one is taken, and recorded, where none is given.
    workers : int
        Threads; the result does not depend on them. Products are made in pieces that NumPy's
        matrix library multiplies on one thread, so that several workers help where there are
        idle cores.
    budget : Budget, optional
        What counting every arrangement may cost; by default 5 s and 1 GiB with
        ``exact="auto"``, and 300 s and 3 GiB with ``exact=True``.

    Returns
    -------
    MaxTTest
        One entry per marker. A marker that no arrangement can tell anything about (constant,
        without values in a group, fewer than three values) has statistic 0 and p = 1, and a
        warning says so.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or ``exact=True`` is out of reach.

    Notes
    -----
    Westfall & Young (1993), algorithms 2.8 and 4.1; min p marker by marker as in Ge, Dudoit &
    Speed (2003). The statistic is Student's t (pooled variance; of r for pairings) with the
    counts that each arrangement gives where values are missing; within several blocks, the sum of
    deviations over its standard deviation (z). Ties count as at least as extreme, and drawn p
    values are (b + 1)/(m + 1). Strong control of the familywise error holds where the joint
    distribution of the markers without an effect does not depend on the others having one (subset
    pivotality), which exchangeable participants ensure. Values missing for reasons that differ
    between the groups break this, as they break any test.

    Examples
    --------
    Two markers, five responders against five others; the second marker follows the first:

    >>> x = [[7, 8], [8, 9], [9, 9], [6, 5], [8, 7]]
    >>> y = [[3, 4], [2, 3], [5, 4], [4, 6], [1, 2]]
    >>> found = max_t_test(x, y)
    >>> found.p_values.round(4), found.p_adjusted.round(4), found.method
    (array([0.0079, 0.0159]), array([0.0159, 0.0159]), 'exact, 252 arrangements')
    """
    check_word("design", design, DESIGNS)
    check_word("method", method, METHODS)
    check_word("alternative", alternative, DIRECTIONS)
    _check_workers(workers)
    question = ask(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=None,
        seed=seed,
        budget=budget,
    )
    _refuse_unaligned(x, y, design)
    markers = DESIGNS[design](x, y, blocks, DIRECTIONS[alternative])
    arrangements = _choose(markers, method, question)
    tested = np.flatnonzero(markers.can_vary)
    counted = METHODS[method](markers.scores.take(tested), arrangements, workers)
    return _record(
        markers,
        arrangements,
        counted,
        tested,
        names=_names(x, markers.df.size),
        method=method,
        question=question,
    )


def _refuse_unaligned(x: ArrayLike, y: ArrayLike | None, design: str) -> None:
    """Refuse named tables that do not match: markers go by column, pairs by row."""
    if design != "pairings":
        refuse_unaligned(x, y, what="markers", attribute="columns")
    if design != "two_groups":
        refuse_unaligned(x, y, what="participants", attribute="index")


def _names(x: ArrayLike, k: int) -> tuple[str, ...]:
    columns = names_of(x, "columns")
    return tuple(str(name) for name in columns or range(1, k + 1))


def _choose(markers: MarkerDesign, method: str, question: Question) -> Arrangements:
    """Return all arrangements where they are in reach, else drawn ones."""
    arrangements = markers.arrangements
    budget = budget_of(question.exact, question.budget)
    cost = _cost(markers, method)
    if question.exact is not False and budget.allows(cost):
        return arrangements
    if question.exact is True:
        raise StatisticsError(refusal(_what_to_count(markers), cost, budget))
    return replace(
        arrangements,
        n_draws=question.n_draws,
        seed=fresh_seed() if question.seed is None else question.seed,
    )


def _what_to_count(markers: MarkerDesign) -> str:
    many = markers.arrangements.n_arrangements
    number = f"more than 2**{MAX_BITS}" if many.bit_length() > MAX_BITS else f"{many:,}"
    n, k = markers.arrangements.observed.size, markers.df.size
    return f"{number} arrangements of {n} participants with {count_of(k, 'marker')}"


def _cost(markers: MarkerDesign, method: str) -> Cost:
    """Return what counting every arrangement costs: constants measured once, on one core."""
    arrangements = markers.arrangements
    many = arrangements.n_arrangements
    if many.bit_length() > MAX_BITS:
        return OUT_OF_REACH
    n, k = arrangements.observed.size, markers.df.size
    has_missing = markers.scores.realised is not None
    per_score = 2.0 + 0.1 * n + (20.0 + 0.3 * n if has_missing else 0.0)
    per_score = 2 * per_score + 300.0 if method == "min_p" else per_score
    nanoseconds = many * (arrangements.dealing.nanoseconds * n + per_score * k)
    numbers = BATCH_ROWS * (4 * n + 8 * BATCH_MARKERS)
    if method == "min_p":
        numbers += 6 * many + 2**25
    return Cost(seconds=nanoseconds / 1e9, gibibytes=8 * numbers / GIBIBYTE)


def _record(
    markers: MarkerDesign,
    arrangements: Arrangements,
    counted: StepDown,
    tested: NDArray[np.intp],
    *,
    names: tuple[str, ...],
    method: str,
    question: Question,
) -> MaxTTest:
    k, total = markers.df.size, arrangements.n_counted
    idle = np.setdiff1d(np.arange(k), tested)
    is_exact = arrangements.n_draws is None
    floor = counted.at_top / total
    return MaxTTest(
        names=names,
        statistics=_frozen(markers.observed_statistics),
        statistic_name="Student t" if len(arrangements.block_sizes) == 1 else "z within blocks",
        estimates=_frozen(markers.estimates),
        estimate_name=markers.estimate_name,
        p_values=_frozen(_shares(counted.alone, tested, total, k)),
        p_adjusted=_frozen(_shares(counted.joint, tested, total, k)),
        p_adjusted_interval=_frozen(
            drawn_intervals(counted.joint, tested, arrangements.n_draws, k)
        ),
        is_tested=_frozen(~is_idle(markers)),
        order=_frozen(np.concatenate([tested[counted.order], idle])),
        n=_frozen(markers.n),
        method=method_text(
            is_counted=is_exact,
            n_arrangements=arrangements.n_arrangements,
            n_draws=arrangements.n_draws or 0,
        ),
        is_exact=is_exact,
        n_arrangements=arrangements.n_arrangements,
        p_floor=floor,
        alternative=question.alternative,
        adjustment=LABELS[method],
        seed=arrangements.seed,
        warnings=(
            *markers.warnings,
            *missing_warning(markers),
            *idle_warning(markers, names),
            *floor_warning(floor),
        ),
    )


def _shares(counts: NDArray[np.int64], tested: NDArray[np.intp], total: int, k: int) -> FloatArray:
    """Return counts as p values of all markers; 1 for those that could not be tested."""
    p = np.ones(k)
    p[tested] = counts / total
    return p


def _frozen(values: Values) -> Values:
    values.flags.writeable = False
    return values


def _check_workers(workers: object) -> None:
    whole = isinstance(workers, (int, np.integer)) and not isinstance(workers, bool)
    if not whole or not 1 <= int(workers) <= MAX_WORKERS:  # type: ignore[call-overload]
        raise StatisticsError(
            f"workers is {workers!r}; allowed: a whole number of threads from 1 to {MAX_WORKERS}."
        )
