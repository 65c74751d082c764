"""Every figure keeps what it shows: words, results, and the data drawn."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from ketbio.errors import FigureError
from ketbio.figures import (
    alternative_text,
    draw_plate_map,
    figure_record,
)
from ketbio.figures.record import make_record
from ketbio.figures.style import STYLES
from ketbio.result import Result

KINDS = {
    "estimation": "Estimation plot",
    "slopes": "Slope plot",
    "scatter": "Scatter plot",
    "waterfall": "Waterfall plot",
}


@pytest.mark.parametrize("name", KINDS)
def test_record_says_what_is_written_and_drawn(drawn, make, name):
    figure, result = drawn(name), make[name]()
    record = figure_record(figure)
    assert record.kind == KINDS[name]
    assert record.note == "Simulated data"
    assert record.style == STYLES["report"]
    assert record.alternative == alternative_text(result)
    written = [text.get_text().replace("\n", " ") for text in figure.texts]
    assert written == [record.note, record.headline, record.caption]
    assert list(record.data) == ["data"]
    pd.testing.assert_frame_equal(record.data["data"], result.data)
    assert [one.analysis for one in record.results] == [result.analysis]


def test_a_plate_map_is_no_standard_curve():
    wells = pd.DataFrame(
        {
            "well": ["A1", "A2", ""],
            "role": ["blank", "standard", "curve"],
            "response": [0.01, 1.25, 1.0],
            "is_masked": False,
        }
    )
    result = Result(
        analysis="fit_standard_curve",
        marker="BDNF_serum",
        outcome="standard curve of plate PL1",
        groups=("standard wells",),
        n={"standard wells": 1},
        data=wells,
    )
    record = figure_record(draw_plate_map(result))
    assert record.kind == "Plate map"
    assert record.alternative.startswith("Plate map. Serum BDNF, plate PL1: 2 wells, corrected OD")
    assert record.data["data"]["well"].to_list() == ["A1", "A2"]


def test_a_figure_of_somebody_else_has_none():
    with pytest.raises(FigureError) as caught:
        figure_record(Figure())
    assert str(caught.value) == (
        "This Figure was not drawn by ketbio, so it has no record; give a figure that draw(), a "
        "draw_*() function or compose_figure() returned."
    )


def test_tables_of_several_results_have_names_of_their_own(make):
    results = [make["slopes"](), make["slopes"](), make["slopes"](marker="BDNF_serum")]
    record = make_record(headline="", caption="", note="", style=STYLES["report"], results=results)
    assert list(record.data) == [
        "compare_visits_MADRS_1",
        "compare_visits_MADRS_2",
        "compare_visits_BDNF_serum",
    ]


def test_what_is_said_of_a_figure_replaces_what_follows_from_its_results(make):
    table = pd.DataFrame({"x": [1]})
    record = make_record(
        headline="", caption="", note="", style=STYLES["report"], results=[make["slopes"]()],
        data={"points": table}, kind="Forest plot", alternative="Three rows.",
    )  # fmt: skip
    assert (record.kind, record.alternative) == ("Forest plot", "Three rows.")
    assert list(record.data) == ["points"]
