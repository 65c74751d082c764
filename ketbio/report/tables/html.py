"""Tables as HTML, through great_tables: captioned, every heading scoped, nothing from outside."""

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
from great_tables import GT, html, loc, style

if TYPE_CHECKING:  # a table shows itself in a notebook through this module
    from ketbio.report.tables.table import Cell, Column, Table

PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 1.5rem; background: #fff; color: #1a1a1a;
  font-family: "Helvetica Neue", Helvetica, Arial, sans-serif; line-height: 1.35; }}
h1 {{ position: absolute; left: -10000px; }} /* for who hears the page */
section + section {{ margin-top: 3rem; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
CSS = "#{name} td.gt_row {{ white-space: nowrap; }} #{name} sup {{ line-height: 0; }}"
"""A number is not broken over two lines of a cell; a phone scrolls the table sideways."""

INK, RULE = "#1a1a1a", "#1a1a1a"
_OPTIONS: dict[str, Any] = {
    "table_font_size": "14px",
    "table_font_color": INK,
    "table_border_top_color": RULE,
    "table_border_top_width": "2px",
    "table_border_bottom_style": "none",
    "table_margin_left": "0px",
    "column_labels_border_top_style": "none",
    "column_labels_border_bottom_color": RULE,
    "column_labels_border_bottom_width": "1px",
    "column_labels_font_weight": "bold",
    "table_body_border_top_style": "none",
    "table_body_border_bottom_color": RULE,
    "table_body_border_bottom_width": "2px",
    "table_body_hlines_style": "none",
    "stub_border_style": "none",
    "data_row_padding": "3px",
    "source_notes_font_size": "12px",
    "source_notes_padding": "2px",
}
"""Three rules and no more, as journals set tables."""


def to_html(tables: Sequence["Table"]) -> bytes:
    """Return one self-contained page with the tables, numbered in their order.

    Parameters
    ----------
    tables : sequence of Table

    Returns
    -------
    bytes
    """
    sections = (
        f"<section>\n{table_html(table, number=number)}\n</section>"
        for number, table in enumerate(tables, start=1)
    )
    title = escape("; ".join(table.title for table in tables))
    return PAGE.format(title=title, body="\n".join(sections)).encode()


def table_html(table: "Table", *, number: int | None = None) -> str:
    """Return one table as HTML, for a page or a notebook.

    Parameters
    ----------
    table : Table
    number : int, optional
        Its number in the caption.

    Returns
    -------
    str
    """
    name = _identifier(table, number)
    keys = [f"column{place}" for place in range(len(table.columns))]
    frame = pd.DataFrame(
        [[_cell(table, cell) for cell in row.cells] for row in table.rows], columns=keys, dtype=str
    )
    headings = {
        key: html(_heading(table, column)) for key, column in zip(keys, table.columns, strict=True)
    }
    drawn = GT(frame, rowname_col=keys[0], id=name).tab_options(**_OPTIONS)
    drawn = drawn.cols_label({key: headings[key] for key in keys[1:]}).tab_stubhead(
        headings[keys[0]]
    )
    drawn = drawn.fmt_passthrough(columns=keys, escape=False)
    for align in ("left", "right", "center"):
        chosen = [
            k for k, one in zip(keys[1:], table.columns[1:], strict=True) if one.align == align
        ]
        drawn = drawn.cols_align(align, chosen) if chosen else drawn
    drawn = _with_spanners(drawn, table, keys)
    drawn = _with_levels(drawn, table)
    for words in _notes(table):
        drawn = drawn.tab_source_note(html(words))
    drawn = drawn.opt_css(CSS.format(name=name))
    return _captioned(drawn.as_raw_html(), table, number)


def _identifier(table: "Table", number: int | None) -> str:
    return f"ketbio-{table.name}" if number is None else f"ketbio-{table.name}-{number}"


def _cell(table: "Table", cell: "Cell") -> str:
    """Return a cell with its marks, and the rows of tidy that it comes from as data."""
    text = f"{escape(cell.text)}{_marks(table, cell.notes)}"
    if not cell.rows:
        return text
    rows = " ".join(map(str, cell.rows))
    return f'<span data-tidy-rows="{rows}">{text}</span>'


def _heading(table: "Table", column: "Column") -> str:
    return f"{escape(column.heading)}{_marks(table, column.notes)}"


def _marks(table: "Table", notes: Sequence[str]) -> str:
    marks = table.marks(notes)
    return f"<sup>{marks}</sup>" if marks else ""


def _with_spanners(drawn: GT, table: "Table", keys: Sequence[str]) -> GT:
    for place, span in enumerate(table.spans):
        if span.text:
            under = list(keys[span.first : span.last + 1])
            drawn = drawn.tab_spanner(html(escape(span.text)), columns=under, id=f"spanner{place}")
    return drawn


def _with_levels(drawn: GT, table: "Table") -> GT:
    """Indent what stands below a heading and set headings bold."""
    for level in sorted({row.level for row in table.rows} - {0}):
        rows = [place for place, row in enumerate(table.rows) if row.level == level]
        drawn = drawn.tab_stub_indent(rows=rows, indent=min(5, 3 * level))
    headings = [place for place, row in enumerate(table.rows) if row.is_heading]
    if headings:
        drawn = drawn.tab_style(style.text(weight="bold"), loc.stub(rows=headings))
    return drawn


def _notes(table: "Table") -> list[str]:
    lettered = [f"<sup>{mark}</sup> {escape(words)}" for mark, words in table.footnotes]
    return [*(escape(note) for note in table.notes), *lettered]


def _captioned(drawn: str, table: "Table", number: int | None) -> str:
    """Add what great_tables lacks: a caption, and a name for the box that scrolls on a phone."""
    head = f"<strong>Table {number}.</strong> " if number is not None else ""
    caption = f'<caption style="text-align:left;padding-bottom:6px">{head}{escape(table.title)}'
    drawn = re.sub(
        r"(<table [^>]*>)", lambda found: f"{found[1]}\n{caption}</caption>", drawn, count=1
    )
    region = f'<div tabindex="0" role="region" aria-label="{escape(table.title)}" '
    return drawn.replace("<div ", region, 1)
