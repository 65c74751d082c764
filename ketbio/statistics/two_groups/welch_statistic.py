"""Welch's t over every way to deal the group labels: a permutation test of equal means.

T = (mean of x − mean of y)/√(s²ₓ/n + s²ᵧ/m), worked out anew for each arrangement. As a test of
equal means it is valid asymptotically where variances differ (Janssen 1997; Chung & Romano 2013),
as a test of exchangeability exactly. With as many x as y, T rises with the mean difference, and
the arrangements are counted by that, far beyond what can be listed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ketbio.statistics.counting.counted import (
    Counted,
    counted_subsets,
    write_record,
)
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.subset_runs import run_subsets
from ketbio.statistics.number_lines import EXACT_LIMIT
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.two_groups.groups import TwoGroups, block_warnings, in_units
from ketbio.statistics.two_groups.label_arrangements import (
    BoolArray,
    compared,
    label_rows,
    labels_of,
)
from ketbio.statistics.two_groups.mean_difference import mean_design
from ketbio.statistics.two_groups.studentised import (
    Classes,
    Parts,
    Studentised,
    count_studentised,
    ratio,
    refuse_too_few,
    value_at,
)
from ketbio.statistics.two_groups.studentised_limits import (
    Search,
    interval_warnings,
    search_counted,
    search_curve,
    search_list,
    studentised_limits,
)

NO_INTERVAL = (
    "The groups do not vary within themselves, so that there is no interval; the test stands."
)

ROUNDED = 1e-13
"""Where squares are rounded, less than this share of all of them is no variance."""


def welch_t_test(groups: TwoGroups, question: Question) -> PermutationTest:
    """Test Welch's t, with the studentised permutation interval of the mean difference.

    Parameters
    ----------
    groups : TwoGroups
        On a number line.
    question : Question
        How.
    """
    kept = compared(groups)
    labels = labels_of(kept)
    blocks = tuple(
        mean_block(kept.line.positions[some], kept.is_x[some]) for some in labels.members
    )
    refuse_too_few(blocks, "Welch's t")
    statistic = Studentised(labels=labels, blocks=blocks)
    difference, variance = statistic.effect(kept.is_x[None, :])
    error = math.sqrt(float(variance[0]))
    found = _count(kept, statistic, question)
    limits = studentised_limits(found.counted, question, found.search, found.value_of, error)
    return write_record(
        found.counted,
        question,
        statistic=float(ratio(difference, variance)[0]),
        statistic_name="Welch t",
        estimate=float(difference[0]) * float(groups.line.unit),
        estimate_name="mean difference" + (" within blocks" if len(blocks) > 1 else ""),
        limits=in_units(limits, groups.line.unit),
        ci_method="studentised permutation test",
        n=groups.n,
        warnings=(
            *block_warnings(groups),
            *interval_warnings(found.counted, limits, question, NO_INTERVAL),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanBlock:
    """The mean difference in one block.

    Attributes
    ----------
    values : array of shape (n + m,)
        In steps of the number line, about their mean.
    n, m : int
        Values in x and in y.
    is_exact : bool
        Whether the squares are whole numbers and so are their sums.
    """

    values: FloatArray
    n: int
    m: int
    is_exact: bool

    @property
    def larger_half(self) -> int:
        """Values in the larger of the two halves."""
        return self.values.size - self.values.size // 2

    def features(self, labels: BoolArray) -> tuple[FloatArray, ...]:
        """Return sum and sum of squares of x."""
        dealt = labels.astype(np.float64)
        return dealt @ self.values, dealt @ self.values**2

    def parts(self, *features: FloatArray) -> Parts:
        """Return n·m/(n + m) times the mean difference, and the sums of squares."""
        sums, squares = features
        n, m, total = self.n, self.m, float(self.values.sum())
        all_squares = float((self.values**2).sum())
        # Whole numbers up to the division, where the values are: equal ones stay equal.
        x = n * squares - sums**2
        y = m * (all_squares - squares) - (total - sums) ** 2
        if not self.is_exact:
            x[x < ROUNDED * n * all_squares] = 0.0
            y[y < ROUNDED * m * all_squares] = 0.0
        return ((n + m) * sums - n * total) / (n + m), x / n, y / m

    def halves(self) -> Classes:
        """List sums and sums of squares of both halves, by how many of the first are x."""
        middle = self.values.size // 2
        rest = self.values.size - middle
        taken = range(max(0, self.n - rest), min(middle, self.n) + 1)
        return [
            (_sums(self.values[:middle], k), _sums(self.values[middle:], self.n - k)) for k in taken
        ]


def _sums(values: FloatArray, take: int) -> FloatArray:
    """Return sum and sum of squares of every ``take`` of the values, of shape (2, ways)."""
    rows = label_rows(values.size, take).astype(np.float64)
    return np.stack([rows @ values, rows @ values**2])


def mean_block(positions: FloatArray, is_x: BoolArray) -> MeanBlock:
    """Return the block of these positions, which are whole numbers where they can be."""
    whole = bool((positions == np.rint(positions)).all())
    centre = np.rint(positions.mean()) if whole else positions.mean()
    values = positions - centre
    squares = float((values**2).sum())
    return MeanBlock(
        values=values,
        n=int(is_x.sum()),
        m=int((~is_x).sum()),
        is_exact=whole and 2 * positions.size * squares < EXACT_LIMIT,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """Arrangements counted, and how the values on the scale of their tails are read as T."""

    counted: Counted
    search: Search
    value_of: Callable[[float], float]


def _count(groups: TwoGroups, statistic: Studentised, question: Question) -> _Count:
    blocks = statistic.blocks
    if len(blocks) == 1 and blocks[0].n == blocks[0].m:
        return _count_by_sums(groups, question)
    counted = count_studentised(statistic, question, "Welch's t")
    return _Count(counted=counted, search=search_counted(counted), value_of=value_at)


def _count_by_sums(groups: TwoGroups, question: Question) -> _Count:
    """Count by the sum of x: with n = m the pooled variance is what the mean difference leaves."""
    block = mean_block(groups.line.positions, groups.is_x)
    n, squares, total = block.n, float((block.values**2).sum()), float(block.values.sum())
    of_all = 2 * n * squares - total**2

    def t_at(centred: FloatArray) -> FloatArray:
        left = of_all - 4 * centred**2
        left[left <= (0.0 if block.is_exact else ROUNDED * of_all)] = 0.0
        return ratio(2 * centred, left / (2 * (n - 1)))

    run = run_subsets(mean_design(groups), question, with_shifts=False)
    expected = run.design.expected_sum
    middle = float(expected)
    counted = counted_subsets(run, lambda sums: t_at(sums - middle))
    search = search_curve(
        math.sqrt(of_all / (8 * n - 4)) or 1.0,
        expected.denominator if run.design.is_exact and isinstance(expected, Fraction) else None,
    )
    if run.listed is not None:
        search = search_list(np.sort(run.listed.sums - middle))
    return _Count(
        counted=replace(counted, centre="0"),
        search=search,
        value_of=lambda centred: float(t_at(np.array([centred]))[0]),
    )
