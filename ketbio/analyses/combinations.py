"""What can be asked together, in the words of a plan: held against it before any test is run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ketbio.analyses.family import ADJUSTMENTS
from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import (
    ALTERNATIVES,
    check_draws,
    check_level,
    check_stop_after,
    check_word,
)
from ketbio.statistics.max_t import DIRECTIONS
from ketbio.statistics.max_t import LABELS as JOINT
from ketbio.statistics.multiplicity import LABELS
from ketbio.wording import join_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Combinations:
    """What one kind of analysis allows together.

    Attributes
    ----------
    key : str
        Its word for the statistic.
    default : str
        The statistic where none is asked for.
    words : tuple of str
        Every statistic.
    joint : tuple of str
        Those that have a joint test of several markers; empty where no outcome is common to them.
    joint_within_blocks : tuple of str
        Those of them that have it within blocks too: ranks have none there.
    without_blocks : tuple of str
        Statistics that take no blocks.
    """

    key: str
    default: str
    words: tuple[str, ...]
    joint: tuple[str, ...]
    joint_within_blocks: tuple[str, ...]
    without_blocks: tuple[str, ...] = ()


COMBINATIONS = {
    "compare_responders": Combinations(
        key="statistic",
        default="mean_difference",
        words=(
            "mean_difference",
            "rank_sum",
            "welch_t",
            "brunner_munzel",
            "median_difference",
            "trimmed_mean_difference",
        ),
        joint=("mean_difference", "rank_sum"),
        joint_within_blocks=("mean_difference",),
        without_blocks=("median_difference", "trimmed_mean_difference"),
    ),
    "compare_visits": Combinations(
        key="statistic",
        default="mean",
        words=("mean", "signed_rank", "signed_rank_pratt", "sign"),
        joint=("mean", "signed_rank", "signed_rank_pratt", "sign"),
        joint_within_blocks=("mean", "sign"),
    ),
    "compare_crossover": Combinations(
        key="baseline_as",
        default="change",
        words=("change", "covariate", "none"),
        joint=("change", "none"),
        joint_within_blocks=(),
    ),
    "correlate_changes": Combinations(
        key="method",
        default="pearson",
        words=("pearson", "spearman", "kendall", "percentage_bend"),
        joint=("pearson", "spearman"),
        joint_within_blocks=("pearson",),
    ),
    "correlate_markers": Combinations(
        key="method",
        default="pearson",
        words=("pearson", "spearman", "kendall", "percentage_bend"),
        joint=(),
        joint_within_blocks=(),
    ),
    "correlate_baseline_change": Combinations(
        key="method",
        default="pearson",
        words=("pearson", "spearman", "kendall", "percentage_bend"),
        joint=(),
        joint_within_blocks=(),
    ),
    "correlate_repeated": Combinations(
        key="adjust_for",
        default="none",
        words=("none", "visit"),
        joint=(),
        joint_within_blocks=(),
    ),
}
"""Kind of analysis → what it allows together."""

NUMBERS: dict[str, Callable[[Any], object]] = {
    "confidence_level": check_level,
    "n_resamples": check_draws,
    "stop_after": check_stop_after,
}
"""Words that take a number → what refuses a number that is not allowed."""

DRAWS = 9_999
"""How many are drawn where ``n_resamples`` is not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """One thing asked for that cannot be had.

    Attributes
    ----------
    key : str
        The word at fault.
    sentence : str
        What was found, what is allowed, what to do.
    """

    key: str
    sentence: str


def impossible(kind: str, asked: Mapping[str, Any]) -> tuple[Impossible, ...]:
    """Return everything that cannot be had in what one analysis is asked for.

    Parameters
    ----------
    kind : str
        A key of `COMBINATIONS`.
    asked : mapping
        The words of a plan that were given; words not given stand at their defaults. Words and
        kinds of values are held to have been checked.

    Examples
    --------
    >>> asked = {"markers": ["a", "b"], "statistic": "welch_t", "adjust": "max_t"}
    >>> [one.key for one in impossible("compare_responders", asked)]
    ['statistic']
    """
    return (
        *_numbers(asked),
        *_markers(asked.get("markers", ())),
        *_blocks(COMBINATIONS[kind], asked),
        *_joint(COMBINATIONS[kind], asked),
    )


def refuse_impossible(kind: str, markers: Sequence[str], **asked: Any) -> None:
    """Raise `StatisticsError` for the first thing asked for that cannot be had.

    Parameters
    ----------
    kind : str
        A key of `COMBINATIONS`.
    markers : sequence of str
        Of the call.
    **asked
        The arguments of the call; None where one was not given.
    """
    check_word("adjust", asked["adjust"], ADJUSTMENTS)
    if asked["alternative"] == "expected":
        raise StatisticsError(
            "alternative is 'expected', which a study file takes for compare_visits. In Python say "
            "'greater' or 'less'; describe_marker() tells what earlier reports expect."
        )
    check_word("alternative", asked["alternative"], ALTERNATIVES)
    about = COMBINATIONS[kind]
    given = {name: one for name, one in asked.items() if one is not None}
    check_word(about.key, given.get(about.key, about.default), about.words)
    for one in impossible(kind, {**given, "markers": markers}):
        raise StatisticsError(one.sentence)


def refuse_ranks_within_blocks(
    kind: str, marker: str, adjust: str, blocks: str, *, where: str = "below the LLOQ"
) -> None:
    """Refuse values beyond a limit, which can only be ranked, in a joint test within blocks."""
    if adjust not in JOINT or not blocks:
        return
    allowed = _listed(COMBINATIONS[kind].joint_within_blocks)
    raise StatisticsError(
        f"{marker} has values {where}, which can only be ranked, and adjust={adjust!r} "
        f"with blocks={blocks!r} has no ranks; allowed there: {allowed}. Take {marker} out of "
        'these markers, leave blocks out, or write adjust="holm".'
    )


def _numbers(asked: Mapping[str, Any]) -> list[Impossible]:
    found = []
    for key, check in NUMBERS.items():
        try:
            if key in asked:
                check(asked[key])
        except StatisticsError as refused:
            found.append(Impossible(key=key, sentence=str(refused)))
    stop, draws = asked.get("stop_after"), asked.get("n_resamples", DRAWS)
    if not found and stop is not None and stop > draws:
        sentence = (
            f"stop_after is {stop:,}, but n_resamples is {draws:,}, so that it can never stop; "
            f"allowed: 1 to {draws:,}. Write fewer, such as 20, or leave stop_after out."
        )
        found.append(Impossible(key="stop_after", sentence=sentence))
    return found


def _markers(markers: Sequence[str]) -> list[Impossible]:
    twice = [one for one in dict.fromkeys(markers) if list(markers).count(one) > 1]
    return [
        Impossible(
            key="markers",
            sentence=f"markers names {one!r} twice; allowed: each marker once, since the p values "
            "are adjusted for how many there are. Remove one.",
        )
        for one in twice
    ]


def _blocks(about: Combinations, asked: Mapping[str, Any]) -> list[Impossible]:
    statistic = asked.get(about.key, about.default)
    if not asked.get("blocks") or statistic not in about.without_blocks:
        return []
    allowed = [one for one in about.words if one not in about.without_blocks]
    sentence = (
        f"{about.key} is {statistic!r}, which takes no blocks, and blocks is {asked['blocks']!r}; "
        f"allowed with blocks: {_listed(allowed)}. Choose one of these, or leave blocks out."
    )
    return [Impossible(key=about.key, sentence=sentence)]


def _joint(about: Combinations, asked: Mapping[str, Any]) -> list[Impossible]:
    """Return why several markers cannot be tested together as asked."""
    adjust, statistic = asked.get("adjust"), asked.get(about.key, about.default)
    if adjust not in JOINT or len(asked.get("markers", ())) < 2:
        return []
    if not about.joint:
        sentence = (
            f"adjust is {adjust!r}, which has no joint test here: it deals one outcome anew for "
            f"all markers at once, and there is no such outcome; allowed: {_listed(LABELS)}. Write "
            'adjust="holm".'
        )
        return [Impossible(key="adjust", sentence=sentence)]
    found = []
    if asked.get("alternative", "two-sided") not in DIRECTIONS:
        sentence = (
            f"alternative is {asked['alternative']!r}, which has no joint test for "
            f"adjust={adjust!r}; allowed with it: {_listed(DIRECTIONS)}. Choose one of these, or "
            'adjust="holm".'
        )
        found.append(Impossible(key="alternative", sentence=sentence))
    where = f" within blocks of {asked['blocks']!r}" if asked.get("blocks") else ""
    allowed = about.joint_within_blocks if where else about.joint
    if statistic not in allowed:
        sentence = (
            f"{about.key} is {statistic!r}, which has no joint test for adjust={adjust!r}{where}; "
            f"allowed with it: {_listed(allowed)}. Choose one of these, or "
            'adjust="holm".'
        )
        key = about.key if about.key in asked else "adjust"
        found.append(Impossible(key=key, sentence=sentence))
    return found


def _listed(words: Sequence[str] | Mapping[str, Any]) -> str:
    return join_words(map(repr, words), last="or")
