"""The demo study's bench: what was drawn is what is read, and every planted fault is named."""

import numpy as np
import pandas as pd
import pytest

from ketbio.demo.design import BELOW_LLOQ, DISAGREEING_PAIR, MASKED_WELL
from ketbio.demo.draws import random_stream
from ketbio.demo.gels import INSULIN_MODELS
from ketbio.demo.plates import CURVES, draw_levels
from ketbio.demo.ratings import simulate_courses
from ketbio.demo.simulate import DEMO_SEED
from ketbio.figures import draw
from ketbio.study import StudyRun


@pytest.fixture(scope="module")
def drawn_levels() -> dict[tuple[str, str, str], tuple[float, ...]]:
    courses = simulate_courses(random_stream(DEMO_SEED, table=1))
    return draw_levels(courses, random_stream(DEMO_SEED, table=3))


def levels_of(run: StudyRun, marker: str) -> pd.DataFrame:
    rows = run.endpoints[run.endpoints["marker"] == marker]
    return rows.set_index(["participant_id", "visit"])


def results_of(run: StudyRun, analysis: str) -> list:
    return [one for one in run.results if one.analysis == analysis]


# -- plates ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("specimen", "n"), [("serum", 25), ("plasma", 24)])
def test_levels_read_from_the_plates_are_those_that_were_drawn(specimen, n, demo_run, drawn_levels):
    found = levels_of(demo_run, f"BDNF_{specimen}")["value"].dropna()
    assert len(found) == n
    for (participant, visit), value in found.items():
        sample = (specimen, participant, visit)
        wells = drawn_levels[sample]
        used = wells[:1] if sample == MASKED_WELL[:3] else wells
        # The reader's noise and that of the curve, 2 %; the higher dilutions are pipetted anew.
        assert 2**value == pytest.approx(np.mean(used), rel=0.06), sample
    ratio = np.array([2**v / np.mean(drawn_levels[specimen, *key]) for key, v in found.items()])
    assert ratio.mean() == pytest.approx(1, abs=0.015)


def test_curves_are_those_that_were_simulated(demo_run):
    for one in results_of(demo_run, "fit_standard_curve"):
        curve = CURVES[one.outcome.removeprefix("standard curve of plate ")]
        known = {c.estimate_name: c for c in one.companions}
        assert one.estimate == pytest.approx(curve.ec50 / 1000, rel=0.06)
        assert known["slope"].estimate == pytest.approx(curve.slope, rel=0.05)
        assert known["upper asymptote"].estimate == pytest.approx(
            curve.upper - curve.lower, rel=0.05
        )
        assert (known["LLOQ"].estimate, known["ULOQ"].estimate) == (0.05, 3.2)


def test_curves_are_told_once_and_by_their_analyte(demo_run):
    curves = results_of(demo_run, "fit_standard_curve")
    assert [(one.marker, one.outcome) for one in curves] == [
        ("BDNF", "standard curve of plate PL1"),
        ("BDNF", "standard curve of plate PL2"),
    ]


def test_the_faults_of_the_plates_are_named(demo_run):
    serum, plasma = (one.warnings for one in results_of(demo_run, "fit_standard_curve"))
    assert any(
        text.startswith("Replicate wells disagree: K06 baseline 1:20 (wells ") for text in serum
    )
    assert "1 well masked and not used: D8 (air bubble)." in plasma
    assert "1 sample below the LLOQ: K04 day_14 1:2." in plasma
    note = levels_of(demo_run, "BDNF_serum").loc[DISAGREEING_PAIR[1:], "note"]
    assert "above 20 %" in note


def test_controls_dilutions_and_spikes_read_what_was_put_in(demo_run):
    controls = results_of(demo_run, "chart_controls")
    assert [one.outcome for one in controls] == [
        "control QC low over 2 plates",
        "control QC high over 2 plates",
    ]
    assert [one.estimate for one in controls] == [
        pytest.approx(0.15, rel=0.1),
        pytest.approx(1.2, rel=0.1),
    ]
    (dilutions,) = results_of(demo_run, "summarise_dilutions")
    assert dilutions.ci_low < 1 < dilutions.ci_high
    assert dilutions.data["dilution_factor"].tolist() == [20, 40, 80] * 2
    (spikes,) = results_of(demo_run, "summarise_spikes")
    assert spikes.data["is_accepted"].all()
    assert set(spikes.data["participant_id"]) == {"K01", "K02", "K12"}


# -- the sample below the limit, to the end ----------------------------------------------------
def test_the_level_below_the_limit_stays_censored(demo_run):
    level = levels_of(demo_run, "BDNF_plasma").loc[BELOW_LLOQ]
    assert level["censored"] == "left"
    assert level["limit"] == pytest.approx(np.log2(0.1))  # lowest standard 0.05 × dilution 2
    assert pd.isna(level["value"])
    assert (levels_of(demo_run, "BDNF_plasma")["censored"] == "left").sum() == 1


def test_the_rank_test_uses_it_and_the_figure_draws_it_open(demo_run):
    (result,) = [one for one in demo_run.results if one.marker == "BDNF_plasma"
                 and one.analysis == "compare_responders"]  # fmt: skip
    rows = result.data.set_index("participant_id")
    assert rows.loc["K04", "censored"] == "left"
    assert pd.isna(rows.loc["K04", "value"])
    # By hand: the responders' ranks among twelve, the sample below the limit the lowest.
    ranks = rows["value"].fillna(-99).rank()
    assert result.statistic == ranks[rows["group"] == "responder"].sum()
    panel = draw(result).axes[0]
    (responders,) = [one for one in panel.collections if one.get_label() == "responder"]
    is_open = (responders.get_facecolor()[:, :3] == 1).all(axis=1)
    assert np.asarray(responders.get_offsets())[is_open, 1] == pytest.approx([np.log2(0.1)])
    assert "LLOQ −3.32 log2 ng/mL" in [text.get_text() for text in panel.texts]


# -- blots -------------------------------------------------------------------------------------
def test_every_gel_is_told_with_its_reference(demo_run):
    gels = results_of(demo_run, "summarise_gel")
    assert [(one.marker, one.outcome) for one in gels] == [
        (marker, f"gel G{number}")
        for marker in ("p_mTOR_S2448", "p_GSK3B_S9")
        for number in range(1, 6)
    ]
    known = [{c.estimate_name: c.estimate for c in one.companions} for one in gels]
    assert [numbers["reference lanes"] for numbers in known] == [1] * 10
    assert [numbers["lanes left out"] for numbers in known] == [0] * 8 + [1, 0]
    (saturated,) = [one for one in gels if one.outcome == "gel G4" and "GSK" in one.marker]
    assert "Left out: total band saturated (gel G4 lane 8)." in saturated.warnings


def test_the_pool_is_the_same_on_every_gel_but_for_its_brightness(demo_run):
    for one in results_of(demo_run, "summarise_linear_range"):
        series = one.data[one.data["role"] == "dilution"]
        assert series["amount"].tolist() == [2.5, 5, 10, 20, 40]
        assert one.estimate == pytest.approx(1, abs=0.1)
    assert len(results_of(demo_run, "summarise_linear_range")) == 5


def test_stimulation_is_as_large_as_it_was_drawn(demo_run):
    for marker, target in (("p_mTOR_S2448", "mTOR"), ("p_GSK3B_S9", "GSK3B")):
        baseline = levels_of(demo_run, marker)["value"].xs("baseline", level="visit")
        model = INSULIN_MODELS[target]
        # Between ten participants, and the noise of four lanes: SE of the mean about 0.08.
        assert baseline.mean() == pytest.approx(model.mean, abs=0.25)


def test_visits_are_compared_within_gels(demo_run):
    found = [one for one in results_of(demo_run, "compare_visits") if one.marker != "MADRS"]
    assert [one.n_arrangements for one in found] == [1024, 1024]
    assert all(any("Ranked within gel only (5 of them)" in text for text in one.warnings)
               for one in found)  # fmt: skip
