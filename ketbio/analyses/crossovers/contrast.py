"""One contrast of a crossover, tested: by the sequence labels, or beside the baselines."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ketbio.analyses.crossovers.design import CrossoverDesign
from ketbio.analyses.crossovers.rows import CrossoverRows, arrays_of
from ketbio.analyses.question import Settings
from ketbio.errors import StatisticsError
from ketbio.statistics import LeaveOneOut, PermutationTest, adjusted_permutation_test
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.crossover.crossover_arrays import CrossoverArrays
from ketbio.statistics.crossover.label_leave_one_out import leave_one_out_labels
from ketbio.statistics.crossover.label_permutation import (
    ESTIMATE,
    half_differences,
    permute_arrays,
)
from ketbio.statistics.crossover.within_fit import tells_treatments
from ketbio.statistics.records import NAN, FloatArray
from ketbio.wording import count_of, join_words

FEWEST = 4
"""Participants, where sequence and baseline are adjusted for: one more than what is fitted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contrast:
    """One contrast with the participants who have every period.

    Attributes
    ----------
    arrays : CrossoverArrays
        Their responses.
    participants : list of str
        Who they are, in that order.
    place : int
        The treatment's number among those of ``arrays``.
    settings : Settings
        Of the test; with a seed, so that test and leave-one-out draw alike.
    covariate : array of shape (n,), or None
        Half the difference of the periods' baselines, where these are adjusted for.
    """

    arrays: CrossoverArrays
    participants: list[str]
    place: int
    settings: Settings
    covariate: FloatArray | None

    @classmethod
    def of(
        cls, rows: CrossoverRows, design: CrossoverDesign, treatment: str, settings: Settings
    ) -> "Contrast":
        """Return the contrast of a treatment with the reference.

        Raises
        ------
        StatisticsError
            Nobody has every period, all who have are of one sequence, or their sequences or
            baselines do not tell the treatments apart.
        """
        if rows.complete.empty:
            raise StatisticsError("no participant has a value in every period.")
        arrays = arrays_of(rows, design)
        if treatment not in arrays.names:
            raise StatisticsError(f"nobody with every period is in a sequence with {treatment!r}.")
        asked = settings
        if settings.seed is None:
            asked = replace(settings, seed=fresh_seed())
        covariate = None
        if design.baseline_as == "covariate":
            wide = rows.wide("baseline_value").to_numpy(dtype=float)
            covariate = (wide[:, 0] - wide[:, 1]) / 2
        _require_told_apart(arrays, covariate)
        return cls(
            arrays=arrays,
            participants=[str(one) for one in rows.wide("response").index],
            place=arrays.names.index(treatment),
            settings=asked,
            covariate=covariate,
        )

    def test(self) -> PermutationTest:
        """Return the permutation test with its interval."""
        if self.covariate is not None:
            return self._adjusted(np.arange(self.arrays.n), **self.settings.test)
        return permute_arrays(self.arrays, self.place, self._question())

    def left_out(self) -> LeaveOneOut:
        """Return the test without each participant in turn."""
        if self.covariate is None:
            return leave_one_out_labels(self.arrays, self.place, self._question())
        found = [self._without(place) for place in range(self.arrays.n)]
        return LeaveOneOut(
            estimates=np.array([one[0] for one in found]),
            p_values=np.array([one[1] for one in found]),
            estimate_name=ESTIMATE,
            is_exact=False,
            n=tuple(self.arrays.counts.tolist()),
        )

    def _without(self, place: int) -> tuple[float, float]:
        rest = np.delete(np.arange(self.arrays.n), place)
        try:
            found = self._adjusted(rest, **self.settings.leaving, confidence_level=None)
        except StatisticsError:
            return NAN, NAN
        return found.estimate, found.p_value

    def _adjusted(
        self, kept: "np.ndarray[tuple[int], np.dtype[np.intp]]", **options: Any
    ) -> PermutationTest:
        """Test the period differences between the sequences, adjusted for the baselines'."""
        covariate = self.covariate if self.covariate is not None else np.zeros(self.arrays.n)
        return adjusted_permutation_test(
            half_differences(self.arrays)[kept],
            (self.arrays.sequence == 0)[kept],
            covariate[kept],
            **options,
        )

    def _question(self) -> Question:
        return ask(
            alternative=self.settings.alternative,
            exact=self.settings.exact,
            n_resamples=self.settings.n_resamples,
            confidence_level=self.settings.confidence_level,
            seed=self.settings.seed,
        )


def _require_told_apart(arrays: CrossoverArrays, covariate: FloatArray | None) -> None:
    """Refuse participants who tell no treatment from period, or from their baselines."""
    if not tells_treatments(arrays):
        raise StatisticsError(
            f"treatment ({join_words(arrays.names)}) and period cannot be told apart in the "
            "sequences of those with every period."
        )
    if covariate is None:
        return
    columns = np.column_stack([np.ones(arrays.n), arrays.sequence, covariate])
    if arrays.n < FEWEST:
        raise StatisticsError(
            f"{count_of(arrays.n, 'participant')} with every period are too few to adjust for the "
            f'baseline; {FEWEST} are needed. Write baseline_as="change" or "none".'
        )
    if np.linalg.matrix_rank(columns) < columns.shape[1]:
        raise StatisticsError(
            "the difference of the periods' baselines is the same within each sequence, so that it "
            'cannot be adjusted for. Write baseline_as="change" or "none".'
        )
