"""Figures of missing outcomes: every participant there, nothing over another, told in words."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_imputed, describe_missing_visits
from ketbio.endpoints.frames import endpoint_table
from ketbio.errors import FigureError
from ketbio.figures import draw, draw_imputed, draw_missing_visits, figure_record

VISITS = ["baseline", "40_minutes", "day_1", "day_7", "day_14"]
LONG = "an arm with a name of sixty characters that no journal prints"


def trial(n, arms=("ketamine", "saline"), visits=VISITS):
    rng = np.random.default_rng(5)
    rows = []
    for i in range(n):
        stop = len(visits) - (i % 5 == 1) * (1 + i % 3)
        for place, visit in enumerate(visits[:stop]):
            if i == n - 1 or (i == 4 and place == 2):
                continue
            is_low = i == 2 and place == 3
            rows.append(
                {
                    "participant_id": f"P{i + 1:02d}", "visit": visit, "marker": "BDNF_serum",
                    "value": np.nan if is_low else 30 + rng.normal(0, 4) - place,
                    "unit": "ng/mL", "scale": "raw", "censored": "left" if is_low else "",
                    "limit": 5.0 if is_low else np.nan,
                }
            )  # fmt: skip
    people = pd.DataFrame({"participant_id": [f"P{i + 1:02d}" for i in range(n)]})
    return endpoint_table(rows), people.assign(arm=[arms[i % len(arms)] for i in range(n)])


def described(n, **changes):
    rows, people = trial(n, **changes)
    return describe_missing_visits(
        rows,
        marker="BDNF_serum",
        participants=people,
        arm="arm",
        visits=changes.get("visits", VISITS),
    )


def words(figure):
    return [text.get_text() for panel in figure.axes for text in panel.texts]


def test_every_participant_of_a_small_trial_has_a_row_and_nothing_overlaps(text_faults):
    result = described(16)
    figure = draw(result, style="frontiers_single", note="Simulated data")
    assert text_faults(figure) == []
    said = words(figure)
    assert {f"P{n + 1:02d}" for n in range(16)} <= set(said)
    assert "ketamine (n = 8)" in said
    grid = figure.axes[1]
    assert len(grid.patches) == 16 * 5
    crosses = [line for line in grid.lines if line.get_label() == "missing"]
    triangles = [line for line in grid.lines if line.get_label() == "beyond a limit"]
    assert len(crosses) == int((result.data["state"] == "missing").sum())
    assert len(triangles) == 1
    record = figure_record(figure)
    assert record.kind == "Grid of missing visits"
    assert "of 16 participants" in record.alternative
    assert "nobody is left out" in record.caption


def test_many_participants_are_told_by_pattern_with_counts_per_arm(text_faults):
    many = ["baseline", "min_40", *(f"day_{day}" for day in range(1, 11))]
    result = described(48, arms=("ketamine", LONG), visits=many)
    figure = draw_missing_visits(result, style="report")
    assert text_faults(figure) == []
    names = figure.axes[1].get_xticklabels()
    assert [name.get_text() for name in names][:3] == ["baseline", "min 40", "day 1"]  # unbroken
    boxes = [name.get_window_extent() for name in names]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    counts = [text.get_window_extent() for text in figure.axes[1].texts]
    assert all(left.x1 < right.x0 for left, right in pairwise(counts))
    people = result.data.drop_duplicates("participant_id")
    shown = [int(text) for text in words(figure)[: people["pattern"].nunique()]]
    assert sum(shown) == 48
    assert shown == sorted(shown, reverse=True)


def test_states_are_told_apart_in_greyscale():
    figure = draw_missing_visits(described(16))
    greys = {round(sum(patch.get_facecolor()[:3]) / 3, 2) for patch in figure.axes[1].patches}
    assert len(greys) == 3
    assert min(abs(a - b) for a in greys for b in greys if a != b) > 0.2


def test_what_cannot_be_drawn_is_refused_in_a_sentence(imputed):
    result = described(6)
    with pytest.raises(FigureError, match="draws a result of describe_missing_visits"):
        draw_missing_visits(imputed[0])
    many = [f"day_{n}" for n in range(40)]
    with pytest.raises(FigureError, match="40 visits, for which this width has no room"):
        draw_missing_visits(described(6, visits=many), style="single_column")
    assert result.data["participant_id"].nunique() == 6


@pytest.fixture(scope="module")
def imputed():
    rows, people = trial(24)
    return compare_imputed(
        rows, marker="BDNF_serum", participants=people, baseline="baseline", visits=VISITS,
        assumption=("mar", "jump_to_reference"), n_imputations=10, seed=1,
    )  # fmt: skip


def test_assumptions_stand_below_those_measured_with_no_smallest_p_in_the_headline(
    text_faults, imputed
):
    results = imputed
    figure = draw(results, style="report", note="Simulated data")
    assert text_faults(figure) == []
    assert words(figure)[:3] == [
        "Those measured, nothing imputed", "Missing at random", "Jump to reference",
    ]  # fmt: skip
    record = figure_record(figure)
    assert record.headline.startswith("Adjusted mean difference of 3 estimates: ")
    assert "smallest" not in record.headline
    alone = draw_imputed(results[1])
    assert "Jump to reference, no draws (jackknife)" in " ".join(words(alone)).replace("\n", " ")
