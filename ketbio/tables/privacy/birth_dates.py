"""Columns of dates under another name that can only be dates of birth.

Two signs, each enough: the dates are spread over 20 years or more and end 10 years ago or earlier;
or they lie 5 years or more before another date of the same row, in every row. What a name such as
``onset_date`` or ``visit_date`` calls something else is left alone, and so are the schema's dates.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from statistics import median

from ketbio.tables.privacy.cell_words import DATE
from ketbio.tables.privacy.columns import Column
from ketbio.tables.privacy.header_words import header_words
from ketbio.tables.privacy.masks import OLD_DAY
from ketbio.tables.records.days import EARLIEST_YEAR, is_history, read_day

_LEAST_DATES, _SHARE_OF_DATES = 3, 0.8
_YOUNGEST, _YEARS_FROM_OTHERS = 2015, 10
_SPREAD_YEARS, _YEARS_AGO, _YEARS_BEFORE, _OLDEST = 20, 10, 5, 1900
_EVENT_WORDS = """
visit rating consent enrol enrolled enrolment enrollment onset diagnosis diagnosed sample sampling
collection collected assay expiry exp expires random randomised randomized randomisation
randomization dose dosing treatment scan admission admitted discharge withdrawal withdraw withdrawn
start end stop visita visite consulta besuch aufnahme inclusion interview assessment test run gel
plate timestamp entry death episode surgery
"""
_EVENTS = frozenset(_EVENT_WORDS.split())


def birth_columns(
    header: Sequence[str], columns: Mapping[int, Column], dates: Collection[str]
) -> Iterator[int]:
    """Return the places of the columns whose dates can only be dates of birth.

    Parameters
    ----------
    header : sequence of str
        All column names.
    columns : mapping of int to Column
        Place → column, of those to look at.
    dates : collection of str
        Columns that hold dates of the study.
    """
    years = {place: found for place, one in columns.items() if (found := _years(one))}
    for place, own in years.items():
        name = header[place]
        if name in dates or _EVENTS & set(header_words(name)):
            continue
        if _is_spread(own.values()) or any(
            _is_long_before(own, other) for at, other in years.items() if at != place
        ):
            yield place


def without_old_days(
    rows: Sequence[Sequence[str]], header: Sequence[str], dates: Collection[str]
) -> tuple[tuple[str, ...], ...]:
    """Return rows whose days that may be of birth are masked, in columns of the study's days.

    A day of a year in which a participant can be born, before any study of today or ten years
    before the other days of the column.

    Examples
    --------
    >>> without_old_days([["1987-03-14"], ["2026-01-31"]], ["rating_date"], ["rating_date"])
    (('[not shown, a day long ago]',), ('2026-01-31',))
    """
    masked = [list(cells) for cells in rows]
    for place, name in enumerate(header):
        if name not in dates or is_history(name):
            continue
        years = {cell: year for cell in {c[place] for c in rows} if (year := _year(cell.strip()))}
        usual = median([years[c[place]] for c in rows if c[place] in years]) if years else 0
        for cells in masked:
            year = years.get(cells[place], 0)
            is_far = usual - year >= _YEARS_FROM_OTHERS or year < EARLIEST_YEAR
            if _OLDEST <= year <= _YOUNGEST and is_far:
                cells[place] = OLD_DAY
    return tuple(map(tuple, masked))


def _year(cell: str) -> int:
    if found := DATE.fullmatch(cell):
        return int(found["first"] or found["last"])
    day = read_day(cell)
    return day.year or (day.value.year if day.value else 0)


def _years(column: Column) -> dict[int, int]:
    """Return row → year of a column of dates, nothing for other columns."""
    years = {
        word: int(match["first"] or match["last"])
        for word in column.suspects
        if (match := DATE.fullmatch(word))
    }
    if len(years) < max(_LEAST_DATES, _SHARE_OF_DATES * len(column.words)):
        return {}
    cells = ((i, cell.strip()) for i, cell in enumerate(column.cells))
    return {i: years[cell] for i, cell in cells if cell in years}


def _is_spread(years: Collection[int]) -> bool:
    first, last = min(years), max(years)
    is_past = first >= _OLDEST and last <= dt.datetime.now(dt.UTC).year - _YEARS_AGO
    return is_past and last - first >= _SPREAD_YEARS


def _is_long_before(own: Mapping[int, int], other: Mapping[int, int]) -> bool:
    gaps = [other[i] - year for i, year in own.items() if i in other]
    return len(gaps) >= _LEAST_DATES and min(gaps) >= _YEARS_BEFORE and min(own.values()) >= _OLDEST
