"""How often each value of a whole-number statistic comes up over every order: the shift algorithm.

Values of x are gone through from the smallest; what is known of an order is how many of each
value of y are used up, and for each such state a tally says how often each partial sum comes up.
States, not orders, are what there is to list: 2**n of them where no two values are equal, far
fewer with ties. (Streitberg & Röhmel 1986 for two groups; the states are the nodes of the network
of Mehta & Patel 1983.)

A tally is one long Python integer with a fixed number of bits for each value: adding a constant
to all values is a shift of bits, joining two tallies an addition, independent blocks a
multiplication. Nothing is ever rounded.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb, factorial, prod

import numpy as np

Counts = tuple[int, ...]
"""How many of each value of y, from the smallest: used up, or picked."""

Score = Callable[[int, Counts, Counts], int]
"""(place of the x value, y used up before, y picked for it) → what they add to the statistic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTally:
    """How often each value 0, 1, 2 … of a statistic comes up.

    Attributes
    ----------
    packed : int
        The number of orders with value v stands in bits v·width to (v + 1)·width.
    width : int
        Bits per value.
    """

    packed: int
    width: int

    @classmethod
    def of(cls, numbers: Sequence[int], *, width: int) -> "OrderTally":
        """Pack the numbers of orders that give 0, 1, 2 and so on."""
        held = b"".join(number.to_bytes(width // 8, "little") for number in numbers)
        return cls(packed=int.from_bytes(held, "little"), width=width)

    def ways(self) -> dict[int, int]:
        """Return value → number of orders, for the values that come up."""
        size = self.width // 8
        length = -(-self.packed.bit_length() // self.width) * size
        held = self.packed.to_bytes(length, "little")
        numbers = (
            int.from_bytes(held[start : start + size], "little") for start in range(0, length, size)
        )
        return {value: number for value, number in enumerate(numbers) if number}

    def joined(self, other: "OrderTally") -> "OrderTally":
        """Return the tally of the sum of two statistics whose orders are independent."""
        return OrderTally(packed=self.packed * other.packed, width=self.width)


def width_of(n_arrangements: int) -> int:
    """Return how many bits a number of arrangements takes, in whole bytes."""
    return 8 * (n_arrangements.bit_length() // 8 + 1)


def tally_orders(
    x_ties: Sequence[int], y_ties: Sequence[int], score: Score, *, width: int
) -> OrderTally:
    """Return how often each value of a statistic comes up over every order of y.

    Parameters
    ----------
    x_ties, y_ties : sequence of int
        How many of each different value there are, from the smallest; both sum to n.
    score : callable
        What picking some y for the equal values of x adds (0 or more).
    width : int
        Bits per value, enough for n!.
    """
    states: dict[Counts, int] = {(0,) * len(y_ties): 1}
    for place, wanted in enumerate(x_ties):
        grown: dict[Counts, int] = {}
        for used, tally in states.items():
            left = tuple(most - taken for most, taken in zip(y_ties, used, strict=True))
            for picked in _picks(left, wanted):
                # Into how many orders the picked can be put among equal x.
                orders = factorial(wanted) // prod(map(factorial, picked))
                now = tuple(map(int.__add__, used, picked))
                moved = tally << (width * score(place, used, picked))
                grown[now] = grown.get(now, 0) + (moved if orders == 1 else moved * orders)
        states = grown
    (total,) = states.values()
    # Equal values of y were taken as one; every pairing counts.
    return OrderTally(packed=total * prod(map(factorial, y_ties)), width=width)


def _picks(left: Counts, wanted: int) -> Iterator[Counts]:
    """Yield every way to pick so many from what is left of each value."""
    if wanted == 1:
        for place, there in enumerate(left):
            if there:
                yield (0,) * place + (1,) + (0,) * (len(left) - place - 1)
        return
    if not left:
        yield ()
        return
    rest = sum(left[1:])
    for taken in range(max(0, wanted - rest), min(left[0], wanted) + 1):
        for others in _picks(left[1:], wanted - taken) if rest else [(0,) * (len(left) - 1)]:
            yield (taken, *others)


def n_states(y_ties: Sequence[int]) -> int:
    """Return how many states there are, whatever number of values is used up."""
    return prod(most + 1 for most in y_ties)


@lru_cache(maxsize=64)
def count_steps(x_ties: tuple[int, ...], y_ties: tuple[int, ...]) -> tuple[float, float]:
    """Return how many steps from state to state a tally takes, and the most states at a time.

    Examples
    --------
    Three different x and three different y: 3, 3·2 and 3 steps; at most 3 states at a time.

    >>> count_steps((1, 1, 1), (1, 1, 1))
    (12.0, 3.0)
    """
    before, steps = 0, 0.0
    states = _ways_to_use(y_ties)
    for wanted in x_ties:
        steps += _ways_to_go_on(y_ties, before, wanted)
        before += wanted
    boundaries = np.cumsum([0, *x_ties])
    return steps, float(max(states[boundaries]))


def _ways_to_use(y_ties: tuple[int, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how many states have used up 0, 1, … n values of y."""
    ways = np.ones(1)
    for most in y_ties:
        ways = np.convolve(ways, np.ones(most + 1))
    return ways


def _ways_to_go_on(y_ties: tuple[int, ...], before: int, wanted: int) -> float:
    """Return in how many ways so many y can be picked when so many are used up."""
    if all(most == 1 for most in y_ties):
        return float(comb(len(y_ties), before) * comb(len(y_ties) - before, wanted))
    grid = np.zeros((before + 1, wanted + 1))
    grid[0, 0] = 1
    for most in y_ties:
        grown = np.zeros_like(grid)
        for used in range(min(most, before) + 1):
            for picked in range(min(most - used, wanted) + 1):
                grown[used:, picked:] += grid[: before + 1 - used, : wanted + 1 - picked]
        grid = grown
    return float(grid[before, wanted])
