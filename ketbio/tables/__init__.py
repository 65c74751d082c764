"""Incoming file → validated table, with every complaint named by cell.

::

    read_source     file or DataFrame → text cells with their spreadsheet rows
    plan_columns    the file's column names → ours
    arrange_records wide rows made long, values recoded
    type_records    text → typed, with a complaint for each cell that cannot be read
    contract        pandera: ranges, words, required cells, rules across columns and rows
    Check           accepted + rejected = every incoming record, and the complaints
"""

from ketbio.tables.across import check_across
from ketbio.tables.complaints import COMPLAINT_COLUMNS
from ketbio.tables.contracts.schema import SEVERITIES, TableSchema
from ketbio.tables.contracts.schema_file import load_schema, schema_names
from ketbio.tables.forms.dictionary import describe_rules, describe_schema
from ketbio.tables.forms.template import write_template
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.rendering import CHECK_FORMATS, render_checks, schema_text
from ketbio.tables.outcome.writing import write_rows
from ketbio.tables.reading import check_table, read_table
from ketbio.tables.rules.safety import flag_suicidality

__all__ = [
    "CHECK_FORMATS",
    "COMPLAINT_COLUMNS",
    "SEVERITIES",
    "Check",
    "TableSchema",
    "check_across",
    "check_table",
    "describe_rules",
    "describe_schema",
    "flag_suicidality",
    "load_schema",
    "read_table",
    "render_checks",
    "schema_names",
    "schema_text",
    "write_rows",
    "write_template",
]
