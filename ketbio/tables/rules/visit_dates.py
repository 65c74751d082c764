"""Dates and visits of the participants, as the rules of dates look at them: one row per day."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.alike import folded_code
from ketbio.tables.rules.registry import Frame
from ketbio.vocabulary import PARTICIPANT_ID, VISIT


def dated_rows(frame: Frame, date: str, visits: Sequence[str] = ()) -> Frame:
    """Return the rows that say who, at which visit and when; of the named visits, where named.

    Parameters
    ----------
    frame : DataFrame
        The typed records, numbered from 0.
    date : str
        Column of the day.
    visits : sequence of str
        The study's visits in order.

    Returns
    -------
    DataFrame
        ``who, visit, day`` and ``place``: the number of the visit in the study, 0 where no visits
        are named. The index is that of the records.
    """
    rows = pd.DataFrame({"who": frame[PARTICIPANT_ID], "visit": frame[VISIT], "day": frame[date]})
    order = {visit: number for number, visit in enumerate(visits)}
    rows["place"] = rows["visit"].map(order).astype("float64") if visits else 0.0
    return rows.dropna()


def out_of_order(rows: Frame) -> "NDArray[np.bool_]":
    """Return which rows of `dated_rows` are dated against the order of the visits.

    Of one participant's rows as many as possible are taken to be right: a row fails unless it
    stands in every longest course of rising days. One wrong date among several is found out by
    that; of two dates neither can be trusted.
    """
    days = rows.drop_duplicates(["who", "place", "day"]).sort_values(["who", "place", "day"])
    falls = days.groupby("who")["day"].diff() < pd.Timedelta(0)
    suspects = days[days["who"].isin(days.loc[falls, "who"])]
    wrong = [
        part[~in_every_course(part["day"].to_numpy(dtype="datetime64[s]").astype(np.int64))]
        for _, part in suspects.groupby("who")
    ]
    is_wrong = np.zeros(len(rows), dtype=np.bool_)
    if wrong:
        keys = ["who", "place", "day"]
        wrong_keys = pd.MultiIndex.from_frame(pd.concat(wrong)[keys])
        is_wrong[:] = pd.MultiIndex.from_frame(rows[keys]).isin(wrong_keys)
    return is_wrong


def in_every_course(days: "NDArray[np.int64]") -> "NDArray[np.bool_]":
    """Return which days stand in every longest subsequence that does not fall.

    Examples
    --------
    >>> in_every_course(np.array([1, 100, 3, 4])).tolist()
    [True, False, True, True]
    >>> in_every_course(np.array([2, 1])).tolist()
    [False, False]
    """
    before = _longest(days.tolist())
    after = _longest((-days[::-1]).tolist())[::-1]
    in_some = before + after - 1 == before.max()
    n_of_length = np.bincount(before[in_some], minlength=int(before.max()) + 1)
    is_in_all: NDArray[np.bool_] = in_some & (n_of_length[before] == 1)
    return is_in_all


def _longest(days: list[int]) -> "NDArray[np.int64]":
    """Return for each day the length of the longest course that ends with it."""
    last: list[int] = []  # the earliest day with which a course of each length can end
    lengths = []
    for day in days:
        place = bisect_right(last, day)
        last[place : place + 1] = [day]
        lengths.append(place + 1)
    return np.array(lengths, dtype=np.int64)


def days_from_baseline(rows: Frame, baseline: str) -> "pd.Series[float]":
    """Return the days from each participant's baseline; NaN where that day is not there, or two."""
    starts = rows.loc[rows["visit"] == baseline].groupby("who")["day"].agg(["min", "max"])
    one_day = starts.loc[starts["min"] == starts["max"], "min"]
    started = one_day.reindex(rows["who"]).set_axis(rows.index)
    days: pd.Series[float] = (rows["day"] - started).dt.days.astype("float64")
    return days


def shared_days(
    rows: Frame, windows: Mapping[str, tuple[float, float]], baseline: str
) -> dict[tuple[str, pd.Timestamp], list[str]]:
    """Return participant and day → visits, where several visits are on one day that may not be.

    Visits whose windows overlap may be on one day: the study says so. Two spellings of one visit
    are no two visits.
    """
    days = rows.drop_duplicates(["who", "day", "visit"])
    twice = days[days.duplicated(["who", "day"], keep=False)]
    allowed = {**({baseline: (0.0, 0.0)} if windows and baseline else {}), **windows}
    together: dict[tuple[str, pd.Timestamp], list[str]] = {}
    ordered = twice.sort_values(["place", "visit"])
    for who, day, visit in zip(ordered["who"], ordered["day"], ordered["visit"], strict=True):
        together.setdefault((str(who), pd.Timestamp(day)), []).append(str(visit))
    return {
        key: visits
        for key, visits in together.items()
        if len(set(map(folded_code, visits))) > 1 and not _may_share(visits, allowed)
    }


def _may_share(visits: Sequence[str], windows: Mapping[str, tuple[float, float]]) -> bool:
    if not all(visit in windows for visit in visits):
        return False
    return max(windows[v][0] for v in visits) <= min(windows[v][1] for v in visits)
