"""The finished Word document, as python-docx and LibreOffice read it."""

import re
import subprocess
from shutil import which

import pytest
from docx import Document
from docx.oxml.ns import qn

from ketbio.report import write_report
from ketbio.report.word_finish import SMALL, WIDE

LIBREOFFICE = which("soffice") or which("libreoffice")


@pytest.fixture(scope="module")
def path(module_run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("word")
    return write_report(module_run, folder / "r.docx", results=False)


@pytest.fixture(scope="module")
def document(path):
    return Document(path)


def styled(document, style):
    return [one for one in document.paragraphs if one.style.name == style]


def spoken(paragraph) -> str:
    """Text with what stands in its fields."""
    return "".join(text.text or "" for text in paragraph._p.iter(qn("w:t")))


def fields(element) -> list[str]:
    return [one.get(qn("w:instr")).strip() for one in element.iter(qn("w:fldSimple"))]


@pytest.mark.parametrize(
    ("kind", "style"), [("Table", "Table Caption"), ("Figure", "Image Caption")]
)
def test_captions_are_counted_by_word_and_say_the_same_number(document, kind, style):
    captions = styled(document, style)
    assert (
        len(captions)
        == {"Table": len(document.tables), "Figure": len(document.inline_shapes)}[kind]
    )
    for number, caption in enumerate(captions, start=1):
        assert spoken(caption).startswith(f"{kind} {number}. ")
        assert fields(caption._p) == [f"SEQ {kind} \\* ARABIC"]


def test_references_lead_to_bookmarks_that_are_there(document):
    body = document.element.body
    names = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    ids = [one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(ids) == len(set(ids))
    assert len(names) == len(set(names))
    wanted = [one.split()[1] for one in fields(body) if one.startswith("REF ")]
    assert wanted  # every finding names its figure and its table
    assert set(wanted) <= set(names)
    assert {"_Ref_table_1", "_Ref_figure_1"} <= set(names)


def test_tables_are_native_with_a_repeated_head_and_whole_rows(document):
    assert len(document.tables) > 5
    for table in document.tables:
        first = table.rows[0]._tr.trPr
        assert first is not None
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_only_tables_of_many_columns_are_in_small_type(document):
    for table in document.tables:
        sizes = {run.font.size for cell in table._cells for p in cell.paragraphs for run in p.runs}
        assert (SMALL in sizes) == (len(table.columns) >= WIDE)


def test_every_picture_has_an_alternative_text(document):
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert described
    assert all(described)
    widest = document.sections[0].page_width - document.sections[0].left_margin * 2
    assert all(shape.width <= widest for shape in document.inline_shapes)


def test_properties_tell_title_and_authors_and_nobody_else(document):
    properties = document.core_properties
    assert properties.title == "Ketamine and mTOR"
    assert properties.author == "A. Author; B. Author"
    assert properties.last_modified_by == ""
    assert properties.comments == ""


def test_the_title_page_stands_alone(document):
    paragraphs = document.paragraphs
    first = next(
        place for place, one in enumerate(paragraphs) if one.style.name.startswith("Heading 1")
    )
    breaks = [one.get(qn("w:type")) for one in paragraphs[first - 1]._p.iter(qn("w:br"))]
    assert breaks == ["page"]


@pytest.mark.skipif(LIBREOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(path, tmp_path):
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [LIBREOFFICE, profile, "--headless", "--convert-to", "txt:Text", str(path)]
    done = subprocess.run(
        [*command, "--outdir", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "source file could not be loaded" in done.stderr:
        pytest.skip("this LibreOffice has no Writer")
    text = (tmp_path / "r.txt").read_text(encoding="utf-8-sig")
    assert re.search(r"^Table 1\. ", text, re.MULTILINE)
    assert re.search(r"^Figure 1\. ", text, re.MULTILINE)
