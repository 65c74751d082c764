"""The page, the styles and the properties of a Word document of tables."""

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "Arial"
TEXT, HEADING, NOTE, CAPTION = "Table Text", "Table Heading", "Table Note", "Caption"
STYLE = "Journal Table"
SIZES = {TEXT: 9, NOTE: 8, CAPTION: 10}
"""Paragraph style → points."""

PAGE, MARGIN = (210, 297), 20
"""A4 and its margins, in mm."""

_LEFTOVERS = ("/thumbnail", "/stylesWithEffects")


def set_page(document: Any, *, is_wide: bool) -> None:
    """Set an A4 page, on its side where a table is wide."""
    section = document.sections[0]
    width, height = PAGE[::-1] if is_wide else PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(MARGIN))


def set_styles(document: Any) -> None:
    """Add the styles of table texts, notes and tables, and set the caption's."""
    styles = document.styles
    for style in [one for one in styles if one.type == WD_STYLE_TYPE.TABLE]:
        if style.name not in ("Normal Table", "Table Grid"):
            style.delete()  # a hundred coloured ones that nobody asked for
    for name in (TEXT, NOTE):
        added = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        added.base_style = styles["Normal"]
    heading = styles.add_style(HEADING, WD_STYLE_TYPE.PARAGRAPH)
    heading.base_style = styles[TEXT]
    heading.font.bold = True
    for name, size in SIZES.items():
        style = styles[name]
        style.font.size, style.font.name = Pt(size), FONT
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
    styles[CAPTION].font.bold = False
    styles[CAPTION].paragraph_format.keep_with_next = True
    styles[CAPTION].paragraph_format.space_after = Pt(4)
    for language in styles.element.find(qn("w:docDefaults")).iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    _add_table_style(styles)


def _add_table_style(styles: Any) -> None:
    """Add the style with three rules: above and below the table, and below its headings."""
    style = styles.add_style(STYLE, WD_STYLE_TYPE.TABLE)
    style.base_style = styles["Normal Table"]
    properties = made("w:tblPr")
    borders = made("w:tblBorders")
    borders.extend(made(f"w:{side}", val="single", sz="12", space="0", color="auto")
                   for side in ("top", "bottom"))  # fmt: skip
    properties.append(borders)
    style.element.append(properties)


def without_leftovers(document: Any) -> None:
    """Leave out what the template brings: a picture of an empty page, styles for Word 2007."""
    for relations in (document.part.package.rels, document.part.rels):
        for name in [key for key, one in relations.items() if one.reltype.endswith(_LEFTOVERS)]:
            del relations[name]


def set_properties(document: Any, *, title: str) -> None:
    """Name the document; who wrote it is for its authors to say."""
    core = document.core_properties
    core.title = title[:255]  # the longest that the format allows
    core.author = core.last_modified_by = core.comments = ""
    core.language = "en-GB"


def made(tag: str, **values: str) -> Any:
    """Return an element of a Word document with its attributes."""
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    return element
