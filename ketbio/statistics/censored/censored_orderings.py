"""Every order that a few censored values can stand in, one by one, and the p of each."""

import math
from collections.abc import Iterable, Iterator
from itertools import islice, product

import numpy as np

from ketbio.statistics.censored.censored_placements import PRange
from ketbio.statistics.censored.censored_values import CensoredValues, Flags
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of

MOST_ORDERINGS = 300
"""Up to so many orders are tested one by one."""

MOST_TOLD = 1_000_000
"""Up to so many orders are told by number."""

Item = list[int]
"""Places of values that are tied (one place for a censored value)."""


def count_orderings(values: CensoredValues) -> int:
    """Return how many orders the values can stand in, each censored one tied with nothing.

    Where values of one block are beyond limits of both sides, counting stops just past
    `MOST_ORDERINGS`.

    Examples
    --------
    >>> values = CensoredValues(level=np.array([1.0, 2.0, 2.0]), block=np.zeros(3, dtype=np.intp),
    ...     below=np.array([True, False, True]), above=np.zeros(3, dtype=np.bool_),
    ...     is_x=np.ones(3, dtype=np.bool_))
    >>> count_orderings(values)  # those below a limit may change places
    2
    """
    numbers = np.unique(values.block)
    return math.prod(_count_block(values.of_block(int(number))) for number in numbers)


def orderings(values: CensoredValues) -> Iterator[FloatArray]:
    """Yield, per order, twice the mid-rank minus N + 1 of every value within its block."""
    numbers = [int(number) for number in np.unique(values.block)]
    places = [np.flatnonzero(values.block == number) for number in numbers]
    found = [list(_block_ranks(values.of_block(number))) for number in numbers]
    for chosen in product(*found):
        ranks = np.empty(values.level.size)
        for where, mine in zip(places, chosen, strict=True):
            ranks[where] = mine
        yield ranks


def p_over(found: Iterable[float]) -> PRange:
    """Return the smallest and the largest of p values, one per order; NaN where one was not had."""
    values = list(found)
    if any(map(math.isnan, values)):
        return PRange(
            why_not="There are too many arrangements to count the range of p over every placement "
            "of the censored values."
        )
    return PRange(low=min(values), high=max(values))


def too_many(ways: int, n_censored: int, *, is_counted: bool) -> PRange:
    """Return the range that was not worked out, and why; ``is_counted``: of one side of limits."""
    least = MOST_TOLD if is_counted else MOST_ORDERINGS
    said = f"{ways:,}" if is_counted and ways <= MOST_TOLD else f"more than {least:,}"
    return PRange(
        why_not=f"The range of p over every placement of {count_of(n_censored, 'censored value')} "
        f"was not worked out: they can stand in {said} orders, too many to test each exactly."
    )


def _count_block(block: CensoredValues) -> int:
    if not block.above.any():
        return _count_below(block.level, block.below)
    if not block.below.any():
        return _count_below(-block.level, block.above)
    return len(list(islice(_block_ranks(block), MOST_ORDERINGS + 1)))


def _count_below(level: FloatArray, below: Flags) -> int:
    seen = np.unique(level[~below])
    return math.prod(
        int((seen < limit).sum()) + placed + 1 for placed, limit in enumerate(np.sort(level[below]))
    )


def _block_ranks(block: CensoredValues) -> Iterator[FloatArray]:
    low, high = block.ends()
    seen = np.flatnonzero(~block.beyond)
    start = [
        [int(place) for place in seen if block.level[place] == level]
        for level in np.unique(block.level[seen])
    ]
    # Lowest limit first: all that is placed so far then lies below the next limit too. Then those
    # above limits, the highest first, since what is placed may lie above the next limit too.
    below = sorted(np.flatnonzero(block.below).tolist(), key=lambda place: block.level[place])
    above = sorted(np.flatnonzero(block.above).tolist(), key=lambda place: -block.level[place])
    for order in _inserted(start, [*below, *above], low, high):
        yield _centred_ranks(order, block.level.size)


def _inserted(
    order: list[Item], left: list[int], low: FloatArray, high: FloatArray
) -> Iterator[list[Item]]:
    if not left:
        yield order
        return
    first, rest = left[0], left[1:]
    lower = [place for place, item in enumerate(order) if high[item[0]] < low[first]]
    higher = [place for place, item in enumerate(order) if high[first] < low[item[0]]]
    for place in range(lower[-1] + 1 if lower else 0, (higher[0] if higher else len(order)) + 1):
        yield from _inserted([*order[:place], [first], *order[place:]], rest, low, high)


def _centred_ranks(order: list[Item], n: int) -> FloatArray:
    ranks, before = np.empty(n), 0
    for item in order:
        ranks[item] = 2 * before + len(item) - n
        before += len(item)
    return ranks
