"""The simulation behind the page on validity: its trials are as told, its rates are sane."""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def parts(monkeypatch):
    if not BENCHMARKS.is_dir():
        pytest.skip("the benchmarks are not part of this installation")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    import longitudinal_trials  # noqa: PLC0415
    import longitudinal_validity  # noqa: PLC0415
    import page_sections  # noqa: PLC0415

    yield longitudinal_trials, longitudinal_validity, page_sections
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(BENCHMARKS)):
            del sys.modules[name]


def test_trials_have_the_means_the_effect_and_the_leavers_that_are_told(parts):
    trials, _, _ = parts
    rng = np.random.default_rng(1)
    many = trials.simulate(rng, 3_000, has_effect=True, with_leaving=False)
    differences = many.changes[many.is_first].mean(axis=0) - many.changes[~many.is_first].mean(
        axis=0
    )
    assert differences == pytest.approx(trials.EFFECT, abs=0.8)
    assert many.baseline.mean() == pytest.approx(33, abs=0.3)
    assert 0.15 < trials.share_missing(rng, 2_000) < 0.35
    left = trials.simulate(rng, 50, has_effect=False, with_leaving=True).changes
    gone = np.isnan(left)
    assert (np.diff(gone.astype(int), axis=1) >= 0).all()
    assert not gone[:, 0].any()


def test_a_small_cell_gives_p_values_of_every_method_and_z_as_statsmodels(parts, monkeypatch):
    _, validity, _ = parts
    monkeypatch.setattr(validity, "HELD", 2)
    cell = validity.Cell(per_arm=6, with_leaving=False, has_effect=True, n_simulated=6)
    found = validity.run_cell(cell)
    for name in validity.METHODS:
        p = found[f"{name}_last"]
        assert ((p > 0) & (p <= 1)).all()
        assert (p < 0.05).mean() < 0.5
    assert np.nanmax(found["z_off"]) < 0.05
    # without missing visits, both are Student's t on the participants' degrees of freedom
    assert found["satterthwaite_last"] == pytest.approx(found["kenward_roger_last"], rel=1e-5)


def test_a_section_of_the_page_is_replaced_and_the_rest_is_left(parts):
    _, _, sections = parts
    page = sections.with_section("# Page\n\ntext\n", "long", "first")
    again = sections.with_section(page, "long", "second")
    assert sections.section_of(again, "long") == "second"
    assert again.startswith("# Page\n\ntext\n")
    assert "first" not in again
    assert sections.with_section("text", "long", "") == "text"
