"""Responders against non-responders."""

from typing import Any, Unpack, overload

import pandas as pd

from ketbio.analyses.adjusted import adjust_groups
from ketbio.analyses.blocks import blocks_asked
from ketbio.analyses.censored import gehan_beside
from ketbio.analyses.combinations import refuse_impossible
from ketbio.analyses.companions import effect_fields, permutation_fields, without_repeats
from ketbio.analyses.covariates import Covariates, covariates_asked
from ketbio.analyses.family import adjust_family
from ketbio.analyses.limits import (
    CIRCULAR,
    DICHOTOMISED,
    DICHOTOMISED_ALONE,
    HYPOTHESES,
    beyond_words,
    bounded_limits,
    censored_limits,
    influence,
    leave_one_out_table,
)
from ketbio.analyses.question import Question, RespondersOptions, Settings
from ketbio.analyses.responder_companions import (
    continuous_beside,
    detection_rates,
    ranked_values,
    tests_beside,
)
from ketbio.analyses.responder_statistics import STATISTICS
from ketbio.analyses.responder_values import (
    GROUPS,
    GroupedValues,
    grouped_values,
    statistics_chosen,
)
from ketbio.analyses.values import excluded_table, markers_asked
from ketbio.result import Result, Results
from ketbio.statistics import leave_one_out_groups, permutation_test
from ketbio.vocabulary import (
    CENSORED,
    PARTICIPANT_ID,
    REASON,
    RESPONDER,
)


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
    covariates: str | list[str] | tuple[str, ...] | None = None,
    blocks: str | None = None,
    participants: pd.DataFrame | None = None,
) -> Result | Results:
    """Compare a marker between responders and non-responders.

    The estimate is responders − non-responders with the interval that inverts the exact
    permutation test. Beside it, as companions: Welch's t test, the exact rank-sum test, the
    probability of superiority, the correlation with the continuous change of the scale, and the
    mean (SD) of each group. Where values are beyond a limit of quantification: how many of each
    group were measured, Gehan's test, and the range of p over every placement of those values
    beyond their limits.

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
    statistic : str, optional
        As `permutation_test` takes it: ``"mean_difference"``, ``"rank_sum"``, ``"welch_t"``,
        ``"brunner_munzel"``, ``"median_difference"`` or ``"trimmed_mean_difference"``; the mean
        difference stands beside every other one. The mean difference when None, or the rank sum
        where values are beyond a limit (those below the LLOQ tied at the lowest rank, those above
        the ULOQ at the highest).
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        ``"greater"``: responders have larger values.
    adjust : {"holm", "hochberg", "fdr_bh", "fdr_by", "max_t", "min_p", "none"}
        Adjustment over the markers of this call. ``"max_t"`` and ``"min_p"`` permute all markers
        together, so that it matters how they correlate; p_adjusted is never below p_value.
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
    covariates : list of str, optional
        Columns of ``participants`` to adjust for in an estimate beside the main one, such as
        ``["age_years", "sex"]``; texts become indicators.
    blocks : str, optional
        Column of ``participants``, such as ``"site"``: labels are dealt within its blocks only, in
        the test, its permutation companions and a joint adjustment.
    participants : DataFrame, optional
        The validated ``participants`` table; needed with ``covariates`` and ``blocks``.

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
    names = markers_asked(marker)
    refuse_impossible(
        "compare_responders",
        names,
        statistic=statistic,
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
    known = covariates_asked(covariates, participants)
    grouped = grouped_values(
        endpoints,
        response,
        names,
        measure=measure,
        baseline=baseline,
        endpoint=endpoint,
        blocks=settings.blocks,
    )
    chosen = statistics_chosen(grouped, asked=statistic, adjust=adjust, blocks=settings.blocks)
    done = [
        _compare(one, which, settings, known) for one, which in zip(grouped, chosen, strict=True)
    ]
    family = adjust_family(done, method=adjust, settings=settings)
    return family[0] if isinstance(marker, str) else family


def _compare(
    grouped: GroupedValues, chosen: str, settings: Settings, covariates: Covariates
) -> Result:
    values, used = grouped.values, grouped.used
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
    rows = {"data": used[kept].reset_index(drop=True), "excluded": excluded_table(grouped.table)}
    empty = [group for group, count in n.items() if not count]
    if empty:
        return question.without_answer(f"no {' and no '.join(empty)} has a usable value", **rows)
    fewest = STATISTICS[chosen].fewest
    if min(n.values()) < fewest:
        why = f"{chosen} needs at least {fewest} values in each group"
        return question.without_answer(why, **rows)
    return _tested(question, grouped, rows, chosen=chosen, settings=settings, covariates=covariates)


def _tested(
    question: Question,
    grouped: GroupedValues,
    rows: dict[str, pd.DataFrame],
    *,
    chosen: str,
    settings: Settings,
    covariates: Covariates,
) -> Result:
    """Return the answer where both groups have values, with all that stands beside it."""
    n, about, used = question.n, STATISTICS[chosen], grouped.used
    n_censored = int((used[CENSORED] != "").sum())
    numbers, ids = ranked_values(used), list(used[PARTICIPANT_ID])
    x, y = numbers[: n[RESPONDER]], numbers[n[RESPONDER] :]
    blocks = settings.blocks.of(ids)
    test = permutation_test(x, y, statistic=chosen, blocks=blocks, **settings.test)
    left_out = leave_one_out_groups(x, y, statistic=chosen, blocks=blocks, **settings.leaving)
    effect = about.effect(x, y, confidence_level=settings.confidence_level)
    continuous = continuous_beside(question, used, settings.beside)
    below = gehan_beside(question, used, tied_p=test.p_value, settings=settings)
    adjusted = adjust_groups(question, used, covariates, settings)
    limits = (
        *((CIRCULAR,) if grouped.is_circular else ()),
        *test.warnings,
        *effect.warnings,
        *censored_limits(used),
        *bounded_limits(rows["excluded"]),
        *below.warnings,
        *influence(left_out, ids, test.p_value),
        DICHOTOMISED if continuous else DICHOTOMISED_ALONE,
        HYPOTHESES[chosen],
        *settings.blocks.limits(ids, unaware="effect sizes" if n_censored else WITHOUT_BLOCKS),
        *adjusted.warnings,
    )
    left_out_rows = leave_one_out_table(left_out, ids)
    if n_censored:  # a shift that is not estimated is not estimated without somebody either
        left_out_rows["estimate"] = float("nan")
    beside = detection_rates if n_censored else tests_beside
    # A probability has no unit.
    asked = question.about(unit="") if chosen == "brunner_munzel" else question
    result = asked.answer(
        **permutation_fields(test)
        | effect_fields(effect)
        | rows
        | (_no_shift(used) if n_censored else {})
        | {"warnings": limits},
        leave_one_out=left_out_rows,
        references=(*about.cited, *about.effect_cited, "altman2006"),
        companions=(
            *beside(question, used, chosen, settings.beside),
            *below.companions,
            *adjusted.companions,
            *continuous,
        ),
    )
    return without_repeats(result)


WITHOUT_BLOCKS = "Welch's t test and effect sizes"
"""What stands beside a comparison within blocks and is not made within them."""


def _no_shift(used: pd.DataFrame) -> dict[str, Any]:
    """Return the fields of a shift that values beyond a limit do not allow to be estimated."""
    return {
        "estimate": float("nan"),
        "estimate_name": f"shift (not estimated: values {beyond_words(used[CENSORED])})",
        "ci_low": float("nan"),
        "ci_high": float("nan"),
        "ci_method": "",
    }
