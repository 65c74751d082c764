"""What is asked of censored values, what comes back, and the sentences that go with it."""

from dataclasses import dataclass
from math import nan

from numpy.typing import ArrayLike

from ketbio.statistics.censored.censored_placements import PRange
from ketbio.statistics.censored.censored_values import CensoredValues, Sides
from ketbio.statistics.records import PermutationTest

LABELS = {"gehan": "Gehan", "peto": "Peto & Peto"}
"""Scores as written for readers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Censored:
    """Input as given: two samples, which of their values are beyond limits, and blocks."""

    x: ArrayLike
    y: ArrayLike
    sides: Sides
    blocks: ArrayLike | None
    scores: str

    @property
    def label(self) -> str:
        """The scores as written for readers."""
        return LABELS[self.scores]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """A test with the range of p that goes with it, and whose p the range is of."""

    test: PermutationTest
    values: CensoredValues
    p_range: PRange
    range_of: str
    n_undetermined: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPairs:
    """How many pairs there are, in how many x is certainly above or below, and is not known."""

    n: int
    wins: int
    losses: int
    undetermined: int

    @property
    def lead(self) -> float:
        """(wins − losses)/pairs; NaN where nothing is known of any."""
        return nan if self.undetermined == self.n else (self.wins - self.losses) / self.n


def undetermined_warning(pairs: KnownPairs, of_what: str, where: str) -> tuple[str, ...]:
    """Say in how many pairs nothing is certain."""
    if not pairs.undetermined:
        return ()
    return (
        f"In {pairs.undetermined:,} of {pairs.n:,} {of_what} it is not known which value is "
        f"higher, since one or both are {where}; in the estimate they count for neither side.",
    )


def limits_differ_warning(samples: tuple[CensoredValues, ...], where: str) -> tuple[str, ...]:
    """Say what the test takes for granted where limits differ."""
    if all(sample.n_limits < 2 for sample in samples):
        return ()
    return (
        "The limits differ; the test takes it that which value met which limit is as "
        f"exchangeable {where} as the values are (samples spread over plates at random).",
    )


def nothing_known_warning(values: CensoredValues) -> tuple[str, ...]:
    """Say so where every value is below a limit, or every one above."""
    if not (values.below.all() or values.above.all()):
        return ()
    return (
        f"All {values.level.size} values are {values.where}, so that nothing is known of their "
        "order and p is 1.",
    )
