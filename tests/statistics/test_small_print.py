"""Cases that careful readers found: zeros, halves, short floats, names, an empty test."""

import numpy as np
import pandas as pd
import pytest

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    Budget,
    adjust_p,
    correlation_permutation_test,
    design_facts,
    leave_one_out_pairs,
    max_t_test,
    paired_permutation_test,
    permutation_test,
)


@pytest.mark.parametrize("statistic", ["signed_rank", "signed_rank_pratt"])
def test_zeros_are_ordinary_values_at_every_other_shift(statistic):
    """The interval holds just the shifts that the test keeps, also where a difference is zero."""
    rng = np.random.default_rng(5)
    for _ in range(40):
        differences = np.append(rng.integers(-6, 11, 7), 0).astype(float)
        found = paired_permutation_test(differences, statistic=statistic)
        for limit, outwards in ((found.ci_low, -0.01), (found.ci_high, 0.01)):
            if not np.isfinite(limit) or abs(limit) < 0.1:
                continue
            outside, inside = (
                paired_permutation_test(
                    differences - limit - step, statistic=statistic, confidence_level=None
                ).p_value
                for step in (outwards, -outwards)
            )
            assert outside < 0.05 <= inside


def test_centre_of_signed_ranks_is_that_of_all_differences():
    # 0, 1, 2: Walsh averages 0, .5, 1, 1, 1.5, 2; without the zero they would be 1, 1.5, 2.
    assert paired_permutation_test([0, 1, 2], statistic="signed_rank").estimate == 1.0


def test_a_mid_p_of_exactly_alpha_is_not_below_it():
    # 4 v 4, one-sided: 2 arrangements beyond and 3 as extreme, (2 + 5)/140 = 1/20.
    found = permutation_test([5, 1, 5, 6], [3, 2, 1, 1], alternative="greater", mid_p=True)
    assert found.p_value == 0.05
    assert found.true_size == pytest.approx(2 / 70)
    assert not any("rejects zero itself" in one for one in found.warnings)


def test_everything_equal_says_the_p_that_it_gives():
    found = permutation_test([5] * 3, [5] * 3, mid_p=True)
    assert found.p_value == 0.5
    assert "Every arrangement gives the same statistic, so p is 0.5 (mid-p)." in found.warnings


def test_short_floats_tie_as_the_decimals_that_they_print():
    x, y = [0.3, 0.5, 0.7, 1.2, 0.9, 0.1], [0.1, 0.3, 0.9, 0.2, 0.2, 0.4]
    short = [np.array(one, dtype=np.float32) for one in (x, y)]
    assert permutation_test(*short).p_value == permutation_test(x, y).p_value
    assert (
        paired_permutation_test(*short, statistic="signed_rank").p_value
        == paired_permutation_test(x, y, statistic="signed_rank").p_value
    )
    assert max_t_test(*(one[:, None] for one in short)).p_values[0] == pytest.approx(
        permutation_test(x, y).p_value
    )


@pytest.mark.parametrize("statistic", ["mean", "signed_rank", "signed_rank_pratt", "sign"])
def test_nothing_but_zeros_needs_no_budget(statistic):
    found = paired_permutation_test(
        [0, 0, 0], statistic=statistic, budget=Budget(seconds=0, gibibytes=0), seed=1
    )
    assert found.p_value == 1


def test_pairs_with_names_must_be_in_one_order():
    x = pd.Series([1.0, 2, 3, 5], index=list("ABCD"))
    y = pd.Series([1.0, 2, 4, 3], index=list("BACD"))
    for test in (paired_permutation_test, correlation_permutation_test):
        with pytest.raises(StatisticsError) as refused:
            test(x, y)
        assert str(refused.value) == (
            "the index of x and y differ, 'A' against 'B' in place 1, and pairs are matched by "
            "position; allowed: the same names in the same order, or arrays without names. Align "
            "them first, as with y.loc[x.index], or give to_numpy() of both."
        )
        assert test(x, y.loc[x.index]).n == (4,)
        assert test(x, y.to_numpy()).n == (4,)


def test_markers_with_names_must_be_in_one_order_and_keep_their_names():
    x = pd.DataFrame({"BDNF": [5, 6, 7, 8, 9.0], "entropy": [1, 1, 2, 1, 2.0]})
    y = pd.DataFrame({"entropy": [1, 2, 1, 2, 1.0], "BDNF": [1, 2, 3, 4, 0.0]})
    with pytest.raises(StatisticsError, match="the columns of x and y differ, 'BDNF' against"):
        max_t_test(x, y)
    found = max_t_test(x, y[x.columns])
    assert found.names == ("BDNF", "entropy")
    assert repr(found).splitlines()[1].startswith("  BDNF: mean difference 5.00, p = .0079, adj")
    assert max_t_test(x.to_numpy(), y[x.columns].to_numpy()).names == ("1", "2")


def test_a_record_reads_as_a_sentence():
    assert repr(permutation_test([5, 6, 7, 8], [1, 2, 3, 4])) == (
        "<PermutationTest: mean difference 4.00, 95% CI 1.00 to 7.00 (inverted permutation test); "
        "p = .029 (exact, 70 arrangements; two-sided); n = 4 v 4>"
    )
    few = repr(permutation_test([5, 6], [1, 2])).splitlines()
    assert few[0].endswith("; 2 warnings>")
    assert len(few) == 3


def test_p_values_are_refused_in_a_sentence():
    with pytest.raises(StatisticsError, match="p_values cannot be read as one row"):
        adjust_p([[0.1], [0.2, 0.3]])
    with pytest.raises(StatisticsError, match="p_values is a masked array that hides 1 of 2"):
        adjust_p(np.ma.array([0.1, 0.2], mask=[1, 0]))


def test_small_p_values_help_each_other_in_a_step_up():
    for adjust in ("hochberg", "fdr_bh"):
        facts = design_facts([1, 2, 3, 4, 5, 6], design="pairs", n_tests=8, adjust=adjust)
        # Eight markers at the floor of 2/64 stay there.
        assert facts.p_floor_adjusted["two-sided"] == 2 / 64
        assert facts.is_attainable["two-sided"]
    by = design_facts([1, 2, 3, 4, 5, 6], design="pairs", n_tests=8, adjust="fdr_by")
    assert not by.is_attainable["two-sided"]
    assert by.warnings[-1].startswith("The smallest p value that this design can give is .031; aft")


def test_floor_of_a_design_is_not_that_of_draws():
    rng = np.random.default_rng(2)
    facts = design_facts(rng.normal(size=40), rng.normal(size=40), n_tests=1000)
    assert facts.p_floor["two-sided"] < 1e-20
    assert facts.is_attainable["two-sided"]


def test_designs_say_that_y_is_missing():
    with pytest.raises(StatisticsError, match="y is None, and design 'pairings' needs it"):
        design_facts([1, 2, 3], design="pairings")


def test_leaving_one_out_keeps_to_the_budget():
    none = Budget(seconds=0, gibibytes=0)
    assert not leave_one_out_pairs([1, 2, 3, 4, 6.5], budget=none, seed=1, n_resamples=9).is_exact
