"""Whether one participant carries a crossover: the test again without each."""

from dataclasses import replace

import numpy as np

from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.crossover.crossover_arrays import CrossoverArrays
from ketbio.statistics.crossover.label_permutation import ESTIMATE, permute_arrays
from ketbio.statistics.crossover.within_fit import tells_treatments
from ketbio.statistics.records import NAN, LeaveOneOut, PermutationTest


def leave_one_out_labels(
    arrays: CrossoverArrays, treatment: int, question: Question
) -> LeaveOneOut:
    """Repeat `permute_arrays` without each participant in turn, without intervals.

    Where a sequence has nobody left, or what is left tells no treatment from period, there is
    neither an estimate nor a p value.
    """
    seed = fresh_seed() if question.seed is None else question.seed
    asked = replace(question, confidence_level=None, seed=seed)
    found = [_without_one(arrays, place, treatment, asked) for place in range(arrays.n)]
    made = [one for one in found if one is not None]
    return LeaveOneOut(
        estimates=np.array([NAN if one is None else one.estimate for one in found]),
        p_values=np.array([NAN if one is None else one.p_value for one in found]),
        estimate_name=ESTIMATE,
        is_exact=all(one.is_exact for one in made),
        n=tuple(arrays.counts.tolist()),
    )


def _without_one(
    arrays: CrossoverArrays, place: int, treatment: int, question: Question
) -> PermutationTest | None:
    rest = arrays.without(place)
    if not rest.counts.all() or not tells_treatments(rest):
        return None
    return permute_arrays(rest, treatment, question)
