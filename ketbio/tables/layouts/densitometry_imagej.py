"""ImageJ and Fiji: regions with a background of their own, and the gel analyser's peaks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ketbio.errors import FileError
from ketbio.tables.layouts.densitometry_keys import lane_word
from ketbio.tables.layouts.densitometry_options import DensitometryOptions
from ketbio.tables.layouts.densitometry_table import (
    DensitometryTable,
    RawBand,
    Readings,
    filled_words,
)
from ketbio.tables.phrases import quoted

BACKGROUND_REGIONS = ("bg", "bkg", "bkgnd", "background")
"""How a region is called that measures background; alone for the image, or with a lane."""

_ROI = re.compile(r"^(?:lane\s*)?([^\s_-]+)[\s_-]+(.+)$", re.IGNORECASE)


def imagej_bands(
    table: DensitometryTable, options: DensitometryOptions, _lanes: Sequence[str]
) -> Readings:
    """Return the regions of a table of results, each with the background of its image or lane."""
    column = table.need("imagej", "IntDen", "RawIntDen")
    table.need("imagej", "Label")
    labels, cells = table.cells("Label"), table.cells(column)
    regions = [_region(label) for label in labels]
    areas, means = table.cells("Area"), table.cells("Mean")
    around: dict[tuple[str, str], list[str]] = {}
    bands = []
    for place, (image, lane, band) in enumerate(regions):
        words = {lane.casefold().rstrip("0123456789"), band.casefold()} - {""}
        if words & set(BACKGROUND_REGIONS):
            is_of_lane = band.casefold() in BACKGROUND_REGIONS
            around.setdefault((image, lane if is_of_lane else ""), []).append(means[place])
            continue
        bands.append(
            RawBand(
                place=place,
                lane=lane,
                bands=filled_words(band, image, image.rsplit(".", 1)[0]),
                image=image,
                intensity=cells[place],
                background="",
                column=column,
            )
        )
    if options.background == "none":
        note = f"{column} read as intensity: no background is taken off."
        return Readings(bands=tuple(bands), notes=(note,))
    made = [_with_background(one, around, areas[one.place], table, labels) for one in bands]
    note = (
        f"{column} read as intensity; background is the mean of its own region × the band's area."
    )
    return Readings(bands=tuple(made), notes=(note,))


def _region(label: str) -> tuple[str, str, str]:
    """Return image, lane and band of a label such as ``gel1.tif:3_pmTOR``.

    Examples
    --------
    >>> _region("gel1.tif:Lane 3 pmTOR"), _region("gel1.tif:3"), _region("bg")
    (('gel1.tif', '3', 'pmTOR'), ('gel1.tif', '3', ''), ('', 'bg', ''))
    """
    image, _, rest = label.partition(":") if ":" in label else ("", "", label)
    name = re.sub(r"^lane\s*", "", rest.split(":")[0].strip(), flags=re.IGNORECASE)
    found = _ROI.match(name)
    return (image.strip(), *(found.groups() if found else (name, "")))  # type: ignore[return-value]


def _with_background(
    band: RawBand,
    around: Mapping[tuple[str, str], list[str]],
    area: str,
    table: DensitometryTable,
    labels: Sequence[str],
) -> RawBand:
    means = around.get((band.image, band.lane)) or around.get((band.image, ""))
    row = table.source.row_numbers[band.place]
    if not means:
        raise FileError(
            f"{table.what} has no region of background for {quoted(labels[band.place])} (row "
            f"{row}): call one 'bg' in the image, or '{band.lane}_bg' for the lane, and measure "
            'Area and Mean; or set background = "none" where nothing is to be taken off.'
        )
    try:
        mean = sum(_number(one, table) for one in means) / len(means)
        taken = mean * _number(area, table)
    except ValueError:
        raise FileError(
            f"{table.what}: the background of {quoted(labels[band.place])} (row {row}) cannot be "
            "had, as Area or Mean is no number; measure both, for the band and for its background."
        ) from None
    return replace(band, background=repr(taken).replace(".", table.source.decimal))


def _number(cell: str, table: DensitometryTable) -> float:
    return float(cell.replace(table.source.decimal, "."))


def imagej_peaks(
    table: DensitometryTable, options: DensitometryOptions, lanes: Sequence[str]
) -> Readings:
    """Return the peaks of the gel analyser, which stand in the order of the lanes."""
    column = table.need("imagej_gel", "Area")
    cells = table.cells(column)
    ignored = {lane_word(one) for one in options.ignore_lanes}
    keys, own = list(options.bands), [one for one in lanes if one not in ignored]
    if len(cells) != len(keys) * len(own):
        raise FileError(
            f"{table.what} has {len(cells)} peaks, which know no lane; the lane key has {len(own)} "
            f"lanes and bands names {len(keys)}, that is {len(keys) * len(own)} peaks in that "
            "order: lane by lane, and in each the bands from the top. Measure every peak once."
        )
    bands = tuple(
        RawBand(
            place=place,
            lane=own[place // len(keys)],
            bands=(keys[place % len(keys)],),
            intensity=cell,
            background="0",
            column=column,
        )
        for place, cell in enumerate(cells)
    )
    note = "Peaks taken lane by lane in the order of the lane key; the baseline was drawn by hand."
    return Readings(bands=bands, notes=(note,))
