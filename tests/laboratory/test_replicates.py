"""Replicates from a table to a result: by hand, against pingouin, and what is said of noise."""

import warnings

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.analyses.laboratory.agreement import compare_methods
from ketbio.analyses.laboratory.noise import noise_warnings
from ketbio.analyses.laboratory.replicates import summarise_replicates
from ketbio.errors import TableError
from ketbio.report.bibliography import unknown_keys
from ketbio.result import Result, tidy


def levels(rows, columns=("participant_id", "visit", "plate_id", "bdnf_ng_ml")):
    return pd.DataFrame(rows, columns=list(columns))


PLATES = levels(
    [
        ("P01", "baseline", "PL1", 20.0), ("P01", "baseline", "PL1", 22.0),
        ("P01", "baseline", "PL2", 26.0), ("P01", "baseline", "PL2", 25.0),
        ("P02", "baseline", "PL1", 30.0), ("P02", "baseline", "PL1", 30.0),
        ("P02", "baseline", "PL2", 33.0), ("P02", "baseline", "PL2", 36.0),
    ]
)  # fmt: skip


def companion(result, name, outcome=""):
    (found,) = [one for one in result.companions
                if one.estimate_name == name and outcome in one.outcome]  # fmt: skip
    return found


def test_cvs_within_and_between_runs_by_hand():
    found = summarise_replicates(
        PLATES, marker="BDNF_serum", value="bdnf_ng_ml", run="plate_id", unit="ng/mL"
    )
    # within: (2 + 0.5 + 0 + 4.5)/4; cell means 21, 25.5, 30, 34.5 about 23.25 and 32.25
    within = 7 / 4
    between = (2 * 2 * (2.25**2) * 2 / 2 - within) / 2
    mean = PLATES["bdnf_ng_ml"].mean()
    assert (found.estimate_name, found.unit, found.role) == ("within-run CV", "%", "description")
    assert found.estimate == pytest.approx(100 * within**0.5 / mean)
    assert companion(found, "between-run CV").estimate == pytest.approx(100 * between**0.5 / mean)
    error = companion(found, "standard error of measurement")
    assert (error.estimate, error.unit) == (pytest.approx((within + between) ** 0.5), "ng/mL")
    logs = np.log(PLATES["bdnf_ng_ml"].to_numpy()).reshape(4, 2)
    geometric = companion(found, "within-run geometric CV")
    assert geometric.estimate == pytest.approx(
        100 * np.sqrt(np.exp(logs.var(axis=1, ddof=1).mean()) - 1)
    )
    assert list(found.data.columns) == [
        "sample", "participant_id", "visit", "run", "n", "mean", "sd", "cv_percent",
        "cv_limit_percent", "is_flagged",
    ]  # fmt: skip
    assert found.data.loc[0, ["sample", "run", "n", "mean"]].to_list() == [
        "P01 baseline", "PL1", 2, 21.0,
    ]  # fmt: skip
    assert found.n == {"all": 2}
    assert found.outcome == "replicates of 2 samples"


def test_samples_in_several_runs_repeat_by_run():
    found = summarise_replicates(PLATES, marker="BDNF_serum", value="bdnf_ng_ml", run="plate_id")
    # runs' means 21, 25.5 and 30, 34.5: F = 2 · 40.5 / 10.125
    single = companion(found, "ICC(1,1)")
    ratio = 2 * 40.5 / 10.125
    assert single.estimate == pytest.approx((ratio - 1) / (ratio + 1))
    assert companion(found, "ICC(1,k)").ci_method == "F distribution; k = 2.0 runs"


def many(seed, *, error, n=8):
    rng = np.random.default_rng(seed)
    people = rng.normal(25, 4, size=n)
    rows = [
        (f"P{i:02d}", visit, "PL1", level + rng.normal(0, error))
        for visit, shift in (("baseline", 0.0), ("day_14", 5.0))
        for i in range(n)
        for level in [people[i] + shift + rng.normal(0, 2)] * 2
    ]
    return levels(rows)


def test_correlation_at_a_visit_is_that_of_pingouin():
    table = many(1, error=1.5)
    found = summarise_replicates(table, marker="BDNF_serum", value="bdnf_ng_ml")
    for visit in ("baseline", "day_14"):
        rows = table[table["visit"] == visit].reset_index(drop=True)
        rows["turn"] = rows.groupby("participant_id").cumcount()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            peer = pingouin.intraclass_corr(
                rows, targets="participant_id", raters="turn", ratings="bdnf_ng_ml"
            ).set_index("Type")
        for name in ("ICC(1,1)", "ICC(1,k)"):
            mine = companion(found, name, visit)
            assert mine.estimate == pytest.approx(peer.loc[name, "ICC"])
            interval = tuple(peer.loc[name, "CI95"])
            assert (mine.ci_low, mine.ci_high) == pytest.approx(interval, abs=6e-3)
        assert mine.n == {"all": 8}


def test_reliability_of_the_change_by_hand():
    rows = [
        (who, visit, "PL1", value)
        for who, visit, pair in (
            ("P01", "baseline", (10, 12)), ("P01", "day_14", (13, 13)),
            ("P02", "baseline", (20, 20)), ("P02", "day_14", (27, 29)),
            ("P03", "baseline", (15, 17)), ("P03", "day_14", (17, 17)),
        )
        for value in pair
    ]  # fmt: skip
    found = summarise_replicates(levels(rows), marker="m", value="bdnf_ng_ml")
    # changes 2, 8, 1 have variance 43/3; error (2 + 0 + 0 + 2 + 2 + 0)/6 = 1, of a change 1/2 + 1/2
    change = companion(found, "reliability of the change")
    assert change.estimate == pytest.approx(1 - 3 / 43)
    assert change.outcome == "change, baseline to day_14"
    assert change.n == {"pairs": 3}


def test_a_marker_that_is_mostly_noise_is_told_so():
    noisy = summarise_replicates(many(3, error=20, n=30), marker="BDNF_serum", value="bdnf_ng_ml")
    said = noise_warnings(noisy)
    assert any(one.startswith("Serum BDNF is mostly noise at baseline: ") for one in said)
    assert any("mostly noise as a change (baseline to day_14)" in one for one in said)
    clean = summarise_replicates(many(3, error=0.2), marker="BDNF_serum", value="bdnf_ng_ml")
    assert noise_warnings(clean) == ()


@pytest.mark.parametrize(
    ("value", "low", "start"),
    [
        (-0.4, -3.0, "M is mostly noise at day_14: all of its variance between people can be"),
        (0.4, -0.2, "M is mostly noise at day_14: 60% of its variance between people is error of "
                    "replicates (reliability 0.40, 95% CI −0.20 to 0.90). Effects"),
        (0.6, 0.3, "M is measured with only moderate reliability at day_14: 40% of its variance"),
        (0.8, 0.3, "M may be mostly noise at day_14: too few replicates to say that its "
                   "reliability is above 0.5 (reliability 0.80"),
    ],
)  # fmt: skip
def test_noise_is_graded(value, low, start):
    line = Result(analysis="summarise_replicates", marker="m", label="m", outcome="value at day_14",
                  groups=("all",), n={"all": 9}, estimate=value, estimate_name="ICC(1,k)",
                  ci_low=low, ci_high=0.9)  # fmt: skip
    whole = Result(analysis="summarise_replicates", marker="m", outcome="", groups=("all",),
                   n={"all": 9}, companions=(line,))  # fmt: skip
    (said,) = noise_warnings(whole)
    assert said.startswith(start)


def test_noise_of_another_result_is_refused():
    other = Result(analysis="compare_visits", marker="m", outcome="", groups=(), n={})
    with pytest.raises(TableError, match="takes a result of summarise_replicates"):
        noise_warnings(other)


def test_replicates_beyond_the_limit_are_flagged_and_named():
    table = levels([("P01", "baseline", "PL1", 10.0), ("P01", "baseline", "PL1", 20.0),
                    ("P02", "baseline", "PL1", 30.0), ("P02", "baseline", "PL1", 31)])  # fmt: skip
    found = summarise_replicates(table, marker="m", value="bdnf_ng_ml", run="plate_id")
    assert found.data["is_flagged"].to_list() == [True, False]
    # SD 7.07 of a mean of 15
    assert found.warnings == (
        "Replicates differ by a CV above 20 % in 1 of 2: P01 baseline on PL1 (47 %).",
    )
    loose = summarise_replicates(table, marker="m", value="bdnf_ng_ml", cv_limit=50)
    assert not loose.data["is_flagged"].any()


def test_rows_without_a_value_stay_with_their_reason():
    table = pd.DataFrame(
        {
            "participant_id": ["P01", "P01", "P02", "P02", "P03"],
            "visit": "baseline",
            "value": [1.0, 1.2, np.nan, 2.0, np.nan],
            "below_lloq": [False, False, True, False, False],
            "reason": ["", "", "", "", "lost in transit"],
        }
    )
    found = summarise_replicates(table, marker="m")
    assert found.excluded.to_dict("records") == [
        {"participant_id": "P02", "reason": "baseline: below the LLOQ"},
        {"participant_id": "P03", "reason": "baseline: lost in transit"},
    ]
    assert found.data["n"].to_list() == [2, 1]


def test_where_there_is_nothing_to_compute_a_sentence_says_why():
    alone = summarise_replicates(levels([("P01", "baseline", "PL1", 1.0)]), marker="m",
                                 value="bdnf_ng_ml")  # fmt: skip
    assert alone.warnings[0].startswith("Nothing could be computed: values has 1 value")
    singles = levels([("P01", "baseline", "PL1", 1.0), ("P02", "baseline", "PL1", 2.0)])
    found = summarise_replicates(singles, marker="m", value="bdnf_ng_ml")
    assert "none of 2 samples was measured twice" in found.warnings[0]
    empty = summarise_replicates(singles.iloc[:0], marker="m", value="bdnf_ng_ml")
    assert empty.warnings == ("Nothing could be computed: no replicate has a value.",)


def test_a_run_of_its_own_for_each_sample_is_said():
    table = levels([("P01", "baseline", "PL1", 10.0), ("P01", "baseline", "PL1", 11.0),
                    ("P02", "baseline", "PL2", 30.0), ("P02", "baseline", "PL2", 31)])  # fmt: skip
    found = summarise_replicates(table, marker="m", value="bdnf_ng_ml", run="plate_id")
    assert any("differences between runs are not in these numbers" in w for w in found.warnings)
    assert not [one for one in found.companions if one.estimate_name == "between-run CV"]


def test_one_sample_on_a_second_plate_does_not_stand_for_all():
    rows = [
        (f"P{n:02d}", "baseline", "PL1", 10.0 * n + wells) for n in range(1, 7) for wells in (0, 1)
    ]
    within = summarise_replicates(levels(rows), marker="m", value="bdnf_ng_ml", run="plate_id")
    twice = [*rows, ("P01", "baseline", "PL2", 11.0)]
    found = summarise_replicates(levels(twice), marker="m", value="bdnf_ng_ml", run="plate_id")
    one, other = (companion(result, "ICC(1,1)") for result in (within, found))
    assert other.ci_low > 0.9
    assert other.ci_low == pytest.approx(one.ci_low, abs=0.02)


def test_lanes_on_gels_are_analysed_as_logarithms():
    rows = [("P01", "baseline", "G1", 1.0), ("P01", "baseline", "G2", 2.0),
            ("P02", "baseline", "G1", 4.0), ("P02", "baseline", "G2", 8.0)]  # fmt: skip
    found = summarise_replicates(
        levels(rows), marker="p_mTOR_S2448", value="bdnf_ng_ml", run="plate_id", scale="log2",
        unit="ratio",
    )  # fmt: skip
    assert np.isnan(found.estimate)
    assert any("there is no within-run CV" in one for one in found.warnings)
    # log2: 0, 1 and 2, 3: error variance 0.5
    error = companion(found, "standard error of measurement")
    assert (error.estimate, error.unit) == (pytest.approx(0.5**0.5), "log2 ratio")
    assert companion(found, "ICC(1,1)").estimate == pytest.approx((4 / 0.5 - 1) / (4 / 0.5 + 1))
    below = levels([*rows, ("P03", "baseline", "G1", -0.1), ("P03", "baseline", "G1", 1.0)])
    found = summarise_replicates(below, marker="m", value="bdnf_ng_ml", scale="log2")
    said = "Left out, as at or below 0 there is no logarithm: 1 replicate of P03 baseline."
    assert said in found.warnings


def test_wrong_words_are_refused():
    with pytest.raises(TableError, match="no column 'plate'"):
        summarise_replicates(PLATES, marker="m", value="bdnf_ng_ml", run="plate")
    with pytest.raises(TableError, match="cv_limit is -1"):
        summarise_replicates(PLATES, marker="m", value="bdnf_ng_ml", cv_limit=-1)
    with pytest.raises(TableError, match="column 'visit' holds"):
        summarise_replicates(PLATES, marker="m", value="visit")


# -- two methods -------------------------------------------------------------------------------
def test_methods_are_paired_by_participant_and_visit():
    first = pd.DataFrame({"participant_id": ["P01", "P02", "P03", "P04"], "visit": "baseline",
                          "value": [10.0, 12.0, 15.0, np.nan]})  # fmt: skip
    second = pd.DataFrame({"participant_id": ["P05", "P03", "P02", "P01"], "visit": "baseline",
                           "value": [3.0, 9.0, 11.0, 14.0]})  # fmt: skip
    found = compare_methods(first, second, marker="BDNF_serum", names=("kit A", "kit B"))
    assert found.data[["participant_id", "first", "second", "difference"]].to_numpy().tolist() == [
        ["P01", 10.0, 14.0, -4.0], ["P02", 12.0, 11.0, 1.0], ["P03", 15.0, 9.0, 6.0],
    ]  # fmt: skip
    assert found.excluded.to_dict("records") == [
        {"participant_id": "P04", "reason": "baseline: no value by kit A or kit B"},
        {"participant_id": "P05", "reason": "baseline: no value by kit A"},
    ]
    assert found.estimate == 1.0
    sd = np.std([-4, 1, 6], ddof=1)
    limit = companion(found, "upper limit of agreement")
    assert limit.estimate == pytest.approx(1 + 1.959964 * sd)
    assert limit.role == "description"
    assert len(tidy(found)) == 4


def test_a_bias_that_grows_is_said():
    who = pd.DataFrame({"participant_id": [f"P{i:02d}" for i in range(9)], "visit": "baseline"})
    value = np.linspace(5, 50, 9)
    noise = np.array([0.2, -0.1, 0.1, -0.2, 0.3, -0.3, 0.1, 0, -0.1])
    first, second = who.assign(value=1.3 * value + noise), who.assign(value=value)
    found = compare_methods(first, second, marker="m")
    assert any("The difference depends on the level" in one for one in found.warnings)
    ratio = compare_methods(first, second, marker="m", scale="ratio")
    assert ratio.estimate == pytest.approx(1.3, abs=0.01)
    assert (ratio.null_value, ratio.estimate_name) == (1.0, "bias, as a ratio")
    assert ratio.data["difference"].to_numpy() == pytest.approx(first["value"].to_numpy() / value)


def test_several_pairs_of_a_participant_are_said():
    who = pd.DataFrame({"participant_id": ["P01", "P01", "P02"],
                        "visit": ["baseline", "day_14", "baseline"]})  # fmt: skip
    found = compare_methods(who.assign(value=[1.0, 2, 3]), who.assign(value=[1.5, 1, 3]),
                            marker="m")  # fmt: skip
    assert any("3 pairs are of 2 participants" in one for one in found.warnings)


def test_a_sample_twice_is_refused():
    who = pd.DataFrame({"participant_id": ["P01", "P01"], "visit": "baseline", "value": [1.0, 2]})
    with pytest.raises(TableError, match="kit A has two rows of P01 at baseline"):
        compare_methods(who, who, marker="m", names=("kit A", "kit B"))
    two = who.iloc[:1]
    short = compare_methods(two, two, marker="m")
    assert "Nothing could be computed: first has 1 value" in short.warnings[0]


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_any_table_has_a_result_or_says_why_not(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 14))
    table = pd.DataFrame(
        {
            "participant_id": [f"P{one:02d}" for one in rng.integers(1, 5, size=n)],
            "visit": rng.choice(["baseline", "day_14"], size=n).astype(object),
            "plate_id": rng.choice(["PL1", "PL2"], size=n).astype(object),
            "value": rng.choice([0.0, 1.0, 1.0, 2.5, -1.0, np.nan], size=n),
        }
    )
    for scale in ("raw", "log2"):
        found = summarise_replicates(table, marker="m", run="plate_id", scale=scale)
        assert len(found.excluded) == int(table["value"].isna().sum())
        assert int(found.data["n"].sum()) + len(found.excluded) == n
        assert found.warnings or not np.isnan(found.estimate)
        noise_warnings(found)
        assert not unknown_keys(key for one in (found, *found.companions) for key in one.references)


def test_a_number_beside_a_limit_is_no_value():
    table = pd.DataFrame(
        {
            "participant_id": ["P01", "P01", "P02", "P02", "P03", "P03"],
            "visit": "baseline",
            "value": [20.0, 22.0, 30.0, 29.0, 0.5, 0.5],
            "below_lloq": [False] * 4 + [True] * 2,
        }
    )
    found = summarise_replicates(table, marker="m")
    assert found.n == {"all": 2}
    assert found.excluded["reason"].to_list() == ["baseline: below the LLOQ"] * 2
    # Two replicates of one participant are one participant.
    assert "1 participant excluded" in found.sentence()
    assert tidy(found)["n_excluded"].iloc[0] == 1
    one_each = table.drop_duplicates("participant_id")
    both = compare_methods(
        one_each, one_each.assign(below_lloq=False), marker="m", names=("kit A", "kit B")
    )
    assert both.data["participant_id"].to_list() == ["P01", "P02"]
    assert both.excluded["reason"].to_list() == ["baseline: no value by kit A (below the LLOQ)"]


def test_people_who_do_not_differ_at_all_are_told_as_noise():
    table = pd.DataFrame(
        {
            "participant_id": np.repeat(["P01", "P02", "P03"], 2),
            "visit": "baseline",
            "value": [4.0, 6.0, 3.0, 7.0, 2.0, 8.0],
        }
    )
    (said,) = noise_warnings(summarise_replicates(table, marker="BDNF_serum"))
    assert "all of its variance between people can be error" in said
    assert "(reliability 0, upper limit 0)" in said
