"""What hangs on a primary result: the same question by other methods, and the descriptives."""

from dataclasses import replace
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ketbio.analyses.question import Question
from ketbio.result import Result
from ketbio.statistics import Estimate, PermutationTest, TTest, describe

FloatArray = NDArray[np.float64]


def mean_line(question: Question, values: FloatArray, *, group: str, **fields: Any) -> Result:
    """Return mean and SD of one group."""
    found = describe(values)
    return question.about(groups=(group,), n={group: found.n}).answer(
        role="description",
        estimate=found.mean,
        estimate_name="mean",
        spread=found.sd,
        **fields,
    )


def median_line(question: Question, values: FloatArray, *, group: str) -> Result:
    """Return the median of one group with its quartiles in place of an interval."""
    found = describe(values)
    return question.about(groups=(group,), n={group: found.n}).answer(
        role="description",
        estimate=found.median,
        estimate_name="median",
        ci_low=found.quartile_low,
        ci_high=found.quartile_high,
        ci_level=0.5,
        ci_method=f"quartiles, {found.quantile_method}; a range of the data, "
        "not a confidence interval",
    )


def count_line(
    question: Question, count: int, *, group: str, n: int, name: str, **fields: Any
) -> Result:
    """Return a count as a percentage of one group; the count itself is ``statistic``."""
    return question.about(groups=(group,), n={group: n}, unit="%").answer(
        role="description",
        estimate=100 * count / n,
        estimate_name=name,
        statistic=float(count),
        statistic_name="count",
        **fields,
    )


def from_t(question: Question, test: TTest, *, references: tuple[str, ...]) -> Result:
    """Return a t test as a sensitivity companion."""
    return question.answer(
        role="sensitivity",
        estimate=test.estimate,
        estimate_name=test.estimate_name,
        ci_low=test.ci_low,
        ci_high=test.ci_high,
        ci_level=test.ci_level,
        ci_method=test.ci_method,
        statistic=test.t,
        statistic_name=f"t({test.df:.4g})",
        p_value=test.p_value,
        p_method=f"{test.ci_method} test, which assumes normal values",
        is_exact=False,
        alternative="two-sided",
        warnings=test.warnings,
        references=references,
    )


def from_permutation(
    question: Question, test: PermutationTest, *, references: tuple[str, ...]
) -> Result:
    """Return a permutation test as a sensitivity companion."""
    return question.answer(role="sensitivity", references=references, **permutation_fields(test))


def permutation_fields(test: PermutationTest) -> dict[str, Any]:
    """Return the fields of a `Result` that a permutation test fills."""
    return {
        "estimate": test.estimate,
        "estimate_name": test.estimate_name,
        "ci_low": test.ci_low,
        "ci_high": test.ci_high,
        "ci_level": test.ci_level,
        "ci_method": test.ci_method,
        "null_value": test.null_value,
        "statistic": test.statistic,
        "statistic_name": test.statistic_name,
        "p_value": test.p_value,
        "p_method": test.method,
        "p_definition": test.p_definition,
        "true_size": test.true_size,
        "p_interval": test.p_interval,
        "is_exact": test.is_exact,
        "p_floor": test.p_floor,
        "n_arrangements": test.n_arrangements,
        "alternative": test.alternative,
        "seed": test.seed,
        "null_distribution": test.null_distribution,
        "warnings": test.warnings,
    }


def effect_fields(found: Estimate) -> dict[str, Any]:
    """Return the fields of a `Result` that a standardised effect fills."""
    return {
        "effect_size": found.value,
        "effect_size_name": found.name,
        "effect_size_ci": (found.ci_low, found.ci_high),
        "effect_size_ci_method": found.ci_method,
    }


def interval_fields(found: Estimate) -> dict[str, Any]:
    """Return the interval of an estimate as fields of a `Result`."""
    return {"ci_low": found.ci_low, "ci_high": found.ci_high, "ci_method": found.ci_method}


def from_estimate(question: Question, found: Estimate, *, references: tuple[str, ...]) -> Result:
    """Return an estimate without a test as a sensitivity companion; it has no unit."""
    return question.about(unit="").answer(
        role="sensitivity",
        estimate=found.value,
        estimate_name=found.name,
        ci_level=found.ci_level,
        warnings=found.warnings,
        references=references,
        **interval_fields(found),
    )


def without_repeats(result: Result) -> Result:
    """Return the result with companions that do not repeat what it says itself.

    A companion without the p value that it should have keeps every sentence: one of them says why.
    """
    said = set(result.warnings)
    companions = tuple(
        one
        if isnan(one.p_value)
        else replace(one, warnings=tuple(line for line in one.warnings if line not in said))
        for one in result.companions
    )
    return replace(result, companions=companions)
