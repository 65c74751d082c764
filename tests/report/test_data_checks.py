from dataclasses import replace

from ketbio.report import data_checks
from ketbio.report.data_checks import describe_checks


def test_rows_and_complaints_are_counted(run):
    told = describe_checks(run.checks)
    assert told.sentence == (
        "26 rows came in with 1 table; 25 were accepted and 1 rejected. There were complaints: "
        "1 of severity safety, 1 of severity error and 1 of severity warning."
    )
    assert told.notes == ("madrs: read as UTF-8, comma between the columns",)
    assert r"| madrs | madrs\.csv | 26 | 25 | 1 | 1 | 1 | 1 |" in told.tables


def test_safety_comes_first_whatever_the_order_of_the_tables(run):
    (check,) = run.checks
    error = check.found[0]
    other = replace(check, table="bdnf", found=(error, replace(error, severity="warning")))
    lines = describe_checks([other, check]).complaints.splitlines()[2:7]
    assert [line.split(" | ")[0] for line in lines] == [
        "| safety",
        "| error",
        "| error",
        "| warning",
        "| warning",
    ]


def test_a_safety_complaint_is_told_with_its_place(run):
    assert describe_checks(run.checks).safety == (
        "madrs, row 12: suicidal_thoughts is 5, at or above 4: see the participant.",
    )


def test_no_complaint_is_said_too(run):
    told = describe_checks([replace(run.checks[0], found=())])
    assert told.sentence.endswith("There were no complaints.")
    assert told.complaints == ""


def test_more_complaints_than_a_page_holds_are_counted(run, monkeypatch):
    monkeypatch.setattr(data_checks, "MOST_COMPLAINTS", 2)
    told = describe_checks(run.checks)
    assert told.left_out == "1 further complaint not listed here."
    assert "safety" in told.complaints
    assert "warning" not in told.complaints.split("Table:")[0]
