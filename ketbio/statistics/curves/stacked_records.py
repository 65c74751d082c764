"""The frozen records of many plates of one design: a row of each array is a plate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.curves.curve_records import BackCalculation, DoseResponseFit, WordArray
from ketbio.statistics.record_words import shown
from ketbio.statistics.records import NAN, FloatArray
from ketbio.wording import count_of

PARAMETER_NAMES = ("b", "c", "d", "e")
ERROR_NAMES = ("b_se", "c_se", "d_se", "e_se")
OF_A_PLATE = (
    *PARAMETER_NAMES, *ERROR_NAMES, "covariance", "residual_sd", "rss",
    "r_squared", "aicc", "pure_error_variance", "lack_of_fit_p", "well_sd", "mean_responses",
    "fitted_responses",
)  # fmt: skip
"""Attributes of a fit that differ between plates: the arrays."""
READ = ("concentration", "se", "ci_low", "ci_high", "side", "beyond", "n_wells")


OF_THE_DESIGN = (
    "df", "n_points", "n_wells", "n_concentrations", "pure_error_df", "well_df", "weights",
    "points", "concentrations", "well_counts",
)  # fmt: skip
"""Those that do not."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DoseResponseFits:
    """Four-parameter curves of many plates with the same standards.

    Attributes
    ----------
    refusals : tuple of str, length n_plates
        The sentence with which `fit_dose_response` refuses the plate; ``""`` where there is a
        curve. Numbers of a refused plate are NaN.
    warnings : tuple of tuples of str, length n_plates
        What a reader of each curve must see.
    b, c, d, e, b_se, c_se, d_se, e_se, residual_sd, rss, r_squared, aicc, pure_error_variance, \
lack_of_fit_p, well_sd : arrays of shape (n_plates,)
    covariance : array of shape (n_plates, 4, 4)
    mean_responses, fitted_responses : arrays of shape (n_plates, n_concentrations)
    df, n_points, n_wells, n_concentrations, pure_error_df, well_df : int
    weights, points : str
    concentrations, well_counts : arrays of shape (n_concentrations,)
        All as in `DoseResponseFit`; arrays are read-only.
    """

    refusals: tuple[str, ...]
    warnings: tuple[tuple[str, ...], ...]
    b: FloatArray
    c: FloatArray
    d: FloatArray
    e: FloatArray
    b_se: FloatArray
    c_se: FloatArray
    d_se: FloatArray
    e_se: FloatArray
    covariance: FloatArray
    residual_sd: FloatArray
    rss: FloatArray
    r_squared: FloatArray
    aicc: FloatArray
    pure_error_variance: FloatArray
    lack_of_fit_p: FloatArray
    well_sd: FloatArray
    mean_responses: FloatArray
    fitted_responses: FloatArray
    df: int
    n_points: int
    n_wells: int
    n_concentrations: int
    pure_error_df: int
    well_df: int
    weights: str
    points: str
    concentrations: FloatArray
    well_counts: NDArray[np.int64]

    @property
    def n_plates(self) -> int:
        """How many plates there are, refused ones too."""
        return len(self.refusals)

    @property
    def is_fitted(self) -> NDArray[np.bool_]:
        """Which plates have a curve, shape (n_plates,)."""
        return np.array([not said for said in self.refusals], dtype=np.bool_)

    @property
    def f(self) -> FloatArray:
        """The asymmetry: 1."""
        return np.ones(self.n_plates)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Of the rows of ``covariance``."""
        return PARAMETER_NAMES

    def plate(self, number: int) -> DoseResponseFit:
        """Return the fit of one plate, counted from 0, as `fit_dose_response` returns it.

        Raises
        ------
        StatisticsError
            The plate was refused (with its sentence), or there is none of that number.
        """
        check_plate(number, self.n_plates)
        if self.refusals[number]:
            raise StatisticsError(self.refusals[number])
        own: dict[str, Any] = {name: getattr(self, name)[number] for name in OF_A_PLATE}
        own |= {name: float(one) for name, one in own.items() if one.ndim == 0}
        return DoseResponseFit(
            curve="4pl",
            direction="rising" if own["b"] < 0 else "falling",
            f=1.0,
            f_se=NAN,
            parameter_names=PARAMETER_NAMES,
            ec50=own["e"],
            warnings=self.warnings[number],
            **own,
            **{name: getattr(self, name) for name in OF_THE_DESIGN},
        )

    def __repr__(self) -> str:
        """Return how many plates were fitted, and the first refusals below."""
        refused = [f"\n  plate {i}: {said}" for i, said in enumerate(self.refusals) if said]
        head = shown(
            "DoseResponseFits",
            f"{count_of(self.n_plates, 'plate')}, {len(refused)} refused",
            f"{sum(map(bool, self.warnings))} with warnings",
            warnings=(),
        )
        return head + "".join(refused[:SHOWN_REFUSALS])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BackCalculations:
    """Concentrations read off the curves of many plates.

    Attributes
    ----------
    concentration, se, ci_low, ci_high, side, beyond, n_wells : arrays
        Of shape (n_plates, n_samples). As in `BackCalculation`; NaN and ``""`` throughout the row
        of a plate whose curve was refused.
    confidence_level : float
    interval, uncertainty : str
    warnings : tuple of tuples of str, length n_plates
    """

    concentration: FloatArray
    se: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    side: WordArray
    beyond: WordArray
    n_wells: NDArray[np.int64]
    confidence_level: float
    interval: str
    uncertainty: str
    warnings: tuple[tuple[str, ...], ...]

    def plate(self, number: int) -> BackCalculation:
        """Return what was read off one plate, counted from 0.

        Raises
        ------
        StatisticsError
            There is no plate of that number.
        """
        check_plate(number, len(self.warnings))
        return BackCalculation(
            confidence_level=self.confidence_level,
            interval=self.interval,
            uncertainty=self.uncertainty,
            warnings=self.warnings[number],
            **{name: getattr(self, name)[number] for name in READ},
        )

    def __repr__(self) -> str:
        """Return how many samples lie where."""
        plates, samples = self.concentration.shape
        return shown(
            "BackCalculations",
            f"{count_of(plates, 'plate')} of {count_of(samples, 'sample')}, "
            f"{int((self.side != '').sum())} beyond an asymptote",
            f"{self.interval} intervals ({self.uncertainty})",
            warnings=(),
        )


SHOWN_REFUSALS = 5


def check_plate(number: int, n_plates: int) -> None:
    """Refuse the number of a plate that is not there."""
    if not 0 <= number < n_plates:
        raise StatisticsError(
            f"plate is {number!r}; allowed: 0 to {n_plates - 1}, counted as the rows of responses."
        )


def empty_numbers(n_plates: int, n_concentrations: int) -> dict[str, FloatArray]:
    """Return NaN for each number of each plate, by name."""
    shapes = {
        "covariance": (4, 4),
        "mean_responses": (n_concentrations,),
        "fitted_responses": (n_concentrations,),
    }
    return {name: np.full((n_plates, *shapes.get(name, ())), np.nan) for name in OF_A_PLATE}
