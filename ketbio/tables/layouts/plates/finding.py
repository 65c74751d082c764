"""The plates and layouts of files: which kind they are of, what the plates are called."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from ketbio.errors import FileError, SchemaError
from ketbio.tables.layouts.plates.blocks import Block, blocks_of
from ketbio.tables.layouts.plates.grids import Grids, grids_of
from ketbio.tables.layouts.plates.layouts import (
    Entry,
    block_entries,
    blocks_for,
    group_entries,
    is_alike,
    row_entries,
)
from ketbio.tables.layouts.plates.options import GROUPS, PlateOptions
from ketbio.tables.layouts.plates.pages import Page, page_named, pages_of
from ketbio.tables.layouts.plates.reading import Plate
from ketbio.tables.layouts.plates.softmax import is_softmax, softmax_plates
from ketbio.tables.layouts.plates.tables import WellRow, readings_by_plate, well_rows
from ketbio.tables.layouts.plates.wells import shape_of
from ketbio.tables.layouts.plates.words import Vocabulary
from ketbio.tables.phrases import listed_words, quoted
from ketbio.wording import count_of

KEY_SHEET = "key"
_KEY_HEADER = ("cell", "means")
_GEN5 = (
    "software version", "experiment file path:", "protocol file path:", "procedure details",
    "reader serial number:", "reader type:",
)  # fmt: skip
TITLES = {
    "softmax": "an export of SoftMax Pro", "gen5": "an export of Gen5", "long": "a table of wells",
    "magellan": "an export of Magellan", "grid": "grids in the shape of a plate",
}  # fmt: skip
"""Kind → how a note calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file of readings holds.

    Attributes
    ----------
    kind : str
        One of `options.PLATE_KINDS`.
    plates : tuple of Plate
        The plates under their codes.
    layouts : tuple of (str, Block)
        The layouts of the same file.
    rows : tuple of WellRow
        Of a table of wells: its rows.
    notes : tuple of str
        What was left out.
    """

    kind: str
    plates: tuple[Plate, ...]
    layouts: tuple[tuple[str, Block], ...] = ()
    rows: tuple[WellRow, ...] = ()
    notes: tuple[str, ...] = ()


def found_kind(pages: Sequence[Page]) -> str:
    """Return the kind of a file of readings.

    Raises
    ------
    FileError
        It holds nothing in the shape of a plate.
    """
    for page in pages:
        cells = [cell for line in page.lines.values() for cell in line[:1]]
        if is_softmax(page):
            return "softmax"
        if any(cell.casefold() in _GEN5 for cell in cells):
            return "gen5"
        if "<>" in cells:
            return "magellan"
    if any(blocks_of(page) for page in pages):
        return "grid"
    if any(well_rows(page) for page in pages):
        return "long"
    raise FileError(
        f"{pages[0].title} holds no plate: no grid with the numbers 1, 2, 3 … above and the "
        "letters A, B, C … at the left, no export of SoftMax Pro, Gen5 or Magellan, and no table "
        "with a column 'well'."
    )


def found_plates(pages: list[Page], options: PlateOptions) -> Found:
    """Return the plates of a file of readings, under the codes that the caller gives them.

    Raises
    ------
    FileError
        It holds no readings, or plates of the same code.
    """
    kind = options.kind or found_kind(pages)
    found = _READERS[kind](pages, options)
    if not found.plates:
        raise FileError(f"{pages[0].title} holds no readings of a plate as {TITLES[kind]}.")
    return Found(
        kind=kind,
        plates=tuple(_with_codes(found.plates, options, pages[0].file)),
        layouts=found.layouts,
        rows=found.rows,
        notes=found.notes,
    )


def _of_softmax(pages: Sequence[Page], options: PlateOptions) -> Found:
    del options
    plates: list[Plate] = []
    for page in pages:
        if is_softmax(page):
            plates += softmax_plates(page)
    return Found(kind="softmax", plates=tuple(plates))


def _of_grids(pages: Sequence[Page], options: PlateOptions) -> Found:
    sheets = () if options.layout or not options.layout_sheet else (options.layout_sheet,)
    found: Grids = grids_of([page for page in pages if not _is_key(page)], layout_sheets=sheets)
    return Found(kind="grid", plates=found.plates, layouts=found.layouts, notes=found.notes)


def _of_table(pages: Sequence[Page], options: PlateOptions) -> Found:
    del options
    plates: list[Plate] = []
    rows: list[WellRow] = []
    for page in pages:
        own = [row for row in well_rows(page) if "absorbance" in row.cells]
        rows += own
        for name, listed in readings_by_plate(page, own).items():
            plates.append(_table_plate(page, name, listed))
    return Found(kind="long", plates=tuple(plates), rows=tuple(rows))


def _table_plate(page: Page, name: str, rows: Sequence[WellRow]) -> Plate:
    waves = {
        wave: {row.well: row.cells[column] for row in rows if row.well}
        for wave, column in (("", "absorbance"), ("reference", "reference_absorbance"))
        if column in rows[0].cells
    }
    wells = list(waves[""])
    shape = shape_of(1 + max(r for r, _ in wells), 1 + max(c for _, c in wells))
    if shape is None:
        raise FileError(f"{page.title}: plate {name!r} has more than 16 × 24 wells.")
    cells = [cell for wave in waves.values() for cell in wave.values()]
    lines = frozenset(cell.row for cell in cells)
    stem = Path(page.file).stem
    return Plate(name=name or stem, page=page, row=min(lines), shape=shape, waves=waves, rows=lines)


_READERS: Mapping[str, Callable[[Sequence[Page], PlateOptions], Found]] = {
    "softmax": _of_softmax,
    "gen5": _of_grids,
    "magellan": _of_grids,
    "grid": _of_grids,
    "long": _of_table,
}


def _with_codes(plates: Sequence[Plate], options: PlateOptions, file: str) -> list[Plate]:
    titles = listed_words(plate.title for plate in plates)
    if options.plates:
        if len(options.plates) != len(plates):
            raise FileError(
                f"{file}: plates names {count_of(len(options.plates), 'plate')}, and the file "
                f"holds {len(plates)}: {titles}."
            )
        if len(set(options.plates)) < len(plates):
            raise SchemaError("plate: plates names one code twice; each plate has its own.")
        return [plate.with_name(n) for plate, n in zip(plates, options.plates, strict=True)]
    twice = [name for name, n in Counter(plate.name for plate in plates).items() if n > 1]
    if twice or not all(plate.name for plate in plates):
        what = f"Several plates are called {twice[0]!r}" if twice else "A plate has no code"
        raise FileError(
            f"{file}: {what[0].lower()}{what[1:]}: {titles}. Give each its code, in the order of "
            "the file: plates = [" + ", ".join(f'"PL{i + 1}"' for i in range(len(plates))) + "]."
        )
    return list(plates)


# -- layouts -----------------------------------------------------------------------------------
def found_layouts(
    found: Found, pages: list[Page], options: PlateOptions, words: Vocabulary
) -> tuple[list[list[Entry]], str]:
    """Return what the wells of each plate hold, and a note of where that is said.

    Raises
    ------
    FileError
        There is no layout, or not for every plate.
    """
    plates, title = found.plates, pages[0].title
    if options.layout == GROUPS or (
        not options.layout and not options.layout_sheet and any(one.groups for one in plates)
    ):
        return _of_groups(found, options, words, title), "Layout: the groups of the export."
    if options.layout:
        theirs = layout_pages(options.layout, options.layout_sheet)
        note = f"Layout: {theirs[0].title}."
        return _of_pages(found, theirs, words), note
    if options.layout_sheet:
        page = page_named(pages, options.layout_sheet)
        return _of_pages(found, [page], words), f"Layout: sheet {page.sheet!r}."
    if found.layouts:
        blocks = blocks_for(plates, found.layouts, title)
        places = dict.fromkeys(f"{one.page.title}, row {one.header_row}" for one in blocks)
        entries = [block_entries(block, words) for block in blocks]
        return entries, f"Layout: the grid at {listed_words(places)}."
    if any("content" in row.cells or "role" in row.cells for row in found.rows):
        return _of_rows(found.plates, found.rows, words, title), "Layout: the columns of the table."
    raise FileError(
        f"{title} says nowhere what its wells hold. Give a layout under plate: layout = "
        '"layout.xlsx", layout_sheet = "layout", or layout = "groups" for the groups of SoftMax '
        "Pro. ketbio schema elisa_plates --plate-layout FILE.xlsx writes one to fill in."
    )


def layout_pages(layout: str | PathLike[str], sheet: str) -> list[Page]:
    """Return the pages of a layout's file, but for its key."""
    return pages_of(layout, sheet=sheet or None)


def _of_groups(
    found: Found, options: PlateOptions, words: Vocabulary, title: str
) -> list[list[Entry]]:
    lacking = [plate.name for plate in found.plates if not plate.groups]
    if lacking:
        raise FileError(
            f"{title}: plate {lacking[0]!r} has no groups that say what its wells hold; give "
            "another layout."
        )
    return [list(group_entries(plate, options.groups, words)) for plate in found.plates]


def _of_pages(found: Found, pages: Sequence[Page], words: Vocabulary) -> list[list[Entry]]:
    """Return the entries of pages that hold nothing but layouts, as grids or as a table."""
    own = [page for page in pages if not _is_key(page)]
    names = [page.sheet for page in own]
    layouts = grids_of(own, layout_sheets=names or ("",)).layouts if own else ()
    if layouts:
        return [
            block_entries(block, words)
            for block in blocks_for(found.plates, layouts, pages[0].title)
        ]
    rows = [row for page in own for row in well_rows(page)]
    if not rows:
        raise FileError(
            f"{pages[0].title} holds no layout: neither a grid with numbers above and letters at "
            "the left, nor a table with a column 'well'."
        )
    return _of_rows(found.plates, rows, words, pages[0].title)


def _of_rows(
    plates: Sequence[Plate], rows: Sequence[WellRow], words: Vocabulary, title: str
) -> list[list[Entry]]:
    """Return the entries of a table; rows without a plate are for each."""
    named = {row.plate for row in rows if row.plate}
    strange = named - {plate.name for plate in plates}
    alike = {name for name in strange if is_alike(name, plates[0].name)}
    if strange and len(plates) == 1 and len(named) == 1 and not alike:
        return [row_entries(rows, words)]  # one plate under two names, such as that of its file
    if strange:
        listed = listed_words(quoted(plate.name) for plate in plates)
        raise FileError(
            f"{title}: the layout names plate {sorted(strange)[0]!r}; the plates read are {listed}."
        )
    return [
        row_entries([row for row in rows if row.plate in ("", plate.name)], words)
        for plate in plates
    ]


# -- the key -----------------------------------------------------------------------------------
def _is_key(page: Page) -> bool:
    return page.sheet.casefold() == KEY_SHEET


def key_of(pages: Sequence[Page]) -> dict[str, str]:
    """Return what the sheet ``key`` of a workbook says of words: below ``cell`` and ``means``."""
    found: dict[str, str] = {}
    for page in filter(_is_key, pages):
        is_below = False
        for cells in page.lines.values():
            pair = tuple(cell.casefold() for cell in cells[:2])
            if is_below and len(cells) > 1 and cells[0] and cells[1]:
                found[cells[0]] = cells[1]
            is_below = is_below or pair == _KEY_HEADER
    return found
