"""Files of plate readers → a source with one row per well, read like any other table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any

import pandas as pd

from ketbio.errors import SchemaError
from ketbio.tables.contracts.schema import RuleSpec, TableSchema
from ketbio.tables.files.decimals import found_decimal
from ketbio.tables.files.source import Source, read_source
from ketbio.tables.layouts.arrangement import Arrangement
from ketbio.tables.layouts.plates.choices import chosen_waves, masked_wells, units_of
from ketbio.tables.layouts.plates.finding import (
    found_layouts,
    found_plates,
    key_of,
    layout_pages,
)
from ketbio.tables.layouts.plates.options import GROUPS, PlateOptions, plate_options
from ketbio.tables.layouts.plates.pages import Page, pages_of
from ketbio.tables.layouts.plates.reading import Plate
from ketbio.tables.layouts.plates.records import (
    READING,
    REFERENCE,
    WellRecord,
    gathered_wells,
    numbered_faults,
    unit_faults,
)
from ketbio.tables.layouts.plates.telling import (
    cell_faults,
    column_notes,
    kind_note,
    layout_faults,
    reader_notes,
    unread_lines,
)
from ketbio.tables.layouts.plates.wells import SHAPES
from ketbio.tables.layouts.plates.words import Vocabulary
from ketbio.tables.privacy.titles import errors_masked
from ketbio.tables.records.column_words import WORK_COLUMNS
from ketbio.tables.records.columns import Wish

HEADER_ROW = 1
FIRST = HEADER_ROW + 1
"""Under which number the first well stands in the source; its spreadsheet row is in cell_rows."""
_ALWAYS = ("plate_id", "well", "role", "participant_id", "visit", "concentration", READING)
_COLUMNS = (
    "plate_id", "well", "role", "participant_id", "visit", "concentration", "dilution_factor",
    READING, REFERENCE, "is_masked", "mask_reason", "specimen", "analyte", "control_name", "spike",
    "run_date",
)  # fmt: skip
_FROM_LAYOUT = (
    "role", "participant_id", "visit", "concentration", "dilution_factor", "control_name", "spike",
    "specimen", "analyte",
)  # fmt: skip
_IN_UNIT = ("concentration", "spike")


def arranged_plates(
    source: str | PathLike[str] | pd.DataFrame,
    schema: TableSchema,
    wish: Wish,
    plate: Mapping[str, Any],
    *,
    sheet: str | None = None,
    decimal: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Arrangement:
    """Return the wells of the plates of a file, one row each.

    Parameters
    ----------
    source : path or DataFrame
        The readings.
    schema : TableSchema
        That of the wells.
    wish : Wish
        The caller's mapping; ``constants`` take the place of what the layout would say.
    plate : mapping
        The options of `PlateOptions`.
    sheet, decimal, delimiter, encoding : str, optional
        As for `check_table`.

    Returns
    -------
    Arrangement
        ``source.row_numbers`` count the wells from `FIRST`; ``cell_rows`` has their rows.

    Raises
    ------
    FileError
        A file cannot be read, or its plates or layouts cannot be told apart.
    SchemaError
        An option cannot be used, or the schema is none of wells.
    """
    options = plate_options(plate)
    _refuse_unusable(schema, wish)
    pages = pages_of(source, sheet=sheet, delimiter=delimiter, encoding=encoding)
    if _is_work_list(pages[0]):
        # A file of rejected wells stands under our names: a table like any other.
        again = read_source(
            source, sheet=sheet, decimal=decimal, delimiter=delimiter, encoding=encoding
        )
        return Arrangement(source=again, wish=wish)
    with errors_masked(pages[0].file):
        found = found_plates(pages, options)
        words = _vocabulary(pages, options)
        layouts, note = found_layouts(found, pages, options, words)
        waves, wave_note = chosen_waves(found.plates, options)
        made = gathered_wells(found.plates, layouts, waves, masked_wells(found.plates, options))
        faults = [*made.faults, *numbered_faults(made.wells, FIRST)]
        units = units_of(made.wells, options, pages[0].title)
        faults += unit_faults(made.wells, units, FIRST)
        if options.layout and options.layout != GROUPS:
            faults += layout_faults(found, layout_pages(options.layout, options.layout_sheet))
    notes = [
        kind_note(found),
        note,
        *filter(None, [wave_note]),
        *found.notes,
        *column_notes(found, wish.allow_identifiers),
        *made.notes,
    ]
    lines = _Lines(wells=made.wells, units=units, options=options, decimal=decimal)
    arranged = _source(lines, pages[0], wish)
    read_notes = dict.fromkeys(reader_notes(pages))
    return Arrangement(
        source=replace(
            arranged,
            notes=(*read_notes, *notes, *arranged.notes),
            faults=(
                *faults,
                *cell_faults(found, pages, "" if options.layout else options.layout_sheet),
            ),
            above=tuple(unread_lines(found, pages)),
        ),
        wish=wish,
        schema=_sized(schema, found.plates),
    )


def _is_work_list(page: Page) -> bool:
    first = next(iter(page.lines.values()), ())
    return bool(first) and first[0] == WORK_COLUMNS[0] and first[-1] == WORK_COLUMNS[-1]


def _refuse_unusable(schema: TableSchema, wish: Wish) -> None:
    lacking = [name for name in _ALWAYS if name not in schema.columns]
    if lacking:
        raise SchemaError(
            f"plate makes a table of wells, and the schema {schema.name!r} has no column "
            f"{lacking[0]!r}; use the schema 'elisa_plates'."
        )
    if wish.columns:
        raise SchemaError(
            f"columns names {next(iter(wish.columns))!r}, but with plate the columns come from the "
            "readings and the layout; leave columns out."
        )


def _vocabulary(pages: Sequence[Page], options: PlateOptions) -> Vocabulary:
    key = key_of(pages)
    if options.layout and options.layout != GROUPS:
        key |= key_of(layout_pages(options.layout, ""))
    return Vocabulary(key={**key, **options.samples, **options.key}, visit=options.visit)


def _sized(schema: TableSchema, plates: Sequence[Plate]) -> TableSchema:
    """Return the schema for the largest of the plates."""
    rows, columns = max(plate.shape for plate in plates)
    if (rows, columns) == SHAPES[0]:
        return schema
    size = {"rows": rows, "columns": columns}

    def sized(rule: RuleSpec) -> RuleSpec:
        is_layout = rule.check == "plate_layout"
        return replace(rule, settings={**rule.settings, **size}) if is_layout else rule

    return replace(schema, rules=tuple(map(sized, schema.rules)))


# -- the source --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """The wells, the units of their concentrations, and how they are written."""

    wells: Sequence[WellRecord]
    units: Mapping[int, str]
    options: PlateOptions
    decimal: str | None


def _source(made: _Lines, page: Page, wish: Wish) -> Source:
    wells, units, decimal = made.wells, made.units, made.decimal
    readings = [(one.row, [cell.text for cell in one.readings.values()]) for one in wells]
    found = found_decimal(readings)
    mark = decimal or found.mark
    shared = next(iter(units.values()), "") if len(set(units.values())) == 1 else ""
    lines = [
        _line(one, units.get(place, "") if not shared else "", made.options, mark)
        for place, one in enumerate(wells)
    ]
    filled = [name for name in _COLUMNS if name in _ALWAYS or any(line[name] for line in lines)]
    names = [name for name in filled if name not in wish.constants]
    header = {n: f"{n} ({shared})" if n in _IN_UNIT and shared else n for n in names}
    numbers = range(FIRST, FIRST + len(wells))
    sheets = list(dict.fromkeys(one.plate.page.sheet for one in wells))
    return Source(
        file=page.file,
        sheet=sheets[0] if len(sheets) == 1 else "",
        sha256=page.sha256,
        header=tuple(header.values()),
        header_row=HEADER_ROW,
        rows=tuple(tuple(line[name] for name in names) for line in lines),
        row_numbers=tuple(numbers),
        faults=(),
        notes=found.notes if decimal is None else (),
        overflow={},
        fractions=set(_fractions(wells)),
        decimal=mark,
        is_decimal_sure=decimal is not None or found.is_sure,
        cell_rows={
            (number, column): one.row
            for number, one in zip(numbers, wells, strict=True)
            for column in ("", *header.values())
        },
        record_names={
            number: f"well {one.name} of plate {one.plate.name}"
            for number, one in zip(numbers, wells, strict=True)
        },
        record_columns={
            number: one.readings[READING].column
            for number, one in zip(numbers, wells, strict=True)
            if READING in one.readings
        },
        cell_names=dict(_cell_names(wells, header)),
    )


def _line(one: WellRecord, unit: str, options: PlateOptions, mark: str) -> dict[str, str]:
    content = one.content

    def number(text: str) -> str:
        return text.replace(".", mark)

    def level(text: str) -> str:
        return f"{number(text)} {unit}".strip() if text else ""

    return {
        "plate_id": one.plate.name,
        "well": one.name,
        "role": content.role,
        "participant_id": content.participant_id,
        "visit": content.visit,
        "concentration": level(content.concentration),
        "dilution_factor": number(content.dilution_factor),
        READING: one.reading(READING),
        REFERENCE: one.reading(REFERENCE),
        "is_masked": "true" if one.mask_reason else "",
        "mask_reason": one.mask_reason,
        "specimen": content.specimen,
        "analyte": content.analyte,
        "control_name": content.control_name,
        "spike": level(content.spike),
        "run_date": options.run_dates.get(one.plate.name, ""),
    }


def _fractions(wells: Sequence[WellRecord]) -> Iterator[tuple[int, str]]:
    """Return the readings that the file holds as numbers, whose mark is no question."""
    for number, one in enumerate(wells, start=FIRST):
        for which, cell in one.readings.items():
            if (cell.row, cell.column - 1) in cell.page.grid.fractions:
                yield number, which


def _cell_names(
    wells: Sequence[WellRecord], header: Mapping[str, str]
) -> Iterator[tuple[tuple[int, str], str]]:
    for number, one in enumerate(wells, start=FIRST):
        for which, cell in one.readings.items():
            yield (number, which), cell.name
        said = one.entry.cell
        is_elsewhere = said.page.file != one.plate.page.file
        name = f"{said.name} of {said.page.file}" if is_elsewhere else said.name
        for column in _FROM_LAYOUT:
            if column in header:
                yield (number, header[column]), name
