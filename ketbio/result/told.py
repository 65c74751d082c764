"""What a sentence tells of a result: its estimate, or the effect where there is no estimate."""

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ketbio.result.words import QUARTILES, is_superiority
from ketbio.wording import USUAL_LEVEL

if TYPE_CHECKING:
    from ketbio.result.record import Result

CORRELATIONS = (
    "Pearson r", "Spearman", "Kendall", "percentage bend", "partial",
    "repeated-measures correlation",
)  # fmt: skip
"""How the name of an estimate begins where it is a correlation."""

_NEVER_ABOVE_1 = ("probability", "ICC", "share of", "reliability", "eta squared", "epsilon squared")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The number that a sentence is about, with its interval."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    null: float
    is_superiority: bool

    @property
    def is_known(self) -> bool:
        """Whether there is a number to tell."""
        return not math.isnan(self.value)

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval that excludes anything."""
        limits = (self.low, self.high)
        return not any(map(math.isnan, limits)) and not all(map(math.isinf, limits))

    @property
    def holds_both_sides(self) -> bool:
        """Whether the interval holds values on both sides of no difference."""
        return self.has_interval and self.low < self.null < self.high

    @property
    def is_correlation(self) -> bool:
        """Whether it is a correlation, from −1 to 1."""
        return any(word in self.name for word in CORRELATIONS)

    @property
    def is_bounded(self) -> bool:
        """Whether it cannot exceed 1, so that some houses write no zero before its point."""
        return self.unit == "" and (self.is_correlation or self.name.startswith(_NEVER_ABOVE_1))


def told_of(result: "Result") -> Told:
    """Return the estimate of a result, or its effect size where nothing was estimated."""
    if math.isnan(result.estimate) and not math.isnan(result.effect_size):
        low, high = result.effect_size_ci
        is_probability = result.effect_size_name.startswith("probability of superiority")
        return Told(
            name=result.effect_size_name,
            value=result.effect_size,
            unit="",
            low=low,
            high=high,
            null=0.5 if is_probability else 0.0,
            is_superiority=is_probability,
        )
    probability = is_superiority(result)
    return Told(
        name=result.estimate_name,
        value=result.estimate,
        unit=result.unit,
        low=result.ci_low,
        high=result.ci_high,
        null=0.5 if probability else result.null_value,
        is_superiority=probability,
    )


def is_count(result: "Result") -> bool:
    """Return whether the estimate is a percentage of a count: so many of so many."""
    return (
        result.statistic_name == "count"
        and result.statistic >= 0
        and math.isfinite(result.statistic)
    )


def is_test_alone(result: "Result") -> bool:
    """Return whether there is a test and no one estimate, nor a word why there is none."""
    has_number = not (math.isnan(result.estimate) and math.isnan(result.effect_size))
    is_known = not (math.isnan(result.statistic) and math.isnan(result.p_value))
    says_why = bool(result.estimate_name) and not re.fullmatch(_WITH_DF, result.statistic_name)
    return bool(result.p_method) and is_known and not has_number and not says_why


_WITH_DF = r"(t|F|χ²)\(.+\)"


def has_statistic(result: "Result") -> bool:
    """Return whether the statistic of a test is known by name."""
    return bool(result.statistic_name) and not math.isnan(result.statistic)


def permutation_of(result: "Result") -> "Result | None":
    """Return the permutation test beside a result; None where there is none."""
    return next((each for each in result.companions if is_permutation(each)), None)


def is_permutation(result: "Result") -> bool:
    """Return whether a companion is a permutation test that gave a p value."""
    is_beside = result.role == "sensitivity" and _PERMUTED.search(result.p_method) is not None
    return is_beside and result.p_value >= 0


_PERMUTED = re.compile(r"permut|\bdraws\b|^exact\b")


def is_range_of_data(result: "Result") -> bool:
    """Return whether the limits are quartiles, with no confidence in them."""
    return result.ci_method.startswith(QUARTILES)


def is_open(result: "Result") -> bool:
    """Return whether the test leaves the question open at the usual level."""
    p = result.p_value if math.isnan(result.p_adjusted) else result.p_adjusted
    return p > USUAL_LEVEL


def could_not_be_small(result: "Result") -> bool:
    """Return whether the design could not have given a p value at the usual level."""
    return result.p_floor > USUAL_LEVEL


def why_nothing(result: "Result") -> str:
    """Return why there is no estimate."""
    if result.warnings and not result.p_method:
        return result.warnings[0].rstrip(". ")
    return result.estimate_name or "no reason is given"
