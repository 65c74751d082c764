"""Pearson, Spearman and any other Σ x·y over pairings within blocks: counted or drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import OUT_OF_REACH, Cost, budget_of, refusal
from ketbio.statistics.counting.counted import Counted
from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.pairings.block_sums import block_tails, half_sizes, list_block_sums
from ketbio.statistics.pairings.drawn_pairings import draw_pairings
from ketbio.statistics.pairings.order_tallies import OrderTally, n_states, tally_orders, width_of
from ketbio.statistics.pairings.pairing_costs import (
    MOST_BITS,
    halving_cost,
    is_within,
    joining_cost,
    listing_cost,
    multiplying_cost,
    sum_of,
    tally_cost,
)
from ketbio.statistics.pairings.pairing_floors import pairing_floor
from ketbio.statistics.pairings.pairing_tails import PairingDesign, PairingTails
from ketbio.statistics.pairings.product_designs import ProductDesign
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of


def count_products(design: ProductDesign, question: Question) -> Counted:
    """Count every pairing by the cheapest method within the budget, else draw.

    Raises
    ------
    StatisticsError
        ``exact=True``, and no method is within the budget.
    """
    if question.exact is False:
        return _drawn(design, question)
    budget = budget_of(question.exact, question.budget)
    costs = {name: method.cost(design) for name, method in METHODS.items()}
    # Listing tells the most (the whole null distribution), so it goes first where it can be had.
    ways = [name for name in costs if is_within(costs[name], budget)]
    if "enumeration" in ways:
        ways = ["enumeration"]
    if ways:
        chosen = min(ways, key=lambda name: costs[name].seconds)
        return METHODS[chosen].count(design, question)
    if question.exact is True:
        cheapest = min(costs.values(), key=lambda cost: cost.seconds)
        raise StatisticsError(refusal(describe_pairings(design.parts), cheapest, budget))
    return _drawn(design, question)


def describe_pairings(parts: tuple[PairingDesign, ...], *, with_ties: bool = False) -> str:
    """Return ``"every pairing of 20 pairs in 2 blocks"``."""
    text = f"every pairing of {count_of(sum(part.x.size for part in parts), 'pair')}"
    if with_ties:
        text += " with ties"
    return f"{text} in {len(parts)} blocks" if len(parts) > 1 else text


def _listed(design: ProductDesign, question: Question) -> Counted:
    sums = list_block_sums(design)
    return Counted(
        tails=ListedTails(values=sums, n_counted=sums.size, tolerance=design.tolerance),
        observed=design.observed(),
        algorithm="enumeration",
        n_arrangements=design.n_arrangements,
        seed=None,
        null=design.correlations(sums),
        centred=sums,
        mid_p=question.mid_p,
    )


def _halved(design: ProductDesign, question: Question) -> Counted:
    tails = PairingTails(design=design.parts[0]) if len(design.parts) == 1 else block_tails(design)
    return Counted(
        tails=tails,
        observed=design.observed(),
        algorithm="meet in the middle",
        n_arrangements=design.n_arrangements,
        seed=None,
        null=None,
        mid_p=question.mid_p,
    )


def _tallied(design: ProductDesign, question: Question) -> Counted:
    width = width_of(design.n_arrangements)
    tally = OrderTally(packed=1, width=width)
    for part in _cells(design):
        tally = tally.joined(part.tally(width))
    # Cells run from 0; what separates them from T is the same for every pairing.
    observed = sum(part.observed for part in _cells(design))
    shift = int(design.observed()) - design.multiple * observed
    ways = tally.ways()
    return Counted(
        tails=ListedTails(
            values=np.array([design.multiple * cell + shift for cell in ways], dtype=np.float64),
            ways=tuple(ways.values()),
            n_counted=design.n_arrangements,
            tolerance=0.0,
        ),
        observed=design.observed(),
        algorithm="shift algorithm",
        n_arrangements=design.n_arrangements,
        seed=None,
        null=None,
        mid_p=question.mid_p,
    )


def _drawn(design: ProductDesign, question: Question) -> Counted:
    def sums(rows: FloatArray) -> FloatArray:
        return np.asarray((rows * design.x).sum(axis=1), dtype=np.float64)

    drawn = draw_pairings(
        sums,
        design.y,
        design.block,
        question,
        observed=float(design.observed()),
        tolerance=design.tolerance,
    )
    return Counted(
        tails=drawn.tails,
        observed=design.observed(),
        algorithm="Monte Carlo",
        n_arrangements=design.n_arrangements,
        seed=drawn.seed,
        null=design.correlations(drawn.values),
        floor_of_design=partial(pairing_floor, design.parts),
        mid_p=question.mid_p,
        stopped_after=drawn.stopped_after,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cells:
    """One block as whole numbers from 0 on: different values, and how many there are of each."""

    x: FloatArray
    y: FloatArray

    @property
    def observed(self) -> int:
        return int(self.x @ self.y)

    @property
    def span(self) -> float:
        return float(np.sort(self.x) @ np.sort(self.y))

    def tally(self, width: int) -> OrderTally:
        (x, x_ties), (y, y_ties) = (_ties(values) for values in (self.x, self.y))

        def score(place: int, used: tuple[int, ...], picked: tuple[int, ...]) -> int:
            del used
            return x[place] * sum(map(int.__mul__, picked, y))

        return tally_orders(x_ties, y_ties, score, width=width)

    def cost(self, width: int) -> Cost:
        (_, x_ties), (_, y_ties) = (_ties(values) for values in (self.x, self.y))
        return tally_cost(x_ties, y_ties, span=self.span, width=width)


def _cells(design: ProductDesign) -> list[_Cells]:
    found = []
    for part in design.parts:
        sides = [(part.x - part.x.min()) / design.multiple, part.y - part.y.min()]
        # The side with fewer states is y; Σ x·y is the same either way.
        more, fewer = sorted(sides, key=lambda values: -n_states(_ties(values)[1]))
        found.append(_Cells(x=more, y=fewer))
    return found


def _ties(values: FloatArray) -> tuple[tuple[int, ...], tuple[int, ...]]:
    different, counts = np.unique(values, return_counts=True)
    return tuple(int(value) for value in different), tuple(counts.tolist())


def _tally_cost(design: ProductDesign) -> Cost:
    if not design.is_exact or design.n_arrangements.bit_length() > MOST_BITS:
        return OUT_OF_REACH
    width, cells = width_of(design.n_arrangements), _cells(design)
    joining = multiplying_cost([(part.span + 1) * width for part in cells])
    return sum_of([*(part.cost(width) for part in cells), joining])


def _halving_cost(design: ProductDesign) -> Cost:
    sizes = tuple(part.x.size for part in design.parts)
    if len(sizes) == 1:
        return halving_cost(sizes[0])
    return joining_cost(sizes, half_sizes(sizes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Method:
    cost: Callable[[ProductDesign], Cost]
    count: Callable[[ProductDesign, Question], Counted]


METHODS: dict[str, _Method] = {
    "enumeration": _Method(cost=lambda design: listing_cost(design.n_arrangements), count=_listed),
    "meet in the middle": _Method(cost=_halving_cost, count=_halved),
    "shift algorithm": _Method(cost=_tally_cost, count=_tallied),
}
