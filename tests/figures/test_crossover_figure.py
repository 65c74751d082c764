"""The figure of a crossover: everybody is there, and what cannot be drawn is told."""

import numpy as np
import pandas as pd
import pytest

from ketbio.errors import FigureError
from ketbio.figures import draw, figure_record
from ketbio.result import Result

ROWS = pd.DataFrame(
    [
        ("P1", "KS", 1, "ketamine", -12.0, True, -9.0), ("P1", "KS", 2, "saline", -3.0, True, -9.0),
        ("P2", "KS", 1, "ketamine", -8.0, True, -6.0), ("P2", "KS", 2, "saline", -2.0, True, -6.0),
        ("P3", "SK", 1, "saline", -2.0, True, -7.0), ("P3", "SK", 2, "ketamine", -9.0, True, -7.0),
        ("P4", "SK", 1, "saline", -4.0, False, np.nan),
    ],
    columns=["participant_id", "sequence", "period", "treatment", "response", "is_complete",
             "difference"],
)  # fmt: skip


def crossover(rows=ROWS, **fields):
    given = {
        "marker": "MADRS", "outcome": "change, baseline to day_1", "unit": "points",
        "groups": ("ketamine", "saline"), "n": {"KS": 2, "SK": 1}, "estimate": -7.25,
        "estimate_name": "treatment difference, adjusted for period", "ci_low": -9.0,
        "ci_high": -np.inf, "data": rows,
    }  # fmt: skip
    return Result(analysis="compare_crossover", **(given | fields))


def test_everybody_is_drawn_and_who_lacks_a_period_is_open():
    left, right = draw(crossover()).axes
    lines = {line.get_label() for line in left.lines}
    assert {f"participant P{n}" for n in (1, 2, 3, 4)} <= lines
    points = [one for one in left.collections if one.get_label().startswith("period")]
    assert sum(len(one.get_offsets()) for one in points) == 7
    means = [line for line in left.lines if line.get_label().startswith("mean line")]
    assert all(line.get_zorder() < points[0].get_zorder() for line in means)
    open_ones = [
        face for one in points for face in one.get_facecolor().tolist() if face == [1, 1, 1, 1]
    ]
    assert len(open_ones) == 1
    differences = [one for one in right.collections if one.get_label().startswith("difference")]
    assert [len(one.get_offsets()) for one in differences] == [2, 1]


def test_lines_end_at_their_own_points():
    left = draw(crossover()).axes[0]
    first = next(line for line in left.lines if line.get_label() == "participant P1")
    assert first.get_ydata().tolist() == [-12.0, -3.0]
    ends = np.column_stack([first.get_xdata(), first.get_ydata()])
    points = np.vstack([one.get_offsets() for one in left.collections
                        if one.get_label().startswith("period")])  # fmt: skip
    assert all((np.abs(points - end).sum(axis=1) < 1e-9).any() for end in ends)


def test_the_open_point_and_the_sequences_are_told_in_words():
    record = figure_record(draw(crossover()))
    assert "KS (ketamine, then saline), 2 participants" in record.alternative
    assert "Open (1): a period is missing; not in the comparison." in record.caption
    assert "3 below 0" in record.alternative


def test_many_sequences_have_their_treatments_in_the_legend():
    orders = ["ABC", "BCA", "CAB", "ACB", "BAC", "CBA"]
    rows = pd.DataFrame(
        [
            (f"P{place}", order, period, f"{letter} in words", float(place + period), True, 1.0)
            for place, order in enumerate(orders)
            for period, letter in enumerate(order, start=1)
        ],
        columns=ROWS.columns,
    )
    figure = draw(crossover(rows, groups=("A in words", "C in words"), n=dict.fromkeys(orders, 1)))
    left, right = figure.axes
    assert left.get_xlabel() == "Period of the sequence"
    assert len([one for one in right.collections if "difference" in one.get_label()]) == 1
    faces = [face for one in left.collections for face in one.get_facecolor().tolist()]
    assert len(faces) == 18
    assert [1, 1, 1, 1] not in faces  # nobody lacks a period, so that nobody is open
    texts = [text.get_text() for legend in figure.legends for text in legend.texts]
    assert "BCA: B in words, then C in words, then A in words (n = 1)" in texts


def test_odd_names_are_drawn():
    long = "克他命 $x_1^2$ & 50% over forty minutes, then forty more"
    rows = ROWS.replace({"KS": "😀 <script>", "ketamine": long})
    figure = draw(crossover(rows, groups=(long, "saline"), ci_low=np.nan), style="frontiers_single")
    assert len(figure.axes) == 2
    texts = [text.get_text() for legend in figure.legends for text in legend.texts]
    assert all("\n" in text for text in texts)  # a key that is wider than the page is not cut


def test_a_result_without_an_answer_is_drawn():
    lone = ROWS[ROWS["sequence"] == "KS"].assign(difference=np.nan)
    figure = draw(crossover(lone, n={"KS": 2, "SK": 0}, estimate=np.nan, ci_low=np.nan,
                            warnings=("Nothing could be computed: one sequence.",)))  # fmt: skip
    assert figure_record(figure).headline == "Nothing could be computed: one sequence"


def test_no_rows_and_no_column_are_refused_with_one_sentence():
    with pytest.raises(FigureError, match="has no rows, so there is nothing to draw"):
        draw(crossover(ROWS.head(0)))
    with pytest.raises(FigureError, match="lack 'is_complete', which the figure needs"):
        draw(crossover(ROWS.drop(columns="is_complete")))
