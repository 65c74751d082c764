"""`compare_crossover`: against R's values, by hand, who is used where, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_crossover
from ketbio.endpoints import derive_periods
from ketbio.errors import KetbioError, StatisticsError, TableError

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
REFERENCE = SHARED / "reference"
ASTHMA = SHARED / "studies" / "crossover_asthma" / "asthma.csv"
SIXTY = "phospho_S6_ribosomal_protein_Ser235_236_to_total_in_PBMC_$x_1"

needs_reference = pytest.mark.skipif(
    not (REFERENCE / "crossover_expected.json").exists(), reason="the reference values are not here"
)
needs_asthma = pytest.mark.skipif(not ASTHMA.exists(), reason="the asthma study is not here")

# Eight invented participants: baseline and outcome of both periods.
ROWS = {
    "P1": ("KS", 30, 18, 28, 25), "P2": ("KS", 25, 15, 26, 21), "P3": ("KS", 33, 20, 30, 28),
    "P4": ("KS", 28, 19, 29, 22), "P5": ("SK", 31, 27, 27, 14), "P6": ("SK", 26, 22, 27, 17),
    "P7": ("SK", 35, 30, 31, 15), "P8": ("SK", 29, 24, 25, 19),
}  # fmt: skip
SEQUENCES = {"KS": ["ketamine", "saline"], "SK": ["saline", "ketamine"]}


def long_table(rows=ROWS):
    return pd.DataFrame(
        [
            (who, label, number, SEQUENCES[label][number - 1], numbers[2 * number - 2],
             numbers[2 * number - 1])
            for who, (label, *numbers) in rows.items()
            for number in (1, 2)
        ],
        columns=["participant_id", "sequence", "period", "treatment", "before", "madrs"],
    )  # fmt: skip


def compared(table, marker="MADRS", **options):
    found = derive_periods(table, marker=marker, value="madrs", baseline="before", unit="points")
    words = {"participants": found.participants, "sequences": found.sequences,
             "periods": found.periods, "seed": 1}  # fmt: skip
    return compare_crossover(found.endpoints, marker=marker, **words | options)


def beside(result, name, groups=None):
    return next(
        one
        for one in result.companions
        if one.estimate_name.startswith(name) and (groups is None or one.groups == groups)
    )


def test_the_change_by_hand_and_as_r_tests_it():
    # R: t.test(I((y.1 - base.1 - y.2 + base.2)/2) ~ sequence, var.equal = TRUE)
    result = compared(long_table())[0]
    assert result.outcome == "change, baseline to outcome"
    assert result.estimate == pytest.approx(-6.75)  # (−3.375 − 3.375)
    assert result.groups == ("ketamine", "saline")
    assert result.n == {"KS": 4, "SK": 4}
    assert (result.is_exact, result.n_arrangements) == (True, 70)
    assert result.p_value == pytest.approx(2 / 70)
    t = beside(result, "treatment difference, adjusted")
    assert (t.statistic, t.p_value) == (pytest.approx(-4.5530054), pytest.approx(0.003879487))
    assert (t.ci_low, t.ci_high) == pytest.approx((-10.377637941, -3.122362059))
    carried = beside(result, "carry-over")
    # R: t.test(I(y.1 - base.1 + y.2 - base.2) ~ sequence, var.equal = TRUE)
    assert (carried.statistic, carried.p_value) == pytest.approx((0.23249528, 0.8238809))
    assert beside(result, "mean", ("ketamine",)).estimate == pytest.approx(-11.125)
    assert beside(result, "mean", ("SK, period 1 (saline)",)).estimate == pytest.approx(-4.5)


def test_the_baseline_as_covariate_as_r_fits_it():
    # R: lm(d ~ I(sequence == "KS") + b), d and b half differences of the periods
    result = compared(long_table(), baseline_as="covariate")[0]
    assert result.estimate == pytest.approx(-7.3849206349)
    t = beside(result, "treatment difference, adjusted")
    assert (t.estimate, t.statistic, t.p_value) == pytest.approx(
        (-7.3849206349, -4.329670582, 0.007501700698)
    )
    assert result.is_exact is False
    assert len(result.leave_one_out) == 8


def test_baseline_as_none_compares_the_values_themselves():
    result = compared(long_table(), baseline_as="none")[0]
    assert result.outcome == "value in the period"
    # KS: 18−25, 15−21, 20−28, 19−22, mean −6; SK: 27−14, 22−17, 30−15, 24−19, mean 9.5
    assert result.estimate == pytest.approx((-6 - 9.5) / 2)


@needs_reference
def test_the_reference_values_of_r():
    expected = json.loads((REFERENCE / "crossover_expected.json").read_text(encoding="utf-8"))
    table = pd.read_csv(REFERENCE / "crossover.csv")
    found = derive_periods(table, marker="MADRS", value="madrs", unit="points")
    result = compare_crossover(
        found.endpoints, marker="MADRS", participants=found.participants,
        sequences=found.sequences, periods=found.periods,
    )[0]  # fmt: skip
    assert result.p_value == pytest.approx(expected["exact_perm_period_diff"], rel=1e-10)
    hills = beside(result, "treatment difference, adjusted")
    assert hills.estimate == pytest.approx(expected["hills_armitage"]["effect"], rel=1e-4)
    assert hills.statistic == pytest.approx(expected["hills_armitage"]["t"], rel=1e-4)
    assert hills.p_value == pytest.approx(expected["hills_armitage"]["p"], rel=1e-4)
    kenward_roger = expected["kr"][1]
    mixed = beside(result, "treatment difference of the mixed")
    assert mixed.estimate == pytest.approx(kenward_roger["Estimate"], rel=1e-4)
    assert mixed.statistic == pytest.approx(kenward_roger["t value"], rel=1e-4)
    assert mixed.p_value == pytest.approx(kenward_roger["Pr(>|t|)"], rel=1e-4)
    assert beside(result, "period difference").p_value == pytest.approx(
        expected["kr"][2]["Pr(>|t|)"], rel=1e-4
    )
    assert beside(result, "carry-over").p_value == expected["carryover"]["p"]


@needs_asthma
def test_the_asthma_trial_of_jones_and_kenward():
    found = derive_periods(
        pd.read_csv(ASTHMA), marker="FEV1", value="fev1", participant="subject", unit="L"
    )
    result = compare_crossover(
        found.endpoints, marker="FEV1", participants=found.participants,
        sequences=found.sequences, periods=found.periods,
    )[0]  # fmt: skip
    assert beside(result, "treatment difference, adjusted").p_value == pytest.approx(
        0.0471550, rel=1e-5
    )
    assert beside(result, "carry-over").p_value == pytest.approx(0.125313, rel=1e-5)


LATIN = {"ABC": "ABC", "BCA": "BCA", "CAB": "CAB"}
LATIN_Y = [12, 15, 21, 14, 20, 13, 22, 11, 19, 9, 16, 18, 17, 25, 14, 19, 13, None]


def latin_square(only=None, **options):
    labels = [label for label in ("ABC", "BCA", "CAB") * 2 for _ in range(3)]
    table = pd.DataFrame({
        "participant_id": np.repeat([f"P{n}" for n in range(1, 7)], 3), "sequence": labels,
        "period": [1, 2, 3] * 6, "treatment": list("ABCBCACAB" * 2), "y": LATIN_Y,
    })  # fmt: skip
    if only:
        table = table[table["participant_id"].isin(only)]
    found = derive_periods(table, marker="MADRS", value="y", unit="points")
    words = {"participants": found.participants, "sequences": found.sequences}
    return compare_crossover(
        found.endpoints, marker="MADRS", periods=found.periods, **words | options
    )


def test_who_lacks_a_period_is_named_and_in_the_mixed_model_only():
    # R: lmer(y ~ treatment + period + sequence + (1|id), e), Kenward–Roger; e lacks the last row
    results = latin_square(reference="C")
    assert [one.groups for one in results] == [("A", "C"), ("B", "C")]
    assert all(one.adjustment == "Holm over 2 comparisons" for one in results)
    first = results[0]
    assert first.n == {"ABC": 2, "BCA": 2, "CAB": 1}
    assert first.excluded.to_dict("records") == [
        {"participant_id": "P6", "reason": "period_3: no number in y"}
    ]
    mixed = beside(first, "treatment difference of the mixed")
    assert mixed.n == {"ABC": 2, "BCA": 2, "CAB": 2}
    assert mixed.estimate == pytest.approx(-8.833333333, rel=1e-6)
    assert mixed.statistic == pytest.approx(-8.750052517, rel=1e-5)
    assert mixed.p_value == pytest.approx(5.053333997e-05, rel=1e-4)
    other = beside(results[1], "treatment difference of the mixed")
    assert other.estimate == pytest.approx(-4.461925448, rel=1e-6)
    assert other.p_value == pytest.approx(4.549273423e-03, rel=1e-4)
    assert any("P6 lacks a period" in one for one in first.warnings)
    assert any("Sequence CAB has 1 participant" in one for one in first.warnings)


def two_visits(adjust, **options):
    """Two visits of the periods, of which the second follows the first."""
    rows = []
    for who, (label, *numbers) in ROWS.items():
        for number in (1, 2):
            before, after = numbers[2 * number - 2 : 2 * number]
            for moment, value in (
                ("base", before),
                ("early", after),
                ("late", after + len(rows) // 3 % 4),
            ):
                rows.append((who, f"p{number}_{moment}", float(value), label))
    table = pd.DataFrame(rows, columns=["participant_id", "visit", "value", "sequence"])
    endpoints = table.drop(columns="sequence").assign(
        marker="MADRS", unit="points", scale="raw", censored="", limit=np.nan, reason="", note=""
    )
    periods = [{one: f"p{n}_{one}" for one in ("base", "early", "late")} for n in (1, 2)]
    words = {
        "participants": table[["participant_id", "sequence"]].drop_duplicates(),
        "sequences": SEQUENCES, "periods": periods, "baseline": "base", "adjust": adjust,
    }  # fmt: skip
    return compare_crossover(endpoints, marker="MADRS", **words | options)


def test_visits_of_the_periods_are_permuted_together():
    results = two_visits("max_t")
    assert [one.outcome for one in results] == ["change, base to early", "change, base to late"]
    assert results[0].adjustment == "step-down max T over 2 comparisons (exact, 70 arrangements)"
    assert all(one.p_value <= one.p_adjusted <= 2 * one.p_value for one in results)
    alone = two_visits("none", at="late")
    assert [one.outcome for one in alone] == ["change, base to late"]
    one_sided = two_visits("max_t", alternative="less")
    assert [one.p_adjusted for one in one_sided] == pytest.approx(
        [one.p_value for one in one_sided]
    )


REFUSED = {
    "same treatment": ({"sequences": {"KS": ["ketamine"] * 2, "SK": ["saline", "ketamine"]}},
                       "sequence 'KS' has 'ketamine' in both periods"),
    "one sequence": ({"sequences": {"KS": ["ketamine", "saline"]}}, "names 'KS' only; with one"),
    "twins": ({"sequences": {"KS": ["ketamine", "saline"], "SK": ["ketamine", "saline"]}},
              "'KS' and 'SK' have the same treatments in the same order"),
    "too few treatments": ({"sequences": SEQUENCES | {"SK": ["saline", "ketamine", "saline"]}},
                           "sequence 'SK' names 3 treatments for 2 periods"),
    "unknown sequence": ({"sequences": {"KS": SEQUENCES["KS"], "S_K": SEQUENCES["SK"]}},
                         "P5 has the sequence 'SK'; known: 'KS' or 'S_K'"),
    "unequal periods": ({"periods": [{"baseline": "a", "day_1": "b"}, {"day_1": "c"}]},
                        "period 2 lacks 'baseline'; every period needs the same visits"),
    "one period": ({"periods": [{"day_1": "b"}]}, "periods has 1 period; a crossover has at least"),
    "visit twice": ({"periods": [{"day_1": "b"}, {"day_1": "b"}]},
                    "the visit 'b' is in period 1 and in period 2"),
    "unknown visit": ({"periods": [{"outcome": "period_1"}, {"outcome": "period_9"}]},
                      "a visit of periods is 'period_9'"),
    "reference": ({"reference": "placebo"}, "reference is 'placebo'"),
    "at": ({"at": "day_7"}, "at is 'day_7'"),
    "no baseline": ({"baseline": "before", "baseline_as": "change"},
                    "have no visit in the role 'before'"),
    "no column": ({"sequence": "order"}, "participants has no column 'order'"),
    "no table": ({"sequences": ["KS"]}, "sequences is no table"),
    "no list": ({"periods": {"day_1": "b"}}, "periods is no list of tables"),
    "joint": ({"adjust": "max_t", "baseline_as": "covariate"}, "joint test is for two treatments"),
    "alternative": ({"alternative": "bigger"}, "alternative is 'bigger'"),
    "use": ({"baseline_as": "ratio"}, "baseline_as is 'ratio'"),
    "at as number": ({"at": 5}, "at is 5; allowed: 'outcome'"),
    "no periods": ({"periods": None}, "periods is no list of tables"),
    "no treatments": ({"sequences": {"KS": None, "SK": None}}, "sequences is no table"),
    "ids of two kinds": (
        {"participants": pd.DataFrame({"participant_id": ["1"], "sequence": "KS"})},
        "no participant of the participants table is in endpoints",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_one_sentence(case):
    words, sentence = REFUSED[case]
    with pytest.raises(KetbioError, match=sentence) as refused:
        compared(long_table(), **words)
    assert "\n" not in str(refused.value)


def test_a_participant_twice_in_participants_is_refused():
    people = long_table()[["participant_id", "sequence"]]
    with pytest.raises(TableError, match="participants has two rows of P1"):
        compared(long_table(), participants=people)


def test_a_covariate_beyond_two_periods_and_a_joint_test_of_three_treatments_are_refused():
    with pytest.raises(StatisticsError, match="3 treatments in 3 sequences"):
        latin_square(adjust="max_t")


def test_only_one_sequence_left_is_an_answer_that_says_so():
    table = long_table()
    table.loc[table["sequence"] == "SK", "madrs"] = np.nan
    result = compared(table)[0]
    assert np.isnan(result.p_value)
    assert "all participants have the sequence 'KS'" in result.warnings[0]
    assert len(result.excluded) == 4


def test_no_value_at_all_and_no_spread_are_answers_too():
    table = long_table()
    nothing = compared(table.assign(madrs=np.nan))[0]
    assert "no participant has a value in every period" in nothing.warnings[0]
    tied = compared(table.assign(madrs=5.0, before=20.0))[0]
    assert (tied.estimate, tied.p_value) == (0, 1)


def test_odd_names_and_one_participant_per_sequence():
    few = {who: ROWS[who] for who in ("P1", "P5")}
    table = long_table(few).assign(participant_id=lambda rows: rows["participant_id"] + "😀<b>%")
    result = compared(table, marker=SIXTY)[0]
    assert (result.n, result.p_value) == ({"KS": 1, "SK": 1}, 1.0)
    assert sum("its own spread is not known" in one for one in result.warnings) == 2
    assert result.sentence()


def test_who_has_no_sequence_is_left_out_by_name():
    found = derive_periods(long_table(), marker="MADRS", value="madrs", unit="points")
    people = found.participants.assign(
        sequence=lambda rows: rows["sequence"].where(rows["participant_id"] != "P3")
    )
    result = compare_crossover(
        found.endpoints, marker="MADRS", participants=people, sequences=found.sequences,
        periods=found.periods,
    )[0]  # fmt: skip
    assert result.excluded.to_dict("records") == [
        {"participant_id": "P3", "reason": "no sequence in participants"}
    ]


def test_who_is_not_in_participants_is_left_out_by_name():
    found = derive_periods(long_table(), marker="MADRS", value="madrs", unit="points")
    people = found.participants[found.participants["participant_id"] != "P3"]
    result = compared(long_table(), participants=people)[0]
    assert result.n == {"KS": 3, "SK": 4}
    assert result.excluded.to_dict("records") == [
        {"participant_id": "P3", "reason": "not in the participants table"}
    ]


def test_values_in_two_units_are_refused():
    found = derive_periods(long_table(), marker="BDNF", value="madrs", unit="ng/mL")
    mixed = found.endpoints.assign(unit=["pg/mL"] + ["ng/mL"] * 15)
    with pytest.raises(TableError, match="the units of BDNF differ: 'pg/mL' and 'ng/mL'"):
        compare_crossover(
            mixed, marker="BDNF", participants=found.participants, sequences=found.sequences,
            periods=found.periods,
        )  # fmt: skip


def test_a_sequence_for_each_participant_is_not_in_the_mixed_model():
    # R: lm(y ~ id + period + treatment), as balanced designs have it with random participants too
    result = latin_square(["P1", "P2", "P3"], reference="C")[0]
    mixed = beside(result, "treatment difference of the mixed")
    assert (mixed.estimate, mixed.p_value) == pytest.approx((-9, 0.01866830835), rel=1e-5)
    assert any("Each participant has a sequence of their own" in one for one in mixed.warnings)


def test_what_nobody_received_is_not_named_and_spoils_nothing():
    more = LATIN | {"ADB": "ADB"}
    results = latin_square(reference="C", sequences=more)
    assert [one.groups[0] for one in results] == ["A", "B", "D"]
    assert "nobody with every period is in a sequence with 'D'" in results[2].warnings[0]
    assert beside(results[0], "any difference").groups == ("A", "B", "C")
    assert np.isfinite(beside(results[0], "treatment difference of the mixed").estimate)


UNTOLD = {
    "baselines alike": (ROWS, "is the same within each sequence"),
    "too few": ({who: ROWS[who] for who in ("P1", "P2", "P5")}, "3 participants with every period"),
}


@pytest.mark.parametrize("case", UNTOLD)
def test_a_baseline_that_cannot_be_adjusted_for_is_an_answer_that_says_so(case):
    rows, sentence = UNTOLD[case]
    table = long_table(rows)
    if case == "baselines alike":
        table["before"] = 20.0
    result = compared(table, baseline_as="covariate")[0]
    assert np.isnan(result.estimate)
    assert sentence in result.warnings[0]


def test_values_below_a_limit_are_left_out_and_said():
    found = derive_periods(long_table(), marker="BDNF", value="madrs", unit="ng/mL")
    rows = found.endpoints.copy()
    here = (rows["participant_id"] == "P2") & (rows["visit"] == "period_1")
    rows.loc[here, ["value", "limit"]] = [np.nan, 10.0]
    rows.loc[here, ["censored", "reason"]] = ["left", "below the LLOQ of 10 ng/mL"]
    result = compare_crossover(
        rows, marker="BDNF", participants=found.participants, sequences=found.sequences,
        periods=found.periods,
    )[0]  # fmt: skip
    assert result.n == {"KS": 3, "SK": 4}
    assert any("below the LLOQ: those are low values" in one for one in result.warnings)
