"""Nothing clipped, nothing over another, nothing too small, at every preset."""

import numpy as np
import pytest
from matplotlib.text import Text

from ketbio.figures import STYLES, draw
from ketbio.figures.style import SMALLEST_TEXT_PT

PIXELS_PER_MM = 150 / 25.4

# every case at the width where it is tightest; test_no_overlap.py has the other presets
PLAIN = ["estimation_null", "slopes", "scatter", "waterfall"]
TIGHT = [
    "estimation_one_each",
    "estimation_open_below",
    "estimation_tied",
    "estimation_no_estimate",
    "estimation_shift",
    "estimation_superiority",
    "estimation_medians",
    "estimation_forty",
    "estimation_long",
    "estimation_greek",
    "estimation_censored",
    "slopes_forty",
    "slopes_one",
    "slopes_tied",
    "slopes_long",
    "scatter_no_groups",
    "scatter_unknown_group",
    "scatter_forty",
    "scatter_tied",
    "waterfall_forty",
    "waterfall_one",
    "waterfall_missing",
    "waterfall_all_worse",
    "waterfall_long_ids",
]
LOOKS = [(name, style) for name in PLAIN for style in ("single_column", "report")]
LOOKS += [(name, "single_column") for name in TIGHT]


@pytest.mark.parametrize(("name", "style"), LOOKS)
def test_no_text_is_clipped_or_lies_over_another(drawn, text_faults, name, style):
    assert text_faults(drawn(name, style)) == []


def test_every_case_is_looked_at(make):
    assert {name for name, _ in LOOKS} | {"estimation"} == set(make)


@pytest.mark.parametrize("style", ["single_column", "report"])
def test_width_is_the_preset_width(drawn, style):
    figure = drawn("slopes", style)
    assert figure.bbox.width / PIXELS_PER_MM == pytest.approx(STYLES[style].width_mm, abs=0.01)


@pytest.mark.parametrize("style", ["single_column", "report"])
def test_no_text_is_smaller_than_six_points(drawn, style):
    figure = drawn("scatter", style)
    sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text()]
    assert min(sizes) >= SMALLEST_TEXT_PT


@pytest.mark.parametrize("name", ["scatter", "estimation_one_each"])
def test_panels_keep_most_of_the_width(drawn, name):
    figure = drawn(name, "single_column")
    panels = sum(panel.get_position().width for panel in figure.axes)
    assert panels > 0.55


def test_drawing_again_moves_nothing(drawn):
    figure = drawn("estimation_forty", "single_column")
    before = np.array([panel.get_position().bounds for panel in figure.axes])
    points = np.array(figure.axes[0].collections[0].get_offsets())
    figure.canvas.draw()
    after = np.array([panel.get_position().bounds for panel in figure.axes])
    assert after == pytest.approx(before)
    assert np.array(figure.axes[0].collections[0].get_offsets()) == pytest.approx(points)


def test_marker_of_sixty_characters_is_wrapped_whole(drawn):
    figure = drawn("estimation_long", "single_column")
    label = figure.axes[0].get_ylabel()
    assert "\n" in label
    whole = "phospho S6 ribosomal protein Ser235 236 to total in PBMC $x 1"
    assert whole in label.replace("\n", " ")


def test_dollar_and_backslash_are_themselves(make):
    result = make["estimation"](marker=r"a b$c_$\frac{1}{2}^3")
    figure = draw(result)
    assert figure.axes[0].get_ylabel().startswith(r"Change in a b$c $\frac{1}{2}^3")
    assert not any(text.get_parse_math() for text in figure.findobj(Text))


def test_a_character_without_a_font_is_said(make):
    figure = draw(make["slopes"](marker="marker \U00012000"))  # a cuneiform sign
    caption = figure.texts[-1].get_text().replace("\n", " ")
    assert "No font here has these characters, drawn as boxes: \U00012000" in caption


def test_note_stands_on_top(drawn, boxes):
    figure = drawn("waterfall")
    found = boxes(figure)
    [note] = [box for text, box in found.items() if text.endswith("Simulated data")]
    assert note.y1 == max(box.y1 for box in found.values())


def test_no_note_leaves_no_gap(make):
    plain, noted = (draw(make["slopes"](), note=note) for note in ("", "Simulated data"))
    assert plain.get_figheight() < noted.get_figheight()
    assert "Simulated data" not in [text.get_text() for text in plain.texts]
