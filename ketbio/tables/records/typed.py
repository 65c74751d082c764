"""Records as text → one typed table, with a complaint for every cell that could not be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.phrases import missing_hint, quoted
from ketbio.tables.privacy.identifiers import EMAIL
from ketbio.tables.records.arrange import Records, trimmed
from ketbio.tables.records.cells import FLAGS, TypedColumn, type_column, type_extra
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import count_of, join_words


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


def complaint_at(
    records: Records,
    position: int,
    *,
    rule: str,
    message: str,
    column: str = "",
    severity: str = "error",
    rank: tuple[float, ...] = (),
) -> Complaint:
    """Return a complaint of one record, with its row, participant, visit and cell filled in."""

    def key(name: str) -> str:
        return str(records.cells[name].iloc[position]) if name in records.cells else ""

    return Complaint(
        rule=rule,
        message=message,
        row=int(records.rows[position]),
        positions=(position,),
        participant_id=key(PARTICIPANT_ID),
        visit=key(VISIT),
        column=records.incoming_name(column, position) if column else "",
        value=records.shown(column, position) if column else "",
        severity=severity,
        rank=rank,
    )


def type_records(records: Records, schema: TableSchema, *, decimal: str) -> Typed:
    """Return the records typed as the schema says.

    Parameters
    ----------
    records : Records
        Text under our names.
    schema : TableSchema
        What each column is.
    decimal : str
        Decimal mark of the text cells.

    Returns
    -------
    Typed
        Every column of the schema but required ones that are absent, then the extra ones.
    """
    n = len(records.cells)
    columns: dict[str, TypedColumn] = {}
    notes: list[str] = []
    for name, spec in schema.columns.items():
        if name in records.cells:
            columns[name] = type_column(records.cells[name], spec, decimal=decimal)
        elif not spec.required:
            columns[name] = type_column(pd.Series([""] * n, dtype="str"), spec, decimal=decimal)
    complaints = [
        complaint_at(records, i, rule=spec.type, column=name, message=_said(records, name, i, what))
        for name, spec in schema.columns.items()
        if name in columns
        for i, what in columns[name].problems.items()
    ]
    complaints += _doubts(records, columns)
    frame = pd.DataFrame({name: typed.values for name, typed in columns.items()})
    for column in columns:
        is_there = column in records.cells
        frame[column] = _defaulted(frame[column], schema.columns[column], is_there, notes)
    complaints += _set_limits(frame, columns, records, schema)
    notes += _limit_notes(columns, schema)
    complaints += _add_extras(frame, records, schema, decimal)
    complaints += [*_emails(records), *_blanks(records)]
    unread = frozenset((i, name) for name, typed in columns.items() for i in typed.problems)
    return Typed(frame=frame, complaints=tuple(complaints), unread=unread, notes=tuple(notes))


def _said(records: Records, name: str, position: int, what: str) -> str:
    return f"{records.label(name, position)} {what}"


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


def _set_limits(
    frame: pd.DataFrame, columns: dict[str, TypedColumn], records: Records, schema: TableSchema
) -> list[Complaint]:
    """Set flag and limit where a cell was written ``<limit``; complain where they contradict."""
    complaints = []
    for name, typed in columns.items():
        spec = schema.columns[name]
        for position, found in typed.limits.items():
            limit = found / spec.factor
            known = frame[spec.limit_column].iloc[position]
            says_no = FLAGS.get(_cell(records, spec.limit_flag, position)) is False
            if says_no or (pd.notna(known) and known != limit):
                against = spec.limit_flag if says_no else spec.limit_column
                complaints.append(
                    complaint_at(
                        records,
                        position,
                        rule="below_limit",
                        column=name,
                        message=f"{records.label(name, position)} is "
                        f"{quoted(records.shown(name, position))}, but {against} is "
                        f"{quoted(records.shown(against, position))}; correct one of them.",
                    )
                )
            frame.loc[position, spec.limit_flag] = True
            frame.loc[position, spec.limit_column] = limit
    return complaints


def _limit_notes(columns: Mapping[str, TypedColumn], schema: TableSchema) -> Iterator[str]:
    for name, typed in columns.items():
        if typed.limits:
            n = count_of(len(typed.limits), "cell")
            flag = schema.columns[name].limit_flag
            yield f"{n} of {name} written as below a limit: value empty, {flag} true."


def _cell(records: Records, name: str, position: int) -> str:
    return str(records.cells[name].iloc[position]).casefold() if name in records.cells else ""


def _add_extras(
    frame: pd.DataFrame, records: Records, schema: TableSchema, decimal: str
) -> Iterator[Complaint]:
    names = [str(name) for name in records.cells if name not in schema.columns]
    if schema.extra_columns == "numbers" and not names:
        yield Complaint(
            rule="no_marker",
            row=1,
            message=f"The file has no column beside {join_words(schema.columns)}; "
            "each marker is a column of its own.",
        )
    for name in names:
        if schema.extra_columns == "numbers":
            spec = ColumnSpec(name=name, meaning=name, type="number")
            typed, severity = type_column(records.cells[name], spec, decimal=decimal), "error"
        else:
            typed, severity = type_extra(records.cells[name], decimal=decimal), "warning"
        frame[name] = typed.values
        for i, what in typed.problems.items():
            said = what if severity == "error" else f"{what}{_kept_as_text(records, name, i)}"
            yield complaint_at(
                records,
                i,
                rule="number",
                column=name,
                message=_said(records, name, i, said),
                severity=severity,
            )


def _kept_as_text(records: Records, name: str, position: int) -> str:
    hint = missing_hint(records.shown(name, position))
    return f", so that the column is kept as text; {hint} if it means that there is no value."


def _doubts(records: Records, columns: Mapping[str, TypedColumn]) -> Iterator[Complaint]:
    """Warn of cells that could be read, but that look wrong."""
    for name, typed in columns.items():
        for i, what in typed.doubts.items():
            message = _said(records, name, i, what)
            yield complaint_at(
                records, i, rule="odd_date", column=name, message=message, severity="warning"
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
        rows = sorted({int(records.rows[i]) for i in padded})
        if not rows:
            continue
        incoming = records.incoming_name(str(name), padded[0])
        listed = join_words([*map(str, rows[:5]), *([f"{len(rows) - 5} more"] if rows[5:] else [])])
        yield Complaint(
            rule="blanks",
            row=rows[0],
            column=incoming,
            severity="warning",
            message=f"Blanks around cells of {incoming} were trimmed "
            f"({'row' if len(rows) == 1 else 'rows'} {listed}); nothing else was changed.",
        )
