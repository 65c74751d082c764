"""What a band is divided by: loading control, stain, membrane, reference; gels and lanes nested."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.endpoints import derive_band_ratio
from ketbio.errors import TableError

FORMS = {"p": "phospho", "t": "total", "l": "loading", "s": "stain"}


def band(kind, intensity, *, gel="G1", lane="1", person="P01", **more):
    """One band, p, t, l (actin) or s (Ponceau), without background."""
    target = {"l": "actin", "s": "Ponceau"}.get(kind, "mTOR")
    return {
        "participant_id": person, "visit": "baseline", "gel_id": gel, "lane": lane,
        "condition": "basal", "target": target, "form": FORMS[kind],
        "site": "S2448" if kind == "p" else None, "intensity": float(intensity), **more,
    }  # fmt: skip


def lane(number, phospho, total, **more):
    return [band("p", phospho, lane=number, **more), band("t", total, lane=number, **more)]


def derive(*bands, **options):
    given_options = {"condition": "basal", "scale": "ratio", **options}
    return derive_band_ratio(pd.DataFrame(list(bands)), marker="p_mTOR_S2448", **given_options)


def row(*bands, **options):
    return derive(*bands, **options).iloc[0]


WHOLE = (band("p", 60), band("t", 30), band("l", 10), band("s", 4))


@pytest.mark.parametrize(
    ("form", "ratio"),
    [
        ("phospho/total", 2.0),
        ("phospho/loading", 6.0),
        ("phospho/stain", 15.0),
        ("total/loading", 3.0),
        ("total/stain", 7.5),
    ],
)
def test_every_form_by_hand(form, ratio):
    assert row(*WHOLE, form=form)["value"] == pytest.approx(ratio)


def test_each_band_by_the_stain_of_its_own_membrane_then_phospho_over_total():
    # phospho 60/6 = 10 on membrane A, total 30/10 = 3 on B: 10/3
    bands = (
        band("p", 60, membrane="A"), band("s", 6, membrane="A"),
        band("t", 30, membrane="B"), band("s", 10, membrane="B"),
    )  # fmt: skip
    assert row(*bands, correct_by="stain")["value"] == pytest.approx(10 / 3)
    assert row(*bands)["value"] == pytest.approx(2.0)


def test_the_stain_may_stand_beside_the_band():
    bands = (band("p", 60, lane_stain=6.0), band("t", 30, lane_stain=10.0))
    assert row(*bands, correct_by="stain")["value"] == pytest.approx(10 / 3)
    assert row(*bands, form="phospho/stain")["value"] == pytest.approx(10)


def test_each_band_by_the_loading_control_of_its_own_membrane():
    bands = (
        band("p", 60, membrane="A"), band("l", 20, membrane="A"),
        band("t", 30, membrane="B"), band("l", 5, membrane="B"),
    )  # fmt: skip
    assert row(*bands, correct_by="loading")["value"] == pytest.approx((60 / 20) / (30 / 5))
    assert row(*bands, form="phospho/loading")["value"] == pytest.approx(3)
    assert row(*bands, form="total/loading")["value"] == pytest.approx(6)


def test_on_one_membrane_a_correction_cancels():
    for correct_by in ("loading", "stain"):
        assert row(*WHOLE, correct_by=correct_by)["value"] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("bands", "options", "reason"),
    [
        (
            (band("p", 60, lane_stain=6.0), band("t", 30)),
            {"correct_by": "stain"},
            "basal: total band without its stain: lane_stain absent (gel G1 lane 1)",
        ),
        (
            (band("p", 60, lane_stain=0.0), band("t", 30, lane_stain=3.0)),
            {"correct_by": "stain"},
            "basal: phospho band without its stain: lane_stain not above 0 (gel G1 lane 1)",
        ),
        (
            (band("p", 60), band("t", 30)),
            {"correct_by": "loading"},
            "basal: phospho band without its loading: loading band absent (gel G1 lane 1)",
        ),
        (
            (band("p", 60), band("l", 0)),
            {"form": "phospho/loading"},
            "basal: loading band not above background (gel G1 lane 1)",
        ),
        (
            (band("p", 60), band("t", -3)),
            {},
            "basal: total band not above background (gel G1 lane 1)",
        ),
        (
            (*lane("1", 60, 30, person="P02"), band("t", 30, lane="2")),
            {},
            "basal: phospho band absent (gel G1 lane 2)",
        ),
    ],
)
def test_what_cannot_be_divided_is_a_reason_with_gel_and_lane(bands, options, reason):
    found = derive(*bands, **options).set_index("participant_id").loc["P01"]
    assert pd.isna(found["value"])
    assert found["reason"] == reason


def test_an_infinite_signal_is_no_number():
    found = row(band("p", math.inf), band("t", 30))
    assert found["reason"] == "basal: phospho band missing (gel G1 lane 1)"


# -- the reference -------------------------------------------------------------------------------
def reference(gel, number, phospho, total):
    return lane(number, phospho, total, gel=gel, person=None, role="reference", visit=None)


def test_each_lane_is_divided_by_the_geometric_mean_of_its_gels_references():
    # ratio 6; references 1 and 4, geometric mean 2
    bands = (*lane("1", 60, 10), *reference("G1", "8", 10, 10), *reference("G1", "9", 40, 10))
    found = derive(*bands, per_reference=True)
    assert found["participant_id"].tolist() == ["P01"]
    assert found["value"].iloc[0] == pytest.approx(3.0)
    assert derive(*bands)["value"].iloc[0] == pytest.approx(6.0)


def test_a_gel_without_its_reference_is_named_and_gives_no_value():
    bands = (*lane("1", 60, 10), *lane("1", 60, 10, gel="G2"), *reference("G1", "9", 40, 10))
    found = row(*bands, per_reference=True)
    assert found["value"] == pytest.approx(1.5)
    assert found["note"] == "basal: 1 lane, left out: gel G2 has no reference lane"
    alone = row(*lane("1", 60, 10), per_reference=True)
    assert alone["reason"] == "basal: gel G1 has no reference lane"


def test_a_reference_that_cannot_be_used_says_why():
    found = row(*lane("1", 60, 10), *reference("G1", "9", -4, 10), per_reference=True)
    assert found["reason"] == (
        "basal: gel G1 has no reference lane that can be used: phospho band not above background "
        "(lane 9)"
    )


@given(factor=st.floats(0.01, 100))
def test_the_exposure_of_a_membrane_cancels_against_the_reference(factor):
    bands = [*lane("1", 60, 10), *reference("G1", "9", 40, 10)]
    brighter = [
        {**one, "intensity": one["intensity"] * (factor if one["form"] == "phospho" else 1)}
        for one in bands
    ]
    expected = row(*bands, per_reference=True)["value"]
    assert row(*brighter, per_reference=True)["value"] == pytest.approx(expected)


# -- lanes within gels, then gels ----------------------------------------------------------------
def test_a_gel_with_more_lanes_has_no_more_weight():
    # G1: 1 and 4, geometric mean 2; G2: 8. Over gels √(2·8) = 4, not the cube root of 32.
    bands = (
        *lane("1", 10, 10), *lane("2", 40, 10), *lane("1", 80, 10, gel="G2"),
    )  # fmt: skip
    found = row(*bands)
    assert found["value"] == pytest.approx(4.0)
    # Within: SD 2.1213 over 2.5; between: SD of 2 and 8 is 4.2426 over 5.
    assert found["note"] == (
        "basal: 3 lanes on 2 gels, CV 85 % within gels and 85 % between gels, above the limit of "
        "20 %"
    )


def test_the_limit_of_the_plan_decides_what_is_flagged():
    bands = (*lane("1", 10, 10), *lane("2", 12, 10))
    # 1 and 1.2: SD 0.1414 over 1.1, 12.9 %
    assert row(*bands)["note"] == "basal: 2 lanes, CV 13 %"
    assert row(*bands, cv_limit=10)["note"] == ("basal: 2 lanes, CV 13 %, above the limit of 10 %")


def test_stimulated_over_basal_on_several_gels_gives_the_cv_between_them():
    bands = [
        {**one, "condition": condition}
        for gel, stimulated in (("G1", 20), ("G2", 40))
        for number, condition, phospho in (("1", "basal", 10), ("2", "insulin", stimulated))
        for one in lane(number, phospho, 10, gel=gel)
    ]
    found = row(*bands, condition="insulin/basal")
    assert found["value"] == pytest.approx(math.sqrt(2 * 4))
    assert found["note"] == (
        "insulin: 2 lanes on 2 gels; basal: 2 lanes on 2 gels; insulin/basal: 2 gels, CV 47 % "
        "between gels, above the limit of 20 %"
    )


@given(
    ratios=st.lists(st.lists(st.floats(0.1, 10), min_size=1, max_size=4), min_size=1, max_size=4)
)
def test_the_nested_mean_is_that_of_the_logs(ratios):
    bands = [
        one
        for gel, own in enumerate(ratios)
        for number, ratio in enumerate(own)
        for one in lane(str(number), 100 * ratio, 100, gel=f"G{gel}")
    ]
    logs = [sum(math.log2(one) for one in own) / len(own) for own in ratios]
    assert row(*bands, scale="log2")["value"] == pytest.approx(sum(logs) / len(logs), abs=1e-9)


def test_without_any_condition_none_is_wanted():
    bands = [{**one, "condition": None} for one in lane("1", 60, 30)]
    found = row(*bands, condition=None)
    assert (found["value"], found["note"]) == (pytest.approx(2.0), "1 lane")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"correct_by": "actin"}, "correct_by is 'actin'; allowed: 'loading', 'stain'"),
        (
            {"correct_by": "stain", "form": "phospho/stain"},
            "but the form is 'phospho/stain': it is for 'phospho/total'",
        ),
        ({"per_reference": "yes"}, "per_reference is 'yes'; true or false is allowed"),
        ({"cv_limit": 0}, "cv_limit is 0; a percentage above 0 is allowed"),
        ({"outside_linear_range": "drop"}, "outside_linear_range is 'drop'; allowed: 'flag'"),
        ({"form": "loading/total"}, "form is 'loading/total'"),
        ({"loading_control": "GAPDH"}, "loading_control is 'GAPDH'; allowed: 'actin'"),
    ],
)
def test_refusals(options, said):
    with pytest.raises(TableError) as caught:
        derive(*WHOLE, **options)
    assert said in str(caught.value)


def test_two_loading_controls_are_refused_until_one_is_named():
    bands = (*WHOLE, {**band("l", 20), "target": "GAPDH"})
    with pytest.raises(TableError) as caught:
        derive(*bands, form="phospho/loading")
    assert str(caught.value) == (
        "gel G1 lane 1 has more than one loading band to divide by; keep one per lane, or name one "
        "of GAPDH, actin with loading_control."
    )
    chosen = row(*bands, form="phospho/loading", loading_control="GAPDH")
    assert chosen["value"] == pytest.approx(3.0)


def test_a_stain_band_and_a_stain_beside_the_band_are_refused():
    with pytest.raises(TableError, match="gel G1 lane 1 has a stain band and a lane_stain"):
        derive(band("p", 60, lane_stain=3.0), band("s", 4), form="phospho/stain")


def test_a_table_without_bands_is_refused():
    with pytest.raises(TableError, match="blots has no row; a row per band is wanted"):
        derive_band_ratio(pd.DataFrame(list(WHOLE)).iloc[:0], marker="p_mTOR_S2448")


def test_a_band_that_stands_twice_is_refused():
    with pytest.raises(TableError, match="gel G1 lane 1 has more than one total band"):
        derive(*WHOLE, band("t", 31))
