"""What must hold of every check, whatever came in: nothing lost, nothing accepted wrongly.

Each accepted value is read again from the cell as written, by means of its own and not by those of
ketbio, and held against the range of the schema.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ketbio.errors import KetbioError
from ketbio.tables import Check
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.records.arrange import trimmed

FACTORS = (1.0, 1e-3, 1e-6, 1e3, 1e6, 12.0, 1 / 12)
"""How a number may change when it is taken from one unit of a family to another."""
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")


def assert_sentence(error: KetbioError) -> None:
    """Raise where a refusal is not a sentence that a person can read."""
    assert str(error).strip(), "nothing is said"
    assert "Traceback" not in str(error), "a traceback inside the sentence"


def assert_lawful(
    check: Check,
    schema: TableSchema,
    *,
    recodes: Mapping[str, Mapping[str, str]] | None = None,
    labels: str = "",
) -> None:
    """Raise where a record is lost or counted twice, or a value is not the one that was written.

    ``recodes`` says which words of a column stand for which of ours, where the caller has said it;
    ``labels`` is the text of a data dictionary, out of which words may come.
    """
    assert len(check.accepted) + len(check.rejected) == check.n_incoming, "a record was lost"
    assert len(check.accepted) == int(check.kept.sum()), "a record is accepted and rejected"
    assert "Traceback" not in "".join(check.sentences()), "a traceback inside a sentence"
    by_column = check.records.written[check.kept]
    words = recodes or {}
    cells = {
        name: [words.get(name, {}).get(trimmed(cell), trimmed(cell)) for cell in by_column[name]]
        for name in by_column
    }
    for spec in schema.columns.values():
        if not spec.converted_to:
            _assert_column(check, cells, spec, schema, labels)
    for name in set(check.accepted) - set(schema.columns):
        _assert_extra(check.accepted[name], cells[name], check)


def _assert_column(
    check: Check, cells: dict[str, list[str]], spec: ColumnSpec, schema: TableSchema, labels: str
) -> None:
    values = list(check.accepted[spec.name])
    written = cells.get(spec.name, [""] * len(values))
    for i, (value, cell) in enumerate(zip(values, written, strict=True)):
        others = [cells[name][i] for name in _converted_here(spec, schema) if name in cells]
        filled = [one for one in (cell, *others) if one]
        if pd.isna(value):
            assert not spec.required, f"{spec.name} is required, and empty in an accepted row"
            assert not filled or _is_limit(check, spec, i), f"{filled} was dropped"
        elif filled:
            mark = check.source.decimal if check.source else "."
            known = spec.name in check.source.header if check.source else False
            has_own = known and not others
            is_label = isinstance(value, str) and value in labels
            assert is_label or any(_is_read(value, one, spec, mark, has_own) for one in filled), (
                f"{spec.name}: {filled} was accepted as {value!r}"
            )
            _assert_allowed(value, spec)
        else:
            _assert_filled_in(check, value, spec, schema)


def _assert_extra(values: "pd.Series[Any]", cells: list[str], check: Check) -> None:
    """Hold a column that the schema does not name, of numbers or of text."""
    mark = check.source.decimal if check.source else "."
    is_number = pd.api.types.is_numeric_dtype(values.dtype)
    for value, cell in zip(values, cells, strict=True):
        said = f"{values.name}: {cell!r} was accepted as {value!r}"
        if pd.isna(value):
            assert not cell, said
        else:
            is_read = _is_number(float(value), cell, mark, True) if is_number else value == cell
            assert is_read, said


def _converted_here(spec: ColumnSpec, schema: TableSchema) -> list[str]:
    return [one.name for one in schema.columns.values() if one.converted_to == spec.name]


def _is_limit(check: Check, spec: ColumnSpec, i: int) -> bool:
    flags = [flag for flag in (spec.limit_flag, spec.above_flag) if flag]
    said = [check.accepted[flag].iloc[i] for flag in flags]
    return any(bool(one) for one in said if pd.notna(one))


def _is_read(value: Any, cell: str, spec: ColumnSpec, mark: str, has_own: bool) -> bool:
    if spec.type == "text":
        return bool(value == cell)
    if spec.type == "flag":
        return cell.casefold() in (TRUE if value else FALSE)
    if spec.type == "date":
        numbers = {int(one) for one in re.findall(r"[0-9]+", cell)}
        return {value.year, value.day} <= numbers and value == value.normalize()
    return _is_number(float(value), cell, mark, has_own)


def _is_number(value: float, cell: str, mark: str, has_own: bool) -> bool:
    found = _NUMBER.match(cell.replace("−", "-"))
    other = "," if mark == "." else "."
    if found is None or other in found[0]:
        return False
    number = float(found[0].replace(mark, "."))
    if has_own and found.end() == len(cell):
        return value == number
    return any(math.isclose(value, number * factor, rel_tol=1e-12) for factor in FACTORS)


def _assert_allowed(value: Any, spec: ColumnSpec) -> None:
    said = f"{spec.name}: {value!r} was accepted"
    if spec.type in ("number", "integer"):
        assert math.isfinite(value), said
        assert spec.minimum is None or value >= spec.minimum, said
        assert spec.above is None or value > spec.above, said
        assert spec.maximum is None or value <= spec.maximum, said
        assert spec.type == "number" or float(value).is_integer(), said
    if spec.allowed:
        assert value in spec.allowed, said
    if spec.pattern:
        assert re.fullmatch(spec.pattern, value), said


def _assert_filled_in(check: Check, value: Any, spec: ColumnSpec, schema: TableSchema) -> None:
    """Hold a value without a cell of its own: a default, or part of a limit such as ``<0.5``."""
    if value in (spec.if_absent, spec.if_empty):
        return
    parts = [
        (one.limit_flag, one.limit_column, one.above_flag, one.above_column)
        for one in schema.columns.values()
    ]
    is_part = any(spec.name in names for names in parts)
    is_visit = spec.name == "visit" and check.records.made_for
    assert is_part or is_visit, f"{spec.name} is {value!r}, which nobody wrote"
