"""SPSS, Stata and SAS files → lines of cells, by pyreadstat.

Codes are read as written, not as their labels. What a program declares as missing is kept as a
word, for it says why there is no value: ``-9 (missing)`` of SPSS, ``.a`` of Stata and SAS.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from ketbio.errors import FileError
from ketbio.tables.files.apart import read_apart
from ketbio.tables.files.grid import Grid
from ketbio.tables.files.native import is_fraction, native_text
from ketbio.tables.files.sas_transport import (
    is_whole_transport,
    n_tables,
    n_transport_rows,
    tagged_missings,
)
from ketbio.tables.files.size_limits import (
    MOST_CELLS,
    MOST_COLUMNS,
    refuse_many_cells,
    refuse_many_columns,
)
from ketbio.tables.phrases import cut, listed_words
from ketbio.wording import count_of

Values = dict[str, list[Any]]

_PROCESS = "pyreadstat_process.py"

_STATA_BEGINS, _STATA_ENDS = b"<stata_dta>", b"</stata_dta>"
_LABELS_SHOWN = 6


def parse_statistical(content: bytes, name: str, *, kind: str, encoding: str | None = None) -> Grid:
    """Return the lines of a file of a statistics program; its column names count as row 1.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its base name, for messages.
    kind : str
        ``"SPSS"``, ``"Stata"``, ``"SAS transport"`` or ``"SAS"``.
    encoding : str or None
        Encoding of its texts; None for the one that the file itself names.

    Raises
    ------
    FileError
        The file is truncated, damaged or too large.
    """
    if not _is_whole(content, kind):
        raise FileError(_damaged(name, kind))
    values, about = _read(content, name, kind, encoding)
    columns = list(about.column_names)
    n_rows = len(next(iter(values.values()), []))
    if kind == "SAS transport":
        if n_transport_rows(content) not in (None, n_rows):
            raise FileError(_damaged(name, kind))
        for (row, column), word in tagged_missings(content, about).items():
            values[column][row] = word
    cells = [_column(values[column], column, about, kind) for column in columns]
    lines = [(1, columns), *enumerate(map(list, zip(*cells, strict=True)), start=2)]
    fractions = {
        (row, place)
        for place, column in enumerate(columns)
        for row, value in enumerate(values[column], start=2)
        if is_fraction(value)
    }
    notes = [f"Read as a file of {_PROGRAMS[kind]}; its column names count as row 1."]
    notes += _notes(content, kind, about)
    return Grid(lines=lines, fractions=fractions, notes=notes)


_PROGRAMS = {"SPSS": "SPSS", "Stata": "Stata", "SAS transport": "SAS (transport)", "SAS": "SAS"}


def _read(content: bytes, name: str, kind: str, encoding: str | None) -> tuple[Values, Any]:
    found = read_apart(
        _PROCESS, content, kind, encoding or "", str(MOST_COLUMNS), str(MOST_CELLS)
    ) or {"refused": "damage"}
    if found.get("refused") == "day":
        raise FileError(
            f"{name} holds a day outside the years 1 to 9999; correct it there, or export a CSV."
        )
    if found.get("refused") == "encoding":
        raise FileError(
            f"{name} holds texts that are not in the encoding "
            f'{"given" if encoding else "that it names"}; set encoding = "cp1252" '
            "(--encoding cp1252 on the command line) or the one it was written in."
        )
    refuse_many_columns(name, found.get("n_columns", 0))
    refuse_many_cells(name, found.get("n_cells", 0))
    columns = found.get("about", {}).get("column_names")
    # Of a damaged file pyreadstat tells columns without a name.
    if columns is None or not all(isinstance(column, str) for column in columns):
        raise FileError(_damaged(name, kind))
    return found["values"], SimpleNamespace(**found["about"])


def _damaged(name: str, kind: str) -> str:
    return (
        f"{name} is truncated or damaged and cannot be opened as {_PROGRAMS[kind]}; "
        "export it again, or save it as CSV."
    )


def _is_whole(content: bytes, kind: str) -> bool:
    if kind == "SAS transport":
        return is_whole_transport(content)
    if kind == "Stata" and content.startswith(_STATA_BEGINS):
        return content.rstrip(b"\0\r\n ").endswith(_STATA_ENDS)
    return True


# -- cells ---------------------------------------------------------------------------------------
def _column(values: Sequence[Any], column: str, about: Any, kind: str) -> list[str]:
    is_text = about.readstat_variable_types.get(column) == "string"
    is_single = about.readstat_variable_types.get(column) == "float"
    ranges = about.missing_ranges.get(column, ()) if kind == "SPSS" else ()
    return [_cell(value, is_text=is_text, is_single=is_single, ranges=ranges) for value in values]


def _cell(
    value: Any, *, is_text: bool, is_single: bool, ranges: Sequence[Mapping[str, Any]]
) -> str:
    if isinstance(value, str) and not is_text:
        return value if value.startswith(".") else f".{value}"
    text = native_text(np.float32(value) if is_single and isinstance(value, float) else value)
    is_missing = text and any(_is_within(value, one) for one in ranges)
    return f"{text} (missing)" if is_missing else text


def _is_within(value: Any, bounds: Mapping[str, Any]) -> bool:
    if isinstance(value, str) != isinstance(bounds["lo"], str):
        return False
    if isinstance(value, str):
        return value.rstrip() == str(bounds["lo"]).rstrip()
    return isinstance(value, int | float) and bool(bounds["lo"] <= value <= bounds["hi"])


# -- notes ---------------------------------------------------------------------------------------
def _notes(content: bytes, kind: str, about: Any) -> Iterator[str]:
    if kind == "SAS transport" and (n := n_tables(content)) > 1:
        yield f"The file holds {count_of(n, 'table')}; the first was read."
    labelled = [
        f"{column} ({_labels(labels)})"
        for column, labels in about.variable_value_labels.items()
        if labels
    ]
    if labelled:
        yield (
            f"Codes were read, not their labels: {listed_words(labelled)}; recode them under "
            "values in the study file."
        )
    declared = [
        f"{column} ({listed_words(_bounds(one) for one in ranges)})"
        for column, ranges in about.missing_ranges.items()
    ]
    if declared and kind == "SPSS":
        yield (
            f"Declared as missing in the file: {listed_words(declared)}; such a cell is read as "
            "the code and '(missing)', for instance '-9 (missing)': name that under missing."
        )
    told = [
        f"{column}: {cut(label)}"
        for column, label in about.column_names_to_labels.items()
        if label and label.strip() and label.strip() != column
    ]
    if told:
        yield f"Columns as the file describes them: {listed_words(told)}."


def _labels(labels: Mapping[Any, Any]) -> str:
    pairs = [f"{native_text(code)} = {cut(str(label), 30)}" for code, label in labels.items()]
    more = ["…"] if len(pairs) > _LABELS_SHOWN else []
    return ", ".join([*pairs[:_LABELS_SHOWN], *more])


def _bounds(one: Mapping[str, Any]) -> str:
    low, high = native_text(one["lo"]), native_text(one["hi"])
    return low if low == high else f"{low} to {high}"
