"""Text is broken to a measured width, and no letter is lost."""

from hypothesis import given
from hypothesis import strategies as st

from ketbio.figures.wrapping import text_width, wrap_text

WORDS = st.text(alphabet="abcW_-–/$ 0123", max_size=80)


def test_an_equation_and_95_ci_stay_together():
    for width in range(40, 160, 3):
        wrapped = wrap_text("r is small; p = .043 and 95% CI 1 to 2", width_pt=width, size_pt=7)
        assert "p = .043" in wrapped
        assert "95% CI" in wrapped


def test_a_long_name_breaks_after_an_underscore():
    room = text_width("phospho_S6_", size_pt=8) + 1
    assert wrap_text("phospho_S6_kinase", width_pt=room, size_pt=8) == "phospho_S6_\nkinase"


def test_two_names_break_after_their_dash():
    room = text_width("Lehmann centre", size_pt=8) + 1
    wrapped = wrap_text("Hodges–Lehmann centre", width_pt=room, size_pt=8)
    assert wrapped == "Hodges–\nLehmann centre"


def test_an_equation_wider_than_the_line_breaks_at_its_spaces():
    room = text_width("95%", size_pt=8) + 1
    assert wrap_text("95% CI", width_pt=room, size_pt=8) == "95%\nCI"


@given(WORDS, st.floats(12, 200))
def test_lines_fit_and_nothing_is_lost(text, width):
    wrapped = wrap_text(text, width_pt=width, size_pt=7)
    assert all(text_width(line, size_pt=7) <= width for line in wrapped.split("\n"))
    assert "".join(wrapped.split()) == "".join(text.split())
