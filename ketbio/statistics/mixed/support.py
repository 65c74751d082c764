"""Whether the visits that were observed can support a covariance structure at all."""

from collections.abc import Callable

import numpy as np

from ketbio.statistics.mixed.patterns import IntArray
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of

FEWEST = 2
"""Participants that a variance or a correlation of its own needs."""

NOTHING_LEFT = 1e-18
"""Share of the residual sum of squares that is but rounding."""


def pair_counts(participants: IntArray, visits: IntArray, n_visits: int) -> IntArray:
    """Return how many participants were seen at both of two visits, shape (T, T)."""
    seen = np.zeros((int(participants.max()) + 1, n_visits), dtype=np.intp)
    seen[participants, visits] = 1
    return np.asarray(seen.T @ seen)


def lack_of_support(name: str, counts: list[IntArray]) -> str:
    """Return why a structure cannot be estimated from these visits; empty where it may be.

    Parameters
    ----------
    name : str
        A word of `STRUCTURES`.
    counts : list of array of shape (T, T)
        `pair_counts` of each group.

    Examples
    --------
    >>> import numpy as np
    >>> lack_of_support("unstructured", [np.array([[9, 0], [0, 8]])])
    'visits 1 and 2 were never observed together in 2 participants or more'
    """
    reasons = (_lack_in(name, each) for each in counts)
    return next((reason for reason in reasons if reason), "")


def no_remainder(name: str, shares: list[FloatArray]) -> str:
    """Return why a variance of its own would be 0 at some visit; empty where none would.

    Parameters
    ----------
    name : str
        A word of `STRUCTURES`.
    shares : list of array of shape (T,)
        Residual sums of squares of least squares at each visit, of each group, as shares.
    """
    if not _has_own_variances(name):
        return ""
    empty = [int(v) + 1 for each in shares for v in np.flatnonzero(each <= NOTHING_LEFT)]
    return (
        f"the fixed effects leave nothing of the values at visit {empty[0]}, whose variance would "
        "be 0"
        if empty
        else ""
    )


def _has_own_variances(name: str) -> bool:
    return name == "unstructured" or name.startswith("heterogeneous_")


def _lack_in(name: str, counts: IntArray) -> str:
    if _has_own_variances(name):
        alone = np.flatnonzero(np.diag(counts) < FEWEST)
        if alone.size:
            visit = int(alone[0])
            seen = count_of(int(counts[visit, visit]), "participant")
            return f"visit {visit + 1} was observed in {seen}"
    kind = name.removeprefix("heterogeneous_")
    return _PAIRS[kind](counts) if kind in _PAIRS else ""


def _all_pairs(counts: IntArray) -> str:
    apart = np.argwhere(np.triu(counts < FEWEST, 1))
    return _never(apart[0].tolist()) if apart.size else ""


def _neighbours(counts: IntArray) -> str:
    apart = np.flatnonzero(np.diag(counts, 1) < FEWEST)
    return _never([int(apart[0]), int(apart[0]) + 1]) if apart.size else ""


def _lags(counts: IntArray) -> str:
    t = counts.shape[0]
    empty = [lag for lag in range(1, t) if np.diag(counts, lag).sum() < FEWEST]
    return f"no two participants have visits {empty[0]} apart" if empty else ""


def _any_pair(counts: IntArray) -> str:
    t = counts.shape[0]
    if t < 2 or np.triu(counts, 1).sum() >= FEWEST:
        return ""
    return "fewer than two participants have two visits"


def _never(pair: list[int]) -> str:
    return (
        f"visits {pair[0] + 1} and {pair[1] + 1} were never observed together in {FEWEST} "
        "participants or more"
    )


_PAIRS: dict[str, Callable[[IntArray], str]] = {
    "unstructured": _all_pairs,
    "toeplitz": _lags,
    "ante_dependence": _neighbours,
    "ar1": _any_pair,
    "compound_symmetry": _any_pair,
    "spatial_exponential": _any_pair,
}
