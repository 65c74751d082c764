"""LaTeX, typst, CSV and Markdown."""

import csv
import re
from io import StringIO

import pandas as pd
import pytest
import typst

from ketbio.errors import ReportError
from ketbio.report.tables.csv import to_csv
from ketbio.report.tables.latex import escape_latex, to_latex
from ketbio.report.tables.markdown import table_markdown, table_notes, to_markdown
from ketbio.report.tables.table import Cell, Column, Row, Table
from ketbio.report.tables.typst import to_typst


def test_latex_has_three_rules_and_merged_spanners(table):
    written = to_latex([table]).decode()
    assert all(rf"\{rule}" in written for rule in ("toprule", "midrule", "bottomrule"))
    assert r" &  & \multicolumn{2}{c}{A $-$ B} \\" in written
    assert r"\cmidrule(lr){3-4}" in written
    assert r"{}\quad Mean (SD) & 15.2 (1.50)\textsuperscript{b} & $-$0.31 &" in written
    assert r"\multicolumn{4}{l}{\textbf{Age, years}} \\" in written


def test_latex_specials_are_escaped_and_braces_balance(nasty_table):
    written = to_latex([nasty_table]).decode()
    body = "\n".join(line for line in written.splitlines() if not line.startswith("%"))
    bare = re.sub(r"\\[\\{}$%&_#]", "", body)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert "%" not in bare
    assert "#" not in bare
    assert "<script>" not in body
    begun, ended = re.findall(r"\\begin\{(\w+)\}", body), re.findall(r"\\end\{(\w+)\}", body)
    assert sorted(begun) == sorted(ended)


def test_every_line_of_latex_has_as_many_cells(table):
    written = to_latex([table]).decode()
    inside = written.split(r"\midrule")[1].split(r"\bottomrule")[0]
    plain = [line for line in inside.splitlines() if r"\\" in line and "multicolumn" not in line]
    assert [len(re.split(r"(?<!\\)&", line)) for line in plain] == [4]
    assert escape_latex("[x] *") == "{[}x{]} *"


@pytest.mark.parametrize("which", ["table", "nasty_table"])
def test_typst_compiles(which, request):
    source = to_typst([request.getfixturevalue(which)])
    pdf = typst.compile(source, format="pdf", ignore_system_fonts=True)
    assert pdf.startswith(b"%PDF")


def test_csv_is_a_rectangle_with_its_footnotes_below(table):
    lines = list(csv.reader(StringIO(to_csv([table]).decode())))
    assert {len(line) for line in lines} == {4}
    assert lines[0] == ["Variable", "All (n = 11)", "A − B: Difference", "A − B: 95% CI [a]"]
    assert lines[2][1] == "15.2 (1.50) [b]"
    assert [line[0] for line in lines[3:]] == [
        "# Participants", "# Simulated data.", "# [a] Welch t.", "# [b] 1 missing.",
    ]  # fmt: skip


def test_csv_never_starts_a_formula():
    rows = (Row(cells=(Cell(text="=cmd()"),)), Row(cells=(Cell(text="-1.2"),)))
    made = Table(title="t", columns=(Column(heading="@x"),), rows=rows)
    assert to_csv([made]).decode().splitlines() == ["'@x", "'=cmd()", "-1.2", "# t"]


def test_csv_holds_one_table(table):
    with pytest.raises(ReportError, match="holds one table and here are 2 tables"):
        to_csv([table, table])


def test_markdown_of_a_report_links_to_the_rows_behind_a_line(table):
    lines = table_markdown(table, caption="Table 1").splitlines()
    assert lines[0].endswith(r"| Difference | 95\% CI^a^ | Rows |")
    assert lines[3].endswith("| [3](#row-3), [4](#row-4) |")
    assert lines[3].startswith("| \u2003Mean \\(SD\\) |")
    assert table_notes(table)[0] == r"Difference and 95\% CI\: A − B\."
    assert table_notes(table)[-1] == r"^b^ 1 missing\."


def test_markdown_by_itself_links_nowhere(table, nasty_table):
    written = to_markdown([table, nasty_table]).decode()
    assert "#row-" not in written
    assert "Table: Table 2\\. " in written
    assert "<script>" not in written
    assert pd.Series(written.splitlines()).str.startswith("|").sum() == 8
