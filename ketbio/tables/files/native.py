"""Cells as a spreadsheet or a DataFrame holds them → text, as a person would see it there."""

import datetime as dt
import math
import re
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

EXACT_BELOW = 1e15
"""From here on a spreadsheet's numbers have lost their last digits."""


def native_text(value: Any, *, decimal: str = ".") -> str:  # noqa: PLR0911 one line per kind
    """Return a cell as text: ``7.0`` is ``"7"``, a day is ISO, ``True`` is ``"true"``.

    Parameters
    ----------
    value : object
        What the spreadsheet or the DataFrame holds.
    decimal : str
        The decimal mark to write numbers with: the one that text cells are read with.

    Examples
    --------
    >>> native_text(7.0), native_text(12.5, decimal=","), native_text(True), native_text("007")
    ('7', '12,5', 'true', '007')
    >>> native_text(dt.datetime(2026, 1, 31)), native_text(float("nan"))
    ('2026-01-31', '')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, Decimal):
        return _decimal_text(value, decimal)
    if isinstance(value, float | np.floating):
        return _float_text(value, decimal)
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if is_day else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return _duration_text(value)
    return str(value)


def is_fraction(value: Any) -> bool:
    """Return whether a cell holds a number with decimals, or one too large to have kept its digits.

    Examples
    --------
    >>> is_fraction(7.5), is_fraction(7.0), is_fraction("7.5"), is_fraction(float("nan"))
    (True, False, False, False)
    """
    if isinstance(value, Decimal):
        return value.is_finite() and value != value.to_integral_value()
    if not isinstance(value, float | np.floating) or not math.isfinite(value):
        return False
    return not float(value).is_integer() or abs(float(value)) >= EXACT_BELOW


def with_zeros(text: str, number_format: str) -> str:
    """Return a whole number with the leading zeros (and the words) that its format shows.

    Parameters
    ----------
    text : str
        The number as `native_text` writes it.
    number_format : str
        The spreadsheet's format, such as ``000`` or ``"P"000``.

    Examples
    --------
    >>> with_zeros("7", "000"), with_zeros("7", '"P"000'), with_zeros("7", "0")
    ('007', 'P007', '7')
    """
    shown = re.fullmatch(r'(?:"([^"]*)")?(0{2,})', number_format)
    if shown is None or not text.isdigit():
        return text
    return f"{shown[1] or ''}{text.zfill(len(shown[2]))}"


def _float_text(value: "float | np.floating[Any]", decimal: str) -> str:
    if math.isnan(value):
        return ""
    if float(value).is_integer() and abs(float(value)) < EXACT_BELOW:
        return str(int(value))
    # A single-precision 0.1 is 0.1, not the 0.10000000149 that it becomes in double precision.
    text = str(value) if isinstance(value, np.floating) else repr(value)
    return text.replace(".", decimal)


def _decimal_text(value: Decimal, decimal: str) -> str:
    if not value.is_finite():
        return "" if value.is_nan() else str(value)
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", decimal)


def _duration_text(value: dt.timedelta) -> str:
    """Return a duration as a spreadsheet shows it: hours, minutes and seconds."""
    minutes, seconds = divmod(abs(value), dt.timedelta(minutes=1))
    sign = "-" if value < dt.timedelta() else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds.seconds:02}"
