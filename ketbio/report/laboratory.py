"""The part of a report that tells how far the bench's numbers can be relied on."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ketbio.figures import FIGURES
from ketbio.report.figure_files import FigureFile
from ketbio.report.laboratory_groups import ResultGroup, laboratory_groups
from ketbio.report.markdown import Markdown, escape_markdown, join_markdown, markdown_table
from ketbio.report.result_cells import estimate_text
from ketbio.report.row_numbers import row_link
from ketbio.report.stability import excluded_sentences
from ketbio.result import Result, answer_words
from ketbio.wording import count_of, join_words

COUNTED = {"lanes": "lane", "bands": "band"}
"""Units of what is counted, and told without decimals → one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryItem:
    """One plate, control, gel or set of replicates as the report tells it.

    Attributes
    ----------
    name : str
        What tells it from the others of its group; empty where it stands alone.
    answer : Markdown
        Its sentence and row.
    remarks : tuple of str
    excluded : tuple of str
    """

    name: str
    answer: Markdown
    remarks: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryGroup:
    """What stands under one heading: the gels of a marker, the plates of an assay.

    Attributes
    ----------
    identifier : Markdown
        Its id in the document.
    heading : str
    items : tuple of LaboratoryItem
    figures : tuple of FigureFile
    problems : tuple of str
        Why a figure is missing.
    tables : tuple of Markdown
        The numbers of all items, each with its row.
    """

    identifier: Markdown
    heading: str
    items: tuple[LaboratoryItem, ...]
    figures: tuple[FigureFile, ...]
    problems: tuple[str, ...]
    tables: tuple[Markdown, ...]


def describe_laboratory(
    results: Sequence[Result],
    rows: Mapping[Result, int],
    figures: Mapping[Result, FigureFile],
    plate_maps: Mapping[Result, FigureFile],
) -> tuple[LaboratoryGroup, ...]:
    """Return what the report says of plates, gels and replicates.

    Parameters
    ----------
    results : sequence of Result
    rows : mapping of Result to int
        From `number_rows`.
    figures, plate_maps : mapping of Result to FigureFile
        From `draw_laboratory` and `draw_plate_maps`.

    Returns
    -------
    tuple of LaboratoryGroup

    Examples
    --------
    >>> describe_laboratory([], {}, {}, {})
    ()
    """
    return tuple(
        _describe(group, rows, [*_of(group, figures), *_of(group, plate_maps)], number)
        for number, group in enumerate(laboratory_groups(results), start=1)
    )


def _of(group: ResultGroup, figures: Mapping[Result, FigureFile]) -> list[FigureFile]:
    drawn = [one for one in group.results if one.analysis in FIGURES]
    return [figures[one] for one in drawn if one in figures]


def _describe(
    group: ResultGroup, rows: Mapping[Result, int], files: Sequence[FigureFile], number: int
) -> LaboratoryGroup:
    is_alone = len(group.results) == 1
    return LaboratoryGroup(
        identifier=Markdown(f"laboratory-{number}"),
        heading=group.heading,
        items=tuple(
            LaboratoryItem(
                name="" if is_alone else group.name_of(one),
                answer=join_markdown([answer_words(one), row_link(rows[one])]),
                remarks=one.warnings,
                excluded=excluded_sentences(one),
            )
            for one in group.results
        ),
        figures=tuple(file for file in files if file.name),
        problems=tuple(dict.fromkeys(file.problem for file in files if file.problem)),
        tables=_tables(group, rows, f"table-laboratory-{number}"),
    )


def _tables(
    group: ResultGroup, rows: Mapping[Result, int], identifier: str
) -> tuple[Markdown, ...]:
    told = [
        tuple(one for one in some if one.companions or not math.isnan(one.estimate))
        for some in group.tables()
    ]
    told = [some for some in told if any(one.companions for one in some)]
    if [len(some) for some in told] == [1]:
        return (_table_of_one(told[0][0], rows, identifier),)
    return tuple(
        _table_of_several(group, some, rows, f"{identifier}-{place}" if place > 1 else identifier)
        for place, some in enumerate(told, start=1)
    )


def _table_of_one(result: Result, rows: Mapping[Result, int], identifier: str) -> Markdown:
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
        identifier=identifier,
        classes=("stub",),
    )


def _table_of_several(
    group: ResultGroup,
    told: Sequence[Result],
    rows: Mapping[Result, int],
    identifier: str,
) -> Markdown:
    """Return a line per quantity and a column per item; each value leads to its row."""
    columns = [_quantities(one) for one in told]
    names = [group.name_of(one) for one in told]
    quantities = list(dict.fromkeys(key for column in columns for key in column))
    remarks = {key: _remarks(key, columns, names) for key in quantities}
    has_remarks = any(remarks.values())
    lines = [
        [
            escape_markdown(key[0]),
            *(
                row_link(rows[column[key]], text=_value(column[key])) if key in column else "–"
                for column in columns
            ),
            *([remarks[key]] if has_remarks else []),
        ]
        for key in quantities
    ]
    return markdown_table(
        lines,
        headings=["Quantity", *names, *(["Remark"] if has_remarks else [])],
        caption=f"{group.heading}: their numbers; each leads to its row of the appendix",
        identifier=identifier,
        classes=("stub",),
    )


def _quantities(result: Result) -> dict[tuple[str, int], Result]:
    """Return what is known of an item by what it is called; a name that recurs has a number."""
    seen: Counter[str] = Counter()
    found = {}
    for one in (result, *result.companions):
        name = _quantity(one, result)
        seen[name] += 1
        found[name, seen[name]] = one
    return found


def _remarks(
    key: tuple[str, int],
    columns: Sequence[Mapping[tuple[str, int], Result]],
    names: Sequence[str],
) -> str:
    """Return what was remarked on a quantity; that on an item itself stands with its answer."""
    said: dict[str, list[str]] = {}
    for name, column in zip(names, columns, strict=True):
        one = column.get(key)
        if one is not None and one is not next(iter(column.values())) and one.warnings:
            said.setdefault(" ".join(one.warnings), []).append(name)
    return " ".join(
        words if len(whose) == len(names) else f"{join_words(whose)}: {words}"
        for words, whose in said.items()
    )


def _value(one: Result) -> str:
    if one.unit in COUNTED and not math.isnan(one.estimate):
        return count_of(round(one.estimate), COUNTED[one.unit])
    return estimate_text(one)


def _quantity(one: Result, main: Result) -> str:
    own = one.outcome.removeprefix(main.outcome).lstrip(", ")
    whose = join_words(one.groups) if one.groups != main.groups else ""
    return ", ".join(dict.fromkeys(part for part in (one.estimate_name, own, whose) if part))
