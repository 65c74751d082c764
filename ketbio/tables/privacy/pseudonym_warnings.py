"""What is left to look at in a table whose ids were replaced: told by place, never by value."""

import re
from collections.abc import Iterator, Mapping, Sequence

from ketbio.tables.alike import folded_code
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import listed_rows, quoted
from ketbio.tables.privacy.codes import PREFIX
from ketbio.tables.privacy.findings import PAST_HEADER, find_identifiers
from ketbio.tables.privacy.masks import REMOVED, is_masked
from ketbio.wording import count_of

_TOKEN = re.compile(r"[^\s,;:()\[\]'\"/|]+")
_CODE = re.compile(rf"{PREFIX}[0-9A-HJKMNP-TV-Z]{{12}}")


def warnings_of(source: Source, chosen: Sequence[int], codes: Mapping[str, str]) -> Iterator[str]:
    """Warn of what pseudonymising did not, or should not, touch.

    Parameters
    ----------
    source : Source
        What came in.
    chosen : sequence of int
        Places of the columns of ids.
    codes : mapping of str to str
        Id → code.
    """
    yield from _spelt_apart(source, chosen)
    yield from _no_ids(source, chosen)
    yield from _ids_elsewhere(source, chosen, codes)
    yield from _identifiers_elsewhere(source, chosen)
    for fault in source.faults:
        yield f"Row {fault.row} was not read as it stands ({fault.rule}); check the file first."


def without_ids(text: str, codes: Mapping[str, str]) -> str:
    """Return a sentence without ids.

    Examples
    --------
    >>> without_ids("Row 9 was left out: 'P01 moved'.", {"P01": "K-…"})
    "Row 9 was left out: '[not shown] moved'."
    """
    telling = {word for word in codes if _is_telling(word)}
    return _TOKEN.sub(lambda found: REMOVED if found.group() in telling else found.group(), text)


def _is_telling(word: str) -> bool:
    """Return whether an id is known for one wherever it stands; 7 may be anything."""
    return len(word) > 2 and (not word.isdigit() or len(word) > 4)


def _spelt_apart(source: Source, chosen: Sequence[int]) -> Iterator[str]:
    first: dict[str, dict[str, int]] = {}
    for number, cells in zip(source.row_numbers, source.rows, strict=True):
        for place in chosen:
            if word := cells[place].strip():
                first.setdefault(folded_code(word), {}).setdefault(word, number)
    for spellings in first.values():
        if len(spellings) > 1:
            yield (
                f"Ids that differ only in case, blanks, hyphens or leading zeros got a code each: "
                f"{listed_rows(spellings.values())}. Write them alike if they are one person's."
            )


def _no_ids(source: Source, chosen: Sequence[int]) -> Iterator[str]:
    for place in chosen:
        shown = quoted(source.header[place])
        words = [
            (number, cells[place].strip())
            for number, cells in zip(source.row_numbers, source.rows, strict=True)
        ]
        masked = [number for number, word in words if is_masked(word)]
        coded = [number for number, word in words if _CODE.fullmatch(word)]
        numbers = [n for n, _ in words if (n, source.header[place]) in source.fractions]
        if masked:
            yield f"Column {shown} holds masks and no ids in {listed_rows(masked)}."
        if coded:
            yield f"Column {shown} holds codes made before in {listed_rows(coded)}."
        if numbers:
            yield (
                f"Column {shown} holds numbers with decimals in {listed_rows(numbers)}, which may "
                "have lost a digit (1.10 becomes 1.1)."
            )


def _ids_elsewhere(
    source: Source, chosen: Sequence[int], codes: Mapping[str, str]
) -> Iterator[str]:
    """Warn of cells outside the columns of ids that hold an id: alone, or as a word of a text."""
    everywhere = {word.casefold() for word in codes if _is_telling(word)}
    rows: dict[int, list[int]] = {}
    for number, cells in zip(source.row_numbers, source.rows, strict=True):
        own = {cells[place].strip().casefold() for place in chosen} - {""}
        for place, cell in enumerate(cells):
            if place not in chosen and _holds_id(cell.casefold(), own, everywhere):
                rows.setdefault(place, []).append(number)
    for place, numbers in sorted(rows.items()):
        yield (
            f"Column {quoted(source.header[place])} still holds an id in "
            f"{count_of(len(numbers), 'cell')} ({listed_rows(numbers)}); remove it there, or "
            "replace that column too."
        )
    for place, name in enumerate(source.header):
        if any(word in everywhere for word in (name.casefold(), *_TOKEN.findall(name.casefold()))):
            yield f"The name of column {place + 1} holds an id; rename it."


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


def _identifiers_elsewhere(source: Source, chosen: Sequence[int]) -> Iterator[str]:
    found = find_identifiers(source, codes=(), dates=(), known=(), missing=())
    for one in found:
        if one.place in chosen or one.place == PAST_HEADER:
            continue
        rows = listed_rows(source.row_numbers[i] for i in one.rows)
        yield (
            f"Column {quoted(source.header[one.place])} still holds direct identifiers "
            f"({one.kind}): {count_of(len(one.rows), 'cell')} ({rows}). Remove the column."
        )
