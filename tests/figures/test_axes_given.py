"""Drawn in axes of the user's own figure: in their place, and nothing else of it is touched."""

from itertools import combinations

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from ketbio.errors import FigureError
from ketbio.figures import draw, draw_slopes, figure_record

SLACK = 0.6
PAIR = ["estimation_null", "scatter"]


@pytest.fixture(autouse=True)
def no_window():
    yield
    plt.close("all")


def panels_of(figure):
    return [panel for host in figure.axes for panel in host.child_axes]


def label_boxes(figure) -> list[tuple[str, Bbox]]:
    """Return the boxes of what is written around the panels, as the figure is drawn."""
    figure.draw_without_rendering()
    found: list[Text] = [one for host in figure.axes for one in host.texts]
    found += [one for host in figure.axes if host.get_legend() for one in host.get_legend().texts]
    for panel in panels_of(figure):
        for axis in (panel.xaxis, panel.yaxis):
            low, high = sorted(axis.get_view_interval())
            places = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
            found += [axis.label, *(label for at, label in places if low <= at <= high)]
    return [(one.get_text(), one.get_window_extent()) for one in found if one.get_text()]


def overlapping(boxes) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]


def inside(figure, boxes) -> bool:
    whole = figure.bbox.padded(SLACK)
    return all(whole.contains(b.x0, b.y0) and whole.contains(b.x1, b.y1) for _, b in boxes)


def test_layout_engine_of_a_figure_makes_room_for_all_of_them(make):
    figure, hosts = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    engine = figure.get_layout_engine()
    before = dict(matplotlib.rcParams)
    for name, host in zip(PAIR, hosts.flat, strict=True):
        assert draw(make[name](), ax=host, note="Simulated data") is figure
    boxes = label_boxes(figure)
    assert overlapping(boxes) == []
    assert inside(figure, boxes)
    assert [text for text, _ in boxes].count("Simulated data") == 2
    assert figure.get_layout_engine() is engine
    assert dict(matplotlib.rcParams) == before
    assert plt.fignum_exists(figure.number)


@pytest.mark.parametrize("how", ["alone", "tight"])
def test_without_an_engine_nothing_reaches_over_to_the_neighbour(make, how):
    figure, hosts = plt.subplots(1, 2, figsize=(9, 4))
    draw(make["estimation"](), ax=hosts[0])
    draw(make["scatter"](), ax=hosts[1])
    if how == "tight":
        figure.tight_layout()
    boxes = label_boxes(figure)
    assert overlapping(boxes) == []
    assert inside(figure, boxes)


def test_axes_at_a_place_of_their_own_hold_all_of_it(make):
    figure = Figure(figsize=(8, 5))
    host = figure.add_axes((0.4, 0.1, 0.5, 0.8))
    draw(make["scatter"](), ax=host)
    place = host.get_window_extent().padded(SLACK)
    for _, box in label_boxes(figure):
        assert place.contains(box.x0, box.y0)
        assert place.contains(box.x1, box.y1)


def test_axes_are_emptied_and_hidden_and_their_neighbour_is_left_alone(make):
    _, (host, other) = plt.subplots(1, 2, sharey=True)
    host.plot([0, 1], [5, 6], label="mine")
    host.legend()
    other.plot([0, 1], [5, 6])
    limits = other.get_ylim()
    draw(make["slopes"](), ax=host)
    assert list(host.lines) == []
    assert host.get_legend() is None
    assert not host.axison
    assert len(host.child_axes) == 2
    assert other.get_ylim() == limits
    assert len(other.lines) == 1


def test_drawing_again_replaces_what_was_drawn(make):
    figure, host = plt.subplots()
    draw(make["slopes"](), ax=host)
    draw(make["waterfall"](), ax=host)
    assert len(host.child_axes) == 1
    assert figure_record(figure).kind == "Waterfall plot"


def test_only_panels_legend_and_note_are_written(make):
    figure, host = plt.subplots()
    draw(make["scatter"](), ax=host, note="Simulated data")
    assert [text.get_text() for text in figure.texts] == []
    assert [text.get_text() for text in host.texts] == ["Simulated data"]
    labels = [text.get_text() for text in host.get_legend().texts]
    assert labels == ["responder (n = 5)", "non-responder (n = 6)"]
    assert figure_record(figure).headline.startswith("Pearson r")


def test_several_axes_of_a_figure_share_its_record(make):
    figure, hosts = plt.subplots(1, 2)
    draw(make["slopes"](), ax=hosts[0])
    draw(make["waterfall"](), ax=hosts[1])
    record = figure_record(figure)
    assert [one.analysis for one in record.results] == ["compare_visits", "summarise_response"]
    assert list(record.data) == ["1", "2"]


def test_a_figure_that_is_changed_later_is_fitted_when_it_is_drawn(make):
    """Half as wide, the points of a visit still stand apart, and labels are wrapped anew."""
    figure, host = plt.subplots(figsize=(8, 5), layout="constrained")
    draw_slopes(make["slopes"]([30.0] * 3, [20.0] * 3), ax=host)
    wide = panels_of(figure)[1].get_ylabel()
    figure.set_size_inches(4, 2.4)
    figure.suptitle("Added later")
    figure.canvas.draw()
    left, right = panels_of(figure)
    assert right.get_ylabel().count("\n") > wide.count("\n")
    points = left.transData.transform(left.collections[0].get_offsets())
    gaps = [np.hypot(*(a - b)) for a, b in combinations(points, 2)]
    diameter = figure_record(figure).style.point_pt / 72 * figure.dpi
    assert min(gaps) > 0.8 * diameter
    assert overlapping(label_boxes(figure)) == []


def test_several_axes_at_once_are_refused(make):
    _, hosts = plt.subplots(1, 2)
    with pytest.raises(FigureError) as caught:
        draw(make["slopes"](), ax=hosts)
    assert str(caught.value) == (
        "ax takes one matplotlib Axes; a ndarray was given. Give one of them, as axes[0]."
    )


def test_axes_of_no_figure_are_refused(make):
    host = Figure().add_subplot()
    host.remove()
    with pytest.raises(FigureError, match=r"^These Axes were removed from their figure; "):
        draw(make["slopes"](), ax=host)


def test_axes_without_room_are_refused(make):
    host = Figure(figsize=(4, 4)).add_axes((0.1, 0.1, 0.5, 0.0))
    with pytest.raises(FigureError) as caught:
        draw(make["slopes"](), ax=host)
    assert str(caught.value) == (
        "The axes given are 50.8 mm wide and 0.0 mm high; a figure needs at least 10 mm of both."
    )
