"""Every rank sum that left-censored values can give, wherever they lie below their limits.

Each censored value may lie anywhere strictly below its limit, tied with nothing. T, the pairs in
which x is above y minus those in which it is below, is then free between two ends: every x just
below its limit and every y far down, and the reverse. Values that move change places one pair at a
time, so that T takes every second whole number between the ends.

The null distribution depends on the ranks alone, and these are the same for every placement but
for one thing: how many censored values lie below observed values that are tied with each other.
Where a limit is above such a tie, the line is cut there into segments; for every number of
censored values of x and y per segment the argument above holds within the segments.
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
            why_not="Limits lie above observed values that are tied, in too many ways to work out "
            "the range of p over every placement of the censored values."
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
    x, y = _Group.of(block, x=True), _Group.of(block, x=False)
    cuts = _cuts(block)
    seen = int(np.sign(x.seen[:, None] - y.seen[None, :]).sum())
    ways = [list(islice(group.counts(cuts), MOST_WAYS + 1)) for group in (x, y)]
    if max(map(len, ways)) > MOST_WAYS:
        return None
    reached: dict[Counts, list[Ends]] = {}
    for mine, yours in product(*ways):
        between = sum(
            a * b * int(np.sign(i - j)) for i, a in enumerate(mine) for j, b in enumerate(yours)
        )
        within = sum(a * b for a, b in zip(mine, yours, strict=True))
        apart = seen + between
        low = apart - within + x.lead(y, mine, cuts, high=False) - y.lead(x, yours, cuts, high=True)
        high = (
            apart + within + x.lead(y, mine, cuts, high=True) - y.lead(x, yours, cuts, high=False)
        )
        together = tuple(a + b for a, b in zip(mine, yours, strict=True))
        reached.setdefault(together, []).append((low, high))
    return reached


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Group:
    """One group of one block: its observed values and its limits, the highest limit first."""

    seen: FloatArray
    limits: FloatArray

    @classmethod
    def of(cls, block: CensoredValues, *, x: bool) -> "_Group":
        mine = block.of_group(x=x)
        return cls(seen=mine.level[~mine.below], limits=-np.sort(-mine.level[mine.below]))

    def counts(self, cuts: FloatArray) -> Iterator[Counts]:
        """Return every way to spread the censored values over the segments between the cuts."""
        return _spread(self.limits.size, [int((self.limits > cut).sum()) for cut in cuts])

    def lead(self, other: "_Group", counts: Counts, cuts: FloatArray, *, high: bool) -> int:
        """Return over how many of the other's observed values these stand, minus under how many.

        Each as high as it can be in its segment, or as low. The highest segment takes the highest
        limits: whoever is left can be as high in the next as any other.
        """
        edges = np.concatenate([[-np.inf], cuts, [np.inf]])
        segment = np.repeat(np.arange(len(counts))[::-1], counts[::-1])
        if high:
            place = np.minimum(self.limits, edges[segment + 1])
            beneath = (other.seen[None, :] < place[:, None]).sum()
        else:
            beneath = (other.seen[None, :] <= edges[segment][:, None]).sum()
        return 2 * int(beneath) - other.seen.size * self.limits.size


def _spread(n: int, most: list[int]) -> Iterator[Counts]:
    """Yield counts per segment, lowest first; ``most``: how many of the n can be above each cut."""
    if not most:
        yield (n,)
        return
    for above in range(min(n, most[0]) + 1):
        for rest in _spread(above, most[1:]):
            yield (n - above, *rest)


def _cuts(block: CensoredValues) -> FloatArray:
    """Return the observed values that are tied and have a limit above them, ascending."""
    values, counts = np.unique(block.level[~block.below], return_counts=True)
    highest = block.level[block.below].max(initial=-np.inf)
    return np.asarray(values[(counts > 1) & (values < highest)])


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
    values, ties = np.unique(block.level[~block.below], return_counts=True)
    lower = np.cumsum(ties) - ties
    segment = np.searchsorted(_cuts(block), values, side="left")
    censored_lower = np.cumsum(counts)[segment]
    for start, size in zip((lower + censored_lower).tolist(), ties.tolist(), strict=True):
        if size > 1:
            ranks[start : start + size] = 2 * start + size - n
    return ranks
