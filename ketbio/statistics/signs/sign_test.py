"""The number of positive differences over every way to deal their signs: the sign test."""

import numpy as np

from ketbio.statistics.counting.counted import (
    agreement_warning,
    counted_subsets,
    limit_warnings,
    write_record,
)
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.rank_intervals import limits_from_gaps
from ketbio.statistics.counting.shift_intervals import UNLIMITED, Limits
from ketbio.statistics.counting.subset_runs import SubsetRun, run_subsets
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.signs.pairs import Pairs, idle_blocks, sign_design
from ketbio.wording import count_of


def sign_test(pairs: Pairs, question: Question) -> PermutationTest:
    """Test how many differences are positive, with the interval of their median.

    Zeros say nothing about the sign and are dropped; the interval, between two ordered
    differences, is made from all of them (Dixon & Mood 1946; Thompson 1936).

    Parameters
    ----------
    pairs : Pairs
        The differences.
    question : Question
        How.
    """
    differences = pairs.line.positions
    run = _run_at(differences, 0.0, question)
    limits = UNLIMITED
    if question.confidence_level is not None:
        limits = pairs.units(_limits(differences, run.again()))
    n_zero = int(pairs.is_zero.sum())
    n_negative = int((differences < 0).sum())
    counted = counted_subsets(run, lambda sums: sums + n_negative)
    return write_record(
        counted,
        question,
        statistic=float((differences > 0).sum()),
        statistic_name="number of positive differences",
        estimate=float(np.median(differences)) * float(pairs.line.unit),
        estimate_name="median of differences",
        limits=limits,
        ci_method="inverted sign test",
        n=(pairs.n,),
        warnings=(
            *_zero_warning(n_zero),
            *idle_blocks(pairs),
            *limit_warnings(limits, question, counted),
            *agreement_warning(counted, limits, question),
        ),
    )


def _run_at(differences: FloatArray, shift: float, question: Question) -> SubsetRun:
    signs = np.sign(differences - shift)
    design = sign_design(signs[signs != 0], tolerance=0.0)
    return run_subsets(design, question, with_shifts=False)


def _limits(differences: FloatArray, question: Question) -> Limits:
    def p_at(shift: float) -> float:
        return _run_at(differences, shift, question).p_value(question.alternative)

    return limits_from_gaps(
        np.unique(differences),
        p_at,
        p_at,
        estimate=float(np.median(differences)),
        alternative=question.alternative,
        alpha=float(question.alpha),
    )


def _zero_warning(n_zeros: int) -> tuple[str, ...]:
    if n_zeros == 0:
        return ()
    were = "was" if n_zeros == 1 else "were"
    return (f"{count_of(n_zeros, 'difference')} of zero {were} dropped from the sign test.",)
