"""Responders against non-responders."""

from dataclasses import replace
from typing import Unpack, overload

import numpy as np
import pandas as pd

from ketbio.analyses.companions import (
    FloatArray,
    count_line,
    effect_fields,
    from_estimate,
    from_permutation,
    from_t,
    interval_fields,
    mean_line,
    permutation_fields,
)
from ketbio.analyses.correlations import CITED, CORRELATIONS, LEAST_PAIRS
from ketbio.analyses.family import adjust_family
from ketbio.analyses.limits import (
    CIRCULAR,
    DICHOTOMISED,
    DICHOTOMISED_ALONE,
    HYPOTHESES,
    UNADJUSTED,
    bounded_limits,
    censored_limits,
    influence,
    leave_one_out_table,
)
from ketbio.analyses.question import Question, RespondersOptions, Settings
from ketbio.analyses.values import (
    MarkerValues,
    excluded_table,
    marker_values,
    markers_asked,
    require_shared_ids,
)
from ketbio.endpoints.frames import require_columns
from ketbio.errors import StatisticsError
from ketbio.result import Result, Results
from ketbio.statistics import (
    correlation_permutation_test,
    hedges_g,
    leave_one_out_groups,
    permutation_test,
    probability_of_superiority,
    welch_t,
)
from ketbio.vocabulary import (
    CENSORED,
    LIMIT,
    NON_RESPONDER,
    PARTICIPANT_ID,
    REASON,
    RESPONDER,
    SCALES,
    VALUE,
)
from ketbio.wording import count_of

GROUPS = (RESPONDER, NON_RESPONDER)

_CITED = {
    "mean_difference": ("fisher1935", "pitman1937", "horowitz1974", "garthwaite1996"),
    "rank_sum": ("wilcoxon1945", "mann1947", "hodges1963"),
}
_EFFECT_CITED = {
    "mean_difference": ("hedges1981", "cumming2001"),
    "rank_sum": ("brunner2000",),
}


@overload
def compare_responders(
    endpoints: pd.DataFrame,
    *,
    response: pd.DataFrame,
    marker: str,
    baseline: str,
    endpoint: str,
    **options: Unpack[RespondersOptions],
) -> Result: ...
@overload
def compare_responders(
    endpoints: pd.DataFrame,
    *,
    response: pd.DataFrame,
    marker: list[str] | tuple[str, ...],
    baseline: str,
    endpoint: str,
    **options: Unpack[RespondersOptions],
) -> Results: ...
def compare_responders(
    endpoints: pd.DataFrame,
    *,
    response: pd.DataFrame,
    marker: str | list[str] | tuple[str, ...],
    baseline: str,
    endpoint: str,
    measure: str = "change",
    statistic: str | None = None,
    alternative: str = "two-sided",
    adjust: str = "holm",
    confidence_level: float = 0.95,
    exact: bool | str = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
) -> Result | Results:
    """Compare a marker between responders and non-responders.

    The estimate is responders − non-responders with the interval that inverts the exact
    permutation test. Beside it, as companions: Welch's t test, the exact rank-sum test, the
    probability of superiority, the correlation with the continuous change of the scale, and the
    mean (SD) of each group.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    response : DataFrame
        As `derive_response` returns it; everyone in it is expected.
    marker : str or list of str
        One marker gives a `Result`; several give `Results`, adjusted as one family.
    baseline, endpoint : str
        The two visits.
    measure : {"change", "baseline", "endpoint"}
        What of the marker is compared.
    statistic : {"mean_difference", "rank_sum"}, optional
        The mean difference when None, or the rank sum where values are below the LLOQ (all tied
        at the lowest rank).
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        ``"greater"``: responders have larger values.
    adjust : {"holm", "fdr_bh", "none"}
        Adjustment over the markers of this call.
    confidence_level : float
        Level of every interval.
    exact : {"auto", True, False}
        As `permutation_test` takes it.
    n_resamples : int
        Draws where exact is out of reach.
    seed : int, optional
        Seed of the draws.
    mid_p : bool
        Whether arrangements exactly as extreme count half, in test, interval and leave-one-out.
    stop_after : int, optional
        Stop drawing at so many draws as extreme (Besag & Clifford 1991).

    Returns
    -------
    Result or Results
        ``data`` holds ``participant_id, group, value`` (and both visits' values for a change).

    Raises
    ------
    TableError
        Unknown marker, visit or measure.
    StatisticsError
        Unknown statistic, alternative or adjustment.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_column, derive_response, derive_scale_total
    >>> ids = [f"P{i}" for i in range(1, 7)]
    >>> visits = ["before"] * 6 + ["after"] * 6
    >>> madrs = derive_scale_total(pd.DataFrame({"participant_id": ids * 2, "visit": visits,
    ...     "madrs_total": [30.0, 32, 35, 38, 40, 31, 10.0, 12, 14, 30, 33, 29]}))
    >>> marker = derive_column(pd.DataFrame({"participant_id": ids * 2, "visit": visits,
    ...     "entropy": [1.0] * 6 + [1.5, 1.4, 1.6, 1.1, 0.9, 1.0]}), column="entropy", unit="nats")
    >>> response = derive_response(madrs, baseline="before", endpoint="after")
    >>> result = compare_responders(marker, response=response, marker="entropy",
    ...                             baseline="before", endpoint="after")
    >>> round(result.estimate, 3), result.p_value, result.p_method
    (0.5, 0.1, 'exact, 20 arrangements')
    """
    needed = [PARTICIPANT_ID, "response", "change", REASON]
    require_columns(response, needed, what="response")
    require_shared_ids(endpoints, response)
    settings = Settings(
        alternative=alternative,
        confidence_level=confidence_level,
        exact=exact,
        n_resamples=n_resamples,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
    )
    done = []
    for name in markers_asked(marker):
        values = marker_values(
            endpoints,
            marker=name,
            measure=measure,
            baseline=baseline,
            endpoint=endpoint,
            participants=response[PARTICIPANT_ID],
        )
        done.append(_compare(values, response, statistic, settings))
    family = adjust_family(done, method=adjust)
    return family[0] if isinstance(marker, str) else family


def _compare(
    values: MarkerValues, response: pd.DataFrame, statistic: str | None, settings: Settings
) -> Result:
    table = _with_response(values, response)
    used = table[table[REASON] == ""].reset_index(drop=True)
    # responders first, so that rows stand in the order that the statistics see them
    used = used.sort_values("group", key=lambda group: group.map(GROUPS.index), kind="stable")
    n = {group: int((used["group"] == group).sum()) for group in GROUPS}
    question = Question(
        analysis="compare_responders",
        marker=values.marker,
        outcome=values.outcome,
        groups=GROUPS,
        n=n,
        unit=values.unit,
    )
    kept = [name for name in used.columns if name not in (REASON, "outcome_change")]
    rows = {"data": used[kept].reset_index(drop=True), "excluded": excluded_table(table)}
    empty = [group for group, count in n.items() if not count]
    if empty:
        return question.without_answer(f"no {' and no '.join(empty)} has a usable value", **rows)
    n_censored = int((used[CENSORED] != "").sum())
    chosen = _statistic(statistic, n_censored, values.marker)
    numbers = _ranked(used)
    x, y = numbers[: n[RESPONDER]], numbers[n[RESPONDER] :]
    test = permutation_test(x, y, statistic=chosen, **settings.test)
    left_out = leave_one_out_groups(x, y, statistic=chosen, **settings.leaving)
    effect = _EFFECTS[chosen](x, y, confidence_level=settings.confidence_level)
    ids = list(used[PARTICIPANT_ID])
    continuous = _continuous(question, used, settings)
    limits = (
        *((CIRCULAR,) if values.marker in SCALES else ()),
        *test.warnings,
        *effect.warnings,
        *_data_limits(used, rows["excluded"]),
        *influence(left_out, ids, test.p_value),
        DICHOTOMISED if continuous else DICHOTOMISED_ALONE,
        HYPOTHESES[chosen],
        UNADJUSTED,
    )
    left_out_rows = leave_one_out_table(left_out, ids)
    if n_censored:  # a shift that is not estimated is not estimated without somebody either
        left_out_rows["estimate"] = float("nan")
    beside = _censored_companions if n_censored else _companions
    return question.answer(
        **permutation_fields(test)
        | effect_fields(effect)
        | rows
        | (_NO_SHIFT if n_censored else {})
        | {"warnings": limits},
        leave_one_out=left_out_rows,
        references=(*_CITED[chosen], *_EFFECT_CITED[chosen], "altman2006"),
        companions=(*beside(question, used, chosen, settings), *continuous),
    )


_EFFECTS = {"mean_difference": hedges_g, "rank_sum": probability_of_superiority}
_NO_SHIFT = {
    "estimate": float("nan"),
    "estimate_name": "shift (not estimated: values below the LLOQ)",
    "ci_low": float("nan"),
    "ci_high": float("nan"),
    "ci_method": "",
}


def _statistic(asked: str | None, n_censored: int, marker: str) -> str:
    """Return what is permuted: ranks where values are below the LLOQ, else what was asked for."""
    if not n_censored:
        return asked or "mean_difference"
    if asked not in (None, "rank_sum"):
        raise StatisticsError(
            f"statistic is {asked!r}, but {count_of(n_censored, 'value')} of {marker} "
            "below the LLOQ can only be ranked; allowed here: 'rank_sum'."
        )
    return "rank_sum"


def _data_limits(used: pd.DataFrame, excluded: pd.DataFrame) -> tuple[str, ...]:
    """Say what values below the LLOQ mean for this result, used or left out."""
    n_censored = int((used[CENSORED] != "").sum())
    highest, lowest = float(used[LIMIT].max()), float(used[VALUE].min())
    return (
        *censored_limits(n_censored, highest_limit=highest, lowest=lowest),
        *bounded_limits(excluded),
    )


def _with_response(values: MarkerValues, response: pd.DataFrame) -> pd.DataFrame:
    known = response.set_index(PARTICIPANT_ID)
    table = values.table.copy()
    table.insert(1, "group", table[PARTICIPANT_ID].map(known["response"]).astype("str"))
    table["outcome_change"] = table[PARTICIPANT_ID].map(known["change"])
    no_group = ~table["group"].isin(GROUPS)
    why = table[PARTICIPANT_ID].map(known[REASON]).fillna("")
    text = ("response not known: " + why).where(why != "", "response not known")
    both = text.where(table[REASON] == "", text + "; " + table[REASON])
    table[REASON] = table[REASON].where(~no_group, both).astype("str")
    return table


def _ranked(used: pd.DataFrame) -> FloatArray:
    """Return the values, with those below the LLOQ tied under everything that was measured."""
    numbers = used[VALUE].to_numpy(dtype=float)
    censored = (used[CENSORED] != "").to_numpy()
    if not censored.any():
        return numbers
    known = np.concatenate([numbers, used[LIMIT].to_numpy(dtype=float)])
    known = known[~np.isnan(known)]
    lowest = known.min() if len(known) else 0.0
    return np.where(censored, lowest - 1.0, numbers)


def _companions(
    question: Question, used: pd.DataFrame, chosen: str, settings: Settings
) -> list[Result]:
    numbers = _ranked(used)
    x, y = (numbers[(used["group"] == group).to_numpy()] for group in GROUPS)
    made = [
        mean_line(question, values, group=group)
        for group, values in zip(GROUPS, (x, y), strict=True)
    ]
    level = settings.confidence_level
    if min(len(x), len(y)) > 1 and np.ptp(x) + np.ptp(y) > 0:
        made.append(
            from_t(question, welch_t(x, y, confidence_level=level), references=("welch1947",))
        )
    other = "rank_sum" if chosen == "mean_difference" else "mean_difference"
    test = permutation_test(x, y, statistic=other, **settings.test)
    made.append(from_permutation(question, test, references=_CITED[other]))
    effect = _EFFECTS[other](x, y, confidence_level=level)
    return [*made, from_estimate(question, effect, references=_EFFECT_CITED[other])]


def _censored_companions(
    question: Question, used: pd.DataFrame, _chosen: str, _settings: Settings
) -> list[Result]:
    """Return the detection rate per group: no mean exists where values are below the LLOQ."""
    made = []
    for group in GROUPS:
        rows = used[used["group"] == group]
        seen = int((rows[CENSORED] == "").sum())
        made.append(
            count_line(question, seen, group=group, n=len(rows), name="at or above the LLOQ")
        )
    return made


def _continuous(question: Question, used: pd.DataFrame, settings: Settings) -> list[Result]:
    """Return the correlation with the continuous change of the scale (never the split alone)."""
    known = used[used["outcome_change"].notna()]
    statistic = "spearman" if (known[CENSORED] != "").any() else "pearson"
    a, b = _ranked(known), known["outcome_change"].to_numpy(dtype=float)
    if len(a) < LEAST_PAIRS or np.ptp(a) == 0 or np.ptp(b) == 0:
        return []
    either = replace(settings, alternative="two-sided")
    test = correlation_permutation_test(a, b, statistic=statistic, **either.test)
    found = CORRELATIONS[statistic](a, b, confidence_level=settings.confidence_level)
    asked = question.about(
        outcome=f"{question.outcome}, with the continuous change of the scale",
        groups=("all",),
        n={"all": len(a)},
        unit="",
    )
    fields = permutation_fields(test) | interval_fields(found) | {"role": "sensitivity"}
    return [asked.answer(**fields, references=(*CITED[statistic], "altman2006"))]
