"""Regression on order statistics: plotting positions of left-censored values, several limits."""

import numpy as np
from scipy import stats

from ketbio.statistics.censored.censored_samples import CensoredSample
from ketbio.statistics.records import FloatArray


def impute_by_order(sample: CensoredSample) -> FloatArray:
    """Return the measured values, and in place of the others those on a line of normal scores.

    Parameters
    ----------
    sample : CensoredSample
        At least two different measured values; none above a limit.

    Returns
    -------
    array of shape (n,)
        In the order given. The values put in are for summaries only: none is anybody's value.

    Notes
    -----
    Helsel & Cohn (1988): within each stretch between two limits plotting positions are spread
    evenly over the share of values that lie there (Weibull), and measured values are regressed on
    their normal scores.

    Examples
    --------
    >>> sample = CensoredSample(value=np.array([1.0, 2.0, 3.0]), above=np.zeros(3, dtype=np.bool_),
    ...     below=np.array([True, False, False]))
    >>> impute_by_order(sample).round(3).tolist()
    [0.229, 2.0, 3.0]
    """
    scores: FloatArray = np.asarray(stats.norm.ppf(plotting_positions(sample)))
    seen = sample.seen
    slope, intercept = np.polyfit(scores[seen], sample.value[seen], 1)
    return np.where(seen, sample.value, intercept + slope * scores)


def plotting_positions(sample: CensoredSample) -> FloatArray:
    """Return the share of the distribution below each value, 0 to 1, equal ones one after another.

    Examples
    --------
    >>> sample = CensoredSample(value=np.array([1.0, 2.0, 3.0]), above=np.zeros(3, dtype=np.bool_),
    ...     below=np.array([True, False, False]))
    >>> plotting_positions(sample).round(3).tolist()  # below 1 lies a third
    [0.167, 0.556, 0.778]
    """
    value, seen = sample.value, sample.seen
    limits = np.unique(value[~seen])
    edges = np.concatenate([[-np.inf], limits])
    # In which stretch each measured value lies; the first one is below every limit.
    stretch = np.searchsorted(limits, value, side="right")
    inside = np.array([float((stretch[seen] == j).sum()) for j in range(edges.size)])
    beneath = np.array(
        [float(((~seen & (value <= edge)) | (seen & (value < edge))).sum()) for edge in edges]
    )
    above = _exceeded(inside, beneath)
    places = np.empty(value.size)
    for j in range(edges.size):
        mine = np.flatnonzero(seen & (stretch == j))
        ranks = _ranks(value[mine])
        places[mine] = 1 - above[j] + (above[j] - above[j + 1]) * ranks / (mine.size + 1)
        censored = np.flatnonzero(~seen & (value == edges[j]))
        order = np.arange(1, censored.size + 1)
        places[censored] = (1 - above[j]) * order / (censored.size + 1)
    return places


def _exceeded(inside: FloatArray, beneath: FloatArray) -> FloatArray:
    """Return the share at or above each edge, from the highest down; above all of them none is."""
    share = np.zeros(inside.size + 1)
    for j in range(inside.size - 1, 0, -1):
        total = inside[j] + beneath[j]
        share[j] = share[j + 1] + (1 - share[j + 1]) * inside[j] / total
    share[0] = 1.0
    return share


def _ranks(values: FloatArray) -> FloatArray:
    ranks = np.empty(values.size)
    ranks[np.argsort(values, kind="stable")] = np.arange(1, values.size + 1)
    return ranks
