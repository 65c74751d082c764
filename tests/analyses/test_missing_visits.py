"""describe_missing_visits: every pattern counted, nobody dropped."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.analyses import describe_missing_visits
from ketbio.analyses.missing_patterns import pattern_kind
from ketbio.endpoints.frames import endpoint_table
from ketbio.errors import TableError

VISITS = ["baseline", "day_1", "day_7"]
PATTERNS = {"P01": "111", "P02": "110", "P03": "101", "P04": "100", "P05": "111", "P06": "011"}


def endpoints(patterns=PATTERNS, visits=VISITS, marker="MADRS", **changes):
    rows = [
        {"participant_id": who, "visit": visit, "marker": marker, "value": 20.0 + place,
         "unit": "points", "scale": "raw"} | changes.get(f"{who}_{visit}", {})
        for who, pattern in patterns.items()
        for place, (visit, mark) in enumerate(zip(visits, pattern, strict=True))
        if mark == "1" or f"{who}_{visit}" in changes
    ]  # fmt: skip
    return endpoint_table(rows)


PEOPLE = pd.DataFrame(
    {
        "participant_id": [f"P{n + 1:02d}" for n in range(8)],
        "arm": ["ketamine", "saline"] * 3 + ["ketamine", None],
    }
)


def counted(result):
    return {
        (one.groups[0], one.estimate_name): (int(one.statistic), one.n_total)
        for one in result.companions
    }


def test_patterns_by_hand_with_those_never_measured():
    found = describe_missing_visits(endpoints(), marker="MADRS", participants=PEOPLE, arm="arm")
    assert (found.statistic, found.n_total, found.estimate) == (2.0, 8, 25.0)
    lines = counted(found)
    assert lines["ketamine", "participants measured at all visits"] == (2, 4)
    assert lines["ketamine", "never measured"] == (1, 4)
    assert lines["ketamine", "intermittent, a gap before a later visit"] == (1, 4)
    assert lines["saline", "dropped out (monotone)"] == (2, 3)
    assert lines["saline", "intermittent, a gap before a later visit"] == (1, 3)
    assert lines["no arm", "never measured"] == (1, 1)
    assert lines["saline", "measured at day 1"] == (2, 3)
    assert lines["saline", "pattern: baseline; missing day 1 and day 7"] == (1, 3)
    assert len(found.data) == 8 * 3
    assert len(found.excluded) == 0
    assert "never measured (2): P07 and P08" in found.warnings[0]
    assert "Without a known arm (1): P08." in found.warnings


def test_without_arms_or_participants_everybody_seen_is_counted():
    found = describe_missing_visits(endpoints(), marker="MADRS")
    assert found.n == {"all": 6}
    assert counted(found)["all", "measured at day 7"] == (4, 6)
    with_table = describe_missing_visits(endpoints(), marker="MADRS", participants=PEOPLE)
    assert with_table.n == {"all": 8}


def test_reasons_are_told_and_a_value_beyond_a_limit_is_there():
    given = {
        "P02_day_7": {"value": np.nan, "reason": "sample haemolysed"},
        "P04_day_7": {"value": np.nan, "censored": "left", "limit": 2.0, "reason": "below LLOQ"},
    }
    found = describe_missing_visits(endpoints(**given), marker="MADRS")
    data = found.data.set_index(["participant_id", "visit"])
    assert data.loc[("P04", "day_7"), "state"] == "beyond a limit"
    assert data.loc[("P04", "day_7"), "kind"] == "intermittent"
    assert data.loc[("P02", "day_7"), "reason"] == "sample haemolysed"
    assert data.loc[("P04", "day_1"), "reason"] == "no record"
    assert any("sample haemolysed (1); without a record: 3" in one for one in found.warnings), (
        found.warnings
    )
    assert "1 value beyond a limit is counted as measured." in found.warnings


def test_visits_stand_by_their_days_or_as_they_are_named():
    rows = endpoints(visits=["baseline", "day_14", "day_2"])
    assert list(describe_missing_visits(rows, marker="MADRS").data["visit"][:3]) == [
        "baseline",
        "day_2",
        "day_14",
    ]
    found = describe_missing_visits(rows, marker="MADRS", visits=["day_14", "baseline"])
    assert list(found.data["visit"][:2]) == ["day_14", "baseline"]


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text("01", min_size=3, max_size=3), min_size=1, max_size=8))
def test_kinds_and_patterns_add_up_to_everybody(patterns):
    rows = endpoints({"P00": "111"} | {f"P{n + 1:02d}": one for n, one in enumerate(patterns)})
    people = pd.DataFrame({"participant_id": [f"P{n:02d}" for n in range(len(patterns) + 1)]})
    found = describe_missing_visits(rows, marker="MADRS", participants=people, visits=VISITS)
    lines = counted(found)
    kinds = ("dropped out (monotone)", "intermittent, a gap before a later visit", "never measured")
    everybody = len(patterns) + 1
    assert found.statistic + sum(lines["all", kind][0] for kind in kinds) == everybody
    of_patterns = [count for (_, name), (count, _) in lines.items() if name.startswith("pattern:")]
    assert found.statistic + sum(of_patterns) == everybody
    there = sum(lines["all", f"measured at {one}"][0] for one in ("baseline", "day 1", "day 7"))
    assert there == 3 + sum(one.count("1") for one in patterns)
    assert set(found.data["kind"]) == {pattern_kind(one) for one in ("111", *patterns)}


def test_one_participant_and_no_value_at_all():
    alone = describe_missing_visits(endpoints({"P01": "111"}), marker="MADRS")
    assert alone.estimate == 100.0
    assert alone.warnings[0] == "Nobody lacks a visit."
    nothing = endpoints({"P01": "111"}).assign(value=np.nan)
    empty = describe_missing_visits(nothing, marker="MADRS")
    assert counted(empty)["all", "never measured"] == (1, 1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"marker": "HAMD"}, "marker is 'HAMD'"),
        ({"visits": ["day_9"]}, "a visit of visits is 'day_9'"),
        ({"visits": ["day_1", "day_1"]}, "names 'day_1' twice"),
        ({"visits": []}, "visits is an empty list"),
        ({"visits": "day_1"}, "visits is the text 'day_1'"),
        ({"arm": "arm"}, "arm is 'arm', but participants is None"),
        ({"arm": "group", "participants": PEOPLE}, "no column 'group' of arms"),
        ({"participants": pd.concat([PEOPLE, PEOPLE])}, "two rows of P01"),
    ],
)
def test_bad_input_gets_a_sentence(asked, said):
    with pytest.raises(TableError, match=said):
        describe_missing_visits(endpoints(), **({"marker": "MADRS"} | asked))


def test_several_markers_give_a_result_each():
    both = pd.concat([endpoints(), endpoints({"P01": "110"}, marker="BDNF_serum")])
    first, second = describe_missing_visits(both, marker=["MADRS", "BDNF_serum"])
    assert (first.n_total, second.n_total) == (6, 6)
    assert second.statistic == 0
