"""The wells of a plate: standards checked and gathered by concentration, samples counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.curves.logistic_curve import log_concentration
from ketbio.statistics.inputs import as_same_length
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardWells:
    """Wells gathered by concentration: a curve sees nothing but their means and counts.

    Attributes
    ----------
    concentrations, log_x, means : arrays of shape (g,)
        In rising order of concentration.
    counts : array of int, shape (g,)
    squares_within : array of shape (g,)
        Sums of squares of the wells about their mean.
    span : float
        The range of the means.
    log_range : tuple of float
        Logarithms of the lowest positive and the highest concentration.
    """

    concentrations: FloatArray
    log_x: FloatArray
    means: FloatArray
    counts: NDArray[np.int64]
    squares_within: FloatArray
    span: float
    log_range: tuple[float, float]

    @property
    def n_wells(self) -> int:
        """How many wells there are."""
        return int(self.counts.sum())

    @property
    def df_within(self) -> int:
        """Degrees of freedom of the replicates."""
        return self.n_wells - self.counts.size


def gather_wells(concentration: ArrayLike, response: ArrayLike, *, n_needed: int) -> StandardWells:
    """Return the standards, or refuse them.

    Parameters
    ----------
    concentration, response : array-like of numbers, shape (n_wells,)
    n_needed : int
        How many different concentrations the curve needs.

    Raises
    ------
    StatisticsError
        Not numbers, negative, or too few different concentrations.
    """
    x, y = as_same_length(concentration, response, names=("concentration", "response"))
    negative = np.flatnonzero(x < 0)
    if negative.size:
        raise StatisticsError(
            f"concentration holds {count_of(negative.size, 'negative value')} (the first, "
            f"{x[negative[0]]:g}, is value {negative[0] + 1} of {x.size}); allowed: 0 or more. "
            "Correct the standards' concentrations."
        )
    levels = np.unique(x)
    place = np.searchsorted(levels, x)
    counts = np.bincount(place)
    if levels.size < n_needed:
        raise StatisticsError(
            f"the standards have {count_of(levels.size, 'different concentration')}; allowed: at "
            f"least {n_needed} for a curve of {n_needed - 1} parameters. Add standards, or unmask "
            "those that were masked."
        )
    means = np.bincount(place, weights=y) / counts
    within = np.bincount(place, weights=(y - means[place]) ** 2).astype(np.float64)
    log_x = log_concentration(levels)
    return StandardWells(
        concentrations=levels,
        log_x=log_x,
        means=means,
        counts=counts.astype(np.int64),
        squares_within=within,
        span=float(means.max() - means.min()),
        log_range=(float(log_x[1 if levels[0] == 0 else 0]), float(log_x[-1])),
    )


def gather_plates(
    concentration: FloatArray, design: StandardWells, responses: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the wells of many plates as `gather_wells` gathers those of one, to the last digit.

    Parameters
    ----------
    concentration : array of shape (n_wells,)
    design : StandardWells
        As gathered from it.
    responses : array of shape (n_plates, n_wells)

    Returns
    -------
    means, squares_within : arrays of shape (n_plates, g)
    """
    n, g = responses.shape[0], design.counts.size
    level = np.searchsorted(design.concentrations, concentration)
    place = (np.arange(n)[:, None] * g + level).ravel()
    sums = np.bincount(place, weights=responses.ravel(), minlength=n * g).reshape(n, g)
    means = sums / design.counts
    squares = (responses - means[:, level]) ** 2
    within = np.bincount(place, weights=squares.ravel(), minlength=n * g).reshape(n, g)
    return means, within.astype(np.float64)


def well_numbers(n_wells: ArrayLike, size: int) -> FloatArray:
    """Return how many wells are behind each of ``size`` samples, or refuse the numbers."""
    given = np.asarray(n_wells)
    if given.ndim == 0:
        given = np.full(size, given)
    whole = given.dtype.kind in "iu" or (
        given.dtype.kind == "f" and bool((given == np.floor(given)).all())
    )
    if given.shape != (size,) or (size and not (whole and (given >= 1).all())):
        raise StatisticsError(
            f"n_wells is {n_wells!r}; allowed: a whole number from 1 on, or one per response "
            f"({count_of(size, 'response')})."
        )
    return given.astype(np.float64)
