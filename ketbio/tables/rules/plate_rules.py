"""Rules of plates and their wells; written like those of `ketbio.tables.rules.registry`."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ketbio.tables.phrases import cut, listed_words, quoted
from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.mask_rules import is_read, positions_of_plates
from ketbio.tables.rules.registry import Finding, Frame, key_values, key_words, rule
from ketbio.tables.rules.settings import (
    Columns,
    FlagColumn,
    Number,
    NumberColumn,
    PlateSize,
    TextColumn,
    Whole,
    Word,
)
from ketbio.wording import count_of


# -- wells -----------------------------------------------------------------------------------
def well_places(wells: "pd.Series[str]", *, rows: int, columns: int) -> "pd.Series[float]":
    """Return the number of each well on its plate, row by row; NaN for one that it does not have.

    Examples
    --------
    >>> wells = pd.Series(["A1", "a01", "B12", "H13", "I1", "7"])
    >>> well_places(wells, rows=8, columns=12).tolist()
    [0.0, 0.0, 23.0, nan, nan, nan]
    """
    parts = wells.astype("str").str.upper().str.extract(r"^\s*([A-Z]{1,2})\s*0*([1-9][0-9]?)\s*$")
    row = parts[0].map({well_row(number): number for number in range(rows)}).astype("float64")
    column = pd.to_numeric(parts[1]).astype("float64")
    place: pd.Series[float] = (row * columns + column - 1).where(column <= columns)
    return place


def well_row(number: int) -> str:
    """Return the letter of a row of a plate, counted from 0; after Z comes AA.

    Examples
    --------
    >>> well_row(7), well_row(31)
    ('H', 'AF')
    """
    letter = chr(ord("A") + number % 26)
    return letter if number < 26 else f"A{letter}"


def _explain_plate_layout(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    plate: TextColumn,
    well: TextColumn,
    rows: int,
    columns: int,
) -> Iterator[Finding]:
    places = well_places(frame[well], rows=rows, columns=columns)
    keys = pd.DataFrame({"plate": frame[plate], "place": places}).iloc[list(failed)]
    last = f"{well_row(rows - 1)}{columns}"
    for position in (i for i in failed if pd.isna(places.iloc[i])):
        yield Finding(
            position=position,
            column=well,
            message=f"{records.label(well, position)} is "
            f"{quoted(str(frame[well].iloc[position]))}; "
            f"a plate of {rows} × {columns} has the wells A1 to {last}. Correct it.",
        )
    for _, own in keys.dropna().groupby(["plate", "place"], sort=False):
        positions = own.index.tolist()
        number, column = divmod(int(own["place"].iloc[0]), columns)
        message = (
            f"{count_of(len(positions), 'row')} of well {well_row(number)}{column + 1} of plate "
            f"{cut(str(own['plate'].iloc[0]))}: {records.listed(positions)}; one is "
            "allowed. Correct the well or the plate."
        )
        for position in positions:
            yield Finding(position=position, column=well, message=message)


@rule(_explain_plate_layout)
def plate_layout(
    frame: Frame,
    *,
    plate: TextColumn,
    well: TextColumn,
    rows: PlateSize = 8,
    columns: PlateSize = 12,
) -> "pd.Series[bool]":
    """Hold where the well is one of the plate's, and no other row is of the same well.

    ``A1``, ``a1`` and ``A01`` are one well. ``rows`` and ``columns`` are those of the plate.
    """
    places = well_places(frame[well], rows=rows, columns=columns)
    keys = pd.DataFrame({"plate": frame[plate], "place": places})
    twice = keys.duplicated(keep=False) & keys.notna().all(axis=1)
    return (places.notna() | frame[well].isna()) & ~twice


# -- what each plate needs -------------------------------------------------------------------
def _levels(
    frame: Frame, plate: TextColumn, role: TextColumn, standard: Word, concentration: NumberColumn
) -> dict[str, list[float]]:
    """Return the known concentrations above 0 of the standards, by plate, rising."""
    is_level = (frame[role] == standard) & (frame[concentration] > 0)
    own = frame.loc[is_level, [plate, concentration]].dropna().drop_duplicates()
    levels: dict[str, list[float]] = {}
    for name, level in zip(own[plate], own[concentration], strict=True):
        levels.setdefault(str(name), []).append(float(level))
    return {name: sorted(there) for name, there in levels.items()}


def _explain_standard_levels(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    plate: TextColumn,
    role: TextColumn,
    standard: Word,
    concentration: NumberColumn,
    at_least: Whole,
    mask: FlagColumn = "",
) -> Iterator[Finding]:
    levels = _levels(frame[is_read(frame, mask)], plate, role, standard, concentration)
    for name, positions in positions_of_plates(frame, plate, failed).items():
        there = levels.get(name, [])
        listed = f" ({listed_words(f'{level:g}' for level in there)})" if there else ""
        yield Finding(
            position=positions[0],
            others=tuple(positions[1:]),
            column=plate,
            message=f"Plate {cut(name)} has {count_of(len(there), 'standard level')} above 0"
            f"{listed}; a standard curve needs {at_least}. Add the standards' wells, or correct "
            f"{records.label(role, positions[0])} or "
            f"{records.label(concentration, positions[0])}.",
        )


@rule(_explain_standard_levels)
def standard_levels(
    frame: Frame,
    *,
    plate: TextColumn,
    role: TextColumn,
    standard: Word,
    concentration: NumberColumn,
    at_least: Whole,
    mask: FlagColumn = "",
) -> "pd.Series[bool]":
    """Hold where the plate has enough standards of different concentrations above 0.

    Wells whose flag ``mask`` is set do not count.
    """
    levels = _levels(frame[is_read(frame, mask)], plate, role, standard, concentration)
    enough = [name for name, there in levels.items() if len(there) >= at_least]
    return frame[plate].isna() | frame[plate].isin(enough)


def _explain_blanks_present(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    plate: TextColumn,
    role: TextColumn,
    blank: Word,
    concentration: NumberColumn = "",
    mask: FlagColumn = "",
) -> Iterator[Finding]:
    for name, positions in positions_of_plates(frame, plate, failed).items():
        is_own = frame[plate] == name
        is_there = bool((is_own & _is_background(frame, role, blank, concentration)).any())
        lack = "no well that is not masked" if is_there and mask else "no well"
        yield Finding(
            position=positions[0],
            others=tuple(positions[1:]),
            column=plate,
            message=f"Plate {cut(name)} has {lack} with the {records.label(role, positions[0])} "
            f"{blank!r}: its background is not known. Add the blank wells, or correct the role.",
        )


def _is_background(
    frame: Frame, role: TextColumn, blank: Word, concentration: str
) -> "pd.Series[bool]":
    """Return the blanks, and the wells with a standard of nothing."""
    is_blank = frame[role] == blank
    return is_blank | (frame[concentration] == 0) if concentration else is_blank


@rule(_explain_blanks_present)
def blanks_present(
    frame: Frame,
    *,
    plate: TextColumn,
    role: TextColumn,
    blank: Word,
    concentration: NumberColumn = "",
    mask: FlagColumn = "",
) -> "pd.Series[bool]":
    """Hold where the plate has a blank.

    With ``concentration`` a well where it is 0 is one too; wells whose flag ``mask`` is set do not
    count.
    """
    is_blank = _is_background(frame, role, blank, concentration) & is_read(frame, mask)
    with_blank = frame.loc[is_blank, plate].dropna()
    return frame[plate].isna() | frame[plate].isin(with_blank)


# -- replicates ------------------------------------------------------------------------------
def _variation(
    frame: Frame, within: Sequence[str], value: NumberColumn, apart: Sequence[str], mask: str
) -> "pd.Series[float]":
    """Return for each row the coefficient of variation of its replicates, in percent."""
    wells = frame.loc[is_read(frame, mask), [*within, value, *apart]]
    known = wells.dropna(subset=[*within, value])
    each = known.groupby([*within, *apart], dropna=False)[value]
    mean, spread = each.transform("mean"), each.transform("std")
    cv: pd.Series[float] = (100 * spread / mean.where(mean > 0)).reindex(frame.index)
    return cv


def _explain_replicates_agree(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    within: Columns,
    value: NumberColumn,
    cv_percent: Number,
    apart: Columns = (),
    mask: FlagColumn = "",
) -> Iterator[Finding]:
    cv = _variation(frame, within, value, apart, mask)
    wells = frame.iloc[list(failed)]
    for _, own in wells.groupby([*within, *apart], sort=False, dropna=False):
        positions = [int(i) for i in own.index]
        values = listed_words(f"{number:g}" for number in own[value])
        yield Finding(
            position=positions[0],
            others=tuple(positions[1:]),
            column=value,
            message=f"The replicates of {key_words(within)} "
            f"{', '.join(key_values(frame, within, positions[0]))} "
            f"({records.listed(positions)}) differ: {records.label(value, positions[0])}"
            f" {values}, a CV of {cv.loc[positions[0]]:.0f} % where {cv_percent:g} % is allowed. "
            "Check the wells; the rows are kept.",
        )


@rule(_explain_replicates_agree)
def replicates_agree(
    frame: Frame,
    *,
    within: Columns,
    value: NumberColumn,
    cv_percent: Number,
    apart: Columns = (),
    mask: FlagColumn = "",
) -> "pd.Series[bool]":
    """Hold where the rows that share ``within`` vary by no more than a CV, in percent.

    Rows that lack a word of ``within`` are no replicates of each other; nor are those that differ
    in ``apart``, where an empty cell is a word like any other. Wells whose flag ``mask`` is set do
    not count.
    """
    return ~(_variation(frame, within, value, apart, mask) > cv_percent)
