"""Results as one table: a row per result and companion, always the same columns."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from ketbio.errors import TableError
from ketbio.result.record import NAN, Result
from ketbio.result.words import n_excluded


def tidy(results: Result | Iterable[Result]) -> pd.DataFrame:
    """Stack results to one table, always the same columns in the same order.

    Parameters
    ----------
    results : Result or iterable of Result
        Companions follow the result that they belong to.

    Returns
    -------
    DataFrame
        One row per result or companion. ``row`` numbers them from 1, ``role`` tells the primary
        answer from its companions.

    Examples
    --------
    >>> tidy([]).shape[0]
    0
    """
    given = [results] if isinstance(results, Result) else list(results)
    for item in given:
        if not isinstance(item, Result):
            raise TableError(f"tidy() takes results; a {type(item).__name__} was given.")
    rows = [
        _tidy_row(row, result)
        for row, result in enumerate(
            (one for result in given for one in _with_companions(result)), start=1
        )
    ]
    return pd.DataFrame(rows, columns=list(TIDY_COLUMNS))


TIDY_COLUMNS = (
    "row", "title", "aim", "deviation", "analysis", "marker", "label", "outcome", "groups",
    "role", "n", "n_per_group",
    "estimate", "estimate_name", "unit", "spread", "ci_low", "ci_high", "ci_level", "ci_method",
    "null_value", "effect_size", "effect_size_name", "effect_size_ci_low", "effect_size_ci_high",
    "effect_size_ci_method",
    "statistic", "statistic_name", "p_value", "p_method", "p_definition",
    "p_interval_low", "p_interval_high", "is_exact", "p_floor", "true_size",
    "n_arrangements", "p_adjusted", "adjustment", "alternative", "seed", "n_excluded",
    "leave_one_out_low", "leave_one_out_high", "leave_one_out_p_low", "leave_one_out_p_high",
    "warnings", "references",
)  # fmt: skip
"""Columns of ``tidy(results)``."""

_COPIED = (
    "title", "aim", "deviation", "analysis", "marker", "label", "outcome", "role",
    "estimate", "estimate_name", "unit", "spread", "ci_low", "ci_high", "ci_level", "ci_method",
    "null_value", "effect_size", "effect_size_name", "effect_size_ci_method",
    "statistic", "statistic_name",
    "p_value", "p_method", "p_definition", "is_exact", "p_floor", "true_size",
    "n_arrangements", "p_adjusted", "adjustment", "alternative", "seed",
)  # fmt: skip


def _with_companions(result: Result) -> Iterator[Result]:
    yield result
    yield from result.companions


def _tidy_row(row: int, result: Result) -> dict[str, Any]:
    left_out = result.leave_one_out
    return {
        "row": row,
        **{name: getattr(result, name) for name in _COPIED},
        "groups": " v ".join(result.groups),
        "n": result.n_total,
        "n_per_group": "; ".join(f"{group} {count}" for group, count in result.n.items()),
        "effect_size_ci_low": result.effect_size_ci[0],
        "effect_size_ci_high": result.effect_size_ci[1],
        "p_interval_low": result.p_interval[0],
        "p_interval_high": result.p_interval[1],
        "n_excluded": n_excluded(result),
        "leave_one_out_low": left_out["estimate"].min() if len(left_out) else NAN,
        "leave_one_out_high": left_out["estimate"].max() if len(left_out) else NAN,
        "leave_one_out_p_low": left_out["p_value"].min() if len(left_out) else NAN,
        "leave_one_out_p_high": left_out["p_value"].max() if len(left_out) else NAN,
        "warnings": " ".join(result.warnings),
        "references": "; ".join(result.references),
    }
