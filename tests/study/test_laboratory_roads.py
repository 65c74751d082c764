"""A study whose marker comes from plates: from the wells to the results, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ketbio.errors import StudyError
from ketbio.report import write_report
from ketbio.result import tidy
from ketbio.study import StudyRun, analyse_study, read_study

PEOPLE = [f"P{number:02d}" for number in range(1, 7)]
VISITS = ("baseline", "day_14")
STANDARDS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
DILUTION = 10.0
PLAN = """
[study]
id = "BENCH"
title = "A study of plates"
simulated = true
[visits]
order = ["baseline", "day_14"]
baseline = "baseline"
endpoint = "day_14"
[tables.participants]
file = "participants.csv"
[tables.elisa]
file = "wells.csv"
schema = "elisa_plates"
[markers.BDNF_serum]
from = "elisa"
scale = "raw"
{marker}
[markers.BDNF_plasma]
from = "elisa"
[[analyses]]
kind = "compare_visits"
markers = ["BDNF_serum"]
{analyses}
"""


def od(concentration: float) -> float:
    """Return the response of the simulated curve."""
    return 0.05 + (0 if concentration == 0 else 2.4 / (1 + (12 / concentration) ** 1.1))


def in_well(who: int, visit: str, specimen: str) -> float:
    """Return what is in the well: the first person's plasma is below the lowest standard."""
    if specimen == "plasma":
        return 0.3 if who == 0 else 3.0 + who
    return 10.0 + who + (2.0 + who / 10 if visit == "day_14" else 0.0)


def write_study(folder: Path, *, marker: str = "", analyses: str = "") -> Path:
    """Write the study's files and return the study file."""
    (folder / "participants.csv").write_text("participant_id\n" + "\n".join(PEOPLE) + "\n")
    lines = [
        "plate_id,well,role,participant_id,visit,specimen,concentration,dilution_factor,absorbance"
    ]
    for plate, specimen in (("PL1", "serum"), ("PL2", "plasma")):
        wells = iter(f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13))
        rng = np.random.default_rng(7)
        for level in STANDARDS:
            for _ in range(2):
                noise = rng.normal(0, 0.004)
                lines.append(f"{plate},{next(wells)},standard,,,,{level},,{od(level) + noise:.5f}")
        for _ in range(2):
            lines.append(f"{plate},{next(wells)},blank,,,,,,0.0{rng.integers(48, 52)}")
        for who, person in enumerate(PEOPLE):
            for visit in VISITS:
                for _ in range(2):
                    signal = od(in_well(who, visit, specimen)) + rng.normal(0, 0.004)
                    lines.append(
                        f"{plate},{next(wells)},sample,{person},{visit},{specimen},,{DILUTION:g},"
                        f"{signal:.5f}"
                    )
    (folder / "wells.csv").write_text("\n".join(lines) + "\n")
    path = folder / "study.toml"
    path.write_text(PLAN.format(marker=marker, analyses=analyses))
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StudyRun:
    """Return the study, run."""
    return analyse_study(read_study(write_study(tmp_path_factory.mktemp("plates"))))


def test_levels_come_from_the_wells(run: StudyRun) -> None:
    serum = run.endpoints.query("marker == 'BDNF_serum' and visit == 'baseline'")
    truth = [DILUTION * in_well(who, "baseline", "serum") for who in range(6)]
    assert serum["participant_id"].tolist() == PEOPLE
    assert serum["value"].to_numpy() == pytest.approx(truth, rel=0.03)
    assert set(serum["unit"]) == {"ng/mL"}


def test_each_specimen_keeps_to_its_own(run: StudyRun) -> None:
    plasma = run.endpoints.query("marker == 'BDNF_plasma' and visit == 'day_14'")
    truth = [DILUTION * in_well(who, "day_14", "plasma") for who in range(1, 6)]
    assert plasma["value"].to_numpy()[1:] == pytest.approx(truth, rel=0.05)
    first = plasma.iloc[0]
    assert (first["censored"], first["limit"]) == ("left", DILUTION * 1.0)


def test_the_plates_are_told_once_and_every_number_is_a_row(run: StudyRun) -> None:
    curves = [one for one in run.results if one.analysis == "fit_standard_curve"]
    assert [one.outcome for one in curves] == [
        "standard curve of plate PL1",
        "standard curve of plate PL2",
    ]
    rows = tidy(run.results)
    assert {"fit_standard_curve", "summarise_replicates", "summarise_levels"} <= set(
        rows["analysis"]
    )
    assert (rows.query("estimate_name == 'LLOQ'")["estimate"] == 1.0).all()


def test_specimens_of_one_plate_are_neither_replicates_nor_dilutions(tmp_path: Path) -> None:
    path = write_study(tmp_path)
    wells = pd.read_csv(tmp_path / "wells.csv", dtype="str")
    moved = (wells["plate_id"] == "PL2") & (wells["role"] == "sample")
    wells = wells[(wells["plate_id"] == "PL1") | moved].assign(plate_id="PL1")
    places = [f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13)]
    wells["well"] = places[: len(wells)]
    # P02's plasma at another dilution: what it reads belongs to no dilution series of the serum
    is_other = (wells["specimen"] == "plasma") & (wells["participant_id"] == "P02")
    wells.loc[is_other, "dilution_factor"] = "2"
    wells.to_csv(tmp_path / "wells.csv", index=False)
    results = analyse_study(read_study(path)).results
    (curve,) = [one for one in results if one.analysis == "fit_standard_curve"]
    assert not [one for one in results if one.analysis == "summarise_dilutions"]
    assert not [said for said in curve.warnings if "disagree" in said]
    assert "2 samples below the LLOQ: P01 baseline plasma 1:10 and P01 day_14 plasma 1:10." in (
        curve.warnings
    )


def test_the_analysis_uses_them(run: StudyRun) -> None:
    (visits,) = [one for one in run.results if one.analysis == "compare_visits"]
    # every level rose by 20 ng/mL and a little more with each person
    assert visits.estimate == pytest.approx(DILUTION * 2.25, rel=0.1)
    assert visits.p_value == 2 / 2**6


def test_the_report_has_a_section_on_the_laboratory(run: StudyRun, tmp_path: Path) -> None:
    page = write_report(run, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Laboratory quality" in page
    for words in ("standard curve of plate PL1", "replicates of", "LLOQ", "the wells of plate PL2"):
        assert words in page
    assert "No figure" not in page


def test_two_methods_are_compared_where_the_plan_asks(tmp_path: Path) -> None:
    asked = '[[analyses]]\nkind = "compare_methods"\nmarkers = ["BDNF_serum", "BDNF_plasma"]\n'
    run = analyse_study(read_study(write_study(tmp_path, analyses=asked)))
    (found,) = [one for one in run.results if one.analysis == "compare_methods"]
    assert found.n == {"pairs": 10}  # the first person's plasma has no number
    assert found.groups == ("serum BDNF", "plasma BDNF")


def test_a_marker_that_is_mostly_noise_says_so_in_its_own_tests(tmp_path: Path) -> None:
    asked = '[[analyses]]\nkind = "compare_visits"\nmarkers = ["BDNF_plasma"]\n'
    path = write_study(tmp_path, analyses=asked)
    wells = pd.read_csv(tmp_path / "wells.csv", dtype={"absorbance": "float64"})
    # the second well of every serum sample reads far off, now higher and now lower
    serum = wells.index[wells["specimen"] == "serum"]
    signs = [(-1) ** (place // 2) for place in range(len(serum)) if place % 2]
    wells.loc[serum[1::2], "absorbance"] += 0.25 * np.array(signs)
    wells.to_csv(tmp_path / "wells.csv", index=False)
    results = analyse_study(read_study(path)).results
    said = {
        one.marker: any("mostly noise at baseline" in words for words in one.warnings)
        for one in results
        if one.analysis == "compare_visits"
    }
    assert said == {"BDNF_serum": True, "BDNF_plasma": False}


def test_methods_are_called_as_the_plan_calls_them(tmp_path: Path) -> None:
    asked = '[[analyses]]\nkind = "compare_methods"\nmarkers = ["BDNF_serum", "BDNF_plasma"]\n'
    path = write_study(tmp_path, marker='label = "BDNF by kit A"', analyses=asked)
    (found,) = [
        one for one in analyse_study(read_study(path)).results if one.analysis == "compare_methods"
    ]
    assert found.outcome == "agreement of BDNF by kit A and plasma BDNF"


def test_methods_in_two_units_are_refused(tmp_path: Path) -> None:
    asked = '[[analyses]]\nkind = "compare_methods"\nmarkers = ["BDNF_serum", "BDNF_plasma"]\n'
    path = write_study(tmp_path, marker='unit = "pg/mL"', analyses=asked)
    with pytest.raises(StudyError, match="BDNF_serum is in pg/mL and BDNF_plasma in ng/mL"):
        analyse_study(read_study(path))


@pytest.mark.parametrize(
    ("marker", "analyses", "message"),
    [
        ('curve = "3pl"', "", "curve is '3pl'; allowed: '4pl', '5pl', 'aicc'"),
        ("lloq = 5\nuloq = 2", "", "the lower limit has to be below"),
        ('condition = "basal"', "", "a key for a elisa_plates marker is 'condition'"),
        ('below = "third"', "", "below is 'third'; allowed: 'keep', 'half', 'root2'"),
        (
            "",
            '[[analyses]]\nkind = "compare_methods"\nmarkers = ["BDNF_serum"]\n',
            "two different markers are wanted",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(
    tmp_path: Path, marker: str, analyses: str, message: str
) -> None:
    with pytest.raises(StudyError, match=message):
        read_study(write_study(tmp_path, marker=marker, analyses=analyses))


def test_a_substituted_limit_is_said(tmp_path: Path) -> None:
    path = write_study(tmp_path)
    text = path.read_text().replace(
        '[markers.BDNF_plasma]\nfrom = "elisa"',
        '[markers.BDNF_plasma]\nfrom = "elisa"\nbelow = "half"',
    )
    path.write_text(text)
    run = analyse_study(read_study(path))
    first = run.endpoints.query("marker == 'BDNF_plasma'").iloc[0]
    assert first["value"] == pytest.approx(DILUTION / 2)
    assert "LLOQ ÷ 2" in first["note"]
