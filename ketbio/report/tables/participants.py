"""Table 1: who the participants are, by group, with differences and their intervals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ketbio.number_formats import NumberFormat, level_words
from ketbio.report.tables.cell_words import (
    DASH,
    EMPTY,
    cell,
    count_words,
    limits_words,
    mean_words,
    median_words,
    number_words,
)
from ketbio.report.tables.table import Cell, Column, Row, Table
from ketbio.result import QUARTILES, Result, contrast_words
from ketbio.wording import capitalised

ANALYSIS = "summarise_participants"

LEVEL = "percent"
"""Name of the estimate of a line about a level; other counts are of those without a value."""

NOT_TESTED = (
    "No p values: the participants are described, not tested. A test would ask whether the groups "
    "are samples of one population, which is no question at baseline, and with few participants "
    "it would miss differences that matter."
)
KNOWN = "Percentages are of those known; n is given where it is smaller than the group."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What every line of the table needs: who the groups are, and how numbers are written."""

    lines: tuple[Result, ...]
    rows: Mapping[Result, int]
    house: NumberFormat
    groups: tuple[str, ...]
    sizes: Mapping[str, int]
    counted: Mapping[str, bool]
    has_differences: bool

    def row(self, name: str, cells: Sequence[Cell], between: Result | None = None) -> Row:
        """Return a line below a variable's name; its difference is empty where none is told."""
        compared = _difference_cells(self, between) if self.has_differences else []
        return Row(cells=(Cell(text=name), *cells, *compared), level=1)


def participants_table(
    results: Sequence[Result],
    rows: Mapping[Result, int],
    house: NumberFormat,
    *,
    differences: bool = True,
) -> Table | None:
    """Return Table 1; None where no result is a line of it.

    Parameters
    ----------
    results : sequence of Result
        Those of `summarise_participants`; others are left aside.
    rows : mapping of Result to int
        Row of ``tidy`` of each result and companion.
    house : NumberFormat
    differences : bool
        Whether two groups are set against each other.
    """
    lines = tuple(one for one in results if one.analysis == ANALYSIS)
    if not lines:
        return None
    groups = tuple(dict.fromkeys(group for one in lines for group in one.groups))
    between = [one for line in lines if (one := _difference(line)) is not None]
    page = _Page(
        lines=lines,
        rows=rows,
        house=house,
        groups=groups,
        sizes={group: max(_ns(lines, group)) for group in groups},
        counted=_counted(lines),
        has_differences=differences and bool(between),
    )
    return Table(
        title=f"Participants: mean (SD), median ({QUARTILES}) or n (%)",
        name="participants",
        columns=(
            Column(heading="Variable"),
            *(_group_column(page, group) for group in groups),
            *(_difference_columns(page, between) if page.has_differences else ()),
        ),
        rows=tuple(_all_rows(page)),
        notes=(*_said_of_all(lines), KNOWN, _quartiles_note(lines), NOT_TESTED),
    )


def _ns(lines: Sequence[Result], group: str) -> Iterator[int]:
    """Yield every n of a group: who is missing is counted out of everybody."""
    for line in lines:
        for one in (line, *line.companions):
            if group in one.groups:
                yield one.n.get(group, 0)


def _group_column(page: _Page, group: str) -> Column:
    return Column(heading=f"{capitalised(group)} (n = {page.sizes[group]})", align="right")


def _difference_columns(page: _Page, between: Sequence[Result]) -> tuple[Column, ...]:
    contrast = capitalised(contrast_words(between[0]))
    level = level_words(between[0].ci_level, page.house)
    methods = dict.fromkeys(
        f"{capitalised(one.estimate_name)}: {one.ci_method}." for one in between if one.ci_method
    )
    effects = dict.fromkeys(
        f"Standardised {one.estimate_name}: {one.effect_size_name}."
        for one in between
        if one.effect_size_name
    )
    return (
        Column(heading="Difference", align="right", spanner=contrast),
        Column(heading=f"{level} CI", align="right", spanner=contrast, notes=tuple(methods)),
        Column(heading="SMD", align="right", spanner=contrast, notes=tuple(effects)),
    )


def _difference_cells(page: _Page, between: Result | None) -> list[Cell]:
    if between is None:
        return [EMPTY] * 3
    house = page.house
    limits = limits_words(between.ci_low, between.ci_high, house, level=between.ci_level)
    texts = (
        number_words(between.estimate, house),
        limits,
        number_words(between.effect_size, house),
    )
    first, *others = (cell(text, between, page.rows) for text in texts)
    return [Cell(text=first.text, notes=between.warnings, rows=first.rows), *others]


def _all_rows(page: _Page) -> Iterator[Row]:
    by_variable: dict[tuple[str, str, str], list[Result]] = {}
    for line in page.lines:
        outcome = "" if line.estimate_name == LEVEL else line.outcome
        by_variable.setdefault((line.marker, line.label, outcome), []).append(line)
    for (_, label, outcome), lines in by_variable.items():
        is_category = any(line.estimate_name == LEVEL for line in lines)
        units = (line.unit for line in lines if line.statistic_name != "count")
        unit = "n (%)" if is_category else next(units, "")
        name = ", ".join(word for word in (label, outcome, unit) if word)
        empty = [EMPTY] * (len(page.groups) + (3 if page.has_differences else 0))
        yield Row(cells=(Cell(text=name), *empty), is_heading=True)
        yield from _levels(page, lines) if is_category else _summaries(page, lines)
        yield from _counted_out(page, lines)


def _levels(page: _Page, lines: Sequence[Result]) -> Iterator[Row]:
    by_level: dict[str, list[Result]] = {}
    for line in (one for one in lines if one.estimate_name == LEVEL):
        by_level.setdefault(line.outcome, []).append(line)
    for level, found in by_level.items():
        cells = [_group_cell(page, found, group, count_words) for group in page.groups]
        yield page.row(level, cells, _difference_of(found))


def _summaries(page: _Page, lines: Sequence[Result]) -> Iterator[Row]:
    names = (line.estimate_name for line in lines if line.statistic_name != "count")
    for name in dict.fromkeys(names):
        found = [line for line in lines if line.estimate_name == name]
        heading = "Mean (SD)" if name == "mean" else capitalised(name)
        cells = [_group_cell(page, found, group, mean_words) for group in page.groups]
        yield page.row(heading, cells, _difference_of(found))
    medians = [one for line in lines for one in line.companions if one.estimate_name == "median"]
    if medians:
        cells = [_group_cell(page, medians, group, median_words) for group in page.groups]
        yield page.row(f"Median ({QUARTILES})", cells)


def _counted_out(page: _Page, lines: Sequence[Result]) -> Iterator[Row]:
    """Yield how many are missing or beyond a limit, where anyone is."""
    every = (one for line in lines for one in (line, *line.companions))
    beside = [one for one in every if one.statistic_name == "count" and one.estimate_name != LEVEL]
    for name in dict.fromkeys(one.estimate_name for one in beside):
        found = [one for one in beside if one.estimate_name == name]
        cells = [
            _group_cell(page, found, group, count_words, absent=Cell(text="0"))
            for group in page.groups
        ]
        yield page.row(f"{capitalised(name)}, n (%)", cells)


def _group_cell(
    page: _Page,
    found: Sequence[Result],
    group: str,
    words: Callable[[Result, NumberFormat], str],
    *,
    absent: Cell = DASH,
) -> Cell:
    line = next((one for one in found if group in one.groups), None)
    if line is None:
        return absent
    n = line.n.get(group, 0)
    is_fewer = n < page.sizes[group] and line.estimate_name != "median"
    known = f"; n = {n}" if is_fewer else ""
    notes = tuple(said for said in line.warnings if _is_of_cell(said, page.counted))
    return cell(f"{words(line, page.house)}{known}", line, page.rows, notes=notes)


def _difference(line: Result) -> Result | None:
    return next((one for one in line.companions if len(one.groups) == 2), None)


def _difference_of(lines: Sequence[Result]) -> Result | None:
    return next((one for line in lines if (one := _difference(line)) is not None), None)


def _counted(lines: Sequence[Result]) -> dict[str, bool]:
    """Return how the sentences begin that say a count, and whether they add nothing to its row."""
    return {
        f"{one.statistic:.0f} of {one.n_total} {one.estimate_name}": one.estimate_name == "missing"
        for line in lines
        for one in (line, *line.companions)
        if one.statistic_name == "count" and one.estimate_name != LEVEL
    }


def _is_of_cell(said: str, counted: Mapping[str, bool]) -> bool:
    """Tell a sentence about one cell that says more than the row of its count does."""
    return any(said.startswith(words) and not is_told for words, is_told in counted.items())


def _said_of_all(lines: Sequence[Result]) -> tuple[str, ...]:
    """Return what the lines say of the whole table."""
    of_cells = tuple(_counted(lines))
    said = (warning for line in lines for warning in line.warnings)
    return tuple(dict.fromkeys(one for one in said if not one.startswith(of_cells)))


def _quartiles_note(lines: Sequence[Result]) -> str:
    beside = (one.ci_method for line in lines for one in line.companions)
    methods = dict.fromkeys(one for one in beside if one.startswith(QUARTILES))
    return "; ".join(capitalised(method) for method in methods) + "." if methods else ""
