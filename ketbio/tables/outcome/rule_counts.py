"""Complaints counted by rule."""

from collections.abc import Sequence

import pandas as pd

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.records.arrange import Records

RULE_COUNT_COLUMNS = ("severity", "rule", "complaints", "rows")
"""Columns of the counts by rule, in order."""


def rule_counts(found: Sequence[Complaint], records: Records) -> pd.DataFrame:
    """Return how many complaints each rule has, and how many spreadsheet rows they concern.

    Parameters
    ----------
    found : sequence of Complaint
        Those of one table.
    records : Records
        Its records.

    Returns
    -------
    DataFrame
        Columns `RULE_COUNT_COLUMNS`; safety first, then errors, then warnings, and the rule with
        most complaints first.
    """
    counts: dict[tuple[str, str], int] = {}
    rows: dict[tuple[str, str], set[int]] = {}
    for one in found:
        key = (one.severity, one.rule)
        counts[key] = counts.get(key, 0) + 1
        places = records.rows[list(one.positions)].tolist() if one.positions else [one.row]
        rows.setdefault(key, set()).update(places)
    order = sorted(counts, key=lambda key: (SEVERITIES.index(key[0]), -counts[key], key[1]))
    lines = [(*key, counts[key], len(rows[key])) for key in order]
    frame = pd.DataFrame(lines, columns=list(RULE_COUNT_COLUMNS))
    return frame.astype({"severity": "str", "rule": "str", "complaints": "int64", "rows": "int64"})
