"""Image Lab and LI-COR: programs that take the background off themselves."""

import re
from collections.abc import Sequence

from ketbio.errors import FileError
from ketbio.tables.layouts.densitometry_options import DensitometryOptions
from ketbio.tables.layouts.densitometry_table import (
    DensitometryTable,
    RawBand,
    Readings,
    filled_words,
)
from ketbio.tables.phrases import quoted


def volume_column(table: DensitometryTable, begins: str) -> str:
    """Return the column of volumes, raw ("Volume (Int)") or adjusted ("Adj. Volume (Int)")."""
    wanted = re.compile(rf"^{begins.casefold()}[a-z]*(?:vol|\b)", re.IGNORECASE)
    for name in table.source.header:
        plain = name.casefold().replace(".", "").strip()
        if wanted.match(plain) and "vol" in plain:
            return name
    return ""


def image_lab_bands(
    table: DensitometryTable, options: DensitometryOptions, _lanes: Sequence[str]
) -> Readings:
    """Return the bands of an Image Lab table, by its adjusted volumes."""
    table.need("image_lab", "Lane", "Lane No.")
    adjusted, raw = volume_column(table, "Adj"), volume_column(table, "Volume")
    subtracts = options.background == "subtract"
    column = adjusted if subtracts else raw
    if not column:
        lacking, found = ("adjusted", raw) if subtracts else ("raw", adjusted)
        other = "none" if subtracts else "subtract"
        raise FileError(
            f"{table.what} has no column of {lacking} volumes, only {quoted(found)}; export them, "
            f'or set background = "{other}" to read {quoted(found)}.'
        )
    saturation = next((one for one in table.source.header if "saturat" in one.casefold()), "")
    label, number = table.cells("Band Label"), table.cells(table.name("Band No.", "Band"))
    images = table.cells(table.name("Image Name", "Image", "File"))
    channels = table.cells("Channel")
    lanes = table.cells(table.name("Lane", "Lane No."))
    cells, flags = table.cells(column), table.cells(saturation)
    bands = [
        RawBand(
            place=place,
            lane=lanes[place],
            bands=filled_words(label[place], number[place], channels[place], images[place]),
            image=images[place],
            intensity=cells[place],
            background="0" if subtracts else "",
            is_saturated=_saturated(flags[place]),
            column=column,
        )
        for place in range(len(cells))
    ]
    said = "background was taken off by Image Lab" if subtracts else "no background is taken off"
    return Readings(
        bands=tuple(bands),
        notes=(f"{column} read as intensity: {said}.",),
    )


def _saturated(cell: str) -> str:
    """Return a flag for a count of saturated pixels, or for a word."""
    if not cell:
        return ""
    try:
        return str(float(cell.replace(",", ".").rstrip("% ")) > 0).lower()
    except ValueError:
        return cell


def licor_bands(
    table: DensitometryTable, options: DensitometryOptions, _lanes: Sequence[str]
) -> Readings:
    """Return the bands of an Image Studio or Empiria table, by their signal."""
    subtracts = options.background == "subtract"
    column = table.need("licor", "Signal") if subtracts else table.need("licor", "Total")
    lane_columns = ["Lane"] if table.has("Lane") else ["Display Name", "Name", "Shape Name"]
    lane_columns = [name for one in lane_columns if (name := table.name(one))]
    by_name = [table.cells(name) for name in lane_columns]
    channels, labels = table.cells("Channel"), table.cells(table.name("Band", "Band Name"))
    images = table.cells(table.name("Image Name", "Image ID", "Image"))
    cells = table.cells(column)
    bands = [
        RawBand(
            place=place,
            lane=next((own[place] for own in by_name if own[place]), ""),
            bands=filled_words(labels[place], channels[place], images[place]),
            image=images[place],
            intensity=cells[place],
            background="0" if subtracts else "",
            column=column,
        )
        for place in range(len(cells))
    ]
    said = "background was taken off by the program" if subtracts else "no background is taken off"
    return Readings(
        bands=tuple(bands),
        notes=(f"{column} read as intensity: {said}.",),
        lane_columns=tuple(lane_columns),
    )
