"""The spider plot: percent change per participant, the response line, names at the ends."""

import numpy as np
import pytest

from ketbio.errors import FigureError
from ketbio.figures import draw_spider, figure_caption
from ketbio.figures.palette import GROUP_MARKS


@pytest.fixture(scope="module")
def figure(course):
    return draw_spider(course.madrs(), style="single_column", note="Simulated data")


def test_percent_change_from_baseline_by_hand(course, figure):
    drawn = [
        one
        for one in course.lines(figure.axes[0], "participant P01")
        if one.get_marker() not in ("None", None, "")
    ]
    heights = [float(y) for one in drawn for y in one.get_ydata()]
    assert heights == pytest.approx([0, -37.5, -55.0, -70.0])  # 40, 25, 18, 12


def test_lines_have_the_colour_and_the_mark_of_their_group(course, figure):
    for participant, group in {"P01": "responder", "P03": "non-responder"}.items():
        drawn = course.lines(figure.axes[0], f"participant {participant}")
        assert {one.get_color() for one in drawn if one.get_linestyle() != "None"} == {
            GROUP_MARKS[group].colour
        }
        marks = {one.get_marker() for one in drawn} - {"None"}
        assert marks == {GROUP_MARKS[group].marker}


def test_response_line_stands_at_minus_fifty_and_is_named(course, figure):
    [line] = course.lines(figure.axes[0], "response line")
    assert list(line.get_ydata()) == [-50, -50]
    assert "response −50%" in [one.get_text() for one in figure.axes[0].texts]


def test_everybody_is_named_once_and_who_left_beside_the_last_point(course, figure):
    words = [one.get_text() for one in figure.axes[0].texts if one.get_visible()]
    assert sorted(words) == [*course.rows, "response −50%"]
    assert "No value at day 14: P04." in figure.texts[-1].get_text().replace("\n", " ")


def test_headline_and_words_count_those_at_the_last_visit(figure):
    said = "3 of 5 participants at day 14 at a reduction of 50% or more"
    assert said in figure.record.headline
    assert said in figure.record.alternative
    assert figure.record.kind == "Spider plot"
    assert figure.record.alternative.startswith("Spider plot of MADRS, baseline to day 14")


def test_no_name_lies_over_another(course, boxes, figure):
    assert course.overlaps(boxes(figure)) == []


def test_forty_participants_are_all_named(course, boxes):
    figure = draw_spider(course.many(), style="single_column")
    words = [one.get_text() for one in figure.axes[0].texts if one.get_visible()]
    assert len(words) == 41
    assert course.overlaps(boxes(figure)) == []


def test_any_name_is_drawn(course, boxes, nasty):
    assert course.overlaps(boxes(draw_spider(nasty, style="single_column"))) == []


def test_without_percent_changes_it_is_refused(course):
    result = course.madrs()
    without = course.madrs(data=result.data.assign(percent_change=np.nan))
    with pytest.raises(FigureError, match="no row with a number in 'percent_change'"):
        draw_spider(without)


def test_in_given_axes_the_figure_stays_the_users(course):
    from matplotlib.figure import Figure  # noqa: PLC0415

    own = Figure(figsize=(8, 4))
    left, _ = own.subplots(1, 2)
    assert draw_spider(course.madrs(), ax=left) is own
    assert "MADRS" in figure_caption(course.madrs())
