"""Figures of the laboratory side by side, and in axes of the user's own figure."""

from itertools import combinations

from matplotlib.figure import Figure

from ketbio import compose_figure
from ketbio.figures import draw, draw_plate_map, figure_record

SLACK = 0.6
SIX = ["curve", "cv", "chart", "dilutions", "methods", "gel"]


def test_figures_of_the_laboratory_lie_beside_each_other(bench, boxes):
    figure = compose_figure(
        [bench[name]() for name in ("curve", "cv", "chart", "gel")], style="double_column"
    )
    over = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes(figure).items(), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]
    assert over == []
    labels = [text.get_text() for text in figure.legends[0].texts]
    assert len(set(labels)) == len(labels)
    assert {"B: flagged (n = 2)", "C: outside (n = 1)"} <= set(labels)


def test_every_figure_takes_axes(bench):
    for name in SIX:
        result = bench[name]()
        figure = Figure(figsize=(6, 5))
        host = figure.add_subplot()
        assert draw(result, ax=host, style="single_column") is figure
        assert host.child_axes, name
        assert figure_record(figure).results == (result,)
    figure = Figure(figsize=(6, 5))
    assert draw_plate_map(bench["curve"](), ax=figure.add_subplot()) is figure
