"""Contents → Markdown, by the templates of the report."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from itertools import count

from ketbio.errors import ReportError
from ketbio.report.aims import SECTION_OF
from ketbio.report.contents import NO_CHECKS, Contents
from ketbio.report.markdown import Markdown, escape_markdown
from ketbio.report.template_files import TemplateText, read_templates
from ketbio.report.templating import check_templates, fill_templates

IDENTIFIERS = {section: section for section in SECTION_OF.values()}
"""Section → its id in the document."""

BESIDE_CONTENTS = {
    "no_checks": "text: what is said where the report was written from results alone",
    "identifiers": "section of findings → its id in the document",
    "next_figure": "next_figure(): the number of the next figure, counted from 1",
}
"""What templates are given beside the fields of `Contents`, and what it is."""

LINK = re.compile(r"(?<![\\!])\[((?:\\.|[^\[\]\\])*)\]\(#([\w-]+)\)")
"""A link into the document, with its text."""

TARGET = re.compile(r"\{#([\w-]+)[ }]")
"""What such a link can lead to."""

IMAGE = re.compile(r"(?<!\\)!\[(?:\\.|[^\]\\])*\]\(([^)]*)\)")
"""An image, with its file."""

BY_REFERENCE = re.compile(r"(?<!\\)!\[(?:\\.|[^\]\\])*\]\s?\[")
"""An image whose file stands elsewhere in the document."""

ACTIVE = re.compile(r"(?:\]\(|<|\]:)\s*<?(javascript|vbscript|data|file):", re.IGNORECASE)
"""A link that would run something, or open a file of the reader's."""


def known_names() -> tuple[str, ...]:
    """Return every name that a template is given.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> "findings" in known_names()
    True
    """
    return (*(field.name for field in fields(Contents)), *BESIDE_CONTENTS)


def require_templates(texts: Mapping[str, TemplateText]) -> None:
    """Refuse a user's templates that cannot be filled, before anything is run.

    Parameters
    ----------
    texts : mapping of str to TemplateText
        From `read_templates`.

    Raises
    ------
    ReportError
        The first fault, with its file and line.
    """
    check_templates(texts, dict.fromkeys(known_names(), ""))


def render_markdown(
    contents: Contents, texts: Mapping[str, TemplateText] | None = None
) -> Markdown:
    """Return a report as Markdown, for pandoc.

    Parameters
    ----------
    contents : Contents
        From `gather_contents`.
    texts : mapping of str to TemplateText, optional
        From `read_templates`; ours when None.

    Returns
    -------
    Markdown
        Links to what the chosen sections leave out are words without a link.

    Raises
    ------
    ReportError
        A template cannot be filled, or shows an image that is no figure of the report.

    Examples
    --------
    >>> from ketbio.report.contents import gather_contents
    >>> from ketbio.result import Results
    >>> "# Summary" in render_markdown(gather_contents(Results(), {}))
    True
    """
    values = {field.name: getattr(contents, field.name) for field in fields(contents)}
    names = {
        "no_checks": NO_CHECKS,
        "identifiers": IDENTIFIERS,
        "next_figure": _counter(),
    }
    document = fill_templates(read_templates(None) if texts is None else texts, values, names)
    _refuse_images(document, contents.figure_names)
    _refuse_active_links(document)
    return Markdown(_without_dead_links(document))


def _counter() -> Callable[[], int]:
    numbers = count(1)
    return lambda: next(numbers)


def _without_dead_links(document: str) -> str:
    """Keep the words of a link to a part that is not in the document: a PDF refuses the link."""
    targets = set(TARGET.findall(document))
    return LINK.sub(lambda found: found[0] if found[2] in targets else found[1], document)


def _refuse_images(document: str, known: tuple[str, ...]) -> None:
    """Refuse an image that is no figure of the report: it asks for nothing from elsewhere."""
    escaped = {str(escape_markdown(name)) for name in known}
    for name in IMAGE.findall(document):
        if name not in escaped:
            raise ReportError(
                f"A template shows the image {name!r}, which is no figure of this report; take it "
                "out. docs/report.md says how figures are put in a section."
            )
    if BY_REFERENCE.search(document):
        raise ReportError("A template shows an image by reference; name a figure of this report.")


def _refuse_active_links(document: str) -> None:
    """Refuse a link of a user's template that is no address."""
    if found := ACTIVE.search(document):
        raise ReportError(
            f"A template has a link that begins with {found[1] + ':'!r}; allowed: '#', 'https:', "
            "'http:', 'mailto:'."
        )
