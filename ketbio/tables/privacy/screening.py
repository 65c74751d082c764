"""Direct identifiers in an incoming table: found, named by place, and masked before all else.

One identifier stops the check of the table. What lies in a column that the caller ignores or maps
stops it too: the file still holds it, and copies of the file travel. Only ``allow_identifiers``
says that a column holds none.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePath

from ketbio.errors import did_you_mean
from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import listed_rows, quoted
from ketbio.tables.privacy.findings import CODE_DATE, PAST_HEADER, Found, find_identifiers
from ketbio.tables.privacy.given_names import is_full_name
from ketbio.tables.privacy.identifiers import EMAIL
from ketbio.tables.privacy.masking import masked_source
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER, REMOVED
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
    headers = [i for i, name in enumerate(source.header) if _is_personal(name)]
    headers = [i for i in headers if source.header[i] not in allowed]
    notes = (*map(_without_names, source.notes), *_notes(source, passed, allowed))
    named, told = _unnamed(replace(source, notes=notes) if notes != source.notes else source)
    if not (found or headers or told):
        return named, ()
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


def _is_personal(text: str) -> bool:
    return bool(EMAIL.search(text)) or is_full_name(text)


def _notes(source: Source, passed: Sequence[Found], allowed: Collection[str]) -> Iterator[str]:
    for one in passed:
        shown = quoted(source.header[one.place])
        yield f"Column {shown} looks like a {one.kind}; taken for none (allow_identifiers)."
    for name in sorted(set(allowed) - set(source.header)):
        if not EMAIL.search(name):
            near = did_you_mean(name, [known for known in source.header if not _is_personal(known)])
            yield f"allow_identifiers names {quoted(name)}, not in the file.{near}"


def _unnamed(source: Source) -> tuple[Source, list[Complaint]]:
    """Return a source whose names of file and sheet hold no identifier, and what was said."""
    ending = PurePath(source.file).suffix
    stem = source.file.removesuffix(ending)
    told = []
    if EMAIL.search(source.file) or _holds_name(stem):
        source = replace(source, file=f"{REMOVED}{ending}")
        told.append(_of_name(source, "file"))
    if _is_personal(source.sheet) or _holds_name(source.sheet):
        source = replace(source, sheet=REMOVED)
        told.append(_of_name(source, "sheet"))
    return source, told


def _without_names(note: str) -> str:
    """Return a note without names of people in quotes: sheets are called so."""
    return re.sub(
        r"'([^']+)'", lambda found: repr(REMOVED) if _holds_name(found[1]) else found[0], note
    )


def _holds_name(text: str) -> bool:
    words = re.sub(r"[_.\-]+", " ", text).split()
    return is_full_name(text) or any(is_full_name(" ".join(pair)) for pair in pairwise(words))


def _of_name(source: Source, what: str) -> Complaint:
    return Complaint(
        rule=DIRECT_IDENTIFIER,
        row=source.header_row,
        message=f"The name of the {what} seems to hold a person's name or an e-mail address, which "
        f"is not shown; rename the {what}.",
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
