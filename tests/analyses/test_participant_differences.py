import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ketbio.analyses import summarise_participants
from ketbio.errors import TableError
from ketbio.report.tables.tabulate import tabulate_participants

PEOPLE = pd.DataFrame(
    {
        "participant_id": [f"P{number:02}" for number in range(1, 8)],
        "sex": ["female", "male", "female", None, "male", "female", "female"],
        "age_years": [15.0, 16, 14, 17, 13, None, 15],
        "arm": ["active"] * 3 + ["placebo"] * 3 + [None],
    }
)


def companions(lines, marker, name, outcome=""):
    return [
        one
        for line in lines
        for one in line.companions
        if (one.marker, one.estimate_name, one.outcome) == (marker, name, outcome)
    ]


def test_difference_of_means_with_welch_interval_by_hand(response):
    lines = summarise_participants(PEOPLE, response=response)
    (found,) = companions(lines, "age_years", "mean difference")
    # 15, 16, 14 against 17, 13: means 15 and 15, variances 1 and 8
    assert found.groups == ("responder", "non-responder")
    assert found.n == {"responder": 3, "non-responder": 2}
    assert found.estimate == 0
    welch = stats.ttest_ind([15, 16, 14], [17, 13], equal_var=False).confidence_interval()
    assert (found.ci_low, found.ci_high) == pytest.approx((welch.low, welch.high))
    assert found.effect_size == 0
    assert found.p_method == ""
    assert np.isnan(found.p_value)


def test_difference_of_percentages_is_in_percentage_points(response):
    lines = summarise_participants(PEOPLE, response=response)
    (found,) = companions(lines, "sex", "difference of percentages", "female")
    assert found.estimate == pytest.approx(100 * (2 / 3 - 1 / 2))
    assert found.unit == "percentage points"
    assert found.ci_method == "Newcombe hybrid score"


def test_who_is_missing_is_a_row_of_its_own(response):
    lines = summarise_participants(PEOPLE, response=response)
    age = companions(lines, "age_years", "missing")
    assert [(one.groups, one.statistic, one.n) for one in age] == [
        (("all",), 1.0, {"all": 7}),
        (("non-responder",), 1.0, {"non-responder": 3}),
    ]
    assert [one.statistic for one in companions(lines, "sex", "missing")] == [1.0, 1.0]


def test_groups_of_a_column_of_the_participants():
    lines = summarise_participants(PEOPLE, by="arm")
    assert list(dict.fromkeys(one.groups[0] for one in lines)) == ["all", "active", "placebo"]
    assert "1 participant without a known group: counted under 'all' only." in lines[0].warnings
    (found,) = companions(lines, "age_years", "mean difference")
    assert found.groups == ("active", "placebo")


def test_three_groups_have_no_difference():
    people = PEOPLE.assign(site=["a", "b", "c", "a", "b", "c", "a"]).drop(columns="arm")
    lines = summarise_participants(people, by="site")
    assert all(len(one.groups) == 1 for line in lines for one in (line, *line.companions))


def test_one_participant_per_group_has_a_difference_and_no_interval():
    people = PEOPLE.loc[[0, 4]].assign(arm=["active", "placebo"])
    (found,) = companions(summarise_participants(people, by="arm"), "age_years", "mean difference")
    assert found.estimate == 2
    assert np.isnan(found.ci_low)
    assert "no spread" in found.warnings[0]


def test_two_ways_of_grouping_and_a_group_named_all_are_refused(response):
    with pytest.raises(TableError, match="give one"):
        summarise_participants(PEOPLE, response=response, by="arm")
    with pytest.raises(TableError, match="'all'"):
        summarise_participants(PEOPLE.assign(arm="all"), by="arm")
    with pytest.raises(TableError, match="by is 'amr'"):
        summarise_participants(PEOPLE, by="amr")


def test_a_column_without_any_value_is_left_out_by_name():
    lines = summarise_participants(PEOPLE.assign(site=None), by="arm")
    assert "site" not in {one.marker for one in lines}
    assert "Not described (nobody has a value): Site." in lines[0].warnings
    (line, *_) = summarise_participants(PEOPLE.assign(site=None), variables=["site"])
    assert (line.estimate_name, line.statistic, line.n) == ("missing", 7.0, {"all": 7})


def test_its_sentence_says_which_group_is_subtracted():
    lines = summarise_participants(PEOPLE, by="arm")
    (age,) = companions(lines, "age_years", "mean difference")
    assert "mean difference (active − placebo)" in age.sentence()


def test_a_difference_of_means_says_whose_values_are_beyond_a_limit():
    levels = PEOPLE[["participant_id"]].assign(
        visit="baseline", marker="BDNF_serum", unit="ng/mL", scale="raw",
        value=[np.nan, *range(1, 7)], censored=["left", *[""] * 6], limit=0.5, note="",
    )  # fmt: skip
    lines = summarise_participants(
        PEOPLE, variables=["age_years"], endpoints=levels, baseline="baseline", by="arm"
    )
    (found,) = companions(lines, "BDNF_serum", "mean difference", "value at baseline")
    (said,) = found.warnings
    assert said.endswith("may be off (1 of active and 0 of placebo).")
    notes = [words for _, words in tabulate_participants(lines).footnotes]
    assert said in notes
