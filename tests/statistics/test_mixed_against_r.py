"""Mixed models against R 4.2.2 (nlme 3.1-162, lme4 1.1-31), on invented data given in full.

The data in R::

    d <- data.frame(id = rep(1:10, each = 3), visit = rep(1:3, 10), day = rep(c(1, 3, 7), 10),
                    arm = rep(c(0, 1), each = 15), w = rep(c(1, 2, 1.5), 10), y = c(31, 28, ...))
    d <- d[!is.na(d$y), ]; d$v <- factor(d$visit)
    ctl <- glsControl(tolerance = 1e-12, msTol = 1e-14, maxIter = 500, msMaxIter = 500)
    lctl <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e6))
"""

import numpy as np
import pytest

from ketbio.statistics.mmrm import fit_mixed_model, fit_random_effects

NAN = float("nan")
Y = np.array(
    [
        *([31, 28, 26], [35, 30, 33], [28, 25, NAN], [33, 34, 29], [30, 24, 22]),
        *([29, 21, 18], [34, NAN, 25], [27, 20, 13], [32, 29, 24], [36, 26, 27]),
    ]
).ravel()
SEEN = ~np.isnan(Y)
IDS = np.repeat(np.arange(10), 3)[SEEN]
VISITS = np.tile([0, 1, 2], 10)[SEEN]
DAYS = np.tile([1.0, 3, 7], 10)[SEEN]
ARM = np.repeat([0.0, 1], 15)[SEEN]
WEIGHTS = np.tile([1, 2, 1.5], 10)[SEEN]
Y = Y[SEEN]
BY_VISIT = np.column_stack(
    [np.ones(28), VISITS == 1, VISITS == 2, ARM, ARM * (VISITS == 1), ARM * (VISITS == 2)]
).astype(float)
BY_DAY = np.column_stack([np.ones(28), DAYS, ARM, DAYS * ARM])
INTERCEPT = np.ones(28)
SLOPE = np.column_stack([INTERCEPT, DAYS])


def fit(structure, **further):
    return fit_mixed_model(
        Y, BY_VISIT, participants=IDS, visits=VISITS, structure=structure, fallbacks=(), **further
    )


# gls(y ~ v * arm, d, correlation = ..., weights = ..., control = ctl): sprintf("%.9f", logLik(m)),
# coef(m)[3:6], sqrt(diag(vcov(m)))[3:6]
GLS = {
    # corSymm(form = ~visit | id), varIdent(form = ~1 | v)
    "unstructured": (
        -52.828249978,
        [-5.314470875, 0.2, -3.968018254, -4.885529125],
        [1.132777031, 2.029778376, 1.805654400, 1.584178314],
    ),
    # corCompSymm(form = ~visit | id), varIdent(form = ~1 | v)
    "heterogeneous_compound_symmetry": (
        -57.633604970,
        [-4.984059283, 0.2, -3.705961759, -5.215940717],
        [1.497418778, 2.011190756, 1.552874761, 2.039437605],
    ),
    # corCompSymm(form = ~visit | id)
    "compound_symmetry": (
        -60.341838816,
        [-4.623323140, 0.2, -3.742433509, -5.576676860],
        [1.361858631, 2.676495043, 1.851127752, 1.851127752],
    ),
    # corAR1(form = ~visit | id)
    "ar1": (
        -62.062868361,
        [-4.503320731, 0.2, -3.678896583, -5.696679269],
        [1.878303577, 2.696632400, 1.955869863, 2.581481349],
    ),
    # corAR1(form = ~visit | id), varIdent(form = ~1 | v)
    "heterogeneous_ar1": (
        -60.657487009,
        [-4.682693855, 0.2, -3.695580490, -5.517306145],
        [2.027721242, 2.053264818, 1.721744287, 2.768558942],
    ),
    # corExp(form = ~day | id)
    "spatial_exponential": (
        -62.103963655,
        [-4.439915881, 0.2, -3.727358319, -5.760084119],
        [1.960814158, 2.735982483, 1.706230860, 2.679567095],
    ),
}


@pytest.mark.parametrize("structure", GLS)
def test_structures_as_nlme(structure):
    log_likelihood, coefficients, errors = GLS[structure]
    model = fit(structure, times=DAYS)
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=1e-8)
    assert model.coefficients[2:] == pytest.approx(coefficients, rel=1e-6)
    assert model.standard_errors[2:] == pytest.approx(errors, rel=1e-6)
    assert not model.tried
    assert not model.warnings


def test_unstructured_covariances_as_nlme_by_reml_and_ml():
    # getVarCov(m, individual = "1") of the model above and with method = "ML"
    reml = [
        [10.300001, 9.347974, 17.04325],
        [9.347974, 15.931719, 17.55090],
        [17.043252, 17.550902, 29.91869],
    ]
    ml = [
        [8.240000, 7.475394, 13.63510],
        [7.475394, 12.627344, 14.03672],
        [13.635104, 14.036718, 23.91038],
    ]
    for method, covariance in (("reml", reml), ("ml", ml)):
        model = fit("unstructured", method=method)
        assert model.visit_covariance[0] == pytest.approx(np.array(covariance), rel=1e-6)
    assert model.log_likelihood == pytest.approx(-57.824340117, abs=1e-8)
    # nlme multiplies the covariance of an ML fit by n/(n - p) = 28/22, which is undone here
    assert model.standard_errors[3] * np.sqrt(28 / 22) == pytest.approx(2.048147721, rel=1e-6)
    assert (model.n_counted, fit("unstructured").n_counted) == (12, 6)


def test_weights_as_nlme():
    # gls(y ~ v * arm, d, correlation = corCompSymm(form = ~visit | id), weights = varFixed(~1/w),
    #     control = ctl)
    model = fit("compound_symmetry", weights=WEIGHTS)
    assert model.log_likelihood == pytest.approx(-62.553410485, abs=1e-8)
    assert model.standard_errors[:3] == pytest.approx(
        [2.350161399, 1.606157568, 1.723554305], rel=1e-6
    )


# lmer(y ~ day * arm + ..., d, control = lctl): logLik, fixef, sqrt(diag(vcov)), VarCorr
LMER = {
    "(1 | id)": (
        INTERCEPT,
        {},
        -70.586460597,
        [31.4276434074, -0.7264685596, 0.5190598425, -0.8694316903],
        [2.0378272653, 0.2757032569, 2.8873255513, 0.3735058428],
        [14.35284037, 5.88575047],
    ),
    "(1 | id), REML = FALSE": (
        INTERCEPT,
        {"method": "ml"},
        -72.612920054,
        [31.4226415956, -0.7236897753, 0.5172167347, -0.8716839424],
        [1.8423411347, 0.2598968564, 2.6107587046, 0.3521759083],
        [11.269288444, 5.235868804],
    ),
    "(day || id)": (
        SLOPE,
        {"diagonal": True},
        -70.512275033,
        [31.4438412452, -0.7354673584, 0.4931213736, -0.8596836122],
        [1.8979343261, 0.3003193197, 2.6877542821, 0.4067691733],
        [11.84325233, 0.07332163566, 5.618156658],
    ),
    "(1 | id), weights = w": (
        INTERCEPT,
        {"weights": WEIGHTS},
        -71.444168247,
        [30.9988155421, -0.6661139197, 0.1417988341, -0.8179475180],
        [2.1488361231, 0.2976582392, 3.0542581958, 0.4046514693],
        [15.185452055, 8.985126752],
    ),
    # boundary (singular) fit: the correlation is 1
    "(day | id)": (
        SLOPE,
        {},
        -69.051725320,
        [31.5498896573, -0.7943831429, 0.3717030181, -0.7995855244],
        [1.5483003543, 0.3013461175, 2.1918928071, 0.4093540301],
        [6.744867076, 0.9272527261, 0.1274743606, 4.753643377],
    ),
}


@pytest.mark.parametrize("formula", LMER)
def test_random_effects_as_lme4(formula):
    random, further, log_likelihood, coefficients, errors, variances = LMER[formula]
    model = fit_random_effects(Y, BY_DAY, random, participants=IDS, **further)
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=1e-8)
    assert model.coefficients == pytest.approx(coefficients, rel=1e-6)
    assert model.standard_errors == pytest.approx(errors, rel=1e-6)
    assert model.parameters == pytest.approx(variances, rel=1e-6)
    assert bool(model.warnings) == (formula == "(day | id)")


def test_nested_random_intercepts_as_lme4():
    # b <- data.frame(id = rep(1:6, each = 4), gel = rep(rep(1:2, each = 2), 6),
    #                 arm = rep(c(0, 1), each = 12), y = c(10, 11, 14, ...))
    # lmer(y ~ arm + (1 | id) + (1 | id:gel), b, control = lctl)
    y = [10, 11, 14, 13, 9, 9.5, 12, 11, 15, 14, 13, 14]
    y += [16, 17, 19, 20, 14, 13, 18, 17, 20, 18, 21, 22]
    design = np.column_stack([np.ones(24), np.repeat([0, 1], 12)])
    model = fit_random_effects(
        y,
        design,
        np.ones(24),
        participants=np.repeat(np.arange(6), 4),
        units=np.tile([1, 1, 2, 2], 6),
    )
    assert model.log_likelihood == pytest.approx(-42.472701479, abs=1e-8)
    assert model.coefficients == pytest.approx([12.125, 5.791666667], rel=1e-8)
    assert model.standard_errors == pytest.approx([1.220840453, 1.726529126], rel=1e-6)
    assert model.random_covariance[0, 0] == pytest.approx(2.5416668362, rel=1e-6)
    assert model.unit_variances == pytest.approx([3.5624997894], rel=1e-6)
    assert model.residual_variance == pytest.approx(0.5937500127, rel=1e-6)


def test_information_of_variances_as_pbkrtest_and_lmertest():
    # m <- lmerTest::lmer(y ~ day * arm + (1 | id), d, control = lctl)
    # attributes(pbkrtest::vcovAdj(m))$W; m@vcov_varpar, of (theta, sigma)
    model = fit_random_effects(Y, BY_DAY, INTERCEPT, participants=IDS)
    expected = np.array([[68.815205063, -1.591222065], [-1.591222065, 4.329173390]])
    assert model.expected_parameter_covariance == pytest.approx(expected, rel=1e-6)
    of_theta = np.array([[0.3025735247, -0.1360983681], [-0.1360983681, 0.1838372058]])
    between, within = model.parameters
    theta, sigma = np.sqrt(between / within), np.sqrt(within)
    jacobian = np.array([[2 * theta * sigma**2, 2 * theta**2 * sigma], [0, 2 * sigma]])
    assert model.parameter_covariance == pytest.approx(jacobian @ of_theta @ jacobian.T, rel=1e-4)
