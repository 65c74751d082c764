"""A sheet of an XLS or ODS file, read by calamine in a process of its own.

Run as a script by `ketbio.tables.files.spreadsheets`. A damaged file can make calamine ask for more
memory than there is, and that ends the process, whatever Python would catch; so it is this one that
ends. It imports nothing of ketbio, to start at once.

Arguments: the most bytes of memory, the sheet wanted (empty for the first that is not hidden), the
most cells, the title (but for a number behind it) of sheets that are no data. Standard input: the
file. Standard output: one pickled dict.
"""

import io
import pickle
import sys

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Read the file and write what is in the sheet."""
    most_bytes, wanted, most_cells = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    no_data = sys.argv[4]
    _limit_memory(most_bytes)
    try:
        found = _sheet(sys.stdin.buffer.read(), wanted, most_cells, no_data)
    except PasswordError:
        found = {"refused": "password"}
    sys.stdout.buffer.write(pickle.dumps(found))


def _limit_memory(most_bytes: int) -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def _sheet(content: bytes, wanted: str, most_cells: int, no_data: str) -> dict[str, object]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        names = book.sheet_names
        hidden = [
            one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible
        ]
        found: dict[str, object] = {"names": names, "hidden": hidden}
        # As ketbio.tables.files.sheets.chosen_sheet has it.
        tables = [name for name in names if name.rstrip("0123456789") != no_data] or names
        title = wanted or next(
            (name for name in tables if name not in hidden), next(iter(tables), "")
        )
        if title not in names:
            return found
        page = book.get_sheet_by_name(title)
        if page.total_height * page.total_width > most_cells:
            return {"refused": "cells"}
        found["areas"] = [
            (top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in page.merged_cell_ranges or []
        ]
        found["rows"] = page.to_python(skip_empty_area=False)
        return found


if __name__ == "__main__":
    main()
