"""A model of repeated values → its results, with their limits and what belongs to each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.limits import UNCONTROLLED
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.repeated.contrasts import (
    Asked,
    all_means,
    contrasts_of,
    joint_rows,
    means_of,
    slopes_of,
)
from ketbio.analyses.repeated.influence import left_out, refits
from ketbio.analyses.repeated.model import SLOPE, Repeated
from ketbio.analyses.repeated.rows import COLUMNS
from ketbio.result import NOT_IMPUTED, Result
from ketbio.statistics.mixed.contrast import ContrastTest, contrast_test
from ketbio.statistics.mixed.residuals import model_residuals
from ketbio.vocabulary import PARTICIPANT_ID, REASON, VALUE, VISIT
from ketbio.wording import count_of, join_words

ANALYSIS = "fit_random_effects"
FEW = 10
AT = "value at "
ABSENT = 1e-8
"""A variance of a random effect below this share of the residual's is 0, as the warning says."""

NORMAL = (
    "Random effects of the participants ({effects}), fitted by {method}; values and effects are "
    "taken to be normal."
)
REPLICATES = (
    "Several values of a participant at a visit are replicates: they share an effect of that visit "
    "and are never counted as participants."
)
EQUAL = (
    "With random levels alone any two visits of a participant are taken to correlate alike, "
    "however far apart they are; fit_mmrm does not take that for granted."
)
LINE = "Means are taken to run on a straight line over the days."
FEW_PEOPLE = (
    "{n}: how much participants differ is estimated from these alone, and p values and intervals "
    "hold only roughly."
)
UNMEASURED = "Measured in nobody at {visits}: not part of the model."
MISSING = (
    "{n} of {all} values {are} missing" + NOT_IMPUTED + " The model takes missing values to be "
    "missing at random, given the values that are there. The data cannot show that."
)


def results_of(fitted: Repeated, settings: Settings) -> tuple[Result, ...]:
    """Return the results of one marker, not yet adjusted."""
    asked = contrasts_of(fitted)
    data = _data(fitted)
    limits = _limits(fitted)
    refit = refits(fitted)
    made = []
    for place, one in enumerate(asked):
        test = _test(fitted, one, settings)
        means = (
            (*all_means(fitted), *slopes_of(fitted, one)) if place == 0 else means_of(fitted, one)
        )
        beside = [_mean_line(fitted, mean, settings) for mean in means]
        beside += _satterthwaite(fitted, one, settings)
        if place == 0:
            beside += [*_joint(fitted, asked), *_components(fitted)]
        fields = _fields(test, fitted) if one.is_tested else _untested(test)
        made.append(
            _question(fitted, one).answer(
                **fields,
                estimate_name=one.estimate_name,
                warnings=tuple(dict.fromkeys([*test.warnings, *limits])),
                data=data,
                excluded=fitted.rows.excluded,
                leave_one_out=left_out(fitted, one, refit),
                references=_cited(fitted),
                companions=tuple(beside),
            )
        )
    return tuple(made)


def _question(fitted: Repeated, one: Asked) -> Question:
    known = fitted.rows.modelled
    return Question(
        analysis=ANALYSIS,
        marker=fitted.rows.marker,
        outcome=one.outcome,
        groups=one.groups,
        n={
            arm: int(known.loc[known["arm"] == arm, PARTICIPANT_ID].nunique()) for arm in one.groups
        },
        unit=one.unit,
    )


def _test(
    fitted: Repeated, one: Asked, settings: Settings, *, df: str | None = None
) -> ContrastTest:
    return contrast_test(
        fitted.model,
        one.weights,
        df=df or fitted.df,
        alternative=settings.alternative if one.is_tested else "two-sided",
        confidence_level=settings.confidence_level,
    )


def _fields(test: ContrastTest, fitted: Repeated) -> dict[str, Any]:
    return {
        **_untested(test),
        "statistic": test.statistic,
        "statistic_name": test.statistic_name,
        "p_value": test.p_value,
        "p_method": f"mixed model with random effects ({fitted.method.upper()}), {test.method}",
        "is_exact": False,
        "alternative": test.alternative,
    }


def _untested(test: ContrastTest) -> dict[str, Any]:
    return {
        "estimate": test.estimate,
        "ci_low": test.ci_low,
        "ci_high": test.ci_high,
        "ci_level": test.ci_level,
        "ci_method": test.method,
    }


def _mean_line(fitted: Repeated, one: Asked, settings: Settings) -> Result:
    test = contrast_test(
        fitted.model, one.weights, df=fitted.df, confidence_level=settings.confidence_level
    )
    question = _question(fitted, one)
    if one.outcome.startswith(AT):
        known = fitted.rows.modelled
        here = known[known[VISIT] == one.outcome.removeprefix(AT)]
        counts = here.groupby("arm")[PARTICIPANT_ID].nunique()
        question = question.about(n={arm: int(counts.get(arm, 0)) for arm in one.groups})
    return question.answer(role="description", estimate_name=one.estimate_name, **_untested(test))


def _satterthwaite(fitted: Repeated, one: Asked, settings: Settings) -> list[Result]:
    if not one.is_tested or fitted.df == "satterthwaite":
        return []
    test = _test(fitted, one, settings, df="satterthwaite")
    line = _question(fitted, one).answer(
        role="sensitivity",
        estimate_name=one.estimate_name,
        references=("satterthwaite1946",),
        **_fields(test, fitted),
    )
    return [line]


def _joint(fitted: Repeated, asked: tuple[Asked, ...]) -> list[Result]:
    """Return the F test of all estimates together."""
    if len(asked) < 2:
        return []
    test = contrast_test(fitted.model, joint_rows(asked), df=fitted.df)
    is_compared = len(fitted.rows.arms.names) > 1
    known = fitted.rows.modelled
    line = Question(
        analysis=ANALYSIS,
        marker=fitted.rows.marker,
        outcome="arm × time interaction" if is_compared else "any change over the visits",
        groups=("all",),
        n={"all": int(known[PARTICIPANT_ID].nunique())},
    ).answer(
        role="description",
        statistic=test.statistic,
        statistic_name=test.statistic_name,
        p_value=test.p_value,
        p_method=f"mixed model with random effects ({fitted.method.upper()}), {test.method}",
        is_exact=False,
        alternative="two-sided",
    )
    return [line]


def _components(fitted: Repeated) -> list[Result]:
    """Return the standard deviations of the random effects and what they make of the variance."""
    model, unit = fitted.model, fitted.rows.unit
    effects = np.asarray(model.random_covariance)
    effects = np.where(np.abs(effects) < ABSENT * model.residual_variance, 0.0, effects)
    told = [("between participants, level", effects[0, 0], unit)]
    if fitted.random == SLOPE:
        told.append(("between participants, slope", effects[1, 1], f"{unit} per day".strip()))
    told += [("between visits of a participant", one, unit) for one in model.unit_variances]
    told.append(("residual", model.residual_variance, unit))
    base = _question(fitted, contrasts_of(fitted)[0])
    everybody = {"all": model.n_participants}
    made = [
        base.about(outcome=where, groups=("all",), n=everybody, unit=of).answer(
            role="description",
            estimate=float(np.sqrt(variance)),
            estimate_name="standard deviation of the model",
        )
        for where, variance, of in told
    ]
    if fitted.random != SLOPE:
        total = effects[0, 0] + sum(model.unit_variances) + model.residual_variance
        made.append(
            base.about(outcome="values", groups=("all",), n=everybody, unit="").answer(
                role="description",
                estimate=float(effects[0, 0] / total),
                estimate_name="intraclass correlation (ICC) of the model",
            )
        )
    else:
        both = float(np.sqrt(effects[0, 0] * effects[1, 1]))
        if both > 0:
            made.append(
                base.about(outcome="level and slope", groups=("all",), n=everybody, unit="").answer(
                    role="description",
                    estimate=float(effects[0, 1]) / both,
                    estimate_name="correlation of the model",
                )
            )
    return made


def _data(fitted: Repeated) -> pd.DataFrame:
    rows = fitted.rows
    known = (rows.table[REASON] == "").to_numpy()
    mean, left = np.full(len(known), np.nan), np.full(len(known), np.nan)
    mean[known] = fitted.model.fitted
    left[known] = model_residuals(fitted.model, kind="normalised")
    by_visit = rows.table.groupby([PARTICIPANT_ID, VISIT], sort=False)[VALUE]
    return rows.table[COLUMNS].assign(
        visit_mean=by_visit.transform("mean"), fitted=mean, residual=left
    )


def _limits(fitted: Repeated) -> tuple[str, ...]:
    rows, model = fitted.rows, fitted.model
    effects = "a level and a slope over days" if fitted.random == SLOPE else "a level"
    told = [
        *model.warnings,
        NORMAL.format(effects=effects, method=fitted.method.upper()),
        *([EQUAL] if fitted.random != SLOPE and len(rows.visits) > 2 else []),
        *([LINE] if fitted.time == "day" else []),
        *([REPLICATES] if rows.has_replicates else []),
        *_missing(fitted),
        *rows.arms.warnings,
        *([UNMEASURED.format(visits=join_words(rows.unmeasured))] if rows.unmeasured else []),
    ]
    if model.n_participants < FEW * len(rows.arms.names):
        told.append(FEW_PEOPLE.format(n=count_of(model.n_participants, "participant")))
    if len(rows.arms.names) == 1 and len(rows.visits) > 1:
        told.append(UNCONTROLLED)
    return tuple(dict.fromkeys(told))


def _missing(fitted: Repeated) -> Sequence[str]:
    """Say which values are missing: rows without one, and visits that have no row at all."""
    table = fitted.rows.table
    known = fitted.rows.modelled
    people = table[PARTICIPANT_ID].nunique()
    seen = len(known.drop_duplicates([PARTICIPANT_ID, VISIT]))
    expected = people * len(fitted.rows.visits)
    if seen == expected:
        return ()
    are = "is" if expected - seen == 1 else "are"
    return [MISSING.format(n=expected - seen, all=expected, are=are)]


def _cited(fitted: Repeated) -> tuple[str, ...]:
    by_df = {"satterthwaite": ("satterthwaite1946",), "between_within": ("schluchter1990",)}
    roger = ("kenward1997",) if fitted.df is None or fitted.df.startswith("kenward") else ()
    return ("laird1982", *by_df.get(fitted.df or "", roger))
