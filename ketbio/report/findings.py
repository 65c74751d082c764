"""Each analysis of a report: its question, its sentence, its table and its caveats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from ketbio.report.baseline_table import ANALYSIS as TABLE_1
from ketbio.report.earlier_reports import describe_earlier_reports
from ketbio.report.figure_files import FigureFile
from ketbio.report.markdown import Markdown, escape_markdown, join_markdown, markdown_table
from ketbio.report.result_cells import estimate_text, method_text, p_value_text
from ketbio.report.row_numbers import row_link
from ketbio.report.smallest_p import smallest_p_sentence
from ketbio.result import Result, answer_words, contrast_words
from ketbio.vocabulary import PARTICIPANT_ID, REASON
from ketbio.wording import capitalised, format_number, format_p, join_words

QUESTIONS = {
    "compare_responders": "Do responders and non-responders differ in {label} ({outcome})?",
    "compare_visits": "Does {label} differ between the visits ({outcome})?",
    "correlate_changes": "Does {label} go together with the clinical outcome ({outcome})?",
    "correlate_markers": "Does {label} go together with another marker ({outcome})?",
    "correlate_baseline_change": "Does the change of {label} depend on its level ({outcome})?",
    "summarise_course": "How does {label} run over the visits ({outcome})?",
    "summarise_response": "How many participants responded, by {label}?",
}
"""What each analysis asks, in words."""

DIFFERENCES = frozenset({"compare_responders", "compare_visits"})
"""Analyses whose groups are told as first minus second."""

TABLE_DIGITS = 3
"""Significant digits in the table of an analysis."""

FULL = "full"
"""The style of sentences in which a question stands before the answer."""

OTHER_QUESTION = "What was found for {label}, {outcome}?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One analysis as the report tells it.

    Attributes
    ----------
    identifier : Markdown
        Its id in the document.
    heading : str
    question : str
    answer : Markdown
        The result's sentence and its row; in full without its subject, which the question names.
    aim : str
        What it is for; empty where no plan says.
    deviation : str
        How it departs from the plan, in a sentence; empty where it does not.
    figure : FigureFile
    more_figures : tuple of FigureFile
        What else there is to see of it.
    table : Markdown
        The result and its companions, one line each, with their rows.
    stability : Markdown
        Leave-one-out range and smallest possible p; empty where neither is known.
    earlier : Markdown
        What was reported of its marker before, with citations; empty where it is not registered.
    caveats : tuple of str
    excluded : tuple of str
        One sentence per reason: the reason and who it concerns.
    """

    identifier: Markdown
    heading: str
    question: str
    answer: Markdown
    aim: str
    deviation: str
    figure: FigureFile
    more_figures: tuple[FigureFile, ...]
    table: Markdown
    stability: Markdown
    earlier: Markdown
    caveats: tuple[str, ...]
    excluded: tuple[str, ...]


def describe_findings(
    results: Sequence[Result],
    rows: Mapping[Result, int],
    figures: Mapping[Result, FigureFile],
    more_figures: Mapping[Result, tuple[FigureFile, ...]] = MappingProxyType({}),
    *,
    sentences: str = FULL,
) -> tuple[Finding, ...]:
    """Return each analysis but Table 1 as the report tells it.

    Parameters
    ----------
    results : sequence of Result
    rows : mapping of Result to int
        From `number_rows`.
    figures : mapping of Result to FigureFile
        From `draw_figures`.
    more_figures : mapping of Result to tuple of FigureFile
        From `draw_more_figures`.
    sentences : str
        Style of the answers, as ``Result.sentence`` takes it.

    Returns
    -------
    tuple of Finding
        One per result of `told_results`, in that order.

    Examples
    --------
    >>> describe_findings([], {}, {})
    ()
    """
    return tuple(
        Finding(
            identifier=Markdown(f"finding-{number}"),
            heading=_heading(result),
            question=question(result),
            answer=join_markdown([_answer(result, sentences), row_link(rows[result])]),
            aim=result.aim,
            deviation=result.deviation,
            figure=figures[result],
            more_figures=more_figures.get(result, ()),
            table=_result_table(result, rows, number),
            stability=_stability(result, rows),
            earlier=join_markdown(describe_earlier_reports(result)),
            caveats=_caveats(result),
            excluded=excluded_sentences(result),
        )
        for number, result in enumerate(told_results(results), start=1)
    )


def told_results(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the results that are told one by one: all but the lines of Table 1.

    Examples
    --------
    >>> told_results([])
    ()
    """
    return tuple(result for result in results if result.analysis != TABLE_1)


def _answer(result: Result, sentences: str) -> str:
    return answer_words(result) if sentences == FULL else result.sentence(sentences)


def _heading(result: Result) -> str:
    said = f"{capitalised(result.label)}: {result.outcome}"
    return f"{result.title} – {said}" if result.title else said


def question(result: Result) -> str:
    """Return what a result answers, as a question.

    Parameters
    ----------
    result : Result

    Returns
    -------
    str

    Examples
    --------
    >>> question(Result(analysis="compare_visits", marker="BDNF_serum", n={},
    ...                 outcome="day_14 against baseline", groups=()))
    'Does serum BDNF differ between the visits (day_14 against baseline)?'
    """
    words = QUESTIONS.get(result.analysis, OTHER_QUESTION)
    return words.format(label=result.label, outcome=result.outcome)


def excluded_sentences(result: Result) -> tuple[str, ...]:
    """Return who was left out, one sentence per reason, and who only of what stands beside it.

    Parameters
    ----------
    result : Result

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> import pandas as pd
    >>> left_out = pd.DataFrame({"participant_id": ["P02", "P05"], "reason": ["no day_14"] * 2})
    >>> excluded_sentences(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                           excluded=left_out))
    ('P02 and P05: no day_14',)
    """
    out = set(result.excluded[PARTICIPANT_ID])
    beside = (
        f"{said}; left out beside it only, in {one.outcome}"
        for one in result.companions
        for said in _by_reason(one.excluded[~one.excluded[PARTICIPANT_ID].isin(out)])
    )
    return tuple(dict.fromkeys([*_by_reason(result.excluded), *beside]))


def _by_reason(excluded: pd.DataFrame) -> list[str]:
    groups = excluded.groupby(REASON, sort=False)[PARTICIPANT_ID]
    return [f"{join_words(dict.fromkeys(map(str, ids)))}: {reason}" for reason, ids in groups]


def _caveats(result: Result) -> tuple[str, ...]:
    beside = (
        f"{capitalised(one.estimate_name)}, beside it: {warning}"
        for one in result.companions
        for warning in one.warnings
        if warning not in result.warnings
    )
    return tuple(dict.fromkeys([*result.warnings, *beside]))


def _stability(result: Result, rows: Mapping[Result, int]) -> Markdown:
    sentences = [
        sentence for sentence in (_leave_one_out(result), smallest_p_sentence(result)) if sentence
    ]
    return join_markdown([*sentences, row_link(rows[result])]) if sentences else Markdown()


def _leave_one_out(result: Result) -> str:
    left_out = result.leave_one_out.dropna(subset=["estimate"])
    if left_out.empty:
        return ""
    ordered = left_out.sort_values("estimate", kind="stable")
    lowest, highest = ordered.iloc[0], ordered.iloc[-1]
    text = (
        f"Leaving out one participant at a time, the estimate lies between "
        f"{format_number(float(lowest['estimate']))} (without {lowest[PARTICIPANT_ID]}) and "
        f"{format_number(float(highest['estimate']))} (without {highest[PARTICIPANT_ID]})"
    )
    p_values = left_out["p_value"].dropna()
    return f"{text}{_span_of_p(p_values)}."


def _span_of_p(p_values: "pd.Series[float]") -> str:
    if p_values.empty:
        return ""
    low = format_p(float(p_values.min()), symbol=False)
    high = format_p(float(p_values.max()), symbol=False)
    return f", and p is {low} throughout" if low == high else f", and p runs from {low} to {high}"


def _result_table(result: Result, rows: Mapping[Result, int], number: int) -> Markdown:
    return markdown_table(
        [_table_row(one, result, rows[one]) for one in (result, *result.companions)],
        headings=["Row", "Quantity", "Participants", "Estimate", "Test", "Method"],
        caption=f"{result.label}, {result.outcome}: the answer and what belongs to it",
        identifier=f"table-finding-{number}",
        classes=("stub",),
    )


def _table_row(one: Result, main: Result, row: int) -> list[object]:
    return [
        row_link(row, text=str(row)),
        _quantity(one, main),
        ", ".join(f"{group} {count}" for group, count in one.n.items()),
        estimate_text(one, digits=TABLE_DIGITS),
        p_value_text(one),
        method_text(one),
    ]


def _quantity(one: Result, main: Result) -> Markdown:
    parts = [
        one.estimate_name,
        one.label if one.marker != main.marker else "",
        one.outcome if one.outcome != main.outcome else "",
        _groups(one),
    ]
    text = escape_markdown(", ".join(part for part in parts if part))
    return Markdown(f"**{text}**") if one is main and text else text


def _groups(one: Result) -> str:
    """Return whose number it is: the one group described, or what is compared with what."""
    if len(one.groups) == 2 and one.analysis in DIFFERENCES:
        return contrast_words(one)
    return one.groups[0] if len(one.groups) == 1 else ""
