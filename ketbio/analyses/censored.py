"""Values beyond a limit: companions that use what is known of them and substitute nothing."""

from dataclasses import dataclass, replace
from math import isnan
from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.companions import FloatArray, permutation_fields
from ketbio.analyses.limits import beyond_words
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.values import MarkerValues
from ketbio.result import Result
from ketbio.statistics import CensoredTest, censored_permutation_test
from ketbio.vocabulary import CENSORED, LIMIT, PARTICIPANT_ID, REASON, VALUE
from ketbio.wording import count_of, format_p

GEHAN_LEAD = "wins − losses per pair (Gehan)"
GEHAN_CORRELATION = "correlation of Gehan's scores"
PAIRED_LEAD = "rises − falls per participant (paired Prentice–Wilcoxon test, scores of {scores})"

USED_IN_PAIRS = (
    "The paired Prentice–Wilcoxon test beside it uses participants with a value {where} "
    "instead of leaving them out."
)
TIED_OUTSIDE = (
    "; the p above, with all of them tied at the {end} rank, lies outside this range, as ties "
    "make ranks vary less"
)
ENDS = {
    "below the LLOQ": "lowest",
    "above the ULOQ": "highest",
    "beyond the limits of quantification": "lowest or the highest",
}
SIDES = {
    "below the LLOQ": "below a limit",
    "above the ULOQ": "above a limit",
    "beyond the limits of quantification": "beyond a limit",
}
"""Where values lie, as readers are told of it → the same of limits in general."""
ROUNDING = 1e-12
"""P values that differ by no more are the same."""

NO_LIMIT = "a value {where} has no limit given, and the limit is all that is known of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Companions, and the sentences that the main result says about them.

    Attributes
    ----------
    companions : tuple of Result
        The test of scores first, then the range of p; empty where nothing is censored.
    warnings : tuple of str
        For the main result.
    """

    companions: tuple[Result, ...] = ()
    warnings: tuple[str, ...] = ()


def gehan_beside(
    question: Question, used: pd.DataFrame, *, tied_p: float, settings: Settings
) -> Beside:
    """Return Gehan's test of two groups and the range of the rank-sum p, where values are censored.

    Parameters
    ----------
    question : Question
        The main question; first group minus second.
    used : DataFrame
        ``group, value, censored, limit`` of everyone analysed.
    tied_p : float
        Of the rank-sum test with all of them tied at the end of the ranks: the headline.
    settings : Settings
        How tests are run.
    """
    sides = used[CENSORED]
    if not (sides != "").any():
        return Beside()
    asked, where = question.about(unit=""), beyond_words(sides)
    levels = _levels(used)
    if np.isnan(levels).any():
        return Beside(companions=(_unanswered(asked, where),))
    first, second = ((used["group"] == group).to_numpy() for group in question.groups)
    found = censored_permutation_test(
        levels[first],
        levels[second],
        **_flags(sides[first], sides[second]),
        blocks=settings.blocks.of([*used[PARTICIPANT_ID][first], *used[PARTICIPANT_ID][second]]),
        **settings.beside.leaving,
    )
    row = _row(asked, found, GEHAN_LEAD, references=("gehan1965", "helsel2012"))
    return Beside(
        companions=(row, *_range_rows(asked, found, settings, SIDES[where])),
        warnings=_range_sentences(found, int((sides != "").sum()), where, tied_p),
    )


def paired_beside(
    question: Question, before: MarkerValues, after: MarkerValues, settings: Settings
) -> Beside:
    """Return the paired Prentice–Wilcoxon test of all pairs, where some values are censored.

    Parameters
    ----------
    question : Question
        The main question.
    before, after : MarkerValues
        The values at either visit, of the same participants.
    settings : Settings
        How tests are run.
    """
    pairs = before.table.merge(
        after.table, on=PARTICIPANT_ID, suffixes=("_before", "_after"), validate="one_to_one"
    )
    known = (pairs[f"{REASON}_before"] == "") & (pairs[f"{REASON}_after"] == "")
    pairs = pairs[known]
    first, last = (_at(pairs, suffix) for suffix in ("_before", "_after"))
    sides = pd.concat([first[CENSORED], last[CENSORED]])
    if not (sides != "").any():
        return Beside()
    where = beyond_words(sides)
    asked = question.about(
        outcome=f"{question.outcome}, values {where} included",
        n={"pairs": len(pairs)},
        unit="",
    )
    levels = _levels(last), _levels(first)
    if np.isnan(levels).any():
        return Beside(companions=(_unanswered(asked, where),))
    # Scores of Peto & Peto are for limits of one side.
    scores = "gehan" if {"left", "right"} <= set(sides) else "peto"
    found = censored_permutation_test(
        *levels,
        **_flags(last[CENSORED], first[CENSORED]),
        design="pairs",
        scores=scores,
        **settings.beside.leaving,
    )
    cited = {"peto": "peto1972", "gehan": "gehan1965"}[scores]
    name = PAIRED_LEAD.format(scores=found.scores)
    row = _row(asked, found, name, references=("obrien1987", cited, "helsel2012"))
    row = replace(row, data=_pair_rows(pairs))
    return Beside(companions=(row,), warnings=(USED_IN_PAIRS.format(where=where),))


def pairings_beside(
    question: Question, x: pd.DataFrame, y: pd.DataFrame, ids: list[str], settings: Settings
) -> Result:
    """Return the correlation of Gehan's scores, in which a limit is no more than a limit.

    Parameters
    ----------
    question : Question
        The main question.
    x, y : DataFrame
        ``value, censored, limit`` of the same participants, some beyond a limit.
    ids : list of str
        Whose values these are.
    settings : Settings
        How tests are run.
    """
    where = beyond_words(pd.concat([x[CENSORED], y[CENSORED]]))
    levels = _levels(x), _levels(y)
    if np.isnan(levels).any():
        return _unanswered(question, where)
    found = censored_permutation_test(
        *levels,
        **_flags(x[CENSORED], y[CENSORED]),
        design="pairings",
        blocks=settings.blocks.of(ids),
        **settings.beside.leaving,
    )
    return _row(question, found, GEHAN_CORRELATION, references=("gehan1965", "helsel2012"))


def _pair_rows(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs as figures draw them: value, side and limit at either visit."""
    names = {
        f"{name}{suffix}": f"{visit}_{name}"
        for suffix, visit in (("_before", "baseline"), ("_after", "endpoint"))
        for name in (VALUE, CENSORED, LIMIT)
    }
    return pairs[[PARTICIPANT_ID, *names]].rename(columns=names).reset_index(drop=True)


class _Flags(TypedDict):
    """Which values of x and y are below and above limits, as the tests take it."""

    x_below: NDArray[np.bool_]
    y_below: NDArray[np.bool_]
    x_above: NDArray[np.bool_]
    y_above: NDArray[np.bool_]


def _flags(x: "pd.Series[str]", y: "pd.Series[str]") -> _Flags:
    return {
        "x_below": (x == "left").to_numpy(dtype=bool),
        "y_below": (y == "left").to_numpy(dtype=bool),
        "x_above": (x == "right").to_numpy(dtype=bool),
        "y_above": (y == "right").to_numpy(dtype=bool),
    }


def _levels(table: pd.DataFrame) -> FloatArray:
    """Return the value, or the limit that it is beyond."""
    return table[VALUE].where(table[CENSORED] == "", table[LIMIT]).to_numpy(dtype=float)


def _at(pairs: pd.DataFrame, suffix: str) -> pd.DataFrame:
    names = {f"{name}{suffix}": name for name in (VALUE, CENSORED, LIMIT)}
    return pairs[list(names)].rename(columns=names)


def _row(asked: Question, found: CensoredTest, name: str, *, references: tuple[str, ...]) -> Result:
    fields = permutation_fields(found.test) | {"estimate_name": name, "role": "sensitivity"}
    return asked.answer(**fields, references=references)


def _unanswered(asked: Question, where: str) -> Result:
    return asked.without_answer(NO_LIMIT.format(where=where), role="sensitivity")


def _range_rows(
    asked: Question, found: CensoredTest, settings: Settings, side: str
) -> list[Result]:
    """Return the smallest and the largest p as rows of their own, so that both can be traced."""
    limits = side.replace("a limit", "the limits")
    ends = {"smallest": found.p_low, "largest": found.p_high}
    if isnan(found.p_low):
        return []
    counted = "exact, mid-p" if settings.mid_p else "exact"
    return [
        asked.answer(
            role="sensitivity",
            estimate_name=f"rank-sum test, placement {limits} with the {end} p",
            p_value=p,
            p_method=f"{counted}, {end} over every placement of the values {side}",
            is_exact=True,
            alternative=settings.alternative,
            references=("wilcoxon1945", "helsel2012"),
        )
        for end, p in ends.items()
    ]


def _range_sentences(
    found: CensoredTest, n_beyond: int, words: str, tied_p: float
) -> tuple[str, ...]:
    if found.range_warning:
        return (found.range_warning,)
    low, high = (format_p(p, symbol=False) for p in (found.p_low, found.p_high))
    where = f"Wherever the {count_of(n_beyond, 'value')} {SIDES[words]} may lie, tied with nothing"
    amount = low if low == high else f"between {low} and {high}"
    outside = not found.p_low - ROUNDING <= tied_p <= found.p_high + ROUNDING
    tied = TIED_OUTSIDE.format(end=ENDS[words]) if outside else ""
    return (f"{where}, the rank-sum p is {amount}{tied}.",)
