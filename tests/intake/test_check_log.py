"""The log of checks: one line each, nothing of the data in it."""

import json

import pandas as pd
import pytest

from ketbio.errors import FileError
from ketbio.intake import log_checks, log_unreadable, read_check_log
from ketbio.tables import check_table


def ratings(*totals):
    return pd.DataFrame(
        {
            "participant_id": [f"P{n:02}" for n in range(1, len(totals) + 1)],
            "visit": "baseline",
            "madrs_total": list(totals),
        }
    )


def test_a_line_tells_what_was_checked_and_what_came_of_it(tmp_path):
    path = tmp_path / "madrs.csv"
    ratings("12", "61", "72").to_csv(path, index=False)
    check = check_table(path, "madrs")
    log_checks([check], tmp_path / "log.jsonl")
    (line,) = read_check_log(tmp_path / "log.jsonl")
    assert line["time"].endswith("+00:00")
    assert line["sha256"] == check.sha256
    assert line["schema_version"] == check.schema_version != ""
    assert (line["file"], line["schema"], line["outcome"]) == ("madrs.csv", "madrs", "has errors")
    assert (line["n_incoming"], line["n_accepted"], line["n_rejected"]) == (3, 1, 2)
    assert line["rules"] == {"range": 2}


def test_lines_are_added_and_older_ones_stay(tmp_path):
    log = tmp_path / "log.jsonl"
    good = check_table(ratings("12"), "madrs")
    log_checks([good, good], log)
    log_unreadable("a.xlsx", "a.xlsx is truncated.", log, sha256="ab")
    log_checks([good], log)
    lines = log.read_text(encoding="utf-8").splitlines()
    outcomes = [json.loads(line)["outcome"] for line in lines]
    assert outcomes == ["accepted", "accepted", "unreadable", "accepted"]


def test_no_cell_is_in_the_log(tmp_path):
    check = check_table(ratings("secret-looking"), "madrs")
    log_checks([check], tmp_path / "log.jsonl")
    text = (tmp_path / "log.jsonl").read_text(encoding="utf-8")
    assert "secret-looking" not in text
    assert "P01" not in text


def test_a_line_cut_short_is_left_out(tmp_path):
    log = tmp_path / "log.jsonl"
    log_checks([check_table(ratings("12"), "madrs")], log)
    with log.open("a", encoding="utf-8") as file:
        file.write('{"time": "2026-')
    assert len(read_check_log(log)) == 1


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path):
    with pytest.raises(FileError, match=r"the log .* cannot be written"):
        log_checks([check_table(ratings("12"), "madrs")], tmp_path / "none" / "log.jsonl")
