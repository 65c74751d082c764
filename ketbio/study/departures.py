"""What a run itself departs from: planned rows, tests and markers that did not come to pass."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import isnan

from ketbio.result import Result
from ketbio.study.expected import EXPECTED
from ketbio.study.plan import AnalysisPlan
from ketbio.study.run import StudyRun
from ketbio.study.runners import RUNNERS
from ketbio.vocabulary import MARKER, VALUE
from ketbio.wording import count_of, join_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One thing that did not go as planned.

    Attributes
    ----------
    sentence : str
        What was planned and what was done.
    results : tuple of Result
        Those that it concerns.
    """

    sentence: str
    results: tuple[Result, ...] = ()


def run_departures(run: StudyRun) -> tuple[Departure, ...]:
    """Return what a run departs from, whatever the plan says of it.

    Parameters
    ----------
    run : StudyRun
        As `analyse_study` returns it.

    Returns
    -------
    tuple of Departure
        Rejected rows, markers without a value, tests that could not be made, tests that were drawn
        instead of counted, directions taken from earlier reports.
    """
    return tuple(one for find in FINDERS for one in find(run))


def stated_departures(results: Iterable[Result]) -> Iterator[Departure]:
    """Give what the plan says of single analyses, once each, with the results it is said of."""
    concerned: dict[str, list[Result]] = {}
    for result in results:
        if result.deviation:
            concerned.setdefault(result.deviation, []).append(result)
    for sentence, found in concerned.items():
        yield Departure(sentence=sentence, results=tuple(found))


def _rejected_rows(run: StudyRun) -> Iterator[Departure]:
    for check in run.checks:
        n_rejected = len(check.rejected)
        if n_rejected:
            yield Departure(
                sentence=f"{count_of(n_rejected, 'row')} of the {check.n_incoming:,} that came in "
                f"with the table {check.table} {'was' if n_rejected == 1 else 'were'} rejected and "
                "left out, though planned for analysis."
            )


def _markers_without_values(run: StudyRun) -> Iterator[Departure]:
    if MARKER not in run.endpoints:
        return
    known = set(run.endpoints.loc[run.endpoints[VALUE].notna(), MARKER])
    for marker in run.study.markers:
        if marker.name not in known:
            yield Departure(
                sentence=f"{marker.label} was planned as a marker; no value of it could be derived."
            )


def _not_computed(run: StudyRun) -> Iterator[Departure]:
    for result in _planned(run):
        if isnan(result.estimate) and isnan(result.effect_size) and isnan(result.p_value):
            why = f" {result.warnings[0]}" if result.warnings else ""
            yield Departure(
                sentence=f"{result.label}, {result.outcome}: planned, and not estimated.{why}",
                results=(result,),
            )


def _drawn(run: StudyRun) -> Iterator[Departure]:
    drawn: dict[str, list[Result]] = {}
    for result in _planned(run):
        if not result.is_exact and not isnan(result.p_interval[0]):
            drawn.setdefault(result.p_method, []).append(result)
    for method, results in drawn.items():
        yield Departure(
            sentence="The arrangements were too many to count all of them, as an exact test does; "
            f"p was drawn ({method}).",
            results=tuple(results),
        )


def _expected_directions(run: StudyRun) -> Iterator[Departure]:
    for plan in run.study.analyses:
        if plan.options.get("alternative") != EXPECTED:
            continue
        made = tuple(result for result in _planned(run) if _is_of(result, plan))
        directions = join_words(dict.fromkeys(result.alternative for result in made))
        yield Departure(
            sentence=f'The plan names no direction for {plan.kind} but alternative = "{EXPECTED}": '
            f"it was taken from earlier reports ({directions or 'nothing was tested'}).",
            results=made,
        )


def _planned(run: StudyRun) -> Iterator[Result]:
    return (result for result in run.results if result.analysis in RUNNERS)


def _is_of(result: Result, plan: AnalysisPlan) -> bool:
    asked = (result.analysis, result.title, result.aim) == (plan.kind, plan.title, plan.aim)
    return asked and result.marker in plan.options["markers"]


FINDERS: tuple[Callable[[StudyRun], Iterator[Departure]], ...] = (
    _rejected_rows,
    _markers_without_values,
    _not_computed,
    _drawn,
    _expected_directions,
)
"""What is looked for, in the order in which it is told."""
