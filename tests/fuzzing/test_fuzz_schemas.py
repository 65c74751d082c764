"""A schema of ketbio with a few entries changed: refused in a sentence, or a table held to it."""

import copy
from importlib import resources
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_laws import assert_lawful, assert_sentence

from ketbio.errors import KetbioError
from ketbio.tables import check_table, load_schema, schema_names
from ketbio.tables.contracts.columns_and_rules import COLUMN_KEYS, RULE_KEYS

CONTENT = {
    name: yaml.safe_load((resources.files("ketbio.schemas") / f"{name}.yaml").read_text("utf-8"))
    for name in schema_names()
}
SCALARS = ("text", "number", "integer", "flag", "date", "visit", "", -1, 0, 0.5, 7, True, False)
CELLS = ("", "1", "0.5", "-1", "<0.5", ">9", "true", "a", "P01", "2026-01-14", "baseline")


def entries(place: Any) -> list[tuple[Any, Any]]:
    """Return every place of a schema as what holds it and its key there."""
    if isinstance(place, dict):
        keys: list[Any] = list(place)
    else:
        keys = list(range(len(place))) if isinstance(place, list) else []
    below = [entry for key in keys for entry in entries(place[key])]
    return [(place, key) for key in keys] + below


def changed(data: st.DataObject, content: dict[str, Any]) -> dict[str, Any]:
    """Change, take away or add a few entries, most with values that stand elsewhere in it."""
    made = copy.deepcopy(content)
    for _ in range(data.draw(st.integers(1, 4))):
        places = entries(made)
        if not places:
            return made
        holder, key = data.draw(st.sampled_from(places))
        other, its = data.draw(st.sampled_from(places))
        value = copy.deepcopy(other[its])
        what = data.draw(st.sampled_from(["another", "name", "scalar", "gone", "new"]))
        if what == "gone":
            del holder[key]
            continue
        if what == "name":
            value = data.draw(st.sampled_from(list(content["columns"])))
        elif what == "scalar":
            value = data.draw(st.sampled_from(SCALARS))
        if what == "new" and isinstance(holder, dict):
            key = data.draw(st.sampled_from([*COLUMN_KEYS, *RULE_KEYS]))
        holder[key] = value
    return made


def table(data: st.DataObject, names: list[str]) -> pd.DataFrame:
    """Return rows of the columns named, of cells that mean something to one or another."""
    rows = data.draw(st.integers(0, 4))
    cells = st.lists(st.sampled_from(CELLS), min_size=rows, max_size=rows)
    return pd.DataFrame({name: data.draw(cells) for name in names}, dtype="str")


@pytest.mark.parametrize("name", schema_names())
@settings(max_examples=12)
@given(data=st.data())
def test_a_changed_schema_is_refused_or_holds_a_table(name, data, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(changed(data, CONTENT[name])), encoding="utf-8")
    names = [one for one in CONTENT[name]["columns"] if data.draw(st.booleans())]
    visits = data.draw(st.sampled_from([None, ("baseline", "a")]))
    try:
        schema = load_schema(path)
        check = check_table(table(data, names), path, visits=visits)
    except KetbioError as error:
        assert_sentence(error)
        return
    assert_lawful(check, schema)
