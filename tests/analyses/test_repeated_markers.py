"""A marker measured repeatedly: random effects against lmer, ANOVA and t tests by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ketbio.analyses import fit_random_effects
from ketbio.analyses.repeated_markers import ALLOWED
from ketbio.errors import StatisticsError, TableError
from ketbio.study.runners import RUNNERS
from ketbio.study.words import ANALYSES

NA = float("nan")
VISITS = ["day_1", "day_2", "day_3"]
# fmt: off
VALUES = [24, 21, 17, 28, 27, 20, 31, 25, NA, 22, 23, 19, 27, 20, 15, 26, NA, 21, 30, 28, 27,
          25, 25, 22, 33, 29, 30, 29, 30, 26]
# fmt: on
IDS = [f"P{i:02d}" for i in range(1, 11)]
PEOPLE = pd.DataFrame({"participant_id": IDS, "arm": ["saline"] * 5 + ["ketamine"] * 5})


def endpoints(values, ids, visits, marker="BDNF_serum"):
    return pd.DataFrame(
        {
            "participant_id": ids, "visit": visits, "marker": marker, "value": values,
            "unit": "ng/mL", "scale": "raw", "censored": "", "limit": NA,
            "reason": ["haemolysed" if np.isnan(one) else "" for one in values], "note": "",
        }
    )  # fmt: skip


TRIAL = endpoints(VALUES, np.repeat(IDS, 3), VISITS * 10)


@pytest.fixture(scope="module")
def trial():
    return fit_random_effects(TRIAL, marker="BDNF_serum", participants=PEOPLE)


def companion(result, outcome, name=""):
    return next(
        one
        for one in result.companions
        if one.outcome == outcome and one.estimate_name.startswith(name)
    )


def test_balanced_visits_are_the_analysis_of_variance_of_repeated_measures():
    table = np.array([[20.0, 23, 26], [24, 25, 27], [19, 22, 24], [30, 31, 37]])
    results = fit_random_effects(
        endpoints(table.ravel(), np.repeat(IDS[:4], 3), VISITS * 4), marker="BDNF_serum"
    )
    left = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()
    within = (left**2).sum() / 6
    for one, visit in zip(results, (1, 2), strict=True):
        change = (table[:, visit] - table[:, 0]).mean()
        t = change / np.sqrt(2 * within / 4)
        assert one.estimate == pytest.approx(change)
        assert one.statistic_name == "t(6.0)"
        assert one.p_value == pytest.approx(2 * stats.t.sf(t, 6), rel=1e-5)
    between = (3 * table.mean(axis=1).var(ddof=1) - within) / 3
    icc = companion(results[0], "values", "intraclass")
    assert icc.estimate == pytest.approx(between / (between + within), rel=1e-4)
    mean_square = 4 * table.mean(axis=0).var(ddof=1)
    assert companion(results[0], "any change over the visits").statistic == pytest.approx(
        mean_square / within, rel=1e-4
    )


def test_random_slopes_by_arm_are_those_of_lmer_and_pbkrtest():
    # s <- lmer(y ~ arm + visit + arm:visit + (visit|id), d), visit 1, 2, 3 (lme4, pbkrtest)
    # summary(s, ddf = "Kenward-Roger")$coefficients["arm:visit", ]; VarCorr(s)
    [one] = fit_random_effects(
        TRIAL, marker="BDNF_serum", participants=PEOPLE, random="intercept_and_slope",
        days={"day_1": 1, "day_2": 2, "day_3": 3},
    )  # fmt: skip
    assert one.groups == ("ketamine", "saline")
    assert one.estimate == pytest.approx(2.269648918850, rel=1e-5)
    assert one.p_value == pytest.approx(0.0299552925883, rel=1e-4)
    assert one.unit == "ng/mL per day"
    slopes = [each.estimate for each in one.companions if each.estimate_name == "slope"]
    assert slopes == pytest.approx([2.269648918850 - 3.969648918850, -3.969648918850], rel=1e-5)
    sd = companion(one, "between participants, slope").estimate
    assert sd == pytest.approx(0.60108002, rel=1e-3)
    assert companion(one, "residual").estimate == pytest.approx(1.59198154, rel=1e-3)


def test_arms_by_visit_are_those_of_emmeans(trial):
    # e <- emmeans(lmer(y ~ factor(arm)*factor(visit) + (1|id), d), ~ arm | visit,
    #              lmer.df = "kenward-roger"); vcov(rbind(pairs(e)))
    results = trial
    assert [one.outcome for one in results] == [
        "change, day_1 to day_2", "change, day_1 to day_3",
    ]  # fmt: skip
    error = np.sqrt(3.88884996472 + 4.11984508324 - 2 * 2.63350882541)
    last = results[1]
    assert last.estimate / last.statistic == pytest.approx(error, rel=1e-5)
    joint = companion(results[0], "arm × time interaction")
    # KRmodcomp(m, L)$stats
    assert joint.statistic == pytest.approx(3.87433861137, rel=1e-5)
    assert joint.p_value == pytest.approx(0.0454321503678, rel=1e-4)
    assert all(one.adjustment.startswith("Holm") for one in results)
    assert (results[0].n, last.n["ketamine"]) == ({"ketamine": 5, "saline": 5}, 5)


def test_replicates_of_one_visit_are_a_t_test_of_participants_means():
    replicates = np.array(
        [[4.0, 6, 5], [9, 8, 10], [7, 5, 6], [3, 4, 4], [8, 9, 9], [12, 10, 11], [7, 9, 8],
         [10, 9, 12]]
    )  # fmt: skip
    people = pd.DataFrame({"participant_id": IDS[:8], "arm": ["saline"] * 4 + ["ketamine"] * 4})
    table = endpoints(replicates.ravel(), np.repeat(IDS[:8], 3), ["day_1"] * 24)
    [one] = fit_random_effects(table, marker="BDNF_serum", participants=people)
    means = replicates.mean(axis=1)
    t = stats.ttest_ind(means[4:], means[:4])
    assert one.statistic_name == "t(6.0)"
    assert (one.statistic, one.p_value) == pytest.approx((t.statistic, t.pvalue), rel=1e-5)
    assert one.n == {"ketamine": 4, "saline": 4}
    assert any("never counted as participants" in said for said in one.warnings)


def test_replicates_at_several_visits_share_an_effect_of_the_visit():
    # Balanced: the change is tested between participants' changes of visit means.
    stream = np.random.default_rng(5)
    level, visit = stream.normal(20, 4, 6), stream.normal(0, 2, (6, 2))
    values = level[:, None, None] + visit[:, :, None] + stream.normal(0, 1, (6, 2, 3))
    table = endpoints(
        values.ravel(), np.repeat(IDS[:6], 6), np.tile(np.repeat(["day_0", "day_1"], 3), 6)
    )
    [one] = fit_random_effects(table, marker="BDNF_serum")
    means = values.mean(axis=2)
    t = stats.ttest_rel(means[:, 1], means[:, 0])
    assert (one.statistic, one.p_value) == pytest.approx((t.statistic, t.pvalue), rel=1e-4)
    assert companion(one, "between visits of a participant").estimate > 0


def test_one_visit_without_arms_is_described_and_not_tested():
    table = endpoints([4.0, 6, 9, 8, 7, 5], np.repeat(IDS[:3], 2), ["day_1"] * 6)
    [one] = fit_random_effects(table, marker="BDNF_serum")
    assert one.estimate == pytest.approx(6.5)
    assert np.isnan(one.p_value)
    assert one.p_method == ""


def test_everybody_is_accounted_for():
    people = pd.concat([PEOPLE, pd.DataFrame({"participant_id": ["P11", "P12"],
                                              "arm": ["saline", None]})])  # fmt: skip
    more = pd.concat([TRIAL, endpoints([21.0, 22], ["P12", "P13"], ["day_1"] * 2)])
    results = fit_random_effects(more, marker="BDNF_serum", participants=people)
    excluded = results[0].excluded.set_index("participant_id")["reason"].to_dict()
    assert excluded == {
        "P11": "no value at any visit",
        "P12": "no arm",
        "P13": "not in the participants table",
    }
    data = results[0].data
    assert data.loc[data["reason"] != "", "reason"].str.contains("haemolysed").all()
    assert len(data) == 30
    assert any(said.startswith("2 of 30 values are missing") for said in results[0].warnings)


def test_a_mean_is_counted_with_those_who_have_a_value_at_its_visit(trial):
    counts = {
        (one.groups[0], one.outcome): one.n_total
        for one in trial[0].companions
        if one.estimate_name == "estimated marginal mean"
    }
    assert counts["saline", "value at day_3"] == 4  # P03 was haemolysed
    assert counts["saline", "value at day_1"] == 5
    assert trial[0].n == {"ketamine": 5, "saline": 5}


def test_leaving_out_is_a_fit_of_the_others(trial):
    row = trial[1].leave_one_out.set_index("participant_id").loc["P07"]
    rest = TRIAL[TRIAL["participant_id"] != "P07"]
    other = fit_random_effects(
        rest, marker="BDNF_serum", participants=PEOPLE[PEOPLE["participant_id"] != "P07"]
    )[1]
    assert (row["estimate"], row["p_value"]) == pytest.approx((other.estimate, other.p_value))


def test_variance_of_nothing_is_told_and_the_result_stands():
    # Participants' means are alike: more alike than independent values would be.
    values = [1.0, 5, 9, 9, 1, 5, 5, 9, 1, 1, 9, 5]
    results = fit_random_effects(
        endpoints(values, np.repeat(IDS[:4], 3), VISITS * 4), marker="BDNF_serum"
    )
    assert any("estimated as 0" in said for said in results[0].warnings)
    assert 0 < results[0].p_value <= 1
    assert companion(results[0], "values", "intraclass").estimate == 0


def test_one_sided_and_satterthwaite(trial):
    beside = next(one for one in trial[0].companions if one.role == "sensitivity")
    less = fit_random_effects(
        TRIAL, marker="BDNF_serum", participants=PEOPLE, alternative="less", df="satterthwaite"
    )
    assert less[0].statistic_name == beside.statistic_name
    assert less[0].p_value == pytest.approx(1 - beside.p_value / 2)  # the estimate is above 0
    assert less[0].ci_low == -np.inf


def test_several_markers_are_one_family():
    some = TRIAL.iloc[:12]
    other = some.assign(marker="p_mTOR_S2448", value=some["value"] * 2 + [0, 1, 3] * 4)
    results = fit_random_effects(pd.concat([some, other]), marker=["BDNF_serum", "p_mTOR_S2448"])
    assert [one.marker for one in results] == ["BDNF_serum"] * 2 + ["p_mTOR_S2448"] * 2
    assert "4 estimates" in results[0].adjustment
    assert len(results.tidy()) > 4
    assert all(results.sentences())


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"marker": "BDNF_plasma"}, TableError, "BDNF_plasma"),
        ({"visits": ["day_1", "day_9"]}, TableError, "day_9"),
        ({"visits": ["day_1", "day_1"]}, TableError, "twice"),
        ({"random": "slope"}, StatisticsError, "random is 'slope'"),
        ({"df": "kr"}, StatisticsError, "df is 'kr'"),
        ({"time": "week"}, StatisticsError, "time is 'week'"),
        ({"adjust": "mvt"}, StatisticsError, "adjust is 'mvt'"),
        ({"arm": "group", "participants": PEOPLE}, TableError, "no column 'group'"),
        ({"visits": ["day_1"]}, StatisticsError, "every participant has one row"),
        ({"random": "intercept_and_slope", "visits": ["day_3", "day_1"]}, TableError,
         "do not all name a later day"),
        ({"random": "intercept_and_slope", "visits": ["day_1"]}, TableError, "needs two visits"),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_is_refused_in_a_sentence(options, error, sentence):
    with pytest.raises(error, match=sentence):
        fit_random_effects(TRIAL, **({"marker": "BDNF_serum"} | options))


def test_arm_without_values_is_refused():
    people = pd.concat([PEOPLE, pd.DataFrame({"participant_id": ["P11"], "arm": ["midazolam"]})])
    with pytest.raises(TableError, match="no value in the arm 'midazolam'"):
        fit_random_effects(TRIAL, marker="BDNF_serum", participants=people, reference="saline")


def test_values_that_are_all_one_are_refused():
    with pytest.raises(StatisticsError, match="without remainder"):
        fit_random_effects(TRIAL.assign(value=5.0, reason=""), marker="BDNF_serum")


def test_a_study_file_runs_it_with_its_own_words():
    options = {
        "markers": ["BDNF_serum"], "participants": PEOPLE.iloc[[0, 1, 5, 6]], "baseline": "day_1",
        "endpoint": "day_3", "seed": 1, "visits": VISITS, "reference": "saline",
    }  # fmt: skip
    some = TRIAL[TRIAL["participant_id"].isin(options["participants"]["participant_id"])]
    found = RUNNERS["fit_random_effects"](some, pd.DataFrame(), options)
    assert [one.groups for one in found] == [("ketamine", "saline")] * 2
    everybody = RUNNERS["fit_random_effects"](some, pd.DataFrame(), {**options, "arm": ""} | {
        "reference": None
    })  # fmt: skip
    assert everybody[0].groups == ("all",)
    assert set(ALLOWED) <= set(ANALYSES["fit_random_effects"])
