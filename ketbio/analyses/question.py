"""What is asked and how it is tested: the two records that every analysis hands on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import pandas as pd

from ketbio.analyses.blocks import NO_BLOCKS, Blocks
from ketbio.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: which marker, what of it, between whom.

    Attributes
    ----------
    analysis, marker, outcome, label, unit : str
        As in `Result`.
    groups : tuple of str
        The sides of the contrast.
    n : mapping of str to int
        Participants per group.
    """

    analysis: str
    marker: str
    outcome: str
    groups: tuple[str, ...]
    n: Mapping[str, int]
    unit: str = ""
    label: str = ""

    def answer(self, **fields: Any) -> Result:
        """Return a `Result` for this question."""
        asked = {name: getattr(self, name) for name in self.__slots__}
        return Result(**(asked | fields))

    def about(self, **changes: Any) -> "Question":
        """Return the question with other groups, another outcome or another unit."""
        return replace(self, **changes)

    def without_answer(self, why: str, **fields: Any) -> Result:
        """Return a result without numbers that says why there are none."""
        return self.answer(**fields, warnings=(f"Nothing could be computed: {why}.",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the tests of one call are run; the words are those of `permutation_test`."""

    alternative: str
    confidence_level: float
    exact: bool | str
    n_resamples: int
    seed: int | None
    mid_p: bool = False
    stop_after: int | None = None
    blocks: Blocks = NO_BLOCKS

    @property
    def test(self) -> "TestWords":
        """Keyword arguments of a permutation test."""
        return {**self.leaving, "confidence_level": self.confidence_level}

    @property
    def beside(self) -> "Settings":
        """For companions: one that is out of reach is drawn, and never stops the main result."""
        return replace(self, exact="auto" if self.exact else False)

    @property
    def leaving(self) -> "LeavingWords":
        """Keyword arguments of a leave-one-out run, which needs no interval."""
        return {
            "alternative": self.alternative,
            "exact": self.exact,
            "n_resamples": self.n_resamples,
            "seed": self.seed,
            "mid_p": self.mid_p,
            "stop_after": self.stop_after,
        }


class LeavingWords(TypedDict):
    """Keyword arguments of a leave-one-out run."""

    alternative: str
    exact: bool | str
    n_resamples: int
    seed: int | None
    mid_p: bool
    stop_after: int | None


class TestWords(LeavingWords):
    """Keyword arguments of a permutation test."""

    confidence_level: float


class TestOptions(TypedDict, total=False):
    """Options that every tested analysis takes, for type checkers."""

    alternative: str
    adjust: str
    confidence_level: float
    exact: bool | str
    n_resamples: int
    seed: int | None
    mid_p: bool
    stop_after: int | None


class BlockedOptions(TestOptions, total=False):
    """Options of the analyses that can be made within blocks."""

    blocks: str | None
    participants: pd.DataFrame | None


class AdjustedOptions(BlockedOptions, total=False):
    """Options of the analyses that can be adjusted for covariates too."""

    covariates: str | list[str] | tuple[str, ...] | None


class RespondersOptions(AdjustedOptions, total=False):
    """Options of `compare_responders`."""

    measure: str
    statistic: str | None


class VisitsOptions(BlockedOptions, total=False):
    """Options of `compare_visits`."""

    statistic: str


class DependenceOptions(BlockedOptions, total=False):
    """Options of `correlate_baseline_change`."""

    method: str


class ChangesOptions(AdjustedOptions, total=False):
    """Options of `correlate_changes`."""

    outcome: str
    method: str


class CourseOptions(TypedDict, total=False):
    """Options of `summarise_course`."""

    visits: Sequence[str] | None
    baseline: str | None
    days: Mapping[str, float] | None
    response: pd.DataFrame | None
    confidence_level: float
