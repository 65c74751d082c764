"""The flow of participants: boxes that add up, side boxes with reasons, and the same in words."""

from itertools import combinations

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ketbio.errors import FigureError
from ketbio.figures import draw_flow
from ketbio.figures.flow_steps import flow_steps, flow_words

NASTY = "60% <script>alert(1)</script> &_^{}#~$\\frac 多中心 مشارك 🙂 " + "x" * 60


def flow(*rows, **columns):
    table = pd.DataFrame(rows, columns=["step", "n", "excluded", "reasons"])
    return table.assign(**columns)


STUDY = flow(
    ("in the study table", 13, 0, ""),
    ("MADRS at baseline", 13, 0, ""),
    ("MADRS at day_14", 12, 1, "P_09: no value at day_14"),
    ("serum BDNF at both visits", 10, 3, "P_01 and P_09: no value at day_14; P_02: haemolysed"),
    ("entropy at both visits", 13, 0, ""),
    stage=["enrolled", "assessed", "assessed", "analysed", "analysed"],
    n_per_group=["", "", "responder 5; non-responder 7", "responder 4; non-responder 6", ""],
)
ARMS = flow(
    ("randomised", 40, 0, ""),
    ("allocated", 20, 0, ""),
    ("followed up", 18, 2, "P03: moved away; P11: withdrew consent"),
    ("allocated", 20, 0, ""),
    ("followed up", 20, 0, ""),
    arm=["", "ketamine", "ketamine", "midazolam", "midazolam"],
)
TWELVE = flow(
    *[
        (f"step {k} {NASTY}", 40 - k, min(k, 1), f"P{k:02d}: {NASTY}; P99: {NASTY}" if k else "")
        for k in range(12)
    ]
)
CASES = {"study": STUDY, "arms": ARMS, "twelve": TWELVE, "one": flow(("enrolled", 0, 0, ""))}


def words(figure):
    return [one.get_text() for one in figure.axes[0].texts if one.get_text()]


def overlap(a, b, slack=0.5):
    return min(a.x1, b.x1) - max(a.x0, b.x0) > slack and min(a.y1, b.y1) - max(a.y0, b.y0) > slack


def test_boxes_hold_the_steps_and_side_boxes_the_reasons():
    said = words(draw_flow(STUDY))
    assert said[:6] == [
        "In the study table",
        "n = 13",
        "MADRS at baseline",
        "n = 13",
        "MADRS at day 14",
        "n = 12",
    ]
    assert "responder 5, non-responder 7" in said
    assert said.count("Excluded (n = 1)") == 1
    assert "P_09: no value at day 14" in said  # the code as it is, the visit as it is spoken
    assert "Excluded (n = 0)" not in said


def test_markers_count_against_everyone_and_the_caption_says_so():
    steps = flow_steps(STUDY)
    assert [one.is_branch for one in steps] == [False, False, False, True, True]
    figure = draw_flow(STUDY)
    assert "each count against all 13 at the first step" in figure.record.caption


def test_the_flow_in_words_is_an_ordered_list():
    assert flow_words(flow_steps(STUDY)) == (
        "Flow diagram of participants. 1. In the study table: 13. 2. MADRS at baseline: 13. "
        "3. MADRS at day 14: 12 (responder 5, non-responder 7), 1 excluded (P_09: no value at day "
        "14). 4. Serum BDNF at both visits: 10 of 13 (responder 4, non-responder 6), 3 excluded "
        "(P_01 and P_09: no value at day 14; P_02: haemolysed). 5. Entropy at both visits: 13 of "
        "13."
    )
    record = draw_flow(STUDY).record
    assert record.alternative == flow_words(flow_steps(STUDY))
    assert record.data["flow"] is STUDY
    assert record.kind == "Flow diagram"


def test_arms_stand_side_by_side_level_with_each_other():
    figure = draw_flow(ARMS)
    boxes = [one for one in figure.axes[0].patches if isinstance(one, Rectangle)]
    lefts = sorted({round(one.get_x(), 3) for one in boxes})
    assert len(lefts) == 2
    tops = [{round(one.get_y(), 3) for one in boxes if round(one.get_x(), 3) == x} for x in lefts]
    assert tops[1] < tops[0]  # each of the second arm's is level with one of the first's
    assert words(figure)[2:5] == ["ketamine", "Allocated", "n = 20"]


@pytest.mark.parametrize("name", CASES)
def test_every_line_is_inside_one_box_and_no_two_overlap(boxes, name):
    figure = draw_flow(CASES[name], style="single_column", note="Simulated data")
    found = boxes(figure)
    frames = [
        one.get_window_extent() for one in figure.axes[0].patches if isinstance(one, Rectangle)
    ]
    lines = [one.get_window_extent() for one in figure.axes[0].texts if one.get_text()]
    assert [b for b in found.values() if b.x0 < -0.5 or b.x1 > figure.bbox.width + 0.5] == []
    assert not any(overlap(a, b) for a, b in combinations(frames, 2))
    assert not any(overlap(a, b) for a, b in combinations(found.values(), 2))
    assert all(
        sum(
            frame.x0 <= one.x0 and one.x1 <= frame.x1 + 1 for frame in frames if overlap(frame, one)
        )
        == 1
        for one in lines
    )


def test_it_grows_with_what_there_is_to_say():
    few, many = (draw_flow(TWELVE.head(size)).get_figheight() for size in (2, 4))
    assert many > 1.5 * few


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([1, 2], r"takes the flow table, a DataFrame; a list was given"),
        (STUDY.drop(columns="n"), r"lacks 'n'; columns there"),
        (STUDY.head(0), r"has 0 rows; a flow of 1 to 60 steps"),
        (STUDY.assign(n=[13, 13, 11, 10, 13]), r"does not add up at row 3 \(MADRS at day 14\)"),
        (STUDY.assign(n=["13", "x", 1, 1, 1]), r"Row 2 of the flow table has n = 'x'"),
        (STUDY.assign(excluded=[0, 0, -1, 3, 0]), r"Row 3 .* excluded = -1"),
        (ARMS.assign(n=[40, 19, 17, 20, 20]), r"hold 39 participants .* and 40 were there"),
    ],
)
def test_what_is_no_flow_is_refused_with_one_sentence(table, said):
    with pytest.raises(FigureError, match=said):
        draw_flow(table)


def test_a_run_is_refused_with_the_way_out():
    class Run:
        flow = STUDY

    with pytest.raises(FigureError, match=r"a Run was given\. Give its \.flow\."):
        draw_flow(Run())


def test_given_axes_hold_the_flow_or_are_refused_for_their_height():
    own = Figure(figsize=(7, 7))
    assert draw_flow(STUDY, ax=own.subplots()) is own
    low = Figure(figsize=(7, 2))
    with pytest.raises(FigureError, match=r"needs \d+ mm of height at this width, and the axes"):
        draw_flow(STUDY, ax=low.subplots())


def test_too_many_arms_side_by_side_are_refused():
    rows = [("randomised", 80, 0, ""), *[("allocated", 10, 0, "")] * 8]
    table = flow(*rows, arm=["", *[f"dose {k}" for k in range(8)]])
    with pytest.raises(FigureError, match="8 arms do not fit side by side"):
        draw_flow(table, style="single_column")
