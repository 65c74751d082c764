from pathlib import Path

import pandas as pd
import pytest

from ketbio.demo import ratings, simulate
from ketbio.demo.draws import random_stream
from ketbio.demo.markers import imaging_csv
from ketbio.demo.ratings import simulate_courses
from ketbio.demo.simulate import DEMO_SEED, SHIPPED_FILES, STUDY_FILE, simulate_study
from ketbio.vocabulary import MADRS_ITEMS

OTHER_SEEDS = (0, 1, 7, 2**40)
DRAWN_FILES = [name for name in SHIPPED_FILES if name != STUDY_FILE]


def madrs_totals(madrs: pd.DataFrame) -> pd.DataFrame:
    numbers = madrs.assign(total=pd.to_numeric(madrs["madrs_total"]))
    return numbers.pivot_table(index="participant_id", columns="visit", values="total")


def reduced_by_half(madrs: pd.DataFrame) -> dict[str, bool]:
    """Participant → response, by the definition, for those with both ratings."""
    totals = madrs_totals(madrs).dropna(subset=["baseline", "day_14"])
    return (2 * totals["day_14"] <= totals["baseline"]).to_dict()


def ids_with_both_visits(table: pd.DataFrame) -> set[str]:
    visits = table.groupby("participant_id")["visit"].agg(set)
    return set(visits.index[visits == {"baseline", "day_14"}])


@pytest.mark.parametrize("name", DRAWN_FILES)
def test_shipped_file_is_made_again_bit_for_bit(name, shipped_texts):
    assert simulate_study()[name].encode("utf-8") == shipped_texts[name].encode("utf-8")


def test_every_drawn_file_is_shipped_and_no_other():
    assert sorted(simulate_study()) == sorted(DRAWN_FILES)


def test_shipped_list_is_what_lies_in_the_folder():
    folder = Path(simulate.__file__).parent
    present = {
        path.name for path in folder.iterdir() if path.suffix in {".csv", ".txt", ".toml", ".md"}
    }
    assert present == set(SHIPPED_FILES)


@pytest.mark.parametrize("seed", [DEMO_SEED, *OTHER_SEEDS])
def test_counts_of_the_design_hold_for_any_seed(seed, read_as_written):
    tables = read_as_written(simulate_study(seed=seed))
    response = reduced_by_half(tables.madrs)
    scanned = ids_with_both_visits(tables.imaging) & set(response)
    blotted = ids_with_both_visits(tables.blots)
    assert len(tables.participants) == tables.participants["participant_id"].nunique() == 13
    assert (len(response), sum(response.values())) == (12, 5)
    assert (len(scanned), sum(response[name] for name in scanned)) == (11, 5)
    assert (len(blotted), sum(response[name] for name in blotted)) == (10, 5)
    assert set(tables.blots["participant_id"]) == blotted


@pytest.mark.parametrize("seed", [DEMO_SEED, *OTHER_SEEDS])
def test_items_are_scores_that_sum_to_the_total(seed, read_as_written):
    madrs = read_as_written(simulate_study(seed=seed)).madrs
    complete = madrs[madrs["madrs_total"] != ""]
    items = complete[list(MADRS_ITEMS)].astype(int)
    assert len(complete) == 74
    assert items.isin(range(7)).all(axis=None)
    assert (items.sum(axis=1) == complete["madrs_total"].astype(int)).all()


@pytest.mark.parametrize("seed", [DEMO_SEED, *OTHER_SEEDS])
def test_level_and_spread_are_near_the_published_ones(seed, read_as_written):
    totals = madrs_totals(read_as_written(simulate_study(seed=seed)).madrs)
    # Esketamine in ten adolescents, before and after 24 h: 39.1 (6.3), 26.8 (8.4), fall 12.3.
    assert totals["baseline"].mean() == pytest.approx(39.1, abs=0.5)
    assert totals["baseline"].std() == pytest.approx(6.3, abs=0.5)
    assert totals["day_1"].mean() == pytest.approx(26.8, abs=1.0)
    assert totals["day_1"].std() == pytest.approx(8.4, abs=1.0)
    assert (totals["baseline"] - totals["day_1"]).mean() == pytest.approx(12.3, abs=1.5)


def test_readme_states_the_calibration_that_the_tables_show(shipped, shipped_texts):
    totals = madrs_totals(shipped.madrs)
    fall = totals["baseline"] - totals["day_1"]
    readme = shipped_texts["README.md"]
    assert f"| mean at baseline | 39.1 | ± 0.5 | {totals['baseline'].mean():.2f} |" in readme
    assert f"| SD at baseline | 6.3 | ± 0.5 | {totals['baseline'].std():.2f} |" in readme
    assert f"| mean at day 1 | 26.8 | ± 1.0 | {totals['day_1'].mean():.2f} |" in readme
    assert f"| SD at day 1 | 8.4 | ± 1.0 | {totals['day_1'].std():.2f} |" in readme
    assert f"| mean fall by day 1 | 12.3 | ± 1.5 | {fall.mean():.2f} |" in readme


def test_readme_states_the_remitters_that_the_tables_show(shipped, shipped_texts):
    remitters = int((madrs_totals(shipped.madrs)["day_14"] <= 10).sum())
    assert 1 <= remitters <= 3
    assert f"7 non-responders; {remitters} at or below 10." in shipped_texts["README.md"]


def test_seeds_differ_and_repeat():
    assert simulate_study(seed=1) == simulate_study(seed=1)
    first, second = simulate_study(seed=1), simulate_study(seed=2)
    same = {name for name in DRAWN_FILES if first[name] == second[name]}
    assert same == {"simulated_blot_lanes.csv", "simulated_elisa_layout.csv"}  # by design


def test_a_table_does_not_move_when_another_changes(monkeypatch):
    before = simulate_study()
    monkeypatch.setattr(simulate, "elisa_files", lambda *_: ("", ""))
    after = simulate_study()
    for name in ("simulated_imaging.csv", "simulated_blot_bands.csv"):
        assert after[name] == before[name]


def test_contradictory_targets_are_said_to_be_so(monkeypatch):
    monkeypatch.setattr(ratings, "MOST_DRAWS", 3)
    monkeypatch.setattr(ratings, "REMITTERS", ())
    with pytest.raises(RuntimeError, match=r"No study near the calibration targets in 3 draws"):
        simulate_courses(random_stream(1, table=1))


def test_entropy_follows_the_course_and_its_control_does_not():
    differences = {"nacc_entropy": [], "amygdala_entropy": []}
    for seed in range(60):
        courses = simulate_courses(random_stream(seed, table=1))
        lines = imaging_csv(courses, random_stream(seed, table=4)).splitlines()
        table = pd.DataFrame([line.split(",") for line in lines[1:]], columns=lines[0].split(","))
        table = table.astype(dict.fromkeys(differences, float))
        response = {c.participant.participant_id: c.participant.responds for c in courses}
        for marker, found in differences.items():
            wide = table.pivot_table(
                index="participant_id", columns="visit", values=marker
            ).dropna()
            change = wide["day_14"] - wide["baseline"]
            means = change.groupby(change.index.map(response)).mean()
            found.append(means[True] - means[False])
    # By the model 0.0026 nats per percent × about 41 percent between the groups = 0.107;
    # the standard error of a mean over 60 studies is about 0.009.
    assert pd.Series(differences["nacc_entropy"]).mean() == pytest.approx(0.107, abs=0.035)
    assert pd.Series(differences["amygdala_entropy"]).mean() == pytest.approx(0.0, abs=0.035)
