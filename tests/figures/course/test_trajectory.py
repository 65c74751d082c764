"""The trajectory plot draws every participant, the means of those present, and n below."""

import numpy as np
import pytest

from ketbio.errors import FigureError
from ketbio.figures import alternative_text, draw, draw_trajectory, figure_caption
from ketbio.figures.course_parts import centres_of


@pytest.fixture(scope="module")
def figure(course):
    return draw(course.madrs(), style="single_column", note="Simulated data")


def test_every_participant_is_a_line_through_its_values(course, figure):
    panel = figure.axes[0]
    for participant, values in course.rows.items():
        drawn = course.lines(panel, f"participant {participant}")
        points = [one for one in drawn if one.get_marker() not in ("None", None, "")]
        heights = sorted(float(y) for one in points for y in one.get_ydata())
        assert heights == sorted(float(value) for value in values if value is not None)


def test_visits_stand_at_their_days(figure):
    panel = figure.axes[0]
    assert panel.get_xticks().tolist() == [0, 1, 7, 14]
    assert [one.get_text() for one in panel.get_xticklabels()] == ["0", "1", "7", "14"]
    assert panel.get_xlabel() == "Day (0: baseline)"


def test_a_line_over_a_missing_visit_is_dashed(course, figure):
    drawn = {
        participant: [
            (one.get_linestyle(), one.get_xdata().tolist())
            for one in course.lines(figure.axes[0], f"participant {participant}")
            if one.get_linestyle() != "None"
        ]
        for participant in ("P01", "P02")
    }
    assert drawn["P01"] == [("-", [0, 1]), ("-", [1, 7]), ("-", [7, 14])]
    assert drawn["P02"] == [("-", [0, 1]), ("--", [1, 14])]
    assert "Dashed: over a visit without a value." in figure_caption(course.madrs())


def test_means_of_the_groups_are_those_of_the_result(course, figure):
    result, panel = course.madrs(), figure.axes[0]
    centres = centres_of(result)
    for group in ("responder", "non-responder"):
        [line] = course.lines(panel, f"centre {group}")
        expected = [
            centres[visit, group].estimate for visit in course.visits if (visit, group) in centres
        ]
        assert line.get_ydata().tolist() == expected


def test_counts_below_are_of_those_with_a_value(figure):
    counts = figure.axes[1]
    rows = {label.get_text(): place for place, label in enumerate(counts.get_yticklabels())}
    told = {
        name: [one.get_text() for one in counts.texts if one.get_position()[1] == place]
        for name, place in rows.items()
    }
    assert told == {
        "n, responder": ["3", "3", "2", "3"],
        "n, non-responder": ["2", "2", "2", "2"],
        "n, not known": ["1", "1", "1", "0"],
    }


def test_lines_are_named_where_they_end_and_remission_is_drawn(course, figure):
    words = {one.get_text() for one in figure.axes[0].texts}
    assert words == {"responder", "non-responder", "remission ≤ 10"}
    [remission] = course.lines(figure.axes[0], "remission line")
    assert list(remission.get_ydata()) == [10, 10]


def test_no_text_lies_over_another(course, boxes, figure):
    assert course.overlaps(boxes(figure)) == []


@pytest.fixture(scope="module")
def forty(course):
    return draw_trajectory(course.many(), style="single_column")


def test_forty_participants_and_one(course, boxes, forty):
    assert course.overlaps(boxes(forty)) == []
    alone = course.madrs({"P01": [30, 20, 15, 12]}, grouped=False)
    figure = draw_trajectory(alone)
    assert not course.lines(figure.axes[0], "interval")
    assert [one.get_text() for one in figure.axes[1].texts] == ["1"] * 4


def test_visits_without_days_are_evenly_spaced_and_the_axis_says_so(course):
    rows = {name: values[:2] for name, values in course.rows.items()}
    figure = draw_trajectory(course.madrs(rows, ["baseline", "end of treatment"], grouped=False))
    assert figure.axes[0].get_xticks().tolist() == [0, 1]
    assert figure.axes[0].get_xlabel().replace("\n", " ") == "Visit (evenly spaced, not by day)"


def test_values_beyond_a_limit_are_open_at_it_and_medians_are_drawn(course):
    result = course.plasma()
    panel = draw_trajectory(result).axes[0]
    is_open = [one for one in panel.lines if one.get_markerfacecolor() == "white"]
    assert sorted(y for one in is_open for y in one.get_ydata()) == [0.5, 0.5]
    assert any(one.get_text().startswith("LLOQ 0.5") for one in panel.texts)
    [median] = course.lines(panel, "centre all")
    assert median.get_ydata().tolist() == [1.1, 1.1]
    said = figure_caption(result)
    assert "Thick line: median of those present" in said
    assert "Open (2): beyond a limit of quantification" in said


def test_any_name_is_drawn(course, boxes, nasty):
    assert course.overlaps(boxes(draw_trajectory(nasty, style="single_column"))) == []


def test_what_is_said_to_those_who_do_not_see_it(course):
    said = alternative_text(course.madrs())
    assert said.startswith("Trajectory plot of MADRS, course, baseline to day 14.")
    assert "One line per participant (6 participants), values 12 to 44." in said
    assert "responders day 14 15.0 (n = 3)" in said


def test_record_holds_the_rows(figure):
    record = figure.record
    assert record.kind == "Trajectory plot"
    assert len(record.data["data"]) == 24


def test_nothing_known_is_refused(course):
    result = course.madrs()
    empty = course.madrs(data=result.data.assign(value=np.nan))
    with pytest.raises(FigureError, match="no row with a number in 'value'"):
        draw_trajectory(empty)
    with pytest.raises(FigureError, match="lack 'day'"):
        draw_trajectory(course.madrs(data=result.data.drop(columns="day")))


def test_days_whose_counts_do_not_fit_stand_evenly_spaced_and_the_axis_says_so(forty):
    panel = forty.axes[0]
    assert panel.get_xticks().tolist() == [0, 1, 2, 3]
    assert [one.get_text() for one in panel.get_xticklabels()] == ["0", "1", "7", "14"]
    assert panel.get_xlabel().replace("\n", " ") == "Day (0: baseline); evenly spaced"
