"""The collection sheet: what it holds, and that a spreadsheet program enforces it."""

import json
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from ketbio.errors import FileError
from ketbio.tables import (
    check_table,
    extended_schema,
    load_schema,
    schema_names,
    write_schema,
    write_template,
)
from ketbio.tables.forms.cell_patterns import pattern_formula

SITE = {
    "columns": {
        "participant_id": {"pattern": "S[0-9]{2}-[0-9]{3}"},
        "crp": {"meaning": "=1+1", "type": "number", "unit": "mg/L", "above": 0, "maximum": 500},
    }
}


def validations(path):
    page = load_workbook(path).worksheets[0]
    by_letter = {str(one.sqref)[0]: one for one in page.data_validations.dataValidation}
    return {cell.value: by_letter.get(cell.column_letter) for cell in page[1]}


@pytest.mark.parametrize("name", schema_names())
def test_every_ranged_or_listed_column_is_enforced_by_an_error(tmp_path, name):
    made = validations(write_schema(name, tmp_path / "sheet.xlsx"))
    for spec in load_schema(name).columns.values():
        must = spec.allowed or spec.type in ("flag", "date", "integer")
        must = must or (spec.type == "number" and not spec.limit_flag)
        assert bool(made[spec.name]) is bool(must), spec.name
        if must:
            assert made[spec.name].showErrorMessage
            assert made[spec.name].errorStyle in (None, "stop")


def test_visits_of_a_study_are_a_drop_down_list(tmp_path):
    path = write_template("madrs", tmp_path / "madrs.xlsx", visits=["before", "after"])
    visit = validations(path)["visit"]
    assert visit.type == "list"
    words = load_workbook(path)["lists"]
    assert [words["B1"].value, words["B2"].value, words["B3"].value] == ["before", "after", None]


def test_an_empty_sheet_is_read_back_as_its_own_table(tmp_path):
    check = check_table(write_template("madrs", tmp_path / "madrs.xlsx"), "madrs")
    assert [one.rule for one in check.found] == ["no_rows"]


def test_words_of_a_schema_are_never_run_as_formulas(tmp_path):
    schema = extended_schema(load_schema("participants"), SITE)
    book = load_workbook(write_schema(schema, tmp_path / "sheet.xlsx"))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_nothing_is_replaced_unasked_and_an_ending_must_fit(tmp_path):
    path = write_template("madrs", tmp_path / "madrs.xlsx")
    with pytest.raises(FileError, match="exists already"):
        write_template("madrs", path)
    assert write_template("madrs", path, overwrite=True) == path
    with pytest.raises(FileError, match=r"cannot be a template by its ending; allowed: \.xlsx"):
        write_template("madrs", tmp_path / "madrs.json")


@pytest.mark.parametrize(
    ("pattern", "can"),
    [
        ("S[0-9]{2}-[0-9]{3}", True),
        (r"P\d\d", True),
        ("[A-Z]{3}[0-9]{4}", True),
        ("P[0-9]+", False),
        ("A|B", False),
        ("[^a]", False),
        ("(?:x)", False),
        ("", False),
        ("[a-z]{60}", True),
        ("".join(f"[a-z]{n}" for n in range(9)), False),  # too long a formula
        ('"', False),
    ],
)
def test_which_patterns_a_formula_can_say(pattern, can):
    formula = pattern_formula(pattern, "A2")
    assert bool(formula) is can
    assert len(formula) <= 255


# -- in LibreOffice --------------------------------------------------------------------------
TYPIST = Path(__file__).with_name("type_in_libreoffice.py")


def python_with_uno():
    for name in ("/usr/bin/python3", "python3"):
        found = shutil.which(name)
        done = found and subprocess.run(
            [found, "-c", "import uno"], capture_output=True, check=False
        )
        if done and done.returncode == 0:
            return found
    return ""


@pytest.fixture
def typed(tmp_path):
    """Type entries such as ``E2=7`` into a workbook; return what the cells hold then."""
    office, python = shutil.which("soffice"), python_with_uno()
    if not office or not python:
        pytest.skip("LibreOffice with its Python bridge (uno) is not installed")
    pipe, log = f"ketbio{uuid4().hex}", tmp_path / "soffice.log"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    accept = f"--accept=pipe,name={pipe};urp;"
    with log.open("w") as out:
        server = subprocess.Popen(
            [office, profile, "--headless", "--norestore", accept], stdout=out, stderr=out
        )

    def enter(path, *entries):
        command = [python, str(TYPIST), pipe, str(path), *entries]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if "NoConnect" in done.stderr or "could not be loaded" in done.stderr:
            pytest.skip("LibreOffice did not start, or has no Calc")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    yield enter
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(timeout=20)


def test_libreoffice_refuses_an_item_of_7(tmp_path, typed):
    """A number typed and entered as a person does it: what the sheet refuses stays out."""
    schema = extended_schema(load_schema("madrs"), {"columns": SITE["columns"]})
    path = write_schema(schema, tmp_path / "madrs.xlsx", visits=["V1", "V2"])
    letters = {cell.value: cell.column_letter for cell in load_workbook(path).worksheets[0][1]}
    item, total = letters["suicidal_thoughts"], letters["madrs_total"]
    who, visit, day = letters["participant_id"], letters["visit"], letters["rating_date"]
    taken = {
        f"{item}2=0": "0",
        f"{item}3=6": "6",
        f"{total}2=60": "60",
        f"{who}2=S01-001": "S01-001",
        f"{visit}2=V2": "V2",
        f"{day}2=2026-01-31": "2026-01-31",
        f"{letters['crp']}2=500": "500",
    }
    refused = (
        f"{item}4=7", f"{item}5=-1", f"{item}6=2.5", f"{item}7=three",
        f"{total}4=61", f"{total}5=-1",
        f"{who}4=P01", f"{who}5=S01-01", f"{who}6=T01-001", f"{who}7=S01-0O1",
        f"{visit}4=V3", f"{visit}5=V 1",
        f"{day}4=1980-01-01", f"{day}5=soon",
        f"{letters['crp']}4=0", f"{letters['crp']}5=501", f"{letters['crp']}6=low",
    )  # fmt: skip
    found = typed(path, *taken, *refused)
    assert found == taken | dict.fromkeys(refused, "")
