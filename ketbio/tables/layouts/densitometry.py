"""A densitometry table (Image Lab, ImageJ, LI-COR) → one row per band under our names."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ketbio.errors import FileError, did_you_mean
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.arrangement import Arrangement
from ketbio.tables.layouts.densitometry_keys import (
    EMPTY_ROLES,
    LANE_WORDS,
    LaneKey,
    lane_word,
    read_lane_key,
)
from ketbio.tables.layouts.densitometry_kinds import readings_of, unread_columns
from ketbio.tables.layouts.densitometry_options import DensitometryOptions
from ketbio.tables.layouts.densitometry_table import RawBand, Readings
from ketbio.tables.phrases import listed_rows, listed_words, quoted
from ketbio.tables.records.columns import Wish, work_columns
from ketbio.wording import count_of

_BAND_COLUMNS = ("gel_id", "lane", "target", "form", "site", "membrane")
_OPTIONAL = ("background", "is_saturated", "membrane", *LANE_WORDS)
"""Columns that are left out where nothing fills them, so that the schema says what that means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A band with its lane and what the band key says of it."""

    raw: RawBand
    key: str
    gel: str
    lane: Mapping[str, str]
    band: Mapping[str, str]


def arranged_densitometry(
    source: Source, schema: TableSchema, wish: Wish, options: DensitometryOptions
) -> Arrangement:
    """Return one row per band: intensity and background as read, the rest from the two keys.

    Parameters
    ----------
    source : Source
        The table as the program exported it.
    schema : TableSchema
        What the table must hold; a schema of bands.
    wish : Wish
        The caller's mapping.
    options : DensitometryOptions
        The lane key, the band key, the kind of file.

    Raises
    ------
    FileError
        The file is of no kind that is known, a key cannot be read, or a band has no gel.
    """
    if work_columns(source, wish.columns):
        return Arrangement(source=source, wish=wish)
    refuse_other_schema(schema)
    key = read_lane_key(options.lanes)
    # as the densitometry calls them, which is how a band is looked up
    in_order = [lane for (_, lane), entry in key.lanes.items() if not _is_empty(entry)]
    readings = readings_of(source, options, in_order)
    placed, faults, notes = _placed(source, readings, key, options)
    rows = [_cells(one) for one in placed]
    names = [name for name in schema.columns if _is_filled(name, rows)]
    column = readings.bands[0].column if readings.bands else ""
    numbers = dict(zip(source.header, source.column_numbers, strict=False))
    row_of = source.row_numbers
    made = replace(
        source,
        header=tuple(names),
        rows=tuple(tuple(row.get(name, "") for name in names) for row in rows),
        row_numbers=tuple(row_of[one.raw.place] for one in placed),
        overflow={},
        fractions={
            (row_of[one.raw.place], "intensity")
            for one in placed
            if (row_of[one.raw.place], one.raw.column) in source.fractions
        },
        column_numbers=tuple(numbers.get(column, 0) if n == "intensity" else 0 for n in names)
        if numbers
        else (),
        notes=(*source.notes, *readings.notes, *notes, *_told(source, readings, key, placed)),
        faults=(*source.faults, *faults),
    )
    # LI-COR calls the column of its shapes "Name"; what stands there has to be in the lane key.
    known = (*wish.allow_identifiers, *readings.lane_columns)
    return Arrangement(source=made, wish=replace(wish, allow_identifiers=known))


def refuse_other_schema(schema: TableSchema) -> None:
    """Raise `FileError` where a table of bands is not what is wanted."""
    lacking = [name for name in ("gel_id", "lane", "target", "form") if name not in schema.columns]
    if lacking:
        raise FileError(
            f"densitometry makes a table of bands, but the schema {schema.name} has no column "
            f"{listed_words(map(quoted, lacking))}; check it against the schema blots."
        )


def _cells(one: _Placed) -> dict[str, str]:
    """Return the cells of one band under our names."""
    own = {name: one.lane.get(name, "") for name in LANE_WORDS}
    own |= {name: one.band.get(name, "") for name in ("target", "form", "site", "membrane")}
    return own | {
        "gel_id": one.gel,
        "lane": one.lane["lane"],
        "intensity": one.raw.intensity,
        "background": one.raw.background,
        "is_saturated": one.raw.is_saturated,
    }


def _is_filled(name: str, rows: Sequence[Mapping[str, str]]) -> bool:
    is_read = name in (*_BAND_COLUMNS, *_OPTIONAL, "intensity")
    return is_read and (name not in _OPTIONAL or any(row[name] for row in rows))


def _is_empty(entry: Mapping[str, str]) -> bool:
    return entry.get("role", "").casefold() in EMPTY_ROLES


def _placed(
    source: Source, readings: Readings, key: LaneKey, options: DensitometryOptions
) -> tuple[list[_Placed], list[Fault], list[str]]:
    """Return the bands whose lane and band are known, and what is to be said of the others."""
    ignored = {lane_word(one) for one in options.ignore_lanes}
    made: list[_Placed] = []
    unknown: dict[tuple[str, str], list[int]] = {}
    left: Counter[str] = Counter()
    for raw in readings.bands:
        row = source.row_numbers[raw.place]
        band = next((word for word in raw.bands if word in options.bands), None)
        if lane_word(raw.lane) in ignored or set(raw.bands) & set(options.ignore_bands):
            left["left out, as asked for"] += 1
            continue
        if band is None:
            unknown.setdefault(("band", raw.bands[0] if raw.bands else ""), []).append(row)
            continue
        gel = _gel_of(raw, options.bands[band], key, options, row)
        entry = key.of(gel, raw.lane)
        if entry is None:
            unknown.setdefault(("lane", raw.lane), []).append(row)
        elif _is_empty(entry):
            left["of lanes without a sample left out"] += 1
        else:
            words = options.bands[band]
            made.append(_Placed(raw=raw, key=band, gel=gel, lane=entry, band=words))
    notes = [f"{count_of(n, 'band')} {words}." for words, n in left.items()]
    return made, list(_unknown_faults(unknown, key, options)), notes


def _gel_of(
    raw: RawBand,
    band: Mapping[str, str],
    key: LaneKey,
    options: DensitometryOptions,
    row: int,
) -> str:
    """Return the gel of a band: by its image, by the band key, by the options, by the lane key."""
    gels = (
        {gel for gel, lane in key.lanes if lane == lane_word(raw.lane)} if key.has_gels else set()
    )
    stem = raw.image.rsplit(".", 1)[0]
    named = (
        options.gels.get(raw.image)
        or options.gels.get(stem)
        or band.get("gel_id", "")
        or options.gel
    )
    if named:
        return named
    if len(gels) == 1:
        return next(iter(gels))
    raise FileError(
        f"The gel of row {row} (lane {quoted(raw.lane)}) is not named; set gel for a file of one "
        "gel, gels by image for several, or gel_id for the band."
    )


def _unknown_faults(
    unknown: Mapping[tuple[str, str], Sequence[int]], key: LaneKey, options: DensitometryOptions
) -> Iterator[Fault]:
    """Complain once of each lane and band that its key does not name."""
    for (what, word), rows in unknown.items():
        known = list(options.bands) if what == "band" else [lane for _, lane in key.lanes]
        place = "bands" if what == "band" else f"the lane key {key.file}"
        found = f"is {quoted(word)}, which {place} does not name" if word else "is not named"
        yield Fault(
            row=rows[0],
            rule=f"unknown_{what}",
            column=what,
            value=word,
            message=f"The {what} {found} ({count_of(len(rows), 'row')}: {listed_rows(rows)})."
            f"{did_you_mean(word, known)} Name it there, or under ignore_{what}s to leave it out.",
            stays=True,
        )


def _told(
    source: Source, readings: Readings, key: LaneKey, placed: Sequence[_Placed]
) -> Iterator[str]:
    """Say what was not read, and which lanes lack a band."""
    if aside := list(unread_columns(source, readings)):
        yield f"Columns not read: {listed_words(aside)}."
    here = {(one.gel, one.lane["lane"]) for one in placed}
    gels = {gel for gel, _ in here}
    found = {(one.key, one.gel, one.lane["lane"]) for one in placed}
    for entry in key.lanes.values():
        wanted = {entry["gel_id"]} & gels if key.has_gels else gels
        for gel in sorted(wanted):
            bands = {one.key for one in placed if one.gel == gel}
            lacking = sorted(band for band in bands if (band, gel, entry["lane"]) not in found)
            if lacking and not _is_empty(entry):
                yield f"Gel {gel} lane {entry['lane']} has no band {listed_words(lacking)}."
