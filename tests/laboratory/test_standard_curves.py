"""ELISA plates read end to end: curve, range, censoring, dilutions, controls, spikes."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses.laboratory.standard_curves import StandardCurves, fit_standard_curves
from ketbio.endpoints import derive_concentration
from ketbio.errors import TableError
from ketbio.result import Result, tidy

STANDARDS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
LOWER, UPPER, EC50, SLOPE = 0.06, 2.5, 12.0, 1.2


def od(concentration: float) -> float:
    """Return the response of the curve that every plate here is drawn from."""
    if concentration == 0:
        return LOWER
    return LOWER + (UPPER - LOWER) / (1 + (EC50 / concentration) ** SLOPE)


@dataclass
class Plate:
    """A plate being pipetted, well by well."""

    plate_id: str = "PL1"
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(self, role: str, in_well: float, **more: object) -> "Plate":
        """Add a well that holds a concentration exactly."""
        place = len(self.rows)
        well = f"{'ABCDEFGH'[place // 12]}{place % 12 + 1}"
        base = {"plate_id": self.plate_id, "well": well, "role": role, "absorbance": od(in_well)}
        self.rows.append({**base, **more})
        return self

    def standards(self, levels: tuple[float, ...] = STANDARDS) -> "Plate":
        """Add standards in duplicate."""
        for level in levels:
            self.add("standard", level, concentration=level).add(
                "standard", level, concentration=level
            )
        return self

    def sample(self, in_well: float, who: str = "P01", n: int = 2, **more: object) -> "Plate":
        """Add the wells of a sample at baseline."""
        for _ in range(n):
            self.add("sample", in_well, **({"participant_id": who, "visit": "baseline"} | more))
        return self

    def table(self) -> pd.DataFrame:
        """Return the wells as a validated table has them."""
        table = pd.DataFrame(self.rows)
        for name in ("participant_id", "visit", "control_name", "specimen"):
            table[name] = table[name].fillna("") if name in table else ""
        for name, blank in (("concentration", np.nan), ("dilution_factor", 1.0), ("spike", 0.0)):
            table[name] = table[name].fillna(blank) if name in table else blank
        return table


def numbers(result: Result) -> dict[str, float]:
    """Return the numbers of a result by name."""
    return {one.estimate_name: one.estimate for one in (result, *result.companions)}


def one_level(found: StandardCurves) -> dict[str, object]:
    """Return the only level."""
    assert len(found.levels) == 1
    return found.levels.iloc[0].to_dict()


def test_a_plate_without_noise_gives_back_what_was_pipetted() -> None:
    plate = Plate().standards().sample(5.0, dilution_factor=20.0).table()
    found = fit_standard_curves(plate, marker="BDNF_serum")
    level = one_level(found)
    assert level["concentration_ng_ml"] == pytest.approx(100.0, rel=1e-6)
    assert level["reason"] == ""
    assert level["n_wells"] == 2
    curve = numbers(found.results[0])
    assert curve["EC50"] == pytest.approx(EC50, rel=1e-6)
    assert curve["slope"] == pytest.approx(SLOPE, rel=1e-6)
    assert curve["lower asymptote"] == pytest.approx(LOWER, rel=1e-6)
    assert curve["upper asymptote"] == pytest.approx(UPPER, rel=1e-6)
    assert (curve["LLOQ"], curve["ULOQ"]) == (1.0, 64.0)
    recovery = [one.estimate for one in found.results[0].companions if one.unit == "%"]
    assert recovery == pytest.approx([100.0] * 7)


def test_levels_of_plates_that_name_no_specimen_are_taken_as_the_markers() -> None:
    levels = fit_standard_curves(Plate().standards().sample(5.0).table()).levels
    made = derive_concentration(levels, marker="BDNF_serum", column="concentration_ng_ml")
    assert made["value"].to_numpy() == pytest.approx([5.0])
    named = levels.assign(specimen="plasma")
    with pytest.raises(TableError, match="specimen is 'serum'; allowed: 'plasma'"):
        derive_concentration(named, marker="BDNF_serum", column="concentration_ng_ml")


def test_every_number_of_a_plate_is_a_row_of_tidy() -> None:
    found = fit_standard_curves(Plate().standards().sample(5.0).table())
    rows = tidy(found.results)
    assert {"EC50", "slope", "LLOQ", "ULOQ", "recovery"} <= set(rows["estimate_name"])
    assert rows["row"].tolist() == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(
    ("in_well", "side", "limit"),
    [(0.4, "below_lloq", "lloq_ng_ml"), (90.0, "above_uloq", "uloq_ng_ml")],
)
def test_what_reads_beyond_the_standards_is_censored_and_never_a_number(
    in_well: float, side: str, limit: str
) -> None:
    plate = Plate().standards().sample(in_well, dilution_factor=10.0).table()
    found = fit_standard_curves(plate)
    level = one_level(found)
    assert np.isnan(level["concentration_ng_ml"])
    assert level[side]
    assert level[limit] == {"below_lloq": 10.0, "above_uloq": 640.0}[side]
    wells = found.results[0].data.query("role == 'sample'")
    assert wells["concentration"].isna().all()
    assert set(wells["side"]) == {{"below_lloq": "left", "above_uloq": "right"}[side]}
    endpoints = derive_concentration(
        found.levels, marker="X", specimen="", column="concentration_ng_ml"
    )
    assert endpoints["censored"].tolist() == [{"below_lloq": "left", "above_uloq": "right"}[side]]
    assert endpoints["limit"].tolist() == [level[limit]]


@pytest.mark.parametrize("signal", [0.0, -0.05, 2.6, 9.0])
def test_a_response_beyond_an_asymptote_is_censored(signal: float) -> None:
    plate = Plate().standards().sample(5.0).table()
    plate.loc[plate["role"] == "sample", "absorbance"] = signal
    level = one_level(fit_standard_curves(plate))
    assert level["below_lloq"] == (signal < 1)
    assert level["above_uloq"] == (signal > 1)


def test_of_several_dilutions_those_in_range_are_used_and_the_others_named() -> None:
    plate = (
        Plate()
        .standards()
        .sample(200.0, dilution_factor=1.0)
        .sample(20.0, dilution_factor=10.0)
        .sample(0.2, dilution_factor=1000.0)
    )
    level = one_level(fit_standard_curves(plate.table()))
    assert level["concentration_ng_ml"] == pytest.approx(200.0, rel=1e-6)
    assert "1:1 and 1:1000 out of range" in str(level["note"])


def test_a_sample_below_at_every_dilution_has_the_limit_that_says_most() -> None:
    plate = Plate().standards().sample(0.1).sample(0.05, dilution_factor=2.0)
    level = one_level(fit_standard_curves(plate.table()))
    assert level["below_lloq"]
    assert level["lloq_ng_ml"] == 1.0


def test_wells_that_disagree_are_flagged_by_name() -> None:
    plate = Plate().standards().sample(5.0).table()
    plate.loc[plate.index[-1], "absorbance"] = od(9.0)
    found = fit_standard_curves(plate)
    # CV of 5 and 9: SD 2.828 over mean 7
    assert one_level(found)["cv_percent"] == pytest.approx(40.406, rel=1e-4)
    assert "wells B5 and B6: CV 40 %, above 20 %" in str(one_level(found)["note"])
    assert any("B5 and B6" in warning for warning in found.results[0].warnings)
    assert np.isnan(one_level(found)["ci_low_ng_ml"])  # its noise is not that of the standards
    relaxed = fit_standard_curves(plate, cv_limit=50)
    assert one_level(relaxed)["note"] == ""


def test_a_single_well_beyond_the_range_shows_no_number_either() -> None:
    plate = Plate().standards().sample(5.0).table()
    plate.loc[plate.index[-1], "absorbance"] = od(0.4)
    found = fit_standard_curves(plate)
    wells = found.results[0].data.query("role == 'sample'")
    assert wells["concentration"].isna().tolist() == [False, True]
    assert wells["side"].tolist() == ["", "left"]
    assert wells["limit"].tolist()[1] == 1.0
    assert not one_level(found)["below_lloq"]  # the mean response is within the range


def test_where_a_well_reads_no_number_the_responses_say_how_far_wells_disagree() -> None:
    plate = Plate().standards().sample(5.0).table()
    plate.loc[plate.index[-1], "absorbance"] = LOWER / 2
    level = one_level(fit_standard_curves(plate))
    pair = np.array([od(5.0), LOWER / 2])
    assert level["cv_percent"] == pytest.approx(100 * pair.std(ddof=1) / pair.mean())


def test_blanks_below_the_curve_give_no_lod_and_say_so() -> None:
    plate = Plate().standards().sample(5.0)
    plate.add("blank", 0.0, absorbance=0.01).add("blank", 0.0, absorbance=0.01)
    found = fit_standard_curves(plate.table())
    assert "LOD" not in numbers(found.results[0])
    assert any(warning.startswith("There is no LOD") for warning in found.results[0].warnings)


def test_averaging_before_or_after_reading_is_the_plans_choice() -> None:
    plate = Plate().standards().sample(5.0).table()
    plate.loc[plate.index[-1], "absorbance"] = od(9.0)
    after = one_level(fit_standard_curves(plate, pool="concentrations"))
    assert after["concentration_ng_ml"] == pytest.approx(7.0, rel=1e-6)
    before = one_level(fit_standard_curves(plate))
    assert od(float(before["concentration_ng_ml"])) == pytest.approx((od(5) + od(9)) / 2, rel=1e-6)  # type: ignore[arg-type]


def test_masked_wells_are_not_used_and_all_masked_is_a_reason() -> None:
    plate = Plate().standards().sample(5.0).sample(6.0, who="P02").table()
    plate["is_masked"] = [*[False] * 17, True, True, True]
    plate.loc[17, "absorbance"] = 9.0
    found = fit_standard_curves(plate)
    first, second = found.levels.to_dict("records")
    assert first["concentration_ng_ml"] == pytest.approx(5.0, rel=1e-6)
    assert first["n_wells"] == 1
    assert second["reason"] == "all wells masked (wells B7 and B8)"
    endpoints = derive_concentration(
        found.levels, marker="X", specimen="", column="concentration_ng_ml"
    )
    assert endpoints["reason"].tolist() == ["", "all wells masked (wells B7 and B8)"]


def test_a_plate_without_a_curve_says_why_and_loses_no_sample() -> None:
    flat = Plate().standards().sample(5.0).table()
    flat["absorbance"] = 0.1
    good = Plate("PL2").standards().sample(5.0, who="P02").table()
    found = fit_standard_curves(pd.concat([flat, good], ignore_index=True))
    assert found.results[0].warnings[0].startswith("No curve: plate PL1: ")
    assert np.isnan(found.results[0].estimate)
    assert found.levels["reason"].tolist() == ["plate PL1 has no curve", ""]
    assert found.levels["concentration_ng_ml"].iloc[1] == pytest.approx(5.0, rel=1e-6)


def test_two_few_standards_name_the_plate() -> None:
    plate = Plate().standards((0.0, 1.0, 8.0)).sample(5.0).table()
    (warning,) = fit_standard_curves(plate).results[0].warnings
    assert warning.startswith("No curve: plate PL1: ")
    assert "3" in warning


def test_a_plate_without_a_usable_standard_says_so() -> None:
    plate = Plate().standards().sample(5.0).table()
    plate["is_masked"] = plate["role"] == "standard"
    (warning,) = fit_standard_curves(plate).results[0].warnings
    assert warning.startswith("No curve: plate PL1: it has no standard that could be used.")


def test_the_second_wavelength_is_taken_off() -> None:
    plate = Plate().standards().sample(5.0).table()
    plate["reference_absorbance"] = 0.04
    plate["absorbance"] += 0.04
    assert one_level(fit_standard_curves(plate))["concentration_ng_ml"] == pytest.approx(5.0)


def test_a_second_wavelength_of_some_wells_is_refused() -> None:
    plate = Plate().standards().sample(5.0).table()
    plate["reference_absorbance"] = [0.04] * 16 + [np.nan, 0.04]
    with pytest.raises(TableError, match="none for well B5; it is taken off every well"):
        fit_standard_curves(plate)


def test_blanks_change_no_concentration_of_an_unweighted_fit_when_taken_off() -> None:
    plate = Plate().standards().sample(5.0)
    plate.add("blank", 0.0).add("blank", 0.0)
    found = fit_standard_curves(plate.table())
    assert any("0.0600 OD) was taken off every well" in w for w in found.results[0].warnings)
    assert one_level(found)["concentration_ng_ml"] == pytest.approx(5.0, rel=1e-6)
    assert numbers(found.results[0])["lower asymptote"] == pytest.approx(0.0, abs=1e-9)


def test_blanks_are_the_zero_standard_where_there_is_none() -> None:
    plate = Plate().standards(STANDARDS[1:]).sample(5.0)
    plate.add("blank", 0.0).add("blank", 0.0)
    found = fit_standard_curves(plate.table())
    assert any(
        "2 blanks entered the curve as a standard of 0" in w for w in found.results[0].warnings
    )
    assert found.results[0].n == {"standard wells": 16}


def test_the_plan_can_state_the_limits() -> None:
    plate = Plate().standards().sample(1.5).table()
    level = one_level(fit_standard_curves(plate, lloq=2.0, uloq=50.0))
    assert level["below_lloq"]
    assert level["lloq_ng_ml"] == 2.0


def test_a_standard_that_does_not_read_back_is_not_accepted() -> None:
    plate = Plate().standards().sample(5.0).table()
    is_lowest = plate["concentration"] == 1.0
    plate.loc[is_lowest, "absorbance"] = od(2.0)
    found = fit_standard_curves(plate)
    assert numbers(found.results[0])["LLOQ"] == 2.0
    assert any("1 standard of 7 did not read back" in w for w in found.results[0].warnings)


def test_a_standard_or_a_control_whose_wells_disagree_is_named() -> None:
    plate = Plate().standards().add("control", 4.0, control_name="QC", concentration=4.0)
    table = plate.add("control", 8.0, control_name="QC", concentration=4.0).table()
    # 4 and 8: SD 2.828 over mean 6
    found = fit_standard_curves(table).results[0]
    assert any(
        "QC (wells B5 and B6: CV 47 %, above 20 %, so that no interval is given)" in one
        for one in found.warnings
    )
    is_level = table["concentration"] == 8.0
    table.loc[is_level & (table["role"] == "standard"), "absorbance"] = [od(6.0), od(10.0)]
    found = fit_standard_curves(table).results[0]
    assert any("disagree by more than 20 %: 8 ng/mL (CV 3" in one for one in found.warnings)


def test_controls_are_charted_and_plates_brought_together_by_them() -> None:
    plates = []
    for number, gain in enumerate((1.0, 1.0, 1.5), start=1):
        plate = Plate(f"PL{number}").standards().sample(5.0 * gain, who=f"P0{number}")
        plate.add("control", 4.0 * gain, control_name="QC", concentration=4.0)
        plates.append(plate.table().assign(run_date=pd.Timestamp(2026, 1, number)))
    wells = pd.concat(plates, ignore_index=True)
    found = fit_standard_curves(wells)
    chart = next(one for one in found.results if one.analysis == "chart_controls")
    assert chart.data["value"].tolist() == pytest.approx([4.0, 4.0, 6.0])
    assert chart.estimate == pytest.approx(14 / 3)
    assert chart.data["is_outside"].tolist() == [False, False, True]
    assert "on plate PL3 (+50.0 %)" in chart.warnings[0]
    # SD 1.1547 over mean 4.6667
    assert numbers(chart)["CV of plate levels"] == pytest.approx(24.744, rel=1e-4)
    corrected = fit_standard_curves(wells, plate_correction="controls")
    assert corrected.levels["concentration_ng_ml"].tolist() == pytest.approx([5.0] * 3)
    assert "plate PL3 scaled by 0.667 to its controls" in corrected.levels["note"].iloc[2]


def test_a_plate_without_controls_cannot_be_brought_to_the_others() -> None:
    one = Plate("PL1").standards().add("control", 4.0, control_name="QC", concentration=4.0)
    wells = pd.concat([one.table(), Plate("PL2").standards().table()], ignore_index=True)
    with pytest.raises(TableError, match="plate PL2 has no control"):
        fit_standard_curves(wells, plate_correction="controls")


def test_dilution_linearity_and_spike_recovery() -> None:
    plate = Plate().standards()
    for dilution in (1.0, 2.0, 4.0):
        plate.sample(24.0 / dilution, dilution_factor=dilution)
    plate.sample(30.0, who="P02").sample(30.0 + 8.0, who="P02", spike=10.0)
    plate.sample(5.0, who="P03", spike=10.0)
    found = fit_standard_curves(plate.table())
    linear = next(one for one in found.results if one.analysis == "summarise_dilutions")
    assert linear.estimate == pytest.approx(1.0, rel=1e-6)
    assert linear.data["recovery_percent"].tolist() == pytest.approx([100.0] * 3)
    spikes = next(one for one in found.results if one.analysis == "summarise_spikes")
    assert spikes.estimate == pytest.approx(80.0, rel=1e-5)
    assert any("P03" in warning and "not on the plate" in warning for warning in spikes.warnings)


def test_a_sample_that_reads_more_when_diluted_is_named() -> None:
    plate = Plate().standards().sample(20.0).sample(15.0, dilution_factor=2.0)
    found = fit_standard_curves(plate.table())
    linear = next(one for one in found.results if one.analysis == "summarise_dilutions")
    # 30 against 20: 150 %; slope log(15/20)/log(1/2)
    assert "P01 baseline 1:2 (150 %)" in linear.warnings[0]
    assert linear.estimate == pytest.approx(np.log(0.75) / np.log(0.5), rel=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"curve": "3pl"}, "curve is '3pl'; allowed"),
        ({"cv_limit": -1}, "cv_limit is -1"),
        ({"lloq": 5.0, "uloq": 2.0}, "lower limit has to be below"),
        ({"colour": "red"}, "'colour' is not a setting of plates"),
        ({"specimen": "plasma"}, "specimen is 'plasma'; allowed"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(TableError, match=message):
        fit_standard_curves(Plate().standards().sample(5.0).table(), **change)  # type: ignore[arg-type]


def test_two_analytes_on_a_plate_are_refused_until_one_is_named() -> None:
    one = Plate().standards().sample(5.0).table().assign(analyte="BDNF")
    other = Plate("PL2").standards().sample(5.0).table().assign(analyte="VEGF")
    wells = pd.concat([one, other], ignore_index=True)
    with pytest.raises(TableError, match="2 analytes: 'BDNF' and 'VEGF'"):
        fit_standard_curves(wells)
    assert fit_standard_curves(wells, analyte="VEGF").levels["plate_id"].tolist() == ["PL2"]


def test_a_well_that_stands_twice_is_refused() -> None:
    plate = Plate().standards().sample(5.0).table()
    plate.loc[1, "well"] = "A1"
    with pytest.raises(TableError, match="Plate PL1 has well A1 twice"):
        fit_standard_curves(plate)


def test_a_stated_limit_never_reaches_beyond_the_standards() -> None:
    plate = Plate().standards().sample(100.0).sample(0.3, "P02").sample(5.0, "P03").table()
    found = fit_standard_curves(plate, lloq=0.01, uloq=500.0)
    levels = found.levels.set_index("participant_id")
    assert levels["concentration_ng_ml"].isna().tolist() == [True, True, False]
    assert levels.loc["P01", "above_uloq"]
    assert levels.loc["P01", "uloq_ng_ml"] == 64.0
    assert levels.loc["P02", "below_lloq"]
    assert levels.loc["P02", "lloq_ng_ml"] == 1.0
    told = " ".join(found.results[0].warnings)
    assert "The ULOQ of the plan (500 ng/mL) is above the highest standard" in told
    assert "The LLOQ of the plan (0.01 ng/mL) is below the lowest standard" in told


def test_stated_limits_that_leave_no_range_are_said() -> None:
    plate = Plate().standards().sample(5.0).sample(40.0, "P02").table()
    found = fit_standard_curves(plate, lloq=100.0)
    assert found.levels["reason"].tolist() == ["the plate has no working range"] * 2
    assert not found.levels["below_lloq"].any()
    assert any("is not below the ULOQ" in said for said in found.results[0].warnings)


def test_a_stated_lloq_below_the_lod_is_said() -> None:
    plate = Plate().standards().sample(5.0)
    for level in (0.0, 0.6, 1.2, 1.8):
        plate.add("blank", level)
    found = fit_standard_curves(plate.table(), lloq=1.0, blank="ignore")
    assert numbers(found.results[0])["LOD"] > 1.0
    assert any("below the LOD" in said for said in found.results[0].warnings)


def test_a_level_in_the_gap_between_two_dilutions_is_no_contradiction() -> None:
    plate = Plate().standards().sample(80.0).sample(0.8, dilution_factor=100.0)
    level = one_level(fit_standard_curves(plate.table()))
    assert "between 64.0 and 100 ng/mL, in the gap" in str(level["reason"])
    plate = Plate().standards().sample(80.0).sample(0.2, dilution_factor=10.0)
    level = one_level(fit_standard_curves(plate.table()))
    assert "contradict one another" in str(level["reason"])


def test_a_masked_dilution_is_not_said_to_be_out_of_range() -> None:
    plate = Plate().standards().sample(5.0, n=1).sample(0.5, n=1, dilution_factor=10.0).table()
    plate["is_masked"] = plate["dilution_factor"] == 10.0
    level = one_level(fit_standard_curves(plate))
    assert level["note"] == "dilution 1:10 all wells masked (well B6) and left out"


def test_a_well_out_of_range_is_not_averaged() -> None:
    plate = Plate().standards().sample(10.0, n=1).sample(90.0, n=1).table()
    level = one_level(fit_standard_curves(plate, pool="concentrations"))
    by_response = one_level(fit_standard_curves(plate))
    assert level["concentration_ng_ml"] == by_response["concentration_ng_ml"]
    assert "a well is out of range by itself" in str(level["note"])


def test_limits_of_a_corrected_plate_are_on_the_scale_of_its_levels() -> None:
    first = Plate("PL1").standards().sample(5.0)
    second = Plate("PL2").standards().sample(6.0)
    for plate, found in ((first, 10.0), (second, 20.0)):
        plate.add("control", found, concentration=10.0, control_name="QC")
    both = pd.concat([first.table(), second.table()], ignore_index=True)
    read = fit_standard_curves(both, plate_correction="controls")
    levels = read.levels.set_index("plate_id")
    assert levels.loc["PL2", "concentration_ng_ml"] == pytest.approx(3.0, rel=1e-6)
    assert levels.loc["PL2", "lloq_ng_ml"] == pytest.approx(0.5, rel=1e-6)
    assert levels.loc["PL2", "uloq_ng_ml"] == pytest.approx(32.0, rel=1e-6)
    factors = read.wells.groupby("plate_id")["plate_factor"].first()
    assert factors.tolist() == pytest.approx([1.0, 0.5], rel=1e-6)


def test_a_control_at_two_dilutions_is_no_second_plate() -> None:
    plate = Plate().standards().sample(5.0)
    for dilution in (1.0, 2.0):
        plate.add("control", 20.0 / dilution, control_name="QC", dilution_factor=dilution)
    charts = [
        one
        for one in fit_standard_curves(plate.table()).results
        if one.analysis == "chart_controls"
    ]
    assert [one.outcome for one in charts] == [
        "control QC 1:1 over 1 plate",
        "control QC 1:2 over 1 plate",
    ]
    assert [one.n for one in charts] == [{"plates": 1}] * 2
