"""A fitted longitudinal model → one `Result` per contrast, with what belongs to it."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from typing import Any

from ketbio.analyses.question import Question
from ketbio.analyses.visit_models.model import (
    Contrast,
    Fitted,
    contrast_tested,
    mean_of,
    outcome_words,
    start_of,
)
from ketbio.errors import StatisticsError
from ketbio.result import AVERAGE, MARGINAL_MEAN, Result
from ketbio.statistics.mixed.contrast import ContrastTest
from ketbio.statistics.mixed.degrees_of_freedom.denominators import denominator
from ketbio.statistics.mixed.structures.choice import STRUCTURE_WORDS
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

DIFFERENCE = "difference in estimated marginal means"
CHANGE = "estimated marginal mean change"
"""What the estimate of one arm alone is called."""

OTHER_DF = ("kenward_roger_linear", "satterthwaite", "between_within")
"""Degrees of freedom that stand beside those asked for."""

CITED = {
    "kenward_roger_linear": ("kenward1997",),
    "kenward_roger": ("kenward1997",),
    "satterthwaite": ("satterthwaite1946",),
    "between_within": ("schluchter1990",),
}
CITED_MODEL = ("jennrich1986", "mallinckrodt2008")
CITED_ROBUST = ("bell2002", "pustejovsky2018")


def question_of(fitted: Fitted, contrast: Contrast) -> Question:
    """Return the question of a contrast: all analysed count, seen at that visit or not."""
    rows = fitted.rows
    is_change = rows.outcome == "change" or not rows.arms.reference
    return Question(
        analysis="fit_mmrm",
        marker=rows.marker,
        outcome=outcome_words(rows, contrast.visit, of_change=is_change),
        groups=contrast.groups,
        n={arm: _analysed(fitted, arm) for arm in contrast.groups},
        unit=rows.unit,
    )


def _analysed(fitted: Fitted, arm: str) -> int:
    table = fitted.rows.table
    return int(table.loc[table["arm"] == arm, PARTICIPANT_ID].nunique())


def _present(fitted: Fitted, arm: str, visit: str) -> int:
    """Return how many of an arm have a value at a visit; at any of them for the average."""
    known = fitted.rows.modelled
    own = known[known["arm"] == arm]
    return int((own if visit == AVERAGE else own[own[VISIT] == visit])[PARTICIPANT_ID].nunique())


def fields_of_test(test: ContrastTest, fitted: Fitted, contrast: Contrast) -> dict[str, Any]:
    """Return the fields of a `Result` that a test of a contrast fills."""
    return {
        "estimate": test.estimate - contrast.offset,
        "ci_low": test.ci_low - contrast.offset,
        "ci_high": test.ci_high - contrast.offset,
        "ci_level": fitted.words.level,
        "ci_method": test.method,
        "statistic": test.statistic,
        "statistic_name": test.statistic_name,
        "p_value": test.p_value,
        "p_method": f"{model_words(fitted)}, {test.method}",
        "is_exact": False,
        "alternative": fitted.words.alternative,
    }


def model_words(fitted: Fitted) -> str:
    """Return what was fitted, for readers of a p value."""
    structure = STRUCTURE_WORDS[fitted.model.structure.name]
    by_arm = " by arm" if fitted.words.by_arm else ""
    method = fitted.model.method.upper()
    return f"mixed model for repeated measures ({method}, {structure} covariance{by_arm})"


def main_line(
    fitted: Fitted,
    contrast: Contrast,
    test: ContrastTest,
    *,
    warnings: Sequence[str],
    **fields: Any,
) -> Result:
    """Return the result of one contrast."""
    robust = () if fitted.words.covariance == "model" else CITED_ROBUST
    return question_of(fitted, contrast).answer(
        **fields_of_test(test, fitted, contrast),
        estimate_name=DIFFERENCE if fitted.rows.arms.reference else CHANGE,
        warnings=(*test.warnings, *warnings),
        references=(*CITED_MODEL, *CITED.get(df_word(fitted), ()), *robust),
        **fields,
    )


def mean_lines(fitted: Fitted, contrast: Contrast) -> tuple[Result, ...]:
    """Return the estimated marginal means behind a contrast; of values, their changes too."""
    made = []
    for arm in contrast.groups:
        mean = mean_of(fitted.rows, fitted.design, arm, contrast.visit)
        made.append(_mean_line(fitted, mean, of_change=None))
        start = start_of(fitted.rows, fitted.design)
        if fitted.rows.outcome == "value" and fitted.rows.arms.reference:
            changed = replace(mean, offset=start)
            made.append(_mean_line(fitted, changed, of_change=True))
    return tuple(made)


def _mean_line(fitted: Fitted, mean: Contrast, *, of_change: bool | None) -> Result:
    [arm] = mean.groups
    test = contrast_tested(
        fitted.denominator, fitted.model, mean, fitted.words, alternative="two-sided"
    )
    fields = fields_of_test(test, fitted, mean)
    kept = ("estimate", "ci_low", "ci_high", "ci_level", "ci_method")
    return Question(
        analysis="fit_mmrm",
        marker=fitted.rows.marker,
        outcome=outcome_words(fitted.rows, mean.visit, of_change=of_change),
        groups=(arm,),
        n={arm: _present(fitted, arm, mean.visit)},
        unit=fitted.rows.unit,
    ).answer(
        role="description",
        estimate_name="estimated change from baseline" if of_change else MARGINAL_MEAN,
        **{name: fields[name] for name in kept},
    )


def df_word(fitted: Fitted) -> str:
    """Return the word of the degrees of freedom that were taken."""
    usual = OTHER_DF[0] if fitted.words.covariance == "model" else "satterthwaite"
    return fitted.words.df or usual


def other_df_lines(fitted: Fitted, contrasts: Sequence[Contrast]) -> tuple[tuple[Result, ...], ...]:
    """Return, for each contrast, its lines with degrees of freedom by the other methods."""
    others = [df for df in OTHER_DF if fitted.words.covariance != "model" or df != df_word(fitted)]
    made: list[list[Result]] = [[] for _ in contrasts]
    for df in others:
        try:
            with_df = denominator(fitted.model, df=df, information=None, covariance="model")
        except StatisticsError:  # beside a result that stands, nothing may stop it
            continue
        for lines, contrast in zip(made, contrasts, strict=True):
            test = contrast_tested(with_df, fitted.model, contrast, fitted.words)
            if not isnan(test.p_value):
                lines.append(
                    question_of(fitted, contrast).answer(
                        role="sensitivity",
                        estimate_name=DIFFERENCE if fitted.rows.arms.reference else CHANGE,
                        references=CITED[df],
                        **fields_of_test(test, fitted, contrast),
                    )
                )
    return tuple(map(tuple, made))
