"""Levels per group where some are beyond a limit: how many were measured, and their summaries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.limits import beyond_words
from ketbio.analyses.question import Question
from ketbio.analyses.responder_companions import WITHIN, detection_rate
from ketbio.analyses.responder_values import GROUPS
from ketbio.analyses.values import (
    MarkerValues,
    excluded_table,
    marker_values,
    markers_asked,
    require_one_row_each,
    require_shared_ids,
)
from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.errors import StatisticsError
from ketbio.result import Result, Results
from ketbio.statistics.censored_summary import METHODS, SCALES, CensoredSummary, censored_summary
from ketbio.vocabulary import (
    CENSORED,
    LIMIT,
    MARKER,
    PARTICIPANT_ID,
    REASON,
    SCALE,
    VALUE,
)
from ketbio.wording import capitalised

ALL = "all"
NO_LIMIT = "a value {where} has no limit given, and the limit is all that is known of it"
DATA_COLUMNS = [PARTICIPANT_ID, "group", VALUE, CENSORED, LIMIT]
QUARTILES = "quartiles; a range of the data, not a confidence interval"
NAMES = {
    "ml": "maximum likelihood",
    "ros": "regression on order statistics",
    "km": "Kaplan–Meier",
}
CITED = {
    "ml": ("cohen1959", "helsel2012"),
    "ros": ("helselcohn1988", "helsel2012"),
    "km": ("kaplan1958", "helsel2012"),
}


def summarise_levels(
    endpoints: pd.DataFrame,
    *,
    marker: str | Sequence[str],
    visit: str | Sequence[str],
    response: pd.DataFrame | None = None,
    methods: Sequence[str] = ("ml", "ros", "km"),
    scale: str | None = None,
    confidence_level: float = 0.95,
) -> Results:
    """Describe a marker at a visit, with values beyond limits used as such and none substituted.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    marker, visit : str or list of str
        One result per marker and visit.
    response : DataFrame, optional
        As `derive_response` returns it: responders and non-responders are described too.
    methods : sequence of {"ml", "ros", "km"}
        As `censored_summary` takes them; the estimate is by the first, all stand beside it.
    scale : {"log", "raw"}, optional
        As `censored_summary` takes it; None: logarithms of a marker on the raw scale, and what is a
        logarithm already as it is.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    Results
        ``estimate`` is the geometric mean of all (the mean with ``"raw"``); companions, per group:
        how many were measured, and mean, geometric mean and median by each method. ``data``:
        ``participant_id, group, value, censored, limit``.

    Raises
    ------
    TableError
        Unknown marker, visit or word.

    Examples
    --------
    >>> from ketbio.endpoints import derive_concentration
    >>> levels = pd.DataFrame({"participant_id": ["P01", "P02", "P03", "P04", "P05"],
    ...     "visit": "baseline", "specimen": "plasma", "bdnf_ng_ml": [np.nan, 0.8, 1.1, 2.4, 0.9],
    ...     "below_lloq": [True, False, False, False, False], "lloq_ng_ml": 0.5})
    >>> endpoints = derive_concentration(levels, specimen="plasma")
    >>> found = summarise_levels(endpoints, marker="BDNF_plasma", visit="baseline")[0]
    >>> round(found.estimate, 3), found.companions[0].estimate, found.companions[0].estimate_name
    (0.927, 80.0, 'at or above the LLOQ')
    """
    for method in methods:
        require_one_of("method", method, METHODS)
    if scale is not None:
        require_one_of("scale", scale, SCALES)
    groups = expected_groups(endpoints, response)
    visits = [visit] if isinstance(visit, str) else list(visit)
    return Results(
        _summarised(
            _values(endpoints, name, when, groups),
            list(dict.fromkeys(groups["group"])),
            _How(
                methods=tuple(methods),
                scale=scale or _scale_of(endpoints, name),
                level=confidence_level,
            ),
        )
        for name in markers_asked(marker)
        for when in visits
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How levels are summarised."""

    methods: tuple[str, ...]
    scale: str
    level: float


def expected_groups(endpoints: pd.DataFrame, response: pd.DataFrame | None) -> pd.DataFrame:
    """Return ``participant_id, group`` of everybody expected; the group is empty where unknown."""
    require_columns(endpoints, [PARTICIPANT_ID, MARKER, SCALE], what="endpoints")
    if response is None:
        ids = list(dict.fromkeys(endpoints[PARTICIPANT_ID]))
        return pd.DataFrame({PARTICIPANT_ID: ids, "group": pd.Series([""] * len(ids), dtype="str")})
    require_columns(response, [PARTICIPANT_ID, "response"], what="response")
    require_one_row_each(response)
    require_shared_ids(endpoints, response)
    groups = response["response"].astype("str")
    known = groups.where(groups.isin(GROUPS), "")
    return pd.DataFrame({PARTICIPANT_ID: response[PARTICIPANT_ID], "group": known})


def _scale_of(endpoints: pd.DataFrame, marker: str) -> str:
    is_raw = (endpoints.loc[endpoints[MARKER] == marker, SCALE] == "raw").all()
    return "log" if is_raw else "raw"


def _values(endpoints: pd.DataFrame, marker: str, visit: str, groups: pd.DataFrame) -> MarkerValues:
    values = marker_values(
        endpoints,
        marker=marker,
        measure="baseline",
        baseline=visit,
        endpoint=visit,
        participants=groups[PARTICIPANT_ID],
    )
    by_id = groups.set_index(PARTICIPANT_ID)["group"]
    table = values.table.assign(group=values.table[PARTICIPANT_ID].map(by_id).astype("str"))
    return replace(values, table=table)


def _summarised(values: MarkerValues, groups: list[str], how: _How) -> Result:
    used = values.table[values.table[REASON] == ""].reset_index(drop=True)
    question = Question(
        analysis="summarise_levels",
        marker=values.marker,
        outcome=values.outcome,
        groups=(ALL,),
        n={ALL: len(used)},
        unit=values.unit,
    )
    rows: dict[str, Any] = {
        "role": "description",
        "data": used[DATA_COLUMNS],
        "excluded": excluded_table(values.table),
    }
    if not len(used):
        return question.without_answer("nobody has a value", **rows)
    members = {ALL: used} | {name: used[used["group"] == name] for name in GROUPS if name in groups}
    described = {name: _described(question, part, name, how) for name, part in members.items()}
    main = described[ALL].summaries.get(how.methods[0]) if how.methods else None
    answer = _main(main, how.scale) if main else {}
    return question.answer(
        **rows,
        **answer,
        warnings=tuple(said for one in described.values() for said in one.warnings),
        companions=tuple(
            line
            for name, one in described.items()
            for line in one.lines
            if not (main and name == ALL and line.estimate_name == answer["estimate_name"])
        ),
        references=("clopper1934",),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """One group: its lines, the summaries behind them, and what must be said."""

    lines: tuple[Result, ...] = ()
    summaries: Mapping[str, CensoredSummary] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def _described(question: Question, rows: pd.DataFrame, group: str, how: _How) -> _Described:
    if rows.empty:
        return _Described(warnings=(f"No {group} has a value.",))
    sides = rows[CENSORED]
    where = beyond_words(sides)
    is_seen = (sides == "").to_numpy()
    asked = question.about(groups=(group,), n={group: len(rows)})
    rate = detection_rate(asked, is_seen, group=group, name=WITHIN[where], level=how.level)
    levels = rows[VALUE].where(is_seen, rows[LIMIT]).to_numpy(dtype=float)
    if np.isnan(levels).any():
        why = f"No summary of {_whom(group)}: {NO_LIMIT.format(where=where)}."
        return _Described(lines=(rate,), warnings=(why,))
    lines, summaries, warnings = [rate], {}, []
    for method in how.methods:
        try:
            found = censored_summary(
                levels,
                below=(sides == "left").to_numpy(dtype=bool),
                above=(sides == "right").to_numpy(dtype=bool),
                method=method,
                scale=how.scale,
                confidence_level=how.level,
            )
        except StatisticsError as refused:
            warnings.append(f"No summary of {_whom(group)} by {NAMES[method]}: {refused}")
            continue
        summaries[method] = found
        warnings += [
            f"{capitalised(_whom(group))}, {found.method}: {one}" for one in found.warnings
        ]
        lines += [asked.answer(**one) for one in _lines(found, method, how.scale)]
    return _Described(lines=tuple(lines), summaries=summaries, warnings=tuple(warnings))


def _whom(group: str) -> str:
    return "all participants" if group == ALL else f"{group}s"


def _main(found: CensoredSummary, scale: str) -> dict[str, Any]:
    """Return the centre that the scale is about: geometric mean of logarithms, or mean."""
    if scale == "raw":
        return _mean(found)
    return _geometric(found)


def _lines(found: CensoredSummary, method: str, scale: str) -> list[dict[str, Any]]:
    shared = {"role": "description", "references": CITED[method]}
    made = [_mean(found), *([_geometric(found)] if scale == "log" else []), _median(found)]
    return [shared | one for one in made]


def _mean(found: CensoredSummary) -> dict[str, Any]:
    low, high = found.mean_interval
    name = f"mean ({found.method})"
    return _centre(found, name, found.mean, low, high) | {"spread": found.sd}


def _geometric(found: CensoredSummary) -> dict[str, Any]:
    low, high = found.geometric_mean_interval
    return _centre(found, f"geometric mean ({found.method})", found.geometric_mean, low, high)


def _centre(
    found: CensoredSummary, name: str, value: float, low: float, high: float
) -> dict[str, Any]:
    return {
        "estimate": value,
        "estimate_name": name,
        "ci_low": low,
        "ci_high": high,
        "ci_level": found.ci_level,
        "ci_method": found.ci_method,
    }


def _median(found: CensoredSummary) -> dict[str, Any]:
    return {
        "estimate": found.median,
        "estimate_name": f"median ({found.method})",
        "ci_low": found.quartile_low,
        "ci_high": found.quartile_high,
        "ci_level": 0.5,
        "ci_method": QUARTILES,
    }
