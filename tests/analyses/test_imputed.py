"""compare_imputed: what it says, who is in, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_imputed
from ketbio.endpoints.frames import endpoint_table
from ketbio.errors import StatisticsError, TableError
from ketbio.result import Results
from ketbio.statistics import ancova

VISITS = ("baseline", "day_1", "day_7", "day_14")
ALL = ("mar", "jump_to_reference", "copy_increments", "copy_reference")
LOST = {
    ("P01", 3),
    ("P05", 2),
    ("P05", 3),
    ("P09", 2),
    ("P02", 3),
    ("P13", 1),
    ("P13", 2),
    ("P13", 3),
}
"""Of the arm ketamine P01, P05 and P13 drop out, P13 at once; P09 has a gap; of saline P02."""


def trial(n=20, lost=LOST, marker="MADRS", censored=()):
    rng = np.random.default_rng(7)
    rows = []
    for i in range(n):
        who, own = f"P{i + 1:02d}", rng.normal(0, 3)
        for step, visit in enumerate(VISITS):
            value = 32 + own - (1.5 + 2.5 * (i % 2 == 0)) * step + rng.normal(0, 2)
            if (who, step) in lost:
                continue
            is_low = (who, step) in censored
            rows.append(
                {
                    "participant_id": who, "visit": visit, "marker": marker, "unit": "points",
                    "scale": "raw", "value": np.nan if is_low else value,
                    "censored": "left" if is_low else "", "limit": 5.0 if is_low else np.nan,
                    "reason": "below the LLOQ" if is_low else "",
                }
            )  # fmt: skip
    people = pd.DataFrame(
        {
            "participant_id": [f"P{i + 1:02d}" for i in range(n)],
            "arm": ["saline" if i % 2 else "ketamine" for i in range(n)],
            "age_years": rng.integers(20, 60, n),
        }
    )
    return endpoint_table(rows), people


ASK = {"marker": "MADRS", "baseline": "baseline", "n_imputations": 40, "seed": 3}


@pytest.fixture
def quick(monkeypatch):
    """Leave nobody out in turn, as with more participants than that is done for."""
    monkeypatch.setattr("ketbio.analyses.imputation.companions.MOST_LEFT_OUT", 5)


@pytest.fixture(scope="module")
def found():
    rows, people = trial()
    return compare_imputed(
        rows, participants=people, assumption=(*ALL, "delta"), delta={"day_14": 4}, **ASK
    )


def test_one_result_per_assumption_with_its_name_in_the_outcome(found):
    assert isinstance(found, Results)
    assert [one.outcome.partition(", imputed: ")[2] for one in found] == [
        "missing at random",
        "jump to reference",
        "copy increments in reference",
        "copy reference",
        "shifted after drop-out, ketamine +4 points at day_14",
    ]
    assert {one.groups for one in found} == {("ketamine", "saline")}
    assert {tuple(one.n.items()) for one in found} == {(("ketamine", 10), ("saline", 10))}


def test_assumptions_that_borrow_from_the_reference_are_nearer_to_it(found):
    at_random, jump, increments, copy, shifted = (one.estimate for one in found)
    assert at_random < increments < jump < 0
    assert at_random < copy < 0
    assert at_random < shifted


def test_what_was_imputed_is_said_by_arm_and_name(found):
    said = found[0].warnings[0]
    assert said.startswith(
        "Imputed at day_14: ketamine 3 of 10 (P01, P05 and P13); saline 1 of 10 (P02)."
    )
    assert any(
        "Monte Carlo" in one and "40 imputations, seed 3" in one for one in found[0].warnings
    )
    assert any("wider and the p value larger" in one for one in found[1].warnings)
    assert not any("wider and the p value larger" in one for one in found[0].warnings)


def test_rows_tell_what_was_imputed_and_the_measured_are_as_they_came(found):
    data = found[1].data.set_index(["participant_id", "visit"])
    assert len(data) == 20 * 3
    assert data.loc[("P09", "day_7"), "imputed"] == "gap"
    assert data.loc[("P05", "day_7"), "imputed"] == "after drop-out"
    measured = data[data["imputed"] == ""]
    assert measured["imputed_change"].isna().all()
    assert np.allclose(measured["value"] - measured["baseline_value"], measured["change"])
    gaps = [one.data.query("imputed == 'gap'")["imputed_change"].iloc[0] for one in found]
    assert np.ptp(gaps) < 1e-9  # at random under every assumption, from the same draws


def test_companions_hold_the_same_without_draws_those_measured_and_the_tip(found):
    names = [one.estimate_name for one in found[0].companions]
    assert names[:4] == [
        "adjusted mean difference, of those measured",
        "adjusted mean difference, conditional means",
        "adjusted mean",
        "adjusted mean",
    ]
    measured, plain, ketamine, saline = found[0].companions[:4]
    assert measured.n == {"ketamine": 7, "saline": 9}
    assert ketamine.estimate - saline.estimate == pytest.approx(found[0].estimate)
    spread = 4 * (found[0].ci_high - found[0].ci_low) / 40**0.5
    assert plain.estimate == pytest.approx(found[0].estimate, abs=spread)
    tip = next(one for one in found[0].companions if one.estimate_name.startswith("tipping"))
    rows, people = trial()
    [at_tip] = compare_imputed(
        rows, participants=people, assumption="delta", delta={"ketamine": tip.estimate}, **ASK
    )
    assert at_tip.p_value == pytest.approx(0.05, abs=1e-6)
    [halfway] = compare_imputed(
        rows, participants=people, assumption="delta", delta={"ketamine": tip.estimate / 2}, **ASK
    )
    rest = next(one for one in halfway.companions if one.estimate_name.startswith("tipping"))
    assert rest.estimate_name.startswith("tipping point (further shift")
    assert rest.estimate == pytest.approx(tip.estimate / 2)


def test_the_same_seed_gives_the_same_and_one_assumption_does_not_hang_on_another(found):
    rows, people = trial()
    [alone] = compare_imputed(rows, participants=people, assumption="jump_to_reference", **ASK)
    assert alone.estimate == found[1].estimate
    assert alone.p_value == found[1].p_value


def test_nothing_missing_is_the_complete_ancova_and_says_so():
    rows, people = trial(lost=())
    for one in compare_imputed(rows, participants=people, assumption=ALL, **ASK):
        wide = rows.pivot_table(index="participant_id", columns="visit", values="value")
        is_x = (people.set_index("participant_id").loc[wide.index, "arm"] == "ketamine").to_numpy()
        expected = ancova(wide["day_14"], wide["baseline"], is_x).difference
        assert one.estimate == pytest.approx(expected.estimate)
        assert one.p_value == pytest.approx(expected.p_value)
        assert (one.ci_low, one.ci_high) == pytest.approx((expected.ci_low, expected.ci_high))
        assert one.p_method == "ANCOVA, nothing imputed at the visit"
        assert one.seed is None
        assert one.warnings[0] == "No value at day_14 is missing: nothing was imputed there."


@pytest.mark.usefixtures("quick")
def test_three_arms_and_two_markers_make_one_family_per_assumption():
    rows, people = trial(24, lost={("P01", 3)})
    people["arm"] = ["saline", "ketamine", "esketamine"] * 8
    both = pd.concat([rows, rows.assign(marker="HAMD17")])
    found = compare_imputed(
        both, participants=people, assumption=("mar", "jump_to_reference"),
        covariates="age_years", **(ASK | {"marker": ["MADRS", "HAMD17"]}),
    )  # fmt: skip
    assert len(found) == 2 * 2 * 2
    assert [one.groups[0] for one in found[:4]] == ["esketamine"] * 2 + ["ketamine"] * 2
    assert all("over 4 comparisons" in one.adjustment for one in found)
    assert all(one.p_adjusted >= one.p_value for one in found)


@pytest.mark.usefixtures("quick")
def test_who_lacks_arm_baseline_or_covariate_is_left_out_with_the_reason():
    rows, people = trial(lost={("P03", 0), *LOST})
    people.loc[people["participant_id"] == "P04", "arm"] = None
    people.loc[people["participant_id"] == "P06", "age_years"] = np.nan
    people = people[people["participant_id"] != "P08"]
    [one] = compare_imputed(
        rows, participants=people, assumption="mar", covariates=["age_years"], **ASK
    )
    assert dict(one.excluded.itertuples(index=False)) == {
        "P03": "no value at baseline",
        "P04": "no arm",
        "P06": "no age years",
        "P08": "not in the participants table",
    }
    assert one.n == {"ketamine": 9, "saline": 7}
    assert any(line.startswith("An arm has 7 participants") for line in one.warnings)
    assert any("each of 16 participants would be left out" in line for line in one.warnings)


@pytest.mark.usefixtures("quick")
def test_a_value_beyond_a_limit_is_told_as_imputed():
    rows, people = trial(censored={("P07", 3)})
    [one] = compare_imputed(rows, participants=people, assumption="mar", **ASK)
    assert any("1 value beyond a limit is imputed as if missing" in line for line in one.warnings)


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"reference": "placebo"}, TableError, "reference is 'placebo'"),
        ({"arm": "group"}, TableError, "no column 'group' of arms"),
        ({"assumption": "j2r"}, StatisticsError, "assumption is 'j2r'"),
        ({"assumption": []}, StatisticsError, "assumption is an empty list"),
        ({"assumption": "delta"}, StatisticsError, 'names "delta", but delta is not given'),
        ({"delta": 3}, StatisticsError, 'does not name "delta"'),
        (
            {"assumption": "delta", "delta": {"day_99": 3}},
            TableError,
            "delta names 'day_99', which is no visit after baseline and no arm",
        ),
        (
            {"assumption": "delta", "delta": "much"},
            TableError,
            "delta is 'much'; allowed: a number",
        ),
        ({"assumption": "delta", "delta": np.nan}, TableError, "delta is nan"),
        ({"endpoint": "baseline"}, TableError, "endpoint is 'baseline'"),
        ({"n_imputations": 1}, StatisticsError, "n_imputations is 1; allowed"),
        ({"adjust": "max_t"}, StatisticsError, "adjust is 'max_t'"),
        ({"marker": "HAMD"}, TableError, "marker is 'HAMD'"),
    ],
)
def test_bad_input_gets_a_sentence(asked, error, said):
    rows, people = trial()
    with pytest.raises(error, match=said):
        compare_imputed(rows, participants=people, **(ASK | asked))


def test_too_few_participants_an_empty_arm_and_one_arm_are_refused():
    rows, people = trial(8)
    with pytest.raises(
        StatisticsError, match=r"MADRS: 5 participants measured at day_14; .*at least 7"
    ):
        compare_imputed(rows, participants=people, **ASK)
    rows, people = trial(lost={(f"P{i:02d}", 3) for i in range(2, 21, 2)})
    with pytest.raises(TableError, match="nobody of the arm 'saline' at day_14"):
        compare_imputed(rows, participants=people, **ASK)
    with pytest.raises(TableError, match="everybody is in the arm 'saline'; two arms"):
        compare_imputed(rows, participants=people.assign(arm="saline"), **ASK)


def test_values_all_alike_and_none_at_all_are_refused():
    rows, people = trial()
    with pytest.raises(
        StatisticsError, match=r"covariance of the visits is singular|cannot be told"
    ):
        compare_imputed(rows.assign(value=20.0), participants=people, **ASK)
    with pytest.raises(TableError, match="no value at the baseline"):
        compare_imputed(rows.assign(value=np.nan), participants=people, **ASK)


@pytest.mark.usefixtures("quick")
def test_names_of_any_kind_are_told():
    name = "<script>$x_1$ 血清脑源性神经营养因子 🧠 " + "a" * 40
    rows, people = trial(marker=name)
    [one] = compare_imputed(rows, participants=people, assumption="mar", **(ASK | {"marker": name}))
    for style in ("full", "apa", "ama", "plain"):
        assert one.sentence(style)
