"""The documentation site: its pages are complete and its links lead somewhere; nothing is drawn."""

import re
import sys
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import ketbio
from ketbio import figures

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "docs" / "site"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def script(monkeypatch):
    """A function: name of a script of docs/site → its module."""
    monkeypatch.syspath_prepend(str(SITE))
    yield import_module
    for name in ("assemble", "check_links", "gallery", "gallery_figures", "reference"):
        sys.modules.pop(name, None)


@pytest.fixture
def pages(script, tmp_path):
    folder = tmp_path / "pages"
    script("assemble").copy_pages(folder)
    script("reference").write_reference(folder / "reference")
    (folder / "gallery" / script("gallery").PAGE).touch()
    return folder


def _links(path, link):
    return [match[2].partition("#")[0] for match in link.finditer(path.read_text(encoding="utf-8"))]


def _in_navigation(entry):
    if isinstance(entry, str):
        return [entry]
    inside = entry.values() if isinstance(entry, dict) else entry
    return [page for one in inside for page in _in_navigation(one)]


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=lambda path: path.name)
def test_every_link_leads_to_a_file(script, path):
    links = _links(path, script("assemble").LINK)
    assert [to for to in links if not (path.parent / to).exists()] == []


def test_every_public_name_has_its_place_in_the_reference(pages):
    text = "".join(path.read_text(encoding="utf-8") for path in (pages / "reference").glob("*.md"))
    described = re.findall(r"^::: (ketbio\S*)$", text, flags=re.MULTILINE)
    names = {*ketbio.__all__, *ketbio.statistics.__all__, *figures.__all__} - {"statistics"}
    assert len(described) == len(set(described))
    assert names - {one.rpartition(".")[2] for one in described} == set()


def test_the_navigation_has_every_page_and_no_other(pages):
    plan = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    listed = _in_navigation(plan["nav"])
    there = {path.relative_to(pages).as_posix() for path in pages.rglob("*.*")}
    assert len(listed) == len(set(listed))
    assert set(listed) == {name for name in there if name.endswith((".md", ".ipynb"))}


def test_links_of_the_assembled_pages_stay_inside(script, pages):
    for path in pages.rglob("*.md"):
        links = _links(path, script("assemble").LINK)
        lost = [to for to in links if not (path.parent / to).exists()]
        assert lost == [], path


def test_a_notebook_links_to_built_pages(pages):
    text = (pages / "tutorial" / "4b_western_blots.ipynb").read_text(encoding="utf-8")
    assert "(../blots.html)" in text


def test_every_kind_of_figure_is_in_the_gallery(script):
    examples = [one for group in script("gallery_figures").GROUPS.values() for one in group]
    shown = "".join(one.about + one.code for one in examples)
    assert [one for one in figures.FIGURES if one not in shown] == []
    by_name = {name for name in figures.__all__ if name.startswith("draw_")}
    picked = {
        function.__name__
        for choice in (figures.FIGURES, figures.FAMILY_FIGURES)
        for function in choice.values()
    }
    assert [one for one in by_name - picked if one not in shown] == []
    assert len({one.file for one in examples}) == len(examples)
    for one in examples:
        compile(one.code.strip(), one.file, "exec")
        assert "figure = " in one.code.strip().splitlines()[-1]


def test_broken_links_of_a_built_site_are_told(script, tmp_path):
    (tmp_path / "a.html").write_text('<a href="b.html#here">1</a><a href="c.html">2</a>')
    (tmp_path / "b.html").write_text('<p id="there"></p><img src="x.png"><a href="a.html">3</a>')
    assert script("check_links").broken_links(tmp_path.resolve()) == [
        "a.html: b.html#here has no such part.",
        "a.html: c.html is not there.",
        "b.html: x.png is not there.",
    ]
