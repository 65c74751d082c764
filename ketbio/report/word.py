"""The Word document whose styles, page, header and footer a report takes over."""

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pypandoc

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)

CELL_MARGIN = "60"
"""On either side, in twentieths of a point: a table of eight columns has no room to spare."""
SIZES = {"Title": 36, "Heading1": 30, "Heading2": 25, "Table": 17, "TableCaption": 19,
         "ImageCaption": 19, "Author": 21, "Date": 21, "Bibliography": 19}  # fmt: skip
"""Style → font size in half points."""

_HEADER = (
    f'<w:hdr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>'
    '<w:r><w:rPr><w:b/><w:color w:val="8A1C00"/></w:rPr>'
    '<w:t xml:space="preserve">{banner}</w:t></w:r></w:p></w:hdr>'
)
_FIELD = '<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
_FOOTER = (
    f'<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
    '<w:r><w:rPr><w:b/><w:color w:val="8A1C00"/></w:rPr>'
    '<w:t xml:space="preserve">{banner} </w:t></w:r>'
    '<w:r><w:t xml:space="preserve">Page </w:t></w:r>'
    + _FIELD.format(name="PAGE")
    + '<w:r><w:t xml:space="preserve"> of </w:t></w:r>'
    + _FIELD.format(name="NUMPAGES")
    + "</w:p></w:ftr>"
)
_STYLES = f"""<w:styles xmlns:w="{_W}">
<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/>
<w:basedOn w:val="Normal"/><w:rPr><w:sz w:val="16"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/>
<w:basedOn w:val="Normal"/><w:rPr><w:sz w:val="16"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Notice"><w:name w:val="Notice"/>
<w:basedOn w:val="BodyText"/><w:pPr><w:pBdr>
<w:left w:val="single" w:sz="24" w:space="6" w:color="8A1C00"/></w:pBdr></w:pPr>
<w:rPr><w:b/><w:color w:val="8A1C00"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Safety"><w:name w:val="Safety"/>
<w:basedOn w:val="BodyText"/><w:pPr><w:pBdr>
<w:left w:val="single" w:sz="24" w:space="6" w:color="C00000"/></w:pBdr></w:pPr></w:style>
</w:styles>"""
_BORDERS = f"""<w:tblBorders xmlns:w="{_W}">
<w:top w:val="single" w:sz="6" w:color="666666"/>
<w:bottom w:val="single" w:sz="6" w:color="666666"/>
<w:insideH w:val="single" w:sz="2" w:color="CCCCCC"/></w:tblBorders>"""


def write_reference(path: Path, *, banner: str) -> Path:
    """Write pandoc's reference document with our page, styles, header and footer.

    Parameters
    ----------
    path : Path
        Where to write it.
    banner : str
        What stands in the header and the footer of every page; may be empty.

    Returns
    -------
    Path
        ``path``.
    """
    with zipfile.ZipFile(BytesIO(_default_reference())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/header1.xml"] = _HEADER.format(banner=escape(banner)).encode()
    parts["word/footer1.xml"] = _FOOTER.format(banner=escape(banner)).encode()
    for name, change in _CHANGES.items():
        parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content)
    return path


def _default_reference() -> bytes:
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def _with_page(document: bytes) -> bytes:
    """A4, and the header and the footer on every page."""
    root = _parsed(document)
    section = root.find(f".//{{{_W}}}sectPr")
    if section is None:
        section = ET.SubElement(root[0], f"{{{_W}}}sectPr")
    for place, (kind, relation) in enumerate((("header", "rIdHeader"), ("footer", "rIdFooter"))):
        element = ET.Element(f"{{{_W}}}{kind}Reference")
        element.set(f"{{{_W}}}type", "default")
        element.set(f"{{{_R}}}id", relation)
        section.insert(place, element)
    size = ET.SubElement(section, f"{{{_W}}}pgSz")
    _set(size, w="11906", h="16838")
    margins = ET.SubElement(section, f"{{{_W}}}pgMar")
    _set(margins, top="1134", right="1021", bottom="1134", left="1021", header="567", footer="567",
         gutter="0")  # fmt: skip
    return _xml(root)


def _with_styles(styles: bytes) -> bytes:
    root = _parsed(styles)
    for style in root.findall(f"{{{_W}}}style"):
        name = style.get(f"{{{_W}}}styleId", "")
        if name in SIZES:
            _resize(style, SIZES[name])
        if name == "Table":
            properties = style.find(f"{{{_W}}}tblPr")
            if properties is not None:
                properties.insert(1, ET.fromstring(_BORDERS))
                for side in ("left", "right"):
                    for margin in properties.findall(f"{{{_W}}}tblCellMar/{{{_W}}}{side}"):
                        _set(margin, w=CELL_MARGIN)
    for size in root.findall(f"{{{_W}}}docDefaults//{{{_W}}}sz"):
        _set(size, val="21")
    for language in root.findall(f"{{{_W}}}docDefaults//{{{_W}}}lang"):
        _set(language, val="en-GB")
    root.extend(ET.fromstring(_STYLES))
    return _xml(root)


def _resize(style: ET.Element, half_points: int) -> None:
    run = style.find(f"{{{_W}}}rPr")
    if run is None:
        run = ET.Element(f"{{{_W}}}rPr")
        paragraph = style.find(f"{{{_W}}}pPr")
        table = style.find(f"{{{_W}}}tblPr")
        before = paragraph if paragraph is not None else table
        place = len(style) if before is None else list(style).index(before) + (before is paragraph)
        style.insert(place, run)
    for old in (*run.findall(f"{{{_W}}}sz"), *run.findall(f"{{{_W}}}szCs")):
        run.remove(old)
    _set(ET.SubElement(run, f"{{{_W}}}sz"), val=str(half_points))


def _with_parts(types: bytes) -> bytes:
    root = _parsed(types)
    for kind in ("header", "footer"):
        part = ET.SubElement(root, f"{{{_TYPES}}}Override")
        part.set("PartName", f"/word/{kind}1.xml")
        part.set("ContentType", _PART.format(kind=kind))
    return _xml(root)


def _with_relations(relations: bytes) -> bytes:
    root = _parsed(relations)
    for kind in ("header", "footer"):
        relation = ET.SubElement(root, f"{{{_RELATIONS}}}Relationship")
        relation.set("Id", f"rId{kind.capitalize()}")
        relation.set("Type", f"{_R}/{kind}")
        relation.set("Target", f"{kind}1.xml")
    return _xml(root)


_CHANGES = {
    "word/document.xml": _with_page,
    "word/styles.xml": _with_styles,
    "[Content_Types].xml": _with_parts,
    "word/_rels/document.xml.rels": _with_relations,
}


def _parsed(part: bytes) -> ET.Element:
    """Parse, and keep the part's own prefixes for `_xml`: pandoc finds its elements by them."""
    for _, (prefix, address) in ET.iterparse(BytesIO(part), events=("start-ns",)):
        ET.register_namespace(prefix, address)
    return ET.fromstring(part)


def _set(element: ET.Element, **values: str) -> None:
    for name, value in values.items():
        element.set(f"{{{_W}}}{name}", value)


def _xml(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
