"""Markdown → HTML, Word or PDF, through pandoc (and typst for the PDF)."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pypandoc
import typst

from ketbio.errors import ReportError
from ketbio.report.contents import Contents
from ketbio.report.markdown import Markdown, escape_markdown
from ketbio.report.page_images import embed_letters
from ketbio.report.pdf_fonts import lay_own_fonts, part_letters
from ketbio.report.provenance import report_seconds
from ketbio.report.word import write_reference
from ketbio.report.word_finish import finish_document

ASSETS = ("report.css", "report.html", "report.lua", "report.typ", "references.bib")

SYNTAX = "+".join(
    [
        "markdown_strict-raw_html-shortcut_reference_links-spaced_reference_links",
        "all_symbols_escapable",
        "bracketed_spans",
        "citations",
        "fenced_divs",
        "header_attributes",
        "implicit_figures",
        "link_attributes",
        "pipe_tables",
        "superscript",
        "table_attributes",
        "table_captions",
    ]
)
"""Only what the template needs: no raw HTML, TeX or typst, no mathematics."""

REFUSED = re.compile(r"<<(.+?)>>", re.DOTALL)
"""The sentence with which report.lua refuses what a user's template asks for."""

NO_FONT = "could not be displayed"
"""What typst says of a letter that no font has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """One format of a report.

    Attributes
    ----------
    figure_suffix : str
        File type of its figures, with the dot.
    write : callable
        ``write(markdown, contents, folder)`` returns the document as bytes; the figures lie in
        the folder already.
    """

    figure_suffix: str
    write: Callable[[Markdown, Contents, Path], bytes]


def to_html(markdown: Markdown, contents: Contents, folder: Path) -> bytes:
    """Return one self-contained HTML page.

    Parameters
    ----------
    markdown : Markdown
    contents : Contents
        For the title block and the banner.
    folder : Path
        Where the figures lie and where this may write.

    Returns
    -------
    bytes
    """
    _lay_out(contents, folder)
    _put_script(folder / "report.html")
    embed_letters(folder)
    target = folder / "report-out.html"
    options = [
        "--embed-resources",
        f"--template={folder / 'report.html'}",
        f"--css={folder / 'report.css'}",
        "--toc",
        "--toc-depth=3",
        "--shift-heading-level-by=1",
    ]
    _pandoc(markdown, contents, folder, to="html5", target=target, options=options)
    return target.read_bytes()


def to_docx(markdown: Markdown, contents: Contents, folder: Path) -> bytes:
    """Return a Word document; parameters as `to_html`."""
    _lay_out(contents, folder)
    target = folder / "report-out.docx"
    reference = write_reference(folder / "reference.docx", banner=contents.banner)
    options = [f"--reference-doc={reference}"]
    _pandoc(markdown, contents, folder, to="docx", target=target, options=options)
    return finish_document(target.read_bytes(), authors=contents.authors)


def to_pdf(markdown: Markdown, contents: Contents, folder: Path) -> bytes:
    """Return a tagged PDF/A-2b; parameters as `to_html`."""
    _lay_out(contents, folder)
    target = folder / "report-out.typ"
    authors = "".join(f"{_typst_string(author)}, " for author in contents.authors)
    options = [f"--template={folder / 'report.typ'}", f"--variable=author-strings:({authors})"]
    _pandoc(markdown, contents, folder, to="typst", target=target, options=options)
    return _typst(target)


FORMATS: dict[str, Converter] = {
    "html": Converter(figure_suffix=".svg", write=to_html),
    "docx": Converter(figure_suffix=".png", write=to_docx),
    "pdf": Converter(figure_suffix=".svg", write=to_pdf),
}
"""Formats a report can be written in."""


def _lay_out(contents: Contents, folder: Path) -> None:
    """Put the assets and the title block in the folder."""
    for name in ASSETS:
        (folder / name).write_bytes(files("ketbio.report").joinpath(name).read_bytes())
    metadata = {
        "title": escape_markdown(contents.title),
        "author": [escape_markdown(author) for author in contents.authors],
        "date": escape_markdown(contents.date),
        "version": escape_markdown(contents.version),
        "banner": escape_markdown(contents.banner),
        "lang": "en-GB",
        "link-citations": True,
    }
    text = json.dumps({name: value for name, value in metadata.items() if value})
    (folder / "metadata.json").write_text(text, encoding="utf-8")


def _put_script(template: Path) -> None:
    """Put the script in the page, and its hash in the policy that lets nothing else run."""
    script = files("ketbio.report").joinpath("report.js").read_text(encoding="utf-8")
    digest = b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
    page = template.read_text(encoding="utf-8")
    page = page.replace("@script-hash@", f"sha256-{digest}")
    page = page.replace("@script@", script.replace("$", "$$"))  # pandoc's templates double it
    template.write_text(page, encoding="utf-8")


def _citation_style(style: str, folder: Path) -> list[str]:
    """Return pandoc's option for a citation style; none for its own."""
    if not style:
        return []
    target = folder / f"{style}.csl"
    target.write_bytes(files("ketbio.report").joinpath("csl", f"{style}.csl").read_bytes())
    return [f"--csl={target}"]


def _pandoc(
    markdown: Markdown,
    contents: Contents,
    folder: Path,
    *,
    to: str,
    target: Path,
    options: list[str],
) -> None:
    common = [
        *_citation_style(contents.citation_style, folder),
        "--standalone",
        "--citeproc",
        f"--bibliography={folder / 'references.bib'}",
        f"--metadata-file={folder / 'metadata.json'}",
        f"--lua-filter={folder / 'report.lua'}",
        f"--resource-path={folder}",
        "--wrap=none",
    ]
    try:
        pypandoc.convert_text(
            markdown, to, format=SYNTAX, outputfile=str(target), extra_args=[*common, *options]
        )
    except (OSError, RuntimeError) as error:
        if refused := REFUSED.search(str(error)):
            raise ReportError(" ".join(refused[1].split())) from None
        raise ReportError(f"pandoc could not write the report as {to}: {error}") from error


def _typst(source: Path) -> bytes:
    """Compile with the fonts that came with the packages; ask the system's for rarer letters."""
    try:
        return _compile(source, ignore_system_fonts=True)
    except typst.TypstError as error:
        if NO_FONT not in str(error):
            raise ReportError(f"typst could not write the report: {error}") from error
    part_letters(source.parent)
    try:
        return _compile(source, ignore_system_fonts=False)
    except typst.TypstError as error:
        raise ReportError(
            f"A PDF must embed a font for each letter, and none here has one: {error}. "
            "Install a font that has it, or write the report as HTML or DOCX."
        ) from error


def _compile(source: Path, *, ignore_system_fonts: bool) -> bytes:
    return typst.compile(
        source,
        root=source.parent,
        font_paths=[lay_own_fonts(source.parent / "fonts")],
        ignore_system_fonts=ignore_system_fonts,
        format="pdf",
        pdf_standards=["a-2b", "ua-1"],  # to archive; tagged, to be read aloud
        timestamp=report_seconds(),
    )


def _typst_string(text: str) -> str:
    one_line = " ".join(str(text).split())
    return '"' + one_line.replace("\\", "\\\\").replace('"', '\\"') + '"'
