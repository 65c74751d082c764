"""A file with a layout of its own → one row per record."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ketbio.errors import SchemaError
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.adam import arranged_adam
from ketbio.tables.layouts.arrangement import Arrangement
from ketbio.tables.layouts.options import AdamOptions, RedcapOptions, options_of
from ketbio.tables.layouts.redcap import arranged_redcap
from ketbio.tables.privacy.screening import screened_source
from ketbio.tables.privacy.titles import errors_masked
from ketbio.tables.records.columns import Wish


def arranged_source(
    source: Source,
    schema: TableSchema,
    wish: Wish,
    *,
    redcap: Mapping[str, Any] | None,
    adam: Mapping[str, Any] | None,
) -> Arrangement:
    """Return the source with one row per record, and the mapping that fits it.

    Parameters
    ----------
    source : Source
        What came in.
    schema : TableSchema
        What is wanted.
    wish : Wish
        The caller's mapping.
    redcap, adam : mapping or None
        How a REDCap export or an ADaM table is to be read; None where it is neither.

    Raises
    ------
    SchemaError
        An option cannot be used.
    FileError
        The file is not of that layout, or the data dictionary cannot be read.
    """
    if redcap is not None and adam is not None:
        raise SchemaError("redcap and adam are both given; a file has one layout: leave one out.")
    with errors_masked(source.file):
        made = _arranged(source, schema, wish, redcap=redcap, adam=adam)
    if made is None:
        return Arrangement(source=source, wish=wish)
    faults = (*made.source.faults, *_identifiers_elsewhere(source, schema, made))
    return replace(made, source=replace(made.source, faults=faults))


def _arranged(
    source: Source,
    schema: TableSchema,
    wish: Wish,
    *,
    redcap: Mapping[str, Any] | None,
    adam: Mapping[str, Any] | None,
) -> Arrangement | None:
    """Return what the layout that the caller names makes of a file, None where none is named."""
    if redcap is not None:
        options = options_of(RedcapOptions, redcap, "redcap")
        return arranged_redcap(source, schema, wish, options)
    if adam is not None:
        return arranged_adam(source, schema, wish, options_of(AdamOptions, adam, "adam"))
    return None


def _identifiers_elsewhere(
    source: Source, schema: TableSchema, made: Arrangement
) -> Iterator[Fault]:
    """Name the direct identifiers in what the table does not read: the file holds them still."""
    whole = replace(source, identifier_columns=made.source.identifier_columns)
    _, every = screened_source(whole, schema, made.wish)
    _, here = screened_source(made.source, schema, made.wish)
    said = {one.column for one in here}
    for one in every:
        if one.column not in said:
            yield Fault(
                row=one.row,
                rule=one.rule,
                column=one.column,
                value=one.value,
                message=one.message,
                severity=one.severity,
                stays=True,
            )
