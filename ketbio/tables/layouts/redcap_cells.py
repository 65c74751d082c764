"""The cells of a REDCap export held against its data dictionary."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.redcap_columns import ExportColumns
from ketbio.tables.layouts.redcap_dictionary import CHOICE_KINDS, Field
from ketbio.tables.layouts.redcap_rows import COMPLETE, TICKED
from ketbio.tables.phrases import VALUES_HINT, cut, missing_hint, quoted
from ketbio.tables.privacy.identifiers import looks_like_identifier
from ketbio.tables.records.amounts import read_number
from ketbio.tables.records.arrange import trimmed
from ketbio.tables.records.cells import FLAGS
from ketbio.tables.records.columns import Wish

NOT_TICKED = ("0", "unchecked", "")
NOT_COMPLETED = "[not completed]"
_STATUS = {"0": "incomplete", "1": "unverified"}
_DAY, _TIME = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d"
# The beginning of REDCap's name of a validation → form, and the form in words. Whatever the order
# in which a date is typed in, REDCap exports it as year-month-day.
_FORMS = {
    "integer": (r"[+-]?\d+", "a whole number"),
    "number": (r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", "a number"),
    "date_": (_DAY, "a date as year-month-day"),
    "datetime_seconds": (rf"{_DAY}[ T]{_TIME}:\d\d", "a date and time as year-month-day h:m:s"),
    "datetime_": (rf"{_DAY}[ T]{_TIME}(:\d\d)?", "a date and time as year-month-day h:m"),
    "time_hh_mm_ss": (rf"{_TIME}:\d\d", "a time as h:m:s"),
    "time_mm_ss": (_TIME, "a time as m:s"),
    "time": (rf"{_TIME}(:\d\d)?", "a time as h:m"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a field, where it stands and what the schema makes of its column."""

    row: int
    column: str
    text: str
    field: Field
    spec: ColumnSpec | None


def fed_columns(column: str, schema: TableSchema, wish: Wish) -> list[str]:
    """Return the columns of ours that an incoming column feeds, itself as an extra one."""
    fed = [ours.partition("@")[0] for ours, incoming in wish.columns.items() if incoming == column]
    is_taken = column in schema.columns or schema.extra_columns != "refused"
    is_free = column not in wish.constants and column not in wish.columns and is_taken
    return list(dict.fromkeys(fed or ([column] if is_free else [])))


def cell_faults(
    source: Source,
    columns: ExportColumns,
    schema: TableSchema,
    wish: Wish,
    identifiers: Collection[str],
) -> Iterator[Fault]:
    """Hold the cells of the fields that a table reads against the dictionary.

    What the schema itself would say of a cell is left to it, and identifiers are not looked at.

    Parameters
    ----------
    source : Source
        The rows that are read.
    columns : ExportColumns
        What the columns are.
    schema : TableSchema
        What the table must hold.
    wish : Wish
        Words that the caller recodes or calls missing are as they should be.
    identifiers : collection of str
        Columns not to look at.
    """
    for column in columns.used:
        ours = fed_columns(column, schema, wish)
        if column in identifiers or looks_like_identifier(column) or not ours:
            continue
        one, place = columns.fields[column], source.header.index(column)
        settled = _settled_words(ours, wish)
        spec = schema.columns.get(ours[0])
        for row, cells in zip(source.row_numbers, source.rows, strict=True):
            text = trimmed(cells[place])
            if text in settled and text:
                continue
            cell = Cell(row=row, column=column, text=text, field=one, spec=spec)
            yield from _required(cell) if not text else _one_cell(cell, source.decimal)


def _settled_words(ours: Sequence[str], wish: Wish) -> set[str]:
    words = set(wish.missing)
    for name in ours:
        words |= {*wish.missing_in.get(name, ()), *wish.values.get(name, {}), *wish.limits}
    return words


def _required(cell: Cell) -> Iterator[Fault]:
    is_said = cell.spec is not None and cell.spec.required
    if cell.field.is_required and cell.field.kind != "checkbox" and not is_said:
        message = f"{cell.column} is empty; the data dictionary asks for it. Fill it in in REDCap."
        yield _fault(cell, "redcap_required", message, "warning")


def _one_cell(cell: Cell, decimal: str) -> Iterator[Fault]:
    if _is_said_by_schema(cell, decimal):
        return
    yield from _KINDS.get(cell.field.kind, _choice_or_nothing)(cell, decimal)


def _is_said_by_schema(cell: Cell, decimal: str) -> bool:
    """Tell whether the schema complains of the cell anyhow: one fault, one complaint."""
    spec = cell.spec
    if spec is None or spec.type == "text":
        return False
    if spec.type == "date":
        return True
    if spec.type == "flag":
        return cell.text.casefold() not in FLAGS
    number = read_number(cell.text, decimal=decimal)
    if number is None:
        return cell.text not in cell.field.choices.values()
    low, high = spec.minimum, spec.maximum
    is_outside = (low is not None and number < low) or (high is not None and number > high)
    return is_outside or (spec.type == "integer" and number % 1 != 0)


def _choice(cell: Cell, _decimal: str) -> Iterator[Fault]:
    codes = cell.field.choices
    if cell.text in codes or cell.text in codes.values():
        return
    known = ", ".join(f"{code} = {label}" for code, label in codes.items())
    yield _fault(
        cell,
        "redcap_choice",
        f"{cell.column} is {quoted(cell.text)}, which is neither a code nor a label of its choices "
        f"({cut(known, 200)}). Correct it in REDCap, {VALUES_HINT}, or {missing_hint(cell.text)} "
        "if it means that there is no value.",
    )


def _box(cell: Cell, _decimal: str) -> Iterator[Fault]:
    if cell.text.casefold() not in (*TICKED, *NOT_TICKED):
        message = (
            f"{cell.column} is {quoted(cell.text)}; a box of a checkbox is 0 or 1 (Unchecked or "
            "Checked). Correct it."
        )
        yield _fault(cell, "redcap_choice", message)


def _number(cell: Cell, decimal: str) -> Iterator[Fault]:
    if read_number(cell.text, decimal=decimal) is None:
        message = f"{cell.column} is {quoted(cell.text)}; {cell.field.kind} fields hold numbers."
        yield _fault(cell, "redcap_type", f"{message} Correct it.")


def _text(cell: Cell, decimal: str) -> Iterator[Fault]:
    kind = cell.field.validation
    pattern, words = next((how for name, how in _FORMS.items() if kind.startswith(name)), ("", ""))
    if not pattern:
        return
    if not re.fullmatch(pattern, cell.text):
        message = (
            f"{cell.column} is {quoted(cell.text)}; by the data dictionary ({kind}) it is {words}. "
            f"Correct it, or {missing_hint(cell.text)} if it means that there is no value."
        )
        yield _fault(cell, "redcap_type", message)
        return
    yield from _limits(cell, decimal)


def _limits(cell: Cell, decimal: str) -> Iterator[Fault]:
    """Warn of a value beyond the dictionary's limits, which REDCap lets pass when confirmed."""
    one = cell.field
    value = _comparable(cell.text, decimal)
    ends = {"least": _comparable(one.minimum, "."), "most": _comparable(one.maximum, ".")}
    beyond = {
        "least": lambda end: value < end,
        "most": lambda end: value > end,
    }
    for word, end in ends.items():
        if end is not None and type(end) is type(value) and beyond[word](end):
            limit = one.minimum if word == "least" else one.maximum
            message = (
                f"{cell.column} is {quoted(cell.text)}; the data dictionary allows at {word} "
                f"{limit}. Look at the original, and correct it if it is wrong."
            )
            yield _fault(cell, "redcap_range", message, "warning")


def _comparable(text: str, decimal: str) -> float | str | None:
    """Return a number as one, a day as its text (which sorts), anything else as nothing."""
    number = read_number(text, decimal=decimal)
    if number is not None:
        return number
    return text if re.fullmatch(rf"{_DAY}.*", text) else None


def _choice_or_nothing(cell: Cell, decimal: str) -> Iterator[Fault]:
    return _choice(cell, decimal) if cell.field.kind in CHOICE_KINDS else iter(())


_KINDS: dict[str, Callable[[Cell, str], Iterator[Fault]]] = {
    "checkbox": _box,
    "calc": _number,
    "slider": _number,
    "text": _text,
}
"""Field type → what its cells are held against; fields of one choice are all alike."""


def _fault(cell: Cell, rule: str, message: str, severity: str = "error") -> Fault:
    return Fault(
        row=cell.row,
        rule=rule,
        column=cell.column,
        value=cell.text,
        message=message,
        severity=severity,
    )


def status_faults(source: Source, columns: ExportColumns, wish: Wish) -> Iterator[Fault]:
    """Warn of the rows whose instruments or surveys are not finished."""
    for name, form in {**columns.status, **columns.timestamps}.items():
        if form not in columns.forms or name in wish.ignore:
            continue
        place = source.header.index(name)
        for row, cells in zip(source.row_numbers, source.rows, strict=True):
            text = trimmed(cells[place])
            is_survey = name in columns.timestamps
            what = "not completed" if text == NOT_COMPLETED else _STATUS.get(text, text.casefold())
            if text.casefold() in COMPLETE or not what or (is_survey and text != NOT_COMPLETED):
                continue
            kind = "survey" if is_survey else "instrument"
            yield Fault(
                row=row,
                rule="instrument_status",
                column=name,
                value=text,
                severity="warning",
                stays=True,
                message=f"The {kind} {form!r} is {what} ({name} is {quoted(text)}); have it "
                "finished in REDCap before its values are relied on.",
            )
