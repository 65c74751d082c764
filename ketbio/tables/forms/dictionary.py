"""Schemas as data dictionaries: what a data manager is told."""

import pandas as pd

from ketbio.tables.contracts.schema_file import load_schema, schema_names
from ketbio.tables.forms.given import Given, schema_given

DICTIONARY_COLUMNS = (
    "column",
    "meaning",
    "type",
    "unit",
    "allowed",
    "required",
    "rule",
    "examples",
)
"""Columns of a data dictionary."""


def describe_schema(name: Given | None = None) -> pd.DataFrame:
    """Return a schema as a data dictionary, or the list of schemas.

    Parameters
    ----------
    name : str, path or TableSchema, optional
        A schema's name, the path of a YAML file or a schema; without it the schemas are listed.

    Returns
    -------
    DataFrame
        ``column, meaning, type, unit, allowed, required, rule, examples``, one row per column; or
        ``schema, title, one_row``, one row per schema.

    Raises
    ------
    SchemaError
        There is no such schema.

    Examples
    --------
    >>> describe_schema("blots").set_index("column").loc["form", "allowed"]
    "'phospho', 'total', 'loading' or 'stain'"
    >>> describe_schema()["schema"].tolist()[:3]
    ['bdi2', 'bdnf', 'blots']
    """
    if name is None:
        schemas = [load_schema(each) for each in schema_names()]
        rows = [(schema.name, schema.title, schema.one_row) for schema in schemas]
        return pd.DataFrame(rows, columns=["schema", "title", "one_row"])
    lines = [
        (
            spec.name,
            spec.meaning,
            spec.type,
            spec.unit,
            spec.allowed_text,
            "yes" if spec.required else "no",
            spec.rule,
            ", ".join(spec.examples),
        )
        for spec in schema_given(name).columns.values()
    ]
    return pd.DataFrame(lines, columns=list(DICTIONARY_COLUMNS), dtype="str")


def describe_rules(name: Given) -> pd.DataFrame:
    """Return the rules across columns and rows of a schema.

    Parameters
    ----------
    name : str, path or TableSchema
        A schema's name, the path of a YAML file or a schema.

    Returns
    -------
    DataFrame
        ``rule, severity, words``, one row per rule.

    Examples
    --------
    >>> describe_rules("participants").iloc[-1].tolist()
    ['participant_once', 'error', 'Each participant has one row.']
    """
    rows = [(rule.name, rule.severity, rule.words) for rule in schema_given(name).rules]
    return pd.DataFrame(rows, columns=["rule", "severity", "words"])
