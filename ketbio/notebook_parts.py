"""Parts of the HTML that a notebook shows: one look for checks, results and studies.

Everything is escaped here and nowhere else. The colours are those of the notebook itself, so that
a dark one stays dark; lines and shades are a grey that shows on both.
"""

from collections.abc import Iterable, Sequence
from html import escape

from ketbio.visible_text import visible
from ketbio.wording import count_of

MOST_ROWS = 50
"""How many rows a table in a notebook shows; the rest is counted."""

_STYLE = """<style>
.ketbio-view{max-width:62rem;line-height:1.45;color:inherit;overflow-wrap:anywhere}
.ketbio-view p,.ketbio-view ul{margin:.4rem 0}
.ketbio-view ul{padding-left:1.3rem}
.ketbio-view .lead{font-weight:600}
.ketbio-view .faint{opacity:.8;font-size:.9em}
.ketbio-view .wide{overflow-x:auto;margin:.6rem 0}
.ketbio-view table{border-collapse:collapse;font-size:.9em;margin:0;color:inherit}
.ketbio-view caption{caption-side:top;text-align:left;padding:.2rem 0;color:inherit;opacity:.8}
.ketbio-view th,.ketbio-view td{padding:.25rem .6rem;text-align:left;vertical-align:top;
white-space:normal;overflow-wrap:normal;background:none;color:inherit;
border:0;border-bottom:1px solid rgba(128,128,128,.4)}
.ketbio-view thead th{border-bottom:2px solid rgba(128,128,128,.8);font-weight:600}
.ketbio-view tbody th{font-weight:400}
.ketbio-view td.number,.ketbio-view th.number{text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums}
.ketbio-view td:not(.number){min-width:4.5rem}
.ketbio-view summary{cursor:pointer;padding:.15rem 0}
.ketbio-view details{margin:.3rem 0}
.ketbio-view details>:not(summary){margin-left:1rem}
.ketbio-view dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .9rem;margin:.5rem 0}
.ketbio-view dt{opacity:.8}
.ketbio-view dd{margin:0}
@media (max-width:30rem){.ketbio-view dl{grid-template-columns:1fr}}
</style>"""


def shown(value: object) -> str:
    r"""Return a value as text that is safe in HTML, on one line.

    Examples
    --------
    >>> shown("<b>\x1b")
    '&lt;b&gt;�'
    """
    return escape(visible(str(value)))


def notebook_view(*parts: str) -> str:
    """Return parts as one piece of HTML with its style."""
    return f'<div class="ketbio-view">{_STYLE}{"".join(parts)}</div>'


def lead(text: str) -> str:
    """Return what is read first."""
    return f'<p class="lead">{shown(text)}</p>'


def paragraph(text: str, *, is_faint: bool = False) -> str:
    """Return a paragraph."""
    kind = ' class="faint"' if is_faint else ""
    return f"<p{kind}>{shown(text)}</p>"


def bullets(lines: Iterable[str]) -> str:
    """Return lines as a list."""
    items = "".join(f"<li>{shown(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """Return names with what they are; a fact that is empty is left out."""
    told = "".join(
        f"<dt>{shown(name)}</dt><dd>{shown(value)}</dd>"
        for name, value in pairs
        if str(value) not in ("", "None")
    )
    return f"<dl>{told}</dl>" if told else ""


def folded(summary: str, *parts: str) -> str:
    """Return parts that open on a click; nothing where there is nothing to open."""
    inside = "".join(parts)
    return f"<details><summary>{shown(summary)}</summary>{inside}</details>" if inside else ""


def html_table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numbers: Iterable[str] = (),
    most: int = MOST_ROWS,
    rest: str = "",
) -> str:
    """Return rows as a table: its first column heads the rows.

    Parameters
    ----------
    caption : str
        What it shows.
    columns : sequence of str
        Heads of the columns.
    rows : iterable of sequences
        Cells.
    numbers : iterable of str
        Columns that hold numbers, set to the right.
    most : int
        Rows shown.
    rest : str
        Where a reader finds the rows beyond these.
    """
    lines = [list(row) for row in rows]
    right = [name in set(numbers) for name in columns]
    head = "".join(_head(name, is_number) for name, is_number in zip(columns, right, strict=True))
    body = "".join(_line(cells, right) for cells in lines[:most])
    left = len(lines) - most
    more = (
        paragraph(f"… and {count_of(left, 'more row')}{rest}.", is_faint=True) if left > 0 else ""
    )
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{shown(caption)}"><table>'
        f"<caption>{shown(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>{more}"
    )


def _head(name: str, is_number: bool) -> str:
    return f'<th scope="col"{_kind(is_number)}>{shown(name)}</th>'


def _line(cells: Sequence[object], right: Sequence[bool]) -> str:
    first = f'<th scope="row"{_kind(right[0])}>{shown(cells[0])}</th>'
    others = "".join(
        f"<td{_kind(is_number)}>{shown(cell)}</td>"
        for cell, is_number in zip(cells[1:], right[1:], strict=True)
    )
    return f"<tr>{first}{others}</tr>"


def _kind(is_number: bool) -> str:
    # Notebooks align cells to the right, which leaves sentences ragged: said for every cell.
    return ' class="number"' if is_number else ' style="text-align: left"'
