"""Parallel lines: one per participant over the range of their values, all participants visible."""

import numpy as np
import pandas as pd
import pytest

from ketbio.errors import FigureError
from ketbio.figures import alternative_text, draw
from ketbio.figures.repeated_correlation import draw_repeated_correlation
from ketbio.result import Result


def repeated(n=5, visits=3, names=None, **fields):
    rng = np.random.default_rng(2)
    ids = [f"P{i + 1:02}" for i in range(n)] if names is None else names
    level = rng.normal(size=(n, 1))
    x = level + rng.normal(size=(n, visits))
    y = 20 + 3 * level + 2 * (x - level) + rng.normal(size=(n, visits))
    fitted = y.mean(axis=1, keepdims=True) + 2 * (x - x.mean(axis=1, keepdims=True))
    who = np.repeat(ids, visits)
    given = {
        "marker": "BDNF_serum",
        "outcome": f"values over {visits} visits within participants, with those of MADRS",
        "groups": ("BDNF_serum", "MADRS"),
        "n": {"participants": n},
        "estimate": 0.6,
        "estimate_name": "repeated-measures correlation",
        "ci_low": 0.1,
        "ci_high": 0.9,
        "p_value": 0.03,
        "p_method": "exact, 7,776 arrangements",
        "data": pd.DataFrame(
            {"participant_id": who, "x": x.ravel(), "y": y.ravel(), "fitted": fitted.ravel()}
        ),
        "leave_one_out": pd.DataFrame(
            {"participant_id": ids, "estimate": np.linspace(0.2, 0.62, n), "p_value": 0.1}
        ),
    }
    return Result(analysis="correlate_repeated", **(given | fields))


def lines_of(panel):
    return [line for line in panel.lines if line.get_label() == "common slope"]


def test_every_participant_has_a_line_over_the_range_of_their_values_all_of_one_slope():
    result = repeated()
    panel = draw(result).axes[0]
    lines = lines_of(panel)
    assert len(lines) == 5
    slopes = [np.diff(one.get_ydata())[0] / np.diff(one.get_xdata())[0] for one in lines]
    assert slopes == pytest.approx([2.0] * 5)
    for line, (_, own) in zip(lines, result.data.groupby("participant_id"), strict=True):
        assert line.get_xdata() == pytest.approx([own["x"].min(), own["x"].max()])
    marks = {one.get_label(): one for one in panel.collections if len(one.get_offsets()) == 3}
    assert {f"P{i:02}" for i in range(1, 6)} <= set(marks)


def test_the_one_who_carries_it_is_dark_and_named_and_told():
    result = repeated()
    panel = draw(result).axes[0]
    widths = [one.get_linewidth() for one in lines_of(panel)]
    assert int(np.argmax(widths)) == 0  # P01, without whom the estimate is 0.2
    assert "P01" in [one.get_text() for one in panel.texts]
    told = alternative_text(result)
    assert "Dark line: P01, without whom the estimate moves most (to 0.200)" in told
    assert "15 pairs of values of 5 participants" in told


@pytest.mark.parametrize(
    "result",
    [
        repeated(40, 4),
        repeated(2, 2),
        repeated(3, names=["参与者一", "😀", "$x_1^{2}$ <script>"]),
    ],
    ids=["40 participants", "2 participants", "names of all scripts"],
)
def test_hard_ones_are_drawn_without_an_overlap(result, text_faults):
    figure = draw_repeated_correlation(result, style="frontiers_single", note="Simulated data")
    assert text_faults(figure) == []


def test_tied_values_and_no_fit_are_drawn_as_points():
    data = pd.DataFrame({"participant_id": ["P1", "P1"], "x": [1.0, 1.0], "y": [2.0, 2.0]})
    panel = draw(repeated(data=data, estimate=float("nan"))).axes[0]
    assert lines_of(panel) == []
    with pytest.raises(FigureError, match="lack 'y'"):
        draw(repeated(data=data.drop(columns="y")))


def test_lagged_changes_say_so_on_the_axis():
    outcome = "changes between 4 visits within participants, with the change of MADRS 1 visit later"
    panel = draw(repeated(outcome=outcome)).axes[0]
    assert panel.get_xlabel().replace("\n", " ") == "Change in serum BDNF"
    assert panel.get_ylabel().replace("\n", " ") == "Change in MADRS, 1 visit later"
