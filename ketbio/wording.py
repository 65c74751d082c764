"""How numbers and lists are written for readers: one place, so that every floor writes alike."""

import math
from collections.abc import Iterable, Sequence

MINUS = "−"
USUAL_LEVEL = 0.05


def format_p(p: float, *, symbol: bool = True) -> str:
    """Return a p value as journals print it: two significant digits, ``p < .001`` below.

    Parameters
    ----------
    p : float
        The p value, 0 to 1.
    symbol : bool
        Whether to put ``p = `` (or ``p < ``) before the number.

    Examples
    --------
    >>> format_p(0.001953125), format_p(0.0432), format_p(0.00002), format_p(1.0)
    ('p = .0020', 'p = .043', 'p < .001', 'p = 1.0')
    >>> format_p(0.0498), format_p(0.04996), format_p(0.0502)
    ('p = .0498', 'p = .04996', 'p = .050')
    >>> format_p(0.31, symbol=False), format_p(0.00002, symbol=False)
    ('.31', '< .001')
    """
    if math.isnan(p):
        return "p not available" if symbol else "–"
    if p < 0.001:
        return "p < .001" if symbol else "< .001"
    if p >= 0.995:
        text = "1.0" if p == 1 else "> .99"
    else:
        decimals = 1 - math.floor(math.log10(p))
        # A p below .05 is never rounded up to it.
        while p < USUAL_LEVEL <= float(f"{p:.{decimals}f}"):
            decimals += 1
        text = f"{p:.{decimals}f}".removeprefix("0")
    if not symbol:
        return text
    return f"p {text}" if text.startswith(">") else f"p = {text}"


def format_number(value: float, *, digits: int = 3, signed: bool = False) -> str:
    """Return a number with ``digits`` significant digits and a true minus sign.

    Whole digits before the point are never rounded away.

    Examples
    --------
    >>> format_number(-12.3), format_number(18.8914), format_number(1234.5)
    ('−12.3', '18.9', '1234')
    >>> format_number(0.5, signed=True), format_number(float("nan")), format_number(0.0)
    ('+0.500', '–', '0')
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = min(12, max(0, digits - 1 - math.floor(math.log10(abs(rounded)))))
    text = f"{abs(value):.{decimals}f}"
    if value < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def format_interval(low: float, high: float, *, level: float = 0.95, digits: int = 3) -> str:
    """Return an interval as ``95% CI −18.9 to −5.71``.

    Examples
    --------
    >>> format_interval(-18.8914, -5.7086)
    '95% CI −18.9 to −5.71'
    >>> format_interval(float("nan"), float("nan"))
    'no interval'
    """
    if math.isnan(low) or math.isnan(high):
        return "no interval"
    percent = f"{100 * level:g}%"
    low_text, high_text = format_number(low, digits=digits), format_number(high, digits=digits)
    return f"{percent} CI {low_text} to {high_text}"


def count_of(count: int, singular: str, plural: str | None = None) -> str:
    """Return a count with its noun: ``1 participant``, ``2 participants``, ``1,024 draws``.

    Examples
    --------
    >>> count_of(1, "participant"), count_of(1024, "arrangement")
    ('1 participant', '1,024 arrangements')
    """
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def join_words(words: Iterable[str], *, last: str = "and") -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> join_words(["a", "b", "c"]), join_words(["a", "b"]), join_words(["a"])
    ('a, b and c', 'a and b', 'a')
    """
    items: Sequence[str] = list(words)
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def capitalised(words: str) -> str:
    """Return words with the first letter large, the rest as it is.

    A word that carries a capital of its own (p-mTOR, p-GSK3β) stays as the field writes it, and
    so does the name of a column.

    Examples
    --------
    >>> capitalised("mean difference"), capitalised("p-mTOR (Ser2448)"), capitalised("my_marker")
    ('Mean difference', 'p-mTOR (Ser2448)', 'my_marker')
    """
    first = words.split(" ", 1)[0]
    if "_" in first or any(letter.isupper() for letter in first):
        return words
    return words[:1].upper() + words[1:]


def day_words(day: float) -> str:
    """Return a day of follow-up in words: in minutes or hours within the first.

    Examples
    --------
    >>> [day_words(one) for one in (40 / 1440, 1 / 6, 0.9722222, 1, 13.83333)]
    ['40 min', '4 h', '23.3 h', 'day 1', 'day 13.83']
    """
    if not 0 < day < 1:
        return f"day {day:.4g}"
    minutes = 1440 * day
    if minutes < 60:
        return f"{minutes:.3g} min"
    return f"{minutes / 60:.3g} h"


def spaced(name: str) -> str:
    """Return the name of a column as words.

    Examples
    --------
    >>> spaced("age_years"), spaced("site")
    ('age years', 'site')
    """
    return name.replace("_", " ")
