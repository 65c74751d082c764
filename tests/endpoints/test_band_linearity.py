"""The dilution series of a gel: where it is linear, and the bands beyond it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ketbio.endpoints import derive_band_ratio
from ketbio.endpoints.band_linearity import linear_range


def blots(*samples, series=((5, 50), (10, 100), (20, 200), (40, 250)), forms=("phospho", "total")):
    """Lanes of samples (phospho, total), and a dilution series with one signal in each form."""
    lanes = [("sample", None, one) for one in samples]
    lanes += [("dilution", amount, (signal, signal)) for amount, signal in series]
    return pd.DataFrame(
        {
            "participant_id": "P01" if role == "sample" else None,
            "visit": "baseline", "gel_id": "G1", "lane": str(number), "role": role,
            "load_amount": amount, "condition": "basal", "target": "mTOR", "form": form,
            "site": "S2448" if form == "phospho" else None, "intensity": float(signal),
        }
        for number, (role, amount, signals) in enumerate(lanes, start=1)
        for form, signal in zip(("phospho", "total"), signals, strict=True)
        if role == "sample" or form in forms
    )  # fmt: skip


def derive(table, **options):
    plan = {"condition": "basal", "scale": "ratio", **options}
    return derive_band_ratio(table, marker="p_mTOR_S2448", **plan).iloc[0]


def test_the_linear_run_by_hand():
    # Signal per amount 10, 10, 10 and 6.25: the last departs.
    found = linear_range(np.array([5.0, 10, 20, 40]), np.array([50.0, 100, 200, 250]), 20.0)
    assert found.is_linear.tolist() == [True, True, True, False]
    assert found.factor == pytest.approx(10)
    assert found.departures[-1] == pytest.approx(-37.5)


def test_lanes_of_one_amount_count_once():
    twice = linear_range(np.array([5.0, 5, 10, 20]), np.array([40.0, 62.5, 100, 200]), 20.0)
    assert twice.amounts.tolist() == [5, 10, 20]
    assert twice.signals[0] == pytest.approx(50)


@given(power=st.floats(0.2, 3), factor=st.floats(0.1, 1e5))
def test_only_what_is_in_proportion_is_linear(power, factor):
    amounts = np.array([1.0, 2, 4, 8, 16])
    found = linear_range(amounts, factor * amounts**power, 20.0)
    # Of three amounts, each the double of the last, one end lies 2^|power − 1| above the line.
    worst = 2.0 ** abs(power - 1)
    assume(abs(worst - 1.2) > 1e-6)
    assert found.is_linear.any() == (worst < 1.2)


@given(amounts=st.lists(st.integers(1, 1000), min_size=3, max_size=8, unique=True))
def test_what_is_in_proportion_is_linear_throughout(amounts):
    found = linear_range(np.array(amounts, dtype=float), 7.5 * np.array(amounts), 20.0)
    assert found.is_linear.all()
    assert (found.lowest, found.highest) == (min(amounts), max(amounts))


def test_a_band_beyond_the_range_is_flagged_with_gel_and_lane():
    found = derive(blots((100, 100), (240, 100)))
    assert found["value"] == pytest.approx(2.4**0.5)
    assert found["note"].endswith("phospho band above the linear range (gel G1 lane 2)")


def test_the_plan_may_leave_it_out():
    found = derive(blots((100, 100), (240, 100)), outside_linear_range="exclude")
    assert found["value"] == pytest.approx(1.0)
    assert found["note"] == (
        "basal: 1 lane, left out: phospho band above the linear range (gel G1 lane 2)"
    )
    alone = derive(blots((100, 20)), outside_linear_range="exclude")
    assert alone["reason"] == (
        "basal: total band not above the lower end of the linear range (gel G1 lane 1)"
    )


def test_bands_within_are_not_flagged():
    assert derive(blots((50, 200)))["note"] == "basal: 1 lane"


def test_a_series_of_another_antibody_says_nothing():
    assert derive(blots((240, 100), forms=("total",)))["note"] == "basal: 1 lane"


def test_a_series_that_is_nowhere_linear_or_too_short_flags_every_lane():
    flat = derive(blots((100, 100), series=((5, 50), (10, 55), (20, 60)), forms=("total",)))
    assert flat["note"] == (
        "basal: 1 lane, total band of a gel with no linear range above or below which to lie "
        "(gel G1 lane 1)"
    )
    short = derive(blots((100, 100), series=((5, 50), (10, 100)), forms=("total",)))
    assert "total band not checked for linearity" in short["note"]


def test_the_loading_control_that_corrects_is_held_to_its_range_and_no_other_is():
    def control(target, sample_signal):
        table = blots((sample_signal, sample_signal), forms=("total",))
        own = table[table["form"] == "total"]
        return own.assign(target=target, form="loading")

    plain = blots((100, 100), forms=("total",))
    table = pd.concat([plain, control("GAPDH", 100.0), control("actin", 240.0)], ignore_index=True)
    within = derive(table, correct_by="loading", loading_control="GAPDH")
    assert within["note"] == "basal: 1 lane"
    beyond = derive(table, correct_by="loading", loading_control="actin")
    assert "loading band above the linear range" in beyond["note"]
