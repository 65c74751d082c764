"""Who was measured and what of them, in everyday words."""

from typing import TYPE_CHECKING

from ketbio.result.words import is_of_change, quantity_words
from ketbio.vocabulary import ALL_SCALES, NON_RESPONDER, RESPONDER
from ketbio.wording import spaced

if TYPE_CHECKING:
    from ketbio.result.record import Result

_WHO = {RESPONDER: "who responded", NON_RESPONDER: "who did not respond"}
"""Groups that have words of their own."""

_EVERYBODY = ("all", "pairs", "participants")
_OF_ARMS = (
    "fit_mmrm", "fit_random_effects", "compare_imputed", "compare_response_rates",
    "describe_missing_visits", "describe_time_to_response",
)  # fmt: skip
"""Analyses whose single groups are arms."""


def people_of(count: int) -> str:
    """Return a number of people: ``1 person``, ``12 people``."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def people(result: "Result") -> str:
    """Return how many people a result is of."""
    return people_of(result.n_total) if result.n else "a number of people that is not given"


def group_people(result: "Result", group: str) -> str:
    """Return one group in words: ``the 5 people who responded``."""
    who = _WHO.get(group, f"in group “{spaced(group)}”")
    if group not in result.n:
        return f"the people {who}"
    count = result.n[group]
    return f"the {people_of(count)} {who}"


def whom(result: "Result") -> str:
    """Return the people that a description is of: all, or the one group."""
    group = result.groups[0] if len(result.groups) == 1 else "all"
    is_group = group in _WHO or (group in result.n and group not in _EVERYBODY)
    is_arm = is_group and (group in _WHO or result.analysis in _OF_ARMS)
    return group_people(result, group) if is_arm else people(result)


def measure(result: "Result") -> str:
    """Return what was measured: a scale is a score, a marker is itself."""
    return score_of(result.marker, result.label)


def score_of(name: str, label: str) -> str:
    """Return a marker's label, with ``the … score`` about a rating scale."""
    return f"the {label} score" if name in ALL_SCALES else label


def quantity(result: "Result") -> str:
    """Return what was analysed as the subject of a sentence."""
    words = quantity_words(result, measure(result))
    return f"the {words}" if is_of_change(result) else words
