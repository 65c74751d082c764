import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.endpoints import derive_band_ratio
from ketbio.errors import TableError


def lane(number, condition, phospho, total, *, gel="g1", person="P01", saturated=False):
    """One lane: a phospho and a total band, background 10 each."""
    shared = {
        "participant_id": person, "visit": "baseline", "gel_id": gel, "lane": str(number),
        "replicate": "1", "condition": condition, "target": "mTOR", "background": 10.0,
    }  # fmt: skip
    return [
        {
            **shared,
            "form": "phospho",
            "site": "S2448",
            "intensity": phospho + 10,
            "is_saturated": saturated,
        },
        {**shared, "form": "total", "site": "", "intensity": total + 10, "is_saturated": False},
    ]


def table(*lanes):
    return pd.DataFrame([band for one in lanes for band in one]).astype({"is_saturated": "boolean"})


def derive(blots, **options):
    return derive_band_ratio(blots, marker="p_mTOR_S2448", **options)


def test_ratio_by_hand():
    # basal 100/200 = 0.5; insulin 400/200 = 2; 2/0.5 = 4; log2 = 2
    row = derive(table(lane(1, "basal", 100, 200), lane(2, "insulin", 400, 200))).iloc[0]
    assert (row["value"], row["unit"], row["scale"]) == (2.0, "log2 ratio", "log2")


def test_replicate_lanes_are_pooled_by_the_geometric_mean_into_one_value():
    blots = table(
        lane(1, "basal", 100, 200), lane(2, "basal", 400, 200), lane(3, "insulin", 400, 200)
    )
    result = derive(blots, scale="ratio")
    assert len(result) == 1
    assert result["value"].iloc[0] == pytest.approx(2 / math.sqrt(0.5 * 2))
    # CV of 0.5 and 2: SD 1.0607, mean 1.25
    assert result["note"].iloc[0] == (
        "insulin: 1 lane; basal: 2 lanes, CV 85 %, above the limit of 20 %"
    )


def test_one_condition_can_be_taken_alone():
    blots = table(lane(1, "basal", 100, 200), lane(2, "insulin", 400, 200))
    assert derive(blots, condition="insulin", scale="ratio")["value"].iloc[0] == 2.0


def test_saturated_band_is_left_out_and_named():
    blots = table(
        lane(1, "basal", 100, 200),
        lane(2, "insulin", 400, 200),
        lane(3, "insulin", 9000, 200, saturated=True),
    )
    row = derive(blots).iloc[0]
    assert row["value"] == 2.0
    assert "left out: phospho band saturated (gel g1 lane 3)" in row["note"]


def test_only_band_saturated_gives_a_reason():
    blots = table(lane(1, "basal", 100, 200), lane(2, "insulin", 400, 200, saturated=True))
    row = derive(blots).iloc[0]
    assert pd.isna(row["value"])
    assert row["reason"] == "insulin: phospho band saturated (gel g1 lane 2)"


def test_band_not_above_background_is_never_a_number():
    row = derive(table(lane(1, "basal", -5, 200), lane(2, "insulin", 400, 200))).iloc[0]
    assert row["reason"] == "basal: phospho band not above background (gel g1 lane 1)"


def test_missing_total_band_is_named():
    blots = table(lane(1, "basal", 100, 200), lane(2, "insulin", 400, 200)).drop(index=1)
    assert derive(blots)["reason"].iloc[0] == "basal: total band absent (gel g1 lane 1)"


def test_partner_comes_from_the_same_gel_and_lane():
    blots = table(lane(1, "basal", 100, 200, gel="g1"), lane(1, "basal", 400, 100, gel="g2"))
    value = derive(blots, condition="basal", scale="ratio")["value"].iloc[0]
    assert value == pytest.approx(math.sqrt(0.5 * 4))


def test_stimulated_over_basal_is_formed_within_a_gel():
    # gel 2 is ten times brighter and its basal lane is lost: only gel 1 can be used, 4/2 = 2
    blots = table(
        lane(1, "basal", 200, 100, gel="g1"),
        lane(2, "insulin", 400, 100, gel="g1"),
        lane(1, "basal", 9000, 100, gel="g2", saturated=True),
        lane(2, "insulin", 4000, 100, gel="g2"),
    )
    row = derive(blots, scale="ratio").iloc[0]
    assert row["value"] == pytest.approx(2.0)
    assert "left out: gel g2 with one of the two conditions only" in row["note"]


def test_conditions_on_different_gels_are_not_compared():
    blots = table(lane(1, "basal", 100, 200, gel="g1"), lane(1, "insulin", 400, 100, gel="g2"))
    assert derive(blots)["reason"].iloc[0] == (
        "insulin and basal share no gel: gels are not comparable"
    )


def test_missing_condition_is_a_reason():
    blots = table(
        lane(1, "basal", 100, 200),
        lane(2, "insulin", 400, 200),
        lane(3, "basal", 100, 200, person="P02"),
    )
    result = derive(blots).set_index("participant_id")
    assert result.loc["P02", "reason"] == "insulin: no bands"


def test_two_total_bands_in_a_lane_are_refused():
    blots = table(lane(1, "basal", 100, 200), lane(2, "insulin", 400, 200))
    with pytest.raises(TableError, match="gel g1 lane 1 has more than one total band"):
        derive(pd.concat([blots, blots.iloc[[1]]]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"condition": "insulin/basl"}, "condition is 'basl'.*Did you mean 'basal'"),
        ({"condition": "a/b/c"}, "one name, or two with one '/'"),
        ({"condition": None}, "the blots have 2 conditions"),
        ({"target": "AKT"}, "target is 'AKT'; allowed: 'mTOR'"),
        ({"site": "S1"}, "site is 'S1'; allowed: 'S2448'"),
        ({"form": "phospho"}, "form is 'phospho'"),
        ({"scale": "log"}, "scale is 'log'"),
    ],
)
def test_unknown_words_are_refused(options, message):
    blots = table(lane(1, "basal", 100, 200), lane(2, "insulin", 400, 200))
    with pytest.raises(TableError, match=message):
        derive(blots, **options)


@given(factor=st.floats(0.1, 10), values=st.lists(st.floats(1, 1e4), min_size=4, max_size=4))
def test_exposure_of_a_gel_cancels(factor, values):
    a, b, c, d = values
    plain = derive(table(lane(1, "basal", a, b), lane(2, "insulin", c, d)))["value"].iloc[0]
    brighter = derive(
        table(lane(1, "basal", a * factor, b * factor), lane(2, "insulin", c * factor, d * factor))
    )["value"].iloc[0]
    assert brighter == pytest.approx(plain, abs=1e-9)
