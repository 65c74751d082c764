"""A marker over the visits: rows, means of those present, medians beside limits, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ketbio.analyses import summarise_course
from ketbio.endpoints import (
    derive_column,
    derive_concentration,
    derive_response,
    derive_scale_total,
)
from ketbio.errors import StatisticsError, TableError
from ketbio.result import Results, tidy

VISITS = ["baseline", "day_7", "day_14"]
ROWS = {"P1": [40, 30, 20], "P2": [30, None, 24], "P3": [20, 10, None], "P4": [None, None, None]}


def long(rows, column, visits=VISITS):
    made = [
        (one, visit, value)
        for one, values in rows.items()
        for visit, value in zip(visits, values, strict=True)
    ]
    return pd.DataFrame(made, columns=["participant_id", "visit", column]).astype({column: float})


@pytest.fixture
def totals():
    return derive_scale_total(long(ROWS, "madrs_total"))


@pytest.fixture
def result(totals):
    return summarise_course(totals, marker="MADRS", visits=VISITS)


def centre(result, visit, group="all"):
    lines = [one for one in result.companions if one.outcome == f"value at {visit}"]
    [found] = [one for one in lines if one.groups == (group,)]
    return found


def test_one_row_per_participant_and_visit_with_change_and_percent(result):
    assert result.data["participant_id"].tolist() == ["P1"] * 3 + ["P2"] * 3 + ["P3"] * 3
    assert result.data["visit"].tolist() == VISITS * 3
    assert result.data["day"].tolist() == [0, 7, 14] * 3
    changes = [0, -10, -20, 0, np.nan, -6, 0, -10, np.nan]
    assert result.data["change"].to_numpy() == pytest.approx(changes, nan_ok=True)
    percents = [0, -25, -50, 0, np.nan, -20, 0, -50, np.nan]
    assert result.data["percent_change"].to_numpy() == pytest.approx(percents, nan_ok=True)
    assert set(result.data["response_percent"]) == {50.0}
    assert set(result.data["remission_at_or_below"]) == {10.0}


def test_means_are_of_those_present_with_t_intervals(result):
    first, middle = centre(result, "baseline"), centre(result, "day_7")
    reach = 10 / np.sqrt(3) * stats.t.ppf(0.975, 2)
    assert (first.estimate, first.spread, first.n) == (30.0, pytest.approx(10.0), {"all": 3})
    assert (first.ci_low, first.ci_high) == (
        pytest.approx(30 - reach),
        pytest.approx(30 + reach),
    )
    assert (middle.estimate, middle.n) == (20.0, {"all": 2})
    assert (result.estimate, result.estimate_name) == (22.0, "mean at the last visit")
    assert result.ci_high == pytest.approx(22 + 2 * stats.t.ppf(0.975, 1))


def test_nothing_is_tested(result):
    assert tidy(result)["p_value"].isna().all()
    assert not any(tidy(result)["p_method"])


def test_who_is_missing_is_named_by_visit_and_who_never_came_is_excluded(result):
    said = " ".join(result.warnings)
    assert "2 at day_7, 2 at day_14; of 3" in said
    assert "Missing: at day_7 P2; at day_14 P3." in result.warnings
    assert result.excluded.to_numpy().tolist() == [["P4", "no value at any visit of the course"]]
    missing = result.data.loc[result.data["reason"] != "", ["participant_id", "visit"]]
    assert missing.to_numpy().tolist() == [["P2", "day_7"], ["P3", "day_14"]]


def test_everybody_present_leaves_nothing_to_say_of_missing_ones(totals):
    whole = totals[totals["participant_id"] == "P1"]
    said = " ".join(summarise_course(whole, marker="MADRS").warnings)
    assert "Missing" not in said
    assert "who is missing" not in said


def test_one_participant_has_a_mean_and_no_interval(totals):
    alone = summarise_course(totals[totals["participant_id"] == "P1"], marker="MADRS")
    assert (alone.estimate, alone.n) == (20.0, {"all": 1})
    assert np.isnan([alone.ci_low, alone.ci_high, alone.spread]).all()
    assert alone.ci_method == ""


def test_groups_come_from_the_response_and_their_split_is_told(totals):
    response = derive_response(totals, baseline="baseline", endpoint="day_14")
    result = summarise_course(totals, marker="MADRS", response=response)
    assert centre(result, "day_14", "responder").estimate == 20.0
    assert centre(result, "day_14", "non-responder").estimate == 24.0
    assert result.data.drop_duplicates("participant_id")["group"].tolist() == [
        "responder",
        "non-responder",
        "",
    ]
    assert any("very scale: that their lines part is built in" in one for one in result.warnings)


def test_percent_of_a_scale_with_a_floor_is_of_what_lies_above_it():
    scores = long({"P1": [57, 37]}, "cdrsr_total", ["baseline", "day_7"])
    totals = derive_scale_total(scores, scale="CDRS-R")
    found = summarise_course(totals, marker="CDRS-R")
    assert found.data["percent_change"].tolist() == [0.0, -50.0]  # 20 of 57 − 17


@pytest.mark.parametrize(("scale", "start"), [("log2", 2.0), ("raw", 0.0), ("raw", -1.0)])
def test_percents_of_logarithms_and_from_no_baseline_do_not_exist(scale, start):
    table = long({"P1": [start, 3.0], "P2": [start, 4.0]}, "entropy", ["baseline", "day_7"])
    found = summarise_course(derive_column(table, column="entropy", scale=scale), marker="entropy")
    assert found.data["percent_change"].isna().all()
    assert found.data["change"].tolist() == [0.0, 3.0 - start, 0.0, 4.0 - start]
    assert found.data["response_percent"].isna().all()


def levels(values, limit=1.0):
    """Plasma levels at two visits; None is below the limit."""
    ids = [f"P{place}" for place in range(1, len(values) + 1)]
    parts = [
        pd.DataFrame(
            {
                "participant_id": ids,
                "visit": visit,
                "specimen": "plasma",
                "bdnf_ng_ml": [np.nan if one is None else one for one in values],
                "below_lloq": [one is None for one in values],
                "lloq_ng_ml": limit,
            }
        )
        for visit in ("baseline", "day_7")
    ]
    return derive_concentration(pd.concat(parts), specimen="plasma")


def test_beside_a_limit_stand_medians_between_ordered_values():
    found = summarise_course(levels([None, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), marker="BDNF_plasma")
    # of 7 values the interval is from the 1st to the 7th: 2/128 outside; from the 2nd 16/128
    assert (found.estimate, found.estimate_name) == (4.0, "median at the last visit")
    assert (found.ci_low, found.ci_high) == (-np.inf, 7.0)
    assert found.data["censored"].tolist()[:2] == ["left", "left"]
    assert any("medians are given in place of means" in one for one in found.warnings)


def test_few_values_have_a_median_and_no_closed_interval():
    found = summarise_course(levels([None, 2.0, 3.0, 4.0, 5.0]), marker="BDNF_plasma")
    assert (found.estimate, found.ci_low, found.ci_high) == (3.0, -np.inf, np.inf)


@pytest.mark.parametrize(
    ("values", "limit", "words"),
    [
        ([None, None, None, 3.0, 4.0], 1.0, "The median of all is beyond a limit."),
        ([None, None, None], 1.0, "The median of all is beyond a limit."),
        # below 3.5: the median is 2 where it lies low, 3 where it lies high
        ([None, 1.0, 2.0, 3.0, 4.0], 3.5, "The median of all is not known."),
    ],
)
def test_a_median_that_is_not_known_is_not_given(values, limit, words):
    found = summarise_course(levels(values, limit), marker="BDNF_plasma")
    assert np.isnan(found.estimate)
    assert words in found.warnings


def test_all_tied_has_a_mean_and_no_interval():
    table = long({f"P{one}": [5.0, 5.0] for one in range(4)}, "entropy", ["baseline", "day_7"])
    found = summarise_course(derive_column(table, column="entropy"), marker="entropy")
    assert (found.estimate, found.spread) == (5.0, 0.0)
    assert np.isnan(found.ci_low)


def test_days_are_those_given_else_those_of_the_names_else_none(totals):
    own = {"day_7": 6.0, "day_14": 15.0}
    given = summarise_course(totals, marker="MADRS", days=own)
    assert given.data["day"].tolist()[:3] == [0.0, 6.0, 15.0]
    renamed = totals.assign(visit=totals["visit"].replace({"day_14": "end"}))
    assert summarise_course(renamed, marker="MADRS").data["day"].isna().all()


def test_visits_in_which_nobody_was_measured_are_left_out_and_told(totals):
    table = long({"P1": [1.0, 2.0], "P2": [1.0, 3.0]}, "entropy", ["baseline", "day_14"])
    both = pd.concat([totals, derive_column(table, column="entropy")])
    found = summarise_course(both, marker=["MADRS", "entropy"], visits=VISITS)
    assert isinstance(found, Results)
    assert found[1].data["visit"].unique().tolist() == ["baseline", "day_14"]
    assert "Measured in nobody at day_7: not part of the course." in found[1].warnings


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"visits": ["baseline"]},
            "at 'baseline' only|at baseline only; a course needs at least two",
        ),
        ({"visits": ["baseline", "day_7", "day_7"]}, "visits names 'day_7' twice"),
        ({"visits": ["baseline", "day_8"]}, "'day_8'"),
        ({"baseline": "screening"}, "baseline .*'screening'"),
        ({"marker": "MADR"}, "'MADR'"),
        ({"marker": []}, "empty list"),
    ],
)
def test_what_cannot_be_described_is_refused(totals, options, words):
    with pytest.raises(TableError, match=words):
        summarise_course(totals, **({"marker": "MADRS"} | options))


def test_a_level_of_no_confidence_is_refused(totals):
    with pytest.raises(StatisticsError, match="confidence_level"):
        summarise_course(totals, marker="MADRS", confidence_level=1.5)


def test_two_rows_of_one_visit_are_refused(totals):
    with pytest.raises(TableError, match="share participant, visit and marker"):
        summarise_course(pd.concat([totals, totals.head(1)]), marker="MADRS")
