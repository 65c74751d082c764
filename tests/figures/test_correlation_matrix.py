"""The matrix draws each coefficient at its place, its sign by shape; what does not fit is told."""

from itertools import combinations

import numpy as np
import pytest

from ketbio.errors import FigureError
from ketbio.figures import draw, draw_correlation_matrix
from ketbio.figures.record import figure_record
from ketbio.result import Result, Results

NASTY = ["$%&_^\\{}#~", "<script>x</script>", "蛋白质", "بروتين 🧠", "m" * 60]
ESTIMATES = {("a", "b"): 0.62, ("a", "c"): -0.21, ("b", "c"): -0.48}


def pair(x, y, r, **fields):
    given = {
        "outcome": f"change, before to after, with that of {y}",
        "groups": (x, y),
        "n": {"pairs": 11},
        "estimate": r,
        "estimate_name": "Pearson r",
        "ci_low": r - 0.3,
        "ci_high": r + 0.3,
        "ci_method": "Fisher z, two-sided",
        "p_value": 0.02,
        "p_method": "exact, 39,916,800 arrangements",
        "p_adjusted": 0.06,
        "adjustment": "Holm over 3 pairs of markers",
        "alternative": "two-sided",
    }
    return Result(analysis="correlate_markers", marker=x, **(given | fields))


def three(**fields):
    return Results([pair(*names, r, **fields) for names, r in ESTIMATES.items()])


def of(names):
    rng = np.random.default_rng(1)
    return [pair(x, y, float(rng.uniform(-0.9, 0.9))) for x, y in combinations(names, 2)]


def marks(panel):
    """Return (row, column) of each mark with the number of corners of its outline."""
    return {
        tuple(int(one) for one in points.get_offsets()[0][::-1]): points
        for points in panel.collections
    }


def texts(panel):
    return {
        (text.get_position()[1], text.get_position()[0]): text.get_text() for text in panel.texts
    }


@pytest.fixture(scope="module")
def panel():
    return draw(three(), style="double_column").axes[0]


def test_coefficients_stand_below_and_what_is_said_of_them_above(panel):
    said = texts(panel)
    assert {place: said[place] for place in [(1, 0), (2, 0), (2, 1)]} == {
        (1, 0): "0.62",
        (2, 0): "−0.21",
        (2, 1): "−0.48",
    }
    assert said[0, 1] == "0.32 to\n0.92\np .020\nadj. .060"
    assert len(said) == 6


def test_sign_is_a_shape_and_size_an_area(panel):
    found = marks(panel)
    sizes = {place: points.get_sizes()[0] for place, points in found.items()}
    assert sizes[1, 0] / sizes[2, 0] == pytest.approx(0.62 / 0.21)
    round_, square, other = (
        len(found[place].get_paths()[0].vertices) for place in [(1, 0), (2, 0), (2, 1)]
    )
    assert square == other != round_


def test_rows_are_numbered_and_columns_are_the_numbers(panel):
    assert [text.get_text() for text in panel.get_yticklabels()] == ["1 a", "2 b", "3 c"]
    assert [text.get_text() for text in panel.get_xticklabels()] == ["1", "2", "3"]


def test_n_is_written_where_it_differs():
    results = [pair("a", "b", 0.5), pair("a", "c", 0.2, n={"pairs": 9}), pair("b", "c", -0.1)]
    figure = draw_correlation_matrix(results, style="double_column")
    assert texts(figure.axes[0])[0, 2].endswith("n 9")
    assert "n = 9 to 11 participants per pair." in figure_record(figure).caption


def test_what_was_not_computed_is_a_dash():
    nan = float("nan")
    results = [pair("a", "b", 0.5), pair("a", "c", nan, p_value=nan, p_adjusted=nan), *of("bc")]
    figure = draw_correlation_matrix(results)
    said = texts(figure.axes[0])
    assert (said[2, 0], said[0, 2]) == ("–", "not computed")
    assert "–: not computed (1)." in figure_record(figure).caption


def test_record_has_every_number_and_the_words():
    record = figure_record(draw(three()))
    table = record.data["correlations"]
    assert table["estimate"].tolist() == [0.62, -0.21, -0.48]
    assert record.headline == (
        "Pearson r, 3 pairs of 3 markers: −0.48 to 0.62; smallest adjusted p = .060"
    )
    assert "a with b 0.62; b with c −0.48; a with c −0.21" in record.alternative
    assert "*" not in record.caption + record.headline


def test_numbers_that_do_not_fit_are_dropped_and_told():
    figure = draw_correlation_matrix(
        of([f"m{place}" for place in range(11)]), style="single_column"
    )
    assert texts(figure.axes[0]) == {}
    assert len(marks(figure.axes[0])) == 55
    assert "do not fit here and are in the figure's data" in figure_record(figure).caption


def test_too_many_for_the_width_are_refused():
    chain = [pair(f"m{place}", f"m{place + 1}", 0.1) for place in range(39)]
    words = "40 markers do not fit into a figure of 85 mm.*Choose a wider style"
    with pytest.raises(FigureError, match=words):
        draw_correlation_matrix(chain, style="single_column")


def test_names_of_any_kind_overlap_nothing(boxes):
    figure = draw_correlation_matrix(of(NASTY), style="single_column", note="Simulated data")
    found = list(boxes(figure).items())
    crossing = [
        (first, second)
        for (first, box), (second, other) in combinations(found, 2)
        if box.padded(-0.5).overlaps(other.padded(-0.5))
    ]
    assert crossing == []
    words = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert "No font here has these characters" in words


def test_markers_against_their_outcome_stand_in_one_column():
    results = [
        Result(
            analysis="correlate_changes", marker=name, outcome="change", groups=(name, "MADRS"),
            n={"pairs": 9}, estimate=r, estimate_name="Pearson r", ci_low=r - 0.1, ci_high=r + 0.1,
        )
        for name, r in (("a", 0.4), ("b", -0.3))
    ]  # fmt: skip
    panel = draw_correlation_matrix(results).axes[0]
    assert sorted(marks(panel)) == [(0, 0), (1, 0)]
    assert [text.get_text() for text in panel.get_xticklabels()] == ["MADRS"]
    assert texts(panel)[1, 1] == "−0.40 to\n−0.20"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "was given no result"),
        (3.0, "takes a list of results; a float was given"),
        ([3.0], "one of them is a float"),
        ([pair("a", "b", 0.1), pair("b", "a", 0.2)], "Two results are of b with a"),
        ([pair("a", "b", 0.1, groups=("a",))], "does not name its two markers"),
        (
            [Result(analysis="compare_visits", marker="a", outcome="", groups=(), n={})],
            "one result is of compare_visits. Leave it out",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(given, said):
    with pytest.raises(FigureError, match=said):
        draw_correlation_matrix(given)


def test_what_is_correlated_is_said_and_not_mixed():
    changes = [pair("a", "b", 0.4), pair("a", "c", 0.2)]
    record = figure_record(draw_correlation_matrix(changes))
    for said in (record.caption, record.alternative):
        assert "Of each: change, before to after." in said
    levels = pair("d", "e", 0.1, outcome="value at after, with that of e")
    with pytest.raises(FigureError, match="different things: change, before to after and value"):
        draw_correlation_matrix([*changes, levels])
