"""A REDCap export, read by its data dictionary: which rows, which columns, what the words mean.

The cells stay as they were exported; what the dictionary adds goes into the mapping (`Wish`), so
that a complaint shows the cell as it stands in the file.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.arrangement import Arrangement
from ketbio.tables.layouts.left_out_ratings import LeftOut, item_columns, left_out_faults
from ketbio.tables.layouts.options import RedcapOptions
from ketbio.tables.layouts.redcap_cells import cell_faults, status_faults
from ketbio.tables.layouts.redcap_columns import (
    EVENT,
    INSTANCE,
    SITE_GROUP,
    ExportColumns,
    export_columns,
    identifier_columns,
    left_out_columns,
    unexplained_columns,
)
from ketbio.tables.layouts.redcap_dictionary import RedcapDictionary, read_dictionary
from ketbio.tables.layouts.redcap_labels import combined_checkboxes, labelled_values, mixed_faults
from ketbio.tables.layouts.redcap_rows import (
    ExportRows,
    cells_of,
    export_rows,
    repeats_note,
    repeats_of_a_record,
)
from ketbio.tables.records.columns import Wish, work_columns
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import count_of, join_words

REPLICATE, SITE = "replicate", "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Export:
    """An export, explained: what came in, what of it is read, and by what."""

    source: Source
    read: Source
    schema: TableSchema
    wish: Wish
    options: RedcapOptions
    dictionary: RedcapDictionary
    columns: ExportColumns
    rows: ExportRows


def arranged_redcap(
    source: Source, schema: TableSchema, wish: Wish, options: RedcapOptions
) -> Arrangement:
    """Return the rows of a REDCap export that feed a table, and how they feed it.

    Parameters
    ----------
    source : Source
        The export: field names as header, codes or labels in the cells.
    schema : TableSchema
        What the table must hold.
    wish : Wish
        The caller's mapping.
    options : RedcapOptions
        The dictionary, the instrument, the events.

    Raises
    ------
    FileError
        The dictionary cannot be read, or the file is no export of its project.
    SchemaError
        The instrument is not in the dictionary, or has to be named and is not.
    """
    dictionary = read_dictionary(options.dictionary)
    if work_columns(source, wish.columns):
        # A file of rejected rows stands under our names; only its words are still REDCap's.
        return Arrangement(source=source, wish=_with_words(wish, dictionary, schema, options))
    export = _explained(source, schema, wish, options, dictionary)
    values, value_notes = labelled_values(export.columns, schema, options, export.wish)
    aside, aside_notes = left_out_columns(source, export.columns, export.wish.columns.values())
    read, box_notes = export.read, list[str]()
    if options.checkboxes == "labels":
        read, box_notes = combined_checkboxes(read, export.columns)
    notes = (*source.notes, *_notes(export), *aside_notes, *value_notes, *box_notes)
    identifiers = source.identifier_columns | identifier_columns(export.columns, source)
    unread = left_out_faults(_left_out_ratings(export, values), schema)
    faults = (*source.faults, *_faults(export, identifiers), *unread)
    return Arrangement(
        source=replace(read, notes=notes, faults=faults, identifier_columns=identifiers),
        wish=replace(
            export.wish,
            ignore=(*wish.ignore, *aside),
            values=_with_visits(values, export.wish, options, schema),
        ),
    )


def _explained(
    source: Source,
    schema: TableSchema,
    wish: Wish,
    options: RedcapOptions,
    dictionary: RedcapDictionary,
) -> _Export:
    wish = _with_keys(source, schema, wish, dictionary)
    columns = export_columns(source, dictionary, options, wish)
    reads_events = wish.columns.get(VISIT) == EVENT
    rows = export_rows(source, columns, dictionary, options, reads_events=reads_events)
    read = replace(
        source,
        rows=tuple(source.rows[place] for place in rows.places),
        row_numbers=tuple(source.row_numbers[place] for place in rows.places),
    )
    return _Export(
        source=source,
        read=read,
        schema=schema,
        wish=wish,
        options=options,
        dictionary=dictionary,
        columns=columns,
        rows=rows,
    )


def _faults(export: _Export, identifiers: Collection[str]) -> Iterator[Fault]:
    """Say everything that the dictionary finds wrong with what is read."""
    read, columns, schema, wish = export.read, export.columns, export.schema, export.wish
    yield from export.rows.faults
    yield from unexplained_columns(export.source, columns, export.dictionary, schema, wish)
    yield from mixed_faults(read, columns, export.options)
    yield from cell_faults(read, columns, schema, wish, identifiers)
    yield from status_faults(read, columns, wish)
    if REPLICATE not in schema.columns:
        yield from repeats_of_a_record(read, export.dictionary)


def _left_out_ratings(
    export: _Export, values: Mapping[str, Mapping[str, str]]
) -> Iterator[LeftOut]:
    """Return what the rows that are not read hold of safety, by the words of the dictionary."""
    source = export.source
    for name, item in item_columns(source.header, export.schema, export.wish).items():
        cells, words = cells_of(source, name), values.get(item, {})
        for place in export.rows.left_out:
            if cells[place]:
                cell = words.get(cells[place], cells[place])
                yield LeftOut(row=source.row_numbers[place], column=name, cell=cell, item=item)


def _notes(export: _Export) -> Iterator[str]:
    """Say what is read and what is not."""
    fields = count_of(len(export.dictionary.fields), "field")
    read = _read_words(export.columns, export.options)
    yield f"REDCap export read by {export.dictionary.file} ({fields}): {read}."
    for ours, incoming in export.wish.columns.items():
        if incoming in (INSTANCE, SITE_GROUP) and incoming in export.source.header:
            yield f"{incoming} read as {ours}."
    yield from export.rows.notes
    if REPLICATE in export.schema.columns:
        yield from repeats_note(export.read, export.dictionary)
    yield from _absent_notes(export.columns, export.dictionary, export.source)


def _with_keys(
    source: Source, schema: TableSchema, wish: Wish, dictionary: RedcapDictionary
) -> Wish:
    """Let REDCap's own columns feed the keys that the caller feeds by nothing else."""
    is_wide = any("@" in ours for ours in wish.columns)
    offered = {PARTICIPANT_ID: dictionary.record_id, REPLICATE: INSTANCE, SITE: SITE_GROUP}
    if not is_wide:
        offered[VISIT] = EVENT
    added = {
        ours: incoming
        for ours, incoming in offered.items()
        if ours in schema.columns
        and ours not in {*wish.columns, *wish.constants, *source.header}
        and incoming in source.header
    }
    return replace(wish, columns={**added, **wish.columns})


def _with_visits(
    values: dict[str, dict[str, str]], wish: Wish, options: RedcapOptions, schema: TableSchema
) -> dict[str, dict[str, str]]:
    is_fed = VISIT in schema.columns and wish.columns.get(VISIT, EVENT) == EVENT
    if not is_fed or not options.visits:
        return values
    return {**values, VISIT: {**options.visits, **wish.values.get(VISIT, {})}}


def _with_words(
    wish: Wish, dictionary: RedcapDictionary, schema: TableSchema, options: RedcapOptions
) -> Wish:
    fields = {name: one for name, one in dictionary.fields.items() if name != dictionary.record_id}
    columns = ExportColumns(
        fields=fields,
        boxes={},
        status={},
        timestamps={},
        unknown=(),
        used=tuple(fields),
        forms=dictionary.forms,
    )
    values, _ = labelled_values(columns, schema, options, wish)
    here = {name: made for name, made in values.items() if name in schema.columns}
    return replace(wish, values=_with_visits(here, wish, options, schema))


def _read_words(columns: ExportColumns, options: RedcapOptions) -> str:
    if not options.instrument:
        return "all instruments"
    word = "instrument" if len(columns.forms) == 1 else "instruments"
    return f"{word} {join_words(map(repr, columns.forms))}"


def _absent_notes(
    columns: ExportColumns, dictionary: RedcapDictionary, source: Source
) -> Iterator[str]:
    there = {one.name for one in columns.fields.values()} | set(source.header)
    lacking = [
        name
        for name, one in dictionary.fields.items()
        if one.form in columns.forms and one.has_data and name not in there
    ]
    if lacking:
        fields = count_of(len(lacking), "field")
        yield f"{fields} of the dictionary not in the export: {join_words(lacking)}."
