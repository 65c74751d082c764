"""The page that is shipped with the demo study: what it is, and how near its calibration came."""

from collections.abc import Sequence

from ketbio.demo.design import (
    BELOW_LLOQ,
    ENDPOINT_VISIT,
    INFUSION_DAYS,
    MISSING_ITEM,
    PLASMA_LLOQ_NG_ML,
    SATURATED_BAND,
    SUICIDALITY_RISE,
    TARGETS,
)
from ketbio.demo.ratings import MADRS, Course, calibration_figures
from ketbio.wording import join_words

TEMPLATE = """\
# The demo study: simulated data

**Simulated data; no participant is real.** Every number in these files was drawn by
`ketbio.demo.simulate` (seed {seed}). The study shows how ketbio works and is evidence of nothing.

Its shape follows a published open-label trial (Roy et al. 2021, doi:10.1177/0269881120928203):
{n} adolescents with treatment-resistant depression, six ketamine infusions over two weeks
(days {infusions}), MADRS at baseline and on days 1, 4, 7, 11 and 14.

| file | one row is | rows |
|---|---|---|
{files}
| `study.toml` | the study file: tables, markers, planned analyses | |

## Who is in it

- {n_endpoint} of {n} were rated at day 14: {responders} responders (MADRS at least {threshold:g} %
  lower than at baseline) and {non_responders} non-responders; {remitters} at or below {remission}.
- {n_scanned} of them were scanned before and after: {scanned_responders} responders and
  {scanned_non_responders} non-responders.
- {n_blots} have blots of blood cells before and after: {blot_responders} responders and
  {blot_non_responders} non-responders.
- Every blood sample that was taken has serum and plasma BDNF, in duplicate wells.

## Faults that are meant

- {missed} did not come to day 14; nothing was measured then.
- {unrated} have no MADRS rating at one of the visits between.
- {no_scan} was not scanned; {no_blots} have no blots (too few cells, or no second sample).
- {prorated} has one MADRS item that was not asked (`{prorated_item}`); the total is left empty.
- {censored} has plasma BDNF below the lower limit of quantification, written `<{lloq}`.
- {saturated} has one saturated band ({band}).
- {rise} rates suicidal thoughts two points worse than at the visit before: a safety complaint.

## Calibration

MADRS level and spread are held against ten adolescents rated before and 24 h after esketamine,
39.1 (SD 6.3) → 26.8 (8.4) (OSF 2ujqn). Ratings were drawn anew until each figure was within its
tolerance. All {n} participants; points.

| figure | published | tolerance | reached |
|---|---|---|---|
{calibration}

The fall is also near that of a crossover of 16 adults, 21.2 (5.9) → 10.3 (4.6), thus 10.9
(Recourt et al. 2025, doi:10.3389/fnins.2025.1531375), who were less ill at the start.

The markers are calibrated to nothing: their levels are invented within plausible ranges. By the
model the changes of accumbens entropy and of insulin-stimulated p-mTOR and p-GSK3β follow the
improvement, with about as much noise as signal; amygdala entropy, cingulate connectivity and BDNF
do not follow it. What eleven participants then show is partly chance, as in a real study. The seed
was not searched for; the noise and the place of the censored sample were set after a first look,
so that no finding is striking.

## Made again

`python -m ketbio.demo.simulate` writes the tables and this page again, bit for bit.
"""

ROW_MEANING = {
    "simulated_participants.csv": "a participant",
    "simulated_madrs.csv": "a MADRS rating",
    "simulated_blots.csv": "a band in a lane",
    "simulated_bdnf.csv": "a well",
    "simulated_imaging.csv": "a scan",
}


def readme_text(courses: Sequence[Course], tables: dict[str, str], *, seed: int) -> str:
    """Return the text of the page.

    Parameters
    ----------
    courses : sequence of Course
        All participants.
    tables : dict of str to str
        File name → text of the simulated tables.
    seed : int
        What they were drawn with.

    Examples
    --------
    >>> from ketbio.demo.draws import random_stream
    >>> from ketbio.demo.ratings import simulate_courses
    >>> text = readme_text(simulate_courses(random_stream(1, table=0)), {}, seed=1)
    >>> text.splitlines()[0]
    '# The demo study: simulated data'
    """
    return TEMPLATE.format(
        seed=seed,
        files=_file_lines(tables),
        infusions=join_words(map(str, INFUSION_DAYS)),
        calibration=_calibration_lines(courses),
        **_count_words(courses),
        **_fault_words(courses),
    )


def _file_lines(tables: dict[str, str]) -> str:
    """Return one line per table with the number of its rows, header not counted."""
    return "\n".join(
        f"| `{name}` | {ROW_MEANING[name]} | {text.count(chr(10)) - 1} |"
        for name, text in tables.items()
    )


def _calibration_lines(courses: Sequence[Course]) -> str:
    """Return one line per target: published, tolerance, reached."""
    reached = calibration_figures(courses)
    return "\n".join(
        f"| {target.name} | {target.value:.1f} | ± {target.tolerance:.1f} | {reached[key]:.2f} |"
        for key, target in TARGETS.items()
    )


def _count_words(courses: Sequence[Course]) -> dict[str, object]:
    """Return how many are in the study, by what there is of them."""
    rated = [course for course in courses if course.participant.is_rated(ENDPOINT_VISIT)]
    scanned = [course for course in rated if course.participant.is_scanned]
    blotted = [course for course in rated if course.participant.has_blots]
    return {
        "n": len(courses),
        "n_endpoint": len(rated),
        "responders": _responders(rated),
        "non_responders": len(rated) - _responders(rated),
        "threshold": MADRS.response_percent,
        "remission": MADRS.remission_at_or_below,
        "remitters": sum(
            course.totals[ENDPOINT_VISIT] <= MADRS.remission_at_or_below for course in rated
        ),
        "n_scanned": len(scanned),
        "scanned_responders": _responders(scanned),
        "scanned_non_responders": len(scanned) - _responders(scanned),
        "n_blots": len(blotted),
        "blot_responders": _responders(blotted),
        "blot_non_responders": len(blotted) - _responders(blotted),
    }


def _responders(courses: Sequence[Course]) -> int:
    """Return how many respond by design."""
    return sum(course.participant.responds for course in courses)


def _fault_words(courses: Sequence[Course]) -> dict[str, str]:
    """Return who carries which fault."""
    people = [course.participant for course in courses]
    _, _, condition, replicate, target, form = SATURATED_BAND
    return {
        "missed": join_words(p.participant_id for p in people if p.missed_visits),
        "unrated": join_words(
            f"{p.participant_id} ({', '.join(p.missed_ratings)})"
            for p in people
            if p.missed_ratings
        ),
        "no_scan": join_words(p.participant_id for p in people if not p.is_scanned),
        "no_blots": join_words(p.participant_id for p in people if not p.has_blots),
        "prorated": " at ".join(MISSING_ITEM[:2]),
        "prorated_item": MISSING_ITEM[2],
        "censored": " at ".join(BELOW_LLOQ),
        "lloq": f"{PLASMA_LLOQ_NG_ML}",
        "saturated": " at ".join(SATURATED_BAND[:2]),
        "band": f"{form} {target}, {condition}, replicate {replicate}",
        "rise": " at ".join(SUICIDALITY_RISE),
    }
