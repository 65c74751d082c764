"""The shipped study through the public road: check, run, and what must then be in the results."""

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from ketbio.study import StudyRun, analyse_study, read_study
from ketbio.vocabulary import NON_RESPONDER, RESPONDER


@pytest.fixture(scope="module")
def demo_run() -> StudyRun:
    return analyse_study(read_study(Path(str(files("ketbio.demo"))) / "study.toml"))


@pytest.fixture(scope="module")
def demo_complaints(demo_run) -> pd.DataFrame:
    return pd.concat([check.complaints for check in demo_run.checks], ignore_index=True)


def places_of(complaints: pd.DataFrame, severity: str) -> list[tuple[str, str, str]]:
    chosen = complaints[complaints["severity"] == severity]
    columns = ["table", "participant_id", "visit"]
    return sorted(map(tuple, chosen[columns].to_numpy().tolist()))


def groups_compared(run: StudyRun, marker: str) -> dict[str, int]:
    (result,) = [
        one for one in run.results if one.analysis == "compare_responders" and one.marker == marker
    ]
    return dict(result.n)


def test_the_study_says_that_it_is_simulated(demo_run):
    assert demo_run.study.is_simulated


def test_nothing_is_rejected(demo_run, demo_complaints):
    assert places_of(demo_complaints, "error") == []
    assert all(check.ok and len(check.rejected) == 0 for check in demo_run.checks)


def test_safety_complaints_are_the_high_baselines_and_the_one_rise(demo_complaints):
    assert places_of(demo_complaints, "safety") == [
        ("madrs", "K05", "baseline"),
        ("madrs", "K08", "baseline"),
        ("madrs", "K11", "baseline"),
        ("madrs", "K11", "day_7"),
        ("madrs", "K13", "baseline"),
    ]


def test_the_saturated_band_is_a_warning(demo_complaints):
    assert ("blots", "K08", "day_14") in places_of(demo_complaints, "warning")


def test_response_is_as_designed(demo_run):
    response = demo_run.response.set_index("participant_id")["response"]
    assert set(response.index[response == RESPONDER]) == {"K02", "K04", "K07", "K08", "K13"}
    assert (response == NON_RESPONDER).sum() == 7


@pytest.mark.parametrize(
    ("marker", "responders", "non_responders"),
    [
        ("nacc_entropy", 5, 6),
        ("p_mTOR_S2448", 5, 5),
        ("p_GSK3B_S9", 5, 5),  # the saturated lane drops out, its replicate stays
        ("BDNF_serum", 5, 7),
        ("BDNF_plasma", 5, 7),  # below the limit, and ranked all the same
    ],
)
def test_groups_are_as_large_as_designed(marker, responders, non_responders, demo_run):
    expected = {RESPONDER: responders, NON_RESPONDER: non_responders}
    assert groups_compared(demo_run, marker) == expected


def test_prorated_total_and_censored_level_are_marked(demo_run):
    rows = demo_run.endpoints.set_index(["marker", "participant_id", "visit"])
    prorated = rows.loc[("MADRS", "K06", "day_4")]
    assert prorated["value"] == pytest.approx(31 * 10 / 9)
    assert "prorated" in prorated["note"]
    censored = rows.loc[("BDNF_plasma", "K04", "day_14")]
    assert (censored["censored"], pd.isna(censored["value"])) == ("left", True)
