"""Response rates and Kaplan–Meier curves as figures: everybody drawn, nothing over another."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from ketbio.analyses import compare_response_rates, describe_time_to_response
from ketbio.endpoints import derive_response, derive_scale_total
from ketbio.errors import FigureError
from ketbio.figures import draw
from ketbio.figures.record import figure_record
from ketbio.figures.style import group_marks
from ketbio.result import Result

VISITS = ("baseline", "day_1", "day_3", "day_7", "day_14")
ARMS = ("氯胺酮 " * 8 + "$x_1^2$", "saline, an arm with a name of sixty characters or so <b>")


def trial(names, n=12):
    rng = np.random.default_rng(20260301)
    rows = []
    for one in range(2 * n):
        start, fall = 34, 4 if one < n else 2
        last = 5 if one % 5 else 3
        for step, visit in enumerate(VISITS[:last]):
            total = float(max(0, round(start - step * fall + rng.normal(0, 4)))) if step else 34.0
            rows.append((f"P{one + 1:02d}", visit, total))
    table = pd.DataFrame(rows, columns=["participant_id", "visit", "madrs_total"])
    ids = list(dict.fromkeys(table["participant_id"]))
    people = pd.DataFrame({"participant_id": ids, "arm": [names[0]] * n + [names[1]] * n})
    return derive_scale_total(table), people


def results_of(names, n=12):
    endpoints, people = trial(names, n)
    response = derive_response(endpoints, baseline="baseline", endpoint="day_14")
    given = {"participants": people, "arm": "arm", "reference": names[1]}
    return {
        "rates": compare_response_rates(response, **given)[0],
        "remission": compare_response_rates(response, outcome="remission", **given)[0],
        "times": describe_time_to_response(endpoints, baseline="baseline", **given)[0],
        "all": describe_time_to_response(endpoints, baseline="baseline")[0],
    }


@pytest.fixture(scope="module")
def made():
    return results_of(ARMS)


@pytest.mark.parametrize(
    ("name", "style", "kind"),
    [
        ("rates", "frontiers_single", "Response rates"),
        ("remission", "report", "Response rates"),
        ("times", "frontiers_single", "Kaplan–Meier curves"),
        ("times", "poster", "Kaplan–Meier curves"),
        ("all", "report", "Kaplan–Meier curves"),
    ],
)
def test_nothing_overlaps_and_all_is_told_in_words(made, text_faults, name, style, kind):
    figure = draw(made[name], style=style, note="Simulated data")
    assert text_faults(figure) == []
    record = figure_record(figure)
    assert record.kind == kind
    assert record.alternative.startswith(kind)
    assert record.headline
    assert record.caption


def points_of(panel, labels):
    return sum(len(one.get_offsets()) for one in panel.collections if one.get_label() in labels)


def test_every_participant_is_a_mark_and_who_is_missing_a_cross(made):
    result = made["rates"]
    panel = draw(result).axes[0]
    missing = int(result.data["is_imputed"].sum())
    assert missing > 0
    assert points_of(panel, ARMS) == len(result.data) - missing
    assert points_of(panel, ("missing",)) == missing
    [threshold] = [one for one in panel.lines if one.get_label() == "threshold"]
    assert set(threshold.get_ydata()) == {50}
    assert min(one.get_offsets()[:, 1].min() for one in panel.collections
               if one.get_label() in ARMS) > panel.get_ylim()[0]  # fmt: skip


def test_the_reference_has_the_first_mark_as_in_figures_of_models(made):
    first, second = (to_hex(mark.colour) for mark in group_marks(["reference", "other"]).values())
    people = draw(made["rates"]).axes[0].collections
    faces = {
        part.get_label(): {to_hex(each) for each in part.get_facecolor()}
        for part in people
        if part.get_label() in ARMS
    }
    assert faces == {ARMS[0]: {second}, ARMS[1]: {first}}
    curves = draw(made["times"]).axes[0].lines
    events = [to_hex(one.get_markerfacecolor()) for one in curves if one.get_label() == "events"]
    assert set(events) == {second}  # nobody of the reference responds here


def test_every_event_is_a_mark_on_its_step_and_the_steps_are_the_shares(made):
    result = made["times"]
    panel, counts = draw(result).axes
    marks = [one for one in panel.lines if one.get_label() == "events"]
    assert sum(len(one.get_xdata()) for one in marks) == int(result.data["is_event"].sum())
    for name in ARMS:
        own = result.data[result.data["group"] == name]
        [curve] = [one for one in panel.lines if one.get_label() == f"curve {name}"]
        steps = own.drop_duplicates("day")["share"].to_list()
        assert curve.get_ydata().tolist() == [0, *steps]
    written = [text.get_text() for text in counts.texts]
    assert written[0] == str(result.n[ARMS[0]])  # all are followed on day 0
    dashes = {one.get_linestyle() for one in panel.lines if one.get_label().startswith("curve")}
    assert len(dashes) == 2  # told apart without colour


def test_nobody_with_the_event_is_a_flat_line_and_one_person_is_drawn():
    totals = pd.DataFrame(
        {"participant_id": ["P1", "P1"], "visit": ["baseline", "day_7"], "madrs_total": [30.0, 29]}
    )
    [flat] = describe_time_to_response(derive_scale_total(totals), baseline="baseline")
    panel, counts = draw(flat).axes
    [curve] = [one for one in panel.lines if one.get_label() == "curve all"]
    assert curve.get_ydata().tolist() == [0, 0]
    assert [text.get_text() for text in counts.texts] == ["1", "1"]


def test_one_in_each_arm_and_all_tied(text_faults):
    made = results_of(("a", "placebo"), n=1)
    for name in ("rates", "times"):
        assert text_faults(draw(made[name], style="single_column")) == []


@pytest.mark.parametrize("analysis", ["compare_response_rates", "describe_time_to_response"])
def test_a_result_without_rows_is_refused_in_a_sentence(analysis):
    empty = Result(analysis=analysis, marker="MADRS", outcome="response", groups=("a", "b"), n={})
    with pytest.raises(FigureError, match="nothing to draw"):
        draw(empty)
