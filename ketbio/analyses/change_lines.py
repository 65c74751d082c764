"""The line through two changes, kept with a correlation for its figure."""

from dataclasses import replace

from ketbio.result import Result
from ketbio.statistics.fitted_line import fitted_line

LINES = ("intercept", "slope")
"""Columns that the leave-one-out table gains."""


def with_lines(result: Result) -> Result:
    """Return a correlation with its least-squares line, and the lines with one left out in turn.

    Parameters
    ----------
    result : Result
        Of `correlate_changes`; ``data`` gains ``fitted`` (y on the line at x), and
        ``leave_one_out`` gains ``intercept`` and ``slope``.
    """
    if not len(result.leave_one_out):
        return result
    line = fitted_line(result.data["x"], result.data["y"])
    lines = dict(zip(LINES, line.left_out.T, strict=True))
    return replace(
        result,
        data=result.data.assign(fitted=line.intercept + line.slope * result.data["x"]),
        leave_one_out=result.leave_one_out.assign(**lines),
    )
