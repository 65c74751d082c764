"""Simulated markers: how they lie and change, and the imaging table.

Where a marker follows the clinical course, its change rises by a slope per percent of MADRS
improvement, around `MIDDLE_IMPROVEMENT`, with participant noise about as large as the difference
between the groups: effects that a study of eleven can miss. Blots are drawn in `ketbio.demo.gels`,
BDNF in `ketbio.demo.plates`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ketbio.demo.design import BASELINE_VISIT, ENDPOINT_VISIT
from ketbio.demo.draws import csv_text, normal
from ketbio.demo.ratings import Course
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

PAIRED_VISITS = (BASELINE_VISIT, ENDPOINT_VISIT)
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


def draw_pair(
    model: ChangeModel, course: Course, stream: np.random.Generator
) -> tuple[float, float]:
    """Draw a marker's value at baseline and at day 14.

    Parameters
    ----------
    model : ChangeModel
        How the marker lies and changes.
    course : Course
        Of the participant.
    stream : numpy.random.Generator
        Where the numbers come from.

    Examples
    --------
    >>> from ketbio.demo.draws import random_stream
    >>> from ketbio.demo.ratings import simulate_courses
    >>> course = simulate_courses(random_stream(1, table=0))[0]
    >>> still = ChangeModel(mean=2.0, sd=0.0, change_sd=0.0)
    >>> draw_pair(still, course, random_stream(1, table=1))
    (2.0, 2.0)
    """
    before = normal(stream, mean=model.mean, sd=model.sd)
    expected = model.change + model.slope * (course.improvement - MIDDLE_IMPROVEMENT)
    # Half a step back towards the mean: a high first value is partly chance.
    after = before - 0.3 * (before - model.mean) + normal(stream, mean=expected, sd=model.change_sd)
    return before, after


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
        pairs = [draw_pair(model, course, stream) for model in IMAGING_MODELS.values()]
        if not course.participant.is_scanned:
            continue
        rows += [
            [course.participant.participant_id, visit, *(f"{pair[number]:.4f}" for pair in pairs)]
            for number, visit in enumerate(PAIRED_VISITS)
            if course.participant.attends(visit)
        ]
    return csv_text((PARTICIPANT_ID, VISIT, *IMAGING_MODELS), rows)
