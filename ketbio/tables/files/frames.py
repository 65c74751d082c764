"""DataFrames → lines of cells; the header counts as row 1."""

from typing import Any

import numpy as np
import pandas as pd

from ketbio.tables.files.grid import Grid
from ketbio.tables.files.native import is_fraction, native_text
from ketbio.tables.files.size_limits import refuse_many_columns
from ketbio.tables.phrases import quoted


def parse_frame(frame: pd.DataFrame) -> Grid:
    """Return the lines of a DataFrame, which is not touched.

    Examples
    --------
    >>> parse_frame(pd.DataFrame({"id": ["P01"], "age": [15.0]})).lines
    [(1, ['id', 'age']), (2, ['P01', '15'])]
    """
    refuse_many_columns("the DataFrame", frame.shape[1])
    columns = [_values(frame.iloc[:, place]) for place in range(frame.shape[1])]
    texts = [[native_text(value) for value in values] for values in columns]
    header = [str(name) for name in frame.columns]
    fractions = {
        (row, place)
        for place, values in enumerate(columns)
        for row, value in enumerate(values, start=2)
        if is_fraction(value)
    }
    rows = enumerate(map(list, zip(*texts, strict=True)), start=2)
    return Grid(lines=[(1, header), *rows], fractions=fractions, notes=_index_notes(frame))


def _index_notes(frame: pd.DataFrame) -> list[str]:
    names = [str(name) for name in frame.index.names if name is not None]
    if not names:
        return []
    return [
        f"The index ({', '.join(map(quoted, names))}) was not read; write it as columns with "
        "reset_index() if it belongs to the table."
    ]


def _values(column: "pd.Series[Any]") -> list[Any]:
    # tolist() would make 0.10000000149 of a single-precision 0.1
    is_single = column.dtype in (np.float32, np.float16)
    return list(column.to_numpy()) if is_single else column.tolist()
