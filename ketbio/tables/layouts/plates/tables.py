"""A table with a row per well: readings, a layout, or both; its columns by what they are called."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ketbio.errors import FileError
from ketbio.tables.layouts.plates.pages import Cell, Page
from ketbio.tables.layouts.plates.wells import Well, shape_of, well_at
from ketbio.tables.phrases import quoted
from ketbio.tables.records.header_units import named_unit

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "plate_id": ("plate", "plateno", "platenumber", "platte"),
    "well": ("position", "wellid", "kavität"),
    "row": ("platerow", "reihe"),
    "column": ("col", "platecolumn", "spalte"),
    "absorbance": ("od", "od450", "opticaldensity", "extinktion", "reading", "value"),
    "reference_absorbance": ("od620", "od540", "od570", "reference", "referenceod"),
    "content": ("id", "layout", "contents", "sample", "cell", "inhalt"),
    "role": ("welltype", "type"),
    "participant_id": ("participant", "subject", "patient"),
    "visit": ("timepoint", "visite"),
    "concentration": ("conc",),
    "dilution_factor": ("dilution", "verdünnung"),
    "control_name": ("control", "qc"),
    "spike": ("spiked",),
    "is_masked": ("masked",),
    "mask_reason": ("reason",),
    "specimen": ("matrix",),
    "analyte": ("assay",),
}
"""What a column holds → what else it may be called, folded."""
WITH_UNIT = ("concentration", "spike")


@dataclass(frozen=True, slots=True, kw_only=True)
class WellRow:
    """A row of a table of wells.

    Attributes
    ----------
    plate : str
        The plate, empty where the table names none.
    name : str
        The well, as written.
    well : Well or None
        Its place; None for a name that is none.
    cells : mapping of str to Cell
        What the columns hold, by our names.
    unit : str
        That of the columns of concentrations.
    """

    plate: str
    name: str
    well: Well | None
    cells: Mapping[str, Cell]
    unit: str = ""

    @property
    def page(self) -> Page:
        """Where the row stands."""
        return next(iter(self.cells.values())).page

    def text(self, name: str) -> str:
        """Return a cell's text, empty where there is no such column."""
        return self.cells[name].text if name in self.cells else ""


def columns_of(page: Page) -> tuple[int, dict[str, int], str]:
    """Return the header row of a table of wells, our columns in it, and the unit they name.

    The row is 0 where the page holds no such table.
    """
    for row, cells in list(page.lines.items())[:20]:
        found: dict[str, int] = {}
        units: set[str] = set()
        for place, cell in enumerate(cells):
            parts = named_unit(cell)
            ours = _column(cell) or (_column(parts.stem) if parts.unit else "")
            if ours and ours not in found:
                found[ours] = place
                units |= {parts.unit} if ours in WITH_UNIT and parts.unit else set()
        if "well" in found or {"row", "column"} <= set(found):
            if len(units) > 1:
                raise FileError(
                    f"{page.title}, row {row}: the columns name two units "
                    f"({', '.join(sorted(units))}); a layout has one."
                )
            return row, found, next(iter(units), "")
    return 0, {}, ""


def _column(name: str) -> str:
    folded = "".join(name.casefold().replace("_", " ").split())
    own = (ours for ours in COLUMNS if ours.replace("_", "") == folded)
    return next(own, "") or next((ours for ours, also in COLUMNS.items() if folded in also), "")


def well_rows(page: Page) -> list[WellRow]:
    """Return the rows of a table of wells; none where the page holds no such table."""
    header_row, columns, unit = columns_of(page)
    return list(_rows(page, header_row, columns, unit)) if header_row else []


def _rows(page: Page, header_row: int, columns: Mapping[str, int], unit: str) -> Iterator[WellRow]:
    for row in page.lines:
        if row <= header_row:
            continue
        cells = {name: page.cell(row, place) for name, place in columns.items()}
        if "well" in cells:
            name = cells["well"].text
        else:
            name = f"{cells['row'].text}{cells['column'].text}"
        plate = cells["plate_id"].text if "plate_id" in cells else ""
        yield WellRow(plate=plate, name=name, well=well_at(name), cells=cells, unit=unit)


def _refuse_missing_codes(page: Page, rows: Sequence[WellRow]) -> None:
    """Raise where some rows name their plate and others do not: whose well it is cannot be told."""
    named = {bool(one.plate) for one in rows}
    if named == {True, False}:
        first = next(next(iter(one.cells.values())).row for one in rows if not one.plate)
        raise FileError(
            f"{page.title}, row {first}: the row names no plate, and others do; write the plate's "
            "code in every row (merged cells hold it in the first only)."
        )


def readings_by_plate(page: Page, rows: Sequence[WellRow]) -> dict[str, list[WellRow]]:
    """Return the rows of each plate; a well that is read twice, or is none, is refused."""
    _refuse_missing_codes(page, rows)
    plates: dict[str, list[WellRow]] = {}
    seen: dict[tuple[str, Well], int] = {}
    for one in rows:
        row = next(iter(one.cells.values())).row
        if one.well is None or shape_of(one.well[0] + 1, one.well[1] + 1) is None:
            raise FileError(
                f"{page.title}, row {row}: {quoted(one.name)} is no well; write A1 to H12, or A1 "
                "to P24 for a plate of 384."
            )
        key = (one.plate, one.well)
        if key in seen:
            plate = f" of plate {one.plate}" if one.plate else ""
            raise FileError(
                f"{page.title}: well {one.name}{plate} has two readings (rows {seen[key]} and "
                f"{row}); name the plate in a column plate_id, or delete one."
            )
        seen[key] = row
        plates.setdefault(one.plate, []).append(one)
    return plates
