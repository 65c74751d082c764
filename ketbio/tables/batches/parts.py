"""The records to look at closely, in parts that fit into memory.

For most files there is one part. Where very many records are wrong they are looked at some at a
time: those with a fault of their own in the order of the file, and those of each rule of groups by
whole groups.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.errors import FileError
from ketbio.tables.batches.facts import Facts
from ketbio.tables.batches.keys import Mask
from ketbio.tables.batches.looks import Look
from ketbio.tables.phrases import listed_words

AT_ONCE = 200_000
"""How many records are looked at together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Records to look at together.

    Attributes
    ----------
    records : ndarray of bool
        Which.
    rules : frozenset of str or None
        The rules of groups whose complaints count, all of them where None: then every group is
        whole. Where some are named nothing else counts.
    own : ndarray of bool or None
        The records whose other complaints count, None for all.
    """

    records: Mask
    rules: frozenset[str] | None = None
    own: Mask | None = None


def parts(facts: Facts, odd: Mask, close: Sequence[Look], *, at_once: int) -> Iterator[Part]:
    """Yield the parts, one of them where it fits.

    Raises
    ------
    FileError
        Records that must be seen together are too many.
    """
    together = odd.copy()
    for one in close:
        together |= one.records
    if np.count_nonzero(together) <= at_once:
        yield Part(records=together)
        return
    places = np.flatnonzero(odd)
    for start in range(0, max(len(places), 1), at_once):
        chosen = _mask(facts.n, places[start : start + at_once])
        yield Part(records=chosen, rules=frozenset(), own=chosen)
    for one in close:
        for rows in _groups(facts, one, at_once):
            chosen = _mask(facts.n, rows)
            yield Part(records=chosen, rules=one.rules, own=_mask(facts.n, rows[:0]))


def _mask(n: int, places: NDArray[np.intp]) -> Mask:
    found = np.zeros(n, dtype=np.bool_)
    found[places] = True
    return found


def _groups(facts: Facts, one: Look, at_once: int) -> Iterator[NDArray[np.intp]]:
    """Yield the records of a look, so many at once, never part of a group."""
    places = np.flatnonzero(one.records)
    if not one.key:
        for start in range(0, len(places), at_once):
            yield places[start : start + at_once]
        return
    key = facts.key(one.key)[places]
    order = np.argsort(key, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(key[order])) + 1, len(order))
    start = 0
    while start < len(order):
        last = int(np.searchsorted(ends, start + at_once, side="right")) - 1
        stop = int(ends[last]) if last >= 0 else 0
        if stop <= start:
            n = int(ends[np.searchsorted(ends, start, side="right")]) - start
            raise FileError(
                f"{n:,} rows have the same {listed_words(one.key)}, and {listed_words(one.rules)} "
                f"must see them together; at most {at_once:,} can be. Is it the right column?"
            )
        yield np.sort(places[order[start:stop]])
        start = stop
