"""A file with a layout of its own → one row per record."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from os import PathLike
from typing import Any

import pandas as pd

from ketbio.errors import SchemaError
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source, read_source
from ketbio.tables.layouts.adam import arranged_adam
from ketbio.tables.layouts.arrangement import Arrangement
from ketbio.tables.layouts.densitometry import arranged_densitometry
from ketbio.tables.layouts.densitometry_options import densitometry_options
from ketbio.tables.layouts.options import AdamOptions, RedcapOptions, options_of
from ketbio.tables.layouts.plates.arranged_plates import arranged_plates
from ketbio.tables.layouts.redcap import arranged_redcap
from ketbio.tables.privacy.screening import screened_source
from ketbio.tables.privacy.titles import errors_masked
from ketbio.tables.records.columns import Wish


def read_arranged(
    source: str | PathLike[str] | pd.DataFrame,
    schema: TableSchema,
    wish: Wish,
    layouts: Mapping[str, Mapping[str, Any] | None],
    **reading: Any,
) -> Arrangement:
    """Read a file or a DataFrame, with one row per record whatever its layout.

    Parameters
    ----------
    source : path or DataFrame
        What comes in.
    schema : TableSchema
        What is wanted.
    wish : Wish
        The caller's mapping.
    layouts : mapping of str to mapping or None
        ``redcap``, ``adam``, ``densitometry``, ``plate``: how each is read, None where it is none.
    **reading
        As for `ketbio.tables.files.source.read_source`.

    Raises
    ------
    SchemaError
        An option cannot be used, or two layouts are named.
    FileError
        A file cannot be read, or is not of that layout.
    """
    named = [name for name, given in layouts.items() if given is not None]
    if len(named) > 1:
        raise SchemaError(
            f"{named[0]} and {named[1]} are both given; a file has one layout: leave one out."
        )
    plate = layouts["plate"]
    if plate is None:
        incoming = read_source(source, **reading)
        given = {name: layouts[name] for name in ("redcap", "adam", "densitometry")}
        return arranged_source(incoming, schema, wish, **given)
    if reading.pop("header_row", None) is not None:
        raise SchemaError("header_row and plate are both given; leave header_row out.")
    return arranged_plates(source, schema, wish, plate, **reading)


def arranged_source(
    source: Source,
    schema: TableSchema,
    wish: Wish,
    *,
    redcap: Mapping[str, Any] | None,
    adam: Mapping[str, Any] | None,
    densitometry: Mapping[str, Any] | None = None,
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
    redcap, adam, densitometry : mapping or None
        How a REDCap export, an ADaM table or a densitometry table is to be read; None where it is
        none.

    Raises
    ------
    SchemaError
        An option cannot be used.
    FileError
        The file is not of that layout, or the data dictionary cannot be read.
    """
    with errors_masked(source.file):
        made = _arranged(source, schema, wish, redcap=redcap, adam=adam, densitometry=densitometry)
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
    densitometry: Mapping[str, Any] | None,
) -> Arrangement | None:
    """Return what the layout that the caller names makes of a file, None where none is named."""
    if redcap is not None:
        options = options_of(RedcapOptions, redcap, "redcap")
        return arranged_redcap(source, schema, wish, options)
    if adam is not None:
        return arranged_adam(source, schema, wish, options_of(AdamOptions, adam, "adam"))
    if densitometry is not None:
        return arranged_densitometry(source, schema, wish, densitometry_options(densitometry))
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
