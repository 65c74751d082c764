import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_responders
from ketbio.errors import StatisticsError, TableError
from ketbio.vocabulary import ENDPOINT_COLUMNS

VISITS = {"baseline": "before", "endpoint": "after"}


@pytest.fixture
def result(endpoints, response):
    return compare_responders(endpoints, response=response, marker="entropy", **VISITS)


def test_estimate_and_exact_p_by_hand(result):
    # responders .5 .4 .6, non-responders .1 −.1: 10 arrangements, the observed the most extreme
    assert result.estimate == pytest.approx(0.5)
    assert result.p_value == 1 / 10
    assert (result.p_method, result.n_arrangements) == ("exact, 10 arrangements", 10)
    assert result.n == {"responder": 3, "non-responder": 2}


def test_excluded_are_named_with_their_reasons(result):
    assert result.excluded.to_dict("records") == [
        {"participant_id": "P06", "reason": "no value at after"},
        {"participant_id": "P07", "reason": "response not known: no MADRS at after"},
    ]


def test_data_holds_each_participant_once_with_the_group(result):
    assert result.data["participant_id"].tolist() == ["P01", "P02", "P03", "P04", "P05"]
    assert result.data["group"].tolist() == ["responder"] * 3 + ["non-responder"] * 2
    assert result.leave_one_out["participant_id"].tolist() == ["P01", "P02", "P03", "P04", "P05"]


def test_leave_one_out_estimates_by_hand(result):
    estimates = result.leave_one_out["estimate"].tolist()
    assert estimates == pytest.approx([0.5, 0.55, 0.45, 0.6, 0.4])


def test_smallest_attainable_p_is_told_where_it_exceeds_the_level(result):
    assert result.p_floor == 1 / 10
    assert any(
        "smallest p value that this design can give is .10" in one for one in result.warnings
    )


def test_split_never_stands_alone(result):
    beside = [one for one in result.companions if "continuous change" in one.outcome]
    assert len(beside) == 1
    changes = [-30, -23, -18, -8, -5]
    expected = np.corrcoef(changes, [0.5, 0.4, 0.6, 0.1, -0.1])[0, 1]
    assert beside[0].estimate == pytest.approx(expected)
    assert any("splits a continuous outcome" in one for one in result.warnings)


def test_companions_describe_each_group(result):
    means = {one.groups[0]: one for one in result.companions if one.estimate_name == "mean"}
    assert means["responder"].estimate == pytest.approx(0.5)
    assert means["responder"].spread == pytest.approx(0.1)
    assert means["non-responder"].n == {"non-responder": 2}


def test_row_order_and_index_change_nothing(endpoints, response, result):
    again = compare_responders(
        endpoints.sample(frac=1, random_state=3),
        response=response.sample(frac=1, random_state=4),
        marker="entropy",
        **VISITS,
    )
    assert (again.estimate, again.p_value) == (pytest.approx(result.estimate), result.p_value)
    assert sorted(again.data["participant_id"]) == sorted(result.data["participant_id"])


def test_frames_given_are_not_touched(endpoints, response):
    before = endpoints.copy(), response.copy()
    compare_responders(endpoints, response=response, marker="entropy", **VISITS)
    pd.testing.assert_frame_equal(endpoints, before[0])
    pd.testing.assert_frame_equal(response, before[1])


def test_markers_together_are_one_family(endpoints, response):
    family = compare_responders(endpoints, response=response, marker=["entropy", "MADRS"], **VISITS)
    assert [one.adjustment for one in family] == ["Holm over 2 markers"] * 2
    raw = [one.p_value for one in family]  # .1 and 2/20
    assert raw == [0.1, 0.1]
    assert [one.p_adjusted for one in family] == [0.2, 0.2]


def test_unadjusted_family_says_so(endpoints, response):
    family = compare_responders(
        endpoints, response=response, marker=["entropy", "MADRS"], adjust="none", **VISITS
    )
    assert all(np.isnan(one.p_adjusted) for one in family)
    assert "One of 2 markers tested; the p values are not adjusted for that." in family[0].warnings


def test_no_responder_is_a_result_without_numbers_that_says_why(endpoints, response):
    nobody = response.assign(response="non-responder")
    result = compare_responders(endpoints, response=nobody, marker="entropy", **VISITS)
    assert np.isnan(result.p_value)
    assert result.warnings == ("Nothing could be computed: no responder has a usable value.",)


def censored(levels):
    """Levels at ``after``; a pair (None, limit) is below the LLOQ."""
    rows = []
    for one, level in levels.items():
        below = isinstance(level, tuple)
        rows.append(
            {
                "participant_id": one, "visit": "after", "marker": "BDNF_plasma",
                "value": np.nan if below else level, "unit": "ng/mL", "scale": "raw",
                "censored": "left" if below else "", "limit": level[1] if below else np.nan,
                "reason": "below 0.100 ng/mL" if below else "", "note": "",
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(ENDPOINT_COLUMNS))


def test_below_lloq_is_tied_at_the_lowest_rank_and_never_substituted(totals, response):
    levels = censored(
        {"P01": 2.0, "P02": 3.0, "P03": 4.0, "P04": (None, 0.1), "P05": (None, 0.1), "P06": 1.0}
    )
    endpoints = pd.concat([totals, levels])
    result = compare_responders(
        endpoints, response=response, marker="BDNF_plasma", measure="endpoint", **VISITS
    )
    # ranks 4 5 6 against 1.5 1.5 3: the most extreme of 20 arrangements, both sides
    assert result.p_value == 2 / 20
    assert np.isnan(result.estimate)
    assert result.effect_size == 1.0
    assert result.n == {"responder": 3, "non-responder": 3}
    assert any("2 values below the LLOQ tied at the lowest rank" in one for one in result.warnings)
    detected = {one.groups[0]: one.estimate for one in result.companions if one.unit == "%"}
    assert detected == {"responder": 100.0, "non-responder": pytest.approx(100 / 3)}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"marker": "entropi"}, TableError, "Did you mean 'entropy'"),
        ({"measure": "delta"}, TableError, "measure is 'delta'; allowed: 'change'"),
        ({"endpoint": "aftr"}, TableError, "Did you mean 'after'"),
        ({"statistic": "median"}, StatisticsError, "statistic is 'median'"),
        ({"alternative": "grater"}, StatisticsError, "Did you mean 'greater'"),
        ({"adjust": "bonferoni"}, StatisticsError, "adjust is 'bonferoni'"),
    ],
)
def test_unknown_words_are_refused(endpoints, response, options, error, message):
    with pytest.raises(error, match=message):
        compare_responders(
            endpoints, response=response, **{"marker": "entropy", **VISITS, **options}
        )


def test_mean_difference_of_censored_values_is_refused(totals, response):
    endpoints = pd.concat([totals, censored({"P01": 2.0, "P04": (None, 0.1), "P05": 3.0})])
    with pytest.raises(StatisticsError, match="1 value of BDNF_plasma below the LLOQ can only be"):
        compare_responders(
            endpoints, response=response, marker="BDNF_plasma", measure="endpoint",
            statistic="mean_difference", **VISITS,
        )  # fmt: skip


def test_no_estimate_is_given_with_somebody_left_out_where_none_is_given_for_all(totals, response):
    levels = censored({"P01": 2.0, "P02": 3.0, "P03": 4.0, "P04": (None, 0.1), "P05": 1.0})
    result = compare_responders(
        pd.concat([totals, levels]), response=response, marker="BDNF_plasma", measure="endpoint",
        **VISITS,
    )  # fmt: skip
    assert result.leave_one_out["estimate"].isna().all()
    assert result.leave_one_out["p_value"].notna().all()


def test_limit_above_a_measured_value_is_told(totals, response):
    levels = censored({"P01": 2.0, "P02": 3.0, "P03": (None, 3.0), "P04": 0.6, "P05": 1.0})
    result = compare_responders(
        pd.concat([totals, levels]), response=response, marker="BDNF_plasma", measure="endpoint",
        **VISITS,
    )  # fmt: skip
    assert any("A limit (3.00) is above a measured value (0.600)" in one for one in result.warnings)


def test_benjamini_hochberg_is_not_held_to_holms_level(endpoints, response):
    # 3 v 3: the smallest p is .1, so that the design's own limit is told, and no α/k
    family = compare_responders(
        endpoints, response=response, marker=["entropy", "MADRS"], adjust="fdr_bh", **VISITS
    )
    assert not any("adjusted level" in sentence for one in family for sentence in one.warnings)


def test_hypothesis_tested_is_named(result):
    assert any("This tests whether the groups are exchangeable" in one for one in result.warnings)
