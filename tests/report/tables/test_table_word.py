import zipfile
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn

from ketbio.report.tables.word import to_word


def opened(*tables):
    return Document(BytesIO(to_word(tables)))


def test_a_table_is_cells_with_styles_and_no_picture(table):
    written = to_word([table])
    document = Document(BytesIO(written))
    (drawn,) = document.tables
    texts = [[cell.text for cell in row.cells] for row in drawn.rows]
    assert texts[0] == ["Variable", "All (n = 11)", "A − B", "A − B"]
    assert texts[1] == ["Variable", "All (n = 11)", "Difference", "95% CIa"]
    assert texts[3] == ["Mean (SD)", "15.2 (1.50)b", "−0.31", "−2.7 to 2.1b"]
    assert drawn.style.name == "Journal Table"
    names = zipfile.ZipFile(BytesIO(written)).namelist()
    assert not [name for name in names if "media" in name or "thumbnail" in name]


def test_headings_repeat_on_each_page_and_rows_do_not_break(table):
    rows = opened(table).tables[0].rows
    repeats = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows]
    assert repeats == [True, True, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_the_caption_counts_by_a_field(table):
    caption = opened(table, table).paragraphs[0]
    assert caption.style.name == "Caption"
    (code,) = caption._element.iter(qn("w:instrText"))
    assert code.text.split() == ["SEQ", "Table", "\\*", "ARABIC"]
    assert caption.text == "Table 1. Participants"
    assert caption.paragraph_format.keep_with_next or caption.style.paragraph_format.keep_with_next


def test_spanner_and_group_heading_are_merged_cells(table):
    drawn = opened(table).tables[0]
    assert drawn.cell(0, 2)._tc is drawn.cell(0, 3)._tc
    assert drawn.cell(0, 0)._tc.vMerge == "restart"
    assert len({cell._tc for cell in drawn.rows[2].cells}) == 1


def test_a_reader_who_hears_it_is_told_what_it_holds(table):
    properties = opened(table).tables[0]._element.tblPr
    assert properties.find(qn("w:tblCaption")).get(qn("w:val")) == "Participants"
    described = properties.find(qn("w:tblDescription")).get(qn("w:val"))
    assert "Variable; All (n = 11); Difference; 95% CI" in described


def test_footnotes_stand_below_with_superscript_marks(table):
    below = [one for one in opened(table).paragraphs if one.style.name == "Table Note"]
    assert [one.text for one in below] == ["Simulated data.", "a Welch t.", "b 1 missing."]
    assert below[1].runs[0].font.superscript


def test_the_same_table_gives_the_same_bytes(table):
    written = to_word([table])
    assert written == to_word([table])
    core = zipfile.ZipFile(BytesIO(written)).read("docProps/core.xml").decode()
    assert "dcterms:created" not in core
    assert "python-docx" not in core


def test_any_text_is_written_letter_by_letter(nasty_table, nasty_text):
    drawn = opened(nasty_table).tables[0]
    assert drawn.cell(2, 0).text == f"{nasty_text}a"
    assert drawn.cell(1, 1).text == nasty_text
