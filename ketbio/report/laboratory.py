"""The part of a report that tells how far the bench's numbers can be relied on."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ketbio.errors import FigureError
from ketbio.figures import FIGURES, draw_plate_map
from ketbio.report.figure_files import FigureFile
from ketbio.report.findings import excluded_sentences
from ketbio.report.markdown import Markdown, escape_markdown, join_markdown, markdown_table
from ketbio.report.page_images import write_page_image
from ketbio.report.result_cells import estimate_text
from ketbio.report.row_numbers import row_link
from ketbio.result import Result, answer_words
from ketbio.wording import capitalised, count_of, join_words

ANALYSES = (
    "fit_standard_curve",
    "chart_controls",
    "summarise_dilutions",
    "summarise_spikes",
    "summarise_gel",
    "summarise_linear_range",
    "summarise_replicates",
    "compare_methods",
    "summarise_levels",
)
"""Analyses that are about the laboratory, in the order in which they are told."""

WITH_PLATE_MAP = "fit_standard_curve"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedFigure:
    """A figure and its number in the document."""

    number: int
    file: FigureFile


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryItem:
    """One plate, control, gel or set of replicates as the report tells it.

    Attributes
    ----------
    identifier : Markdown
        Its id in the document.
    heading : str
    answer : Markdown
        Its sentence and row.
    figures : tuple of NumberedFigure
    problems : tuple of str
        Why a figure is missing.
    table : Markdown
        Its numbers, each with its row.
    remarks : tuple of str
    excluded : tuple of str
    """

    identifier: Markdown
    heading: str
    answer: Markdown
    figures: tuple[NumberedFigure, ...]
    problems: tuple[str, ...]
    table: Markdown
    remarks: tuple[str, ...]
    excluded: tuple[str, ...]


def is_of_laboratory(result: Result) -> bool:
    """Tell a result about the bench from one about the participants.

    Examples
    --------
    >>> is_of_laboratory(Result(analysis="summarise_gel", marker="m", outcome="", groups=(), n={}))
    True
    """
    return result.analysis in ANALYSES


def draw_plate_maps(
    results: Sequence[Result], *, folder: Path, suffix: str, note: str = ""
) -> dict[Result, FigureFile]:
    """Draw the wells of every plate, in a folder.

    Parameters
    ----------
    results : sequence of Result
    folder, suffix, note
        As for `draw_figures`.

    Returns
    -------
    dict of Result to FigureFile

    Examples
    --------
    >>> draw_plate_maps([], folder=Path("."), suffix=".png")
    {}
    """
    plates = [one for one in results if one.analysis == WITH_PLATE_MAP]
    return {
        one: _plate_map(one, folder / f"plate-{number}{suffix}", note)
        for number, one in enumerate(plates, start=1)
    }


def _plate_map(result: Result, path: Path, note: str) -> FigureFile:
    try:
        figure = draw_plate_map(result, note=note)
    except FigureError as error:
        return FigureFile(problem=str(error))
    write_page_image(figure, path)
    plate = result.outcome.removeprefix("standard curve of ")
    wells = f"{capitalised(result.label)}: the wells of {plate}"
    return FigureFile(
        name=path.name,
        caption=f"{wells}, corrected absorbance.",
        alternative=f"{wells}, each with its corrected absorbance and its role.",
    )


def describe_laboratory(
    results: Sequence[Result],
    rows: Mapping[Result, int],
    figures: Mapping[Result, FigureFile],
    plate_maps: Mapping[Result, FigureFile],
    *,
    figures_before: int,
) -> tuple[LaboratoryItem, ...]:
    """Return what the report says of plates, gels and replicates.

    Parameters
    ----------
    results : sequence of Result
    rows : mapping of Result to int
        From `number_rows`.
    figures, plate_maps : mapping of Result to FigureFile
        From `draw_figures` and `draw_plate_maps`.
    figures_before : int
        Figures that stand before this part; its own are numbered on from there.

    Returns
    -------
    tuple of LaboratoryItem

    Examples
    --------
    >>> describe_laboratory([], {}, {}, {}, figures_before=0)
    ()
    """
    told = sorted(
        (one for one in results if is_of_laboratory(one)),
        key=lambda one: ANALYSES.index(one.analysis),
    )
    items, number = [], figures_before
    for place, result in enumerate(told, start=1):
        files = [one[result] for one in (figures, plate_maps) if result in one]
        drawn = [file for file in files if file.name]
        failed = [file.problem for file in files if file.problem and result.analysis in FIGURES]
        items.append(
            LaboratoryItem(
                identifier=Markdown(f"laboratory-{place}"),
                heading=f"{capitalised(result.label)}: {result.outcome}",
                answer=join_markdown([answer_words(result), row_link(rows[result])]),
                figures=tuple(
                    NumberedFigure(number=number + step, file=file)
                    for step, file in enumerate(drawn, start=1)
                ),
                problems=tuple(dict.fromkeys(failed)),
                table=_table(result, rows, place),
                remarks=result.warnings,
                excluded=excluded_sentences(result),
            )
        )
        number += len(drawn)
    return tuple(items)


def _table(result: Result, rows: Mapping[Result, int], number: int) -> Markdown:
    if not result.companions:
        return Markdown()
    has_remarks = any(one.warnings for one in result.companions)
    lines = [
        [
            row_link(rows[one], text=str(rows[one])),
            escape_markdown(_quantity(one, result)),
            _value(one),
            *(["" if one is result else " ".join(one.warnings)] if has_remarks else []),
        ]
        for one in (result, *result.companions)
    ]
    return markdown_table(
        lines,
        headings=["Row", "Quantity", "Value", *(["Remark"] if has_remarks else [])],
        caption=f"{result.label}, {result.outcome}: its numbers",
        identifier=f"table-laboratory-{number}",
        classes=("stub",),
    )


def _value(one: Result) -> str:
    if one.unit in COUNTED and not math.isnan(one.estimate):
        return count_of(round(one.estimate), COUNTED[one.unit])
    return estimate_text(one)


COUNTED = {"lanes": "lane", "bands": "band"}
"""Units of what is counted, and told without decimals → one of them."""


def _quantity(one: Result, main: Result) -> str:
    own = one.outcome.removeprefix(main.outcome).lstrip(", ")
    whose = join_words(one.groups) if one.groups != main.groups else ""
    return ", ".join(dict.fromkeys(part for part in (one.estimate_name, own, whose) if part))
