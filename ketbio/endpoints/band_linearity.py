"""The linear range of a gel: the amounts of its dilution series over which signal follows load.

A series is linear where the signal is in proportion to the amount loaded, that is where the slope
of log signal on log amount is 1 (Taylor SC et al., Mol Biotechnol 2013;55:217-226,
doi:10.1007/s12033-013-9672-6; Pillai-Kastoori L et al., Anal Biochem 2020;593:113608,
doi:10.1016/j.ab.2020.113608).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FEWEST_AMOUNTS = 3
"""Different amounts without which nothing is said: two always lie on a line."""

TOLERANCE = 20.0
"""Percent that a signal may depart from proportion; ketbio's own, as for standards of an ELISA."""

SERIES = ("gel_id", "membrane", "target", "form", "site")
"""Columns that tell one dilution series from another; lanes without a site have none."""

_ROUNDING = 1e-9
"""A mean of logs gives back a signal to this, relative."""

FloatArray = NDArray[np.float64]
Series = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearRange:
    """One dilution series.

    Attributes
    ----------
    amounts, signals : ndarray, shape (n_amounts,)
        Amounts loaded, ascending, and the geometric mean signal at each.
    is_linear : ndarray of bool
        The longest run of amounts in proportion; all False where there is none.
    factor : float
        Signal per amount in that run (geometric mean); NaN where there is none.
    """

    amounts: FloatArray
    signals: FloatArray
    is_linear: NDArray[np.bool_]
    factor: float

    @property
    def departures(self) -> FloatArray:
        """Percent by which each signal departs from proportion with the linear run."""
        return 100 * (self.signals / (self.factor * self.amounts) - 1)

    @property
    def lowest(self) -> float:
        """The lowest amount of the linear run; NaN where there is none."""
        return float(self.amounts[self.is_linear].min()) if self.is_linear.any() else np.nan

    @property
    def highest(self) -> float:
        """The highest amount of the linear run; NaN where there is none."""
        return float(self.amounts[self.is_linear].max()) if self.is_linear.any() else np.nan


def linear_ranges(
    bands: pd.DataFrame, *, tolerance: float = TOLERANCE
) -> dict[Series, LinearRange]:
    """Return the linear range of every dilution series.

    Parameters
    ----------
    bands : DataFrame
        Bands with ``signal``, ``fault``, ``membrane`` and ``role``; without ``load_amount`` there
        is no series.
    tolerance : float
        Percent.

    Returns
    -------
    dict
        Gel, membrane, target, form and site → its range.
    """
    if "load_amount" not in bands.columns:
        return {}
    usable = (bands["role"] == "dilution") & (bands["fault"] == "") & (bands["load_amount"] > 0)
    lanes = bands[usable]
    keys = [series_of(band) for _, band in lanes.iterrows()]
    found: dict[Series, LinearRange] = {}
    for key in dict.fromkeys(keys):
        own = lanes[[one == key for one in keys]]
        found[key] = linear_range(
            own["load_amount"].to_numpy(dtype=float), own["signal"].to_numpy(dtype=float), tolerance
        )
    return found


def series_of(band: "pd.Series[Any]") -> Series:
    """Return the dilution series that a band would belong to."""
    return tuple("" if pd.isna(band.get(name)) else str(band[name]) for name in SERIES)


def linear_range(amounts: FloatArray, signals: FloatArray, tolerance: float) -> LinearRange:
    """Return the longest run of amounts whose signals are in proportion within a tolerance.

    Parameters
    ----------
    amounts, signals : ndarray, shape (n_lanes,)
        Above 0; lanes of one amount count as their geometric mean.
    tolerance : float
        Percent that each signal of the run may depart from amount × the run's mean signal per
        amount. Of runs as long, the one that departs least is taken.

    Examples
    --------
    >>> found = linear_range(np.array([5.0, 10, 20, 40]), np.array([50.0, 100, 200, 250]), 20.0)
    >>> found.lowest, found.highest
    (5.0, 20.0)
    """
    levels = np.unique(amounts)
    means = np.exp([np.log(signals[amounts == one]).mean() for one in levels])
    n = len(levels)
    factors = np.log(means) - np.log(levels)
    runs = []
    for first in range(n):
        for last in range(first + FEWEST_AMOUNTS, n + 1):
            run = factors[first:last]
            worst = 100 * float(np.abs(np.exp(run - run.mean()) - 1).max())
            if worst <= tolerance:
                runs.append((first - last, worst, first, last))
    is_linear = np.zeros(n, dtype=np.bool_)
    factor = np.nan
    if runs:
        _, _, first, last = min(runs)
        is_linear[first:last] = True
        factor = float(np.exp(factors[first:last].mean()))
    return LinearRange(amounts=levels, signals=means, is_linear=is_linear, factor=factor)


def linearity_words(band: "pd.Series[Any]", ranges: Mapping[Series, LinearRange]) -> str:
    """Return what is to be said of a band beyond its gel's linear range; empty where nothing is."""
    found = ranges.get(series_of(band))
    if found is None or band["fault"]:
        return ""
    if len(found.amounts) < FEWEST_AMOUNTS:
        return f"{band['form']} band not checked for linearity: above two dilutions are wanted"
    if np.isnan(found.factor):
        return f"{band['form']} band of a gel with no linear range above or below which to lie"
    # Held against signals that were seen, not against amounts, which would be read off a line.
    linear = found.signals[found.is_linear]
    if band["signal"] > linear.max() * (1 + _ROUNDING):
        return f"{band['form']} band above the linear range"
    if band["signal"] < linear.min() * (1 - _ROUNDING):
        return f"{band['form']} band not above the lower end of the linear range"
    return ""
