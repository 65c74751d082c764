"""Simulated markers: imaging, blots of blood cells, serum and plasma BDNF.

Where a marker follows the clinical course, its change rises by a slope per percent of MADRS
improvement, around `MIDDLE_IMPROVEMENT`, with participant noise about as large as the difference
between the groups: effects that a study of eleven can miss.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ketbio.demo.design import (
    BASELINE_VISIT,
    BELOW_LLOQ,
    CAMERA_CEILING,
    ENDPOINT_VISIT,
    PLASMA_LLOQ_NG_ML,
    SATURATED_BAND,
)
from ketbio.demo.draws import csv_text, normal
from ketbio.demo.ratings import Course
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

PAIRED_VISITS = (BASELINE_VISIT, ENDPOINT_VISIT)
CONDITIONS = ("basal", "insulin")
REPLICATES = ("1", "2")
PARTICIPANTS_PER_GEL = 2
MIDDLE_IMPROVEMENT = 45.0
"""Percent of improvement at which a marker's change is its mean change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeModel:
    """How a marker lies between participants and how it changes with the course.

    Attributes
    ----------
    mean, sd : float
        At baseline, between participants.
    change : float
        Mean change at `MIDDLE_IMPROVEMENT`.
    slope : float
        Further change per percent of MADRS improvement.
    change_sd : float
        Of the change, between participants of the same course.
    """

    mean: float
    sd: float
    change: float = 0.0
    slope: float = 0.0
    change_sd: float


IMAGING_MODELS = {
    "nacc_entropy": ChangeModel(
        mean=1.24, sd=0.11, change=0.04, slope=0.0026, change_sd=0.11
    ),  # sample entropy, nats
    "amygdala_entropy": ChangeModel(mean=1.31, sd=0.10, change_sd=0.09),  # sample entropy, nats
    "acc_connectivity": ChangeModel(mean=0.34, sd=0.14, change=-0.03, change_sd=0.12),  # Fisher z
}

INSULIN_MODELS = {
    "mTOR": ChangeModel(mean=0.80, sd=0.22, change=0.10, slope=0.0085, change_sd=0.30),
    "GSK3B": ChangeModel(mean=0.60, sd=0.20, change=0.08, slope=0.0070, change_sd=0.26),
}
"""log2 of insulin-stimulated over basal phospho ÷ total."""

BDNF_MODELS = {
    "serum": ChangeModel(mean=4.45, sd=0.35, change=0.03, change_sd=0.22),
    "plasma": ChangeModel(mean=-0.15, sd=0.55, change=0.05, change_sd=0.40),
}
"""log2 of ng/mL: about 22 in serum, 0.9 in plasma."""

SITES = {"mTOR": "S2448", "GSK3B": "S9"}
LEVEL_LOG2 = {
    ("mTOR", "phospho"): 12.0,
    ("mTOR", "total"): 13.3,
    ("GSK3B", "phospho"): 12.4,
    ("GSK3B", "total"): 13.8,
    ("ACTB", "loading"): 14.2,
}
"""Usual band intensity after background, log2 of arbitrary units."""

BLOT_COLUMNS = (
    PARTICIPANT_ID,
    VISIT,
    "gel_id",
    "lane",
    "replicate",
    "condition",
    "target",
    "form",
    "site",
    "intensity",
    "background",
    "is_saturated",
)
BDNF_COLUMNS = (
    PARTICIPANT_ID,
    VISIT,
    "specimen",
    "replicate",
    "bdnf_ng_ml",
    "plate_id",
    "assay_kit",
)
ASSAY_KIT = "simulated ELISA kit"


def imaging_csv(courses: Sequence[Course], stream: np.random.Generator) -> str:
    r"""Return the text of the imaging table: one line per scan.

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
    >>> stream = random_stream(1, table=0)
    >>> imaging_csv(simulate_courses(stream), stream).count("\n")  # header, 11 pairs, K09 once
    24
    """
    rows: list[list[str]] = []
    for course in courses:
        pairs = [_draw_pair(model, course, stream) for model in IMAGING_MODELS.values()]
        if not course.participant.is_scanned:
            continue
        rows += [
            [course.participant.participant_id, visit, *(f"{pair[number]:.4f}" for pair in pairs)]
            for number, visit in enumerate(PAIRED_VISITS)
            if course.participant.attends(visit)
        ]
    return csv_text((PARTICIPANT_ID, VISIT, *IMAGING_MODELS), rows)


def bdnf_csv(courses: Sequence[Course], stream: np.random.Generator) -> str:
    r"""Return the text of the BDNF table: one line per well, serum and plasma in duplicate.

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
    >>> stream = random_stream(1, table=0)
    >>> text = bdnf_csv(simulate_courses(stream), stream)
    >>> text.count("\n"), text.count("<0.1")  # header, 13 × 8 wells less 4; one sample censored
    (101, 2)
    """
    rows: list[list[str]] = []
    for specimen, model in BDNF_MODELS.items():
        for course in courses:
            pair = _draw_pair(model, course, stream)
            for visit, log2_level in zip(PAIRED_VISITS, pair, strict=True):
                wells = [2.0**log2_level * normal(stream, mean=1.0, sd=0.04) for _ in REPLICATES]
                if course.participant.attends(visit):
                    rows += _well_rows(course, visit, specimen, wells)
    return csv_text(BDNF_COLUMNS, rows)


def blots_csv(courses: Sequence[Course], stream: np.random.Generator) -> str:
    r"""Return the text of the blot table: one line per band, two participants on a gel.

    All samples of a participant are on the same gel, so that the gel's own brightness cancels.

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
    >>> stream = random_stream(1, table=0)
    >>> blots_csv(simulate_courses(stream), stream).count("\n")  # header, 10 × 8 lanes × 5 bands
    401
    """
    blotted = [course for course in courses if course.participant.has_blots]
    rows: list[list[str]] = []
    for first in range(0, len(blotted), PARTICIPANTS_PER_GEL):
        gel_id = f"G{first // PARTICIPANTS_PER_GEL + 1}"
        brightness = {band: normal(stream, sd=0.35) for band in LEVEL_LOG2}
        on_gel = blotted[first : first + PARTICIPANTS_PER_GEL]
        samples = [sample for course in on_gel for sample in _draw_samples(course, stream)]
        for lane, sample in enumerate(samples, start=1):
            rows += _lane_rows(sample, gel_id, lane, brightness, stream)
    return csv_text(BLOT_COLUMNS, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """What is loaded in one lane; ``insulin_log2`` is the added phosphorylation by target."""

    participant_id: str
    visit: str
    condition: str
    replicate: str
    insulin_log2: dict[str, float]


def _draw_pair(
    model: ChangeModel, course: Course, stream: np.random.Generator
) -> tuple[float, float]:
    """Draw a marker's value at baseline and at day 14."""
    before = normal(stream, mean=model.mean, sd=model.sd)
    expected = model.change + model.slope * (course.improvement - MIDDLE_IMPROVEMENT)
    # Half a step back towards the mean: a high first value is partly chance.
    after = before - 0.3 * (before - model.mean) + normal(stream, mean=expected, sd=model.change_sd)
    return before, after


def _draw_samples(course: Course, stream: np.random.Generator) -> Iterator[_Sample]:
    """Draw the eight samples of a participant: visit × condition × replicate."""
    pairs = {target: _draw_pair(model, course, stream) for target, model in INSULIN_MODELS.items()}
    for number, visit in enumerate(PAIRED_VISITS):
        for condition in CONDITIONS:
            insulin = {
                target: pair[number] if condition == "insulin" else 0.0
                for target, pair in pairs.items()
            }
            for replicate in REPLICATES:
                yield _Sample(
                    participant_id=course.participant.participant_id,
                    visit=visit,
                    condition=condition,
                    replicate=replicate,
                    insulin_log2=insulin,
                )


def _lane_rows(
    sample: _Sample,
    gel_id: str,
    lane: int,
    brightness: dict[tuple[str, str], float],
    stream: np.random.Generator,
) -> Iterator[list[str]]:
    """Yield the bands of one lane; what was loaded moves all of them together."""
    loaded = normal(stream, sd=0.15)
    for (target, form), level in LEVEL_LOG2.items():
        stimulated = sample.insulin_log2.get(target, 0.0) if form == "phospho" else 0.0
        noise = normal(stream, sd=0.10 if form == "phospho" else 0.06)
        signal = 2.0 ** (level + brightness[target, form] + loaded + stimulated + noise)
        background = normal(stream, mean=420.0, sd=60.0)
        place = (sample.participant_id, sample.visit, sample.condition, sample.replicate)
        is_saturated = (*place, target, form) == SATURATED_BAND
        intensity = CAMERA_CEILING if is_saturated else signal + background
        yield [
            sample.participant_id,
            sample.visit,
            gel_id,
            str(lane),
            sample.replicate,
            sample.condition,
            target,
            form,
            SITES[target] if form == "phospho" else "",
            f"{intensity:.1f}",
            f"{background:.1f}",
            "true" if is_saturated else "false",
        ]


def _well_rows(
    course: Course, visit: str, specimen: str, wells: Sequence[float]
) -> Iterator[list[str]]:
    """Yield the duplicate wells of a sample; below the limit the limit itself is written."""
    participant_id = course.participant.participant_id
    is_below = specimen == "plasma" and (participant_id, visit) == BELOW_LLOQ
    for replicate, level in zip(REPLICATES, wells, strict=True):
        yield [
            participant_id,
            visit,
            specimen,
            replicate,
            f"<{PLASMA_LLOQ_NG_ML}" if is_below else f"{level:.3f}",
            f"{specimen}_plate_1",
            ASSAY_KIT,
        ]
