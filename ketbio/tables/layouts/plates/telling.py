"""What is said of files of plates: what was read, and what stands beside the plates."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ketbio.errors import FileError
from ketbio.tables.files.grid import Fault
from ketbio.tables.layouts.plates.finding import TITLES, Found
from ketbio.tables.layouts.plates.pages import Page
from ketbio.tables.layouts.plates.tables import columns_of
from ketbio.tables.phrases import listed_words, quoted
from ketbio.tables.privacy.header_words import header_kind
from ketbio.wording import count_of


def kind_note(found: Found) -> str:
    """Return what the file was read as."""
    shapes = Counter(plate.shape for plate in found.plates)
    sizes = listed_words(f"{n} of {r} × {c} wells" for (r, c), n in shapes.items())
    codes = listed_words(quoted(plate.name) for plate in found.plates)
    what = count_of(len(found.plates), "plate")
    return f"Read as {TITLES[found.kind]} with {what} ({codes}; {sizes})."


def reader_notes(pages: Sequence[Page]) -> Iterator[str]:
    """Return the readers' notes, but for those on which sheet was read."""
    for page in pages:
        for note in page.grid.notes:
            if not note.startswith("Read from "):
                yield note


def cell_faults(found: Found, pages: Sequence[Page], layout_sheet: str) -> Iterator[Fault]:
    """Return what the readers found wrong in the rows of the plates and on the layout's sheet."""
    for page in pages:
        if layout_sheet and page.sheet == layout_sheet:
            yield from layout_faults(found, [page])
            continue
        rows = {row for plate in found.plates if plate.page is page for row in plate.rows}
        layouts = {row for _, block in found.layouts if block.page is page for row in block.rows}
        for fault in page.grid.faults:
            if fault.row in layouts:
                yield _of_layout(fault, page)
            elif fault.row in rows or fault.severity == "warning":
                yield replace(fault, records=())


def layout_faults(found: Found, pages: Sequence[Page]) -> Iterator[Fault]:
    """Return what the readers found wrong on pages that hold nothing but layouts.

    A row of another file is told in the words; the complaint stands at the first plate.
    """
    own = {plate.page.file for plate in found.plates}
    for page in pages:
        for fault in page.grid.faults:
            row = fault.row if page.file in own else found.plates[0].row
            yield replace(_of_layout(fault, page), row=row)


def _of_layout(fault: Fault, page: Page) -> Fault:
    """Name the layout: what its damaged cell says is lost, and no record shows that."""
    message = f"The layout ({page.title}, row {fault.row}): {fault.message}"
    return replace(fault, records=(), message=message)


def unread_lines(found: Found, pages: Sequence[Page]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Return the lines beside the plates, to be screened for identifiers."""
    for page in pages:
        used = {row for plate in found.plates if plate.page is page for row in plate.rows}
        for plate in found.plates:
            used |= {well.cell.row for well in plate.groups if well.cell.page is page}
        used |= {row for _, block in found.layouts if block.page is page for row in block.rows}
        for row, cells in page.lines.items():
            if row not in used:
                yield row, cells
    for page in dict.fromkeys(row.page for row in found.rows):
        yield from ((row, (cell,)) for row, cell in unread_cells(page))


def column_notes(found: Found, allowed: Collection[str]) -> Iterator[str]:
    """Return a note of the columns that are not read; one that announces a person is refused.

    Raises
    ------
    FileError
        A column is called as one of names or dates of birth.
    """
    names = list(unread_columns(found))
    for name in names:
        if name not in allowed and (kind := header_kind(name)):
            raise FileError(
                f"{found.plates[0].page.title}: column {quoted(name)} is one of direct identifiers "
                f"({kind}). Remove it from the file; if it holds none, name it under "
                "allow_identifiers."
            )
    if names:
        yield f"Columns not read: {listed_words(map(quoted, names))}."


def unread_columns(found: Found) -> Iterator[str]:
    """Return the names of the columns that a table of wells has beside those that are read."""
    for page in dict.fromkeys(row.page for row in found.rows):
        header_row, columns, _ = columns_of(page)
        read = set(columns.values())
        yield from (c for i, c in enumerate(page.lines[header_row]) if c and i not in read)


def unread_cells(page: Page) -> Iterator[tuple[int, str]]:
    """Return the cells of the columns that are not read, with their rows."""
    header_row, columns, _ = columns_of(page)
    read = set(columns.values())
    for row, cells in page.lines.items():
        if row > header_row:
            yield from ((row, c) for i, c in enumerate(cells) if c and i not in read)
