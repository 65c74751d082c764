"""Files made on the fly; the only participants are codes such as P01."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """Write lines to a CSV file and return its path."""

    def write(*lines: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    return write


@pytest.fixture
def xlsx_file(tmp_path: Path) -> Callable[..., Path]:
    """Write rows to an XLSX file and return its path."""

    def write(*rows: list[object], name: str = "table.xlsx", sheet: str = "Sheet1") -> Path:
        book = Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def study_data() -> Callable[[str], Path]:
    """Return a folder of real study data, which is not in the repository, or skip."""

    def folder(name: str) -> Path:
        path = SHARED / "studies" / name
        if not path.is_dir():
            pytest.skip(f"the study data {name} are not beside this checkout")
        return path

    return folder
