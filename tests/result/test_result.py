import dataclasses

import numpy as np
import pandas as pd
import pytest

from ketbio.errors import TableError
from ketbio.result import (
    TIDY_COLUMNS,
    Result,
    Results,
    answer_words,
    contrast_words,
    side_words,
    statistic_words,
    tidy,
)


def make(**fields):
    shared = {
        "analysis": "compare_visits", "marker": "MADRS", "outcome": "change, before to after",
        "groups": ("after", "before"), "n": {"pairs": 10}, "estimate": -12.3,
        "estimate_name": "mean change", "unit": "points", "ci_low": -19.0, "ci_high": -7.0,
        "ci_method": "inverted permutation test", "p_value": 2 / 1024,
        "p_method": "exact, 1,024 arrangements", "is_exact": True, "n_arrangements": 1024,
        "alternative": "two-sided",
    }  # fmt: skip
    return Result(**(shared | fields))


def test_sentence_gives_estimate_and_interval_before_p():
    assert make().sentence() == (
        "MADRS, change, before to after: mean change −12.3 points, 95% CI −19.0 to −7.00 "
        "(inverted permutation test), p = .0020 (exact, 2 of 1,024 arrangements); 10 pairs."
    )


def test_sentence_of_a_count_says_how_many_of_how_many():
    result = make(outcome="response", estimate=20.0, estimate_name="responders", unit="%",
                  n={"all": 10}, statistic=2.0, statistic_name="count", p_method="",
                  ci_low=2.52, ci_high=55.6, ci_method="Clopper–Pearson")  # fmt: skip
    assert result.sentence() == (
        "MADRS, response: responders 2 of 10, 20.0%, 95% CI 2.52 to 55.6 (Clopper–Pearson); n = 10."
    )


def test_sentence_without_an_estimate_gives_the_effect():
    result = make(estimate=np.nan, estimate_name="shift not estimated", ci_low=np.nan,
                  ci_high=np.nan, effect_size=0.8, effect_size_name="probability of superiority",
                  effect_size_ci=(0.5, 1.0))  # fmt: skip
    told = "shift not estimated, probability of superiority (after over before) 0.800, 95% CI 0.500"
    assert told in result.sentence()


def test_sentence_says_a_probability_of_superiority_is_of_one_group_over_the_other():
    of_groups = {"analysis": "compare_responders", "groups": ("responder", "non-responder")}
    given = of_groups | {"estimate": 0.833, "ci_low": np.nan, "unit": ""}
    told = "change, before to after: probability of superiority (responder over non-responder) 0.8"
    assert told in make(**given, estimate_name="probability of superiority").sentence()
    assert "p (responder over non-responder) 0.833" in (
        make(**given, estimate_name="p", null_value=0.5).sentence()
    )
    assert "(" not in make(**given, estimate_name="Pearson r", p_method="").sentence()
    assert "mean difference (responder − non-responder) −12.3 points" in (
        make(**of_groups, estimate_name="mean difference").sentence()
    )


def test_answer_is_the_sentence_without_its_subject():
    result = make()
    subject = "MADRS, change, before to after: "
    assert f"{subject}{answer_words(result)}" == result.sentence().replace(": mean", ": Mean")


@pytest.mark.parametrize(
    ("groups", "name", "said"),
    [
        (("responder", "non-responder"), "rank sum of x", "rank sum of responders"),
        (("day_14", "baseline"), "rank sum of x", "rank sum of day_14"),
        (("responder", "non-responder"), "Welch t", "Welch t"),
        (("all",), "rank sum of x", "rank sum of x"),
    ],
)
def test_statistic_is_named_with_its_group(groups, name, said):
    assert statistic_words(make(groups=groups, statistic_name=name)) == said


def test_contrast_needs_two_groups():
    assert contrast_words(make()) == "after − before"
    assert contrast_words(make(groups=("all",))) == ""


def test_sentence_counts_the_excluded_and_the_adjusted_p():
    left_out = pd.DataFrame({"participant_id": ["P01"], "reason": ["no value at after"]})
    sentence = make(
        excluded=left_out, p_adjusted=0.0117, adjustment="Holm over 6 markers"
    ).sentence()
    assert "p = .012 after Holm over 6 markers" in sentence
    assert sentence.endswith("; 10 pairs, 1 participant excluded.")


def test_many_arrangements_are_not_counted_out_in_a_sentence():
    result = make(n_arrangements=137_846_528_820, p_method="exact, 137,846,528,820 arrangements")
    assert "(exact, 137,846,528,820 arrangements)" in result.sentence()


@pytest.mark.parametrize(
    ("fields", "count"),
    [({}, 2), ({"is_exact": False}, None), ({"alternative": "two-sided-doubled"}, None)],
)
def test_count_behind_p_is_given_only_where_all_were_counted(fields, count):
    assert make(**fields).n_extreme == count


def test_tidy_has_the_same_columns_whatever_it_is_given():
    assert tuple(tidy([]).columns) == TIDY_COLUMNS
    assert tuple(tidy(make()).columns) == TIDY_COLUMNS
    assert tuple(Results([make(), make()]).tidy().columns) == TIDY_COLUMNS


def test_tidy_numbers_companions_after_their_result():
    table = tidy([make(companions=(make(role="sensitivity"),)), make()])
    assert table["row"].tolist() == [1, 2, 3]
    assert table["role"].tolist() == ["primary", "sensitivity", "primary"]


def test_tidy_gives_the_leave_one_out_range():
    left_out = pd.DataFrame(
        {"participant_id": ["P01", "P02"], "estimate": [-13.0, -9.0], "p_value": [0.004, 0.02]}
    )
    row = tidy(make(leave_one_out=left_out)).iloc[0]
    assert (row["leave_one_out_low"], row["leave_one_out_high"]) == (-13.0, -9.0)
    assert (row["leave_one_out_p_low"], row["leave_one_out_p_high"]) == (0.004, 0.02)


def test_tidy_refuses_something_else():
    with pytest.raises(TableError, match="takes results; a DataFrame was given"):
        tidy([pd.DataFrame()])


def test_result_is_frozen_and_keeps_copies():
    data = pd.DataFrame({"participant_id": ["P01"], "change": [1.0]})
    counts = {"pairs": 1}
    result = make(data=data, n=counts)
    data.loc[0, "change"] = 99.0
    counts["pairs"] = 99
    assert result.data["change"].tolist() == [1.0]
    assert result.n == {"pairs": 1}
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.estimate = 0.0


def test_results_stay_results_when_sliced():
    results = Results([make(), make(), make()])
    assert isinstance(results[:2], Results)
    assert isinstance(results[0], Result)
    assert len(results[1:]) == 2


def test_html_escapes_names():
    shown = Results([make(marker="<b>x</b>", label="<b>x</b>")])._repr_html_()
    assert "<b>x</b>" not in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown


def test_label_comes_from_the_vocabulary_unless_given():
    assert make(marker="p_GSK3B_S9").label == "p-GSK3β (Ser9)"
    assert make(marker="x", label="accumbens entropy").label == "accumbens entropy"


def test_what_the_plan_says_is_a_column_beside_the_title():
    result = make(title="Signalling", aim="secondary", deviation="Day 14 in place of day 11.")
    table = tidy(result)
    assert list(table.columns[:4]) == ["row", "title", "aim", "deviation"]
    assert table.iloc[0][["aim", "deviation"]].tolist() == [
        "secondary", "Day 14 in place of day 11.",
    ]  # fmt: skip
    assert make().aim == make().deviation == ""


def test_an_aim_that_no_plan_has_is_refused():
    with pytest.raises(TableError) as caught:
        make(aim="primry")
    assert str(caught.value) == (
        "aim is 'primry'; allowed: '', 'primary', 'secondary', 'exploratory', 'sensitivity'. "
        "Did you mean 'primary'?"
    )


def test_a_result_of_nobody_is_still_a_sentence():
    assert make(n={}, p_method="").sentence().endswith("(inverted permutation test).")


def test_readers_are_told_the_side_of_a_test_in_words():
    assert [side_words(one) for one in ("less", "two-sided-doubled", "two-sided", "")] == [
        "one-sided: less", "two-sided by doubling", "two-sided", "",
    ]  # fmt: skip
