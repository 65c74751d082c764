"""Checks for readers: text, JSON, a page, a notebook."""

import json
import re

import pandas as pd
import pytest

from ketbio.errors import SchemaError
from ketbio.tables import check_table, render_checks, schema_text


@pytest.fixture
def checks():
    people = pd.DataFrame({"participant_id": ["<b>P01</b>"], "age_years": ["<script>"]})
    ratings = pd.DataFrame({"participant_id": ["P01"], "visit": ["v"], "suicidal_thoughts": [6]})
    return [check_table(people, "participants"), check_table(ratings, "madrs")]


def test_text_puts_safety_first_across_tables(checks):
    lines = render_checks(checks).splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["SAFETY", "error", "warning"]
    assert "participants: 1 record, 0 accepted, 1 rejected" in lines[3]


def test_json_holds_every_complaint(checks):
    content = json.loads(render_checks(checks, format="json"))
    assert [table["ok"] for table in content] == [False, True]
    assert content[1]["complaints"][0]["severity"] == "safety"
    assert content[0]["n_incoming"] == content[0]["n_accepted"] + content[0]["n_rejected"]


@pytest.mark.parametrize(
    "page", [lambda c: render_checks(c, format="html"), lambda c: c[0]._repr_html_()]
)
def test_pages_escape_what_came_in(checks, page):
    text = page(checks)
    assert "<script>" not in text
    assert "<b>P01" not in text
    assert "&lt;script&gt;" in text


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


def test_a_page_has_the_counts_first_and_safety_in_words(checks):
    page = render_checks(checks, format="html")
    assert page.index("participants: 1 record, 0 accepted") < page.index("<table>")
    assert re.findall(r'<th scope="col">(\w+)</th>', page) == [
        "severity", "table", "row", "participant", "visit", "column", "value", "message",
    ]  # fmt: skip
    assert page.index('<tr class="safety"><th scope="row">SAFETY</th>') < page.index("error</th>")
    assert "tr.safety > * { border-top: 3px solid" in page
    one = render_checks(checks[1:], format="html")
    assert "<td>2</td><td>P01</td><td>v</td><td>suicidal_thoughts</td><td>6</td><td>" in one
    assert '<th scope="col">table</th>' not in one
