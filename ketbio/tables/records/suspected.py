"""Numbers of a table that look like codes for a missing value, as complaints of their column."""

from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.phrases import listed_rows, missing_in_hint, recode_hint
from ketbio.tables.records.amounts import read_number
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.manner import Manner
from ketbio.tables.records.places import complaint_at
from ketbio.tables.records.sentinels import Suspect, spread_of, suspects


def suspected_codes(
    frame: pd.DataFrame,
    records: Records,
    columns: Mapping[str, ColumnSpec | None],
    meant: Mapping[str, Mapping[str, str]],
    manner: Manner,
) -> Iterator[Complaint]:
    """Complain of numbers that stand apart from their column and are in use as missing codes.

    Far apart is an error, since the number would enter every mean in silence; a number that the
    schema's range refuses is said elsewhere.

    Parameters
    ----------
    frame : DataFrame
        The typed records.
    records : Records
        Where they came from.
    columns : mapping of str to ColumnSpec or None
        Column → its schema, None for a covariate.
    meant : mapping of str to mapping
        The caller's recodes: a number recoded by the caller is meant.
    manner : Manner
        How numbers are written.
    """
    for name, spec in columns.items():
        if name not in frame or name not in records.cells or str(frame[name].dtype) != "float64":
            continue
        values = frame[name]
        counts = {float(value): n for value, n in Counter(values.dropna()).items()}
        recoded = {read_number(str(word), decimal=manner.decimal) for word in meant.get(name, {})}
        for one in suspects(spread_of(counts)):
            if one.value not in recoded and not _is_refused(one.value, spec):
                positions = [i for i, is_it in enumerate(values == one.value) if is_it]
                yield _suspected(one, name, positions, records)


def _is_refused(value: float, spec: ColumnSpec | None) -> bool:
    if spec is None:
        return False
    low = spec.minimum is not None and value < spec.minimum
    high = spec.maximum is not None and value > spec.maximum
    return low or high or (spec.above is not None and value <= spec.above)


def _suspected(one: Suspect, name: str, positions: list[int], records: Records) -> Complaint:
    word = records.shown(name, positions[0])
    rows = listed_rows(records.cell_row(name, i) for i in positions)
    first = complaint_at(records, positions[0], rule="missing_code", message="", column=name)
    kept = "" if one.severity == "error" else " The rows are kept."
    return Complaint(
        rule="missing_code",
        row=first.row,
        positions=tuple(positions),
        participant_id=first.participant_id if len(positions) == 1 else "",
        visit=first.visit if len(positions) == 1 else "",
        column=first.column,
        value=word,
        severity=one.severity,
        message=f"{records.label(name, positions[0])} is {word} in {rows}, {one.where} "
        f"({one.low:g} to {one.high:g}), as a code for a missing value would be; if it is one, set "
        f"{missing_in_hint(name, word)}; if it is a value, {recode_hint(name, word, word)} "
        f"in the study file.{kept}",
    )
