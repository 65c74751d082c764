"""Tables as a Word document that is edited like any other: styles, real cells, no pictures."""

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from ketbio.report.tables.table import Cell, Column, Table
from ketbio.report.tables.word_styles import (
    CAPTION,
    HEADING,
    NOTE,
    STYLE,
    TEXT,
    made,
    set_page,
    set_properties,
    set_styles,
    without_leftovers,
)

WIDE = 7
"""From so many columns on the page lies on its side."""

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_LONGEST, _LONGEST_NAME = 28, 40
"""Letters of a cell, and of a row's name, beyond which a column is not made wider."""


def to_word(tables: Sequence[Table]) -> bytes:
    """Return one Word document with the tables, numbered by Word's own caption fields.

    The same tables give the same bytes: the document says neither when nor by whom it was made.

    Parameters
    ----------
    tables : sequence of Table

    Returns
    -------
    bytes
    """
    document = Document()
    set_page(document, is_wide=any(len(table.columns) >= WIDE for table in tables))
    set_styles(document)
    for number, table in enumerate(tables, start=1):
        if number > 1:
            _add_paragraph(document, NOTE)
        _add_table(document, table, number)
    set_properties(document, title="; ".join(table.title for table in tables))
    without_leftovers(document)
    written = BytesIO()
    document.save(written)
    return _same_bytes(written.getvalue())


def _add_table(document: Any, table: Table, number: int) -> None:
    _add_caption(document, table, number)
    spans = table.spans
    n_heads = 2 if spans else 1
    drawn = document.add_table(rows=n_heads + len(table.rows), cols=len(table.columns), style=STYLE)
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _describe(drawn, table)
    grid = [list(row.cells) for row in drawn.rows]
    for place, column in enumerate(table.columns):
        _write(grid[n_heads - 1][place], column.heading, table.marks(column.notes),
               align=column.align, style=HEADING)  # fmt: skip
        _rule(grid[n_heads - 1][place])
    for place, row in enumerate(table.rows, start=n_heads):
        for cell, held, column in zip(grid[place], row.cells, table.columns, strict=True):
            _write_cell(cell, held, column, table, is_heading=row.is_heading)
        first = grid[place][0].paragraphs[0].paragraph_format
        first.left_indent = Mm(3 * row.level)
        first.keep_with_next = any(after.level for after in table.rows[place - n_heads + 1 :][:1])
    _set_widths(document, drawn, grid, table)
    if spans:
        _merge_spanners(grid, table)
    for place, row in enumerate(table.rows, start=n_heads):
        if row.is_heading:
            _keep_one_paragraph(grid[place][0].merge(grid[place][-1]))
    for place, drawn_row in enumerate(drawn.rows):
        _set_row(drawn_row, repeats=place < n_heads)
    _add_notes(document, table)


def _add_caption(document: Any, table: Table, number: int) -> None:
    """Write ``Table 1. …`` with the number as a field, so that Word counts and refers to it."""
    paragraph = _add_paragraph(document, CAPTION)
    paragraph.add_run("Table ").bold = True
    _add_field(paragraph, " SEQ Table \\* ARABIC ", shown=str(number))
    paragraph.add_run(". ").bold = True
    paragraph.add_run(table.title)


def _add_field(paragraph: Any, instruction: str, *, shown: str) -> None:
    """Write a field with what it shows until it is counted again."""
    code = made("w:instrText")
    code.text = instruction
    begin, between, end = (
        made("w:fldChar", fldCharType=kind) for kind in ("begin", "separate", "end")
    )
    for part in (begin, code, between, shown, end):
        run = paragraph.add_run(part if isinstance(part, str) else "")
        run.bold = True
        if not isinstance(part, str):
            run._element.append(part)


def _describe(drawn: Any, table: Table) -> None:
    """Say what the table holds to a reader who hears it."""
    words = "; ".join(column.heading for column in table.columns)
    properties = drawn._element.tblPr
    properties.append(made("w:tblCaption", val=table.title))
    properties.append(made("w:tblDescription", val=f"{len(table.rows)} rows. Columns: {words}"))


def _add_paragraph(document: Any, style: str) -> Any:
    paragraph = document.add_paragraph()
    paragraph._p.style = _style_id(style)
    return paragraph


def _style_id(name: str) -> str:
    """Return a style's id as python-docx makes it: looking it up by name is slow, cell by cell."""
    return name.replace(" ", "")


def _write_cell(drawn: Any, cell: Cell, column: Column, table: Table, *, is_heading: bool) -> None:
    style = HEADING if is_heading else TEXT
    _write(drawn, cell.text, table.marks(cell.notes), align=column.align, style=style)


def _write(drawn: Any, text: str, marks: str, *, align: str, style: str) -> None:
    paragraph = drawn.paragraphs[0]
    paragraph._p.style = _style_id(style)
    paragraph.alignment = _ALIGN[align]
    if text:
        paragraph.add_run(text)
    if marks:
        paragraph.add_run(marks).font.superscript = True


def _rule(drawn: Any, *, size: int = 6) -> None:
    """Draw the line below a cell."""
    borders = made("w:tcBorders")
    borders.append(made("w:bottom", val="single", sz=str(size), space="0", color="auto"))
    drawn._element.get_or_add_tcPr().append(borders)


def _set_widths(document: Any, drawn: Any, grid: list[list[Any]], table: Table) -> None:
    """Share the line by what the columns hold: Word and LibreOffice disagree on fitting them."""
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    wanted = [_letters(table, place) for place in range(len(table.columns))]
    letter = min(Pt(6), room / sum(wanted))
    widths = [int(letter * letters) for letters in wanted]
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    for row in grid:
        for cell, width in zip(row, widths, strict=True):
            cell.width = width


def _letters(table: Table, place: int) -> int:
    """Return the letters that a column needs: its longest cell, within reason."""
    cells = [row.cells[place] for row in table.rows if not row.is_heading]
    wanted = (len(cell.text) + len(table.marks(cell.notes)) for cell in cells)
    column = table.columns[place]
    marks = len(table.marks(column.notes))
    longest_word = max((len(word) for word in column.heading.split()), default=0) + marks
    longest = max(wanted, default=0)
    return 3 + max(longest_word, min(_LONGEST if place else _LONGEST_NAME, longest))


def _merge_spanners(grid: list[list[Any]], table: Table) -> None:
    for span in table.spans:
        above = grid[0][span.first]
        if span.text:
            _write(above, span.text, "", align="center", style=HEADING)
            _rule(above.merge(grid[0][span.last]), size=4)
        else:
            _keep_one_paragraph(above.merge(grid[1][span.first]))


def _keep_one_paragraph(drawn: Any) -> None:
    """Take away the empty paragraph that merging two cells leaves."""
    for paragraph in drawn.paragraphs:
        if not paragraph.text and len(drawn.paragraphs) > 1:
            paragraph._element.getparent().remove(paragraph._element)


def _set_row(row: Any, *, repeats: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(made("w:cantSplit"))
    if repeats:
        properties.append(made("w:tblHeader"))


def _add_notes(document: Any, table: Table) -> None:
    for words in table.notes:
        _add_paragraph(document, NOTE).add_run(words)
    for mark, words in table.footnotes:
        paragraph = _add_paragraph(document, NOTE)
        paragraph.add_run(mark).font.superscript = True
        paragraph.add_run(f" {words}")


def _same_bytes(document: bytes) -> bytes:
    """Write the parts again, without the moment of writing."""
    written = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(document)) as given,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in given.namelist():
            part = given.read(name)
            if name == "docProps/core.xml":
                part = _DATES.sub(b"", part)
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), part, zipfile.ZIP_DEFLATED)
    return written.getvalue()
