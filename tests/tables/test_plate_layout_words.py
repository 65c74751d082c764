"""The words of a layout: what each says of its well, and which are refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.tables.layouts.plates.words import Content, Vocabulary, WordError, content_of

PLAIN = Vocabulary()


@pytest.mark.parametrize("text", ["", "  ", "Empty", "EMPTY", "-", "–"])
def test_an_empty_well(text):
    assert content_of(text, PLAIN) is None


@pytest.mark.parametrize("text", ["BLANK", "blank", "BLK", "Blank 2", "BL1"])
def test_a_blank(text):
    assert content_of(text, PLAIN) == Content(role="blank")


@pytest.mark.parametrize(
    ("text", "level", "unit"),
    [
        ("STD500", "500", ""), ("STD 500", "500", ""), ("STD15.625", "15.625", ""),
        ("std 62,5", "62.5", ""), ("Standard 500 pg/mL", "500", "pg/mL"), ("STD_0", "0", ""),
        ("STD:500pg/ml", "500", "pg/mL"),
    ],
)  # fmt: skip
def test_a_standard(text, level, unit):
    assert content_of(text, PLAIN) == Content(role="standard", concentration=level, unit=unit)


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [("QC low", "QC low", ""), ("QC1", "QC1", ""), ("ctrl  high", "ctrl high", ""),
     ("QC low = 0.5", "QC low", "0.5"), ("Control", "Control", "")],
)  # fmt: skip
def test_a_control(text, name, level):
    made = content_of(text, PLAIN)
    assert made == Content(role="control", control_name=name, concentration=level)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P01 baseline", {}),
        ("P01|baseline", {}),
        ("P01|baseline|1:10", {"dilution_factor": "10"}),
        ("P01 baseline x10", {"dilution_factor": "10"}),
        ("P01 baseline 10x", {"dilution_factor": "10"}),
        ("P01 baseline ×2,5", {"dilution_factor": "2.5"}),
        ("P01 baseline spike 5", {"spike": "5"}),
        ("P01 baseline spike 5 pg/mL x2", {"spike": "5", "unit": "pg/mL", "dilution_factor": "2"}),
        ("P01|baseline|1:4|spike 5", {"spike": "5", "dilution_factor": "4"}),
        ("P01 baseline [masked]", {"is_masked": True, "mask_reason": "masked in the layout"}),
        ("P01 baseline [masked: air bubble]", {"is_masked": True, "mask_reason": "air bubble"}),
    ],
)
def test_a_sample(text, expected):
    wanted = Content(role="sample", participant_id="P01", visit="baseline", **expected)
    assert content_of(text, PLAIN) == wanted


def test_a_visit_with_blanks_stands_between_bars():
    assert content_of("P01|day 14", PLAIN).visit == "day 14"


def test_a_sample_without_a_visit_takes_the_one_that_is_given_and_no_other():
    assert content_of("M1A", PLAIN).visit == ""
    assert content_of("M1A", Vocabulary(visit="baseline")).visit == "baseline"
    assert content_of("M1A|day_14", Vocabulary(visit="baseline")).visit == "day_14"


def test_words_of_the_key_win_whatever_their_case_and_blanks():
    words = Vocabulary(key={"S1": "STD 1000 pg/mL", "M 1a": "P01|day 14|x4", "C5": "P05 baseline"})
    assert content_of("s 1", words).concentration == "1000"
    assert content_of("M1A", words).dilution_factor == "4"
    assert content_of("C5", words).participant_id == "P05"
    assert content_of("m1a [masked: torn]", words).mask_reason == "torn"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("500", "may be a concentration or a number of a sample"),
        ("S1", "is a number of a standard or a sample"),
        ("SPL12", "is a number of a standard or a sample"),
        ("C4", "may be a well or the code of a sample"),
        ("STD", "names no concentration"),
        ("STD high", "names no concentration"),
        ("STD 1,000", "may be read with decimals or with thousands"),
        ("STD 5 bananas", "names the unit 'bananas', which is not known"),
        ("P01 day 14", "'14' is left over"),
        ("P01 14", "may be a visit or a dilution"),
        ("P01 baseline x2 x3", "says dilution_factor twice"),
        ("x10", "names no participant"),
        ("|baseline", "names no participant"),
        ("P01 baseline spike much", "names no concentration"),
    ],
)
def test_what_can_be_taken_in_two_ways_or_in_none_is_refused(text, said):
    with pytest.raises(WordError, match=re.escape(said)):
        content_of(text, PLAIN)


@given(st.text(max_size=30))
def test_any_cell_is_empty_a_content_or_one_refusal(text):
    try:
        made = content_of(text, PLAIN)
    except WordError:
        return
    assert made is None or made.role in ("standard", "blank", "control", "sample")
    if made is not None and made.role == "standard":
        assert float(made.concentration) >= 0
    if made is not None and made.role == "sample":
        assert made.participant_id
