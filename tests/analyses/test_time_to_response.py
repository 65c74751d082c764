"""Time to response and relapse: one group, two arms, several, and what cannot be followed."""

import math

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import describe_time_to_response
from ketbio.endpoints import derive_event_times, derive_scale_total
from ketbio.errors import StatisticsError, TableError
from ketbio.statistics import kaplan_meier, log_rank_test

VISITS = ("baseline", "day_1", "day_3", "day_7", "day_14")
KETAMINE = (
    (30, 12, 12, 12, 12),
    (30, 14, 20, 12, 12),
    (30, 20, 12, 14, 25),
    (30, 28, 28, 10, 12),
    (30, 28, None, None, None),
)
SALINE = (
    (30, 28, 28, 28, 28),
    (30, 28, 28, 12, 20),
    (30, 28, 28, None, 14),
    (30, 28, 28, 28, None),
    (None, 10, 10, 10, 10),
)


def trial(names=("ketamine", "saline"), arms=(KETAMINE, SALINE)):
    courses = [one for arm in arms for one in arm]
    ids = [f"P{one:02d}" for one in range(1, len(courses) + 1)]
    rows = [
        (who, visit, float(total))
        for who, course in zip(ids, courses, strict=True)
        for visit, total in zip(VISITS, course, strict=True)
        if total is not None
    ]
    endpoints = derive_scale_total(
        pd.DataFrame(rows, columns=["participant_id", "visit", "madrs_total"])
    )
    labels = [name for name, arm in zip(names, arms, strict=True) for _ in arm]
    return endpoints, pd.DataFrame({"participant_id": ids, "arm": labels})


def describe(**how):
    endpoints, people = trial()
    return describe_time_to_response(
        endpoints, baseline="baseline", participants=people, arm="arm", **how
    )


def test_the_arms_are_compared_by_the_log_rank_test_of_their_times():
    [result] = describe()
    days = {
        "ketamine": ([1, 1, 3, 7, 1], [1, 1, 1, 1, 0]),
        "saline": ([14, 7, 14, 7], [0, 1, 1, 0]),
    }
    pairs = [(np.array(d, float), np.array(e, bool)) for d, e in days.values()]
    test = log_rank_test(*pairs)
    assert result.groups == ("ketamine", "saline")
    assert dict(result.n) == {"ketamine": 5, "saline": 4}
    assert result.p_value == test.p_value
    assert result.statistic == pytest.approx(test.observed - test.expected)
    assert result.is_exact
    means = [kaplan_meier(*one).restricted_mean(14).value for one in pairs]
    assert result.estimate == pytest.approx(means[0] - means[1])
    assert result.estimate_name == "difference in 14-day mean time without response"
    ratio = next(one for one in result.companions if "hazard ratio" in one.estimate_name)
    assert ratio.p_value == pytest.approx(test.p_chi_square)
    assert ratio.estimate == pytest.approx(math.exp(result.statistic / test.variance))
    assert ratio.null_value == 1
    assert result.excluded["reason"].to_list() == ["no MADRS at baseline"]


def test_the_curve_stands_with_every_participant():
    [result] = describe()
    curve = kaplan_meier([1, 1, 3, 7, 1], [True, True, True, True, False])
    own = result.data[result.data["group"] == "ketamine"]
    assert own["day"].to_list() == [1, 1, 1, 3, 7]
    assert own.groupby("day")["share"].first().to_list() == pytest.approx(
        (100 * (1 - curve.survival)).tolist()
    )
    assert own["at_risk"].to_list() == [5, 5, 5, 2, 1]
    shares = [one for one in result.companions if one.outcome == "response by day 1"]
    assert [(one.groups, round(one.estimate, 6)) for one in shares] == [(("ketamine",), 40)]
    assert shares[0].ci_low == pytest.approx(100 * (1 - curve.ci_high[0]))
    medians = [one for one in result.companions if one.estimate_name.startswith("median")]
    assert [one.estimate for one in medians] == [3, 14]
    assert "P08 was not seen at day_7: it may have come by then." in result.warnings
    assert any("interval-censored" in one for one in result.warnings)


def test_everybody_together_without_arms():
    endpoints, _ = trial()
    [result] = describe_time_to_response(endpoints, baseline="baseline")
    times = derive_event_times(endpoints, baseline="baseline")
    times = times[times["reason"] == ""]
    curve = kaplan_meier(times["day"], times["is_event"].to_numpy(bool))
    assert result.groups == ("all",)
    assert result.estimate == pytest.approx(100 * (1 - curve.survival[-1]))
    assert result.ci_high == pytest.approx(100 * (1 - curve.ci_low[-1]))
    assert math.isnan(result.p_value)
    assert result.unit == "%"
    assert any("without a control group" in one for one in result.warnings)


def test_relapse_is_of_responders_and_says_so():
    [result] = describe(event="relapse", relapse="half_lost")
    assert result.outcome.startswith("time to relapse (at least half of the improvement")
    assert result.n_total == 5
    assert any("no longer those that were assigned" in one for one in result.warnings)
    reasons = set(result.excluded["reason"])
    assert "no response was seen, which a relapse could follow" in reasons
    assert "no value at any visit after day_14" in reasons


def test_nobody_responds_and_the_curve_is_flat_and_said():
    flat = tuple((30, 28, 28, 28, 28) for _ in range(3))
    endpoints, people = trial(arms=(flat, flat))
    [result] = describe_time_to_response(
        endpoints, baseline="baseline", participants=people, arm="arm"
    )
    assert (result.data["share"] == 0).all()
    assert result.estimate == 0
    assert math.isnan(result.p_value)
    assert math.isnan(result.ci_low)
    assert result.warnings[1].startswith("Nobody had the event: the curve is flat")
    [alone] = describe_time_to_response(endpoints, baseline="baseline")
    assert alone.estimate == 0


def test_an_arm_that_nobody_can_be_followed_in():
    endpoints, people = trial(arms=(KETAMINE, SALINE[-1:]))
    [result] = describe_time_to_response(
        endpoints, baseline="baseline", participants=people, arm="arm"
    )
    assert result.warnings == (
        "Nothing could be computed: nobody in saline could be followed for response.",
    )
    assert len(result.data) == 5
    lost, _ = trial(arms=(SALINE[-1:], ()))
    with pytest.raises(TableError, match="baseline"):
        describe_time_to_response(lost, baseline="baseline")


def test_three_arms_are_one_family_and_one_arm_is_described():
    endpoints, people = trial()
    three = people.assign(arm=["ketamine"] * 3 + ["esketamine"] * 3 + ["placebo"] * 4)
    results = describe_time_to_response(
        endpoints, baseline="baseline", participants=three, arm="arm"
    )
    assert [one.groups[1] for one in results] == ["placebo", "placebo"]
    assert all("2 contrasts" in one.adjustment for one in results)
    [one] = describe_time_to_response(
        endpoints, baseline="baseline", participants=people.assign(arm="ketamine"), arm="arm"
    )
    assert one.groups == ("ketamine",)


def test_an_arm_that_all_responded_is_known_for_all_days():
    """By hand: 1 day without response against (7 + 7 + 14 + 14) / 4, not 0 up to the first day."""
    all_at_once = ((30, 12, 12, 12, 12),) * 4
    half = ((30, 28, 28, 12, 12),) * 2 + ((30, 28, 28, 28, 28),) * 2
    endpoints, people = trial(arms=(all_at_once, half))
    asked = {"baseline": "baseline", "participants": people, "arm": "arm"}
    [result] = describe_time_to_response(endpoints, **asked)
    assert result.estimate_name == "difference in 14-day mean time without response"
    assert result.estimate == pytest.approx(1 - 10.5)
    assert any("spread of one group only" in one for one in result.warnings)
    [late] = describe_time_to_response(endpoints, until=10, **asked)
    assert late.estimate == pytest.approx(1 - 8.5)
    both = trial(arms=(all_at_once, half[:2]))
    [done] = describe_time_to_response(both[0], **asked | {"participants": both[1]})
    assert done.estimate == pytest.approx(1 - 7)
    with pytest.raises(StatisticsError, match=r"allowed: more than 0\."):
        describe_time_to_response(both[0], until=-1, **asked | {"participants": both[1]})


def test_who_has_values_and_stands_in_no_table_is_left_out_by_name():
    endpoints, people = trial()
    asked = {"baseline": "baseline", "participants": people[people["participant_id"] != "P01"]}
    [result] = describe_time_to_response(endpoints, arm="arm", **asked)
    assert ("P01", "no arm known") in list(result.excluded.itertuples(index=False, name=None))
    [everybody] = describe_time_to_response(endpoints, **asked)
    assert dict(everybody.n) == {"all": 9}


def test_long_names_and_other_scripts():
    names = ("氯胺酮" * 20, "saline $%&_^{}#~\\ <script>")
    endpoints, people = trial(names=names)
    [result] = describe_time_to_response(
        endpoints, baseline="baseline", participants=people, arm="arm"
    )
    assert result.groups == names


@pytest.mark.parametrize(
    ("how", "error", "said"),
    [
        ({"event": "recovery"}, TableError, "recovery"),
        ({"visits": ["day_7", "day_1"]}, TableError, "do not rise"),
        ({"until": 99}, StatisticsError, "at most 14"),
        ({"reference": "placebo"}, TableError, "placebo"),
        ({"confidence_level": 95}, StatisticsError, "confidence_level"),
        ({"adjust": "tukey"}, StatisticsError, "tukey"),
    ],
)
def test_bad_words_are_refused_in_a_sentence(how, error, said):
    with pytest.raises(error, match=said):
        describe(**how)


def test_arms_need_the_participants():
    endpoints, _ = trial()
    with pytest.raises(TableError, match="participants is None"):
        describe_time_to_response(endpoints, baseline="baseline", arm="arm")
