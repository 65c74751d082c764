"""Subset sums of whole numbers: how often each is reached, by convolution on the lattice.

The shift algorithm (Streitberg & Röhmel 1986; van de Wiel 2001): a value v adds to the tally of
sums a copy of itself moved by v. A tally is dense, one place per whole number, so that time and
memory grow with the range of the values and not with the number of subsets.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.counting.subset_sums import ClassKey, Half, SubsetDesign, SumList
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How often the sums ``lowest``, ``lowest`` + 1, … are reached."""

    lowest: int
    ways: FloatArray


NOTHING_TAKEN = Tally(0, np.ones(1))


def tally_halves(design: SubsetDesign, split: int, *, by_overlap: bool) -> tuple[Half, Half]:
    """Tally the subset sums of the first ``split`` values and those of the rest.

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are; positions are whole numbers.
    split : int
        Where `lattice_split` parts the halves: between x and y, between blocks, or anywhere
        among signs.
    by_overlap : bool
        Whether classes tell how many observed members a subset has.
    """
    first, rest = slice(0, split), slice(split, None)
    if design.takes is None:
        halves = (_signs(design.positions[half], by_overlap=by_overlap) for half in (first, rest))
    elif len(design.takes) == 1:
        halves = (_part(design, half, by_overlap=by_overlap) for half in (first, rest))
    else:
        ends = np.cumsum([0, *design.block_sizes])
        n_first = int(np.searchsorted(ends, split))
        blocks = range(len(design.takes))
        halves = (
            _blocks(design, ends, part, by_overlap=by_overlap)
            for part in (blocks[:n_first], blocks[n_first:])
        )
    one, other = ({key: _list(tally) for key, tally in half.items()} for half in halves)
    return one, other


def tally_by_size(values: FloatArray, most: int) -> list[Tally]:
    """Tally the sums of the subsets of each size.

    Parameters
    ----------
    values : array of shape (n,)
        Whole numbers.
    most : int
        The largest size wanted, at most n.

    Returns
    -------
    list of Tally
        By size, 0 to ``most``.

    Examples
    --------
    >>> pairs = tally_by_size(np.array([1.0, 2.0, 4.0]), 2)[2]
    >>> pairs.lowest, pairs.ways.tolist()
    (3, [1.0, 0.0, 1.0, 1.0])
    """
    ascending = np.sort(values).astype(np.int64)
    # Beyond half the size a subset is the complement of a smaller one.
    listed = most if most <= ascending.size // 2 + 1 else ascending.size // 2
    rows = _rows(ascending, listed)
    rows += [_complement(rows[ascending.size - k], ascending) for k in range(listed + 1, most + 1)]
    return rows


def convolve(one: Tally, other: Tally) -> Tally:
    """Tally the sums of a sum of ``one`` and a sum of ``other``."""
    return Tally(one.lowest + other.lowest, np.convolve(one.ways, other.ways))


def _rows(ascending: np.ndarray[tuple[int], np.dtype[np.int64]], most: int) -> list[Tally]:
    floor = int(ascending[0]) if ascending.size else 0
    steps = (ascending - floor).tolist()
    ends = np.concatenate([[0], np.cumsum(steps)]).astype(int).tolist()
    size = len(steps)
    # Row k holds the sums of k steps; only places that so many of the steps can reach are touched.
    rows = [np.zeros(ends[size] - ends[size - k] - ends[k] + 1) for k in range(most + 1)]
    rows[0][0] = 1.0
    for seen, step in enumerate(steps):
        for k in range(min(seen + 1, most), 0, -1):
            from_place = ends[k - 1]
            length = ends[seen] - ends[seen - k + 1] - from_place + 1
            start = from_place + step - ends[k]
            rows[k][start : start + length] += rows[k - 1][:length]
    return [Tally(ends[k] + k * floor, row) for k, row in enumerate(rows)]


def _complement(tally: Tally, values: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Tally:
    highest = tally.lowest + tally.ways.size - 1
    return Tally(int(values.sum()) - highest, tally.ways[::-1])


def _signs(values: FloatArray, *, by_overlap: bool) -> dict[ClassKey, Tally]:
    if by_overlap:
        return {(0, k): tally for k, tally in enumerate(tally_by_size(values, values.size))}
    reach = np.abs(values).astype(np.int64)
    ways = np.zeros(int(reach.sum()) + 1)
    ways[0], filled = 1.0, 1
    for step in np.sort(reach).tolist():
        ways[step : step + filled] += ways[:filled].copy()
        filled += step
    # A negative value kept counts as its size left out.
    return {(0, 0): Tally(int(values[values < 0].sum()), ways)}


def _part(design: SubsetDesign, half: slice, *, by_overlap: bool) -> dict[ClassKey, Tally]:
    """Tally one side of a single block that is parted between x and y."""
    values = design.positions[half]
    shares = by_overlap and bool(design.is_x[half].any())
    most = min(values.size, design.observed_size)
    tallies = tally_by_size(values, most)
    return {(k, k if shares else 0): tally for k, tally in enumerate(tallies)}


def _blocks(
    design: SubsetDesign, ends: FloatArray, blocks: range, *, by_overlap: bool
) -> dict[ClassKey, Tally]:
    found = {(0, 0): NOTHING_TAKEN}
    for block in blocks:
        members = slice(int(ends[block]), int(ends[block + 1]))
        parts: dict[ClassKey, list[Tally]] = {}
        for shared_here, tally in _within_block(design, members, by_overlap=by_overlap):
            for (_, shared), before in found.items():
                parts.setdefault((0, shared + shared_here), []).append(convolve(before, tally))
        found = {key: _add(tallies) for key, tallies in parts.items()}
    return found


def _within_block(
    design: SubsetDesign, members: slice, *, by_overlap: bool
) -> Iterator[tuple[int, Tally]]:
    values, is_x = design.positions[members], design.is_x[members]
    take = int(is_x.sum())
    if not by_overlap:
        yield 0, tally_by_size(values, take)[take]
        return
    n_others = values.size - take
    of_x, of_y = (
        tally_by_size(values[is_x], take),
        tally_by_size(values[~is_x], min(take, n_others)),
    )
    for shared in range(max(0, take - n_others), take + 1):
        yield shared, convolve(of_x[shared], of_y[take - shared])


def _add(tallies: list[Tally]) -> Tally:
    lowest = min(tally.lowest for tally in tallies)
    end = max(tally.lowest + tally.ways.size for tally in tallies)
    ways = np.zeros(end - lowest)
    for tally in tallies:
        start = tally.lowest - lowest
        ways[start : start + tally.ways.size] += tally.ways
    return Tally(lowest, ways)


def _list(tally: Tally) -> SumList:
    return SumList(tally.lowest + np.arange(tally.ways.size, dtype=np.float64), tally.ways)
