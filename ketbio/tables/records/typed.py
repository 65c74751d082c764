"""Records as text → one typed table, with a complaint for every cell that could not be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ketbio.tables.complaints import KEY_RULES, Complaint
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.privacy.identifiers import EMAIL
from ketbio.tables.records.arrange import Records, trimmed
from ketbio.tables.records.cells import TypedColumn, type_column
from ketbio.tables.records.columns import Wish
from ketbio.tables.records.covariates import type_extra
from ketbio.tables.records.header_units import stated_unit
from ketbio.tables.records.limit_flags import set_limits
from ketbio.tables.records.manner import Manner, manner_of
from ketbio.tables.records.places import complaint_at
from ketbio.tables.records.suspected import suspected_codes
from ketbio.tables.records.unsure_marks import without_unsure
from ketbio.wording import count_of, join_words

__all__ = ["Typed", "complaint_at", "type_records"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The records, typed.

    Attributes
    ----------
    frame : DataFrame
        One row per record (index 0, 1, …); a required column that the file lacks is not in it.
    complaints : tuple of Complaint
        Cells that could not be read.
    unread : frozenset of (int, str)
        Which cells those are: record and column of ours.
    notes : tuple of str
        What was taken for empty cells and absent columns.
    """

    frame: pd.DataFrame
    complaints: tuple[Complaint, ...]
    unread: frozenset[tuple[int, str]]
    notes: tuple[str, ...]


def type_records(
    records: Records,
    schema: TableSchema,
    *,
    decimal: str,
    wish: Wish | None = None,
    source: Source | None = None,
) -> Typed:
    """Return the records typed as the schema says.

    Parameters
    ----------
    records : Records
        Text under our names.
    schema : TableSchema
        What each column is.
    decimal : str
        Decimal mark of the text cells.
    wish : Wish, optional
        The caller's order of dates, limits and recodes.
    source : Source, optional
        What the records came from: says how sure the decimal mark is.

    Returns
    -------
    Typed
        Every column of the schema but required ones that are absent, then the extra ones.

    Raises
    ------
    SchemaError
        The caller's order of dates or limits are not what is allowed.
    """
    manner = manner_of(
        decimal=decimal,
        date_order=wish.date_order if wish else None,
        limits=wish.limits if wish else None,
    )
    meant = wish.values if wish else {}
    own = {
        name: _without_meant(_typed(records, name, spec, manner), name, records, meant)
        for name, spec in schema.columns.items()
        if name in records.cells or not spec.required
    }
    extra = {
        str(name): _without_meant(
            _typed_extra(records, str(name), schema, manner), str(name), records, meant
        )
        for name in records.cells
        if name not in schema.columns
    }
    own, extra = (
        {name: without_unsure(typed, name, records, source) for name, typed in columns.items()}
        for columns in (own, extra)
    )
    notes: list[str] = []
    # Rows there are even where the schema knows none of the file's columns.
    values = {name: typed.values for name, typed in (own | extra).items()}
    frame = pd.DataFrame(values, index=range(len(records.rows)))
    for name in own:
        frame[name] = _defaulted(frame[name], schema.columns[name], name in records.cells, notes)
    limits = set_limits(frame, own, records, schema)
    numbers = {name: schema.columns.get(name) for name in own | extra}
    complaints = [
        *_problems(records, own | extra, schema),
        *_doubts(records, own | extra, schema),
        *limits.complaints,
        *suspected_codes(frame, records, numbers, meant, manner),
        *_no_marker(records, schema),
        *_emails(records),
        *_blanks(records),
    ]
    unread = {(i, name) for name, typed in (own | extra).items() for i in typed.problems}
    for typed in (own | extra).values():
        notes += typed.notes
    return Typed(
        frame=frame,
        complaints=tuple(complaints),
        unread=frozenset(unread) | limits.unread,
        notes=(*notes, *limits.notes),
    )


def _typed(records: Records, name: str, spec: ColumnSpec, manner: Manner) -> TypedColumn:
    """Type a column of the schema, each cell in the unit that its column's name states."""
    if name not in records.cells:
        cells = pd.Series([""] * len(records.cells), dtype="str")
        return type_column(cells, spec, manner=manner)
    units: list[str] = []
    if spec.unit:
        names = [records.incoming_name(name, i) for i in range(len(records.rows))]
        stated = {header: stated_unit(header, spec) for header in set(names)}
        units = [stated[header] for header in names]
    rows = [int(row) for row in records.rows]
    return type_column(records.cells[name], spec, manner=manner, units=units, rows=rows)


def _typed_extra(records: Records, name: str, schema: TableSchema, manner: Manner) -> TypedColumn:
    if schema.extra_columns == "numbers":
        spec = ColumnSpec(name=name, meaning=name, type="number")
        return type_column(records.cells[name], spec, manner=manner)
    return type_extra(records.cells[name], decimal=manner.decimal)


def _without_meant(
    typed: TypedColumn, name: str, records: Records, meant: Mapping[str, Mapping[str, str]]
) -> TypedColumn:
    """Leave words of a text column in peace that the caller has recoded to themselves."""
    own = meant.get(name, {})
    kept = {i for i in (*typed.problems, *typed.doubts) if records.shown(name, i) in own}
    if not kept or str(typed.values.dtype) != "str":
        return typed
    values = typed.values.copy()
    for i in kept:
        values.iloc[i] = records.cells[name].iloc[i]
    return TypedColumn(
        values=values,
        problems={i: said for i, said in typed.problems.items() if i not in kept},
        doubts={i: said for i, said in typed.doubts.items() if i not in kept},
        shared=typed.shared,
        notes=typed.notes,
    )


def _defaulted(
    values: "pd.Series[Any]", spec: ColumnSpec, is_there: bool, notes: list[str]
) -> "pd.Series[Any]":
    """Fill in what the schema takes for an absent column or an empty cell, and note it."""
    taken = spec.if_empty if is_there else spec.if_absent
    n_empty = int(values.isna().sum())
    if taken is None or n_empty == 0:
        return values
    word = str(taken).lower()
    if is_there:
        notes.append(f"{count_of(n_empty, 'empty cell')} of {spec.name} taken as {word}.")
    else:
        notes.append(f"No column {spec.name}: taken as {word} where no other cell says so.")
    return values.fillna(taken)


# -- what is said ------------------------------------------------------------------------------
_TEXT_RULE, _NUMBER_RULE = "missing_word", "number"


def _rule_of(name: str, schema: TableSchema) -> str:
    if name not in schema.columns:
        return _NUMBER_RULE
    if name in KEY_RULES:  # so that a key is complained of once, here or between tables
        return KEY_RULES[name][0]
    kind = schema.columns[name].type
    return _TEXT_RULE if kind == "text" else kind


def _problems(
    records: Records, columns: Mapping[str, TypedColumn], schema: TableSchema
) -> Iterator[Complaint]:
    for name, typed in columns.items():
        for i, what in typed.problems.items():
            label = records.label(name, i)
            shared = typed.shared.get(i, "")
            yield complaint_at(
                records,
                i,
                rule=_rule_of(name, schema),
                column=name,
                message=f"{label} {what}",
                together=f"{label} {shared}" if shared else "",
            )


def _doubts(
    records: Records, columns: Mapping[str, TypedColumn], schema: TableSchema
) -> Iterator[Complaint]:
    """Warn of cells that could be read, but that look wrong."""
    for name, typed in columns.items():
        rule = _rule_of(name, schema)
        for i, what in typed.doubts.items():
            message = f"{records.label(name, i)} {what}"
            yield complaint_at(
                records,
                i,
                rule="odd_date" if rule == "date" else rule,
                column=name,
                message=message,
                severity="warning",
                together=message,
            )


def _no_marker(records: Records, schema: TableSchema) -> Iterator[Complaint]:
    if schema.extra_columns == "numbers" and set(records.cells) <= set(schema.columns):
        yield Complaint(
            rule="no_marker",
            row=1,
            message=f"The file has no column beside {join_words(schema.columns)}; "
            "each marker is a column of its own.",
        )


def _emails(records: Records) -> Iterator[Complaint]:
    for name in records.cells:
        for position, cell in enumerate(records.cells[name]):
            if "@" in cell and EMAIL.search(cell):
                yield complaint_at(
                    records,
                    position,
                    rule="direct_identifier",
                    column=str(name),
                    message=f"{records.label(str(name), position)} holds an e-mail address; "
                    "remove it from the file, and use a code for a participant.",
                )


def _blanks(records: Records) -> Iterator[Complaint]:
    """Say once per column that blanks around cells were trimmed."""
    for name in records.written:
        cells = enumerate(records.written[name])
        padded = [i for i, cell in cells if cell.strip() and cell != trimmed(cell)]
        if not padded:
            continue
        incoming = records.incoming_name(str(name), padded[0])
        yield Complaint(
            rule="blanks",
            row=int(records.sheet_rows[padded].min()),
            column=incoming,
            severity="warning",
            message=f"Blanks around cells of {incoming} were trimmed ({records.listed(padded)}); "
            "nothing else was changed.",
        )
