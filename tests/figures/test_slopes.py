"""The slopes draw both visits and every change of the result."""

import numpy as np
import pytest

from ketbio.figures import draw_slopes

BEFORE = [45.0, 38, 41, 33, 50, 36, 29, 44, 39, 36]
AFTER = [30.0, 22, 41, 12, 39, 20, 27, 24, 21, 32]


def heights(panel, label):
    [points] = [one for one in panel.collections if one.get_label() == label]
    return np.asarray(points.get_offsets())[:, 1].tolist()


def line(panel, label):
    [found] = [one for one in panel.lines if one.get_label() == label]
    return found


def test_each_participant_has_a_line_between_its_two_values(drawn):
    visits = drawn("slopes").axes[0]
    for number, ends in enumerate(zip(BEFORE, AFTER, strict=True), start=1):
        found = line(visits, f"participant P{number:02d}")
        assert tuple(found.get_ydata()) == ends


def test_lines_end_at_their_points(drawn):
    visits = drawn("slopes_forty", "single_column").axes[0]
    columns = [np.asarray(points.get_offsets()) for points in visits.collections]
    for number in range(40):
        found = line(visits, f"participant P{number + 1:02d}")
        for end, points in enumerate(columns):
            assert found.get_xdata()[end] == points[number, 0]
            assert found.get_ydata()[end] == points[number, 1]


def test_points_of_both_visits_and_changes(drawn):
    visits, change = drawn("slopes").axes
    assert heights(visits, "baseline") == BEFORE
    assert heights(visits, "day_14") == AFTER
    assert heights(change, "change") == [b - a for a, b in zip(BEFORE, AFTER, strict=True)]


def test_mean_line_joins_the_means_of_the_companions(drawn):
    visits = drawn("slopes").axes[0]
    assert line(visits, "mean line").get_ydata() == pytest.approx([39.1, 26.8])


def test_interval_of_the_change(drawn):
    change = drawn("slopes").axes[1]
    assert line(change, "estimate").get_ydata() == pytest.approx([-12.3])
    assert line(change, "interval").get_ydata() == pytest.approx([-18.9, -6.1])
    assert list(line(change, "null").get_ydata()) == [0, 0]


def test_axes_are_named_with_unit(drawn):
    visits, change = drawn("slopes").axes
    assert visits.get_ylabel() == "MADRS (points)"
    assert change.get_ylabel() == "Change, day 14 − baseline (points)"
    assert [text.get_text() for text in visits.get_xticklabels()] == ["baseline", "day 14"]
    named = [text.get_text().replace("\n", " ") for text in change.get_xticklabels()]
    assert named == ["each (n = 10)", "mean change, 95% CI"]


def test_other_confidence_level_is_named(make):
    change = draw_slopes(make["slopes"](ci_level=0.9)).axes[1]
    assert "90% CI" in change.get_xticklabels()[1].get_text().replace("\n", " ")


def test_without_an_interval_none_is_named(make):
    change = draw_slopes(make["slopes_tied"]()).axes[1]
    assert change.get_xticklabels()[1].get_text().replace("\n", " ") == "mean change"


def test_no_means_are_drawn_that_the_result_does_not_carry(make):
    visits = draw_slopes(make["slopes"](companions=())).axes[0]
    assert not [found for found in visits.lines if str(found.get_label()).startswith("mean")]


def shown_names(figure):
    return [one.get_text() for one in figure.axes[1].texts if one.get_visible()]


def test_few_participants_are_named_beside_their_change_and_many_are_not(drawn):
    assert sorted(shown_names(drawn("slopes"))) == [f"P{one:02d}" for one in range(1, 11)]
    assert shown_names(drawn("slopes_forty")) == []


def test_names_too_long_for_the_room_are_not_written(make):
    result = make["slopes"]()
    long = result.data.assign(participant_id=[f"CENTRE-{one:020d}" for one in range(10)])
    figure = draw_slopes(make["slopes"](data=long), style="single_column")
    assert shown_names(figure) == []
