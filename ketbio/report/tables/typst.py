"""Tables as a typst document that compiles by itself: texts are strings, so nothing is markup."""

from collections.abc import Sequence

from ketbio.report.tables.table import Cell, Row, Span, Table

WIDE = 7
"""From so many columns on the page lies on its side."""

HEAD = """#set document(title: {title})
#set page(paper: "a4", flipped: {flipped}, margin: 16mm)
#set text(size: 9pt, lang: "en", region: "GB")
#show figure: set block(breakable: true)
#show figure: set align(left)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption: set align(left)
#set table(stroke: none, inset: (x: 4pt, y: 3pt))
#set par(justify: false)
"""


def to_typst(tables: Sequence[Table]) -> bytes:
    """Return one typst document with the tables, numbered in their order.

    Parameters
    ----------
    tables : sequence of Table

    Returns
    -------
    bytes
    """
    head = HEAD.format(
        title=string("; ".join(table.title for table in tables)),
        flipped=str(any(len(table.columns) >= WIDE for table in tables)).lower(),
    )
    return "\n".join([head, *(_figure(table) for table in tables)]).encode()


def string(text: str) -> str:
    r"""Return text as a string of typst, in which nothing is markup.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> print(string('a "b" #c'))
    "a \"b\" #c"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _figure(table: Table) -> str:
    align = ", ".join(column.align for column in table.columns)
    lines = [
        f"#figure(kind: table, caption: {string(table.title)}, table(",
        f"  columns: {len(table.columns)}, align: ({align},),",
        "  table.hline(stroke: 1pt),",
        "  table.header(repeat: true,",
        *_spanners(table.spans),
        f"    {_headings(table)}",
        "    table.hline(stroke: 0.5pt),",
        "  ),",
        *(_row(table, row) for row in table.rows),
        "  table.hline(stroke: 1pt),",
        "))",
        *_notes(table),
    ]
    return "\n".join(lines) + "\n"


def _headings(table: Table) -> str:
    cells = (
        f"strong({_content(column.heading, table.marks(column.notes))}),"
        for column in table.columns
    )
    return " ".join(cells)


def _spanners(spans: Sequence[Span]) -> list[str]:
    if not spans:
        return []
    cells = (
        f"table.cell(colspan: {1 + one.last - one.first}, align: center, "
        f"strong({string(one.text)})),"
        for one in spans
    )
    rules = (
        f"table.hline(start: {one.first}, end: {one.last + 1}, stroke: 0.5pt),"
        for one in spans
        if one.text
    )
    return [f"    {' '.join(cells)}", f"    {' '.join(rules)}"]


def _row(table: Table, row: Row) -> str:
    first, *others = row.cells
    heading = _cell(table, first, indent=row.level)
    if row.is_heading:
        return f"  table.cell(colspan: {len(row.cells)}, align: left, strong({heading})),"
    return f"  {heading}, " + " ".join(f"{_cell(table, cell)}," for cell in others)


def _cell(table: Table, cell: Cell, *, indent: int = 0) -> str:
    return _content(cell.text, table.marks(cell.notes), indent=indent)


def _content(text: str, marks: str, *, indent: int = 0) -> str:
    if not marks and not indent:
        return string(text)
    parts = [f"h({indent}em)"] if indent else []
    parts += [string(text), *([f"super({string(marks)})"] if marks else [])]
    return "{" + "; ".join(parts) + "}"


def _notes(table: Table) -> list[str]:
    lettered = [
        f"  block(spacing: 4pt, {{super({string(mark)}); {string(' ' + words)}}})"
        for mark, words in table.footnotes
    ]
    lines = [*(f"  block(spacing: 4pt, {string(note)})" for note in table.notes), *lettered]
    return ["#[#set text(size: 8pt)", "#{", *lines, "}]", "#v(1.5em)"] if lines else ["#v(1.5em)"]
