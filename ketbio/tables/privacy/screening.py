"""Direct identifiers in an incoming table: found, named by place, and masked before all else.

One identifier stops the check of the table. What lies in a column that the caller ignores or maps
stops it too: the file still holds it, and copies of the file travel. Only ``allow_identifiers``
says that a column holds none.
"""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from ketbio.errors import did_you_mean
from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import listed_rows, quoted
from ketbio.tables.privacy.birth_dates import without_old_days
from ketbio.tables.privacy.findings import CODE_DATE, PAST_HEADER, Found, find_identifiers
from ketbio.tables.privacy.identifiers import EMAIL
from ketbio.tables.privacy.masking import masked_source
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER, REMOVED
from ketbio.tables.privacy.titles import (
    holds_name,
    masked_title,
    text_kind,
    title_kind,
    without_identifiers,
)
from ketbio.tables.records.columns import Wish
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import count_of

_CODES = (PARTICIPANT_ID, "rater_id")


def screened_source(
    source: Source, schema: TableSchema, wish: Wish
) -> tuple[Source, Sequence[Complaint]]:
    """Return the source with direct identifiers masked, and a complaint for each column of them.

    Parameters
    ----------
    source : Source
        What came in.
    schema : TableSchema
        What it is held against.
    wish : Wish
        The caller's mapping, and the columns that may hold identifiers.

    Returns
    -------
    Source, sequence of Complaint
        No value that was found is in either; a source without any is returned as it is, but for
        notes on ``allow_identifiers``.
    """
    allowed = {unicodedata.normalize("NFC", str(name)).strip() for name in wish.allow_identifiers}
    dates = [name for name, spec in schema.columns.items() if spec.type == "date"]
    every = find_identifiers(
        source,
        codes=_fed(source, wish, _CODES),
        dates=_fed(source, wish, dates),
        known=_fed(source, wish, schema.columns),
        missing=wish.missing,
    )
    found = [one for one in every if _name(source, one) not in allowed]
    passed = [one for one in every if one not in found]
    headers = [i for i, name in enumerate(source.header) if text_kind(name)]
    headers = [i for i in headers if source.header[i] not in allowed]
    above, lead = _lead_rows(source, allowed)
    study_days = _fed(source, wish, dates) - allowed
    rows = without_old_days(source.rows, source.header, study_days)
    source = replace(source, above=above, rows=rows)
    said = (without_identifiers(note, file=source.file) for note in source.notes)
    notes = (*said, *_notes(source, passed, allowed))
    named, told = _unnamed(replace(source, notes=notes) if notes != source.notes else source)
    told += lead
    if not (found or headers):
        return named, told
    keys = _fed(source, wish, (PARTICIPANT_ID, VISIT))
    masked = masked_source(named, found, keys=keys, headers=headers)
    complaints = [
        *told,
        *(_of_header(masked, place) for place in headers),
        *(_of_cells(masked, one) for one in found),
    ]
    return masked, complaints


def _fed(source: Source, wish: Wish, ours: Collection[str]) -> set[str]:
    """Return the incoming columns that feed some of ours."""
    mapped = {
        unicodedata.normalize("NFC", incoming)
        for name, incoming in wish.columns.items()
        if name.partition("@")[0] in ours
    }
    return mapped | {name for name in source.header if name in ours}


def _name(source: Source, one: Found) -> str:
    return "" if one.place == PAST_HEADER else source.header[one.place]


def _notes(source: Source, passed: Sequence[Found], allowed: Collection[str]) -> Iterator[str]:
    for one in passed:
        shown = quoted(source.header[one.place])
        yield f"Column {shown} looks like a {one.kind}; taken for none (allow_identifiers)."
    for name in sorted(set(allowed) - set(source.header)):
        if not EMAIL.search(name):
            near = did_you_mean(name, [known for known in source.header if not text_kind(known)])
            yield f"allow_identifiers names {quoted(name)}, not in the file.{near}"


def _lead_rows(
    source: Source, allowed: Collection[str]
) -> tuple[tuple[tuple[int, tuple[str, ...]], ...], list[Complaint]]:
    """Return the rows above the header without identifiers, and a complaint of each that had one.

    ``""`` among the columns allowed stands for cells that are in no column.
    """
    rows, told = [], []
    for row, cells in source.above:
        kinds = [text_kind(cell) for cell in cells]
        masked = tuple(REMOVED if kind else c for c, kind in zip(cells, kinds, strict=True))
        rows.append((row, cells if "" in allowed else masked))
        if any(kinds) and "" not in allowed:
            what = next(filter(None, kinds))
            where = "above the header" if row < source.header_row else "beside what is read"
            told.append(
                Complaint(
                    rule=DIRECT_IDENTIFIER,
                    row=row,
                    message=f"Row {row}, {where}, seems to hold a direct identifier "
                    f"({what}), not shown; remove it from the file.",
                    whole_table=True,
                )
            )
    return tuple(rows), told


def _unnamed(source: Source) -> tuple[Source, list[Complaint]]:
    """Return a source whose names of file and sheet hold no identifier, and what was said."""
    told = []
    file = masked_title(source.file)
    if file != source.file:
        told.append(_of_name(source, "file", PurePath(source.file).stem))
    if title_kind(source.sheet):
        told.append(_of_name(source, "sheet", source.sheet))
    sheet = REMOVED if title_kind(source.sheet) else source.sheet
    others = tuple(REMOVED if title_kind(name) else name for name in source.other_sheets)
    return replace(source, file=file, sheet=sheet, other_sheets=others), told


def _of_name(source: Source, what: str, title: str) -> Complaint:
    """Complain of the name of a file or a sheet; warn where it may be no person's after all."""
    is_sure = EMAIL.search(title) or holds_name(title)
    kind = "a person's name or an e-mail address" if is_sure else f"a {title_kind(title)}"
    return Complaint(
        rule=DIRECT_IDENTIFIER if is_sure else "identifier_in_title",
        row=source.header_row,
        severity="error" if is_sure else "warning",
        message=f"The name of the {what} seems to hold {kind}, which is not shown; rename the "
        f"{what}.",
        whole_table=True,
    )


def _of_header(source: Source, place: int) -> Complaint:
    number = source.column_numbers[place] if source.column_numbers else place + 1
    return Complaint(
        rule=DIRECT_IDENTIFIER,
        row=source.header_row,
        column=source.header[place],
        message=f"The name of column {number} seems to hold a person's name or an e-mail address, "
        "which is not shown; remove it from the file.",
        whole_table=True,
    )


def _of_cells(source: Source, one: Found) -> Complaint:
    name = _name(source, one)
    numbers = [source.row_numbers[i] for i in one.rows]
    rows = sorted({source.cell_rows.get((number, name), number) for number in numbers})
    return Complaint(
        rule=DIRECT_IDENTIFIER,
        row=source.header_row if one.by_name else rows[0],
        column=name,
        value="" if one.by_name else REMOVED,
        message=_message(one, name, rows),
        whole_table=True,
    )


def _message(one: Found, name: str, rows: Sequence[int]) -> str:
    n = len(one.rows)
    cells = f"{count_of(n, 'cell')} ({listed_rows(rows)})"
    if one.place == PAST_HEADER:
        return (
            f"Past the header: {cells} with a direct identifier ({one.kind}), not shown; remove it."
        )
    shown = quoted(name)
    hint = f"name it under allow_identifiers (--allow-identifiers {shown} on the command line)"
    if one.by_name:
        return (
            f"Column {shown} looks like a direct identifier ({one.kind}): {cells}, not shown. "
            f"Remove the column from the file; if it is none, {hint}."
        )
    article = "an" if one.kind[0] in "aeiou" else "a"
    what = f"{article} {one.kind}" + ("" if n == 1 else " each")
    code = " Use a code for a person, never a name or a date of birth." if one.is_code else ""
    if one.kind == CODE_DATE:
        code += " Where a spreadsheet program made a date of a code, format the column as text."
    return (
        f"Column {shown} holds a direct identifier: {cells} with {what}, not shown. "
        f"Remove {'it' if n == 1 else 'them'} from the file; if the column holds none, {hint}."
        f"{code}"
    )
