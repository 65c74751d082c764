"""The mixed model beside a crossover: every participant, also those who lack a period."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ketbio.analyses.crossovers.design import CrossoverDesign
from ketbio.analyses.crossovers.rows import CrossoverRows
from ketbio.analyses.question import Question, Settings
from ketbio.endpoints.periods import SEQUENCE
from ketbio.errors import StatisticsError
from ketbio.result import Result
from ketbio.statistics.mixed.contrast import contrast_test
from ketbio.statistics.mmrm import fit_random_effects
from ketbio.statistics.records import FloatArray
from ketbio.vocabulary import PARTICIPANT_ID

ESTIMATE = "treatment difference of the mixed model"
METHOD = "mixed model, random participant, Kenward–Roger t"
ALONE = (
    "Each participant has a sequence of their own, which cannot be told from the participant: it "
    "is not in the mixed model."
)
TWO_SIDED = "two-sided"
DIRECTED = ("two-sided", "less", "greater")
"""Alternatives that the t of a contrast knows."""


def mixed_model_lines(
    question: Question, rows: CrossoverRows, design: CrossoverDesign, settings: Settings
) -> Iterator[Result]:
    """Yield the treatment contrast of the mixed model; where it cannot be fitted, why.

    response ~ treatment + period + sequence (+ baseline) + (1 | participant), by REML; without
    sequence where nobody shares one. Who lacks a period is in it too.
    """
    used = rows.rows
    counts = used.drop_duplicates(PARTICIPANT_ID)[SEQUENCE].value_counts()
    asked = question.about(n={label: int(counts.get(label, 0)) for label in design.sequences})
    columns = _columns(used, design)
    place = list(columns).index(_treatment(question.groups[0]))
    contrast = np.eye(columns.shape[1])[place]
    alone = () if _shares_one(used) else (ALONE,)
    alternative = settings.alternative if settings.alternative in DIRECTED else TWO_SIDED
    try:
        model = fit_random_effects(
            used["response"].to_numpy(dtype=np.float64),
            columns.to_numpy(dtype=np.float64),
            np.ones((len(used), 1)),
            participants=used[PARTICIPANT_ID].to_numpy(),
            names=[str(name) for name in columns],
            random_names=["the participants' own level"],
        )
        test = contrast_test(
            model,
            contrast,
            df="kenward_roger",
            alternative=alternative,
            confidence_level=settings.confidence_level,
        )
    except StatisticsError as refused:
        why = f"The mixed model could not be fitted: {str(refused).rstrip('.')}."
        yield asked.answer(role="sensitivity", estimate_name=ESTIMATE, warnings=(why,))
        return
    yield asked.answer(
        role="sensitivity",
        estimate=test.estimate,
        estimate_name=ESTIMATE,
        ci_low=test.ci_low,
        ci_high=test.ci_high,
        ci_level=test.ci_level,
        ci_method=METHOD,
        statistic=test.statistic,
        statistic_name=test.statistic_name,
        p_value=test.p_value,
        p_method=f"{METHOD}, which assumes normal values",
        is_exact=False,
        alternative=alternative,
        warnings=(*alone, *model.warnings, *test.warnings),
        references=("kenward1997", "jones2014"),
    )


def _columns(rows: pd.DataFrame, design: CrossoverDesign) -> pd.DataFrame:
    """Return the fixed effects by name: intercept, treatments, periods, sequences, baseline."""
    made: dict[str, FloatArray] = {"(intercept)": np.ones(len(rows))}
    received = set(rows["treatment"])
    for name in design.treatments[:-1]:
        if name in received:
            made[_treatment(name)] = _is(rows["treatment"], name)
    for number in range(2, len(design.periods) + 1):
        made[f"period {number}"] = _is(rows["period"], number)
    for label in _told_apart(rows, design):
        made[f"sequence {label}"] = _is(rows[SEQUENCE], label)
    if design.baseline_as == "covariate":
        made["baseline"] = rows["baseline_value"].to_numpy(dtype=np.float64)
    return pd.DataFrame(made)


def _treatment(name: str) -> str:
    return f"treatment {name}"


def _told_apart(rows: pd.DataFrame, design: CrossoverDesign) -> list[str]:
    """Return the sequences that somebody has, but for the first; none where nobody shares one."""
    used = [label for label in design.sequences if (rows[SEQUENCE] == label).any()]
    return used[1:] if _shares_one(rows) else []


def _shares_one(rows: pd.DataFrame) -> bool:
    """Whether two participants have one sequence, so that it can be told from who they are."""
    people = rows.drop_duplicates(PARTICIPANT_ID)
    return len(people) > people[SEQUENCE].nunique()


def _is(column: "pd.Series", word: object) -> FloatArray:
    return (column == word).to_numpy().astype(np.float64)
