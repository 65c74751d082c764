"""The figure follows from the analysis, and what cannot be drawn is refused in one sentence."""

import numpy as np
import pandas as pd
import pytest

from ketbio.errors import FigureError
from ketbio.figures import FIGURES, alternative_text, draw, figure_caption
from ketbio.figures.record import figure_record
from ketbio.result import Result, Results


@pytest.mark.parametrize(
    ("name", "n_panels"), [("estimation", 2), ("slopes", 2), ("scatter", 2), ("waterfall", 1)]
)
def test_figure_of_each_analysis(drawn, name, n_panels):
    assert len(drawn(name).axes) == n_panels


def test_unknown_analysis_is_refused():
    result = Result(analysis="compare_responder", marker="m", outcome="", groups=(), n={})
    with pytest.raises(FigureError) as caught:
        draw(result)
    allowed = ", ".join(map(repr, FIGURES))
    assert str(caught.value) == (
        f"analysis is 'compare_responder'; allowed: {allowed}. Did you mean 'compare_responders'?"
    )


@pytest.mark.parametrize("call", [draw, figure_caption, alternative_text, *FIGURES.values()])
def test_something_else_than_a_result_is_refused(call):
    with pytest.raises(FigureError) as caught:
        call(pd.DataFrame())
    what = str(caught.value).removeprefix(f"{call.__name__}() takes ")
    one, several = "one Result", "a list of results"  # what draws a model takes all its contrasts
    assert what in (f"{one}; a DataFrame was given.", f"{several}; a DataFrame was given.")


def test_several_results_of_one_analysis_are_a_figure_of_their_family(make):
    assert figure_record(draw(Results([make["slopes"]()] * 2))).kind == "Forest plot"
    assert figure_record(draw(Results([make["slopes"]()]))).kind == "Slope plot"


def test_several_results_without_a_common_figure_are_refused_with_the_way_out(make):
    with pytest.raises(FigureError, match="summarise_response have no figure in common; draw each"):
        draw(Results([make["waterfall"]()] * 2))
    with pytest.raises(FigureError, match="these are of compare_visits and correlate_changes"):
        draw(Results([make["slopes"](), make["scatter"]()]))


@pytest.mark.parametrize("name", ["estimation", "slopes", "scatter", "waterfall"])
def test_no_rows_are_refused(make, name):
    with pytest.raises(FigureError) as caught:
        draw(make[name](data=make[name]().data.iloc[:0]))
    result = make[name]()
    assert str(caught.value) == (
        f"{result.analysis} of {result.label} has no rows, so there is nothing to draw; "
        "result.excluded says who was left out and why."
    )


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("estimation", "value"),
        ("slopes", "change"),
        ("scatter", "y"),
        ("waterfall", "response_percent"),
    ],
)
def test_a_column_that_is_not_there_is_named(make, name, column):
    result = make[name]()
    with pytest.raises(FigureError) as caught:
        draw(make[name](data=result.data.drop(columns=column)))
    start = f"The data of {result.analysis} of {result.label} lack '{column}', which the figure "
    assert str(caught.value).startswith(start)
    assert "'participant_id'" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "column"),
    [("estimation", "value"), ("slopes", "change"), ("waterfall", "percent_reduction")],
)
def test_rows_without_a_number_are_refused(make, name, column):
    with pytest.raises(FigureError, match="has no row with a number in"):
        draw(make[name](data=make[name]().data.assign(**{column: np.nan})))


@pytest.mark.parametrize(
    "name", ["estimation_null", "estimation_censored", "slopes", "scatter", "waterfall_missing"]
)
def test_the_result_is_only_read(make, name):
    any_result = make[name]()
    frames = ("data", "excluded", "leave_one_out")
    before = {name: getattr(any_result, name).copy() for name in frames}
    draw(any_result, style="single_column")
    figure_caption(any_result)
    alternative_text(any_result)
    for field, frame in before.items():
        pd.testing.assert_frame_equal(getattr(any_result, field), frame)


def test_notebook_shows_a_picture_without_being_asked(drawn):
    assert drawn("slopes")._repr_png_().startswith(b"\x89PNG")
