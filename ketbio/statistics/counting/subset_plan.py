"""How to count the subsets of a design: by the cheapest exact method in the budget, or by drawing.

Few arrangements are listed one by one, since figures show them and their p is certain to the last
arrangement; beyond that the halves are met in the middle, or tallied on the lattice, whichever is
cheaper by `subset_costs`.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import Cost, budget_of, refusal
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.subset_costs import (
    LATTICE_BITS,
    enumeration_cost,
    lattice_cost,
    meeting_cost,
    sizes_of_halves,
)
from ketbio.statistics.counting.subset_sums import SubsetDesign

LISTED = 200_000
"""Up to so many arrangements are listed one by one."""

RELISTED_FROM = 25
"""From so many signs on, sums are listed anew for every shift of an interval."""

LARGEST_SUM = 2.0**52

NOTHING = Cost(seconds=0, gibibytes=0)
"""What drawing costs, by this model."""

Algorithm = Literal["enumeration", "meet in the middle", "shift algorithm", "Monte Carlo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetPlan:
    """How to count.

    Attributes
    ----------
    algorithm : str
        ``"enumeration"``, ``"meet in the middle"``, ``"shift algorithm"`` or ``"Monte Carlo"``.
    split : int
        Where the halves part.
    cost : Cost
        By the cost model, interval included where one is wanted.
    relists : bool
        Whether sums are listed anew for every shift of an interval.
    grain : float
        Of which shifts are then multiples, so that whole numbers stay whole; 0: any shift.
    """

    algorithm: Algorithm
    split: int = 0
    cost: Cost = NOTHING
    relists: bool = False
    grain: float = 0.0

    @property
    def is_counted(self) -> bool:
        """Whether arrangements are counted without being listed."""
        return self.algorithm in ("meet in the middle", "shift algorithm")


def plan_subsets(design: SubsetDesign, question: Question, *, with_shifts: bool) -> SubsetPlan:
    """Choose the cheapest exact method that fits the budget, else drawing.

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are.
    question : Question
        Its ``exact`` and ``budget``.
    with_shifts : bool
        Whether an interval is wanted.

    Raises
    ------
    StatisticsError
        ``exact=True`` and no exact method fits.
    """
    if question.exact is False:
        return SubsetPlan(algorithm="Monte Carlo")
    budget = budget_of(question.exact, question.budget)
    if design.n_arrangements <= LISTED:
        listing = SubsetPlan(
            algorithm="enumeration",
            split=int(design.positions.size) // 2,
            cost=enumeration_cost(design),
        )
        # Where no value is left to deal there is one arrangement, and nothing to draw.
        if budget.allows(listing.cost) or design.positions.size == 0:
            return listing
    plans = exact_plans(design, with_shifts=with_shifts)
    fitting = [plan for plan in plans if budget.allows(plan.cost)]
    if fitting:
        return min(fitting, key=_seconds)
    if question.exact is True:
        cheapest = min((plan.cost for plan in plans), key=lambda cost: cost.seconds)
        raise StatisticsError(refusal(_arrangements(design), cheapest, budget))
    return SubsetPlan(algorithm="Monte Carlo")


def exact_plans(design: SubsetDesign, *, with_shifts: bool) -> list[SubsetPlan]:
    """Return the ways to count the design without listing it, whatever they cost."""
    split = lattice_split(design)
    cost = lattice_cost(design, split, with_shifts=with_shifts)
    plans = [SubsetPlan(algorithm="shift algorithm", split=split, cost=cost)]
    sizes = sizes_of_halves(design)
    if sizes is not None:
        plans += _meetings(design, sizes, with_shifts=with_shifts)
    return plans


def lattice_split(design: SubsetDesign) -> int:
    """Return where to part what is tallied: between x and y, or blocks, and signs not at all."""
    if design.takes is None:
        return int(design.positions.size)
    if len(design.block_sizes) == 1:
        return design.observed_size
    ends = [sum(design.block_sizes[: i + 1]) for i in range(len(design.block_sizes))]
    return min(ends, key=lambda end: abs(2 * end - design.positions.size))


def _meetings(
    design: SubsetDesign, sizes: list[tuple[int, int]], *, with_shifts: bool
) -> list[SubsetPlan]:
    largest = [max(pair) for pair in sizes]
    # Parted between x and y, a list's size tells its overlap, so that shifts cost nothing more.
    splits = {largest.index(min(largest)), lattice_split(design)}
    grain = _grain(design)
    relists = (
        with_shifts
        and design.takes is None
        and design.positions.size >= RELISTED_FROM
        and grain is not None
    )
    return [
        SubsetPlan(
            algorithm="meet in the middle",
            split=split,
            cost=meeting_cost(
                design,
                sizes[split],
                _partners(design, split) if with_shifts and not relists else 1,
                with_shifts=with_shifts,
                relists=relists,
            ),
            relists=relists,
            grain=(grain or 0.0) if relists else 0.0,
        )
        for split in sorted(splits)
    ]


def _partners(design: SubsetDesign, split: int) -> int:
    """Return about how many lists of the other half a list is looked up in, by overlap."""
    mine = [int(half.sum()) for half in (design.is_x[:split], design.is_x[split:])]
    if design.takes is None:
        return 1 + min(mine) // 2
    others = split - mine[0], design.positions.size - split - mine[1]
    return 1 + min(mine[0], mine[1], *others) // 2


def _grain(design: SubsetDesign) -> float | None:
    """Return the finest step that leaves sums of shifted whole numbers exact; None if too coarse.

    0 where values are not whole numbers, and any shift will do.
    """
    if not design.is_exact:
        return 0.0
    reach = 4 * design.positions.size * (float(np.abs(design.positions).max()) + 1)
    grain = 2.0 ** -math.floor(math.log2(LARGEST_SUM / reach))
    # A limit is known once its bracket is narrower than the gap between fractions.
    return grain if grain <= 0.05 / design.positions.size**2 else None


def _seconds(plan: SubsetPlan) -> float:
    return plan.cost.seconds


def _arrangements(design: SubsetDesign) -> str:
    n_all, n_values = design.n_arrangements, design.positions.size
    if n_all.bit_length() > LATTICE_BITS:
        return f"more than 2**{LATTICE_BITS} arrangements of {n_values} values"
    return f"{n_all:.2e} arrangements of {n_values} values"
