"""A table of replicates made ready: a sample's name, its value, and why a row gives none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.laboratory.intraclass import SAMPLE
from ketbio.endpoints.frames import require_columns
from ketbio.errors import TableError
from ketbio.vocabulary import PARTICIPANT_ID, REASON, VALUE, VISIT

RUN = "run"
SUBJECT = "subject"
"""A sample without its visit: what a change is formed of."""
FLAGS = {"below_lloq": "below the LLOQ", "above_uloq": "above the ULOQ"}
"""Columns that say why a row has no value, and how they say it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplicateRows:
    """Replicates with a value, and those without.

    Attributes
    ----------
    used : DataFrame
        ``sample, subject, participant_id, visit, run, value``, one row per replicate.
    excluded : DataFrame
        ``participant_id, reason``, one row per replicate.
    """

    used: pd.DataFrame
    excluded: pd.DataFrame


def replicate_rows(
    table: pd.DataFrame, *, value: str, run: str | None, by: Sequence[str]
) -> ReplicateRows:
    """Return the replicates of a table.

    Parameters
    ----------
    table : DataFrame
        One row per replicate: ``participant_id``, ``visit``, the value, and the run where named.
    value, run : str
        Columns.
    by : sequence of str
        Columns that tell samples apart.

    Raises
    ------
    TableError
        A column is not there, or the value is no number.

    Examples
    --------
    >>> table = pd.DataFrame({"participant_id": ["P01", "P01"], "visit": ["baseline"] * 2,
    ...                       "bdnf_ng_ml": [20.0, None]})
    >>> rows = replicate_rows(table, value="bdnf_ng_ml", run=None, by=("participant_id", "visit"))
    >>> rows.used["sample"].to_list(), rows.excluded["reason"].to_list()
    (['P01 baseline'], ['baseline: no value'])
    """
    named = [PARTICIPANT_ID, VISIT, value, *by, *([run] if run else [])]
    require_columns(table, dict.fromkeys(named), what="table")
    numbers = _numbers(table, value)
    rows = pd.DataFrame(
        {
            SAMPLE: _joined(table, by),
            SUBJECT: _joined(table, [one for one in by if one != VISIT]),
            PARTICIPANT_ID: table[PARTICIPANT_ID].astype("str"),
            VISIT: table[VISIT].astype("str"),
            RUN: table[run].astype("str") if run else "",
            VALUE: numbers,
            REASON: reasons_of(table),
        }
    ).reset_index(drop=True)
    is_known = np.isfinite(rows[VALUE].to_numpy(dtype=float)) & ~is_beyond_limit(table)
    lost = rows[~is_known]
    reasons = lost[VISIT] + ": " + lost[REASON].where(lost[REASON] != "", "no value")
    return ReplicateRows(
        used=rows[is_known].drop(columns=REASON).reset_index(drop=True),
        excluded=pd.DataFrame(
            {PARTICIPANT_ID: lost[PARTICIPANT_ID], REASON: reasons.astype("str")}
        ).reset_index(drop=True),
    )


def _joined(table: pd.DataFrame, names: Sequence[str]) -> "pd.Series[str]":
    words = table[list(names)].astype("str").to_numpy(dtype=object)
    return pd.Series([" ".join(row) for row in words], index=table.index, dtype="str")


def _numbers(table: pd.DataFrame, value: str) -> "pd.Series[float]":
    column = table[value]
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        raise TableError(
            f"column {value!r} holds {column.dtype}; allowed: numbers. Name the column of the "
            "measured value with value=."
        )
    return column.astype("float64")


def is_beyond_limit(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows are beyond a limit, where a number is no value whatever it is."""
    beyond = np.zeros(len(table), dtype=np.bool_)
    for flag in FLAGS:
        if flag in table.columns:
            beyond |= table[flag].astype("boolean").fillna(False).to_numpy(dtype=bool)
    return beyond


def reasons_of(table: pd.DataFrame) -> "pd.Series[str]":
    """Return why each row has no value, empty where it does not say."""
    reasons = pd.Series("", index=table.index, dtype="str")
    if REASON in table.columns:
        reasons = table[REASON].astype("str").fillna("")
    for flag, words in FLAGS.items():
        if flag in table.columns:
            is_set = table[flag].astype("boolean").fillna(False).to_numpy(dtype=bool)
            reasons = reasons.where(~is_set | (reasons != ""), words)
    return reasons
