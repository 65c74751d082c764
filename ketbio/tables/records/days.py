"""Text cells → days of the calendar."""

import datetime as dt
import re
from dataclasses import dataclass

from ketbio.tables.phrases import quoted

EARLIEST_YEAR = 1990
"""Days before this year are asked about: no study of today rated anybody then."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A cell of a date column, read.

    Attributes
    ----------
    value : datetime or None
        Midnight of the day; None where the cell is empty or could not be read.
    problem : str
        Why it could not be read, to be put after the column's name.
    doubt : str
        What is odd about a day that could be read.
    """

    value: dt.datetime | None = None
    problem: str = ""
    doubt: str = ""


def read_day(cell: str) -> Day:
    """Return the day that a cell names.

    Parameters
    ----------
    cell : str
        Trimmed text, year-month-day; a time of the day is left out and said.

    Examples
    --------
    >>> read_day("2026-01-31").value
    datetime.datetime(2026, 1, 31, 0, 0)
    >>> read_day("31/01/2026").problem
    "is '31/01/2026'; write the date as year-month-day, for instance 2026-01-31."
    """
    if not cell:
        return Day()
    if not _DATE.fullmatch(cell):
        said = "write the date as year-month-day, for instance 2026-01-31."
        return Day(problem=f"is {quoted(cell)}; {said}")
    try:
        moment = dt.datetime.fromisoformat(cell)
    except ValueError:
        return Day(problem=f"is {quoted(cell)}, which is not a day of the calendar; correct it.")
    day = dt.datetime.combine(moment.date(), dt.time())
    return Day(value=day, doubt=_doubt(cell, moment))


def _doubt(cell: str, moment: dt.datetime) -> str:
    if moment.date() > dt.date.today():
        return f"is {quoted(cell)}, a day that has not come yet; correct it if it is wrong."
    if moment.year < EARLIEST_YEAR:
        return f"is {quoted(cell)}, a day before {EARLIEST_YEAR}; correct it if it is wrong."
    if moment.time() != dt.time():
        return f"is {quoted(cell)}; the time was left out, the day is kept."
    return ""
