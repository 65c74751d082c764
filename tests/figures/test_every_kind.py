"""Figures of families, courses, flows and nulls: no label over another, and told in words.

The results are made by the analyses themselves, from six invented participants.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import (
    compare_crossover,
    compare_visits,
    correlate_baseline_change,
    correlate_markers,
    correlate_repeated,
    summarise_course,
)
from ketbio.endpoints import derive_flow, derive_response
from ketbio.figures import (
    FAMILY_FIGURES,
    FIGURES,
    draw,
    draw_baseline_change,
    draw_flow,
    draw_forest,
    draw_null_distribution,
    draw_spider,
)
from ketbio.figures.record import figure_record
from ketbio.figures.style import drawing_settings
from ketbio.vocabulary import ENDPOINT_COLUMNS

SIXTY = "phospho_S6_ribosomal_protein_Ser235_236_to_total_in_PBMC_$x_1"
MARKERS = ("MADRS", SIXTY, f"{SIXTY}_again", "血清脑源性神经营养因子浓度的变化")
VISITS = {"baseline": "baseline", "endpoint": "day_14"}


def endpoints(markers):
    rng = np.random.default_rng(20260101)
    rows = [
        (f"P{n + 1:02d}", visit, marker, float(rng.normal(40 - 4 * step * (n % 5), 5)))
        for marker in markers
        for n in range(6)
        for step, visit in enumerate(("baseline", "day_7", "day_14"))
    ]
    made = pd.DataFrame(rows, columns=["participant_id", "visit", "marker", "value"])
    made = made.assign(unit="points", scale="raw", censored="", limit=np.nan, reason="", note="")
    return made[list(ENDPOINT_COLUMNS)]


@pytest.fixture(scope="module")
def made():
    rows = endpoints(MARKERS)
    response = derive_response(rows, **VISITS, reduction_percent=40)
    return SimpleNamespace(
        pairs=correlate_markers(rows, markers=list(MARKERS), **VISITS),
        dependence=correlate_baseline_change(rows, marker="MADRS", **VISITS),
        repeated=correlate_repeated(rows, marker=SIXTY, exact=False, n_resamples=99, seed=1),
        course=summarise_course(rows, marker="MADRS", response=response),
        crossover=compare_crossover(
            rows,
            marker=SIXTY,
            participants=pd.DataFrame(
                {
                    "participant_id": [f"P{n + 1:02d}" for n in range(6)],
                    "sequence": ["ketamine_first", "saline_first"] * 3,
                }
            ),
            sequences={
                "ketamine_first": ["ketamine", "saline"],
                "saline_first": ["saline", "ketamine"],
            },
            periods=[{"day_7": "day_7"}, {"day_7": "day_14"}],
            confidence_level=0.8,
        ),
        visits=compare_visits(rows, marker=list(MARKERS), **VISITS),
        flow=derive_flow(
            rows,
            participants=[f"P{n + 1:02d}" for n in range(8)],
            markers=list(MARKERS[1:]),
            response=response,
            **VISITS,
        ),
    )


KINDS = {
    "Correlation matrix": (draw, lambda of: of.pairs),
    "Baseline–change plot": (draw_baseline_change, lambda of: of.dependence),
    "Parallel lines": (draw, lambda of: of.repeated),
    "Trajectory plot": (draw, lambda of: of.course),
    "Spider plot": (draw_spider, lambda of: of.course),
    "Crossover plot": (draw, lambda of: of.crossover[0]),
    "Forest plot": (draw_forest, lambda of: of.visits),
    "Null distribution": (draw_null_distribution, lambda of: of.visits[1]),
    "Flow diagram": (draw_flow, lambda of: of.flow),
}
TOLD = {
    "Correlation matrix": ["4 markers", "Pearson r", "smallest adjusted p"],
    "Baseline–change plot": ["6 participants", "Pearson r", "95% CI", "p "],
    "Parallel lines": ["18 pairs of values of 6 participants", "Repeated-measures correlation"],
    "Trajectory plot": ["6 participants", "(n = 6)", "95% CI"],
    "Spider plot": ["(6)", "of 6 participants"],
    "Crossover plot": ["3 participants", "ketamine − saline", "80% CI", "p "],
    "Forest plot": ["4 markers", "day 14 − baseline", " to ", "n = 6", "p "],
    "Null distribution": ["arrangements", "n = 6", "95% CI", "p "],
    "Flow diagram": ["8", "2 excluded", "P07 and P08"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_overlaps_at_the_tightest_preset_and_all_is_told_in_words(made, text_faults, kind):
    function, pick = KINDS[kind]
    figure = function(pick(made), style="frontiers_single", note="Simulated data")
    assert text_faults(figure) == []
    record = figure_record(figure)
    assert record.kind == kind
    assert record.alternative.startswith(kind)
    for words in TOLD[kind]:
        assert words in record.alternative, record.alternative
    assert record.headline
    assert record.caption


def test_columns_of_numbers_keep_apart_on_a_poster(made, text_faults):
    function, pick = KINDS["Forest plot"]
    assert text_faults(function(pick(made), style="poster", note="Simulated data")) == []


def test_the_words_of_a_flow_stay_in_their_boxes_on_a_poster(made):
    with drawing_settings():  # as the figure is written: a font for every script
        panel = draw_flow(made.flow, style="poster").axes[0]
        boxes = [box.get_window_extent() for box in panel.patches]
        words = [one.get_window_extent() for one in panel.texts if one.get_text()]
    for text in words:
        around = [box for box in boxes if box.contains(text.x0, (text.y0 + text.y1) / 2)]
        assert around
        assert all(text.x1 < box.x1 for box in around)


def test_every_analysis_with_a_figure_is_among_those_looked_at():
    looked_at = {
        "compare_responders", "compare_visits", "correlate_changes", "summarise_response",
        "compare_crossover",
        "correlate_markers", "correlate_baseline_change", "correlate_repeated", "summarise_course",
        "compare_imputed", "describe_missing_visits",
    }  # fmt: skip
    of_the_bench = {
        "fit_standard_curve", "chart_controls", "summarise_dilutions", "summarise_spikes",
        "summarise_gel", "summarise_replicates", "compare_methods",
    }  # fmt: skip
    over_visits = {  # each in a file of its own
        "fit_mmrm", "fit_random_effects", "compare_crossover", "compare_imputed",
        "describe_missing_visits", "compare_response_rates", "describe_time_to_response",
    }  # fmt: skip
    assert set(FIGURES) | set(FAMILY_FIGURES) <= looked_at | of_the_bench | over_visits
