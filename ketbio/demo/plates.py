"""Simulated ELISA of BDNF: two plates, as a plate reader exports them, and their layout.

The levels are drawn first. A well then reads what its curve (four parameters) makes of its level
after dilution, with the noise of the wells and of the reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ketbio.demo.design import (
    BELOW_LLOQ,
    BELOW_LLOQ_NG_ML,
    DILUTED_FURTHER,
    DISAGREEING_PAIR,
    MASKED_WELL,
    SPIKED,
)
from ketbio.demo.draws import csv_text, normal
from ketbio.demo.markers import PAIRED_VISITS, ChangeModel, draw_pair
from ketbio.demo.plate_export import Curve, export_text
from ketbio.demo.ratings import Course
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

BDNF_MODELS = {
    "serum": ChangeModel(mean=4.45, sd=0.35, change=0.03, change_sd=0.22),
    "plasma": ChangeModel(mean=-0.15, sd=0.55, change=0.05, change_sd=0.40),
}
"""log2 of ng/mL: about 22 in serum, 0.9 in plasma."""

N_REPLICATES = 2
WELL_SD = 0.04
"""Of a well around its sample, as a share: pipetting and washing."""
STANDARD_SD = 0.02

STANDARDS_PG_ML = (3200, 1600, 800, 400, 200, 100, 50, 0)
CONTROLS_PG_ML = {"QC low": 150, "QC high": 1200}
SPIKE_PG_ML = 600
DILUTIONS = {"serum": 20, "plasma": 2}
FURTHER_DILUTIONS = (2, 4)
"""How many times the usual dilution, for the samples that were diluted further."""

PLATES = {"serum": "PL1", "plasma": "PL2"}
RUN_DATES = {"PL1": "2024-08-12", "PL2": "2024-08-13"}
CURVES = {
    "PL1": Curve(lower=0.055, upper=2.95, ec50=900.0, slope=1.20),
    "PL2": Curve(lower=0.060, upper=2.70, ec50=960.0, slope=1.18),
}
"""OD against pg/mL; two runs never have quite the same curve."""

DISAGREEMENT = 1.25
MASK_REASON = "air bubble"
BUBBLE_OD = 0.9

LAYOUT_COLUMNS = (
    "plate",
    "well",
    "role",
    PARTICIPANT_ID,
    VISIT,
    "specimen",
    "dilution_factor",
    "concentration (pg/mL)",
    "control_name",
    "spike (pg/mL)",
    "is_masked",
    "mask_reason",
)
ROWS = "ABCDEFGH"

Sample = tuple[str, str, str]
"""Specimen, participant, visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateWell:
    """What is in one well: what the layout says of it, and what truly is in it.

    Attributes
    ----------
    role : str
        ``"standard"``, ``"blank"``, ``"control"`` or ``"sample"``.
    in_well : float
        pg/mL, truly.
    concentration : str
        Of a standard, or expected of a control, as the layout says it.
    sample : tuple of str, optional
        Specimen, participant, visit.
    dilution, spike, control_name : int, int, str
        As the layout says them; 0 where nothing is.
    is_masked : bool
        Whether an air bubble is in the well.
    """

    role: str
    in_well: float = 0.0
    concentration: str = ""
    sample: Sample | None = None
    dilution: int = 0
    spike: int = 0
    control_name: str = ""
    is_masked: bool = False


def elisa_files(
    courses: Sequence[Course], stream: np.random.Generator, bench_stream: np.random.Generator
) -> tuple[str, str]:
    r"""Return the text of the reader's export, and of the layout of its plates.

    Parameters
    ----------
    courses : sequence of Course
        All participants.
    stream : numpy.random.Generator
        Where the levels come from.
    bench_stream : numpy.random.Generator
        Where the noise of standards, further wells and the reader comes from.

    Examples
    --------
    >>> from ketbio.demo.draws import random_stream
    >>> from ketbio.demo.ratings import simulate_courses
    >>> stream = random_stream(1, table=0)
    >>> _, layout = elisa_files(simulate_courses(stream), stream, random_stream(1, table=1))
    >>> layout.count("\n")  # header, 2 × (24 + 50) wells, 8 of higher dilutions, 6 spiked
    163
    """
    levels = draw_levels(courses, stream)
    present = {course.participant.participant_id: course.participant.attends for course in courses}
    plates = {}
    for specimen, plate in PLATES.items():
        samples = {
            sample: wells
            for sample, wells in levels.items()
            if sample[0] == specimen and present[sample[1]](sample[2])
        }
        plates[plate] = _placed(_calibrators(bench_stream), _sample_pairs(samples, bench_stream))
    readings = {
        plate: {
            well: (held.in_well, BUBBLE_OD if held.is_masked else 0.0)
            for well, held in wells.items()
        }
        for plate, wells in plates.items()
    }
    export = export_text(readings, CURVES, RUN_DATES, bench_stream)
    rows = [
        _layout_row(plate, well, held)
        for plate, wells in plates.items()
        for well, held in sorted(wells.items(), key=lambda item: (item[0][0], int(item[0][1:])))
    ]
    return export, csv_text(LAYOUT_COLUMNS, rows)


def draw_levels(
    courses: Sequence[Course], stream: np.random.Generator
) -> dict[Sample, tuple[float, ...]]:
    """Return the level of every well before dilution, ng/mL, by specimen, participant and visit.

    Visits that were missed are drawn too, so that the numbers of one participant do not hang on
    another's attendance.

    Parameters
    ----------
    courses : sequence of Course
        All participants.
    stream : numpy.random.Generator
        Where the numbers come from.

    Examples
    --------
    >>> from ketbio.demo.draws import random_stream
    >>> from ketbio.demo.ratings import simulate_courses
    >>> levels = draw_levels(simulate_courses(random_stream(1, table=0)), random_stream(1, table=1))
    >>> len(levels), max(levels["plasma", "K04", "day_14"]) < 0.05
    (52, True)
    """
    levels: dict[Sample, tuple[float, ...]] = {}
    for specimen, model in BDNF_MODELS.items():
        for course in courses:
            pair = draw_pair(model, course, stream)
            for visit, log2_level in zip(PAIRED_VISITS, pair, strict=True):
                sample = (specimen, course.participant.participant_id, visit)
                is_below = sample == ("plasma", *BELOW_LLOQ)
                level = BELOW_LLOQ_NG_ML if is_below else 2.0**log2_level
                wells = [level * normal(stream, mean=1.0, sd=WELL_SD) for _ in range(N_REPLICATES)]
                if sample == DISAGREEING_PAIR:
                    wells = [wells[0] * DISAGREEMENT, wells[1] / DISAGREEMENT]
                levels[sample] = tuple(wells)
    return levels


Pair = list[PlateWell]


def _calibrators(stream: np.random.Generator) -> dict[str, PlateWell]:
    """Return the standards, controls and blanks of a plate, each in its fixed well."""
    wells: dict[str, PlateWell] = {}
    for row, level in zip(ROWS, STANDARDS_PG_ML, strict=True):
        for column in (1, 2):
            in_well = level * normal(stream, mean=1.0, sd=STANDARD_SD)
            wells[f"{row}{column}"] = PlateWell(
                role="standard", in_well=in_well, concentration=str(level)
            )
    for row, (name, level) in zip("EF", CONTROLS_PG_ML.items(), strict=True):
        for column in (11, 12):
            wells[f"{row}{column}"] = PlateWell(
                role="control",
                in_well=level * normal(stream, mean=1.0, sd=WELL_SD),
                concentration=str(level),
                control_name=name,
            )
    blanks = {f"{row}{column}": PlateWell(role="blank") for row in "GH" for column in (11, 12)}
    return {**wells, **blanks}


def _sample_pairs(
    samples: Mapping[Sample, tuple[float, ...]], stream: np.random.Generator
) -> Iterator[Pair]:
    """Yield the wells of every sample, and behind it those diluted further and those spiked."""
    for sample, levels in samples.items():
        dilution = DILUTIONS[sample[0]]
        pair = [
            PlateWell(
                role="sample",
                sample=sample,
                dilution=dilution,
                in_well=1000 * level / dilution,
                is_masked=(*sample, replicate) == MASKED_WELL,
            )
            for replicate, level in enumerate(levels, start=1)
        ]
        yield pair
        if sample in DILUTED_FURTHER:
            yield from (_diluted(pair, times, stream) for times in FURTHER_DILUTIONS)
        if sample in SPIKED:
            yield [
                replace(
                    well,
                    spike=SPIKE_PG_ML,
                    in_well=(well.in_well + SPIKE_PG_ML) * normal(stream, mean=1.0, sd=WELL_SD / 2),
                )
                for well in pair
            ]


def _diluted(pair: Pair, times: int, stream: np.random.Generator) -> Pair:
    """Return a pair of wells of the same sample, diluted further."""
    return [
        replace(
            well,
            dilution=well.dilution * times,
            in_well=well.in_well / times * normal(stream, mean=1.0, sd=WELL_SD / 2),
        )
        for well in pair
    ]


def _placed(fixed: Mapping[str, PlateWell], pairs: Iterator[Pair]) -> dict[str, PlateWell]:
    """Return the wells of a plate: pairs go down the plate, two columns at a time."""
    free = [
        (f"{row}{column}", f"{row}{column + 1}")
        for column in range(1, 12, 2)
        for row in ROWS
        if f"{row}{column}" not in fixed
    ]
    return {
        **fixed,
        **{
            name: well
            for names, pair in zip(free, pairs, strict=False)
            for name, well in zip(names, pair, strict=True)
        },
    }


def _layout_row(plate: str, name: str, well: PlateWell) -> list[str]:
    """Return the line of the layout for one well."""
    specimen, participant_id, visit = well.sample or ("", "", "")
    return [
        plate,
        name,
        well.role,
        participant_id,
        visit,
        specimen,
        str(well.dilution or ""),
        well.concentration,
        well.control_name,
        str(well.spike or ""),
        "true" if well.is_masked else "",
        MASK_REASON if well.is_masked else "",
    ]
