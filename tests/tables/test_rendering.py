"""Checks for readers: text, a terminal, JSON, a notebook."""

import io
import json
import re

import pandas as pd
import pytest
from rich.console import Console

from ketbio.errors import SchemaError
from ketbio.tables import check_table, print_checks, render_checks, schema_text
from ketbio.tables.outcome.notebook import MOST_IN_NOTEBOOK
from ketbio.tables.outcome.visible import visible


@pytest.fixture
def checks():
    people = pd.DataFrame({"participant_id": ["<b>P01</b>"], "age_years": ["<script>"]})
    ratings = pd.DataFrame({"participant_id": ["P01"], "visit": ["v"], "suicidal_thoughts": [6]})
    return [check_table(people, "participants"), check_table(ratings, "madrs")]


@pytest.fixture
def old_people():
    ages = [str(121 + i) for i in range(30)]
    people = pd.DataFrame({"participant_id": [f"P{i:02}" for i in range(30)], "age_years": ages})
    return check_table(people, "participants")


def on_terminal(checks, *, width=80, **how):
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, no_color=True, **how)
    print_checks(checks, console=console)
    return stream.getvalue()


def test_text_puts_safety_first_across_tables(checks):
    lines = render_checks(checks).splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["SAFETY", "error", "warning"]
    assert "participants: 1 record, 0 accepted, 1 rejected" in lines[3]


def test_text_counts_by_rule_where_there_is_more_than_one(old_people, checks):
    assert "  By rule: range 30." in render_checks([old_people]).splitlines()
    assert "By rule" not in render_checks(checks[:1])


def test_text_is_one_line_for_each_complaint(old_people):
    lines = render_checks([old_people]).splitlines()
    told = [line for line in lines if line.startswith("error   table participants, row ")]
    assert len(told) == 30
    assert told[0].startswith("error   table participants, row 2: age_years is 121; allowed: ")


def test_a_pipe_gets_the_plain_text(checks):
    stream = io.StringIO()
    print_checks(checks, console=Console(file=stream, width=20))
    assert stream.getvalue() == f"{render_checks(checks)}\n"
    assert "\x1b" not in stream.getvalue()


def test_a_terminal_has_a_panel_for_safety_and_the_counts(checks):
    text = on_terminal(checks)
    assert text.index("SAFETY: 1 complaint") < text.index("Complaints by rule")
    assert "table madrs, row 2: Participant P01" in text
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert max(map(len, plain.splitlines())) <= 80


def test_a_terminal_cuts_long_lists(old_people):
    text = on_terminal([old_people])
    assert "error: range (30)" in text
    assert text.count("table participants, row ") == 10
    assert "… and 20 more: see --format html" in text


def test_colour_can_be_turned_off(old_people, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    stream = io.StringIO()
    print_checks([old_people], console=Console(file=stream, force_terminal=True, width=80))
    # Bold stays; 31 is red.
    assert "\x1b[31m" not in stream.getvalue()


def test_a_terminal_shows_markup_as_text_and_takes_no_orders():
    people = pd.DataFrame({"participant_id": ["P01"], "age_years": ["[red]x[/] \x1b[2J\u202e"]})
    check = check_table(people, "participants")
    for text in (on_terminal([check], width=200), render_checks([check])):
        assert "[red]x[/]" in text
        assert "\x1b[2J" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [("é 漢 −", "é 漢 −"), ("a\x00b", "a�b"), ("a\nb\tc", "a b c"), ("\u2067x", "�x")],
)
def test_what_steers_is_replaced(written, shown):
    assert visible(written) == shown


def test_json_holds_every_complaint(checks):
    content = json.loads(render_checks(checks, format="json"))
    assert (content["format"], content["format_version"], content["ok"]) == (
        "ketbio checks",
        1,
        False,
    )
    people, ratings = content["tables"]
    assert (people["ok"], ratings["ok"]) == (False, True)
    assert ratings["complaints"][0]["severity"] == "safety"
    assert people["n_incoming"] == people["n_accepted"] + people["n_rejected"]


def test_json_keeps_its_structure(checks):
    content = json.loads(render_checks(checks, format="json"))
    assert list(content) == ["format", "format_version", "ketbio", "ok", "tables"]
    people = content["tables"][0]
    assert list(people) == [
        "table", "schema", "schema_version", "file", "sheet", "sha256", "header_row", "ok",
        "n_incoming", "n_accepted", "n_rejected", "counts", "is_safety_seen", "by_rule",
        "complaints", "notes",
    ]  # fmt: skip
    assert list(people["complaints"][0]) == [
        "table", "file", "sheet", "row", "participant_id", "visit", "column", "value", "rule",
        "message", "severity", "cell",
    ]  # fmt: skip
    assert people["complaints"][0]["cell"] == "B2"
    assert list(people["by_rule"][0]) == ["severity", "rule", "complaints", "rows"]
    assert people["schema_version"]


def test_json_has_no_word_that_json_does_not_know(checks):
    unknown = []
    json.loads(render_checks(checks, format="json"), parse_constant=unknown.append)
    assert unknown == []


@pytest.mark.parametrize(
    "page", [lambda c: render_checks(c, format="html"), lambda c: c[0]._repr_html_()]
)
def test_pages_escape_what_came_in(checks, page):
    text = page(checks)
    assert "'<script>'" not in text
    assert "<b>P01" not in text
    assert "&lt;script&gt;" in text


def test_a_notebook_shows_the_counts_and_the_first_complaints():
    n = MOST_IN_NOTEBOOK + 7
    people = pd.DataFrame(
        {"participant_id": [f"P{i:02}" for i in range(n)], "age_years": range(121, 121 + n)}
    )
    shown = check_table(people, "participants")._repr_html_()
    assert shown.index("Complaints by rule") < shown.index("Complaints, safety first")
    assert "… and 7 more complaints" in shown
    assert shown.count(">range<") == 1


def test_an_unknown_format(checks):
    with pytest.raises(SchemaError) as caught:
        render_checks(checks, format="jsn")
    assert str(caught.value) == (
        "format is 'jsn'; allowed: 'text', 'json', 'html'. Did you mean 'json'?"
    )


def test_a_schema_as_text():
    text = schema_text("madrs")
    assert "suicidal_thoughts  (integer, may be left out)" in text
    assert "suicidality  (safety)" in text
    assert text.endswith("Other columns are refused, unless `ignore` names them.")
