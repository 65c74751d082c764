"""Simulated MADRS ratings: courses of totals first, then ten items that sum to each total."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ketbio.demo.design import (
    BASELINE_VISIT,
    ENDPOINT_VISIT,
    MISSING_ITEM,
    PARTICIPANTS,
    REMITTERS,
    SUICIDALITY_RISE,
    TARGETS,
    VISIT_DAYS,
    Participant,
)
from ketbio.demo.draws import clipped, csv_text, normal, uniform
from ketbio.vocabulary import (
    MADRS_ITEMS,
    PARTICIPANT_ID,
    SCALES,
    SUICIDALITY_ALERT_RISE,
    SUICIDALITY_ITEM,
    VISIT,
)

MADRS = SCALES["MADRS"]
COLUMNS = (PARTICIPANT_ID, VISIT, "rating_date", "rater_id", *MADRS_ITEMS, MADRS.total)
RATERS = ("rater_1", "rater_2")
FIRST_ENROLMENT = date(2024, 1, 8)
DAYS_BETWEEN_ENROLMENTS = 14

ITEM_WEIGHTS = {
    "apparent_sadness": 1.05,
    "reported_sadness": 1.15,
    "inner_tension": 1.0,
    "reduced_sleep": 0.95,
    "reduced_appetite": 0.75,
    "concentration_difficulties": 1.05,
    "lassitude": 1.1,
    "inability_to_feel": 1.05,
    "pessimistic_thoughts": 1.0,
}
"""How much of a total each item tends to carry; suicidal thoughts are drawn on their own."""

SHARE_OF_WAY = {"day_4": 0.3, "day_7": 0.5, "day_11": 0.8}
"""How far from day 1 to day 14 the visits between have gone."""

MOST_DRAWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The totals of one participant, at every visit of the plan, missed or not.

    Attributes
    ----------
    participant : Participant
        Whose.
    totals : mapping of str to int
        Visit → MADRS total, in points.
    """

    participant: Participant
    totals: Mapping[str, int]

    @property
    def improvement(self) -> float:
        """Fall from baseline to day 14 in percent of baseline (the MADRS floor is 0)."""
        baseline = self.totals[BASELINE_VISIT]
        return 100 * (baseline - self.totals[ENDPOINT_VISIT]) / baseline


def simulate_courses(stream: np.random.Generator) -> tuple[Course, ...]:
    """Return courses of totals that meet the design: drawn anew until they are near the targets.

    Parameters
    ----------
    stream : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    tuple of Course
        One per participant, in the order of the design.

    Raises
    ------
    RuntimeError
        When no draw meets the targets, which means that model and targets contradict each other.

    Examples
    --------
    >>> from ketbio.demo.draws import random_stream
    >>> courses = simulate_courses(random_stream(1, table=0))
    >>> sum(course.improvement >= 50 for course in courses)
    5
    """
    for _ in range(MOST_DRAWS):
        courses = tuple(_draw_course(participant, stream) for participant in PARTICIPANTS)
        if _meets_targets(courses):
            return courses
    message = f"No study near the calibration targets in {MOST_DRAWS} draws; widen a tolerance."
    raise RuntimeError(message)


def calibration_figures(courses: Sequence[Course]) -> dict[str, float]:
    """Return the figures that are held against the published ones, by the target's key.

    Parameters
    ----------
    courses : sequence of Course
        All participants; each is rated at baseline and day 1.

    Examples
    --------
    >>> from ketbio.demo.design import PARTICIPANTS
    >>> two = [Course(participant=PARTICIPANTS[0], totals={"baseline": b, "day_1": d})
    ...        for b, d in ((40, 30), (38, 26))]
    >>> calibration_figures(two)["day_1_fall"]
    11
    """
    baseline = [course.totals[BASELINE_VISIT] for course in courses]
    day_1 = [course.totals["day_1"] for course in courses]
    return {
        "baseline_mean": statistics.mean(baseline),
        "baseline_sd": statistics.stdev(baseline),
        "day_1_mean": statistics.mean(day_1),
        "day_1_sd": statistics.stdev(day_1),
        "day_1_fall": statistics.mean(b - d for b, d in zip(baseline, day_1, strict=True)),
    }


def madrs_csv(courses: Sequence[Course], stream: np.random.Generator) -> str:
    r"""Return the text of the MADRS table: one line per rating that took place.

    Parameters
    ----------
    courses : sequence of Course
        The totals.
    stream : numpy.random.Generator
        For the items.

    Examples
    --------
    >>> from ketbio.demo.draws import random_stream
    >>> stream = random_stream(1, table=0)
    >>> madrs_csv(simulate_courses(stream), stream).count("\n")  # header, 13 × 6 − 3 ratings
    76
    """
    rows: list[list[str]] = []
    for number, course in enumerate(courses):
        enrolled = FIRST_ENROLMENT + timedelta(days=DAYS_BETWEEN_ENROLMENTS * number)
        ratings = _draw_ratings(course, stream)
        rows += [
            _rating_row(course, visit, items, enrolled=enrolled, rater=RATERS[number % len(RATERS)])
            for visit, items in ratings.items()
        ]
    return csv_text(COLUMNS, rows)


def _draw_course(participant: Participant, stream: np.random.Generator) -> Course:
    """Draw the totals of one participant."""
    baseline = round(clipped(normal(stream, mean=39.1, sd=6.3), low=26, high=52))
    # A slope of 0.68 on baseline gives the correlation of 0.24 between the two published SDs and
    # the SD of the change in the ten adolescents; responders are a little ahead on day 1 already.
    ahead = 4.0 if participant.responds else -2.5
    fall = normal(stream, mean=12.3 + 0.68 * (baseline - 39.1) + ahead, sd=7.2)
    day_1 = round(clipped(baseline - fall, low=6, high=baseline + 2))
    low, high = (52.0, 80.0) if participant.responds else (4.0, 45.0)
    day_14 = round(baseline * (1 - uniform(stream, low=low, high=high) / 100))
    totals = {BASELINE_VISIT: baseline, "day_1": day_1}
    for visit, share in SHARE_OF_WAY.items():
        expected = day_1 + share * (day_14 - day_1)
        total = normal(stream, mean=expected, sd=2.2)
        totals[visit] = round(clipped(total, low=4, high=baseline + 3))
    return Course(participant=participant, totals={**totals, ENDPOINT_VISIT: day_14})


def _meets_targets(courses: Sequence[Course]) -> bool:
    """Return whether the figures are near the published ones and the responders as planned."""
    figures = calibration_figures(courses)
    is_near = all(
        abs(figures[key] - target.value) <= target.tolerance for key, target in TARGETS.items()
    )
    as_planned = all(
        (course.improvement >= MADRS.response_percent) == course.participant.responds
        for course in courses
    )
    remitters = sum(
        course.totals[ENDPOINT_VISIT] <= MADRS.remission_at_or_below for course in courses
    )
    return is_near and as_planned and remitters in REMITTERS


def _draw_ratings(course: Course, stream: np.random.Generator) -> dict[str, dict[str, int]]:
    """Return visit → item → score for the ratings of one participant that took place."""
    tendencies = {
        item: weight * uniform(stream, low=0.6, high=1.4) for item, weight in ITEM_WEIGHTS.items()
    }
    leaning = uniform(stream, low=0.3, high=0.95)
    ratings: dict[str, dict[str, int]] = {}
    previous = MADRS.item_maximum
    for visit in VISIT_DAYS:
        if not course.participant.is_rated(visit):
            continue
        total = course.totals[visit]
        suicidal = min(round(leaning * total / len(MADRS_ITEMS)), previous + 1, MADRS.item_maximum)
        if (course.participant.participant_id, visit) == SUICIDALITY_RISE:
            suicidal = previous + SUICIDALITY_ALERT_RISE
        others = _spread_points(total - suicidal, tendencies, stream)
        ratings[visit] = {**others, SUICIDALITY_ITEM: suicidal}
        previous = suicidal
    return ratings


def _spread_points(
    points: int, tendencies: Mapping[str, float], stream: np.random.Generator
) -> dict[str, int]:
    """Deal points to items one by one, each to the item that is furthest behind its share."""
    wanted = {
        item: weight * uniform(stream, low=0.8, high=1.2) for item, weight in tendencies.items()
    }
    whole = sum(wanted.values())
    scores = dict.fromkeys(wanted, 0)
    for _ in range(points):
        open_items = [item for item, score in scores.items() if score < MADRS.item_maximum]
        behind = max(open_items, key=lambda item: points * wanted[item] / whole - scores[item])
        scores[behind] += 1
    return scores


def _rating_row(
    course: Course, visit: str, items: Mapping[str, int], *, enrolled: date, rater: str
) -> list[str]:
    """Return one line of the table; where an item was not asked, it and the total are empty."""
    participant_id = course.participant.participant_id
    scores = {item: str(items[item]) for item in MADRS_ITEMS}
    total = str(course.totals[visit])
    if (participant_id, visit) == MISSING_ITEM[:2]:
        scores[MISSING_ITEM[2]] = ""
        total = ""
    rated_on = enrolled + timedelta(days=VISIT_DAYS[visit])
    return [participant_id, visit, rated_on.isoformat(), rater, *scores.values(), total]
