"""What a Word document needs beyond pandoc: numbered captions, references to them, tables' rows."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from copy import deepcopy
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

CAPTION_STYLES = ("Table Caption", "Image Caption")
CAPTION = re.compile(r"^(Table|Figure) (\d+)\. ")
MENTION = re.compile(r"\b(Table|Figure) (\d+)\b")
WIDE = 8
"""Columns with which a table has its words in small type, so that they do not break."""
SMALL = Pt(7)
_FIRST_BOOKMARK = 100_000  # pandoc counts its own from 1
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def finish_document(content: bytes, *, authors: Sequence[str]) -> bytes:
    """Return a Word document with fields in its captions and the rows of its tables kept whole.

    Parameters
    ----------
    content : bytes
        As pandoc writes it; captions begin with "Table 3." or "Figure 2.".
    authors : sequence of str
        For the document's properties.

    Returns
    -------
    bytes
        The same for the same content.
    """
    document = Document(BytesIO(content))
    known = _number_captions(document)
    _refer_to(document, known)
    for table in document.tables:
        for row in table.rows:
            row_properties = row._tr.get_or_add_trPr()
            if row_properties.find(qn("w:cantSplit")) is None:
                row_properties.insert(0, OxmlElement("w:cantSplit"))
        if len(table.columns) >= WIDE:
            _write_small(table)
    document.core_properties.author = "; ".join(authors)
    document.core_properties.last_modified_by = ""
    document.core_properties.comments = ""
    written = BytesIO()
    document.save(written)
    return _without_times(written.getvalue())


def _write_small(table: Table) -> None:
    for words in table._tbl.iter(qn("w:r")):
        words.get_or_add_rPr().sz_val = SMALL


def _number_captions(document: WordDocument) -> set[str]:
    """Let Word count the captions, each with a bookmark; return the bookmarks' names."""
    known: set[str] = set()
    for paragraph in document.paragraphs:
        if paragraph.style is None or paragraph.style.name not in CAPTION_STYLES:
            continue
        found = CAPTION.match(paragraph.text)
        if found is None:
            continue
        name = _bookmark_name(found[1], found[2])
        if name in known:
            continue
        known.add(name)
        _put_field(paragraph, kind=found[1], number=found[2], place=len(known))
    return known


def _bookmark_name(kind: str, number: str) -> str:
    return f"_Ref_{kind.lower()}_{number}"


def _put_field(paragraph: Paragraph, *, kind: str, number: str, place: int) -> None:
    """Replace the words "Table 3" at the beginning by the word and a SEQ field."""
    _cut_beginning(paragraph, len(f"{kind} {number}"))
    start = OxmlElement("w:bookmarkStart")
    end = OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(_FIRST_BOOKMARK + place))
    start.set(qn("w:name"), _bookmark_name(kind, number))
    field = _field(f" SEQ {kind} \\* ARABIC ", _run(number))
    first = paragraph._p.find(qn("w:pPr"))
    at = 0 if first is None else paragraph._p.index(first) + 1
    for step, element in enumerate((start, _run(f"{kind} "), field, end)):
        paragraph._p.insert(at + step, element)


def _cut_beginning(paragraph: Paragraph, length: int) -> None:
    """Take so many letters away from the beginning of a paragraph, over its runs."""
    for text in paragraph._p.iter(qn("w:t")):
        held = text.text or ""
        text.text = held[length:]
        text.set(qn("xml:space"), "preserve")
        length -= min(length, len(held))
        if not length:
            return


def _run(words: str, like: BaseOxmlElement | None = None) -> BaseOxmlElement:
    run = OxmlElement("w:r")
    properties = None if like is None else like.find(qn("w:rPr"))
    if properties is not None:
        run.append(deepcopy(properties))
    text = OxmlElement("w:t")
    text.text = words
    text.set(qn("xml:space"), "preserve")
    run.append(text)
    return run


def _field(instruction: str, run: BaseOxmlElement) -> BaseOxmlElement:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    field.append(run)
    return field


def _refer_to(document: WordDocument, known: set[str]) -> None:
    """Make "Figure 2" and "Table 3" in the text references to the captions of that number."""
    for paragraph in document.paragraphs:
        if paragraph.style is not None and paragraph.style.name in CAPTION_STYLES:
            continue
        for run in list(paragraph._p.findall(qn("w:r"))):
            held = [text.text or "" for text in run.findall(qn("w:t"))]
            if len(held) == 1 and MENTION.search(held[0]):
                _put_references(run, held[0], known)


def _put_references(run: BaseOxmlElement, words: str, known: set[str]) -> None:
    for element in _with_references(run, words, known):
        run.addprevious(element)
    parent = run.getparent()
    if parent is not None:
        parent.remove(run)


def _with_references(
    run: BaseOxmlElement, words: str, known: set[str]
) -> Iterator[BaseOxmlElement]:
    done = 0
    for found in MENTION.finditer(words):
        name = _bookmark_name(found[1], found[2])
        if name not in known:
            continue
        if found.start() > done:
            yield _run(words[done : found.start()], run)
        yield _field(f" REF {name} \\h ", _run(found[0], run))
        done = found.end()
    if done < len(words):
        yield _run(words[done:], run)


def _without_times(content: bytes) -> bytes:
    """Write the parts anew without the moment at which they were written."""
    written = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as archive,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in archive.namelist():
            fixed.writestr(zipfile.ZipInfo(name, _FIXED_TIME), archive.read(name),
                           compress_type=zipfile.ZIP_DEFLATED)  # fmt: skip
    return written.getvalue()
