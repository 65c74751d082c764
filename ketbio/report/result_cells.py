"""A result in the cells of a table: its estimate, what its test gave, and how it was made."""

import math

from ketbio.result import QUARTILES, Result, side_words, statistic_words
from ketbio.wording import format_interval, format_number, format_p


def estimate_text(one: Result, *, digits: int = 3) -> str:
    """Return an estimate with its unit, spread, interval and standardised effect.

    Parameters
    ----------
    one : Result
    digits : int
        Significant digits.

    Returns
    -------
    str

    Examples
    --------
    >>> estimate_text(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                      estimate=-12.3, unit="points", ci_low=-18.89, ci_high=-5.71))
    '−12.3 points, 95% CI −18.9 to −5.71'
    """
    if math.isnan(one.estimate):
        return "not estimated"
    text = number_text(one, digits=digits)
    if not math.isnan(one.spread):
        text += f" (SD {format_number(one.spread, digits=digits)})"
    if not math.isnan(one.ci_low):
        text += f", {interval_text(one, digits=digits)}"
    if not math.isnan(one.effect_size) and one.effect_size_name != one.estimate_name:
        text += f"; {one.effect_size_name} {format_number(one.effect_size, digits=digits)}"
        if not math.isnan(one.effect_size_ci[0]):
            low, high = one.effect_size_ci
            text += f", {format_interval(low, high, level=one.ci_level, digits=digits)}"
            text += f" ({one.effect_size_ci_method})" if one.effect_size_ci_method else ""
    return text


def number_text(one: Result, *, digits: int = 3) -> str:
    """Return an estimate with its unit alone.

    Examples
    --------
    >>> number_text(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                    estimate=-12.3, unit="points"))
    '−12.3 points'
    """
    if math.isnan(one.estimate):
        return "not estimated"
    gap = "" if one.unit in ("", "%") else " "
    return f"{format_number(one.estimate, digits=digits)}{gap}{one.unit}"


def interval_text(one: Result, *, digits: int = 3) -> str:
    """Return the interval of an estimate; quartiles are a range of the data, and called so.

    Examples
    --------
    >>> interval_text(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                      estimate=-12.3, ci_low=-18.89, ci_high=-5.71))
    '95% CI −18.9 to −5.71'
    """
    if one.ci_method.startswith(QUARTILES):
        low, high = (format_number(limit, digits=digits) for limit in (one.ci_low, one.ci_high))
        return f"{QUARTILES} {low} and {high}"
    return format_interval(one.ci_low, one.ci_high, level=one.ci_level, digits=digits)


def p_value_text(one: Result) -> str:
    r"""Return what a test gave: p, the interval of a drawn p, adjusted p, statistic.

    Parameters
    ----------
    one : Result

    Returns
    -------
    str
        Empty where nothing was tested.

    Examples
    --------
    >>> p_value_text(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                     p_value=0.001953, p_adjusted=0.0039, adjustment="Holm",
    ...                     statistic=3.4, statistic_name="t"))
    'p\xa0=\xa0.0020; p\xa0=\xa0.0039 after Holm; t\xa0=\xa03.40'
    """
    parts = [
        format_p(one.p_value) if not math.isnan(one.p_value) else "",
        _p_interval(one),
        f"{format_p(one.p_adjusted)} after {one.adjustment}"
        if not math.isnan(one.p_adjusted)
        else "",
        _statistic(one),
    ]
    return "; ".join(part.replace(" = ", _TOGETHER) for part in parts if part)


def _p_interval(one: Result) -> str:
    """Return how well a drawn p is known."""
    if math.isnan(one.p_interval[0]):
        return ""
    low, high = (format_p(p, symbol=False) for p in one.p_interval)
    return f"99% interval of p {low} to {high}"


_TOGETHER = "\u00a0=\u00a0"  # p = .04 is not broken over two lines of a cell


def _statistic(one: Result) -> str:
    """Return the statistic, but not where it is the estimate, or the same not within blocks."""
    told = ("", one.estimate_name, one.estimate_name.removesuffix(" within blocks"))
    if one.statistic_name in told or math.isnan(one.statistic):
        return ""
    is_count = one.statistic_name == "count"
    if is_count:
        return f"{one.statistic:,.0f} of {one.n_total:,}"
    return f"{statistic_words(one)} = {format_number(one.statistic)}"


def method_text(one: Result) -> str:
    """Return how a result's interval and p value were made.

    Parameters
    ----------
    one : Result

    Returns
    -------
    str

    Examples
    --------
    >>> method_text(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                    p_method="exact, 462 arrangements", alternative="two-sided"))
    'p: exact, 462 arrangements, two-sided'
    """
    tested = ", ".join(word for word in (one.p_method, side_words(one.alternative)) if word)
    parts = [
        f"p: {tested}" if one.p_method else "",
        f"interval: {one.ci_method}" if one.ci_method else "",
    ]
    return "; ".join(part for part in parts if part)
