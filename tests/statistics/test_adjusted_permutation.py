"""Permuted residuals: against R, brute force, the exact test without covariates, the interval."""

import re
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import Budget, adjusted_coefficient, permutation_test
from ketbio.statistics import adjusted_permutation_test as adjusted_test
from ketbio.statistics.covariates.residual_permutations import drawn_permutations, every_permutation

Y = [2.1, 3.4, 1.9, 5.0, 4.2, 6.1, 3.3]
X = [0.5, 1.2, 0.3, 2.2, 1.1, 2.0, 1.9]
Z = np.column_stack([[15, 13, 17, 14, 16, 15, 18], [0, 1, 0, 1, 1, 0, 0]])

# As permuco does: every permutation, the observed t among them.
# y <- c(2.1,3.4,1.9,5.0,4.2,6.1,3.3); x <- c(0.5,1.2,0.3,2.2,1.1,2.0,1.9)
# z1 <- c(15,13,17,14,16,15,18); z2 <- c(0,1,0,1,1,0,0)
# perms <- function(v) { if (length(v) == 1) return(matrix(v))
#   do.call(rbind, lapply(seq_along(v), function(i) cbind(v[i], perms(v[-i])))) }
# P <- perms(1:7); t0 <- coef(summary(lm(y ~ x + z1 + z2)))["x", "t value"]
# X <- cbind(1, x, z1, z2); XI <- solve(crossprod(X)); H <- XI %*% t(X)
# tv <- function(y) { b <- H %*% y; e <- y - X %*% b; b[2] / sqrt(sum(e^2)/3 * XI[2, 2]) }
# m0 <- lm(y ~ z1 + z2); f <- fitted(m0); r <- resid(m0)
# fl <- apply(P, 1, function(p) tv(f + r[p]))                       # Freedman-Lane
# r1 <- resid(lm(y ~ x + z1 + z2)); tb <- apply(P, 1, function(p) tv(r1[p])); tb[1] <- t0
# sum(abs(fl) >= abs(t0) - 1e-9); sum(fl >= t0 - 1e-9); sum(fl <= t0 + 1e-9)
R_COUNTS = {"freedman_lane": (424, 230, 4811), "ter_braak": (440, 239, 4802)}
R_T, R_ESTIMATE = 2.57632303291838261, 1.61989490181617057


@pytest.mark.parametrize("method", R_COUNTS)
def test_every_permutation_as_counted_in_r(method):
    sides = ("two-sided", "greater", "less")
    found = [adjusted_test(Y, X, Z, method=method, alternative=side) for side in sides]
    assert tuple(round(one.p_value * 5040, 6) for one in found) == R_COUNTS[method]
    assert found[0].statistic == pytest.approx(R_T, rel=1e-11)
    assert found[0].estimate == pytest.approx(R_ESTIMATE, rel=1e-11)


def test_doubled_p_is_twice_the_smaller_and_mid_p_counts_ties_half():
    doubled = adjusted_test(Y, X, Z, alternative="two-sided-doubled").p_value
    assert doubled == pytest.approx(460 / 5040)
    mid = adjusted_test(Y, X, Z, mid_p=True).p_value
    assert mid == pytest.approx(423.5 / 5040)  # no other arrangement ties with the observed


def t_of(y, x, z):
    """Return t of x in y ~ 1 + x + z by NumPy's least squares."""
    design = np.column_stack([np.ones(len(y)), x, z])
    coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
    left = y - design @ coefficients
    spread = np.linalg.inv(design.T @ design)[1, 1] * (left @ left) / (len(y) - design.shape[1])
    return coefficients[1] / np.sqrt(spread)


@pytest.mark.parametrize(
    ("y", "x", "z", "block"),
    [
        ([3, 1, 4, 1.5, 9], [1, 0, 1, 0, 0], [2, 7, 1, 8, 3], [0] * 5),
        ([3, 1, 4, 1, 5, 9], [1, 1, 0, 0, 1, 0], [2, 7, 1, 8, 2, 8], [0] * 6),
        ([3, 1, 4, 1, 5, 9], [1, 0, 0, 1, 1, 0], [2, 7, 1, 8, 2, 9], [0, 0, 0, 1, 1, 1]),
        ([3, 1, 4, 1, 5, 9], [1.5, 2, 0, 1, 1, 0], [2, 7, 1, 8, 2, 9], [0, 1, 0, 1, 0, 1]),
    ],
)
def test_freedman_lane_by_brute_force(y, x, z, block):
    y, block = np.array(y, dtype=float), np.array(block)
    covariates = np.column_stack([z, block]) if block.any() else np.array(z)[:, None]
    nuisance = np.column_stack([np.ones(len(y)), covariates])
    fitted = nuisance @ np.linalg.lstsq(nuisance, y, rcond=None)[0]
    allowed = [p for p in map(list, permutations(range(len(y)))) if (block[p] == block).all()]
    t = np.array([t_of(fitted + (y - fitted)[p], x, covariates) for p in allowed])
    found = adjusted_test(y, x, z, blocks=block)
    assert found.statistic == pytest.approx(t[0])
    assert found.n_arrangements == len(allowed)
    assert found.p_value == pytest.approx(np.mean(np.abs(t) >= abs(t[0]) - 1e-9), abs=1e-12)
    assert found.null_distribution == pytest.approx(np.sort(t), abs=1e-9)


values = st.lists(st.integers(0, 12), min_size=4, max_size=7)


@settings(max_examples=30)
@given(values, st.data())
def test_without_covariates_it_is_the_exact_test_of_the_mean_difference(y, data):
    n_x = data.draw(st.integers(1, len(y) - 1))
    x, others = y[:n_x], y[n_x:]
    side = data.draw(st.sampled_from(["two-sided", "greater", "less"]))
    expected = permutation_test(x, others, alternative=side)
    found = adjusted_test(y, [1] * n_x + [0] * len(others), alternative=side)
    assert found.p_value == pytest.approx(expected.p_value, abs=1e-12)
    assert found.p_floor == pytest.approx(expected.p_floor, abs=1e-12)
    assert found.true_size == pytest.approx(expected.true_size, abs=1e-12)
    assert found.is_exact
    assert found.method.startswith("exact, ")


def test_its_interval_without_covariates_is_that_of_the_exact_test():
    x, y = [5, 6, 7, 8.5], [1, 2, 3, 7]
    found = adjusted_test(x + y, [1] * 4 + [0] * 4)
    expected = permutation_test(x, y)
    assert (found.ci_low, found.ci_high) == pytest.approx((expected.ci_low, expected.ci_high))


rows = st.tuples(st.integers(-9, 9), st.integers(0, 1), st.integers(0, 5))


@settings(max_examples=60)
@given(
    st.lists(rows, min_size=5, max_size=7),
    st.sampled_from(sorted(R_COUNTS)),
    st.sampled_from(["two-sided", "two-sided-doubled", "greater", "less"]),
    st.data(),
)
def test_p_is_below_alpha_exactly_when_the_interval_excludes_zero(table, method, side, data):
    mid_p, exact = data.draw(st.booleans()), data.draw(st.sampled_from(["auto", False]))
    level = data.draw(st.sampled_from([0.8, 0.95]))
    y, x, z = (np.array(column) for column in zip(*table, strict=True))
    if np.linalg.matrix_rank(np.column_stack([np.ones(y.size), x, z])) < 3:
        return
    found = adjusted_test(
        y, x, z, method=method, alternative=side, mid_p=mid_p, confidence_level=level,
        exact=exact, n_resamples=199, seed=3,
    )  # fmt: skip
    assert found.ci_low <= found.ci_high
    assert 0 < found.p_value <= 1
    assert found.p_floor <= found.p_value + 1e-12
    # 1 − level as the decimal that was meant: 0.2, not 0.19999999999999996
    assert (found.p_value < round(1 - level, 12)) == (found.ci_low > 0 or found.ci_high < 0)


@settings(max_examples=30)
@given(st.lists(rows, min_size=5, max_size=6), st.integers(-5, 5), st.randoms())
def test_shifts_covariates_mirrors_and_row_order_change_nothing(table, shift, random):
    y, x, z = (np.array(column) for column in zip(*table, strict=True))
    if np.linalg.matrix_rank(np.column_stack([np.ones(y.size), x, z])) < 3:
        return
    plain = adjusted_test(y, x, z, alternative="greater", confidence_level=None)
    same = {"confidence_level": None}
    moved = adjusted_test(y + shift * z + 7, x, 2 * z - shift, alternative="greater", **same)
    mirrored = adjusted_test(-y, x, z, alternative="less", **same)
    order = random.sample(range(y.size), y.size)
    shuffled = adjusted_test(y[order], x[order], z[order], alternative="greater", **same)
    for other in (moved, mirrored, shuffled):
        assert other.p_value == pytest.approx(plain.p_value, abs=1e-12)


def test_interval_holds_the_shifts_that_the_test_accepts():
    found = adjusted_test(Y, X, Z)
    for limit, outwards in ((found.ci_low, -1), (found.ci_high, 1)):
        for step, accepted in ((-1e-6, True), (1e-6, False)):
            shift = limit + outwards * step
            again = adjusted_test(
                np.subtract(Y, np.multiply(shift, X)), X, Z, confidence_level=None
            )
            assert (again.p_value >= 0.05) == accepted


def many(n=16):
    """Return outcome, group and covariates of simulated participants."""
    rng = np.random.default_rng(5)
    z = rng.normal(size=(n, 2))
    x = np.arange(n) % 2
    return rng.normal(size=n) + x + z[:, 0], x, z


def test_draws_repeat_with_their_seed_and_count_the_observed_arrangement():
    first, second = (adjusted_test(*many(), seed=11, n_resamples=999) for _ in range(2))
    assert first.method == "999 draws of residuals (Freedman–Lane)"
    assert (first.p_value, first.ci_low, first.ci_high) == (
        second.p_value, second.ci_low, second.ci_high,
    )  # fmt: skip
    assert first.p_value * 1000 == pytest.approx(round(first.p_value * 1000))
    assert first.p_interval[0] < first.p_value < first.p_interval[1]
    assert adjusted_test(*many(), seed=12, n_resamples=999).seed == 12


def test_drawn_p_is_near_that_of_every_permutation():
    every = adjusted_test(Y, X, Z).p_value
    drawn = adjusted_test(Y, X, Z, exact=False, seed=1)
    assert drawn.p_interval[0] <= every <= drawn.p_interval[1]


@pytest.mark.parametrize("block", [[0, 0, 0, 0], [0, 0, 1, 1, 1], [0, 1, 1, 2, 2]])
def test_permutations_are_all_and_drawn_ones_do_not_depend_on_batches(block):
    block = np.array(block)
    every = np.concatenate(list(every_permutation(block)))
    expected = [p for p in permutations(range(block.size)) if (block[list(p)] == block).all()]
    assert [tuple(row) for row in every.tolist()] == expected
    whole, parts = (
        np.concatenate(list(drawn_permutations(block, 7, 50, batch_rows=rows)))
        for rows in (None, 3)
    )
    assert (whole == parts).all()
    assert set(map(tuple, whole.tolist())) <= set(expected)


def test_drawing_stops_at_enough_as_extreme():
    y, x, z = many()
    stopped = adjusted_test(y - x, x, z, seed=2, stop_after=20)
    assert stopped.method.endswith("of residuals (Freedman–Lane), stopped at the 20th as extreme")
    assert stopped.p_value == pytest.approx(20 / (stopped.null_distribution.size + 1))


def test_drawn_p_and_t_test_agree_roughly_where_errors_are_normal():
    y, x, z = many(40)
    drawn = adjusted_test(y - 0.6 * x, x, z, seed=4)
    by_t = adjusted_coefficient(y - 0.6 * x, x, z)
    assert drawn.estimate == pytest.approx(by_t.estimate)
    assert drawn.statistic == pytest.approx(by_t.t)
    assert drawn.p_value == pytest.approx(by_t.p_value, abs=0.02)
    assert (drawn.ci_low, drawn.ci_high) == pytest.approx((by_t.ci_low, by_t.ci_high), abs=0.1)


def test_the_record_does_not_claim_to_be_exact():
    found = adjusted_test(Y, X, Z)
    assert not found.is_exact
    assert found.method == "5,040 permutations of residuals (Freedman–Lane)"
    assert found.algorithm == "enumeration"
    assert np.isnan(found.true_size)
    assert found.ci_method == "inverted Freedman–Lane test"
    assert found.p_definition == "share of arrangements with |T| ≥ |t|"
    assert found.warnings[0] == (
        "Residuals were permuted, not values: with covariates a permutation test keeps its level "
        "only approximately, the better the more participants there are; it is exact without them."
    )
    braak = adjusted_test([1, 2, 5, 3], [0, 0, 1, 1], method="ter_braak")
    assert not braak.is_exact
    assert braak.method == "24 permutations of residuals (ter Braak)"
    assert "keeps its level only approximately" in braak.warnings[0]


def test_blocks_alone_leave_it_exact():
    y, x, block = [3, 1, 4, 1, 5, 9], [1, 0, 0, 1, 1, 0], [0, 0, 0, 1, 1, 1]
    found = adjusted_test(y, x, blocks=block)
    assert found.method == "exact, 36 arrangements"


def test_what_the_covariates_fit_whole_has_p_1():
    found = adjusted_test([2, 4, 6, 8, 10], [0, 1, 0, 1, 1], [1, 2, 3, 4, 5])
    assert (found.p_value, found.estimate) == (1.0, 0.0)
    assert "The covariates fit y without remainder: nothing is left to permute." in found.warnings


def test_a_constant_outcome_has_p_1():
    assert adjusted_test([3] * 5, [0, 1, 0, 1, 1], [1, 2, 4, 4, 5]).p_value == 1.0


def test_a_fit_without_remainder_has_t_without_bound():
    x, z = np.array([0, 1, 0, 1, 1, 0]), np.array([1, 2, 4, 4, 5, 0])
    found = adjusted_test(3 * x + 2 * z, x, z)
    assert found.statistic == np.inf
    assert found.estimate == pytest.approx(3)
    assert "The model fits y without remainder, so that t is without bound." in found.warnings


def test_more_than_the_budget_allows_is_drawn_or_refused():
    assert adjusted_test(Y, X, Z, budget=Budget(seconds=0, gibibytes=1), seed=1).seed == 1
    message = re.escape("exact is True, and every permutation of 16 residuals cannot be counted")
    with pytest.raises(StatisticsError, match=message):
        adjusted_test(*many(), exact=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "freedman-lane"}, "method is 'freedman-lane'; allowed: 'freedman_lane'"),
        ({"x": [1] * 7}, "x is the same for everyone; allowed: at least two different values"),
        ({"x": Z[:, 1]}, "x follows from the covariates (and blocks), so that its coefficient"),
        ({"x": X[:6]}, "y has 7 values and x has 6; allowed: the same number"),
        ({"covariates": Z.T}, "covariates has shape (2, 7); allowed: (7,) or (7, q)"),
        ({"covariates": np.ones(7)}, "covariates[:, 0] is constant or follows from the intercept"),
        ({"covariates": np.column_stack([Z, Z.sum(axis=1)])}, "covariates[:, 2] is constant or"),
        ({"covariates": np.arange(42).reshape(7, 6) ** 2}, "y has 7 values for 8 coefficients"),
        ({"blocks": [1, 2]}, "blocks has shape (2,); allowed: (7,)"),
        ({"blocks": Z[:, 1]}, "covariates[:, 1] is constant or follows from the blocks"),
        ({"y": [1, 2, np.inf, 4, 5, 6, 7]}, "y holds 1 value that is not finite"),
        ({"alternative": "more"}, "alternative is 'more'; allowed: 'two-sided'"),
        ({"stop_after": 0}, "stop_after is 0; allowed: a whole number from 1 on"),
        ({"budget": 5}, "budget is 5; allowed: None or a Budget"),
    ],
)
def test_bad_arguments_are_refused_in_words(change, message):
    given_all = {"y": Y, "x": X, "covariates": Z} | change
    with pytest.raises(StatisticsError, match=re.escape(message)):
        adjusted_test(**given_all)
