"""Gels, one result each, and dilution series: by hand, and against two published blots."""

import numpy as np
import pandas as pd
import pytest

from ketbio import permutation_test, tidy
from ketbio.analyses.laboratory.gels import DATA_COLUMNS, summarise_gels
from ketbio.analyses.laboratory.linear_range import summarise_linear_range
from ketbio.endpoints import derive_band_ratio
from ketbio.errors import TableError
from ketbio.tables import check_table


def band(form, intensity, lane, *, person="P01", role="sample", gel="G1", **more):
    return {
        "participant_id": person, "visit": "baseline" if person else None, "gel_id": gel,
        "lane": lane, "role": role, "replicate": more.pop("replicate", None),
        "condition": "basal" if person else None, "target": "mTOR", "form": form,
        "site": "S2448" if form == "phospho" else None, "intensity": float(intensity),
        "background": 0.0, **more,
    }  # fmt: skip


def lane(number, phospho, total, **more):
    return [band("phospho", phospho, number, **more), band("total", total, number, **more)]


GEL = pd.DataFrame(
    [
        *lane("1", 20, 10, replicate="1"),
        *lane("2", 80, 10, replicate="2"),
        *lane("3", -5, 10, person="P02"),
        *lane("4", 40, 10, person="P03"),
        *lane("5", 20, 10, person=None, role="reference"),
        *lane("1", 30, 10, person="P04", gel="G2"),
        band("total", 10, "2", person="P05", gel="G2"),
    ]
)


@pytest.fixture
def gels():
    return summarise_gels(GEL, marker="p_mTOR_S2448", per_reference=True)


def companions(result):
    return {one.estimate_name: one.estimate for one in result.companions}


def test_a_gel_by_hand(gels):
    first = gels[0]
    assert (first.analysis, first.marker, first.outcome) == (
        "summarise_gel", "p_mTOR_S2448", "gel G1",
    )  # fmt: skip
    # Ratios 2, 8, 4 over the reference's 2: 1, 4 and 2, geometric mean 2.
    assert first.estimate == pytest.approx(2.0)
    assert first.estimate_name == "geometric mean phospho ÷ total, ÷ reference"
    assert first.n == {"all": 2}  # participants, never lanes
    assert companions(first) == pytest.approx(
        {
            "lanes used": 3, "lanes left out": 1, "reference lanes": 1,
            "median replicate CV": 100 * np.std([1, 4], ddof=1) / 2.5,
        }
    )  # fmt: skip
    assert first.excluded.to_dict("records") == [
        {"participant_id": "P02", "reason": "no lane of gel G1 that can be used"}
    ]
    assert first.warnings == (
        "Left out: phospho band not above background (gel G1 lane 3).",
        "The lanes of P01 baseline basal on gel G1 have a CV of 85 %, above the limit of 20 %.",
    )


def test_every_band_of_the_lanes_is_a_row(gels):
    data = gels[0].data
    assert tuple(data.columns) == DATA_COLUMNS
    assert len(data) == 10
    shown = data.loc[data["form"] == "phospho", ["label", "signal", "normalised", "fault"]]
    assert shown.fillna(-1).to_numpy().tolist() == [
        ["P01 baseline basal (1)", 20, 1, ""],
        ["P01 baseline basal (2)", 80, 4, ""],
        ["P02 baseline basal", -5, -1, "phospho band not above background"],
        ["P03 baseline basal", 40, 2, ""],
        ["reference", 20, 1, ""],
    ]
    assert data.loc[data["form"] == "total", "normalised"].isna().all()


def test_a_gel_without_its_reference_says_so(gels):
    second = gels[1]
    assert np.isnan(second.estimate)
    assert second.n_total == 0
    assert "Gel G2 has no reference lane, so that its 2 lanes give no value." in second.warnings
    assert "Left out: phospho band absent (gel G2 lane 2)." in second.warnings
    absent = second.data[second.data["fault"] == "phospho band absent"].iloc[0]
    assert (absent["lane"], absent["form"]) == ("2", "phospho")
    assert np.isnan(absent["signal"])


def test_the_lanes_are_those_of_the_endpoints(gels):
    ratios = derive_band_ratio(
        GEL, marker="p_mTOR_S2448", condition="basal", scale="ratio", per_reference=True
    ).set_index("participant_id")["value"]
    data = pd.concat([one.data for one in gels])
    logs = np.log(data.set_index("participant_id")["normalised"].dropna())
    own = np.exp(logs.groupby(level=0).mean())
    assert own.to_dict() == pytest.approx(ratios.dropna().to_dict())


def test_results_stack_and_repeat_no_option_that_is_not_known(gels):
    assert tidy(gels)["role"].unique().tolist() == ["description"]
    with pytest.raises(TableError, match="option is 'per_referenc'"):
        summarise_gels(GEL, marker="p_mTOR_S2448", per_referenc=True)


def test_an_index_with_a_label_twice_changes_nothing(gels):
    twice = pd.concat([GEL.iloc[:6], GEL.iloc[6:].reset_index(drop=True)])
    again = summarise_gels(twice, marker="p_mTOR_S2448", per_reference=True)
    pd.testing.assert_frame_equal(again[0].data, gels[0].data)


# -- dilution series -----------------------------------------------------------------------------
def series(*lanes, samples=()):
    rows = [
        band("total", signal, str(number), person=None, role="dilution", load_amount=amount)
        for number, (amount, signal) in enumerate(lanes, start=1)
    ]
    rows += [
        band("total", signal, str(number), person=f"P0{number}", load_amount=np.nan)
        for number, signal in enumerate(samples, start=len(lanes) + 1)
    ]
    return pd.DataFrame(rows)


def test_a_linear_range_by_hand():
    table = series((5, 50), (10, 100), (20, 200), (40, 250), samples=(120, 240, 30))
    found = summarise_linear_range(table)[0]
    assert (found.marker, found.outcome) == ("mTOR total", "dilution series of gel G1")
    # slope of log2(signal) = 0, 1, 2, 2.3219 (from 50) on 0, 1, 2, 3: Σxy/Σxx of centred values
    x, y = np.arange(4) - 1.5, np.log2([50, 100, 200, 250])
    assert found.estimate == pytest.approx(float(x @ y) / 5)
    assert found.ci_low < found.estimate < found.ci_high
    assert companions(found) == pytest.approx(
        {
            "lowest linear amount": 5, "highest linear amount": 20, "largest departure": 37.5,
            "bands outside": 2,
        }
    )  # fmt: skip
    assert found.warnings == (
        "Gel G1, lane 6: total band above the linear range.",
        "Gel G1, lane 7: total band not above the lower end of the linear range.",
    )
    shown = found.data.set_index("lane")
    assert shown.loc["5", "amount"] == pytest.approx(12)
    # Beyond the linear range no amount is read off its line.
    assert shown.loc[["6", "7"], "amount"].isna().all()
    assert shown.loc["4", "departure_percent"] == pytest.approx(-37.5)
    assert shown["is_within"].to_dict() == dict(
        zip("1234567", [True, True, True, False, True, False, False], strict=True)
    )
    assert shown.loc["1", "label"] == "5 µg"


def test_too_short_a_series_and_none_at_all():
    short = summarise_linear_range(series((5, 50), (10, 100)))[0]
    assert np.isnan(short.estimate)
    assert short.warnings == (
        "Gel G1 has 2 amounts of its dilution series; 3 are wanted to say where the signal is "
        "linear.",
    )
    flat = summarise_linear_range(series((5, 50), (10, 51), (20, 52), samples=(50,)))[0]
    assert flat.warnings == ("Gel G1: over no 3 amounts does the signal follow the load.",)
    assert not flat.data["is_within"].any()
    with pytest.raises(TableError, match="The blots have no dilution series that can be used"):
        summarise_linear_range(GEL)


# -- published blots -----------------------------------------------------------------------------
@pytest.fixture
def rps6(study_data):
    """Phospho and total Rps6, each with the stain of its own membrane's lane."""
    folder = study_data("blots_rps6")
    raw = pd.read_csv(folder / "rps6_wb_two_species.tsv", sep="\t", dtype="str")
    raw = raw.assign(lane=raw["species"] + " " + raw["treatment"])
    check = check_table(
        raw,
        "blots",
        columns={
            "participant_id": "species", "gel_id": "date", "condition": "treatment",
            "form": "target", "site": "target", "intensity": "signal", "lane_stain": "whole_prot",
        },
        constants={"visit": "run", "target": "Rps6"},
        values={
            "form": {"P-Rps6": "phospho", "total Rps6": "total"}, "site": {"P-Rps6": "S232"},
        },
        missing_in={"site": ["total Rps6"]},
    )  # fmt: skip
    published = pd.read_csv(folder / "rps6_ratio_computed_here.csv", dtype={"date": "str"})
    return check, published


OPTIONS = {"marker": "p_Rps6", "target": "Rps6", "site": "S232", "correct_by": "stain"}


def test_every_ratio_of_rps6(rps6):
    check, published = rps6
    assert check.ok
    lanes = pd.concat([one.data for one in summarise_gels(check.accepted, **OPTIONS)])
    made = lanes[lanes["form"] == "phospho"].set_index(["gel_id", "participant_id", "condition"])
    ratios = published.set_index(["date", "species", "treatment"])["ratio"]
    usable = ratios[ratios > 0]
    assert len(usable) == 17
    assert made.loc[usable.index, "normalised"].to_numpy() == pytest.approx(
        usable.to_numpy(), rel=1e-9
    )
    below = made.loc[ratios[ratios <= 0].index].iloc[0]
    assert np.isnan(below["normalised"])


def test_the_negative_band_of_rps6_is_named(rps6):
    check, published = rps6
    warned = check.complaints[check.complaints["rule"] == "above_background"]
    assert warned[["row", "severity", "value"]].to_numpy().tolist() == [
        [28, "warning", "-0.020084918"]
    ]
    found = derive_band_ratio(check.accepted, condition="noPi", scale="ratio", **OPTIONS)
    row = found.set_index("participant_id").loc["Cg"]
    assert "left out: phospho band not above background (gel 20220113 lane Cg noPi)" in row["note"]
    own = published[(published["species"] == "Cg") & (published["treatment"] == "noPi")]["ratio"]
    assert row["value"] == pytest.approx(np.exp(np.log(own[own > 0]).mean()), rel=1e-9)


def test_the_ratios_and_the_exact_p_of_tsc1(study_data):
    raw = pd.read_csv(study_data("blots_tsc1") / "quadriceps_pGS.csv")
    long = raw.melt(id_vars=["Label", "Genotype"], value_vars=["pGS", "GS"])
    check = check_table(
        pd.DataFrame(
            {
                "participant_id": long["Label"],
                "visit": "muscle",
                "gel_id": "quadriceps",
                "lane": long["Label"],
                "target": "GS",
                "form": long["variable"].map({"pGS": "phospho", "GS": "total"}),
                "site": long["variable"].map({"pGS": "S641"}),
                "intensity": long["value"],
            }
        ),
        "blots",
    )
    assert check.ok
    found = derive_band_ratio(
        check.accepted, marker="p_GS", target="GS", site="S641", condition=None, scale="ratio"
    ).set_index("participant_id")["value"]
    printed = raw.set_index("Label")
    assert (found - printed["pGS.Ratio"]).abs().max() <= 0.004
    is_knockout = printed["Genotype"].str.contains("Tg/+", regex=False)
    test = permutation_test(
        found[is_knockout.index[is_knockout]], found[is_knockout.index[~is_knockout]],
        statistic="rank_sum",
    )  # fmt: skip
    assert test.is_exact
    assert test.p_value == pytest.approx(0.0011655, abs=5e-8)
