"""Values below the LLOQ: companions that use what is known of them and substitute nothing."""

from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.companions import FloatArray, permutation_fields
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.values import MarkerValues
from ketbio.result import Result
from ketbio.statistics import CensoredTest, censored_permutation_test
from ketbio.vocabulary import CENSORED, LIMIT, PARTICIPANT_ID, REASON, VALUE
from ketbio.wording import count_of, format_p

GEHAN_LEAD = "wins − losses per pair (Gehan)"
PAIRED_LEAD = "rises − falls per participant (paired Prentice–Wilcoxon test, scores of Peto & Peto)"

USED_IN_PAIRS = (
    "The paired Prentice–Wilcoxon test beside it uses participants with a value below the LLOQ "
    "instead of leaving them out."
)
TIED_OUTSIDE = (
    "; the p above, with all of them tied at the lowest rank, lies outside this range, as ties "
    "make ranks vary less"
)
ROUNDING = 1e-12
"""P values that differ by no more are the same."""

NO_LIMIT = "a value below the LLOQ has no limit given, and the limit is all that is known of it"


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
        Of the rank-sum test with all of them tied at the lowest rank: the headline.
    settings : Settings
        How tests are run.
    """
    below = _is_below(used)
    if not below.any():
        return Beside()
    asked = question.about(unit="")
    levels = _levels(used)
    if np.isnan(levels).any():
        return Beside(companions=(_unanswered(asked),))
    first, second = ((used["group"] == group).to_numpy() for group in question.groups)
    found = censored_permutation_test(
        levels[first],
        levels[second],
        x_below=below[first],
        y_below=below[second],
        blocks=settings.blocks.of([*used[PARTICIPANT_ID][first], *used[PARTICIPANT_ID][second]]),
        **settings.beside.leaving,
    )
    row = _row(asked, found, GEHAN_LEAD, references=("gehan1965", "helsel2012"))
    return Beside(
        companions=(row, *_range_rows(asked, found, settings)),
        warnings=_range_sentences(found, int(below.sum()), tied_p),
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
    below_first, below_last = _is_below(first), _is_below(last)
    if not (below_first.any() or below_last.any()):
        return Beside()
    asked = question.about(
        outcome=f"{question.outcome}, values below the LLOQ included",
        n={"pairs": len(pairs)},
        unit="",
    )
    levels = _levels(last), _levels(first)
    if np.isnan(levels).any():
        return Beside(companions=(_unanswered(asked),))
    found = censored_permutation_test(
        *levels,
        x_below=below_last,
        y_below=below_first,
        design="pairs",
        scores="peto",
        **settings.beside.leaving,
    )
    row = _row(asked, found, PAIRED_LEAD, references=("obrien1987", "peto1972", "helsel2012"))
    return Beside(companions=(row,), warnings=(USED_IN_PAIRS,))


def _is_below(table: pd.DataFrame) -> NDArray[np.bool_]:
    return (table[CENSORED] != "").to_numpy(dtype=bool)


def _levels(table: pd.DataFrame) -> FloatArray:
    """Return the value, or the limit that it is below."""
    return table[VALUE].where(table[CENSORED] == "", table[LIMIT]).to_numpy(dtype=float)


def _at(pairs: pd.DataFrame, suffix: str) -> pd.DataFrame:
    names = {f"{name}{suffix}": name for name in (VALUE, CENSORED, LIMIT)}
    return pairs[list(names)].rename(columns=names)


def _row(asked: Question, found: CensoredTest, name: str, *, references: tuple[str, ...]) -> Result:
    fields = permutation_fields(found.test) | {"estimate_name": name, "role": "sensitivity"}
    return asked.answer(**fields, references=references)


def _unanswered(asked: Question) -> Result:
    return asked.without_answer(NO_LIMIT, role="sensitivity")


def _range_rows(asked: Question, found: CensoredTest, settings: Settings) -> list[Result]:
    """Return the smallest and the largest p as rows of their own, so that both can be traced."""
    ends = {"smallest": found.p_low, "largest": found.p_high}
    if isnan(found.p_low):
        return []
    counted = "exact, mid-p" if settings.mid_p else "exact"
    return [
        asked.answer(
            role="sensitivity",
            estimate_name=f"rank-sum test, placement below the limits with the {end} p",
            p_value=p,
            p_method=f"{counted}, {end} over every placement of the values below a limit",
            is_exact=True,
            alternative=settings.alternative,
            references=("wilcoxon1945", "helsel2012"),
        )
        for end, p in ends.items()
    ]


def _range_sentences(found: CensoredTest, n_below: int, tied_p: float) -> tuple[str, ...]:
    if found.range_warning:
        return (found.range_warning,)
    low, high = (format_p(p, symbol=False) for p in (found.p_low, found.p_high))
    where = f"Wherever the {count_of(n_below, 'value')} below a limit may lie, tied with nothing"
    amount = low if low == high else f"between {low} and {high}"
    outside = not found.p_low - ROUNDING <= tied_p <= found.p_high + ROUNDING
    return (f"{where}, the rank-sum p is {amount}{TIED_OUTSIDE if outside else ''}.",)
