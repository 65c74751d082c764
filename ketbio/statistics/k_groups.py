"""k groups: one-way F or Kruskal–Wallis H over every way to deal the group labels."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.counted import write_record
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.counting.shift_intervals import UNLIMITED
from ketbio.statistics.inputs import Exact, as_blocks, as_values, check_word
from ketbio.statistics.number_lines import without_noise
from ketbio.statistics.pairings.paired_values import block_slices
from ketbio.statistics.rank_scores import doubled_ranks
from ketbio.statistics.records import NAN, FloatArray, PermutationTest
from ketbio.statistics.several_groups.k_group_counts import count_deals
from ketbio.statistics.several_groups.k_group_designs import GroupDesign, group_design
from ketbio.wording import count_of


def k_group_permutation_test(
    *groups: ArrayLike,
    statistic: str = "f",
    blocks: ArrayLike | None = None,
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    budget: Budget | None = None,
) -> PermutationTest:
    """Test whether two or more groups are exchangeable, over every way to deal the group labels.

    Parameters
    ----------
    *groups : array-like of numbers, shapes (n₁,), (n₂,) …
        Two groups or more; no missing values.
    statistic : {"f", "kruskal_wallis"}
        One-way analysis of variance, or the same on mid-ranks (H, corrected for ties). Only large
        values speak against the null hypothesis, so that ``alternative`` of the result is always
        ``"greater"``.
    blocks : array-like of labels, shape (n₁ + n₂ + …,), optional
        Labels are dealt within blocks only; those of the first group first. Values less their
        block's mean, or ranks within blocks, are compared; with one value per group and block H is
        Friedman's statistic.
    exact, n_resamples, seed, mid_p, stop_after, budget
        As in `permutation_test`. With the default budgets every deal is counted up to about 7 v 7
        v 7 real values (8 v 8 v 8 with ``exact=True``), and further where values or ranks repeat.

    Returns
    -------
    PermutationTest
        ``estimate`` is the share of the variance (within blocks) between the groups: η² of values
        or ε² of ranks. There is no interval, since neither is a shift that the test could be
        inverted for.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or ``exact=True`` is out of reach.

    Notes
    -----
    Pitman (1938); Kruskal & Wallis (1952). p is the share of deals whose sum of squares between
    groups, Σ S²/n, is at least as large: F and H grow with it. It tests exchangeability: groups of
    unequal spread can differ in that alone.

    Examples
    --------
    >>> found = k_group_permutation_test([1, 2, 3], [4, 5, 6], [7, 8, 9])
    >>> found.statistic, round(found.p_value, 6), found.method
    (27.0, 0.003571, 'exact, 1,680 arrangements')
    >>> found.estimate_name, found.estimate
    ('eta squared', 0.9)
    """
    check_word("statistic", statistic, STATISTICS)
    question = ask(
        alternative="greater",
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=None,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
        budget=budget,
    )
    return _test(_k_groups(groups, blocks), STATISTICS[statistic], question)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _KGroups:
    """Validated values, by block and then by group."""

    values: FloatArray
    group: NDArray[np.intp]
    block: NDArray[np.intp]

    @property
    def n(self) -> tuple[int, ...]:
        return tuple(np.bincount(self.group).tolist())

    @property
    def n_blocks(self) -> int:
        return len(block_slices(self.block))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statistic:
    name: str
    estimate_name: str
    scores: Callable[[_KGroups], FloatArray]
    of_squares: Callable[[_KGroups, FloatArray, float], FloatArray]


def _k_groups(groups: tuple[ArrayLike, ...], blocks: ArrayLike | None) -> _KGroups:
    if len(groups) < 2:
        raise StatisticsError(
            f"{count_of(len(groups), 'group')} given; allowed: two or more, one argument each. "
            "Give the groups as k_group_permutation_test(first, second, third)."
        )
    samples = [as_values(group, f"group {number}") for number, group in enumerate(groups, 1)]
    group = np.repeat(np.arange(len(samples)), [sample.size for sample in samples])
    block = as_blocks(blocks, group.size, order="group after group")
    order = np.lexsort((group, block))
    values = without_noise(np.concatenate(samples))
    return _KGroups(values=values[order], group=group[order], block=block[order])


def _test(groups: _KGroups, chosen: _Statistic, question: Question) -> PermutationTest:
    design = group_design(chosen.scores(groups), groups.group, groups.block)
    between, whole = float(design.observed()), design.largest
    value_of = partial(_value_of, chosen, groups, whole)
    value = float(value_of(np.array([between]))[0])
    within = " within blocks" if groups.n_blocks > 1 else ""
    return write_record(
        count_deals(design, question, value_of),
        question,
        statistic=value,
        statistic_name=chosen.name + within,
        estimate=min(1.0, between / whole) if whole else NAN,
        estimate_name=chosen.estimate_name + within,
        limits=UNLIMITED,
        ci_method="",
        n=groups.n,
        warnings=(*_idle_warnings(design), *_undefined_warnings(chosen.name, value, design)),
    )


def _value_of(
    chosen: _Statistic, groups: _KGroups, whole: float, between: FloatArray
) -> FloatArray:
    """Return the statistic of sums of squares between groups, out of the whole."""
    if whole == 0:
        return np.full(between.size, NAN)
    return chosen.of_squares(groups, np.clip(between, 0.0, whole), whole)


def _f_of_squares(groups: _KGroups, between: FloatArray, whole: float) -> FloatArray:
    """Return F; NaN without degrees of freedom within the groups."""
    k = len(groups.n)
    within = groups.values.size - groups.n_blocks - (k - 1)
    if within < 1:
        return np.full(between.size, NAN)
    with np.errstate(divide="ignore"):
        return np.asarray(between * within / ((k - 1) * (whole - between)), dtype=np.float64)


def _h_of_squares(groups: _KGroups, between: FloatArray, whole: float) -> FloatArray:
    """Return H; the whole sum of squares holds the correction for ties."""
    return np.asarray((groups.values.size - groups.n_blocks) * between / whole, dtype=np.float64)


def _idle_warnings(design: GroupDesign) -> tuple[str, ...]:
    parts = block_slices(design.block)
    if len(parts) == 1:
        return ()
    idle = sum(1 for part, row in zip(parts, design.takes, strict=True) if row.max() == row.sum())
    if idle == 0:
        return ()
    if idle == 1:
        return ("1 block holds values of one group only and adds nothing to the comparison.",)
    return (f"{idle} blocks hold values of one group only and add nothing to the comparison.",)


def _undefined_warnings(name: str, value: float, design: GroupDesign) -> tuple[str, ...]:
    """Return a sentence where the statistic is not a finite number."""
    if math.isinf(value):
        return (f"{name} is infinite: within the groups all values are equal.",)
    if not math.isnan(value):
        return ()
    if design.largest == 0:
        return (f"{name} is not defined: all values (of a block) are equal.",)
    return (f"{name} is not defined: there are too few values within the groups.",)


STATISTICS: dict[str, _Statistic] = {
    "f": _Statistic(
        name="F",
        estimate_name="eta squared",
        scores=lambda groups: groups.values,
        of_squares=_f_of_squares,
    ),
    "kruskal_wallis": _Statistic(
        name="Kruskal–Wallis H",
        estimate_name="epsilon squared",
        scores=lambda groups: doubled_ranks(groups.values, groups.block),
        of_squares=_h_of_squares,
    ),
}
