"""How p values are rounded: each house's rule, as p → its sign and its digits."""

import math
from collections.abc import Callable

from ketbio.wording import USUAL_LEVEL

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _below_level(p: float, decimals: int) -> str:
    """Round p, with as many decimals as keep what is below .05 from being written as .05."""
    while p < USUAL_LEVEL <= float(f"{p:.{decimals}f}"):
        decimals += 1
    return f"{p:.{decimals}f}"


def _two_digits(p: float) -> tuple[str, str]:
    if p < 0.001:
        return "<", "0.001"
    if p >= 0.995:
        return ("=", "1.0") if p == 1 else (">", "0.99")
    return "=", _below_level(p, 1 - math.floor(math.log10(p)))


def _three_decimals(p: float) -> tuple[str, str]:
    if p < 0.001:
        return "<", "0.001"
    return (">", "0.999") if p >= 0.9995 else ("=", _below_level(p, 3))


def _two_decimals(p: float) -> tuple[str, str]:
    if p < 0.001:
        return "<", "0.001"
    if p > 0.99:
        return ">", "0.99"
    return "=", _below_level(p, 3 if p < 0.01 else 2)


def _four_decimals(p: float) -> tuple[str, str]:
    if p < 0.0001:
        return "<", "0.0001"
    if p >= 0.995:
        return ("=", "1.0") if p == 1 else (">", "0.99")
    return "=", _below_level(p, min(4, 1 - math.floor(math.log10(p))))


def _exact(p: float) -> tuple[str, str]:
    if p <= 0 or p >= 0.001:
        return _two_digits(p)
    digits, power = f"{p:.1e}".split("e")
    return "=", f"{digits} × 10{str(int(power)).translate(_SUPERSCRIPTS)}"


P_RULES: dict[str, Callable[[float], tuple[str, str]]] = {
    "two_digits": _two_digits,
    "three_decimals": _three_decimals,
    "two_decimals": _two_decimals,
    "four_decimals": _four_decimals,
    "exact": _exact,
}
"""How p is rounded: p → the sign and its digits."""
