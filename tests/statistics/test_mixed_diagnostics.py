"""Comparison, prediction, residuals and influence of mixed models."""

import numpy as np
import pytest
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.mixed.comparison import compare_models, likelihood_ratio_test
from ketbio.statistics.mixed.contrast import contrast_test
from ketbio.statistics.mixed.influence import influence
from ketbio.statistics.mixed.prediction import predict_mean, predict_missing
from ketbio.statistics.mixed.residuals import model_residuals
from ketbio.statistics.mmrm import fit_mixed_model, fit_random_effects

WHO, VISIT = np.repeat(np.arange(8), 3), np.tile([0, 1, 2], 8)
ARM = np.repeat([0.0, 1.0], 12)
# fmt: off
SCORE = np.array([30, 24, 22, 33, 31, 25, 28, 22, 20, 35, 30, 31, 29, 18, 12, 31, 25, 20, 34, 21,
                  15, 27, 19, 18.0])
# fmt: on
PLAIN = np.column_stack([np.ones(24), VISIT == 1, VISIT == 2])
WIDER = np.column_stack([PLAIN, ARM])


def fit(structure="compound_symmetry", design=PLAIN, keep=slice(None), **options):
    return fit_mixed_model(
        SCORE[keep], design[keep], participants=WHO[keep], visits=VISIT[keep],
        structure=structure, fallbacks=(), **options,
    )  # fmt: skip


def test_fixed_effects_are_compared_by_ml():
    one, two = fit(method="ml"), fit(method="ml", design=WIDER)
    found = likelihood_ratio_test(one, two)
    assert (found.df, found.asks_about) == (1, "fixed effects")
    assert found.statistic == pytest.approx(2 * (two.log_likelihood - one.log_likelihood))
    assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, 1))
    with pytest.raises(StatisticsError, match="differ in their fixed effects"):
        likelihood_ratio_test(fit(), fit(design=WIDER))
    with pytest.raises(StatisticsError, match="not among those of the second"):
        likelihood_ratio_test(two, one)


def test_structures_are_compared_where_one_contains_the_other():
    found = likelihood_ratio_test(fit(), fit("unstructured"))
    assert (found.df, found.asks_about, found.method) == (4, "covariance", "REML")
    assert found.statistic > 0
    with pytest.raises(StatisticsError, match="smaller model first"):
        likelihood_ratio_test(fit("unstructured"), fit())
    with pytest.raises(StatisticsError, match="not known to be contained"):
        likelihood_ratio_test(fit(), fit("ar1"))


def test_variance_at_its_boundary_is_told():
    ones = np.ones(24)
    one, two = (
        fit_random_effects(SCORE, PLAIN, z, participants=WHO, random_names=names)
        for z, names in (
            (ones, ["intercept"]),
            (np.column_stack([ones, VISIT]), ["intercept", "slope"]),
        )
    )
    found = likelihood_ratio_test(one, two)
    assert found.df == 2
    assert "conservative" in found.warnings[1]


def test_models_of_other_rows_or_methods_are_refused():
    with pytest.raises(StatisticsError, match="models are of different rows"):
        likelihood_ratio_test(fit(), fit("unstructured", keep=slice(0, 21)))
    with pytest.raises(StatisticsError, match="allowed: the same method"):
        compare_models({"a": fit(), "b": fit(method="ml")})


def test_table_has_the_smallest_aic_first():
    models = {word: fit(word) for word in ("unstructured", "compound_symmetry", "ar1")}
    lines = compare_models(models)
    assert sorted(line.aic for line in lines) == [line.aic for line in lines]
    assert {line.name: line.bic for line in lines} == {k: m.bic for k, m in models.items()}


def test_normalised_residuals_are_uncorrelated_under_the_model():
    model = fit("unstructured")
    covariance = model.visit_covariance[0]
    raw = model_residuals(model).reshape(8, 3)
    whitened = np.linalg.solve(np.linalg.cholesky(covariance), raw.T).T
    found = model_residuals(model, kind="normalised").reshape(8, 3)
    np.testing.assert_allclose(found, whitened)
    pearson = model_residuals(model, kind="pearson").reshape(8, 3)
    np.testing.assert_allclose(pearson * np.sqrt(np.diag(covariance)), raw)
    # Balanced and saturated over visits: REML's covariance is the sample's, so that the
    # residuals' own covariance is the identity.
    np.testing.assert_allclose(found.T @ found / 7, np.eye(3), atol=1e-5)


def test_missing_visit_is_predicted_by_the_regression_on_what_was_seen():
    keep = np.ones(24, dtype=bool)
    keep[[2, 10]] = False  # visit 3 of the first, visit 2 of the fourth
    model = fit("unstructured", keep=keep)
    found = predict_missing(model, PLAIN[[2, 10]], participants=[0, 3], visits=[2, 1])
    v = model.visit_covariance[0]
    means = model.coefficients[0] + np.array([0, *model.coefficients[1:]])
    slope = np.linalg.solve(v[:2, :2], v[:2, 2])
    by_hand = means[2] + slope @ (SCORE[:2] - means[:2])
    assert found.values[0] == pytest.approx(by_hand)
    left = v[2, 2] - slope @ v[:2, 2]
    assert found.standard_errors[0] > np.sqrt(left)
    marginal = predict_mean(model, PLAIN[[2]])
    assert marginal.values[0] == pytest.approx(means[2])
    assert marginal.standard_errors[0] < np.sqrt(v[2, 2])
    with pytest.raises(StatisticsError, match="visit 1 of a participant was observed"):
        predict_missing(model, PLAIN[[0]], participants=[0], visits=[0])
    with pytest.raises(StatisticsError, match="has no row in the fit"):
        predict_missing(model, PLAIN[[0]], participants=[99], visits=[0])


def test_random_intercept_is_shrunken():
    # BLUP of a balanced random intercept: b = kτ²/(kτ² + σ²) × mean residual
    model = fit_random_effects(SCORE, PLAIN, np.ones(24), participants=WHO)
    found = predict_missing(model, PLAIN[[0]], participants=[4], visits=[3], random=[[1.0]])
    tau, sigma = model.parameters
    shrunken = 3 * tau / (3 * tau + sigma) * model.residuals[12:15].mean()
    assert found.values[0] == pytest.approx(model.fitted[0] + shrunken)


def test_one_step_is_generalised_least_squares_without_the_participant():
    model = fit("unstructured", design=WIDER)
    found = influence(model, [0, 0, 0, 1])
    inverse = np.linalg.inv(model.visit_covariance[0])
    for left_out in (0, 7):
        others = [WIDER[3 * i : 3 * i + 3] for i in range(8) if i != left_out]
        seen = [SCORE[3 * i : 3 * i + 3] for i in range(8) if i != left_out]
        information = sum(x.T @ inverse @ x for x in others)
        score = sum(x.T @ inverse @ y for x, y in zip(others, seen, strict=True))
        beta = np.linalg.solve(information, score)
        moved = model.coefficients - beta
        cook = moved @ np.linalg.solve(model.covariance, moved) / 4
        ratio = 1 / np.linalg.det(information) / np.linalg.det(model.covariance)
        assert found.estimates[left_out] == pytest.approx(beta[3])
        assert found.cooks_distance[left_out] == pytest.approx(cook)
        assert found.covariance_ratio[left_out] == pytest.approx(ratio)
    assert np.isnan(found.p_values).all()


def test_exact_influence_is_the_fit_without_the_participant():
    model = fit("compound_symmetry", design=WIDER)
    found = influence(model, [0, 0, 0, 1], refit=lambda keep: fit("compound_symmetry", WIDER, keep))
    other = contrast_test(fit("compound_symmetry", WIDER, WHO != 5), [0, 0, 0, 1])
    assert found.method == "exact refit"
    assert (found.estimates[5], found.p_values[5]) == pytest.approx((other.estimate, other.p_value))


def test_participant_without_whom_nothing_can_be_fitted_gives_nan():
    design = np.column_stack([PLAIN, WHO == 7])
    found = influence(fit("compound_symmetry", design), [0, 0, 0, 1])
    assert np.flatnonzero(np.isnan(found.estimates)).tolist() == [7]
