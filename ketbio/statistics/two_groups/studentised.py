"""Studentised statistics over every way to deal the group labels: T = (estimate − null)/SE.

Dividing by a standard error that is worked out anew for each arrangement makes the test of
exchangeability a test of the null value as well, asymptotically, where the groups differ in spread
(Janssen 1997; Chung & Romano 2013; Pauly, Asendorf & Konietschke 2016). Within blocks the estimate
is the mean of those of the blocks, weighted by w = n·m/(n + m), and the variances are pooled over
blocks, per group.

An arrangement without any variance has T = ±∞, the limit of T as its variance falls to 0, and 0
where its groups do not differ at all. Tails are counted on the scale of arsinh T, on which ±∞ has a
place and a difference is relative where T is large.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Protocol

import numpy as np

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import GIBIBYTE, OUT_OF_REACH, Cost, budget_of, refusal
from ketbio.statistics.counting.counted import Counted
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.subset_plan import LISTED
from ketbio.statistics.counting.tails import smallest_p
from ketbio.statistics.records import FloatArray
from ketbio.statistics.two_groups.label_arrangements import (
    BATCH_LABELS,
    BoolArray,
    Labels,
    draw_values,
    every_arrangement,
)
from ketbio.wording import count_of

TIE = 1e-10
"""How close two T count as tied: relative where T is large, absolute where it is small."""

FURTHEST = 1e3
"""Where ±∞ stands on the scale of arsinh T; the largest float stands at 710."""

SECONDS_PER_PAIR = 1.2e-7
"""Per arrangement: statistic from two halves, its place on the scale, sorting."""

SECONDS_PER_LABEL = 1.5e-8
"""Per arrangement and value, where labels are listed one by one."""

BYTES_PER_LABEL = 40
"""To work out the features of a half."""

MOST_LISTED = 2**32
"""More arrangements than this no budget lists (32 GiB)."""

QUICK = 20_000
"""Up to so many arrangements the smallest p of a design that is drawn is counted."""

Parts = tuple[FloatArray, FloatArray, FloatArray]
"""w·(estimate − null), and the sums of squares of x and of y, over arrangements of a block."""

Classes = list[tuple[FloatArray, FloatArray]]
"""Per class of two halves: features of shape (features, ways) of each half; their sums, way by way,
are those of the arrangements."""


class TooFewValuesError(StatisticsError):
    """A group has no two values to take a variance of."""


class Block(Protocol):
    """What a statistic has to say about one block."""

    @property
    def n(self) -> int:
        """Values in x."""

    @property
    def m(self) -> int:
        """Values in y."""

    @property
    def larger_half(self) -> int:
        """Values in the larger of the two `halves`."""

    def features(self, labels: BoolArray) -> tuple[FloatArray, ...]:
        """Labels of shape (rows, size) → whatever `parts` needs, of shape (rows,) each."""

    def parts(self, *features: FloatArray) -> Parts:
        """Features → the parts of T."""

    def halves(self) -> Classes:
        """List the features of both halves of the block."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Studentised:
    """A studentised statistic of labels dealt within blocks.

    Attributes
    ----------
    labels : Labels
        What may be dealt.
    blocks : sequence of Block
        The statistic's own part.
    """

    labels: Labels
    blocks: Sequence[Block]

    def effect(self, dealt: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Labels of shape (rows, N) → estimate − null and its variance."""
        found = [
            block.parts(*block.features(dealt[:, members]))
            for block, members in zip(self.blocks, self.labels.members, strict=True)
        ]
        return self._effect(*(sum(part[1:], part[0]) for part in zip(*found, strict=True)))

    def places(self, dealt: BoolArray) -> FloatArray:
        """Labels of shape (rows, N) → arsinh T."""
        return place_of(ratio(*self.effect(dealt)))

    def from_halves(self) -> Iterator[FloatArray]:
        """Yield arsinh T of every arrangement of a single block, in batches."""
        (block,) = self.blocks
        for first, rest in block.halves():
            rows = max(1, BATCH_LABELS // rest.shape[1])
            for start in range(0, first.shape[1], rows):
                chunk = first[:, start : start + rows]
                sums = [np.add.outer(a, b).ravel() for a, b in zip(chunk, rest, strict=True)]
                yield place_of(ratio(*self._effect(*block.parts(*sums))))

    def _effect(
        self, weighted: FloatArray, squares_x: FloatArray, squares_y: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        weights = [block.n * block.m / (block.n + block.m) for block in self.blocks]
        total = sum(weights)
        shares = list(zip(weights, self.blocks, strict=True))
        per_x = sum(w * w / block.n for w, block in shares) / total**2
        per_y = sum(w * w / block.m for w, block in shares) / total**2
        df_x = sum(block.n - 1 for block in self.blocks)
        df_y = sum(block.m - 1 for block in self.blocks)
        return weighted / total, squares_x * (per_x / df_x) + squares_y * (per_y / df_y)


def refuse_too_few(blocks: Sequence[Block], name: str) -> None:
    """Refuse groups in which nothing can vary: one value each per block."""
    within = " in one block" if len(blocks) > 1 else ""
    for group, sizes in (("x", [b.n for b in blocks]), ("y", [b.m for b in blocks])):
        most = max(sizes, default=0)
        if most < 2:
            raise TooFewValuesError(
                f"{name} needs the variance of {group}, which has "
                f"{count_of(most, 'value')}{within}; allowed: at least 2. Use statistic "
                '"mean_difference" or "rank_sum", or add observations.'
            )


def ratio(difference: FloatArray, variance: FloatArray) -> FloatArray:
    """Return T; without any variance ±∞ by the sign of the difference, or 0."""
    fixed = variance <= 0
    if not fixed.any():
        return np.asarray(difference / np.sqrt(variance))
    infinite = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    return np.where(fixed, infinite, difference / np.sqrt(np.where(fixed, 1.0, variance)))


def place_of(t: FloatArray) -> FloatArray:
    """Return arsinh T, ±∞ where it has its place."""
    return np.clip(np.arcsinh(t), -FURTHEST, FURTHEST)


def value_at(place: float) -> float:
    """Return T at a place."""
    return math.copysign(math.inf, place) if abs(place) >= FURTHEST else math.sinh(place)


def count_studentised(statistic: Studentised, question: Question, what: str) -> Counted:
    """Count every arrangement if that is in reach, else draw.

    Parameters
    ----------
    statistic : Studentised
        What is worked out for each.
    question : Question
        How.
    what : str
        The statistic's name, for the refusal.
    """
    labels = statistic.labels
    if question.exact is not False:
        budget, cost = budget_of(question.exact, question.budget), _cost(statistic)
        if budget.allows(cost):
            return counted_places(_every_place(statistic), statistic, question, seed=None)
        if question.exact is True:
            counted = f"{what} of {labels.n_arrangements:.2e} arrangements"
            raise StatisticsError(refusal(counted, cost, budget))
    seed = fresh_seed() if question.seed is None else question.seed
    drawn = draw_values(labels, question, seed, statistic.places, tolerance=TIE)
    return counted_places(drawn, statistic, question, seed=seed)


def counted_places(
    places: FloatArray, statistic: Studentised, question: Question, *, seed: int | None
) -> Counted:
    """Return arsinh T of all arrangements, or drawn ones after the observed one, as `Counted`."""
    labels = statistic.labels
    listed = seed is not None or places.size <= LISTED
    null = None
    if listed:
        t = places if seed is None else places[1:]
        far = np.abs(t) >= FURTHEST
        null = np.where(far, np.copysign(np.inf, t), np.sinh(np.where(far, 0.0, t)))
    places.sort()
    is_short = seed is not None and places.size <= question.n_draws
    return Counted(
        tails=ListedTails(values=places, n_counted=int(places.size), tolerance=TIE),
        observed=float(statistic.places(labels.is_x[None, :])[0]),
        algorithm="enumeration" if seed is None else "Monte Carlo",
        n_arrangements=labels.n_arrangements,
        seed=seed,
        null=null,
        floor_of_design=partial(_floor, statistic),
        centred=places if listed and seed is None else None,
        mid_p=question.mid_p,
        stopped_after=question.stop_after if is_short else None,
        centre="0",
    )


def _every_place(statistic: Studentised) -> FloatArray:
    """Return arsinh T of every arrangement, in any order."""
    places = np.empty(statistic.labels.n_arrangements)
    batches = (
        statistic.from_halves()
        if len(statistic.blocks) == 1
        else map(statistic.places, every_arrangement(statistic.labels))
    )
    start = 0
    for batch in batches:
        places[start : start + batch.size] = batch
        start += batch.size
    return places


def _cost(statistic: Studentised) -> Cost:
    labels = statistic.labels
    if labels.n_arrangements > MOST_LISTED:
        return OUT_OF_REACH
    if len(statistic.blocks) == 1:
        size = statistic.blocks[0].larger_half
        per_arrangement, lists = SECONDS_PER_PAIR, BYTES_PER_LABEL * size * 2.0**size
    else:
        per_arrangement, lists = SECONDS_PER_LABEL * labels.is_x.size, float(labels.listed_bytes)
    return Cost(
        seconds=labels.n_arrangements * per_arrangement,
        gibibytes=(8 * labels.n_arrangements + lists) / GIBIBYTE,
    )


def _floor(statistic: Studentised, alternative: str) -> float:
    """Return the smallest p: counted where that is quick, else what it is at least."""
    n_arrangements = statistic.labels.n_arrangements
    if n_arrangements > QUICK:
        return float(Fraction(2 if alternative == "two-sided-doubled" else 1, n_arrangements))
    places = np.sort(_every_place(statistic))
    tails = ListedTails(values=places, n_counted=int(places.size), tolerance=TIE)
    return smallest_p(tails, alternative)
