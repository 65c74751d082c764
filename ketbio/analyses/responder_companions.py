"""What stands beside a comparison of responders: other tests, descriptives, the unsplit outcome."""

from dataclasses import replace

import numpy as np
import pandas as pd

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
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.responder_statistics import STATISTICS
from ketbio.result import Result
from ketbio.statistics import (
    correlation_permutation_test,
    hedges_g,
    permutation_test,
    welch_t,
)
from ketbio.vocabulary import CENSORED, LIMIT, PARTICIPANT_ID, VALUE


def ranked_values(used: pd.DataFrame) -> FloatArray:
    """Return the values, with those below the LLOQ tied under everything that was measured."""
    numbers = used[VALUE].to_numpy(dtype=float)
    censored = (used[CENSORED] != "").to_numpy()
    if not censored.any():
        return numbers
    known = np.concatenate([numbers, used[LIMIT].to_numpy(dtype=float)])
    known = known[~np.isnan(known)]
    lowest = known.min() if len(known) else 0.0
    return np.where(censored, lowest - 1.0, numbers)


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
    question: Question, used: pd.DataFrame, _chosen: str, _settings: Settings
) -> list[Result]:
    """Return the detection rate per group: no mean exists where values are below the LLOQ."""
    made = []
    for group in question.groups:
        rows = used[used["group"] == group]
        seen = int((rows[CENSORED] == "").sum())
        made.append(
            count_line(question, seen, group=group, n=len(rows), name="at or above the LLOQ")
        )
    return made


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
