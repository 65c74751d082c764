"""A source whose direct identifiers are masked: in cells, column names, faults, notes and names.

What is masked in one column may stand in another one too (a first name in a comment, a record
number as code, a cell that a stray delimiter pushed on), so it is looked for everywhere.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import cut
from ketbio.tables.privacy.findings import PAST_HEADER, Found
from ketbio.tables.privacy.given_names import is_full_name
from ketbio.tables.privacy.header_words import NAME
from ketbio.tables.privacy.identifiers import without_emails
from ketbio.tables.privacy.masks import REMOVED, masked_code, masked_header

_SHORTEST_CELL = 4
_WORD = re.compile(r"[^\W\d_]{3,}")
_HARMLESS = re.compile(r"[-+<>=]?\s*[0-9]{0,3}(?:[.,][0-9]{1,3})?")
_SMALL_WORDS = {"von", "van", "der", "den", "dos", "das", "del", "los", "las", "and", "und"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Secrets:
    """What must not be repeated: whole cells, and the words of names."""

    cells: frozenset[str]
    words: frozenset[str]

    def hidden(self, cell: str) -> str:
        """Return a cell of another column without what is secret."""
        word = cell.strip()
        if word in self.cells:
            return REMOVED
        if not self.words or not word or word.isdigit():
            return cell
        return _WORD.sub(lambda m: REMOVED if m.group() in self.words else m.group(), cell)

    def without(self, text: str) -> str:
        """Return a sentence without what is secret."""
        for secret in sorted(self.cells, key=len, reverse=True):
            for told in (secret, cut(secret)):
                if told in text:
                    text = text.replace(told, REMOVED)
        return without_emails(self.hidden(text))


def masked_source(
    source: Source, found: Sequence[Found], *, keys: Collection[str], headers: Collection[int]
) -> Source:
    """Return a source without the direct identifiers that were found in it.

    Parameters
    ----------
    source : Source
        What came in.
    found : sequence of Found
        Where they stand.
    keys : collection of str
        Columns of participants and visits: kept but for what was found in them.
    headers : collection of int
        Places of the column names that hold an identifier themselves.
    """
    columns = [one for one in found if one.place != PAST_HEADER]
    secrets = _secrets(source, columns)
    rows = _masked_rows(source, columns, secrets, keys)
    names = {
        source.header[place]: masked_header(place + 1) if place in headers else source.header[place]
        for place in range(len(source.header))
    }
    return replace(
        source,
        header=tuple(names[name] for name in source.header),
        rows=rows,
        overflow=_masked_overflow(source, found, secrets),
        faults=tuple(_masked_fault(one, source, columns, secrets, names) for one in source.faults),
        notes=tuple(secrets.without(note) for note in source.notes),
        fractions={(row, names.get(name, name)) for row, name in source.fractions},
        cell_rows={(row, names.get(name, name)): n for (row, name), n in source.cell_rows.items()},
        identifier_columns=frozenset(names.get(name, name) for name in source.identifier_columns),
    )


def _secrets(source: Source, found: Sequence[Found]) -> _Secrets:
    cells: set[str] = set()
    words: set[str] = set()
    for one in found:
        written = {source.rows[i][one.place].strip() for i in one.rows}
        cells |= {cell for cell in written if len(cell) >= _SHORTEST_CELL}
        if one.kind == NAME:
            is_whole = one.by_name or one.is_code
            names = [cell for cell in written if is_whole or is_full_name(cell)]
            words |= {word for name in names for word in _WORD.findall(name)}
    told = {word for word in words if word[0].isupper() or len(word) >= _SHORTEST_CELL}
    return _Secrets(cells=frozenset(cells), words=frozenset(told - _SMALL_WORDS))


def _masked_rows(
    source: Source, found: Sequence[Found], secrets: _Secrets, keys: Collection[str]
) -> tuple[tuple[str, ...], ...]:
    columns = [list(cells) for cells in zip(*source.rows, strict=True)]
    by_place: dict[int, list[Found]] = {}
    for one in found:
        by_place.setdefault(one.place, []).append(one)
    for place, column in enumerate(columns):
        for one in by_place.get(place, ()):
            _mask(column, one.rows, source, is_code=one.is_code)
        if source.header[place] in keys:
            same = [i for i, cell in enumerate(column) if cell.strip() in secrets.cells]
            _mask(column, same, source, is_code=True)
        else:
            columns[place] = [secrets.hidden(cell) for cell in column]
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    _mask_broken(rows, source, found, keys)
    return tuple(map(tuple, rows))


def _mask(column: list[str], rows: Iterable[int], source: Source, *, is_code: bool) -> None:
    first: dict[str, int] = {}
    for i in rows:
        row = first.setdefault(column[i].strip(), source.row_numbers[i])
        column[i] = masked_code(row) if is_code else REMOVED


def _mask_broken(
    rows: list[list[str]], source: Source, found: Sequence[Found], keys: Collection[str]
) -> None:
    """Mask the rows with cells too many or too few: a name may have moved to another column."""
    named = [one.place for one in found if one.by_name]
    if not named:
        return
    broken = _broken_rows(source)
    kept = {i for i, name in enumerate(source.header) if name in keys and i < min(named)}
    for i, number in enumerate(source.row_numbers):
        if number in broken:
            for place, cell in enumerate(rows[i]):
                if place not in kept and not _HARMLESS.fullmatch(cell.strip()):
                    rows[i][place] = REMOVED


def _broken_rows(source: Source) -> set[int]:
    return {fault.row for fault in source.faults if fault.rule == "cell_count"} | set(
        source.overflow
    )


def _masked_overflow(
    source: Source, found: Sequence[Found], secrets: _Secrets
) -> Mapping[int, tuple[str, ...]]:
    is_moved = any(one.by_name for one in found)
    flagged = {source.row_numbers[i] for one in found if one.place == PAST_HEADER for i in one.rows}

    def hidden(number: int, cell: str) -> str:
        if not _HARMLESS.fullmatch(cell.strip()) and (is_moved or number in flagged):
            return REMOVED
        return secrets.hidden(cell)

    return {
        number: tuple(hidden(number, cell) for cell in cells)
        for number, cells in source.overflow.items()
    }


def _masked_fault(
    fault: Fault,
    source: Source,
    found: Sequence[Found],
    secrets: _Secrets,
    names: Mapping[str, str],
) -> Fault:
    hidden = {source.header[one.place] for one in found if one.by_name}
    hidden |= {
        source.header[one.place]
        for one in found
        if fault.row in {source.row_numbers[i] for i in one.rows}
    }
    message, value = fault.message, fault.value
    if fault.column in hidden and value:
        for told in (value, cut(value)):
            message = message.replace(told, REMOVED)
        value = REMOVED
    for name, mask in names.items():
        message = message.replace(name, mask) if name != mask else message
    return replace(
        fault,
        column=names.get(fault.column, fault.column),
        message=secrets.without(message),
        value=secrets.hidden(without_emails(value)),
    )
