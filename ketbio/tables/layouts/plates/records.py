"""Readings and layouts of plates → one record per well, and what is odd about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ketbio.tables.files.grid import Fault
from ketbio.tables.layouts.plates.grids import OVERFLOW
from ketbio.tables.layouts.plates.layouts import Entry
from ketbio.tables.layouts.plates.pages import Cell
from ketbio.tables.layouts.plates.reading import Plate
from ketbio.tables.layouts.plates.wells import Well, listed_wells, well_name
from ketbio.tables.layouts.plates.words import Content
from ketbio.tables.phrases import quoted
from ketbio.wording import count_of

READING, REFERENCE = "absorbance", "reference_absorbance"
OVERFLOWN = "reader overflow"
"""Why a well without a number is masked."""


@dataclass(slots=True, kw_only=True)
class WellRecord:
    """One well: what it holds, what was read in it, and where both stand.

    Attributes
    ----------
    plate : Plate
        Its plate.
    name : str
        The well.
    entry : Entry
        What the layout says.
    readings : mapping of str to Cell
        `READING` and `REFERENCE` → cell.
    mask_reason : str
        Why it is masked, empty where it is not.
    saturated : tuple of str
        The readings that are above what the reader can read.
    """

    plate: Plate
    name: str
    entry: Entry
    readings: Mapping[str, Cell]
    mask_reason: str = ""
    saturated: tuple[str, ...] = ()

    @property
    def content(self) -> Content:
        """What the well holds; a record without a role where the layout cannot be read."""
        return self.entry.content or Content(role="")

    @property
    def row(self) -> int:
        """The spreadsheet row of the reading, else that of the plate."""
        cell = self.readings.get(READING)
        return cell.row if cell is not None else self.plate.row

    def reading(self, which: str) -> str:
        """Return a reading as written, empty where it is above what the reader can read."""
        cell = self.readings.get(which)
        return "" if cell is None or which in self.saturated else cell.text


@dataclass(slots=True, kw_only=True)
class Gathered:
    """The wells of some plates, and what there is to note."""

    wells: list[WellRecord] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def gathered_wells(
    plates: Sequence[Plate],
    layouts: Sequence[Sequence[Entry]],
    waves: Mapping[str, str],
    masked: Mapping[tuple[str, Well], str],
) -> Gathered:
    """Return a record for each well that a layout names, in the order of the plate.

    Parameters
    ----------
    plates : sequence of Plate
        The readings.
    layouts : sequence of sequence of Entry
        What the wells of each plate hold.
    waves : mapping of str to str
        `READING`, and `REFERENCE` where there is one → wavelength.
    masked : mapping of (str, Well) to str
        Plate and well → why it is masked.
    """
    made = Gathered()
    for plate, entries in zip(plates, layouts, strict=True):
        own = {well: why for (name, well), why in masked.items() if name == plate.name}
        _gather(plate, entries, waves, own, made)
    return made


def _gather(
    plate: Plate,
    entries: Sequence[Entry],
    waves: Mapping[str, str],
    masked: Mapping[Well, str],
    made: Gathered,
) -> None:
    read = plate.waves[waves[READING]]
    for entry in sorted(entries, key=lambda one: one.well or (99, 99)):
        readings = {
            which: plate.waves[wave][entry.well]
            for which, wave in waves.items()
            if entry.well is not None and entry.well in plate.waves[wave]
        }
        content = entry.content
        reason = content.mask_reason or "masked" if content and content.is_masked else ""
        reason = reason or (masked.get(entry.well, "") if entry.well else "")
        name = well_name(entry.well) if entry.well else entry.name
        made.wells.append(
            WellRecord(plate=plate, name=name, entry=entry, readings=readings, mask_reason=reason)
        )
    named = {entry.well for entry in entries}
    left_out = [well for well, cell in read.items() if cell.text and well not in named]
    if left_out:
        made.notes.append(
            f"Plate {plate.name}: {count_of(len(left_out), 'well')} with a reading left out, as "
            f"the layout leaves them empty: {listed_wells(left_out)}."
        )
    for well, why in masked.items():
        if well not in named:
            made.faults.append(
                Fault(
                    row=plate.row,
                    rule="masked_well",
                    severity="warning",
                    records=(),
                    message=f"Well {well_name(well)} of plate {plate.name} is {why}, but the "
                    "layout leaves it empty. Correct the one that is wrong.",
                )
            )


def numbered_faults(wells: Sequence[WellRecord], first: int) -> Iterator[Fault]:
    """Name the wells whose layout cannot be read, and the saturated ones.

    Parameters
    ----------
    wells : sequence of WellRecord
        All wells; the saturated ones become masked.
    first : int
        The number of the first of them in the source.
    """
    for number, one in enumerate(wells, start=first):
        where = f"Well {one.name} of plate {one.plate.name}"
        if one.entry.problem:
            yield Fault(
                row=one.row,
                rule="layout_cell",
                column="role",
                value=one.entry.cell.text,
                records=(number,),
                message=f"{where}: the layout ({one.entry.cell.name}) says {one.entry.problem}",
            )
        saturated = [which for which, cell in one.readings.items() if OVERFLOW.fullmatch(cell.text)]
        if saturated:
            cell = one.readings[saturated[0]]
            one.saturated = tuple(saturated)
            one.mask_reason = one.mask_reason or OVERFLOWN
            yield Fault(
                row=one.row,
                rule="saturated_reading",
                column=saturated[0],
                value=cell.text,
                severity="warning",
                records=(number,),
                message=f"{where} ({cell.name}) is {quoted(cell.text)}, above what the reader can "
                "read: it is kept as masked, without a number. Dilute the sample and read it "
                "again.",
            )


def unit_faults(
    wells: Sequence[WellRecord], units: Mapping[int, str], first: int
) -> Iterator[Fault]:
    """Complain of plates whose concentrations are in two units; the whole plate is kept out.

    Parameters
    ----------
    wells : sequence of WellRecord
        All wells.
    units : mapping of int to str
        Place of a well → the unit of its concentration.
    first : int
        The number of the first well in the source.
    """
    plates: dict[str, dict[str, list[Well]]] = {}
    for place, unit in units.items():
        one = wells[place]
        by_unit = plates.setdefault(one.plate.name, {})
        by_unit.setdefault(unit, []).append(one.entry.well or (0, 0))
    for name, by_unit in plates.items():
        if len(by_unit) > 1:
            told = [f"{unit} in {listed_wells(own)}" for unit, own in by_unit.items()]
            numbers = [i for i, one in enumerate(wells, start=first) if one.plate.name == name]
            yield Fault(
                row=wells[numbers[0] - first].row,
                rule="two_units",
                column="concentration",
                records=tuple(numbers),
                message=f"Plate {name} has concentrations in two units: {'; '.join(told)}. A plate "
                "has one; write all of them in it.",
            )
