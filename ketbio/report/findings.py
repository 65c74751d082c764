"""Each analysis of a report: its question, its sentence, its table and its caveats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ketbio.report.baseline_table import ANALYSIS as TABLE_1
from ketbio.report.caveats import caveats_of
from ketbio.report.earlier_reports import describe_earlier_reports
from ketbio.report.figure_files import FigureFile
from ketbio.report.markdown import Markdown, escape_markdown, join_markdown, markdown_table
from ketbio.report.model_findings import (
    contrast_sentences,
    model_answer,
    model_words,
    permutation_words,
    quantity,
)
from ketbio.report.model_tables import contrasts_table, means_table
from ketbio.report.models import (
    leading,
    main_contrasts,
    model_outcome,
    told_together,
    where,
)
from ketbio.report.questions import question, question_of
from ketbio.report.result_cells import estimate_text, method_text, p_value_text
from ketbio.report.row_numbers import row_link
from ketbio.report.stability import excluded_sentences, stability_words
from ketbio.result import Result, answer_words, contrast_words, permutation_of
from ketbio.wording import capitalised

DIFFERENCES = frozenset(
    {
        "compare_responders",
        "compare_visits",
        "compare_crossover",
        "compare_imputed",
        "compare_response_rates",
        "describe_time_to_response",
    }
)
"""Analyses whose groups are told as first minus second."""

TABLE_DIGITS = 3
"""Significant digits in the table of an analysis."""

FULL = "full"
"""The style of sentences in which a question stands before the answer."""


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
        The result and its companions, one line each, with their rows; of a model its contrasts.
    quantity : str
        Of a model what its contrasts are; empty elsewhere.
    contrasts : tuple of Markdown
        Of a model a sentence for each contrast, with its row; empty elsewhere.
    model : tuple of Markdown
        What model was fitted; empty elsewhere.
    means : Markdown
        The estimated marginal means of a model as a table; empty elsewhere.
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
    quantity: str
    contrasts: tuple[Markdown, ...]
    model: tuple[Markdown, ...]
    means: Markdown
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
    tell = _Teller(rows=rows, figures=figures, more_figures=more_figures, sentences=sentences)
    groups = told_together(one for one in results if one.analysis != TABLE_1)
    return tuple(
        tell.model(group, number) if len(group) > 1 else tell.one(group[0], number)
        for number, group in enumerate(groups, start=1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    """What every finding is told with."""

    rows: Mapping[Result, int]
    figures: Mapping[Result, FigureFile]
    more_figures: Mapping[Result, tuple[FigureFile, ...]]
    sentences: str

    def one(self, result: Result, number: int) -> Finding:
        """Tell a result that stands alone."""
        return Finding(
            identifier=Markdown(f"finding-{number}"),
            heading=_heading(result, result.outcome),
            question=question(result),
            answer=self._answer(result),
            aim=result.aim,
            deviation=result.deviation,
            figure=self.figures[result],
            more_figures=self.more_figures.get(result, ()),
            table=_result_table(result, self.rows, number),
            quantity="",
            contrasts=(),
            model=(),
            means=Markdown(),
            stability=stability_words(result, self.rows),
            earlier=join_markdown(describe_earlier_reports(result)),
            caveats=caveats_of([result]),
            excluded=excluded_sentences(result),
        )

    def _answer(self, result: Result) -> Markdown:
        said = [_answer(result, self.sentences), permutation_words(result, self.sentences)]
        return join_markdown([*filter(None, said), row_link(self.rows[result])])

    def model(self, group: Sequence[Result], number: int) -> Finding:
        """Tell the contrasts of one model as one analysis."""
        first, outcome = group[0], model_outcome(group)
        style = {"sentences": self.sentences, "full": FULL}
        return Finding(
            identifier=Markdown(f"finding-{number}"),
            heading=_heading(first, outcome),
            question=question_of(first, outcome),
            answer=model_answer(group, self.rows, **style),
            aim=first.aim,
            deviation=first.deviation,
            figure=self.figures[first],
            more_figures=self.more_figures.get(first, ()),
            table=contrasts_table(group, self.rows, number),
            quantity=quantity(group),
            contrasts=contrast_sentences(group, self.rows, **style),
            model=model_words(group, self.rows),
            means=means_table(group, self.rows, number),
            stability=_model_stability(group, self.rows),
            earlier=join_markdown(describe_earlier_reports(first)),
            caveats=caveats_of(group),
            excluded=excluded_sentences(*group),
        )


def _model_stability(group: Sequence[Result], rows: Mapping[Result, int]) -> Markdown:
    """Return how much the last visit's contrast hangs on one participant; the permutation's p."""
    main = main_contrasts(group)[0]
    test = permutation_of(main)
    told = [stability_words(one, rows) for one in (main, test) if one is not None]
    return join_markdown([f"{capitalised(where(main))}:", *told]) if any(told) else Markdown()


def told_results(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the results that findings are told of: no line of Table 1, and one of each model.

    Examples
    --------
    >>> told_results([])
    ()
    """
    return leading(result for result in results if result.analysis != TABLE_1)


def _answer(result: Result, sentences: str) -> str:
    return answer_words(result) if sentences == FULL else result.sentence(sentences)


def _heading(result: Result, outcome: str) -> str:
    said = f"{capitalised(result.label)}: {outcome}"
    return f"{result.title} – {said}" if result.title else said


def _result_table(result: Result, rows: Mapping[Result, int], number: int) -> Markdown:
    return markdown_table(
        [_table_row(one, result, rows[one]) for one in (result, *result.companions)],
        headings=["Row", "Quantity", "Participants", "Estimate", "Test", "Method"],
        caption=f"{capitalised(result.label)}, {result.outcome}: the answer and what belongs to it",
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
