import math

import pandas as pd
import pytest

from ketbio.endpoints import derive_concentration
from ketbio.errors import TableError


def levels(*rows):
    """Rows of (participant, specimen, level, below, lloq), all at baseline."""
    table = pd.DataFrame(
        rows, columns=["participant_id", "specimen", "bdnf_ng_ml", "below_lloq", "lloq_ng_ml"]
    ).assign(visit="baseline")
    return table.astype({"below_lloq": "boolean", "bdnf_ng_ml": float, "lloq_ng_ml": float})


def test_serum_and_plasma_are_never_pooled():
    table = levels(("P01", "serum", 20, False, None), ("P01", "plasma", 2, False, None))
    assert derive_concentration(table, specimen="serum")["value"].tolist() == [20]
    plasma = derive_concentration(table, specimen="plasma")
    assert plasma["value"].tolist() == [2]
    assert plasma["marker"].tolist() == ["BDNF_plasma"]


def test_replicates_are_averaged_and_their_cv_given():
    table = levels(("P01", "serum", 20, False, None), ("P01", "serum", 30, False, None))
    row = derive_concentration(table, specimen="serum").iloc[0]
    assert row["value"] == 25
    # SD 7.0711 / 25 = 28.3 %
    assert row["note"] == "mean of 2 replicates, CV 28 % (above 20 %)"


def test_units_are_converted_on_request():
    table = levels(("P01", "serum", 0.5, False, None))
    row = derive_concentration(table, specimen="serum", unit="pg/mL").iloc[0]
    assert (row["value"], row["unit"]) == (500.0, "pg/mL")


def test_below_lloq_stays_censored_with_its_limit():
    row = derive_concentration(levels(("P01", "plasma", None, True, 0.5)), specimen="plasma").iloc[
        0
    ]
    assert pd.isna(row["value"])
    assert (row["censored"], row["limit"], row["reason"]) == ("left", 0.5, "below 0.500 ng/mL")


def test_limit_goes_to_log2_with_the_value():
    row = derive_concentration(
        levels(("P01", "plasma", None, True, 0.5)), specimen="plasma", scale="log2"
    ).iloc[0]
    assert (row["limit"], row["unit"]) == (-1.0, "log2 ng/mL")


def test_one_replicate_below_and_one_above_is_neither():
    table = levels(("P01", "plasma", 9.0, False, None), ("P01", "plasma", None, True, 0.5))
    row = derive_concentration(table, specimen="plasma").iloc[0]
    assert (row["censored"], pd.isna(row["value"])) == ("", True)
    assert row["reason"] == (
        "1 replicate of 2 below the LLOQ and the rest above it (9.00 ng/mL): "
        "neither a level nor below the limit"
    )


def test_log2_of_a_level():
    row = derive_concentration(
        levels(("P01", "serum", 8, False, None)), specimen="serum", scale="log2"
    ).iloc[0]
    assert row["value"] == math.log2(8)


def test_unknown_specimen_is_refused():
    with pytest.raises(TableError, match="specimen is 'plasm'; allowed: 'plasma'"):
        derive_concentration(levels(("P01", "plasma", 1, False, None)), specimen="plasm")


@pytest.mark.parametrize(
    ("below", "value", "words"),
    [("half", 0.25, "LLOQ ÷ 2 (0.250 ng/mL)"), ("root2", 0.5 / 2**0.5, "LLOQ ÷ √2 (0.354 ng/mL)")],
)
def test_a_number_is_put_below_the_lloq_only_when_asked_and_named(below, value, words):
    table = levels(("P01", "plasma", None, True, 0.5), ("P02", "plasma", 2.0, False, 0.5))
    row, other = derive_concentration(table, specimen="plasma", below=below).to_dict("records")
    assert (row["value"], row["censored"], row["reason"]) == (pytest.approx(value), "", "")
    assert row["note"] == f"below 0.500 ng/mL: {words} put in its place"
    assert math.isnan(row["limit"])
    assert (other["value"], other["note"]) == (2.0, "")
    logs = derive_concentration(table, specimen="plasma", below=below, scale="log2")
    assert logs["value"].iloc[0] == pytest.approx(math.log2(value))


def test_an_unknown_limit_is_not_halved_and_unknown_words_are_refused():
    table = levels(("P01", "plasma", None, True, None))
    row = derive_concentration(table, specimen="plasma", below="half").iloc[0]
    assert (row["censored"], math.isnan(row["value"])) == ("left", True)
    with pytest.raises(TableError, match="below is 'zero'; allowed: 'keep', 'half', 'root2'"):
        derive_concentration(table, specimen="plasma", below="zero")
