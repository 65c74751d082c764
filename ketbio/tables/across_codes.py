"""Codes of a table that the study does not know because the whole table writes them otherwise.

Thirteen ids P01 … against 1 … are one fault, and so are the leading zeros that a spreadsheet
program took from many ids: each is said once, with one id in both spellings.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from ketbio.tables.phrases import quoted

SEVERAL = 3
"""From so many ids on they are told together."""


def is_written_otherwise(words: Collection[str], known: Collection[str]) -> bool:
    """Return whether half of a table's ids or more, and several, are none that the study knows.

    Examples
    --------
    >>> is_written_otherwise(["P01", "P02", "P03"], ["1", "2", "3"])
    True
    >>> is_written_otherwise(["1", "2", "9"], ["1", "2", "3"])
    False
    """
    n_unknown = sum(word not in known for word in words)
    return n_unknown >= SEVERAL and 2 * n_unknown >= len(words)


def told_together(
    places: Mapping[str, Sequence[int]], known: Collection[str], *, n_words: int
) -> Iterator[tuple[dict[str, Sequence[int]], str]]:
    """Return ids that have one fault in common, with what is wrong with them.

    Parameters
    ----------
    places : mapping of str to sequence of int
        Each id that is not known, with its records.
    known : collection of str
        The study's ids.
    n_words : int
        How many ids the table has, the known ones among them.
    """
    rest = dict(places)
    shorn = {word: whole for word in rest if (whole := with_zeros(word, known))}
    if len(shorn) >= SEVERAL:
        here, there = next(iter(shorn.items()))
        yield (
            {word: rest.pop(word) for word in shorn},
            f"{len(shorn)} ids are those of the participants table but for leading zeros: here "
            f"{quoted(here)}, there {quoted(there)}. Write them with their zeros, in a column "
            "formatted as text.",
        )
    if len(rest) >= SEVERAL and known and 2 * len(rest) >= n_words:
        here, there = _example(rest, known)
        yield (
            rest,
            f"{len(rest)} of {n_words} ids are not in the participants table: here {quoted(here)}, "
            f"there {quoted(there)}. Write them in one way in both, or see whether both tables are "
            "of this study.",
        )


def with_zeros(word: str, known: Collection[str]) -> str:
    """Return the one known id that has more leading zeros and is else the same, empty for none.

    Examples
    --------
    >>> with_zeros("7", ["007", "008"]), with_zeros("P1", ["P01"]), with_zeros("p1", ["P01"])
    ('007', 'P01', '')
    """
    alike = _by_shorn(frozenset(known)).get(_shorn(word), ())
    return alike[0] if len(alike) == 1 and alike[0] != word else ""


def _shorn(word: str) -> str:
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", word)


@lru_cache(maxsize=8)
def _by_shorn(known: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(known):
        found[_shorn(word)] = (*found.get(_shorn(word), ()), word)
    return found


def _example(words: Collection[str], known: Collection[str]) -> tuple[str, str]:
    """Return an unknown id and a known one, of the same number where there is one."""
    by_number = {_number(word): word for word in sorted(known, reverse=True)}
    for word in words:
        if _number(word) and _number(word) in by_number:
            return word, by_number[_number(word)]
    return next(iter(words)), min(known)


def _number(word: str) -> str:
    """Return the last number of an id, without leading zeros."""
    digits = re.findall(r"[0-9]+", word)
    return digits[-1].lstrip("0") if digits else ""
