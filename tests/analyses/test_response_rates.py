"""Response rates of two arms: who is counted, by which rule, and what stands beside it."""

import math

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_response_rates
from ketbio.endpoints import derive_response, derive_scale_total
from ketbio.errors import StatisticsError, TableError
from ketbio.statistics import (
    exact_proportion_difference,
    permutation_test,
    unconditional_test,
)

KETAMINE = (10, 12, 14, 20, 25, None)  # of 30: three respond, two do not, one is missing
SALINE = (14, 22, 25, 28, None, None)


def trial(first=KETAMINE, second=SALINE, missing="exclude", names=("ketamine", "saline")):
    totals = [*first, *second]
    ids = [f"P{one:02d}" for one in range(1, len(totals) + 1)]
    rows = [(who, "baseline", 30.0) for who in ids]
    rows += [
        (who, "day_14", float(one)) for who, one in zip(ids, totals, strict=True) if one is not None
    ]
    table = derive_scale_total(
        pd.DataFrame(rows, columns=["participant_id", "visit", "madrs_total"])
    )
    people = pd.DataFrame(
        {"participant_id": ids, "arm": [names[0]] * len(first) + [names[1]] * len(second)}
    )
    response = derive_response(
        table, baseline="baseline", endpoint="day_14", missing=missing, participants=ids
    )
    return response, people


def compare(response_and_people=None, **how):
    response, people = response_and_people or trial()
    return compare_response_rates(response, participants=people, **how)


@pytest.mark.parametrize(
    ("missing", "first", "second"),
    [
        ("non_responder", (3, 6), (1, 6)),
        ("exclude", (3, 5), (1, 4)),
        ("best_case", (4, 6), (1, 6)),
        ("worst_case", (3, 6), (3, 6)),
    ],
)
def test_each_rule_counts_as_it_says(missing, first, second):
    result = compare(missing=missing)[0]
    assert result.groups == ("ketamine", "saline")
    assert dict(result.n) == {"ketamine": first[1], "saline": second[1]}
    assert result.estimate == pytest.approx(100 * (first[0] / first[1] - second[0] / second[1]))
    assert result.p_value == unconditional_test(first, second).p_value
    interval = exact_proportion_difference(first, second)
    assert (result.ci_low, result.ci_high) == pytest.approx(
        (100 * interval.ci_low, 100 * interval.ci_high)
    )
    assert result.unit == "percentage points"
    assert len(result.data) + len(result.excluded) == 12


def test_both_policies_of_the_response_table_give_the_same_answer():
    plain, imputed = (compare(trial(missing=one))[0] for one in ("exclude", "non_responder"))
    assert plain.sentence() == imputed.sentence()
    assert plain.data["counted_as"].to_list() == imputed.data["counted_as"].to_list()


def test_who_was_counted_without_an_endpoint_is_named():
    result = compare()[0]
    assert (
        "3 participants without the endpoint (missing counted as non-responders): P06 (ketamine); "
        "P11 and P12 (saline)." in result.warnings
    )
    assert result.data.loc[result.data["is_imputed"], "participant_id"].to_list() == [
        "P06", "P11", "P12",
    ]  # fmt: skip
    assert set(result.data.loc[result.data["is_imputed"], "counted_as"]) == {"non-responder"}
    out = compare(missing="exclude")[0]
    assert out.excluded["reason"].to_list() == ["no MADRS at the endpoint"] * 3
    assert not out.data["is_imputed"].any()


def test_what_stands_beside_it():
    result = compare()[0]
    beside = {(one.role, one.estimate_name, one.p_method, one.outcome): one for one in
              result.companions}  # fmt: skip
    assert len(beside) == len(result.companions) - 1  # the percentages of the two arms
    rates = [one for one in result.companions if one.estimate_name == "responders"]
    assert [(one.groups, one.statistic) for one in rates] == [(("ketamine",), 3), (("saline",), 1)]
    assert rates[0].estimate == 50
    others = [one for one in result.companions if "missing" in one.outcome]
    assert [one.n_total for one in others] == [9, 12, 12]
    tests = [one.p_method.split(" exact")[0] for one in result.companions
             if one.p_method and one.outcome == result.outcome]  # fmt: skip
    assert tests == ["Barnard's (pooled z)", "Barnard's (unpooled z)", "Fisher's"]
    [change] = [one for one in result.companions if one.outcome.startswith("change")]
    x, y = np.array([-20.0, -18, -16, -10, -5]), np.array([-16.0, -8, -5, -2])
    assert change.p_value == permutation_test(x, y).p_value
    assert change.estimate == pytest.approx(x.mean() - y.mean())
    assert any("splits a continuous outcome" in one for one in result.warnings)
    assert "altman2006" in result.references


def test_a_number_needed_to_treat_only_where_the_side_is_certain():
    unsure = next(one for one in compare()[0].companions if "needed" in one.estimate_name)
    assert math.isnan(unsure.estimate)
    assert "through infinity" in unsure.warnings[0]
    sure = compare(trial((10,) * 8, (28,) * 7 + (10,)))[0]
    needed = next(one for one in sure.companions if "needed" in one.estimate_name)
    assert needed.estimate == pytest.approx(8 / 7)
    assert needed.ci_low == pytest.approx(100 / sure.ci_high)
    assert needed.ci_high == pytest.approx(100 / sure.ci_low)
    assert "with ketamine" in needed.estimate_name
    worse = compare(trial((28,) * 7 + (10,), (10,) * 8))[0]
    needed = next(one for one in worse.companions if "needed" in one.estimate_name)
    assert "with saline" in needed.estimate_name
    assert needed.estimate == pytest.approx(8 / 7)


def test_remission_and_the_reference_and_one_side():
    result = compare(outcome="remission", reference="ketamine", alternative="less")[0]
    assert result.groups == ("saline", "ketamine")
    assert result.outcome == "remission (MADRS at or below 10)"
    assert result.estimate == pytest.approx(-100 / 6)
    assert result.p_value == unconditional_test((0, 6), (1, 6), alternative="less").p_value
    assert result.ci_low == -100
    change = result.companions[-1]
    assert change.alternative == "greater"  # less remission is a higher score


def test_interval_and_test_that_part_over_zero_are_told():
    together = compare(trial((10,) * 4 + (28,), (28,) * 5), test="fisher")[0]
    assert together.ci_low > 0
    assert together.p_value == pytest.approx(2 * 5 / 210)  # below .05 as well
    assert not any("disagree" in one for one in together.warnings)
    apart = compare(trial((10,) * 5 + (28,), (10,) * 2 + (28,) * 6))[0]
    assert apart.ci_low > 0
    assert apart.p_value > 0.05
    assert any("disagree here" in one and "excludes 0" in one for one in apart.warnings)


def test_three_arms_are_one_family():
    response, people = trial()
    people.loc[people["participant_id"].isin(["P03", "P05", "P09"]), "arm"] = "esketamine"
    results = compare_response_rates(response, participants=people)
    assert [one.groups for one in results] == [("esketamine", "saline"), ("ketamine", "saline")]
    assert all("2 contrasts" in one.adjustment for one in results)
    assert all(one.p_adjusted >= one.p_value for one in results)


def test_an_arm_with_nobody_has_no_answer_and_says_so():
    result = compare(trial(KETAMINE, (None, None)), missing="exclude")[0]
    assert math.isnan(result.p_value)
    assert result.warnings[0].startswith(
        "Nothing could be computed: nobody in saline has a rating that could be counted"
    )


def test_everybody_alike_and_one_person_each():
    same = compare(trial((28, 27), (28, 26)))[0]
    assert same.estimate == 0
    assert same.p_value == 1
    alone = compare(trial((10,), (28,)))[0]
    assert alone.p_value == 1
    assert any("not below 0.05" in one for one in alone.warnings)


def test_names_of_any_script_stay_as_they_are():
    result = compare(trial(names=("氯胺酮", "placebo <script>")))[0]
    assert result.groups == ("氯胺酮", "placebo <script>")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"arm": "group"}, "no column 'group'"),
        ({"reference": "placebo"}, "placebo"),
        ({"missing": "locf"}, "locf"),
        ({"test": "chi-square"}, "chi-square"),
        ({"outcome": "recovery"}, "recovery"),
    ],
)
def test_bad_words_are_refused_in_a_sentence(how, said):
    with pytest.raises(TableError, match=said):
        compare(**how)


def test_one_arm_other_ids_and_no_response_table_are_refused():
    response, people = trial()
    with pytest.raises(TableError, match="two arms are wanted"):
        compare_response_rates(response, participants=people.assign(arm="ketamine"))
    others = people.assign(participant_id=[f"X{one}" for one in range(12)])
    with pytest.raises(TableError, match="no participant of response is in participants"):
        compare_response_rates(response, participants=others)
    with pytest.raises(TableError, match="response has no column"):
        compare_response_rates(people, participants=people)
    with pytest.raises(StatisticsError, match="alternative"):
        compare_response_rates(response, participants=people, alternative="both")


def test_who_has_no_arm_or_no_rating_is_left_out_by_name():
    response, people = trial()
    people.loc[0, "arm"] = None
    extra = pd.DataFrame({"participant_id": ["P99"], "arm": ["saline"]})
    result = compare_response_rates(response, participants=pd.concat([people, extra]))[0]
    assert result.excluded.set_index("participant_id")["reason"].to_dict() == {
        "P01": "no arm known",
        "P99": "no MADRS in the response table",
    }
