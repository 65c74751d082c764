"""Which visits are missing, in whom and why: patterns counted per arm, nothing tested."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, overload

import pandas as pd

from ketbio.analyses.companions import count_line
from ketbio.analyses.missing_patterns import (
    BEYOND,
    COMPLETE,
    DROP_OUT,
    INTERMITTENT,
    MISSING,
    NEVER,
    NO_RECORD,
    ordered_visits,
    pattern_rows,
)
from ketbio.analyses.question import Question
from ketbio.analyses.values import markers_asked
from ketbio.analyses.visit_models.arms import arms_asked
from ketbio.endpoints.frames import require_columns, select_markers
from ketbio.errors import TableError
from ketbio.result import Result, Results
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, REASON, VISIT
from ketbio.wording import count_of, join_words, spaced

ALL = "all"
UNKNOWN = "no arm"
KINDS = (COMPLETE, DROP_OUT, INTERMITTENT, NEVER)
KIND_NAMES = {
    COMPLETE: "participants measured at all visits",
    DROP_OUT: "dropped out (monotone)",
    INTERMITTENT: "intermittent, a gap before a later visit",
    NEVER: "never measured",
}
NAMED_AT_MOST = 8
WHY_UNKNOWN = (
    "A pattern shows who is missing and when, not why: whether values are missing at random cannot "
    "be seen in those that are there."
)
NOTHING_DROPPED = "Everybody expected is counted, those never measured among them."


@overload
def describe_missing_visits(
    endpoints: pd.DataFrame,
    *,
    marker: str,
    participants: pd.DataFrame | None = ...,
    arm: str | None = ...,
    visits: Sequence[str] | None = ...,
) -> Result: ...
@overload
def describe_missing_visits(
    endpoints: pd.DataFrame,
    *,
    marker: list[str] | tuple[str, ...],
    participants: pd.DataFrame | None = ...,
    arm: str | None = ...,
    visits: Sequence[str] | None = ...,
) -> Results: ...
def describe_missing_visits(
    endpoints: pd.DataFrame,
    *,
    marker: str | list[str] | tuple[str, ...],
    participants: pd.DataFrame | None = None,
    arm: str | None = None,
    visits: Sequence[str] | None = None,
) -> Result | Results:
    """Describe which visits are missing: patterns with their counts, per arm where arms are known.

    A value beyond a limit is there. Nothing is dropped and nothing is tested.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    marker : str or list of str
        One marker gives a `Result`; several give `Results`.
    participants : DataFrame, optional
        The validated ``participants`` table: everybody expected. Without it, all participants who
        occur in the endpoints, with any marker.
    arm : str, optional
        Column of arms in the participants table; None counts everybody together.
    visits : sequence of str, optional
        The visits in order. When None: all, by the days that their names say, else as they come.

    Returns
    -------
    Result or Results
        ``estimate``: percent complete at all visits. Companions, each a count with its percent:
        per arm how many are complete, dropped out, with a gap and never measured; how many were
        measured at each visit; and each pattern. ``data``: one row per participant × visit,
        ``participant_id, group, visit, day, state, value, censored, limit, reason, pattern,
        kind``.

    Raises
    ------
    TableError
        Unknown marker, visit or column; a participant twice at a visit.

    Examples
    --------
    >>> from ketbio.endpoints import derive_scale_total
    >>> madrs = derive_scale_total(pd.DataFrame({"participant_id": ["P1", "P1", "P2"],
    ...     "visit": ["baseline", "day_7", "baseline"], "madrs_total": [30.0, 12, 34]}))
    >>> found = describe_missing_visits(madrs, marker="MADRS")
    >>> found.estimate, found.estimate_name
    (50.0, 'participants measured at all visits')
    >>> found.data.query("participant_id == 'P2'")["pattern"].iloc[0]
    '10'
    """
    names = markers_asked(marker)
    select_markers(endpoints, names)
    order = ordered_visits(endpoints, visits)
    groups = _groups(endpoints, participants, arm)
    found = Results(_described(endpoints, name, order, groups, arm) for name in names)
    return found[0] if isinstance(marker, str) else found


def _groups(
    endpoints: pd.DataFrame, participants: pd.DataFrame | None, arm: str | None
) -> dict[str, str]:
    """Return everybody expected with the arm: those of the table, then who only has values."""
    seen = [str(one) for one in dict.fromkeys(endpoints[PARTICIPANT_ID])]
    if arm is None:
        if participants is not None:
            require_columns(participants, [PARTICIPANT_ID], what="participants")
            table = participants[PARTICIPANT_ID].astype("str")
            if table.duplicated().any():
                twice = table[table.duplicated()].iloc[0]
                raise TableError(
                    f"participants has two rows of {twice}; one row per participant is allowed. "
                    "Remove the duplicate."
                )
            seen = list(dict.fromkeys([*table, *seen]))
        return dict.fromkeys(seen, ALL)
    arms = arms_asked(participants, arm=arm, reference=_any(participants, arm), everybody=())
    everybody = dict.fromkeys([*arms.of, *seen])
    return {one: arms.of.get(one, "") or UNKNOWN for one in everybody}


def _any(participants: pd.DataFrame | None, arm: str) -> Any:
    """Return some arm of several for the reference: nothing is compared here."""
    if participants is None or arm not in participants.columns:
        return None  # refused by whoever is asked for the arms
    known = list(dict.fromkeys(participants[arm].dropna()))
    return known[0] if len(known) > 1 else None


def _described(
    endpoints: pd.DataFrame,
    marker: str,
    visits: tuple[str, ...],
    groups: Mapping[str, str],
    arm: str | None,
) -> Result:
    rows = pattern_rows(endpoints, marker=marker, visits=visits, groups=groups)
    people = rows.drop_duplicates(PARTICIPANT_ID)
    question = Question(
        analysis="describe_missing_visits",
        marker=marker,
        outcome=f"missing visits, {visits[0]} to {visits[-1]}",
        groups=(ALL,),
        n={ALL: len(people)},
    )
    main = count_line(
        question,
        int((people["kind"] == COMPLETE).sum()),
        group=ALL,
        n=len(people),
        name=KIND_NAMES[COMPLETE],
    )
    lines = (
        *_kinds(question, people, has_arms=arm is not None),
        *_visits(question, rows, visits),
        *_patterns(question, people, visits),
    )
    return replace(
        main,
        role="primary",
        data=rows,
        companions=lines,
        warnings=(
            *_who(people),
            *_reasons(rows),
            *_beyond(rows),
            *_not_expected(endpoints, marker, visits, people),
            NOTHING_DROPPED,
            WHY_UNKNOWN,
        ),
    )


def _parts(people: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the arms, or everybody where there are none."""
    return {str(name): part for name, part in people.groupby("group", sort=True)}


def _kinds(question: Question, people: pd.DataFrame, *, has_arms: bool) -> list[Result]:
    lines = []
    for group, part in _parts(people).items():
        counted = KINDS if has_arms else KINDS[1:]
        for kind in counted:
            count = int((part["kind"] == kind).sum())
            lines.append(
                count_line(question, count, group=group, n=len(part), name=KIND_NAMES[kind])
            )
    return lines


def _visits(question: Question, rows: pd.DataFrame, visits: Sequence[str]) -> list[Result]:
    lines = []
    for visit in visits:
        here = rows[rows[VISIT] == visit]
        for group, part in _parts(here).items():
            there = int((part["state"] != MISSING).sum())
            name = f"measured at {spaced(visit)}"
            lines.append(count_line(question, there, group=group, n=len(part), name=name))
    return lines


def _patterns(question: Question, people: pd.DataFrame, visits: Sequence[str]) -> list[Result]:
    """Return each pattern with its count per arm, the most frequent first."""
    order = people["pattern"].value_counts(sort=True).index
    lines = []
    for pattern in order:
        if pattern == "1" * len(visits):
            continue  # told as complete
        name = f"pattern: {_pattern_words(str(pattern), visits)}"
        for group, part in _parts(people).items():
            count = int((part["pattern"] == pattern).sum())
            lines.append(count_line(question, count, group=group, n=len(part), name=name))
    return lines


def _pattern_words(pattern: str, visits: Sequence[str]) -> str:
    there = [spaced(visit) for visit, mark in zip(visits, pattern, strict=True) if mark == "1"]
    lacks = [spaced(visit) for visit, mark in zip(visits, pattern, strict=True) if mark == "0"]
    if not there:
        return "no visit"
    return f"{join_words(there)}; missing {join_words(lacks)}" if lacks else join_words(there)


def _who(people: pd.DataFrame) -> list[str]:
    """Say who is not complete, by kind."""
    told = []
    for kind in KINDS[1:]:
        who = people.loc[people["kind"] == kind, PARTICIPANT_ID].astype("str").to_list()
        if who:
            told.append(f"{kind} ({len(who)}): {_some(who)}")
    return [f"Not complete – {'; '.join(told)}."] if told else ["Nobody lacks a visit."]


def _reasons(rows: pd.DataFrame) -> list[str]:
    """Say which reasons the endpoints give, where they give any."""
    missing = rows[rows["state"] == MISSING]
    given = missing[missing[REASON] != NO_RECORD]
    if given.empty:
        return []
    counts = given.groupby(REASON, sort=False).size().sort_values(ascending=False, kind="stable")
    told = [f"{reason} ({count})" for reason, count in counts.items()]
    silent = len(missing) - len(given)
    more = f"; without a record: {silent}" if silent else ""
    return [f"Reasons given for missing values: {'; '.join(told[:NAMED_AT_MOST])}{more}."]


def _beyond(rows: pd.DataFrame) -> list[str]:
    count = int((rows["state"] == BEYOND).sum())
    if not count:
        return []
    are = "is" if count == 1 else "are"
    return [f"{count_of(count, 'value')} beyond a limit {are} counted as measured."]


def _not_expected(
    endpoints: pd.DataFrame, marker: str, visits: Sequence[str], people: pd.DataFrame
) -> list[str]:
    """Say which visits nobody has, and who has values without an arm."""
    own = endpoints[endpoints[MARKER] == marker]
    nobody = [visit for visit in visits if not (own[VISIT] == visit).any()]
    said = [f"Measured in nobody at {join_words(nobody)}."] if nobody else []
    if without := people.loc[people["group"] == UNKNOWN, PARTICIPANT_ID].astype("str").to_list():
        said.append(f"Without a known arm ({len(without)}): {_some(without)}.")
    return said


def _some(who: list[str]) -> str:
    more = len(who) - NAMED_AT_MOST
    return join_words([*who[:NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])])
