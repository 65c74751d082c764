"""What each column of a REDCap export is, by the data dictionary."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ketbio.errors import FileError, SchemaError, unknown_word
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.options import RedcapOptions
from ketbio.tables.layouts.redcap_dictionary import Field, RedcapDictionary
from ketbio.tables.phrases import IGNORE_HINT, quoted
from ketbio.tables.privacy.identifiers import EMAIL, looks_like_identifier
from ketbio.tables.records.columns import Wish
from ketbio.wording import count_of, join_words

EVENT, REPEAT, INSTANCE = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
)
SITE_GROUP, SURVEY_ID = "redcap_data_access_group", "redcap_survey_identifier"
BOOKKEEPING = (EVENT, REPEAT, INSTANCE, SITE_GROUP, SURVEY_ID)
"""Columns that REDCap adds to an export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportColumns:
    """The columns of an export.

    Attributes
    ----------
    fields : mapping of str to Field
        Column → the field that it belongs to (a checkbox has several columns).
    boxes : mapping of str to str
        Column of a checkbox → the code of the choice.
    status, timestamps : mapping of str to str
        Column → the instrument that it tells of.
    unknown : tuple of str
        Columns that neither the dictionary nor REDCap itself explains.
    used : tuple of str
        The columns of fields that the table reads.
    forms : tuple of str
        The instruments that the table reads.
    """

    fields: Mapping[str, Field]
    boxes: Mapping[str, str]
    status: Mapping[str, str]
    timestamps: Mapping[str, str]
    unknown: tuple[str, ...]
    used: tuple[str, ...]
    forms: tuple[str, ...]


def export_columns(
    source: Source, dictionary: RedcapDictionary, options: RedcapOptions, wish: Wish
) -> ExportColumns:
    """Say what each column of an export is.

    Parameters
    ----------
    source : Source
        The export.
    dictionary : RedcapDictionary
        The project's fields.
    options : RedcapOptions
        Which instruments are read.
    wish : Wish
        Columns that the caller maps are read from whatever instrument they belong to.

    Raises
    ------
    FileError
        The export has no column for the record's id.
    SchemaError
        An instrument is not in the dictionary.
    """
    if dictionary.record_id not in source.header:
        raise FileError(
            f"{source.file or 'The DataFrame'} has no column {quoted(dictionary.record_id)}, the "
            f"record's id by {dictionary.file}. Export the records with field names as header "
            "(labels may stand in the cells), and with the dictionary of the same project."
        )
    for form in options.instrument:
        if form not in dictionary.forms:
            raise SchemaError(f"redcap: {unknown_word('instrument', form, dictionary.forms)}")
    forms = options.instrument or dictionary.forms
    boxes = {box: code for one in dictionary.fields.values() for box, code in one.boxes.items()}
    of_box = {box: one for one in dictionary.fields.values() for box in one.boxes}
    known = {**dictionary.fields, **of_box}
    fields = {name: known[name] for name in source.header if name in known}
    status = {f"{form}_complete": form for form in dictionary.forms}
    timestamps = {f"{form}_timestamp": form for form in dictionary.forms}
    explained = {*fields, *status, *timestamps, *BOOKKEEPING}
    mapped = set(wish.columns.values())
    used = [
        name
        for name, one in fields.items()
        if name != dictionary.record_id and (one.form in forms or name in mapped)
    ]
    here = set(source.header)
    return ExportColumns(
        fields=fields,
        boxes={box: code for box, code in boxes.items() if box in here},
        status={name: form for name, form in status.items() if name in here - set(fields)},
        timestamps={name: form for name, form in timestamps.items() if name in here - set(fields)},
        unknown=tuple(name for name in source.header if name not in explained),
        used=tuple(name for name in used if fields[name].has_data and name not in wish.ignore),
        forms=tuple(forms),
    )


def identifier_columns(columns: ExportColumns, source: Source) -> frozenset[str]:
    """Return the columns that the dictionary marks as identifiers, and the survey's own."""
    marked = {name for name, one in columns.fields.items() if one.is_identifier}
    place = source.header.index(SURVEY_ID) if SURVEY_ID in source.header else None
    if place is not None and any(row[place].strip() for row in source.rows):
        marked.add(SURVEY_ID)  # the address or the name that an invitation went to
    return frozenset(marked)


def left_out_columns(
    source: Source,
    columns: ExportColumns,
    mapped: Collection[str],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that the table leaves out without being asked, and notes of them.

    Parameters
    ----------
    source : Source
        The export.
    columns : ExportColumns
        What its columns are.
    mapped : collection of str
        Columns that feed one of ours.
    """
    forms = columns.forms
    free = [name for name in source.header if name not in mapped and name not in columns.used]
    free = [name for name in free if name not in columns.unknown]
    form_of = {name: one.form for name, one in columns.fields.items()}
    form_of |= {**columns.status, **columns.timestamps}
    others = Counter(form_of[name] for name in free if form_of.get(name, "") not in ("", *forms))
    own = [name for name in free if name not in columns.fields]
    own = [name for name in own if form_of.get(name, "") in ("", *forms)]
    files = [name for name in free if name in columns.fields and form_of[name] in forms]
    files = [name for name in files if not columns.fields[name].has_data]
    notes = []
    if others:
        listed = join_words([f"{form} ({n})" for form, n in others.items()])
        n_columns = count_of(others.total(), "column")
        notes.append(f"{n_columns} of other instruments left out: {listed}.")
    if own:
        notes.append(f"REDCap's own columns left out of the table: {join_words(own)}.")
    if files:
        notes.append(f"Columns of uploaded files left out: {join_words(files)}.")
    return tuple(free), tuple(notes)


def unexplained_columns(
    source: Source, columns: ExportColumns, dictionary: RedcapDictionary, schema: TableSchema,
    wish: Wish,
) -> Iterator[Fault]:  # fmt: skip
    """Complain of columns that the dictionary does not have, where nobody else would."""
    mapped = {*wish.columns.values(), *wish.constants, *schema.columns}
    for name in columns.unknown:
        if name in mapped or name in wish.ignore or not name or EMAIL.search(name):
            continue
        if schema.extra_columns == "refused" or looks_like_identifier(name):
            continue  # said of every column that the schema does not know
        yield Fault(
            row=source.header_row,
            rule="unknown_column",
            column=name,
            message=f"Column {quoted(name)} is not in the data dictionary {dictionary.file}. "
            f"Take the dictionary of the day of the export, or {IGNORE_HINT}.",
        )
