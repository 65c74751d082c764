import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.wording import count_of, format_interval, format_number, format_p, join_words


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (2 / 1024, "p = .0020"),
        (0.05, "p = .050"),
        (0.0499, "p = .0499"),
        (0.001, "p = .0010"),
        (0.000999, "p < .001"),
        (0.5, "p = .50"),
        (0.994, "p = .99"),
        (0.996, "p > .99"),
        (1.0, "p = 1.0"),
        (float("nan"), "p not available"),
    ],
)
def test_p_has_two_significant_digits(p, text):
    assert format_p(p) == text


@given(st.floats(0.001, 0.994))
def test_p_as_written_is_near_p(p):
    written = float("0" + format_p(p, symbol=False))
    assert abs(written - p) <= 0.051 * p


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-12.3, "−12.3"),
        (0.0999, "0.0999"),
        (9.999, "10.0"),
        (99.96, "100"),
        (12345.6, "12346"),
        (-0.00001234, "−0.0000123"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (0, "0"),
    ],
)
def test_number_has_three_significant_digits_and_a_true_minus(value, text):
    assert format_number(value) == text


def test_sign_is_shown_on_request():
    assert format_number(1.5, signed=True) == "+1.50"


@given(st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 1e-6))
def test_number_as_written_is_near_the_number(value):
    written = float(format_number(value).replace("−", "-"))
    assert abs(written - value) <= 0.00501 * abs(value)


def test_interval_names_its_level():
    assert format_interval(-1, 2, level=0.9) == "90% CI −1.00 to 2.00"
    assert format_interval(float("-inf"), 2) == "95% CI −∞ to 2.00"
    assert format_interval(float("nan"), 2) == "no interval"


def test_counts_have_singular_plural_and_thousands():
    assert count_of(1, "entry", "entries") == "1 entry"
    assert count_of(0, "entry", "entries") == "0 entries"
    assert count_of(10_000, "draw") == "10,000 draws"


def test_lists_in_words():
    assert join_words([]) == ""
    assert join_words(["a", "b", "c"], last="or") == "a, b or c"
