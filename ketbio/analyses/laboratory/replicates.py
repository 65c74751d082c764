"""How far replicates of one sample agree, and what that leaves of differences between people."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.companions import FloatArray
from ketbio.analyses.laboratory.intraclass import SAMPLE
from ketbio.analyses.laboratory.reliability_lines import change_lines, visit_lines
from ketbio.analyses.laboratory.replicate_rows import RUN, replicate_rows
from ketbio.analyses.question import Question
from ketbio.endpoints.frames import require_one_of
from ketbio.errors import StatisticsError, TableError
from ketbio.result import Result
from ketbio.statistics.reliability import (
    VarianceComponents,
    geometric_cv,
    sd_interval,
    variance_components,
)
from ketbio.vocabulary import PARTICIPANT_ID, VALUE, VISIT
from ketbio.wording import count_of, join_words

NAMED_AT_MOST = 6
CV_INTERVAL = "chi-squared interval of the SD, the mean taken as known"
ONE_RUN = (
    "Every sample was measured in one run alone, so that differences between runs are not in these "
    "numbers."
)


def summarise_replicates(
    table: pd.DataFrame,
    *,
    marker: str,
    value: str = VALUE,
    run: str | None = None,
    unit: str = "",
    by: Sequence[str] = (PARTICIPANT_ID, VISIT),
    scale: str = "raw",
    cv_limit: float = 20.0,
    confidence_level: float = 0.95,
) -> Result:
    """Return how far replicates of a sample agree: CV, standard error of measurement, ICC.

    Parameters
    ----------
    table : DataFrame
        One row per replicate: ``participant_id``, ``visit``, the value and, where named, the run; a
        table of levels (run ``"plate_id"``), or lane ratios of blots (run ``"gel_id"``). A row
        without a value is left out, with its ``reason`` where the table has one.
    marker : str
        The marker.
    value, run : str
        Columns of the value, on its raw scale, and of the plate or gel.
    unit : str
        Of the value.
    by : sequence of str
        Columns that tell samples apart: also ``"condition"`` where a visit has two.
    scale : {"raw", "log2"}
        The scale on which the marker is analysed: that of the ICC and of the standard error.
    cv_limit : float
        In %: a sample whose replicates differ by more is flagged.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    Result
        ``estimate`` is the within-run CV in %: the SD of replicates within runs over the mean of
        all values. Companions: the geometric CV, the same between runs, the standard error of
        measurement, the ICC of single values and of means at each visit, and the reliability of the
        change. ``data`` holds one row per sample (and run).

    Raises
    ------
    TableError
        A column is not there, or an unknown scale.

    Examples
    --------
    >>> table = pd.DataFrame({"participant_id": ["P01", "P01", "P02", "P02"], "visit": "baseline",
    ...                       "bdnf_ng_ml": [20.0, 22.0, 30.0, 29.0]})
    >>> found = summarise_replicates(table, marker="BDNF_serum", value="bdnf_ng_ml", unit="ng/mL")
    >>> round(found.estimate, 2), [one.estimate_name for one in found.companions][-2:]
    (4.43, ['ICC(1,1)', 'ICC(1,k)'])
    """
    require_one_of("scale", scale, ("raw", "log2"))
    _check_limit(cv_limit)
    rows = replicate_rows(table, value=value, run=run, by=by)
    used = rows.used
    question = Question(
        analysis="summarise_replicates",
        marker=marker,
        outcome=f"replicates of {count_of(used[SAMPLE].nunique(), 'sample')}",
        groups=("all",),
        n={"all": int(used[PARTICIPANT_ID].nunique())},
        unit=unit,
    )
    data = _per_sample(used, cv_limit)
    fields: dict[str, Any] = {"role": "description", "data": data, "excluded": rows.excluded}
    if not len(used):
        return question.without_answer("no replicate has a value", **fields)
    try:
        parts = _components(used, used[VALUE].to_numpy(dtype=float))
    except StatisticsError as refused:
        return question.without_answer(str(refused).rstrip("."), **fields)
    analysed, lost = _on_scale(used, scale)
    companions = (
        *_cv_lines(question, used, parts, confidence_level),
        *_error_line(question, analysed, scale),
        *visit_lines(question, analysed, confidence_level),
        *change_lines(question, analysed, confidence_level),
    )
    within = _cv(parts, parts.within_run, confidence_level)
    return question.about(unit="%").answer(
        **fields,
        **within,
        estimate_name="within-run CV",
        warnings=(*_flagged(data, cv_limit), *_runs_limit(used, run), *lost, *_no_cv(parts)),
        companions=companions,
        references=("searle1992",),
    )


def _check_limit(cv_limit: object) -> None:
    is_number = isinstance(cv_limit, (int, float)) and not isinstance(cv_limit, bool)
    if not is_number or not cv_limit > 0:  # type: ignore[operator]
        raise TableError(f"cv_limit is {cv_limit!r}; allowed: a number above 0, in %, such as 20.")


def _per_sample(used: pd.DataFrame, cv_limit: float) -> pd.DataFrame:
    keys = [SAMPLE, PARTICIPANT_ID, VISIT, RUN]
    data = used.groupby(keys, sort=False)[VALUE].agg(n="count", mean="mean", sd="std").reset_index()
    has_cv = (data["n"] > 1) & (data["mean"] > 0)
    data["cv_percent"] = (100 * data["sd"] / data["mean"]).where(has_cv)
    data["cv_limit_percent"] = float(cv_limit)
    data["is_flagged"] = (data["cv_percent"] > cv_limit).astype(bool)
    return data


def _components(used: pd.DataFrame, values: FloatArray) -> VarianceComponents:
    runs = used[RUN].to_numpy(dtype=object)
    return variance_components(values, used[SAMPLE].to_numpy(dtype=object), runs)


def _on_scale(used: pd.DataFrame, scale: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the values as they are analysed; those without a logarithm are left out by name."""
    if scale == "raw":
        return used, ()
    is_above = used[VALUE] > 0
    kept = used[is_above].reset_index(drop=True)
    logs = kept.assign(**{VALUE: np.log2(kept[VALUE].to_numpy(dtype=float))})
    lost = int((~is_above).sum())
    if not lost:
        return logs, ()
    names = join_words(list(dict.fromkeys(used.loc[~is_above, SAMPLE]))[:NAMED_AT_MOST])
    whose = f"{count_of(lost, 'replicate')} of {names}"
    return logs, (f"Left out, as at or below 0 there is no logarithm: {whose}.",)


# -- coefficients of variation -----------------------------------------------------------------
def _cv(parts: VarianceComponents, sd: float, level: float) -> dict[str, Any]:
    """Return a CV within runs with its interval as fields; NaN where the mean is not above 0."""
    per = 100 / parts.mean if parts.mean > 0 else math.nan
    low, high = sd_interval(sd, parts.df_within, confidence_level=level)
    known = not math.isnan(low * per)
    return {
        "estimate": sd * per,
        "ci_low": low * per,
        "ci_high": high * per,
        "ci_level": level,
        "ci_method": CV_INTERVAL if known else "",
    }


def _cv_lines(
    question: Question, used: pd.DataFrame, parts: VarianceComponents, level: float
) -> list[Result]:
    asked = question.about(unit="%")
    lines = []
    values = used[VALUE].to_numpy(dtype=float)
    logs = _components(used, np.log(values)) if (values > 0).all() else None
    if logs and not math.isnan(logs.within_run):
        ends = sd_interval(logs.within_run, logs.df_within, confidence_level=level)
        low, high = (100 * geometric_cv(end) for end in ends)
        lines.append(
            asked.answer(
                role="description",
                estimate=100 * geometric_cv(logs.within_run),
                estimate_name="within-run geometric CV",
                ci_low=low,
                ci_high=high,
                ci_level=level,
                ci_method="chi-squared interval of the SD of logarithms",
            )
        )
    per = 100 / parts.mean if parts.mean > 0 else math.nan
    between = {"between-run CV": per * parts.between_run}
    if logs and not math.isnan(logs.between_run):
        between["between-run geometric CV"] = 100 * geometric_cv(logs.between_run)
    lines += [
        asked.answer(role="description", estimate=one, estimate_name=name)
        for name, one in between.items()
        if not math.isnan(one)
    ]
    return lines


def _no_cv(parts: VarianceComponents) -> tuple[str, ...]:
    if parts.mean <= 0:
        return ("The mean is not above 0, so that there is no coefficient of variation.",)
    if math.isnan(parts.within_run):
        return (
            "No sample has two replicates in one run: there is no within-run CV, and what is told "
            "between runs holds the error within them.",
        )
    return ()


# -- error and reliability on the scale of the analysis ----------------------------------------
def _error_line(question: Question, analysed: pd.DataFrame, scale: str) -> list[Result]:
    try:
        parts = _components(analysed, analysed[VALUE].to_numpy(dtype=float))
    except StatisticsError:
        return []
    unit = question.unit if scale == "raw" else f"log2 {question.unit}".strip()
    return [
        question.about(unit=unit).answer(
            role="description",
            estimate=parts.measurement_error,
            estimate_name="standard error of measurement",
        ),
        question.about(unit="").answer(
            role="description",
            estimate=parts.reliability_ratio,
            estimate_name="share of variance between samples",
        ),
    ]


# -- sentences ---------------------------------------------------------------------------------
def _flagged(data: pd.DataFrame, cv_limit: float) -> tuple[str, ...]:
    flagged = data[data["is_flagged"]].sort_values("cv_percent", ascending=False, kind="stable")
    if flagged.empty:
        return ()
    names = [
        f"{row[SAMPLE]}{f' on {row[RUN]}' if row[RUN] else ''} ({row['cv_percent']:.0f} %)"
        for row in flagged.head(NAMED_AT_MOST).to_dict("records")
    ]
    more = f" and {len(flagged) - NAMED_AT_MOST} more" if len(flagged) > NAMED_AT_MOST else ""
    told = ", ".join(names) + more if more else join_words(names)
    n_known = int(data["cv_percent"].notna().sum())
    return (
        f"Replicates differ by a CV above {cv_limit:g} % in {len(flagged)} of {n_known}: {told}.",
    )


def _runs_limit(used: pd.DataFrame, run: str | None) -> tuple[str, ...]:
    if run is None or used[RUN].nunique() < 2:
        return ()
    per_sample = used.groupby(SAMPLE)[RUN].nunique()
    return (ONE_RUN,) if per_sample.max() == 1 else ()
