"""The records without an error, as analyses take them: every column there, in its unit."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.wording import count_of


def kept_records(n: int, complaints: Sequence[Complaint]) -> NDArray[np.bool_]:
    """Return which of so many records no complaint of severity error concerns."""
    kept = np.ones(n, dtype=np.bool_)
    for complaint in complaints:
        if complaint.severity == "error":
            kept[list(complaint.positions)] = False
    return kept


def accepted_rows(
    frame: pd.DataFrame, kept: NDArray[np.bool_], schema: TableSchema
) -> tuple[pd.DataFrame, list[str]]:
    """Return the accepted rows, in the units of the schema and with all its columns, and notes."""
    accepted = frame[kept].reset_index(drop=True)
    notes: list[str] = []
    for name, spec in schema.columns.items():
        if name not in accepted:
            accepted[name] = pd.Series(dtype="str")
        if spec.converted_to:
            n = int(accepted[name].notna().sum())
            target = schema.columns[spec.converted_to]
            converted = accepted.pop(name) / spec.factor
            accepted[target.name] = accepted[target.name].fillna(converted)
            if n:
                values = count_of(n, "value")
                notes.append(f"{values} converted from {spec.unit} to {target.unit} ({name}).")
    order = [name for name in schema.columns if name in accepted]
    extras = [name for name in accepted if name not in schema.columns]
    return accepted[[*order, *extras]], notes
