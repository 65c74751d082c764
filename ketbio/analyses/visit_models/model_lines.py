"""What is told of a longitudinal model as a whole: overall tests, its covariance, other ones."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from ketbio.analyses.question import Question
from ketbio.analyses.visit_models.lines import model_words
from ketbio.analyses.visit_models.model import (
    Contrast,
    Fitted,
    fit_inputs,
)
from ketbio.analyses.visit_models.rows import FloatArray
from ketbio.errors import StatisticsError
from ketbio.result import AVERAGE, Result
from ketbio.statistics.mixed.comparison import likelihood_ratio_test
from ketbio.statistics.mixed.contrast import ContrastTest, as_contrast, evaluate_rows
from ketbio.statistics.mixed.structures.choice import STRUCTURE_WORDS
from ketbio.statistics.mmrm import MixedModel
from ketbio.vocabulary import PARTICIPANT_ID

ALL = "all"
COMPARED = (
    "unstructured",
    "heterogeneous_toeplitz",
    "heterogeneous_ar1",
    "heterogeneous_compound_symmetry",
    "compound_symmetry",
)
"""Structures told beside the one that was fitted; each is a case of the first."""

SD = "standard deviation of the model"
CORRELATION = "correlation of the model"


def model_lines(fitted: Fitted, contrasts: Sequence[Contrast]) -> tuple[Result, ...]:
    """Return the overall tests, the covariance and the structures beside it."""
    return (
        *_overall(fitted, contrasts),
        *_covariance(fitted),
        *_structures(fitted),
    )


def _question(fitted: Fitted, outcome: str, group: str = ALL) -> Question:
    known = fitted.rows.modelled
    own = known if group == ALL else known[known["arm"] == group]
    return Question(
        analysis="fit_mmrm",
        marker=fitted.rows.marker,
        outcome=outcome,
        groups=(group,),
        n={group: int(own[PARTICIPANT_ID].nunique())},
    )


def _overall(fitted: Fitted, contrasts: Sequence[Contrast]) -> tuple[Result, ...]:
    """Return F tests: any difference of arms at any visit, and that it changes over the visits."""
    at_visits = [one for one in contrasts if one.visit != AVERAGE]
    arms = len(fitted.rows.arms.names) - 1
    rows: FloatArray = np.array([one.weights for one in at_visits])
    tests: dict[str, FloatArray] = {}
    if arms and len(at_visits) > 1:
        tests["any difference between arms at any visit"] = rows
    if arms and len(fitted.rows.follow_up.visits) > 1:
        by_arm = rows.reshape(arms, -1, rows.shape[1])
        tests["arm × visit interaction"] = (by_arm[:, 1:] - by_arm[:, :1]).reshape(
            -1, rows.shape[1]
        )
        if arms > 1:
            tests["any difference between arms, average over visits"] = by_arm.mean(axis=1)
    if not arms and len(at_visits) > 1:
        tests["any difference between visits"] = rows[1:] - rows[:1]
    made = []
    for outcome, matrix in tests.items():
        line = _joint_line(fitted, outcome, matrix)
        made += [line] if line is not None else []
    return tuple(made)


def _joint_line(fitted: Fitted, outcome: str, matrix: FloatArray) -> Result | None:
    scale = np.abs(matrix).max(axis=1)
    if not (scale > 1e-12).all() or np.linalg.matrix_rank(matrix) < len(matrix):
        return None  # a formula without visit has no such effect
    test = _joint(fitted, matrix)
    if test is None:
        return None
    return _question(fitted, outcome).answer(
        role="description",
        statistic=test.statistic,
        statistic_name=test.statistic_name,
        p_value=test.p_value,
        p_method=f"{model_words(fitted)}, {test.method}",
        is_exact=False,
        alternative="two-sided",
        warnings=test.warnings,
    )


def _joint(fitted: Fitted, matrix: FloatArray) -> ContrastTest | None:
    try:
        rows, nulls = as_contrast(matrix, 0.0, fitted.model.n_columns)
        return evaluate_rows(
            fitted.denominator,
            fitted.model.coefficients,
            rows,
            nulls,
            alternative="two-sided",
            level=fitted.words.level,
        )
    except StatisticsError:  # beside results that stand, nothing may stop them
        return None


def _covariance(fitted: Fitted) -> tuple[Result, ...]:
    """Return standard deviations and correlations of the visits, by arm where they differ."""
    given = fitted.model.visit_covariance
    if given is None:
        return ()
    several = np.asarray(given).reshape(-1, *np.asarray(given).shape[-2:])
    groups = fitted.rows.arms.names if len(several) > 1 else (ALL,)
    visits = fitted.rows.follow_up.visits
    made = []
    for group, covariance in zip(groups, several, strict=True):
        sds = np.sqrt(np.diag(covariance))
        for place, visit in enumerate(visits):
            made.append(
                _question(fitted, f"residual at {visit}", group)
                .about(unit=fitted.rows.unit)
                .answer(role="description", estimate=float(sds[place]), estimate_name=SD)
            )
        for a, b in combinations(range(len(visits)), 2):
            made.append(
                _question(fitted, f"residuals at {visits[a]} and {visits[b]}", group).answer(
                    role="description",
                    estimate=float(covariance[a, b] / (sds[a] * sds[b])),
                    estimate_name=CORRELATION,
                )
            )
    return tuple(made)


def _structures(fitted: Fitted) -> tuple[Result, ...]:
    """Return AIC, BIC and likelihood-ratio tests of covariance structures."""
    if len(fitted.rows.follow_up.visits) < 2:
        return ()
    own = fitted.model.structure.name
    models = {own: fitted.model}
    failed = {one.name for one in fitted.model.tried}
    for name in COMPARED:
        if name not in {*models, *failed} and (found := _other(fitted, name)) is not None:
            models[name] = found
    richest = models.get(COMPARED[0])
    lines = []
    for name, model in models.items():
        about = f"covariance: {STRUCTURE_WORDS.get(name, name)}"
        aic = _question(fitted, about).answer(
            role="description", estimate=model.aic, estimate_name="AIC"
        )
        bic = _question(fitted, about).answer(
            role="description", estimate=model.bic, estimate_name="BIC"
        )
        lines += [_against(aic, model, richest if name in COMPARED else None), bic]
    return tuple(lines)


def _other(fitted: Fitted, name: str) -> MixedModel | None:
    try:
        return fit_inputs(fitted.inputs, fitted.design, fitted.words, structure=name)
    except StatisticsError:  # a structure that does not converge is not compared
        return None


def _against(line: Result, model: MixedModel, richest: MixedModel | None) -> Result:
    """Return the line with the likelihood-ratio test against the richest structure."""
    if richest is None or richest is model:
        return line
    try:
        test = likelihood_ratio_test(model, richest)
    except StatisticsError:  # as many parameters, where there are few visits
        return line
    return replace(
        line,
        statistic=test.statistic,
        statistic_name=f"χ²({test.df})",
        p_value=test.p_value,
        warnings=test.warnings,
        p_method=f"likelihood-ratio test against {STRUCTURE_WORDS[COMPARED[0]]}, asymptotic",
        is_exact=False,
        alternative="two-sided",
    )
