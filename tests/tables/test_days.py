"""Days as sites write them: read where there is one reading, asked about where there are two."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import SchemaError
from ketbio.tables import check_table
from ketbio.tables.records.date_columns import read_days
from ketbio.tables.records.days import read_day
from ketbio.tables.records.month_names import month_of

DAYS = st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2026, 1, 1))
THE_31ST = dt.datetime(2026, 1, 31)


def column(*cells: str, order: str | None = None):
    return read_days(cells, range(2, len(cells) + 2), order=order)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-31", "2026/01/31", "2026.1.31", "31/01/2026", "01/31/2026", "31.01.2026",
        "31-01-2026", "31 01 2026", "31-Jan-2026", "31JAN2026", "31 Jan. 2026", "Jan 31, 2026",
        "January 31st, 2026", "31 January 2026", "31 de enero de 2026", "31 de janeiro de 2026",
        "31. Januar 2026", "31 janvier 2026", "31/jan/2026", "31 janv. 2026", "31-01-2026 00:00",
    ],
)  # fmt: skip
def test_one_reading_is_read(cell):
    assert read_day(cell).value == THE_31ST
    assert not read_day(cell).problem


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("31/01/26", "is '31/01/26', whose year has two digits; write the date as"),
        ("31-Jan-26", "is '31-Jan-26', whose year has two digits; write the date as"),
        ("46053", "is '46053', a number; if it is the day number of a spreadsheet it stands for "
                  "2026-01-31 (for 2030-02-01 where the workbook counts from 1904). Format the "
                  "cells as dates there and save the file again."),
        ("20260131", "is '20260131', eight digits without signs between them; write the date"),
        ("31/02/2026", "is '31/02/2026', which is not a day of the calendar; correct it."),
        ("2026-01-31 25:00", "is '2026-01-31 25:00', which is not a day of the calendar"),
        ("Jan 2026", "is 'Jan 2026'; write the date as year-month-day, for instance 2026-01-31."),
        ("31 Foo 2026", "is '31 Foo 2026'; 'Foo' is no month; write the date as"),
        ("yesterday", "is 'yesterday'; write the date as year-month-day"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_said(cell, said):
    day = read_day(cell)
    assert day.value is None
    assert day.problem.startswith(said)


def test_months_have_names_in_five_languages():
    for names in ("Dec dez dic décembre Dezember", "Aug ago août agosto August"):
        assert len({month_of(name) for name in names.split()}) == 1
    assert month_of("jui") == 0  # juin or juillet
    assert month_of("march") == month_of("März") == month_of("mars") == 3


def test_an_ambiguous_day_is_never_guessed_however_clear_its_neighbours():
    found = column("31/01/2026", "05/01/2026")
    assert found.values == (THE_31ST, None)
    assert found.problems[1] == (
        "is '05/01/2026', which may be 2026-01-05 or 2026-05-01 (row 2 is '31/01/2026', day "
        "first); set date_order = 'dmy' (--date-order dmy on the command line), or write the date "
        "as year-month-day, for instance 2026-01-31."
    )
    alone = column("05/01/2026").problems[0]
    assert alone.endswith(
        "which may be 2026-01-05 or 2026-05-01; set date_order to 'dmy' or 'mdy' (--date-order on "
        "the command line), or write the date as year-month-day, for instance 2026-01-31."
    )
    assert column("05/05/2026").values == (dt.datetime(2026, 5, 5),)


def test_days_that_contradict_each_other_are_all_named():
    found = column("31/01/2026", "01/31/2026", "05/01/2026", "2026-01-31")
    assert found.values == (None, None, None, THE_31ST)
    assert found.problems[0] == (
        "is '31/01/2026', day first, while row 3 is '01/31/2026', month first; one of the two is "
        "wrong: write the date as year-month-day, for instance 2026-01-31."
    )
    assert "date_order" not in found.problems[2]


def test_the_order_that_was_set_is_kept_to():
    found = column("05/01/2026", "31/01/2026", "01/31/2026", order="dmy")
    assert found.values == (dt.datetime(2026, 1, 5), THE_31ST, None)
    assert found.problems[2] == (
        "is '01/31/2026', month first, but date_order is 'dmy'; correct the cell or date_order."
    )
    assert column("05/01/2026", order="mdy").values == (dt.datetime(2026, 5, 1),)


@given(DAYS)
def test_a_day_survives_every_way_of_writing_it(day):
    made = dt.datetime.combine(day, dt.time())
    assert read_day(f"{day:%d/%m/%Y}", order="dmy").value == made
    assert read_day(f"{day:%m/%d/%Y}", order="mdy").value == made
    assert read_day(f"{day.day} {day:%B} {day.year}").value == made
    read = read_day(day.isoformat()).value
    assert read == made
    assert read_day(str(read.date())).value == read


@given(DAYS)
def test_without_an_order_no_day_is_read_wrongly(day):
    read = read_day(f"{day:%d/%m/%Y}").value
    assert read in (None, dt.datetime.combine(day, dt.time()))
    assert (read is None) == (day.day <= 12 and day.day != day.month)


@given(st.text(alphabet="0123456789/.- JanFeb:T,", max_size=14))
def test_a_cell_is_a_day_or_a_problem(cell):
    found = column(cell.strip())
    assert (found.values[0] is None) == bool(found.problems or not cell.strip())


def test_many_ambiguous_days_are_one_complaint():
    days = [f"{n:02}/{n + 1:02}/2025" for n in range(1, 9)]
    ratings = pd.DataFrame(
        {
            "participant_id": [f"P{n:02}" for n in range(9)],
            "visit": "baseline",
            "madrs_total": 20,
            "rating_date": [*days, "2025-01-31"],
        }
    )
    check = check_table(ratings, "madrs")
    assert check.sentences("error") == (
        "table madrs, row 2: rating_date holds days that may be read day first or month first; set "
        "date_order to 'dmy' or 'mdy' (--date-order on the command line), or write the date as "
        "year-month-day, for instance 2026-01-31. This holds for 8 cells (rows 2, 3, 4 and 5 "
        "more).",
    )
    assert (len(check.accepted), len(check.rejected)) == (1, 8)
    ordered = check_table(ratings, "madrs", date_order="mdy")
    assert ordered.ok
    assert "rating_date: 8 days written in another way than year-month-day read." in ordered.notes


def test_an_unknown_order_is_refused():
    with pytest.raises(SchemaError, match="date_order is 'ymd'; allowed: 'dmy', 'mdy'"):
        check_table(pd.DataFrame({"participant_id": ["A"]}), "participants", date_order="ymd")
