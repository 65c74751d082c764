"""Two arms compared in the time to an event: restricted means, and the log-rank test."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from scipy import stats

from ketbio.analyses.event_curves import ArmTimes, event_lines
from ketbio.analyses.limits import contradiction
from ketbio.analyses.question import Question, Settings
from ketbio.result import Result
from ketbio.statistics.kaplan_meier import restricted_mean_difference
from ketbio.statistics.log_rank import LogRankTest, log_rank_test

PERMUTED = (
    "The log-rank test deals the arms anew among all who were followed: exact where, were the "
    "treatments alike, leaving would be alike in both arms too."
)
RATIO = (
    "Peto's one-step hazard ratio takes the ratio of hazards to be the same at all times, and is "
    "too near 1 where the arms differ much."
)


def compared(
    question: Question,
    first: ArmTimes,
    second: ArmTimes,
    *,
    event: str,
    until: float | None,
    settings: Settings,
    rows: Mapping[str, pd.DataFrame],
    limits: tuple[str, ...],
) -> Result:
    """Return the difference in restricted mean time with the log-rank test, and what is beside it.

    Parameters
    ----------
    question : Question
    first, second : ArmTimes
        The arm and its reference.
    event : str
    until : float or None
        The last day on which both curves are known where None.
    settings : Settings
    rows : mapping of str to DataFrame
        ``data`` and ``excluded``.
    limits : tuple of str
        Sentences.
    """
    level = settings.confidence_level
    horizon = _known_in_both(first, second) if until is None else until
    found = restricted_mean_difference(first.curve, second.curve, horizon)
    test = log_rank_test(
        (first.days, first.is_event),
        (second.days, second.is_event),
        exact=settings.exact,
        n_resamples=settings.n_resamples,
        seed=settings.seed,
    )
    return question.answer(
        **rows,
        estimate=found.value,
        estimate_name=f"difference in {horizon:.4g}-day mean time without {event}",
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        ci_level=level,
        ci_method=found.ci_method,
        **_log_rank_fields(test),
        warnings=(
            *limits,
            *test.warnings,
            *found.warnings,
            *contradiction(found.ci_low, found.ci_high, test.p_value, level),
            PERMUTED,
        ),
        references=("kaplan1958", "greenwood1926", "royston2013", "peto1972"),
        companions=(
            *event_lines(question, first, event, until=horizon),
            *event_lines(question, second, event, until=horizon),
            *_chi_square(question, test, event, level),
        ),
    )


def _known_in_both(first: ArmTimes, second: ArmTimes) -> float:
    """Return the last day on which both curves are known; that of the last event if all had it."""
    curves = (first.curve, second.curve)
    known = min(one.known_until for one in curves)
    return known if math.isfinite(known) else max(float(one.times[-1]) for one in curves)


def _log_rank_fields(test: LogRankTest) -> dict[str, Any]:
    """Return the fields that the permutation test of the log-rank scores fills."""
    found = test.permutation
    if found is None:
        return {}
    return {
        "statistic": test.observed - test.expected,
        "statistic_name": "observed − expected events",
        "p_value": found.p_value,
        "p_method": f"log-rank, {found.method}",
        "p_definition": found.p_definition,
        "p_interval": found.p_interval,
        "true_size": found.true_size,
        "is_exact": found.is_exact,
        "p_floor": found.p_floor,
        "n_arrangements": found.n_arrangements,
        "alternative": found.alternative,
        "seed": found.seed,
    }


def _chi_square(question: Question, test: LogRankTest, event: str, level: float) -> list[Result]:
    """Return the log-rank test by chi-square with Peto's hazard ratio; none without a variance."""
    if not test.variance > 0:
        return []
    log_ratio = (test.observed - test.expected) / test.variance
    width = float(stats.norm.ppf((1 + level) / 2)) / math.sqrt(test.variance)
    low, ratio, high = (_exp(log_ratio + one) for one in (-width, 0.0, width))
    return [
        question.about(unit="").answer(
            role="sensitivity",
            estimate=ratio,
            estimate_name=f"hazard ratio of {event} (Peto, one step)",
            null_value=1.0,
            ci_low=low,
            ci_high=high,
            ci_level=level,
            ci_method="normal, log-rank variance",
            statistic=test.chi_square,
            statistic_name="chi-square(1)",
            p_value=test.p_chi_square,
            p_method="log-rank chi-square, an approximation for large groups",
            is_exact=False,
            alternative="two-sided",
            warnings=(RATIO,),
            references=("mantel1966", "peto1972"),
        )
    ]


def _exp(power: float) -> float:
    return math.exp(min(power, 700.0))
