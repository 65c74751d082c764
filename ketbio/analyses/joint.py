"""The markers of one call tested together: one set of permutations of all their participants."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ketbio.analyses.companions import FloatArray
from ketbio.analyses.question import Settings
from ketbio.errors import StatisticsError
from ketbio.result import Result
from ketbio.statistics import MaxTTest, max_t_test
from ketbio.statistics.max_t import DIRECTIONS
from ketbio.statistics.number_lines import differences_without_noise, without_noise
from ketbio.statistics.rank_scores import mid_ranks
from ketbio.vocabulary import CENSORED, PARTICIPANT_ID, RESPONDER, VALUE
from ketbio.wording import count_of, join_words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Analysis:
    """How one analysis is tested jointly.

    Attributes
    ----------
    design : str
        As `max_t_test` takes it.
    scores : dict
        Statistic of the marker's own test → the rows of its `Result` to one score per
        participant, so that the joint test is of the same values or ranks.
    dealt : str
        Column of the rows that is dealt anew; ``""``: the signs of the scores.
    """

    design: str
    scores: dict[str, Callable[[pd.DataFrame], FloatArray]]
    dealt: str = ""


def joint_test(results: Sequence[Result], *, method: str, settings: Settings) -> MaxTTest:
    """Test several markers of one analysis with one set of permutations.

    Parameters
    ----------
    results : sequence of Result
        Of one call, each with a p value.
    method : {"max_t", "min_p"}
        As `max_t_test` takes it.
    settings : Settings
        Of the call; draws, seed and ``exact`` hold for the joint test too.

    Returns
    -------
    MaxTTest
        The markers in the order given; who lacks one is there for the others.

    Raises
    ------
    StatisticsError
        An alternative or a statistic that has no joint test.
    """
    if settings.alternative not in DIRECTIONS:
        raise StatisticsError(
            f"alternative is {settings.alternative!r}, which has no joint test for adjust="
            f"{method!r}; allowed with it: {join_words(list(map(repr, DIRECTIONS)), last='or')}. "
            'Choose one of these, or adjust="holm".'
        )
    analysis = ANALYSES[results[0].analysis]
    by = _within_blocks(analysis) if settings.blocks.name else analysis
    scores = {place: _scores_of(result, by, method) for place, result in enumerate(results)}
    # By name, so that draws do not depend on the order of rows.
    table = pd.concat(scores, axis=1).sort_index()
    sides = _sides(table, results, analysis)
    return max_t_test(
        sides.x,
        sides.y,
        blocks=settings.blocks.of(sides.participants),
        design=analysis.design,
        method=method,
        alternative=settings.alternative,
        exact=settings.exact,
        n_resamples=settings.n_resamples,
        seed=settings.seed,
    )


def joint_label(joint: MaxTTest) -> str:
    """Return what adjusted, and by which permutations, so that it can be repeated."""
    drawn = "" if joint.seed is None else f", seed {joint.seed}"
    return f"{joint.adjustment} over {joint.p_values.size} markers ({joint.method}{drawn})"


def joint_limits(joint: MaxTTest) -> tuple[str, ...]:
    """Say how the p values were adjusted, and what the joint test has to tell."""
    k = joint.p_values.size
    return (
        f"Adjusted by {joint.adjustment} (Westfall & Young) from permutations common to the "
        f"{count_of(k, 'marker')}, each by the values or ranks of its own test; p after the "
        "adjustment is never below the marker's own.",
        *joint.warnings,
    )


def _within_blocks(analysis: _Analysis) -> _Analysis:
    """Return the analysis with the statistics that need no ranks within blocks."""
    return replace(
        analysis,
        scores={LINEAR[name]: one for name, one in analysis.scores.items() if name in LINEAR},
    )


def _scores_of(result: Result, analysis: _Analysis, method: str) -> "pd.Series[float]":
    if result.statistic_name not in analysis.scores:
        raise StatisticsError(
            f"adjust is {method!r}, whose joint test is of "
            f"{join_words(list(analysis.scores), last='or')}; {result.label} was tested by "
            f'{result.statistic_name}. Choose one of those statistics, or adjust="holm".'
        )
    scores = analysis.scores[result.statistic_name](result.data)
    return pd.Series(scores, index=result.data[PARTICIPANT_ID])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sides:
    """X and y as `max_t_test` takes them, and whose they are, in that order."""

    x: FloatArray
    y: FloatArray | None
    participants: Sequence[str]


def _sides(table: pd.DataFrame, results: Sequence[Result], analysis: _Analysis) -> _Sides:
    values, ids = table.to_numpy(dtype=float), [str(one) for one in table.index]
    if not analysis.dealt:
        return _Sides(x=values, y=None, participants=ids)
    known = pd.concat([one.data for one in results]).drop_duplicates(PARTICIPANT_ID)
    dealt = known.set_index(PARTICIPANT_ID)[analysis.dealt].reindex(table.index)
    if analysis.design == "two_groups":
        is_x = (dealt == RESPONDER).to_numpy()
        names = np.array(ids)
        order = [*names[is_x], *names[~is_x]]
        return _Sides(x=values[is_x], y=values[~is_x], participants=order)
    outcome = dealt.to_numpy(dtype=float)
    by_ranks = any(one.statistic_name == "Spearman rho" for one in results)
    y = mid_ranks(without_noise(outcome)) if by_ranks else outcome
    return _Sides(x=values, y=y, participants=ids)


def _column(name: str) -> Callable[[pd.DataFrame], FloatArray]:
    def values(rows: pd.DataFrame) -> FloatArray:
        return rows[name].to_numpy(dtype=float)

    return values


def _ranks_of(name: str) -> Callable[[pd.DataFrame], FloatArray]:
    def ranks(rows: pd.DataFrame) -> FloatArray:
        return mid_ranks(without_noise(rows[name].to_numpy(dtype=float)))

    return ranks


def _ranks_with_censored(rows: pd.DataFrame) -> FloatArray:
    """Return mid-ranks, the values below the LLOQ tied at the lowest."""
    is_below = (rows[CENSORED] != "").to_numpy()
    numbers = np.full(len(rows), -np.inf)
    numbers[~is_below] = without_noise(rows.loc[~is_below, VALUE].to_numpy(dtype=float))
    return mid_ranks(numbers)


def _signed_ranks(rows: pd.DataFrame) -> FloatArray:
    """Return the ranks of the changes by size, with their signs; those that are zero get 0."""
    after, before = (
        rows[name].to_numpy(dtype=float) for name in ("endpoint_value", "baseline_value")
    )
    changes = differences_without_noise(after, before)
    scores = np.zeros_like(changes)
    moved = changes != 0
    scores[moved] = np.sign(changes[moved]) * mid_ranks(np.abs(changes[moved]))
    return scores


LINEAR = {"mean difference": "mean difference", "Pearson r": "Pearson r within blocks"}
"""Statistics that need no ranks within blocks → their names there."""

ANALYSES = {
    "compare_responders": _Analysis(
        design="two_groups",
        scores={"mean difference": _column(VALUE), "rank sum of x": _ranks_with_censored},
        dealt="group",
    ),
    "compare_visits": _Analysis(
        design="pairs",
        scores={"mean of differences": _column("change"), "sum of positive ranks": _signed_ranks},
    ),
    "correlate_changes": _Analysis(
        design="pairings",
        scores={"Pearson r": _column("x"), "Spearman rho": _ranks_of("x")},
        dealt="y",
    ),
}
