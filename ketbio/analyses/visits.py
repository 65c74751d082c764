"""One visit against another, paired by participant."""

from dataclasses import replace
from functools import partial
from typing import Any, Unpack, overload

import numpy as np
import pandas as pd

from ketbio.analyses.blocks import blocks_asked
from ketbio.analyses.censored import paired_beside
from ketbio.analyses.combinations import refuse_impossible
from ketbio.analyses.companions import (
    FloatArray,
    effect_fields,
    from_t,
    mean_line,
    permutation_fields,
    without_repeats,
)
from ketbio.analyses.family import adjust_family
from ketbio.analyses.limits import (
    HYPOTHESES,
    UNADJUSTED,
    UNCONTROLLED,
    bounded_limits,
    influence,
    leave_one_out_table,
)
from ketbio.analyses.question import Question, Settings, VisitsOptions
from ketbio.analyses.values import MarkerValues, excluded_table, marker_values, markers_asked
from ketbio.result import Result, Results
from ketbio.statistics import (
    PermutationTest,
    leave_one_out_pairs,
    paired_effect,
    paired_permutation_test,
    paired_t,
)
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, REASON, VALUE

MEAN_CHANGE = "mean change"

_CITED = {
    "mean": ("fisher1935", "hartigan1969", "horowitz1974"),
    "signed_rank": ("wilcoxon1945", "hodges1963"),
    "signed_rank_pratt": ("pratt1959", "hodges1963"),
    "sign": ("dixon1946", "thompson1936"),
}
_NAMES = {"mean of differences": MEAN_CHANGE, "median of differences": "median change"}
"""Estimate of a paired test → what it is called here."""

RANKED = frozenset({"signed_rank", "signed_rank_pratt"})
"""Statistics that blocks change: the ranks are given within them."""


@overload
def compare_visits(
    endpoints: pd.DataFrame,
    *,
    marker: str,
    baseline: str,
    endpoint: str,
    **options: Unpack[VisitsOptions],
) -> Result: ...
@overload
def compare_visits(
    endpoints: pd.DataFrame,
    *,
    marker: list[str] | tuple[str, ...],
    baseline: str,
    endpoint: str,
    **options: Unpack[VisitsOptions],
) -> Results: ...
def compare_visits(
    endpoints: pd.DataFrame,
    *,
    marker: str | list[str] | tuple[str, ...],
    baseline: str,
    endpoint: str,
    statistic: str = "mean",
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
    """Compare a marker between two visits of the same participants.

    The estimate is the mean change, endpoint − baseline, with the interval that inverts the exact
    sign-flip test. Beside it, as companions: mean (SD) at each visit, the paired t test, and the
    exact signed-rank test with the Hodges–Lehmann estimate (beside another statistic: the mean
    change with its test). Where values are beyond a limit: the paired Prentice–Wilcoxon test, which
    uses them.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table; participants are paired by ``participant_id``, never by row order.
    marker : str or list of str
        One marker gives a `Result`; several give `Results`, adjusted as one family.
    baseline, endpoint : str
        The two visits.
    statistic : {"mean", "signed_rank", "signed_rank_pratt", "sign"}
        What is permuted, as `paired_permutation_test` takes it: the changes; their ranks, with
        changes of zero dropped before ranking (Wilcoxon) or after it (Pratt); or their signs.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        ``"less"``: the endpoint is lower (improvement on the MADRS).
    adjust : {"holm", "hochberg", "fdr_bh", "fdr_by", "max_t", "min_p", "none"}
        Adjustment over the markers of this call. ``"max_t"`` and ``"min_p"`` permute all markers
        together, so that it matters how they correlate; p_adjusted is never below p_value.
    confidence_level : float
        Level of every interval.
    exact : {"auto", True, False}
        As `paired_permutation_test` takes it.
    n_resamples : int
        Draws where exact is out of reach.
    seed : int, optional
        Seed of the draws.
    mid_p : bool
        Whether arrangements exactly as extreme count half, in test, interval and leave-one-out.
    stop_after : int, optional
        Stop drawing at so many draws as extreme (Besag & Clifford 1991).
    blocks : str, optional
        Column of ``participants``, such as ``"site"``: ranks are given within its blocks. Signs
        are dealt participant by participant either way, so that mean and sign test stay as they
        are, and a warning says so. Who has no block is left out, with that reason.
    participants : DataFrame, optional
        The validated ``participants`` table; needed with ``blocks``.

    Returns
    -------
    Result or Results
        ``data`` holds ``participant_id, baseline_value, endpoint_value, change``.

    Raises
    ------
    TableError
        Unknown marker, visit or blocks.
    StatisticsError
        An unknown word, or words that cannot be had together.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_scale_total
    >>> ids = [f"P{i}" for i in range(1, 6)]
    >>> madrs = derive_scale_total(pd.DataFrame({"participant_id": ids * 2,
    ...     "visit": ["before"] * 5 + ["after"] * 5,
    ...     "madrs_total": [30.0, 32, 35, 38, 40, 20.0, 25, 33, 30, 28]}))
    >>> result = compare_visits(madrs, marker="MADRS", baseline="before", endpoint="after")
    >>> round(result.estimate, 3), result.p_value, result.n_extreme
    (-7.8, 0.0625, 2)
    """
    names = markers_asked(marker)
    refuse_impossible(
        "compare_visits",
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
    done = []
    for name in names:
        values_of = partial(
            marker_values,
            endpoints,
            marker=name,
            baseline=baseline,
            endpoint=endpoint,
            participants=dict.fromkeys(endpoints.loc[endpoints[MARKER] == name, PARTICIPANT_ID]),
        )
        before, after, values = (
            _of_known_blocks(values_of(measure=measure), settings)
            for measure in ("baseline", "endpoint", "change")
        )
        done.append(_compare(values, (before, after), (endpoint, baseline), statistic, settings))
    family = adjust_family(done, method=adjust, settings=settings)
    return family[0] if isinstance(marker, str) else family


def _of_known_blocks(values: MarkerValues, settings: Settings) -> MarkerValues:
    return replace(values, table=settings.blocks.exclude_unknown(values.table))


def _compare(
    values: MarkerValues,
    at_visits: tuple[MarkerValues, MarkerValues],
    groups: tuple[str, str],
    statistic: str,
    settings: Settings,
) -> Result:
    table = values.table
    used = table[table[REASON] == ""].reset_index(drop=True)
    data = used.rename(columns={VALUE: "change"})[
        [PARTICIPANT_ID, "baseline_value", "endpoint_value", "change"]
    ]
    question = Question(
        analysis="compare_visits",
        marker=values.marker,
        outcome=values.outcome,
        groups=groups,
        n={"pairs": len(data)},
        unit=values.unit,
    )
    rows = {"data": data, "excluded": excluded_table(table)}
    below = paired_beside(question, *at_visits, settings)
    if not len(data):
        why = "no participant has a value at both visits"
        return question.without_answer(why, **rows, companions=below.companions)
    after, before = _at_visits(data)
    ids = list(data[PARTICIPANT_ID])
    chosen: dict[str, Any] = {"statistic": statistic, "blocks": settings.blocks.of(ids)}
    test = paired_permutation_test(after, before, **chosen, **settings.test)
    left_out = leave_one_out_pairs(after, before, **chosen, **settings.leaving)
    effect = paired_effect(
        after, before, standardiser="d_av", confidence_level=settings.confidence_level
    )
    limits = (
        *test.warnings,
        *effect.warnings,
        *bounded_limits(rows["excluded"]),
        *below.warnings,
        *influence(left_out, ids, test.p_value),
        HYPOTHESES[statistic],
        *(settings.blocks.ranked(ids) if statistic in RANKED else ()),
        UNCONTROLLED,
        UNADJUSTED,
    )
    result = question.answer(
        **_test_fields(test) | effect_fields(effect) | rows | {"warnings": limits},
        leave_one_out=leave_one_out_table(left_out, ids),
        references=(*_CITED[statistic], "cumming2012", "algina2003"),
        companions=(
            *_companions(question, data, statistic, settings.beside),
            *below.companions,
        ),
    )
    return without_repeats(result)


def _companions(
    question: Question, data: pd.DataFrame, statistic: str, settings: Settings
) -> tuple[Result, ...]:
    last, first = question.groups
    after, before = _at_visits(data)
    made = [
        mean_line(question.about(outcome=f"value at {first}"), before, group=first),
        mean_line(question.about(outcome=f"value at {last}"), after, group=last),
    ]
    if len(after) > 1 and np.ptp(after - before) > 0:
        t = paired_t(after, before, confidence_level=settings.confidence_level)
        made.append(
            from_t(question, replace(t, estimate_name=MEAN_CHANGE), references=("student1908",))
        )
    other = "signed_rank" if statistic == "mean" else "mean"
    blocks = settings.blocks.of(data[PARTICIPANT_ID])
    words = settings.beside.test
    test = paired_permutation_test(after, before, statistic=other, blocks=blocks, **words)
    fields = _test_fields(test)
    if other in RANKED:
        fields["warnings"] += settings.blocks.ranked(data[PARTICIPANT_ID])
    beside = question.answer(role="sensitivity", references=_CITED[other], **fields)
    return (*made, beside)


def _at_visits(data: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Return the later and the earlier values."""
    return (
        data["endpoint_value"].to_numpy(dtype=float),
        data["baseline_value"].to_numpy(dtype=float),
    )


def _test_fields(test: PermutationTest) -> dict[str, Any]:
    """Return the fields of a paired test, its estimate called what it is here."""
    fields = permutation_fields(test)
    return fields | {"estimate_name": _NAMES.get(test.estimate_name, test.estimate_name)}
