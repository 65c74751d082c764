"""Two numbers per participant correlated: test, interval, leave-one-out, and what stands beside.

The analyses that correlate differ in what the two numbers are, and in what has to be said of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import pandas as pd

from ketbio.analyses.adjusted import adjust_slope
from ketbio.analyses.companions import (
    FloatArray,
    mean_line,
    permutation_fields,
    without_repeats,
)
from ketbio.analyses.correlations import CITED
from ketbio.analyses.covariates import Covariates
from ketbio.analyses.limits import (
    bounded_limits,
    contradiction,
    influence,
    leave_one_out_table,
)
from ketbio.analyses.question import Question, Settings
from ketbio.result import Result
from ketbio.statistics import (
    PermutationTest,
    correlation_permutation_test,
    leave_one_out_correlation,
)
from ketbio.statistics.correlation import FISHER_METHODS, fisher_interval
from ketbio.vocabulary import PARTICIPANT_ID

NO_INTERVAL = {"ci_low": float("nan"), "ci_high": float("nan"), "ci_method": ""}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """What is correlated, and of whom.

    Attributes
    ----------
    question : Question
        What the correlation answers; its ``n`` counts the rows of ``data``.
    data, excluded : DataFrame
        As a `Result` keeps them.
    x, y : array of shape (n,)
        The numbers, in the order of ``data``.
    described : sequence of Question
        What x and y are, for their means; empty where no mean exists.
    slope_unit : str
        Of y per x, for a slope adjusted for covariates.
    limits : tuple of str
        What has to be said of these numbers, last of all.
    """

    question: Question
    data: pd.DataFrame
    excluded: pd.DataFrame
    x: FloatArray
    y: FloatArray
    described: Sequence[Question] = ()
    slope_unit: str = ""
    limits: tuple[str, ...] = ()

    @property
    def ids(self) -> list[str]:
        """Whose numbers these are."""
        return list(self.data[PARTICIPANT_ID])

    @property
    def rows(self) -> dict[str, pd.DataFrame]:
        """Fields of a `Result`."""
        return {"data": self.data, "excluded": self.excluded}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlating:
    """How the pairs of one call are correlated.

    Attributes
    ----------
    method : str
        A word of `METHODS`.
    settings : Settings
        How to test.
    covariates : Covariates
        What a slope beside it is adjusted for.
    hypothesis : str
        The sentence that says what the test is of.
    is_brief : bool
        Whether nobody is left out in turn and no other correlation stands beside it: of very many
        pairs.
    """

    method: str
    settings: Settings
    covariates: Covariates
    hypothesis: str
    is_brief: bool = False


def correlate_pairs(pairs: Pairs, how: Correlating) -> Result:
    """Return the correlation with all that stands beside it.

    Parameters
    ----------
    pairs : Pairs
        At least `LEAST_PAIRS`, neither side constant.
    how : Correlating
        How.
    """
    question, settings, ids = pairs.question, how.settings, pairs.ids
    blocks = settings.blocks.of(ids)
    test = correlation_permutation_test(
        pairs.x, pairs.y, statistic=how.method, blocks=blocks, **settings.test
    )
    interval = _interval(test, how.method, ids, settings)
    stability = {} if how.is_brief else _left_out(pairs, how, test)
    adjusted = adjust_slope(
        question.about(unit=pairs.slope_unit), pairs.data, how.covariates, settings
    )
    limits = (
        *test.warnings,
        *_contradiction(interval, test.p_value, settings),
        *bounded_limits(pairs.excluded),
        *stability.pop("said", ()),
        how.hypothesis,
        *settings.blocks.limits(ids),
        *pairs.limits,
        *adjusted.warnings,
    )
    result = question.answer(
        **permutation_fields(test) | interval | pairs.rows | stability | {"warnings": limits},
        effect_size=test.estimate,
        effect_size_name=test.estimate_name,
        effect_size_ci=(interval["ci_low"], interval["ci_high"]),
        effect_size_ci_method=interval["ci_method"],
        references=CITED[how.method],
        companions=(*_companions(pairs, how), *adjusted.companions),
    )
    return without_repeats(result)


def _left_out(pairs: Pairs, how: Correlating, test: PermutationTest) -> dict[str, Any]:
    """Return the table of leaving out one at a time, and what it says."""
    ids, settings = pairs.ids, how.settings
    found = leave_one_out_correlation(
        pairs.x,
        pairs.y,
        statistic=how.method,
        blocks=settings.blocks.of(ids),
        **settings.leaving,
    )
    return {
        "leave_one_out": leave_one_out_table(found, ids),
        "said": influence(found, ids, test.p_value),
    }


def _contradiction(interval: dict[str, Any], p_value: float, settings: Settings) -> tuple[str, ...]:
    """Compare interval and test where they are of the same question: both two-sided."""
    if settings.alternative not in ("two-sided", "two-sided-doubled"):
        return ()
    return contradiction(
        interval["ci_low"], interval["ci_high"], p_value, settings.confidence_level
    )


def _interval(
    test: PermutationTest, method: str, ids: Sequence[str], settings: Settings
) -> dict[str, Any]:
    """Return Fisher's interval, two-sided whatever the test, or else that of the test."""
    if settings.blocks.count(ids) > 1 or method not in FISHER_METHODS:
        made = {"ci_low": test.ci_low, "ci_high": test.ci_high, "ci_method": test.ci_method}
        return made if not isnan(test.ci_low) else NO_INTERVAL
    low, high = fisher_interval(method, test.estimate, len(ids), settings.confidence_level)
    return {
        "ci_low": low,
        "ci_high": high,
        "ci_method": f"{FISHER_METHODS[method]}, two-sided",
    }


def _companions(pairs: Pairs, how: Correlating) -> tuple[Result, ...]:
    means = [
        mean_line(question, numbers, group="pairs")
        for question, numbers in zip(pairs.described, (pairs.x, pairs.y), strict=False)
    ]
    # Without means there are ranks only, and no correlation of numbers to stand beside.
    return (*means,) if how.is_brief or not means else (_other(pairs, how), *means)


def _other(pairs: Pairs, how: Correlating) -> Result:
    """Return the correlation by ranks beside one of numbers, and the other way round."""
    return correlation_beside(
        pairs.question, pairs, "spearman" if how.method == "pearson" else "pearson", how.settings
    )


def correlation_beside(question: Question, pairs: Pairs, method: str, settings: Settings) -> Result:
    """Return a correlation as a companion: its test and interval, and nothing beside it."""
    beside, ids = settings.beside, pairs.ids
    test = correlation_permutation_test(
        pairs.x, pairs.y, statistic=method, blocks=beside.blocks.of(ids), **beside.test
    )
    interval = _interval(test, method, ids, beside)
    return question.answer(
        **permutation_fields(test) | interval | {"role": "sensitivity"}, references=CITED[method]
    )
