"""Table 1 of a report: the same table that `tabulate_participants` makes, as Markdown."""

from collections.abc import Mapping, Sequence

from ketbio.number_formats import number_format
from ketbio.report.markdown import Markdown
from ketbio.report.tables.markdown import table_markdown
from ketbio.report.tables.markdown import table_notes as notes_below
from ketbio.report.tables.participants import ANALYSIS, participants_table
from ketbio.report.tables.table import Table
from ketbio.result import Result

__all__ = ["ANALYSIS", "baseline_table", "table_notes"]


def baseline_table(
    results: Sequence[Result], rows: Mapping[Result, int], house: str = "ketbio"
) -> Markdown:
    """Return Table 1 with variables as rows and groups as columns.

    Parameters
    ----------
    results : sequence of Result
        Those of `summarise_participants`; others are left aside.
    rows : mapping of Result to int
        From `number_rows`.
    house : str
        Number format.

    Returns
    -------
    Markdown
        Empty where there is no line of Table 1.

    Examples
    --------
    >>> baseline_table([], {}) == ""
    True
    """
    table = _table(results, rows, house)
    if table is None:
        return Markdown()
    caption = f"Table 1. {table.title}; rows as in the appendix"
    return table_markdown(table, caption=caption)


def table_notes(
    results: Sequence[Result], rows: Mapping[Result, int], house: str = "ketbio"
) -> tuple[Markdown, ...]:
    """Return what stands below Table 1: what holds for all of it, then its footnotes.

    Parameters
    ----------
    results : sequence of Result
        Those of `summarise_participants`; others are left aside.
    rows : mapping of Result to int
        From `number_rows`.
    house : str
        Number format.

    Returns
    -------
    tuple of Markdown

    Examples
    --------
    >>> table_notes([], {})
    ()
    """
    table = _table(results, rows, house)
    return () if table is None else notes_below(table)


def _table(results: Sequence[Result], rows: Mapping[Result, int], house: str) -> Table | None:
    return participants_table(results, rows, number_format(house))
