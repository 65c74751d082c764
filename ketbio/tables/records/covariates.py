"""Columns that no schema names: numbers if every filled cell is one, else text."""

import re
from collections.abc import Mapping

import pandas as pd

from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.phrases import missing_if, quoted
from ketbio.tables.records.amount_words import correct_or_missing
from ketbio.tables.records.amounts import read_number
from ketbio.tables.records.cells import TypedColumn, type_column
from ketbio.tables.records.sentinels import is_missing_word, spreadsheet_error
from ketbio.tables.records.units import folded_unit, parted
from ketbio.wording import count_of

_LEAST_NUMBERS = 2
_EXTRA = ColumnSpec(name="", meaning="", type="text")


def type_extra(cells: "pd.Series[str]", *, decimal: str = ".") -> TypedColumn:
    """Return a covariate: a number if every filled cell is one, else text.

    A number with leading zeros (``007``) is a code, so that its column is text. Words that stand
    for a missing value do not make a column of numbers text: they are named in ``problems``, with
    the column read as numbers. Where most cells are numbers and some are other words, those are
    named in ``doubts``, and the column is text. So is the first cell of a column of
    numbers with a unit behind each.

    Examples
    --------
    >>> type_extra(pd.Series(["1", "2.5", ""])).values.tolist()
    [1.0, 2.5, nan]
    >>> type_extra(pd.Series(["01", "02"])).values.tolist()
    ['01', '02']
    >>> type_extra(pd.Series(["1", "NA"])).problems
    {1: "is 'NA' among numbers; name it under missing (--missing NA on the command line) if it means
    that there is no value, else correct it."}
    """
    filled = {i: cell for i, cell in enumerate(cells) if cell}
    known = {cell: read_number(cell, decimal=decimal) for cell in set(filled.values())}
    wrong = {i: cell for i, cell in filled.items() if _is_no_word(cell, known)}
    odd = {i: cell for i, cell in filled.items() if known[cell] is None and i not in wrong}
    has_codes = any(re.match(r"0[0-9]", cell) for cell in known)
    if len(filled) > len(wrong) and not odd and not has_codes:
        values = [known.get(cell) for cell in cells]
        problems = {i: _among_numbers(cell) for i, cell in wrong.items()}
        return TypedColumn(
            values=pd.Series(values, dtype="float64"), problems=problems, shared=problems
        )
    typed = type_column(cells, _EXTRA)
    doubts = typed.doubts
    if not has_codes and 0 < 2 * len(odd) < len(filled):
        doubts = doubts | {
            i: f"is {quoted(cell)} among numbers, so that the column is kept as text; "
            f"{correct_or_missing(cell)}."
            for i, cell in odd.items()
        }
    doubts = doubts | _with_units(odd, decimal, n_filled=len(filled) - len(wrong))
    return TypedColumn(
        values=typed.values, problems=typed.problems, shared=typed.shared, doubts=doubts
    )


def _with_units(odd: Mapping[int, str], decimal: str, *, n_filled: int) -> dict[int, str]:
    """Doubt, at its first cell, a column of text whose cells are numbers with one unit.

    Half of the cells are enough: the others may be numbers without it.
    """
    units: dict[str, list[int]] = {}
    for i, cell in odd.items():
        number, unit = parted(cell)
        if unit and read_number(number, decimal=decimal) is not None:
            units.setdefault(folded_unit(unit), []).append(i)
    most = max(units.values(), key=len, default=[])
    different = {parted(odd[i])[0] for i in most}
    if 2 * len(most) < n_filled or len(different) < _LEAST_NUMBERS:
        return {}
    first, unit = most[0], parted(odd[most[0]])[1]
    return {
        first: f"is {quoted(odd[first])}, a number with a unit, as in "
        f"{count_of(len(most), 'cell')} of the column, so that the column is kept as text; write "
        f"the numbers alone, and {quoted(unit)} in the column's name."
    }


def _is_no_word(cell: str, known: Mapping[str, float | None]) -> bool:
    return known[cell] is None and (is_missing_word(cell) or bool(spreadsheet_error(cell)))


def _among_numbers(cell: str) -> str:
    if error := spreadsheet_error(cell):
        return error
    return f"is {quoted(cell)} among numbers; {missing_if(cell)}, else correct it."
