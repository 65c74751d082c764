"""The command line as a person types it: what it prints, and its exit status."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ketbio.demo.simulate import write_demo_study

DEMO = files("ketbio.demo")
GOOD = "participant_id,visit,madrs_total\n007,baseline,38\n008,baseline,41\n"


@pytest.fixture
def madrs(tmp_path):
    """Return a function that writes a MADRS file."""

    def write(text=GOOD, name="madrs.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_good_file_is_status_zero(typed, madrs):
    status, out, err = typed("check", madrs(), "--schema", "madrs")
    assert (status, err) == (0, "")
    assert "2 records, 2 accepted, 0 rejected" in out


WRONG = {
    "unknown column": (
        "participant_id,visit,madrs_totl\n1,baseline,38\n",
        "no column 'madrs_total'; column 'madrs_totl' is not known",
    ),
    "duplicate rating": (GOOD + "007,baseline,30\n", "row 4"),
    "total out of range": (GOOD + "009,baseline,61\n", "60"),
    "visit the study does not name": (GOOD + "009,week_3,30\n", "week_3"),
    "decimal comma": (GOOD + '009,baseline,"12,5"\n', "12,5"),
    "text in a number": (GOOD + "009,baseline,high\n", "high"),
    "header without rows": ("participant_id,visit,madrs_total\n", "row"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_wrong_data_is_status_one_with_the_place(typed, madrs, text, said):
    status, out, _ = typed("check", madrs(text), "--schema", "madrs", "--visits", "baseline,day_14")
    assert status == 1
    assert said in out


def test_total_that_is_not_the_sum_of_its_items(typed, tmp_path):
    frame = pd.read_csv(str(DEMO / "simulated_madrs.csv"), dtype=str)
    frame.loc[3, "madrs_total"] = "60"
    path = tmp_path / "m.csv"
    frame.to_csv(path, index=False)
    status, out, _ = typed("check", path, "--schema", "madrs")
    assert status == 1
    assert "row 5" in out


def test_item_of_seven(typed, tmp_path):
    frame = pd.read_csv(str(DEMO / "simulated_madrs.csv"), dtype=str)
    frame.loc[0, "lassitude"] = "7"
    path = tmp_path / "m.csv"
    frame.to_csv(path, index=False)
    status, out, _ = typed("check", path, "--schema", "madrs", "--format", "json")
    complaints = json.loads(out)
    assert status == 1
    assert "lassitude" in json.dumps(complaints)


def broken_xlsx(path):
    path.write_bytes(b"PK\x03\x04 cut short")


def locked_xlsx(path):
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000)


UNUSABLE = {
    "empty file": ("m.csv", lambda path: path.write_bytes(b"")),
    "truncated workbook": ("m.xlsx", broken_xlsx),
    "password": ("m.xlsx", locked_xlsx),
    "folder": ("m.csv", lambda path: path.mkdir()),
    "no file": ("m.csv", lambda _path: None),
}


@pytest.mark.parametrize(("name", "make"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_file_is_status_two_and_one_sentence(typed, tmp_path, name, make):
    path = tmp_path / name
    make(path)
    status, out, err = typed("check", path, "--schema", "madrs")
    assert (status, out) == (2, "")
    assert err.startswith("ketbio: ")
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "x.csv"], "a data file needs --schema NAME"),
        (["check", "x.csv", "--schema", "madr"], "Did you mean 'madrs'?"),
        (["check", "x.csv", "--schema", "madrs", "--format", "yaml"], "--format is 'yaml'"),
        (["check", "x.csv", "--schema", "madrs", "--columns", "Id"], "OURS=INCOMING is wanted"),
        (["chek"], "chek"),
        (["report"], "Missing argument"),
        (["report", "gone.toml", "--out", "r.html"], "gone.toml: no such file"),
        (["schema", "madr"], "Did you mean 'madrs'?"),
        (["schema", "--template", "t.xlsx"], "--template needs the name of a schema"),
        (["demo", "--format", "odt"], "--format is 'odt'"),
        (["demo", "--study", "cross-over"], "--study is 'cross-over'"),
    ],
)
def test_wrong_call_is_status_two_and_one_sentence(typed, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    status, _, err = typed(*words)
    assert status == 2
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_misspelt_key_of_a_study_is_status_two(typed, tmp_path):
    path = tmp_path / "study.toml"
    path.write_text('[stdy]\nid = "x"\n')
    status, _, err = typed("check", path)
    assert status == 2
    assert "study.toml, line 1" in err


def test_accepted_and_rejected_rows_are_written_once_each(typed, madrs, tmp_path):
    path = madrs(GOOD + "009,baseline,61\n")
    sides = tmp_path / "ok.csv", tmp_path / "no.xlsx"
    words = ["check", path, "--schema", "madrs", "--accepted", sides[0], "--rejected", sides[1]]
    assert typed(*words)[0] == 1
    assert pd.read_csv(sides[0], dtype=str)["participant_id"].tolist() == ["007", "008"]
    sheet = openpyxl.load_workbook(sides[1]).active
    assert [cell.value for cell in sheet[2]][:2] in (["4", "009"], [4, "009"])
    before = sides[0].read_bytes()
    status, _, err = typed(*words)
    assert status == 2
    assert "--force" in err
    assert sides[0].read_bytes() == before
    assert typed(*words, "--force")[0] == 1


def test_rows_are_never_written_over_the_file_itself_or_each_other(typed, madrs, tmp_path):
    path = madrs(GOOD)
    before = path.read_bytes()
    words = ["check", path, "--schema", "madrs", "--force"]
    status, _, err = typed(*words, "--rejected", path)
    assert (status, path.read_bytes()) == (2, before)
    assert "never overwritten" in err
    same = tmp_path / "out.csv"
    assert "give two files" in typed(*words, "--accepted", same, "--rejected", same)[2]
    status, _, err = typed(*words, "--accepted", same, "--rejected", tmp_path / "no" / "x.csv")
    assert status == 2
    assert "is not there; make it first" in err
    assert not same.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--columns", "visit=a", "--columns", "visit=b"], "gives 'visit' twice"),
        (["--visits", ","], "every visit once, with a comma between"),
        (["--visits", "baseline,baseline"], "every visit once, with a comma between"),
    ],
)
def test_options_that_contradict_themselves_are_refused(typed, madrs, words, said):
    status, _, err = typed("check", madrs(), "--schema", "madrs", *words)
    assert status == 2
    assert said in err


def test_report_never_replaces_the_studys_own_files(typed, tmp_path):
    folder = tmp_path / "look"
    write_demo_study(folder)
    data = folder / "simulated_madrs.csv"
    before = data.read_bytes()
    words = ["report", folder / "study.toml", "--out", data, "--format", "html", "--force"]
    status, _, err = typed(*words)
    assert (status, data.read_bytes()) == (2, before)
    assert "never overwritten" in err
    status, _, err = typed(
        "report", folder / "study.toml", "--out", folder / "r.html", "--format", "docx"
    )
    assert status == 2
    assert "does not fit its format 'docx'" in err


def test_report_never_replaces_a_table_of_the_study_by_its_results(typed, tmp_path):
    folder = tmp_path / "look"
    write_demo_study(folder)
    (folder / "simulated_madrs.csv").rename(folder / "results.csv")
    plan = folder / "study.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("simulated_madrs.csv", "results.csv"), encoding="utf-8")
    before = (folder / "results.csv").read_bytes()
    status, _, err = typed("report", plan, "--out", folder / "report.html", "--force")
    assert status == 2
    assert "results.csv is a file of the study and is never overwritten" in err
    assert (folder / "results.csv").read_bytes() == before


def test_safety_is_shown_though_another_table_cannot_be_read(typed, tmp_path):
    folder = tmp_path / "look"
    write_demo_study(folder)
    (folder / "simulated_imaging.csv").write_bytes(b"")
    status, out, err = typed("check", folder / "study.toml")
    assert status == 2
    assert out.startswith("SAFETY")
    assert "simulated_imaging.csv is empty" in err


def test_mapping_on_the_command_line(typed, madrs):
    path = madrs("Id;Visit;MADRS\n7;baseline;12,0\n")
    words = [
        "--columns",
        "participant_id=Id",
        "--columns",
        "visit=Visit",
        "--columns",
        "madrs_total=MADRS",
    ]
    status, out, _ = typed("check", path, "--schema", "madrs", *words, "--decimal", ",")
    assert status == 0, out


def test_html_of_a_check_escapes_what_cells_say(typed, madrs):
    path = madrs(GOOD + "009,<script>alert(1)</script>,30\n")
    _, out, _ = typed(
        "check", path, "--schema", "madrs", "--format", "html", "--visits", "baseline"
    )
    assert "<script>alert(1)" not in out
    assert "&lt;script&gt;" in out


def test_demo_then_check_then_report(typed, tmp_path):
    folder = tmp_path / "look"
    status, out, _ = typed("demo", "--out", folder)
    assert status == 0
    assert Path(out.strip().splitlines()[-1]) == folder / "report.html"
    assert "Simulated" in (folder / "report.html").read_text(encoding="utf-8")
    assert {"results.json", "results.csv"} <= {path.name for path in folder.iterdir()}
    assert typed("check", folder / "study.toml")[0] == 0
    status, _, err = typed("report", folder / "study.toml", "--out", folder / "report.html")
    assert status == 2
    assert "report.html" in err
    status, _, err = typed("demo", "--out", folder)
    assert status == 2


def test_report_on_wrong_data_is_status_one_and_writes_nothing(typed, tmp_path):
    folder = tmp_path / "look"
    write_demo_study(folder)
    madrs = folder / "simulated_madrs.csv"
    madrs.write_text(madrs.read_text().replace("K01,baseline", "K99,baseline"))
    status, out, err = typed("report", folder / "study.toml", "--out", folder / "new.docx")
    assert (status, out) == (1, "")
    assert "K99" in err
    assert not (folder / "new.docx").exists()


def test_schema_prints_the_dictionary_and_writes_a_sheet(typed, tmp_path):
    assert "madrs" in typed("schema")[1]
    assert "suicidal_thoughts" in typed("schema", "madrs")[1]
    path = tmp_path / "sheet.xlsx"
    assert typed("schema", "madrs", "--template", path)[0] == 0
    header = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][1]]
    assert header[:2] == ["participant_id", "visit"]


def test_version_and_help(typed):
    assert typed("--version")[1].startswith("ketbio 0.")
    status, out, _ = typed("--help")
    assert status == 0
    assert "ketbio check study.toml" in out


def test_module_runs_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "ketbio", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("ketbio ")


def test_check_does_not_pass_what_report_refuses(typed, tmp_path):
    folder = tmp_path / "look"
    write_demo_study(folder)
    study = folder / "study.toml"
    study.write_text(
        study.read_text().replace('condition = "insulin/basal"', 'condition = "Insulin/basal"')
    )
    status, out, err = typed("check", study)
    assert status == 2
    assert out.startswith("SAFETY")
    assert "[markers.p_mTOR_S2448]: condition is 'Insulin'" in err
