"""The mean of the differences over every way to deal their signs."""

import math

from ketbio.statistics.counting.counted import (
    agreement_warning,
    counted_subsets,
    limit_warnings,
    write_record,
)
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import UNLIMITED
from ketbio.statistics.counting.subset_runs import run_subsets, shift_limits
from ketbio.statistics.records import PermutationTest
from ketbio.statistics.signs.pairs import Pairs, idle_blocks, sign_design


def mean_of_pairs(pairs: Pairs, question: Question) -> PermutationTest:
    """Test the mean of the differences, with the interval of the shift that inverts the test.

    Parameters
    ----------
    pairs : Pairs
        The differences.
    question : Question
        How.
    """
    line, n = pairs.line, pairs.n
    design, unit = sign_design(line.positions, tolerance=line.tolerance), float(line.unit)
    wanted = question.confidence_level is not None
    run = run_subsets(design, question, with_shifts=wanted)
    spread = float(line.positions.std(ddof=1)) if n > 1 else 0.0
    scale = spread / math.sqrt(n) or 1.0
    limits = shift_limits(run, scale=scale) if wanted else UNLIMITED
    total = float(line.positions.sum())
    mean = total * unit / n
    counted = counted_subsets(run, lambda sums: (2 * sums - total) * unit / n)
    return write_record(
        counted,
        question,
        statistic=mean,
        statistic_name="mean of differences",
        estimate=mean,
        estimate_name="mean of differences",
        limits=pairs.units(limits),
        ci_method="inverted permutation test",
        n=(n,),
        warnings=(
            *idle_blocks(pairs),
            *limit_warnings(limits, question, counted),
            *agreement_warning(counted, limits, question),
        ),
    )
