"""Direct identifiers stop a check, by place only: no value of theirs comes out anywhere.

Every person here is invented.
"""

import json
import re
import string
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from ketbio.errors import ValidationError
from ketbio.study import check_study, read_study
from ketbio.tables import (
    annotate_workbook,
    check_across,
    check_table,
    read_table,
    render_checks,
    write_rows,
)
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.tables.files.source import read_source
from ketbio.tables.privacy.header_words import header_kind
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER
from ketbio.tables.privacy.screening import screened_source
from ketbio.tables.records.columns import Wish

DEMO = Path(__file__).resolve().parents[2] / "ketbio" / "demo"
PEOPLE = {
    "participant_id": ["P01", "P02", "P03"],
    "Full name": ["Jane Doe", "Richard Roe", "Erika Mustermann"],
    "tel": ["+44 20 7946 0000", "(555) 555-0100", "030 901820"],
    "fecha_nac": ["1990-01-31", "1985-12-24", "2009-07-01"],
    "comment": ["fine", "Jane was late", "write to someone@example.org"],
    "age_years": ["35", "40", "16"],
}
SECRETS = (
    "Jane", "Doe", "Richard", "Roe", "Mustermann", "7946", "555-0100", "901820", "1990-01-31",
    "1985-12-24", "2009-07-01", "someone", "example.org",
)  # fmt: skip


def outputs(check, folder):
    """Return everything that comes out of a check, as one text."""
    shown = [render_checks([check], format=form) for form in ("text", "json", "html")]
    shown += [check._repr_html_(), repr(check), check.summary(), *check.notes, *check.sentences()]
    shown += [repr(vars_of(check, "records")), repr(check.source), repr(check.found)]
    shown += [check.accepted.to_csv(), check.rejected.to_csv(), check.complaints.to_csv()]
    for ending in (".csv", ".xlsx"):
        write_rows(check.rejected, folder / f"rejected{ending}", overwrite=True)
        shown.append(cells_of(folder / f"rejected{ending}"))
    annotate_workbook(check, folder / "annotated.xlsx", overwrite=True)
    shown.append(cells_of(folder / "annotated.xlsx"))
    return "\n".join(shown)


def vars_of(check, name):
    records = getattr(check, name)
    return [records.written.to_csv(), records.cells.to_csv(), records.extra_cells, records.plan]


def cells_of(path):
    if path.suffix == ".csv":
        return path.read_text(encoding="utf-8")
    book = load_workbook(path)
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    notes = [cell.comment.text for cell in cells if cell.comment]
    return "\n".join([*book.sheetnames, *(str(cell.value) for cell in cells), *notes])


def test_identifiers_stop_the_check_by_place(tmp_path):
    check = check_table(pd.DataFrame(PEOPLE), "participants")
    assert not check.ok
    assert check.accepted.empty
    assert len(check.rejected) == check.n_incoming == 3
    assert set(check.complaints["rule"]) == {DIRECT_IDENTIFIER}
    assert check.complaints["column"].tolist() == ["Full name", "tel", "fecha_nac", "comment"]
    everything = outputs(check, tmp_path)
    assert [secret for secret in SECRETS if secret in everything] == []
    assert check.rejected["participant_id"].tolist() == ["P01", "P02", "P03"]


def test_the_sentence_says_what_where_and_what_to_do():
    frame = pd.DataFrame({"participant_id": [f"P{i:02}" for i in range(9)], "note": "call x"})
    frame.loc[[1, 4], "note"] = "call 555-555-0100"
    assert check_table(frame, "participants").sentences() == (
        "table participants, row 3: Column 'note' holds a direct identifier: 2 cells (rows 3 and "
        "6) with a telephone number each, not shown. Remove them from the file; if the column "
        "holds none, name it under allow_identifiers (--allow-identifiers 'note' on the command "
        "line).",
    )


def test_no_value_of_the_redcap_exports_comes_out(study_data, tmp_path):
    for project in (
        "clinical-trial-1",
        "simple",
        "longitudinal",
        "repeating-instruments",
        "survey",
    ):
        path = study_data("redcap") / project / "data.csv"
        columns = {"participant_id": read_source(path).header[0]}
        check = check_table(path, "participants", columns=columns)
        raw = pd.read_csv(path, dtype="str", keep_default_na=False)
        personal = [name for name in raw if header_kind(name) not in ("", "fact of birth")]
        assert set(check.complaints["column"]) >= {
            name for name in personal if raw[name].str.strip().str.contains(r"\w{2}").any()
        }
        harmless = "\n".join(raw.drop(columns=personal).to_numpy().ravel())
        secrets = {cell.strip() for name in personal for cell in raw[name] if len(cell.strip()) > 3}
        secrets = {cell for cell in secrets if cell not in harmless}
        everything = outputs(check, tmp_path)
        words = set(re.findall(r"[\w'.@+-]+", everything))
        assert not secrets & words
        assert [cell for cell in secrets if " " in cell and cell in everything] == []


def test_the_demo_study_holds_no_identifier():
    checks = check_study(read_study(DEMO / "study.toml"))
    assert set(checks) == {"participants", "madrs", "blots", "elisa", "imaging"}
    for check in checks.values():
        assert DIRECT_IDENTIFIER not in set(check.complaints["rule"])


def test_the_studies_without_identifiers_are_not_stopped(study_data):
    files = [
        ("bdnf_serum", "bdnf.csv"), ("hamd17_trial", "antidepressant_data.csv"),
        ("mmrm_fev", "fev_data.csv"), ("crossover_asthma", "asthma.csv"),
        ("esketamine_adolescents", "Dataset.csv"), ("elisa_plate", "plate_long.csv"),
        ("blots_tsc1", "quadriceps_pGS.csv"), ("blots_rps6", "rps6_wb_two_species.tsv"),
    ]  # fmt: skip
    for folder, file in files:
        check = check_table(study_data(folder) / file, "participants")
        assert DIRECT_IDENTIFIER not in set(check.complaints["rule"]), folder


CODE = st.from_regex(r"[A-Z]{1,3}[0-9]{2,3}(-[0-9]{2})?", fullmatch=True)
HARMLESS = st.one_of(
    st.integers(-(10**10), 10**10).map(str),
    st.floats(0.001, 1e10).map(lambda x: f"{x:.4g}"),
    st.floats(0, 1e6).map(lambda x: f"{x:.2f}"),
    st.dates().map(str),
    CODE,
    st.sampled_from(["serum", "plasma", "<0.5", "n.d.", "baseline", "mTOR", "Quantikine DBD00"]),
    st.text(string.ascii_lowercase + " ", max_size=12),
)


def screened(frame, **wish):
    wanted = {"columns": {}, "constants": {}, "ignore": (), "values": {}, "missing": (), **wish}
    return screened_source(read_source(frame), load_schema("participants"), Wish(**wanted))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(HARMLESS, HARMLESS, st.integers(10**9, 10**10 - 1)), max_size=12))
def test_harmless_tables_are_never_stopped(rows):
    rows = rows or [("", "", 1)]
    frame = pd.DataFrame(rows, columns=["result", "kit", "signal"]).astype("str")
    frame.insert(0, "participant_id", [f"P{i:03}" for i in range(len(frame))])
    _, complaints = screened(frame)
    # Dates that all lie far back and apart may be of birth: those are not harmless.
    assert [one for one in complaints if "date of birth" not in one.message] == []


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["Jane Doe", "someone@example.org", "+44 20 7946 0000", "943 476 5919"]),
        min_size=1, max_size=4, unique=True,
    ),
    st.sampled_from(["note", "diagnosis", "age_years", "rater_id", "x", "Full name"]),
    st.booleans(),
)  # fmt: skip
def test_nothing_personal_comes_out_wherever_it_stands(cells, column, is_ignored):
    if column in ("diagnosis", "age_years"):  # one name may be that of a site or a diagnosis there
        cells = [cell for cell in cells if cell != "Jane Doe"] or ["someone@example.org"]
    frame = pd.DataFrame({"participant_id": [f"P{i:02}" for i in range(len(cells))]})
    frame[column] = cells
    masked, complaints = screened(frame, ignore=[column] if is_ignored else [])
    assert [one.column for one in complaints] == [column]
    assert [cell for cell in cells if cell in f"{masked}{complaints}"] == []
    assert [row[0] for row in masked.rows] == frame["participant_id"].tolist()


@pytest.mark.parametrize(
    "how",
    [
        {"ignore": ["Full name"]},
        {"columns": {"diagnosis": "Full name"}},
        {"columns": {"participant_id": "Full name"}, "ignore": ["participant_id"]},
        {"missing": ["Jane Doe"]},
    ],
)
def test_only_allowing_allows(how):
    frame = pd.DataFrame({"participant_id": ["P01", "P02"], "Full name": ["Jane Doe", "R. Roe"]})
    check = check_table(frame, "participants", **how)
    assert set(check.complaints["rule"]) == {DIRECT_IDENTIFIER}
    assert "Roe" not in render_checks([check], format="json") + check.rejected.to_csv()


def test_an_allowed_column_is_read_and_noted():
    frame = pd.DataFrame({"participant_id": ["P01"], "initials": ["ketamine first"]})
    check = check_table(frame, "participants", allow_identifiers=["initials", "initial"])
    assert check.ok
    assert check.accepted["initials"].tolist() == ["ketamine first"]
    assert check.notes == (
        "Column 'initials' looks like a name; taken for none (allow_identifiers).",
        "allow_identifiers names 'initial', not in the file. Did you mean 'initials'?",
    )


def test_an_empty_column_or_one_of_answers_holds_no_identifier():
    frame = pd.DataFrame(
        {"participant_id": ["P01", "P02"], "telephone": ["", ""], "email": ["yes", "no"]}
    )
    assert check_table(frame, "participants").ok


def test_safety_is_told_even_then():
    frame = pd.DataFrame(
        {
            "participant_id": ["Doe, Jane", "Doe, Jane", "Roe, Richard"],
            "visit": ["a", "b", "a"],
            "suicidal_thoughts": ["1", "3", "6"],
            "madrs_total": ["99", "x", ""],
        }
    )
    check = check_table(frame, "madrs", visits=["a", "b"])
    assert set(check.complaints["rule"]) == {"suicidality", DIRECT_IDENTIFIER}
    said = check.sentences("safety")
    assert any(
        "[not shown, row 2]: suicidal thoughts 3 at b, up from 1 at a" in one for one in said
    )
    assert any("[not shown, row 4]: suicidal thoughts 6" in one for one in said)
    with pytest.warns(UserWarning, match="suicidal"), pytest.raises(ValidationError) as caught:
        read_table(frame, "madrs", visits=["a", "b"])
    assert "Doe" not in str(caught.value)


def test_a_stopped_participants_table_makes_no_orphans():
    people = check_table(pd.DataFrame(PEOPLE), "participants")
    ratings = check_table(
        pd.DataFrame({"participant_id": ["P01"], "visit": ["a"], "madrs_total": ["30"]}), "madrs"
    )
    assert check_across({"participants": people, "madrs": ratings})["madrs"].ok


def test_a_shifted_row_does_not_carry_a_name_into_another_column(csv_file, tmp_path):
    path = csv_file(
        "participant_id,Full name,age_years,site", "P01,Doe, Jane,35,S1", "P02,Richard Roe,40,S1"
    )
    check = check_table(path, "participants")
    everything = outputs(check, tmp_path)
    assert not {word for word in ("Doe", "Jane", "Richard", "Roe") if word in everything}


def test_a_header_further_down_is_seen(csv_file, tmp_path):
    path = csv_file(
        "Export of the site,,,", "participant_id,Full name,dob,age_years",
        "P01,Xyz Qqq,1990-01-31,35", "P02,Abc Www,1985-12-24,40",
    )  # fmt: skip
    check = check_table(path, "participants")
    everything = outputs(check, tmp_path)
    assert not {word for word in ("Xyz", "Qqq", "1990-01-31", "Www") if word in everything}


def test_names_of_file_sheet_and_columns_are_masked(xlsx_file, tmp_path):
    path = xlsx_file(
        ["participant_id", "sent by someone@example.org"], ["P01", "x"],
        name="list of Jane Doe.xlsx", sheet="Richard Roe",
    )  # fmt: skip
    check = check_table(path, "participants")
    everything = outputs(check, tmp_path)
    secrets = ("Jane", "Doe", "Richard", "Roe", "someone", "example.org")
    assert not {word for word in secrets if word in everything}
    assert [one.split(": ", 1)[1][:24] for one in check.sentences()] == [
        "The name of the file see", "The name of the sheet se", "The name of column 2 see",
    ]  # fmt: skip
    assert json.loads(render_checks([check], format="json"))


def test_dates_that_can_only_be_of_birth_are_found_under_any_name():
    n = 6
    spread = [f"{1950 + 9 * i}-03-0{i + 1}" for i in range(n)]
    teens = [f"200{i}-03-01" for i in range(n)]
    rated = [f"2025-01-0{i + 1}" for i in range(n)]
    codes = [f"P{i:02}" for i in range(n)]

    def told(**columns):
        frame = pd.DataFrame({"participant_id": codes, **columns})
        return check_table(frame, "participants").complaints["column"].tolist()

    assert told(fecha=spread) == ["fecha"]
    assert told(day=teens, rating_date=rated) == ["day"]
    assert told(day=teens) == []
    assert told(onset_date=spread) == []
    assert told(rating_date=rated, visit_date=teens) == []
    assert told(birth_year=["1990-01-31"] * n) == ["birth_year"]
    assert told(birth_year=["1990"] * n) == []


def test_a_column_of_given_names_or_national_numbers_is_found_without_a_telling_name():
    names = ["Jane", "Paul", "María", "Hans", "Amélie"]
    numbers = ["4291417772", "4631706694", "4074391503", "4008063609", "4837783538"]
    codes = [f"P{i:02}" for i in range(5)]
    for cells in (names, numbers):
        frame = pd.DataFrame({"participant_id": codes, "who": cells})
        check = check_table(frame, "participants")
        assert check.complaints["column"].tolist() == ["who"]
        assert not any(cell in check.rejected.to_csv() for cell in cells)


def test_what_the_file_itself_calls_an_identifier_is_one():
    source = read_source(pd.DataFrame({"participant_id": ["P01"], "field_7": ["something"]}))
    source = replace(source, identifier_columns=frozenset({"field_7"}))
    wish = Wish(columns={}, constants={}, ignore=(), values={}, missing=())
    masked, complaints = screened_source(source, load_schema("participants"), wish)
    assert masked.rows == (("P01", "[not shown]"),)
    assert [one.column for one in complaints] == ["field_7"]
    again, none = screened_source(masked, load_schema("participants"), wish)
    assert (again, list(none)) == (masked, [])
