"""Tail counts over listed or drawn statistics, ascending."""

from dataclasses import dataclass

import numpy as np

from ketbio.statistics.counting.subset_sums import Number
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListedTails:
    """Tail counts of centred statistics that are all there.

    Attributes
    ----------
    values : array of shape (arrangements,)
        T − E T, ascending; the observed one among them.
    ways : array of shape (arrangements,), or None
        How many arrangements give each value; None: one each.
    n_counted : int
        How many arrangements they are.
    tolerance : float
        How close two values count as tied.
    """

    values: FloatArray
    n_counted: int
    tolerance: float
    ways: tuple[int, ...] | None = None

    @property
    def n_sums(self) -> int:
        """Numbers that one count has to look at."""
        return int(self.values.size)

    def at_least(self, threshold: Number, *, strict: bool = False) -> int:
        """Count arrangements with ``threshold`` or more (``strict``: more)."""
        edge = float(threshold) + (self.tolerance if strict else -self.tolerance)
        place = int(np.searchsorted(self.values, edge, side="right" if strict else "left"))
        return self.values.size - place if self.ways is None else sum(self.ways[place:])

    def at_most(self, threshold: Number, *, strict: bool = False) -> int:
        """Count arrangements with ``threshold`` or less (``strict``: less)."""
        edge = float(threshold) + (-self.tolerance if strict else self.tolerance)
        place = int(np.searchsorted(self.values, edge, side="left" if strict else "right"))
        return place if self.ways is None else sum(self.ways[:place])

    def both(self, upper: Number, lower: Number, *, strict: bool = False) -> tuple[int, int]:
        """Count arrangements of ``upper`` or more, and those of ``lower`` or less."""
        return self.at_least(upper, strict=strict), self.at_most(lower, strict=strict)

    def extremes(self) -> tuple[Number, Number]:
        """Return the smallest and the largest value."""
        return float(self.values[0]), float(self.values[-1])
