"""Every rank sum that censored values can give, wherever they lie beyond their limits.

Each censored value may lie anywhere strictly below its limit (or above it), tied with nothing. T,
the pairs in which x is above y minus those in which it is below, is then free between two ends:
every x as high as it can be and every y as low, and the reverse. Values that move change places one
pair at a time, so that T takes every second whole number between the ends.

The null distribution depends on the ranks alone, and these are the same for every placement but
for one thing: how many censored values lie below observed values that are tied with each other.
The line is cut at such ties into segments; for every number of censored values of x and y per
segment, on either side of their limits, the argument above holds within the segments.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product

import numpy as np

from ketbio.statistics.censored.censored_values import CensoredValues
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.subset_runs import run_subsets
from ketbio.statistics.counting.subset_sums import SubsetDesign
from ketbio.statistics.counting.tails import Tails, p_value
from ketbio.statistics.records import NAN, FloatArray
from ketbio.wording import count_of

MOST_NULLS = 200
"""Up to so many null distributions are counted."""

MOST_RANKED = 5_000
"""Up to so many ranks in all of them together."""

MOST_WAYS = 200
"""Up to so many ways to spread one group's censored values over the segments of a block."""

Ends = tuple[int, int]
"""Smallest and largest T; every second whole number between is reached."""

Counts = tuple[int, ...]
"""How many values are in each segment, from the lowest on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PRange:
    """The smallest and the largest p over placements of the censored values.

    Attributes
    ----------
    low, high : float
        NaN where they were not worked out.
    why_not : str
        A sentence where they were not; else empty.
    """

    low: float = NAN
    high: float = NAN
    why_not: str = ""


def rank_sum_range(groups: CensoredValues, question: Question) -> PRange:
    """Return the range of the exact rank-sum p over every untied placement.

    Parameters
    ----------
    groups : CensoredValues
        Two groups, block by block, x first within each.
    question : Question
        Alternative and mid-p; p is counted exactly whatever it says of drawing.
    """
    blocks = [groups.of_block(int(number)) for number in np.unique(groups.block)]
    reached = _reached_in_all([_reached(block) for block in blocks])
    if reached is None or len(reached) * groups.level.size > max(MOST_RANKED, groups.level.size):
        return PRange(
            why_not=f"Limits lie {groups.side_of_limits} observed values that are tied, in too "
            "many ways to work out the range of p over every placement of the censored values."
        )
    found = []
    for ranks, ends in reached.items():
        design = _rank_design(groups, blocks, ranks)
        run = run_subsets(design, counted_only(question), with_shifts=False)
        if not run.is_exact:
            return PRange(
                why_not=f"{count_of(groups.level.size, 'value')} have too many arrangements to "
                "count the range of p over every placement of the censored values."
            )
        for low, high in ends:
            found += _extreme_p(run.tails, low, high, question)
    return PRange(low=min(found), high=max(found))


def counted_only(question: Question) -> Question:
    """Return the question for counting, with next to no draws where that is out of reach."""
    return replace(
        question, exact="auto", n_draws=1, seed=0, stop_after=None, confidence_level=None
    )


def _extreme_p(tails: Tails, low: int, high: int, question: Question) -> list[float]:
    """Return p at both ends and at the middle of the null where T can reach it.

    As a function of T p rises up to the middle and falls beyond (or does one of the two), so that
    the smallest is at an end and the largest at an end or next to the middle.
    """
    steps = (high - low) // 2
    places = {0, steps}
    for middle in (-low / 2, _crossing(tails, low, steps)):
        places |= {min(max(math.floor(middle) + one, 0), steps) for one in (0, 1)}
    return [
        p_value(tails, Fraction(low + 2 * place), question.alternative, mid_p=question.mid_p)
        for place in sorted(places)
    ]


def _crossing(tails: Tails, low: int, steps: int) -> int:
    """Return the last step at which the upper tail is no smaller than the lower one."""
    first, last = 0, steps
    while first < last:
        middle = (first + last + 1) // 2
        above, below = tails.both(Fraction(low + 2 * middle), Fraction(low + 2 * middle))
        first, last = (middle, last) if above >= below else (first, middle - 1)
    return first


# -- what one block can reach ------------------------------------------------------------------
def _reached(block: CensoredValues) -> dict[Counts, list[Ends]] | None:
    """Return how many censored values are in each segment → the ends of T; None: too many ways."""
    x, y = block.of_group(x=True), block.of_group(x=False)
    cuts = _cuts(block)
    ways = [list(islice(_ways(group, cuts), MOST_WAYS + 1)) for group in (x, y)]
    if max(map(len, ways)) > MOST_WAYS:
        return None
    seen_x, seen_y = (np.sort(group.level[~group.beyond]) for group in (x, y))
    seen = int(np.sign(seen_x[:, None] - seen_y[None, :]).sum())
    over_y = [_leads(way, seen_y) for way in ways[0]]
    over_x = [_leads(way, seen_x) for way in ways[1]]
    reached: dict[Counts, list[Ends]] = {}
    for (mine, lead), (yours, behind) in product(
        zip(ways[0], over_y, strict=True), zip(ways[1], over_x, strict=True)
    ):
        n_pairs = mine.low.size * yours.low.size
        # x as low and y as high as they can be: x is above where even so it must be.
        least = 2 * int(np.searchsorted(yours.high, mine.low, side="right").sum()) - n_pairs
        most = 2 * int(np.searchsorted(yours.low, mine.high, side="left").sum()) - n_pairs
        together = tuple(a + b for a, b in zip(mine.counts, yours.counts, strict=True))
        ends = (seen + lead[0] - behind[1] + least, seen + lead[1] - behind[0] + most)
        reached.setdefault(together, []).append(ends)
    return reached


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Way:
    """One way to spread the censored values of a group over segments.

    Attributes
    ----------
    counts : tuple of int
        How many are in each segment.
    low, high : array
        Between which places they can lie there: the lower and the upper ends, either sorted.
    """

    counts: Counts
    low: FloatArray
    high: FloatArray


def _ways(group: CensoredValues, cuts: FloatArray) -> Iterator[_Way]:
    """Yield every way to spread a group's censored values over the segments between the cuts."""
    edges = np.concatenate([[-np.inf], cuts, [np.inf]])
    falling, rising = -np.sort(-group.level[group.below]), np.sort(group.level[group.above])
    n_over = [int((falling > cut).sum()) for cut in cuts]
    n_under = [int((rising < cut).sum()) for cut in cuts[::-1]]
    for down in _spread(falling.size, n_over):
        # The highest segment takes the highest limits: whoever is left can be as high in the next
        # as any other. Of values above limits the lowest segment takes the lowest, likewise.
        place = np.repeat(np.arange(len(down))[::-1], down[::-1])
        for mirrored in _spread(rising.size, n_under):
            up = mirrored[::-1]
            where = np.repeat(np.arange(len(up)), up)
            yield _Way(
                counts=tuple(a + b for a, b in zip(down, up, strict=True)),
                low=np.sort(np.r_[edges[place], np.maximum(rising, edges[where])]),
                high=np.sort(np.r_[np.minimum(falling, edges[place + 1]), edges[where + 1]]),
            )


def _leads(way: _Way, seen: FloatArray) -> Ends:
    """Return over how many observed values these stand minus under how many, at least and at most.

    Just over its lower end a value is above an observed one that is at it; just under its upper end
    it is below one there.
    """
    n_pairs = way.low.size * seen.size
    least = np.searchsorted(seen, way.low, side="right").sum()
    most = np.searchsorted(seen, way.high, side="left").sum()
    return 2 * int(least) - n_pairs, 2 * int(most) - n_pairs


def _spread(n: int, most: list[int]) -> Iterator[Counts]:
    """Yield counts per segment, lowest first; ``most``: how many of the n can be above each cut."""
    if not most:
        yield (n,)
        return
    for above in range(min(n, most[0]) + 1):
        for rest in _spread(above, most[1:]):
            yield (n - above, *rest)


def _cuts(block: CensoredValues) -> FloatArray:
    """Return the observed values that are tied, ascending."""
    values, counts = np.unique(block.level[~block.beyond], return_counts=True)
    return np.asarray(values[counts > 1])


# -- all blocks together -----------------------------------------------------------------------
Reached = dict[tuple[Counts, ...], list[Ends]]


def _reached_in_all(blocks: list[dict[Counts, list[Ends]] | None]) -> Reached | None:
    """Return the same over all blocks, whose T are added; None: too many ways."""
    together: Reached = {(): [(0, 0)]}
    for block in blocks:
        if block is None or len(together) * len(block) > MOST_NULLS:
            return None
        together = {
            (*before, counts): _merged([(a + c, b + d) for (a, b), (c, d) in product(so_far, ends)])
            for (before, so_far), (counts, ends) in product(together.items(), block.items())
        }
    return together


def _merged(ends: list[Ends]) -> list[Ends]:
    """Return the same whole numbers with ranges that meet made one (all are odd, or all even)."""
    merged: list[Ends] = []
    for low, high in sorted(ends):
        if merged and low <= merged[-1][1] + 2:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _rank_design(
    groups: CensoredValues, blocks: list[CensoredValues], counts: tuple[Counts, ...]
) -> SubsetDesign:
    """Return the ranks to deal, as twice the rank minus N + 1 within blocks: T sums to 0."""
    return SubsetDesign(
        positions=np.concatenate(list(map(_centred_ranks, blocks, counts))),
        is_x=groups.is_x,
        block_sizes=tuple(block.level.size for block in blocks),
        takes=tuple(block.n[0] for block in blocks),
        is_exact=True,
        tolerance=0.0,
    )


def _centred_ranks(block: CensoredValues, counts: Counts) -> FloatArray:
    n = block.level.size
    ranks: FloatArray = np.arange(1.0 - n, n + 1.0, 2.0)
    values, ties = np.unique(block.level[~block.beyond], return_counts=True)
    lower = np.cumsum(ties) - ties
    segment = np.searchsorted(_cuts(block), values, side="left")
    censored_lower = np.cumsum(counts)[segment]
    for start, size in zip((lower + censored_lower).tolist(), ties.tolist(), strict=True):
        if size > 1:
            ranks[start : start + size] = 2 * start + size - n
    return ranks
