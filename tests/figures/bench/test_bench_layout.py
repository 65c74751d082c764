"""Figures of the bench: nothing clipped, nothing over another, nothing too small."""

import pytest
from matplotlib.text import Text

from ketbio.figures.style import SMALLEST_TEXT_PT

PLAIN = ["curve", "map", "cv", "gel", "methods", "chart", "dilutions"]
TIGHT = [
    "curve_forty",
    "curve_censored",
    "curve_failed",
    "curve_long",
    "curve_close_limits",
    "map_384",
    "cv_forty",
    "cv_all_flagged",
    "cv_one",
    "gel_sixteen",
    "gel_long",
    "methods_long",
    "methods_tied",
    "chart_one",
    "chart_forty",
    "dilutions_many",
    "spikes",
]
LOOKS = [(name, "single_column") for name in PLAIN]
LOOKS += [("curve", "slide"), ("gel", "poster"), ("map", "double_column")]
# 85 mm with nothing smaller than 8 pt is the tightest of all presets
LOOKS += [(name, "frontiers_single") for name in (*PLAIN, "gel_sixteen", "curve_long")]
LOOKS += [(name, "single_column") for name in TIGHT]


@pytest.mark.parametrize(("name", "style"), LOOKS)
def test_no_text_is_clipped_or_lies_over_another(drawn_bench, text_faults, name, style):
    assert text_faults(drawn_bench(name, style)) == []


def test_every_case_is_looked_at(bench):
    assert {name for name, _ in LOOKS} == set(bench)


@pytest.mark.parametrize("name", PLAIN)
def test_no_text_is_smaller_than_six_points(drawn_bench, name):
    figure = drawn_bench(name, "single_column")
    sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text()]
    assert min(sizes) >= SMALLEST_TEXT_PT


@pytest.mark.parametrize("name", PLAIN)
def test_note_stands_on_top(drawn_bench, boxes, name):
    found = boxes(drawn_bench(name, "single_column"))
    [note] = [box for text, box in found.items() if text.endswith("Simulated data")]
    assert note.y1 == max(box.y1 for box in found.values())


@pytest.mark.parametrize("name", PLAIN)
def test_drawing_again_moves_nothing(drawn_bench, boxes, name):
    figure = drawn_bench(name, "single_column")
    before = {text: box.bounds for text, box in boxes(figure).items()}
    figure.canvas.draw()
    assert {text: box.bounds for text, box in boxes(figure).items()} == before
