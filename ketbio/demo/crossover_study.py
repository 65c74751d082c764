"""The second demo study, simulated: a crossover of ketamine and saline in 16 participants.

``python -m ketbio.demo.crossover_study`` writes its tables and their README again, in place; a test
holds the shipped files against it bit for bit. No participant is real.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from ketbio.demo.draws import clipped, csv_text, normal, random_stream, uniform
from ketbio.vocabulary import PARTICIPANT_ID, SCALES, VISIT
from ketbio.whole_files import write_whole

CROSSOVER_SEED = 20260102
FOLDER = "crossover"
CROSSOVER_FILES = (
    "study.toml",
    "README.md",
    "simulated_participants.csv",
    "simulated_madrs.csv",
)

SEQUENCES = {"KS": ("ketamine", "saline"), "SK": ("saline", "ketamine")}
PER_SEQUENCE = 8
DROPPED_OUT = "C11"
"""Who did not come back for the second period."""

MOMENTS = {"baseline": 0, "min_165": 0, "day_1": 1}
"""Role of a visit in its period → days after the infusion."""

DAYS_BETWEEN_PERIODS = 21
FIRST_ENROLMENT = date(2025, 2, 3)
DAYS_BETWEEN_ENROLMENTS = 7
RATERS = ("rater_1", "rater_2")

BASELINE_MEAN, BASELINE_SD, FLOOR, CEILING = 26.0, 4.0, 16, 40
"""Of a participant's own level; a baseline departs from it by `VISIT_SD`."""

FALLS = {
    "ketamine": {"min_165": 9.0, "day_1": 10.0},
    "saline": {"min_165": 3.5, "day_1": 3.0},
}
"""Mean fall from the period's baseline, in points."""

FALL_SD, VISIT_SD = 3.0, 2.0
"""Between participants in how much they fall, and from visit to visit."""

PERIOD_EFFECT = -1.0
"""How much lower everything is in the second period. Nothing is carried over."""

MADRS = SCALES["MADRS"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverCourse:
    """One simulated participant: the sequence, and the total at every visit that took place."""

    participant_id: str
    sequence: str
    totals: Mapping[str, int]


def visit_name(period: int, moment: str) -> str:
    """Return what a visit of a period is called.

    Examples
    --------
    >>> visit_name(1, "min_165")
    'period_1_min_165'
    """
    return f"period_{period}_{moment}"


def simulate_crossover(*, seed: int = CROSSOVER_SEED) -> dict[str, str]:
    r"""Return the crossover's simulated files, and the README that describes them.

    Parameters
    ----------
    seed : int
        Any.

    Returns
    -------
    dict of str to str
        File name → text. The study file is not among them: it is written by hand.

    Examples
    --------
    >>> study = simulate_crossover()
    >>> study["simulated_participants.csv"].count("\n")  # header and 16 participants
    17
    >>> study["simulated_madrs.csv"].count("\n")  # header, 16 × 6 less 3 ratings
    94
    """
    courses = _courses(random_stream(seed, table=1), _allocation(random_stream(seed, table=0)))
    return {
        "simulated_participants.csv": _participants_csv(courses, random_stream(seed, table=2)),
        "simulated_madrs.csv": _madrs_csv(courses),
        "README.md": _readme(courses, seed=seed),
    }


def _allocation(stream: np.random.Generator) -> list[str]:
    """Return the sequences in the order of enrolment, as many of each, drawn in random order."""
    labels = [label for label in SEQUENCES for _ in range(PER_SEQUENCE)]
    order = sorted(range(len(labels)), key=stream.random(len(labels)).tolist().__getitem__)
    return [labels[place] for place in order]


def _courses(stream: np.random.Generator, allocation: Sequence[str]) -> tuple[CrossoverCourse, ...]:
    return tuple(
        _course(f"C{number:02d}", sequence, stream)
        for number, sequence in enumerate(allocation, start=1)
    )


def _course(participant_id: str, sequence: str, stream: np.random.Generator) -> CrossoverCourse:
    own = normal(stream, mean=BASELINE_MEAN, sd=BASELINE_SD)
    more = normal(stream, sd=FALL_SD)
    totals: dict[str, int] = {}
    for period, treatment in enumerate(SEQUENCES[sequence], start=1):
        level = own + PERIOD_EFFECT * (period - 1)
        before = clipped(level + normal(stream, sd=VISIT_SD), low=FLOOR, high=CEILING)
        falls = FALLS[treatment]
        drawn = {"baseline": before} | {
            moment: before - fall - more * (fall / 10) + normal(stream, sd=VISIT_SD)
            for moment, fall in falls.items()
        }
        if period == 2 and participant_id == DROPPED_OUT:
            continue
        for moment, total in drawn.items():
            totals[visit_name(period, moment)] = round(clipped(total, low=0, high=CEILING))
    return CrossoverCourse(participant_id=participant_id, sequence=sequence, totals=totals)


def _participants_csv(courses: Sequence[CrossoverCourse], stream: np.random.Generator) -> str:
    rows = [
        [
            course.participant_id,
            "female" if uniform(stream, low=0, high=1) < 0.6 else "male",
            str(int(uniform(stream, low=20, high=60))),
            course.sequence,
            "site_A",
            "major depressive disorder",
        ]
        for course in courses
    ]
    columns = (PARTICIPANT_ID, "sex", "age_years", "sequence", "site", "diagnosis")
    return csv_text(columns, rows)


def _madrs_csv(courses: Sequence[CrossoverCourse]) -> str:
    rows = []
    for number, course in enumerate(courses):
        enrolled = FIRST_ENROLMENT + timedelta(days=DAYS_BETWEEN_ENROLMENTS * number)
        for visit, total in course.totals.items():
            period, moment = visit.removeprefix("period_").split("_", 1)
            days = DAYS_BETWEEN_PERIODS * (int(period) - 1) + MOMENTS[moment]
            rated_on = (enrolled + timedelta(days=days)).isoformat()
            rater = RATERS[number % len(RATERS)]
            rows.append([course.participant_id, visit, rated_on, rater, str(total)])
    return csv_text((PARTICIPANT_ID, VISIT, "rating_date", "rater_id", MADRS.total), rows)


TEMPLATE = """\
# The crossover demo: simulated data

**Simulated data; no participant is real.** Every number in these files was drawn by
`ketbio.demo.crossover_study` (seed {seed}). The study shows how ketbio works and is evidence of
nothing.

{n} adults with major depressive disorder, one infusion of ketamine and one of saline,
{washout} days apart, in random order: {per_sequence} in sequence KS (ketamine first) and
{per_sequence} in SK. MADRS totals before each infusion, 165 minutes and 24 hours after it.

| file | one row is | rows |
|---|---|---|
| `simulated_participants.csv` | a participant, with the sequence | {n} |
| `simulated_madrs.csv` | a MADRS rating (total) | {n_ratings} |
| `study.toml` | the study file: sequences, periods, planned analyses | |

## How it was drawn

- A participant's own level has mean {mean:g} (SD {sd:g}) points; each visit departs from it by
  SD {visit_sd:g}.
- The fall from the period's baseline is {ketamine_165:g} points after ketamine and
  {saline_165:g} after saline at 165 minutes, {ketamine_1:g} and {saline_1:g} at 24 hours; whoever
  falls more after one falls more after the other.
- Everything is {period:g} point lower in the second period. Nothing is carried over.
- {dropped_out} did not come back for the second period: a crossover's usual loss.

Sizes are near those of a published crossover of 16 adults, 21.2 (SD 5.9) → 10.3 (4.6) points at
24 hours (Recourt et al. 2025, doi:10.3389/fnins.2025.1531375), who were less ill at the start. The
seed was not searched for.

## Made again

`python -m ketbio.demo.crossover_study` writes the tables and this page again, bit for bit.
"""


def _readme(courses: Sequence[CrossoverCourse], *, seed: int) -> str:
    return TEMPLATE.format(
        seed=seed,
        n=len(courses),
        per_sequence=PER_SEQUENCE,
        washout=DAYS_BETWEEN_PERIODS,
        n_ratings=sum(len(course.totals) for course in courses),
        mean=BASELINE_MEAN,
        sd=BASELINE_SD,
        visit_sd=VISIT_SD,
        ketamine_165=FALLS["ketamine"]["min_165"],
        saline_165=FALLS["saline"]["min_165"],
        ketamine_1=FALLS["ketamine"]["day_1"],
        saline_1=FALLS["saline"]["day_1"],
        period=-PERIOD_EFFECT,
        dropped_out=DROPPED_OUT,
    )


def main() -> None:
    """Write the simulated tables and their README again, in the folder beside this module."""
    folder = Path(__file__).parent / FOLDER
    contents = {name: text.encode("utf-8") for name, text in simulate_crossover().items()}
    write_whole({folder / name: _writer(content) for name, content in contents.items()})


def _writer(content: bytes) -> Callable[[Path], object]:
    return lambda part: part.write_bytes(content)


if __name__ == "__main__":
    main()
