"""A schema as a Frictionless Table Schema (https://datapackage.org/standard/table-schema/)."""

from collections.abc import Iterator
from typing import Any

from ketbio.tables.contracts.schema import ColumnSpec, TableSchema

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
_TYPES = {
    "text": "string",
    "number": "number",
    "integer": "integer",
    "flag": "boolean",
    "date": "date",
}
# As ketbio reads them in any case; Frictionless compares exactly.
_TRUE = ["true", "True", "TRUE", "yes", "Yes", "YES", "1"]
_FALSE = ["false", "False", "FALSE", "no", "No", "NO", "0"]
_BELOW_OR_NUMBER = r"([<>]\s*)?[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_FIELDS_MATCH = {"refused": "subset", "covariates": "partial", "numbers": "partial"}


def table_schema(schema: TableSchema) -> dict[str, Any]:
    """Return a schema as a Frictionless Table Schema, to be written as JSON.

    What Table Schema cannot say, the rules across columns and rows, stands under ``rules`` by name
    and in words; a validator of Table Schema passes over it. A column that takes ``"<0.5"`` is a
    string there, with a pattern.

    Parameters
    ----------
    schema : TableSchema
        The schema.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> made = table_schema(load_schema("madrs"))
    >>> made["fields"][4]["constraints"], made["primaryKey"]
    ({'minimum': 0, 'maximum': 6}, ['participant_id', 'visit'])
    """
    made = {
        "$schema": PROFILE,
        "name": schema.name,
        "title": schema.title,
        "description": f"One row is {schema.one_row}.",
        "version": schema.version,
        "fields": [_field(spec) for spec in schema.columns.values()],
        "fieldsMatch": _FIELDS_MATCH[schema.extra_columns],
        "missingValues": [""],
    }
    if key := _primary_key(schema):
        made["primaryKey"] = key
    made["rules"] = [
        {"name": rule.name, "severity": rule.severity, "description": rule.words}
        for rule in schema.rules
    ]
    return made


def _field(spec: ColumnSpec) -> dict[str, Any]:
    words = [f"{spec.meaning}.", spec.rule]
    made: dict[str, Any] = {
        "name": spec.name,
        "type": "string" if spec.takes_limits else _TYPES[spec.type],
        "description": " ".join(word for word in words if word),
    }
    if spec.type == "flag":
        made |= {"trueValues": _TRUE, "falseValues": _FALSE}
    if spec.unit:
        made["unit"] = spec.unit
    if spec.examples:
        made["examples"] = list(spec.examples)
    if constraints := dict(_constraints(spec)):
        made["constraints"] = constraints
    return made


def _constraints(spec: ColumnSpec) -> Iterator[tuple[str, Any]]:
    if spec.required:
        yield "required", True
    if spec.allowed:
        yield "enum", list(spec.allowed)
    if spec.pattern or spec.takes_limits:
        yield "pattern", spec.pattern or _BELOW_OR_NUMBER
    if spec.takes_limits:
        return  # its values are text to Table Schema, and text has no range
    limits = {
        "minimum": spec.minimum,
        "exclusiveMinimum": spec.above,
        "maximum": spec.maximum,
    }
    for name, limit in limits.items():
        if limit is not None:
            yield name, int(limit) if limit.is_integer() else limit


def _primary_key(schema: TableSchema) -> list[str]:
    """Return the columns by which rows are unique, where each of them must be filled."""
    for rule in schema.rules:
        columns = rule.settings.get("columns", ())
        if rule.check == "unique_rows" and all(schema.columns[name].required for name in columns):
            return list(columns)
    return []
