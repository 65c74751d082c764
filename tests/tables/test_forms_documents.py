"""The data dictionary as text, Markdown and a page, and as the files under docs/dictionary."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ketbio.errors import FileError, SchemaError
from ketbio.tables import (
    SCHEMA_FORMATS,
    describe_schema,
    extended_schema,
    load_schema,
    render_schema,
    schema_names,
    write_schema,
)
from ketbio.tables.forms.dictionary_files import dictionary_files, write_dictionary

DOCS = Path(__file__).resolve().parents[2] / "docs" / "dictionary"
HOSTILE = {
    "columns": {
        "note": {
            "meaning": "<script>alert(1)</script> a|b `c` *d*",
            "type": "text",
            "rule": "x < 1 & y > 2.",
        }
    }
}


class Tags(HTMLParser):
    """Tags that are open, and those that were ever there."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.ids, self.links = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.seen.add(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", [None, *schema_names()])
def test_a_page_is_whole_and_needs_nothing_else(name):
    page = Tags()
    page.feed(render_schema(name, format="html"))
    assert page.open == []
    assert not page.seen & {"script", "link", "img", "iframe", "form"}
    assert {"main", "h1", "title", "meta"} <= page.seen
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} == set(page.ids)


@pytest.mark.parametrize("form", SCHEMA_FORMATS)
@pytest.mark.parametrize("name", schema_names())
def test_every_column_and_rule_is_told_in_every_form(name, form):
    told = " ".join(unescape(render_schema(name, format=form)).replace("\\", "").split())
    schema = load_schema(name)
    for spec in schema.columns.values():
        assert spec.name in told
        assert spec.meaning in told
    for rule in schema.rules:
        assert rule.name in told
        assert rule.words[:20] in told
    assert schema.version in told


@pytest.mark.parametrize("form", SCHEMA_FORMATS)
def test_the_list_names_every_schema(form):
    told = render_schema(format=form)
    assert all(name in told for name in schema_names())


def test_words_of_a_schema_are_shown_and_never_run():
    schema = extended_schema(load_schema("participants"), HOSTILE)
    page = render_schema(schema, format="html")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    lines = render_schema(schema, format="markdown").splitlines()
    row = next(line for line in lines if line.startswith("| `note`"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 9
    assert r"\<script\>" in row


def test_visits_of_a_study_are_the_words_that_visit_allows():
    told = render_schema("madrs", visits=["before", "after"])
    assert "Allowed: 'before' or 'after'." in told
    assert "'before'" not in render_schema("participants", visits=["before", "after"])


def test_a_form_that_is_not_known():
    with pytest.raises(SchemaError, match=r"format is 'htm'; allowed: 'text', 'markdown', 'html'"):
        render_schema("madrs", format="htm")


@pytest.mark.parametrize(("ending", "start"), [("html", "<!DOCTYPE"), ("md", "# `"), ("txt", "m")])
def test_a_dictionary_is_written_by_its_ending(tmp_path, ending, start):
    path = write_schema("madrs", tmp_path / f"madrs.{ending}")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(start)
    assert text.endswith("\n")
    with pytest.raises(FileError, match="exists already"):
        write_schema("madrs", path)


def test_an_ending_without_a_form_and_a_form_with_another_ending(tmp_path):
    with pytest.raises(
        FileError, match=r"madrs\.doc says no format by its ending; allowed: \.xlsx"
    ):
        write_schema("madrs", tmp_path / "madrs.doc")
    with pytest.raises(FileError, match=r"cannot be of the format 'redcap' by its ending: \.csv"):
        write_schema("madrs", tmp_path / "madrs.json", format="redcap")
    with pytest.raises(SchemaError, match="Did you mean 'redcap'"):
        write_schema("madrs", tmp_path / "madrs.csv", format="recap")
    assert list(tmp_path.iterdir()) == []


def test_a_table_of_the_dictionary_has_the_examples():
    assert describe_schema("hamd17").set_index("column").loc["hamd17_total", "examples"] == "22"


# -- docs/dictionary -------------------------------------------------------------------------
def test_the_dictionary_in_the_docs_is_not_stale():
    wanted = dictionary_files()
    found = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    stale = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    assert not stale, f"docs/dictionary is stale ({', '.join(stale)}); run: make dictionary"


def test_the_dictionary_is_written_anew_and_old_pages_go(tmp_path):
    (tmp_path / "gone.md").write_text("a schema that is no more")
    write_dictionary(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(dictionary_files())
