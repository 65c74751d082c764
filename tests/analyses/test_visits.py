from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_visits
from ketbio.endpoints import derive_column, derive_scale_total

VISITS = {"baseline": "before", "endpoint": "after"}


@pytest.fixture
def result(totals):
    return compare_visits(totals, marker="MADRS", **VISITS)


def test_mean_change_and_exact_p_by_hand(result):
    # −30 −23 −18 −8 −5 −9, all of one sign: 2 of 64
    assert result.estimate == pytest.approx(-15.5)
    assert (result.p_value, result.n_extreme, result.n_arrangements) == (2 / 64, 2, 64)
    assert result.groups == ("after", "before")


def test_sentence_gives_estimate_first_and_the_count_behind_p(result):
    sentence = result.sentence()
    assert sentence.startswith("MADRS, change, before to after: ")
    assert sentence.index("−15.5 points") < sentence.index("p = .031")
    assert "exact, 2 of 64 arrangements" in sentence
    assert "1 participant excluded" in sentence


def test_published_trial_of_esketamine():
    # OSF 2ujqn, CC BY 4.0: means, t and interval as published;
    # exact p in R: exactRankTests::perm.test(after, before, paired = TRUE, exact = TRUE)
    before = [38, 27, 34, 44, 45, 33, 48, 41, 40, 41]
    after = [33, 22, 27, 10, 22, 21, 40, 31, 29, 33]
    ids = [f"P{i}" for i in range(10)]
    totals = derive_scale_total(
        pd.DataFrame(
            {
                "participant_id": ids * 2,
                "visit": ["before"] * 10 + ["after"] * 10,
                "madrs_total": np.array(before + after, dtype=float),
            }
        )
    )
    result = compare_visits(totals, marker="MADRS", **VISITS)
    assert result.estimate == pytest.approx(-12.3)
    assert (result.p_value, result.n_extreme) == (2 / 1024, 2)
    t = next(one for one in result.companions if one.statistic_name.startswith("t("))
    assert (t.ci_low, t.ci_high) == (
        pytest.approx(-18.891384, abs=1e-6),
        pytest.approx(-5.708616, abs=1e-6),
    )
    assert t.p_value == pytest.approx(0.0022350, abs=1e-7)
    means = [one for one in result.companions if one.estimate_name == "mean"]
    assert [one.estimate for one in means] == [pytest.approx(39.1), pytest.approx(26.8)]
    assert [one.spread for one in means] == [
        pytest.approx(6.297266, abs=1e-6),
        pytest.approx(8.403703, abs=1e-6),
    ]


def test_interval_agrees_with_the_test(result):
    assert (result.ci_low > 0 or result.ci_high < 0) == (result.p_value <= 0.05)


def test_uncontrolled_design_is_called_so(result):
    assert any("without a control group" in one for one in result.warnings)


def test_nobody_with_both_visits_is_a_result_that_says_why():
    table = pd.DataFrame(
        {"participant_id": ["P01", "P02"], "visit": ["before", "after"], "x": [1.0, 2.0]}
    )
    result = compare_visits(derive_column(table, column="x"), marker="x", **VISITS)
    assert result.n == {"pairs": 0}
    assert "no participant has a value at both visits" in result.warnings[0]


def test_no_change_at_all_is_p_one_not_nan():
    table = pd.DataFrame(
        {
            "participant_id": ["P01", "P02", "P03"] * 2,
            "visit": ["before"] * 3 + ["after"] * 3,
            "x": [1.0, 2.0, 3.0] * 2,
        }
    )
    result = compare_visits(derive_column(table, column="x"), marker="x", **VISITS)
    assert (result.estimate, result.p_value) == (0.0, 1.0)
    assert result.warnings


def test_one_participant_is_told_that_no_p_below_one_exists():
    table = pd.DataFrame({"participant_id": ["P"] * 2, "visit": ["before", "after"], "x": [1.0, 3]})
    result = compare_visits(derive_column(table, column="x"), marker="x", **VISITS)
    assert result.p_value == 1.0
    assert any("smallest p value that this design can give" in one for one in result.warnings)


def test_leaving_out_a_censored_value_is_told_as_not_at_random():
    rows = pd.DataFrame(
        {
            "participant_id": ["P01", "P02", "P03"] * 2,
            "visit": ["before"] * 3 + ["after"] * 3,
            "marker": "BDNF_plasma", "unit": "ng/mL", "scale": "raw", "note": "",
            "value": [1.0, 2.0, 3.0, 2.0, 2.5, np.nan],
            "censored": [""] * 5 + ["left"], "limit": [np.nan] * 5 + [0.5],
            "reason": [""] * 5 + ["below 0.500 ng/mL"],
        }
    )  # fmt: skip
    result = compare_visits(rows, marker="BDNF_plasma", **VISITS)
    assert result.n == {"pairs": 2}
    assert any("leaving them out can bias the estimate" in one for one in result.warnings)


def test_one_sided_test_is_named_in_the_sentence(totals):
    result = compare_visits(totals, marker="MADRS", alternative="less", **VISITS)
    assert "one-sided: less" in result.sentence()
    assert "(one-sided)" in result.sentence()


def changes_of(*changes):
    ids = [f"P{number}" for number in range(1, len(changes) + 1)]
    table = pd.DataFrame(
        {
            "participant_id": ids * 2,
            "visit": ["before"] * len(ids) + ["after"] * len(ids),
            "x": [0.0] * len(ids) + list(changes),
        }
    )
    return derive_column(table, column="x", unit="u")


def test_sign_test_by_hand():
    # three up, one down, one zero dropped: 2·(1 + 4)/16
    result = compare_visits(
        changes_of(3.0, 1.0, -2.0, 0.0, 4.0), marker="x", statistic="sign", **VISITS
    )
    assert (result.statistic, result.p_value) == (3, 10 / 16)
    assert (result.estimate, result.estimate_name) == (1.0, "median change")
    assert result.references[:2] == ("dixon1946", "thompson1936")
    assert any("a rise and a fall are equally likely" in one for one in result.warnings)
    assert [one.estimate_name for one in result.companions][-1] == "mean change"


def test_zeros_are_ranked_in_pratts_way_by_hand():
    # sizes 0 0 1 2 3: ranks 1.5 1.5 3 4 5; positive ranks 4 + 5 = 9 of ±3 ±4 ±5, against 3:
    # as far from 6 as 9 is: sums 0, 3, 9 and 12, of 0 3 4 5 7 8 9 12
    table = changes_of(0.0, 0.0, -1.0, 2.0, 3.0)
    result = compare_visits(table, marker="x", statistic="signed_rank_pratt", **VISITS)
    assert (result.statistic, result.p_value) == (9, 4 / 8)
    assert "pratt1959" in result.references
    dropped = compare_visits(table, marker="x", statistic="signed_rank", **VISITS)
    assert dropped.statistic == 5


@pytest.fixture
def people():
    return pd.DataFrame(
        {"participant_id": [f"P{i}" for i in range(1, 7)], "site": ["A", "A", "A", "B", "B", None]}
    )


def test_ranks_of_changes_are_given_within_blocks_by_hand(people):
    # A: 5 −1 3 ranks 3 1 2; B: −20 10 ranks 2 1; P6 has no site.
    # positive: 3 + 2 + 1 = 6 of ±3 ±1 ±2 ±2 ±1, whose centre is 4.5
    table = changes_of(5.0, -1.0, 3.0, -20.0, 10.0, 7.0)
    plan = {"marker": "x", "blocks": "site", "participants": people, **VISITS}
    result = compare_visits(table, statistic="signed_rank", **plan)
    sums = [sum(c) for r in range(6) for c in combinations([3, 1, 2, 2, 1], r)]
    expected = np.mean([abs(one - 4.5) >= 1.5 for one in sums])
    assert (result.statistic, result.p_value) == (6, pytest.approx(expected))
    assert result.excluded.to_dict("records") == [{"participant_id": "P6", "reason": "no site"}]
    assert any("Ranked within site only (2 of them)" in one for one in result.warnings)


@pytest.mark.parametrize("statistic", ["mean", "sign"])
def test_blocks_change_neither_mean_nor_signs_and_it_says_so_once(people, statistic):
    table = changes_of(5.0, -1.0, 3.0, -20.0, 10.0)
    plan = {"marker": "x", "statistic": statistic, **VISITS}
    within = compare_visits(table, blocks="site", participants=people, **plan)
    assert within.p_value == compare_visits(table, **plan).p_value
    assert sum("Blocks change nothing here" in one for one in within.warnings) == 1
    ranked = any("Ranked within site" in one for one in within.companions[-1].warnings)
    assert ranked == (statistic == "mean")  # the signed-rank test stands beside the mean


def test_a_joint_adjustment_of_pairs_takes_blocks(people):
    table = changes_of(5.0, -1.0, 3.0, -20.0, 10.0)
    both = pd.concat([table, table.assign(marker="again")])
    family = compare_visits(
        both, marker=["x", "again"], adjust="max_t", blocks="site", participants=people, **VISITS
    )
    assert family[0].p_adjusted == pytest.approx(family[0].p_value)
    assert sum("Blocks change nothing here" in one for one in family[0].warnings) == 1
