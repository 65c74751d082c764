"""Records in a line or a few, as a notebook shows them: estimate and interval first, p after."""

from collections.abc import Sequence
from math import isnan

from ketbio.wording import count_of, format_interval, format_number, format_p


def estimate_in_words(
    name: str, value: float, low: float, high: float, *, level: float, method: str
) -> str:
    """Return ``"mean difference 4.00, 95% CI 1.00 to 7.00 (inverted permutation test)"``.

    Examples
    --------
    >>> estimate_in_words("mean", 4.0, float("nan"), float("nan"), level=0.95, method="")
    'mean 4.00'
    """
    words = f"{name} {format_number(value)}"
    if isnan(low) or isnan(high):
        return words
    made = f" ({method})" if method else ""
    return f"{words}, {format_interval(low, high, level=level)}{made}"


def p_in_words(p: float, method: str, alternative: str) -> str:
    """Return ``"p = .029 (exact, 70 arrangements; two-sided)"``.

    Examples
    --------
    >>> p_in_words(0.0285714, "exact, 70 arrangements", "two-sided")
    'p = .029 (exact, 70 arrangements; two-sided)'
    """
    return f"{format_p(p)} ({method}; {alternative})"


def sizes_in_words(n: Sequence[int]) -> str:
    """Return ``"n = 5 v 6"``.

    Examples
    --------
    >>> sizes_in_words((5, 6)), sizes_in_words((8,))
    ('n = 5 v 6', 'n = 8')
    """
    return f"n = {' v '.join(str(one) for one in n)}"


def shown(kind: str, *parts: str, warnings: Sequence[str]) -> str:
    """Return a record between angle brackets, its warnings counted and then one per line.

    Examples
    --------
    >>> print(shown("Estimate", "mean 4.00", "n = 3", warnings=("Few values.",)))
    <Estimate: mean 4.00; n = 3; 1 warning>
      Few values.
    """
    told = [part for part in parts if part]
    if warnings:
        told.append(count_of(len(warnings), "warning"))
    lines = [f"<{kind}: {'; '.join(told)}>", *(f"  {one}" for one in warnings)]
    return "\n".join(lines)
