"""What axes and ticks say: quantities with their unit, groups with their n, plain numbers."""

import math

from ketbio.result import Result
from ketbio.wording import MINUS, capitalised, format_number

LONGEST_ID = 28
"""A participant's id is cut on a figure beyond this many characters."""


def spoken(words: str) -> str:
    """Return a visit, a group or an outcome as written for readers.

    Examples
    --------
    >>> spoken("change, baseline to day_14")
    'change, baseline to day 14'
    """
    return words.replace("_", " ")


def with_unit(words: str, unit: str) -> str:
    """Return words with their unit in brackets, and without brackets where there is none.

    The unit stays on one line where labels are wrapped.

    Examples
    --------
    >>> with_unit("Serum BDNF", "ng/mL"), with_unit("Pearson r", "")
    ('Serum BDNF (ng/mL)', 'Pearson r')
    """
    together = unit.replace(" ", "\N{NO-BREAK SPACE}")
    return f"{words} ({together})" if unit else words


def with_interval(words: str, result: Result) -> str:
    """Return words with the level of the interval, where there is one.

    Examples
    --------
    >>> one = Result(analysis="a", marker="m", outcome="", groups=(), n={}, ci_low=0, ci_high=1)
    >>> with_interval("all", one)
    'all, 95% CI'
    """
    if math.isnan(result.ci_low) or math.isnan(result.ci_high):
        return words
    return f"{words}, {100 * result.ci_level:g}% CI"


def amount(result: Result) -> str:
    """Return the estimate with its unit.

    Examples
    --------
    >>> amount(Result(analysis="a", marker="m", outcome="", groups=(), n={}, estimate=20.0,
    ...               unit="%"))
    '20.0%'
    """
    gap = "" if result.unit in ("", "%") else " "
    return f"{format_number(result.estimate)}{gap}{result.unit}"


def quantity_label(result: Result) -> str:
    """Return what the values of a result are, without the unit.

    Examples
    --------
    >>> one = Result(analysis="compare_responders", marker="p_mTOR_S2448",
    ...              outcome="change, baseline to day_14", groups=("a", "b"), n={"a": 5, "b": 6})
    >>> quantity_label(one)
    'Change in p-mTOR (Ser2448), baseline to day 14'
    """
    label = spoken(result.label)
    kind, comma, rest = spoken(result.outcome).partition(", ")
    if comma and "change" in kind.split():
        return f"{capitalised(kind)} in {label}, {rest}"
    if not result.outcome:
        return capitalised(label)
    if kind.startswith("value at "):
        return f"{capitalised(label)} {spoken(result.outcome).removeprefix('value ')}"
    return f"{capitalised(label)}, {spoken(result.outcome)}"


def group_label(group: str, count: int | None) -> str:
    """Return a group with its n, as an axis names it.

    Examples
    --------
    >>> group_label("non-responder", 6), group_label("", 2)
    ('non-responder (n = 6)', 'not known (n = 2)')
    """
    name = spoken(group) or "not known"
    return name if count is None else f"{name} (n = {count:,})"


def id_label(participant_id: str) -> str:
    """Return a participant's id, cut where it is too long for a figure.

    Examples
    --------
    >>> id_label("P01"), id_label("x" * 40)
    ('P01', 'xxxxxxxxxxxxxxxxxxxxxxxxxxx…')
    """
    text = str(participant_id)
    return text if len(text) <= LONGEST_ID else text[: LONGEST_ID - 1] + "…"


def tick_number(value: float, _position: int | None = None) -> str:
    """Return a number on an axis: no power of ten, a true minus sign.

    Examples
    --------
    >>> tick_number(-0.30000000000000004), tick_number(12000.0), tick_number(0.0)
    ('−0.3', '12,000', '0')
    """
    text = f"{abs(value):,.10g}"
    return f"{MINUS}{text}" if value < 0 and text != "0" else text
