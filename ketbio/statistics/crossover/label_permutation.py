"""Treatment contrasts tested by dealing the sequences anew among the participants."""

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.counted import Counted, limit_warnings, write_record
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.counting.shift_intervals import SIDES, UNLIMITED, Limits
from ketbio.statistics.crossover.crossover_arrays import CrossoverArrays, crossover_arrays
from ketbio.statistics.crossover.label_arrangements import (
    Codes,
    count_labels,
    drawn_labellings,
    every_labelling,
)
from ketbio.statistics.crossover.within_fit import within_columns
from ketbio.statistics.inputs import Exact
from ketbio.statistics.permutation import permutation_test
from ketbio.statistics.records import FloatArray, PermutationTest

MOST_LISTED = {"auto": 50_000, True: 5_000_000, False: 0}
"""Up to so many ways to deal the sequences are all counted."""

ESTIMATE = "treatment difference, adjusted for period"
INVERTED = "inversion of the permutation test of the sequence labels"
ALIGNED = "other treatments' effects removed"
TIED = 1e-9
"""Share of the largest statistic within which two count as tied."""

NOT_EXACT = (
    "With more than two treatments the effects of the others are estimated and removed before the "
    "sequences are dealt anew: such a test keeps its level only approximately, the better the more "
    "participants there are."
)


def crossover_permutation_test(
    responses: ArrayLike,
    sequences: Sequence[str],
    designs: dict[str, Sequence[str]],
    *,
    treatment: str | None = None,
    reference: str | None = None,
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    confidence_level: float | None = 0.95,
    seed: int | None = None,
) -> PermutationTest:
    """Test a treatment contrast, adjusted for period, by permuting the sequence labels.

    Parameters
    ----------
    responses : array-like of numbers, shape (n, periods)
        Complete participants, one column per period, in the marker's unit.
    sequences : sequence of str, length n
        Each participant's sequence.
    designs : dict of str to sequence of str
        Sequence → its treatments in the order of the periods.
    treatment, reference : str, optional
        The contrast, treatment − reference; the last treatment of the first sequence is the
        reference when None, and the other one (of two) the treatment.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Of the treatment against the reference.
    exact : {"auto", True, False}
        ``"auto"`` counts every way to deal the sequences where they are few enough.
    n_resamples, seed
        How many are drawn otherwise, and their seed.
    confidence_level : float or None
        Of the interval, which inverts this very test; None: none.

    Returns
    -------
    PermutationTest
        ``estimate`` is the difference by least squares within participants. With two treatments
        the test is exact under random allocation to the sequences; with more the effects of the
        others are estimated, and it is not.

    Raises
    ------
    StatisticsError
        No crossover, an unknown treatment, or ``exact=True`` is out of reach.

    Notes
    -----
    The allocation to sequences is what was randomised, so that it is what is dealt anew; each
    participant keeps the responses of all periods. In AB/BA this is the two-sample permutation
    test of the half period differences. The estimate is linear in the responses with weights that
    depend on the sequence alone, so that an arrangement is a sum of one number per participant;
    for the interval each arrangement gives the range of effects under which it is as extreme.

    Examples
    --------
    >>> found = crossover_permutation_test([[15, 21], [9, 3], [12, 10], [20, 11]],
    ...     ["AB", "AB", "BA", "BA"], {"AB": ["A", "B"], "BA": ["B", "A"]})
    >>> found.estimate, round(found.p_value, 4), found.method
    (-2.75, 0.6667, 'exact, 6 arrangements')
    """
    question = ask(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=confidence_level,
        seed=seed,
    )
    arrays = crossover_arrays(responses, sequences, designs, reference=reference)
    name = arrays.names[1] if treatment is None else treatment
    if name not in arrays.names[1:]:
        allowed = ", ".join(map(repr, arrays.names[1:]))
        raise StatisticsError(f"treatment is {name!r}; allowed against it: {allowed}.")
    return permute_arrays(arrays, arrays.names.index(name), question)


def permute_arrays(arrays: CrossoverArrays, treatment: int, question: Question) -> PermutationTest:
    """Test treatment number ``treatment`` against the reference (0)."""
    if len(arrays.treatments) == 2 and len(arrays.names) == 2:
        return _two_sequences(arrays, question)
    return _many_sequences(arrays, treatment, question)


def half_differences(arrays: CrossoverArrays) -> FloatArray:
    """Return one number per participant whose mean difference is the treatment effect.

    In AB/BA half the first period less the second; with more periods the contrast of a
    participant's periods that the effect is made of.
    """
    weights = _weights(arrays)[:, :, arrays.n_periods - 1]
    # 0.5 and 0.25 as such: what is equal on paper is to be equal here.
    contrast = np.round(arrays.counts[0] * weights[0], 12)
    return np.asarray(arrays.responses @ contrast)


def _two_sequences(arrays: CrossoverArrays, question: Question) -> PermutationTest:
    scores = half_differences(arrays)
    is_first = arrays.sequence == 0
    found = permutation_test(
        scores[is_first],
        scores[~is_first],
        alternative=question.alternative,
        exact=question.exact,
        n_resamples=question.n_draws,
        confidence_level=question.confidence_level,
        seed=question.seed,
    )
    return _named(found)


def _named(found: PermutationTest) -> PermutationTest:
    return replace(
        found,
        estimate_name=ESTIMATE,
        statistic_name=ESTIMATE,
        ci_method=INVERTED if found.ci_method else "",
    )


def _weights(arrays: CrossoverArrays) -> FloatArray:
    """Return what each sequence's periods weigh in the effects: (sequences, periods, effects)."""
    columns = within_columns(arrays)
    products = np.einsum("s,spi,spj->ij", arrays.counts.astype(float), columns, columns)
    if np.linalg.matrix_rank(products) < len(products):
        raise StatisticsError(
            "period and treatment cannot be told apart in these sequences; at least two with "
            "different orders of the treatments are needed."
        )
    return np.asarray(columns @ np.linalg.inv(products))


def _many_sequences(arrays: CrossoverArrays, treatment: int, question: Question) -> PermutationTest:
    effect = arrays.n_periods - 2 + treatment
    weights = _weights(arrays)[:, :, effect]
    columns = within_columns(arrays)[arrays.sequence]
    others = [place for place in range(columns.shape[2]) if place != effect]
    moved = _without(columns[:, :, others], arrays.n_periods - 1, columns[:, :, effect])
    left = _without(columns[:, :, others], arrays.n_periods - 1, arrays.responses)
    codes, n_ways, seed = _labellings(arrays, question)
    scale = _scale(arrays)
    values, shares = (scale * _sums(one @ weights.T, codes) for one in (left, moved))
    observed = float(_sums(left @ weights.T, arrays.sequence[None, :])[0])
    if seed is not None:
        values, shares = np.append(values, observed), np.append(shares, 1.0)
    tolerance = TIED * float(np.abs(values).max(initial=abs(observed)))
    counted = Counted(
        tails=ListedTails(values=np.sort(values), n_counted=values.size, tolerance=tolerance),
        observed=observed,
        algorithm="enumeration" if seed is None else "Monte Carlo",
        n_arrangements=n_ways,
        seed=seed,
        null=values if seed is None else values[:-1],
        centred=values if seed is None else None,
        residuals=ALIGNED if len(arrays.names) > 2 else "",
    )
    limits = _limits(values, shares, observed, tolerance, question)
    return write_record(
        counted,
        question,
        statistic=observed,
        statistic_name=ESTIMATE,
        estimate=observed,
        estimate_name=ESTIMATE,
        limits=limits,
        ci_method=INVERTED,
        n=tuple(arrays.counts.tolist()),
        warnings=(
            *limit_warnings(limits, question, counted),
            *((NOT_EXACT,) if counted.residuals else ()),
        ),
    )


def _without(columns: FloatArray, n_periods: int, values: FloatArray) -> FloatArray:
    """Return values less what the other treatments give them, as the null hypothesis fits it."""
    flat = columns.reshape(values.size, -1)
    coefficients, *_ = np.linalg.lstsq(flat, values.ravel() - values.mean(), rcond=None)
    # Only treatments are taken away: weights over the periods sum to zero in every arrangement.
    return np.asarray(values - columns[:, :, n_periods:] @ coefficients[n_periods:])


def _scale(arrays: CrossoverArrays) -> float:
    """Return by how much residuals are too short, as the others' effects were fitted to them.

    Without it such a test rejects too often: 8 % at 5 % in four participants of four treatments.
    """
    freedom = (arrays.n - 1) * (arrays.n_periods - 1)
    return math.sqrt(freedom / (freedom - (len(arrays.names) - 2)))


def _labellings(arrays: CrossoverArrays, question: Question) -> tuple[Codes, int, int | None]:
    n_ways = count_labels(arrays.counts)
    if n_ways <= MOST_LISTED[question.exact]:
        return every_labelling(arrays.counts), n_ways, None
    if question.exact is True:
        raise StatisticsError(
            f"exact is True, and there are {n_ways:,} ways to deal the sequences; at most "
            f'{MOST_LISTED[True]:,} are counted. Write exact="auto", which draws here.'
        )
    seed = fresh_seed() if question.seed is None else question.seed
    return drawn_labellings(arrays.sequence, n_draws=question.n_draws, seed=seed), n_ways, seed


def _sums(
    scores: FloatArray, codes: "Codes | np.ndarray[tuple[int, int], np.dtype[np.intp]]"
) -> FloatArray:
    """Return Σ_i scores[i, codes[row, i]] of every row."""
    total = np.zeros(len(codes))
    for place, own in enumerate(scores):
        total += own[codes[:, place]]
    return total


def _limits(
    values: FloatArray, shares: FloatArray, observed: float, tolerance: float, question: Question
) -> Limits:
    """Return the effects that the test does not reject, as order statistics.

    Under an effect δ an arrangement's statistic is value − share·δ, and the observed one's
    observed − δ. Where abs(share) < 1, the δ under which an arrangement is as extreme lie between
    two roots, one on either side of the estimate; else they have no end (residuals that are scaled
    up can have such shares).
    """
    if question.confidence_level is None:
        return UNLIMITED
    with np.errstate(divide="ignore", invalid="ignore"):
        alike = _root(observed - values, 1 - shares, tolerance)
        opposite = _root(observed + values, 1 + shares, tolerance)
    found = {"low": -math.inf, "high": math.inf}
    for side, parts in SIDES[question.alternative]:
        sign = 1.0 if side == "high" else -1.0
        distance = sign * (alike - observed)
        distance[np.isnan(alike)] = math.inf
        if question.alternative == "two-sided":
            other = sign * (opposite - observed)
            other[np.isnan(opposite)] = math.inf
            distance = np.maximum(distance, other)
        distance[np.abs(shares) > 1 + TIED] = math.inf
        found[side] = observed + sign * _reach(distance, question.alpha / parts)
    return Limits(found["low"], found["high"])


def _root(above: FloatArray, below: FloatArray, tolerance: float) -> FloatArray:
    """Return above ÷ below; NaN where both vanish, so that every effect is one."""
    root = above / below
    root[(np.abs(below) < TIED) & (np.abs(above) <= tolerance)] = math.nan
    return np.asarray(root)


def _reach(distance: FloatArray, alpha: Fraction) -> float:
    """Return how far from the estimate p stays at α or above."""
    fewest = math.ceil(alpha * distance.size)
    return max(0.0, float(np.sort(distance)[distance.size - fewest]))
