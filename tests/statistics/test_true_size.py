"""The true size: the share of arrangements whose own p is below α, by asking each of them."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.statistics import attained_size, paired_permutation_test, permutation_test
from ketbio.statistics.counting import subset_sums
from ketbio.statistics.counting.attained_size import attained_size_of_tails
from ketbio.statistics.counting.subset_tails import halve
from ketbio.statistics.two_groups.groups import two_groups
from ketbio.statistics.two_groups.mean_difference import mean_design

ALTERNATIVES = ("two-sided", "less", "greater", "two-sided-doubled")
alternatives = st.sampled_from(ALTERNATIVES)
levels = st.sampled_from([0.95, 0.9, 0.8, 0.5])
tied = st.lists(st.integers(-3, 3), min_size=1, max_size=4)


def alpha_of(level):
    return float(1 - Fraction(repr(level)))


@given(
    x=tied, y=tied, alternative=alternatives, level=levels, mid_p=st.booleans(),
    statistic=st.sampled_from(["mean_difference", "rank_sum"]),
)  # fmt: skip
def test_every_arrangement_of_groups_asked_for_its_own_p(
    *, x, y, alternative, level, mid_p, statistic
):
    asked = {
        "statistic": statistic,
        "alternative": alternative,
        "mid_p": mid_p,
        "confidence_level": level,
    }
    values, everyone = [*x, *y], range(len(x) + len(y))
    own = []
    for chosen in combinations(everyone, len(x)):
        rest = [values[i] for i in everyone if i not in chosen]
        own.append(permutation_test([values[i] for i in chosen], rest, **asked).p_value)
    found = permutation_test(x, y, **asked)
    assert found.true_size == np.mean(np.array(own) < alpha_of(level))
    if not mid_p:
        assert found.true_size < alpha_of(level) or found.true_size == 0
        assert min(own) == found.p_floor


@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=5), alternatives, levels, st.booleans(),
    st.sampled_from(["mean", "signed_rank", "signed_rank_pratt", "sign"]),
)  # fmt: skip
def test_every_arrangement_of_signs_asked_for_its_own_p(values, alternative, level, mid_p, on):
    asked = {"statistic": on, "alternative": alternative, "mid_p": mid_p}
    own = [
        paired_permutation_test(
            [s * v for s, v in zip(signs, values, strict=True)], **asked, confidence_level=None
        ).p_value
        for signs in product((1, -1), repeat=len(values))
    ]
    found = paired_permutation_test(values, **asked, confidence_level=level)
    assert found.true_size == np.mean(np.array(own) < alpha_of(level))


@given(x=tied, y=tied, alternative=alternatives, level=levels, mid_p=st.booleans(), data=st.data())
def test_counted_tails_give_the_size_of_listed_arrangements(
    *, x, y, alternative, level, mid_p, data
):
    n = len(x) + len(y)
    blocks = data.draw(st.none() | st.lists(st.integers(0, 1), min_size=n, max_size=n))
    design = mean_design(two_groups(x, y, blocks))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subset_sums, "MERGE_FROM", 0)
        tails = halve(design, n // 2, by_overlap=False, merge=True)
    listed = permutation_test(
        x, y, blocks=blocks, alternative=alternative, mid_p=mid_p, confidence_level=level
    )
    found = attained_size_of_tails(tails, alternative, alpha_of(level), mid_p=mid_p)
    assert found == pytest.approx(listed.true_size, rel=1e-12)


def test_a_single_large_value_in_the_smaller_group_is_rejected_at_5_of_195():
    # The only other value of T is nearer its mean than 1: p is 5/195 where the one falls in y.
    found = permutation_test([0] * 190, [1, 0, 0, 0, 0], confidence_level=None)
    assert found.algorithm == "shift algorithm"
    assert found.true_size == found.p_value == pytest.approx(5 / 195, rel=1e-14)


def test_sizes_of_the_designs_that_trials_have():
    # By hand: without ties |T − E T| of the mean difference takes as many values as there are
    # arrangements (5 v 6) or pairs of them (6 v 6): the largest share below .05.
    rng = np.random.default_rng(20260104)
    for (n, m), size in {(5, 6): 23 / 462, (6, 6): 46 / 924, (4, 4): 2 / 70}.items():
        found = permutation_test(rng.normal(size=n), rng.normal(size=m))
        assert found.true_size == pytest.approx(size, rel=1e-14)
    # R: 2 * psignrank(0:3, 6) is .03125, .0625 …: only the most extreme rank sum passes.
    assert paired_permutation_test(range(1, 7), statistic="signed_rank").true_size == 2 / 64


def test_alpha_itself_is_not_below_alpha():
    every = np.array([-4.5, -3.5, -2.5, -2.5, -1.5, -1.5, -1.5, -0.5, -0.5, -0.5])
    every = np.concatenate([every, -every])
    assert attained_size(every, "greater", 0.05) == 0
    assert attained_size(every, "greater", 0.0500001) == 0.05
