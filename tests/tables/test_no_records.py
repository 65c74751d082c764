"""Rows that are no records: summaries under a table, and its header once more."""

import pandas as pd
import pytest

from ketbio.tables import check_table
from ketbio.tables.across import check_across
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.vocabulary import MADRS_ITEMS

HEADER = "participant_id,visit,madrs_total"
ROWS = ["P01,baseline,30", "P01,day_14,12", "P02,baseline,31", "P02,day_14,14"]
WORDS = [
    "Mean", "Average", "avg", "SD", "SEM", "se", "Median", "Min", "MAX", "Sum", "Total:", "N", "n",
    "n=4", "n = 4", "Range", "Mean ± SD", "Mean (SD)", "Mittelwert", "Durchschnitt", "Summe",
    "Gesamt", "Anzahl", "Media", "Promedio", "Mediana", "Suma", "Média", "Desvio padrão",
    "Moyenne", "Écart-type", "Médiane", "Std. dev.", "Grand total",
]  # fmt: skip


CASES = [*((word, []) for word in WORDS), *((word, [""]) for word in ("Mean", "N", "SD"))]


@pytest.mark.parametrize(("word", "blank"), CASES)
def test_a_summary_under_the_table_is_one_error(word, blank, csv_file):
    check = check_table(csv_file(HEADER, *ROWS, *blank, f"{word},,21.75"), "madrs")
    row = 6 + len(blank)
    assert check.sentences() == (
        f"table.csv, row {row}: Row {row} looks like a summary of the rows above ({word!r}); "
        "remove it.",
    )
    assert (len(check.accepted), check.rejected["row"].tolist()) == (4, [row])


def test_a_summary_of_several_rows_with_a_note_below(csv_file):
    check = check_table(csv_file(HEADER, *ROWS, "", "Mean,,20", "SD,,9", "* by phone,,"), "madrs")
    assert check.complaints["rule"].tolist() == ["summary_row", "summary_row", "note_row"]
    assert check.rejected["row"].tolist() == [7, 8, 9]


def test_each_block_may_have_its_summary(csv_file):
    lines = [HEADER, *ROWS[:2], "N,,2", "", *ROWS[2:], "N,,2"]
    check = check_table(csv_file(*lines), "madrs")
    assert check.complaints[["row", "rule"]].to_numpy().tolist() == [
        [4, "summary_row"],
        [8, "summary_row"],
    ]


@pytest.mark.parametrize("code", ["MAX01", "SD-1", "N1", "MEAN7", "SUMA-02"])
def test_a_participants_code_is_no_summary(code, csv_file):
    check = check_table(csv_file(HEADER, *ROWS, f"{code},baseline,20"), "madrs")
    assert "summary_row" not in set(check.complaints["rule"])
    assert code in set(check.accepted["participant_id"])


@pytest.mark.parametrize("code", ["N", "SD", "Max"])
def test_what_may_be_a_code_counts_below_the_table_only(code, csv_file):
    check = check_table(csv_file(HEADER, f"{code},baseline,20", *ROWS), "madrs")
    assert check.ok
    # and not at all where it is a code elsewhere, or the study's own
    again = csv_file(HEADER, f"{code},baseline,20", *ROWS, f"{code},day_14,10")
    assert check_table(again, "madrs").ok
    below = csv_file(HEADER, *ROWS, f"{code},baseline,20")
    assert not check_table(below, "madrs").ok
    assert check_table(below, "madrs", participants=["P01", "P02", code]).ok


def test_a_summary_is_nobody_whose_clinician_is_informed(csv_file):
    items = ",".join(MADRS_ITEMS)
    rated = ",".join("2" * 10)
    high = ",".join("2" * 9 + "5")
    lines = [f"participant_id,visit,{items}", f"P01,baseline,{rated}", f"P02,baseline,{high}"]
    check = check_table(csv_file(*lines, "", f"Max,baseline,{high}"), "madrs")
    assert check.complaints[["row", "severity", "rule"]].to_numpy().tolist() == [
        [3, "safety", "suicidality"],
        [5, "error", "summary_row"],
    ]
    someone = [lines[0], f"Max,baseline,{high}", *lines[1:], f"Max,day_14,{high}"]
    safety = check_table(csv_file(*someone), "madrs").sentences("safety")
    assert sum("Participant Max" in one for one in safety) == 2


def test_all_records_of_a_wide_summary_are_kept_out():
    wide = pd.DataFrame({"Id": ["P01", "Mean"], "Pre": [40, 40.0], "Post": [20, 20.5]})
    columns = {
        "participant_id": "Id",
        "madrs_total@baseline": "Pre",
        "madrs_total@day_14": "Post",
    }
    check = check_table(wide, "madrs", columns=columns)
    assert check.complaints["rule"].tolist() == ["summary_row"]
    assert check.rejected["row"].tolist() == [3, 3]


def test_a_summary_names_no_participant_of_the_study(csv_file):
    people = check_table(
        csv_file("participant_id,sex,site", "P01,male,S1", "Total,,"), "participants"
    )
    rated = check_table(
        pd.DataFrame({"participant_id": ["P01"], "visit": ["a"], "madrs_total": [3]}), "madrs"
    )
    checks = check_across({"participants": people, "madrs": rated}, visits=["a"])
    assert checks["participants"].complaints["rule"].tolist() == ["summary_row"]


def test_a_header_once_more_is_one_error(csv_file):
    check = check_table(csv_file(HEADER, *ROWS[:2], HEADER, *ROWS[2:]), "madrs")
    assert check.sentences() == ("table.csv, row 4: Row 4 repeats the header; remove it.",)
    assert check.rejected["row"].tolist() == [4]


def test_a_header_once_more_is_no_unknown_score(csv_file):
    items = ",".join(MADRS_ITEMS)
    lines = [f"participant_id,visit,{items}", f"P01,a,{','.join('2' * 10)}"]
    check = check_table(csv_file(*lines, lines[0]), "madrs")
    assert check.complaints["rule"].tolist() == ["repeated_header"]


def test_the_words_are_those_of_no_schema_column_value():
    allowed = {w for s in ("participants", "bdnf", "blots") for c in load_schema(s).columns.values()
               for w in c.allowed}  # fmt: skip
    assert not allowed & {word.casefold() for word in WORDS}
