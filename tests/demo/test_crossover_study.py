"""The second demo study: as drawn, as planned, and told to be simulated."""

from importlib.resources import files
from io import StringIO

import pandas as pd
import pytest

from ketbio.demo import crossover_study
from ketbio.demo.crossover_study import CROSSOVER_FILES, DROPPED_OUT, simulate_crossover
from ketbio.demo.simulate import write_demo_study
from ketbio.errors import FileError


@pytest.fixture(scope="module")
def texts():
    folder = files("ketbio.demo").joinpath("crossover")
    return {name: folder.joinpath(name).read_bytes().decode("utf-8") for name in CROSSOVER_FILES}


@pytest.fixture(scope="module")
def ratings(texts):
    return pd.read_csv(StringIO(texts["simulated_madrs.csv"]))


def test_the_shipped_files_are_those_drawn_bit_for_bit(texts):
    drawn = simulate_crossover()
    assert drawn == {name: texts[name] for name in drawn}
    assert set(texts) - set(drawn) == {"study.toml"}


def test_every_file_says_that_it_is_simulated(texts):
    assert "simulated = true" in texts["study.toml"]
    assert "Simulated data; no participant is real." in texts["study.toml"]
    assert "Simulated data; no participant is real." in texts["README.md"]
    assert all(name.startswith("simulated_") for name in texts if name.endswith(".csv"))


def test_sixteen_participants_eight_of_each_sequence_and_one_drop_out(texts, ratings):
    people = pd.read_csv(StringIO(texts["simulated_participants.csv"]))
    assert people["sequence"].value_counts().to_dict() == {"KS": 8, "SK": 8}
    counts = ratings.groupby("participant_id")["visit"].count()
    assert counts.pop(DROPPED_OUT) == 3
    assert set(counts) == {6}
    assert ratings["madrs_total"].between(0, 60).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_design_holds_whatever_the_seed(seed):
    tables = simulate_crossover(seed=seed)
    assert tables["simulated_participants.csv"].count("\n") == 17
    assert tables["simulated_madrs.csv"].count("\n") == 94
    assert f"(seed {seed})" in tables["README.md"]


def test_it_is_written_beside_nothing_of_the_first_study(tmp_path, texts):
    study_file = write_demo_study(tmp_path / "new", study="crossover")
    assert {path.name for path in study_file.parent.iterdir()} == set(texts)
    with pytest.raises(FileError, match="already holds"):
        write_demo_study(tmp_path / "new", study="crossover")
    with pytest.raises(FileError, match="study is 'cross-over'"):
        write_demo_study(tmp_path / "new", study="cross-over")


def test_module_entry_writes_the_drawn_files_in_its_folder(tmp_path, monkeypatch):
    (tmp_path / "crossover").mkdir()
    monkeypatch.setattr(crossover_study, "__file__", str(tmp_path / "crossover_study.py"))
    crossover_study.main()
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "crossover").iterdir()}
    assert written == simulate_crossover()
