import pytest

from ketbio.errors import ReportError
from ketbio.report.tables.table import Cell, Column, Row, Table, full_heading


def test_footnotes_are_lettered_as_they_are_met_and_shared(table):
    assert table.footnotes == (("a", "Welch t."), ("b", "1 missing."))
    assert [table.marks(cell.notes) for cell in table.rows[1].cells] == ["", "b", "", "b"]
    assert table.marks(table.columns[3].notes) == "a"


def test_the_27th_footnote_is_aa():
    notes = tuple(f"note {number}" for number in range(28))
    row = Row(cells=(Cell(text="x", notes=notes),))
    made = Table(title="t", columns=(Column(heading="h"),), rows=(row,))
    assert [mark for mark, _ in made.footnotes][24:] == ["y", "z", "aa", "ab"]


def test_spans_join_neighbours_only(table):
    assert [(one.text, one.first, one.last) for one in table.spans] == [
        ("", 0, 0), ("", 1, 1), ("A − B", 2, 3),
    ]  # fmt: skip
    assert full_heading(table.columns[2]) == "A − B: Difference"


def test_a_row_with_a_cell_too_few_is_refused():
    with pytest.raises(ReportError, match="Row 1 of the table 't' has 1 cell; it needs 2"):
        Table(
            title="t",
            columns=(Column(heading="a"), Column(heading="b")),
            rows=(Row(cells=(Cell(text="x"),)),),
        )
    with pytest.raises(ReportError, match="has no column"):
        Table(title="t", columns=())
    with pytest.raises(ReportError, match=r"align is 'rihgt'.*Did you mean 'right'"):
        Column(heading="a", align="rihgt")


def test_frame_holds_the_printed_texts(table):
    assert table.frame().iloc[1].tolist() == ["Mean (SD)", "15.2 (1.50)", "−0.31", "−2.7 to 2.1"]
    assert table.frame().columns[2] == "A − B: Difference"


def test_control_characters_do_not_reach_a_document():
    assert Cell(text="a\x00b\nc\u202ed").text == "a\ufffdb c\ufffdd"
