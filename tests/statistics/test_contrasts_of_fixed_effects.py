"""Contrasts of mixed models against lmerTest, pbkrtest, mmrm, SAS, and cases by hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics import paired_t
from ketbio.statistics.mixed.contrast import contrast_test, evaluate_rows
from ketbio.statistics.mixed.degrees_of_freedom.denominators import Denominator
from ketbio.statistics.mmrm import fit_mixed_model, fit_random_effects

SHARED = Path(__file__).resolve().parents[2].parent / "shared"

NA = float("nan")
# fmt: off
Y = np.array([24, 21, 17, 28, 27, 20, 31, 25, NA, 22, 23, 19, 27, 20, 15, 26, NA, 21, 30, 28, 27,
              25, 25, 22, 33, 29, 30, 29, 30, 26])
# fmt: on
SEEN = ~np.isnan(Y)
WHO, VISIT = np.repeat(np.arange(10), 3)[SEEN], np.tile([0, 1, 2], 10)[SEEN]
ARM, SCORE = np.repeat([0.0, 1.0], 15)[SEEN], Y[SEEN]
ONES = np.ones(SCORE.size)
BY_VISIT = np.column_stack(
    [ONES, ARM, VISIT == 1, VISIT == 2, ARM * (VISIT == 1), ARM * (VISIT == 2)]
)


def shared(*parts):
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the reference data are not here: {path.name}")
    return path


@pytest.fixture(scope="module")
def intercepts():
    return fit_random_effects(SCORE, BY_VISIT, ONES, participants=WHO)


# y, id, visit, arm as above; v2, v3 dummies:
# m <- lmer(y ~ arm + v2 + v3 + arm:v2 + arm:v3 + (1|id), d)
# contestMD(m, L); KRmodcomp(m, L)$stats            (lmerTest 3.1-3, pbkrtest 0.5.2)
F_TESTS = [
    ([4, 5], "satterthwaite", 3.89033404441, 14.025272785, 0.0452828206686, 1.0),
    ([1, 4, 5], "satterthwaite", 4.53915113354, 15.5060178924, 0.0180280337263, 1.0),
    ([4, 5], None, 3.87433861137, 14.1935580105, 0.0454321503678, 0.999998220087),
    ([1, 4, 5], None, 4.29560390666, 14.9055361829, 0.0225610361619, 0.949906924652),
]


@pytest.mark.parametrize(("rows", "df", "told"), [(one[0], one[1], one[2:]) for one in F_TESTS])
def test_f_of_several_rows_is_that_of_r(intercepts, rows, df, told):
    found = contrast_test(intercepts, np.eye(6)[rows], df=df)
    assert found.num_df == len(rows)
    np.testing.assert_allclose(
        [found.statistic, found.df, found.p_value, found.scale], told, rtol=1e-5
    )


# s <- lmer(y ~ arm + visit + arm:visit + (visit|id), d), visit 1, 2, 3
# summary(s, ddf = "Satterthwaite" and "Kenward-Roger")$coefficients; lmer's search ends within
# 1e-5 of the maximum
SLOPES = {
    "satterthwaite": [(1.689963453, 7.72628968869), (2.37446546845, 7.56797571489),
                      (0.613482211767, 7.60313561524), (0.837890436589, 7.22464709174)],
    None: [(1.701119177897, 8.12877375689), (2.38259036068, 7.9578998242),
           (0.630586862068, 7.91030633281), (0.850493827248, 7.54203681475)],
}  # fmt: skip


@pytest.mark.parametrize("df", SLOPES)
def test_random_slopes_are_those_of_lmer(df):
    day = VISIT + 1.0
    model = fit_random_effects(
        SCORE, np.column_stack([ONES, ARM, day, ARM * day]), np.column_stack([ONES, day]),
        participants=WHO,
    )  # fmt: skip
    found = [contrast_test(model, row, df=df) for row in np.eye(4)]
    np.testing.assert_allclose(
        [(one.standard_error, one.df) for one in found], SLOPES[df], rtol=6e-5
    )


def test_reference_trial_is_that_of_lmertest_and_pbkrtest():
    expected = json.loads(shared("reference", "madrs_long_expected.json").read_text())
    d = pd.read_csv(shared("reference", "madrs_long.csv")).dropna()
    visits = ["day1", "day3", "day7", "day14"]
    at = d["visit"].map(visits.index).to_numpy()
    placebo = (d["arm"] == "placebo").to_numpy()
    dummies = np.column_stack([at == k for k in (1, 2, 3)])
    design = np.column_stack(
        [np.ones(len(d)), d["baseline"], placebo, dummies, dummies * placebo[:, None]]
    )
    model = fit_random_effects(
        d["madrs"] - d["baseline"], design, np.ones(len(d)), participants=d["participant_id"]
    )
    for key, df in (("lmer_satt", "satterthwaite"), ("lmer_kr", None)):
        found = [contrast_test(model, row, df=df) for row in np.eye(9)]
        values = [(f.estimate, f.standard_error, f.df, f.p_value) for f in found]
        told = [(r["Estimate"], r["Std. Error"], r["df"], r["Pr(>|t|)"]) for r in expected[key]]
        np.testing.assert_allclose(values, told, rtol=1e-6)
    for visit, told in enumerate(expected["lmer_emmeans_kr"]):
        row = np.zeros(9)
        row[[2, *([5 + visit] if visit else [])]] = -1
        found = contrast_test(model, row)
        assert found.standard_error == pytest.approx(told["SE"], rel=1e-6)
        assert found.df == pytest.approx(told["df"], rel=1e-6)
        assert found.p_value == pytest.approx(told["p.value"], rel=1e-6)


def test_reference_crossover_is_that_of_pbkrtest():
    expected = json.loads(shared("reference", "crossover_expected.json").read_text())
    d = pd.read_csv(shared("reference", "crossover.csv"))
    design = np.column_stack(
        [np.ones(len(d)), d["treatment"] == "ketamine", d["period"] == 2, d["sequence"] == "BA"]
    )
    model = fit_random_effects(
        d["madrs"], design, np.ones(len(d)), participants=d["participant_id"]
    )
    for row, told in zip(np.eye(4)[:3], expected["kr"][:3], strict=True):
        found = contrast_test(model, row)
        values = found.estimate, found.standard_error, found.df, found.p_value
        names = ("Estimate", "Std. Error", "df", "Pr(>|t|)")
        np.testing.assert_allclose(values, [told[name] for name in names], rtol=1e-5)


STRUCTURES = {
    "ar1": "ar1",
    "ar1h": "heterogeneous_ar1",
    "cs": "compound_symmetry",
    "csh": "heterogeneous_compound_symmetry",
    "adh": "heterogeneous_ante_dependence",
    "toep": "toeplitz",
    "toeph": "heterogeneous_toeplitz",
    "us": "unstructured",
}
DF = {"KR": "kenward_roger", "KR-Linear": "kenward_roger_linear"}


@pytest.fixture(scope="module")
def fev():
    d = pd.read_csv(shared("studies", "mmrm_fev", "fev_data.csv")).dropna(subset=["FEV1"])
    return d.assign(visit=d["VISITN"] - 1, treated=(d["ARMCD"] == "TRT") * 1.0)


def quoted(case):
    cases = json.loads(shared("reference", "mmrm_quoted.json").read_text())["cases"]
    return next(one for one in cases if one["id"] == case)


def fit_fev(fev, structure, design=None):
    x = np.column_stack([np.ones(len(fev)), fev["treated"]]) if design is None else design
    return fit_mixed_model(
        fev["FEV1"], x, participants=fev["USUBJID"], visits=fev["visit"].to_numpy(),
        structure=structure, fallbacks=(),
    )  # fmt: skip


@pytest.mark.parametrize("word", STRUCTURES)
def test_each_structure_has_the_kenward_roger_of_mmrm_and_sas(fev, word):
    model = fit_fev(fev, STRUCTURES[word])
    for told in quoted("kr_vs_sas_by_covariance")["values"]:
        if told["cov"] == word and told["type"] in DF:
            found = contrast_test(model, [0, 1], df=DF[told["type"]])
            near_se, near_df = (told[f"test_rel_tol_{of}"] or 0.01 for of in ("se", "df"))
            assert found.standard_error == pytest.approx(told["se_expected"], rel=near_se)
            assert found.df == pytest.approx(told["df_expected"], rel=near_df)


def test_second_derivatives_are_those_of_mmrm_for_an_unstructured_covariance(fev):
    # mmrm's default Kenward-Roger gives 0.6510 here, SAS and the linear form 0.6612
    found = contrast_test(fit_fev(fev, "unstructured"), [0, 1], df="kenward_roger")
    assert found.standard_error == pytest.approx(0.6510, abs=5e-5)


def test_satterthwaite_and_between_within_are_those_of_mmrm(fev):
    white, black = (fev["RACE"] == race for race in ("White", "Black or African American"))
    dummies = np.column_stack([fev["visit"] == k for k in (1, 2, 3)])
    treated = fev["treated"].to_numpy()
    design = np.column_stack(
        [np.ones(len(fev)), black, white, fev["SEX"] == "Female", treated, dummies,
         dummies * treated[:, None]]
    )  # fmt: skip
    model = fit_fev(fev, "unstructured", design)
    for row, told in zip(np.eye(11), quoted("readme_us_satterthwaite")["coef"], strict=True):
        found = contrast_test(model, row, df="satterthwaite")
        assert found.estimate == pytest.approx(told["est"], abs=3e-4)
        assert found.standard_error == pytest.approx(told["se"], abs=2e-4)
        assert found.df == pytest.approx(told["df"], abs=0.02)
    race = contrast_test(model, np.eye(11)[[1, 2]], df="satterthwaite")
    told = quoted("sas_multi_df_race")
    assert (race.num_df, round(race.df)) == (told["num_df"], told["denom_df_rounded"])
    assert race.statistic == pytest.approx(told["F"], abs=0.01)
    told = quoted("between_within")
    between, within = (
        contrast_test(model, np.eye(11)[rows], df="between_within") for rows in ([1, 2], [5, 6])
    )
    assert (between.df, within.df) == (told["ddf_between"], told["ddf_within"])
    # test-between-within.R of mmrm: F 36.91 and 80.96
    assert (between.statistic, within.statistic) == pytest.approx((36.91, 80.96), rel=1e-3)
    assert contrast_test(model, [0] * 10 + [1], df="residual").df == 537 - 11


def test_antidepressant_trial_is_that_of_mmrm():
    d = pd.read_csv(shared("studies", "hamd17_trial", "antidepressant_data.csv"))
    visits = np.column_stack([d["VISIT"] == k for k in (5, 6, 7)])
    placebo = (d["THERAPY"] == "PLACEBO").to_numpy() * 1.0
    base = d["BASVAL"].to_numpy()
    design = np.column_stack(
        [np.ones(len(d)), visits, placebo, visits * placebo[:, None], base, visits * base[:, None]]
    )
    model = fit_mixed_model(
        d["CHANGE"], design, participants=d["PATIENT"], visits=d["VISIT"].to_numpy() - 4
    )
    row = np.zeros(design.shape[1])
    row[[4, 7]] = 1  # placebo − drug at visit 7
    found = contrast_test(model, row, df="satterthwaite")
    # mmrm's search ends within 1e-4 of the maximum
    assert found.estimate == pytest.approx(2.80177, abs=1e-4)
    assert found.standard_error == pytest.approx(1.11404, abs=1e-4)
    assert found.df == pytest.approx(150.1, abs=0.06)
    assert found.p_value == pytest.approx(0.012957, abs=5e-6)


@pytest.mark.parametrize("df", ["kenward_roger_linear", "kenward_roger", "satterthwaite"])
def test_two_complete_visits_are_a_paired_t_test(df):
    before, after = np.array([20, 24, 22, 27, 25.0]), np.array([14, 21, 15, 22, 23.0])
    model = fit_random_effects(
        np.concatenate([before, after]),
        np.column_stack([np.ones(10), np.repeat([0, 1], 5)]),
        np.ones(10),
        participants=np.tile(np.arange(5), 2),
    )
    found, paired = contrast_test(model, [0, 1], df=df), paired_t(after, before)
    np.testing.assert_allclose(
        [found.estimate, found.standard_error, found.df, found.p_value, found.ci_low],
        [paired.estimate, paired.standard_error, 4, paired.p_value, paired.ci_low],
        rtol=1e-6,
    )


def test_balanced_one_way_layout_has_the_df_of_its_mean_square():
    # The grand mean of k participants with r rows each: SE² = MS between/(kr), on k − 1 df.
    values = np.array([[4.0, 6, 5], [9, 8, 10], [7, 5, 6], [3, 4, 4]])
    model = fit_random_effects(
        values.ravel(), np.ones(12), np.ones(12), participants=np.repeat(np.arange(4), 3)
    )
    found = contrast_test(model, [1])
    between = 3 * values.mean(axis=1).var(ddof=1)
    assert found.standard_error == pytest.approx(np.sqrt(between / 12), rel=1e-6)
    assert found.df == pytest.approx(3, rel=1e-6)


def test_contrast_over_visits_and_random_intercept_are_one_model():
    # Compound symmetry with a positive correlation is a random intercept; with expected
    # information the linear form does not depend on the parameterisation.
    model = fit_mixed_model(
        SCORE, BY_VISIT, participants=WHO, visits=VISIT, structure="compound_symmetry"
    )
    other = fit_random_effects(SCORE, BY_VISIT, ONES, participants=WHO)
    one, two = (
        contrast_test(each, np.eye(6)[[1, 4, 5]], information="expected") for each in (model, other)
    )
    assert (one.statistic, one.df) == pytest.approx((two.statistic, two.df), rel=1e-5)


@settings(max_examples=25, deadline=None)
@given(turn=st.lists(st.floats(-3, 3), min_size=9, max_size=9))
def test_f_does_not_depend_on_the_basis(intercepts, turn):
    basis = np.array(turn).reshape(3, 3)
    if np.linalg.cond(basis) > 1e4:
        return
    rows = np.eye(6)[[1, 4, 5]]
    for df in ("satterthwaite", None):
        one, two = (contrast_test(intercepts, each, df=df) for each in (rows, basis @ rows))
        assert 0 <= two.p_value <= 1
        assert two.statistic == pytest.approx(one.statistic, rel=1e-5)
        if df is None:
            assert two.df == pytest.approx(one.df, rel=1e-5)


def test_rows_that_follow_from_others_add_nothing(intercepts):
    rows = np.eye(6)[[4, 5]]
    one = contrast_test(intercepts, rows, null=[1, 2])
    more = contrast_test(intercepts, np.vstack([rows, rows.sum(axis=0)]), null=[1, 2, 3])
    assert more.num_df == 2
    assert (more.statistic, more.df, more.p_value) == pytest.approx(
        (one.statistic, one.df, one.p_value)
    )
    with pytest.raises(StatisticsError, match="null contradicts itself"):
        contrast_test(intercepts, np.vstack([rows, rows.sum(axis=0)]), null=[1, 2, 4])
    [square, t] = contrast_test(intercepts, rows[[0, 0]]), contrast_test(intercepts, rows[0])
    assert square.num_df == 1
    assert (abs(square.statistic), square.p_value) == pytest.approx((abs(t.statistic), t.p_value))


def test_sides_halve_p_and_bound_one_side(intercepts):
    row = np.eye(6)[1]
    both, more, less = (
        contrast_test(intercepts, row, alternative=side, null=1.0)
        for side in ("two-sided", "greater", "less")
    )
    assert more.p_value + less.p_value == pytest.approx(1)
    assert min(more.p_value, less.p_value) == pytest.approx(both.p_value / 2)
    assert (more.ci_high, less.ci_low) == (np.inf, -np.inf)
    at_bound = contrast_test(intercepts, row, alternative="greater", null=more.ci_low)
    assert at_bound.p_value == pytest.approx(0.05)


def test_normal_approximation_is_z_and_chi_squared_and_says_so(intercepts):
    one = contrast_test(intercepts, np.eye(6)[1], df="normal")
    assert one.p_value == pytest.approx(2 * stats.norm.sf(abs(one.statistic)))
    three = contrast_test(intercepts, np.eye(6)[[1, 4, 5]], df="normal")
    assert three.p_value == pytest.approx(stats.chi2.sf(3 * three.statistic, 3))
    assert "too small" in one.warnings[0]
    assert one.p_value < contrast_test(intercepts, np.eye(6)[1]).p_value


def test_method_says_which_form_and_information(intercepts):
    told = contrast_test(intercepts, np.eye(6)[1]).method
    assert told == "Kenward–Roger, linear form, expected information"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"contrast": [1, 2]}, "6 numbers per row"),
        ({"contrast": np.zeros(6)}, "nothing but zeros"),
        ({"contrast": [NA] + [1] * 5}, "finite numbers"),
        ({"contrast": ["a"] * 6}, "6 numbers per row"),
        ({"contrast": np.ones(6), "null": [1, 2]}, "one number, or one per row"),
        ({"contrast": np.ones(6), "df": "kenward"}, "df is 'kenward'"),
        ({"contrast": np.ones(6), "covariance": "CR1"}, "covariance is 'CR1'"),
        ({"contrast": np.ones(6), "information": "both"}, "information is 'both'"),
        ({"contrast": np.eye(6), "alternative": "less"}, "no side"),
        (
            {"contrast": np.ones(6), "df": "kenward_roger", "covariance": "CR2"},
            "the model's own covariance only",
        ),
    ],
)
def test_what_cannot_be_tested_is_refused_in_a_sentence(intercepts, arguments, sentence):
    with pytest.raises(StatisticsError, match=sentence):
        contrast_test(intercepts, **arguments)


def test_kenward_roger_of_ml_is_refused():
    model = fit_random_effects(SCORE, BY_VISIT, ONES, participants=WHO, method="ml")
    with pytest.raises(StatisticsError, match="fitted by ML; allowed: REML"):
        contrast_test(model, np.ones(6))
    assert contrast_test(model, np.eye(6)[1], df="satterthwaite").df > 0


@pytest.mark.parametrize("covariance", ["model", "CR2"])
@pytest.mark.parametrize("df", [None, "satterthwaite"])
def test_a_column_far_from_zero_costs_no_digits(covariance, df):
    near = np.column_stack([BY_VISIT, np.sin(7.0 * WHO) * 4])
    far = near + np.eye(7)[6] * 1e6
    tests = [
        contrast_test(
            fit_mixed_model(SCORE, design, participants=WHO, visits=VISIT),
            [0, 1, 0, 0, 0, 1, 0],
            df=df,
            covariance=covariance,
        )
        for design in (near, far)
    ]
    for name in ("estimate", "standard_error", "df", "p_value"):
        values = [getattr(one, name) for one in tests]
        assert values[1] == pytest.approx(values[0], rel=1e-6)


def test_standard_errors_that_second_derivatives_make_smaller_are_told():
    random = np.random.default_rng(0)
    who, visit = np.repeat(np.arange(6), 3), np.tile([0, 1, 2], 6)
    before = random.normal(30, 4, 6)[who].round()
    at = (visit[:, None] == [0, 1, 2]).astype(float)
    model = fit_mixed_model(
        (random.normal(0, 3, 6)[who] + random.normal(24, 3, 18)).round(),
        np.column_stack([at, at * (who < 3)[:, None], at * before[:, None]]),
        participants=who,
        visits=visit,
        structure="heterogeneous_ar1",
        fallbacks=(),
    )
    linear, full = (
        contrast_test(model, np.eye(9)[3], df=word)
        for word in ("kenward_roger_linear", "kenward_roger")
    )
    assert linear.standard_error > model.standard_errors[3] > full.standard_error
    assert not linear.warnings
    assert "The linear form does not" in full.warnings[0]


def test_a_variance_below_zero_is_refused_and_gives_no_p_of_zero():
    made = Denominator(np.diag([1.0, -0.5]), lambda _: (1.0, 4.0), "Kenward–Roger")
    given = {"against": np.zeros(2), "alternative": "two-sided", "level": 0.95}
    for rows in (np.eye(2)[1:], np.eye(2)):
        with pytest.raises(StatisticsError, match="variance that is not above 0"):
            evaluate_rows(made, np.ones(2), rows, **given)
    assert evaluate_rows(made, np.ones(2), np.eye(2)[:1], **given).statistic == 1
