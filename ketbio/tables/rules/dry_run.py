"""Whether a rule can be run on tables of a schema at all, found out before any data come."""

from collections.abc import Iterator

import pandas as pd

from ketbio.errors import SchemaError, did_you_mean
from ketbio.tables.contracts.schema import RuleSpec, TableSchema
from ketbio.tables.rules.contract import DTYPES
from ketbio.tables.rules.registry import RULES, rule_settings
from ketbio.wording import join_words


def rule_fault(spec: RuleSpec, schema: TableSchema) -> str:
    """Return why a rule cannot be run, as a sentence; empty where it can.

    Parameters
    ----------
    spec : RuleSpec
        The rule.
    schema : TableSchema
        The schema with all its columns.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> one = RuleSpec(name="one", check="unique_rows", severity="error", words="",
    ...                settings={"columns": ["visti"], "noun": "row"})
    >>> rule_fault(one, load_schema("markers"))
    "rule 'one' names 'visti', which is no column of markers; ... Did you mean 'visit'?"
    """
    try:
        settings = rule_settings(spec, schema, visits=("first", "second"))
    except SchemaError as refused:
        return str(refused)
    empty = {
        name: pd.Series([None, None], dtype=DTYPES[one.type])
        for name, one in schema.columns.items()
    }
    try:
        RULES[spec.check].holds(pd.DataFrame(empty), **settings)
    except Exception as error:  # settings come from people, and anything can be wrong with them
        return _why(spec, schema, error)
    return ""


def _why(spec: RuleSpec, schema: TableSchema, error: Exception) -> str:
    said = " ".join(str(error).split())
    for name in _words(list(spec.settings.values())):
        if isinstance(error, KeyError) and name in said and name not in schema.columns:
            listed = join_words(map(repr, schema.columns))
            return (
                f"rule {spec.name!r} names {name!r}, which is no column of {schema.name}; its "
                f"columns are {listed}.{did_you_mean(name, schema.columns)}"
            )
    return f"rule {spec.name!r} cannot be run with its settings: {said[:200]}."


def _words(values: object) -> Iterator[str]:
    if isinstance(values, str):
        yield values
    elif isinstance(values, list | tuple):
        for one in values:
            yield from _words(one)
