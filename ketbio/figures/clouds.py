"""Which groups of a raincloud have a cloud: those with enough different values for one."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ketbio.figures.limits import beyond_limit
from ketbio.result import Result
from ketbio.vocabulary import VALUE

FEWEST = 10
"""With fewer different values a density would show the smoothing and not the values."""


def is_cloudy(values: ArrayLike) -> bool:
    """Return whether values are enough for a density.

    Examples
    --------
    >>> is_cloudy(range(10)), is_cloudy([1, 2] * 10)
    (True, False)
    """
    return int(np.unique(np.asarray(values, dtype=np.float64)).size) >= FEWEST


def cloudy_groups(result: Result) -> list[str]:
    """Return the groups that get a cloud: enough values, and none only known to be beyond a limit.

    Examples
    --------
    >>> rows = pd.DataFrame({"group": ["a"] * 10 + ["b"], "value": [*map(float, range(11))]})
    >>> cloudy_groups(Result(analysis="a", marker="m", outcome="", groups=(), n={}, data=rows))
    ['a']
    """
    data = result.data
    if "group" not in data.columns or VALUE not in data.columns:
        return []
    beyond = beyond_limit(data) != ""
    found = []
    for name, own in data.groupby("group", sort=False):
        values = pd.to_numeric(own[VALUE], errors="coerce").dropna()
        if not beyond.loc[own.index].any() and is_cloudy(values):
            found.append(str(name))
    return found
