"""Numbers such as 24,123: read only where their own column shows what the mark stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.tables import check_table
from ketbio.tables.files.decimals import is_sure_of
from ketbio.tables.files.source import read_source

BLOT = "participant_id visit gel_id lane target form intensity".replace(" ", "\t")


def blots(csv_file, *bands, **how):
    lines = [f"P01\tbaseline\tG1\t{lane}\t{target}\tloading\t{n}" for lane, target, n in bands]
    return check_table(csv_file(BLOT, *lines, name="gels.tsv"), "blots", **how)


def test_a_comma_of_another_column_makes_no_decimals_of_thousands(csv_file):
    check = blots(csv_file, ("1,2", "mTOR", "24,123"))
    assert check.rejected["row"].tolist() == [2]
    assert check.complaints["message"].tolist() == [
        "intensity is '24,123', where the comma may stand for decimals or for thousands, and no "
        "other number of the column says which; set decimal = ',' (--decimal , on the command "
        "line) if it stands for decimals, or write it without if it stands for thousands."
    ]


def test_a_point_of_another_column_makes_no_decimals_of_thousands(csv_file):
    check = blots(csv_file, ("1.5", "mTOR", "24.123"))
    assert check.rejected["row"].tolist() == [2]
    assert "the point may stand for decimals or for thousands" in check.sentences()[0]


@pytest.mark.parametrize("mark", [",", "."])
def test_a_sure_number_of_the_own_column_tells(csv_file, mark):
    check = blots(csv_file, ("1", "mTOR", f"24{mark}123"), ("2", "S6", f"24{mark}5"))
    assert check.accepted["intensity"].tolist() == [24.123, 24.5]


@pytest.mark.parametrize("mark", [",", "."])
def test_the_mark_that_the_caller_gives_is_believed_everywhere(csv_file, mark):
    check = blots(csv_file, ("1", "mTOR", f"24{mark}123"), decimal=mark)
    assert check.accepted["intensity"].tolist() == [24.123]


def test_between_commas_a_point_is_of_decimals(csv_file):
    path = csv_file("participant_id,age_years", "P01,15.123")
    assert check_table(path, "participants").accepted["age_years"].tolist() == [15.123]
    quoted = csv_file("participant_id,site,age_years", 'P01,"1,5",15.123')
    assert len(check_table(quoted, "participants").rejected) == 1


def test_a_number_that_the_workbook_holds_is_never_asked_about(xlsx_file):
    path = xlsx_file(["participant_id", "site", "age_years"], ["P01", "1,5", 15.123])
    check = check_table(path, "participants")
    assert check.accepted["age_years"].tolist() == [15.123]


def test_covariates_limits_and_units_are_asked_about_too(csv_file):
    head = "participant_id;visit;specimen;bdnf_pg_ml;dose"
    path = csv_file(head, "P01;1,5;serum;<1,234;2", "P02;1,5;serum;1,234 pg/mL;3,456")
    check = check_table(path, "bdnf")
    told = check.complaints[check.complaints["severity"] == "error"]
    assert sorted(told["column"]) == ["bdnf_pg_ml", "bdnf_pg_ml", "dose"]


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"))
def test_one_to_three_figures_and_three_are_never_sure(whole, thousandths, mark):
    assert is_sure_of(f"{whole}{mark}{thousandths:03}", mark) is False
    assert is_sure_of(f"{whole}{mark}{thousandths:03}5", mark) is True


def test_a_source_says_whether_its_mark_was_given(csv_file):
    assert not read_source(csv_file("id;x", "1;2")).is_decimal_sure
    assert read_source(csv_file("id;x", "1;2"), decimal=",").is_decimal_sure
