"""How journals write numbers: the rules that docs/sentences.md tells, house by house."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import ReportError
from ketbio.number_formats import (
    NARROW_SPACE,
    NUMBER_FORMATS,
    NumberFormat,
    number_format,
    write_count,
    write_interval,
    write_number,
    write_p,
)
from ketbio.wording import format_interval, format_number, format_p


@given(p=st.floats(0, 1))
def test_the_report_s_own_p_is_as_ever(p):
    assert write_p(p) == format_p(p)
    assert write_p(p, symbol=False) == format_p(p, symbol=False)


@given(low=st.floats(-1e6, 1e6), high=st.floats(-1e6, 1e6))
def test_the_report_s_own_numbers_are_as_ever(low, high):
    assert write_number(low) == format_number(low)
    assert write_interval(low, high, level=0.9) == format_interval(low, high, level=0.9)


HOUSES = ("apa", "ama", "nejm", "lancet", "nature", "bmj")
MISSING = ("p not available", "P not available", "P not available", "p not available",
           "P not available", "P not available")  # fmt: skip


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.2, ("p = .200", "P_=_.20", "P=0.20", "p=0·20", "P = 0.20", "P=0.20")),
        (0.0368, ("p = .037", "P_=_.04", "P=0.04", "p=0·037", "P = 0.037", "P=0.037")),
        (0.046, ("p = .046", "P_=_.046", "P=0.046", "p=0·046", "P = 0.046", "P=0.046")),
        (0.0449, ("p = .045", "P_=_.04", "P=0.04", "p=0·045", "P = 0.045", "P=0.045")),
        (0.0498, ("p = .0498", "P_=_.0498", "P=0.0498", "p=0·0498", "P = 0.0498", "P=0.0498")),
        (0.0046, ("p = .005", "P_=_.005", "P=0.005", "p=0·0046", "P = 0.0046", "P=0.0046")),
        (0.00046, ("p < .001", "P_<_.001", "P<0.001", "p=0·0005", "P = 4.6 × 10⁻⁴", "P<0.001")),
        (0.00002, ("p < .001", "P_<_.001", "P<0.001", "p<0·0001", "P = 2.0 × 10⁻⁵", "P<0.001")),
        (0.992, ("p = .992", "P_>_.99", "P>0.99", "p=0·99", "P = 0.99", "P=0.99")),
        (1.0, ("p > .999", "P_>_.99", "P>0.99", "p=1·0", "P = 1.0", "P=1.0")),
        (math.nan, MISSING),
    ],
)
def test_p_as_each_house_rounds_it(p, said):
    assert [write_p(p, house).replace(NARROW_SPACE, "_") for house in HOUSES] == list(said)


@pytest.mark.parametrize("house", NUMBER_FORMATS)
@given(p=st.floats(0.001, 0.9))
def test_a_p_is_near_what_is_written_and_on_its_side_of_the_level(house, p):
    written = float(f"0{write_p(p, house, symbol=False).replace('·', '.').lstrip('0')}")
    assert written == pytest.approx(p, abs=0.0051)
    assert (written < 0.05) == (p < 0.05)


@pytest.mark.parametrize(
    ("house", "negative", "positive"),
    [
        ("apa", "95% CI [−0.500, 12,346]", "95% CI [1.20, 3.40]"),
        ("ama", "95% CI, −0.500 to 12_346", "95% CI, 1.20 to 3.40"),
        ("nejm", "95% CI, −0.500 to 12,346", "95% CI, 1.20 to 3.40"),
        ("lancet", "95% CI −0·500 to 12_346", "95% CI 1·20–3·40"),
        ("nature", "95% CI −0.500 to 12,346", "95% CI 1.20–3.40"),
        ("bmj", "95% CI −0.500 to 12_346", "95% CI 1.20 to 3.40"),
    ],
)
def test_an_interval_in_each_house(house, negative, positive):
    assert write_interval(-0.5, 12345.6, house) == negative.replace("_", NARROW_SPACE)
    assert write_interval(1.2, 3.4, house) == positive


@pytest.mark.parametrize("house", NUMBER_FORMATS)
@given(value=st.floats(-1e9, 1e9))
def test_a_number_has_a_true_minus_and_one_point(house, value):
    said = write_number(value, house)
    assert "-" not in said
    assert len(re.findall(r"[.·]", said)) <= 1
    assert said.startswith("−") == (value < 0)


def test_what_cannot_exceed_1_has_no_zero_in_apa_alone():
    assert write_number(-0.807, "apa", is_bounded=True) == "−.807"
    assert write_number(-0.807, "apa") == "−0.807"
    assert write_number(1.0, "apa", is_bounded=True) == "1.00"
    assert write_number(0.807, "ama", is_bounded=True) == "0.807"


def test_an_open_limit_and_a_percentage():
    assert write_interval(1.0, math.inf, "lancet") == "95% CI 1·00 to ∞"
    assert write_interval(8.12, 15.3, "ama", unit="%") == "95% CI, 8.12% to 15.3%"
    assert write_interval(8.1, 15.3, "lancet", level=0.975) == "97·5% CI 8·10–15·3"


def test_counts_are_grouped_as_each_house_does():
    assert write_count(4096, "apa") == "4,096"
    assert write_count(4096, "lancet") == "4096"
    assert write_count(40960, "lancet") == f"40{NARROW_SPACE}960"
    assert write_count(40960, "ketbio") == "40960"


def test_a_format_of_one_s_own():
    own = NumberFormat(name="our journal", point=",", group_mark=" ", has_zero_before_p=True)
    assert number_format(own) is own
    assert write_p(0.0368, own) == "p = 0,037"
    assert write_number(1234.5, own) == "1 234"


def test_an_unknown_house_is_refused():
    with pytest.raises(ReportError) as caught:
        write_p(0.5, "lanzet")
    assert str(caught.value) == (
        "number_format is 'lanzet'; allowed: 'ketbio', 'apa', 'ama', 'nejm', 'lancet', 'nature', "
        "'bmj'. Did you mean 'lancet'?"
    )
