"""How the numbers of each column lie, batch by batch: what a code for no value is far from."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ketbio.tables.batches.numbers import Ends
from ketbio.tables.records.sentinels import (
    FEWEST_DIFFERENT,
    NUMBERS,
    Spread,
    Suspect,
    spread_of,
    suspects,
)

_CODES = np.array(sorted(NUMBERS))
_SMALL = 4096
_ENOUGH = 5
"""How many other records there are for each suspected one in what is looked at."""
_FEWEST = 20


@dataclass(slots=True)
class ColumnSpread:
    """The numbers of one column so far.

    Attributes
    ----------
    spread : Spread
        As the in-memory road has it. In long batches codes that lie among the other numbers may
        count as such.
    ends : mapping of str to int
        The records of the lowest and the highest number that is no code.
    examples : mapping of float to int
        A few different numbers and a record of each.
    hits : mapping of float to list of ndarray
        The records of each code, but for those that surely lie among other numbers.
    filled : list of ndarray
        Of each batch how many records it has, and one bit for each: whether there is a number; None
        where there are numbers throughout.
    """

    spread: Spread = field(default_factory=Spread)
    ends: dict[str, int] = field(default_factory=dict)
    examples: dict[float, int] = field(default_factory=dict)
    hits: dict[float, list[NDArray[np.intp]]] = field(default_factory=dict)
    filled: list[tuple[int, NDArray[np.uint8] | None]] = field(default_factory=list)

    def add(self, values: NDArray[np.float64], first: int, ends: Ends) -> None:
        """Take the numbers of a batch in, whose first record is ``first``."""
        is_full = ends.n == len(values)
        is_there = None if is_full else ~np.isnan(values)
        self.filled.append((len(values), None if is_there is None else np.packbits(is_there)))
        if not ends.n:
            return
        low, high = ends.low, ends.high
        is_inside = low not in NUMBERS and high not in NUMBERS
        if len(values) > _SMALL and is_inside:
            others = values
            # Codes inside the range count as other numbers: they stand apart from nothing.
            found = Spread(n=ends.n, low=low, high=high)
        else:
            is_code = np.isin(values, _CODES)
            for code in np.unique(values[is_code]).tolist():
                self.hits.setdefault(code, []).append(first + np.flatnonzero(values == code))
            others = np.where(is_code, np.nan, values)
            own, counts = np.unique(values[~np.isnan(values)], return_counts=True)
            found = spread_of(dict(zip(own.tolist(), counts.tolist(), strict=True)))
        self._examine(others, found, first)
        self.spread = self.spread.joined(
            replace(found, different=frozenset(list(self.examples)[:FEWEST_DIFFERENT]))
        )

    def _examine(self, others: NDArray[np.float64], found: Spread, first: int) -> None:
        """Remember the records that show how the numbers of a batch lie."""
        if found.low < self.spread.low:
            self.ends["low"] = first + int(np.nanargmin(others))
        if found.high > self.spread.high:
            self.ends["high"] = first + int(np.nanargmax(others))
        if len(self.examples) < FEWEST_DIFFERENT:
            some, places = np.unique(others[:_SMALL], return_index=True)
            for value, place in zip(some.tolist(), places.tolist(), strict=True):
                if value not in NUMBERS and not np.isnan(value):
                    self.examples.setdefault(value, first + place)

    def suspects(self) -> list[Suspect]:
        """Return the numbers that may be codes."""
        return list(suspects(self.spread))

    def suspected_records(self) -> NDArray[np.intp]:
        """Return the records that hold one of them."""
        found = [part for one in self.suspects() for part in self.hits.get(one.value, ())]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.intp)

    def context(self) -> list[int]:
        """Return the records that show how the numbers lie."""
        return [*self.ends.values(), *list(self.examples.values())[:FEWEST_DIFFERENT]]

    def beside_suspects(self) -> NDArray[np.intp]:
        """Return further records with a number, as many as it takes for the suspects to be few."""
        most = max((self.spread.hits.get(one.value, 0) for one in self.suspects()), default=0)
        wanted, first, found = max(_FEWEST, _ENOUGH * most) if most else 0, 0, []
        for n, bits in self.filled:
            if wanted <= 0:
                break
            places = np.arange(n) if bits is None else np.flatnonzero(np.unpackbits(bits, count=n))
            places = places[: wanted + most]
            found.append(first + places)
            wanted -= len(places)
            first += n
        return np.concatenate(found) if found else np.zeros(0, dtype=np.intp)
