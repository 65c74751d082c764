"""The path of an incoming file → its bytes, after what cannot be a table has been refused."""

import os
import stat
from pathlib import Path

from ketbio.errors import FileError
from ketbio.tables.files.size_limits import MOST_BYTES, refuse_large_file

DELIMITED = (".csv", ".tsv", ".txt", ".tab")
WORKBOOKS = (".xlsx", ".xlsm")
KINDS = {
    **dict.fromkeys(DELIMITED, "text"),
    **dict.fromkeys(WORKBOOKS, "XLSX"),
    ".xls": "XLS",
    ".ods": "ODS",
    ".parquet": "Parquet",
    ".sav": "SPSS",
    ".zsav": "SPSS",
    ".dta": "Stata",
    ".xpt": "SAS transport",
    ".sas7bdat": "SAS",
}
"""Endings and the kind of file that each stands for."""
ALLOWED = f"{', '.join(list(KINDS)[:-1])} and {list(KINDS)[-1]}"

_ZIP, _OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SAS7BDAT = bytes(12) + b"\xc2\xea\x81\x60"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_STATA = (b"<stata_dta>", *(bytes([version]) for version in range(0x69, 0x74)))
_BEGINNINGS = {
    "XLSX": (_ZIP,),
    "ODS": (_ZIP,),
    "XLS": (_OLE2,),
    "Parquet": (b"PAR1",),
    "SPSS": (b"$FL2", b"$FL3"),
    "Stata": _STATA,
    "SAS transport": (b"HEADER RECORD*******LIB",),
    "SAS": (_SAS7BDAT,),
}
_ENDINGS = {
    "Parquet": "parquet", "SPSS": "sav", "SAS transport": "xpt", "SAS": "sas7bdat", "Stata": "dta",
}  # fmt: skip
_PACKED = {
    b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard",
}  # fmt: skip
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_HTML = (b"<html", b"<!doctype html", b"<table")


def read_content(path: Path) -> bytes:
    """Return the bytes of a file that can be a table, of the kind that its ending says.

    Raises
    ------
    FileError
        It is no regular file, too large, empty, protected, or of another kind than its ending says.
    """
    if path.is_dir():
        raise FileError(f"{str(path)!r} is a folder; give a CSV, TSV or XLSX file.")
    if not path.exists():
        raise FileError(f"There is no file {str(path)!r}.")
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise FileError(
            f"{path.name} is not of a kind that can be read; allowed: {ALLOWED}. "
            "Save it as 'CSV UTF-8' or as XLSX."
        )
    content = _bytes_of(path)
    if not content.strip():
        raise FileError(f"{path.name} is empty; a header line and at least one row are wanted.")
    _refuse_wrong_kind(content, path.name, kind)
    return content


def _bytes_of(path: Path) -> bytes:
    try:
        # Opened without waiting: a pipe that nobody writes to must not hold the check up.
        with os.fdopen(os.open(path, os.O_RDONLY | _AT_ONCE), "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise FileError(f"{path.name} is not a regular file but a pipe or a device.")
            refuse_large_file(path.name, state.st_size)
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileError(f"{path.name} cannot be read: {error.strerror}.") from None
    refuse_large_file(path.name, len(content))
    return content


def _refuse_wrong_kind(content: bytes, name: str, kind: str) -> None:
    if content.startswith(_OLE2) and _ENCRYPTED in content:
        raise FileError(
            f"{name} is protected by a password; save it without the password and try again."
        )
    for beginning, program in _PACKED.items():
        if content.startswith(beginning):
            raise FileError(f"{name} is packed ({program}); unpack it and give the file inside.")
    found = _found_kind(content)
    if kind == found or (kind == "text" and not found) or _is_old_stata(kind, content):
        return
    if found in ("XLSX", "ODS", "XLS"):
        raise FileError(
            f"{name} is a spreadsheet file with the wrong ending; rename it to .{found.lower()}."
        )
    if found:
        raise FileError(
            f"{name} is {_a(found)} file with the wrong ending; rename it to .{_ENDINGS[found]}."
        )
    if content.lstrip()[:20].lower().startswith(_HTML):
        raise FileError(
            f"{name} is a web page, not {_a(kind)} file; open it in a spreadsheet program and "
            "save it as XLSX."
        )
    raise FileError(
        f"{name} is not {_a(kind)} file; rename it to .csv if it is text, else save it again."
    )


def _found_kind(content: bytes) -> str:
    """Return the kind that the first bytes tell, empty where they tell none."""
    if content.startswith(_ZIP):
        return "ODS" if _OPEN_DOCUMENT in content[:200] else "XLSX"
    if content.startswith(_OLE2):
        return "XLS"
    for kind, beginnings in _BEGINNINGS.items():
        if kind != "Stata" and content.startswith(beginnings):
            return kind
    # Older Stata files begin with the letter i to s, as words do.
    return "Stata" if content.startswith(_STATA[0]) else ""


def _is_old_stata(kind: str, content: bytes) -> bool:
    return kind == "Stata" and content.startswith(_STATA)


def _a(kind: str) -> str:
    return f"{'an' if kind in ('XLSX', 'XLS', 'ODS', 'SPSS') else 'a'} {kind}"
