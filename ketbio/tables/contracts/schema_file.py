"""Schema files (``schemas/*.yaml``, or one of the user's own) → `TableSchema`, checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any

import yaml

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.ranges import finite_bound, nothing_left
from ketbio.tables.contracts.schema import (
    EXTRA_COLUMNS,
    SEVERITIES,
    TYPES,
    ColumnSpec,
    RuleSpec,
    TableSchema,
)
from ketbio.tables.phrases import cut
from ketbio.tables.rules.contract_words import CELL_RULES
from ketbio.tables.rules.dry_run import rule_fault
from ketbio.vocabulary import MASS_CONCENTRATION_PER_NG_ML

_SCHEMA_KEYS = ("name", "version", "title", "one_row", "extra_columns", "columns", "rules")
COLUMN_KEYS = (
    "meaning", "type", "unit", "allowed", "minimum", "maximum", "above", "pattern", "required",
    "rule", "examples", "if_absent", "if_empty", "below_limit", "above_limit", "converted_to",
    "also",
)  # fmt: skip
RULE_KEYS = ("name", "check", "with", "severity", "rule")


def schema_names() -> tuple[str, ...]:
    """Return the names of the schemas that come with ketbio.

    Examples
    --------
    >>> schema_names()
    ('bdi2', 'bdnf', 'blots', 'cadss', 'cdrsr', 'cssrs', 'elisa_plates', 'hamd17', 'madrs',
     'markers', 'participants', 'qids_sr16', 'ymrs')
    """
    folder = resources.files("ketbio.schemas")
    files = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml")))


def load_schema(schema: str | PathLike[str]) -> TableSchema:
    """Return a schema of ketbio by name, or one of the user's own by the path of its YAML file.

    Parameters
    ----------
    schema : str or path
        A name such as ``"madrs"``, or a path that ends in ``.yaml`` or ``.yml``.

    Returns
    -------
    TableSchema
        The schema, checked.

    Raises
    ------
    SchemaError
        There is no such schema, or its file cannot be used; the place is named.

    Examples
    --------
    >>> load_schema("madrs").columns["suicidal_thoughts"].allowed_text
    'a whole number from 0 to 6'
    """
    return _read_schema(*_schema_text(schema))


# Beside its own errors the library lets through those of values such as the day 2026-13-01 or
# "!!bool maybe".
_UNREADABLE = (
    yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError,
)  # fmt: skip


@lru_cache(maxsize=64)
def _read_schema(text: str, place: str, is_own: bool) -> TableSchema:
    """Read a schema file's text, once: a study, a drop folder or a test asks for it again."""
    try:
        content = yaml.safe_load(text)
    except _UNREADABLE as error:
        where = " ".join(str(error).split())
        raise SchemaError(f"{place} is not readable as YAML: {where}.") from None
    schema = _schema_from(content, place)
    if is_own:  # the tests hold those of ketbio
        _refuse_unusable(schema, place)
    return schema


def _schema_text(schema: str | PathLike[str]) -> tuple[str, str, bool]:
    """Return a schema's text, its file's name, and whether it is the user's own."""
    given = str(schema)
    if not given.endswith((".yaml", ".yml")):
        if given not in schema_names():
            raise SchemaError(
                unknown_word("schema", given, schema_names())
                + " A schema of your own is given by the path of its .yaml file."
            )
        name = f"{given}.yaml"
        return (resources.files("ketbio.schemas") / name).read_text(encoding="utf-8"), name, False
    path = Path(given)
    try:
        return path.read_text(encoding="utf-8"), path.name, True
    except FileNotFoundError:
        raise SchemaError(f"There is no schema file {given!r}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError(f"The schema file {given!r} cannot be read: {error}.") from None


def _schema_from(content: object, place: str) -> TableSchema:
    entries = _mapping(content, place)
    refuse_unknown(entries, _SCHEMA_KEYS, place)
    columns = _mapping(entries.get("columns"), f"{place}, columns")
    specs = {str(name): column_from(str(name), entry, place) for name, entry in columns.items()}
    if "participant_id" not in specs:
        raise SchemaError(f"{place} has no column 'participant_id'; every table needs that key.")
    extra = str(entries.get("extra_columns", "refused"))
    if extra not in EXTRA_COLUMNS:
        raise SchemaError(f"{place}: " + unknown_word("extra_columns", extra, EXTRA_COLUMNS))
    name = _text(entries, "name", place, place.rsplit(".", 1)[0])
    return TableSchema(
        name=name,
        version=_text(entries, "version", place),
        title=_text(entries, "title", place, name),
        one_row=_text(entries, "one_row", place, "a row"),
        extra_columns=extra,
        columns={key: linked_column(spec, specs, place) for key, spec in specs.items()},
        rules=tuple(rule_from(entry, place) for entry in _list(entries, "rules", place)),
    )


def _refuse_unusable(schema: TableSchema, place: str) -> None:
    names = [rule.name for rule in schema.rules]
    for rule in schema.rules:
        if names.count(rule.name) > 1 or rule.name in CELL_RULES:
            raise SchemaError(f"{place}: there are two rules {rule.name!r}; rename one of them.")
        if fault := rule_fault(rule, schema):
            said = fault.removeprefix(f"{schema.name}, ").removeprefix(f"{schema.name}: ")
            raise SchemaError(f"{place}: {said}")


def column_from(name: str, entry: object, place: str) -> ColumnSpec:
    """Return one column as a schema file has it, checked but for the columns that it points to."""
    here = f"{place}, column {name!r}"
    given = _mapping(entry, here)
    refuse_unknown(given, COLUMN_KEYS, here)
    kind = str(given.get("type", "text"))
    if kind not in TYPES:
        raise SchemaError(f"{here}: " + unknown_word("type", kind, TYPES))
    if name in ("participant_id", "visit") and kind != "text":
        raise SchemaError(f"{here}: type is {kind!r}; a key is always 'text'.")
    limit = _mapping(given.get("below_limit") or {}, f"{here}, below_limit")
    refuse_unknown(limit, ("flag", "limit"), f"{here}, below_limit")
    above = _mapping(given.get("above_limit") or {}, f"{here}, above_limit")
    refuse_unknown(above, ("flag", "limit"), f"{here}, above_limit")
    spec = ColumnSpec(
        name=name,
        meaning=_text(given, "meaning", here),
        type=kind,
        unit=_text(given, "unit", here),
        rule=" ".join(_text(given, "rule", here).split()),
        allowed=tuple(_word(word, here) for word in _list(given, "allowed", here)),
        minimum=_limit(given.get("minimum"), f"{here}, minimum"),
        maximum=_limit(given.get("maximum"), f"{here}, maximum"),
        above=_limit(given.get("above"), f"{here}, above"),
        pattern=_pattern(given.get("pattern", ""), here),
        required=_yes_or_no(given, "required", here),
        examples=tuple(str(example) for example in _list(given, "examples", here)),
        also=_names(given.get("also"), here),
        if_absent=_default(given, "if_absent", kind, here),
        if_empty=_default(given, "if_empty", kind, here),
        limit_flag=str(limit.get("flag", "")),
        limit_column=str(limit.get("limit", "")),
        above_flag=str(above.get("flag", "")),
        above_column=str(above.get("limit", "")),
        converted_to=str(given.get("converted_to", "")),
    )
    if empty := nothing_left(spec):
        raise SchemaError(f"{here}: {empty}")
    return spec


def linked_column(spec: ColumnSpec, specs: Mapping[str, ColumnSpec], place: str) -> ColumnSpec:
    """Check the columns that a column points to, and find the factor between their units."""
    here = f"{place}, column {spec.name!r}"
    flags, numbers = (spec.limit_flag, spec.above_flag), (spec.limit_column, spec.above_column)
    kinds = dict.fromkeys(filter(None, flags), "flag")
    kinds |= dict.fromkeys(filter(None, (*numbers, spec.converted_to)), "number")
    for target, kind in kinds.items():
        if target not in specs:
            raise SchemaError(f"{here}: " + unknown_word("column", target, specs))
        if specs[target].type != kind or spec.type != "number":
            raise SchemaError(
                f"{here}: it is {spec.type!r} and points to {target!r}, which is "
                f"{specs[target].type!r}; a column of 'number' can point to one of {kind!r} there."
            )
        if target == spec.name:
            raise SchemaError(f"{here}: it points to itself; name the other column.")
    if not spec.converted_to:
        return spec
    if further := specs[spec.converted_to].converted_to:
        raise SchemaError(
            f"{here}: it is converted to {spec.converted_to!r}, which is converted to {further!r} "
            "itself; name the column where the values stay."
        )
    units = (spec.unit, specs[spec.converted_to].unit)
    for unit in units:
        if unit not in MASS_CONCENTRATION_PER_NG_ML:
            known = MASS_CONCENTRATION_PER_NG_ML
            raise SchemaError(f"{here}: {unknown_word('unit', unit, known)}")
    per = [MASS_CONCENTRATION_PER_NG_ML[unit] for unit in units]
    return replace(spec, factor=per[0] / per[1])


def rule_from(entry: object, place: str) -> RuleSpec:
    """Return one rule as a schema file has it, checked; whether it can be run is not asked here."""
    given = _mapping(entry, f"{place}, rules")
    refuse_unknown(given, RULE_KEYS, f"{place}, rules")
    if not given.get("name") or not given.get("check"):
        raise SchemaError(f"{place}, rules: each rule needs a name and a check.")
    severity = str(given.get("severity", "error"))
    if severity not in SEVERITIES:
        here = f"{place}, rule {given['name']!r}: "
        raise SchemaError(here + unknown_word("severity", severity, SEVERITIES))
    return RuleSpec(
        name=str(given["name"]),
        check=str(given["check"]),
        severity=severity,
        words=" ".join(str(given.get("rule", "")).split()),
        settings=_mapping(given.get("with") or {}, f"{place}, rule {given['name']!r}, with"),
    )


def _mapping(value: object, here: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SchemaError(f"{here}: a mapping of names is wanted; {cut(repr(value))} was found.")
    return value


def _text(given: Mapping[str, Any], key: str, here: str, absent: str = "") -> str:
    value = given.get(key, absent)
    if isinstance(value, dict | list):
        raise SchemaError(f"{here}: {key} is {cut(repr(value))}; a text is wanted.")
    return str(value)


def _list(given: Mapping[str, Any], key: str, here: str) -> Sequence[Any]:
    value = given.get(key)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise SchemaError(f"{here}: {key} is {cut(repr(value))}; a list is wanted.")
    return value


def _yes_or_no(given: Mapping[str, Any], key: str, here: str) -> bool:
    value = given.get(key, False)
    if not isinstance(value, bool):
        raise SchemaError(f"{here}: {key} is {cut(repr(value))}; true or false is wanted.")
    return value


def refuse_unknown(given: Mapping[str, Any], known: tuple[str, ...], here: str) -> None:
    """Raise `SchemaError` for a key that is not one of the known ones."""
    for key in given:
        if key not in known:
            raise SchemaError(f"{here}: " + unknown_word("key", key, known))


def _limit(value: object, here: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SchemaError(f"{here}: a number is wanted; {value!r} was found.")
    if (bound := finite_bound(value)) is None:
        raise SchemaError(f"{here} is {value!r}, no bound; leave it out.")
    return bound


def _pattern(value: object, here: str) -> str:
    try:
        re.compile(str(value))
    except re.error as error:
        raise SchemaError(f"{here}: pattern {value!r} is no regular expression: {error}.") from None
    return str(value)


_DEFAULT_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "integer": (int,),
    "flag": (bool,),
    "date": (),
}


def _default(given: Mapping[str, Any], key: str, kind: str, here: str) -> object:
    value = given.get(key)
    allowed = _DEFAULT_TYPES[kind]
    if value is not None and (type(value) not in allowed):
        raise SchemaError(
            f"{here}: {key} is {value!r}, which does not fit a column of type {kind}."
        )
    return value


def _names(value: object, here: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SchemaError(f"{here}: also is {cut(repr(value))}; a list of names is wanted.")
    return tuple(value)


def _word(value: object, here: str) -> str:
    # YAML reads yes, no, on and off as booleans; the author meant words.
    if not isinstance(value, str):
        raise SchemaError(f"{here}: allowed holds {value!r}; put it in quotes to make it a word.")
    return value
