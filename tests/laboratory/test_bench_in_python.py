"""What somebody at the bench meets in Python: units kept, mistakes answered in a sentence."""

import math

import pandas as pd
import pytest

import ketbio as kb
from ketbio.errors import FigureError, StatisticsError, TableError

SAMPLES = pd.DataFrame({"participant_id": ["P01", "P02", "P03", "P04"], "visit": "baseline"})
KIT_A = SAMPLES.assign(value=[20.1, 24.3, 17.7, 30.2], unit="ng/mL")


def plate() -> pd.DataFrame:
    """Return a plate whose curve is 0.05 + 2.9 c / (c + 0.7), one sample on it."""
    nominal = [2.0, 1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.0]
    wells = [f"{letter}{column}" for column in (1, 2) for letter in "ABCDEFGH"] + ["A3", "A4"]
    concentrations = [*nominal, *nominal, 0.4, 0.4]
    return pd.DataFrame(
        {
            "plate_id": "PL1",
            "well": wells,
            "role": ["standard"] * 16 + ["sample"] * 2,
            "participant_id": [None] * 16 + ["P01"] * 2,
            "visit": [None] * 16 + ["baseline"] * 2,
            "concentration": [*nominal, *nominal, None, None],
            "dilution_factor": 1.0,
            "absorbance": [
                0.05 + 0.002 * (place % 3) + 2.9 * c / (c + 0.7)
                for place, c in enumerate(concentrations)
            ],
            "specimen": "serum",
        }
    )


def test_methods_take_the_unit_of_their_tables():
    found = kb.compare_methods(KIT_A, KIT_A.assign(value=[19, 26, 18, 27.0]), marker="BDNF_serum")
    assert found.unit == "ng/mL"
    assert "ng/mL" in found.sentence()
    assert {one.unit for one in found.companions[:2]} == {"ng/mL"}


def test_methods_in_two_units_are_refused():
    other = KIT_A.assign(unit="pg/mL")
    with pytest.raises(TableError, match="units differ: kit A ng/mL, kit B pg/mL"):
        kb.compare_methods(KIT_A, other, marker="BDNF_serum", names=("kit A", "kit B"))


@pytest.mark.parametrize("scale", ["difference", "ratio"])
def test_a_constant_difference_has_no_slope_of_rounding_errors(scale):
    is_ratio = scale == "ratio"
    other = KIT_A["value"] * 1.1 if is_ratio else KIT_A["value"] + 0.1
    found = kb.compare_methods(KIT_A, KIT_A.assign(value=other), marker="BDNF_serum", scale=scale)
    assert found.estimate == pytest.approx(1 / 1.1 if is_ratio else -0.1)
    assert found.ci_low == found.ci_high
    assert math.isnan(found.companions[-1].p_value)
    assert not any("depends on the level" in said for said in found.warnings)


def test_levels_of_plates_are_not_mistaken_for_another_column():
    read = kb.fit_standard_curves(plate(), marker="BDNF_serum")
    with pytest.raises(TableError, match="are in column='concentration_ng_ml'"):
        kb.derive_concentration(read.levels, marker="BDNF_serum")


def test_read_plates_say_what_they_hold_and_how_to_draw_them():
    read = kb.fit_standard_curves(plate(), marker="BDNF_serum")
    said = repr(read)
    assert said.startswith("<StandardCurves: 1 level, 18 wells; read .results, .levels and .wells>")
    assert "concentration_ng_ml" not in said
    with pytest.raises(FigureError, match=r"Draw one of its \.results"):
        kb.draw(read)


def test_expected_is_for_study_files():
    rows = {"marker": "VGF", "baseline": "a", "endpoint": "b", "alternative": "expected"}
    with pytest.raises(StatisticsError, match="which a study file takes"):
        kb.compare_visits(KIT_A, **rows)


def test_the_workbook_of_a_plate_is_to_be_had_in_python(tmp_path):
    assert kb.write_plate_layout(tmp_path / "plate.xlsx").exists()


def test_a_dilution_series_counts_amounts():
    amounts = [5.0, 10.0, 20.0, 40.0]
    blots = pd.DataFrame(
        {
            "participant_id": [None] * 4 + ["P01"],
            "visit": [None] * 4 + ["baseline"],
            "condition": None,
            "gel_id": "G1",
            "lane": list("12345"),
            "role": ["dilution"] * 4 + ["sample"],
            "load_amount": [*amounts, None],
            "target": "mTOR",
            "form": "total",
            "site": None,
            "intensity": [50.0, 101.0, 199.0, 402.0, 120.0],
        }
    )
    (found,) = kb.summarise_linear_range(blots)
    assert found.n == {"amounts": 4}
    assert "amounts n = 4" in found.sentence()
