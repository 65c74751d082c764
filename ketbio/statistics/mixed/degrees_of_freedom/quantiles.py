"""Student's t and the normal distribution as its limit."""

from math import isinf

from scipy import stats


def t_quantile(share: float, df: float) -> float:
    """Return the quantile of t; of the normal distribution where ``df`` is infinite."""
    return float(stats.norm.ppf(share) if isinf(df) else stats.t.ppf(share, df))


def t_above(t: float, df: float) -> float:
    """Return the chance of more than ``t``."""
    return float(stats.norm.sf(t) if isinf(df) else stats.t.sf(t, df))
