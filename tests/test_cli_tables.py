"""`ketbio tables`: a study's tables, one file or one each."""

from io import BytesIO

import pytest
from docx import Document

STUDY = """seed = 7

[study]
id = "small"
title = "A small study"
simulated = true

[visits]
order = ["baseline", "day_14"]
baseline = "baseline"
endpoint = "day_14"

[tables.participants]
file = "participants.csv"

[tables.madrs]
file = "madrs.csv"

[[analyses]]
kind = "compare_visits"
markers = ["MADRS"]
"""
BEFORE, AFTER = (40, 38, 36, 41, 35), (10, 15, 18, 33, 30)


@pytest.fixture
def study(tmp_path):
    ids = [f"P{number:02}" for number in range(1, 6)]
    ratings = [
        f"{one},{visit},{total}"
        for visit, totals in (("baseline", BEFORE), ("day_14", AFTER))
        for one, total in zip(ids, totals, strict=True)
    ]
    people = [f"{one},{14 + place}" for place, one in enumerate(ids)]
    for name, head, lines in (
        ("madrs.csv", "participant_id,visit,madrs_total", ratings),
        ("participants.csv", "participant_id,age_years", people),
    ):
        (tmp_path / name).write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def test_one_word_file_holds_every_table(typed, study, tmp_path):
    out = tmp_path / "tables.docx"
    status, said, err = typed("tables", study, "--out", out, "--numbers", "lancet")
    assert (status, said.strip(), err) == (0, str(out), "")
    document = Document(BytesIO(out.read_bytes()))
    captions = [one.text for one in document.paragraphs if one.style.name == "Caption"]
    assert [caption.split(":")[0] for caption in captions] == [
        "Table 1. Participants",
        "Table 2. Response and remission",
        "Table 3. Visits compared within participants",
    ]
    assert "Simulated data: no participant is real." in [one.text for one in document.paragraphs]
    assert "·" in document.tables[0].cell(3, 1).text


def test_a_folder_gets_a_file_for_each(typed, study, tmp_path):
    folder = tmp_path / "tables"
    assert typed("tables", study, "--out", folder, "--format", "csv")[0] == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "table-1-participants.csv",
        "table-2-summarise-response.csv",
        "table-3-compare-visits.csv",
    ]
    status, _, err = typed("tables", study, "--out", folder, "--format", "csv")
    assert status == 2
    assert "is there already" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "t.csv"), "holds one table and here are 3 tables"),
        (("--out", "t.docx", "--format", "html"), "does not fit --format html"),
        (("--out", "t", "--format", "pdf"), "--format is 'pdf'; allowed: 'html'"),
        (("--out", "t", "--numbers", "lancte"), "Did you mean 'lancet'"),
        (("--out", "madrs.csv", "--force"), "is a file of the study and is never overwritten"),
        (("--out", "study.toml"), "is a file; give a folder"),
        (("--out", "none/t.docx"), "is not there; make it first"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_writes_nothing(words, said, typed, study, monkeypatch):
    folder = study.parent
    monkeypatch.chdir(folder)
    there = sorted(folder.iterdir())
    status, _, err = typed("tables", study.name, *words)
    assert status == 2
    assert said in err
    assert err.count("\n") == 1
    assert sorted(folder.iterdir()) == there
