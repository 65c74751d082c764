from dataclasses import replace

from ketbio.report.baseline_table import baseline_table, table_notes
from ketbio.report.row_numbers import number_rows
from ketbio.result import Results


def test_variables_are_rows_and_groups_are_columns(run):
    lines = baseline_table(run.results, number_rows(run.results)).splitlines()
    assert lines[0] == (
        r"| Variable | all \(n \= 11\) | responder \(n \= 5\) | non\-responder \(n \= 6\) | Rows |"
    )
    rows = "[1](#row-1), [2](#row-2), [3](#row-3)"
    assert lines[2] == (
        rf"| Age\, years | 15\.2 \(1\.50\) | 15\.0 \(1\.50\) | 15\.5 \(1\.50\) | {rows} |"
    )


def test_a_count_with_its_percent_says_how_many_are_known(run):
    line = baseline_table(run.results, number_rows(run.results)).splitlines()[3]
    cells = line.split(" | ")
    assert cells[0] == r"| Sex\, female"
    assert cells[1:4] == [r"6 \(55\%\)", r"3 \(60\%\)", r"3 \(60\%\)\, n \= 5"]


def test_a_group_without_a_line_has_a_dash(run):
    results = [run.results[0], run.results[1], run.results[3]]  # no sex of the responders
    line = baseline_table(results, number_rows(run.results)).splitlines()[3]
    assert line.split(" | ")[2] == "–"


def test_notes_are_gathered_by_variable_with_their_groups_and_rows(run):
    told = replace(run.results[3], warnings=("1 of 12 missing.",))
    results = Results([*run.results[:3], told, *run.results[4:]])
    assert table_notes(results, number_rows(results)) == (
        r"Sex\: all\: 1 of 12 missing\. non\-responder\: 1 of 6 missing\. "
        r"\[rows [4](#row-4), [6](#row-6)\]",
    )
