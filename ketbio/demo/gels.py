"""Simulated western blots of blood cells, as a densitometry program exports them.

Two participants, with all their samples, are on each gel, so that a gel's own brightness cancels.
A gel also has a lane of a pool that is on every gel, and the first gel a dilution series of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ketbio.demo.design import CAMERA_CEILING, SATURATED_BAND
from ketbio.demo.draws import csv_text, normal
from ketbio.demo.markers import PAIRED_VISITS, ChangeModel, draw_pair
from ketbio.demo.ratings import Course
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

CONDITIONS = ("basal", "insulin")
REPLICATES = ("1", "2")
PARTICIPANTS_PER_GEL = 2

INSULIN_MODELS = {
    "mTOR": ChangeModel(mean=0.80, sd=0.22, change=0.10, slope=0.0085, change_sd=0.30),
    "GSK3B": ChangeModel(mean=0.60, sd=0.20, change=0.08, slope=0.0070, change_sd=0.26),
}
"""log2 of insulin-stimulated over basal phospho ÷ total."""

LEVEL_LOG2 = {
    ("mTOR", "phospho"): 12.0,
    ("mTOR", "total"): 13.3,
    ("GSK3B", "phospho"): 12.4,
    ("GSK3B", "total"): 13.8,
    ("ACTB", "loading"): 14.2,
}
"""Usual band intensity after background, log2 of arbitrary units."""

BAND_LABELS = {
    ("mTOR", "phospho"): "p-mTOR",
    ("mTOR", "total"): "mTOR",
    ("GSK3B", "phospho"): "p-GSK3B",
    ("GSK3B", "total"): "GSK3B",
    ("ACTB", "loading"): "actin",
}
"""Band → what it is called in the export; the study file says what each label means."""

USUAL_LOAD_UG = 20.0
DILUTION_LOADS_UG = (2.5, 5.0, 10.0, 20.0, 40.0)
DILUTION_GEL = "G1"
POOL_INSULIN_LOG2 = 0.5
"""The pool holds stimulated and basal cells."""

BAND_COLUMNS = (
    "Image Name",
    "Lane",
    "Band No.",
    "Band Label",
    "Volume (Int)",
    "Adj. Volume (Int)",
    "Saturated Pixels",
)
SATURATED_PIXELS = "214"
LANE_COLUMNS = (
    "gel_id",
    "lane",
    PARTICIPANT_ID,
    VISIT,
    "condition",
    "replicate",
    "role",
    "load_amount",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What is loaded in one lane.

    Attributes
    ----------
    role : str
        ``"sample"``, ``"reference"`` or ``"dilution"``.
    participant_id, visit, condition, replicate : str
        Of a sample; empty for the others.
    insulin_log2 : mapping of str to float
        Target → added phosphorylation, log2.
    load_ug : float
        Protein in the lane.
    """

    role: str = "sample"
    participant_id: str = ""
    visit: str = ""
    condition: str = ""
    replicate: str = ""
    insulin_log2: Mapping[str, float] = field(default_factory=dict)
    load_ug: float = USUAL_LOAD_UG

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Whose sample it is."""
        return self.participant_id, self.visit, self.condition, self.replicate


def blot_files(
    courses: Sequence[Course], stream: np.random.Generator, pool_stream: np.random.Generator
) -> tuple[str, str]:
    r"""Return the text of the bands, as exported, and of the lane key.

    Parameters
    ----------
    courses : sequence of Course
        All participants.
    stream : numpy.random.Generator
        Where the numbers of the participants' lanes come from.
    pool_stream : numpy.random.Generator
        Where those of the reference and dilution lanes come from.

    Examples
    --------
    >>> from ketbio.demo.draws import random_stream
    >>> from ketbio.demo.ratings import simulate_courses
    >>> stream = random_stream(1, table=0)
    >>> bands, lanes = blot_files(simulate_courses(stream), stream, random_stream(1, table=1))
    >>> lanes.count("\n"), bands.count("\n")  # headers, 10 × 8 + 5 + 5 lanes, 5 bands in each
    (91, 451)
    """
    blotted = [course for course in courses if course.participant.has_blots]
    bands: list[list[str]] = []
    key: list[list[str]] = []
    for first in range(0, len(blotted), PARTICIPANTS_PER_GEL):
        gel_id = f"G{first // PARTICIPANTS_PER_GEL + 1}"
        brightness = {band: normal(stream, sd=0.35) for band in LEVEL_LOG2}
        on_gel = blotted[first : first + PARTICIPANTS_PER_GEL]
        samples = [lane for course in on_gel for lane in _draw_samples(course, stream)]
        for number, lane in enumerate([*samples, *_pool_lanes(gel_id)], start=1):
            own = stream if lane.role == "sample" else pool_stream
            bands += _band_rows(lane, gel_id, number, brightness, own)
            key.append(_key_row(lane, gel_id, number))
    return csv_text(BAND_COLUMNS, bands), csv_text(LANE_COLUMNS, key)


def image_name(gel_id: str) -> str:
    """Return what the image of a gel is called.

    Examples
    --------
    >>> image_name("G1")
    'simulated_gel_G1'
    """
    return f"simulated_gel_{gel_id}"


def _draw_samples(course: Course, stream: np.random.Generator) -> Iterator[Lane]:
    """Draw the eight samples of a participant: visit × condition × replicate."""
    pairs = {target: draw_pair(model, course, stream) for target, model in INSULIN_MODELS.items()}
    for number, visit in enumerate(PAIRED_VISITS):
        for condition in CONDITIONS:
            insulin = {
                target: pair[number] if condition == "insulin" else 0.0
                for target, pair in pairs.items()
            }
            for replicate in REPLICATES:
                yield Lane(
                    participant_id=course.participant.participant_id,
                    visit=visit,
                    condition=condition,
                    replicate=replicate,
                    insulin_log2=insulin,
                )


def _pool_lanes(gel_id: str) -> Iterator[Lane]:
    """Yield the reference lane of a gel, and the dilution series where the gel has it."""
    pool = dict.fromkeys(INSULIN_MODELS, POOL_INSULIN_LOG2)
    yield Lane(role="reference", insulin_log2=pool)
    if gel_id == DILUTION_GEL:
        for load in DILUTION_LOADS_UG:
            yield Lane(role="dilution", insulin_log2=pool, load_ug=load)


def _band_rows(
    lane: Lane,
    gel_id: str,
    number: int,
    brightness: Mapping[tuple[str, str], float],
    stream: np.random.Generator,
) -> Iterator[list[str]]:
    """Yield the bands of one lane; what was loaded moves all of them together."""
    loaded = normal(stream, sd=0.15 if lane.role == "sample" else 0.05)
    share = lane.load_ug / USUAL_LOAD_UG
    for place, ((target, form), level) in enumerate(LEVEL_LOG2.items(), start=1):
        stimulated = lane.insulin_log2.get(target, 0.0) if form == "phospho" else 0.0
        noise = normal(stream, sd=0.10 if form == "phospho" else 0.06)
        signal = share * 2.0 ** (level + brightness[target, form] + loaded + stimulated + noise)
        background = normal(stream, mean=420.0, sd=60.0)
        is_saturated = (*lane.place, target, form) == SATURATED_BAND
        # Rounded as exported, so that the adjusted volume is that of the printed numbers.
        volume = CAMERA_CEILING if is_saturated else float(f"{signal + background:.1f}")
        adjusted = volume - float(f"{background:.1f}")
        yield [
            image_name(gel_id),
            str(number),
            str(place),
            BAND_LABELS[target, form],
            f"{volume:.1f}",
            f"{adjusted:.1f}",
            SATURATED_PIXELS if is_saturated else "0",
        ]


def _key_row(lane: Lane, gel_id: str, number: int) -> list[str]:
    """Return the line of the lane key for one lane."""
    load = f"{lane.load_ug:g}" if lane.role == "dilution" else ""
    return [gel_id, str(number), *lane.place, lane.role, load]
