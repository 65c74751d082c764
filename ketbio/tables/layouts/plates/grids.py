"""Grids of readings (plain, Magellan, Gen5) → plates; grids of words → layouts."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from ketbio.errors import FileError
from ketbio.tables.layouts.plates.blocks import (
    GENERIC,
    Block,
    blocks_of,
    named_plate,
    wavelength,
)
from ketbio.tables.layouts.plates.pages import Cell, Page
from ketbio.tables.layouts.plates.reading import Plate
from ketbio.tables.layouts.plates.wells import Well, shape_of
from ketbio.tables.phrases import listed_words, quoted
from ketbio.wording import count_of

_LAYOUT_TITLES = ("layout", "plate layout")
_READING = re.compile(r"[<>]?\s*[-+−]?[0-9]*[.,]?[0-9]+(?:[eE][-+]?[0-9]+)?")
OVERFLOW = re.compile(
    r"ovrflw|over|overflow|ovfl|overrange|#sat|sat|saturated|out of range|\*{2,}|[>]\s*[0-9.,]+",
    re.IGNORECASE,
)
"""What readers write instead of a number above what they can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grids:
    """What the grids of some pages are.

    Attributes
    ----------
    plates : tuple of Plate
        Those that hold readings.
    layouts : tuple of (str, Block)
        Those that say what wells hold, each with the plate that the file names for it.
    notes : tuple of str
        What was left out.
    """

    plates: tuple[Plate, ...]
    layouts: tuple[tuple[str, Block], ...]
    notes: tuple[str, ...] = ()


def is_reading(text: str) -> bool:
    """Return whether a cell is what a reader writes: a number, or that there is none.

    Examples
    --------
    >>> [is_reading(text) for text in ("0.512", "1,2", "OVRFLW", "****", "STD500")]
    [True, True, True, True, False]
    """
    return bool(_READING.fullmatch(text) or OVERFLOW.fullmatch(text)) or set(text) == {"?"}


def grids_of(pages: Sequence[Page], *, layout_sheets: Collection[str] = ()) -> Grids:
    """Return the plates and the layouts of some pages.

    Parameters
    ----------
    pages : sequence of Page
        Of the readings' file.
    layout_sheets : collection of str
        Sheets that hold layouts only, whatever their cells look like.
    """
    plates: list[Plate] = []
    layouts: list[tuple[str, Block]] = []
    notes: list[str] = []
    for page in pages:
        for block in blocks_of(page):
            above = _plate_above(page, block)
            is_set = page.sheet in layout_sheets or page.sheet.casefold() in _LAYOUT_TITLES
            if is_set or _is_layout(block):
                layouts.append((_own_name(block) or above, block))
                continue
            plate, left_out = _plate(block, above)
            notes += left_out
            if plates and _continues(plates[-1], plate):
                plates[-1] = _joined(plates[-1], plate)
            else:
                plates.append(plate)
    named = [_named(plate, plates) for plate in plates]
    return Grids(plates=tuple(named), layouts=tuple(layouts), notes=tuple(notes))


def _is_layout(block: Block) -> bool:
    if block.title.casefold().rstrip(":") in _LAYOUT_TITLES:
        return True
    filled = block.filled
    return sum(is_reading(cell.text) for cell in filled) * 2 < len(filled) or not filled


def _own_name(block: Block) -> str:
    title = block.title
    is_generic = title.casefold().rstrip(":") in (*GENERIC, *_LAYOUT_TITLES)
    return "" if is_generic or wavelength(title) else title


def _plate_above(page: Page, block: Block) -> str:
    """Return the plate that a line above a grid names: ``Plate Number | PL1``."""
    names = [
        name
        for row, cells in page.lines.items()
        if row < block.header_row and (name := named_plate(cells))
    ]
    return names[-1] if names else ""


def _plate(block: Block, above: str) -> tuple[Plate, list[str]]:
    shape = shape_of(block.n_rows, block.n_columns)
    if shape is None:
        raise FileError(
            f"{block.page.title}, row {block.header_row}: the grid has {block.n_rows} × "
            f"{block.n_columns} wells; plates of 8 × 12 and 16 × 24 are read."
        )
    waves, left_out = _waves(block)
    name = _own_name(block) or above
    plate = Plate(
        name=name, page=block.page, row=block.header_row, shape=shape, waves=waves, rows=block.rows
    )
    notes = [
        f"{block.page.title}, row {block.header_row}: lines left out of the grid, as they are no "
        f"readings of one wavelength: {listed_words(map(quoted, left_out))}."
    ]
    return plate, notes if left_out else []


def _waves(block: Block) -> tuple[dict[str, Mapping[Well, Cell]], list[str]]:
    """Return the layers of a grid that are readings, by wavelength, and the labels of the rest."""
    if len(block.layers) == 1:
        label, cells = next(iter(block.layers.items()))
        return {wavelength(label) or wavelength(block.title): cells}, []
    found = {wave: cells for label, cells in block.layers.items() if (wave := wavelength(label))}
    if not found:
        raise FileError(
            f"{block.page.title}, row {block.header_row}: the wells have "
            f"{count_of(len(block.layers), 'line')} each "
            f"({listed_words(map(quoted, block.layers))}), and none names a wavelength such as "
            "450. Export the raw readings with their wavelengths."
        )
    return found, [label for label in block.layers if not wavelength(label)]


def _continues(plate: Plate, other: Plate) -> bool:
    """Return whether a grid is another wavelength of the plate before it."""
    is_same = plate.page is other.page and (not other.name or other.name == plate.name)
    return is_same and all(plate.waves) and all(other.waves) and not {*plate.waves} & {*other.waves}


def _joined(plate: Plate, other: Plate) -> Plate:
    return replace(plate, waves={**plate.waves, **other.waves}, rows=plate.rows | other.rows)


def _named(plate: Plate, plates: Sequence[Plate]) -> Plate:
    """Return a plate with a code: its own, else that of its sheet where others have one too."""
    if plate.name:
        return plate
    is_alone = len(plates) == 1
    stem = PurePath(plate.page.file).stem
    return plate.with_name(stem if is_alone or not plate.page.sheet else plate.page.sheet)
