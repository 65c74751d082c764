"""The appendix of a report: every row of ``tidy(results)``, so that each number has a place."""

from collections.abc import Mapping

from ketbio.report.markdown import Markdown, anchor, markdown_table
from ketbio.report.result_cells import estimate_text, method_text, p_value_text
from ketbio.report.row_numbers import row_identifier
from ketbio.result import Result

DIGITS = 6
"""Significant digits of the appendix: more than a sentence has, to trace and compare by."""


def results_table(rows: Mapping[Result, int]) -> Markdown:
    """Return every row of ``tidy(results)`` as a table; each row is what links of the report reach.

    Parameters
    ----------
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    Markdown
        Empty where there are no results.

    Examples
    --------
    >>> results_table({}) == ""
    True
    """
    if not rows:
        return Markdown()
    return markdown_table(
        [_row(result, number) for result, number in rows.items()],
        headings=["Row", "Analysis", "Marker and outcome", "Participants", "Quantity", "Estimate",
                  "Test", "Method"],
        caption=f"Every row of tidy(results), to {DIGITS} significant digits; companions follow "
        "the result that they belong to",
        identifier="table-results",
        classes=("stub", "long"),
    )  # fmt: skip


def _row(result: Result, number: int) -> list[object]:
    return [
        anchor(number, identifier=row_identifier(number)),
        f"{result.analysis.replace('_', ' ')}, {result.role}",
        f"{result.label}, {result.outcome}" if result.outcome else result.label,
        ", ".join(f"{group} {count}" for group, count in result.n.items()),
        result.estimate_name,
        estimate_text(result, digits=DIGITS),
        p_value_text(result),
        method_text(result),
    ]
