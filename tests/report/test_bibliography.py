import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest

from ketbio.report.bibliography import BIBLIOGRAPHY, cite, known_keys, unknown_keys

KEY = re.compile(r"[a-z]+(?:1[89]|20)\d\d[a-z]?")
SOURCE = BIBLIOGRAPHY.read_text(encoding="utf-8")
ENTRIES = re.findall(r"^@(\w+)\{(\S+),\n(.*?)^\}", SOURCE, re.MULTILINE | re.DOTALL)


def keys_in_source() -> dict[str, str]:
    """Every string in the package that is nothing but a citation key."""
    found = {}
    for path in sorted(Path(str(files("ketbio"))).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and KEY.fullmatch(text):
                found.setdefault(text, path.name)
    return found


def test_every_key_that_the_package_names_has_an_entry():
    named = keys_in_source()
    assert "montgomery1979" in named  # the search finds what is there
    assert {key: where for key, where in named.items() if key not in known_keys()} == {}


def test_entries_are_sorted_and_each_is_there_once():
    keys = [key for _, key, _ in ENTRIES]
    assert keys == sorted(set(keys))
    assert set(keys) == known_keys()


@pytest.mark.parametrize(("kind", "key", "body"), ENTRIES, ids=[entry[1] for entry in ENTRIES])
def test_an_entry_is_complete_and_its_key_tells_its_year(kind, key, body):
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", body, re.MULTILINE))
    needed = {
        "article": {"author", "title", "year", "journal", "volume", "pages"},
        "book": {"author", "title", "year", "publisher"},
        "incollection": {"author", "title", "year", "booktitle", "publisher", "pages"},
        "misc": {"author", "title", "year"},  # a guideline, or a paper that has no pages yet
    }
    assert needed[kind] <= set(fields)
    assert fields["year"] in key
    assert fields.get("doi", "10.").startswith("10.")


def test_known_and_unknown_keys_are_cited_apart():
    assert cite(["fisher1935", "x_y", "fisher1935", "holm1979"]) == (
        r"[@fisher1935; @holm1979] \(x\_y\: no entry in the bibliography\)"
    )
    assert cite([]) == ""
    assert unknown_keys(["x_y", "fisher1935", "x_y"]) == ("x_y",)
