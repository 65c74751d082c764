"""The departures from the plan: from the registered one, those stated, and those of the run."""

from collections.abc import Mapping
from dataclasses import dataclass

from ketbio.report.markdown import Markdown, as_markdown, join_markdown
from ketbio.report.row_numbers import rows_in_brackets
from ketbio.result import Result, Results
from ketbio.study import ReportPlan, StudyRun
from ketbio.study.departures import Departure, run_departures, stated_departures

NOT_REGISTERED = (
    "No registered plan was given: deviations from it cannot be told beyond those named here."
)
NO_PLAN = (
    "This report was written from results alone, without their plan: deviations from it cannot be "
    "told beyond those that the results name."
)
ALIKE = "Visits, response, markers, analyses and seed are as registered in {file}."
HELD_AGAINST = (
    "The plan that was run was held against the one registered in {file}: visits, response, "
    "markers, analyses option by option, and seed. It differs so:"
)


NOTHING_ELSE = (
    "The run itself tells of no other departure: no incoming row was rejected, no planned analysis "
    "was left without an estimate, no exact test had to be drawn, and no direction was taken from "
    "earlier reports."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviations:
    """What a report says of departures from the plan.

    Attributes
    ----------
    sentence : str
        Against what the plan was held, or that it was held against nothing.
    differences : tuple of str
        Where the plan that was run differs from the registered one.
    stated : tuple of Markdown
        Departures that the study file or single results name, the latter with their rows.
    of_run : tuple of Markdown
        Departures that the run tells, each with the rows that it concerns.
    nothing_else : str
        Said where the run tells of none; empty where it does, or where there was no run.
    """

    sentence: str
    differences: tuple[str, ...] = ()
    stated: tuple[Markdown, ...] = ()
    of_run: tuple[Markdown, ...] = ()
    nothing_else: str = ""


def describe_deviations(
    run: StudyRun | None, results: Results, rows: Mapping[Result, int]
) -> Deviations:
    """Return the departures from the plan.

    Parameters
    ----------
    run : StudyRun or None
        None where only results are told.
    results : Results
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    Deviations

    Examples
    --------
    >>> describe_deviations(None, Results(), {}).sentence == NO_PLAN
    True
    """
    by_analysis = tuple(_told(one, rows) for one in stated_departures(results))
    if run is None:
        return Deviations(sentence=NO_PLAN, stated=by_analysis)
    plan = run.study.report
    of_run = tuple(_told(one, rows) for one in run_departures(run))
    return Deviations(
        sentence=_sentence(plan),
        differences=plan.differences,
        stated=(*map(as_markdown, plan.deviations), *by_analysis),
        of_run=of_run,
        nothing_else="" if of_run else NOTHING_ELSE,
    )


def _sentence(plan: ReportPlan) -> str:
    if plan.registered_plan is None:
        return NOT_REGISTERED
    said = HELD_AGAINST if plan.differences else ALIKE
    return said.format(file=plan.registered_plan.name)


def _told(departure: Departure, rows: Mapping[Result, int]) -> Markdown:
    if not departure.results:
        return as_markdown(departure.sentence)
    return join_markdown([departure.sentence, rows_in_brackets(departure.results, rows)])
