"""What counting the subsets of a design costs, by each exact method.

The constants are nanoseconds per unit of work, fixed so that what is counted and what is drawn
depends on the data and the budget alone. They were fitted to processor seconds of one core of a
shared server (NumPy 2.4): for tests that take 20 ms or more the model was within a factor of two,
but for unequal groups with an interval (10 v 30), which it takes for up to five times too dear.
"""

import math
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.counting.budgets import GIBIBYTE, OUT_OF_REACH, Cost
from ketbio.statistics.counting.subset_sums import SubsetDesign, count_sums
from ketbio.statistics.records import FloatArray

NS_PER_ARRANGEMENT = 250
"""Listing an arrangement and sorting it in."""

NS_PER_LISTED_SUM = 22
"""Listing a subset sum of a half and merging it in."""

NS_PER_COUNTED_SUM = 12
"""Looking a sum of one half up in the other."""

NS_PER_STEP = 0.4
"""Adding one place of a tally to another."""

NS_PER_ROW = 1_000
"""Starting on a row of a tally."""

NS_PER_PLACE = 4
"""Counting at one place of a tally."""

NS_PER_LIST = 25_000
"""Starting to look one list up in another."""

NS_AT_LEAST = 1_000_000
"""Whatever else a test needs."""

COUNTS_OF_INTERVAL = 14
"""How often sums are counted for two limits, with jump points listed at the end."""

COUNTS_OF_SEARCH = 40
"""The same on a lattice, where p may have to be narrowed down to one fraction."""

LISTINGS_OF_SEARCH = 18
"""The same where sums are listed anew, which is done where p has very fine steps."""

BYTES_PER_ARRANGEMENT = 100
BYTES_PER_SUM = 12
BYTES_PER_PLACE = 40

MEETING_BITS = 72
LATTICE_BITS = 1_000
"""Beyond 2**72 arrangements no halves can be listed, beyond 2**1000 a count fits no float."""


def enumeration_cost(design: SubsetDesign) -> Cost:
    """Return the cost of listing every arrangement."""
    return _cost(
        NS_PER_ARRANGEMENT * design.n_arrangements,
        BYTES_PER_ARRANGEMENT * design.n_arrangements,
    )


def sizes_of_halves(design: SubsetDesign) -> list[tuple[int, int]] | None:
    """Return how many sums the halves have for every split, 0 to N; None where far too many."""
    if design.n_arrangements.bit_length() > MEETING_BITS:
        return None
    return list(zip(*count_sums(design), strict=True))


def meeting_cost(
    design: SubsetDesign, sizes: tuple[int, int], partners: int, *, with_shifts: bool, relists: bool
) -> Cost:
    """Return the cost of meeting in the middle.

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are.
    sizes : tuple of int
        Sums in each half.
    partners : int
        How many lists of the other half each list is looked up in (1 where overlaps are not told
        apart).
    with_shifts : bool
        Whether an interval is wanted.
    relists : bool
        Whether sums are listed anew for every shift.
    """
    tails = 1 if design.is_symmetric else 2
    listing = NS_PER_LISTED_SUM * sum(sizes)
    looked_up = NS_PER_COUNTED_SUM * (sum(sizes) + min(sizes) * (partners - 1))
    n_lists = partners * _n_lists(design, by_overlap=with_shifts and not relists)
    counting = tails * (looked_up + NS_PER_LIST * n_lists)
    nanoseconds: float = listing + counting
    if with_shifts and relists:
        nanoseconds += LISTINGS_OF_SEARCH * (listing + counting)
    elif with_shifts:
        nanoseconds += COUNTS_OF_INTERVAL * counting
    # Listed anew, sums stand beside those of the test itself.
    held = (2 if relists else 1) * sum(sizes) + max(sizes)
    return _cost(nanoseconds, BYTES_PER_SUM * held)


def lattice_cost(design: SubsetDesign, split: int, *, with_shifts: bool) -> Cost:
    """Return the cost of the shift algorithm.

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are.
    split : int
        Where the halves part.
    with_shifts : bool
        Whether an interval is wanted.
    """
    if not design.is_exact or design.n_arrangements.bit_length() > LATTICE_BITS:
        return OUT_OF_REACH
    find = _work_of_blocks if _n_blocks(design) > 1 else _work_of_one_block
    work = find(design, split, with_shifts=with_shifts)
    counts = COUNTS_OF_SEARCH if with_shifts else 1
    tails = 1 if design.is_symmetric else 2
    counting = NS_PER_PLACE * work.looked_at + NS_PER_LIST * work.lists
    nanoseconds = NS_PER_STEP * work.steps + NS_PER_ROW * work.rows + counts * tails * counting
    return _cost(nanoseconds, BYTES_PER_PLACE * work.places)


@dataclass(slots=True, kw_only=True)
class _Work:
    """Additions to places, rows they come in, places held, and what one count looks at."""

    steps: float = 0
    rows: float = 0
    places: float = 0
    looked_at: float = 0
    lists: float = 1


def _work_of_one_block(design: SubsetDesign, split: int, *, with_shifts: bool) -> _Work:
    work = _Work()
    by_size = design.takes is not None or with_shifts
    for half in (design.positions[:split], design.positions[split:]):
        if not by_size:
            work.steps += half.size * _reach(half) / 2
            work.places += _reach(half)
            continue
        places = _width(half) * half.size / 2
        work.steps += half.size * places / 4
        work.rows += half.size**2 / 3
        work.places += places
    if by_size:
        work.lists = design.positions.size / 2
    # Signs are tallied whole, so that a count only looks one place up in each list.
    work.looked_at = work.places / 2 if design.takes is not None else work.lists
    return work


def _work_of_blocks(design: SubsetDesign, split: int, *, with_shifts: bool) -> _Work:
    work = _Work()
    widths, classes = [0.0, 0.0], [1, 1]
    start = 0
    for size, take in zip(design.block_sizes, design.takes or (), strict=True):
        values = design.positions[start : start + size]
        half = int(start >= split)
        width = _width(values)
        here = min(take, size - take) + 1 if with_shifts else 1
        joined = classes[half] * here
        work.steps += size**2 * width / 8 + joined * (widths[half] + 1) * width
        work.rows += size**2 / 3 + 10 * joined
        widths[half] += width
        classes[half] += here - 1
        start += size
    work.places = widths[0] * classes[0] + widths[1] * classes[1]
    work.lists = math.prod(classes)
    work.looked_at = min(widths) * work.lists
    return work


def _n_lists(design: SubsetDesign, *, by_overlap: bool) -> int:
    """Return about how many lists a half has."""
    if design.takes is None:
        return 1 + design.positions.size // 2 if by_overlap else 1
    return 1 + max(map(min, design.takes, design.block_sizes)) // 2


def _n_blocks(design: SubsetDesign) -> int:
    return 1 if design.takes is None else len(design.block_sizes)


def _width(values: FloatArray) -> float:
    """Return how far apart the sums of half of the values can be."""
    return float(np.abs(values - np.median(values)).sum()) + 1 if values.size else 1.0


def _reach(values: FloatArray) -> float:
    """Return how far apart the sums of any of the values can be."""
    return float(np.abs(values).sum()) + 1


def _cost(nanoseconds: float, n_bytes: float) -> Cost:
    # Counts can be too large for a float before they are too large to be refused.
    return Cost(seconds=(NS_AT_LEAST + nanoseconds) / 10**9, gibibytes=n_bytes / GIBIBYTE)
