"""Where direct identifiers stand in a table: columns by their name, cells by what is in them."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ketbio.tables.files.source import Source
from ketbio.tables.privacy.birth_dates import birth_columns
from ketbio.tables.privacy.cell_words import DATE, cell_kind
from ketbio.tables.privacy.columns import Column, column_of
from ketbio.tables.privacy.given_names import is_full_name, is_given_name, is_turned_name
from ketbio.tables.privacy.header_words import (
    BIRTH,
    BIRTH_FACT,
    IDENTIFIER,
    NAME,
    NATIONAL_NUMBER,
    TELEPHONE,
    header_kind,
)
from ketbio.tables.privacy.identifiers import looks_like_date, looks_like_name
from ketbio.tables.privacy.national_numbers import national_numbers
from ketbio.tables.summary_words import is_summary

CODE_DATE = "date"
"""A date in place of a code: of birth, or made by a spreadsheet program."""
PAST_HEADER = -1
"""The place of cells past the header."""
_LEAST_NAMES, _SHARE_OF_NAMES = 3, 0.6
_LEAST_GIVEN = 5
_SEARCHED_ROWS = 30
_ANSWER_WORDS = """
0 1 2 3 4 5 6 7 8 9 yes no y n true false ja nein j si sim s não nao oui non o checked unchecked
done unknown na n/a
"""
_ANSWERS = frozenset(_ANSWER_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Direct identifiers of one kind in one column.

    Attributes
    ----------
    kind : str
        As `header_words` names it.
    place : int
        The column (0-based), or `PAST_HEADER`.
    rows : tuple of int
        The rows (0-based) whose cells hold one.
    by_name : bool
        Whether the column's name says so, and not the cells.
    is_code : bool
        Whether codes of people are wanted there.
    """

    kind: str
    place: int
    rows: tuple[int, ...]
    by_name: bool = False
    is_code: bool = False


def find_identifiers(
    source: Source,
    *,
    codes: Collection[str],
    dates: Collection[str],
    known: Collection[str],
    missing: Collection[str],
) -> list[Found]:
    """Return where direct identifiers stand, at most one kind by column.

    Parameters
    ----------
    source : Source
        What came in.
    codes : collection of str
        Columns that hold codes of people, where a name or a date is none.
    dates : collection of str
        Columns that hold dates of the study.
    known : collection of str
        Columns that the schema knows, where one text like a name may be a site or a diagnosis.
    missing : collection of str
        Words that mean that there is no value.
    """
    first, below = _lower_header(source)
    found: dict[int, Found] = {}
    others: dict[int, Column] = {}
    by_column = list(zip(*source.rows, strict=True)) or [()] * len(source.header)
    for place, header in enumerate(source.header):
        column = column_of(by_column[place], missing)
        one = _by_name(source, place, column)
        if one is None and place in below:
            under = tuple(i for i in column.rows() if i > first)
            one = _found(under, below[place], place, by_name=True)
        if one is None and column.suspects and header in codes:
            one = _by_codes(source, place, column)
        if one is None and column.suspects:
            one = _by_cells(place, column, is_known=header in known or header in codes)
        if one is not None:
            found[place] = one
        elif column.suspects:
            others[place] = column
    for place in birth_columns(source.header, others, dates):
        found[place] = Found(kind=BIRTH, place=place, rows=others[place].rows())
    return [*(found[place] for place in sorted(found)), *_past_header(source, first, below)]


def _found(rows: tuple[int, ...], kind: str, place: int, *, by_name: bool) -> Found | None:
    return Found(kind=kind, place=place, rows=rows, by_name=by_name) if rows else None


def _by_name(source: Source, place: int, column: Column) -> Found | None:
    header = source.header[place]
    kind = header_kind(header)
    if not kind and header in source.identifier_columns:
        kind = IDENTIFIER
    if not kind or {word.casefold() for word in column.words} <= _ANSWERS:
        return None
    dates = [word for word in column.suspects if DATE.fullmatch(word)]
    if kind == BIRTH_FACT:
        return _found(column.rows(dates), BIRTH, place, by_name=True)
    if kind == TELEPHONE and len(dates) == len(column.words):
        return None
    return _found(column.rows(), kind, place, by_name=True)


def _by_codes(source: Source, place: int, column: Column) -> Found | None:
    """Return the cells of a column of codes that are a person's name, a date and the like."""
    kinds = {word: kind for word in column.suspects if (kind := _code_kind(word))}
    kinds |= _kinds(column, is_known=True)
    rows = [i for i in column.rows(kinds) if not _is_note(source, i, place)]
    if not rows:
        return None
    seen = [kinds[column.cells[i].strip()] for i in rows]
    return Found(kind=_most(seen), place=place, rows=tuple(rows), is_code=True)


def _is_note(source: Source, i: int, place: int) -> bool:
    """Return whether a row is a sentence in one cell, under the table or between its rows."""
    cells = source.rows[i]
    others = any(cell.strip() for at, cell in enumerate(cells) if at != place)
    word = cells[place].strip()
    is_sentence = looks_like_name(word) and not is_turned_name(word) and not cell_kind(word)
    return is_sentence and len(cells) > 2 and not others


def _by_cells(place: int, column: Column, *, is_known: bool) -> Found | None:
    kinds = _kinds(column, is_known=is_known)
    if not kinds:
        return None
    return Found(kind=_most(kinds.values()), place=place, rows=column.rows(kinds))


def _kinds(column: Column, *, is_known: bool) -> dict[str, str]:
    kinds = {word: kind for word in column.suspects if (kind := cell_kind(word))}
    kinds |= dict.fromkeys(national_numbers(column.suspects), NATIONAL_NUMBER)
    return kinds | dict.fromkeys(_names(column, is_known=is_known), NAME)


def _most(kinds: Iterable[str]) -> str:
    return Counter(sorted(kinds)).most_common(1)[0][0]


def _code_kind(code: str) -> str:
    if looks_like_date(code):
        return CODE_DATE
    if is_summary(code):
        return ""  # a row below the table, which is told as such
    return NAME if looks_like_name(code) or _is_lone_name(code) else ""


def _is_lone_name(code: str) -> bool:
    # JANE may be a code of four letters; Jane is a person.
    return len(code) > 2 and code.istitle() and is_given_name(code)


def _names(column: Column, *, is_known: bool) -> Collection[str]:
    """Return the words that are names of people: all where most of them are, else single ones."""
    turned = sum(map(is_turned_name, column.suspects))
    if turned >= _LEAST_NAMES and turned >= _SHARE_OF_NAMES * len(column.words):
        return column.suspects
    given = sum(map(is_given_name, column.suspects))
    if given >= _LEAST_GIVEN and given >= _SHARE_OF_NAMES * len(column.words):
        return column.suspects
    return [] if is_known else [word for word in column.suspects if is_full_name(word)]


def _lower_header(source: Source) -> tuple[int, Mapping[int, str]]:
    """Return the row that announces identifiers of two kinds: a header further down."""
    for i, cells in enumerate(source.rows[:_SEARCHED_ROWS]):
        row = (*cells, *source.overflow.get(source.row_numbers[i], ()))
        words = {place: cell.strip() for place, cell in enumerate(row) if 1 < len(cell) < 40}
        kinds = {place: kind for place, word in words.items() if (kind := header_kind(word))}
        # Of two kinds, as a data dictionary names one field twice in a row.
        if len(set(kinds.values())) > 1 and not any(
            re.search(r"[0-9@]", words[place]) for place in kinds
        ):
            return i, kinds
    return 0, {}


def _past_header(source: Source, first: int, below: Mapping[int, str]) -> Iterator[Found]:
    """Find what stands past the header, under a header further down too."""
    width = len(source.header)
    kinds: dict[int, str] = {}
    for i, number in enumerate(source.row_numbers):
        for place, cell in enumerate(source.overflow.get(number, ()), start=width):
            announced = below.get(place, "") if i > first and cell.strip() else ""
            if kind := announced or cell_kind(cell.strip()):
                kinds[i] = kind
    if kinds:
        yield Found(kind=_most(kinds.values()), place=PAST_HEADER, rows=tuple(kinds))
