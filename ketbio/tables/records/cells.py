"""Text cells → typed columns; a cell that cannot be read is a complaint, never a silent NaN.

pandera would coerce or drop, so cells are typed here and handed to it typed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ketbio.errors import SchemaError
from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.phrases import decimal_hint, missing_hint, quoted
from ketbio.tables.records.days import read_day

FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
"""How a flag may be written, upper or lower case."""

_BELOW_WORDS = re.compile(r"(<\s*)?(b?lloq|loq|lod|blq|bql|nd|n\.d\.)", re.IGNORECASE)
MARKS = {".": "point", ",": "comma"}
"""Decimal marks and their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedColumn:
    """One column, read.

    Attributes
    ----------
    values : Series
        ``str``, ``float64``, ``boolean`` or ``datetime64``; missing where a cell is empty or
        could not be read.
    problems : dict of int to str
        For each record (0-based) whose cell could not be read: what is wrong with it, to be put
        after the column's name.
    limits : dict of int to float
        For each record whose cell was ``"<limit"``: the limit, in the column's unit.
    doubts : dict of int to str
        For each record whose cell could be read, but not for sure: what is odd about it.
    """

    values: "pd.Series[Any]"
    problems: dict[int, str] = field(default_factory=dict)
    limits: dict[int, float] = field(default_factory=dict)
    doubts: dict[int, str] = field(default_factory=dict)


def read_number(cell: str, *, decimal: str = ".") -> float | None:
    """Return a number as written with that decimal mark, else None.

    Parameters
    ----------
    cell : str
        Trimmed text.
    decimal : str
        ``"."`` or ``","``.

    Examples
    --------
    >>> read_number("12.5"), read_number("12,5"), read_number("12,5", decimal=",")
    (12.5, None, 12.5)
    >>> read_number("−3"), read_number("1e3"), read_number("nan"), read_number("1_000")
    (-3.0, 1000.0, None, None)
    """
    mark = re.escape(decimal)
    form = rf"[+-]?([0-9]+({mark}[0-9]*)?|{mark}[0-9]+)([eE][+-]?[0-9]+)?"
    plain = cell.replace("−", "-")
    if not re.fullmatch(form, plain):
        return None
    value = float(plain.replace(decimal, "."))
    return value if np.isfinite(value) else None


def type_column(cells: "pd.Series[str]", spec: ColumnSpec, *, decimal: str = ".") -> TypedColumn:
    """Return one column of text typed as its schema says.

    Parameters
    ----------
    cells : Series of str
        Trimmed text, ``""`` where missing.
    spec : ColumnSpec
        The column's schema.
    decimal : str
        ``"."`` or ``","``.

    Raises
    ------
    SchemaError
        ``decimal`` is neither.

    Examples
    --------
    >>> spec = ColumnSpec(name="age_years", meaning="age", type="number")
    >>> typed = type_column(pd.Series(["15", "12,5", ""]), spec)
    >>> typed.values.tolist(), typed.problems[1]
    ([15.0, nan, nan], "is '12,5', written with a decimal comma; set decimal = ',' (--decimal , on
    the command line) or write 12.5.")
    """
    if decimal not in MARKS:
        raise SchemaError(f"decimal is {decimal!r}; allowed: '.' (point) or ',' (comma).")
    return _READERS[spec.type](cells, spec, decimal)


def type_extra(cells: "pd.Series[str]", *, decimal: str = ".") -> TypedColumn:
    """Return a covariate: a number if every filled cell is one, else text.

    A number with leading zeros (``007``) is a code, so that its column is text. Where most cells
    are numbers and some are not, those are named in ``problems``; the column is text all the same.

    Examples
    --------
    >>> type_extra(pd.Series(["1", "2.5", ""])).values.tolist()
    [1.0, 2.5, nan]
    >>> type_extra(pd.Series(["01", "02"])).values.tolist()
    ['01', '02']
    """
    filled = {i: cell for i, cell in enumerate(cells) if cell}
    numbers = {i: read_number(cell, decimal=decimal) for i, cell in filled.items()}
    codes = [cell for cell in filled.values() if re.match(r"0[0-9]", cell)]
    odd = [i for i, number in numbers.items() if number is None]
    if filled and not odd and not codes:
        values = [numbers.get(i) for i in range(len(cells))]
        return TypedColumn(values=pd.Series(values, dtype="float64"))
    problems = {}
    if not codes and 0 < 2 * len(odd) < len(filled):
        problems = {i: f"is {quoted(filled[i])} among numbers" for i in odd}
    return TypedColumn(values=_text(cells), problems=problems)


def _text(cells: "pd.Series[str]") -> "pd.Series[Any]":
    return pd.Series([cell or None for cell in cells], dtype="str")


def _read_text(cells: "pd.Series[str]", _spec: ColumnSpec, _decimal: str) -> TypedColumn:
    return TypedColumn(values=_text(cells))


def _read_numbers(cells: "pd.Series[str]", spec: ColumnSpec, decimal: str) -> TypedColumn:
    values: list[float | None] = [None] * len(cells)
    problems: dict[int, str] = {}
    limits: dict[int, float] = {}
    for i, cell in enumerate(cells):
        if not cell:
            continue
        values[i] = read_number(cell, decimal=decimal)
        if values[i] is not None:
            continue
        limit = read_number(cell[1:].strip(), decimal=decimal) if cell[0] == "<" else None
        if spec.limit_flag and limit is not None and limit > 0:
            limits[i] = limit
        else:
            problems[i] = _not_a_number(cell, spec, decimal)
    return TypedColumn(values=pd.Series(values, dtype="float64"), problems=problems, limits=limits)


def _not_a_number(cell: str, spec: ColumnSpec, decimal: str) -> str:
    if spec.limit_flag and re.match(r"≤|<=", cell):
        limit = re.sub(r"^(≤|<=)\s*", "", cell)
        return (
            f"is {quoted(cell)}; a level below a limit of quantification is written with '<': "
            f"write <{limit}."
        )
    swapped = _other_mark(cell, decimal)
    if swapped:
        return swapped
    if spec.limit_flag and cell.startswith(">"):
        return (
            f"is {quoted(cell)}, above the range of the assay, which is no level; "
            "measure it again diluted, or leave the row out."
        )
    if spec.limit_flag and _BELOW_WORDS.fullmatch(cell):
        return (
            f"is {quoted(cell)} without a number; write '<' and the limit, or leave the cell empty "
            f"with {spec.limit_flag} = true and the limit in {spec.limit_column}."
        )
    return (
        f"is {quoted(cell)}, not {spec.allowed_text}; correct it, "
        f"or {missing_hint(cell)} if it means that there is no value."
    )


def _other_mark(cell: str, decimal: str) -> str:
    """Return what is wrong with a number (or ``<`` and one) written with the other mark."""
    other = "," if decimal == "." else "."
    swapped = cell.replace(other, decimal)
    number = swapped.removeprefix("<").strip()
    if other not in cell or read_number(number, decimal=decimal) is None:
        return ""
    if re.fullmatch(r"<?\s*[0-9]{1,3}[.,][0-9]{3}", cell):
        return (
            f"is {quoted(cell)}, where the {MARKS[other]} may stand for decimals or for thousands; "
            f"write it without, or with a decimal {MARKS[decimal]}."
        )
    return (
        f"is {quoted(cell)}, written with a decimal {MARKS[other]}; {decimal_hint(other)} "
        f"or write {swapped}."
    )


def _read_flags(cells: "pd.Series[str]", _spec: ColumnSpec, _decimal: str) -> TypedColumn:
    known = [FLAGS.get(cell.casefold()) for cell in cells]
    problems = {
        i: f"is {quoted(cell)}; allowed: true or false (also yes or no, 1 or 0)."
        for i, cell in enumerate(cells)
        if cell and known[i] is None
    }
    return TypedColumn(values=pd.Series(known, dtype="boolean"), problems=problems)


def _read_dates(cells: "pd.Series[str]", _spec: ColumnSpec, _decimal: str) -> TypedColumn:
    read = [read_day(cell) for cell in cells]
    return TypedColumn(
        values=pd.Series([one.value for one in read], dtype="datetime64[us]"),
        problems={i: one.problem for i, one in enumerate(read) if one.problem},
        doubts={i: one.doubt for i, one in enumerate(read) if one.doubt},
    )


_READERS: dict[str, Callable[["pd.Series[str]", ColumnSpec, str], TypedColumn]] = {
    "text": _read_text,
    "number": _read_numbers,
    "integer": _read_numbers,
    "flag": _read_flags,
    "date": _read_dates,
}
