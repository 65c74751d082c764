"""Whether a rule can be run on tables of a schema at all, found out before any data come."""

import pandas as pd

from ketbio.errors import SchemaError
from ketbio.tables.contracts.schema import RuleSpec, TableSchema
from ketbio.tables.phrases import cut
from ketbio.tables.rules.contract import DTYPES
from ketbio.tables.rules.registry import RULES, rule_settings
from ketbio.tables.rules.settings import setting_fault
from ketbio.tables.rules.settings_together import together_fault
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

_SHOWN = 200
"""Letters shown of what a library says."""


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
    for name, annotation in RULES[spec.check].annotations.items():
        if fault := setting_fault(
            spec.name, name, settings[name], annotation=annotation, schema=schema
        ):
            return fault
    if fault := together_fault(spec, settings, schema):
        return fault
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
    lacking = [name for name in (PARTICIPANT_ID, VISIT) if name not in schema.columns]
    if lacking and repr(lacking[0]) in str(error):
        return f"rule {spec.name!r} needs the column {lacking[0]!r}, which {schema.name} lacks."
    said = " ".join(str(error).split())
    return f"rule {spec.name!r} cannot be run with its settings: {cut(said, _SHOWN)}."
