"""Incoming file → validated table, with every complaint named by cell.

::

    read_source     file or DataFrame → text cells with their spreadsheet rows
    plan_columns    the file's column names → ours
    arrange_records wide rows made long, values recoded
    type_records    text → typed, with a complaint for each cell that cannot be read
    contract        pandera: ranges, words, required cells, rules across columns and rows
    Check           accepted + rejected = every incoming record, and the complaints
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ketbio.tables.across import check_across
from ketbio.tables.complaints import COMPLAINT_COLUMNS
from ketbio.tables.contracts.extension import extended_schema, extension_faults
from ketbio.tables.contracts.schema import SEVERITIES, TableSchema
from ketbio.tables.contracts.schema_file import load_schema, schema_names
from ketbio.tables.deliveries import compare_deliveries
from ketbio.tables.differences import Differences
from ketbio.tables.differences_page import DIFFERENCE_FORMATS, render_differences
from ketbio.tables.forms.dictionary import describe_rules, describe_schema
from ketbio.tables.forms.documents import SCHEMA_FORMATS, render_schema, schema_text
from ketbio.tables.forms.plate_template import write_plate_layout
from ketbio.tables.forms.writing import FORM_FORMATS, write_schema, write_template
from ketbio.tables.markers.description import MarkerDescription, describe_marker
from ketbio.tables.outcome.annotate import annotate_workbook
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.console import print_checks
from ketbio.tables.outcome.rendering import CHECK_FORMATS, render_checks
from ketbio.tables.outcome.writing import write_rows
from ketbio.tables.privacy.pseudonyms import Pseudonymised, pseudonymise_file
from ketbio.tables.reading import check_table, read_table
from ketbio.tables.rules.safety import flag_suicidality

if TYPE_CHECKING:
    from ketbio.tables.batches.checking import check_large_table
    from ketbio.tables.batches.large_check import LargeCheck

# Handed on lazily: a library is behind them that a small table does without.
_LAZY = {
    "LargeCheck": "ketbio.tables.batches.large_check",
    "check_large_table": "ketbio.tables.batches.checking",
}

__all__ = [
    "CHECK_FORMATS",
    "COMPLAINT_COLUMNS",
    "DIFFERENCE_FORMATS",
    "FORM_FORMATS",
    "SCHEMA_FORMATS",
    "SEVERITIES",
    "Check",
    "Differences",
    "LargeCheck",
    "MarkerDescription",
    "Pseudonymised",
    "TableSchema",
    "annotate_workbook",
    "check_across",
    "check_large_table",
    "check_table",
    "compare_deliveries",
    "describe_marker",
    "describe_rules",
    "describe_schema",
    "extended_schema",
    "extension_faults",
    "flag_suicidality",
    "load_schema",
    "print_checks",
    "pseudonymise_file",
    "read_table",
    "render_checks",
    "render_differences",
    "render_schema",
    "schema_names",
    "schema_text",
    "write_plate_layout",
    "write_rows",
    "write_schema",
    "write_template",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
