"""Brunner–Munzel's statistic over every way to deal the group labels.

A = P(X > Y) + ½ P(X = Y), and T = (A − ½)/SE with the standard error of Brunner & Munzel (2000)
worked out anew for each arrangement: a permutation test of A = ½ that is valid asymptotically
whatever the two distributions (Neubert & Brunner 2007), and exact where they are equal. SciPy and
R compute the same statistic with the opposite sign. Within blocks, values are compared with those
of their own block only.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.counted import write_record
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import Limits
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.two_groups.groups import TwoGroups, block_warnings
from ketbio.statistics.two_groups.label_arrangements import (
    BoolArray,
    compared,
    label_rows,
    labels_of,
)
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
    interval_warnings,
    search_counted,
    studentised_limits,
)

NULL = 0.5

NO_INTERVAL = (
    "The groups do not overlap, or hold one value only, so that there is no interval; the test "
    "stands."
)


def brunner_munzel(groups: TwoGroups, question: Question) -> PermutationTest:
    """Test Brunner–Munzel's statistic, with the interval of the probability of superiority.

    Parameters
    ----------
    groups : TwoGroups
        On a line for ranks.
    question : Question
        How.
    """
    kept = compared(groups)
    labels = labels_of(kept)
    blocks = tuple(
        placement_block(kept.line.positions[some], kept.is_x[some]) for some in labels.members
    )
    refuse_too_few(blocks, "Brunner–Munzel's statistic")
    statistic = Studentised(labels=labels, blocks=blocks)
    difference, variance = statistic.effect(kept.is_x[None, :])
    error = math.sqrt(float(variance[0]))
    counted = count_studentised(statistic, question, "Brunner–Munzel's statistic")
    limits = studentised_limits(counted, question, search_counted(counted), value_at, error)
    return write_record(
        counted,
        question,
        statistic=float(ratio(difference, variance)[0]),
        statistic_name="Brunner–Munzel T",
        estimate=float(difference[0]) + NULL,
        estimate_name="probability of superiority",
        limits=_within_unit(limits),
        ci_method="studentised permutation test of 0.5",
        n=groups.n,
        warnings=(
            *block_warnings(groups),
            *interval_warnings(counted, limits, question, NO_INTERVAL),
        ),
        null_value=NULL,
    )


def _within_unit(limits: Limits) -> Limits:
    """Return limits of A from those of A − ½, cut off at 0 and 1 (and NaN where there are none)."""
    low, high = limits.low + NULL, limits.high + NULL
    return Limits(
        low if math.isnan(low) else max(0.0, low), high if math.isnan(high) else min(1.0, high)
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlacementBlock:
    """The probability of superiority in one block, from placements.

    A value's placement is how many of the other group are below it, those equal to it counting
    half; here twice that, which is whole.

    Attributes
    ----------
    order : array of int, shape (n + m,)
        Which values, ascending.
    starts, ends : array of int, shape (n + m,)
        Where the ties of each value, ascending, begin and end.
    n, m : int
        Values in x and in y.
    """

    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    n: int
    m: int

    @property
    def middle(self) -> int:
        """Where the halves part: between two values that are not tied."""
        size = self.n + self.m
        return int(min(np.unique(self.starts), key=lambda start: abs(2 * start - size)))

    @property
    def larger_half(self) -> int:
        """Values in the larger of the two halves."""
        return max(self.middle, self.n + self.m - self.middle)

    def features(self, labels: BoolArray) -> tuple[FloatArray, ...]:
        """Return the sum of x's doubled placements, that of their squares, and that of y's."""
        sums, squares_x, _, squares_y = _placements(labels[:, self.order], self.starts, self.ends)
        return sums, squares_x, squares_y

    def parts(self, *features: FloatArray) -> Parts:
        """Return n·m/(n + m) times (A − ½), and the sums of squares of placements as shares."""
        sums, squares_x, squares_y = features
        n, m = self.n, self.m
        x = (n * squares_x - sums**2) / (4 * n * m**2)
        y = (m * squares_y - (2 * n * m - sums) ** 2) / (4 * m * n**2)
        return (sums - n * m) / (2 * (n + m)), x, y

    def halves(self) -> Classes:
        """List the features of the lower and the upper values, by how many of the lower are x."""
        size, middle = self.n + self.m, self.middle
        listed = []
        for taken in range(max(0, self.n - size + middle), min(middle, self.n) + 1):
            low, high = label_rows(middle, taken), label_rows(size - middle, self.n - taken)
            sums, squares_x, _, squares_y = _placements(
                low, self.starts[:middle], self.ends[:middle]
            )
            first = np.stack([sums, squares_x, squares_y])
            sums, squares_x, sums_y, squares_y = _placements(
                high, self.starts[middle:] - middle, self.ends[middle:] - middle
            )
            # Every upper value has the lower ones of the other group below it.
            below_x, below_y = 2 * (middle - taken), 2 * taken
            n_x, n_y = self.n - taken, size - middle - self.n + taken
            rest = np.stack(
                [
                    sums + below_x * n_x,
                    squares_x + 2 * below_x * sums + below_x**2 * n_x,
                    squares_y + 2 * below_y * sums_y + below_y**2 * n_y,
                ]
            )
            listed.append((first, rest))
        return listed


def placement_block(positions: FloatArray, is_x: BoolArray) -> PlacementBlock:
    """Return the block of these positions; equal ones tie."""
    order = np.argsort(positions, kind="stable")
    ascending = positions[order]
    return PlacementBlock(
        order=order,
        starts=np.searchsorted(ascending, ascending, side="left"),
        ends=np.searchsorted(ascending, ascending, side="right"),
        n=int(is_x.sum()),
        m=int((~is_x).sum()),
    )


def _placements(
    labels: BoolArray, starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return sum and sum of squares of x's doubled placements, and the same of y's.

    Parameters
    ----------
    labels : array of bool, shape (rows, size)
        Which are x, in ascending order of the values.
    starts, ends : array of int, shape (size,)
        Where the ties of each value begin and end.
    """
    before = np.zeros((labels.shape[0], labels.shape[1] + 1))
    np.cumsum(labels, axis=1, out=before[:, 1:])
    of_y = before[:, starts] + before[:, ends]
    of_x = (starts + ends) - of_y
    x, y = np.where(labels, of_x, 0.0), np.where(labels, 0.0, of_y)
    return x.sum(axis=1), (x**2).sum(axis=1), y.sum(axis=1), (y**2).sum(axis=1)
