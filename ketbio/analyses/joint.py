"""The markers of one call tested together: one set of permutations of all their participants."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ketbio.analyses.companions import FloatArray
from ketbio.analyses.limits import ALPHA
from ketbio.analyses.question import Settings
from ketbio.errors import StatisticsError
from ketbio.result import Result
from ketbio.statistics import MaxTTest, max_t_test
from ketbio.statistics.crossover.label_permutation import ESTIMATE as OF_TREATMENTS
from ketbio.statistics.markers.marker_warnings import COULD_NOT_BE_TESTED
from ketbio.statistics.max_t import DIRECTIONS
from ketbio.statistics.number_lines import differences_without_noise, without_noise
from ketbio.statistics.rank_scores import mid_ranks
from ketbio.vocabulary import CENSORED, PARTICIPANT_ID, RESPONDER, VALUE
from ketbio.wording import count_of, format_p, join_words

TOLD_FROM = 0.01
"""The smallest adjusted p that a design can give is told from here on."""


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
    first : object
        Of two groups, what ``dealt`` holds in the first of them.
    of_participants : callable
        The rows of a `Result` → one row per participant.
    """

    design: str
    scores: dict[str, Callable[[pd.DataFrame], FloatArray]]
    dealt: str = ""
    first: object = RESPONDER
    of_participants: Callable[[pd.DataFrame], pd.DataFrame] = pd.DataFrame


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
    several = settings.blocks.count(_participants(results)) > 1
    by = _within_blocks(analysis) if several else analysis
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


def joint_label(joint: MaxTTest, *, n_planned: int, noun: str = "markers") -> str:
    """Return what adjusted, and by which permutations, so that it can be repeated."""
    drawn = "" if joint.seed is None else f", seed {joint.seed}"
    n_tested = int(joint.is_tested.sum())
    short = f", {n_tested} of them tested" if n_tested < n_planned else ""
    return f"{joint.adjustment} over {n_planned} {noun}{short} ({joint.method}{drawn})"


def joint_limits(
    joint: MaxTTest, results: Sequence[Result], settings: Settings, *, noun: str = "markers"
) -> list[tuple[str, ...]]:
    """Say of each marker how its p value was adjusted, and what the joint test has to tell."""
    common = (
        _how(joint, results, noun.removesuffix("s")),
        *_not_joint(joint, settings),
        *_of_all(joint),
    )
    return [
        (
            *common,
            *_drawn(joint, place, result),
            *(() if joint.is_tested[place] else (IDLE,)),
        )
        for place, result in enumerate(results)
    ]


IDLE = (
    "This marker could not be tested jointly and counts with p = 1: it is constant, without values "
    "in a group, or has too few values."
)


def _how(joint: MaxTTest, results: Sequence[Result], noun: str) -> str:
    k = joint.p_values.size
    by_ranks = any(one.statistic_name == SPEARMAN for one in results)
    ranked = ""
    if by_ranks and len({frozenset(_participants([one])) for one in results}) > 1:
        ranked = "; the outcome is ranked once for all of them, whoever lacks a marker"
    least = ""
    if joint.is_exact and TOLD_FROM <= joint.p_floor < ALPHA:
        least = f", nor below {format_p(joint.p_floor, symbol=False)} in this design"
    of_all = f"permutations common to the {count_of(k, noun)}"
    whose = of_all if k > 1 else f"the permutations of this {noun}, the only one tested"
    return (
        f"Adjusted by {joint.adjustment} (Westfall & Young) from {whose}{ranked}; an adjusted p is "
        f"never below the {noun}'s own{least}."
    )


def _not_joint(joint: MaxTTest, settings: Settings) -> tuple[str, ...]:
    """Say which words of the call the joint test does not know of."""
    words = []
    if settings.mid_p:
        words.append("counts without mid-p")
    if settings.stop_after is not None and joint.seed is not None:
        words.append("draws without stopping early")
    return (f"The joint adjustment {join_words(words)}.",) if words else ()


def _of_all(joint: MaxTTest) -> tuple[str, ...]:
    """Return the sentences that concern every marker: which are idle is told of those alone."""
    return tuple(one for one in joint.warnings if COULD_NOT_BE_TESTED not in one)


def _drawn(joint: MaxTTest, place: int, result: Result) -> tuple[str, ...]:
    """Tell how well a drawn p is known; an exact p of the marker bounds it from below."""
    drawn = joint.p_adjusted_interval[place]
    own_is_larger = result.p_value > joint.p_adjusted[place]
    if np.isnan(drawn).any() or (own_is_larger and not result.is_exact):
        return ()  # a drawn p of the marker has its own interval
    least = result.p_value if result.is_exact else 0.0
    low, high = (max(least, float(end)) for end in drawn)
    if low == high:
        return ()
    amounts = (format_p(end, symbol=False) for end in (low, high))
    return (f"Drawn: the 99% interval of the adjusted p is {' to '.join(amounts)}.",)


def _participants(results: Sequence[Result]) -> list[str]:
    """Return everyone that one of these results is of."""
    return list(dict.fromkeys(one for result in results for one in result.data[PARTICIPANT_ID]))


def _within_blocks(analysis: _Analysis) -> _Analysis:
    """Return the analysis with the statistics that need no ranks within blocks.

    Either name is theirs: all who have a marker may be in one block.
    """
    linear = {name: one for name, one in analysis.scores.items() if name in LINEAR}
    return replace(analysis, scores=linear | {LINEAR[name]: one for name, one in linear.items()})


def _scores_of(result: Result, analysis: _Analysis, method: str) -> "pd.Series[float]":
    if result.statistic_name not in analysis.scores:
        raise StatisticsError(
            f"adjust is {method!r}, whose joint test is of "
            f"{join_words(list(analysis.scores), last='or')}; {result.label} was tested by "
            f'{result.statistic_name}. Choose one of those statistics, or adjust="holm".'
        )
    rows = analysis.of_participants(result.data)
    scores = analysis.scores[result.statistic_name](rows)
    return pd.Series(scores, index=rows[PARTICIPANT_ID])


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
    rows = [analysis.of_participants(one.data) for one in results]
    known = pd.concat(rows).drop_duplicates(PARTICIPANT_ID)
    dealt = known.set_index(PARTICIPANT_ID)[analysis.dealt].reindex(table.index)
    if analysis.design == "two_groups":
        is_x = (dealt == analysis.first).to_numpy()
        names = np.array(ids)
        order = [*names[is_x], *names[~is_x]]
        return _Sides(x=values[is_x], y=values[~is_x], participants=order)
    outcome = dealt.to_numpy(dtype=float)
    by_ranks = any(one.statistic_name == SPEARMAN for one in results)
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
    """Return mid-ranks, values below the LLOQ tied at the lowest, above the ULOQ at the highest."""
    is_seen = (rows[CENSORED] == "").to_numpy()
    numbers = np.where(rows[CENSORED] == "right", np.inf, -np.inf)
    numbers[is_seen] = without_noise(rows.loc[is_seen, VALUE].to_numpy(dtype=float))
    return mid_ranks(numbers)


def _changes(rows: pd.DataFrame) -> FloatArray:
    after, before = (
        rows[name].to_numpy(dtype=float) for name in ("endpoint_value", "baseline_value")
    )
    return differences_without_noise(after, before)


def _signed_ranks(rows: pd.DataFrame) -> FloatArray:
    """Return the ranks of the changes by size, with their signs; those that are zero get 0."""
    changes = _changes(rows)
    scores = np.zeros_like(changes)
    moved = changes != 0
    scores[moved] = np.sign(changes[moved]) * mid_ranks(np.abs(changes[moved]))
    return scores


def _signed_ranks_with_zeros(rows: pd.DataFrame) -> FloatArray:
    """Return the same, but changes of zero are ranked among the others before they get 0."""
    changes = _changes(rows)
    return np.asarray(np.sign(changes) * mid_ranks(np.abs(changes)))


def _signs(rows: pd.DataFrame) -> FloatArray:
    return np.sign(_changes(rows))


def _with_every_period(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per participant of a crossover who has every period."""
    return rows[rows["is_complete"]].drop_duplicates(PARTICIPANT_ID)


SPEARMAN = "Spearman rho"

LINEAR = {
    "mean difference": "mean difference",
    "mean of differences": "mean of differences",
    "number of positive differences": "number of positive differences",
    "Pearson r": "Pearson r within blocks",
}
"""Statistics that need no ranks within blocks → their names there."""

ANALYSES = {
    "compare_responders": _Analysis(
        design="two_groups",
        scores={"mean difference": _column(VALUE), "rank sum of x": _ranks_with_censored},
        dealt="group",
    ),
    "compare_visits": _Analysis(
        design="pairs",
        scores={
            "mean of differences": _column("change"),
            "sum of positive ranks": _signed_ranks,
            "sum of positive ranks (Pratt)": _signed_ranks_with_zeros,
            "number of positive differences": _signs,
        },
    ),
    "compare_crossover": _Analysis(
        design="two_groups",
        scores={OF_TREATMENTS: _column("period_contrast")},
        dealt="sequence_number",
        first=1,
        of_participants=_with_every_period,
    ),
    "correlate_changes": _Analysis(
        design="pairings",
        scores={"Pearson r": _column("x"), SPEARMAN: _ranks_of("x")},
        dealt="y",
    ),
}
