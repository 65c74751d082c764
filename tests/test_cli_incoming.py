"""The commands for incoming files, as a data manager types them."""

import json
import os
import stat

import openpyxl
import pytest

RATINGS = "participant_id,visit,madrs_total\nP01,baseline,30\nP02,baseline,{}\n"


@pytest.fixture
def ratings(tmp_path):
    def write(total, name="madrs.csv"):
        path = tmp_path / name
        path.write_text(RATINGS.format(total), encoding="utf-8")
        return path

    return write


def test_the_outcome_goes_to_a_file_by_its_ending(typed, ratings, tmp_path):
    path = ratings(61)
    status, out, err = typed("check", path, "--schema", "madrs", "--out", tmp_path / "c.html")
    assert (status, out) == (1, "")
    assert "1 rejected" in err
    assert "madrs_total is 61" in (tmp_path / "c.html").read_text(encoding="utf-8")
    typed("check", path, "--schema", "madrs", "--out", tmp_path / "c.json")
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["ok"] is False


def test_the_annotated_workbook_has_the_comment_at_the_cell(typed, ratings, tmp_path):
    target = tmp_path / "todo.xlsx"
    assert typed("check", ratings(61), "--schema", "madrs", "--annotate", target)[0] == 1
    book = openpyxl.load_workbook(target)
    comments = [cell.comment for page in book for row in page.iter_rows() for cell in row]
    assert any("madrs_total is 61" in one.text for one in comments if one)


def test_every_check_is_logged_where_asked(typed, ratings, tmp_path):
    log = tmp_path / "log.jsonl"
    typed("check", ratings(61), "--schema", "madrs", "--log", log)
    typed("check", ratings(20), "--schema", "madrs", "--log", log)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["outcome"] for line in lines] == ["has errors", "accepted"]


def test_what_the_messages_name_can_be_typed(typed, ratings):
    path = ratings("n/a")
    assert typed("check", path, "--schema", "madrs")[0] == 1
    assert typed("check", path, "--schema", "madrs", "--missing-in", "madrs_total=n/a")[0] == 1
    recode = ("--values", "madrs_total:n/a=20")
    assert typed("check", path, "--schema", "madrs", *recode)[0] == 0


def test_a_file_in_batches_says_the_same(typed, ratings, tmp_path):
    path, rejected = ratings(61), tmp_path / "rejected.csv"
    whole = typed("check", path, "--schema", "madrs")
    large = typed("check", path, "--schema", "madrs", "--large", "--rejected", rejected)
    assert large[0] == whole[0] == 1
    assert large[1].splitlines()[0] == whole[1].splitlines()[0]
    assert "P02,baseline,61" in rejected.read_text(encoding="utf-8")
    status, _, err = typed("check", path, "--schema", "madrs", "--large", "--format", "html")
    assert status == 2
    assert "take text or json" in err


def test_a_drop_folder_is_handled_once(typed, ratings, tmp_path):
    folder = tmp_path / "incoming"
    folder.mkdir()
    ratings(61).rename(folder / "week1.csv")
    line = ("check", "--schema", "madrs", "--watch", folder, "--once")
    status, out, _ = typed(*line)
    assert status == 1
    assert out.startswith("week1.csv: madrs: 2 records, 1 accepted, 1 rejected")
    assert typed(*line)[:2] == (0, "Nothing new.\n")


def test_what_changed_between_two_deliveries(typed, ratings, tmp_path):
    old, new = ratings(20, "march.csv"), ratings(21, "april.csv")
    status, out, _ = typed("diff", old, new, "--schema", "madrs")
    assert status == 0
    assert "'20' → '21'" in out
    table = tmp_path / "changes.csv"
    assert typed("diff", old, new, "--schema", "madrs", "--out", table)[0] == 0
    assert "madrs_total,20,21" in table.read_text(encoding="utf-8")


def test_ids_become_codes_and_the_key_is_its_owner_s(typed, ratings, tmp_path):
    (tmp_path / "keys").mkdir()
    key, coded = tmp_path / "keys" / "trial.key", tmp_path / "coded.csv"
    line = ("pseudonymise", ratings(20), "--key-file", key, "--out", coded)
    status, _, err = typed(*line)
    assert status == 2
    assert err.startswith("ketbio: ")
    assert typed(*line, "--new-key")[0] == 0
    text = coded.read_text(encoding="utf-8")
    assert "P01" not in text
    assert text.count("K-") == 2
    if os.name == "posix":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_schema_in_every_form(typed, tmp_path):
    assert "madrs_total" in typed("schema", "madrs", "--format", "markdown")[1]
    assert "<html" in typed("schema", "madrs", "--format", "html")[1]
    table = tmp_path / "madrs.json"
    assert typed("schema", "madrs", "--out", table)[0] == 0
    assert json.loads(table.read_text(encoding="utf-8"))["fields"]
    redcap = tmp_path / "redcap.csv"
    assert typed("schema", "madrs", "--out", redcap, "--format", "redcap")[0] == 0
    assert "Variable / Field Name" in redcap.read_text(encoding="utf-8")
    assert typed("schema", "madrs", "--format", "redcap")[0] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check",), "check needs a study file or a data file"),
        (("check", "a.csv", "--schema", "madrs", "--window", "day_14=12"), "VISIT=FIRST:LAST"),
        (("check", "a.csv", "--schema", "madrs", "--limit", "LOD=x"), "a number is wanted"),
        (("check", "a.csv", "--schema", "madrs", "--values", "visit=x"), "OURS:WRITTEN=MEANT"),
        (("check", "a.csv", "--watch", "folder"), "--watch takes a study file"),
        (("diff", "a.csv", "b.csv", "--schema", "none"), "schema is 'none'"),
    ],
)
def test_a_mistake_in_the_call_is_one_sentence(typed, words, said):
    status, _, err = typed(*words)
    assert status == 2
    assert said in err
    assert len(err.strip().splitlines()) == 1
