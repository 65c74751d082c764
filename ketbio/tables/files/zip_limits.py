"""Workbooks that would take all memory when opened: refused before they are.

A few kilobytes of ZIP can hold gigabytes, and a few letters of XML can ask for as many cells.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from openpyxl.utils import range_boundaries

from ketbio.errors import FileError
from ketbio.tables.files.size_limits import MIB, MOST_SHEET_CELLS, MOST_UNPACKED, refuse_many_cells

MOST_PART = 16 * MIB
"""The most that a part of a workbook may unpack to that holds no cells."""
HIGHEST_RATIO = 250
"""From `RATIO_FROM` on, the most that a workbook may grow by when unpacked."""
RATIO_FROM = 32 * MIB
MOST_PARTS = 5_000

_CHUNK = MIB
_COUNTED = ("c", "row", "si")
_BLANKS = bytes.maketrans(b"\t\r\n", b"   ")
_DECLARES = (b"<!DOCTYPE", b"<!ENTITY")
_CELL_PARTS = re.compile(
    r"xl/worksheets/[^/]+\.xml|xl/sharedStrings\.xml|content\.xml", re.IGNORECASE
)
# openpyxl makes a cell of each place that such a range covers.
_RANGES = re.compile(
    rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref\s*=\s*[\"']([A-Za-z0-9$:]+)[\"']"
)


def refuse_zip_bomb(content: bytes, name: str) -> None:
    """Refuse a workbook that would grow beyond measure when it is opened.

    Its directory is asked first, then its parts are unpacked piece by piece and counted, so that
    a directory that lies is seen as well.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its base name, for messages.

    Raises
    ------
    FileError
        It is too large unpacked, has too many cells, or holds declarations that no program writes.
    zipfile.BadZipFile, zlib.error, and others
        It is damaged.
    """
    if content.count(b"PK\x01\x02") > MOST_PARTS:
        raise FileError(f"{name} is made of more than {MOST_PARTS:,} parts; save it again.")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        listed = parts.infolist()
        total = sum(part.file_size for part in listed)
        if total > MOST_UNPACKED or total > max(RATIO_FROM, HIGHEST_RATIO * len(content)):
            raise FileError(
                f"{name} unpacks to {total // MIB:,} MiB from {max(len(content) // MIB, 1)} MiB, "
                "which no table needs; it is not opened. Save the sheet as CSV."
            )
        found: Counter[str] = Counter()
        for part in listed:
            if part.filename.lower().endswith((".xml", ".rels")):
                _refuse_large_part(part, name)
                for piece in _pieces(parts, part):
                    # UTF-16 puts a zero beside each letter.
                    plain = piece.replace(b"\0", b"").translate(_BLANKS)
                    found.update(_counted(plain))
                    _refuse_piece(plain, found, name)


def _refuse_large_part(part: zipfile.ZipInfo, name: str) -> None:
    if part.file_size > MOST_PART and not _CELL_PARTS.fullmatch(part.filename):
        raise FileError(
            f"{name} holds {part.file_size // MIB} MiB beside its cells "
            f"({part.filename[-60:]!r}); save a copy with the values only."
        )


def _refuse_piece(piece: bytes, found: Counter[str], name: str) -> None:
    if any(word in piece for word in _DECLARES):
        raise FileError(
            f"{name} declares entities, which no spreadsheet program writes; "
            "it is not opened. Save the sheet as CSV."
        )
    if found["covered"] > MOST_SHEET_CELLS:
        raise FileError(
            f"{name} merges or links more than {MOST_SHEET_CELLS:,} cells; "
            "unmerge them, or save the sheet as CSV."
        )
    most = max(found[tag] for tag in _COUNTED)
    refuse_many_cells(name, most, most=MOST_SHEET_CELLS)


def _counted(plain: bytes) -> dict[str, int]:
    """Count the cells, rows and texts that begin here, with or without a prefix (``<x:c>``)."""
    begun = {
        tag: sum(
            plain.count(f"{before}{tag}{after}".encode()) for before in "<:" for after in " />"
        )
        for tag in _COUNTED
    }
    return {**begun, "covered": sum(map(_area, _RANGES.findall(plain)))}


def _area(written: bytes) -> int:
    first_column, first_row, last_column, last_row = range_boundaries(written.decode())
    if None in (first_column, first_row, last_column, last_row):
        return MOST_SHEET_CELLS + 1  # whole rows or columns
    return int((last_column - first_column + 1) * (last_row - first_row + 1))


def _pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part piece by piece, each with the end of the one before: nothing falls between."""
    tail = b""
    with parts.open(part) as stream:
        while piece := stream.read(_CHUNK):
            # Cut at a tag, so that no tag is counted twice.
            whole, mark, rest = (tail + piece).rpartition(b"<")
            yield whole
            tail = mark + rest
            if len(tail) > 4 * _CHUNK:
                tail = b""
    yield tail
