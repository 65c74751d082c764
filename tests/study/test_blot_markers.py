"""Blots in a study file: densitometry, the words of a marker, gels as blocks."""

import pytest

from ketbio.errors import StudyError
from ketbio.study import analyse_study, check_study, read_study
from ketbio.study.readiness import check_analyses

PEOPLE = [f"P0{i}" for i in range(1, 7)]
TABLE = '[tables.blots]\nfile = "blots.csv"\n\n'
DENSITOMETRY = (
    '[tables.blots.densitometry]\nlanes = "lanes.csv"\n'
    'bands."1" = { target = "mTOR", form = "phospho", site = "S2448" }\n'
    'bands."2" = { target = "mTOR", form = "total" }\n\n'
)
MARKER = '[markers.p_mTOR_S2448]\nfrom = "blots"\ncondition = "basal"\nper_reference = true\n'
BY_GEL = (
    '\n[[analyses]]\nkind = "compare_responders"\nmarkers = ["p_mTOR_S2448"]\nblocks = "gel"\n'
    'measure = "baseline"\n\n'
)


def image_lab(gel, *signals):
    """Bands of one gel, one lane after the other: phospho, and a total of 100."""
    lines = ["Lane,Band No.,Image,Adj. Volume (Int),Volume (Int)"]
    for number, signal in enumerate(signals, start=1):
        lines += [f"{number},1,{gel},{signal},0", f"{number},2,{gel},100,0"]
    return "\n".join(lines) + "\n"


def lane_key(*rows):
    return "\n".join(["gel_id,lane,participant_id,visit,condition,role", *rows]) + "\n"


LANES = lane_key(
    *(f"G1,{i},{who},baseline,basal," for i, who in enumerate(PEOPLE[:3], start=1)),
    "G1,4,,,,reference",
    *(f"G2,{i},{who},baseline,basal," for i, who in enumerate(PEOPLE[3:], start=1)),
    "G2,4,,,,reference",
)
# G2 is ten times brighter, its reference too: over the reference 2, 4, 8 and 1, 2, 4.
BANDS = image_lab("G1", 200, 400, 800, 100) + "".join(
    image_lab("G2", 1000, 2000, 4000, 1000).splitlines(keepends=True)[1:]
)


@pytest.fixture
def study(study_folder):
    """Return a function: words replaced, files changed → the study."""

    def made(*replaced, marker=MARKER, **files):
        gels = 'gels = { G1 = "G1", G2 = "G2" }\nbands."1"'
        plan = TABLE + DENSITOMETRY.replace('bands."1"', gels, 1) + marker + BY_GEL
        texts = {"blots": BANDS, "lanes": LANES, **files}
        return read_study(
            study_folder(
                (
                    '[[analyses]]\nkind = "compare_visits"',
                    plan + '[[analyses]]\nkind = "compare_visits"',
                ),
                *replaced,
                **texts,
            )
        )

    return made


def compared(run):
    """Return the comparison of responders."""
    (found,) = [one for one in run.results if one.analysis == "compare_responders"][:1]
    return found


def test_from_the_densitometry_table_to_the_values(study):
    run = analyse_study(study())
    values = run.endpoints[run.endpoints["marker"] == "p_mTOR_S2448"]
    assert values["value"].tolist() == pytest.approx([1, 2, 3, 0, 1, 2])  # log2


def test_the_gels_are_the_blocks_and_table_one_does_not_know_them(study):
    madrs = "participant_id,visit,madrs_total\n" + "".join(
        f"{who},{visit},{value}\n"
        for who, post in zip(PEOPLE, (10, 30, 12, 31, 11, 33), strict=True)
        for visit, value in (("baseline", 40), ("day_14", post))
    )
    run = analyse_study(study(madrs=madrs))
    result = compared(run)
    # Two of three respond on G1, one of three on G2: 3 × 3 ways to deal the labels.
    assert result.n_arrangements == 9
    assert any("Permuted within gel only (2 of them)" in one for one in result.warnings)
    one = [r for r in run.results if r.analysis == "summarise_participants"]
    assert not [r for r in one if r.label == "gel"]


def test_a_column_gel_of_the_participants_stands(study):
    people = "participant_id,gel\n" + "".join(f"{who},A\n" for who in PEOPLE)
    run = analyse_study(study(participants=people))
    assert "gel is the same in everyone, so that blocks by it change nothing." in (
        compared(run).warnings
    )


def test_without_blots_in_the_analysis_gel_is_no_column(study):
    plan = study(('markers = ["p_mTOR_S2448"]', 'markers = ["entropy"]'))
    with pytest.raises(StudyError, match=r"blocks of .* blocks is 'gel'; allowed"):
        check_analyses(plan, check_study(plan))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("per_reference = true", "per_reference = 1", "a true or false is wanted"),
        ("per_reference = true", 'correct_by = "actin"', "allowed: 'loading', 'stain'"),
        ("per_reference = true", 'form = "stain/total"', "allowed: 'phospho/total'"),
        ("per_reference = true", 'outside_linear_range = "drop"', "allowed: 'flag', 'exclude'"),
        ("per_reference = true", 'cv_limit = "20"', "a number is wanted"),
    ],
)
def test_words_of_a_marker_are_refused_before_anything_is_read(study, old, new, said):
    with pytest.raises(StudyError) as refused:
        study(marker=MARKER.replace(old, new))
    assert said in str(refused.value)


def test_a_lane_key_that_is_not_there_is_refused(study):
    with pytest.raises(
        StudyError, match=r"tables.blots names the lane key 'key.csv', which is not"
    ):
        study(('lanes = "lanes.csv"', 'lanes = "key.csv"'))
    with pytest.raises(StudyError, match="densitometry: option is 'lane'"):
        study(('lanes = "lanes.csv"', 'lane = "lanes.csv"'))


def test_a_gel_without_its_reference_is_named_in_the_study(study):
    lanes = LANES.replace("G2,4,,,,reference", "G2,4,,,,-")
    run = analyse_study(study(lanes=lanes))
    values = run.endpoints[run.endpoints["marker"] == "p_mTOR_S2448"].set_index("participant_id")
    assert values.loc["P04", "reason"] == "basal: gel G2 has no reference lane"
    assert values.loc["P01", "value"] == pytest.approx(1)
