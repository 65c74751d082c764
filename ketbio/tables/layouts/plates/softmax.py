"""Text exports of SoftMax Pro: blocks of plates, and of groups that say what their wells hold."""

import re
from collections.abc import Mapping, Sequence

from ketbio.errors import FileError
from ketbio.tables.layouts.plates.blocks import number_runs
from ketbio.tables.layouts.plates.pages import Cell, Page
from ketbio.tables.layouts.plates.reading import GroupWell, Plate
from ketbio.tables.layouts.plates.wells import Well, shape_of, well_at
from ketbio.tables.records.header_units import named_unit
from ketbio.wording import count_of

_PLATE, _GROUP, _END = "plate:", "group:", "~end"
_BLOCKS = re.compile(r"##BLOCKS\s*=\s*([0-9]+)", re.IGNORECASE)
_WAVES = re.compile(r"[2-9][0-9]{2}(?: +[2-9][0-9]{2})*")
_FOR_WELLS = ("wells", "well")
_FOR_PLATE = ("wellplatename", "plate", "plates")
_CONCENTRATION = ("concentration", "conc", "conc.", "exp.conc", "expconc", "exp. conc")
_DILUTION = ("dilution", "dilutionfactor", "factor", "dil", "dil.")


def is_softmax(page: Page) -> bool:
    """Return whether a page is an export of SoftMax Pro."""
    first = [cells[0] for cells in list(page.lines.values())[:50] if cells]
    return any(_BLOCKS.match(cell) for cell in first) or _PLATE in map(str.casefold, first)


def softmax_plates(page: Page) -> list[Plate]:
    """Return the plates of an export with their groups.

    Raises
    ------
    FileError
        The export is cut short, of a kind that is not read, or does not say which plate the wells
        of a group belong to.
    """
    starts = [
        (row, cells[0].casefold())
        for row, cells in page.lines.items()
        if cells[0].casefold().startswith((_PLATE, _GROUP))
    ]
    _refuse_cut_short(page, len(starts))
    last = max(page.lines) + 1
    plates: list[Plate] = []
    groups: list[tuple[int, list[GroupWell], Mapping[int, str]]] = []
    for (row, word), stop in zip(starts, [*(row for row, _ in starts[1:]), last], strict=True):
        lines = [line for line in page.lines if row <= line < stop]
        lines = lines[: _end_of(page, lines)]
        if word.startswith(_PLATE):
            plates.append(_plate(page, lines))
        else:
            wells, named = _group(page, lines)
            groups.append((row, wells, named))
    return [_with_groups(plate, plates, groups, page) for plate in plates]


def _refuse_cut_short(page: Page, n: int) -> None:
    first = next(iter(page.lines.values()))
    said = _BLOCKS.match(first[0])
    rest = sum(
        cells[0].casefold().startswith(("note:", "graph:", "cuvette"))
        for cells in page.lines.values()
    )
    if said and int(said[1]) > n + rest:
        raise FileError(
            f"{page.title} says that {count_of(int(said[1]), 'block')} follow, and holds "
            f"{n + rest}: it is cut short. Export it again."
        )


def _end_of(page: Page, lines: Sequence[int]) -> int:
    for place, row in enumerate(lines):
        if page.lines[row][0].casefold().startswith(_END):
            return place
    return len(lines)


# -- plates ------------------------------------------------------------------------------------
def _plate(page: Page, lines: Sequence[int]) -> Plate:
    title = page.lines[lines[0]]
    name = title[1] if len(title) > 1 else ""
    waves = next((cell.split() for cell in title[9:] if _WAVES.fullmatch(cell)), [""])
    if "Kinetic" in title or "Spectrum" in title or len(lines) < 3:
        raise FileError(
            f"{page.title}, row {lines[0]}: plate {name!r} is no endpoint reading, or has no "
            "values; export it as an endpoint plate."
        )
    head, body = lines[1], lines[2:]
    wells = {
        place: well
        for place, cell in enumerate(page.lines[head])
        if (well := well_at(cell)) is not None
    }
    runs = list(number_runs(page.lines[head]))
    if wells:
        readings = _by_columns(page, wells, body, waves, name)
    elif runs:
        readings = _by_grids(page, runs, body, waves, name)
    else:
        raise FileError(
            f"{page.title}, row {head}: wells A1, A2 … or columns 1, 2 … are wanted there, as the "
            f"header of plate {name!r}."
        )
    places = next(iter(readings.values()))
    shape = shape_of(1 + max(r for r, _ in places), 1 + max(c for _, c in places))
    if shape is None:
        raise FileError(f"{page.title}: plate {name!r} has more than 16 × 24 wells.")
    return Plate(
        name=name, page=page, row=lines[0], shape=shape, waves=readings, rows=frozenset(lines)
    )


def _by_columns(
    page: Page, wells: Mapping[int, Well], body: Sequence[int], waves: Sequence[str], name: str
) -> dict[str, dict[Well, Cell]]:
    """Read one line of all wells for each wavelength."""
    if len(body) != len(waves):
        raise FileError(
            f"{page.title}: plate {name!r} has {count_of(len(body), 'line')} of values for "
            f"{count_of(len(waves), 'wavelength')}; export it as an endpoint reading."
        )
    return {
        wave: {well: page.cell(row, place) for place, well in wells.items()}
        for wave, row in zip(waves, body, strict=True)
    }


def _by_grids(
    page: Page,
    runs: Sequence[tuple[int, int]],
    body: Sequence[int],
    waves: Sequence[str],
    name: str,
) -> dict[str, dict[Well, Cell]]:
    """Read grids beside each other, one for each wavelength."""
    if len(runs) != len(waves):
        raise FileError(
            f"{page.title}: plate {name!r} has {count_of(len(runs), 'grid')} for "
            f"{count_of(len(waves), 'wavelength')}; export it as an endpoint reading."
        )
    return {
        wave: {
            (r, c): page.cell(row, start + c)
            for r, row in enumerate(body)
            for c in range(stop - start)
        }
        for wave, (start, stop) in zip(waves, runs, strict=True)
    }


# -- groups ------------------------------------------------------------------------------------
def _group(page: Page, lines: Sequence[int]) -> tuple[list[GroupWell], Mapping[int, str]]:
    """Return the wells of a group, and the plate of each that names one."""
    if len(lines) < 2:
        return [], {}
    title = page.lines[lines[0]]
    name = title[0].partition(":")[2].strip() or (title[1] if len(title) > 1 else "")
    header = page.lines[lines[1]]
    folded = ["".join(cell.casefold().split()) for cell in header]
    wells = _place(folded, _FOR_WELLS)
    if wells < 0:
        return [], {}
    stems = ["".join(named_unit(cell).stem.casefold().split()) for cell in header]
    level, fold = _place(stems, _CONCENTRATION), _place(folded, _DILUTION)
    unit = named_unit(header[level]).unit if level >= 0 else ""
    found: list[GroupWell] = []
    plates: dict[int, str] = {}
    plate_at = _place(folded, _FOR_PLATE)
    carried = {"sample": "", "level": "", "fold": ""}
    previous = lines[1]
    for row in lines[2:]:
        cell = page.cell(row, wells)
        # A blank line ends the wells; below it stand the formulas of the columns.
        if row > previous + 1 or not cell.text:
            break
        previous = row
        if page.cell(row, 0).text:
            carried = {
                "sample": page.cell(row, 0).text,
                "level": page.cell(row, level).text if level >= 0 else "",
                "fold": page.cell(row, fold).text if fold >= 0 else "",
            }
        if plate_at >= 0 and page.cell(row, plate_at).text:
            plates[len(found)] = page.cell(row, plate_at).text
        found.append(
            GroupWell(
                group=name,
                sample=carried["sample"],
                concentration=carried["level"],
                unit=unit,
                dilution_factor=carried["fold"],
                cell=cell,
                is_masked="masked" in map(str.casefold, page.lines[row]),
            )
        )
    return found, plates


def _place(names: Sequence[str], wanted: Sequence[str]) -> int:
    return next((place for place, name in enumerate(names) if name in wanted), -1)


def _with_groups(
    plate: Plate,
    plates: Sequence[Plate],
    groups: Sequence[tuple[int, Sequence[GroupWell], Mapping[int, str]]],
    page: Page,
) -> Plate:
    """Return a plate with the wells of the groups that name it, or that follow it alone."""
    own: list[GroupWell] = []
    for row, wells, named in groups:
        if named:
            own += [well for place, well in enumerate(wells) if named.get(place) == plate.name]
            continue
        before = [one for one in plates if one.row < row]
        started = min((r for r, *_ in groups if before and r > before[-1].row), default=row)
        since = _together(plates, started, groups)
        if len(since) > 1 and wells:
            raise FileError(
                f"{page.title}, row {row}: the group {wells[0].group!r} names no plate, and "
                f"{count_of(len(since), 'plate')} stand before it. Export each plate with its "
                "groups, or give another layout."
            )
        if before and before[-1] is plate:
            own += wells
    return plate.with_groups(own)


def _together(
    plates: Sequence[Plate],
    started: int,
    groups: Sequence[tuple[int, Sequence[GroupWell], Mapping[int, str]]],
) -> list[Plate]:
    """Return the plates between the first group after them and the last group before them."""
    earlier = max((row for row, *_ in groups if row < started), default=0)
    return [plate for plate in plates if earlier < plate.row < started]
