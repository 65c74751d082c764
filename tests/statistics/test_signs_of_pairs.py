"""Sign test, signed ranks after Pratt and within blocks: against R and every sign written out."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ketbio.statistics import paired_permutation_test

ALTERNATIVES = ("two-sided", "less", "greater", "two-sided-doubled")
alternatives = st.sampled_from(ALTERNATIVES)
differences = st.lists(st.integers(-4, 4), min_size=1, max_size=8)

CHANGES = [0, 0, 3, -1, 4, 2, -2, 5, 6, 1, 0]


def brute_p(scores, alternative):
    """Share of all signs of the scores whose sum is as extreme."""
    scores = [Fraction(one) for one in scores]
    every = [
        sum((s * one for s, one in zip(signs, scores, strict=True)), Fraction(0))
        for signs in product((1, -1), repeat=len(scores))
    ]
    observed = sum(scores, Fraction(0))
    upper = Fraction(sum(t >= observed for t in every), len(every))
    lower = Fraction(sum(t <= observed for t in every), len(every))
    both = Fraction(sum(abs(t) >= abs(observed) for t in every), len(every))
    doubled = min(Fraction(1), 2 * min(upper, lower))
    return {"two-sided": both, "greater": upper, "less": lower, "two-sided-doubled": doubled}[
        alternative
    ]


def signed_ranks(values, *, keep_zeros):
    """Signed mid-ranks; zeros are dropped before ranking, or ranked and then given no sign."""
    kept = [v for v in values if v or keep_zeros]
    ranks = stats.rankdata([abs(v) for v in kept]) if kept else []
    return [float(r * np.sign(v)) for r, v in zip(ranks, kept, strict=True)]


# R 4.2.2, coin 1.4.2, d <- c(0, 0, 3, -1, 4, 2, -2, 5, 6, 1, 0); x <- rep(0, 11):
# pvalue(wilcoxsign_test(d ~ x, zero.method = "Pratt", distribution = "exact", alternative = a))
@pytest.mark.parametrize(
    ("alternative", "p"), [("two-sided", 0.109375), ("less", 0.96484375), ("greater", 0.0546875)]
)
def test_pratt_as_coin(alternative, p):
    found = paired_permutation_test(CHANGES, statistic="signed_rank_pratt", alternative=alternative)
    assert found.p_value == p


# the same with zero.method = "Wilcoxon"
@pytest.mark.parametrize(
    ("alternative", "p"), [("two-sided", 0.0859375), ("less", 0.9765625), ("greater", 0.04296875)]
)
def test_dropped_zeros_as_coin(alternative, p):
    found = paired_permutation_test(CHANGES, statistic="signed_rank", alternative=alternative)
    assert found.p_value == p


# R: binom.test(sum(d > 0), sum(d != 0), alternative = a)$p.value
@pytest.mark.parametrize(
    ("alternative", "p"), [("two-sided", 0.2890625), ("less", 0.96484375), ("greater", 0.14453125)]
)
def test_sign_as_binom_test(alternative, p):
    found = paired_permutation_test(CHANGES, statistic="sign", alternative=alternative)
    assert found.p_value == p
    assert (found.statistic, found.estimate) == (6, 1)
    assert found.warnings[0] == "3 differences of zero were dropped from the sign test."


def test_zeros_by_hand():
    # Signed ranks 2 −1 (Wilcoxon) and 3 −2 (Pratt): their sum is 1, and no signs give less.
    wilcoxon = paired_permutation_test([0, 3, -1], statistic="signed_rank")
    pratt = paired_permutation_test([0, 3, -1], statistic="signed_rank_pratt")
    sign = paired_permutation_test([0, 3, -1], statistic="sign")
    assert (wilcoxon.statistic, pratt.statistic, sign.statistic) == (2, 3, 1)
    assert (wilcoxon.p_value, pratt.p_value, sign.p_value) == (1, 1, 1)
    assert [t.n_arrangements for t in (wilcoxon, pratt, sign)] == [4, 4, 4]
    assert pratt.warnings[0] == "1 difference of zero was ranked and then dropped (Pratt's way)."


@given(differences, alternatives)
def test_pratt_is_the_share_of_signs(values, alternative):
    found = paired_permutation_test(values, statistic="signed_rank_pratt", alternative=alternative)
    scores = signed_ranks(values, keep_zeros=True)
    assert found.p_value == float(brute_p(scores, alternative))
    assert found.statistic == sum(one for one in scores if one > 0)


@given(differences, alternatives)
def test_sign_is_the_share_of_signs_and_the_binomial(values, alternative):
    found = paired_permutation_test(values, statistic="sign", alternative=alternative)
    signs = [int(np.sign(v)) for v in values if v]
    assert found.p_value == float(brute_p(signs, alternative))
    if signs and alternative != "two-sided-doubled":
        up = sum(s > 0 for s in signs)
        p = stats.binomtest(up, len(signs), alternative=alternative).pvalue
        assert found.p_value == pytest.approx(p, rel=1e-12)


@given(differences, alternatives, st.data(), st.booleans())
def test_ranks_within_blocks_are_the_share_of_signs(values, alternative, data, keep_zeros):
    """Ranks begin again in each block; the signs are dealt over all of them."""
    n = len(values)
    blocks = data.draw(st.lists(st.sampled_from("ab"), min_size=n, max_size=n))
    scores = []
    for block in "ab":
        mine = [v for v, b in zip(values, blocks, strict=True) if b == block]
        scores += signed_ranks(mine, keep_zeros=keep_zeros)
    found = paired_permutation_test(
        values,
        statistic="signed_rank_pratt" if keep_zeros else "signed_rank",
        alternative=alternative,
        blocks=blocks,
    )
    assert found.p_value == float(brute_p(scores, alternative))
    assert found.statistic == sum(one for one in scores if one > 0)
    walsh = [
        (a + b) / 2
        for i, (a, one) in enumerate(zip(values, blocks, strict=True))
        for b, other in zip(values[i:], blocks[i:], strict=True)
        if one == other
    ]
    # Zeros are dropped from the test at zero shift; the centre is that of all differences.
    assert found.estimate == (np.median(walsh) if keep_zeros or any(values) else 0)


@given(differences, alternatives, st.sampled_from(["0.9", "0.75", "0.5"]))
def test_the_sign_interval_holds_the_medians_that_are_not_rejected(values, alternative, level):
    """Between two differences p is that of the binomial count of those above the shift."""
    found = paired_permutation_test(
        values, statistic="sign", alternative=alternative, confidence_level=float(level)
    )
    edges = sorted(set(values))
    gaps = [edges[0] - 1, *((a + b) / 2 for a, b in pairwise(edges))]
    gaps.append(edges[-1] + 1)
    alpha = 1 - Fraction(level)
    kept = [g for g in gaps if brute_p([np.sign(v - g) for v in values], alternative) >= alpha]
    if kept:
        lows = [e for e in (-np.inf, *edges) if e < min(kept)]
        highs = [e for e in (*edges, np.inf) if e > max(kept)]
        assert (found.ci_low, found.ci_high) == (lows[-1], highs[0])
    else:
        assert found.ci_low in edges
        assert found.ci_high in edges


# R 4.2.2: the interval of the median from ordered values, sort(x)[qbinom(.025, 10, .5)] and
# sort(x)[11 - qbinom(.025, 10, .5)]: the 2nd and the 9th of ten
def test_sign_interval_by_ordered_values():
    values = [1.1, -0.4, 2.3, 0.9, 1.75, -0.2, 3.1, 0.65, 4.2, 2.8]
    found = paired_permutation_test(values, statistic="sign")
    assert (found.ci_low, found.ci_high) == (-0.2, 3.1)
    assert found.estimate == pytest.approx(1.425)
    assert found.ci_method == "inverted sign test"


@pytest.mark.parametrize("statistic", ["mean", "signed_rank", "signed_rank_pratt", "sign"])
def test_nothing_but_zeros_is_p_one_and_an_open_interval(statistic):
    found = paired_permutation_test([0, 0, 0], statistic=statistic)
    assert (found.p_value, found.estimate) == (1, 0)
    assert (found.ci_low, found.ci_high) == (-np.inf, np.inf)
    assert "Every arrangement gives the same statistic, so p is 1." in found.warnings
