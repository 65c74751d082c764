"""A file of a statistics program, read by pyreadstat in a process of its own.

Run as a script by `ketbio.tables.files.statistical`. A damaged file can make the C library behind
pyreadstat reach for memory that is not its own, which ends the process, whatever Python would
catch; so it is this one that ends. It imports nothing of ketbio, to start at once.

Arguments: the most bytes of memory, the kind of file, the encoding (empty for that of the file),
the most columns, the most cells. Standard input: the file. Standard output: one pickled dict.
"""

import io
import pickle
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pyreadstat

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

_READERS: Mapping[str, Callable[..., tuple[Any, Any]]] = {
    "SPSS": pyreadstat.read_sav,
    "Stata": pyreadstat.read_dta,
    "SAS transport": pyreadstat.read_xport,
    "SAS": pyreadstat.read_sas7bdat,
}
_TELLS_MISSING = ("SPSS", "Stata", "SAS")
_ABOUT = (
    "column_names", "number_rows", "readstat_variable_types", "missing_ranges",
    "variable_value_labels", "column_names_to_labels", "variable_storage_width",
)  # fmt: skip


def main() -> None:
    """Read the file and write its values and what it tells of itself."""
    most_memory, kind, encoding, most_columns, most_cells = sys.argv[1:]
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (int(most_memory), int(most_memory)))
    how: dict[str, Any] = {"user_missing": True} if kind in _TELLS_MISSING else {}
    how |= {"encoding": encoding} if encoding else {}
    content = sys.stdin.buffer.read()
    try:
        found = _found(content, _READERS[kind], how, int(most_columns), int(most_cells))
    except OverflowError:
        found = {"refused": "day"}
    except Exception as error:  # a damaged file makes pyreadstat raise nearly anything
        said = str(error).lower()
        found = {"refused": "encoding" if "encod" in said or "convert" in said else "damage"}
    sys.stdout.buffer.write(pickle.dumps(found))


def _found(
    content: bytes,
    read: Callable[..., tuple[Any, Any]],
    how: Mapping[str, Any],
    most_columns: int,
    most_cells: int,
) -> dict[str, Any]:
    """Return values and description, without values where there are too many of them."""
    _, about = read(io.BytesIO(content), output_format="dict", metadataonly=True, **how)
    n_columns = len(about.column_names)
    n_cells = (about.number_rows or 0) * n_columns
    if n_columns > most_columns or n_cells > most_cells:
        return {"n_columns": n_columns, "n_cells": n_cells}
    most = most_cells // max(n_columns, 1) + 1
    values, about = read(io.BytesIO(content), output_format="dict", row_limit=most, **how)
    cells = {column: list(column_values) for column, column_values in values.items()}
    n_cells = len(next(iter(cells.values()), [])) * n_columns
    told = {name: getattr(about, name) for name in _ABOUT}
    return {"n_columns": n_columns, "n_cells": n_cells, "values": cells, "about": told}


if __name__ == "__main__":
    main()
