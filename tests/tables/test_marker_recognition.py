"""Columns and blot targets that name a registered marker: said in a note, the data as they were."""

import pandas as pd
import pytest

from ketbio.tables import check_large_table, check_table
from ketbio.tables.markers.recognition import columns_of_marker, sites_of_marker, target_of
from ketbio.vocabulary.marker_registry import marker_registry


def markers_table(**columns):
    return pd.DataFrame(
        {"participant_id": ["P01", "P02"], "visit": ["baseline"] * 2} | columns, dtype="str"
    )


def bands(*targets):
    rows = [
        {"participant_id": "P01", "visit": "baseline", "gel_id": "G1", "lane": "1", "form": form,
         "target": target, "site": "S9" if form == "phospho" else "", "intensity": "100",
         "background": "1"}
        for target in targets
        for form in ("phospho", "total")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_a_column_that_is_another_way_of_writing_a_marker_is_said_and_kept():
    check = check_table(markers_table(**{"pGSK3b (Ser9)": ["1.5", "2"]}), "markers")
    assert check.notes == ("Column 'pGSK3b (Ser9)' reads as p-GSK3β (Ser9), p_GSK3B_S9.",)
    assert check.ok
    assert check.accepted["pGSK3b (Ser9)"].tolist() == [1.5, 2.0]
    assert "p_GSK3B_S9" not in check.accepted


@pytest.mark.parametrize("name", ["p_GSK3B_S9", "miR_206", "nacc_entropy", "my_BDNF_score"])
def test_a_marker_under_its_own_id_and_a_marker_of_ones_own_need_no_note(name):
    assert check_table(markers_table(**{name: ["1", "2"]}), "markers").notes == ()


def test_a_word_that_leaves_something_open_is_not_resolved():
    assert check_table(markers_table(BDNF=["1", "2"]), "markers").notes == (
        "Column 'BDNF' could be BDNF_serum, BDNF_plasma or BDNF_brain: it leaves open the "
        "specimen, and was not resolved.",
    )


def test_a_long_header_is_cut_in_the_note():
    word = "p-GSK3β" + " " * 80 + "(Ser9)"
    (note,) = check_table(markers_table(**{word: ["1", "2"]}), "markers").notes
    assert "…" in note
    assert len(note) < 120


def test_a_target_of_a_blot_is_said_and_kept():
    check = check_table(bands("GSK-3beta", "mTOR", "GluR1", "actin", "p-mTOR"), "blots")
    told = [note for note in check.notes if note.startswith("Target")]
    assert told == [
        "Target 'GSK-3beta' reads as the protein GSK3B.",
        "Target 'GluR1' reads as GluA1 (AMPA receptor subunit), GluA1.",
        "Target 'p-mTOR' could be p_mTOR_S2448 or p_mTOR_insulin_PBMC: it leaves open the "
        "phosphorylation site, and was not resolved.",
    ]
    assert "GSK-3beta" in set(check.accepted["target"])


def test_targets_under_their_own_names_need_no_note():
    check = check_table(bands("GSK3B", "mTOR", "BDNF_x"), "blots")
    assert not any(note.startswith("Target") for note in check.notes)


def test_other_tables_are_not_looked_at():
    rows = pd.DataFrame({"participant_id": ["P01"], "age_years": ["15"]})
    assert check_table(rows, "participants").notes == ()


def test_a_large_file_says_the_same(tmp_path):
    path = tmp_path / "imaging.csv"
    markers_table(**{"pGSK3b (Ser9)": ["1", "2"]}).to_csv(path, index=False)
    assert check_table(path, "markers").notes[-1] in check_large_table(path, "markers").notes


def test_columns_and_sites_of_a_marker():
    columns = ["visit", "p-GSK3β (S9)", "pGSK3B_S9", "GSK3B", "entropy"]
    assert columns_of_marker("p_GSK3B_S9", columns) == ("p-GSK3β (S9)", "pGSK3B_S9")
    assert columns_of_marker("my_marker", ["my_marker"]) == ()
    gsk = marker_registry().markers["p_GSK3B_S9"]
    assert sites_of_marker(gsk, ["S9", "Ser9", "pS9", "S21", "S2448"]) == ("S9", "Ser9", "pS9")
    assert sites_of_marker(marker_registry().markers["GluA1"], ["S9"]) == ()


def test_a_total_protein_and_a_phospho_form_have_the_same_target():
    assert target_of("p-GSK3β (Ser9)") == target_of("GSK-3β") == "GSK3B"
    assert target_of("BDNF") is None  # a level, no protein of a registered blot
