"""Rules of the days of visits; written like those of `ketbio.tables.rules.registry`."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from ketbio.tables.phrases import cut, listed_rows, listed_words
from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.registry import Finding, Frame, rule, shown_value
from ketbio.tables.rules.settings import DateColumn, Word, YesNo
from ketbio.tables.rules.visit_dates import (
    dated_rows,
    days_from_baseline,
    out_of_order,
    shared_days,
)
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import count_of


# -- days in the order of the visits ---------------------------------------------------------
def _explain_dates_in_order(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    date: DateColumn,
    visits: tuple[str, ...],
) -> Iterator[Finding]:
    rows = dated_rows(frame, date, visits)
    concerned = rows[rows["who"].isin(frame[PARTICIPANT_ID].iloc[list(failed)])]
    of_participant = {str(who): part for who, part in concerned.groupby("who")}
    for position in failed:
        own = rows.loc[position]
        part = of_participant[str(own["who"])]
        later = (part["place"] < own["place"]) & (part["day"] > own["day"])
        earlier = (part["place"] > own["place"]) & (part["day"] < own["day"])
        # The nearest visit that this one is dated against.
        against = part[later | earlier].copy()
        against["far"] = (against["place"] - own["place"]).abs()
        other = against.sort_values(["far", "day"]).iloc[0]
        order = "before" if other["place"] < own["place"] else "after"
        should = "after" if order == "before" else "before"
        yield Finding(
            position=position,
            column=date,
            message=f"{records.label(date, position)} is {shown_value(own['day'])} at "
            f"{own['visit']}, {order} {shown_value(other['day'])} at {other['visit']} (row "
            f"{records.rows[int(str(other.name))]}), but {own['visit']} comes {should} "
            f"{other['visit']}; correct the date or the visit that is wrong.",
        )


@rule(_explain_dates_in_order, idle_without=["visits"])
def dates_in_order(frame: Frame, *, date: DateColumn, visits: tuple[str, ...]) -> "pd.Series[bool]":
    """Hold where a participant's days come in the order of the study's visits.

    Visits on one day are in order; `ketbio.tables.rules.visit_dates.out_of_order` says which of
    several rows fail.
    """
    rows = dated_rows(frame, date, visits)
    return ~frame.index.to_series().isin(rows.index[out_of_order(rows)])


# -- days inside the windows of the visits ---------------------------------------------------
def _explain_inside_window(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    date: DateColumn,
    dates_expected: YesNo,
    windows: Mapping[str, tuple[float, float]],
    baseline: str,
) -> Iterator[Finding]:
    if dates_expected and frame[date].isna().all():
        yield from _no_dates(failed, records, date)
        return
    rows = dated_rows(frame, date)
    counted = days_from_baseline(rows, baseline).loc[list(failed)].tolist()
    unknown: dict[str, list[int]] = {}
    for position, day in zip(failed, counted, strict=True):
        visit = str(frame[VISIT].iloc[position])
        if np.isnan(day):
            unknown.setdefault(str(frame[PARTICIPANT_ID].iloc[position]), []).append(position)
            continue
        first, last = windows[visit]
        yield Finding(
            position=position,
            column=date,
            message=f"{records.label(date, position)} is "
            f"{shown_value(frame[date].iloc[position])}, day {day:g} "
            f"counted from {baseline or 'the baseline'}; {visit} is allowed from day "
            f"{first:g} to day {last:g}. Correct the date or the visit, or record the deviation; "
            "the row is kept.",
        )
    for who, positions in unknown.items():
        why = _why_no_day(frame, records, date, baseline, who)
        if why:
            yield Finding(
                position=positions[0],
                others=tuple(positions[1:]),
                column=date,
                message=f"Participant {cut(who)} {why}, so that the windows of "
                f"{listed_rows(records.rows[positions])} were not checked; give one date there.",
            )


def _no_dates(failed: Sequence[int], records: Records, date: DateColumn) -> Iterator[Finding]:
    if any(records.shown(date, position) for position in failed):
        return  # something is written there, and said there
    yield Finding(
        position=failed[0],
        others=tuple(failed[1:]),
        message=f"The study has visit windows, but no row of those visits has a {date}: "
        "the windows were not checked.",
    )


def _why_no_day(frame: Frame, records: Records, date: DateColumn, baseline: str, who: str) -> str:
    """Return why there is no day to count a participant's windows from, empty where it is said."""
    own = np.flatnonzero((frame[PARTICIPANT_ID] == who) & (frame[VISIT] == baseline))
    days = frame[date].iloc[own].dropna().unique()
    if any(records.shown(date, int(i)) and pd.isna(frame[date].iloc[i]) for i in own):
        return ""
    if len(days) > 1:
        return f"has {count_of(len(days), 'date')} at {baseline} ({listed_rows(records.rows[own])})"
    if len(own):
        return f"has no date at {baseline} ({listed_rows(records.rows[own])})"
    return f"has no {baseline or 'baseline visit'}"


@rule(_explain_inside_window, idle_without=["windows"])
def inside_window(
    frame: Frame,
    *,
    date: DateColumn,
    dates_expected: YesNo = False,
    windows: Mapping[str, tuple[float, float]],
    baseline: str,
) -> "pd.Series[bool]":
    """Hold where a visit with a window is on a day inside it, counted from the baseline's day.

    A dated row without a baseline day to count from does not hold; neither, with
    ``dates_expected``, do the rows of such visits in a table without any date.
    """
    if dates_expected and frame[date].isna().all():
        return ~frame[VISIT].isin(list(windows))
    rows = dated_rows(frame, date)
    rows = rows[rows["visit"].isin([visit for visit in windows if visit != baseline])]
    days = days_from_baseline(dated_rows(frame, date), baseline).loc[rows.index]
    first, last = (
        rows["visit"].map({visit: ends[side] for visit, ends in windows.items()}).astype("float64")
        for side in (0, 1)
    )
    fits = days.between(first, last)
    return ~frame.index.to_series().isin(rows.index[~fits])


# -- one visit a day -------------------------------------------------------------------------
def _explain_one_visit_a_day(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    date: DateColumn,
    noun: Word,
    visits: tuple[str, ...],
    windows: Mapping[str, tuple[float, float]],
    baseline: str,
) -> Iterator[Finding]:
    rows = dated_rows(frame, date, visits)
    shared = shared_days(rows, windows, baseline)
    places = rows.loc[rows.index.isin(failed)].groupby(["who", "day"], sort=False).indices
    kept = rows.index[rows.index.isin(failed)].to_numpy()
    for (who, day), labels in shared.items():
        positions = [int(i) for i in kept[places.get((who, day), [])]]
        if not positions:
            continue
        first = {rows["visit"].loc[i]: int(records.rows[i]) for i in reversed(positions)}
        told = [f"{visit} (row {first[visit]})" for visit in labels if visit in first]
        yield Finding(
            position=positions[-1],
            others=tuple(positions[:-1]),
            column=date,
            message=f"Participant {cut(who)} has {noun}s of {len(told)} visits on "
            f"{shown_value(day)}: {listed_words(told)}. Correct the date or the visit if one "
            f"{noun} was entered twice; the rows are kept.",
        )


@rule(_explain_one_visit_a_day)
def one_visit_a_day(
    frame: Frame,
    *,
    date: DateColumn,
    noun: Word,
    visits: tuple[str, ...],
    windows: Mapping[str, tuple[float, float]],
    baseline: str,
) -> "pd.Series[bool]":
    """Hold where a participant has no other visit on the same day.

    Visits whose windows overlap may share a day.
    """
    del noun
    rows = dated_rows(frame, date, visits)
    keys = list(shared_days(rows, windows, baseline))
    if not keys:
        return pd.Series(True, index=frame.index)
    mixed = pd.MultiIndex.from_frame(rows[["who", "day"]]).isin(keys)
    return ~frame.index.to_series().isin(rows.index[mixed])
