"""Text cells → typed columns; a cell that cannot be read is a complaint, never a silent NaN.

pandera would coerce or drop, so cells are typed here and handed to it typed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.phrases import missing_hint, missing_if, quoted, recode_hint
from ketbio.tables.records.amounts import ABOVE, BELOW, Amount, read_amount
from ketbio.tables.records.date_columns import DateCells, read_days
from ketbio.tables.records.days import is_history
from ketbio.tables.records.manner import Manner, manner_of
from ketbio.tables.records.sentinels import is_code_word, is_missing_word, spreadsheet_error
from ketbio.tables.records.units import same_name
from ketbio.wording import count_of

FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
"""How a flag may be written, upper or lower case."""
_LIKE_TRUE = "x ja oui sí si sim ok y t j wahr vrai checked ☑ ✓ ✔ ✗ ×"
_LIKE_FALSE = "n f nein non não nao faux falsch unchecked ☐"
_ALIKE = {"true": _LIKE_TRUE, "false": _LIKE_FALSE}


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
    limits, above : dict of int to float
        For each record whose cell was below or above a limit: the limit, in the column's unit;
        NaN where the cell only says that there is one.
    doubts : dict of int to str
        For each record whose cell could be read, but not for sure: what is odd about it.
    shared : dict of int to str
        For records of `problems` whose cells have one fault in common: that fault in words, to be
        said once for all of them.
    notes : tuple of str
        What was decided, to be put after the column's name.
    """

    values: "pd.Series[Any]"
    problems: dict[int, str] = field(default_factory=dict)
    limits: dict[int, float] = field(default_factory=dict)
    above: dict[int, float] = field(default_factory=dict)
    doubts: dict[int, str] = field(default_factory=dict)
    shared: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def type_column(
    cells: "pd.Series[str]",
    spec: ColumnSpec,
    *,
    decimal: str = ".",
    manner: Manner | None = None,
    units: Sequence[str] = (),
    rows: Sequence[int] = (),
) -> TypedColumn:
    """Return one column of text typed as its schema says.

    Parameters
    ----------
    cells : Series of str
        Trimmed text, ``""`` where missing.
    spec : ColumnSpec
        The column's schema.
    decimal : str
        ``"."`` or ``","``.
    manner : Manner, optional
        How cells are written, ``decimal`` among it.
    units : sequence of str
        For each cell the unit that the name of its column states, empty where it states none.
    rows : sequence of int
        For each cell its spreadsheet row, for messages that name another row.

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
    how = manner or manner_of(decimal=decimal)
    places = rows or range(2, len(cells) + 2)
    return _READERS[spec.type](_Cells(list(cells), spec, how, units, places))


@dataclass(frozen=True, slots=True)
class _Cells:
    """What a reader is given."""

    cells: list[str]
    spec: ColumnSpec
    manner: Manner
    units: Sequence[str]
    rows: Sequence[int]


# -- text --------------------------------------------------------------------------------------
def _read_text(given: _Cells) -> TypedColumn:
    """Keep text as it is, but for codes that are no word of any column."""
    problems: dict[int, str] = {}
    doubts: dict[int, str] = {}
    if not given.spec.allowed:
        said = {cell: _no_word(cell) for cell in set(given.cells) if is_missing_word(cell)}
        said |= {cell: error for cell in set(given.cells) if (error := spreadsheet_error(cell))}
        is_error = {cell: is_code_word(cell) or bool(spreadsheet_error(cell)) for cell in said}
        found = {i: cell for i, cell in enumerate(given.cells) if cell in said}
        problems = {i: said[cell] for i, cell in found.items() if is_error[cell]}
        doubts = {i: said[cell] for i, cell in found.items() if not is_error[cell]}
    values = [None if i in problems else cell or None for i, cell in enumerate(given.cells)]
    return TypedColumn(
        values=pd.Series(values, dtype="str"), problems=problems, doubts=doubts, shared=problems
    )


def _no_word(cell: str) -> str:
    what = "which stands for a missing value in most files"
    if not is_code_word(cell):
        return f"is {quoted(cell)}, kept as a word of its own; {missing_if(cell)}."
    return (
        f"is {quoted(cell)}, {what}; {missing_hint(cell)}, or recode it under values in the study "
        "file, to itself if it is meant."
    )


# -- numbers -----------------------------------------------------------------------------------
def _read_numbers(given: _Cells) -> TypedColumn:
    units = given.units or [""] * len(given.cells)
    keys = list(zip(given.cells, units, strict=True))
    read = {
        key: read_amount(key[0], given.spec, given.manner, header_unit=key[1])
        for key in set(keys)
        if key[0]
    }
    read |= {key: Amount() for key in set(keys) if not key[0]}
    every = [read[key] for key in keys]
    # Nearly all cells are plain numbers: what is not is looked at by itself.
    amounts = {i: one for i, one in enumerate(every) if one.value is None or one.unit}
    bare = _without_unit(every, amounts, units, given)
    problems = {i: one.problem for i, one in amounts.items() if one.problem} | bare
    values = [one.value for one in every]
    for i in bare:
        values[i] = None
    bounds = {
        side: {
            i: one.limit
            for i, one in amounts.items()
            if one.side == side and one.limit is not None and i not in bare
        }
        for side in (BELOW, ABOVE)
    }
    return TypedColumn(
        values=pd.Series(values, dtype="float64"),
        problems=problems,
        limits=bounds[BELOW],
        above=bounds[ABOVE],
        shared=problems,
        notes=tuple(_conversions(amounts, given.spec)),
    )


def _without_unit(
    every: Sequence[Amount], amounts: Mapping[int, Amount], units: Sequence[str], given: _Cells
) -> dict[int, str]:
    """Return the numbers without a unit where others name another one: theirs is not known."""
    foreign = [
        i
        for i, one in amounts.items()
        if one.has_unit and one.unit and not units[i] and not same_name(one.unit, given.spec.unit)
    ]
    if not foreign:
        return {}
    first = foreign[0]
    beside = f"{quoted(given.cells[first])} (row {given.rows[first]})"
    return {
        i: f"is {quoted(given.cells[i])} without a unit, while others of the column have one, such "
        f"as {beside}; write the unit behind each number."
        for i, one in enumerate(every)
        if not one.has_unit and not units[i] and (one.value is not None or one.limit is not None)
    }


def _conversions(amounts: Mapping[int, Amount], spec: ColumnSpec) -> Iterator[str]:
    """Say how many numbers were taken from another unit, and whether cell or header named it."""
    taken = Counter(
        (one.unit, one.has_unit)
        for one in amounts.values()
        if one.unit and not one.problem and not same_name(one.unit, spec.unit)
    )
    for (unit, is_in_cell), n in sorted(taken.items()):
        where = "the cell" if is_in_cell else "the column's name"
        values = count_of(n, "value")
        yield f"{values} converted from {unit} to {spec.unit} ({spec.name}; unit in {where})."


# -- flags and days ----------------------------------------------------------------------------
def _read_flags(given: _Cells) -> TypedColumn:
    known = [FLAGS.get(cell.casefold()) for cell in given.cells]
    problems = {
        i: _no_flag(cell, given.spec.name)
        for i, cell in enumerate(given.cells)
        if cell and known[i] is None
    }
    return TypedColumn(values=pd.Series(known, dtype="boolean"), problems=problems, shared=problems)


def _no_flag(cell: str, column: str) -> str:
    if error := spreadsheet_error(cell):
        return error
    said = f"is {quoted(cell)}; allowed: true or false (also yes or no, 1 or 0)"
    if is_missing_word(cell):
        return f"{said}; {missing_if(cell)}."
    folded = cell.casefold().rstrip(".")
    meant = next((word for word, alike in _ALIKE.items() if folded in alike.split()), "")
    if not meant:
        return f"{said}."
    return f"{said}. If it means {meant}: {recode_hint(column, cell, meant)} in the study file."


def _read_dates(given: _Cells) -> TypedColumn:
    found: DateCells = read_days(
        given.cells,
        given.rows,
        order=given.manner.date_order,
        is_past=is_history(given.spec.name),
    )
    return TypedColumn(
        values=pd.Series(list(found.values), dtype="datetime64[us]"),
        problems=found.problems,
        doubts=found.doubts,
        shared=found.shared,
        notes=tuple(f"{given.spec.name}: {note}" for note in found.notes),
    )


_READERS: dict[str, Callable[[_Cells], TypedColumn]] = {
    "text": _read_text,
    "number": _read_numbers,
    "integer": _read_numbers,
    "flag": _read_flags,
    "date": _read_dates,
}
