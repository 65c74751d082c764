"""What is chosen of a file of plates: the wavelengths, the masked wells, the units."""

from collections.abc import Iterable, Sequence

from ketbio.errors import FileError, SchemaError
from ketbio.tables.layouts.plates.options import PlateOptions
from ketbio.tables.layouts.plates.reading import Plate
from ketbio.tables.layouts.plates.records import READING, REFERENCE, WellRecord
from ketbio.tables.layouts.plates.wells import Well, well_at
from ketbio.tables.phrases import listed_words, quoted
from ketbio.tables.records.units import known_unit
from ketbio.wording import count_of


def chosen_waves(plates: Sequence[Plate], options: PlateOptions) -> tuple[dict[str, str], str]:
    """Return which wavelength is the reading and which the reference, and a note of it."""
    there = list(dict.fromkeys(wave for plate in plates for wave in plate.waves))
    for plate in plates:
        if set(plate.waves) != set(there):
            raise FileError(
                f"Plate {plate.name} has the wavelengths {_listed(plate.waves)}, others "
                f"{_listed(there)}; read them one by one."
            )
    wanted = {READING: options.wavelength, REFERENCE: options.reference_wavelength}
    chosen = {which: str(nm) for which, nm in wanted.items() if nm}
    for which, wave in chosen.items():
        if wave not in there:
            raise SchemaError(
                f"plate: {wave} nm is wanted as {which}; the file has {_listed(there)}."
            )
    if READING in chosen or len(there) == 1:
        left = [wave for wave in there if wave not in chosen.values()]
        chosen.setdefault(READING, there[0])
        if len(there) == 2 and left:
            chosen.setdefault(REFERENCE, left[0])
    elif len(there) == 2:
        reading = next((wave for wave in there if wave != chosen.get(REFERENCE)), there[0])
        chosen |= {READING: reading, REFERENCE: next(wave for wave in there if wave != reading)}
    else:
        raise FileError(
            f"The plates have {count_of(len(there), 'wavelength')} ({_listed(there)}); say which "
            "is read: wavelength = 450, and reference_wavelength = 620 if one is subtracted."
        )
    if REFERENCE not in chosen or not all(there):
        return chosen, ""
    note = f"{chosen[READING]} nm read as absorbance, {chosen[REFERENCE]} nm as its reference."
    return chosen, note


def _listed(waves: Iterable[str]) -> str:
    return listed_words(f"{wave} nm" if wave else "one without a name" for wave in waves)


def masked_wells(plates: Sequence[Plate], options: PlateOptions) -> dict[tuple[str, Well], str]:
    """Return the wells that the caller or the groups of the export leave out."""
    masked: dict[tuple[str, Well], str] = {}
    for plate in plates:
        for group in plate.groups:
            if group.is_masked and (place := well_at(group.cell.text)):
                masked[plate.name, place] = "masked in the reader's export"
    names = [plate.name for plate in plates]
    for one in options.masked:
        name, _, text = one.rpartition(":")
        if not name and len(names) > 1:
            raise SchemaError(
                f"plate: masked names {one!r}, and there are {len(names)} plates; write "
                f"'{names[0]}:{text}'."
            )
        name, well = name or names[0], well_at(text)
        shape = next((plate.shape for plate in plates if plate.name == name), None)
        if shape is None:
            listed = listed_words(map(quoted, names))
            raise SchemaError(f"plate: masked names {one!r}; the plates are {listed}.")
        if well is None or well[0] >= shape[0] or well[1] >= shape[1]:
            raise SchemaError(
                f"plate: masked names {one!r}; a plate of {shape[0]} × {shape[1]} has no such well."
            )
        masked[name, well] = "masked in the study file"
    for name in options.run_dates:
        if name not in names:
            listed = listed_words(map(quoted, names))
            raise SchemaError(f"plate: run_dates names {name!r}; the plates are {listed}.")
    return masked


def units_of(wells: Sequence[WellRecord], options: PlateOptions, title: str) -> dict[int, str]:
    """Return the unit of each well with a concentration, by its place.

    Raises
    ------
    SchemaError
        The unit that the caller names is not known.
    FileError
        None is named anywhere.
    """
    if options.unit and not known_unit(options.unit):
        raise SchemaError(
            f"plate: unit is {options.unit!r}, which is not known; allowed: 'ng/mL', 'pg/mL' and "
            "the like."
        )
    units: dict[int, str] = {}
    for place, one in enumerate(wells):
        if one.content.concentration or one.content.spike:
            unit = one.content.unit or one.entry.unit or known_unit(options.unit)
            if not unit:
                raise FileError(
                    f"{title}: the layout names the concentration of well {one.name} "
                    f"({quoted(one.entry.cell.text)}) without a unit. Say under plate which it is: "
                    'unit = "pg/mL", or "ng/mL".'
                )
            units[place] = unit
    return units
