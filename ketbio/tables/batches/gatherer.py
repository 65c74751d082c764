"""Batches of records → the columns that rules across rows look at, of all records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ketbio.tables.batches.cells import Cells
from ketbio.tables.batches.facts import Facts
from ketbio.tables.batches.keys import Mask
from ketbio.tables.contracts.schema import TableSchema

_GROWTH = 1.5


@dataclass(slots=True)
class Store:
    """An array that grows batch by batch; a number that all records share takes no room.

    Examples
    --------
    >>> store = Store()
    >>> store.put(0, np.array([1, 2]), np.uint8, 3)
    >>> store.put(2, np.array([300]), np.uint16, 3)
    >>> store.whole(3).tolist()
    [1, 2, 300]
    """

    _filled: NDArray[Any] | None = None
    _shared: NDArray[Any] | None = None

    def put(self, first: int, part: NDArray[Any], own: DTypeLike, likely: int) -> None:
        """Put the numbers of a batch in place, whose first record is ``first``, as some type.

        ``likely`` is how many numbers there will be.
        """
        if part.strides == (0,) and self._filled is None and self._is_shared(part):
            self._shared = part[:1]
            return
        stop = first + len(part)
        filled = self._filled
        kind = np.dtype(own) if filled is None else np.promote_types(filled.dtype, own)
        if filled is None or stop > len(filled) or kind != filled.dtype:
            size = max(stop, likely, 0 if filled is None else len(filled))
            if filled is not None and stop > len(filled):
                size = max(size, int(_GROWTH * len(filled)))
            grown = np.empty(size, dtype=kind)
            if filled is not None:
                grown[:first] = filled[:first]
            elif self._shared is not None:
                grown[:first] = self._shared
            self._filled = filled = grown
        filled[first:stop] = part

    @property
    def kind(self) -> np.dtype[Any] | None:
        """The type that the numbers have so far, None where they take no room."""
        return None if self._filled is None else self._filled.dtype

    def whole(self, n: int) -> NDArray[Any]:
        """Return the numbers of all ``n`` records."""
        if self._filled is not None:
            return self._filled[:n]
        shared = np.zeros(1) if self._shared is None else self._shared
        return np.broadcast_to(shared, n)

    def _is_shared(self, part: NDArray[Any]) -> bool:
        return self._shared is None or np.array_equal(
            self._shared, part[:1], equal_nan=part.dtype.kind == "f"
        )


@dataclass(slots=True, kw_only=True)
class FactGatherer:
    """Puts the columns that rules look at together, batch by batch."""

    contract: TableSchema
    columns: Sequence[str]
    _codes: dict[str, Store] = field(default_factory=dict)
    _words: dict[str, Sequence[str]] = field(default_factory=dict)
    _values: dict[str, Store] = field(default_factory=dict)
    _odd: Store = field(default_factory=Store)
    _n: int = 0

    def add(
        self, cells: Cells, odd: Mask, further: Mapping[str, NDArray[Any]], likely: int
    ) -> None:
        """Take a batch in: its records, which are looked at, and further numbers of each.

        ``likely`` is how many records the file may have.
        """
        values = {**cells.values, **further}
        self._odd.put(self._n, odd, np.bool_, likely)
        for name in dict.fromkeys([*self.columns, *further]):
            if name in cells.codes:
                self._words[name] = cells.words[name]
                kind = np.min_scalar_type(len(cells.words[name]))
                self._codes.setdefault(name, Store()).put(self._n, cells.codes[name], kind, likely)
            elif name in values:
                own, store = values[name], self._values.setdefault(name, Store())
                is_double = store.kind == np.float64
                store.put(self._n, own, own.dtype if is_double else _precision(own), likely)
        self._n += cells.n

    def facts(self) -> Facts:
        """Return what was gathered."""
        return Facts(
            contract=self.contract,
            codes={name: store.whole(self._n) for name, store in self._codes.items()},
            words=self._words,
            values={name: store.whole(self._n) for name, store in self._values.items()},
            odd=self._odd.whole(self._n).astype(np.bool_, copy=False),
        )


def _precision(numbers: NDArray[Any]) -> DTypeLike:
    """Return the least precision that holds all of some numbers."""
    if numbers.dtype != np.float64:
        return numbers.dtype
    single = numbers.astype(np.float32)
    return np.float32 if np.array_equal(single, numbers, equal_nan=True) else numbers.dtype
