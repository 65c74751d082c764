"""Ids replaced by a keyed hash: stable, of no use without the key, and nothing else touched."""

import base64
import os
import stat

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import FileError
from ketbio.tables.privacy import codes as codes_module
from ketbio.tables.privacy.codes import code_of, codes_of
from ketbio.tables.privacy.pseudonyms import pseudonymise_file

CODE = r"K-[0-9A-HJKMNP-TV-Z]{12}"


@pytest.fixture
def run(tmp_path):
    """Pseudonymise a table; the key lies in a folder of its own."""
    safe = tmp_path / "safe"
    safe.mkdir()

    def call(source, name="out.csv", **how):
        how.setdefault("new_key", not (safe / "study.key").exists())
        return pseudonymise_file(source, key_file=safe / "study.key", output=tmp_path / name, **how)

    return call


def table(**columns):
    return pd.DataFrame({"participant_id": ["P01", " P01 ", "P02", ""], **columns}).astype("str")


def test_ids_are_codes_and_all_else_is_verbatim(run, tmp_path):
    done = run(table(note=["a, b", '"quoted"', " padded ", "=1+1"], visit=["v"] * 4))
    written = pd.read_csv(done.output, dtype="str", keep_default_na=False)
    ids = written["participant_id"]
    assert ids.str.fullmatch(CODE).tolist() == [True, True, True, False]
    assert ids[0] == ids[1] != ids[2]
    assert ids[3] == ""
    # The formula is made harmless, as in every file that ketbio writes.
    assert written["note"].tolist() == ["a, b", '"quoted"', " padded ", "'=1+1"]
    assert (done.n_rows, done.n_ids, done.n_cells, done.n_empty) == (4, 2, 3, 1)
    assert "P01" not in (tmp_path / "out.csv").read_text() + repr(done) + done.summary()


def test_codes_are_stable_over_deliveries_and_files(run, xlsx_file):
    first = run(table())
    path = xlsx_file(["visit", "participant_id"], ["v1", "P02"], ["v1", "P03"], name="april.xlsx")
    later = run(path, name="later.xlsx")
    before = pd.read_csv(first.output, dtype="str", keep_default_na=False)["participant_id"]
    after = pd.read_excel(later.output, dtype="str", engine="openpyxl")["participant_id"]
    assert after[0] == before[2]
    assert after[1] not in set(before)


@given(st.text(min_size=1), st.binary(min_size=32, max_size=32), st.text(), st.text())
def test_a_code_depends_on_id_key_and_context(word, key, one, other):
    code = code_of(word, key, context=one)
    assert code == code_of(f" {word}\t", key, context=one)
    assert (code == code_of(word, key, context=other)) == (one == other or _same(one, other))
    assert code != code_of(word, bytes(byte ^ 1 for byte in key), context=one)
    assert code != code_of(f"{word}x", key, context=one)


def _same(one, other):
    return codes_module._composed(one) == codes_module._composed(other)


def test_no_two_of_many_ids_share_a_code():
    key = bytes(range(32))
    codes = codes_of([f"P{i:05}" for i in range(50_000)], key)
    assert len(set(codes.values())) == 50_000


def test_a_collision_is_refused_before_anything_is_written(run, monkeypatch, tmp_path):
    monkeypatch.setattr(codes_module, "code_of", lambda *_, **__: "K-000000000000")
    with pytest.raises(FileError, match="1 pair of ids got the same code, so that nothing was"):
        run(table())
    assert not (tmp_path / "out.csv").exists()


def test_the_key_file_is_for_its_owner_only_and_never_printed(run, tmp_path):
    done = run(table())
    path = tmp_path / "safe" / "study.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = path.read_text().splitlines()
    assert all(line.startswith("#") for line in lines[:-1])
    assert len(base64.b64decode(lines[-1], validate=True)) == 32
    assert lines[-1] not in repr(done) + (tmp_path / "out.csv").read_text()
    with pytest.raises(FileError, match=r"study\.key exists already; leave new_key"):
        run(table(), name="again.csv", new_key=True)


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o604])
def test_a_key_that_others_can_read_is_refused(run, tmp_path, mode):
    run(table())
    (tmp_path / "safe" / "study.key").chmod(mode)
    with pytest.raises(FileError, match=f"its mode is 0{mode:o}.*chmod 600"):
        run(table(), name="again.csv")


@pytest.mark.parametrize("content", ["", "# only\n", "c2hvcnQ=\n", "not base64!\n", "a\nb\n"])
def test_what_is_no_key_is_refused_without_a_word_of_it(run, tmp_path, content):
    path = tmp_path / "safe" / "study.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(FileError) as caught:
        run(table())
    assert str(caught.value) == (
        "study.key is no key file; one line with 32 bytes as base64 is wanted, beside lines that "
        "start with #."
    )


def test_without_a_key_file_and_without_new_key(run):
    with pytest.raises(FileError, match=r"there is no key file study\.key; make one with new_key"):
        run(table(), new_key=False)


def test_a_column_that_is_not_there(run):
    with pytest.raises(
        FileError, match=r"no column 'participant'.*Did you mean 'participant_id'\?"
    ):
        run(table(), columns=["participant"])


def test_nothing_is_written_over(run, csv_file, tmp_path):
    run(table())
    with pytest.raises(FileError, match=r"out\.csv exists already"):
        run(table())
    assert run(table(), overwrite=True).n_ids == 2
    path = csv_file("participant_id", "P01", name="out.csv")
    with pytest.raises(FileError, match="a name of its own"):
        run(path, overwrite=True)
    assert path.read_text() == "participant_id\nP01\n"
    assert tmp_path / "out.csv" == path


def test_cells_past_the_header_are_refused(run, csv_file):
    path = csv_file("participant_id,visit", "P01,v1,P02", name="long.csv")
    with pytest.raises(FileError, match=r"long\.csv has cells past the header \(row 2\)"):
        run(path)


LEFT = {
    "participant_id": ["P01", "p-1", "7", "12345"],
    "comment": ["fine", "as for p01", "patient 7 was late", "7"],
    "mother": ["P01", "", "", "12345"],
    "Full name": ["Jane Doe", "", "", ""],
    "lane": ["7", "7", "7", "7"],
}


def test_a_table_that_still_says_who_a_person_is_is_refused_by_place(run, tmp_path):
    with pytest.raises(FileError) as caught:
        run(pd.DataFrame(LEFT))
    assert str(caught.value) == (
        "The table would still say who a person is in column 'comment' (an id, 2 cells: rows 3 and "
        "4), column 'mother' (an id, 2 cells: rows 2 and 5) and column 'Full name' (name, 1 cell: "
        "row 2), so that nothing was written: leave such a column out with drop (--drop on the "
        "command line), replace one of ids too (columns), or name one that holds none of this "
        "under allow_identifiers (--allow-identifiers)."
    )
    # Not even the key of a table that is refused.
    assert not list(tmp_path.rglob("*.*"))


def test_what_may_stay_or_is_left_out_is_said(run, tmp_path):
    done = run(pd.DataFrame(LEFT), drop=["Full name", "mother"], allow_identifiers=["comment"])
    assert done.warnings == (
        "Ids that differ only in case, blanks, hyphens or leading zeros got a code each: rows 2 "
        "and 3. Write them alike if they are one person's.",
        "Column 'comment' was kept as it is, as allowed (allow_identifiers); found there: an id, 2 "
        "cells: rows 3 and 4.",
    )
    assert done.notes[-1] == "Columns left out: 'Full name' and 'mother'."
    written = pd.read_csv(done.output, dtype="str", keep_default_na=False)
    assert list(written) == ["participant_id", "comment", "lane"]
    assert "Jane" not in (tmp_path / "out.csv").read_text()


@pytest.mark.parametrize(
    ("column", "cells", "place"),
    [
        ("Geburtsdatum", ["2001-02-03", "1999-12-31", "2004-05-06"], r"column 'Geburtsdatum'"),
        ("code_old", ["1", "2", "3"], r"column 'code_old' \(an id, 3 cells: rows 2, 3 and 4\)"),
        ("note", ["", "call someone@example.org", ""], r"column 'note' \(.*1 cell: row 3\)"),
        ("rater_id", ["Jane Doe", "R2", "R2"], r"column 'rater_id' \(name, 1 cell: row 2\)"),
        ("Jane Doe", ["1", "1", "1"], r"column 2 \(a person's name or an e-mail address in its"),
    ],
)
def test_identifiers_and_copies_of_the_ids_stop_it(run, column, cells, place):
    source = pd.DataFrame({"participant_id": ["001", "002", "003"], column: cells})
    with pytest.raises(FileError, match=place) as caught:
        run(source)
    assert not [word for word in cells if len(word) > 3 and word in str(caught.value)]
    assert run(source, drop=[column]).n_ids == 3


def test_columns_to_drop_or_allow_have_to_be_there(run):
    for option in ("drop", "allow_identifiers"):
        with pytest.raises(FileError, match=rf"no column 'Nmae', which shall be .*\({option}\)"):
            run(table(), **{option: ["Nmae"]})
        with pytest.raises(FileError, match=r"a list is wanted: \['Name'\]"):
            run(table(), **{option: "Name"})


def test_numbers_that_are_not_the_ids_are_left_in_peace(run):
    ids = ["1", "2", "3", "4"]
    assert run(pd.DataFrame({"participant_id": ids, "week": ["1", "2", "3", "3"]})).n_ids == 4


def test_the_columns_found_are_listed_but_not_what_may_be_a_person(run, csv_file):
    path = csv_file("MADRS 2026,,Jane Doe", "participant_id,visit,x", "P01,v1,3")
    with pytest.raises(FileError) as caught:
        run(path)
    assert str(caught.value).endswith(
        "Name the columns of ids (--columns on the command line). Columns found in row 1: "
        "'MADRS 2026', column 2 and column 3. If the names stand in another row, give it as "
        "header_row (--header-row on the command line)."
    )
    assert run(path, header_row=2).n_ids == 1


def test_two_columns_of_ids_have_one_code_for_one_id(run):
    done = run(table(mother=["P02", "", "", "P01"]), columns=["participant_id", "mother"])
    written = pd.read_csv(done.output, dtype="str", keep_default_na=False)
    assert written["mother"][0] == written["participant_id"][2]
    assert written["mother"][3] == written["participant_id"][0]
    assert done.warnings == ()


def test_rows_that_are_no_persons_are_a_warning(run):
    rows = {"participant_id": ["P01", "Mean", "n.r. = not done"], "score": ["1", "1", ""]}
    done = run(pd.DataFrame(rows), columns=["participant_id"])
    assert done.warnings == (
        "Rows 3 and 4 may be a summary of the table or a note under it, whose words became codes; "
        "take such rows out first.",
    )


def test_a_key_or_a_list_beside_the_data_is_a_warning(tmp_path):
    done = pseudonymise_file(
        table(), key_file=tmp_path / "k.key", new_key=True, output=tmp_path / "o.csv",
        linkage=tmp_path / "who.csv",
    )  # fmt: skip
    assert [one.split(";")[0] for one in done.warnings] == [
        "The key file k.key lies beside the data",
        "The linkage list who.csv lies beside the data",
    ]


def test_the_linkage_list_is_written_when_asked_and_for_its_owner_only(run, tmp_path):
    who = tmp_path / "safe" / "who.csv"
    done = run(table(), linkage=who)
    pairs = pd.read_csv(who, dtype="str")
    written = pd.read_csv(done.output, dtype="str", keep_default_na=False)["participant_id"]
    assert dict(pairs.itertuples(index=False)) == {"P01": written[0], "P02": written[2]}
    assert stat.S_IMODE(who.stat().st_mode) == 0o600


def test_codes_made_before_are_named(run):
    first = run(table())
    done = run(first.output, name="twice.csv")
    assert "Column 'participant_id' holds codes made before in rows 2, 3 and 4." in done.warnings
