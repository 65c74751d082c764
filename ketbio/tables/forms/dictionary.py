"""Schemas as data dictionaries: what a data manager is told."""

from os import PathLike

import pandas as pd

from ketbio.tables.contracts.schema_file import load_schema, schema_names

DICTIONARY_COLUMNS = ("column", "meaning", "type", "unit", "allowed", "required", "rule")
"""Columns of a data dictionary."""


def describe_schema(name: str | PathLike[str] | None = None) -> pd.DataFrame:
    """Return a schema as a data dictionary, or the list of schemas.

    Parameters
    ----------
    name : str or path, optional
        A schema's name or the path of a YAML file; without it the schemas are listed.

    Returns
    -------
    DataFrame
        ``column, meaning, type, unit, allowed, required, rule``, one row per column; or ``schema,
        title, one_row``, one row per schema.

    Raises
    ------
    SchemaError
        There is no such schema.

    Examples
    --------
    >>> describe_schema("blots").set_index("column").loc["form", "allowed"]
    "'phospho', 'total' or 'loading'"
    >>> describe_schema()["schema"].tolist()
    ['bdnf', 'blots', 'madrs', 'markers', 'participants']
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
        )
        for spec in load_schema(name).columns.values()
    ]
    return pd.DataFrame(lines, columns=list(DICTIONARY_COLUMNS), dtype="str")


def describe_rules(name: str | PathLike[str]) -> pd.DataFrame:
    """Return the rules across columns and rows of a schema.

    Parameters
    ----------
    name : str or path
        A schema's name or the path of a YAML file.

    Returns
    -------
    DataFrame
        ``rule, severity, words``, one row per rule.

    Examples
    --------
    >>> describe_rules("participants").tail(1)
                   rule severity                          words
    1  participant_once    error  Each participant has one row.
    """
    rows = [(rule.name, rule.severity, rule.words) for rule in load_schema(name).rules]
    return pd.DataFrame(rows, columns=["rule", "severity", "words"])
