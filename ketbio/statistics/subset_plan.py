"""How to count the subsets of a design: by listing, by meeting in the middle, or by drawing."""

import math
from dataclasses import dataclass
from typing import Literal

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import Exact
from ketbio.statistics.subset_sums import SubsetDesign, count_sums

LISTED = 200_000
"""Up to so many arrangements are listed one by one."""

AUTO_SUMS = 2**22
"""Subset sums per half (8 bytes each) that ``exact="auto"`` allows: some seconds."""

AUTO_SIGN_SUMS = 2**20
"""The same for signs, where halves combine in more ways: 40 pairs."""

FORCED_SUMS = 2**25
"""Subset sums per half that ``exact=True`` allows (25 v 25): half a minute and some
1.2 GiB, interval included."""

AUTO_LATTICE = 5 * 10**8
FORCED_LATTICE = 5 * 10**9
"""Lattice steps (values × classes × span) that are allowed."""

MAX_BITS = 1000
"""Beyond 2**1000 arrangements a count no longer fits a float."""

Algorithm = Literal["enumeration", "meet in the middle", "shift algorithm", "Monte Carlo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetPlan:
    """How to count.

    Attributes
    ----------
    algorithm : str
        ``"enumeration"``, ``"meet in the middle"`` or ``"Monte Carlo"``.
    split : int
        Where the halves part.
    on_lattice : bool
        Whether only merging equal sums makes it possible.
    """

    algorithm: Algorithm
    split: int = 0
    on_lattice: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether arrangements are counted without being listed."""
        return self.algorithm in ("meet in the middle", "shift algorithm")


def plan_subsets(design: SubsetDesign, exact: Exact) -> SubsetPlan:
    """Choose the exact method that fits time and memory, else drawing.

    Raises
    ------
    StatisticsError
        ``exact=True`` and no exact method fits.
    """
    if exact is False:
        return SubsetPlan(algorithm="Monte Carlo")
    automatic = AUTO_SIGN_SUMS if design.takes is None else AUTO_SUMS
    sums, lattice = (FORCED_SUMS, FORCED_LATTICE) if exact is True else (automatic, AUTO_LATTICE)
    # Pairs of sums make all arrangements, so a half holds at least their square root.
    if design.n_arrangements <= sums**2:
        forward, back = count_sums(design)
        sizes = [max(pair) for pair in zip(forward, back, strict=True)]
        split = sizes.index(min(sizes))
        if design.n_arrangements <= LISTED:
            return SubsetPlan(algorithm="enumeration", split=split)
        if sizes[split] <= sums:
            return SubsetPlan(algorithm="meet in the middle", split=split)
    split = lattice_split(design)
    if _lattice_work(design, split) <= lattice:
        return SubsetPlan(algorithm="shift algorithm", split=split, on_lattice=True)
    if exact is True:
        raise StatisticsError(_beyond_reach(design))
    return SubsetPlan(algorithm="Monte Carlo")


def lattice_split(design: SubsetDesign) -> int:
    """Return where to part the halves when equal sums are merged: between x and y, or blocks."""
    if design.takes is None:
        return int(design.positions.size) // 2
    if len(design.block_sizes) == 1:
        return design.observed_size
    ends = [sum(design.block_sizes[: i + 1]) for i in range(len(design.block_sizes))]
    return min(ends, key=lambda end: abs(2 * end - design.positions.size))


def _lattice_work(design: SubsetDesign, split: int) -> float:
    if not design.is_exact or design.n_arrangements.bit_length() > MAX_BITS:
        return math.inf
    classes = 1
    if design.takes is not None and len(design.takes) > 1:
        classes = 1 + max(design.takes)
    positions = abs(design.positions)
    halves = (positions[:split], positions[split:])
    return float(sum(half.size**2 * classes * half.sum() / 2 for half in halves))


def _beyond_reach(design: SubsetDesign) -> str:
    return (
        f"exact is True, and this design has {design.n_arrangements:.2e} arrangements of "
        f"{design.positions.size} values; allowed: up to {FORCED_SUMS:,} sums per half. "
        'Give exact="auto" or exact=False to draw arrangements instead.'
        if design.n_arrangements.bit_length() <= MAX_BITS
        else f"exact is True, and this design has more than 2**{MAX_BITS} arrangements; give "
        'exact="auto" or exact=False to draw arrangements instead.'
    )
