import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pandas as pd
import pytest

from ketbio.errors import ReportError
from ketbio.report.result_files import results_csv, results_json, write_results
from ketbio.report.result_reading import read_results
from ketbio.result import TIDY_COLUMNS, Results

SCHEMA = json.loads(files("ketbio.report").joinpath("results.schema.json").read_text("utf-8"))


def odd_results(run):
    """Results with a limit without bound, a formula, no number at all, and lists in words."""
    return Results(
        [
            *run.results,
            replace(run.results[6], ci_low=float("-inf"), alternative="less", label="=cmd()|a"),
            replace(run.results[7], estimate=float("nan"), n_arrangements=None, seed=3),
            replace(run.results[7], warnings=("One, two.", "'quoted'", "line\nbreak")),
        ]
    )


def content(subject):
    return json.loads(results_json(subject))


def test_json_is_what_its_schema_says(run):
    for subject in (run, odd_results(run), Results()):
        told = content(subject)
        assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(told)) == []


def test_schema_names_every_column_of_tidy():
    row = SCHEMA["properties"]["results"]["items"]
    assert set(row["properties"]) == {*TIDY_COLUMNS, "belongs_to", "excluded"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema_version": "1.0"}, SCHEMA)


def test_what_it_was_made_from_is_told(run):
    told = content(run)
    assert (told["study"]["id"], told["study"]["is_simulated"]) == ("DEMO-1", True)
    assert told["study"]["seed"] == 20260101
    assert told["study"]["response"]["missing"] == "exclude"
    assert told["inputs"][0]["sha256"] == "ab12" * 16
    assert told["flow"][1]["excluded"] == 2
    assert told["software"] == {"ketbio": "0.1.0"}
    assert content(run.results)["study"] is None


def test_each_row_has_its_lists_and_what_it_belongs_to(run):
    rows = content(run)["results"]
    main = next(row for row in rows if row["analysis"] == "compare_responders")
    beside = [row for row in rows if row["belongs_to"] == main["row"]]
    assert [row["estimate_name"] for row in beside] == ["mean", "mean difference"]
    assert main["excluded"] == [
        {"participant_id": "P12", "reason": "no blot at day_14"},
        {"participant_id": "P13", "reason": "no blot at day_14"},
    ]
    assert main["warnings"] == ["Groups formed by the outcome."]
    assert main["n_per_group"] == {"responder": 5, "non-responder": 6}
    assert main["p_value"] == 2 / 462
    assert main["belongs_to"] is None


def test_unknown_is_null_and_unbounded_is_said(run):
    row = next(row for row in content(odd_results(run))["results"] if "=cmd" in row["label"])
    assert (row["ci_low"], row["spread"], row["seed"]) == ("-Infinity", None, None)


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_reading_back_gives_tidy(ending, run, tmp_path):
    for number, results in enumerate((run.results, odd_results(run), Results())):
        (path,) = write_results(results, tmp_path / f"{number}.{ending}")
        pd.testing.assert_frame_equal(read_results(path), results.tidy())


def test_same_results_same_bytes_and_no_formula(run):
    assert results_json(run) == results_json(run)
    assert results_csv(run) == results_csv(run)
    assert b",'=cmd()|a," in results_csv(odd_results(run))


def test_a_folder_gets_both_files_or_none(run, tmp_path):
    assert [path.name for path in write_results(run, tmp_path)] == ["results.json", "results.csv"]
    (tmp_path / "results.json").unlink()
    with pytest.raises(ReportError, match=r"results.csv is there already"):
        write_results(run, tmp_path)
    assert not (tmp_path / "results.json").exists()


def test_what_is_no_file_of_results_is_refused(run, tmp_path):
    with pytest.raises(ReportError, match=r"end it in .json or .csv"):
        write_results(run, tmp_path / "results.xlsx")
    with pytest.raises(ReportError, match="cannot be read"):
        read_results(tmp_path / "none.json")
    for name, text in {
        "a.json": "[1",
        "b.json": '{"schema_version": "2.0", "results": []}',
        "c.csv": "a,b\n1,2\n",
    }.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(ReportError, match="does not hold results as write_results"):
            read_results(tmp_path / name)
