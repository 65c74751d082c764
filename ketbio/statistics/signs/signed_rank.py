"""The signed ranks over every way to deal their signs, with the Hodges–Lehmann centre."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.counted import (
    agreement_warning,
    counted_subsets,
    limit_warnings,
    write_record,
)
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.rank_intervals import (
    PAtShift,
    each_once,
    limits_from_gaps,
    walsh_averages,
)
from ketbio.statistics.counting.shift_intervals import UNLIMITED, Limits
from ketbio.statistics.counting.subset_runs import SubsetRun, run_subsets
from ketbio.statistics.counting.subset_sums import SubsetDesign
from ketbio.statistics.counting.tails import p_value
from ketbio.statistics.rank_scores import doubled_ranks, shifted_signed_scores
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.signs.pairs import Pairs, sign_design
from ketbio.wording import count_of

RERUN_RANKS = 60
"""Up to so many differences, tied ranks are tested anew for every shift."""

Zeros = Literal["wilcoxon", "pratt"]


def signed_rank(pairs: Pairs, question: Question, *, zeros: Zeros) -> PermutationTest:
    """Test the sum of the positive ranks, with the interval of the Hodges–Lehmann centre.

    Parameters
    ----------
    pairs : Pairs
        The differences.
    question : Question
        How.
    zeros : {"wilcoxon", "pratt"}
        Differences of zero are dropped before ranking, or ranked and dropped after it.
    """
    unit = float(pairs.line.unit)
    used = np.ones(pairs.n, dtype=np.bool_) if zeros == "pratt" else ~pairs.is_zero
    design = signed_rank_design(pairs.line.positions[used], pairs.block[used])
    run = run_subsets(design, question, with_shifts=False)
    wanted = question.confidence_level is not None
    limits, centre = Limits(-math.inf, math.inf) if wanted else UNLIMITED, 0.0
    if used.any():
        # All differences: what is zero is not zero any more once it has been shifted.
        kept, block = pairs.line.positions, pairs.block
        averages = _within_blocks(walsh_averages(kept, is_exact=pairs.line.is_exact), block)
        once = each_once(averages)
        centre = float(np.nanmedian(once))
        if wanted:
            found = limits_from_gaps(
                np.unique(once[~np.isnan(once)]),
                *_rank_curves(kept, block, averages, zeros, run),
                estimate=centre,
                alternative=question.alternative,
                alpha=float(question.alpha),
            )
            limits = pairs.units(found)
    # Kept subsets sum to (positive ranks − negative ranks + all ranks)/2, at twice the ranks.
    negative = float(-design.positions[design.positions < 0].sum())
    counted = counted_subsets(run, lambda sums: (sums + negative) / 2)
    return write_record(
        counted,
        question,
        statistic=float(design.positions[design.positions > 0].sum()) / 2,
        statistic_name=_STATISTIC_NAMES[zeros],
        estimate=centre * unit,
        estimate_name="Hodges–Lehmann centre",
        limits=limits,
        ci_method=_CI_METHODS[zeros],
        n=(pairs.n,),
        warnings=(
            *_zero_warning(int(pairs.is_zero.sum()), zeros),
            *limit_warnings(limits, question, counted),
            *agreement_warning(counted, limits, question),
        ),
    )


def signed_rank_design(differences: FloatArray, block: NDArray[np.intp]) -> SubsetDesign:
    """Return the design of the signed ranks: twice the mid-ranks of abs(d) with d's signs.

    A difference of zero has a rank and no sign: it is left out here.
    """
    scores = doubled_ranks(np.abs(differences), block) * np.sign(differences)
    return sign_design(scores[scores != 0], tolerance=0.0)


_STATISTIC_NAMES: dict[Zeros, str] = {
    "wilcoxon": "sum of positive ranks",
    "pratt": "sum of positive ranks (Pratt)",
}
_CI_METHODS: dict[Zeros, str] = {
    "wilcoxon": "inverted signed-rank test",
    "pratt": "inverted signed-rank test, Pratt",
}


def _within_blocks(averages: FloatArray, block: NDArray[np.intp]) -> FloatArray:
    """Return the averages, NaN where the two differences are of different blocks."""
    return np.where(block[:, None] == block[None, :], averages, math.nan)


def _rank_curves(
    kept: FloatArray,
    block: NDArray[np.intp],
    averages: FloatArray,
    zeros: Zeros,
    run: SubsetRun,
) -> tuple[PAtShift, PAtShift]:
    """Return shift → p of the signed-rank test, between the Walsh averages and at them.

    Without ties all shifts between averages share one null distribution; where signs are drawn
    they are tested anew, since p must come from the draws that the test itself made.
    """
    question = run.again()

    def run_at(scores: FloatArray) -> SubsetRun:
        design = sign_design(scores[scores != 0], tolerance=0.0)
        return run_subsets(design, question, with_shifts=False)

    def anew(shift: float) -> float:
        scores = shifted_signed_scores(kept, averages, shift, keep_zeros=zeros == "pratt")
        return run_at(scores).p_value(question.alternative)

    tied = np.unique(np.column_stack([block, kept]), axis=0).shape[0] < kept.size
    if not run.is_exact or (tied and kept.size <= RERUN_RANKS):
        return anew, anew
    untied = doubled_ranks(np.arange(kept.size, dtype=np.float64), block)
    shared = run_at(untied)
    middle = float(shared.design.expected_sum)
    once = each_once(averages)

    def from_shared(shift: float) -> float:
        # As many Walsh averages lie above the shift as the positive ranks sum to.
        above = 2 * int((once > shift).sum())
        return p_value(shared.tails, above - middle, question.alternative, mid_p=question.mid_p)

    return from_shared, anew


def _zero_warning(n_zeros: int, zeros: Zeros) -> tuple[str, ...]:
    if n_zeros == 0:
        return ()
    were = "was" if n_zeros == 1 else "were"
    how = {
        "wilcoxon": "dropped before ranking (Wilcoxon's way)",
        "pratt": "ranked and then dropped (Pratt's way)",
    }[zeros]
    return (f"{count_of(n_zeros, 'difference')} of zero {were} {how}.",)
