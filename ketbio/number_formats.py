"""How journals write p values, numbers and intervals: each house's rules as data.

The rules and where they come from are in ``docs/sentences.md``. ``"ketbio"`` is what
`ketbio.wording` writes: the report's own form.
"""

import math
import re
from dataclasses import dataclass

from ketbio.errors import ReportError, unknown_word
from ketbio.p_rounding import P_RULES
from ketbio.wording import format_number

NARROW_SPACE = "\u202f"
"""Thin, and never broken over two lines: groups of digits, and signs in AMA style."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """How one house writes numbers.

    Attributes
    ----------
    name : str
        What it is asked for by.
    p_symbol : str
        ``"p"`` or ``"P"``.
    is_p_italic : bool
        Whether the symbol is set in italics where the text can have them.
    p_rule : str
        How p is rounded, a word of `P_RULES`.
    gap : str
        What stands on both sides of ``=``, ``<`` and ``>``.
    point : str
        The decimal point.
    has_zero_before_p, has_zero_before_bounded : bool
        Whether p, and what cannot exceed 1 (a correlation, a share), has a zero before the point.
    interval : str
        An interval, with ``{level}``, ``{low}`` and ``{high}``.
    unsigned_interval : str
        The same where both limits are finite and neither is negative; ``interval`` where empty.
    group_mark : str
        What stands between groups of three digits.
    grouped_from : int
        The least number of digits that is grouped.
    is_percent_whole : bool
        Whether a percentage of fewer than 100 is written without decimals.
    """

    name: str
    p_symbol: str = "p"
    is_p_italic: bool = True
    p_rule: str = "two_digits"
    gap: str = " "
    point: str = "."
    has_zero_before_p: bool = False
    has_zero_before_bounded: bool = True
    interval: str = "{level} CI {low} to {high}"
    unsigned_interval: str = ""
    group_mark: str = ","
    grouped_from: int = 4
    is_percent_whole: bool = False


NUMBER_FORMATS: dict[str, NumberFormat] = {
    made.name: made
    for made in (
        NumberFormat(name="ketbio", grouped_from=99),
        NumberFormat(
            name="apa",
            p_rule="three_decimals",
            has_zero_before_bounded=False,
            interval="{level} CI [{low}, {high}]",
        ),
        NumberFormat(
            name="ama",
            p_symbol="P",
            p_rule="two_decimals",
            gap=NARROW_SPACE,
            interval="{level} CI, {low} to {high}",
            group_mark=NARROW_SPACE,
            grouped_from=5,
            is_percent_whole=True,
        ),
        NumberFormat(
            name="nejm",
            p_symbol="P",
            is_p_italic=False,
            p_rule="two_decimals",
            gap="",
            has_zero_before_p=True,
            interval="{level} CI, {low} to {high}",
        ),
        NumberFormat(
            name="lancet",
            is_p_italic=False,
            p_rule="four_decimals",
            gap="",
            point="·",
            has_zero_before_p=True,
            unsigned_interval="{level} CI {low}–{high}",
            group_mark=NARROW_SPACE,
            grouped_from=5,
        ),
        NumberFormat(
            name="nature",
            p_symbol="P",
            p_rule="exact",
            has_zero_before_p=True,
            unsigned_interval="{level} CI {low}–{high}",
        ),
        NumberFormat(
            name="bmj",
            p_symbol="P",
            is_p_italic=False,
            gap="",
            has_zero_before_p=True,
            group_mark=NARROW_SPACE,
            grouped_from=5,
        ),
    )
}
"""The houses whose rules are known, by name."""


def number_format(name: str | NumberFormat) -> NumberFormat:
    """Return how a house writes numbers; a format of one's own is returned as it is.

    Raises
    ------
    ReportError
        No such format.

    Examples
    --------
    >>> number_format("lancet").point
    '·'
    """
    if isinstance(name, NumberFormat):
        return name
    if name not in NUMBER_FORMATS:
        raise ReportError(unknown_word("number_format", name, NUMBER_FORMATS))
    return NUMBER_FORMATS[name]


def write_p(p: float, house: str | NumberFormat = "ketbio", *, symbol: bool = True) -> str:
    """Return a p value as a house writes it.

    Parameters
    ----------
    p : float
        The p value, 0 to 1.
    house : str or NumberFormat
        A key of `NUMBER_FORMATS`, or a format of one's own.
    symbol : bool
        Whether the symbol and the sign stand before it; ``<`` and ``>`` always do.

    Examples
    --------
    >>> write_p(0.0368), write_p(0.0368, "apa"), write_p(0.0368, "nejm"), write_p(0.0368, "lancet")
    ('p = .037', 'p = .037', 'P=0.04', 'p=0·037')
    >>> write_p(0.00002, "apa"), write_p(0.00002, "lancet"), write_p(0.00002, "nature")
    ('p < .001', 'p<0·0001', 'P = 2.0 × 10⁻⁵')
    >>> write_p(0.0368, "ama").replace(NARROW_SPACE, "_"), write_p(0.0368, "ama", symbol=False)
    ('P_=_.04', '.04')
    """
    form = number_format(house)
    if math.isnan(p):
        return f"{form.p_symbol} not available" if symbol else "–"
    sign, digits = P_RULES[form.p_rule](p)
    if not form.has_zero_before_p:
        digits = digits.removeprefix("0")
    digits = digits.replace(".", form.point)
    if symbol:
        return f"{form.p_symbol}{form.gap}{sign}{form.gap}{digits}"
    return digits if sign == "=" else f"{sign}{form.gap}{digits}"


def write_number(
    value: float,
    house: str | NumberFormat = "ketbio",
    *,
    digits: int = 3,
    signed: bool = False,
    is_bounded: bool = False,
) -> str:
    """Return a number as a house writes it: a true minus, its decimal point, its groups of digits.

    Parameters
    ----------
    value : float
        The number; NaN is a dash.
    house : str or NumberFormat
        A key of `NUMBER_FORMATS`, or a format of one's own.
    digits : int
        Significant digits; whole digits before the point are never rounded away.
    signed : bool
        Whether a plus stands before what is positive.
    is_bounded : bool
        Whether it cannot exceed 1, as a correlation; APA then writes no zero before the point.

    Examples
    --------
    >>> write_number(-0.807, "apa", is_bounded=True), write_number(-0.807, "lancet")
    ('−.807', '−0·807')
    >>> write_number(12345.6, "apa"), write_number(12345.6)
    ('12,346', '12346')
    """
    form = number_format(house)
    text = format_number(value, digits=digits, signed=signed)
    if is_bounded and not form.has_zero_before_bounded:
        text = re.sub(r"^([+−]?)0\.", r"\1.", text)
    return _grouped(text, form).replace(".", form.point)


def write_count(count: int, house: str | NumberFormat = "ketbio") -> str:
    """Return a count as a house groups its digits.

    Examples
    --------
    >>> write_count(4096, "apa"), write_count(4096, "ama"), write_count(79, "ama")
    ('4,096', '4096', '79')
    >>> write_count(39_916_800, "ama").replace(NARROW_SPACE, "_")
    '39_916_800'
    """
    return _grouped(str(count), number_format(house))


def write_interval(
    low: float,
    high: float,
    house: str | NumberFormat = "ketbio",
    *,
    level: float = 0.95,
    digits: int = 3,
    is_bounded: bool = False,
    unit: str = "",
) -> str:
    """Return an interval as a house writes it.

    Parameters
    ----------
    low, high : float
        Its limits, which may be infinite.
    house : str or NumberFormat
        A key of `NUMBER_FORMATS`, or a format of one's own.
    level : float
        Its confidence level, 0 to 1.
    digits : int
        Significant digits of the limits.
    is_bounded : bool
        As in `write_number`.
    unit : str
        Written straight after each limit, as ``"%"``.

    Examples
    --------
    >>> write_interval(-18.9, -5.71, "apa"), write_interval(-18.9, -5.71, "ama")
    ('95% CI [−18.9, −5.71]', '95% CI, −18.9 to −5.71')
    >>> write_interval(1.2, 3.4, "lancet"), write_interval(-1.2, 3.4, "lancet")
    ('95% CI 1·20–3·40', '95% CI −1·20 to 3·40')
    >>> write_interval(float("nan"), 1.0)
    'no interval'
    """
    if math.isnan(low) or math.isnan(high):
        return "no interval"
    form = number_format(house)
    is_plain = low >= 0 and math.isfinite(high)
    pattern = (form.unsigned_interval if is_plain else "") or form.interval
    limits = (
        f"{write_number(one, form, digits=digits, is_bounded=is_bounded)}{unit}"
        for one in (low, high)
    )
    low_text, high_text = limits
    return pattern.format(level=level_words(level, form), low=low_text, high=high_text)


def level_words(level: float, house: str | NumberFormat = "ketbio") -> str:
    """Return a confidence level as a percentage.

    Examples
    --------
    >>> level_words(0.95), level_words(0.975, "lancet")
    ('95%', '97·5%')
    """
    return f"{100 * level:g}%".replace(".", number_format(house).point)


def _grouped(text: str, form: NumberFormat) -> str:
    match = re.match(r"([+−]?)(\d+)(.*)", text)
    if match is None or len(match[2]) < form.grouped_from:
        return text
    return f"{match[1]}{int(match[2]):,}{match[3]}".replace(",", form.group_mark)
