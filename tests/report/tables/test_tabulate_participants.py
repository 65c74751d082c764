import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import summarise_participants
from ketbio.errors import ReportError
from ketbio.report.tables.tabulate import tabulate_participants
from ketbio.result import Results, tidy


def texts(table):
    return {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows}


def test_lines_of_a_number_and_of_a_category(people):
    table = tabulate_participants(people)
    assert [column.heading for column in table.columns] == [
        "Variable", "All (n = 8)", "Active (n = 4)", "Placebo (n = 4)", "Difference", "95% CI",
        "SMD",
    ]  # fmt: skip
    assert {column.spanner for column in table.columns[4:]} == {"Active − placebo"}
    shown = texts(table)
    assert shown["Age, years"] == [""] * 6
    assert shown["Mean (SD)"][:4] == [
        "14.9 (1.35); n = 7", "15.5 (1.29)", "14.0 (1.00); n = 3", "1.50",
    ]  # fmt: skip
    assert shown["Median (quartiles)"][0] == "15.0 (14.0, 15.5)"
    assert shown["female"] == [
        "4 (57%); n = 7", "2 (67%); n = 3", "2 (50%)", "16.7", "−41.1 to 61.0", "0.343",
    ]  # fmt: skip


def test_missing_values_have_a_line(people):
    rows = [row for row in tabulate_participants(people).rows if "Missing" in row.cells[0].text]
    found = [[cell.text for cell in row.cells[:4]] for row in rows]
    assert found == [
        ["Missing, n (%)", "1 (12%)", "1 (25%)", "0"],
        ["Missing, n (%)", "1 (12%)", "0", "1 (25%)"],
    ]


def test_each_cell_comes_from_rows_of_tidy(people):
    rows = tidy(people).set_index("row")
    table = tabulate_participants(people)
    mean, difference = table.rows[5].cells[1], table.rows[5].cells[4]
    assert (rows.loc[mean.rows[0], "estimate_name"], rows.loc[mean.rows[0], "n"]) == ("mean", 7)
    assert rows.loc[difference.rows[0], "estimate_name"] == "mean difference"
    numbered = [cell for row in table.rows for cell in row.cells[1:] if cell.text not in "–0"]
    assert all(cell.rows for cell in numbered)


def test_methods_and_why_there_is_no_p(people):
    table = tabulate_participants(people)
    assert [words for _, words in table.footnotes] == [
        "Difference of percentages: Newcombe hybrid score.",
        "Mean difference: Welch t.",
        "Standardised difference of percentages: difference over the pooled SD.",
        "Standardised mean difference: Hedges' g.",
    ]
    assert any(note.startswith("No p values:") for note in table.notes)
    assert not any(column.heading.lower() == "p" for column in table.columns)


def test_without_differences_and_in_another_number_format(people):
    table = tabulate_participants(people, differences=False, number_format="lancet")
    assert len(table.columns) == 4
    assert texts(table)["Mean (SD)"][1] == "15·5 (1·29)"


def test_a_group_without_any_value_has_dashes_and_says_so():
    people = pd.DataFrame(
        {
            "participant_id": ["P01", "P02", "P03", "P04"],
            "weight_kg": [60.0, 70.0, np.nan, np.nan],
            "height_cm": [np.nan] * 4,
            "sex": pd.Series(["female", "male", None, None], dtype="str"),
            "arm": ["active", "active", "placebo", "placebo"],
        }
    )
    asked = summarise_participants(people, by="arm", variables=["weight_kg", "height_cm", "sex"])
    rows = tabulate_participants(asked).rows
    assert [tuple(cell.text for cell in row.cells) for row in rows if not row.is_heading] == [
        ("Mean (SD)", "65.0 (7.07); n = 2", "65.0 (7.07)", "–"),
        ("Median (quartiles)", "65.0 (62.5, 67.5)", "65.0 (62.5, 67.5)", "–"),
        ("Missing, n (%)", "2 (50%)", "0", "2 (100%)"),
        ("Missing, n (%)", "4 (100%)", "2 (100%)", "2 (100%)"),
        ("female", "1 (50%); n = 2", "1 (50%)", "–"),
        ("male", "1 (50%); n = 2", "1 (50%)", "–"),
        ("Missing, n (%)", "2 (50%)", "0", "2 (100%)"),
    ]


def test_a_value_below_the_lloq_is_counted_and_told():
    people = pd.DataFrame({"participant_id": ["P01", "P02", "P03"]})
    levels = pd.DataFrame(
        {
            "participant_id": people["participant_id"], "visit": "before", "marker": "BDNF_plasma",
            "value": [1.0, 3.0, float("nan")], "unit": "ng/mL", "scale": "raw",
            "censored": ["", "", "left"], "limit": [float("nan")] * 2 + [0.1],
            "reason": ["", "", "below 0.100 ng/mL"], "note": "",
        }
    )  # fmt: skip
    lines = summarise_participants(people, endpoints=levels, baseline="before")
    table = tabulate_participants(lines)
    assert texts(table)["Below the LLOQ, n (%)"] == ["1 (33%)"]
    assert "too high" in table.footnotes[0][1]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (Results(), "There is no Table 1"),
        (42, r"tabulate_participants\(\) was given a int; it takes a Study"),
    ],
)
def test_nothing_to_tabulate_is_refused(given, told):
    with pytest.raises(ReportError, match=told):
        tabulate_participants(given)


def test_an_unknown_number_format_is_refused(people):
    with pytest.raises(ReportError, match=r"number_format is 'lancte'.*Did you mean 'lancet'"):
        tabulate_participants(people, number_format="lancte")
