import itertools
import re
import subprocess
import zipfile
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from shutil import which
from tempfile import gettempdir
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pypandoc
import pytest
import typst

from ketbio.errors import ReportError
from ketbio.report import convert, write_report
from ketbio.report.contents import NO_CHECKS, SIMULATED
from ketbio.report.markdown import Markdown
from ketbio.study import analyse_study, read_study

FORMATS = ["html", "docx", "pdf"]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Page(HTMLParser):
    """What a browser would make of a page: its elements and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, *tags):
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture
def page(run, tmp_path):
    return Page(write_report(run, tmp_path / "r.html").read_text(encoding="utf-8"))


def squeezed(text: str) -> str:
    """Text without its blanks and soft breaks: a PDF breaks words where it likes."""
    return re.sub(r"[\s\u200b]+", "", text)


def docx_text(path: Path) -> str:
    return pypandoc.convert_file(str(path), "plain", extra_args=["--wrap=none"])


def pdf_text(path: Path) -> str:
    if which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    command = ["pdftotext", "-layout", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


# -- HTML ------------------------------------------------------------------------------------
def test_html_is_one_file_that_asks_for_nothing(page):
    assert page.all("script") == [{}]  # its own, within
    assert page.all("iframe", "object", "embed") == []
    kept = ("data:", "#", "https://doi.org/")
    for attributes in page.all("img", "link", "source", "a"):
        address = attributes.get("src") or attributes.get("href")
        assert address
        assert address.startswith(kept)


def test_html_is_marked_up_for_those_who_listen(page):
    (html,) = page.all("html")
    assert html["lang"] == "en-GB"
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.elements}
    assert page.all("a")[0]["href"] == "#content"
    assert {"id": "content"} in page.all("main")


def test_html_tables_have_captions_scopes_and_scroll_by_keyboard(page):
    tables = page.all("table")
    regions = [a for a in page.all("div") if a.get("role") == "group"]
    assert len(tables) == len(page.all("caption")) == 12  # three of them are checklists
    assert len(regions) == 12 + len(page.all("img"))
    assert all(region["tabindex"] == "0" and region["aria-label"] for region in regions)
    assert {th["scope"] for th in page.all("th")} == {"col", "row"}
    assert all("scope" not in td for td in page.all("td"))


def test_html_figures_have_an_alternative_text_and_a_caption(page):
    images = page.all("img")
    assert len(images) == len(page.all("figcaption")) == 3
    assert "Enrolled: 13" in images[0]["alt"]
    assert images[1]["alt"].startswith("Estimation plot of change in p-mTOR (Ser2448)")
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in images)


def test_html_links_lead_somewhere(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
    assert inside <= set(ids)
    assert {f"row-{row}" for row in range(1, 11)} <= inside


# -- every format ----------------------------------------------------------------------------
def test_simulated_data_are_called_so_on_every_page(run, tmp_path):
    source = write_report(run, tmp_path / "r.html").read_text(encoding="utf-8")
    before, after = source.split("<main", 1)
    assert SIMULATED in before
    assert SIMULATED in after.split("<footer>")[1]
    with zipfile.ZipFile(write_report(run, tmp_path / "r.docx")) as archive:
        for part in ("word/header1.xml", "word/footer1.xml"):
            assert SIMULATED in archive.read(part).decode()
        section = archive.read("word/document.xml").decode().split("<w:sectPr>")[1]
        assert section.count("rIdHeader") == section.count("rIdFooter") == 1
    pages = pdf_text(write_report(run, tmp_path / "r.pdf")).rstrip("\f").split("\f")
    assert len(pages) > 2
    assert all(squeezed(SIMULATED) in squeezed(page) for page in pages)


def test_real_data_carry_no_banner(run, tmp_path):
    results = run.results
    for format_ in FORMATS:
        path = write_report(results, tmp_path / f"r.{format_}")
        if format_ == "docx":
            with zipfile.ZipFile(path) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        else:
            content = path.read_bytes() if format_ == "html" else pdf_text(path).encode()
        assert b"Simulated data" not in content


def wanted_texts(nasty_text: str) -> list[str]:
    starts = ["head", "author", "study", "title", "reg", "described", "said", "who", "col",
              "two lines", "file", "note", "label", "warned", "id", "why", "group", "variable",
              "step", "reason", "nobody"]  # fmt: skip
    return [f"{start} {nasty_text}" for start in starts]


def test_text_of_the_users_own_is_only_text_in_html(nasty, nasty_text, tmp_path):
    page = Page(write_report(nasty, tmp_path / "r.html").read_text(encoding="utf-8"))
    text = " ".join(page.text.split())
    assert [wanted for wanted in wanted_texts(nasty_text) if wanted not in text] == []
    assert page.all("script") == [{}]
    assert all(a["href"].startswith(("#", "https://doi.org/")) for a in page.all("a"))


def test_text_of_the_users_own_is_only_text_in_word(nasty, nasty_text, tmp_path):
    path = write_report(nasty, tmp_path / "r.docx")
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read("word/document.xml"))
    paragraphs = [
        " ".join("".join(t.text or "" for t in p.iter(f"{W}t")).split()) for p in root.iter(f"{W}p")
    ]
    text = "\n".join(paragraphs)
    assert [wanted for wanted in wanted_texts(nasty_text) if wanted not in text] == []


def test_text_of_the_users_own_is_only_text_in_pdf(nasty, nasty_text, tmp_path, monkeypatch):
    sources = []
    compiled = convert._compile

    def keep(source, **how):
        sources.append(source.read_text(encoding="utf-8"))
        return compiled(source, **how)

    monkeypatch.setattr(convert, "_compile", keep)
    path = write_report(nasty, tmp_path / "r.pdf")
    assert "#script" not in sources[0]
    text = squeezed(pdf_text(path))
    # cells stand side by side in a PDF's text: what is looked for stands on lines of its own
    own_lines = ("head", "author", "study", "reg", "described", "note", "label", "warned", "why")
    wanted = [squeezed(f"{start} {nasty_text}") for start in own_lines]
    assert [line for line in wanted if line not in text] == []


@pytest.mark.parametrize("format_", FORMATS)
def test_no_file_tells_where_it_was_made(run, tmp_path, format_):
    path = write_report(run, tmp_path / f"r.{format_}")
    parts = [path.read_bytes()]
    if format_ == "docx":
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
    assert all(b"ketbio-report-" not in part for part in parts)
    assert all(f"{gettempdir()}/".encode() not in part for part in parts)


def test_pdf_is_tagged_and_for_the_archive(run, tmp_path):
    content = write_report(run, tmp_path / "r.pdf").read_bytes()
    assert b"StructTreeRoot" in content
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content


@pytest.mark.skipif(which("pdffonts") is None, reason="poppler-utils is not installed")
def test_pdf_tools_find_title_tags_and_embedded_fonts(run, tmp_path):
    path = write_report(run, tmp_path / "r.pdf", results=False)
    about, fonts = (
        subprocess.run([tool, str(path)], check=True, capture_output=True, text=True).stdout
        for tool in ("pdfinfo", "pdffonts")
    )
    assert re.search(r"^Title: +Ketamine and mTOR$", about, re.MULTILINE)
    assert re.search(r"^Author: +A\. Author, B\. Author$", about, re.MULTILINE)
    assert re.search(r"^Tagged: +yes$", about, re.MULTILINE)
    rows = fonts.splitlines()[2:]
    assert rows
    assert all(row.split()[-5] == "yes" for row in rows)  # the column "emb"
    text = pdf_text(path)
    assert text.index("Contents") < text.index("Table 1. ") < text.index("Table 2. ")


@pytest.mark.parametrize(
    ("style", "cited"), [("vancouver", "(1"), ("ama", "1. "), ("apa", "(Fisher, 1935")]
)
def test_a_citation_style_is_that_of_the_references(style, cited, tmp_path):
    contents = SimpleNamespace(
        title="t", authors=(), date="", version="0", banner="", citation_style=style
    )
    text = "Dealt anew [@fisher1935; @holm1979].\n\n# References\n\n::: {#refs}\n:::\n"
    page = Page(convert.to_html(Markdown(text), contents, tmp_path).decode())
    assert cited in page.text
    assert ("Holm, S. (1979)" in page.text) is (style == "apa")
    assert ("Holm S. A simple" in page.text) is (style != "apa")
    (tmp_path / "r.docx").write_bytes(convert.to_docx(Markdown(text), contents, tmp_path))
    assert "Holm" in docx_text(tmp_path / "r.docx")
    with zipfile.ZipFile(tmp_path / "r.docx") as archive:
        assert all(str(tmp_path).encode() not in archive.read(name) for name in archive.namelist())


def test_word_has_the_figures_with_their_alternative_text(run, tmp_path):
    with zipfile.ZipFile(write_report(run, tmp_path / "r.docx")) as archive:
        names = archive.namelist()
        document = archive.read("word/document.xml").decode()
    assert sum(name.startswith("word/media/") for name in names) == 3
    assert 'descr="Estimation plot of change in p-mTOR (Ser2448)' in document
    assert '<w:tblHeader w:val="on"/>' in document


def test_results_alone_are_told_as_such_in_word(run, tmp_path):
    text = docx_text(write_report(run.results[6], tmp_path / "r.docx"))
    assert NO_CHECKS in text
    assert "[row 1]" in text


def test_a_result_that_cannot_be_drawn_says_so(run, tmp_path):
    plain = type(run.results[6])(
        analysis="fit_mmrm", marker="MADRS", outcome="total", groups=("all",), n={"all": 3}
    )
    text = Page(write_report(plain, tmp_path / "r.html").read_text(encoding="utf-8")).text
    assert "No figure: " in text


def test_a_study_is_run_and_told_whole(tmp_path):
    study = read_study(str(files("ketbio.demo").joinpath("study.toml")))
    told = analyse_study(study)
    page = Page(write_report(told, tmp_path / "demo.html").read_text(encoding="utf-8"))
    rows = len(told.results.tidy())
    ids = {attributes.get("id") for _, attributes in page.elements}
    assert {f"row-{row}" for row in range(1, rows + 1)} <= ids
    assert f"row-{rows + 1}" not in ids
    assert SIMULATED in page.text
    assert "no entry in the bibliography" not in page.text
    assert "No figure: " not in page.text


# -- refusals --------------------------------------------------------------------------------
def test_an_unknown_format_names_the_ones_there_are(run, tmp_path):
    for call in ({"path": tmp_path / "r.docs"}, {"path": tmp_path / "r.html", "format": "docs"}):
        with pytest.raises(ReportError) as error:
            write_report(run, **call)
        assert str(error.value) == (
            "the report's format is 'docs'; allowed: 'html', 'docx', 'pdf'. Did you mean 'docx'?"
        )


def test_a_name_without_an_ending_needs_a_format(run, tmp_path):
    with pytest.raises(ReportError, match=r"'report' has no ending .* end it in \.html, \.docx"):
        write_report(run, tmp_path / "report")
    assert (
        write_report(run, tmp_path / "report", format="html").read_text()[:15] == "<!DOCTYPE html>"
    )


def test_a_file_that_is_there_stays_as_it_is(run, tmp_path):
    path = tmp_path / "r.html"
    path.write_text("mine")
    with pytest.raises(
        ReportError, match=r"is there already and was not touched; .* overwrite=True"
    ):
        write_report(run, path)
    assert path.read_text() == "mine"
    write_report(run, path, overwrite=True)
    assert "Ketamine and mTOR" in path.read_text(encoding="utf-8")
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {"r.html", "r-results.json", "r-results.csv"}


def test_a_folder_that_is_not_there_or_is_the_target(run, tmp_path):
    with pytest.raises(ReportError, match=r"The folder .*absent is not there; make it first\."):
        write_report(run, tmp_path / "absent" / "r.html")
    with pytest.raises(ReportError, match=r"is a folder; give the name of the file"):
        write_report(run, tmp_path, format="html", overwrite=True)


def test_a_disk_that_refuses_leaves_nothing_behind(run, tmp_path, monkeypatch):
    def refuse(_self, _target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr("ketbio.report.write._document", lambda *_: b"whole")
    with pytest.raises(
        ReportError, match=r"Cannot write .*r\.html.*: Permission denied\. Choose a folder that you"
    ):
        write_report(run, tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_came_meanwhile_is_not_replaced(run, tmp_path, monkeypatch):
    path = tmp_path / "r.html"
    monkeypatch.setattr(
        "ketbio.report.write._document", lambda *_: path.write_text("theirs") and b"ours"
    )
    with pytest.raises(ReportError, match="is there already"):
        write_report(run, path)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("r.html", "theirs")]


def test_something_else_is_refused_by_its_kind(tmp_path):
    with pytest.raises(ReportError, match=r"was given a dict; it takes a Study, a StudyRun, a"):
        write_report({}, tmp_path / "r.html")


def test_a_failure_of_pandoc_is_one_sentence(run, tmp_path, monkeypatch):
    monkeypatch.setattr(convert, "SYNTAX", "no_such_syntax")
    with pytest.raises(ReportError, match="pandoc could not write the report as html5"):
        write_report(run, tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


def test_a_letter_without_a_font_is_named(run, tmp_path, monkeypatch):
    def fail(_source, **_how):
        raise typst.TypstError('the text "漢" could not be displayed with font "Libertinus Serif"')

    monkeypatch.setattr(convert, "_compile", fail)
    with pytest.raises(
        ReportError, match=r"none here has one: .*漢.*write the report as HTML or DOCX"
    ):
        write_report(run, tmp_path / "r.pdf")
