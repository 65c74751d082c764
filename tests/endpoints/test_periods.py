"""`derive_periods`: a long table of a crossover, and what contradicts itself in one."""

import pandas as pd
import pytest

from ketbio.endpoints import derive_periods
from ketbio.errors import TableError

ROWS = [
    ("P1", "KS", 1, "K", 12.0, 30.0), ("P1", "KS", 2, "S", 20.0, 28.0),
    ("P2", "SK", 1, "S", 25.0, 31.0), ("P2", "SK", 2, "K", 14.0, 29.0),
]  # fmt: skip
COLUMNS = ["participant_id", "sequence", "period", "treatment", "madrs", "before"]


def table(rows=ROWS):
    return pd.DataFrame(rows, columns=COLUMNS)


def derived(rows=ROWS, **options):
    return derive_periods(table(rows), marker="MADRS", value="madrs", **options)


def changed(place, **cells):
    """The table with other cells in one row."""
    rows = table().astype(object)
    for name, value in cells.items():
        rows.loc[place, name] = value
    return rows


def test_rows_become_visits_of_periods():
    found = derived(baseline="before", unit="points")
    assert found.sequences == {"KS": ["K", "S"], "SK": ["S", "K"]}
    assert found.periods == [
        {"outcome": "period_1", "baseline": "period_1_baseline"},
        {"outcome": "period_2", "baseline": "period_2_baseline"},
    ]
    values = found.endpoints.set_index(["participant_id", "visit"])["value"]
    assert values["P2", "period_2"] == 14
    assert values["P2", "period_2_baseline"] == 29
    assert found.participants.to_dict("list") == {
        "participant_id": ["P1", "P2"], "sequence": ["KS", "SK"],
    }  # fmt: skip


def test_the_order_of_rows_and_the_period_as_text_change_nothing():
    shuffled = table().iloc[[3, 0, 2, 1]].astype({"period": "str"})
    found = derive_periods(shuffled, marker="MADRS", value="madrs")
    assert found.sequences["KS"] == ["K", "S"]


def test_without_a_sequence_it_is_named_by_the_treatments():
    assert list(derived(sequence=None).sequences) == ["K–S", "S–K"]


def test_who_missed_a_period_is_kept_with_what_was_planned():
    found = derived([*ROWS[:3], ("P3", "SK", 1, "S", 22.0, 30.0), ("P3", "SK", 2, "K", 9.0, 27.0)])
    assert found.sequences["SK"] == ["S", "K"]
    assert list(found.participants["participant_id"]) == ["P1", "P2", "P3"]


WRONG = {
    "period as text": (changed(0, period="first"), "column 'period' holds 'first'; the number of"),
    "half a period": (changed(0, period=1.5), "column 'period' holds 1.5; the number of the"),
    "a gap": (table().assign(period=lambda rows: rows["period"] * 2 - 1),
              "has no row of period 2; number the periods"),
    "twice": (changed(1, period=1, treatment="K"), "P1 has two rows of period 1"),
    "two sequences": (changed(1, sequence="SK"), "P1 is in the sequences 'KS' and 'SK'"),
    "not as labelled": (pd.concat([table(), table([("P3", "KS", 1, "S", 1.0, 2.0)])]),
                        "P3 of sequence 'KS' received 'S' in period 1, and P1 of the same"),
    "same treatment": (table().assign(treatment="K"), "sequence 'KS' has the treatment 'K'"),
    "nobody there": (table(ROWS[:3]), "nobody of sequence 'SK' has a row of period 2"),
    "no treatment": (changed(2, treatment=None), "column 'treatment' is empty in row 3"),
    "text for numbers": (table().assign(madrs="high"), "column 'madrs' holds str, not numbers"),
    "yes or no for numbers": (table().assign(madrs=True), "column 'madrs' holds bool, not numbers"),
    "spelt in two ways": (changed(3, treatment="k "), "holds 'K' and 'k ', which differ in case"),
    "no column": (table().drop(columns="treatment"), "table has no column 'treatment'"),
    "a column twice": (pd.concat([table(), table()[["madrs"]]], axis=1),
                       "table has the column 'madrs' twice; keep one"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_contradicts_itself_is_one_sentence(case):
    rows, sentence = WRONG[case]
    with pytest.raises(TableError, match=sentence) as refused:
        derive_periods(rows, marker="MADRS", value="madrs")
    assert "\n" not in str(refused.value)


def test_an_incomplete_participant_without_a_sequence_is_refused():
    with pytest.raises(TableError, match="P2 has no row of every period"):
        derived(ROWS[:3], sequence=None)
