"""What replicates leave of differences between people: at a visit, and of their change."""

import pandas as pd

from ketbio.analyses.laboratory.intraclass import SAMPLE, replicate_reliability
from ketbio.analyses.laboratory.replicate_rows import RUN, SUBJECT
from ketbio.analyses.question import Question
from ketbio.errors import StatisticsError
from ketbio.result import Result
from ketbio.statistics.intraclass import reliability_from_f
from ketbio.statistics.records import Estimate
from ketbio.vocabulary import PARTICIPANT_ID, VALUE, VISIT
from ketbio.wording import format_number

CITED_ICC = ("shrout1979", "thomas1978", "vallat2018")
OF_MEANS = "ICC(1,k)"
OF_CHANGE = "reliability of the change"
"""What a companion is called whose estimate is a share of variance that is not error."""
MOST = 0.5
"""More than this share of the samples in several runs: their means are what is repeated."""


def visit_lines(question: Question, analysed: pd.DataFrame, level: float) -> list[Result]:
    """Return both intraclass correlations per visit: visits differ for other reasons than people.

    Parameters
    ----------
    question : Question
        The main question.
    analysed : DataFrame
        As `replicate_rows` returns it, on the scale of the analysis.
    level : float
        Confidence level.
    """
    return [
        line
        for visit, rows in analysed.groupby(VISIT, sort=False)
        for line in _of_visit(question, rows, str(visit), level)
    ]


def change_lines(question: Question, analysed: pd.DataFrame, level: float) -> list[Result]:
    """Return the reliability of the change from the first visit to each other one.

    Where values at both visits lie close together per person, the change has less spread than
    they, but the error of both.
    """
    first, *others = dict.fromkeys(analysed[VISIT])
    return [
        line
        for last in others
        for line in _of_change(question, analysed, (str(first), str(last)), level)
    ]


def _of_visit(question: Question, rows: pd.DataFrame, visit: str, level: float) -> list[Result]:
    turns = _turns(rows)
    people = int(rows[PARTICIPANT_ID].nunique())
    asked = question.about(outcome=f"value at {visit}", n={"all": people}, unit="")
    try:
        found = replicate_reliability(turns, confidence_level=level)
    except StatisticsError:
        return []  # one sample, no replicate, or no spread: there is no such number
    whose = f"k = {format_number(found.n_replicates, digits=2)} {_unit_of(turns, rows)}"
    return [_line(asked, found.single, ""), _line(asked, found.average, f"; {whose}")]


def _of_change(
    question: Question, analysed: pd.DataFrame, visits: tuple[str, str], level: float
) -> list[Result]:
    turns = _turns(analysed[analysed[VISIT].isin(visits)])
    cells = turns.groupby([SUBJECT, VISIT], sort=False)[VALUE].agg(["mean", "count"])
    pairs = cells.unstack(VISIT).dropna()  # noqa: PD010 - two columns per visit are meant
    if len(pairs) < 2:
        return []
    means, counts = pairs["mean"], pairs["count"]
    used = turns[turns[SUBJECT].isin(pairs.index)]
    own_mean = used.groupby(SAMPLE)[VALUE].transform("mean")
    df_error = len(used) - used[SAMPLE].nunique()
    if not df_error:
        return []
    error = float(((used[VALUE] - own_mean) ** 2).sum()) / df_error
    of_change = error * float((1 / counts.to_numpy(dtype=float)).sum(axis=1).mean())
    spread = float((means[visits[1]] - means[visits[0]]).var(ddof=1))
    if of_change == 0:
        return []
    found = reliability_from_f(
        spread / of_change,
        len(pairs) - 1,
        df_error,
        n_replicates=1.0,
        confidence_level=level,
    )
    asked = question.about(
        outcome=f"change, {visits[0]} to {visits[1]}", n={"pairs": len(pairs)}, unit=""
    )
    return [_line(asked, found.average, "", name=OF_CHANGE)]


def _turns(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what is repeated: means of runs where most samples are in several, else replicates.

    Replicates of one run share its error, so that they are no repetitions of the measurement. A
    few samples that were run twice say too little of that error to stand for all.
    """
    keys = [SAMPLE, SUBJECT, PARTICIPANT_ID, VISIT, RUN]
    cells = rows.groupby(keys, sort=False)[VALUE].mean().reset_index()
    runs = cells[SAMPLE].value_counts()
    return cells if (runs > 1).mean() > MOST else rows


def _unit_of(turns: pd.DataFrame, rows: pd.DataFrame) -> str:
    return "replicates" if turns is rows else "runs"


def _line(asked: Question, found: Estimate, more: str, *, name: str = "") -> Result:
    return asked.answer(
        role="description",
        estimate=found.value,
        estimate_name=name or found.name,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        ci_level=found.ci_level,
        ci_method=f"{found.ci_method}{more}",
        references=CITED_ICC,
    )
