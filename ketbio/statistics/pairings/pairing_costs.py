"""What counting every pairing costs, method by method: the cost model of the correlations."""

import math
from collections.abc import Sequence

from ketbio.statistics.counting.budgets import GIBIBYTE, OUT_OF_REACH, Budget, Cost
from ketbio.statistics.pairings.dealt_halves import count_shared_sums
from ketbio.statistics.pairings.order_tallies import count_steps, width_of
from ketbio.statistics.pairings.pairing_tails import count_sorted_sums

LISTED_PAIRS = 8
LISTED = math.factorial(LISTED_PAIRS)
"""Up to so many pairings (40,320) are listed one by one."""

LARGEST_LISTED_BLOCK = 11
"""Orders of more values than that are never listed."""

MOST_HALVED = 40
"""Beyond so many pairs the sums to sort need not be worked out."""

MOST_STATES = 30
"""Beyond 2 to this power the states of a tally need not be counted."""

MOST_BITS = 14_000
"""Beyond 2 to this power (some 4,200 digits) a number of pairings can no longer be written out."""

MOST_LISTED_BITS = 60
"""Beyond 2 to this power the sums of half the blocks need not be worked out."""

LIST_SECONDS = 4e-8
"""For one listed sum, ascending among the rest."""

SHORT_SORT_SECONDS, LONG_SORT_SECONDS, LONGEST_SORT_SECONDS = 25e-9, 27e-9, 40e-9
"""For one sorted sum of a half: up to 14 pairs, up to 16, and beyond, where lists outgrow the
processor's cache."""

STEP_SECONDS, BIT_SECONDS = 3.5e-6, 1.5e-11
"""For one step of a tally from state to state, and for each bit that it moves."""

INVERSION_SECONDS = 5.5e-7
"""For one number of inversions at one size."""

MULTIPLY_SECONDS = 1e-11
"""For joining two tallies of so many bits to the power of 1.585 (Karatsuba)."""

JOIN_SECONDS = 1e-7
"""For looking up one sum of one half of the blocks among those of the other."""


def listing_cost(n_arrangements: int) -> Cost:
    """Return the cost of listing every pairing."""
    if n_arrangements > LISTED:
        return OUT_OF_REACH
    return Cost(seconds=LIST_SECONDS * n_arrangements, gibibytes=100 * n_arrangements / GIBIBYTE)


def halving_cost(n: int) -> Cost:
    """Return the cost of counting n pairs, without blocks, by meeting in the middle."""
    if n > MOST_HALVED:
        return OUT_OF_REACH
    each = SHORT_SORT_SECONDS if n <= 14 else LONG_SORT_SECONDS
    if n > 16:
        each = LONGEST_SORT_SECONDS
    orders = math.factorial(n - n // 2) * n
    deals = math.comb(n, n // 2) * n
    held = 8 * count_shared_sums(n) + 16 * (orders + deals)
    return Cost(seconds=each * count_sorted_sums(n), gibibytes=held / GIBIBYTE)


def tally_cost(x_ties: Sequence[int], y_ties: Sequence[int], *, span: float, width: int) -> Cost:
    """Return the cost of tallying every order of one block.

    Parameters
    ----------
    x_ties, y_ties : sequence of int
        How many of each different value there are.
    span : float
        Largest value of the statistic.
    width : int
        Bits per value.
    """
    # At one of n + 1 numbers used up there are at least this many states.
    if sum(math.log2(most + 1) for most in y_ties) - math.log2(sum(y_ties) + 1) > MOST_STATES:
        return OUT_OF_REACH
    steps, states = count_steps(tuple(x_ties), tuple(y_ties))
    bits = (span + 1) * width
    return Cost(
        seconds=steps * (STEP_SECONDS + BIT_SECONDS * bits),
        gibibytes=2 * states * (400 + bits / 8) / GIBIBYTE,
    )


def inversion_cost(n: int) -> Cost:
    """Return the cost of tallying the inversions of n different values."""
    bits = width_of(math.factorial(n))
    return Cost(seconds=INVERSION_SECONDS * n**3 / 6, gibibytes=n**2 * bits / 2 / GIBIBYTE)


def joining_cost(block_sizes: Sequence[int], half_sizes: tuple[int, int]) -> Cost:
    """Return the cost of listing each block's sums and meeting in the middle of the blocks.

    Parameters
    ----------
    block_sizes : sequence of int
        Pairs per block.
    half_sizes : tuple of two ints
        Sums on either side.
    """
    if max(block_sizes) > LARGEST_LISTED_BLOCK or max(half_sizes).bit_length() > MOST_LISTED_BITS:
        return OUT_OF_REACH
    listed = sum(map(math.factorial, block_sizes))
    joined = sum(half_sizes)
    return Cost(
        seconds=LIST_SECONDS * (listed + joined) + JOIN_SECONDS * min(half_sizes),
        gibibytes=40 * (listed + joined) / GIBIBYTE,
    )


def sum_of(costs: Sequence[Cost]) -> Cost:
    """Return what several costs come to: seconds added up, the most memory at a time."""
    return Cost(
        seconds=sum(cost.seconds for cost in costs),
        gibibytes=max(cost.gibibytes for cost in costs),
    )


def is_within(cost: Cost, budget: Budget) -> bool:
    """Whether a method can be used at all and fits the budget."""
    return math.isfinite(cost.seconds) and budget.allows(cost)


def multiplying_cost(bits: Sequence[float]) -> Cost:
    """Return the cost of joining the tallies of blocks, given how many bits each has."""
    total = sum(bits) if len(bits) > 1 else 0.0
    return Cost(seconds=MULTIPLY_SECONDS * len(bits) * total**1.585, gibibytes=total / 2 / GIBIBYTE)
