"""Several figures as one: letters, one legend, one caption, nothing over another."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ketbio import compose_figure
from ketbio.errors import FigureError
from ketbio.figures import STYLES, draw_slopes, figure_record, save_figure
from ketbio.figures.compose_words import shared_keys

SLACK = 0.6
FOUR = ["estimation_null", "slopes", "scatter", "waterfall"]


@pytest.fixture(scope="module")
def composed():
    done = {}

    def get(make, names, style="report", **options) -> Figure:
        key = (tuple(names), style, *options.items())
        if key not in done:
            parts = [make[name]() for name in names]
            done[key] = compose_figure(parts, style=style, note="Simulated data", **options)
        return done[key]

    return get


@pytest.mark.parametrize(
    ("count", "style"),
    [(2, "single_column"), (4, "double_column")],
)
def test_no_text_is_clipped_or_lies_over_another(composed, make, boxes, count, style):
    figure = composed(make, FOUR[:count], style)
    found = boxes(figure)
    whole = figure.bbox.padded(SLACK)
    outside = [
        text
        for text, box in found.items()
        if not (whole.contains(box.x0, box.y0) and whole.contains(box.x1, box.y1))
    ]
    over = [
        (one, other)
        for (one, a), (other, b) in combinations(found.items(), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]
    assert outside == []
    assert over == []
    assert figure.get_figwidth() * 25.4 == pytest.approx(STYLES[style].width_mm)


def test_letters_legend_caption_and_note_are_written_once(composed, make):
    figure = composed(make, FOUR, "double_column")
    texts = [text.get_text().replace("\n", " ") for text in figure.texts]
    assert [text for text in texts if len(text) == 1] == ["A", "B", "C", "D"]
    assert texts.count("Simulated data") == 1
    [legend] = figure.legends
    labels = [text.get_text() for text in legend.texts]
    assert labels[:2] == ["responder", "non-responder"]  # 5 and 6 in C, 4 and 7 in D
    assert len(set(labels)) == len(labels)
    caption = figure_record(figure).caption
    starts = [caption.index(f"{letter}, ") for letter in ("A", "B", "C", "D")]
    assert starts == sorted(starts)
    assert caption.startswith("A, Change in p-mTOR (Ser2448), baseline to day 14. Mean difference")


def test_record_has_the_data_of_every_part(composed, make):
    record = figure_record(composed(make, FOUR, "double_column"))
    assert record.kind == "Figure of 4 parts"
    assert list(record.data) == ["A", "B", "C", "D"]
    assert record.data["B"].equals(make["slopes"]().data)
    assert [one.analysis for one in record.results] == [
        "compare_responders", "compare_visits", "correlate_changes", "summarise_response",
    ]  # fmt: skip
    assert "B: Slope plot of " in record.alternative


def test_frames_of_neighbours_stand_in_line(composed, make):
    figure = composed(make, FOUR, "double_column")
    boxes = [panel.get_position() for panel in figure.axes]  # two each of A to C, one of D
    a, b, c = boxes[0], boxes[2], boxes[4]
    assert a.y0 == pytest.approx(b.y0, abs=2e-4)
    assert a.y1 == pytest.approx(b.y1, abs=2e-4)
    assert a.x0 == pytest.approx(c.x0, abs=2e-4)


def test_columns_and_letters_are_as_asked_for(composed, make):
    figure = composed(make, ["slopes", "slopes"], columns=1, letters="a")
    first, second = figure.axes[0].get_position(), figure.axes[2].get_position()
    assert second.y1 < first.y0
    assert [text.get_text() for text in figure.texts if len(text.get_text()) == 1] == ["a", "b"]


def test_a_part_names_its_function_or_is_a_family(make):
    slopes = make["slopes"]()
    figure = compose_figure([(draw_slopes, slopes), [slopes]])
    assert len(figure.axes) == 4


def test_composed_figure_is_the_same_file_twice(composed, make, tmp_path):
    files = [tmp_path / "first.png", tmp_path / "second.png"]
    again = compose_figure([make["slopes"]()], note="Simulated data")
    for figure, file in zip([composed(make, ["slopes"]), again], files, strict=True):
        save_figure(figure, file, dpi=100)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"parts": []}, "compose_figure() was given no parts; give it one result or more."),
        ({"columns": 0}, "columns is 0; allowed: a whole number from 1, or None."),
        ({"columns": 1.5}, "columns is 1.5; allowed: a whole number from 1, or None."),
        ({"letters": "1"}, "letters is '1'; allowed: 'A', 'a'."),
        (
            {"parts": ["MADRS"]},
            "Part A cannot be drawn: it is a str; a part is a Result, several of one analysis, or "
            "a pair of a draw_*() function and what it draws.",
        ),
        (
            {"parts": [0] * 27},
            "compose_figure() was given 27 parts, and there are 26 letters; make several figures "
            "of them.",
        ),
    ],
)
def test_what_cannot_be_composed_is_refused(make, options, sentence):
    with pytest.raises(FigureError) as caught:
        compose_figure(**{"parts": [make["slopes"]()], **options})
    assert str(caught.value) == sentence


def test_a_part_that_cannot_be_drawn_is_named(make):
    empty = make["slopes"](data=make["slopes"]().data.iloc[:0])
    with pytest.raises(FigureError, match=r"^Part B cannot be drawn: compare_visits of MADRS has"):
        compose_figure([make["slopes"](), empty])


def test_a_function_that_draws_elsewhere_is_refused(make):
    def elsewhere(*_given, **_sizes):
        return Figure()

    with pytest.raises(FigureError, match=r"^Part A was not drawn in the axes given; "):
        compose_figure([(elsewhere, make["slopes"]())])


def point(label, colour="#0072B2", marker="o"):
    return Line2D([], [], color=colour, marker=marker, linestyle="none", label=label)


@pytest.mark.parametrize(
    ("groups", "labels"),
    [
        # the same in both parts: once, and without the counts where these differ
        ([[point("responder (n = 5)")], [point("responder (n = 5)")]], ["responder (n = 5)"]),
        ([[point("responder (n = 5)")], [point("responder (n = 4)")]], ["responder"]),
        # a bar of a group says what its point says
        ([[point("responder")], [Patch(facecolor="#0072B2", label="responder")]], ["responder"]),
        # one look for two things, two looks for one
        ([[point("standard (16)")], [point("inside (7)")]], ["A: standard (16)", "B: inside (7)"]),
        (
            [[point("saturated", marker="^")], [point("saturated", marker="v")]],
            ["A: saturated", "B: saturated"],
        ),
        # two looks within one part need no letter
        ([[point("a"), point("b", marker="s")], []], ["a", "b"]),
    ],
)
def test_one_legend_for_all_parts(groups, labels):
    assert [key.get_label() for key in shared_keys(groups, "AB")] == labels


def test_what_every_part_says_is_said_once(composed, make):
    caption = figure_record(composed(make, ["slopes", "slopes"], columns=1, letters="a")).caption
    assert caption.count("Excluded: none.") == 1
    assert caption.count("Mean change") == 2
    assert "All parts: " in caption
    assert "All parts" not in figure_record(composed(make, ["slopes"])).caption


def test_parts_are_as_wide_as_their_column(make):
    """Two columns of 240 mm: each part is drawn for its own width, not for that of the page."""
    figure = compose_figure([make["waterfall"](), make["waterfall"]()], style="double_column")
    widths = [panel.get_position().width for panel in figure.axes]
    assert np.ptp(widths) < 0.01
    assert all(0.3 < width < 0.5 for width in widths)
