"""accepted + rejected = every incoming record, each once, whatever came in."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ketbio.tables import COMPLAINT_COLUMNS, SEVERITIES, check_across, check_table, write_rows

CELLS = st.sampled_from(
    ["", " ", "P01", "P02", "day_7", "baseline", "3", "7", "12", "12,5", "<0.5", "NA", "serum",
     "phospho", "total", "true", "2026-01-31", "=1", "x@y.org"]
)  # fmt: skip
COLUMNS = {
    "participants": ["participant_id", "sex", "age_years", "extra"],
    "madrs": ["participant_id", "visit", "suicidal_thoughts", "madrs_total", "rating_date"],
    "blots": ["participant_id", "visit", "gel_id", "lane", "target", "form", "intensity"],
    "bdnf": ["participant_id", "visit", "specimen", "bdnf_ng_ml", "bdnf_pg_ml", "below_lloq"],
    "markers": ["participant_id", "visit", "entropy"],
}


@st.composite
def tables(draw):
    schema = draw(st.sampled_from(sorted(COLUMNS)))
    names = draw(st.lists(st.sampled_from(COLUMNS[schema]), min_size=1, unique=True))
    n = draw(st.integers(0, 6))
    lines = draw(st.lists(st.tuples(*[CELLS] * len(names)), min_size=n, max_size=n))
    return schema, pd.DataFrame(lines, columns=names, dtype="str")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_every_record_once(table):
    schema, frame = table
    check = check_table(frame, schema, visits=["baseline", "day_7"])
    people = check_table(pd.DataFrame({"participant_id": ["P01"]}), "participants")
    for one in (check, check_across({"people": people, "data": check})["data"]):
        filled = frame.map(str.strip).ne("").any(axis=1)
        assert one.n_incoming == filled.sum()
        rows = [*one.accepted_rows, *one.rejected["row"]]
        assert sorted(rows) == (np.flatnonzero(filled) + 2).tolist()
        assert len(one.accepted) == len(one.accepted_rows)
        assert list(one.complaints) == list(COMPLAINT_COLUMNS)
        assert one.ok == (one.counts()["error"] == 0)
        assert not (one.ok and len(one.rejected))
        because = {place for r in one.found if r.severity == "error" for place in r.positions}
        assert because == set(np.flatnonzero(~one.kept))
        _counts_agree(one)


def _counts_agree(check):
    by_rule = check.counts_by_rule()
    assert list(by_rule) == ["severity", "rule", "complaints", "rows"]
    assert by_rule["complaints"].sum() == len(check.complaints)
    for severity, n in check.counts().items():
        assert by_rule.loc[by_rule["severity"] == severity, "complaints"].sum() == n
    assert not by_rule.duplicated(["severity", "rule"]).any()
    order = [SEVERITIES.index(word) for word in by_rule["severity"]]
    assert order == sorted(order)
    assert by_rule["rows"].between(1, max(1, check.n_incoming)).all()


@settings(max_examples=12, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_verdict(table, random):
    schema, frame = table
    frame = frame[frame.map(str.strip).ne("").any(axis=1)].reset_index(drop=True)
    order = list(range(len(frame)))
    random.shuffle(order)
    one = check_table(frame, schema)
    other = check_table(frame.iloc[order], schema)
    assert {order[row - 2] for row in other.accepted_rows} == {row - 2 for row in one.accepted_rows}


@settings(max_examples=10, deadline=None)
@given(tables(), st.sampled_from([".csv", ".tsv", ".xlsx", ".parquet"]))
def test_every_record_once_from_every_kind_of_file(table, ending):
    schema, frame = table
    with TemporaryDirectory() as folder:
        path = write_rows(frame, Path(folder) / f"in{ending}")
        check = check_table(path, schema, visits=["baseline", "day_7"])
    rows = [*check.accepted_rows, *check.rejected["row"]]
    filled = frame.map(str.strip).ne("").any(axis=1)
    assert len(rows) == len(set(rows)) == check.n_incoming == filled.sum()
