"""The answer to a repeated-measures correlation: its test, and what stands beside it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.companions import (
    FloatArray,
    from_t,
    mean_line,
    permutation_fields,
    without_repeats,
)
from ketbio.analyses.limits import contradiction, influence, leave_one_out_table
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.repeated_pairs import RepeatedPairs, complete_table
from ketbio.errors import StatisticsError
from ketbio.result import Result
from ketbio.statistics import LeaveOneOut
from ketbio.statistics.repeated_correlation import (
    NAME,
    RepeatedCorrelation,
    repeated_correlation,
    repeated_correlation_test,
    swapped_trajectories_test,
)
from ketbio.vocabulary import PARTICIPANT_ID, marker_label
from ketbio.wording import count_of

LEAST_PARTICIPANTS, LEAST_DF = 3, 2
CITED = ("bakdash2017",)
BY_VISIT = "centred by visit too"
SWAPPED = "whole courses swapped between participants"

COMMON = (
    "The correlation within participants: of one slope that all of them are taken to share, from "
    "{pairs} of {people}. Differences between participants play no part in it, and it says nothing "
    "of the slope of any one of them."
)
SHARED_TREND = (
    "Whatever moves both over the visits in everybody, such as time or expectation, makes such a "
    "correlation by itself: the one centred by visit, beside it, is without what all share."
)
WITHOUT_TREND = (
    "Centred by visit too: what all participants share at a visit is taken out, and what is left "
    "is whether those who lie above their usual course in one lie so in the other."
)
ANY_ORDER = (
    "The p value takes a participant's values to be as likely in any order. Values that follow "
    "from those before break this; the test that swaps whole courses, beside it, allows it."
)
OVERLAP = (
    "Successive changes share the visit between them, so that they are not independent: one is "
    "high where the next is low by measurement error alone."
)
FIRST_IS_NO_CAUSE = (
    "That the change of {marker} comes before that of {outcome} does not make it the cause."
)
BEYOND = "{count} beyond a limit of quantification left out, which can bias the correlation."
INDEPENDENT_ERRORS = "Takes the errors to be normal and independent between the visits."
SWAP_OF = "Of {people} with a value at every visit: what is missing cannot be swapped."
NOT_BESIDE = "The correlation {what} could not be formed: {why}."


def why_none(question: Question, pairs: RepeatedPairs) -> str:
    """Say why nothing can be correlated, or nothing."""
    n = len(pairs.people)
    if n < LEAST_PARTICIPANTS:
        who = f"{count_of(n, 'participant')} {'has' if n == 1 else 'have'}"
        return f"{who} both values at two visits, and at least {LEAST_PARTICIPANTS} are needed"
    for name, column in zip(question.groups, ("x", "y"), strict=True):
        if (pairs.data.groupby(PARTICIPANT_ID)[column].nunique() < 2).all():
            return f"{name} is the same at all visits of each participant"
    return ""


def correlated(
    question: Question, pairs: RepeatedPairs, settings: Settings, *, by_visit: bool, lag: int
) -> Result:
    """Return the correlation with its test, and what stands beside it."""
    visits = list(pairs.data["visit"]) if by_visit else None
    try:
        found = repeated_correlation(
            pairs.x,
            pairs.y,
            pairs.ids,
            visits=visits,
            confidence_level=settings.confidence_level,
        )
    except StatisticsError as refused:
        why = str(refused).split(";")[0]
        return question.without_answer(why, data=pairs.data, excluded=pairs.excluded)
    test = repeated_correlation_test(pairs.x, pairs.y, pairs.ids, visits=visits, **settings.leaving)
    left_out, influential = _left_out(pairs, settings, test.p_value, by_visit=by_visit)
    beside, failed = _other_centring(question, pairs, settings, by_visit=by_visit)
    is_two_sided = settings.alternative.startswith("two-sided")
    fields: dict[str, Any] = permutation_fields(test) | _limits_of(found, settings)
    result = question.answer(
        **fields
        | {
            "statistic_name": f"r({found.df})",
            "warnings": (
                *test.warnings,
                *(
                    contradiction(
                        found.ci_low, found.ci_high, test.p_value, settings.confidence_level
                    )
                    if is_two_sided
                    else ()
                ),
                *influential,
                *_said(question, pairs, found, by_visit=by_visit, lag=lag),
                *failed,
            ),
        },
        effect_size=found.r,
        effect_size_name=NAME,
        effect_size_ci=(found.ci_low, found.ci_high),
        effect_size_ci_method=_method(found),
        references=CITED,
        data=pairs.data.assign(fitted=_fitted(pairs, found)),
        excluded=pairs.excluded,
        leave_one_out=left_out,
        companions=(
            *_parametric(question, pairs, found),
            *beside,
            *_swapped(question, pairs, settings),
            *_means(question, pairs),
        ),
    )
    return without_repeats(result)


def _said(
    question: Question,
    pairs: RepeatedPairs,
    found: RepeatedCorrelation,
    *,
    by_visit: bool,
    lag: int,
) -> Iterator[str]:
    people = count_of(found.n_participants, "participant")
    yield COMMON.format(pairs=count_of(found.n_pairs, "pair") + " of values", people=people)
    yield from (WITHOUT_TREND,) if by_visit else (SHARED_TREND, ANY_ORDER)
    is_change = question.outcome.startswith("changes")
    if is_change:
        yield OVERLAP
    if lag:
        first, second = map(marker_label, question.groups)
        yield FIRST_IS_NO_CAUSE.format(marker=first, outcome=second)
    if pairs.n_beyond:
        yield BEYOND.format(count=count_of(pairs.n_beyond, "value"))


def _method(found: RepeatedCorrelation) -> str:
    return f"Fisher z on {found.df} degrees of freedom" if found.ci_low == found.ci_low else ""


def _limits_of(found: RepeatedCorrelation, settings: Settings) -> dict[str, Any]:
    two_sided = "" if settings.alternative.startswith("two-sided") else ", two-sided"
    return {
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "ci_level": settings.confidence_level,
        "ci_method": f"{_method(found)}{two_sided}" if _method(found) else "",
    }


def _fitted(pairs: RepeatedPairs, found: RepeatedCorrelation) -> FloatArray:
    """Return y on each participant's line: through their means, with the common slope."""
    means = pairs.data.groupby(PARTICIPANT_ID)[["x", "y"]].transform("mean").to_numpy()
    return np.asarray(means[:, 1] + found.slope.estimate * (pairs.x - means[:, 0]))


def _left_out(
    pairs: RepeatedPairs, settings: Settings, p_value: float, *, by_visit: bool
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return r and p without each participant in turn, and whom p depends on."""
    ids, visits = np.array(pairs.ids), pairs.data["visit"].to_numpy()
    estimates, p_values, exact = [], [], True
    for one in pairs.people:
        keep = ids != one
        options: dict[str, Any] = {"visits": list(visits[keep]) if by_visit else None}
        try:
            found = repeated_correlation_test(
                pairs.x[keep], pairs.y[keep], list(ids[keep]), **options, **settings.beside.leaving
            )
        except StatisticsError:
            estimates.append(float("nan"))
            p_values.append(float("nan"))
            continue
        estimates.append(found.estimate)
        p_values.append(found.p_value)
        exact = exact and found.is_exact
    record = LeaveOneOut(
        estimates=np.array(estimates),
        p_values=np.array(p_values),
        estimate_name=NAME,
        is_exact=exact,
        n=(len(pairs.people),),
    )
    return leave_one_out_table(record, pairs.people), influence(record, pairs.people, p_value)


def _parametric(
    question: Question, pairs: RepeatedPairs, found: RepeatedCorrelation
) -> tuple[Result, ...]:
    """Return the F test of the correlation, and the common slope."""
    f_test = question.answer(
        role="sensitivity",
        estimate=found.r,
        estimate_name=NAME,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        ci_level=found.slope.ci_level,
        ci_method=_method(found),
        statistic=found.f,
        statistic_name=f"F(1, {found.df})",
        p_value=found.p_value,
        p_method="F test, which assumes normal and independent errors",
        is_exact=False,
        alternative="two-sided",
        warnings=(INDEPENDENT_ERRORS,),
        references=CITED,
    )
    first, second = pairs.units
    unit = f"{second} per {first}" if first and second else ""
    slope = from_t(question.about(unit=unit), found.slope, references=CITED)
    return f_test, replace(slope, p_method="t test, which assumes normal and independent errors")


def _other_centring(
    question: Question, pairs: RepeatedPairs, settings: Settings, *, by_visit: bool
) -> tuple[tuple[Result, ...], tuple[str, ...]]:
    """Return the correlation centred by visit too, or where that is the main one, the other."""
    visits = None if by_visit else list(pairs.data["visit"])
    words = "not centred by visit" if by_visit else BY_VISIT
    level = settings.confidence_level
    try:
        found = repeated_correlation(
            pairs.x, pairs.y, pairs.ids, visits=visits, confidence_level=level
        )
    except StatisticsError as refused:
        return (), (NOT_BESIDE.format(what=words, why=str(refused).split(";")[0]),)
    test = repeated_correlation_test(
        pairs.x, pairs.y, pairs.ids, visits=visits, **settings.beside.leaving
    )
    fields = permutation_fields(test) | _limits_of(found, settings)
    fields |= {"statistic_name": f"r({found.df})", "role": "sensitivity"}
    about = question.about(outcome=f"{question.outcome}, {words}")
    return (about.answer(**fields, references=CITED),), ()


def _swapped(question: Question, pairs: RepeatedPairs, settings: Settings) -> Iterator[Result]:
    """Yield the test that swaps whole courses of those with every pair, where it can be made."""
    x, y = complete_table(pairs, "x"), complete_table(pairs, "y")
    try:
        test = swapped_trajectories_test(
            x,
            y,
            alternative=settings.alternative,
            exact=settings.beside.exact,
            n_resamples=settings.n_resamples,
            seed=settings.seed,
        )
    except StatisticsError:
        return
    about = question.about(outcome=f"{question.outcome}, {SWAPPED}", n={"participants": len(x)})
    few = len(x) < len(pairs.people)
    said = (SWAP_OF.format(people=count_of(len(x), "participant")),) if few else ()
    fields = permutation_fields(test) | {"warnings": (*test.warnings, *said)}
    yield about.answer(role="sensitivity", references=CITED, **fields)


def _means(question: Question, pairs: RepeatedPairs) -> Iterator[Result]:
    """Yield the mean over participants of each one's mean, for both markers."""
    is_change = question.outcome.startswith("changes")
    words = "mean change between visits" if is_change else "mean over the visits"
    for marker, column, unit in zip(question.groups, ("x", "y"), pairs.units, strict=True):
        values = pairs.data.groupby(PARTICIPANT_ID, sort=False)[column].mean().to_numpy()
        about = question.about(marker=marker, label="", outcome=words, unit=unit)
        yield mean_line(about, values, group="participants")
