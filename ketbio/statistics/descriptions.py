"""A sample in a few numbers."""

import numpy as np
from numpy.typing import ArrayLike

from ketbio.statistics.inputs import as_values
from ketbio.statistics.records import Description
from ketbio.statistics.spreads import standard_deviation


def describe(x: ArrayLike) -> Description:
    """Return n, mean, SD, median, quartiles and range.

    Parameters
    ----------
    x : array-like of numbers, shape (n,)
        At least one value, none missing.

    Returns
    -------
    Description
        In the data's units; quartiles of type 7 (Hyndman & Fan 1996).

    Raises
    ------
    StatisticsError
        ``x`` cannot be used.

    Examples
    --------
    >>> found = describe([38, 27, 34, 44, 45, 33, 48, 41, 40, 41])
    >>> found.mean, round(found.sd, 3), found.median, found.quartile_low
    (39.1, 6.297, 40.5, 35.0)
    """
    values = as_values(x, "x")
    low, median, high = np.quantile(values, [0.25, 0.5, 0.75], method="linear")
    return Description(
        n=int(values.size),
        mean=float(values.mean()),
        sd=standard_deviation(values),
        median=float(median),
        quartile_low=float(low),
        quartile_high=float(high),
        minimum=float(values.min()),
        maximum=float(values.max()),
    )
