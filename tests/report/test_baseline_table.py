from dataclasses import replace

from ketbio.report.baseline_table import baseline_table, table_notes
from ketbio.report.row_numbers import number_rows
from ketbio.result import Results


def test_variables_are_rows_and_groups_are_columns(run):
    lines = baseline_table(run.results, number_rows(run.results)).splitlines()
    assert lines[0] == (
        r"| Variable | All \(n \= 11\) | Responder \(n \= 5\) | Non\-responder \(n \= 6\) | Rows |"
    )
    assert lines[2] == r"| **Age\, years** |  |  |  |  |"
    rows = "[1](#row-1), [2](#row-2), [3](#row-3)"
    assert lines[3] == (
        rf"| {chr(0x2003)}Mean \(SD\) | 15\.2 \(1\.50\) | 15\.0 \(1\.50\) | 15\.5 \(1\.50\) "
        rf"| {rows} |"
    )


def test_a_count_with_its_percent_says_how_many_are_known(run):
    line = baseline_table(run.results, number_rows(run.results)).splitlines()[5]
    cells = line.split(" | ")
    assert cells[0] == f"| {chr(0x2003)}female"
    assert cells[1:4] == [r"6 \(55\%\)", r"3 \(60\%\)", r"3 \(60\%\)\; n \= 5"]


def test_a_group_without_a_line_has_a_dash(run):
    results = [run.results[0], run.results[1], run.results[3]]  # no sex of the responders
    line = baseline_table(results, number_rows(run.results)).splitlines()[5]
    assert line.split(" | ")[2] == "–"


def test_what_is_said_of_the_table_stands_below_it(run):
    told = replace(run.results[0], warnings=("1 participant without a known response.",))
    results = Results([told, *run.results[1:]])
    notes = table_notes(results, number_rows(results))
    assert notes[0] == r"1 participant without a known response\."
    assert notes[-1].startswith(r"No p values\:")
