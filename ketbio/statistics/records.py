"""The frozen records that the statistical functions hand back."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.record_words import (
    estimate_in_words,
    p_in_words,
    shown,
    sizes_in_words,
)
from ketbio.wording import format_number, format_p

NAN = float("nan")

FloatArray = NDArray[np.float64]

SHOWN_MARKERS = 20
"""Markers that a record of many shows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PermutationTest:
    """What a permutation test found.

    Attributes
    ----------
    statistic : float
        The observed statistic, in the units of the data (rank statistics: in ranks).
    statistic_name : str
        ``"mean difference"``, ``"rank sum of x"``, ``"mean of differences"``,
        ``"sum of positive ranks"``, ``"Pearson r"``, ``"Spearman rho"``, ``"Kendall tau-b"``.
    estimate : float
        What the interval is about: the shift (x − y) or the correlation.
    estimate_name : str
        ``"mean difference"``, ``"Hodges–Lehmann shift"``, ``"Pearson r"`` …
    p_value : float
        The share of arrangements at least as extreme as the observed one (Monte Carlo:
        ``(b + 1)/(m + 1)``).
    method : str
        ``"exact, 462 arrangements"`` or ``"9,999 draws"``; ``", mid-p"`` and where drawing was
        stopped are said here too.
    p_definition : str
        What p is the share of, in symbols: ``"share of arrangements with |T − E T| ≥ |t − E T|"``.
    algorithm : str
        ``"enumeration"``, ``"meet in the middle"``, ``"shift algorithm"`` or ``"Monte Carlo"``.
    is_exact : bool
        Whether every arrangement was counted, and all are equally likely under the null hypothesis
        (residuals left by covariates never are).
    n_arrangements : int
        How many arrangements the design allows (drawn or not).
    p_floor : float
        The smallest p that this design, with the ties that are there, can give.
    design_floor : float
        The same where every arrangement is counted, however many were drawn; 0 or NaN where it is
        not known.
    true_size : float
        How often p falls below 1 − ``ci_level`` (below 0.05 without an interval) if the null
        hypothesis holds: at most that level, and less where p moves in steps; NaN where the
        arrangements are too many to list, and the steps too small to matter.
    p_interval : tuple of two floats
        99 % interval of a drawn p (Clopper–Pearson); NaN when exact.
    ci_low, ci_high : float
        Confidence limits of ``estimate``; infinite where the design cannot give one, NaN where
        none were asked for. Where they invert the test, shifts with p ≥ α = 1 − ``ci_level`` are
        inside: p < 1 − ``ci_level`` exactly when the interval excludes the null (but for ties at
        zero in rank tests, with a warning).
    ci_level : float
        Confidence level, 0 to 1; NaN where no interval was asked for.
    ci_method : str
        How the interval was made; empty where there is none.
    null_value : float
        What ``estimate`` is under the null hypothesis: 0, or 0.5 for a probability of superiority.
    alternative : str
        ``"two-sided"``, ``"less"``, ``"greater"`` or ``"two-sided-doubled"``.
    n : tuple of int
        Values per group (one number for pairs).
    seed : int or None
        The seed of the draws; None where nothing was drawn.
    warnings : tuple of str
        Sentences that a reader of the p value must see.
    null_distribution : array of shape (arrangements,) or (draws,), or None
        The statistic over the arrangements, read-only and sorted; None where not listed.
    """

    statistic: float
    statistic_name: str
    estimate: float
    estimate_name: str
    p_value: float
    method: str
    algorithm: str
    is_exact: bool
    n_arrangements: int
    p_floor: float
    design_floor: float = NAN
    p_definition: str = ""
    true_size: float = NAN
    p_interval: tuple[float, float] = (NAN, NAN)
    ci_low: float = NAN
    ci_high: float = NAN
    ci_level: float = 0.95
    ci_method: str = ""
    null_value: float = 0.0
    alternative: str = "two-sided"
    n: tuple[int, ...] = ()
    seed: int | None = None
    warnings: tuple[str, ...] = ()
    null_distribution: FloatArray | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """Return the test in a line, and its warnings below."""
        return shown(
            "PermutationTest",
            estimate_in_words(
                self.estimate_name,
                self.estimate,
                self.ci_low,
                self.ci_high,
                level=self.ci_level,
                method=self.ci_method,
            ),
            p_in_words(self.p_value, self.method, self.alternative),
            sizes_in_words(self.n),
            warnings=self.warnings,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its interval.

    Attributes
    ----------
    value : float
        The estimate.
    name : str
        What it is, as written for readers.
    ci_low, ci_high : float
        Confidence limits; NaN where there is no interval (a warning says why).
    ci_level : float
        Confidence level, 0 to 1.
    ci_method : str
        How the interval was made.
    n : tuple of int
        Values per group (one number for pairs).
    warnings : tuple of str
        Sentences that a reader of the number must see.
    """

    value: float
    name: str
    ci_low: float = NAN
    ci_high: float = NAN
    ci_level: float = 0.95
    ci_method: str = ""
    n: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TTest:
    """A t test with the interval that belongs to it.

    Attributes
    ----------
    estimate : float
        The mean, the mean difference or the mean of the differences, in the data's units.
    estimate_name : str
        Which of these.
    standard_error : float
        Of the estimate, in the data's units.
    df : float
        Degrees of freedom (Welch–Satterthwaite: not whole).
    t : float
        estimate / standard_error.
    p_value : float
        Two-sided, against zero.
    ci_low, ci_high : float
        Confidence limits, in the data's units.
    ci_level : float
        Confidence level, 0 to 1.
    ci_method : str
        ``"t"``, ``"paired t"`` or ``"Welch t"``.
    n : tuple of int
        Values per group (one number for pairs).
    warnings : tuple of str
        Sentences that a reader of the numbers must see.
    """

    estimate: float
    estimate_name: str
    standard_error: float
    df: float
    t: float
    p_value: float
    ci_low: float
    ci_high: float
    ci_level: float
    ci_method: str
    n: tuple[int, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancova:
    """Two groups compared after adjustment for a baseline value.

    Attributes
    ----------
    difference : TTest
        The adjusted mean difference x − y, in units of the later value.
    adjusted_mean_x, adjusted_mean_y : float
        What the model expects of each group at everybody's mean covariates, in the same units.
    """

    difference: TTest
    adjusted_mean_x: float
    adjusted_mean_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A sample in a few numbers, all but ``n`` in the data's units.

    Attributes
    ----------
    n : int
        Number of values.
    mean, sd : float
        Mean and standard deviation (n − 1 below; NaN for one value).
    median, quartile_low, quartile_high : float
        Quantiles .5, .25 and .75 by ``quantile_method``.
    minimum, maximum : float
        The range.
    quantile_method : str
        ``"type 7"`` of Hyndman & Fan (1996), the default of R and NumPy.
    """

    n: int
    mean: float
    sd: float
    median: float
    quartile_low: float
    quartile_high: float
    minimum: float
    maximum: float
    quantile_method: str = "type 7"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdjustedP:
    """P values adjusted for how many there are.

    Attributes
    ----------
    p_adjusted : array of shape (n_tests,)
        In the order given; NaN where the p value was NaN.
    method : str
        The word that was asked for.
    label : str
        The method as written for readers: ``"Holm"``, ``"Benjamini–Hochberg"``, ``"none"``.
    n_tests : int
        How many p values the adjustment counted (those that are not NaN).
    """

    p_adjusted: FloatArray
    method: str
    label: str
    n_tests: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeaveOneOut:
    """A test repeated with each observation left out in turn.

    Attributes
    ----------
    estimates : array of shape (n,)
        The estimate without observation i: x first, then y (pairs: one per pair). NaN where
        nothing is left to estimate from.
    p_values : array of shape (n,)
        The p value without observation i.
    estimate_name : str
        What the estimates are.
    is_exact : bool
        Whether every one of the p values is exact.
    n : tuple of int
        Values per group (one number for pairs) before leaving any out.
    warnings : tuple of str
        Sentences that a reader of the numbers must see.
    """

    estimates: FloatArray
    p_values: FloatArray
    estimate_name: str
    is_exact: bool
    n: tuple[int, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignFacts:
    """What a design can show, whatever its result.

    Attributes
    ----------
    statistic_name : str
        What would be permuted.
    n : tuple of int
        Values per group (one number for pairs).
    n_arrangements : int
        How many arrangements the design allows.
    p_floor : dict of str to float
        Alternative → the smallest p that can come out, given the ties that are there.
    true_size : dict of str to float
        Alternative → how often p falls below ``alpha`` if the null hypothesis holds; NaN where
        arrangements are too many to list and steps too fine to matter.
    alpha : float
        The level.
    n_tests : int
        How many tests the plan adjusts for.
    adjustment : str
        By what: ``"Holm"`` …, or ``"none"``.
    p_floor_adjusted : dict of str to float
        Alternative → the smallest p after the adjustment: the other tests of the family at p = 1,
        or in a step-up method (Hochberg, Benjamini–Hochberg, –Yekutieli) all at the floor.
    is_attainable : dict of str to bool
        Alternative → whether a p below ``alpha`` can come out after the adjustment.
    warnings : tuple of str
        Sentences on the two-sided test.
    """

    statistic_name: str
    n: tuple[int, ...]
    n_arrangements: int
    p_floor: dict[str, float]
    true_size: dict[str, float]
    alpha: float
    n_tests: int
    adjustment: str
    p_floor_adjusted: dict[str, float]
    is_attainable: dict[str, bool]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MaxTTest:
    """Many markers tested with one set of permutations.

    Attributes
    ----------
    names : tuple of str
        The markers: columns of the table given, or their numbers from 1.
    statistics : array of shape (k,)
        Per marker; 0 where there is nothing to compare, infinite where the values within groups
        do not vary.
    statistic_name : str
        ``"Student t"``, or ``"z within blocks"``: the sum of deviations over its standard
        deviation.
    estimates : array of shape (k,)
        Mean difference, mean of differences or correlation, in the markers' units; NaN where
        there is none.
    estimate_name : str
        Which of these.
    p_values : array of shape (k,)
        Of each marker alone, from the same permutations.
    p_adjusted : array of shape (k,)
        Step-down adjusted over all markers; never below ``p_values``.
    p_adjusted_interval : array of shape (k, 2)
        99 % interval of a drawn ``p_adjusted`` (Clopper–Pearson); NaN where it is exact.
    is_tested : array of bool, shape (k,)
        False where nothing can be compared: those have p = 1.
    order : array of int, shape (k,)
        Markers from the most extreme to the least; ``p_adjusted[order]`` never falls.
    n : array of int, shape (k, groups)
        Values per marker and group (one column for pairs and correlations).
    method : str
        ``"exact, 462 arrangements"`` or ``"9,999 draws"``.
    is_exact : bool
        Whether every arrangement was counted.
    n_arrangements : int
        How many arrangements the design allows (drawn or not).
    p_floor : float
        The smallest adjusted p that can come out: the share of arrangements (of those counted)
        whose most extreme marker is as extreme as in any.
    alternative : str
        ``"two-sided"``, ``"less"`` or ``"greater"``.
    adjustment : str
        ``"step-down max T"`` or ``"step-down min p"``.
    seed : int or None
        The seed of the draws; None where nothing was drawn.
    warnings : tuple of str
        Sentences that a reader of the p values must see.
    """

    names: tuple[str, ...]
    statistics: FloatArray
    statistic_name: str
    estimates: FloatArray
    estimate_name: str
    p_values: FloatArray
    p_adjusted: FloatArray
    p_adjusted_interval: FloatArray
    is_tested: NDArray[np.bool_]
    order: NDArray[np.intp]
    n: NDArray[np.int64]
    method: str
    is_exact: bool
    n_arrangements: int
    p_floor: float
    alternative: str
    adjustment: str
    seed: int | None = None
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the markers from the most extreme, a line each, and the warnings below."""
        head = shown(
            "MaxTTest",
            f"{self.adjustment} over {len(self.names)} markers ({self.method}; {self.alternative})",
            warnings=self.warnings,
        )
        lines = [
            f"  {self.names[place]}: {self.estimate_name} {format_number(self.estimates[place])}, "
            f"{format_p(self.p_values[place])}, adjusted {format_p(self.p_adjusted[place])}"
            for place in self.order[:SHOWN_MARKERS].tolist()
        ]
        rest = len(self.names) - len(lines)
        return "\n".join([head, *lines, *([f"  … and {rest} more"] if rest else [])])
