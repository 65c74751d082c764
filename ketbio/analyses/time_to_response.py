"""Time to response, remission or relapse: Kaplan–Meier curves of all or of the arms of a trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ketbio.analyses.event_contrasts import compared
from ketbio.analyses.event_curves import (
    ALL,
    GROUP,
    ArmTimes,
    arm_times,
    curve_rows,
    event_lines,
)
from ketbio.analyses.family import adjust_family
from ketbio.analyses.limits import UNCONTROLLED
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.values import excluded_table
from ketbio.analyses.visit_models.arms import Arms, arms_asked
from ketbio.endpoints.event_times import derive_event_times
from ketbio.endpoints.frames import require_columns
from ketbio.result import Result, Results
from ketbio.statistics.inputs import check_level
from ketbio.vocabulary import MARKER, NOTE, PARTICIPANT_ID, REASON
from ketbio.wording import join_words

BY_VISITS = (
    "An event is dated to the visit at which it was first seen; it came at some time since the "
    "visit before (interval-censored), so that days depend on when the visits were."
)
LEAVING = (
    "Who was last seen without the event counts up to that visit, as if leaving had nothing to do "
    "with how they fared."
)
AFTER_RESPONSE = (
    "Only those who responded can relapse, and days count from their first response: arms compared "
    "so are no longer those that were assigned."
)
NOBODY = "Nobody had the event: the curve is flat, and says no more than that {n} were followed."


def describe_time_to_response(
    endpoints: pd.DataFrame,
    *,
    baseline: str,
    marker: str = "MADRS",
    event: str = "response",
    participants: pd.DataFrame | None = None,
    arm: str | None = None,
    reference: str | None = None,
    visits: Sequence[str] | None = None,
    days: Mapping[str, float] | None = None,
    reduction_percent: float | None = None,
    remission_at_or_below: float | None = None,
    relapse: str = "response_lost",
    until: float | None = None,
    adjust: str = "holm",
    confidence_level: float = 0.95,
    exact: bool | str = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
) -> Results:
    """Describe when participants responded, remitted or relapsed, and compare arms in it.

    Without arms the estimate is the percentage with the event by the last visit (Kaplan & Meier).
    With arms it is the difference in restricted mean time, arm − reference, with the log-rank test
    over every way to deal the arms. Companions: per arm the percentage with the event after every
    day with an event, the median time and the restricted mean; the chi-square log-rank test with
    Peto's hazard ratio.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table, with the scale as a marker.
    baseline, marker, event, visits, days, reduction_percent, remission_at_or_below, relapse
        As `derive_event_times` takes them.
    participants : DataFrame, optional
        The validated ``participants`` table: whom to expect, beside those with values; needed with
        ``arm``.
    arm : str, optional
        Its column of arms; None describes everybody together.
    reference : str, optional
        The arm that the others are compared with; one named placebo, saline, midazolam or control
        when None.
    until : float, optional
        Days up to which the mean is taken. When None: the last day to which both arms were
        followed; an arm of whom the last ones followed had the event is known for all days.
    adjust : str
        Adjustment over the contrasts where there are more than two arms.
    confidence_level : float
        Of every interval.
    exact, n_resamples, seed
        As `permutation_test` takes them.

    Returns
    -------
    Results
        One, or one per arm − reference. ``data``: ``participant_id, group, day, is_event,
        after_day, visit, at_risk, share, share_low, share_high, note``; ``share`` is the percentage
        of the group with the event after that day.

    Raises
    ------
    TableError
        Unknown words, a visit without a day, days that do not rise, arms that cannot be told.
    StatisticsError
        ``until`` beyond the follow-up, or a level outside 0 to 1.

    Examples
    --------
    >>> from ketbio.endpoints import derive_scale_total
    >>> totals = derive_scale_total(pd.DataFrame({"participant_id": ["P1", "P2", "P3", "P4"] * 3,
    ...     "visit": ["baseline"] * 4 + ["day_1"] * 4 + ["day_7"] * 4,
    ...     "madrs_total": [38.0, 31, 30, 34, 15, 29, 28, 30, 12, 12, 29, 27]}))
    >>> result = describe_time_to_response(totals, baseline="baseline")[0]
    >>> result.estimate, result.estimate_name, result.data["share"].to_list()
    (50.0, '7-day percentage with response', [25.0, 50.0, 50.0, 50.0])
    """
    require_columns(endpoints, [PARTICIPANT_ID, MARKER], what="endpoints")
    here = list(dict.fromkeys(endpoints[PARTICIPANT_ID].astype("str")))
    arms = arms_asked(
        participants if arm is not None else None, arm=arm, reference=reference, everybody=here
    )
    named = here if participants is None else participants[PARTICIPANT_ID].astype("str")
    expected = list(dict.fromkeys([*named, *here]))
    times = derive_event_times(
        endpoints,
        baseline=baseline,
        marker=marker,
        event=event,
        visits=visits,
        days=days,
        reduction_percent=reduction_percent,
        remission_at_or_below=remission_at_or_below,
        relapse=relapse,
        participants=expected,
    )
    times[GROUP] = _group_of(times, arms, has_arms=arm is not None)
    times[REASON] = times[REASON].mask((times[GROUP] == "") & (times[REASON] == ""), "no arm known")
    asked = EventsAsked(
        event=event,
        until=until,
        settings=Settings(
            alternative="two-sided",
            confidence_level=check_level(confidence_level),
            exact=exact,
            n_resamples=n_resamples,
            seed=seed,
        ),
    )
    if len(arms.names) < 2:
        return Results([_described(times, asked, arms)])
    pairs = [(name, arms.reference) for name in arms.names[1:]]
    done = [_contrast(times, pair, asked, arms) for pair in pairs]
    return adjust_family(done, method=adjust, settings=asked.settings, noun="contrasts")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsAsked:
    """What one call asks of everybody."""

    event: str
    until: float | None
    settings: Settings


def _group_of(times: pd.DataFrame, arms: Arms, *, has_arms: bool) -> "pd.Series[str]":
    ids = times[PARTICIPANT_ID].astype("str")
    if not has_arms:
        return pd.Series(ALL, index=times.index, dtype="str")
    return ids.map(lambda one: arms.of.get(one, "")).astype("str")


def _question(times: pd.DataFrame, groups: tuple[str, ...], asked: EventsAsked) -> Question:
    known = times[times[REASON] == ""]
    rule = str(times["rule"].iloc[0])
    return Question(
        analysis="describe_time_to_response",
        marker=str(times["rating_scale"].iloc[0]),
        outcome=f"time to {asked.event} ({rule})",
        groups=groups,
        n={name: int((known[GROUP] == name).sum()) for name in groups},
        unit="days",
    )


def _rows(
    times: pd.DataFrame, groups: tuple[str, ...], curves: Sequence[ArmTimes]
) -> dict[str, pd.DataFrame]:
    own = times[times[GROUP].isin([*groups, ""])]
    return {"data": curve_rows(own, curves), "excluded": excluded_table(own)}


def _described(times: pd.DataFrame, asked: EventsAsked, arms: Arms) -> Result:
    name = arms.names[0] if arms.column else ALL
    question = _question(times, (name,), asked)
    level = asked.settings.confidence_level
    curve = arm_times(times, name, level=level)
    if curve is None:
        rows = {"data": pd.DataFrame(), "excluded": excluded_table(times)}
        return question.without_answer(f"nobody could be followed for {asked.event}", **rows)
    last = float(curve.curve.times[-1])
    return question.about(unit="%").answer(
        **_rows(times, (name,), [curve]),
        estimate=100 * (1 - float(curve.curve.survival[-1])),
        estimate_name=f"{last:.4g}-day percentage with {asked.event}",
        ci_low=100 * (1 - float(curve.curve.ci_high[-1])),
        ci_high=100 * (1 - float(curve.curve.ci_low[-1])),
        ci_level=level,
        ci_method="Kaplan–Meier, log–log",
        warnings=(*_limits(times, (name,), asked), UNCONTROLLED),
        references=("kaplan1958", "greenwood1926", "kalbfleisch2002"),
        companions=event_lines(question, curve, asked.event, until=asked.until),
    )


def _contrast(times: pd.DataFrame, pair: tuple[str, str], asked: EventsAsked, arms: Arms) -> Result:
    question = _question(times, pair, asked)
    level = asked.settings.confidence_level
    found = {name: arm_times(times, name, level=level) for name in pair}
    curves = [one for one in found.values() if one is not None]
    rows = _rows(times, pair, curves)
    if len(curves) < 2:
        empty = [name for name, one in found.items() if one is None]
        why = f"nobody in {join_words(empty, last='or')} could be followed for {asked.event}"
        return question.without_answer(why, **rows)
    return compared(
        question,
        curves[0],
        curves[1],
        event=asked.event,
        until=asked.until,
        settings=asked.settings,
        rows=rows,
        limits=(*arms.warnings, *_limits(times, pair, asked)),
    )


def _limits(times: pd.DataFrame, groups: tuple[str, ...], asked: EventsAsked) -> tuple[str, ...]:
    known = times[(times[REASON] == "") & times[GROUP].isin(groups)]
    missed = known[known[NOTE] != ""]
    told = [
        f"{who} was {note}." for who, note in zip(missed[PARTICIPANT_ID], missed[NOTE], strict=True)
    ]
    has_event = bool(known["is_event"].fillna(value=False).any())
    return (
        *((NOBODY.format(n=len(known)),) if not has_event else ()),
        BY_VISITS,
        *told,
        LEAVING,
        *((AFTER_RESPONSE,) if asked.event == "relapse" else ()),
    )
