"""What the batch road decides at once is what the in-memory road decides word by word."""

import csv
import io
from importlib import resources

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import FileError, SchemaError
from ketbio.tables import check_large_table, check_table
from ketbio.tables.alike import folded_code, folded_look
from ketbio.tables.batches import delimited, first_pass, keys, text_blocks
from ketbio.tables.batches.ahead import ahead
from ketbio.tables.batches.group_forms import folds, looks_of
from ketbio.tables.batches.keys import duplicated, repeated
from ketbio.tables.batches.numbers import read_plainly
from ketbio.tables.batches.parsed_blocks import kinds_of, parsed_block
from ketbio.tables.batches.words import PLAIN
from ketbio.tables.privacy.columns import column_of
from ketbio.tables.records.amounts import read_number
from ketbio.tables.records.sentinels import is_missing_word

PLAIN_NUMBER = st.from_regex(r"[+-]?[0-9]{0,12}\.?[0-9]{0,6}([eE][+-]?[0-9]{1,2})?", fullmatch=True)
WHOLE = st.sampled_from(["7", "", "12", "-3", "007", "+1", "0", "-0", " 4", "1.0", "9" * 15, "x"])
CELL = st.text(alphabet='ab,;"\n\r 0é', max_size=4)


def texts(frame):
    return [["" if cell is None else str(cell) for cell in row] for row in frame.rows()]


@given(st.lists(st.one_of(PLAIN_NUMBER, st.text(max_size=5)), max_size=20))
def test_a_number_read_at_once_is_the_number_read_by_itself(words):
    frame = pl.DataFrame({"0": pl.Series(words, dtype=pl.String)})
    values = frame.select(read_plainly(pl.col("0"), is_text=True, decimal=".")).to_series()
    for word, value in zip(words, values, strict=True):
        if np.isfinite(value):
            assert read_number(word) == value


@given(st.lists(st.text(alphabet="PpOoIil01279-_ é.", max_size=6), max_size=20))
def test_codes_fold_alike_at_once_and_one_by_one(words):
    assert folds(words).to_list() == [folded_code(word) for word in words]
    assert looks_of(words).to_list() == [folded_look(word) for word in words]


@given(st.from_regex(PLAIN, fullmatch=True))
def test_a_plain_code_is_nobody_and_no_missing_value(word):
    assert not column_of([word], ()).suspects
    assert not is_missing_word(word)


@given(
    numbers=st.lists(st.integers(0, 2**20), max_size=30),
    rising=st.integers(0, 400),
    kind=st.sampled_from([np.uint32, np.uint64]),
    stretch=st.integers(1, 50),
)
def test_numbers_that_occur_twice(numbers, rising, kind, stretch):
    # Many that rise, as in a file in order, and a few anywhere among them.
    listed = list(range(0, 3 * rising, 3))
    for place, number in enumerate(numbers):
        listed.insert(number % (len(listed) + 1), number % (4 * rising + place + 1))
    key = np.array(listed, dtype=kind)
    expected = [listed.count(number) > 1 for number in listed]
    assert repeated(key).tolist() == expected
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(keys, "STRETCH", stretch)
        assert duplicated(len(key), lambda rows: key[rows]).tolist() == expected


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=8),
    ending=st.sampled_from(["\n", "\r\n"]),
    raw=st.text(alphabet='a,"\n\r', max_size=6),
)
def test_a_block_parsed_at_once_holds_what_the_csv_module_reads(rows, ending, raw):
    file = io.StringIO()
    csv.writer(file, lineterminator=ending).writerows(rows)
    block = (file.getvalue() + raw).encode()
    width = len(rows[0])
    kinds = [kinds_of(rows[:1], width), dict.fromkeys(range(width), pl.String())]
    for kind in kinds:
        found = parsed_block(block, ",", kind)
        if found is None:
            continue  # the csv module decides
        read = list(csv.reader(io.StringIO(block.decode(), newline=""), strict=True))
        assert [cells or [""] * width for cells in read] == texts(found)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(WHOLE, WHOLE, CELL), min_size=1, max_size=6),
    raw=st.text(alphabet='1-+ ,\n\r"0', max_size=6),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_whole_numbers_read_as_such_are_the_texts_of_their_cells(rows, raw, ending):
    file = io.StringIO()
    csv.writer(file, lineterminator=ending).writerows(rows)
    block = (file.getvalue() + raw).encode()
    kinds = {0: pl.Int64(), 1: pl.Int64(), 2: pl.String()}
    found = parsed_block(block, ",", kinds)
    if found is None:
        return  # read as text
    read = list(csv.reader(io.StringIO(block.decode(), newline=""), strict=True))
    assert texts(found) == [cells or [""] * 3 for cells in read]


def test_a_block_of_whole_numbers_is_read_as_such():
    block = b"P01,7,-10\r\nP02,,0\r\n"
    kinds = kinds_of([["P01", "7", "-10"]], 3)
    found = parsed_block(block, ",", kinds)
    assert found.rows() == [("P01", 7, -10), ("P02", None, 0)]
    for other in (b"P01,07,1\n", b"P01,+7,1\n", b'P01,"7",1\n', b"P01,7\n", b"P,+7,1\nP02,7\n"):
        assert parsed_block(other, ",", kinds) is None


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=2, max_size=3), min_size=1, max_size=12),
    size=st.integers(1, 40),
)
def test_blocks_end_where_rows_end(rows, size, tmp_path_factory):
    path = tmp_path_factory.mktemp("blocks") / "a.csv"
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    path.write_bytes(file.getvalue().encode())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(text_blocks, "BLOCK_BYTES", size)
        blocks = list(text_blocks.text_blocks(path, encoding="utf-8", first=size))
    assert b"".join(blocks) == path.read_bytes()
    whole = list(csv.reader(io.StringIO(file.getvalue(), newline="")))
    parted = [
        cells for one in blocks for cells in csv.reader(io.StringIO(one.decode(), newline=""))
    ]
    assert parted == whole


def test_what_is_read_ahead_fails_where_it_would_have():
    def items():
        yield 1
        raise FileError("The second is damaged.")

    seen = []
    with pytest.raises(FileError, match="second"):
        seen.extend(ahead(items()))
    assert seen == [1]


# -- files and keywords ----------------------------------------------------------------------
def rating(path, lines):
    path.write_text("participant_id,visit,madrs_total\n" + "\n".join(lines), encoding="utf-8")
    return path


def test_rows_written_as_csv_are_those_of_the_in_memory_road(tmp_path):
    path = rating(tmp_path / "a.csv", ["P01,day_1,12", "P02,=1+1,61", "P03,day_1,", "P04,-5,x"])
    accepted, rejected = tmp_path / "accepted.csv", tmp_path / "rejected.csv"
    check_large_table(path, "madrs", accepted=accepted, rejected=rejected)
    lines = accepted.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("participant_id,visit,rating_date")
    assert lines[1].split(",")[-1] == "12"
    assert "'=1+1" in rejected.read_text(encoding="utf-8")
    assert check_table(rejected, "madrs").n_incoming == 4 - len(lines[1:])


def test_the_rows_of_complaints_about_a_column_are_counted(tmp_path):
    path = rating(tmp_path / "a.csv", ["P01,day_1, 12", "P02, day_1,13", "P03,day_1,14"])
    for check in (check_table(path, "madrs"), check_large_table(path, "madrs")):
        counts = check.counts_by_rule().set_index("rule")
        assert counts.loc["blanks", ["complaints", "rows"]].tolist() == [2, 2]


def test_what_is_taken_for_an_empty_text_is_the_same_word_in_every_batch(tmp_path):
    own = tmp_path / "own.yaml"
    text = (resources.files("ketbio.schemas") / "blots.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("  condition:\n", "  condition:\n    if_empty: basal\n", 1))
    lines = ["participant_id,visit,gel_id,lane,condition,target,form,intensity"]
    lines += [f"P{i},day_{i},G1,{i},{'' if i % 2 else f'c{i}'},actin,loading,9" for i in range(9)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    accepted = tmp_path / "accepted.parquet"
    check_large_table(path, own, batch_rows=2, accepted=accepted)
    taken = check_table(path, own).accepted["condition"]
    assert pl.read_parquet(accepted)["condition"].to_list() == taken.tolist()
    assert taken.tolist()[1::2] == ["basal"] * 4


def test_a_column_may_be_numbers_in_one_batch_and_words_in_another(tmp_path):
    lines = [f"{i},day_1,{i % 60}" for i in range(1, 30)]
    path = rating(tmp_path / "a.csv", [*lines, "07,day_1,12", "P8,day_1,61", "8,day_1,3"])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(text_blocks, "BLOCK_BYTES", 60)
        patched.setattr(delimited, "HEAD_BYTES", 100)
        large = check_large_table(path, "madrs", batch_rows=4)
    pd.testing.assert_frame_equal(large.complaints, check_table(path, "madrs").complaints)
    assert "alike_codes" in set(large.complaints["rule"])


def test_nothing_is_written_over_a_file_unless_asked(tmp_path):
    path = rating(tmp_path / "a.csv", ["P01,day_1,12"])
    there = tmp_path / "accepted.csv"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(FileError, match="exists already"):
        check_large_table(path, "madrs", accepted=there)
    check_large_table(path, "madrs", accepted=there, overwrite=True)
    assert there.read_text(encoding="utf-8") != "mine"


def test_rows_with_a_direct_identifier_are_not_written(tmp_path):
    path = rating(tmp_path / "a.csv", ["P01,day_1,12", "someone@example.org,day_1,12"])
    rejected = tmp_path / "rejected.csv"
    check = check_large_table(path, "madrs", rejected=rejected)
    assert check.n_accepted == 0
    assert not rejected.exists()
    assert not any("someone" in text for text in (*check.sentences(), *check.notes))
    assert any("No rows were written" in note for note in check.notes)


@pytest.mark.parametrize(
    ("keyword", "said"),
    [
        ({"sheet": "ratings"}, "sheet cannot be used batch by batch"),
        ({"redcap": {"events": {}}}, "REDCap export is checked as a whole"),
        ({"columns": {"madrs_total@day_1": "total"}}, "wide table"),
        ({"vists": ["day_1"]}, "Did you mean 'visits'"),
    ],
)
def test_what_needs_the_whole_table_is_refused(keyword, said, tmp_path):
    path = rating(tmp_path / "a.csv", ["P01,day_1,12"])
    with pytest.raises(SchemaError, match=said):
        check_large_table(path, "madrs", **keyword)


def test_a_rule_without_a_form_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.delitem(first_pass.FORMS, "total_is_sum")
    path = rating(tmp_path / "a.csv", ["P01,day_1,12"])
    with pytest.raises(SchemaError, match="total_is_sum"):
        check_large_table(path, "madrs")


def test_the_share_done_never_falls_and_ends_at_one(tmp_path):
    path = rating(tmp_path / "a.csv", [f"P{i:02d},day_1,12" for i in range(40)])
    shares = []
    check_large_table(path, "madrs", progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_more_rows_of_a_group_than_can_be_seen_at_once_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("ketbio.tables.batches.checking.AT_ONCE", 10)
    path = rating(tmp_path / "a.csv", [f"P01,day_{i},12" for i in range(30)] + ["P01,day_1,61"])
    with pytest.raises(FileError, match="rows have the same participant"):
        check_large_table(path, "madrs")


@pytest.mark.parametrize(
    ("second", "said"),
    [("21,25", "Read with the decimal comma"), ("21.25", "the point was taken")],
)
def test_the_decimal_mark_that_was_found_is_said(second, said, tmp_path):
    path = tmp_path / "a.csv"
    lines = ["participant_id;visit;specimen;bdnf_ng_ml", "P01;day_1;serum;20,5"]
    path.write_text("\n".join([*lines, f"P02;day_1;serum;{second}"]), encoding="utf-8")
    for check in (check_table(path, "bdnf"), check_large_table(path, "bdnf")):
        assert any(said in note for note in check.notes)
