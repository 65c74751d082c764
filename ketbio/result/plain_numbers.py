"""Numbers in everyday words: how large, which way, how sure, how often by chance."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from ketbio.wording import MINUS, format_number

_LOG_BASES = {"log2": 2.0, "log10": 10.0, "ln": math.e}
"""How the unit of a value on a logarithmic scale begins, and its base."""

_ONE_OF = {
    "points": "point",
    "percentage points": "percentage point",
    "years": "year",
    "months": "month",
    "days": "day",
    "lanes": "lane",
    "bands": "band",
    "nats": "nat",
}
"""Units in the plural, and in the singular."""

_MOST_FOLD = 1e6
_LARGEST = 500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The words for more, less and level: ``rise``/``fall`` or ``higher``/``lower``.

    Attributes
    ----------
    up, down, fold : str
        What stands before the amount, for more, less and a multiple.
    up_after, down_after, fold_after : str
        What stands after it.
    level : str
        The words for neither.
    any_up, any_down : str
        However much more, and however much less.
    """

    up: str
    down: str
    fold: str
    up_after: str
    down_after: str
    fold_after: str
    level: str
    any_up: str
    any_down: str


CHANGE = Ways(
    up="a rise of",
    down="a fall of",
    fold="a rise to",
    up_after="",
    down_after="",
    fold_after="times the first value",
    level="neither a rise nor a fall",
    any_up="any rise",
    any_down="any fall",
)
MOVED = Ways(
    up="rose by",
    down="fell by",
    fold="rose to",
    up_after="",
    down_after="",
    fold_after="times the first value",
    level="neither rose nor fell",
    any_up="rose at all",
    any_down="fell at all",
)
DIFFERENCE = Ways(
    up="",
    down="",
    fold="",
    up_after="higher",
    down_after="lower",
    fold_after="times as high",
    level="neither higher nor lower",
    any_up="higher by any amount",
    any_down="lower by any amount",
)


def log_base(unit: str) -> float:
    """Return the base of a logarithmic unit; NaN for any other.

    Examples
    --------
    >>> log_base("log2 ng/mL"), log_base("points")
    (2.0, nan)
    """
    return _LOG_BASES.get(unit.split(" ", 1)[0], math.nan)


def everyday(value: float) -> str:
    """Return a number as a newspaper prints it: few digits, no zeros at its end.

    Examples
    --------
    >>> everyday(-17.0), everyday(0.1921), everyday(12345.6)
    ('−17', '0.19', '12,346')
    """
    text = format_number(value, digits=3 if abs(value) >= 1 else 2)
    whole, point, decimals = text.partition(".")
    if whole.lstrip(MINUS).isdigit():
        whole = f"{MINUS if text.startswith(MINUS) else ''}{int(whole.lstrip(MINUS)):,}"
    decimals = decimals.rstrip("0")
    return f"{whole}{point if decimals else ''}{decimals}"


def with_unit(value: float, unit: str) -> str:
    """Return a number with its unit, in the singular for 1.

    Examples
    --------
    >>> with_unit(1.0, "points"), with_unit(-2.5, "points"), with_unit(42.0, "%")
    ('1 point', '−2.5 points', '42%')
    """
    number = everyday(value)
    if unit in ("", "%"):
        return f"{number}{unit}"
    return f"{number} {_ONE_OF.get(unit, unit) if number.lstrip(MINUS) == '1' else unit}"


def level_of(value: float, unit: str) -> str:
    """Return a level with its unit, taken back from a logarithmic scale.

    Examples
    --------
    >>> level_of(3.0, "log2 ng/mL"), level_of(1.0, "log2 ratio"), level_of(14.5, "years")
    ('8 ng/mL', '2', '14.5 years')
    """
    base = log_base(unit)
    if math.isnan(base):
        return with_unit(value, unit)
    words = unit.split(" ", 1)[1] if " " in unit else ""
    return with_unit(_power(base, value), "" if words == "ratio" else words)


def spread_of(value: float, unit: str) -> str:
    """Return a distance with its unit; one of logarithms as a percentage.

    Examples
    --------
    >>> spread_of(0.156, "log2 ng/mL"), spread_of(1.5, "points")
    ('11%', '1.5 points')
    """
    base = log_base(unit)
    if math.isnan(base):
        return with_unit(value, unit)
    fold = _power(base, abs(value))
    return _percentage(fold - 1) if fold < 2 else f"a factor of {everyday(fold)}"


def how_much(value: float, unit: str, ways: Ways) -> str:
    """Return how much more or less: ``a fall of 17 points``, ``10% higher``.

    Parameters
    ----------
    value : float
        The difference; on a logarithmic scale, of logarithms.
    unit : str
        Its unit; a unit that begins with log2, log10 or ln is told as a percentage or a multiple.
    ways : Ways
        The words for more and less.

    Examples
    --------
    >>> how_much(-17.0, "points", CHANGE), how_much(0.25, "log2 ng/mL", DIFFERENCE)
    ('a fall of 17 points', '19% higher')
    >>> how_much(2.0, "log2 ratio", DIFFERENCE), how_much(0.0, "points", DIFFERENCE)
    ('4 times as high', 'neither higher nor lower (0 points)')
    """
    head, amount, tail = _parts(value, unit, ways)
    return " ".join(part for part in (head, amount, tail) if part)


def fit_words(low: float, high: float, unit: str, ways: Ways) -> str:
    """Return what the data fit: ``anything from a fall of 24 points to a rise of 3 points``.

    Examples
    --------
    >>> fit_words(-23.9, -10.2, "points", CHANGE)
    'anything from a fall of 10.2 points to a fall of 23.9 points'
    >>> fit_words(0.02, 0.37, "nats", DIFFERENCE), fit_words(2.0, math.inf, "nats", DIFFERENCE)
    ('anything from 0.02 nats higher to 0.37 nats higher', 'at least 2 nats higher')
    >>> fit_words(-math.inf, -11.4, "points", CHANGE), fit_words(-22.6, math.inf, "points", CHANGE)
    ('a fall of at least 11.4 points', 'a fall of at most 22.6 points, or any rise')
    """
    low, high = sorted((low, high), key=abs) if low * high > 0 else (low, high)
    if math.isinf(low) or math.isinf(high):
        known, side = (high, low) if math.isinf(low) else (low, high)
        return _open_words(known, unit, ways, is_up=side > 0)
    return f"anything from {how_much(low, unit, ways)} to {how_much(high, unit, ways)}"


def _open_words(known: float, unit: str, ways: Ways, *, is_up: bool) -> str:
    """Return what lies above or below a limit: beyond it, or up to it and on the other side."""
    head, amount, tail = _parts(known, unit, ways)
    if known == 0 or amount.startswith(("more than", "less than")):
        return f"{how_much(known, unit, ways)} and anything {'above' if is_up else 'below'} it"
    is_beyond = (known > 0) == is_up
    bound = f"at {'least' if is_beyond else 'most'} {amount}"
    words = " ".join(part for part in (head, bound, tail) if part)
    return words if is_beyond else f"{words}, or {ways.any_up if is_up else ways.any_down}"


def factor_of(value: float, unit: str) -> str:
    """Return a number with its unit; one of logarithms as the factor that it stands for.

    Examples
    --------
    >>> factor_of(1.0, "log2 ratio"), factor_of(2.5, "points")
    ('a factor of 2', '2.5 points')
    """
    base = log_base(unit)
    is_log = not math.isnan(base)
    return f"a factor of {everyday(_power(base, value))}" if is_log else with_unit(value, unit)


def levels_fit(
    low: float, high: float, unit: str, say: Callable[[float, str], str] = level_of
) -> str:
    """Return what levels the data fit: ``anything from 15% to 72%``.

    Examples
    --------
    >>> levels_fit(15.2, 72.3, "%"), levels_fit(2.0, math.inf, "points")
    ('anything from 15.2% to 72.3%', '2 points and anything above it')
    """
    if math.isinf(low) or math.isinf(high):
        known, side = (high, low) if math.isinf(low) else (low, high)
        return f"{say(known, unit)} and anything {'above' if side > 0 else 'below'} it"
    return f"anything from {say(low, unit)} to {say(high, unit)}"


def how_often(p: float) -> str:
    """Return a p value as how often chance would do it.

    Examples
    --------
    >>> how_often(0.037), how_often(0.0019), how_often(0.00002), how_often(1.0)
    ('about 4 times in 100', 'about 2 times in 1,000', 'less than once in 1,000', 'every time')
    """
    if p < 0.001:
        return "less than once in 1,000"
    if p >= 0.995:
        return "every time" if p >= 1 else "nearly every time"
    of = 100 if p >= 0.0095 else 1000
    times = round(p * of)
    return f"about {'once' if times == 1 else f'{times} times'} in {of:,}"


def _parts(value: float, unit: str, ways: Ways) -> tuple[str, str, str]:
    if value == 0:
        return ways.level, f"({with_unit(0.0, _percent_unit(unit))})", ""
    base = log_base(unit)
    if math.isnan(base):
        amount = with_unit(abs(value), _percent_unit(unit))
        return (ways.up, amount, ways.up_after) if value > 0 else _down(amount, ways)
    fold = _power(base, value)
    if fold >= 2:
        most = f"more than {everyday(_MOST_FOLD)}" if fold > _MOST_FOLD else everyday(fold)
        return ways.fold, most, ways.fold_after
    if fold >= 1:
        return ways.up, _percentage(fold - 1), ways.up_after
    return _down(_percentage(1 - fold), ways)


def _down(amount: str, ways: Ways) -> tuple[str, str, str]:
    return ways.down, amount, ways.down_after


def _percent_unit(unit: str) -> str:
    # 20% higher would be read as a share of the other value.
    if unit == "%":
        return "percentage points"
    return "" if not math.isnan(log_base(unit)) else unit


def _percentage(share: float) -> str:
    if share > 0.99:
        return "more than 99%"
    return "less than 1%" if share < 0.01 else f"{100 * share:.0f}%"


def _power(base: float, value: float) -> float:
    """Raise a base, without a complaint where the power is beyond any measurement."""
    return math.exp(max(-_LARGEST, min(_LARGEST, value * math.log(base))))
