"""The page that is shipped with the demo study: what it is, and how near its calibration came."""

from collections.abc import Sequence

from ketbio.demo.design import (
    BELOW_LLOQ,
    DILUTED_FURTHER,
    DISAGREEING_PAIR,
    ENDPOINT_VISIT,
    INFUSION_DAYS,
    MASKED_WELL,
    MISSING_ITEM,
    SATURATED_BAND,
    SPIKED,
    SUICIDALITY_RISE,
    TARGETS,
)
from ketbio.demo.gels import DILUTION_GEL, DILUTION_LOADS_UG
from ketbio.demo.plates import (
    CONTROLS_PG_ML,
    DILUTIONS,
    MASK_REASON,
    PLATES,
    SPIKE_PG_ML,
    STANDARDS_PG_ML,
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

## From the bench

BDNF comes as a plate reader exports it (Gen5, 450 and 620 nm), with the layout of the wells:

- two plates: {plates};
- {n_standards} standards, {lowest_standard} to {highest_standard} pg/mL, and a 0, in duplicate;
- blanks, and two controls, {controls}, expected at {control_levels} pg/mL;
- samples in duplicate, diluted {dilutions};
- run at higher dilutions as well: {diluted};
- with {spike} pg/mL added in wells of their own: {spiked}.

Blots come as the densitometry program exports them (Image Lab), with a key of the lanes: on each
gel one responder and one non-responder, each sample in two lanes, and a lane of a pool that is on
every gel (reference). Gel {dilution_gel} has a dilution series of that pool ({loads} µg).

## Faults that are meant

- {missed} did not come to day 14; nothing was measured then.
- {unrated} have no MADRS rating at one of the visits between.
- {no_scan} was not scanned; {no_blots} have no blots (too few cells, or no second sample).
- {prorated} has one MADRS item that was not asked (`{prorated_item}`); the total is left empty.
- {censored} has plasma BDNF below the lower limit of quantification: its wells read below the
  lowest standard, which stands for {lloq} ng/mL at that dilution.
- {disagreeing} has two wells that differ by a CV beyond 20 %.
- {masked} has one well that the bench masked ({mask_reason}).
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
    "simulated_blot_bands.csv": "a band in a lane, as Image Lab exports it",
    "simulated_blot_lanes.csv": "a lane of a gel: what was loaded",
    "simulated_elisa_export.txt": "a plate of 96 wells, as Gen5 exports it",
    "simulated_elisa_layout.csv": "a well: what was put in",
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
        **_bench_words(),
        **_fault_words(courses),
    )


def _file_lines(tables: dict[str, str]) -> str:
    """Return one line per table with the number of its rows, header not counted."""
    return "\n".join(
        f"| `{name}` | {ROW_MEANING[name]} | {_n_rows(name, text)} |"
        for name, text in tables.items()
    )


def _n_rows(name: str, text: str) -> int:
    return text.count("Plate Number") if name.endswith(".txt") else text.count("\n") - 1


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


def _bench_words() -> dict[str, object]:
    """Return what is on the plates and gels."""
    standards = sorted(level for level in STANDARDS_PG_ML if level)
    return {
        "plates": join_words(f"{plate} ({specimen})" for specimen, plate in PLATES.items()),
        "n_standards": len(standards),
        "lowest_standard": standards[0],
        "highest_standard": standards[-1],
        "controls": join_words(CONTROLS_PG_ML),
        "control_levels": join_words(map(str, CONTROLS_PG_ML.values())),
        "dilutions": join_words(f"1:{fold} ({specimen})" for specimen, fold in DILUTIONS.items()),
        "diluted": join_words(map(_sample_words, DILUTED_FURTHER)),
        "spiked": join_words(map(_sample_words, SPIKED)),
        "spike": SPIKE_PG_ML,
        "dilution_gel": DILUTION_GEL,
        "loads": join_words(f"{load:g}" for load in DILUTION_LOADS_UG),
    }


def _sample_words(sample: tuple[str, str, str]) -> str:
    specimen, participant_id, visit = sample
    return f"{participant_id} {visit} ({specimen})"


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
        "lloq": f"{min(filter(None, STANDARDS_PG_ML)) * DILUTIONS['plasma'] / 1000:g}",
        "disagreeing": _sample_words(DISAGREEING_PAIR),
        "masked": _sample_words(MASKED_WELL[:3]),
        "mask_reason": MASK_REASON,
        "saturated": " at ".join(SATURATED_BAND[:2]),
        "band": f"{form} {target}, {condition}, replicate {replicate}",
        "rise": " at ".join(SUICIDALITY_RISE),
    }
