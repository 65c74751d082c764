"""Numbers that stand for cells of some columns: which occur more than once, which are among a few.

All is done stretch by stretch, since what fits into the memory near the processor is done soonest.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Key = NDArray[np.unsignedinteger]
Rows: TypeAlias = "slice | NDArray[np.intp]"
STRETCH = 2**18
_TABLE = 2**20
_NEARLY = 64
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def stretches(n: int) -> Iterator[slice]:
    """Yield the stretches of ``n`` records.

    Examples
    --------
    >>> list(stretches(300_000))
    [slice(0, 262144, None), slice(262144, 300000, None)]
    """
    for start in range(0, n, STRETCH):
        yield slice(start, min(start + STRETCH, n))


class Few:
    """A few numbers that others are looked for among.

    Examples
    --------
    >>> Few(np.array([3, 7], dtype=np.uint32))(np.array([7, 8, 3], dtype=np.uint32)).tolist()
    [True, False, True]
    """

    def __init__(self, numbers: Key) -> None:
        self._numbers = np.unique(numbers)
        self._last = numbers.dtype.type(_TABLE - 1)
        self._table = np.zeros(_TABLE, dtype=np.bool_)
        self._table[self._numbers & self._last] = True

    def __call__(self, key: Key) -> Mask:
        """Return which numbers are among the few."""
        # By their last bits most are found to be none of them without a search.
        found = self._table[key & self._last]
        places = np.flatnonzero(found)
        if len(places):
            found[places] = np.isin(key[places], self._numbers)
        return found


def duplicated(n: int, key: Callable[[Rows], Key]) -> Mask:
    """Return which records have a number that another one has too; ``key`` returns that of some.

    Examples
    --------
    >>> numbers = np.array([5, 7, 5, 9], dtype=np.uint32)
    >>> duplicated(4, lambda rows: numbers[rows]).tolist()
    [True, False, True, False]
    """
    late = _late(n, key)
    if late is None:
        return repeated(key(slice(None)))
    found = np.zeros(n, dtype=np.bool_)
    if not len(late):
        return found
    few = Few(late)
    places, numbers = [], []
    for part in stretches(n):
        own = key(part)
        hits = np.flatnonzero(few(own))
        places.append(hits + part.start)
        numbers.append(own[hits])
    found[np.concatenate(places)[repeated(np.concatenate(numbers))]] = True
    return found


def _late(n: int, key: Callable[[Rows], Key]) -> Key | None:
    """Return the numbers that do not exceed all those before, None where they are many.

    Most files are in the order of their keys, but for a few records; the others rise, so that none
    of them is the same as another.
    """
    late: list[Key] = []
    top = key(slice(0, 0))
    for part in stretches(n):
        own = np.concatenate((top, key(part)))
        top = own[-1:]
        if np.any(own[1:] <= own[:-1]):
            highest = np.maximum.accumulate(own)
            late.append(own[1:][own[1:] <= highest[:-1]])
            top = highest[-1:]
            if sum(map(len, late)) > n // _NEARLY:
                return None
    return np.concatenate([top[:0], *late])


def repeated(key: Key) -> Mask:
    """Return which numbers occur more than once."""
    if key.dtype == np.uint32:
        return Few(_twice(np.sort(key)))(key)
    # Half as many bits are sorted in half the time, and leave few numbers to look at again.
    short = ((key * _SPREAD) >> np.uint64(32)).astype(np.uint32)
    maybe = np.flatnonzero(Few(_twice(np.sort(short)))(short))
    found = np.zeros(len(key), dtype=np.bool_)
    found[maybe] = Few(_twice(np.sort(key[maybe])))(key[maybe])
    return found


def _twice(ordered: Key) -> Key:
    return ordered[1:][ordered[1:] == ordered[:-1]]
