"""A study's own additions to a schema: own columns, tighter ranges, a site's id pattern."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.columns_and_rules import (
    COLUMN_KEYS,
    RULE_KEYS,
    column_from,
    linked_column,
    rule_from,
)
from ketbio.tables.contracts.schema import ColumnSpec, RuleSpec, TableSchema
from ketbio.tables.contracts.tightening import OWN_FILE, Fault, tightened
from ketbio.tables.rules.contract_words import RESERVED_RULES
from ketbio.tables.rules.dry_run import rule_fault

EXTEND_KEYS = ("columns", "rules")
"""What a study can add to a schema."""
_COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_PLACE = "extend"


def extended_schema(schema: TableSchema, extend: Mapping[str, Any] | None) -> TableSchema:
    """Return a schema with a study's own additions.

    Parameters
    ----------
    schema : TableSchema
        The schema as its file has it.
    extend : mapping or None
        ``{"columns": {...}, "rules": [...]}``. A column that the schema knows is made narrower
        (`ketbio.tables.contracts.tightening.TIGHTENINGS`); any other is one of the study's own,
        written as in a schema file, and so are the rules.

    Returns
    -------
    TableSchema
        Its version says that it was extended, and how: ``"1.1+ext."`` and the hash of what was
        added, so that two deliveries were held against the same only if the versions agree.

    Raises
    ------
    SchemaError
        Every fault of the addition, a sentence each: an unknown key, a range made wider, a rule
        that cannot be run.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> site = {"columns": {"participant_id": {"pattern": "S[0-9]{2}-[0-9]{3}"}}}
    >>> people = extended_schema(load_schema("participants"), site)
    >>> people.columns["participant_id"].allowed_text, people.version[:8]
    ('text of the form S[0-9]{2}-[0-9]{3}', '1.1+ext.')
    """
    if not extend:
        return schema
    made, faults = _extended(schema, extend)
    if faults:
        raise SchemaError("\n".join(f"{_PLACE}: {fault.sentence}" for fault in faults))
    return made


def extension_faults(schema: TableSchema, extend: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return everything that is wrong with an addition, each with the keys that lead to it.

    Parameters
    ----------
    schema : TableSchema
        The schema as its file has it.
    extend : mapping
        As for `extended_schema`.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> extension_faults(load_schema("madrs"), {"colums": {}})[0].sentence
    "a key of extend is 'colums'; allowed: 'columns', 'rules'. Did you mean 'columns'?"
    """
    return tuple(_extended(schema, extend)[1])


def _extended(schema: TableSchema, extend: Mapping[str, Any]) -> tuple[TableSchema, list[Fault]]:
    faults = [
        Fault(path=(key,), sentence=unknown_word(f"a key of {_PLACE}", key, EXTEND_KEYS))
        for key in extend
        if key not in EXTEND_KEYS
    ]
    columns, found = _columns(schema, extend.get("columns", {}))
    faults += found
    made = replace(schema, columns=columns, version=f"{schema.version}+ext.{_mark(extend)}")
    if faults:
        return made, faults  # whether a rule can be run hangs on the columns
    rules, found = _rules(made, extend.get("rules", []))
    return replace(made, rules=rules), found


def _mark(extend: Mapping[str, Any]) -> str:
    """Return eight letters that stand for an addition; the order of its keys says nothing."""
    text = json.dumps(extend, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


# -- columns ---------------------------------------------------------------------------------
def _columns(schema: TableSchema, given: Any) -> tuple[dict[str, ColumnSpec], list[Fault]]:
    columns, faults = dict(schema.columns), []
    if not isinstance(given, Mapping):
        return columns, [Fault(path=("columns",), sentence=_wanted("columns", given, "a table"))]
    for name, entry in given.items():
        if not isinstance(entry, Mapping) or not entry:
            faults.append(_at(_wanted(f"columns.{name}", entry, "a table"), "columns", name))
        elif name in columns:
            columns[name], found = tightened(columns[name], entry)
            faults += [replace(one, path=("columns", name, *one.path)) for one in found]
        else:
            found = list(_own_column_faults(name, entry, schema))
            faults += found
            if not found:
                columns[name] = column_from(name, entry, _PLACE)
    return columns, faults or list(_link_faults(columns, given, schema))


def _own_column_faults(name: str, entry: Mapping[str, Any], schema: TableSchema) -> Iterator[Fault]:
    if not _COLUMN_NAME.fullmatch(name):
        yield _at(
            f"column {name!r}: a name is written in small letters, figures and _, beginning with a "
            "letter.",
            "columns",
            name,
        )
    for key in entry:
        if key not in COLUMN_KEYS:
            what = f"a key of the own column {name!r}"
            yield _at(unknown_word(what, key, COLUMN_KEYS), "columns", name, key)
    if all(key in COLUMN_KEYS for key in entry):
        if not str(entry.get("meaning", "")).strip():
            # A known column misspelt looks like an own one: its nearest names are of help.
            near = unknown_word("column", name, schema.columns)
            hint = near[near.find(" Did you") :] if " Did you" in near else ""
            yield _at(
                f"column {name!r} is not one of {schema.name}, so it is one of your own, and lacks "
                f"'meaning'; add it.{hint}",
                "columns",
                name,
            )
        try:
            column_from(name, entry, _PLACE)
        except SchemaError as refused:
            yield _at(str(refused).removeprefix(f"{_PLACE}, "), "columns", name)


def _link_faults(
    columns: dict[str, ColumnSpec], given: Mapping[str, Any], schema: TableSchema
) -> Iterator[Fault]:
    """Link the own columns to those that they point to, in place, and tell what cannot be."""
    for name in [name for name in given if name not in schema.columns]:
        try:
            columns[name] = linked_column(columns[name], columns, _PLACE)
        except SchemaError as refused:
            yield _at(str(refused).removeprefix(f"{_PLACE}, "), "columns", name)


# -- rules -----------------------------------------------------------------------------------
def _rules(schema: TableSchema, given: Any) -> tuple[tuple[RuleSpec, ...], list[Fault]]:
    rules, faults = list(schema.rules), []
    if not isinstance(given, list | tuple):
        sentence = _wanted("rules", given, "a list of tables")
        return schema.rules, [Fault(path=("rules",), sentence=sentence)]
    for index, entry in enumerate(given):
        found = list(_own_rule_faults(entry, schema, [rule.name for rule in rules]))
        faults += [Fault(path=("rules", index, *one.path), sentence=one.sentence) for one in found]
        if not found:
            rules.append(rule_from(dict(entry), _PLACE))
    return tuple(rules), faults


def _own_rule_faults(entry: Any, schema: TableSchema, taken: list[str]) -> Iterator[Fault]:
    if not isinstance(entry, Mapping):
        yield _at(_wanted("a rule", entry, "a table"))
        return
    unknown = [key for key in entry if key not in RULE_KEYS]
    for key in unknown:
        yield _at(unknown_word("a key of a rule", key, RULE_KEYS), key)
    if unknown:
        return
    try:
        rule = rule_from(dict(entry), _PLACE)
    except SchemaError as refused:
        yield _at(str(refused).removeprefix(f"{_PLACE}, "))
        return
    if rule.name in (*taken, *RESERVED_RULES):
        yield _at(
            f"rule {rule.name!r} is there already and cannot be changed by a study ({OWN_FILE}); "
            "give your own another name.",
            "name",
        )
    elif not rule.words:
        yield _at(f"rule {rule.name!r} lacks 'rule', what it says in words; add it.")
    elif fault := rule_fault(rule, schema):
        yield _at(fault, "check")


def _at(sentence: str, *path: str | int) -> Fault:
    return Fault(path=path, sentence=sentence)


def _wanted(what: str, given: object, kind: str) -> str:
    return f"{what} is {given!r}; {kind} is wanted."
