"""Table 1: the lines that `summarise_participants` gave, turned to variables × groups."""

import math
from collections.abc import Mapping, Sequence

from ketbio.report.markdown import Markdown, join_markdown, markdown_table
from ketbio.report.row_numbers import rows_in_brackets, rows_of
from ketbio.result import Result
from ketbio.wording import format_number

ANALYSIS = "summarise_participants"


def baseline_table(results: Sequence[Result], rows: Mapping[Result, int]) -> Markdown:
    """Return Table 1 with variables as rows and groups as columns.

    Parameters
    ----------
    results : sequence of Result
        Those of `summarise_participants`; others are left aside.
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    Markdown
        Empty where there is no line of Table 1.

    Examples
    --------
    >>> baseline_table([], {}) == ""
    True
    """
    lines = [result for result in results if result.analysis == ANALYSIS]
    if not lines:
        return Markdown()
    groups = list(dict.fromkeys(group for line in lines for group in line.groups))
    largest = {group: max(line.n.get(group, 0) for line in lines) for group in groups}
    by_variable: dict[tuple[str, str], list[Result]] = {}
    for line in lines:
        by_variable.setdefault((line.label, _level(line)), []).append(line)
    return markdown_table(
        [
            [
                f"{variable}, {level}" if level else variable,
                *(_group_cell(found, group, largest[group]) for group in groups),
                rows_of(found, rows),
            ]
            for (variable, level), found in by_variable.items()
        ],
        headings=["Variable", *(f"{group} (n = {largest[group]})" for group in groups), "Rows"],
        caption="Table 1. Participants: mean (SD) or count (percent); n is given where it is "
        "smaller than the group; rows as in the appendix",
        identifier="table-participants",
        classes=("stub",),
    )


def table_notes(results: Sequence[Result], rows: Mapping[Result, int]) -> tuple[Markdown, ...]:
    """Return what was said of the lines of Table 1, variable by variable.

    Parameters
    ----------
    results : sequence of Result
        Those of `summarise_participants`; others are left aside.
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    tuple of Markdown

    Examples
    --------
    >>> table_notes([], {})
    ()
    """
    by_variable: dict[str, list[Result]] = {}
    for line in results:
        if line.analysis == ANALYSIS and line.warnings:
            by_variable.setdefault(line.label, []).append(line)
    return tuple(
        join_markdown([f"{label}: {_said(lines)}", rows_in_brackets(lines, rows)])
        for label, lines in by_variable.items()
    )


def _said(lines: Sequence[Result]) -> str:
    sentences = (f"{line.groups[0]}: {warning}" for line in lines for warning in line.warnings)
    return " ".join(sentences)


def _level(line: Result) -> str:
    """Return what tells two lines of one variable apart: the level, and the unit of a measure."""
    unit = line.unit if line.estimate_name == "mean" else ""
    return ", ".join(word for word in (line.outcome, unit) if word)


def _group_cell(found: Sequence[Result], group: str, largest: int) -> Markdown:
    cells = [_cell(line, line.n.get(group, 0), largest) for line in found if group in line.groups]
    return join_markdown(cells, separator="; ") or Markdown("–")


def _cell(line: Result, n: int, largest: int) -> str:
    known = f", n = {n}" if n < largest else ""
    if line.statistic_name == "count":
        return f"{line.statistic:.0f} ({format_number(line.estimate, digits=2)}%){known}"
    spread = "" if math.isnan(line.spread) else f" ({format_number(line.spread)})"
    name = "" if line.estimate_name == "mean" else f"{line.estimate_name} "
    return f"{name}{format_number(line.estimate)}{spread}{known}"
