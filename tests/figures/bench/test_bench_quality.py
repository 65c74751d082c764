"""Replicates, gels, methods, controls and dilutions: what is drawn is what the result says."""

import numpy as np
import pandas as pd
import pytest

from ketbio.errors import FigureError
from ketbio.figures import (
    alternative_text,
    draw,
    draw_bland_altman,
    draw_control_chart,
    draw_dilutions,
    draw_gel_overview,
    draw_plate_map,
    draw_replicate_cv,
    draw_standard_curve,
    figure_caption,
)
from ketbio.figures.placing import spread_apart
from ketbio.result import Result


def line(panel, label):
    [found] = [one for one in panel.lines if one.get_label() == label]
    return found


def points(panel, label):
    [found] = [one for one in panel.collections if one.get_label() == label]
    return np.asarray(found.get_offsets())


def shown(panel):
    return [one.get_text() for one in panel.texts if one.get_visible()]


def test_flagged_samples_are_triangles_with_their_name(drawn_bench):
    panel = drawn_bench("cv").axes[0]
    assert points(panel, "flagged")[:, 1].tolist() == [22.0, 25.0]
    assert len(points(panel, "within the limit")) == 10
    assert line(panel, "limit").get_ydata()[0] == 20.0
    assert set(shown(panel)) == {"limit 20%", "P01 baseline", "P01 day 14"}


def test_reliability_stands_above_the_replicates(drawn_bench):
    headline = drawn_bench("cv", "double_column").texts[1].get_text().replace("\n", " ")
    assert headline == (
        "Within-run CV 8.40%; between-run CV 11.2%; ICC(A,1) 0.930, 95% CI 0.880 to 0.980"
    )


def test_names_without_room_are_left_to_the_caption(drawn_bench):
    figure = drawn_bench("cv_all_flagged", "single_column")
    assert len(shown(figure.axes[0])) < 41
    assert "and 30 more." in figure.texts[-1].get_text().replace("\n", " ")


def test_every_band_is_drawn_in_the_panel_of_its_target(drawn_bench, bench):
    figure = drawn_bench("gel_sixteen")
    titles = [panel.get_title(loc="left") for panel in figure.axes]
    assert titles == [
        "Phospho S6 (Ser235/236), signal", "Total S6, signal", "GAPDH, signal",
        "Phospho mTOR (Ser2448), signal", "Total mTOR, signal", "Normalised value",
    ]  # fmt: skip
    drawn = [
        sum(len(one.get_xdata()) for one in panel.lines if one.get_linestyle() == "None")
        for panel in figure.axes[:-1]
    ]
    assert drawn == [16] * 5
    assert sum(drawn) == len(bench["gel_sixteen"]().data)


def test_faults_have_symbols_and_names(drawn_bench):
    figure = drawn_bench("gel_sixteen")
    phospho, total, loading = figure.axes[:3]
    assert line(phospho, "saturated").get_marker() == "^"
    assert line(loading, "negative signal").get_marker() == "v"
    assert line(total, "missing").get_marker() == "x"
    [legend] = figure.legends
    words = [one.get_text() for one in legend.get_texts()]
    assert words[2:] == [
        "saturated (2)", "negative signal (1)", "missing (1)",
        "smear, excluded by the laboratory (1)",
    ]  # fmt: skip


def test_bands_without_a_positive_signal_stand_below_the_break(drawn_bench):
    total = drawn_bench("gel_sixteen").axes[1]
    assert line(total, "missing").get_ydata()[0] < line(total, "break").get_ydata()[0]
    assert total.get_yticklabels()[0].get_text() == "≤ 0"


def test_lanes_are_in_the_order_of_their_numbers(bench):
    data = bench["gel"]().data
    data["lane"] = data["lane"].astype(str).replace({"2": "10"})
    figure = draw_gel_overview(Result(analysis="summarise_gel", marker="p_S6", outcome="gel G1",
                                      groups=(), n={"all": 4}, data=data))  # fmt: skip
    names = [one.get_text() for one in figure.axes[-1].get_xticklabels()]
    assert names[0] == "P01 · day 14 · basal"  # lane 1
    assert names[-2:] == ["reference", "P01 · baseline · basal"]  # lanes 8 and 10


def test_fault_of_the_other_band_is_not_the_bands_own(bench):
    result = bench["gel"]()
    result.data.loc[0, "fault"] = "total band saturated"
    result.data.loc[1, "fault"] = "saturated"
    figure = draw(result)
    assert line(figure.axes[0], "total band saturated").get_marker() != "^"
    assert line(figure.axes[1], "saturated").get_marker() == "^"


def test_absent_band_without_a_site_stands_with_its_fellows(bench):
    result = bench["gel"]()
    result.data.loc[0, ["site", "signal", "fault"]] = [None, np.nan, "phospho band absent"]
    figure = draw(result)
    assert len(figure.axes) == 3
    assert line(figure.axes[0], "absent").get_marker() == "x"


def test_bias_and_limits_are_lines_with_bands(drawn_bench):
    panel = drawn_bench("methods").axes[0]
    heights = [line(panel, name).get_ydata()[0] for name in ("bias", "lower limit", "upper limit")]
    assert heights == [1.7, -1.4, 4.8]
    bands = {one.get_label(): (one.get_y(), one.get_height()) for one in panel.patches}
    assert bands["interval of the bias"] == pytest.approx((0.9, 1.6))
    assert bands["interval of the upper limit"] == pytest.approx((3.7, 2.2))
    assert set(shown(panel)) == {"bias\n1.70", "lower limit\n−1.40", "upper limit\n4.80"}


def test_control_chart_has_its_lines_and_names_who_is_outside(drawn_bench):
    panel = drawn_bench("chart").axes[0]
    assert line(panel, "mean").get_ydata()[0] == 100.6
    assert line(panel, "+3 SD").get_ydata()[0] == pytest.approx(112.6)
    assert line(panel, "expected").get_ydata()[0] == 100.0
    assert points(panel, "outside").tolist() == [[4.0, 113.0]]
    assert "PL5" in shown(panel)
    assert list(line(panel, "run order").get_xdata()) == list(range(8))


def test_one_plate_has_no_sd_lines(drawn_bench):
    figure = drawn_bench("chart_one")
    assert shown(figure.axes[0]) == ["mean", "expected"]
    assert "No SD lines: the SD between plates is not known." in figure.texts[
        -1
    ].get_text().replace("\n", " ")


def test_plates_without_room_are_thinned_and_it_is_said(drawn_bench):
    panel = drawn_bench("chart_forty", "single_column").axes[0]
    assert panel.get_xlabel() == "Plate, in run order (one in 2 named)"
    assert len(panel.get_xticklabels()) == 20
    assert len(points(panel, "within the limits")) == 39


def test_dilutions_follow_each_sample(drawn_bench):
    panel = drawn_bench("dilutions").axes[0]
    assert list(line(panel, "sample P01 baseline").get_ydata()) == [100, 108, 116, 124]
    assert 10 ** line(panel, "sample P01 baseline").get_xdata() == pytest.approx([2, 4, 8, 16])
    assert len(points(panel, "not accepted")) == 5
    assert shown(panel) == ["P01 baseline", "P02 baseline", "P03 baseline"]


def test_a_label_on_two_plates_is_two_samples(bench):
    one = bench["dilutions"]().data.assign(plate_id="PL1")
    both = pd.concat([one, one.assign(plate_id="PL2")], ignore_index=True)
    result = Result(analysis="summarise_dilutions", marker="m", outcome="", groups=(), n={"s": 2},
                    data=both)  # fmt: skip
    paths = [one for one in draw(result).axes[0].lines if "sample" in one.get_label()]
    assert len(paths) == 6
    assert {len(path.get_xdata()) for path in paths} == {4}


def test_a_dilution_in_the_label_does_not_part_a_sample(bench):
    data = bench["dilutions"]().data
    data = data.assign(participant_id=data["label"].str[:3], visit="day_14")
    data["label"] += " 1:" + data["dilution_factor"].astype(int).astype(str)
    panel = draw(with_data(bench["dilutions"](), data)).axes[0]
    assert list(line(panel, "sample P01 day 14").get_ydata()) == [100, 108, 116, 124]


def test_methods_that_differ_by_a_factor_have_a_ratio(bench):
    result = bench["methods"]()
    ratio = Result(
        analysis="compare_methods",
        marker="m",
        outcome="",
        groups=("A", "B"),
        n={"pairs": 14},
        estimate=1.1,
        estimate_name="bias, as a ratio",
        null_value=1.0,
        data=result.data,
    )
    panel = draw(ratio).axes[0]
    assert panel.get_ylabel() == "Ratio, A ÷ B"
    assert panel.get_xlabel() == "Geometric mean of A and B"
    assert line(panel, "null").get_ydata()[0] == 1.0


def test_a_sample_of_two_runs_is_named_with_its_run(bench):
    result = bench["cv"]()
    result.data.loc[[0, 1], "sample"] = "P01 baseline"
    result.data.loc[1, "run"] = "PL2"
    names = shown(draw(result).axes[0])
    assert {"P01 baseline, PL1", "P01 baseline, PL2"} <= set(names)
    assert "Flagged: P01 baseline, PL2, P01 baseline, PL1." in figure_caption(result)


DRAWS = {
    "curve": draw_standard_curve,
    "map": draw_plate_map,
    "cv": draw_replicate_cv,
    "gel": draw_gel_overview,
    "methods": draw_bland_altman,
    "chart": draw_control_chart,
    "dilutions": draw_dilutions,
}
NEEDED = {
    "curve": "response",
    "map": "response",
    "cv": "cv_percent",
    "gel": "signal",
    "methods": "difference",
    "chart": "value",
    "dilutions": "recovery_percent",
}


def with_data(result, data):
    return Result(analysis=result.analysis, marker=result.marker, outcome="", groups=(), n={},
                  data=data)  # fmt: skip


@pytest.mark.parametrize("name", DRAWS)
def test_no_rows_are_refused(bench, name):
    result = bench[name]()
    with pytest.raises(FigureError, match="has no rows, so there is nothing to draw"):
        DRAWS[name](with_data(result, result.data.iloc[:0]))


@pytest.mark.parametrize(("name", "column"), NEEDED.items())
def test_a_column_that_is_not_there_is_named(bench, name, column):
    result = bench[name]()
    with pytest.raises(FigureError, match=f"lack '{column}', which the figure needs"):
        DRAWS[name](with_data(result, result.data.drop(columns=column)))


@pytest.mark.parametrize(("name", "column"), NEEDED.items())
def test_rows_without_a_number_are_refused(bench, name, column):
    result = bench[name]()
    data = result.data.assign(**{column: np.nan})
    with pytest.raises(FigureError, match="so there is nothing to draw"):
        DRAWS[name](with_data(result, data))


def test_recoveries_of_nothing_are_refused(bench):
    result = bench["dilutions"]()
    with pytest.raises(FigureError, match="lack 'dilution_factor' or 'spike', one of which"):
        draw(with_data(result, result.data.drop(columns="dilution_factor")))


@pytest.mark.parametrize("name", DRAWS)
def test_the_result_is_only_read(bench, name):
    result = bench[name]()
    before = result.data.copy()
    DRAWS[name](result, style="single_column")
    figure_caption(result)
    alternative_text(result)
    pd.testing.assert_frame_equal(result.data, before)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("curve", "Curve with wells of serum BDNF, standard curve of plate PL1. Corrected OD"),
        ("cv", "Scatter plot of CV against mean of serum BDNF, replicates. CV 1.68 to 25.0%."),
        ("gel", "Band signals by lane of p S6 S235 236, gel G1. Signal 759 to 4386."),
        ("methods", "Bland–Altman plot of serum BDNF, agreement of kit A and kit B. Difference "),
        ("chart", "Control chart of serum BDNF, control QC low over 8 plates. Value 97.0 to 113."),
        ("spikes", "Recovery by spike of serum BDNF, spike recovery. Recovery 94.3 to 133%."),
    ],
)
def test_those_who_do_not_see_it_are_told(bench, name, start):
    words = alternative_text(bench[name]())
    assert words.startswith(start)
    assert "  " not in words


@pytest.mark.parametrize("seed", range(5))
def test_spread_labels_do_not_overlap_and_keep_their_order(seed):
    random = np.random.default_rng(seed)
    centres, lengths = random.uniform(0, 100, 8), random.uniform(2, 8, 8)
    moved = spread_apart(centres, lengths, low=0, high=100)
    order = np.argsort(centres, kind="stable")
    gaps = np.diff(moved[order]) - (lengths[order][1:] + lengths[order][:-1]) / 2
    assert np.all(gaps > -0.05)
    assert np.all(moved - lengths / 2 > -0.05)
    assert np.all(moved + lengths / 2 < 100.05)
