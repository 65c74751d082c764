"""What the figures of plates draw is what the result says."""

import numpy as np
import pytest

from ketbio.figures import draw_plate_map, draw_standard_curve
from ketbio.figures.log_axis import log_ticks


def line(panel, label):
    [found] = [one for one in panel.lines if one.get_label() == label]
    return found


def caption(figure):
    return figure.texts[-1].get_text().replace("\n", " ")


def test_standards_stand_at_their_concentration_and_zero_left_of_the_break(drawn_bench):
    panel = drawn_bench("curve_forty").axes[0]
    x = line(panel, "standard").get_xdata()
    assert sorted(set(np.round(x, 3)))[1:] == [0.892, 1.193, 1.494, 1.796, 2.097, 2.398, 2.699]
    assert min(x) < line(panel, "break").get_xdata()[0] < 0.892
    assert panel.get_xlim()[0] < min(x)


def test_zero_is_named_on_the_axis(drawn_bench):
    lower = drawn_bench("curve_forty").axes[1]
    assert lower.get_xticklabels()[0].get_text() == "0"
    assert lower.get_xlabel() == "Concentration in the well (ng/mL)"
    assert lower.get_xlim() == drawn_bench("curve_forty").axes[0].get_xlim()


def test_masked_and_refused_standards_are_crosses(drawn_bench):
    panel = drawn_bench("curve").axes[0]
    masked, refused = line(panel, "masked"), line(panel, "recovery not accepted")
    assert (masked.get_marker(), list(masked.get_ydata())) == ("x", [0.9])
    assert refused.get_marker() == "X"
    assert len(refused.get_ydata()) == 2
    assert len(line(panel, "standard").get_ydata()) == 13


def test_samples_beyond_the_range_stand_at_the_limit_and_point_out(drawn_bench):
    panel = drawn_bench("curve").axes[0]
    below, above = line(panel, "sample below range"), line(panel, "sample above range")
    assert 10 ** below.get_xdata() == pytest.approx([7.8])
    assert 10 ** above.get_xdata() == pytest.approx([500.0, 500.0])
    assert (below.get_marker(), above.get_marker()) == ("<", ">")
    assert below.get_markerfacecolor() == "white"


def test_samples_stand_on_their_reading_with_an_interval(drawn_bench, bench):
    panel = drawn_bench("curve_forty").axes[0]
    rows = bench["curve_forty"]().data.query("role == 'sample'")
    assert 10 ** line(panel, "sample").get_xdata() == pytest.approx(rows["concentration"])
    [bars] = [one for one in panel.collections if one.get_label() == "interval sample"]
    ends = np.array([path.vertices[:, 0] for path in bars.get_paths()])
    assert 10**ends == pytest.approx(rows[["ci_low", "ci_high"]].to_numpy())


def test_limits_are_lines_with_their_value(drawn_bench):
    panel = drawn_bench("curve_close_limits").axes[0]
    places = [10 ** line(panel, name).get_xdata()[0] for name in ("LOD", "LLOQ", "ULOQ")]
    assert places == pytest.approx([7.2, 7.8, 500.0])
    assert [one.get_text() for one in panel.texts] == ["LOD 7.20", "LLOQ 7.80", "ULOQ 500"]


def test_a_recovery_beyond_the_axis_is_told(drawn_bench):
    lower = drawn_bench("curve").axes[1]
    assert [one.get_text() for one in lower.texts] == ["310%"]
    [beyond] = [one for one in lower.lines if one.get_label() == "beyond"]
    assert (beyond.get_marker(), list(beyond.get_ydata())) == ("^", [200.0])


@pytest.mark.parametrize(("limit", "low", "high"), [(None, 80, 120), (15.0, 85, 115)])
def test_band_of_recovery_is_that_of_the_plan(bench, limit, low, high):
    result = bench["curve_forty"]()
    result.data["recovery_limit_percent"] = limit
    lower = draw_standard_curve(result).axes[1]
    [band] = [one for one in lower.patches if one.get_label() == "accepted recovery"]
    assert (band.get_y(), band.get_y() + band.get_height()) == (low, high)


def test_caption_names_what_is_not_drawn_or_beyond(drawn_bench):
    words = caption(drawn_bench("curve"))
    assert "below the range (P01 baseline)" in words
    assert "above the range (P01 day 14, P02 baseline)" in words
    assert "Crosses, masked: C1." in words
    assert "Without a number, not drawn: E3." in words
    assert "No test" not in words


def test_a_plate_without_a_curve_says_why(drawn_bench):
    figure = drawn_bench("curve_failed")
    assert figure.texts[1].get_text() == "Nothing could be computed: the curve is flat"
    assert len(figure.axes) == 1
    assert not [one for one in figure.axes[0].lines if one.get_label() == "curve"]


def test_plate_has_its_wells_where_they_are(drawn_bench, bench):
    plate = drawn_bench("map").axes[0]
    [mesh] = [one for one in plate.collections if one.get_label() == "wells"]
    grid = mesh.get_array()
    rows = bench["map"]().data.set_index("well")["response"]
    assert grid.shape == (8, 12)
    assert grid[0, 0] == rows["A1"]
    assert grid[6, 4] == rows["G5"]
    assert drawn_bench("map_384").axes[0].collections[0].get_array().shape == (16, 24)


def test_wells_carry_role_and_value(drawn_bench):
    plate = drawn_bench("map").axes[0]
    words = {one.get_position(): one.get_text() for one in plate.texts}
    assert words[0, 0] == "S\n0.05"
    assert words[11, 4] == "B\n−0.01"
    assert words[3, 0] == "1.58"
    assert words[5, 0] == "–"
    narrow = {one.get_text() for one in drawn_bench("map_384", "single_column").axes[0].texts}
    assert narrow == {"S", "B", "C", "", "–"}


def test_masked_wells_are_crossed_out(drawn_bench):
    plate = drawn_bench("map").axes[0]
    strokes = [one for one in plate.lines if one.get_label() == "masked"]
    middles = {(float(one.get_xdata().mean()), float(one.get_ydata().mean())) for one in strokes}
    assert middles == {(0, 3), (3, 6), (7, 1)}
    assert "Crossed out: masked (D1, G4, B8)." in caption(drawn_bench("map"))


def test_colours_rise_in_luminance(drawn_bench):
    [mesh] = drawn_bench("map").axes[0].collections
    colours = mesh.cmap(np.linspace(0, 1, 30))[:, :3] @ [0.299, 0.587, 0.114]
    assert np.all(np.diff(colours) > 0)


def test_text_stands_out_from_its_well(drawn_bench):
    plate = drawn_bench("map").axes[0]
    colour = {one.get_position(): one.get_color() for one in plate.texts}
    assert colour[0, 0] == "white"  # OD 0.05: dark
    assert colour[0, 7] == "#222222"  # OD 2.14: light


@pytest.mark.parametrize("well", ["Q1", "A25", "A0", "", "1A"])
def test_a_well_that_is_none_is_refused(bench, well):
    result = bench["map"]()
    result.data.loc[0, "well"] = well
    with pytest.raises(Exception, match=r"is not on a plate; .*384") as caught:
        draw_plate_map(result)
    assert repr(well) in str(caught.value)
    assert type(caught.value).__name__ == "FigureError"


def test_a_well_there_twice_is_refused(bench):
    result = bench["map"]()
    result.data.loc[1, "well"] = "A01"
    with pytest.raises(Exception, match="has well 'A01' twice") as caught:
        draw_plate_map(result)
    assert type(caught.value).__name__ == "FigureError"


def test_ticks_are_never_more_than_asked_for():
    for low in np.linspace(-3, 3, 25):
        for span in (0.3, 0.8, 2, 7):
            ticks = log_ticks(low, low + span, most=5)
            assert 1 <= len(ticks) <= 5
            assert all(low - 1e-6 <= np.log10(tick) <= low + span + 1e-6 for tick in ticks)
