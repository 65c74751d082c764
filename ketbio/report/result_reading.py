"""`read_results`: a file that `write_results` wrote → the table that `tidy` gave."""

import csv
import json
import math
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from ketbio.errors import ReportError
from ketbio.report.result_columns import (
    COUNTS,
    FLAGS,
    NUMBERS,
    SCHEMA_VERSION,
    UNBOUNDED,
    unknown_ending,
)
from ketbio.result import TIDY_COLUMNS
from ketbio.safe_cells import safe_cell

_NUMBER_OF = {words: number for number, words in UNBOUNDED.items()}


def read_results(path: str | Path) -> pd.DataFrame:
    """Return the rows of a file that `write_results` wrote, as ``tidy(results)`` gave them.

    Parameters
    ----------
    path : str or Path
        ``results.json`` or ``results.csv``.

    Returns
    -------
    DataFrame
        The columns of `tidy`, in their order.

    Raises
    ------
    ReportError
        Not such a file.
    """
    source = Path(path)
    ending = source.suffix.lower()
    if ending not in _READERS:
        raise ReportError(unknown_ending(source.name))
    try:
        text = source.read_text(encoding="utf-8")
        rows = list(_READERS[ending](text))
        return pd.DataFrame(rows, columns=list(TIDY_COLUMNS))
    except OSError as error:
        raise ReportError(f"{source} cannot be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(
            f"{source} does not hold results as write_results() of this version writes them; "
            "write them again."
        ) from error


def _from_json(text: str) -> Iterator[dict[str, Any]]:
    content = json.loads(text)
    if content["schema_version"].split(".")[0] != SCHEMA_VERSION.split(".", maxsplit=1)[0]:
        raise ValueError(content["schema_version"])
    for row in content["results"]:
        joined = {
            "groups": " v ".join(row["groups"]),
            "n_per_group": "; ".join(f"{group} {n}" for group, n in row["n_per_group"].items()),
            "warnings": " ".join(row["warnings"]),
            "references": "; ".join(row["references"]),
        }
        numbers = {name: _number(row[name]) for name in NUMBERS}
        yield {**row, **joined, **numbers}


def _number(value: Any) -> float:
    return math.nan if value is None else float(_NUMBER_OF.get(value, value))


def _from_csv(text: str) -> Iterator[dict[str, Any]]:
    lines = csv.DictReader(StringIO(text))
    if tuple(lines.fieldnames or ()) != TIDY_COLUMNS:
        raise ValueError(lines.fieldnames)
    for line in lines:
        yield {name: _read_cell(name, cell) for name, cell in line.items()}


def _read_cell(name: str, cell: str) -> object:
    if name in NUMBERS:
        return float(cell) if cell else math.nan
    if name in COUNTS:
        return int(cell) if cell else None
    if name in FLAGS:
        return {"true": True, "false": False}[cell] if cell else None
    return cell[1:] if cell.startswith("'") and safe_cell(cell[1:]) == cell else cell


_READERS: dict[str, Callable[[str], Iterator[dict[str, Any]]]] = {
    ".json": _from_json,
    ".csv": _from_csv,
}
