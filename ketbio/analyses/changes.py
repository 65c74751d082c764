"""The change of a marker against the change of an outcome."""

from typing import Unpack, overload

import pandas as pd

from ketbio.analyses.blocks import blocks_asked
from ketbio.analyses.change_lines import with_lines
from ketbio.analyses.change_pairs import both_changes, pairs_of, side_by_side, why_no_correlation
from ketbio.analyses.combinations import refuse_impossible
from ketbio.analyses.correlating import Correlating, Pairs, correlate_pairs
from ketbio.analyses.correlations import METHODS
from ketbio.analyses.covariates import Covariates, covariates_asked
from ketbio.analyses.family import adjust_family
from ketbio.analyses.limits import HYPOTHESES, IMPROVEMENT, UNCONTROLLED
from ketbio.analyses.question import ChangesOptions, Question, Settings
from ketbio.analyses.values import (
    MarkerValues,
    excluded_table,
    markers_asked,
    require_one_row_each,
)
from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.result import Result, Results
from ketbio.vocabulary import PARTICIPANT_ID, SCALES


@overload
def correlate_changes(
    endpoints: pd.DataFrame,
    *,
    marker: str,
    baseline: str,
    endpoint: str,
    response: pd.DataFrame | None = None,
    **options: Unpack[ChangesOptions],
) -> Result: ...
@overload
def correlate_changes(
    endpoints: pd.DataFrame,
    *,
    marker: list[str] | tuple[str, ...],
    baseline: str,
    endpoint: str,
    response: pd.DataFrame | None = None,
    **options: Unpack[ChangesOptions],
) -> Results: ...
def correlate_changes(
    endpoints: pd.DataFrame,
    *,
    marker: str | list[str] | tuple[str, ...],
    baseline: str,
    endpoint: str,
    outcome: str = "MADRS",
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
    covariates: str | list[str] | tuple[str, ...] | None = None,
    blocks: str | None = None,
    participants: pd.DataFrame | None = None,
) -> Result | Results:
    """Correlate the change of a marker with the change of an outcome.

    Both changes are endpoint − baseline, so a negative correlation with the MADRS means: the more
    the marker rises, the more depression falls. The p value is that of the exact permutation test
    of the pairings; Pearson's r has Fisher's z interval, Spearman's that of Bonett & Wright,
    Kendall's that of Fieller, always two-sided.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table; participants are paired by ``participant_id``, never by row order.
    marker : str or list of str
        One marker gives a `Result`; several give `Results`, adjusted as one family.
    baseline, endpoint : str
        The two visits.
    outcome : str
        The marker whose change is the outcome.
    method : {"pearson", "spearman", "kendall", "percentage_bend"}
        The correlation: what `correlation_permutation_test` calls ``statistic``.
    response : DataFrame, optional
        As `derive_response` returns it; only marks the points of the figure.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Direction of the test.
    adjust : {"holm", "hochberg", "fdr_bh", "fdr_by", "max_t", "min_p", "none"}
        Adjustment over the markers of this call. ``"max_t"`` and ``"min_p"`` permute all markers
        together, so that it matters how they correlate; p_adjusted is never below p_value.
    confidence_level : float
        Level of every interval.
    exact : {"auto", True, False}
        As `correlation_permutation_test` takes it.
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
        Column of ``participants``, such as ``"site"``: pairings are dealt within its blocks only,
        and the correlation is the one within blocks.
    participants : DataFrame, optional
        The validated ``participants`` table; needed with ``covariates`` and ``blocks``.

    Returns
    -------
    Result or Results
        ``data`` holds ``participant_id, x`` (change of the marker), ``y`` (of the outcome),
        ``group`` and, with Pearson's r, ``fitted``: y on the least-squares line; the lines with
        one left out are in ``leave_one_out``.

    Raises
    ------
    TableError
        Unknown marker, outcome, visit or method; a marker that is the outcome.
    StatisticsError
        Unknown alternative or adjustment.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_column
    >>> table = pd.DataFrame({"participant_id": ["P1", "P2", "P3", "P4", "P5"] * 2,
    ...     "visit": ["before"] * 5 + ["after"] * 5, "a": [0.0] * 5 + [1.0, 2, 3, 4, 5],
    ...     "b": [0.0] * 5 + [2.0, 1, 4, 3, 5]})
    >>> both = pd.concat([derive_column(table, column="a"), derive_column(table, column="b")])
    >>> result = correlate_changes(both, marker="a", outcome="b", baseline="before",
    ...                            endpoint="after")
    >>> round(result.estimate, 2), round(result.p_value, 4), result.p_method
    (0.8, 0.1333, 'exact, 120 arrangements')
    """
    require_one_of("method", method, METHODS)
    names = markers_asked(marker)
    if outcome in names:
        raise TableError(
            f"outcome {outcome!r} is also a marker: a change correlates perfectly with itself; "
            "name another outcome or leave it out of the markers."
        )
    refuse_impossible(
        "correlate_changes",
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
    groups = response_groups(response)
    known = covariates_asked(covariates, participants)
    done = []
    for name in names:
        both = both_changes(endpoints, (name, outcome), baseline, endpoint)
        done.append(_correlate(both, groups, method, settings, known))
    family = adjust_family(done, method=adjust, settings=settings)
    return family[0] if isinstance(marker, str) else family


def response_groups(response: pd.DataFrame | None) -> dict[str, str]:
    """Return the group of each participant whose response is known."""
    if response is None:
        return {}
    require_columns(response, [PARTICIPANT_ID, "response"], what="response")
    require_one_row_each(response)
    return dict(zip(response[PARTICIPANT_ID], response["response"], strict=True))


def _correlate(
    both: tuple[MarkerValues, MarkerValues],
    groups: dict[str, str],
    method: str,
    settings: Settings,
    covariates: Covariates,
) -> Result:
    x, y = both
    table = settings.blocks.exclude_unknown(side_by_side(x, y))
    data = pairs_of(table, groups)
    question = Question(
        analysis="correlate_changes",
        marker=x.marker,
        outcome=f"{x.outcome}, against the change of {y.marker}",
        groups=(x.marker, y.marker),
        n={"pairs": len(data)},
    )
    pairs = Pairs(
        question=question,
        data=data,
        excluded=excluded_table(table),
        x=data["x"].to_numpy(dtype=float),
        y=data["y"].to_numpy(dtype=float),
        described=[
            question.about(marker=one.marker, outcome=one.outcome, unit=one.unit) for one in both
        ],
        slope_unit=f"{y.unit} per {x.unit}" if x.unit and y.unit else "",
        limits=(
            *((IMPROVEMENT.format(outcome=y.marker),) if y.marker in SCALES else ()),
            UNCONTROLLED,
        ),
    )
    names = {f"the change of {x.marker}": pairs.x, f"the change of {y.marker}": pairs.y}
    if why := why_no_correlation(names, pairs.ids, settings.blocks, what="both changes"):
        return question.without_answer(why, **pairs.rows)
    result = correlate_pairs(
        pairs,
        Correlating(
            method=method,
            settings=settings,
            covariates=covariates,
            hypothesis=HYPOTHESES[method],
        ),
    )
    # a straight line shows Pearson's r of all, and no correlation by ranks or within blocks
    is_straight = method == "pearson" and settings.blocks.count(pairs.ids) <= 1
    return with_lines(result) if is_straight else result
