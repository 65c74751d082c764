"""The baseline–change plot draws the same participants twice, and calls the second one coupled."""

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import correlate_baseline_change
from ketbio.endpoints import derive_column
from ketbio.errors import FigureError
from ketbio.figures import alternative_text, draw, draw_baseline_change, figure_caption
from ketbio.figures.record import figure_record
from ketbio.result import Result

BEFORE = [10.0, 12, 14, 16, 18]
AFTER = [13.0, 10, 15, 18, 14]
NASTY = "<script>$%&_^\\{}#~</script> 蛋白质 🧠 phospho_S6_ribosomal_protein"


def result_of(name="a", before=BEFORE, after=AFTER, **options):
    ids = [f"P{number:02}" for number in range(1, len(before) + 1)]
    table = pd.DataFrame(
        {
            "participant_id": ids * 2,
            "visit": ["before"] * len(ids) + ["after"] * len(ids),
            name: [*before, *after],
        }
    )
    return correlate_baseline_change(
        derive_column(table, column=name, unit="ng/mL"), marker=name, baseline="before",
        endpoint="after", **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def figure():
    response = pd.DataFrame(
        {"participant_id": ["P01", "P02", "P03"], "response": ["responder"] * 2 + ["non-responder"]}
    )
    return draw(result_of(response=response), note="Simulated data")


def points(panel):
    return np.vstack([np.asarray(one.get_offsets()) for one in panel.collections])


def test_change_against_the_mean_and_against_the_baseline(figure):
    oldham, naive = figure.axes
    change = [3.0, -2.0, 1.0, 2.0, -4.0]
    assert sorted(map(tuple, points(oldham))) == sorted(
        zip([11.5, 11, 14.5, 17, 16], change, strict=True)
    )
    assert sorted(map(tuple, points(naive))) == sorted(zip(BEFORE, change, strict=True))
    assert oldham.get_ylim() == naive.get_ylim()


def test_axes_have_units_and_titles_the_correlations(figure):
    oldham, naive = figure.axes
    assert oldham.get_xlabel() == "Mean of both visits (ng/mL)"
    assert naive.get_xlabel() == "Baseline (ng/mL)"
    assert oldham.get_ylabel() == "Change in a (ng/mL)"
    assert oldham.get_title(loc="left") == "Oldham: Pearson r −0.10"
    assert naive.get_title(loc="left").replace("\n", " ") == (
        "Naive, coupled by construction: Pearson r −0.54; −0.48 expected by coupling alone"
    )


def test_the_caption_says_what_coupling_is(figure):
    caption = figure_record(figure).caption
    assert "regression to the mean and measurement error alone make this one negative" in caption
    assert "tests what is false by construction" in caption
    assert figure_record(figure).kind == "Baseline–change plot"
    assert "2 fell and 3 rose" in figure_record(figure).alternative


def test_groups_are_in_the_legend(figure):
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "responder (n = 2)",
        "non-responder (n = 1)",
        "not known (n = 2)",
    ]


def test_caption_and_alternative_text_of_the_report():
    result = result_of()
    assert "Each point is one participant." in figure_caption(result)
    assert alternative_text(result).startswith("Baseline–change plot of change in a")


def test_a_name_of_any_kind_is_drawn():
    figure = draw_baseline_change(result_of(NASTY), style="single_column")
    assert len(figure.axes) == 2
    assert figure.legends == []


def test_one_participant_is_drawn_and_nothing_is_refused():
    figure = draw_baseline_change(result_of(before=[5.0], after=[6.0]))
    assert points(figure.axes[0]).tolist() == [[5.5, 1.0]]
    assert figure.axes[0].get_title(loc="left") == "Oldham: not computed"


def test_nothing_to_draw_is_one_sentence():
    nobody = Result(analysis="correlate_baseline_change", marker="a", outcome="", groups=(), n={})
    with pytest.raises(FigureError, match="has no rows, so there is nothing to draw"):
        draw_baseline_change(nobody)
    with pytest.raises(FigureError, match="takes one Result; a list was given"):
        draw_baseline_change([nobody])
