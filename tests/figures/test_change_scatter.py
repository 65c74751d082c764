"""The scatter draws both changes, the correlation and its leave-one-out range."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Annotation

from ketbio.figures import draw_change_scatter, figure_caption


def offsets(panel, label):
    [points] = [one for one in panel.collections if one.get_label() == label]
    return np.asarray(points.get_offsets())


def line(panel, label):
    [found] = [one for one in panel.lines if one.get_label() == label]
    return found


def test_every_participant_is_a_point_at_its_changes(drawn):
    scatter = drawn("scatter").axes[0]
    assert offsets(scatter, "responder").tolist() == [
        [0.92, -21.0],
        [0.41, -12.0],
        [0.63, -19.0],
        [0.12, -20.0],
        [0.55, -16.0],
    ]
    assert len(offsets(scatter, "non-responder")) == 6


def test_no_line_is_fitted(drawn):
    scatter = drawn("scatter").axes[0]
    assert sorted(found.get_label() for found in scatter.lines) == [
        "most influential",
        "zero",
        "zero",
    ]


def test_influential_participant_is_ringed_and_named(drawn):
    # without P04 r is -0.466, 0.224 away from -0.69: further than any other
    scatter, strip = drawn("scatter").axes
    ring = line(scatter, "most influential")
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (0.12, -20.0)
    [name] = [text for text in scatter.texts if isinstance(text, Annotation)]
    assert name.get_text() == "P04"
    assert line(strip, "most influential").get_ydata()[0] == pytest.approx(-0.466)


def test_ring_follows_the_point_in_the_strip(drawn):
    strip = drawn("scatter_forty", "single_column").axes[1]
    ring = line(strip, "most influential")
    place = (ring.get_xdata()[0], ring.get_ydata()[0])
    assert place in [tuple(point) for point in offsets(strip, "one left out")]


@pytest.mark.parametrize("name", ["scatter", "scatter_forty", "scatter_unknown_group"])
def test_name_hides_no_point(drawn, name):
    scatter = drawn(name, "single_column").axes[0]
    [label] = [text for text in scatter.texts if isinstance(text, Annotation)]
    box = label.get_window_extent()
    points = [offsets(scatter, one.get_label()) for one in scatter.collections]
    pixels = scatter.transData.transform(np.vstack(points))
    assert not any(box.contains(x, y) for x, y in pixels)


def test_strip_shows_interval_and_every_estimate_left_out(drawn):
    strip = drawn("scatter").axes[1]
    assert line(strip, "estimate").get_ydata() == pytest.approx([-0.69])
    assert line(strip, "interval").get_ydata() == pytest.approx([-0.91, -0.15])
    left_out = offsets(strip, "one left out")[:, 1]
    assert len(left_out) == 11
    assert (left_out.min(), left_out.max()) == pytest.approx((-0.74, -0.466))
    assert strip.get_ylim() == (-1.08, 1.08)


def test_r_its_interval_and_its_range_are_written(drawn):
    headline = drawn("scatter").texts[1].get_text().replace("\n", " ")
    assert headline == (
        "Pearson r −0.690, 95% CI −0.910 to −0.150; one left out: −0.740 to −0.466; p = .021"
    )


def test_axes_are_named_from_the_descriptions(drawn):
    scatter, strip = drawn("scatter").axes
    assert scatter.get_xlabel().replace("\n", " ") == (
        "Change in p-mTOR (Ser2448), baseline to day 14 (log2 ratio)"
    )
    assert scatter.get_ylabel().replace("\n", " ") == (
        "Change in MADRS, baseline to day 14 (points)"
    )
    assert strip.get_ylabel() == "Pearson r"


def test_axes_are_named_from_the_markers_where_nothing_describes_them(make):
    scatter = draw_change_scatter(make["scatter"](companions=())).axes[0]
    assert scatter.get_xlabel() == "Change in p-mTOR (Ser2448)"
    assert scatter.get_ylabel() == "Change in MADRS"


def test_a_marker_is_written_alike_on_axis_and_in_exclusions(make):
    excluded = pd.DataFrame({"participant_id": ["P1"], "reason": ["nacc_entropy: no value"]})
    result = make["scatter"](
        groups=("nacc_entropy", "MADRS"), marker="nacc_entropy", companions=(), excluded=excluded
    )
    figure = draw_change_scatter(result)
    assert figure.axes[0].get_xlabel() == "Change in nacc entropy"
    caption = figure_caption(result)
    assert caption.startswith("Change in nacc entropy, baseline to day 14")
    assert "Excluded: 1 – nacc entropy: no value (1)." in caption
    assert "nacc_entropy" not in caption


def test_groups_have_shapes_and_n_in_the_legend(drawn):
    [legend] = drawn("scatter_unknown_group").legends
    entries = [text.get_text() for text in legend.get_texts()]
    assert entries == ["responder (n = 5)", "non-responder (n = 5)", "not known (n = 1)"]
    markers = [handle.get_marker() for handle in legend.legend_handles]
    assert markers == ["o", "^", "s"]


@pytest.mark.parametrize(("low", "labels"), [(-0.9, "all, 95% CI"), (np.nan, "all")])
def test_an_interval_is_named_where_there_is_one(make, low, labels):
    strip = draw_change_scatter(make["scatter"](ci_low=low)).axes[1]
    assert strip.get_xticklabels()[0].get_text().replace("\n", " ") == labels


def test_no_legend_without_groups(drawn):
    figure = drawn("scatter_no_groups")
    assert figure.legends == []
    assert [text.get_text() for text in figure.axes[1].get_xticklabels()] == ["all, 95% CI"]


def test_without_estimate_there_is_no_strip_and_shared_points_are_told(drawn):
    figure = drawn("scatter_tied")
    assert len(figure.axes) == 1
    caption = figure.texts[-1].get_text().replace("\n", " ")
    assert "6 participants share their point with another." in caption


def with_three_lines(make):
    """Three points; the lines without one of them by hand."""
    result = make["scatter"]([0.0, 1.0, 2.0], [0.0, 2.0, 1.0])
    lines = [(3.0, -1.0), (0.0, 0.5), (0.0, 2.0)]  # without the first, the second, the third
    left_out = result.leave_one_out.assign(
        intercept=[one for one, _ in lines], slope=[one for _, one in lines]
    )
    return replace(result, data=result.data.assign(fitted=[0.5, 1.0, 1.5]), leave_one_out=left_out)


def test_the_line_lies_in_the_band_of_lines_with_one_left_out(make):
    result = with_three_lines(make)
    panel = draw_change_scatter(result).axes[0]
    [line] = [one for one in panel.lines if one.get_label() == "least squares"]
    assert line.get_xydata().tolist() == [[0.0, 0.5], [2.0, 1.5]]
    [band] = [one for one in panel.collections if one.get_label() == "lines with one left out"]
    corners = band.get_paths()[0].vertices
    ends = {x: sorted({y for at, y in corners.tolist() if at == x}) for x in (0.0, 2.0)}
    assert ends[0.0] == [0.0, 3.0]
    assert (ends[2.0][0], ends[2.0][-1]) == (1.0, 4.0)
    assert "which is no confidence band" in figure_caption(result)


def test_without_a_line_in_the_result_none_is_drawn(drawn, make):
    labels = [one.get_label() for one in drawn("scatter").axes[0].lines]
    assert "least squares" not in labels
    assert "Line:" not in figure_caption(make["scatter"]())
