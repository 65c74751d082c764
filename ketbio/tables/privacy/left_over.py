"""What would still say who a person is after a table's ids were replaced: refused, by place only.

Three things: columns of direct identifiers, as a check finds them; ids outside the columns of ids;
names of columns that hold an id or a person's name. A column that the caller allows is told all
the same, as a warning.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ketbio.errors import FileError
from ketbio.tables.alike import folded_code
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import listed_rows, quoted
from ketbio.tables.privacy.cell_words import cell_kind
from ketbio.tables.privacy.findings import PAST_HEADER, find_identifiers
from ketbio.tables.privacy.given_names import is_full_name, is_given_name
from ketbio.tables.privacy.identifiers import EMAIL, looks_like_date
from ketbio.tables.privacy.masks import REMOVED
from ketbio.wording import count_of, join_words

_TOKEN = re.compile(r"[^\s,;:()\[\]'\"/|]+")
_LEAST_IDS = 3
_SHOWN_COLUMNS = 12
_RATERS = ("rater_id",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """One column that still says who a person is.

    Attributes
    ----------
    place : int
        The column (0-based).
    what : str
        What it holds: ``"an id"``, or a kind as `header_words` names it.
    rows : tuple of int
        Spreadsheet rows; none where the column's name is meant.
    """

    place: int
    what: str
    rows: tuple[int, ...] = ()


def left_over(source: Source, chosen: Sequence[int], ids: Collection[str]) -> list[Left]:
    """Return what replacing the ids leaves, column by column.

    Parameters
    ----------
    source : Source
        What came in.
    chosen : sequence of int
        Places of the columns of ids.
    ids : collection of str
        All ids that are replaced.
    """
    found = [
        *_identifiers(source, chosen),
        *_ids(source, chosen, ids),
        *_names(source, chosen, ids),
    ]
    return sorted(found, key=lambda one: one.place)


def refuse_left_over(source: Source, left: Sequence[Left], allowed: Collection[str]) -> None:
    """Refuse a table in which something is left that the caller does not allow.

    Raises
    ------
    FileError
        There is; nothing may be written.
    """
    refused = [one for one in left if source.header[one.place] not in allowed]
    if not refused:
        return
    hidden = _hidden(left)
    by_place: dict[int, list[str]] = {}
    for one in refused:
        by_place.setdefault(one.place, []).append(_what(one))
    told = [
        f"column {_column(source, place, hidden)} ({'; '.join(whats)})"
        for place, whats in by_place.items()
    ]
    raise FileError(
        f"{source.file or 'The table'} would still say who a person is in {join_words(told)}, so "
        "that nothing was written: leave such a column out with drop (--drop on the command line), "
        "replace one of ids too (columns), or name one that holds none of this under "
        "allow_identifiers (--allow-identifiers)."
    )


def left_warnings(source: Source, left: Sequence[Left]) -> Iterator[str]:
    """Tell what was left because the caller allows it."""
    hidden = _hidden(left)
    for one in left:
        yield (
            f"Column {_column(source, one.place, hidden)} was kept as it is, as allowed "
            f"(allow_identifiers); found there: {_what(one)}."
        )


def without_columns(source: Source, drop: Collection[str]) -> tuple[int, ...]:
    """Return the places of the columns that stay.

    Raises
    ------
    FileError
        One of ``drop`` is not there.
    """
    refuse_absent(source, drop, "left out", "drop")
    return tuple(i for i, name in enumerate(source.header) if name not in drop)


def refuse_absent(source: Source, names: Collection[str], fate: str, option: str) -> None:
    """Refuse names of columns that the file does not have, with the columns that it has.

    Raises
    ------
    FileError
        One is not there.
    """
    if isinstance(names, str):
        raise FileError(f"{option} is {names!r}; a list is wanted: [{names!r}].")
    absent = [name for name in names if name not in source.header]
    if absent:
        raise FileError(
            f"{source.file or 'The table'} has no column {quoted(absent[0])}, which shall be "
            f"{fate} ({option}). {columns_found(source)}"
        )


def columns_found(source: Source) -> str:
    """Return the sentence on what columns a file has, and how to name the row of their names."""
    every = [_column(source, i) for i in range(len(source.header))]
    shown = [f"column {word}" if word.isdigit() else word for word in every][:_SHOWN_COLUMNS]
    n_more = len(source.header) - len(shown)
    listed = join_words([*shown, *([f"{n_more:,} more"] if n_more else [])]) or "none"
    return (
        f"Columns found in row {source.header_row}: {listed}. If the names stand in another row, "
        "give it as header_row (--header-row on the command line)."
    )


def says_who(name: str) -> bool:
    """Return whether the name of a column seems to be data about a person: a file without names.

    Examples
    --------
    >>> [says_who(name) for name in ("Jane Doe", "someone@example.org", "2011-03-04", "visit")]
    [True, True, True, False]
    """
    word = name.strip()
    is_name = is_full_name(word) or (word.istitle() and is_given_name(word))
    return bool(EMAIL.search(word)) or is_name or looks_like_date(word) or bool(cell_kind(word))


def is_telling(word: str) -> bool:
    """Return whether an id is known for one wherever it stands; 7 may be anything.

    Examples
    --------
    >>> is_telling("P01"), is_telling("12345"), is_telling("7"), is_telling("123")
    (True, True, False, False)
    """
    return len(word) > 2 and (not word.isdigit() or len(word) > 4)


def without_ids(text: str, codes: Mapping[str, str]) -> str:
    """Return a sentence without ids.

    Examples
    --------
    >>> without_ids("Row 9 was left out: 'P01 moved'.", {"P01": "K-…"})
    "Row 9 was left out: '[not shown] moved'."
    """
    telling = {word for word in codes if is_telling(word)}
    return _TOKEN.sub(lambda found: REMOVED if found.group() in telling else found.group(), text)


# -- what is found -----------------------------------------------------------------------------
def _identifiers(source: Source, chosen: Sequence[int]) -> Iterator[Left]:
    for one in find_identifiers(source, codes=_RATERS, dates=(), known=(), missing=()):
        if one.place not in chosen and one.place != PAST_HEADER:
            rows = tuple(source.row_numbers[i] for i in one.rows)
            yield Left(place=one.place, what=one.kind, rows=rows)


def _ids(source: Source, chosen: Sequence[int], ids: Collection[str]) -> Iterator[Left]:
    """Find ids outside their columns: alone in a cell, or as a word of a text."""
    everywhere = {word.casefold() for word in ids if is_telling(word)}
    rows: dict[int, list[int]] = {}
    for number, cells in zip(source.row_numbers, source.rows, strict=True):
        own = {cells[place].strip().casefold() for place in chosen} - {""}
        for place, cell in enumerate(cells):
            if place not in chosen and _holds_id(cell.casefold(), own, everywhere):
                rows.setdefault(place, []).append(number)
    for place in range(len(source.header)):
        if place not in chosen and place not in rows and _is_copy(source, place, chosen):
            rows[place] = [
                number
                for number, cells in zip(source.row_numbers, source.rows, strict=True)
                if cells[place].strip()
            ]
    for place, numbers in rows.items():
        yield Left(place=place, what="an id", rows=tuple(numbers))


def _holds_id(cell: str, own: set[str], everywhere: set[str]) -> bool:
    word = cell.strip()
    if not word:
        return False
    words = {word, *(part.strip(".!?") for part in _TOKEN.findall(word))}
    if words & everywhere:
        return True
    if any(" " in one and one in word for one in own):
        return True
    # A short number in a sentence of the same row may be the id, in a cell of its own it is not.
    return len(words) > 2 and bool(words & own) and any(map(str.isalpha, word))


def _is_copy(source: Source, place: int, chosen: Sequence[int]) -> bool:
    """Return whether a column says in every row what a column of ids says: 7 and 7, 008 and 8."""
    seen = set()
    for cells in source.rows:
        own = {folded_code(cells[i].strip()) for i in chosen if cells[i].strip()}
        word = folded_code(cells[place].strip()) if cells[place].strip() else ""
        if word and own and word not in own:
            return False
        seen |= {word} & own
    return len(seen) >= _LEAST_IDS


def _names(source: Source, chosen: Sequence[int], ids: Collection[str]) -> Iterator[Left]:
    for place, name in enumerate(source.header):
        if _holds_any(name, ids):
            yield Left(place=place, what="an id in its name")
        elif place not in chosen and (EMAIL.search(name) or is_full_name(name)):
            yield Left(place=place, what="a person's name or an e-mail address in its name")


def _holds_any(name: str, ids: Collection[str]) -> bool:
    everywhere = {word.casefold() for word in ids if is_telling(word)}
    return any(word in everywhere for word in (name.casefold(), *_TOKEN.findall(name.casefold())))


# -- how it is said ----------------------------------------------------------------------------
def _hidden(left: Sequence[Left]) -> set[int]:
    return {one.place for one in left if not one.rows}


def _column(source: Source, place: int, hidden: Collection[int] = ()) -> str:
    """Return a column as a message names it: by its number where its name must not be shown."""
    name = source.header[place]
    if place not in hidden and name and not says_who(name):
        return quoted(name)
    return str(source.column_numbers[place] if source.column_numbers else place + 1)


def _what(one: Left) -> str:
    if not one.rows:
        return one.what
    return f"{one.what}, {count_of(len(one.rows), 'cell')}: {listed_rows(one.rows)}"
