"""What holds for every rule, whatever comes in."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ketbio.demo.simulate import write_demo_study
from ketbio.study import check_study, read_study
from ketbio.tables import check_across, check_table, load_schema, schema_names
from ketbio.tables.rules.contract import DTYPES
from ketbio.tables.rules.registry import RULES, rule_settings
from ketbio.tables.rules.visit_dates import in_every_course
from ketbio.vocabulary import MADRS_ITEMS

VISITS = ["baseline", "day_7", "day_14"]
STUDY = {"visits": VISITS, "baseline": "baseline", "windows": {"day_7": (6, 8)}}
WORDS = {
    "participant_id": ["P01", "PO1", "p1", "P02", "P02", ""],
    "visit": [*VISITS, "baseline", "day_7", "dy_7", ""],
    "rating_date": ["2026-01-05", "2026-01-12", "2026-01-19", "2025-12-30", "", "soon"],
    "sample_date": ["2026-01-05", "2026-01-12", "2025-12-30", ""],
    "suicidal_thoughts": ["0", "1", "4", "6", "7", ""],
    "lassitude": ["0", "3", "6", "x", ""],
    "madrs_total": ["1", "9", "34", "60", "61", "x", ""],
    "gel_id": ["G1", "G2"], "lane": ["1", "2"], "target": ["mTOR", "mtor", "actin"],
    "form": ["phospho", "total", "loading", ""], "site": ["S2448", ""],
    "intensity": ["9", "0", "x"],
    "plate_id": ["PL1", "PL2", ""], "well": ["A1", "a01", "H12", "Z9"],
    "role": ["standard", "blank", "sample", "control"], "concentration": ["5", "10", "0", ""],
    "absorbance": ["0.1", "0.9", ""],
}  # fmt: skip
COLUMNS = {
    "madrs": ["participant_id", "visit", "rating_date", *MADRS_ITEMS[-4:], "madrs_total"],
    "blots": ["participant_id", "visit", "gel_id", "lane", "target", "form", "site", "intensity",
              "sample_date"],
    "elisa_plates": ["plate_id", "well", "role", "participant_id", "visit", "concentration",
                     "absorbance"],
}  # fmt: skip


@st.composite
def tables(draw, schema=None):
    schema = schema or draw(st.sampled_from(sorted(COLUMNS)))
    names = COLUMNS[schema]
    cells = [st.sampled_from(WORDS.get(name, WORDS["lassitude"])) for name in names]
    lines = draw(st.lists(st.tuples(*cells), min_size=1, max_size=8))
    frame = pd.DataFrame(lines, columns=names, dtype="str")
    return schema, frame[frame.ne("").any(axis=1)].reset_index(drop=True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_verdict_and_no_record_is_invented(table, random):
    schema, frame = table
    order = list(range(len(frame)))
    random.shuffle(order)
    one = check_table(frame, schema, **STUDY)
    other = check_table(frame.iloc[order], schema, **STUDY)
    assert {order[row - 2] for row in other.accepted_rows} == {row - 2 for row in one.accepted_rows}
    everything = set(range(one.n_incoming))
    for complaint in one.found:
        assert set(complaint.positions) <= everything
        assert len(set(complaint.positions)) == len(complaint.positions)
    because = {i for one in one.found if one.severity == "error" for i in one.positions}
    assert because == set(np.flatnonzero(~one.kept))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables("madrs"), st.data())
def test_a_safety_complaint_never_vanishes_for_another_fault(table, data):
    _, frame = table

    def at_risk(ratings: pd.DataFrame) -> set[int]:
        check = check_table(ratings, "madrs", **STUDY)
        people = check_table(pd.DataFrame({"participant_id": ["P01"]}), "participants")
        across = check_across({"people": people, "madrs": check})["madrs"]
        safety = [{c.row for c in one.found if c.severity == "safety"} for one in (check, across)]
        assert safety[0] == safety[1]
        return safety[0]

    high = {int(i) + 2 for i in frame.index[frame["suicidal_thoughts"].isin(["4", "6", "7"])]}
    assert high <= at_risk(frame)
    column = data.draw(st.sampled_from([n for n in frame if n != "suicidal_thoughts"]))
    row = data.draw(st.sampled_from(list(frame.index)))
    frame.loc[row, column] = data.draw(st.sampled_from(["", "x", "P99", "9999"]))
    assert high <= at_risk(frame)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), tables(), st.lists(st.sampled_from(WORDS["participant_id"][:4]), min_size=1))
def test_across_tables_every_record_is_kept_or_rejected_for_a_reason(first, second, codes):
    checks = {
        "people": check_table(pd.DataFrame({"participant_id": codes}), "participants"),
        "one": check_table(first[1], first[0], **STUDY),
        "two": check_table(second[1], second[0], **STUDY),
    }
    for check in check_across(checks, visits=VISITS).values():
        because = {i for one in check.found if one.severity == "error" for i in one.positions}
        assert because == set(np.flatnonzero(~check.kept))
        assert len(check.accepted) + len(check.rejected) == check.n_incoming


@given(st.lists(st.integers(0, 5), min_size=1, max_size=7))
def test_who_stands_in_every_longest_course_by_trying_them_all(days):
    n = len(days)
    courses = [[i for i in range(n) if chosen >> i & 1] for chosen in range(1, 2**n)]
    rising = [c for c in courses if all(days[i] <= days[j] for i, j in pairwise(c))]
    longest = [c for c in rising if len(c) == max(map(len, rising))]
    wanted = [all(i in course for course in longest) for i in range(n)]
    assert in_every_course(np.array(days)).tolist() == wanted


@pytest.mark.parametrize("name", schema_names())
def test_every_rule_of_a_schema_runs_on_no_rows_and_on_empty_cells(name):
    schema = load_schema(name)
    for n in (0, 2):
        empty = {
            column: pd.Series([None] * n, dtype=DTYPES[spec.type])
            for column, spec in schema.columns.items()
        }
        for rule in schema.rules:
            holds = RULES[rule.check].holds(
                pd.DataFrame(empty), **rule_settings(rule, schema, **STUDY)
            )
            assert len(holds) == n, rule.name
            assert holds.dtype == bool, rule.name


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_rule_says_in_words_when_it_holds(rule):
    assert (rule.holds.__doc__ or "").startswith("Hold where ")


def test_the_demo_study_has_the_complaints_that_it_is_meant_to_have(tmp_path):
    study = read_study(write_demo_study(tmp_path))
    told = [
        (name, *line)
        for name, check in check_study(study).items()
        for line in check.complaints[["severity", "rule", "row"]].itertuples(index=False, name=None)
    ]
    assert sorted(told) == [
        ("blots", "warning", "saturated", 320),
        ("madrs", "safety", "suicidality", 26),
        ("madrs", "safety", "suicidality", 43),
        ("madrs", "safety", "suicidality", 60),
        ("madrs", "safety", "suicidality", 63),
        ("madrs", "safety", "suicidality", 72),
    ]
