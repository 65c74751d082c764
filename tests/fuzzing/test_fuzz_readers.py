"""Any bytes under any ending, any study file: one sentence or a table, never a traceback."""

import tomllib
from importlib import resources

import fuzz_bench
import pytest
from fuzz_seeds import parts_of, statistical_files, whole_files
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_laws import assert_sentence

from ketbio.errors import KetbioError
from ketbio.study import read_study
from ketbio.study.words import STUDY, TABLE_WORDS, TOP, VISITS
from ketbio.tables.files.opening import KINDS
from ketbio.tables.files.source import read_source

QUICK = (".csv", ".tsv", ".parquet")
"""Read within the process; the others are read in a process of their own, which takes longer."""
WHOLE = {**whole_files(), **{k: v for k, v in statistical_files().items() if k in KINDS}}


def is_read_or_refused(path, content):
    """Read bytes as a file: True where it is a table of whole rows, or refused in a sentence."""
    path.write_bytes(content)
    try:
        source = read_source(path)
    except KetbioError as error:
        assert_sentence(error)
        return True
    numbers = list(source.row_numbers)
    assert numbers == sorted(set(numbers)), "a row is there twice, or out of its place"
    assert all(number > source.header_row for number in numbers)
    assert [len(row) for row in source.rows] == [len(source.header)] * len(numbers)
    return True


def changed(data: st.DataObject, content: bytes) -> bytes:
    """Put a few bytes over, between or instead of those of a whole file."""
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.sampled_from([0, 1, 8, 400]))
        content = content[:start] + data.draw(st.binary(max_size=8)) + content[start + gone :]
    return content


@pytest.mark.parametrize("ending", sorted(KINDS))
@settings(max_examples=5)
@given(data=st.data())
def test_any_bytes_are_read_or_refused(ending, data, tmp_path):
    assert is_read_or_refused(tmp_path / f"a{ending}", data.draw(st.binary(max_size=200)))


@pytest.mark.parametrize("ending", QUICK)
@settings(max_examples=40)
@given(data=st.data())
def test_a_changed_file_is_read_or_refused(ending, data, tmp_path):
    assert is_read_or_refused(tmp_path / f"a{ending}", changed(data, WHOLE[ending]))


@pytest.mark.parametrize("ending", sorted(set(WHOLE) - set(QUICK)))
@settings(max_examples=2)
@given(data=st.data())
def test_a_changed_file_of_another_program_is_read_or_refused(ending, data, tmp_path):
    assert is_read_or_refused(tmp_path / f"a{ending}", changed(data, WHOLE[ending]))


def test_the_files_to_start_from_can_be_read(tmp_path):
    for ending, content in WHOLE.items():
        path = tmp_path / f"a{ending}"
        path.write_bytes(content)
        if ending != ".sas7bdat":
            assert read_source(path).rows
    assert all(parts_of(kind) for kind in ("xlsx", "ods"))


# -- study files ---------------------------------------------------------------------------------
WORDS = sorted({*TOP, *STUDY, *VISITS, *TABLE_WORDS, "participants", "madrs", "x y"})
SCALAR = st.one_of(
    st.text(max_size=8), st.integers(), st.floats(), st.booleans(), st.dates(), st.times()
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def toml(value: object) -> str:
    """Write a value as TOML, inline."""
    if isinstance(value, dict):
        pairs = (f"{toml(str(key))} = {toml(one)}" for key, one in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=100)
@given(data=st.data())
def test_a_study_file_of_any_keys_is_read_or_refused(data, tmp_path):
    demo = tomllib.loads((resources.files("ketbio.demo") / "study.toml").read_text())
    for entry in resources.files("ketbio.demo").iterdir():
        if entry.name.endswith(".csv") and not (tmp_path / entry.name).exists():
            (tmp_path / entry.name).write_bytes(entry.read_bytes())
    place = demo
    while data.draw(st.booleans()):
        below = [one for one in place.values() if isinstance(one, dict)]
        if not below:
            break
        place = data.draw(st.sampled_from(below))
    place[data.draw(st.sampled_from([*place, *WORDS]))] = data.draw(VALUE)
    path = tmp_path / "study.toml"
    path.write_text("".join(f"{toml(key)} = {toml(one)}\n" for key, one in demo.items()))
    try:
        read_study(path)
    except KetbioError as error:
        assert_sentence(error)


@pytest.mark.parametrize("target", [one.__name__ for one in fuzz_bench.TARGETS])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_changed_export_of_the_bench_is_read_or_refused(target, data):
    content = data.draw(st.sampled_from(fuzz_bench.seeds(target)))
    getattr(fuzz_bench, target)(changed(data, content))
