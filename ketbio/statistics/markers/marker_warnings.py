"""What a reader of the p values of many markers must be told."""

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.markers.marker_designs import MarkerDesign
from ketbio.wording import count_of, format_p

LEVEL = 0.05
"""Level that the smallest adjusted p is told against."""

COULD_NOT_BE_TESTED = "could not be tested and got p = 1"
"""What the warning of markers without anything to compare says of them."""


def is_idle(markers: MarkerDesign) -> NDArray[np.bool_]:
    """Return which markers have nothing to compare."""
    return np.asarray(np.isnan(markers.estimates) | ~markers.can_vary)


def missing_warning(markers: MarkerDesign) -> tuple[str, ...]:
    """Say how many markers lack values."""
    short = markers.n_missing[markers.n_missing > 0]
    if not short.size:
        return ()
    k = markers.n_missing.size
    have = "has" if short.size == 1 else "have"
    most = f"{short.min()}" if short.min() == short.max() else f"{short.min()} to {short.max()}"
    return (
        f"{short.size} of {count_of(k, 'marker')} {have} missing values ({most} of "
        f"{markers.arrangements.observed.size} participants); each statistic is formed from those "
        "that are there in each arrangement.",
    )


def idle_warning(markers: MarkerDesign, names: tuple[str, ...]) -> tuple[str, ...]:
    """Say which markers have p = 1 because nothing can be compared."""
    empty = is_idle(markers)
    if not empty.any():
        return ()
    places = np.flatnonzero(empty)
    shown = ", ".join(names[place] for place in places[:5]) + (", …" if places.size > 5 else "")
    return (
        f"{count_of(places.size, 'marker')} {COULD_NOT_BE_TESTED} ({shown}): constant, without "
        "values in a group, or with too few values.",
    )


def floor_warning(floor: float) -> tuple[str, ...]:
    """Say so where no marker can pass the usual level after the adjustment."""
    if floor < LEVEL:
        return ()
    return (
        "The smallest adjusted p value that these arrangements can give is "
        f"{format_p(floor, symbol=False)}, not below {LEVEL:g}: no marker can be significant at "
        "that level.",
    )
