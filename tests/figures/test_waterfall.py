"""The waterfall draws every reduction, sorted, with the response line."""

import pytest

from ketbio.figures import draw_waterfall


def bars(panel, is_upright=True):
    found = {}
    for patches in panel.containers:
        for patch in patches:
            place = patch.get_x() if is_upright else patch.get_y()
            length = patch.get_height() if is_upright else patch.get_width()
            found[round(place + 0.39)] = (patches.get_label(), length)
    return [found[place] for place in sorted(found)]


def line(panel, label):
    [found] = [one for one in panel.lines if one.get_label() == label]
    return found


def test_bars_rise_from_the_least_reduction_to_the_largest(drawn):
    panel = drawn("waterfall").axes[0]
    lengths = [length for _, length in bars(panel)]
    assert lengths == [-12.5, 0.0, 8.8, 14.0, 21.4, 33.3, 48.0, 50.0, 55.9, 61.3, 72.1]
    ids = [text.get_text() for text in panel.get_xticklabels()]
    assert ids == ["P04", "P03", "P10", "P11", "P07", "P08", "P02", "P06", "P09", "P01", "P05"]


def test_response_is_coloured_and_hatched(drawn):
    panel = drawn("waterfall").axes[0]
    assert [group for group, _ in bars(panel)] == ["non-responder"] * 7 + ["responder"] * 4
    hatches = {c.get_label(): {patch.get_hatch() for patch in c} for c in panel.containers}
    assert hatches == {"responder": {""}, "non-responder": {"////"}}


def test_response_line_stands_at_the_threshold_of_the_data(make):
    result = make["waterfall"]()
    panel = draw_waterfall(make["waterfall"](data=result.data.assign(response_percent=40.0)))
    assert list(line(panel.axes[0], "response line").get_ydata()) == [40, 40]
    [legend] = panel.legends
    assert "response: reduction ≥ 40%" in [text.get_text() for text in legend.get_texts()]


def test_remitters_have_a_star_at_the_tip_of_their_bar(drawn):
    panel = drawn("waterfall").axes[0]
    stars = line(panel, "remitter")
    assert list(zip(stars.get_xdata(), stars.get_ydata(), strict=True)) == [(9, 61.3), (10, 72.1)]
    assert stars.get_marker() == "*"


def test_no_reduction_is_a_tick_that_can_be_seen(drawn):
    figure = drawn("waterfall", "single_column")
    ticks = [one for one in figure.axes[0].lines if one.get_label() == "no change"]
    assert [list(tick.get_ydata()) for tick in ticks] == [[0, 0]]
    assert ticks[0].get_linewidth() > 1.5  # points; the zero line has 0.6


def test_worse_than_at_baseline_goes_the_other_way(drawn):
    panel = drawn("waterfall_all_worse").axes[0]
    assert [length for _, length in bars(panel)] == [-40.0, -10.0, -3.0, 0.0]


def test_a_participant_without_value_has_a_cross(drawn):
    figure = drawn("waterfall_missing")
    panel = figure.axes[0]
    crosses = line(panel, "no value")
    assert list(crosses.get_xdata()) == [0, 1]
    assert [text.get_text() for text in panel.get_xticklabels()] == ["P02", "P04", "P03", "P01"]
    assert "Cross: no value at the endpoint." in figure.texts[-1].get_text().replace("\n", " ")


def test_bars_lie_down_where_ids_do_not_fit(drawn):
    upright, lying = (drawn("waterfall_forty", style) for style in ("slide", "single_column"))
    assert len(upright.axes[0].get_xticklabels()) == 40
    assert len(lying.axes[0].get_yticklabels()) == 40
    ordered = [length for _, length in bars(lying.axes[0], is_upright=False)]
    assert ordered == sorted(ordered)
    assert lying.axes[0].yaxis_inverted()  # the least reduction on top: read downwards


def test_legend_counts_what_is_drawn(drawn):
    [legend] = drawn("waterfall").legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "responder (n = 4)",
        "non-responder (n = 7)",
        "remission (n = 2)",
        "response: reduction ≥ 50%",
    ]


@pytest.mark.parametrize("name", ["waterfall", "waterfall_one"])
def test_axes_are_named_with_unit(drawn, name):
    panel = drawn(name).axes[0]
    assert panel.get_ylabel() == "Reduction in MADRS from baseline (%)"
    assert panel.get_xlabel() == "Participant"


def test_short_ids_are_read_without_turning_the_page(drawn):
    turned = [one.get_rotation() for one in drawn("waterfall").axes[0].get_xticklabels()]
    assert set(turned) == {0.0}


def test_ids_that_do_not_fit_side_by_side_are_turned(make):
    result = make["waterfall"]()
    longer = result.data.assign(participant_id=[f"KETA-{one:04d}" for one in range(11)])
    panel = draw_waterfall(make["waterfall"](data=longer), style="single_column").axes[0]
    assert {one.get_rotation() for one in panel.get_xticklabels()} == {90.0}
