"""Small broken files, one fault each: what is said of each stands in a file beside it."""

import csv
import io
import tomllib
from pathlib import Path

import pytest

from ketbio.cli import run
from ketbio.errors import FileError
from ketbio.tables import check_table, render_checks

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*.expected.toml"))
PLAIN = [path for path in CASES if "[options]" not in path.read_text(encoding="utf-8")]
EXPECTED_KEYS = {
    "rule", "rules", "rule_any", "severity", "row", "row_any", "rows", "column", "participant_id",
    "value", "message", "refused", "n_complaints", "rejected_rows", "never", "accepts",
}  # fmt: skip


def read(path):
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    redcap = case.get("options", {}).get("redcap", {})
    if "dictionary" in redcap:
        redcap["dictionary"] = str(HERE / redcap["dictionary"])
    return path.with_name(path.name.removesuffix(".expected.toml")), case


def test_there_are_sixty_and_each_has_its_expectation():
    files = {path.name for path in HERE.iterdir() if path.is_file()}
    files = {name for name in files if not name.endswith((".py", ".toml"))}
    assert files == {read(path)[0].name for path in CASES}
    assert len(CASES) >= 60
    for path in CASES:
        assert set(read(path)[1]["expected"]) <= EXPECTED_KEYS, path.name


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".expected.toml"))
def test_the_complaint_is_the_expected_one(path):
    file, case = read(path)
    expected, options = case["expected"], case.get("options", {})
    if "refused" in expected:
        with pytest.raises(FileError) as refusal:
            check_table(file, case["schema"], **options)
        assert expected["refused"] in str(refusal.value)
        assert file.name in str(refusal.value)
        return
    check = check_table(file, case["schema"], **options)
    complaints = check.complaints[check.complaints["severity"] != "safety"]
    assert len(complaints) == expected.get("n_complaints", 1), complaints["message"].tolist()
    rules = expected.get("rules") or expected.get("rule_any") or [expected["rule"]]
    assert set(complaints["rule"]) <= set(rules)
    first = complaints.iloc[0]
    for key in ("severity", "row", "column", "participant_id", "value"):
        if key in expected:
            assert first[key] == expected[key], key
    assert first["row"] in expected.get("row_any", [first["row"]])
    assert expected["message"] in first["message"]
    assert len(check.accepted) + len(check.rejected) == check.n_incoming
    if "rejected_rows" in expected:
        assert check.rejected["row"].tolist() == expected["rejected_rows"]
    shown = "".join(render_checks([check], format=form) for form in ("text", "json", "html"))
    assert expected.get("never", "\0") not in shown + check.rejected.to_csv() + repr(check)


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.name.removesuffix(".expected.toml"))
def test_the_command_line_says_it_with_its_exit_status(path, capsys, tmp_path):
    file, case = read(path)
    rejected = tmp_path / "rejected.csv"
    words = ["check", str(file), "--schema", case["schema"], "--rejected", str(rejected)]
    status = run(words)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    if "refused" in case["expected"]:
        assert status == 2
        assert err.startswith("ketbio: ")
        assert len(err.strip().splitlines()) == 1
    else:
        assert status == (1 if case["expected"]["severity"] == "error" else 0)
        assert case["expected"]["message"] in out
        for row in csv.reader(io.StringIO(rejected.read_text(encoding="utf-8"))):
            assert not any(cell.startswith(("=", "+", "@")) for cell in row)
