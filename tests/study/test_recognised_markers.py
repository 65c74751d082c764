"""Markers whose column, target or site is written otherwise: found, said, or refused."""

import pytest

from ketbio.errors import StudyError
from ketbio.study import analyse_study, read_study
from ketbio.study.checking import check_study
from ketbio.study.derivations import check_markers

VALUES = """P01,baseline,1.10{more}
P02,baseline,1.20{more}
P03,baseline,1.15{more}
P04,baseline,1.05{more}
P05,baseline,1.22{more}
P06,baseline,1.31{more}
P01,day_14,1.45{more}
P02,day_14,1.61{more}
P03,day_14,1.40{more}
P04,day_14,1.02{more}
P05,day_14,1.33{more}
P06,day_14,1.20{more}
"""
ENTROPY = '[markers.entropy]\nfrom = "imaging"\nlabel = "accumbens entropy"\nunit = "nats"\n'
PLANS = '[[analyses]]\nkind = "compare_responders"\ntitle = "Entropy by response"\n' + (
    'markers = ["entropy"]\n\n[[analyses]]\nkind = "correlate_changes"\nmarkers = ["entropy"]\n'
)


@pytest.fixture
def marker_study(study_folder):
    """Return a function that writes a study of one marker from a table with these columns."""

    def write(name, *columns, words=""):
        more = ",9" * (len(columns) - 1)
        header = ",".join(["participant_id", "visit", *columns])
        path = study_folder(
            (ENTROPY, f'[markers.{name}]\nfrom = "imaging"\n{words}\n'),
            (PLANS, f'[[analyses]]\nkind = "compare_visits"\nmarkers = ["{name}"]\n'),
            imaging=f"{header}\n{VALUES.format(more=more)}",
        )
        return read_study(path)

    return write


def values_of(run, name):
    return run.endpoints[run.endpoints["marker"] == name]["value"].tolist()


def test_a_marker_is_read_from_the_one_column_that_means_it_and_a_note_says_so(marker_study):
    run = analyse_study(marker_study("p_GSK3B_S9", "pGSK-3b (Ser9)", "entropy"))
    assert values_of(run, "p_GSK3B_S9")[:3] == [1.10, 1.20, 1.15]
    (imaging,) = (check for check in run.checks if check.table == "imaging")
    assert imaging.notes[1:] == (
        "Column 'pGSK-3b (Ser9)' reads as p-GSK3β (Ser9), p_GSK3B_S9.",
        "[markers.p_GSK3B_S9] names no column and is read from 'pGSK-3b (Ser9)'.",
    )
    assert "pGSK-3b (Ser9)" in imaging.accepted


def test_its_own_column_needs_no_note(marker_study):
    run = analyse_study(marker_study("p_GSK3B_S9", "p_GSK3B_S9"))
    (imaging,) = (check for check in run.checks if check.table == "imaging")
    assert imaging.notes == ("Read as UTF-8 with the comma as delimiter.",)


def test_a_column_that_the_plan_names_wins(marker_study):
    words = 'column = "entropy"'
    run = analyse_study(marker_study("p_GSK3B_S9", "entropy", "pGSK3b Ser9", words=words))
    assert values_of(run, "p_GSK3B_S9")[0] == 1.10


@pytest.mark.parametrize("first", ["p_GSK3B_S9", "pGSK3β S9"])
def test_two_columns_that_mean_one_marker_are_refused_on_every_road(marker_study, first):
    study = marker_study("p_GSK3B_S9", first, "pGSK3b (Ser9)")
    sentence = (
        f"study.toml, [markers.p_GSK3B_S9]: '{first}' and 'pGSK3b (Ser9)' of [tables.imaging] all "
        "mean p_GSK3B_S9; name one with column, or write them alike."
    )
    with pytest.raises(StudyError) as refused:
        analyse_study(study)
    assert str(refused.value) == sentence
    with pytest.raises(StudyError) as refused:
        check_markers(study, check_study(study))
    assert str(refused.value) == sentence


def test_a_column_that_leaves_the_specimen_open_is_no_guess(marker_study):
    with pytest.raises(StudyError) as refused:
        analyse_study(marker_study("BDNF_brain", "BDNF"))
    assert str(refused.value) == (
        "study.toml, [markers.BDNF_brain]: no column of [tables.imaging] means BDNF_brain: 'BDNF' "
        "leaves open the specimen. If it is meant, write column = 'BDNF'."
    )
    run = analyse_study(marker_study("BDNF_brain", "BDNF", words='column = "BDNF"'))
    assert values_of(run, "BDNF_brain")[0] == 1.10


def test_a_marker_of_ones_own_is_looked_for_under_its_name_only(marker_study):
    with pytest.raises(StudyError, match="my_marker"):
        analyse_study(marker_study("my_marker", "My marker"))


# -- blots -----------------------------------------------------------------------------------
def blots(target="GSK3beta", site="Ser9", other=None):
    lines = ["participant_id,visit,gel_id,lane,target,form,site,intensity,background"]
    for lane, (who, visit) in enumerate(
        ((f"P0{number}", visit) for visit in ("baseline", "day_14") for number in range(1, 7)), 1
    ):
        lines += [
            f"{who},{visit},G1,{lane},{target},phospho,{site},{100 + 7 * lane},0",
            f"{who},{visit},G1,{lane},{target},total,,100,0",
            f"{who},{visit},G1,{lane},mTOR,phospho,S2448,300,0",
            f"{who},{visit},G1,{lane},mTOR,total,,100,0",
        ]
    if other:
        lines += [
            f"P01,baseline,G2,1,{other},phospho,S9,50,0",
            f"P01,baseline,G2,1,{other},total,,9,0",
        ]
    return "\n".join(lines) + "\n"


def blot_study(study_folder, words="", **how):
    return read_study(
        study_folder(
            ('schema = "markers"', 'schema = "blots"'),
            (ENTROPY, f'[markers.p_GSK3B_S9]\nfrom = "imaging"\nscale = "ratio"\n{words}\n'),
            (PLANS, '[[analyses]]\nkind = "compare_visits"\nmarkers = ["p_GSK3B_S9"]\n'),
            imaging=blots(**how),
        )
    )


def test_a_target_and_a_site_written_otherwise_are_found_and_said(study_folder):
    run = analyse_study(blot_study(study_folder))
    assert values_of(run, "p_GSK3B_S9")[:2] == [1.07, 1.14]
    (imaging,) = (check for check in run.checks if check.table == "imaging")
    assert imaging.notes[-3:] == (
        "Target 'GSK3beta' reads as the protein GSK3B.",
        "[markers.p_GSK3B_S9] names no target and is read from 'GSK3beta'.",
        "[markers.p_GSK3B_S9] names no site and is read from 'Ser9'.",
    )
    assert set(imaging.accepted["target"]) == {"GSK3beta", "mTOR"}


def test_the_values_are_those_of_the_plain_words(study_folder):
    written = analyse_study(blot_study(study_folder)).endpoints
    plain = analyse_study(blot_study(study_folder, target="GSK3B", site="S9")).endpoints
    assert written.equals(plain)


def test_two_ways_of_writing_a_target_are_refused(study_folder):
    with pytest.raises(StudyError) as refused:
        analyse_study(blot_study(study_folder, other="GSK3B"))
    assert str(refused.value) == (
        "study.toml, [markers.p_GSK3B_S9]: 'GSK3beta' and 'GSK3B' of [tables.imaging] all mean "
        "p_GSK3B_S9; name one with target, or write them alike."
    )


def test_a_target_that_is_not_there_is_refused_as_ever(study_folder):
    with pytest.raises(StudyError, match="target is 'GSK3B'; allowed: 'Akt', 'mTOR'"):
        analyse_study(blot_study(study_folder, target="Akt"))
