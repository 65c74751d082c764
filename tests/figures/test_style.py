"""Presets and group marks are data, and drawing leaves the user's settings alone."""

import subprocess
import sys
from itertools import combinations

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb

from ketbio.errors import FigureError
from ketbio.figures import STYLES, draw
from ketbio.figures.style import (
    GROUP_MARKS,
    OTHER_MARKS,
    Style,
    find_style,
    group_marks,
    missing_characters,
)


def luminance(colour: str) -> float:
    red, green, blue = to_rgb(colour)
    return 255 * (0.299 * red + 0.587 * green + 0.114 * blue)


def settings() -> dict[str, object]:
    # "backend" is settled on first use by whoever asks, and is none of ours
    return {
        name: dict.__getitem__(mpl.rcParams, name) for name in mpl.rcParams if name != "backend"
    }


@pytest.mark.parametrize("marks", [GROUP_MARKS.values(), OTHER_MARKS[:4]])
def test_groups_differ_in_shape_hatch_and_greyscale(marks):
    for one, other in combinations(marks, 2):
        assert one.marker != other.marker
        assert one.hatch != other.hatch
        assert abs(luminance(one.colour) - luminance(other.colour)) > 25


def test_responders_are_blue_and_non_responders_orange_as_in_okabe_and_ito():
    assert GROUP_MARKS["responder"].colour == "#0072B2"
    assert GROUP_MARKS["non-responder"].colour == "#E69F00"
    assert luminance("#0072B2") == pytest.approx(87.2, abs=0.1)
    assert luminance("#E69F00") == pytest.approx(162.1, abs=0.1)


def test_a_group_keeps_its_mark_in_any_company():
    alone = group_marks(["non-responder"])
    together = group_marks(["ketamine", "responder", "non-responder"])
    assert alone["non-responder"] == together["non-responder"]
    assert len({mark.marker for mark in group_marks(["a", "b", "c", "d"]).values()}) == 4


def test_unknown_style_is_refused():
    with pytest.raises(FigureError) as caught:
        find_style("single-column")
    said = str(caught.value)
    assert said.startswith("style is 'single-column'; allowed: 'single_column', ")
    assert said.endswith("'sage_double'. Did you mean 'single_column'?")


def test_style_of_ones_own(make):
    own = Style(
        name="poster", width_mm=300, panel_height_mm=150, font_pt=18, small_pt=15, line_pt=2,
        point_pt=12,
    )  # fmt: skip
    figure = draw(make["scatter"](), style=own)
    assert figure.get_figwidth() * 25.4 == pytest.approx(300)
    assert figure.axes[0].xaxis.label.get_fontsize() == 18


def test_presets_are_named_as_they_are_asked_for():
    assert all(style.name == name for name, style in STYLES.items())


def test_settings_of_the_user_are_left_alone(make):
    before = settings()
    draw(make["estimation"]())
    assert settings() == before


def test_settings_of_the_user_do_not_reach_the_figure(make):
    plain = draw(make["slopes"]())
    users = {
        "font.family": ["serif"],
        "font.size": 30,
        "axes.facecolor": "black",
        "axes.grid": True,
    }
    with mpl.rc_context(users):
        styled = draw(make["slopes"]())
    for figure in (plain, styled):
        assert figure.axes[0].get_facecolor() == (1, 1, 1, 1)
        assert figure.axes[0].yaxis.label.get_fontfamily()[0] == "DejaVu Sans"
    assert styled.get_figheight() == plain.get_figheight()


def test_pyplot_holds_no_figure_and_no_window_is_asked_for():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from conftest import CASES;"
        "from ketbio.figures import draw;"
        "draw(CASES['estimation']()); draw(CASES['slopes']());"
        "import matplotlib.pyplot as plt; print(plt.get_fignums())"
    )
    folder = __file__.rpartition("test_style.py")[0]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, folder],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"


def test_greek_and_cyrillic_have_a_font_everywhere():
    assert missing_characters("p-GSK3β µ − ≥ ± день ŁÓdź") == ""
    assert missing_characters("a\U00012000b\U00012000") == "\U00012000"
