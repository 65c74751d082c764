"""The mean difference over every way to deal the group labels."""

import math
from collections.abc import Callable

import numpy as np

from ketbio.statistics.counting.counted import (
    agreement_warning,
    counted_subsets,
    limit_warnings,
    write_record,
)
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import UNLIMITED
from ketbio.statistics.counting.subset_runs import estimated_shift, run_subsets, shift_limits
from ketbio.statistics.counting.subset_sums import SubsetDesign
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.two_groups.groups import TwoGroups, block_warnings, in_units, label_design


def mean_difference(groups: TwoGroups, question: Question) -> PermutationTest:
    """Test the mean difference, with the interval of the shift that inverts the test.

    Parameters
    ----------
    groups : TwoGroups
        On a number line.
    question : Question
        How.
    """
    design, unit = mean_design(groups), groups.line.unit
    wanted = question.confidence_level is not None
    run = run_subsets(design, question, with_shifts=wanted)
    limits = shift_limits(run, scale=_standard_error(groups)) if wanted else UNLIMITED
    mean_of = _mean_difference_of(groups)
    within = len(design.block_sizes) > 1
    counted = counted_subsets(run, mean_of)
    return write_record(
        counted,
        question,
        statistic=float(mean_of(np.array([float(design.observed_sum)]))[0]),
        statistic_name="mean difference",
        estimate=estimated_shift(design) * float(unit),
        estimate_name="mean difference within blocks" if within else "mean difference",
        limits=in_units(limits, unit),
        ci_method="inverted permutation test",
        n=groups.n,
        warnings=(
            *block_warnings(groups),
            *limit_warnings(limits, question, counted),
            *agreement_warning(counted, limits, question),
        ),
    )


def mean_design(groups: TwoGroups) -> SubsetDesign:
    """Return the design of the mean difference."""
    return label_design(groups, groups.line.positions, tolerance=groups.line.tolerance)


def _mean_difference_of(groups: TwoGroups) -> Callable[[FloatArray], FloatArray]:
    n, m = groups.n
    total = float(groups.line.positions.sum())
    unit = float(groups.line.unit)

    def scale(sums: FloatArray) -> FloatArray:
        # One division, so that a difference with few decimals comes out as written.
        return np.asarray(((n + m) * sums - n * total) / (n * m) * unit, dtype=np.float64)

    return scale


def _standard_error(groups: TwoGroups) -> float:
    x, y = groups.line.positions[groups.is_x], groups.line.positions[~groups.is_x]
    squares = float(((x - x.mean()) ** 2).sum() + ((y - y.mean()) ** 2).sum())
    pooled = squares / max(1, x.size + y.size - 2)
    return math.sqrt(pooled * (1 / x.size + 1 / y.size)) or 1.0
