"""Ratings: items, totals, duplicates, visits, participants."""

import pandas as pd
import pytest

from ketbio.errors import ValidationError
from ketbio.tables import Check, check_table, read_table
from ketbio.vocabulary import MADRS_ITEMS, MAX_PRORATED_ITEMS, SCALES

VISITS = ["baseline", "day_7", "day_14"]


def ratings(*lines: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{"participant_id": "P01", "visit": "baseline", **line} for line in lines])


def full(total: int | None = None, **items: object) -> dict[str, object]:
    """Return a rating with all ten items at 1 but for those given."""
    line: dict[str, object] = {**dict.fromkeys(MADRS_ITEMS, 1), **items}
    return {**line, "madrs_total": 10 if total is None else total}


def said(check: Check) -> list[str]:
    return check.complaints["message"].tolist()


def test_a_clean_table():
    check = check_table(ratings(full(), full() | {"visit": "day_7"}), "madrs", visits=VISITS)
    assert check.ok
    assert not said(check)
    assert list(check.accepted)[:2] == ["participant_id", "visit"]
    assert check.counts() == {"safety": 0, "error": 0, "warning": 0}


def test_an_item_of_7():
    check = check_table(ratings(full(16, lassitude=7)), "madrs")
    assert said(check) == [
        "lassitude is 7; allowed: a whole number from 0 to 6. Correct it, or leave it empty if it "
        "is not known."
    ]
    assert check.complaints[["row", "column", "value", "rule"]].to_numpy().tolist() == [
        [2, "lassitude", "7", "range"]
    ]
    assert len(check.rejected) == 1


def test_half_an_item_is_one_complaint():
    assert said(check_table(ratings(full(lassitude="6.5")), "madrs")) == [
        "lassitude is 6.5; allowed: a whole number from 0 to 6. Correct it, or leave it empty if "
        "it is not known."
    ]
    assert check_table(ratings(full(lassitude="1.0")), "madrs").ok


def test_a_total_that_is_not_the_sum():
    check = check_table(ratings(full(12)), "madrs")
    assert said(check) == [
        "madrs_total is 12, but its 10 items add up to 10; correct the total or the item that is "
        "wrong."
    ]
    assert len(check.rejected) == 1


def test_a_total_that_the_items_cannot_give():
    line = full(30) | {"lassitude": None, "reduced_sleep": None}
    assert said(check_table(ratings(line), "madrs")) == [
        "madrs_total is 30, but the 8 items that are there allow 8 to 20; correct the total or the "
        "item that is wrong."
    ]
    assert check_table(ratings(line | {"madrs_total": 20}), "madrs").ok


def test_neither_items_nor_total():
    assert said(check_table(ratings({"rater_id": "R1"}), "madrs")) == [
        "The row has none of apparent_sadness … suicidal_thoughts or madrs_total; fill in what was "
        "recorded, or leave the row out."
    ]


def test_too_few_items_without_a_total_are_a_warning():
    few = dict.fromkeys(MADRS_ITEMS[:7], 1)
    check = check_table(ratings(few), "madrs")
    assert check.ok
    assert said(check) == [
        "7 of 10 items and no total; with more than 2 items missing there will be no total. Fill "
        "in what was recorded."
    ]
    assert not said(check_table(ratings(few | {MADRS_ITEMS[7]: 1}), "madrs"))


def test_a_duplicate_rating_names_and_rejects_both():
    lines = ratings(full(), full() | {"visit": "day_7"}, full(11, lassitude=2))
    check = check_table(lines, "madrs")
    message = (
        "2 ratings of the same participant and visit (P01, baseline): rows 2 and 4, which "
        "differ in lassitude and madrs_total; one is allowed. Keep the right one and delete the "
        "rest."
    )
    assert said(check) == [message, message]
    assert check.complaints["row"].tolist() == [2, 4]
    assert check.rejected["row"].tolist() == [2, 4]


def test_a_visit_that_the_study_does_not_name():
    check = check_table(ratings(full() | {"visit": "dy_14"}), "madrs", visits=VISITS)
    assert said(check) == [
        "visit is 'dy_14'; allowed: 'baseline', 'day_7', 'day_14'. Did you mean 'day_14'? "
        "Correct it, or recode it under values in the study file: "
        'values = { visit = { "dy_14" = "day_14" } }.'
    ]


def test_an_orphan_participant():
    check = check_table(ratings(full()), "madrs", participants=["P02", "P11"])
    assert said(check) == [
        "participant_id is 'P01', who is not in the participants table. "
        "Correct it, or add the participant there."
    ]


def test_an_empty_key():
    assert said(check_table(ratings(full() | {"visit": None}), "madrs")) == [
        "visit is empty; every row needs it. Fill it in."
    ]


def test_an_unread_cell_is_said_once():
    check = check_table(ratings({"madrs_total": "12,5"}), "madrs")
    assert said(check) == [
        "madrs_total is '12,5', written with a decimal comma; set decimal = ',' "
        "(--decimal , on the command line) or write 12.5."
    ]


def test_everything_is_said_at_once_errors_before_warnings():
    lines = ratings(
        dict.fromkeys(MADRS_ITEMS[:7], 1),
        full(12) | {"visit": "day_7"},
        full(16, lassitude=7) | {"visit": "x"},
        full(14, suicidal_thoughts=5) | {"visit": "day_14"},
    )
    check = check_table(lines, "madrs", visits=VISITS)
    assert check.complaints[["severity", "row", "rule"]].to_numpy().tolist() == [
        ["safety", 5, "suicidality"],
        ["error", 3, "total_is_sum"],
        ["error", 4, "known_visit"],
        ["error", 4, "range"],
        ["warning", 2, "enough_items"],
    ]
    assert check.accepted_rows.tolist() == [2, 5]


def test_read_table_raises_one_error_that_lists_all():
    lines = ratings(full(12), full(16, lassitude=7) | {"visit": "day_7"})
    with pytest.raises(ValidationError) as caught:
        read_table(lines, "madrs")
    assert str(caught.value).splitlines() == [
        "madrs: 2 records, 0 accepted, 2 rejected; 0 safety complaints, 2 errors, 0 warnings.",
        "table madrs, row 2: madrs_total is 12, but its 10 items add up to 10; correct the total "
        "or the item that is wrong.",
        "table madrs, row 3: lassitude is 7; allowed: a whole number from 0 to 6. Correct it, or "
        "leave it empty if it is not known.",
    ]
    assert len(caught.value.check.complaints) == 2


def test_read_table_spells_out_a_hundred_errors_and_counts_the_rest():
    # A rating twice over is told of each of the two rows.
    lines = ratings(*({"visit": f"v{n // 2}", "madrs_total": 20} for n in range(206)))
    with pytest.raises(ValidationError, match=r"… and 106 more errors in \.check\.$"):
        read_table(lines, "madrs")


def test_the_schema_and_the_vocabulary_say_the_same():
    contract = check_table(ratings(full()), "madrs").accepted
    assert list(contract)[4:] == [*MADRS_ITEMS, SCALES["MADRS"].total]
    enough = check_table(ratings(dict.fromkeys(MADRS_ITEMS[MAX_PRORATED_ITEMS:], 1)), "madrs")
    assert not said(enough)
