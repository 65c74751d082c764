import re

import pytest

from ketbio.demo import simulate
from ketbio.demo.simulate import SHIPPED_FILES, simulate_study, write_demo_study
from ketbio.errors import FileError


def test_copies_every_shipped_file_and_returns_the_study_file(tmp_path, shipped_texts):
    study_file = write_demo_study(tmp_path / "new" / "demo")
    assert study_file == tmp_path / "new" / "demo" / "study.toml"
    written = {path.name: path.read_bytes().decode("utf-8") for path in study_file.parent.iterdir()}
    assert written == shipped_texts


def test_refuses_to_replace_and_writes_nothing(tmp_path):
    (tmp_path / "simulated_madrs.csv").write_text("mine", encoding="utf-8")
    sentence = (
        f"The folder {str(tmp_path)!r} already holds simulated_madrs.csv; "
        "name another folder, or allow overwriting (overwrite=True, --force)."
    )
    with pytest.raises(FileError, match=f"^{re.escape(sentence)}$"):
        write_demo_study(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["simulated_madrs.csv"]
    assert (tmp_path / "simulated_madrs.csv").read_text(encoding="utf-8") == "mine"


def test_replaces_when_allowed_and_leaves_other_files(tmp_path, shipped_texts):
    (tmp_path / "simulated_madrs.csv").write_text("mine", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("kept", encoding="utf-8")
    write_demo_study(str(tmp_path), overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*SHIPPED_FILES, "notes.txt"])
    madrs = (tmp_path / "simulated_madrs.csv").read_bytes().decode("utf-8")
    assert madrs == shipped_texts["simulated_madrs.csv"]


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path):
    in_the_way = tmp_path / "demo"
    in_the_way.write_text("a file", encoding="utf-8")
    sentence = (
        f"The demo study cannot be written to {str(in_the_way)!r}: File exists. Name a folder."
    )
    with pytest.raises(FileError, match=f"^{re.escape(sentence)}$"):
        write_demo_study(in_the_way)
    assert in_the_way.read_text(encoding="utf-8") == "a file"


def test_module_entry_writes_the_drawn_files_beside_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(simulate, "__file__", str(tmp_path / "simulate.py"))
    simulate.main()
    written = {path.name: path.read_bytes().decode("utf-8") for path in tmp_path.iterdir()}
    assert written == simulate_study()
