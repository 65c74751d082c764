"""What has to be said of correlated pairs of markers: of their sources, and of all together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ketbio.analyses.limits import IMPROVEMENT, UNCONTROLLED
from ketbio.analyses.values import MarkerValues
from ketbio.result import Result
from ketbio.vocabulary import SCALES
from ketbio.wording import count_of

BRIEF_FROM = 16
"""From so many pairs on nobody is left out in turn, and no second correlation is made: that would
take minutes, and nobody reads it."""
BRIEF = (
    "One of {count}: with so many, the correlation was not repeated with each participant left out "
    "in turn, nor by another method."
)
SAME_TABLE = (
    "Both come from the table {table!r}: a denominator, a loading control, a gel or a plate that "
    "they share makes them go together by itself (mathematical coupling)."
)
ONE_FROM_THE_OTHER = (
    "The correlation is perfect: one of the two may be computed from the other, or measured twice."
)
NOT_THE_SAME_PEOPLE = (
    "The pairs of markers rest on {low} to {high} participants, each on those who have both: their "
    "correlations are not of the same people, and together need not form a correlation matrix."
)
MANY = (
    "One of {count}, explored together: which of them are the largest is partly chance, and the "
    "largest are overestimated."
)


def of_measure(pair: tuple[MarkerValues, MarkerValues], measure: str) -> tuple[str, ...]:
    """Return what holds for changes only: which way is better, and that nothing was controlled."""
    if measure != "change":
        return ()
    rated = [one.marker for one in pair if one.marker in SCALES]
    better = (IMPROVEMENT.format(outcome=rated[0]),) if len(rated) == 1 else ()
    return (*better, UNCONTROLLED)


def told_together(results: Sequence[Result], tables: Mapping[str, str]) -> list[Result]:
    """Return the results with what can only be said of a pair's sources, or of all pairs."""
    sizes = [one.n["pairs"] for one in results]
    together = []
    if min(sizes) != max(sizes):
        together.append(NOT_THE_SAME_PEOPLE.format(low=min(sizes), high=max(sizes)))
    if len(results) > 2:
        together.append(MANY.format(count=count_of(len(results), "pair")))
    if len(results) >= BRIEF_FROM:
        together.append(BRIEF.format(count=count_of(len(results), "pair")))
    return [
        replace(one, warnings=(*one.warnings, *_coupled(one, tables), *together)) for one in results
    ]


def _coupled(result: Result, tables: Mapping[str, str]) -> tuple[str, ...]:
    first, second = (tables.get(name, "") for name in result.groups)
    shared = first if first == second else ""
    return (
        *((SAME_TABLE.format(table=shared),) if shared else ()),
        *((ONE_FROM_THE_OTHER,) if abs(result.estimate) == 1 else ()),
    )
