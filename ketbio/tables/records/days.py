"""Text cells → days of the calendar; a day that can be read in two ways is never guessed."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ketbio.tables.phrases import date_order_hint, quoted
from ketbio.tables.privacy.masks import OLD_DAY
from ketbio.tables.records.month_names import month_of

EARLIEST_YEAR = 1990
"""Days before this year are refused: no study of today rated anybody then."""
_FIRST_BIRTH = 1900
_HISTORY = re.compile(r"(?i)onset|diagnos|first|history|since|begin|beginn|inicio|début|episode")
DATE_ORDERS = {"dmy": "day first", "mdy": "month first"}
"""How the numbers of a day may be ordered, and what that is called."""
WRITE_ISO = "write the date as year-month-day, for instance 2026-01-31."

_TIME = r"(?:[T ,]+(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?))?"
_ISO = re.compile(rf"(?P<y>[0-9]{{4}})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}}){_TIME}")
_YEAR_FIRST = re.compile(
    rf"(?P<y>[0-9]{{4}})(?P<sep>[-/.])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<d>[0-9]{{1,2}}){_TIME}"
)
_NUMBERS = re.compile(
    r"(?P<a>[0-9]{1,2})(?P<sep>\s*[-/.]\s*|\s+)(?P<b>[0-9]{1,2})(?P=sep)(?P<y>[0-9]{4})" + _TIME
)
_DAY_NAME = re.compile(
    r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th|er|º|\.)?[\s./-]*(?:de\s+|of\s+)?(?P<name>[^\W\d_]{3,12})\.?"
    r"(?:[\s,./-]*|\s+de\s+)(?P<y>[0-9]{4})" + _TIME,
    re.IGNORECASE,
)
_NAME_DAY = re.compile(
    r"(?P<name>[^\W\d_]{3,12})\.?[\s./-]+(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[\s,./-]+(?P<y>[0-9]{4})"
    + _TIME,
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/. ]+(?:[0-9]{1,2}|[^\W\d_]{3,12}\.?)[-/. ,]+'?[0-9]{2}")
_SERIAL = re.compile(r"(?P<days>[2-6][0-9]{4})(?:[.,][0-9]+)?")
_RUN_TOGETHER = re.compile(r"[0-9]{8}")
_SERIAL_ZEROS = (dt.date(1899, 12, 30), dt.date(1904, 1, 1))


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
    order : str
        ``"dmy"`` or ``"mdy"`` where the numbers can be in that order only; ``"either"`` where they
        make two different days; else empty.
    is_iso : bool
        Whether it was written as year-month-day.
    year : int
        Of a day that is refused for its year, 0 for any other.
    """

    value: dt.datetime | None = None
    problem: str = ""
    doubt: str = ""
    order: str = ""
    is_iso: bool = False
    year: int = 0


def is_history(column: str) -> bool:
    """Return whether a column's name says that its days may be long before the study.

    Examples
    --------
    >>> is_history("onset_date"), is_history("rating_date")
    (True, False)
    """
    return bool(_HISTORY.search(column))


def read_day(cell: str, *, order: str | None = None, is_past: bool = False) -> Day:
    """Return the day that a cell names.

    Parameters
    ----------
    cell : str
        Trimmed text; a time of the day is left out and said.
    order : {"dmy", "mdy"}, optional
        How days written in numbers are ordered. Without it only those are read that are a day of
        the calendar in one order only, or the same day in both.
    is_past : bool
        Whether a day long ago may be meant: it is asked about, and not refused.

    Examples
    --------
    >>> read_day("2026-01-31").value
    datetime.datetime(2026, 1, 31, 0, 0)
    >>> read_day("31/01/2026").value == read_day("31. Januar 2026").value == read_day(
    ...     "Jan 31, 2026").value
    True
    >>> read_day("05/01/2026").order, read_day("05/01/2026", order="dmy").value
    ('either', datetime.datetime(2026, 1, 5, 0, 0))
    """
    if not cell:
        return Day()
    if cell == OLD_DAY:
        return Day(problem=_OLD_WORDS)
    for form, read in _FORMS:
        if found := form.fullmatch(cell):
            day = read(cell, found, order)
            return day if is_past or day.value is None else _of_today(cell, day)
    return Day(problem=_unread_words(cell))


def _iso(cell: str, found: re.Match[str], _order: str | None) -> Day:
    return _made(cell, found, int(found["m"]), int(found["d"]), is_iso=True)


def _year_first(cell: str, found: re.Match[str], _order: str | None) -> Day:
    return _made(cell, found, int(found["m"]), int(found["d"]))


def _named(cell: str, found: re.Match[str], _order: str | None) -> Day:
    month = month_of(found["name"])
    if not month:
        return Day(problem=f"is {quoted(cell)}; {found['name']!r} is no month; {WRITE_ISO}")
    return _made(cell, found, month, int(found["d"]))


def _numbers(cell: str, found: re.Match[str], order: str | None) -> Day:
    a, b, year = int(found["a"]), int(found["b"]), int(found["y"])
    days = {"dmy": _day(year, b, a), "mdy": _day(year, a, b)}
    possible = [name for name, day in days.items() if day is not None]
    if not possible:
        return Day(problem=_no_day(cell))
    only = possible[0] if len(possible) == 1 else ""
    if order and only and only != order:
        return Day(
            order=only,
            problem=f"is {quoted(cell)}, {DATE_ORDERS[only]}, but date_order is {order!r}; correct "
            "the cell or date_order.",
        )
    if not only and not order and a != b:
        return Day(order="either", problem=_two_ways(cell, days))
    month, day = (b, a) if (order or only) == "dmy" else (a, b)
    return _made(cell, found, month, day, order=only)


_FORMS: Sequence[tuple[re.Pattern[str], Callable[[str, re.Match[str], str | None], Day]]] = (
    (_ISO, _iso),
    (_YEAR_FIRST, _year_first),
    (_NUMBERS, _numbers),
    (_DAY_NAME, _named),
    (_NAME_DAY, _named),
)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _made(
    cell: str, found: re.Match[str], month: int, day: int, *, order: str = "", is_iso: bool = False
) -> Day:
    made = _day(int(found["y"]), month, day)
    if made is None or not _is_time(found["time"]):
        return Day(problem=_no_day(cell))
    value = dt.datetime.combine(made, dt.time())
    return Day(value=value, doubt=_doubt(cell, made, found["time"]), order=order, is_iso=is_iso)


def _is_time(written: str | None) -> bool:
    if not written:
        return True
    hours, minutes, *seconds = written.split(":")
    return int(hours) < 24 and int(minutes) < 60 and float(seconds[0] if seconds else 0) < 60


_OLD_WORDS = (
    f"is a day before {EARLIEST_YEAR}, or long before the other days of the column, and is not "
    "shown: is it a date of birth? Write the day that the column asks for, and no date of birth."
)


def _of_today(cell: str, day: Day) -> Day:
    """Refuse a day on which no study of today can have been."""
    year = day.value.year if day.value else EARLIEST_YEAR
    if year >= EARLIEST_YEAR:
        return day
    wrong = f"is {quoted(cell)}, a day before {EARLIEST_YEAR}; correct the year."
    return Day(problem=_OLD_WORDS if year >= _FIRST_BIRTH else wrong, order=day.order, year=year)


def _doubt(cell: str, day: dt.date, time: str | None) -> str:
    if day > dt.date.today():
        return f"is {quoted(cell)}, a day that has not come yet; correct it if it is wrong."
    if day.year < EARLIEST_YEAR:
        return f"is {quoted(cell)}, a day before {EARLIEST_YEAR}; correct it if it is wrong."
    if time and time.strip("0:."):
        return f"is {quoted(cell)}; the time was left out, the day is kept."
    return ""


# -- what is said of a cell that names no day -------------------------------------------------
def _no_day(cell: str) -> str:
    return f"is {quoted(cell)}, which is not a day of the calendar; correct it."


def _two_ways(cell: str, days: Mapping[str, dt.date | None]) -> str:
    ways = " or ".join(f"{day:%Y-%m-%d}" for day in days.values() if day is not None)
    return f"is {quoted(cell)}, which may be {ways}; {date_order_hint()}, or {WRITE_ISO}"


def _unread_words(cell: str) -> str:
    if _SHORT_YEAR.fullmatch(cell):
        return f"is {quoted(cell)}, whose year has two digits; {WRITE_ISO}"
    if serial := _SERIAL.fullmatch(cell):
        after = dt.timedelta(days=int(serial["days"]))
        usual, other = ((zero + after).isoformat() for zero in _SERIAL_ZEROS)
        return (
            f"is {quoted(cell)}, a number; if it is the day number of a spreadsheet it stands for "
            f"{usual} (for {other} where the workbook counts from 1904). Format the cells as dates "
            "there and save the file again."
        )
    if _RUN_TOGETHER.fullmatch(cell):
        return f"is {quoted(cell)}, eight digits without signs between them; {WRITE_ISO}"
    return f"is {quoted(cell)}; {WRITE_ISO}"
