"""Figures of the bench: nothing clipped, nothing over another, nothing too small."""

from itertools import combinations

import pytest
from matplotlib.text import Text

from ketbio.figures.style import SMALLEST_TEXT_PT

SLACK = 0.5  # of a pixel at 150 dpi
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
LOOKS = [(name, style) for name in PLAIN for style in ("single_column", "report")]
LOOKS += [("curve", "slide"), ("gel", "slide"), ("map", "double_column")]
LOOKS += [(name, "single_column") for name in TIGHT]


@pytest.mark.parametrize(("name", "style"), LOOKS)
def test_no_text_is_clipped_or_lies_over_another(drawn_bench, boxes, name, style):
    figure = drawn_bench(name, style)
    width, height = figure.bbox.width, figure.bbox.height
    found = boxes(figure)
    outside = [
        text
        for text, box in found.items()
        if min(box.x0, box.y0) < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK
    ]
    over = [
        (one, other)
        for (one, a), (other, b) in combinations(found.items(), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]
    assert outside == []
    assert over == []
    assert len(found) > 8


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
