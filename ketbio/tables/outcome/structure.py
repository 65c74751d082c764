"""Checks as JSON, for other programs: a structure that keeps its names, with a version."""

import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from ketbio.tables.outcome.places import cell_name, column_numbers
from ketbio.tables.outcome.sentences import is_safety_seen
from ketbio.tables.outcome.told import ToldCheck

FORMAT_VERSION = 1
"""Goes up by one when a name of the structure is taken away or changes its meaning."""


def checks_json(checks: Sequence[ToldCheck]) -> str:
    """Return checks as JSON text (docs/check_results.md describes the structure)."""
    return json.dumps(checks_structure(checks), ensure_ascii=False, indent=2, allow_nan=False)


def checks_structure(checks: Sequence[ToldCheck]) -> dict[str, Any]:
    """Return checks as lists, mappings, texts and whole numbers.

    Parameters
    ----------
    checks : sequence of Check
        One per table.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.tables import check_table
    >>> ages = pd.DataFrame({"participant_id": ["P01"], "age_years": ["150"]})
    >>> content = checks_structure([check_table(ages, "participants")])
    >>> content["format_version"], content["tables"][0]["by_rule"]
    (1, [{'severity': 'error', 'rule': 'range', 'complaints': 1, 'rows': 1}])
    """
    return {
        "format": "ketbio checks",
        "format_version": FORMAT_VERSION,
        "ketbio": version("ketbio"),
        "ok": all(check.ok for check in checks),
        "tables": [_table(check) for check in checks],
    }


def _table(check: ToldCheck) -> dict[str, Any]:
    numbers = column_numbers(check.source)
    n_accepted = int(check.kept.sum())
    return {
        "table": check.table,
        "schema": check.schema,
        "schema_version": check.schema_version,
        "file": check.file,
        "sheet": check.sheet,
        "sha256": check.sha256,
        "header_row": check.header_row,
        "ok": check.ok,
        "n_incoming": check.n_incoming,
        "n_accepted": n_accepted,
        "n_rejected": check.n_incoming - n_accepted,
        "counts": check.counts(),
        "is_safety_seen": is_safety_seen(check),
        "by_rule": check.counts_by_rule().to_dict("records"),
        "complaints": [
            {**one, "cell": cell_name(numbers, one["row"], one["column"])}
            for one in check.complaints.to_dict("records")
        ],
        "notes": list(check.notes),
    }
