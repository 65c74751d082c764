"""What stands beside a comparison of responders: other tests, descriptives, the unsplit outcome."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.companions import (
    FloatArray,
    count_line,
    from_estimate,
    from_permutation,
    from_t,
    interval_fields,
    mean_line,
    permutation_fields,
)
from ketbio.analyses.correlations import CITED, CORRELATIONS, LEAST_PAIRS
from ketbio.analyses.limits import beyond_words
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.responder_statistics import STATISTICS
from ketbio.result import Result
from ketbio.statistics import (
    correlation_permutation_test,
    hedges_g,
    permutation_test,
    proportion_interval,
    welch_t,
)
from ketbio.vocabulary import CENSORED, LIMIT, PARTICIPANT_ID, VALUE

BoolArray = NDArray[np.bool_]


def ranked_values(used: pd.DataFrame) -> FloatArray:
    """Return the values, with what is beyond a limit tied under or over all that was measured."""
    numbers = used[VALUE].to_numpy(dtype=float)
    censored = used[CENSORED].to_numpy()
    if not (censored != "").any():
        return numbers
    known = np.concatenate([numbers, used[LIMIT].to_numpy(dtype=float)])
    known = known[~np.isnan(known)]
    lowest, highest = (known.min(), known.max()) if len(known) else (0.0, 0.0)
    beyond = np.where(censored == "left", lowest - 1.0, highest + 1.0)
    return np.where(censored == "", numbers, beyond)


def tests_beside(
    question: Question, used: pd.DataFrame, chosen: str, settings: Settings
) -> list[Result]:
    """Return means, Welch's t test, the other permutation test and the other effect size."""
    numbers = ranked_values(used)
    x, y = (numbers[(used["group"] == group).to_numpy()] for group in question.groups)
    made = [
        mean_line(question, values, group=group)
        for group, values in zip(question.groups, (x, y), strict=True)
    ]
    level = settings.confidence_level
    if min(len(x), len(y)) > 1 and np.ptp(x) + np.ptp(y) > 0:
        made.append(
            from_t(question, welch_t(x, y, confidence_level=level), references=("welch1947",))
        )
    other = "rank_sum" if chosen == "mean_difference" else "mean_difference"
    blocks = settings.blocks.of(used[PARTICIPANT_ID])
    test = permutation_test(x, y, statistic=other, blocks=blocks, **settings.test)
    made.append(from_permutation(question, test, references=STATISTICS[other].cited))
    # The effect size that the primary result does not have.
    has_g = STATISTICS[chosen].effect is hedges_g
    not_shown = STATISTICS["rank_sum" if has_g else "mean_difference"]
    effect = not_shown.effect(x, y, confidence_level=level)
    return [*made, from_estimate(question, effect, references=not_shown.effect_cited)]


def detection_rates(
    question: Question, used: pd.DataFrame, _chosen: str, settings: Settings
) -> list[Result]:
    """Return how many of each group were measured, and their exact comparison.

    No mean exists where values are beyond a limit.
    """
    is_seen = (used[CENSORED] == "").to_numpy()
    in_group = [(used["group"] == group).to_numpy() for group in question.groups]
    name = WITHIN[beyond_words(used[CENSORED])]
    level = settings.confidence_level
    rates = [
        detection_rate(question, is_seen[mine], group=group, name=name, level=level)
        for group, mine in zip(question.groups, in_group, strict=True)
    ]
    return [*rates, *_rates_compared(question, used, is_seen, name, settings)]


def detection_rate(
    question: Question, is_seen: BoolArray, *, group: str, name: str, level: float
) -> Result:
    """Return the percentage of one group that was measured, with its exact interval."""
    count, n = int(is_seen.sum()), is_seen.size
    found = proportion_interval(count, n, confidence_level=level)
    return count_line(
        question,
        count,
        group=group,
        n=n,
        name=name,
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        ci_level=found.ci_level,
        ci_method=found.ci_method,
        references=("clopper1934",),
    )


def _rates_compared(
    question: Question, used: pd.DataFrame, is_seen: BoolArray, name: str, settings: Settings
) -> list[Result]:
    """Return the permutation test of the two rates: Fisher's exact test, its sides as elsewhere."""
    if is_seen.all() or not is_seen.any():
        return []
    first = (used["group"] == question.groups[0]).to_numpy()
    ids = used[PARTICIPANT_ID].to_numpy()
    test = permutation_test(
        100.0 * is_seen[first],
        100.0 * is_seen[~first],
        blocks=settings.blocks.of([*ids[first], *ids[~first]]),
        confidence_level=None,
        **settings.leaving,
    )
    fields = permutation_fields(test) | {
        "estimate_name": f"difference of the percentages {name}",
        "statistic_name": "difference of percentages",
        "ci_level": settings.confidence_level,
    }
    asked = question.about(unit="percentage points")
    return [asked.answer(role="sensitivity", references=("fisher1935",), **fields)]


WITHIN = {
    "below the LLOQ": "at or above the LLOQ",
    "above the ULOQ": "at or below the ULOQ",
    "beyond the limits of quantification": "within the limits of quantification",
}
"""Where censored values lie → what is said of the others."""


def continuous_beside(question: Question, used: pd.DataFrame, settings: Settings) -> list[Result]:
    """Return the correlation with the continuous change of the scale (never the split alone)."""
    known = used[used["outcome_change"].notna()]
    statistic = "spearman" if (known[CENSORED] != "").any() else "pearson"
    a, b = ranked_values(known), known["outcome_change"].to_numpy(dtype=float)
    ids = list(known[PARTICIPANT_ID])
    if len(ids) < LEAST_PAIRS or not all(settings.blocks.vary(one, ids) for one in (a, b)):
        return []
    either = replace(settings, alternative="two-sided")
    blocks = settings.blocks.of(ids)
    test = correlation_permutation_test(a, b, statistic=statistic, blocks=blocks, **either.test)
    asked = question.about(
        outcome=f"{question.outcome}, with the continuous change of the scale",
        groups=("all",),
        n={"all": len(a)},
        unit="",
    )
    fields = permutation_fields(test) | {"role": "sensitivity"}
    if settings.blocks.count(ids) == 1:
        found = CORRELATIONS[statistic](a, b, confidence_level=settings.confidence_level)
        fields |= interval_fields(found)
    return [asked.answer(**fields, references=(*CITED[statistic], "altman2006"))]
