"""A drop folder: each content once, results beside it, nothing taken half copied."""

import shutil
from importlib.resources import files
from itertools import islice

import pytest

from ketbio.errors import FileError
from ketbio.intake import (
    handle_new_files,
    read_check_log,
    schema_recipient,
    study_recipient,
    watch_folder,
)
from ketbio.study import read_study

GOOD = "participant_id,visit,madrs_total\nP01,baseline,30\n"
BAD = "participant_id,visit,madrs_total\nP01,baseline,61\n"


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(
        str(files("ketbio.demo")), folder, ignore=shutil.ignore_patterns("*.py*", "__*")
    )
    return read_study(folder / "study.toml")


def log_of(folder):
    return read_check_log(folder / "ketbio-results" / "checks.jsonl")


def test_each_content_is_handled_once(drop):
    (drop / "week1.csv").write_text(BAD, encoding="utf-8")
    first = handle_new_files(drop, schema_recipient("madrs"))
    assert [(one.file, one.outcome, one.ok) for one in first] == [
        ("week1.csv", "has errors", False)
    ]
    assert not handle_new_files(drop, schema_recipient("madrs"))
    (drop / "week1.csv").write_text(GOOD, encoding="utf-8")
    (again,) = handle_new_files(drop, schema_recipient("madrs"))
    assert again.outcome == "accepted"
    assert [line["outcome"] for line in log_of(drop)] == ["has errors", "accepted"]


def test_results_stand_beside_the_file(drop):
    (drop / "week1.csv").write_text(BAD, encoding="utf-8")
    (one,) = handle_new_files(drop, schema_recipient("madrs"))
    names = {path.name for path in one.results.iterdir()}
    assert names == {
        "check.html", "check.json", "accepted.csv", "rejected.csv", "annotated.xlsx",
    }  # fmt: skip
    assert one.results.parent.parent == drop
    assert "61" in (one.results / "rejected.csv").read_text(encoding="utf-8")
    assert len(log_of(drop)) == 1


def test_the_same_content_under_another_name_is_recognised(drop):
    (drop / "a.csv").write_text(GOOD, encoding="utf-8")
    (drop / "b.csv").write_text(GOOD, encoding="utf-8")
    one, other = handle_new_files(drop, schema_recipient("madrs"))
    assert (one.outcome, other.outcome) == ("accepted", "seen before")
    assert other.message == "b.csv: the same content as a.csv, which was handled before."
    assert not handle_new_files(drop, schema_recipient("madrs"))


def test_an_unreadable_file_is_said_and_logged_and_stops_nothing(drop):
    (drop / "a.xlsx").write_bytes(b"PK\x03\x04 cut short")
    (drop / "b.csv").write_text(GOOD, encoding="utf-8")
    broken, good = handle_new_files(drop, schema_recipient("madrs"))
    assert (broken.outcome, broken.ok, broken.results) == ("unreadable", False, None)
    assert "a.xlsx" in broken.message
    assert good.ok
    assert [line["outcome"] for line in log_of(drop)] == ["unreadable", "accepted"]


def test_what_is_no_delivery_is_left_alone(drop):
    for name in ("~$madrs.xlsx", ".hidden.csv", "madrs.csv.part", "madrs.crdownload"):
        (drop / name).write_text(GOOD, encoding="utf-8")
    (drop / "older").mkdir()
    assert not handle_new_files(drop, schema_recipient("madrs"))
    assert not (drop / "ketbio-results").exists()


def test_a_file_being_copied_is_left_alone_until_it_is_whole(drop):
    path = drop / "week1.csv"
    path.write_text(GOOD[:20], encoding="utf-8")
    looks = []

    def wait(_seconds):
        looks.append(len(looks))
        if len(looks) == 1:  # still growing between the first two looks
            path.write_text(GOOD, encoding="utf-8")

    (one,) = islice(watch_folder(drop, schema_recipient("madrs"), wait=wait), 1)
    assert one.outcome == "accepted"
    assert len(looks) == 2
    assert len(log_of(drop)) == 1


def test_results_of_a_run_that_was_broken_off_are_made_anew(drop):
    (drop / "week1.csv").write_text(GOOD, encoding="utf-8")
    (one,) = handle_new_files(drop, schema_recipient("madrs"))
    (drop / "ketbio-results" / "checks.jsonl").unlink()
    (one.results / "check.html").write_text("half", encoding="utf-8")
    (again,) = handle_new_files(drop, schema_recipient("madrs"))
    assert again.results == one.results
    assert (again.results / "check.html").read_text(encoding="utf-8") != "half"


@pytest.mark.parametrize(
    ("name", "rows"),
    [("simulated_madrs.csv", 1), ("2026-03_madrs_site2.csv", 1), ("MADRS final.csv", 1)],
)
def test_a_delivery_is_known_by_its_name(drop, study, name, rows):
    (drop / name).write_text(BAD, encoding="utf-8")
    (one,) = handle_new_files(drop, study_recipient(study))
    assert one.outcome == "has errors"
    assert log_of(drop)[0]["table"] == "madrs"
    assert log_of(drop)[0]["n_incoming"] == rows


def test_a_delivery_of_no_table_is_said(drop, study):
    (drop / "letters.csv").write_text(GOOD, encoding="utf-8")
    (one,) = handle_new_files(drop, study_recipient(study))
    assert one.message.startswith("Not checked: letters.csv is a delivery of no table")


def test_a_delivery_of_two_tables_is_said(drop, study):
    (drop / "madrs and blots.csv").write_text(GOOD, encoding="utf-8")
    (one,) = handle_new_files(drop, study_recipient(study))
    assert "could be a delivery of" in one.message
    assert "drop" in one.message


def test_a_delivery_is_held_against_the_other_tables(drop, study):
    (drop / "madrs.csv").write_text(GOOD.replace("P01", "X99"), encoding="utf-8")
    (one,) = handle_new_files(drop, study_recipient(study))
    assert log_of(drop)[0]["rules"] == {"known_participant": 1}
    assert one.outcome == "has errors"


def test_what_could_not_be_checked_is_tried_again_and_logged_once(drop, study):
    (drop / "letters.csv").write_text(GOOD, encoding="utf-8")
    for _ in range(2):
        (one,) = handle_new_files(drop, study_recipient(study))
        assert one.outcome == "unreadable"
        assert one.message.startswith("Not checked: ")
    assert len(log_of(drop)) == 1
    shutil.copy(drop / "letters.csv", drop / "madrs.csv")
    outcomes = [one.outcome for one in handle_new_files(drop, study_recipient(study))]
    assert outcomes == ["unreadable", "has errors"]


def test_another_table_that_cannot_be_read_is_an_error_and_the_file_is_tried_again(drop, study):
    people = study.path.parent / "simulated_participants.csv"
    good = people.read_bytes()
    people.write_bytes(b"PK\x03\x04 no text")
    shutil.copy(study.path.parent / "simulated_madrs.csv", drop / "madrs.csv")
    (one,) = handle_new_files(drop, study_recipient(study))
    assert not one.ok
    assert one.outcome.startswith("incomplete")
    assert log_of(drop)[0]["rules"]["not_compared"] == 1
    people.write_bytes(good)
    (again,) = handle_new_files(drop, study_recipient(study))
    assert again.outcome == "accepted"
    assert not handle_new_files(drop, study_recipient(study))


def test_a_file_named_after_a_person_is_nowhere_named(drop):
    name = "Zwiebelmann_Anna_1987-03-14.csv"
    (drop / name).write_text(GOOD, encoding="utf-8")
    (drop / name.replace(".csv", ".xlsx")).write_bytes(b"PK\x03\x04 cut short")
    handled = handle_new_files(drop, schema_recipient("madrs"))
    said = "".join(f"{one.file} {one.message}" for one in handled)
    log = (drop / "ketbio-results" / "checks.jsonl").read_text(encoding="utf-8")
    assert len(handled) == 2
    assert "Zwiebelmann" not in said + log
    assert "1987" not in said + log
    assert not [one for one in handle_new_files(drop, schema_recipient("madrs")) if one.ok]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(FileError, match="the folder 'none' cannot be read"):
        handle_new_files(tmp_path / "none", schema_recipient("madrs"))
