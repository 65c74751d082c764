"""Whether the change of a marker goes with its level: Oldham's correlation, and the naive one."""

from dataclasses import replace
from typing import Unpack, overload

import numpy as np
import pandas as pd

from ketbio.analyses.blocks import blocks_asked
from ketbio.analyses.change_pairs import why_no_correlation
from ketbio.analyses.changes import response_groups
from ketbio.analyses.combinations import refuse_impossible
from ketbio.analyses.companions import FloatArray
from ketbio.analyses.correlating import (
    Correlating,
    Pairs,
    correlate_pairs,
    correlation_beside,
)
from ketbio.analyses.correlations import METHODS
from ketbio.analyses.covariates import covariates_asked
from ketbio.analyses.family import adjust_family
from ketbio.analyses.limits import UNCONTROLLED
from ketbio.analyses.marker_pairs import values_of
from ketbio.analyses.question import DependenceOptions, Question, Settings
from ketbio.analyses.values import MarkerValues, excluded_table, markers_asked
from ketbio.endpoints.frames import require_one_of
from ketbio.result import Result, Results
from ketbio.statistics.correlation import pearson_r
from ketbio.statistics.number_lines import without_noise
from ketbio.vocabulary import PARTICIPANT_ID, REASON, VALUE

OLDHAM = ("oldham1962", "hayes1988", "tu2007")
HYPOTHESIS = (
    "This tests whether the change is independent of the mean of both visits; where it is, the "
    "spread is the same at both."
)
READ_AS = (
    "Oldham's correlation is of the change with the mean of both visits: negative where values "
    "come closer together, positive where they move apart. It misleads where the effect of a "
    "treatment varies between participants, and where they were taken in because of a high "
    "baseline."
)
COUPLED = (
    "Coupled by construction: the baseline is subtracted in the change, so that measurement error "
    "and regression to the mean alone make this correlation negative. Its p value tests a "
    "hypothesis that is false whatever the treatment does; it is shown to be compared, not used."
)
NAIVE = "change with baseline, naive: "
BY_COUPLING = "expected by coupling alone"
EXPECTED = (
    "What the naive correlation would be without any dependence on the level, with the same spread "
    "at both visits and the correlation between visits observed: −√((1 − r)/2)."
)


@overload
def correlate_baseline_change(
    endpoints: pd.DataFrame,
    *,
    marker: str,
    baseline: str,
    endpoint: str,
    response: pd.DataFrame | None = None,
    **options: Unpack[DependenceOptions],
) -> Result: ...
@overload
def correlate_baseline_change(
    endpoints: pd.DataFrame,
    *,
    marker: list[str] | tuple[str, ...],
    baseline: str,
    endpoint: str,
    response: pd.DataFrame | None = None,
    **options: Unpack[DependenceOptions],
) -> Results: ...
def correlate_baseline_change(
    endpoints: pd.DataFrame,
    *,
    marker: str | list[str] | tuple[str, ...],
    baseline: str,
    endpoint: str,
    method: str = "pearson",
    response: pd.DataFrame | None = None,
    alternative: str = "two-sided",
    adjust: str = "holm",
    confidence_level: float = 0.95,
    exact: bool | str = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    blocks: str | None = None,
    participants: pd.DataFrame | None = None,
) -> Result | Results:
    """Correlate the change of a marker with its level, by the mean of both visits (Oldham 1962).

    A change correlates with the baseline that it is computed from even where nothing depends on
    the baseline. Oldham's correlation, with the mean of both visits, does not. The naive one stands
    beside it, with what coupling alone would make it.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    marker : str or list of str
        One marker gives a `Result`; several give `Results`, adjusted as one family.
    baseline, endpoint : str
        The two visits; the change is endpoint − baseline.
    method : {"pearson", "spearman", "kendall", "percentage_bend"}
        The correlation.
    response : DataFrame, optional
        As `derive_response` returns it; only marks the points of the figure.
    alternative, confidence_level, exact, n_resamples, seed, mid_p, stop_after
        As in `correlate_changes`.
    adjust : {"holm", "hochberg", "fdr_bh", "fdr_by", "none"}
        Adjustment over the markers of this call.
    blocks, participants
        As in `correlate_changes`.

    Returns
    -------
    Result or Results
        ``data`` holds ``participant_id, x`` (mean of both visits), ``y`` (change), ``group,
        baseline_value, endpoint_value``. Companions: the correlation by another method, the naive
        one with the baseline, what coupling alone makes of it, and the means.

    Raises
    ------
    TableError
        Unknown marker, visit or method.
    StatisticsError
        Unknown alternative or adjustment.

    Notes
    -----
    Oldham (1962); its limits: Hayes (1988). The correlation of change and mean is 0 exactly where
    both visits have the same variance (Pitman–Morgan). Of the naive correlation, −√((1 − r)/2) is
    what equal variances and the correlation r between visits give by themselves (Tu & Gilthorpe
    2007).

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_column
    >>> table = pd.DataFrame({"participant_id": ["P1", "P2", "P3", "P4", "P5"] * 2,
    ...     "visit": ["before"] * 5 + ["after"] * 5,
    ...     "a": [10.0, 12, 14, 16, 18, 13.0, 10, 15, 18, 14]})
    >>> result = correlate_baseline_change(derive_column(table, column="a"), marker="a",
    ...                                    baseline="before", endpoint="after")
    >>> round(result.estimate, 3), round(result.p_value, 3), result.p_method
    (-0.096, 0.9, 'exact, 120 arrangements')
    >>> naive = next(one for one in result.companions if "naive" in one.estimate_name)
    >>> round(naive.estimate, 3)
    -0.542
    """
    require_one_of("method", method, METHODS)
    names = markers_asked(marker)
    refuse_impossible(
        "correlate_baseline_change",
        names,
        method=method,
        alternative=alternative,
        adjust=adjust,
        confidence_level=confidence_level,
        n_resamples=n_resamples,
        stop_after=stop_after,
        blocks=blocks,
    )
    settings = Settings(
        alternative=alternative,
        confidence_level=confidence_level,
        exact=exact,
        n_resamples=n_resamples,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
        blocks=blocks_asked(blocks, participants),
    )
    how = Correlating(
        method=method,
        settings=settings,
        covariates=covariates_asked(None, None),
        hypothesis=HYPOTHESIS,
    )
    groups = response_groups(response)
    visits = (baseline, endpoint)
    done = []
    for name in names:
        (values,) = values_of(
            endpoints, [name], measure="change", baseline=baseline, endpoint=endpoint
        )
        done.append(_correlate(values, visits, groups, how))
    family = adjust_family(done, method=adjust, settings=settings)
    return family[0] if isinstance(marker, str) else family


def _correlate(
    values: MarkerValues, visits: tuple[str, str], groups: dict[str, str], how: Correlating
) -> Result:
    table = how.settings.blocks.exclude_unknown(values.table)
    data = _rows(table, groups)
    question = Question(
        analysis="correlate_baseline_change",
        marker=values.marker,
        outcome=f"{values.outcome}, against the mean of both visits",
        groups=("mean of both visits", "change"),
        n={"pairs": len(data)},
    )
    pairs = Pairs(
        question=question,
        data=data,
        excluded=excluded_table(table),
        x=data["x"].to_numpy(dtype=float),
        y=data["y"].to_numpy(dtype=float),
        described=[
            question.about(outcome=f"mean of {' and '.join(visits)}", unit=values.unit),
            question.about(outcome=values.outcome, unit=values.unit),
        ],
        limits=(READ_AS, UNCONTROLLED),
    )
    named = {
        f"the mean of both visits of {values.marker}": pairs.x,
        f"the change of {values.marker}": pairs.y,
    }
    if why := why_no_correlation(named, pairs.ids, how.settings.blocks, what="both visits"):
        return question.without_answer(why, **pairs.rows)
    result = correlate_pairs(pairs, how)
    naive = _naive(question.about(outcome=f"{values.outcome}, against {visits[0]}"), pairs, how)
    return replace(
        result,
        references=(*OLDHAM, *result.references),
        companions=(*naive, *result.companions),
    )


def _rows(table: pd.DataFrame, groups: dict[str, str]) -> pd.DataFrame:
    used = table[table[REASON] == ""].reset_index(drop=True)
    return pd.DataFrame(
        {
            PARTICIPANT_ID: used[PARTICIPANT_ID],
            "x": (used["baseline_value"] + used["endpoint_value"]) / 2,
            "y": used[VALUE],
            "group": used[PARTICIPANT_ID].map(lambda one: groups.get(one, "")).astype("str"),
            "baseline_value": used["baseline_value"],
            "endpoint_value": used["endpoint_value"],
        }
    )


def _naive(question: Question, pairs: Pairs, how: Correlating) -> tuple[Result, ...]:
    """Return the correlation with the baseline and what coupling makes of it, where defined."""
    before, after = (
        pairs.data[name].to_numpy(dtype=float) for name in ("baseline_value", "endpoint_value")
    )
    if why_no_correlation({"baseline": before}, pairs.ids, how.settings.blocks, what="both visits"):
        return ()
    alone = replace(pairs, question=question, x=before)
    made = correlation_beside(question, alone, how.method, how.settings)
    naive = replace(
        made,
        estimate_name=f"{NAIVE}{made.estimate_name}",
        warnings=(COUPLED, *made.warnings),
    )
    return (naive, *(_expected(question, before, after) if how.method == "pearson" else ()))


def _expected(question: Question, before: FloatArray, after: FloatArray) -> tuple[Result, ...]:
    if np.ptp(without_noise(after)) == 0:
        return ()
    r = pearson_r(without_noise(before), without_noise(after))
    return (
        question.answer(
            role="description",
            estimate=-float(np.sqrt((1 - r) / 2)),
            estimate_name=f"{NAIVE}{BY_COUPLING}",
            warnings=(EXPECTED,),
            references=("tu2007",),
        ),
    )
