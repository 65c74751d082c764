"""Tables as text that a spreadsheet program can open and will not run."""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

_EXACT_BELOW = 1e15
_FORMULA_START = re.compile(r"[=+\-@\t\r]")


def is_plain_number(text: str) -> bool:
    """Tell text that is a number as Python writes it.

    Examples
    --------
    >>> is_plain_number("-5.2"), is_plain_number("-P01")
    (True, False)
    """
    try:
        float(text)
    except ValueError:
        return False
    return True


def safe_cell(value: object, *, is_number: Callable[[str], bool] = is_plain_number) -> object:
    """Return a value as a spreadsheet program may open it.

    Parameters
    ----------
    value : object
        Text that such a program would run as a formula (it starts with ``=``, ``+``, ``-``, ``@``
        or a tab, and is no number) gets an apostrophe before it; anything else stays.
    is_number : callable
        Tells text that is a number.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-5"), safe_cell("P01")
    ("'=1+1", '-5', 'P01')
    """
    if not isinstance(value, str) or not _FORMULA_START.match(value):
        return value
    return value if is_number(value) else f"'{value}"


def safe_frame(
    frame: pd.DataFrame, *, is_number: Callable[[str], bool] = is_plain_number
) -> pd.DataFrame:
    """Return a table whose cells and names of columns are safe; whole numbers are written whole.

    Parameters
    ----------
    frame : DataFrame
        What to write.
    is_number : callable
        As for `safe_cell`.

    Examples
    --------
    >>> safe_frame(pd.DataFrame({"@id": ["=1+1"], "n": [3.0]})).to_dict("records")
    [{"'@id": "'=1+1", 'n': 3}]
    """
    if not frame.shape[1]:
        return frame

    def shown(column: "pd.Series[Any]") -> "pd.Series[Any]":
        if not pd.api.types.is_float_dtype(column.dtype):
            return column.map(lambda value: safe_cell(value, is_number=is_number))
        # Numbers are floats in memory; as objects each is written by itself, 3 and not 3.0.
        return pd.Series([_whole(value) for value in column], index=column.index, dtype="object")

    safe = pd.concat([shown(frame.iloc[:, i]) for i in range(frame.shape[1])], axis=1)
    names = [safe_cell(str(name), is_number=is_number) for name in frame.columns]
    return safe.set_axis(pd.Index(names), axis=1)


def _whole(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) < _EXACT_BELOW else value


def csv_text(frame: pd.DataFrame) -> str:
    r"""Return a table as CSV with safe cells, without its index.

    Examples
    --------
    >>> csv_text(pd.DataFrame({"id": ["=P01", "P02"], "value": [1.0, 2.5]}))
    "id,value\n'=P01,1\nP02,2.5\n"
    """
    return safe_frame(frame).to_csv(index=False, lineterminator="\n")
