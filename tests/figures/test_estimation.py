"""The estimation plot draws the numbers of the result."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from ketbio.figures import draw_estimation, figure_caption


def heights(panel, label):
    [points] = [one for one in panel.collections if one.get_label() == label]
    return np.asarray(points.get_offsets())[:, 1].tolist()


def line(panel, label):
    [found] = [one for one in panel.lines if one.get_label() == label]
    return np.asarray(found.get_ydata(), dtype=float).tolist()


def labels(panel):
    return [found.get_label() for found in panel.lines]


def test_every_participant_is_a_point_at_its_value(drawn):
    groups = drawn("estimation").axes[0]
    assert heights(groups, "responder") == [0.92, 0.41, 0.63, 0.12, 0.55]
    assert heights(groups, "non-responder") == [0.05, -0.21, 0.18, -0.02, 0.31, -0.35]


def test_points_stay_in_their_column(drawn):
    groups = drawn("estimation_forty", "single_column").axes[0]
    for place, label in enumerate(["responder", "non-responder"]):
        [points] = [one for one in groups.collections if one.get_label() == label]
        x = np.asarray(points.get_offsets())[:, 0]
        assert np.abs(x - place).max() <= 0.27 + 1e-9


def test_tied_participants_are_all_seen(drawn):
    groups = drawn("estimation_tied", "slide").axes[0]
    [points] = [one for one in groups.collections if one.get_label() == "responder"]
    pixels = groups.transData.transform(points.get_offsets())
    gaps = np.diff(np.sort(pixels[:, 0]))
    diameter = 9 * 150 / 72
    assert len(gaps) == 4
    assert gaps.min() >= diameter


def test_means_and_sd_are_those_of_the_companions(drawn):
    groups = drawn("estimation").axes[0]
    assert line(groups, "mean responder") == pytest.approx([0.526])
    bars = [found for found in groups.lines if len(found.get_xdata()) == 2]
    spread = np.std([0.92, 0.41, 0.63, 0.12, 0.55], ddof=1)
    ends = [np.asarray(bar.get_ydata()).tolist() for bar in bars]
    assert pytest.approx([0.526 - spread, 0.526 + spread]) in ends


def test_no_means_are_drawn_that_the_result_does_not_carry(make):
    groups = draw_estimation(make["estimation"](companions=())).axes[0]
    assert not [label for label in labels(groups) if str(label).startswith("mean")]


def test_interval_stands_at_the_numbers(make):
    result = make["estimation"]()
    panel = draw_estimation(result).axes[1]
    assert line(panel, "estimate") == [result.estimate]
    assert line(panel, "interval") == [result.ci_low, result.ci_high]
    assert line(panel, "null") == [0, 0]


def test_zero_of_the_difference_is_level_with_the_second_mean(drawn):
    groups, difference = drawn("estimation").axes
    mean = np.mean([0.05, -0.21, 0.18, -0.02, 0.31, -0.35])
    level_mean = groups.transData.transform((0, mean))[1]
    level_zero = difference.transData.transform((0, 0))[1]
    assert level_zero == pytest.approx(level_mean, abs=1e-6)
    level_first = groups.transData.transform((0, 0.526))[1]
    level_estimate = difference.transData.transform((0, 0.526 - mean))[1]
    assert level_estimate == pytest.approx(level_first, abs=1e-6)


def test_another_estimate_has_an_axis_of_its_own(drawn):
    groups, difference = drawn("estimation_shift").axes
    assert difference.get_ylabel() == "Hodges–Lehmann shift (log2 ratio)"
    assert "lead" not in labels(groups)


@pytest.mark.parametrize(
    ("low", "high", "arrows"),
    [
        (-np.inf, 0.9, ["open below"]),
        (0.1, np.inf, ["open above"]),
        (-np.inf, np.inf, ["open below", "open above"]),
        (0.1, 0.9, []),
    ],
)
def test_a_limit_at_infinity_is_an_arrow_and_is_said(make, low, high, arrows):
    figure = draw_estimation(make["estimation"](ci_low=low, ci_high=high))
    panel = figure.axes[1]
    assert [label for label in labels(panel) if str(label).startswith("open")] == arrows
    headline = figure.texts[0].get_text().replace("\n", " ")
    assert all(arrow.split()[1] in headline for arrow in arrows)
    assert ("arrow" in headline) == bool(arrows)
    ends = dict(zip(["open below", "open above"], panel.get_ylim(), strict=True))
    for arrow in arrows:
        assert line(panel, arrow) == [ends[arrow]]


def test_without_interval_only_the_estimate_is_drawn(drawn):
    panel = drawn("estimation_tied").axes[1]
    assert "interval" not in labels(panel)
    assert line(panel, "estimate") == [0.0]


def test_without_estimate_there_is_no_second_panel(drawn):
    assert len(drawn("estimation_no_estimate").axes) == 1


def test_null_distribution_has_a_bar_per_step_and_p_counts_the_dark(make):
    # 3 v 3: 20 arrangements, the observed one and its mirror as extreme: p = 2/20
    x, y = [3.0, 4.0, 6.0], [1.0, 2.0, 2.5]
    null = np.array([2 * sum(one) / 3 - 18.5 / 3 for one in combinations([*x, *y], 3)])
    result = make["estimation"](x, y, null_distribution=null, p_value=0.1)
    bars = draw_estimation(result).axes[1].containers
    lengths = [np.array([patch.get_width() for patch in bar]) for bar in bars]
    assert len(lengths[0]) == len(np.unique(null.round(9)))
    dark = [patch.get_y() + patch.get_height() / 2 for patch in bars[1] if patch.get_width() > 0]
    assert dark == [pytest.approx(-2.5), pytest.approx(2.5)]
    assert lengths[1].sum() / sum(one.sum() for one in lengths) == pytest.approx(0.1)
    assert "dark: those that p counts" in figure_caption(result)


@pytest.mark.parametrize("fields", [{"p_value": 0.3}, {"alternative": "two-sided-doubled"}])
def test_nothing_is_dark_where_p_counts_another_share(make, fields):
    null = np.linspace(-0.6, 0.6, 41)
    result = make["estimation"](null_distribution=null, **({"p_value": 0.1} | fields))
    _, dark = draw_estimation(result).axes[1].containers
    assert all(patch.get_width() == 0 for patch in dark)
    assert "dark" not in figure_caption(result)


def test_a_cloud_only_where_ten_values_differ(make):
    few = draw_estimation(make["estimation"]()).axes[0]
    assert "density" not in [one.get_label() for one in few.collections]
    tied = [1.0, 2.0, 3.0] * 5
    spread = [0.5 + 0.1 * step for step in range(10)]
    result = make["estimation"](spread, tied)
    panel = draw_estimation(result).axes[0]
    [cloud] = [one for one in panel.collections if one.get_label() == "density"]
    box = cloud.get_paths()[0].get_extents()
    assert (box.y0, box.y1) == (pytest.approx(0.5), pytest.approx(1.4))  # nowhere beyond the data
    assert box.x1 < 0  # left of the first group's points, which stand at 0
    assert "Cloud beside the points (responder): their density." in figure_caption(result)


NULL = np.array([-0.6, -0.2, 0.0, 0.0, 0.2, 0.6])


@pytest.mark.parametrize(
    "fields",
    [
        {"statistic": np.inf},
        {"statistic": -np.inf},
        {"statistic": np.nan},
        {"statistic": 2.7},
        {"statistic_name": "Welch t"},  # the same number by chance is another statistic still
        {"estimate": 0.0, "statistic": 0.0, "statistic_name": "Welch t"},
        {"estimate_name": "mean difference within blocks"},
        {"null_distribution": np.array([-np.inf, 0.0, 0.6])},
        {"estimate": np.inf, "statistic": np.inf},
    ],
)
def test_a_null_of_another_statistic_is_neither_drawn_nor_told(make, fields):
    result = make["estimation"](**({"null_distribution": NULL} | fields))
    assert not draw_estimation(result).axes[1].collections
    assert not draw_estimation(result).axes[1].patches
    assert "Grey bars" not in figure_caption(result)


def test_a_probability_of_superiority_has_its_null_at_a_half_and_its_axis_from_0_to_1(drawn):
    groups, panel = drawn("estimation_superiority").axes
    assert line(panel, "null") == [0.5, 0.5]
    assert line(panel, "estimate") == [1.0]
    assert panel.spines["right"].get_bounds() == (0.0, 1.0)
    low, high = panel.get_ylim()
    assert [tick for tick in panel.get_yticks() if low <= tick <= high] == [0, 0.25, 0.5, 0.75, 1]
    assert not panel.collections
    [contrast] = [text.get_text().replace("\n", " ") for text in panel.get_xticklabels()]
    assert contrast == "responder over non-responder"
    assert panel.get_ylabel() == "Probability of superiority"
    assert groups.get_ylabel().replace("\n", " ").endswith("baseline to day 14 (log2 ratio)")


def test_where_medians_are_compared_the_dashes_are_medians_and_the_axes_level(drawn):
    groups, difference = drawn("estimation_medians").axes
    assert line(groups, "median responder") == [0.55]
    assert line(groups, "median non-responder") == pytest.approx([0.015])
    assert not [label for label in labels(groups) if str(label).startswith("mean")]
    level_median = groups.transData.transform((0, 0.015))[1]
    assert difference.transData.transform((0, 0))[1] == pytest.approx(level_median, abs=1e-6)
    assert labels(groups).count("lead") == 2


def test_values_below_the_limit_are_open_points_at_the_limit(drawn):
    groups = drawn("estimation_censored").axes[0]
    assert heights(groups, "responder") == [1.2, 0.5, 2.4]
    assert heights(groups, "non-responder") == [0.5, 0.5, 0.9, 1.0]
    [points] = [one for one in groups.collections if one.get_label() == "responder"]
    assert [tuple(face) == (1, 1, 1, 1) for face in points.get_facecolor()] == [False, True, False]
    caption = drawn("estimation_censored").texts[-1].get_text().replace("\n", " ")
    assert "Open (3): below the lower limit of quantification, drawn at it." in caption
    assert "not drawn" not in caption


def test_a_value_that_is_missing_is_not_drawn_and_is_said(make):
    result = make["estimation"]()
    data = result.data.copy()
    data.loc[0, "value"] = np.nan
    figure = draw_estimation(make["estimation"](data=data))
    assert len(heights(figure.axes[0], "responder")) == 4
    caption = figure.texts[-1].get_text().replace("\n", " ")
    assert "Without a number, not drawn: 1 participant." in caption


def test_axes_name_quantity_unit_and_n(drawn):
    groups, difference = drawn("estimation", "slide").axes
    label = "Change in p-mTOR (Ser2448), baseline to day 14 (log2 ratio)"
    assert groups.get_ylabel().replace("\n", " ") == label
    assert difference.get_ylabel() == "Mean difference (log2 ratio)"
    named = [text.get_text().replace("\n", " ") for text in groups.get_xticklabels()]
    assert named == ["responder (n = 5)", "non-responder (n = 6)"]


def test_participants_of_a_third_group_are_drawn(make):
    data = pd.DataFrame(
        {
            "participant_id": ["P1", "P2", "P3"],
            "group": ["responder", "non-responder", "partial"],
            "value": [1.0, 2.0, 3.0],
        }
    )
    groups = draw_estimation(make["estimation"](data=data)).axes[0]
    assert heights(groups, "partial") == [3.0]
