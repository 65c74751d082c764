"""What stands beside the comparison of a crossover: the same by other methods, and its parts."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ketbio.analyses.companions import from_permutation, from_t, mean_line
from ketbio.analyses.crossovers.design import CrossoverDesign
from ketbio.analyses.crossovers.models import mixed_model_lines
from ketbio.analyses.crossovers.rows import CrossoverRows
from ketbio.analyses.question import Question, Settings
from ketbio.endpoints.periods import SEQUENCE
from ketbio.result import Result
from ketbio.statistics import TTest, paired_t, permutation_test
from ketbio.statistics.crossover.crossover_arrays import CrossoverArrays
from ketbio.statistics.crossover.label_permutation import half_differences
from ketbio.statistics.crossover.within_fit import (
    CrossoverFit,
    any_treatment,
    carry_over_by_sums,
    fit_arrays,
)
from ketbio.statistics.records import FloatArray

NOT_A_GATE = (
    "Reported, and no gate: whether carry-over is found or not, the treatments are compared as "
    "planned (Freeman 1989)."
)
WITH_THE_GROUPS = (
    "In two periods carry-over cannot be told from a difference between the groups themselves, nor "
    "from an interaction of treatment and period."
)
NOT_TOLD = (
    "In this design carry-over cannot be told from treatments and periods within participants."
)
IGNORES_PERIOD = (
    "The period is ignored: where the sequences are of unequal size a difference between the "
    "periods goes into the treatment difference, and it always goes into its spread."
)
HODGES_LEHMANN = "Hodges–Lehmann treatment difference, adjusted for period"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beside:
    """What stands beside one contrast of one marker.

    Attributes
    ----------
    question : Question
        Its groups are the treatment and the reference.
    rows : CrossoverRows
        Every participant.
    arrays : CrossoverArrays
        Those with every period.
    design : CrossoverDesign
        How the crossover is made.
    settings : Settings
        Of the companions.
    """

    question: Question
    rows: CrossoverRows
    arrays: CrossoverArrays
    design: CrossoverDesign
    settings: Settings

    @property
    def treatment(self) -> str:
        """The treatment compared with the reference."""
        return self.question.groups[0]

    def companions(self) -> tuple[Result, ...]:
        """Return everything: means first, then tests, then period and carry-over."""
        covariate = None
        if self.design.baseline_as == "covariate":
            covariate = self.rows.wide("baseline_value").to_numpy(dtype=float)
        fit = fit_arrays(self.arrays, covariate=covariate, level=self.settings.confidence_level)
        within = fit.treatments[self.treatment]
        return (
            *_means(self),
            from_t(self.question, within, references=("hills1979", "jones2014")),
            *mixed_model_lines(self.question, self.rows, self.design, self.settings),
            *_by_ranks(self),
            *_paired(self),
            *_any_treatment(self),
            *_periods(self.question, fit),
            *_carry_over(self, fit),
        )


def _means(beside: Beside) -> Iterator[Result]:
    """Yield mean (SD) per treatment, then per sequence and period, of those with every period."""
    complete, question = beside.rows.complete, beside.question
    for name in question.groups:
        of_treatment = complete[complete["treatment"] == name]
        yield mean_line(question, _responses(of_treatment), group=name)
    for label, given in beside.design.sequences.items():
        for number, name in enumerate(given, start=1):
            here = complete[(complete[SEQUENCE] == label) & (complete["period"] == number)]
            if len(here):
                group = f"{label}, period {number} ({name})"
                yield mean_line(question, _responses(here), group=group)


def _responses(table: pd.DataFrame) -> FloatArray:
    return table["response"].to_numpy(dtype=np.float64)


def _by_ranks(beside: Beside) -> Iterator[Result]:
    """Yield Wilcoxon's rank sum test of the period differences (Koch 1972)."""
    if not beside.design.has_joint_test:
        return
    scores, is_first = half_differences(beside.arrays), beside.arrays.sequence == 0
    test = permutation_test(
        scores[is_first],
        scores[~is_first],
        statistic="rank_sum",
        alternative=beside.settings.alternative,
        exact=beside.settings.exact,
        n_resamples=beside.settings.n_resamples,
        confidence_level=beside.settings.confidence_level,
        seed=beside.settings.seed,
    )
    named = replace(
        test, estimate_name=HODGES_LEHMANN, statistic_name=f"rank sum of {beside.rows.first}"
    )
    cited = ("koch1972", "wilcoxon1945", "hodges1963")
    yield from_permutation(beside.question, named, references=cited)


def _paired(beside: Beside) -> Iterator[Result]:
    """Yield the paired t test of the treatments, period ignored."""
    arrays = beside.arrays
    place = arrays.names.index(beside.treatment)
    under = arrays.treatments[arrays.sequence]
    has_both = (under == place).any(axis=1) & (under == 0).any(axis=1)
    if has_both.sum() < 2:
        return
    mine, other = (
        np.nanmean(np.where(under == one, arrays.responses, np.nan)[has_both], axis=1)
        for one in (place, 0)
    )
    test = paired_t(mine, other, confidence_level=beside.settings.confidence_level)
    named = replace(
        test,
        estimate_name="treatment difference, period ignored",
        warnings=(*test.warnings, IGNORES_PERIOD),
    )
    yield from_t(beside.question, named, references=("student1908",))


def _any_treatment(beside: Beside) -> Iterator[Result]:
    arrays = beside.arrays
    if len(arrays.names) < 3:
        return
    found = any_treatment(arrays)
    if math.isnan(found.p_value):
        return
    received = (*arrays.names[1:], arrays.names[0])
    yield beside.question.about(groups=received, unit="").answer(
        role="description",
        estimate_name="any difference between the treatments",
        statistic=found.statistic,
        statistic_name=f"F({found.df[0]}, {found.df[1]})",
        p_value=found.p_value,
        p_method="F test within participants, which assumes normal values",
        is_exact=False,
        alternative="two-sided",
        references=("jones2014",),
    )


def _periods(question: Question, fit: CrossoverFit) -> Iterator[Result]:
    for number, test in fit.periods.items():
        asked = question.about(groups=(f"period {number}", "period 1"))
        yield _described(asked, test, references=("jones2014",))


def _described(question: Question, test: TTest, *, references: tuple[str, ...]) -> Result:
    return replace(from_t(question, test, references=references), role="description")


def _carry_over(beside: Beside, fit: CrossoverFit) -> Iterator[Result]:
    """Yield carry-over: within participants where the design tells it, else by the sums."""
    question, arrays = beside.question, beside.arrays
    if beside.treatment in fit.carry_over:
        test = fit.carry_over[beside.treatment]
        named = replace(test, warnings=(*test.warnings, NOT_A_GATE))
        yield _described(question, named, references=("freeman1989", "jones2014"))
        return
    if arrays.treatments.shape != (2, 2):
        yield question.answer(role="description", estimate_name="carry-over", warnings=(NOT_TOLD,))
        return
    labels = [label for label in beside.design.sequences if question.n[label]]
    whole = carry_over_by_sums(
        arrays.responses,
        [labels[place] for place in arrays.sequence],
        {label: list(given) for label, given in beside.design.sequences.items()},
        confidence_level=beside.settings.confidence_level,
    )
    named = replace(
        whole,
        estimate_name="carry-over (difference of the sums over the periods)",
        warnings=(*whole.warnings, NOT_A_GATE, WITH_THE_GROUPS),
    )
    asked = question.about(groups=tuple(labels))
    yield _described(asked, named, references=("grizzle1965", "freeman1989"))
