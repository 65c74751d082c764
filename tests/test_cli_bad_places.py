"""Places that cannot be written or even looked at: one sentence, no traceback, nothing written."""

from pathlib import Path

import pytest

from ketbio.cli import run
from ketbio.errors import ReportError
from ketbio.report.provenance import report_seconds

STUDY = """
[study]
id = "s"
title = "S"

[visits]
order = ["baseline", "day_14"]
baseline = "baseline"
endpoint = "day_14"

[tables.participants]
file = "participants.csv"

[report]
"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "participants.csv").write_text("participant_id\nP01\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path / "study.toml"


@pytest.fixture
def locked(monkeypatch):
    """A folder that may not be entered, whoever runs the test."""
    for name in ("exists", "is_dir"):
        monkeypatch.setattr(Path, name, refusing(getattr(Path, name)))


def refusing(look):
    def refused(path):
        if "locked" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    return refused


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    "words",
    [["report", "--out", "locked/a.html"], ["check", "--out", "locked/a.json"],
     ["tables", "--out", "locked/t"]],
)  # fmt: skip
def test_a_locked_folder_is_told_in_one_sentence(study, capsys, words):
    assert run([words[0], str(study), *words[1:]]) == 2
    said = capsys.readouterr().err
    assert "Permission denied" in said
    assert "locked" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("out", ["", "."])
def test_a_report_is_no_folder(study, capsys, out):
    assert run(["report", str(study), "--out", out]) == 2
    assert ". is a folder; give the name of the file to write in it." in capsys.readouterr().err


def test_a_name_too_long_is_told(study, capsys):
    assert run(["report", str(study), "--out", f"{'a' * 300}.html"]) == 2
    assert "File name too long." in capsys.readouterr().err


def test_a_folder_as_study_is_named(capsys):
    assert run(["report", "."]) == 2
    assert capsys.readouterr().err.startswith("ketbio: . is a folder")


def test_tables_refuse_an_ending_that_is_no_format(study, capsys, tmp_path):
    assert run(["tables", str(study), "--out", str(tmp_path / "t.xlsx")]) == 2
    assert "the ending of --out is 'xlsx'; allowed: 'html', 'docx'" in capsys.readouterr().err
    assert not (tmp_path / "t.xlsx").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [('figures = "natur"', "study.toml, line 15: figures in [report]: style is 'natur'"),
     ('template = "ours.md.j2"', "ours.md.j2, line 1: 'titel' is not a variable")],
)  # fmt: skip
def test_check_refuses_what_the_report_would_refuse(study, capsys, words, said):
    (study.parent / "ours.md.j2").write_text("{{ titel }}", encoding="utf-8")
    study.write_text(STUDY + words + "\n", encoding="utf-8")
    assert run(["check", str(study)]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("given", ["1e9", "-1", "9" * 5000, "253402300800"])
def test_a_day_that_is_none_is_refused_and_not_passed_over(monkeypatch, given):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    with pytest.raises(ReportError, match=r"SOURCE_DATE_EPOCH is .*; allowed: whole seconds"):
        report_seconds()


def test_a_demo_is_not_half_written_beside_a_report(tmp_path, capsys):
    (tmp_path / "report.html").write_text("mine", encoding="utf-8")
    assert run(["demo", "--out", str(tmp_path)]) == 2
    assert "report.html is there already and was not touched" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
