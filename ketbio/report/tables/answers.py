"""Tables of answers: one line per result, with its groups, estimate, interval, effect and p."""

from collections.abc import Sequence
from dataclasses import replace

from ketbio.report.stability import excluded_sentences
from ketbio.report.tables.answer_columns import Answers, answer_parts, common
from ketbio.report.tables.cell_words import EMPTY, NOTHING
from ketbio.report.tables.table import Cell, Column, Row, Table
from ketbio.result import Result
from ketbio.wording import capitalised

TITLES = {
    "compare_responders": "Responders and non-responders compared",
    "compare_visits": "Visits compared within participants",
    "compare_crossover": "Treatments compared within participants",
    "compare_imputed": "Arms compared with missing visits imputed",
    "correlate_changes": "Changes of markers against the change of the clinical outcome",
    "correlate_repeated": "Markers against the clinical outcome within participants",
    "compare_response_rates": "Response rates of the arms",
    "describe_time_to_response": "Time to response, remission or relapse",
    "fit_mmrm": "Arms compared over the visits (mixed model for repeated measures)",
    "fit_random_effects": "Repeated values in a model with random effects",
    "summarise_response": "Response and remission",
}
"""What a table of an analysis shows; another analysis is told by its name."""

MORE_LIMITS = "What limits single lines is told with each result, in its sentences."
"""Said where such sentences are left out of a table."""


def answers_table(answers: Answers, *, name: str, title: str = "") -> Table:
    """Return one table over results.

    Parameters
    ----------
    answers : Answers
    name : str
        Short name for files.
    title : str
        The caption; from the results where empty.
    """
    lines = [line for result in answers.results for line in _lines(answers, result)]
    columns, cells = _columns(answers, lines)
    shared = _shared(answers.results)
    rows = [
        Row(
            cells=(_label(answers, line, lines, shared), *row), level=int(_is_beside(answers, line))
        )
        for line, row in zip(lines, cells, strict=True)
    ]
    has_more = any(set(one.warnings) - set(shared) for one in answers.results)
    return Table(
        title=title or _title(lines),
        name=name,
        columns=(Column(heading=_first_heading(lines)), *columns),
        rows=tuple(_under_aims(lines, rows)),
        notes=(*shared, *([MORE_LIMITS] if has_more and not answers.with_caveats else ())),
    )


def _lines(answers: Answers, result: Result) -> list[Result]:
    """Return a result with what stands below it: counts that belong together, other methods."""
    roles = {"sensitivity"} if answers.with_companions else set()
    return [
        result,
        *(
            one
            for one in result.companions
            if one.role in roles or result.statistic_name == one.statistic_name == "count"
        ),
    ]


def _is_beside(answers: Answers, line: Result) -> bool:
    return line not in answers.results and line.statistic_name != "count"


def _columns(
    answers: Answers, lines: Sequence[Result]
) -> tuple[list[Column], list[tuple[Cell, ...]]]:
    """Return the columns that hold anything; what all cells of one have said is at its heading."""
    columns: list[Column] = []
    filled: list[list[Cell]] = []
    for part in answer_parts(answers):
        cells = [part.cell(answers, line) for line in lines]
        numbers = [cell for cell in cells if cell.text != NOTHING]
        if not numbers:
            continue
        shared = tuple(
            note for note in numbers[0].notes if all(note in cell.notes for cell in numbers)
        )
        columns.append(
            Column(heading=part.heading, spanner=part.spanner, align="right", notes=shared)
        )
        filled.append([_without(cell, shared) for cell in cells])
    return columns, [tuple(cells[place] for cells in filled) for place in range(len(lines))]


def _without(cell: Cell, notes: Sequence[str]) -> Cell:
    return replace(cell, notes=tuple(note for note in cell.notes if note not in notes))


def _label(answers: Answers, line: Result, lines: Sequence[Result], shared: Sequence[str]) -> Cell:
    """Return the name of a line, with who was left out and what is said of it alone."""
    rows = (answers.rows[line],)
    if _is_beside(answers, line):
        return Cell(text=capitalised(line.estimate_name), rows=rows)
    outcome = "" if common(lines, lambda one: one.outcome) else line.outcome
    unit = line.unit if line.unit != "%" else ""
    own = [warning for warning in line.warnings if warning not in shared]
    is_empty = line.estimate != line.estimate and line.effect_size != line.effect_size
    caveats = own if answers.with_caveats else own[: int(is_empty)]
    return Cell(
        text=", ".join(word for word in (line.label, outcome, unit) if word),
        notes=(
            *(f"Left out: {sentence}." for sentence in excluded_sentences(line)),
            *([line.deviation] if line.deviation else ()),
            *caveats,
        ),
        rows=rows,
    )


def _first_heading(lines: Sequence[Result]) -> str:
    return "Scale" if lines[0].analysis == "summarise_response" else "Marker"


def _title(lines: Sequence[Result]) -> str:
    analysis = lines[0].analysis
    told = TITLES.get(analysis, capitalised(analysis.replace("_", " ")))
    words = (common(lines, lambda one: one.title) or told, common(lines, lambda one: one.outcome))
    return ": ".join(word for word in words if word)


def _under_aims(lines: Sequence[Result], rows: Sequence[Row]) -> list[Row]:
    """Put the aim that the plan gave above the lines of each, where there is more than one."""
    aims = [line.aim for line in lines]
    if len(set(aims)) < 2:
        return list(rows)
    made: list[Row] = []
    for place, row in enumerate(rows):
        if place == 0 or aims[place] != aims[place - 1]:
            empty = [EMPTY] * (len(row.cells) - 1)
            name = Cell(text=capitalised(aims[place]) or "Without an aim in the plan")
            made.append(Row(cells=(name, *empty), is_heading=True))
        made.append(replace(row, level=row.level + 1))
    return made


def _shared(results: Sequence[Result]) -> tuple[str, ...]:
    """Return what is said of every result alike."""
    first, *others = results
    return tuple(said for said in first.warnings if all(said in one.warnings for one in others))
