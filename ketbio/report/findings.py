"""Each analysis of a report: its question, its sentence, its table and its caveats."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ketbio.report.baseline_table import ANALYSIS as TABLE_1
from ketbio.report.earlier_reports import describe_earlier_reports
from ketbio.report.figure_files import FigureFile
from ketbio.report.markdown import Markdown, escape_markdown, join_markdown, markdown_table
from ketbio.report.row_numbers import row_link
from ketbio.result import (
    Result,
    answer_words,
    contrast_words,
    statistic_words,
)
from ketbio.vocabulary import PARTICIPANT_ID, REASON
from ketbio.wording import capitalised, format_interval, format_number, format_p, join_words

QUESTIONS = {
    "compare_responders": "Do responders and non-responders differ in {label} ({outcome})?",
    "compare_visits": "Does {label} differ between the visits ({outcome})?",
    "correlate_changes": "Does {label} go together with the clinical outcome ({outcome})?",
    "summarise_response": "How many participants responded, by {label}?",
}
"""What each analysis asks, in words."""

DIFFERENCES = frozenset({"compare_responders", "compare_visits"})
"""Analyses whose groups are told as first minus second."""

TABLE_DIGITS = 3
"""Significant digits in the table of an analysis."""

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
        The result's sentence without its subject, which the question names, and its row.
    figure : FigureFile
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
    figure: FigureFile
    table: Markdown
    stability: Markdown
    earlier: Markdown
    caveats: tuple[str, ...]
    excluded: tuple[str, ...]


def describe_findings(
    results: Sequence[Result],
    rows: Mapping[Result, int],
    figures: Mapping[Result, FigureFile],
) -> tuple[Finding, ...]:
    """Return each analysis but Table 1 as the report tells it.

    Parameters
    ----------
    results : sequence of Result
    rows : mapping of Result to int
        From `number_rows`.
    figures : mapping of Result to FigureFile
        From `draw_figures`.

    Returns
    -------
    tuple of Finding

    Examples
    --------
    >>> describe_findings([], {}, {})
    ()
    """
    told = [result for result in results if result.analysis != TABLE_1]
    return tuple(
        Finding(
            identifier=Markdown(f"finding-{number}"),
            heading=_heading(result),
            question=question(result),
            answer=join_markdown([answer_words(result), row_link(rows[result])]),
            figure=figures[result],
            table=_result_table(result, rows, number),
            stability=_stability(result, rows),
            earlier=join_markdown(describe_earlier_reports(result)),
            caveats=_caveats(result),
            excluded=excluded_sentences(result),
        )
        for number, result in enumerate(told, start=1)
    )


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
    sentences = [sentence for sentence in (_leave_one_out(result), _floor(result)) if sentence]
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


def _floor(result: Result) -> str:
    if math.isnan(result.p_floor):
        return ""
    floor = format_p(result.p_floor, symbol=False)
    n = result.n_arrangements
    is_count = result.n_extreme is not None  # a mid-p or doubled p is no count of arrangements
    counted = f" ({round(result.p_floor * n):,} of {n:,})" if n and is_count else ""
    return f"The smallest p value that this design can give is {floor}{counted}."


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


def estimate_text(one: Result, *, digits: int = 3) -> str:
    """Return an estimate with its unit, spread, interval and standardised effect.

    Parameters
    ----------
    one : Result
    digits : int
        Significant digits.

    Returns
    -------
    str

    Examples
    --------
    >>> estimate_text(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                      estimate=-12.3, unit="points", ci_low=-18.89, ci_high=-5.71))
    '−12.3 points, 95% CI −18.9 to −5.71'
    """
    if math.isnan(one.estimate):
        return "not estimated"
    value = format_number(one.estimate, digits=digits)
    gap = "" if one.unit in ("", "%") else " "
    text = f"{value}{gap}{one.unit}"
    if not math.isnan(one.spread):
        text += f" (SD {format_number(one.spread, digits=digits)})"
    if not math.isnan(one.ci_low):
        text += f", {_interval(one, digits)}"
    if not math.isnan(one.effect_size) and one.effect_size_name != one.estimate_name:
        text += f"; {one.effect_size_name} {format_number(one.effect_size, digits=digits)}"
        if not math.isnan(one.effect_size_ci[0]):
            low, high = one.effect_size_ci
            text += f", {format_interval(low, high, level=one.ci_level, digits=digits)}"
            text += f" ({one.effect_size_ci_method})" if one.effect_size_ci_method else ""
    return text


def _interval(one: Result, digits: int) -> str:
    if one.ci_method.startswith("quartiles"):  # a range of the data, with no confidence in it
        low, high = (
            format_number(one.ci_low, digits=digits),
            format_number(one.ci_high, digits=digits),
        )
        return f"quartiles {low} and {high}"
    return format_interval(one.ci_low, one.ci_high, level=one.ci_level, digits=digits)


def p_value_text(one: Result) -> str:
    r"""Return what a test gave: p, the interval of a drawn p, adjusted p, statistic.

    Parameters
    ----------
    one : Result

    Returns
    -------
    str
        Empty where nothing was tested.

    Examples
    --------
    >>> p_value_text(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                     p_value=0.001953, p_adjusted=0.0039, adjustment="Holm",
    ...                     statistic=3.4, statistic_name="t"))
    'p\xa0=\xa0.0020; p\xa0=\xa0.0039 after Holm; t\xa0=\xa03.40'
    """
    parts = [
        format_p(one.p_value) if not math.isnan(one.p_value) else "",
        _p_interval(one),
        f"{format_p(one.p_adjusted)} after {one.adjustment}"
        if not math.isnan(one.p_adjusted)
        else "",
        _statistic(one),
    ]
    return "; ".join(part.replace(" = ", _TOGETHER) for part in parts if part)


def _p_interval(one: Result) -> str:
    """Return how well a drawn p is known."""
    if math.isnan(one.p_interval[0]):
        return ""
    low, high = (format_p(p, symbol=False) for p in one.p_interval)
    return f"99% interval of p {low} to {high}"


_TOGETHER = "\u00a0=\u00a0"  # p = .04 is not broken over two lines of a cell


def _statistic(one: Result) -> str:
    """Return the statistic, but not where it is the estimate, or the same not within blocks."""
    told = ("", one.estimate_name, one.estimate_name.removesuffix(" within blocks"))
    if one.statistic_name in told or math.isnan(one.statistic):
        return ""
    is_count = one.statistic_name == "count"
    if is_count:
        return f"{one.statistic:,.0f} of {one.n_total:,}"
    return f"{statistic_words(one)} = {format_number(one.statistic)}"


def method_text(one: Result) -> str:
    """Return how a result's interval and p value were made.

    Parameters
    ----------
    one : Result

    Returns
    -------
    str

    Examples
    --------
    >>> method_text(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                    p_method="exact, 462 arrangements", alternative="two-sided"))
    'p: exact, 462 arrangements, two-sided'
    """
    tested = ", ".join(word for word in (one.p_method, one.alternative) if word)
    parts = [
        f"p: {tested}" if one.p_method else "",
        f"interval: {one.ci_method}" if one.ci_method else "",
    ]
    return "; ".join(part for part in parts if part)
