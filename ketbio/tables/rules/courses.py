"""What a participant had at the visit before: courses of scores, as several rules look at them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.rules.registry import Frame
from ketbio.vocabulary import PARTICIPANT_ID, VISIT


def scored_rows(frame: Frame, score: "pd.Series[float]") -> Frame:
    """Return the rows with a score, at which visit they are, and their place in the table.

    Parameters
    ----------
    frame : DataFrame
        The records.
    score : Series of float
        The score of each, NaN where there is none.

    Returns
    -------
    DataFrame
        The frame's columns and ``score, _place, _visit`` (the visit as text, empty for none).
    """
    lines = frame.assign(
        score=score.astype("float64"),
        _place=np.arange(len(frame)),
        _visit=frame[VISIT].astype("str").fillna(""),
    )
    return lines[lines["score"].notna()]


def with_previous(
    lines: Frame, visits: Sequence[str], *, fold: Callable[[str], str] | None = None
) -> Frame:
    """Return `scored_rows` with what the participant had at the visit before.

    Parameters
    ----------
    lines : DataFrame
        As `scored_rows` returns it. A row without a participant has nothing before it.
    visits : sequence of str
        The visits in order. Without them, and for a participant with a visit that is not among
        them, the order of the rows.
    fold : callable, optional
        Participants whose codes it folds alike are taken for one.

    Returns
    -------
    DataFrame
        The lines and ``previous`` (the lowest score of the visit before), ``previous_highest``,
        ``previous_place`` (its first row) and ``previous_visit`` (empty for none).
    """
    who, at, names = _numbered(lines, fold)
    stays, stay = np.unique(who * max(len(names), 1) + at, return_inverse=True)
    of_whom, visit = np.divmod(stays, max(len(names), 1))
    score, place = lines["score"].to_numpy(dtype=float), lines["_place"].to_numpy(dtype=float)
    lowest, highest = np.full(len(stays), np.inf), np.full(len(stays), -np.inf)
    appeared = np.full(len(stays), np.inf)
    np.minimum.at(lowest, stay, score)
    np.maximum.at(highest, stay, score)
    np.minimum.at(appeared, stay, place)
    before = _stay_before(of_whom, _order(of_whom, visit, names, appeared, visits))[stay]
    is_there = before >= 0
    named = np.append(names, "")[np.where(is_there, np.append(visit, 0)[before], len(names))]
    return lines.assign(
        previous=np.where(is_there, np.append(lowest, np.nan)[before], np.nan),
        previous_highest=np.where(is_there, np.append(highest, np.nan)[before], np.nan),
        previous_place=np.where(is_there, np.append(appeared, np.nan)[before], np.nan),
        previous_visit=pd.Series(named, index=lines.index, dtype="str"),
    )


def _numbered(
    lines: Frame, fold: Callable[[str], str] | None
) -> "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]":
    """Return whose each row is and at which visit, as numbers, and the visits' names."""
    codes, words = pd.factorize(lines[PARTICIPANT_ID])
    who = codes.astype(np.int64)
    if fold is not None and len(words):
        folded = pd.factorize(np.array([fold(str(word)) for word in words], dtype=object))[0]
        who = np.where(who < 0, who, folded[who])
    # A rating whose participant is not known stands for itself: no other is its previous one.
    who = np.where(who < 0, len(lines) + np.arange(len(lines)), who)
    at, names = pd.factorize(lines["_visit"])
    return who, at.astype(np.int64), np.asarray(names, dtype=object)


def _order(
    of_whom: "NDArray[np.int64]",
    visit: "NDArray[np.int64]",
    names: "NDArray[Any]",
    appeared: "NDArray[np.float64]",
    visits: Sequence[str],
) -> "NDArray[np.float64]":
    """Return where each stay comes in the participant's course."""
    known = {name: float(number) for number, name in enumerate(visits)}
    order = np.array([known.get(name, np.nan) for name in names], dtype=float)[visit]
    is_unnamed = np.isin(of_whom, of_whom[np.isnan(order)])
    return np.where(is_unnamed, appeared, order)


def _stay_before(of_whom: "NDArray[np.int64]", order: "NDArray[np.float64]") -> "NDArray[np.int64]":
    """Return for each stay the number of the participant's stay before it, -1 for none."""
    sorted_ = np.lexsort((order, of_whom))
    before = np.full(len(of_whom), -1, dtype=np.int64)
    follows = of_whom[sorted_[1:]] == of_whom[sorted_[:-1]]
    before[sorted_[1:]] = np.where(follows, sorted_[:-1], -1)
    return before
