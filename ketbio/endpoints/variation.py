"""The coefficient of variation of replicates, as every note of them gives it."""

import numpy as np
from numpy.typing import NDArray


def cv_percent(values: NDArray[np.float64]) -> float:
    """Return SD (n − 1) over mean in percent; NaN of fewer than two, of a NaN or of a mean of 0.

    Examples
    --------
    >>> round(cv_percent(np.array([9.0, 11.0])), 2)
    14.14
    """
    if len(values) < 2 or np.isnan(values).any() or values.mean() == 0:
        return float("nan")
    return 100 * float(values.std(ddof=1) / values.mean())
