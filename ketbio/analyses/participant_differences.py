"""How far two groups of participants differ at baseline: estimates with intervals, never tested."""

from collections.abc import Mapping

from ketbio.analyses.companions import FloatArray, effect_fields
from ketbio.analyses.question import Question
from ketbio.result import Result
from ketbio.statistics import (
    hedges_g,
    proportion_difference,
    standardised_proportion_difference,
    welch_t,
)


def difference_of_means(
    question: Question,
    values: Mapping[str, FloatArray],
    pair: tuple[str, str],
    *,
    confidence_level: float,
) -> Result:
    """Return the first group's mean minus the second's, with Welch's interval and Hedges' g.

    Parameters
    ----------
    question : Question
    values : mapping of str to array
        What is known of each group; at least one value each.
    pair : tuple of str
        The two groups.
    confidence_level : float
        Of the intervals.
    """
    x, y = (values[group] for group in pair)
    found = welch_t(x, y, confidence_level=confidence_level)
    effect = hedges_g(x, y, confidence_level=confidence_level)
    return question.about(groups=pair, n={group: len(values[group]) for group in pair}).answer(
        role="description",
        estimate=found.estimate,
        estimate_name="mean difference",
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        ci_level=found.ci_level,
        ci_method=found.ci_method,
        warnings=found.warnings,
        references=("welch1947", "hedges1981"),
        **effect_fields(effect),
    )


def difference_of_percentages(
    question: Question, counts: Mapping[str, tuple[int, int]], *, confidence_level: float
) -> Result:
    """Return the first group's percentage minus the second's, with Newcombe's interval.

    Parameters
    ----------
    question : Question
    counts : mapping of str to tuple of int
        Count and n of the two groups, first minus second; n at least 1.
    confidence_level : float
        Of the interval.
    """
    first, second = counts.values()
    found = proportion_difference(first, second, confidence_level=confidence_level)
    effect = standardised_proportion_difference(first, second)
    return question.about(
        groups=tuple(counts),
        n={group: n for group, (_, n) in counts.items()},
        unit="percentage points",
    ).answer(
        role="description",
        estimate=100 * found.value,
        estimate_name="difference of percentages",
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        ci_level=found.ci_level,
        ci_method=found.ci_method,
        references=("newcombe1998", "austin2009"),
        **effect_fields(effect),
    )
