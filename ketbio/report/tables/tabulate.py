"""`tabulate_participants`, `tabulate_changes`, `tabulate_results`: results → `Table`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ketbio.errors import ReportError
from ketbio.number_formats import NumberFormat
from ketbio.number_formats import number_format as number_format_named
from ketbio.report.laboratory_groups import is_of_laboratory
from ketbio.report.models import MODELS
from ketbio.report.row_numbers import number_rows
from ketbio.report.tables.answer_columns import BETWEEN_GROUPS, Answers
from ketbio.report.tables.answers import answers_table
from ketbio.report.tables.participants import ANALYSIS as PARTICIPANTS
from ketbio.report.tables.participants import participants_table
from ketbio.report.tables.subject import Given, Subject, subject_of
from ketbio.report.tables.table import Table, short_name
from ketbio.result import Result

CHANGES = "compare_visits"


def tabulate_participants(
    results_or_run: Given,
    *,
    number_format: str | NumberFormat = "ketbio",
    differences: bool = True,
) -> Table:
    """Return Table 1: who the participants are, by group, with the groups' differences.

    Each variable has its mean (SD) and median (quartiles), or n (%) per level, and who is missing;
    n is given where it is smaller than the group. Two groups are set against each other by the
    difference with its interval and by the standardised difference, as `summarise_participants`
    computed them. There are no p values, and a note says why.

    Parameters
    ----------
    results_or_run : Study, StudyRun, Result or Results
        With the lines that `summarise_participants` gives; other results are left aside. A `Study`
        is run first.
    number_format : str or NumberFormat
        How numbers are written: ``"ketbio"``, ``"apa"``, ``"ama"``, ``"lancet"`` ….
    differences : bool
        Whether there are columns for the difference of two groups.

    Returns
    -------
    Table
        ``Cell.rows`` names the rows of ``tidy`` that each cell comes from.

    Raises
    ------
    ReportError
        No line of Table 1, or an unknown number format.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.analyses import summarise_participants
    >>> people = pd.DataFrame({"participant_id": ["P01", "P02", "P03"],
    ...                        "age_years": [15.0, 16.0, 14.0]})
    >>> table = tabulate_participants(summarise_participants(people))
    >>> [cell.text for cell in table.rows[1].cells], table.rows[1].cells[1].rows
    (['Mean (SD)', '15.0 (1.00)'], (1,))
    """
    subject = subject_of(results_or_run, caller="tabulate_participants")
    table = _participants(subject, number_format_named(number_format), differences=differences)
    if table is None:
        raise ReportError(
            "There is no Table 1 in these results; describe the participants by "
            "summarise_participants() first."
        )
    return table


def tabulate_changes(
    results_or_run: Given, *, number_format: str | NumberFormat = "ketbio", title: str = ""
) -> Table:
    """Return the visits of the same participants side by side, with the paired difference.

    A line per marker: pairs, mean (SD) at each visit, the paired difference with its interval, and
    the exact p value with what is known of it in footnotes.

    Parameters
    ----------
    results_or_run : Study, StudyRun, Result or Results
        With results of `compare_visits`; others are left aside.
    number_format : str or NumberFormat
        As in `tabulate_participants`.
    title : str
        The caption; from the results where empty.

    Returns
    -------
    Table

    Raises
    ------
    ReportError
        No result of `compare_visits`, or an unknown number format.

    Examples
    --------
    >>> from ketbio.result import Result
    >>> madrs = Result(analysis="compare_visits", marker="MADRS", outcome="day_14 against baseline",
    ...     groups=("day_14", "baseline"), n={"pairs": 10}, estimate=-12.3, ci_low=-18.9,
    ...     ci_high=-5.7, estimate_name="mean change", unit="points", p_value=2 / 1024)
    >>> [cell.text for cell in tabulate_changes(madrs).rows[0].cells]
    ['MADRS, points', '10', '−12.3', '−18.9 to −5.70', '.0020']
    """
    subject = subject_of(results_or_run, caller="tabulate_changes")
    chosen = tuple(one for one in subject.results if one.analysis == CHANGES)
    if not chosen:
        raise ReportError(
            "There is no result of compare_visits() to tabulate; compare two visits first."
        )
    answers = Answers(
        results=chosen,
        rows=number_rows(subject.results),
        house=number_format_named(number_format),
        with_effects=False,
    )
    return _noted(answers_table(answers, name="changes", title=title), subject)


def tabulate_results(
    results_or_run: Given,
    *,
    number_format: str | NumberFormat = "ketbio",
    title: str = "",
    companions: bool = False,
    caveats: bool = False,
) -> Table:
    """Return results as one table: groups, estimate, interval, effect size, p and adjusted p.

    A line per result. Means (SD) or counts of the groups come from its companions. Footnotes say
    how each interval and p value was made, the smallest p value that the design can give and who
    was left out; what holds for all lines stands at the heading or below the table once.

    Parameters
    ----------
    results_or_run : Study, StudyRun, Result or Results
        Results of `compare_responders`, `compare_visits`, `correlate_changes` and their like;
        lines of Table 1 and of the laboratory are left aside.
    number_format : str or NumberFormat
        As in `tabulate_participants`.
    title : str
        The caption; from the results where empty.
    companions : bool
        Whether the answers by other methods stand below each line.
    caveats : bool
        Whether what limits single lines is told in footnotes too.

    Returns
    -------
    Table

    Raises
    ------
    ReportError
        Nothing to tabulate, or an unknown number format.

    Examples
    --------
    >>> from ketbio.result import Result
    >>> bdnf = Result(analysis="correlate_changes", marker="BDNF_serum", outcome="with MADRS",
    ...     groups=("all",), n={"all": 10}, estimate=-0.41, estimate_name="Spearman rho",
    ...     p_value=0.24)
    >>> tabulate_results(bdnf, number_format="apa").frame().iloc[0].tolist()
    ['serum BDNF', '10', '−.410', '.240']
    """
    subject = subject_of(results_or_run, caller="tabulate_results")
    chosen = _answers(subject.results)
    if not chosen:
        raise ReportError("There is no result to tabulate; run an analysis first.")
    answers = Answers(
        results=chosen,
        rows=number_rows(subject.results),
        house=number_format_named(number_format),
        with_companions=companions,
        with_caveats=caveats,
    )
    return _noted(answers_table(answers, name="results", title=title), subject)


def tabulate_all(subject: Subject, *, number_format: str | NumberFormat = "ketbio") -> list[Table]:
    """Return Table 1, then a table for each planned analysis, in the order of the results.

    Parameters
    ----------
    subject : Subject
    number_format : str or NumberFormat

    Raises
    ------
    ReportError
        Nothing to tabulate.
    """
    house = number_format_named(number_format)
    rows = number_rows(subject.results)
    first = _participants(subject, house, differences=True)
    tables = [] if first is None else [first]
    taken = Counter[str]()
    for (analysis, title, *_), found in _families(_answers(subject.results)).items():
        answers = Answers(results=tuple(found), rows=rows, house=house)
        name = short_name(title or analysis)
        taken[name] += 1
        again = f"-{taken[name]}" if taken[name] > 1 else ""
        tables.append(_noted(answers_table(answers, name=name + again), subject))
    if not tables:
        raise ReportError("There is no result to tabulate; run an analysis first.")
    return tables


def _participants(subject: Subject, house: NumberFormat, *, differences: bool) -> Table | None:
    rows = number_rows(subject.results)
    table = participants_table(subject.results, rows, house, differences=differences)
    return None if table is None else _noted(table, subject)


def _answers(results: Sequence[Result]) -> tuple[Result, ...]:
    return tuple(
        one for one in results if one.analysis != PARTICIPANTS and not is_of_laboratory(one)
    )


def _families(results: Sequence[Result]) -> Mapping[tuple[str, ...], list[Result]]:
    """Gather results that make one table: an analysis of the plan between the same groups.

    The contrasts of one model are one table, whatever their visit.
    """
    found: dict[tuple[str, ...], list[Result]] = {}
    for one in results:
        groups = one.groups if one.analysis in BETWEEN_GROUPS else ()
        key = (one.analysis, one.title, one.outcome, one.estimate_name, *groups, *one.n)
        if one.analysis in MODELS:
            key = (one.analysis, one.title, one.marker, one.estimate_name)
        found.setdefault(key, []).append(one)
    return found


def _noted(table: Table, subject: Subject) -> Table:
    return replace(table, notes=(*subject.notes, *table.notes))
