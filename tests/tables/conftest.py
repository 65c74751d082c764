"""Files made on the fly; the only participants are codes such as P01."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook

collect_ignore = ["type_in_libreoffice.py"]  # run by LibreOffice's own Python
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


@pytest.fixture
def statistical_file(tmp_path: Path) -> Callable[[str, pd.DataFrame], Path]:
    """Write a table as a statistics program would, by the ending of its files."""
    writers: dict[str, Callable[[pd.DataFrame, Path], None]] = {
        "sav": pyreadstat.write_sav,
        "zsav": lambda frame, path: pyreadstat.write_sav(frame, path, compress=True),
        "dta": pyreadstat.write_dta,
        "xpt": pyreadstat.write_xport,
        "parquet": lambda frame, path: frame.to_parquet(path),
    }

    def write(kind: str, frame: pd.DataFrame) -> Path:
        path = tmp_path / f"table.{kind}"
        writers[kind](frame, path)
        return path

    return write
