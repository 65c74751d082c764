"""The mixed model for repeated measures against R, by hand, and by what may change nothing."""

import csv
import json
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as t_distribution
from scipy.stats import ttest_ind

from ketbio import fit_mmrm
from ketbio.endpoints.frames import endpoint_table
from ketbio.errors import StatisticsError
from ketbio.result import tidy
from ketbio.statistics import ancova

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
PEOPLE = [
    ("P01", "saline", "female", 15, 38, 29, 31, 29),
    ("P02", "low", "female", 16, 27, 20, 21, 25),
    ("P03", "high", "female", 17, 38, 29, 25, 20),
    ("P04", "saline", "male", 18, 26, 15, 18, None),
    ("P05", "low", "male", 15, 25, 22, 15, 29),
    ("P06", "high", "male", 16, 34, 23, 23, 20),
    ("P07", "saline", "female", 17, 27, 20, 24, 25),
    ("P08", "low", "female", 18, 24, 12, None, None),
    ("P09", "high", "female", 15, 25, 16, 12, 22),
    ("P10", "saline", "male", 16, 31, 17, 9, 13),
    ("P11", "low", "male", 17, 30, 23, 20, 36),
    ("P12", "high", "male", 18, 25, 20, 18, None),
    ("P13", "saline", "female", 15, 24, 13, 14, 15),
    ("P14", "low", "female", 16, 37, 25, 29, 26),
    ("P15", "high", "female", 17, 34, 21, 27, 23),
]
VISITS = ("baseline", "day_1", "day_7", "day_14")


def records(rows, marker="MADRS"):
    """Return endpoints of ``(participant, visit, value)``."""
    known = {"marker": marker, "unit": "points", "scale": "raw"}
    return endpoint_table(
        {"participant_id": one, "visit": visit, "value": float(value), **known}
        for one, visit, value in rows
    )


def table(rows, visits=VISITS):
    """Return endpoints of ``(participant, value at each visit)``; None is no row at all."""
    return records(
        (one, visit, value)
        for one, *values in rows
        for visit, value in zip(visits, values, strict=True)
        if value is not None
    )


ENDPOINTS = table([(one, *values) for one, _, _, _, *values in PEOPLE])
PARTICIPANTS = pd.DataFrame(
    [row[:4] for row in PEOPLE], columns=["participant_id", "arm", "sex", "age"]
)
TWO_ARMS = PARTICIPANTS[PARTICIPANTS["arm"] != "low"]
TWO = ENDPOINTS[ENDPOINTS["participant_id"].isin(TWO_ARMS["participant_id"])]


def model(endpoints=ENDPOINTS, participants=PARTICIPANTS, **words):
    """Fit without permuting: most of what is asked here is of the model."""
    asked = {
        "marker": "MADRS",
        "baseline": "baseline",
        "permutation": False,
        "adjust": "none",
        **words,
    }
    return fit_mmrm(endpoints, participants=participants, **asked)


def standard_error(one):
    """Half the interval of a normal approximation over its quantile."""
    return (one.ci_high - one.ci_low) / 2 / 1.959963984540054


def means(one):
    return {
        line.groups[0]: line
        for line in one.companions
        if line.estimate_name == "estimated marginal mean"
    }


# -- against R ------------------------------------------------------------------------------

# d: the rows of PEOPLE, long; change = value - baseline; visits and arms as factors in order
# m <- gls(change ~ arm*visit + baseline*visit + sex + age, d, na.action = na.omit,
#   correlation = corSymm(form = ~as.integer(visit)|id), weights = varIdent(form = ~1|visit))
# e <- emmeans(m, ~arm|visit, mode = "df.error", data = d[!is.na(d$change), ])
# contrast(e, "trt.vs.ctrl", adjust = "none"); and the same of emmeans(m, ~arm)
# R 4.2.2, nlme, emmeans 1.8.4; logLik(m) -92.9638104
MEANS = {
    ("saline", "day_1"): (-10.50345134, 1.50136727),
    ("high", "day_1"): (-8.89674635, 1.53479636),
    ("low", "day_14"): (-2.24192737, 2.83011360),
}
CONTRASTS = [
    ("high", 1.6067049952, 2.15144042),
    ("high", 0.0298172563, 3.67418558),
    ("high", 1.4652775269, 4.01158199),
    ("high", 1.03393326, 2.82666922),
    ("low", 2.1946531870, 2.09815832),
    ("low", 0.4522853004, 3.75932117),
    ("low", 7.3838402703, 3.93656418),
    ("low", 3.34359292, 2.80495777),
]


@pytest.fixture(scope="module")
def with_covariates():
    return model(covariates=["sex", "age"], df="normal")


def test_marginal_means_and_contrasts_are_those_of_emmeans(with_covariates):
    for one, (arm, estimate, error) in zip(with_covariates, CONTRASTS, strict=True):
        assert one.groups == (arm, "saline")
        assert one.estimate == pytest.approx(estimate, rel=1e-5, abs=2e-6)
        assert standard_error(one) == pytest.approx(error, rel=1e-5)
    at = {one.outcome.split()[-1]: means(one) for one in with_covariates if "av" not in one.outcome}
    at["day_1"] |= means(with_covariates[0])
    for (arm, visit), (mean, error) in MEANS.items():
        line = at[visit][arm]
        assert line.estimate == pytest.approx(mean, rel=1e-5)
        assert standard_error(line) == pytest.approx(error, rel=1e-5)


def test_the_likelihood_and_its_criteria_are_told(with_covariates):
    lines = {(one.outcome, one.estimate_name): one for one in with_covariates[0].companions}
    aic = lines["covariance: unstructured", "AIC"]
    assert aic.estimate == pytest.approx(2 * 92.9638104 + 2 * 6, abs=1e-5)
    bic = lines["covariance: unstructured", "BIC"]
    assert bic.estimate == pytest.approx(2 * 92.9638104 + 6 * np.log(15), abs=1e-5)
    simpler = lines["covariance: compound symmetry", "AIC"]
    assert simpler.statistic_name == "χ²(4)"
    assert simpler.statistic == pytest.approx(simpler.estimate - aic.estimate + 2 * 4)
    grid = "baseline 30.1 and age 16.2 (mean over the rows), averaged with equal weights over the"
    assert any(grid in one for one in with_covariates[0].warnings)


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path.read_text()


def test_differences_are_those_of_nlme_and_emmeans():
    expected = json.loads(shared("reference/madrs_long_expected.json"))["gls_emmeans"]
    rows = pd.read_csv(SHARED / "reference/madrs_long.csv").dropna(subset="madrs")
    people = rows.drop_duplicates("participant_id")
    before = people.assign(visit="baseline", madrs=people["baseline"])
    long = pd.concat([before, rows])[["participant_id", "visit", "madrs"]].to_numpy()
    endpoints = pd.concat(table([(one, value)], (visit,)) for one, visit, value in long)
    found = model(endpoints, people, formula="change ~ baseline + arm*visit", df="normal")
    assert len(found) == len(expected) + 1
    for one, line in zip(found, expected, strict=False):
        assert " - ".join(one.groups) == line["contrast"]
        assert one.estimate == pytest.approx(line["estimate"], rel=1e-5)
        assert standard_error(one) == pytest.approx(line["SE"], rel=1e-4)


def test_the_trial_of_the_dia_group_is_met():
    lines = list(
        csv.DictReader(shared("studies/hamd17_trial/antidepressant_data.csv").splitlines())
    )
    people = {line["PATIENT"]: line for line in lines}
    rows = [(one, "baseline", line["BASVAL"]) for one, line in people.items()]
    rows += [(line["PATIENT"], line["VISIT"], line["HAMDTL17"]) for line in lines]
    arms = pd.DataFrame(
        {"participant_id": list(people), "therapy": [one["THERAPY"] for one in people.values()]}
    )
    found = model(
        records(rows), arms, arm="therapy", reference="DRUG", df="satterthwaite",
        visits=["baseline", "4", "5", "6", "7"],
    )  # fmt: skip
    at_7 = found[3]
    assert at_7.outcome == "change, baseline to 7"
    assert at_7.n == {"PLACEBO": 88, "DRUG": 84}
    assert at_7.estimate == pytest.approx(2.80177, rel=1e-4)
    assert at_7.estimate / at_7.statistic == pytest.approx(1.11404, rel=1e-4)
    assert at_7.statistic_name == "t(150.1)"
    assert at_7.p_value == pytest.approx(0.012957, rel=1e-3)
    held = at_7.leave_one_out["estimate"]
    assert held.between(2.2, 3.4).all()
    assert held.nunique() > 100


# -- by hand --------------------------------------------------------------------------------

COMPLETE = [(one, *values[:3]) for one, arm, _, _, *values in PEOPLE if arm != "low"]
HAND = table(COMPLETE, VISITS[:3])


SMALL = {"structure": "compound_symmetry", "visits": ["day_1", "day_7"]}


@cache
def small():
    return model(HAND, TWO_ARMS, **SMALL)


def arms_of(rows, place):
    ids = dict(zip(PARTICIPANTS["participant_id"], PARTICIPANTS["arm"], strict=True))
    change = {arm: [] for arm in ("high", "saline")}
    for one, before, *after in rows:
        change[ids[one]].append(after[place] - before)
    return change["high"], change["saline"]


def test_complete_visits_without_covariate_are_t_tests():
    found = model(HAND, TWO_ARMS, formula="arm * visit")
    for place, one in enumerate(found[:2]):
        t = ttest_ind(*arms_of(COMPLETE, place))
        assert one.statistic == pytest.approx(t.statistic)
        assert one.p_value == pytest.approx(t.pvalue)
        assert (one.ci_low, one.ci_high) == pytest.approx(tuple(t.confidence_interval()))
        assert one.statistic_name == "t(8.0)"
    mean = (found[0].estimate + found[1].estimate) / 2
    assert found[2].estimate == pytest.approx(mean)


def test_one_visit_is_ancova():
    [found] = model(HAND, TWO_ARMS, visits=["day_1"])
    rows = [row[:3] for row in COMPLETE]
    is_high = [
        PARTICIPANTS.set_index("participant_id").loc[one, "arm"] == "high" for one, *_ in rows
    ]
    before, after = np.array([row[1:] for row in rows], dtype=float).T
    expected = ancova(after, before, np.array(is_high, dtype=float)).difference
    assert found.estimate == pytest.approx(expected.estimate)
    assert found.p_value == pytest.approx(expected.p_value)


@pytest.fixture(scope="module")
def plain():
    return model(TWO, TWO_ARMS)


def test_differences_are_the_same_of_changes_and_of_values(plain):
    found = model(TWO, TWO_ARMS, outcome="value")
    assert [one.estimate for one in found] == pytest.approx([one.estimate for one in plain])
    assert [one.p_value for one in found] == pytest.approx([one.p_value for one in plain])
    assert found[1].outcome == "value at day_7"
    changed = [one for one in found[0].companions if one.estimate_name.endswith("from baseline")]
    assert {one.groups[0]: one.estimate for one in changed} == pytest.approx(
        {arm: one.estimate for arm, one in means(plain[0]).items()}
    )
    assert {one.outcome for one in changed} == {"change, baseline to day_1"}


def test_one_arm_has_its_changes():
    own = ENDPOINTS[ENDPOINTS["visit"].isin(["baseline", "day_1"])]
    words = {"marker": "MADRS", "participants": None, "arm": None, "baseline": "baseline"}
    [found] = fit_mmrm(own, **words)
    changes = np.array([row[5] - row[4] for row in PEOPLE], dtype=float)
    assert found.groups == ("all",)
    assert found.estimate == pytest.approx(changes.mean())
    assert found.estimate_name == "estimated marginal mean change"
    assert found.n == {"all": 15}
    [flipped] = [one for one in found.companions if one.is_exact]
    assert flipped.estimate == pytest.approx(changes.mean())
    assert any("without a control group" in one for one in found.warnings)
    levels = fit_mmrm(own, outcome="value", permutation=False, **words)
    assert levels[0].estimate == pytest.approx(found.estimate)
    assert levels[0].p_value == pytest.approx(found.p_value)


# -- what stands beside, and what is told ---------------------------------------------------


@pytest.fixture(scope="module")
def trial():
    return fit_mmrm(
        TWO, marker="MADRS", participants=TWO_ARMS, baseline="baseline", adjust="mvt", seed=1
    )


def test_every_contrast_has_what_belongs_to_it(trial):
    assert [one.outcome for one in trial] == [
        *(f"change, baseline to {visit}" for visit in VISITS[1:]),
        "change, baseline to day_14, average over visits",
    ]
    for one in trial:
        roles = [line.role for line in one.companions]
        assert set(means(one)) == {"high", "saline"}
        permuted = [line for line in one.companions if "draw" in line.p_method or line.is_exact]
        assert permuted
        assert permuted[0].outcome == one.outcome
        methods = " ".join(line.p_method for line in one.companions)
        assert "Satterthwaite" in methods
        assert "between–within" in methods
        assert roles.count("primary") == 0
        assert len(one.leave_one_out) == 10
        assert one.leave_one_out["estimate"].notna().all()
    assert "The smaller arm has 5" in " ".join(trial[0].warnings)
    rows = tidy(trial)
    assert len(rows) == sum(1 + len(one.companions) for one in trial)


def test_the_multivariate_t_lies_between_the_p_value_and_bonferroni(trial):
    for one in trial[:3]:
        assert one.p_value <= one.p_adjusted <= min(1.0, 3 * one.p_value) + 1e-6
        assert one.adjustment == "multivariate t over 3 contrasts"
        [together] = [line for line in one.companions if "simultaneous" in line.ci_method]
        assert together.ci_low < one.ci_low < one.estimate < one.ci_high < together.ci_high
    assert np.isnan(trial[3].p_adjusted)


def test_rows_say_what_is_missing_and_what_the_model_gives(trial):
    data = trial[0].data
    assert len(data) == 30
    missing = data[data["reason"] != ""]
    assert dict(zip(missing["participant_id"], missing["reason"], strict=True)) == {
        "P04": "no value at day_14",
        "P12": "no value at day_14",
    }
    assert missing["residual"].isna().all()
    assert data["fitted"].notna().all()
    known = data[data["reason"] == ""]
    order = known.sort_values("residual")["normal_quantile"]
    assert all(a <= b for a, b in pairwise(order))
    told = " ".join(trial[0].warnings)
    assert "2 of 30 values after baseline are missing (2 at day_14: P04 and P12); nothing" in told
    assert "missing at random" in told
    assert told.count("P04") == 1
    beside = " ".join(text for one in trial for line in one.companions for text in line.warnings)
    assert "Missing values stay with their participants" in beside
    assert "at day_14 are missing" not in beside


def test_nobody_is_left_out_without_a_reason():
    lost = TWO[~((TWO["participant_id"] == "P01") & (TWO["visit"] == "baseline"))]
    lost = lost[~((lost["participant_id"] == "P03") & (lost["visit"] != "baseline"))]
    people = TWO_ARMS.assign(
        arm=TWO_ARMS["arm"].mask(TWO_ARMS["participant_id"] == "P06"),
        age=TWO_ARMS["age"].mask(TWO_ARMS["participant_id"] == "P07"),
    )
    people = people[people["participant_id"] != "P15"]
    found = model(lost, people, formula="arm + visit + baseline + age", structure="ar1")[0]
    assert dict(zip(found.excluded["participant_id"], found.excluded["reason"], strict=True)) == {
        "P01": "no value at baseline",
        "P03": "no value at any visit after baseline",
        "P06": "no arm",
        "P07": "no age",
        "P15": "not in the participants table",
    }
    assert found.n == {"high": 2, "saline": 3}


def test_a_participant_unlike_the_others_is_named(plain):
    wild = ENDPOINTS.copy()
    wild.loc[(wild["participant_id"] == "P09") & (wild["visit"] == "day_7"), "value"] = 75.0
    told = model(wild, structure="compound_symmetry", formula="visit + arm")[0].warnings
    assert any(one.startswith("P09 departs from the model as a whole") for one in told)
    assert not any("departs from the model" in one for one in plain[0].warnings)


def test_a_structure_fallen_back_from_is_named():
    never = {"P01": "day_1", "P03": "day_1", "P06": "day_1", "P13": "day_1", "P15": "day_14"}
    never |= dict.fromkeys(["P04", "P07", "P09", "P10", "P12"], "day_14")
    apart = TWO[TWO["participant_id"].map(never) != TWO["visit"]]
    found = model(apart, TWO_ARMS, formula="arm + visit + baseline")[0]
    [told] = [one for one in found.warnings if "fitted" in one and "structure" in one]
    assert "day_1 and day_14 were never observed together" in told
    assert "unstructured" not in found.p_method
    with pytest.raises(StatisticsError, match="day_1 and day_14 were never observed together"):
        model(apart, TWO_ARMS, formula="arm + visit + baseline", fallbacks=False)


def test_several_markers_are_one_family(trial):
    other = TWO.assign(marker="again", value=TWO["value"] + (TWO["visit"] == "day_7") * 3.0)
    both, names = pd.concat([TWO, other]), ["MADRS", "again"]
    found = model(both, TWO_ARMS, marker=names, visits=["day_1"], adjust="holm")
    assert {one.adjustment for one in found} == {"Holm over 2 contrasts"}
    [together] = [one for one in found[0].companions if "simultaneous" in one.ci_method]
    reach = (together.ci_high - together.ci_low) / (found[0].ci_high - found[0].ci_low)
    df = float(found[0].statistic_name[2:-1])
    assert reach == pytest.approx(t_distribution.ppf(0.9875, df) / t_distribution.ppf(0.975, df))
    joint = model(both, TWO_ARMS, marker=names, adjust="mvt", seed=1)
    assert joint[0].p_adjusted == pytest.approx(min(1.0, 2 * trial[0].p_adjusted))
    assert "Bonferroni over 2 markers" in joint[0].adjustment


def test_robust_errors_and_arms_with_a_covariance_each():
    robust = model(HAND, TWO_ARMS, covariance="CR2", formula="arm * visit")[0]
    assert "Bell" in robust.p_method
    assert any("fewer than 40 they are rough" in one for one in robust.warnings)
    # complete and balanced: CR2 of a difference of two means is Welch's standard error
    high, saline = (np.array(one) for one in arms_of(COMPLETE, 0))
    welch = np.sqrt(high.var(ddof=1) / high.size + saline.var(ddof=1) / saline.size)
    assert robust.estimate / robust.statistic == pytest.approx(welch)
    by_arm = model(HAND, TWO_ARMS, by_arm=True, formula="arm * visit")[0]
    assert by_arm.estimate / by_arm.statistic == pytest.approx(welch)
    sds = {
        one.groups[0]: one.estimate
        for one in by_arm.companions
        if one.outcome == "residual at day_1"
    }
    assert sds == pytest.approx({"high": high.std(ddof=1), "saline": saline.std(ddof=1)}, rel=1e-5)


def test_equal_weights_change_nothing_and_others_do():
    equal = model(HAND, TWO_ARMS.assign(w=2.0), weights="w", **SMALL)[0]
    other = model(HAND.assign(w=np.arange(1.0, len(HAND) + 1)), TWO_ARMS, weights="w", **SMALL)[0]
    assert equal.estimate == pytest.approx(small()[0].estimate)
    assert equal.p_value == pytest.approx(small()[0].p_value)
    assert any(one.startswith("Rows are weighted") for one in equal.warnings)
    assert other.estimate != pytest.approx(small()[0].estimate, rel=1e-3)


# -- laws -----------------------------------------------------------------------------------


@settings(max_examples=3)
@given(order=st.permutations(range(len(HAND))), seed=st.integers(0, 99))
def test_order_of_rows_and_names_of_participants_change_nothing(order, seed):
    ids = list(TWO_ARMS["participant_id"])
    named = {one: f"X{(place * 7 + seed) % 97:02d}" for place, one in enumerate(ids)}
    rows = HAND.iloc[order].replace({"participant_id": named})
    people = TWO_ARMS.replace({"participant_id": named}).sample(frac=1, random_state=seed)
    for one, other in zip(model(rows, people, **SMALL), small(), strict=True):
        assert one.estimate == pytest.approx(other.estimate, rel=1e-6)
        assert one.p_value == pytest.approx(other.p_value, rel=1e-5)


def test_arms_swapped_change_signs(plain):
    found = model(TWO, TWO_ARMS, reference="high")
    for one, other in zip(found, plain, strict=True):
        assert one.groups == other.groups[::-1]
        assert one.estimate == pytest.approx(-other.estimate, rel=1e-6)
        assert (one.ci_low, one.ci_high) == pytest.approx((-other.ci_high, -other.ci_low), rel=1e-5)
        assert one.p_value == pytest.approx(other.p_value, rel=1e-6)
