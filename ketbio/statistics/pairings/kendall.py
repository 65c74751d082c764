"""Kendall's τ_b over pairings within blocks: S counted exactly, ties and all, or drawn.

S = Σ sign(xᵢ − xⱼ)·sign(yᵢ − yⱼ) over the pairs i < j of one block. Without ties its distribution
is that of the number of inversions; with ties every order of y is tallied, x from the smallest:
the y put beside an x value score 2 for each smaller y, and 1 for each equal y, put beside a
smaller x.
"""

import math
from functools import cache, partial

import numpy as np

from ketbio.errors import StatisticsError
from ketbio.statistics.correlation import perfect_if_near
from ketbio.statistics.counting.budgets import AUTO, OUT_OF_REACH, Cost, budget_of, refusal
from ketbio.statistics.counting.counted import Counted
from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.tails import smallest_p
from ketbio.statistics.pairings.drawn_pairings import draw_pairings
from ketbio.statistics.pairings.order_tallies import (
    OrderTally,
    n_states,
    tally_orders,
    width_of,
)
from ketbio.statistics.pairings.paired_values import Pairings
from ketbio.statistics.pairings.pairing_costs import (
    LISTED,
    MOST_BITS,
    inversion_cost,
    is_within,
    multiplying_cost,
    sum_of,
    tally_cost,
)
from ketbio.statistics.pairings.pairing_floors import at_least_by_ties
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of


def kendall_tau(pairings: Pairings) -> float:
    """Return τ_b within blocks: S over the root of untied pairs in x times in y."""
    observed = float(_concordance(pairings, pairings.y[None, :])[0])
    return perfect_if_near(observed * _tau_unit(pairings))


def count_kendall(pairings: Pairings, question: Question) -> Counted:
    """Count every pairing if that is within the budget, else draw.

    Raises
    ------
    StatisticsError
        ``exact=True``, and counting is beyond the budget.
    """
    if question.exact is False:
        return _drawn(pairings, question)
    budget, cost = budget_of(question.exact, question.budget), _cost(pairings)
    if is_within(cost, budget):
        return _counted(pairings, question)
    if question.exact is True:
        raise StatisticsError(refusal(_what(pairings), cost, budget))
    return _drawn(pairings, question)


def _what(pairings: Pairings) -> str:
    tied = any(_has_ties(*part) for part in _parts(pairings))
    text = f"every pairing of {count_of(pairings.n, 'pair')}{' with ties' if tied else ''}"
    n_blocks = len(pairings.slices)
    return f"{text} in {n_blocks} blocks" if n_blocks > 1 else text


def _counted(pairings: Pairings, question: Question) -> Counted:
    tails, unit = kendall_tails(pairings), _tau_unit(pairings)
    listed = None
    if pairings.n_arrangements <= LISTED and tails.ways is not None:
        listed = np.repeat(tails.values, tails.ways)
    return Counted(
        tails=tails,
        observed=float(_concordance(pairings, pairings.y[None, :])[0]),
        algorithm="shift algorithm",
        n_arrangements=pairings.n_arrangements,
        seed=None,
        null=None if listed is None else listed * unit,
        centred=listed,
        mid_p=question.mid_p,
    )


def _drawn(pairings: Pairings, question: Question) -> Counted:
    observed = float(_concordance(pairings, pairings.y[None, :])[0])
    drawn = draw_pairings(
        partial(_concordance, pairings),
        pairings.y,
        pairings.block,
        question,
        observed=observed,
        tolerance=0.0,
    )
    return Counted(
        tails=drawn.tails,
        observed=observed,
        algorithm="Monte Carlo",
        n_arrangements=pairings.n_arrangements,
        seed=drawn.seed,
        null=drawn.values * _tau_unit(pairings),
        floor_of_design=partial(_floor, pairings),
        mid_p=question.mid_p,
        stopped_after=drawn.stopped_after,
    )


def kendall_tails(pairings: Pairings) -> ListedTails:
    """Return the tails of S over every pairing within blocks."""
    width = width_of(pairings.n_arrangements)
    tally, compared = OrderTally(packed=1, width=width), 0
    for x, y in _parts(pairings):
        tally = tally.joined(_tally(x, y, width))
        compared += _n_different(x)
    ways = tally.ways()
    return ListedTails(
        values=np.array([cell - compared for cell in ways], dtype=np.float64),
        ways=tuple(ways.values()),
        n_counted=pairings.n_arrangements,
        tolerance=0.0,
    )


def _tally(x: FloatArray, y: FloatArray, width: int) -> OrderTally:
    """Return the tally of S + the number of pairs that differ in x, for one block."""
    if not _has_ties(x, y):
        # One inversion more is 2 less in S.
        cells = [ways for inverted in _inversions(x.size) for ways in (inverted, 0)]
        return OrderTally.of(cells, width=width)
    x_ties, y_ties = _oriented(x, y)
    tally = tally_orders(x_ties, y_ties, _score, width=width)
    # The tally counts from the pairs that differ in the side it goes through.
    surplus = _n_different(x) - _pairs_of_different(x_ties)
    return OrderTally(packed=_moved(tally.packed, width * surplus), width=width)


def _moved(packed: int, bits: int) -> int:
    return packed << bits if bits >= 0 else packed >> -bits


def _score(place: int, used: tuple[int, ...], picked: tuple[int, ...]) -> int:
    del place
    score = below = 0
    for there, put in zip(used, picked, strict=True):
        score += put * (2 * below + there)
        below += there
    return score


def _cost(pairings: Pairings) -> Cost:
    if pairings.n_arrangements.bit_length() > MOST_BITS:
        return OUT_OF_REACH
    width, parts = width_of(pairings.n_arrangements), _parts(pairings)
    joining = multiplying_cost([x.size * (x.size - 1) * width for x, _ in parts])
    return sum_of([*(_cost_of_one(x, y, width) for x, y in parts), joining])


def _cost_of_one(x: FloatArray, y: FloatArray, width: int) -> Cost:
    if not _has_ties(x, y):
        return inversion_cost(x.size)
    return tally_cost(*_oriented(x, y), span=float(x.size * (x.size - 1)), width=width)


def _oriented(x: FloatArray, y: FloatArray) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return how often each value comes up, the side with fewer states last (S is symmetric)."""
    more, fewer = sorted((_tie_counts(x), _tie_counts(y)), key=lambda ties: -n_states(ties))
    return more, fewer


def _tie_counts(values: FloatArray) -> tuple[int, ...]:
    return tuple(np.unique(values, return_counts=True)[1].tolist())


def _floor(pairings: Pairings, alternative: str) -> float:
    """Return the smallest p: counted where that is quick, else what it is at least."""
    if is_within(_cost(pairings), AUTO):
        return smallest_p(kendall_tails(pairings), alternative)
    return at_least_by_ties(_parts(pairings))


def _concordance(pairings: Pairings, rows: FloatArray) -> FloatArray:
    """Return S for each row of y as dealt, shape (rows, n)."""
    total = np.zeros(rows.shape[0], dtype=np.int64)
    levels = np.searchsorted(np.unique(rows), rows).astype(np.int32).T.copy()
    first, second = np.triu_indices(pairings.n, k=1)
    signs = np.sign(pairings.x[first] - pairings.x[second]).astype(np.int8)
    signs[pairings.block[first] != pairings.block[second]] = 0
    kept = signs != 0
    for i, j, sign in zip(first[kept], second[kept], signs[kept], strict=True):
        above, below = levels[i] > levels[j], levels[i] < levels[j]
        total += sign * (above.view(np.int8) - below.view(np.int8))
    return total.astype(np.float64)


def _parts(pairings: Pairings) -> list[tuple[FloatArray, FloatArray]]:
    return [(pairings.x[part], pairings.y[part]) for part in pairings.slices]


def _has_ties(x: FloatArray, y: FloatArray) -> bool:
    return any(np.unique(values).size < values.size for values in (x, y))


def _n_different(values: FloatArray) -> int:
    """Return how many pairs of values are not equal."""
    return _pairs_of_different(_tie_counts(values))


def _pairs_of_different(ties: tuple[int, ...]) -> int:
    return math.comb(sum(ties), 2) - sum(math.comb(count, 2) for count in ties)


def _tau_unit(pairings: Pairings) -> float:
    """Return what one unit of S is in τ_b."""
    parts = _parts(pairings)
    untied = math.prod(sum(_n_different(part[side]) for part in parts) for side in (0, 1))
    return 1 / math.sqrt(untied)


@cache
def _inversions(n: int) -> tuple[int, ...]:
    """Return how many orders of n values have 0, 1, … inversions."""
    ways = [1]
    for size in range(2, n + 1):
        running, grown = 0, []
        for k in range(len(ways) + size - 1):
            running += ways[k] if k < len(ways) else 0
            running -= ways[k - size] if k >= size else 0
            grown.append(running)
        ways = grown
    return tuple(ways)
