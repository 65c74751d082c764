"""Values beyond limits are open symbols at the limit, whose line is named."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from ketbio.figures import draw_estimation, draw_slopes
from ketbio.figures.captions import figure_caption
from ketbio.result import Result


def estimation_of_both_sides():
    data = pd.DataFrame(
        {
            "participant_id": [f"P{i:02d}" for i in range(1, 7)],
            "group": ["responder"] * 3 + ["non-responder"] * 3,
            "value": [np.nan, 3.0, np.nan, 1.0, 2.0, np.nan],
            "censored": ["right", "", "left", "", "", "left"],
            "limit": [4.0, np.nan, 0.5, np.nan, np.nan, 0.7],
        }
    )
    return Result(
        analysis="compare_responders", marker="BDNF_plasma", outcome="value at baseline",
        groups=("responder", "non-responder"), n={"responder": 3, "non-responder": 3},
        unit="ng/mL", estimate_name="shift (not estimated: values beyond a limit)", data=data,
    )  # fmt: skip


def slopes_with_a_bounded_pair():
    data = pd.DataFrame({"participant_id": ["P01", "P02"], "baseline_value": [1.0, 2.0],
                         "endpoint_value": [2.0, 2.5], "change": [1.0, 0.5]})  # fmt: skip
    pairs = pd.DataFrame(
        {
            "participant_id": ["P01", "P02", "P03", "P04"],
            "baseline_value": [1.0, 2.0, np.nan, 1.5], "baseline_censored": ["", "", "left", ""],
            "baseline_limit": [np.nan, np.nan, 0.5, np.nan],
            "endpoint_value": [2.0, 2.5, np.nan, np.nan],
            "endpoint_censored": ["", "", "right", "right"],
            "endpoint_limit": [np.nan, np.nan, 4.0, 4.0],
        }
    )  # fmt: skip
    main = Result(
        analysis="compare_visits", marker="BDNF_plasma", outcome="change, before to after",
        groups=("after", "before"), n={"pairs": 2}, unit="ng/mL", estimate=0.75,
        estimate_name="mean change", data=data,
    )  # fmt: skip
    return replace(main, companions=(replace(main, role="sensitivity", data=pairs),))


def words(panel):
    return [one.get_text() for one in panel.texts]


def test_groups_show_both_limits_and_open_points_at_them():
    panel = draw_estimation(estimation_of_both_sides()).axes[0]
    (responders,) = [one for one in panel.collections if one.get_label() == "responder"]
    assert np.asarray(responders.get_offsets())[:, 1].tolist() == [4.0, 3.0, 0.5]
    faces = [to_hex(one) for one in responders.get_facecolor()]
    assert faces[0] == faces[2] == "#ffffff"
    assert faces[1] != "#ffffff"
    assert words(panel) == ["LLOQ 0.5 to 0.7 ng/mL", "ULOQ 4 ng/mL"]
    lines = {one.get_label(): one.get_ydata()[0] for one in panel.lines}
    assert (lines["LLOQ"], lines["ULOQ"]) == (0.7, 4.0)


def test_caption_tells_the_sides_apart():
    caption = figure_caption(estimation_of_both_sides())
    assert "Open (2): below the lower limit of quantification, drawn at it." in caption
    assert "Open (1): above the upper limit of quantification, drawn at it." in caption


def test_bounded_pairs_are_dashed_lines_with_open_ends():
    visits, change = draw_slopes(slopes_with_a_bounded_pair()).axes
    lines = {one.get_label(): one for one in visits.lines}
    assert tuple(lines["participant P03"].get_ydata()) == (0.5, 4.0)
    assert lines["participant P03"].get_linestyle() == "--"
    assert lines["participant P01"].get_linestyle() == "-"
    (after,) = [one for one in visits.collections if one.get_label() == "after"]
    assert np.asarray(after.get_offsets())[:, 1].tolist() == [2.0, 2.5, 4.0, 4.0]
    assert [to_hex(one) == "#ffffff" for one in after.get_facecolor()] == [False, False, True, True]
    (before,) = [one for one in visits.collections if one.get_label() == "before"]
    assert [to_hex(one) == "#ffffff" for one in before.get_facecolor()][2:] == [True, False]
    assert words(visits) == ["LLOQ 0.5 ng/mL", "ULOQ 4 ng/mL"]
    # a bounded change is no change
    (changes,) = [one for one in change.collections if one.get_label() == "change"]
    assert len(changes.get_offsets()) == 2
    caption = figure_caption(slopes_with_a_bounded_pair())
    assert "Dashed (2): an open value lies beyond a limit" in caption


@pytest.mark.parametrize("style", ["report", "single_column"])
def test_words_of_limits_stay_inside_their_panel(style):
    figure = draw_estimation(estimation_of_both_sides(), style=style)
    figure.canvas.draw()
    panel = figure.axes[0]
    inside = panel.get_window_extent()
    for text in panel.texts:
        box = text.get_window_extent()
        assert inside.y0 <= box.y0 < box.y1 <= inside.y1
