"""Whatever stands in a cell, no outcome of a check runs it, hides behind it or breaks on it."""

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from rich.console import Console

from ketbio.errors import FileError
from ketbio.tables import annotate_workbook, check_table, print_checks, render_checks, write_rows
from ketbio.tables.outcome.visible import visible

FORMULAS = (
    "=cmd|' /C calc'!A0", "+1+cmd", "-2+3+cmd", "@SUM(1)", "\t=1+1", "=HYPERLINK(\"http://x\")",
    "\r=1+1",
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "[red]bold[/red]", "[/]",
    "{{ 7 * 7 }}", "{% raw %}", "</td></table>", "javascript:alert(1)", "&lt;b&gt;", "\x1b[31mred",
    "a\u202eb", "_x0041_", "]]>", "<!--", "[link=http://x]y[/link]",
)  # fmt: skip
HOSTILE = st.one_of(
    st.sampled_from([*FORMULAS, *MARKUP]),
    st.builds("".join, st.lists(st.sampled_from([*MARKUP, "=", "<", "x"]), max_size=3)),
    st.text(max_size=10),
    st.characters(codec="utf-8").map(lambda sign: f"{sign}1+1"),
)
_RUN = re.compile(r"[=+\-@\t\r]")


def checked(kind: str, level: str, name: str):
    """Check a table with hostile text in a key, in a number and as the name of a column."""
    rows = [("P01", kind, level), ("P02", "serum", "24.1"), (kind, "serum", level)]
    frame = pd.DataFrame(rows, columns=["participant_id", "specimen", "bdnf_ng_ml"], dtype="str")
    frame["visit"] = "v1"
    known = {*frame, ""}
    if name.strip() not in known:
        frame[name] = kind
    return check_table(frame, "bdnf")


class _Elements(HTMLParser):
    """The elements and attributes of a page, and its text outside style and script."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.values: list[str] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.values += [value or "" for _, value in attrs]

    def handle_data(self, data):
        self.text.append(data)


@settings(max_examples=12)
@given(kind=HOSTILE, level=HOSTILE, name=HOSTILE)
@example(kind=MARKUP[0], level=MARKUP[1], name=MARKUP[6])
@example(kind=MARKUP[2], level=MARKUP[3], name=MARKUP[14])
def test_text_in_a_cell_is_shown_as_text(kind, level, name):
    check = checked(kind, level, name)
    page = _Elements(render_checks([check], format="html"))
    assert page.names <= ELEMENTS
    assert not {name for _, name in page.attributes if name.startswith("on")}
    assert not any(value.lower().startswith("javascript:") for value in page.values)
    assert json.loads(render_checks([check], format="json"))["ok"] == check.ok
    shown = render_checks([check])
    assert shown == "\n".join(visible(line) for line in shown.split("\n"))
    assert shown.count("\n") == len(check.found) + len(check.notes) + (len(check.found) > 1)


def _printed(check) -> str:
    made = io.StringIO()
    print_checks([check], console=Console(file=made, width=4000, force_terminal=True))
    return made.getvalue()


@pytest.mark.parametrize("text", [one for one in MARKUP if one.startswith("[")])
def test_markup_of_rich_is_literal(text):
    printed = re.sub(r"\x1b\[[0-9;]*m", "", _printed(checked("serum", text, "x")))
    assert f"bdnf_ng_ml is {text!r}" in printed


@settings(max_examples=12)
@given(kind=HOSTILE, level=HOSTILE, name=HOSTILE)
def test_a_terminal_is_never_steered(kind, level, name):
    printed = re.sub(r"\x1b\[[0-9;]*m", "", _printed(checked(kind, level, name)))
    assert "\x1b" not in printed
    assert all(visible(line) == line for line in printed.split("\n"))


@settings(max_examples=6)
@given(kind=HOSTILE, level=HOSTILE, name=HOSTILE)
@example(kind=FORMULAS[0], level=FORMULAS[1], name=FORMULAS[2])
@example(kind=FORMULAS[3], level=FORMULAS[4], name=FORMULAS[6])
def test_no_formula_reaches_a_file(kind, level, name, tmp_path):
    check = checked(kind, level, name)
    for table in (check.rejected, check.accepted, check.complaints):
        for ending, delimiter in ((".csv", ","), (".tsv", "\t")):
            path = write_rows(table, tmp_path / f"a{ending}", overwrite=True)
            with path.open(encoding="utf-8", newline="") as lines:
                _assert_harmless(
                    cell for row in csv.reader(lines, delimiter=delimiter) for cell in row
                )
        book = write_rows(table, tmp_path / "a.xlsx", overwrite=True)
        _assert_all_text(book)
    _assert_all_text(annotate_workbook(check, tmp_path / "b.xlsx", overwrite=True))


def _assert_harmless(cells):
    for cell in cells:
        if _RUN.match(cell):
            float(cell.replace("−", "-"))


def _assert_all_text(path):
    """No cell of a workbook is a formula or an error, and the file itself holds none."""
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert not re.search(rb"<(\w+:)?f[ >/]", parts.read(name))
    for page in load_workbook(path):
        for row in page.iter_rows():
            for cell in row:
                assert cell.value is None or cell.data_type in "snb"
                assert not isinstance(cell.value, str) or cell.data_type == "s"


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileError, match="no folder"):
        write_rows(pd.DataFrame({"a": ["=1"]}), tmp_path / "none" / "a.csv")


def _elements_of_a_plain_page() -> set[str]:
    """Return the elements of the page of plain tables: no text of a cell may add to them."""
    plain = checked("serum", "24.1", "x")
    wrong = checked("blood", "abc", "y")
    return _Elements(render_checks([plain, wrong], format="html")).names


ELEMENTS = _elements_of_a_plain_page()
