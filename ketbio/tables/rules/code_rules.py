"""Rules of how codes and words are written; written like those of the registry."""

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from ketbio.tables.alike import folded_code, folded_look, folded_word
from ketbio.tables.phrases import listed_words, quoted
from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.registry import Finding, Frame, rule
from ketbio.tables.rules.settings import Column, TextColumn, TextColumns, Words


def word_counts(words: "pd.Series[str]") -> dict[str, int]:
    """Return how often each word is there, empty cells left out."""
    counted = words.dropna().value_counts(sort=False)
    return {str(word): int(n) for word, n in zip(counted.index, counted, strict=True)}


def spellings(words: "pd.Series[str]", fold: Callable[[str], str]) -> list[tuple[str, ...]]:
    """Return the groups of words that fold to the same, the most frequent word of each first.

    Examples
    --------
    >>> spellings(pd.Series(["P01", "p1", "P02", "P01"]), folded_code)
    [('P01', 'p1')]
    """
    counts = word_counts(words)
    groups: dict[str, list[str]] = {}
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        groups.setdefault(fold(word), []).append(word)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _explain_distinct_codes(
    frame: Frame, failed: Sequence[int], records: Records, *, column: TextColumn
) -> Iterator[Finding]:
    words = frame[column].iloc[list(failed)]
    everywhere: dict[str, list[int]] = {}
    for place, word in zip(failed, words, strict=True):
        everywhere.setdefault(str(word), []).append(place)
    for group in spellings(words, folded_code):
        places = {word: everywhere[word] for word in group}
        first = {word: records.listed(listed[:1]) for word, listed in places.items()}
        told = listed_words(f"{quoted(word)} ({first[word]})" for word in group)
        position = places[group[-1]][0]
        yield Finding(
            position=position,
            others=tuple(sorted({i for listed in places.values() for i in listed} - {position})),
            column=column,
            message=f"{records.label(column, position)}: {told} differ only in case, blanks, "
            "hyphens or leading zeros; write one code for one participant.",
        )


@rule(_explain_distinct_codes)
def distinct_codes(frame: Frame, *, column: TextColumn) -> "pd.Series[bool]":
    """Hold where no other row has the same code written in another way."""
    near = {word for group in spellings(frame[column], folded_code) for word in group}
    return ~frame[column].isin(near)


def _lookalikes(words: "pd.Series[str]") -> list[tuple[str, ...]]:
    """Return the groups of codes that look alike, but for those that `distinct_codes` finds."""
    groups = spellings(words, folded_look)
    return [group for group in groups if len(set(map(folded_code, group))) > 1]


def _explain_no_lookalikes(
    frame: Frame, failed: Sequence[int], records: Records, *, column: TextColumn
) -> Iterator[Finding]:
    words = frame[column].iloc[list(failed)]
    places: dict[str, list[int]] = {}
    for place, word in zip(failed, words, strict=True):
        places.setdefault(str(word), []).append(place)
    for group in _lookalikes(words):
        told = [f"{quoted(word)} ({records.listed(places[word])})" for word in group]
        position = places[group[-1]][0]
        yield Finding(
            position=position,
            others=tuple(sorted({i for word in group for i in places[word]} - {position})),
            column=column,
            message=f"{records.label(column, position)}: {listed_words(told)} look alike (O and "
            "0, I, l and 1, or letters of two alphabets) and count as different; write one code "
            "for one participant. The rows are kept.",
        )


@rule(_explain_no_lookalikes)
def no_lookalikes(frame: Frame, *, column: TextColumn) -> "pd.Series[bool]":
    """Hold where no other row has a code that most readers would take for this one."""
    near = {word for group in _lookalikes(frame[column]) for word in group}
    return ~frame[column].isin(near)


def _explain_written_alike(
    frame: Frame, failed: Sequence[int], records: Records, *, columns: TextColumns
) -> Iterator[Finding]:
    for column in columns:
        others = _other_spelling(frame[column])
        for position in failed:
            word = frame[column].iloc[position]
            if pd.notna(word) and word in others:
                yield Finding(
                    position=position,
                    column=column,
                    message=f"{records.label(column, position)} is {quoted(str(word))}, elsewhere "
                    f"{quoted(others[str(word)])}: the same word but for case or blanks; "
                    "write one word for one thing.",
                )


@rule(_explain_written_alike)
def written_alike(frame: Frame, *, columns: TextColumns) -> "pd.Series[bool]":
    """Hold where no word is a rarer spelling (by case and blanks) of another of its column.

    Of two spellings that are equally frequent neither holds.
    """
    holds = pd.Series(True, index=frame.index)
    for column in columns:
        holds &= ~frame[column].isin(_other_spelling(frame[column]))
    return holds


def _explain_filled_for(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    column: Column,
    by: TextColumn,
    filled: Words,
    empty: Words,
) -> Iterator[Finding]:
    del empty
    for position in failed:
        word, label = frame[by].iloc[position], records.label(column, position)
        if word in filled:
            message = f"{label} is empty, but {by} is {word!r}, which needs it. Fill it in."
        else:
            found = quoted(str(frame[column].iloc[position]))
            message = f"{label} is {found}, but {by} is {word!r}, which has none. Leave it empty."
        yield Finding(position=position, column=column, message=message)


@rule(_explain_filled_for)
def filled_for(
    frame: Frame, *, column: Column, by: TextColumn, filled: Words, empty: Words
) -> "pd.Series[bool]":
    """Hold where a column is filled for some words of another, and empty for others."""
    is_there = frame[column].notna()
    return ~(frame[by].isin(filled) & ~is_there) & ~(frame[by].isin(empty) & is_there)


def _other_spelling(words: "pd.Series[str]") -> dict[str, str]:
    """Return for each rarer spelling the more frequent one."""
    counts = word_counts(words)
    others: dict[str, str] = {}
    for usual, *rarer in spellings(words, folded_word):
        others |= dict.fromkeys(rarer, usual)
        if counts[rarer[0]] == counts[usual]:
            others[usual] = rarer[0]
    return others
