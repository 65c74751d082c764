"""A marker over all visits: every participant's course, and the centre of each visit with its n."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Unpack, overload

import pandas as pd

from ketbio.analyses.course_centres import centre_line, is_censored
from ketbio.analyses.course_rows import (
    ABSENT,
    COURSE_COLUMNS,
    CourseScale,
    course_rows,
    course_visits,
    visit_days,
)
from ketbio.analyses.levels import expected_groups
from ketbio.analyses.limits import UNCONTROLLED, beyond_words
from ketbio.analyses.question import CourseOptions, Question
from ketbio.analyses.responder_values import GROUPS
from ketbio.analyses.values import excluded_table, markers_asked
from ketbio.endpoints.frames import select_markers
from ketbio.result import Result, Results
from ketbio.statistics.inputs import check_level
from ketbio.vocabulary import CENSORED, MARKER, PARTICIPANT_ID, REASON, UNIT, VISIT
from ketbio.wording import count_of, join_words

ALL = "all"
NAMED_AT_MOST = 8
"""Who is missing at a visit is named up to here, and counted beyond."""

OF_THOSE_PRESENT = (
    "What stands at a visit is of those with a value there ({counts}; of {everyone}): who is "
    "missing need not be like who came, and the difference between two visits' {centres} is not "
    "the {centre} of the changes."
)
SPLIT_BY_ITSELF = (
    "The groups are defined by the change of this very scale: that their lines part is built in."
)
NO_TEST = "Described, not tested: the visits are compared by no p value here."
NORMAL = (
    "The interval at a visit is Student's t, which takes the values to be normal; with few of them "
    "that cannot be checked."
)
ANY_DISTRIBUTION = (
    "{count} of the course {are} {where}: medians are given in place of means, with intervals "
    "between ordered values that hold for any distribution; nothing was substituted."
)


@overload
def summarise_course(
    endpoints: pd.DataFrame, *, marker: str, **options: Unpack[CourseOptions]
) -> Result: ...
@overload
def summarise_course(
    endpoints: pd.DataFrame,
    *,
    marker: list[str] | tuple[str, ...],
    **options: Unpack[CourseOptions],
) -> Results: ...
def summarise_course(
    endpoints: pd.DataFrame,
    *,
    marker: str | list[str] | tuple[str, ...],
    visits: Sequence[str] | None = None,
    baseline: str | None = None,
    days: Mapping[str, float] | None = None,
    response: pd.DataFrame | None = None,
    confidence_level: float = 0.95,
) -> Result | Results:
    """Describe a marker over the visits: each participant's course, and each visit's mean.

    The means are of those present at each visit, with Student's t interval; where any value of the
    course is beyond a limit, medians with the interval between ordered values that holds for any
    distribution (Thompson 1936). Nothing is tested.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    marker : str or list of str
        One marker gives a `Result`; several give `Results`.
    visits : sequence of str, optional
        The visits in order; all in their order of appearance when None. Visits at which the marker
        was measured in nobody are left out, and said.
    baseline : str, optional
        The visit from which changes are counted; the first of ``visits`` when None.
    days : mapping of str to float, optional
        Visit → its day in the protocol. When None: the days that the visits' names say
        (``"day_14"``, ``"week_2"``; the baseline is day 0), where all of them do.
    response : DataFrame, optional
        As `derive_response` returns it: responders and non-responders are described too.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    Result or Results
        ``estimate`` is the mean (or median) of all at the last visit; companions, per visit and
        group: the mean with SD and interval, or the median with its interval. ``data`` has one row
        per participant × visit: ``participant_id, visit, day, group, value, change,
        percent_change, censored, limit, reason, response_percent, remission_at_or_below``. The
        percent change of a rating scale is of baseline − floor, as in `derive_response`; that of a
        logarithm, or from a baseline that is not above zero, does not exist.

    Raises
    ------
    TableError
        Unknown marker or visit; fewer than two visits with values; a participant twice at a visit.
    StatisticsError
        A confidence level outside 0 to 1.

    Examples
    --------
    >>> from ketbio.endpoints import derive_scale_total
    >>> madrs = derive_scale_total(pd.DataFrame({"participant_id": ["P1", "P2"] * 2,
    ...     "visit": ["baseline"] * 2 + ["day_14"] * 2, "madrs_total": [30.0, 34, 12, 24]}))
    >>> result = summarise_course(madrs, marker="MADRS")
    >>> result.estimate, result.estimate_name
    (18.0, 'mean at the last visit')
    >>> result.data["percent_change"].round(1).to_list()
    [0.0, -60.0, 0.0, -29.4]
    """
    names = markers_asked(marker)
    asked = _Asked(
        visits=visits,
        baseline=baseline,
        days=days,
        response=response,
        level=check_level(confidence_level),
    )
    select_markers(endpoints, names)
    found = Results(_course(endpoints, name, asked) for name in names)
    return found[0] if isinstance(marker, str) else found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asked:
    """What one call asks of every marker."""

    visits: Sequence[str] | None
    baseline: str | None
    days: Mapping[str, float] | None
    response: pd.DataFrame | None
    level: float


def _course(endpoints: pd.DataFrame, marker: str, asked: _Asked) -> Result:
    groups = expected_groups(endpoints, asked.response)
    endpoints = endpoints[endpoints[PARTICIPANT_ID].isin(groups[PARTICIPANT_ID])]
    visits = course_visits(endpoints, marker, asked.visits, asked.baseline)
    rows = course_rows(
        endpoints,
        marker=marker,
        visits=visits.measured,
        baseline=visits.baseline,
        groups=groups,
        days=visit_days(visits.measured, visits.baseline, asked.days),
        scale=CourseScale.of(endpoints, marker, asked.response),
    )
    never = rows.groupby(PARTICIPANT_ID)[REASON].transform(lambda one: bool((one != "").all()))
    never = never.astype(bool)
    first, last = visits.measured[0], visits.measured[-1]
    question = Question(
        analysis="summarise_course",
        marker=marker,
        outcome=f"course, {first} to {last}",
        groups=(ALL,),
        n={},
        unit=str(endpoints.loc[endpoints[MARKER] == marker, UNIT].iloc[0]),
    )
    excluded = rows.loc[never, [PARTICIPANT_ID]].drop_duplicates().assign(**{REASON: ABSENT})
    data = rows.loc[~never, COURSE_COLUMNS].reset_index(drop=True)
    lines = _lines(question, data, asked.level)
    return _answered(
        question,
        lines,
        data=data,
        excluded=excluded_table(excluded),
        limits=(*_limits(data, visits.unmeasured), *_circular(marker, asked.response, lines)),
    )


def _lines(question: Question, data: pd.DataFrame, level: float) -> tuple[Result, ...]:
    """Return the centre of every visit: of all, then of the groups where they are known."""
    here = set(data["group"])
    groups = [ALL, *(name for name in GROUPS if name in here)]
    as_median = is_censored(data)
    made = []
    for visit, rows in data.groupby(VISIT, sort=False):
        known = rows[rows[REASON] == ""]
        for group in groups:
            own = known if group == ALL else known[known["group"] == group]
            if len(own):
                about = question.about(outcome=f"value at {visit}")
                line = centre_line(about, own, group=group, level=level, as_median=as_median)
                made.append(line)
    return tuple(made)


def _answered(
    question: Question, lines: tuple[Result, ...], *, data: pd.DataFrame,
    excluded: pd.DataFrame, limits: tuple[str, ...],
) -> Result:  # fmt: skip
    """Return the course, with the centre of all at the last visit for its estimate."""
    last = data[VISIT].iloc[-1]
    [end] = [one for one in lines if one.groups == (ALL,) and one.outcome == f"value at {last}"]
    return replace(
        end,
        outcome=question.outcome,
        estimate_name=f"{end.estimate_name} at the last visit",
        warnings=(*end.warnings, *limits),
        data=data,
        excluded=excluded,
        companions=tuple(one for one in lines if one is not end),
    )


def _limits(data: pd.DataFrame, unmeasured: Sequence[str]) -> tuple[str, ...]:
    everyone = data[PARTICIPANT_ID].nunique()
    missing = {
        str(visit): rows.loc[rows[REASON] != "", PARTICIPANT_ID].astype("str").to_list()
        for visit, rows in data.groupby(VISIT, sort=False)
    }
    fewer = {visit: everyone - len(who) for visit, who in missing.items() if who}
    as_median = is_censored(data)
    centre = "median" if as_median else "mean"
    said = []
    if fewer:
        counts = ", ".join(f"{n} at {visit}" for visit, n in fewer.items())
        said += [
            OF_THOSE_PRESENT.format(
                counts=counts, everyone=everyone, centre=centre, centres=f"{centre}s"
            ),
            _missing_words(missing),
        ]
    if unmeasured:
        said.append(f"Measured in nobody at {join_words(unmeasured)}: not part of the course.")
    beyond = data.loc[data[CENSORED] != "", CENSORED]
    told = ANY_DISTRIBUTION.format(
        count=count_of(len(beyond), "value"),
        are="is" if len(beyond) == 1 else "are",
        where=beyond_words(beyond),
    )
    return (*said, told if as_median else NORMAL, NO_TEST, UNCONTROLLED)


def _circular(
    marker: str, response: pd.DataFrame | None, lines: tuple[Result, ...]
) -> tuple[str, ...]:
    """Say so where the groups were formed by the very values that are described."""
    if response is None or not len(response) or all(one.groups == (ALL,) for one in lines):
        return ()
    rated = set(response["rating_scale"]) if "rating_scale" in response.columns else set()
    return (SPLIT_BY_ITSELF,) if marker in rated else ()


def _missing_words(missing: Mapping[str, list[str]]) -> str:
    """Say who is missing at which visit, of those who have a value at another."""
    told = []
    for visit, who in missing.items():
        more = len(who) - NAMED_AT_MOST
        shown = [*who[:NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])]
        told += [f"at {visit} {join_words(shown)}"] if who else []
    return f"Missing: {'; '.join(told)}."
