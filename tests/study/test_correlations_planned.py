"""Pairs of markers and dependence on baseline as a study file plans them."""

import pytest

from ketbio.errors import StudyError
from ketbio.study import read_study, run_study

PAIRS = """
[[analyses]]
kind = "correlate_markers"
title = "All together"
markers = ["MADRS", "entropy"]
method = "spearman"

[[analyses]]
kind = "correlate_baseline_change"
markers = ["MADRS", "entropy"]
"""
LAST = 'kind = "correlate_changes"\nmarkers = ["entropy"]\n'


def planned(study_folder, text):
    return read_study(study_folder((LAST, f"{LAST}{text}")))


def test_both_run_with_the_plans_words(study_folder):
    results = run_study(planned(study_folder, PAIRS))
    [pair] = [one for one in results if one.analysis == "correlate_markers"]
    assert pair.title == "All together"
    assert pair.estimate_name == "Spearman rho"
    assert pair.n_arrangements == 720
    labels = {one.marker: one.label for one in pair.companions if one.role == "description"}
    assert labels == {"MADRS": "MADRS", "entropy": "accumbens entropy"}
    levels = [one for one in results if one.analysis == "correlate_baseline_change"]
    assert [one.marker for one in levels] == ["MADRS", "entropy"]
    assert {one.adjustment for one in levels} == {"Holm over 2 markers"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[analyses]]\nkind = "correlate_markers"\nmarkers = ["entropy"]\n', "at least two"),
        (
            '[[analyses]]\nkind = "correlate_markers"\nmarkers = ["MADRS", "entropy"]\n'
            'adjust = "max_t"\n',
            "no joint test here",
        ),
        (
            '[[analyses]]\nkind = "correlate_baseline_change"\nmarkers = ["entropy"]\n'
            'outcome = "MADRS"\n',
            "outcome",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_line(study_folder, text, said):
    with pytest.raises(StudyError, match=said) as refused:
        planned(study_folder, text)
    assert "line" in str(refused.value)


def test_numbers_asked_of_levels_below_the_lloq_are_refused_before_any_test(study_folder):
    levels = "participant_id,visit,specimen,bdnf_ng_ml\n" + "".join(
        f"P{place:02},{visit},plasma,{'<0.1' if place == 4 else place}\n"
        for visit in ("baseline", "day_14")
        for place in range(1, 7)
    )
    marker = '[tables.bdnf]\nfile = "bdnf.csv"\n\n[markers.BDNF_plasma]\nfrom = "bdnf"\n\n'
    pairs = (
        '[[analyses]]\nkind = "correlate_markers"\nmarkers = ["entropy", "BDNF_plasma"]\n'
        'measure = "baseline"\n'
    )
    place = ("[markers.entropy]", f"{marker}[markers.entropy]")

    def run(text):
        return run_study(read_study(study_folder(place, (LAST, f"{LAST}{text}"), bdnf=levels)))

    with pytest.raises(StudyError, match=r"line 5\d: method of .* can only be ranked"):
        run(f'{pairs}method = "pearson"\n')
    [ranked] = [one for one in run(pairs) if one.analysis == "correlate_markers"]
    assert ranked.estimate_name == "Spearman rho"


COURSE = '[[analyses]]\nkind = "summarise_course"\nmarkers = ["MADRS"]\n'
IMPOSSIBLE = {
    'visits = ["day_14"]': "at least two visits are wanted",
    'visits = ["day_14", "baseline"]': "in the order of",
    'visits = ["baseline", "baseline"]': "each once",
    "confidence_level = 95": "a number between 0 and 1",
    "days = { baseline = 0, day_14 = nan }": "days.day_14 is nan",
    "days = { baseline = 5, day_14 = 1 }": "which do not rise with the visits",
}


@pytest.mark.parametrize("words", IMPOSSIBLE)
def test_a_course_that_cannot_be_is_refused_with_its_line(study_folder, words):
    with pytest.raises(StudyError, match=IMPOSSIBLE[words]) as refused:
        planned(study_folder, f"{COURSE}{words}\n")
    assert "line" in str(refused.value)


def test_a_marker_named_twice_in_a_course_is_refused(study_folder):
    twice = COURSE.replace('["MADRS"]', '["MADRS", "MADRS"]')
    with pytest.raises(StudyError, match="markers names 'MADRS' twice"):
        planned(study_folder, twice)
