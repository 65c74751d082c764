"""Correlations within participants over visits: pairs by visit, lags, and what stands beside."""

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import correlate_repeated
from ketbio.endpoints import derive_column
from ketbio.errors import StatisticsError, TableError
from ketbio.statistics.repeated_correlation import repeated_correlation, repeated_correlation_test

VISITS = ["baseline", "day_1", "day_7", "day_14"]
QUICK = {"n_resamples": 99, "exact": False, "seed": 1}


def table(n=6, seed=4):
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        level, score = rng.normal(20, 4), rng.normal(30, 4)
        for place, visit in enumerate(VISITS):
            shared = rng.normal()
            rows.append(
                {
                    "participant_id": f"P{i + 1:02}",
                    "visit": visit,
                    "a": round(level + 2 * shared + rng.normal(), 1),
                    "b": round(score - 3 * place - 3 * shared + rng.normal(), 0),
                }
            )
    return pd.DataFrame(rows)


def endpoints(rows):
    return pd.concat([derive_column(rows, column="a"), derive_column(rows, column="b")])


def test_levels_are_paired_by_participant_and_visit_whatever_the_order_of_rows():
    rows = table()
    shuffled = endpoints(rows.sample(frac=1, random_state=1))
    found = correlate_repeated(shuffled, marker="a", outcome="b", visits=VISITS)
    direct = repeated_correlation(rows["a"], rows["b"], rows["participant_id"])
    test = repeated_correlation_test(rows["a"], rows["b"], rows["participant_id"])
    assert found.estimate == pytest.approx(direct.r)
    assert (found.ci_low, found.ci_high) == pytest.approx((direct.ci_low, direct.ci_high))
    assert found.p_value == test.p_value
    assert found.statistic_name == f"r({direct.df})"
    assert found.n == {"participants": 6}
    assert len(found.data) == 24
    own = found.data[found.data["participant_id"] == "P03"]
    slope = np.polyfit(own["x"], own["fitted"], 1)[0]
    assert slope == pytest.approx(direct.slope.estimate)
    assert own["fitted"].mean() == pytest.approx(own["y"].mean())


def test_lagged_changes_hold_the_next_change_of_the_outcome_against_that_of_the_marker():
    rows = table()
    found = correlate_repeated(endpoints(rows), marker="a", outcome="b", lag=1, **QUICK)
    first = found.data.iloc[0]
    own = rows[rows["participant_id"] == "P01"].set_index("visit")
    assert (first["visit"], first["visit_y"]) == ("day_1", "day_7")
    assert first["x"] == pytest.approx(own.loc["day_1", "a"] - own.loc["baseline", "a"])
    assert first["y"] == pytest.approx(own.loc["day_7", "b"] - own.loc["day_1", "b"])
    assert len(found.data) == 12
    assert found.outcome.endswith("with the change of b 1 visit later")
    said = " ".join(found.warnings)
    assert "does not make it the cause" in said
    assert "Successive changes share" in said


def test_who_has_one_pair_is_left_out_and_said():
    rows = table()
    rows.loc[(rows["participant_id"] == "P02") & (rows["visit"] != "day_1"), "a"] = np.nan
    rows.loc[(rows["participant_id"] == "P05") & (rows["visit"] == "day_7"), "b"] = np.nan
    rows.loc[rows["participant_id"] == "P06", "b"] = np.nan
    found = correlate_repeated(endpoints(rows), marker="a", outcome="b", **QUICK)
    assert found.excluded.to_numpy().tolist() == [
        ["P02", "both values at one visit only"],
        ["P06", "both values at no visit"],
    ]
    assert (found.data["participant_id"] == "P05").sum() == 3
    swapped = next(one for one in found.companions if "swapped" in one.outcome)
    assert swapped.n == {"participants": 3}
    assert "what is missing cannot be swapped" in swapped.warnings[-1]


def test_beside_it_stand_the_f_test_the_slope_the_other_centring_and_the_swap():
    found = correlate_repeated(endpoints(table()), marker="a", outcome="b", **QUICK)
    names = [one.statistic_name for one in found.companions if one.role == "sensitivity"]
    assert names == ["F(1, 17)", "t(17)", "r(14)", "r"]
    f_test, slope = found.companions[:2]
    assert f_test.p_value == pytest.approx(slope.p_value)
    assert [one.marker for one in found.companions[-2:]] == ["a", "b"]
    assert "Whatever moves both over the visits" in " ".join(found.warnings)
    by_visit = correlate_repeated(
        endpoints(table()), marker="a", outcome="b", adjust_for="visit", **QUICK
    )
    assert by_visit.estimate == pytest.approx(found.companions[2].estimate)
    assert not by_visit.is_exact
    assert by_visit.companions[2].estimate == pytest.approx(found.estimate)


def test_leaving_out_one_participant_is_the_correlation_of_the_others():
    rows = table()
    found = correlate_repeated(endpoints(rows), marker="a", outcome="b", **QUICK)
    others = rows[rows["participant_id"] != "P04"]
    direct = repeated_correlation(others["a"], others["b"], others["participant_id"])
    left = found.leave_one_out.set_index("participant_id")
    assert left.loc["P04", "estimate"] == pytest.approx(direct.r)
    assert len(left) == 6


def test_several_markers_are_one_family():
    rows = table()
    rows["c"] = rows["a"].to_numpy()[::-1]
    both = pd.concat([endpoints(rows), derive_column(rows, column="c")])
    found = correlate_repeated(both, marker=["a", "c"], outcome="b", **QUICK)
    assert [one.marker for one in found] == ["a", "c"]
    assert found[0].adjustment == "Holm over 2 markers"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda rows: rows[rows["participant_id"] <= "P02"], "2 participants have both values"),
        (lambda rows: rows.assign(a=5.0), "a is the same at all visits"),
        (lambda rows: rows[rows["participant_id"] == "P01"], "1 participant has both values"),
    ],
)
def test_nothing_to_correlate_is_answered_without_numbers(change, why):
    found = correlate_repeated(endpoints(change(table())), marker="a", outcome="b", **QUICK)
    assert np.isnan(found.estimate)
    assert why in found.warnings[0]


@pytest.mark.parametrize(
    ("options", "says", "error"),
    [
        ({"outcome": "a"}, "outcome 'a' is also a marker", TableError),
        ({"lag": -1}, "lag is -1; allowed", TableError),
        ({"lag": 3}, "share 4 visits", TableError),
        ({"measure": "ratio"}, "measure", TableError),
        ({"visits": ["day_1", "day_1"]}, "names 'day_1' twice", TableError),
        ({"visits": ["day_9"]}, "day_9", TableError),
        ({"adjust_for": "sex"}, "adjust_for is 'sex'", StatisticsError),
        ({"adjust": "max_t", "marker": ["a", "c"]}, "no joint test", StatisticsError),
    ],
)
def test_bad_input_is_refused_in_a_sentence(options, says, error):
    rows = table(3)
    rows["c"] = rows["a"] + 1
    both = pd.concat([endpoints(rows), derive_column(rows, column="c")])
    with pytest.raises(error, match=says):
        correlate_repeated(both, **{"marker": "a", "outcome": "b", **QUICK, **options})
