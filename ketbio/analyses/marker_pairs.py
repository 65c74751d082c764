"""Every pair of several markers correlated: one family of correlations, for a matrix."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import pandas as pd

from ketbio.analyses.blocks import blocks_asked
from ketbio.analyses.change_pairs import pairs_of, side_by_side, why_no_correlation
from ketbio.analyses.changes import response_groups
from ketbio.analyses.combinations import refuse_impossible
from ketbio.analyses.correlating import Correlating, Pairs, correlate_pairs
from ketbio.analyses.covariates import covariates_asked
from ketbio.analyses.family import adjust_family
from ketbio.analyses.limits import (
    HYPOTHESES,
    beyond_words,
    censored_limits,
)
from ketbio.analyses.pair_limits import BRIEF_FROM, of_measure, told_together
from ketbio.analyses.pairs_with_limits import Limited, limited_beside, limited_columns
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.responder_companions import ranked_values
from ketbio.analyses.values import MarkerValues, excluded_table, marker_values, markers_asked
from ketbio.errors import StatisticsError, TableError
from ketbio.result import Result, Results
from ketbio.vocabulary import CENSORED, MARKER, PARTICIPANT_ID, marker_label
from ketbio.wording import count_of

RANK_METHODS = ("spearman", "kendall")
"""Correlations of ranks, which values beyond a limit have too."""


def correlate_markers(
    endpoints: pd.DataFrame,
    *,
    markers: Sequence[str],
    baseline: str,
    endpoint: str,
    measure: str = "change",
    method: str | None = None,
    response: pd.DataFrame | None = None,
    tables: Mapping[str, str] | None = None,
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
) -> Results:
    """Correlate every pair of several markers with each other.

    One result per pair, with the exact permutation test of its pairings and the interval of
    `correlate_changes`; the p values of all pairs are one family. Draw them all with
    `draw_correlation_matrix`.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table; participants are paired by ``participant_id``, never by row order.
    markers : list of str
        At least two; a rating scale may be one of them.
    baseline, endpoint : str
        The two visits.
    measure : {"change", "baseline", "endpoint"}
        What of the markers is correlated.
    method : {"pearson", "spearman", "kendall", "percentage_bend"}, optional
        The same for all pairs. When None: Pearson's, or Spearman's where values of any of the
        markers are beyond a limit (tied below, or above, all that was measured).
    response : DataFrame, optional
        As `derive_response` returns it; only marks the points of a pair's figure.
    tables : mapping of str to str, optional
        Marker → the table that it was measured in. Two from one table share what that table shares
        (a loading control, a gel, a plate), and their result says so.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Direction of the tests.
    adjust : {"holm", "hochberg", "fdr_bh", "fdr_by", "none"}
        Adjustment over the pairs. ``"max_t"`` and ``"min_p"`` are refused: no outcome is common to
        the pairs that could be dealt anew, and dealing each marker would test whether *all* are
        unrelated.
    confidence_level : float
        Level of every interval.
    exact, n_resamples, seed, mid_p, stop_after
        As in `correlate_changes`.
    covariates, blocks, participants
        As in `correlate_changes`.

    Returns
    -------
    Results
        Pairs in the order of ``markers``: first with second, first with third, and so on.
        ``groups`` are the two markers; ``data`` holds ``participant_id, x, y, group`` and, where
        values are beyond a limit, their side and limit.

    Raises
    ------
    TableError
        Unknown marker, visit or measure; fewer than two markers, or one twice.
    StatisticsError
        Unknown method, alternative or adjustment; numbers asked of values beyond a limit.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_column
    >>> table = pd.DataFrame({"participant_id": ["P1", "P2", "P3", "P4", "P5"],
    ...     "visit": "before", "a": [1.0, 2, 3, 4, 5], "b": [2.0, 1, 4, 3, 5],
    ...     "c": [5.0, 3, 4, 2, 1]})
    >>> both = pd.concat([derive_column(table, column=name) for name in "abc"])
    >>> results = correlate_markers(both, markers=["a", "b", "c"], measure="baseline",
    ...                             baseline="before", endpoint="after")
    >>> results.tidy()[["groups", "estimate", "p_value", "p_adjusted"]].dropna().round(3)[:1]
       groups  estimate  p_value  p_adjusted
    0  a v b       0.8    0.133       0.267
    """
    names = _at_least_two(markers)
    refuse_impossible(
        "correlate_markers",
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
    values = values_of(endpoints, names, measure=measure, baseline=baseline, endpoint=endpoint)
    pairs = list(combinations(values, 2))
    chosen = method_for(method, values)
    how = Correlating(
        method=chosen,
        settings=settings,
        covariates=covariates_asked(covariates, participants),
        hypothesis=HYPOTHESES[chosen].replace("two changes", "two markers"),
        is_brief=len(pairs) >= BRIEF_FROM,
    )
    groups = response_groups(response)
    done = [_correlate(pair, groups, measure, how) for pair in pairs]
    told = told_together(done, dict(tables or {}))
    return adjust_family(told, method=adjust, settings=settings, noun="pairs of markers")


def _at_least_two(markers: Sequence[str]) -> list[str]:
    names = [] if isinstance(markers, str) else markers_asked(markers)
    if len(names) < 2:
        raise TableError(
            f"markers is {markers!r}; allowed: a list of at least two markers, since each is "
            "correlated with each other one."
        )
    return names


def values_of(
    endpoints: pd.DataFrame, markers: Sequence[str], *, measure: str, baseline: str, endpoint: str
) -> list[MarkerValues]:
    """Return the values of each marker, all of them with a row for everyone who has any."""
    everyone = list(dict.fromkeys(endpoints.loc[endpoints[MARKER].isin(markers), PARTICIPANT_ID]))
    return [
        marker_values(
            endpoints,
            marker=name,
            measure=measure,
            baseline=baseline,
            endpoint=endpoint,
            participants=everyone,
        )
        for name in markers
    ]


def method_for(asked: str | None, values: Sequence[MarkerValues]) -> str:
    """Return the correlation: of ranks where any value is beyond a limit.

    Raises
    ------
    StatisticsError
        A correlation of numbers was asked for, and some values can only be ranked.
    """
    limited = [one for one in values if (one.table[CENSORED] != "").any()]
    if not limited:
        return asked or "pearson"
    if asked is None or asked in RANK_METHODS:
        return asked or "spearman"
    first = limited[0]
    count = count_of(int((first.table[CENSORED] != "").sum()), "value")
    raise StatisticsError(
        f"method is {asked!r}, but {count} of {first.marker} {beyond_words(first.table[CENSORED])} "
        "can only be ranked; allowed: 'spearman' or 'kendall'. Choose one of these, or leave "
        "method out."
    )


def _correlate(
    pair: tuple[MarkerValues, MarkerValues],
    groups: dict[str, str],
    measure: str,
    how: Correlating,
) -> Result:
    x, y = pair
    table = how.settings.blocks.exclude_unknown(side_by_side(x, y))
    limited = Limited.of(table)
    data = limited_columns(limited, pairs_of(table, groups))
    question = Question(
        analysis="correlate_markers",
        marker=x.marker,
        outcome=f"{x.outcome}, with that of {marker_label(y.marker)}",
        groups=(x.marker, y.marker),
        n={"pairs": len(data)},
    )
    described = [
        question.about(marker=one.marker, outcome=one.outcome, unit=one.unit) for one in pair
    ]
    pairs = Pairs(
        question=question,
        data=data,
        excluded=excluded_table(table),
        x=ranked_values(limited.x),
        y=ranked_values(limited.y),
        described=() if limited.is_any else described,
        slope_unit=f"{y.unit} per {x.unit}" if x.unit and y.unit else "",
        limits=(*_limited_words(limited, pair), *of_measure(pair, measure)),
    )
    named = {
        f"{x.outcome.split(',')[0]} of {x.marker}": pairs.x,
        f"{y.outcome.split(',')[0]} of {y.marker}": pairs.y,
    }
    if why := why_no_correlation(named, pairs.ids, how.settings.blocks, what="both markers"):
        return question.without_answer(why, **pairs.rows)
    result = correlate_pairs(pairs, how)
    beside = limited_beside(question, limited, pairs.ids, how.settings)
    return replace(result, companions=(*result.companions, *beside))


def _limited_words(limited: Limited, pair: tuple[MarkerValues, MarkerValues]) -> tuple[str, ...]:
    return tuple(
        f"{marker_label(values.marker)}: {sentence}"
        for values, used in zip(pair, (limited.x, limited.y), strict=True)
        for sentence in censored_limits(used)
    )
