"""Tables as Markdown: for a report, with links to the rows behind each line, or by themselves."""

from collections.abc import Sequence

from ketbio.report.markdown import Markdown, as_markdown, join_markdown, markdown_table
from ketbio.report.row_numbers import row_link
from ketbio.report.tables.table import Cell, Row, Table, full_heading
from ketbio.wording import join_words

INDENT = "\u2003"
"""An em space: Markdown keeps it, and a screen reader does not read it."""


def to_markdown(tables: Sequence[Table]) -> bytes:
    """Return the tables as pipe tables with captions and footnotes, numbered in their order.

    Parameters
    ----------
    tables : sequence of Table

    Returns
    -------
    bytes
    """
    written = [
        "\n".join(
            [
                table_markdown(table, caption=f"Table {number}. {table.title}", with_rows=False),
                *(f"{note}\n" for note in table_notes(table)),
            ]
        )
        for number, table in enumerate(tables, start=1)
    ]
    return "\n".join(written).encode()


def table_markdown(
    table: Table, *, caption: str, with_rows: bool = True, classes: Sequence[str] = ("stub",)
) -> Markdown:
    """Return a table as a pipe table.

    Parameters
    ----------
    table : Table
    caption : str
        The title with its number.
    with_rows : bool
        Whether a last column links to the rows of the appendix that each line comes from.
    classes : sequence of str
        Classes in HTML.

    Returns
    -------
    Markdown
        Without notes and footnotes: `table_notes` has them.
    """
    headings = [
        join_markdown([words, _marks(table, column.notes)], separator="")
        for words, column in zip(_headings(table), table.columns, strict=True)
    ]
    lines: list[list[object]] = [
        [_cell(table, row, cell) for cell in row.cells] for row in table.rows
    ]
    if with_rows:
        headings.append(Markdown("Rows"))
        lines = [[*line, _links(row)] for line, row in zip(lines, table.rows, strict=True)]
    return markdown_table(
        lines,
        headings=headings,
        right=[
            heading
            for heading, column in zip(headings, table.columns, strict=False)
            if column.align == "right"
        ],
        caption=caption,
        identifier=f"table-{table.name}",
        classes=classes,
    )


def table_notes(table: Table) -> tuple[Markdown, ...]:
    """Return what stands below a table, a paragraph each: its notes, then its footnotes.

    Parameters
    ----------
    table : Table

    Returns
    -------
    tuple of Markdown
    """
    lettered = (join_markdown([_superscript(mark), words]) for mark, words in table.footnotes)
    return (*map(as_markdown, (*_spanner_note(table), *table.notes)), *lettered)


def _headings(table: Table) -> list[str]:
    """Return one heading per column: Markdown has no second row for a spanner."""
    if _spanner_note(table):
        return [column.heading for column in table.columns]
    return [full_heading(column) for column in table.columns]


def _spanner_note(table: Table) -> tuple[str, ...]:
    """Say below the table what one spanner says above its columns, so that they stay narrow."""
    spanners = {column.spanner for column in table.columns if column.spanner}
    if len(spanners) != 1:
        return ()
    under = [column.heading for column in table.columns if column.spanner]
    return (f"{join_words(under)}: {spanners.pop()}.",)


def _cell(table: Table, row: Row, cell: Cell) -> Markdown:
    is_first = cell is row.cells[0]
    text = join_markdown([cell.text, _marks(table, cell.notes)], separator="")
    if row.is_heading and is_first and text:
        return Markdown(f"**{text}**")
    return Markdown(INDENT * row.level + text) if is_first else text


def _marks(table: Table, notes: Sequence[str]) -> Markdown:
    marks = table.marks(notes)
    return _superscript(marks) if marks else Markdown()


def _superscript(marks: str) -> Markdown:
    return Markdown(f"^{marks}^")


def _links(row: Row) -> Markdown:
    numbers = sorted({number for cell in row.cells for number in cell.rows})
    return Markdown(", ".join(row_link(number, text=str(number)) for number in numbers))
