"""The forest: every result a row, its interval cut only where told, its numbers beside it."""

from itertools import combinations

import numpy as np
import pytest

from ketbio.errors import FigureError
from ketbio.figures import draw, draw_forest
from ketbio.figures.record import figure_record
from ketbio.result import Result, Results

NAN = float("nan")
NASTY = ["$%&_^\\{}#~", "<script>x</script>", "蛋白质", "بروتين 🧠", "m" * 60]


def comparison(marker, g, reach=1.0, **fields):
    given = {
        "outcome": "change, before to after",
        "groups": ("responder", "non-responder"),
        "n": {"responder": 5, "non-responder": 6},
        "effect_size": g,
        "effect_size_name": "Hedges' g",
        "effect_size_ci": (g - reach, g + reach),
        "p_value": 0.021,
        "p_method": "exact, 462 arrangements",
        "p_adjusted": 0.063,
        "adjustment": "Holm over 3 markers",
        "alternative": "two-sided",
    }
    return Result(analysis="compare_responders", marker=marker, **(given | fields))


def correlation(marker, r, **fields):
    given = {
        "outcome": "change, against the change of MADRS",
        "groups": (marker, "MADRS"),
        "n": {"pairs": 11},
        "effect_size": r,
        "effect_size_name": "Pearson r",
        "effect_size_ci": (r - 0.2, r + 0.2),
        "p_value": 0.3,
    }
    return Result(analysis="correlate_changes", marker=marker, **(given | fields))


def lines(panel, label):
    return [line for line in panel.lines if line.get_label() == label]


def words(panel):
    return [text.get_text() for text in panel.texts]


@pytest.fixture(scope="module")
def figure():
    results = [comparison("a", 0.8), comparison("b", -0.3), comparison("c", 0.1)]
    return draw(Results(results), style="double_column", note="Simulated data")


def test_every_result_is_a_row_with_its_effect_and_interval(figure):
    _, effects, _ = figure.axes
    drawn = [line.get_xdata().tolist() for line in lines(effects, "interval")]
    assert drawn == [pytest.approx(ends) for ends in ([-0.2, 1.8], [-1.3, 0.7], [-0.9, 1.1])]
    assert [lines(effects, name)[0].get_xdata()[0] for name in ("A", "B", "C")] == [0.8, -0.3, 0.1]
    assert lines(effects, "null")[0].get_xdata()[0] == 0.0
    heights = [line.get_ydata()[0] for line in lines(effects, "interval")]
    assert heights == sorted(heights)


def test_numbers_stand_in_columns(figure):
    names, _, numbers = figure.axes
    assert words(names) == ["A", "B", "C"]
    said = words(numbers)
    assert [word for word in said if word in ("n / n", "Effect (95% CI)", "p", "p adj.")] == [
        "n / n",
        "Effect (95% CI)",
        "p",
        "p adj.",
    ]
    assert "−0.30 (−1.30 to 0.70)" in said
    assert [said.count(word) for word in ("5 / 6", ".021", ".063")] == [3, 3, 3]


def test_the_axis_says_what_is_compared(figure):
    assert figure.axes[1].get_xlabel() == "Hedges' g, responder − non-responder"


def test_words_of_the_figure(figure):
    record = figure_record(figure)
    assert record.headline == "Hedges' g of 3 markers; smallest adjusted p = .063"
    assert record.alternative.startswith(
        "Forest plot of 3 markers; Hedges' g, responder − non-responder: "
        "a 0.80 (−0.20 to 1.80), n = 5 / 6, p = "
    )
    assert "p: exact permutation, two-sided." in record.caption
    assert "Arrow" not in record.caption
    assert record.data["forest"]["effect_size"].tolist() == [0.8, -0.3, 0.1]


def test_one_unit_is_drawn_in_that_unit():
    fields = {"unit": "ng/mL", "estimate_name": "mean difference", "ci_low": 1.0, "ci_high": 12.5}
    results = [
        comparison("a", 0.8, estimate=6.0, **fields),
        comparison("b", 0.1, estimate=5, **fields),
    ]
    effects = draw_forest(results, style="double_column").axes[1]
    assert effects.get_xlabel().replace("\n", " ") == (
        "Mean difference, responder − non-responder (ng/mL)"
    )
    assert lines(effects, "A")[0].get_xdata()[0] == 6.0


def test_a_probability_of_superiority_has_its_null_at_a_half():
    name = "probability of superiority"
    figure = draw_forest([comparison("a", 0.8, 0.1, effect_size_name=name)])
    assert lines(figure.axes[1], "null")[0].get_xdata()[0] == 0.5
    assert "responder over non-responder" in figure.axes[1].get_xlabel().replace("\n", " ")


def test_open_and_wide_intervals_end_in_an_arrow():
    results = [
        comparison("a", 0.8),
        comparison("b", 0.2, effect_size_ci=(-np.inf, 1.0)),
        comparison("c", 0.1, effect_size_ci=(-0.5, 90.0)),
    ]
    figure = draw_forest(results)
    effects = figure.axes[1]
    left, right = effects.get_xlim()
    arrows = {line.get_marker(): line.get_xdata()[0] for line in lines(effects, "goes on")}
    assert arrows == {"<": left, ">": right}
    assert right < 10
    assert (
        "Arrow: the interval is open, or goes on beyond the axis." in figure_record(figure).caption
    )


def test_what_has_no_number_is_listed_with_why():
    empty = Result(
        analysis="compare_responders", marker="b", outcome="change, before to after",
        groups=("responder", "non-responder"), n={"responder": 0, "non-responder": 6},
        warnings=("Nothing could be computed: no responder has a usable value.",),
    )  # fmt: skip
    open_ended = comparison("c", 0.4, effect_size_ci=(NAN, NAN))
    figure = draw_forest([comparison("a", 0.8), empty, open_ended])
    caption = figure_record(figure).caption
    assert "– b: no responder has a usable value." in caption
    assert "– c: no interval." in caption
    assert words(figure.axes[0]) == ["A", "B", "C"]
    assert words(figure.axes[1]) == ["–"]


def test_no_result_at_all_is_still_listed():
    nothing = comparison("a", NAN, effect_size_ci=(NAN, NAN), p_value=NAN, p_adjusted=NAN)
    figure = draw_forest([nothing])
    assert words(figure.axes[1]) == ["–"]


def test_analyses_stand_apart_on_axes_of_their_own():
    results = [
        comparison("a", 0.8, title="By response"),
        correlation("a", -0.6, title="With the MADRS"),
        correlation("b", 0.2, title="With the MADRS"),
    ]
    figure = draw_forest(results)
    assert len(figure.axes) == 6
    assert words(figure.axes[0]) == ["By response", "A"]
    assert words(figure.axes[3]) == ["With the MADRS", "A", "B"]
    assert figure.axes[4].get_xlabel() == "Pearson r"


def test_forty_markers_make_a_higher_figure(figure):
    many = draw_forest([comparison(f"m{place}", 0.01 * place) for place in range(40)])
    assert many.get_size_inches()[1] > 1.7 * figure.get_size_inches()[1]
    assert len(lines(many.axes[1], "interval")) == 40


def test_names_of_any_kind_overlap_nothing(boxes):
    results = [comparison(name, 0.3 * place) for place, name in enumerate(NASTY)]
    figure = draw_forest([*results, correlation("a", 0.1)], style="single_column")
    found = list(boxes(figure).items())
    crossing = [
        (first, second)
        for (first, box), (second, other) in combinations(found, 2)
        if box.padded(-0.5).overlaps(other.padded(-0.5))
    ]
    assert crossing == []
    width = figure.bbox.width
    assert all(box.x0 >= 0 and box.x1 <= width for _, box in found)


def test_numbers_give_way_where_there_is_no_room():
    figure = draw_forest([comparison(name, 0.2) for name in NASTY], style="single_column")
    assert "In the figure's data, for want of room: the effects and intervals as numbers" in (
        figure_record(figure).caption
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "was given no result"),
        ("a", "takes a list of results; a str was given"),
        ([Result(analysis="summarise_response", marker="a", outcome="", groups=(), n={})],
         "one result is of summarise_response"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_in_one_sentence(given, said):
    with pytest.raises(FigureError, match=said):
        draw_forest(given)


def test_changes_and_levels_do_not_share_an_axis():
    changes = correlation("a", -0.6)
    levels = correlation("a", 0.2, outcome="value at day_14, against that of MADRS")
    figure = draw_forest([changes, levels])
    headings = [words(figure.axes[place])[0] for place in (0, 3)]
    assert headings == [
        "Change, against the change of MADRS", "Value at day 14, against that of MADRS",
    ]  # fmt: skip
    alone = figure_record(draw_forest([changes]))
    assert alone.caption.startswith("Of each: change, against the change of MADRS.")
