"""Markdown that is safe to hand to pandoc: user text escaped, tables and links built here.

Only `Markdown` passes the template unescaped, and only functions of this package make it. Every
other value is text of unknown origin and is written so that the reader sees it letter by letter.
"""

import re
import string
from collections.abc import Sequence
from math import sqrt

_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")
_BREAKS = re.compile(r"[ \t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# What no document may hold (XML refuses most) or what would reorder the text around it.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1b\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LINE = 110  # letters on a line of a table
_PADDING = 4  # of a cell, in letters
_LONGEST_WORD = 64  # a SHA-256; what is longer breaks
_DASHES = 240  # more than pandoc's line length, so that the widths below are always used


class Markdown(str):
    """Text that is Markdown already and must not be escaped again.

    Examples
    --------
    >>> isinstance(Markdown("**n**"), str)
    True
    """

    __slots__ = ()


def escape_markdown(text: object) -> Markdown:
    r"""Return text as Markdown that shows it as it is.

    Parameters
    ----------
    text : object
        Anything; ``str(text)`` is written. `Markdown` is escaped too: ask `as_markdown` to keep it.

    Returns
    -------
    Markdown
        One line. Line breaks and tabs become one space; characters that cannot be printed, or that
        would turn the direction of the text around them, become U+FFFD.

    Examples
    --------
    >>> print(escape_markdown("*x* | $y$ <b>"))
    \*x\* \| \$y\$ \<b\>
    >>> print(escape_markdown("two\nlines"))
    two lines
    """
    return Markdown(_PUNCTUATION.sub(r"\\\1", printable(text)))


def printable(text: object) -> str:
    r"""Return text as one line that any document may hold.

    Parameters
    ----------
    text : object
        Anything; ``str(text)`` is taken.

    Returns
    -------
    str
        Line breaks and tabs become one space; characters that cannot be printed, or that would
        turn the direction of the text around them, become U+FFFD.

    Examples
    --------
    >>> printable("two\nlines")
    'two lines'
    """
    one_line = _BREAKS.sub(" ", str(text)).strip(" ")
    return _UNPRINTABLE.sub("\ufffd", one_line)


def as_markdown(value: object) -> Markdown:
    r"""Return Markdown as it is and everything else escaped.

    Parameters
    ----------
    value : object
        A `Markdown`, or anything that has a text.

    Returns
    -------
    Markdown

    Examples
    --------
    >>> print(as_markdown(Markdown("*x*")), as_markdown("*x*"))
    *x* \*x\*
    """
    return value if isinstance(value, Markdown) else escape_markdown(value)


def join_markdown(parts: Sequence[object], *, separator: str = " ") -> Markdown:
    r"""Return parts side by side, each escaped unless it is Markdown already; empty ones left out.

    Parameters
    ----------
    parts : sequence of object
    separator : str
        Markdown that stands between two parts.

    Returns
    -------
    Markdown

    Examples
    --------
    >>> print(join_markdown(["a*", "", Markdown("*b*")], separator="; "))
    a\*; *b*
    """
    written = [as_markdown(part) for part in parts]
    return Markdown(separator.join(part for part in written if part))


def markdown_table(
    rows: Sequence[Sequence[object]],
    *,
    headings: Sequence[str],
    caption: object,
    identifier: str,
    right: Sequence[str] = (),
    classes: Sequence[str] = (),
) -> Markdown:
    r"""Return a pipe table with its caption.

    Parameters
    ----------
    rows : sequence of sequence of object
        Cells, row by row; each is escaped unless it is Markdown.
    headings : sequence of str
        Column headings, as many as each row has cells.
    caption : object
        What the table shows.
    identifier : str
        Its id in the document, unique.
    right : sequence of str
        Headings of the columns set to the right.
    classes : sequence of str
        Classes in HTML; ``"stub"`` makes the first column the heading of its row.

    Returns
    -------
    Markdown

    Examples
    --------
    >>> table = markdown_table([["P01", "a|b"]], headings=["Id", "Note"], caption="Notes",
    ...                        identifier="notes")
    >>> print(table.splitlines()[2])
    | P01 | a\|b |
    """
    cells = [[as_markdown(cell) for cell in row] for row in rows]
    heads = [as_markdown(heading) for heading in headings]
    widths = _relative_widths([heads, *cells])
    rules = [
        "-" * (width - 1) + ":" if heading in right else ":" + "-" * (width - 1)
        for width, heading in zip(widths, headings, strict=True)
    ]
    attributes = " ".join([f"#{identifier}", *(f".{name}" for name in classes)])
    lines = [_pipe_row(heads), _pipe_row(rules), *(_pipe_row(row) for row in cells)]
    return Markdown("\n".join([*lines, "", f"Table: {as_markdown(caption)} {{{attributes}}}", ""]))


def _pipe_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _relative_widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Give each column room for its longest word, and the rest of the line by what it holds."""
    columns = [[_shown_text(cell) for cell in column] for column in zip(*rows, strict=True)]
    needed = [_PADDING + max(map(_longest_word, column)) for column in columns]
    wanted = [_PADDING + _usual_length(column) for column in columns]
    lacking = [max(0, want - need) for want, need in zip(wanted, needed, strict=True)]
    spare = max(0, _LINE - sum(needed))
    share = spare / sum(lacking) if sum(lacking) else 0.0
    letters = [need + share * lack for need, lack in zip(needed, lacking, strict=True)]
    return [max(3, round(_DASHES * width / sum(letters))) for width in letters]


def _usual_length(column: Sequence[str]) -> float:
    """Between the longest cell and the mean one, so that one long cell does not take the line."""
    lengths = [len(text) for text in column]
    return sqrt(max(lengths) * sum(lengths) / len(lengths))


def _longest_word(text: str) -> int:
    return min(_LONGEST_WORD, max(len(word) for word in re.split(r"[ -]", text)))


def _shown_text(cell: str) -> str:
    without_targets = re.sub(r"(?<!\\)\](?:\(#[^)]*\)|\{[^}]*\})+", "", cell)
    return without_targets.replace("\\", "")


def anchor(text: object, *, identifier: str) -> Markdown:
    """Return text that a link can point at.

    Parameters
    ----------
    text : object
    identifier : str
        Its id in the document, unique.

    Returns
    -------
    Markdown

    Examples
    --------
    >>> print(anchor(12, identifier="row-12"))
    [12]{#row-12}
    """
    return Markdown(f"[{as_markdown(text)}]{{#{identifier}}}")


def link(text: object, *, identifier: str) -> Markdown:
    r"""Return a link to an `anchor` of the same document.

    Parameters
    ----------
    text : object
    identifier : str

    Returns
    -------
    Markdown

    Examples
    --------
    >>> print(link("[row 12]", identifier="row-12"))
    [\[row 12\]](#row-12)
    """
    return Markdown(f"[{as_markdown(text)}](#{identifier})")
