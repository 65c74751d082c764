"""Which rows of a REDCap export belong to a table; none is left out without being counted."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ketbio.errors import SchemaError, did_you_mean
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.options import RedcapOptions
from ketbio.tables.layouts.redcap_columns import EVENT, INSTANCE, REPEAT, ExportColumns
from ketbio.tables.layouts.redcap_dictionary import RedcapDictionary
from ketbio.tables.phrases import listed_rows, listed_words, quoted
from ketbio.tables.records.arrange import trimmed
from ketbio.wording import count_of, join_words

TICKED = ("1", "checked")
"""How a ticked box is exported, as codes and as labels."""
COMPLETE = ("2", "complete")
"""How the status of a finished instrument is exported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRows:
    """The rows of an export that a table reads.

    Attributes
    ----------
    places : tuple of int
        Their places in the source (0-based).
    notes : tuple of str
        How many were left out, and why.
    faults : tuple of Fault
        What is odd about those left out.
    left_out : tuple of int
        The places of those that are left out though they have values.
    """

    places: tuple[int, ...]
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = field(default=())
    left_out: tuple[int, ...] = ()


def cells_of(source: Source, column: str) -> list[str]:
    """Return the cells of a column, trimmed; empty ones where the file does not have it."""
    if column not in source.header:
        return [""] * len(source.rows)
    place = source.header.index(column)
    return [trimmed(row[place]) for row in source.rows]


def export_rows(
    source: Source,
    columns: ExportColumns,
    dictionary: RedcapDictionary,
    options: RedcapOptions,
    *,
    reads_events: bool,
) -> ExportRows:
    """Choose the rows that a table reads.

    Parameters
    ----------
    source : Source
        The export.
    columns : ExportColumns
        What its columns are.
    dictionary : RedcapDictionary
        The project's fields.
    options : RedcapOptions
        The instrument, the events to leave out.
    reads_events : bool
        Whether an event becomes the record's visit.

    Raises
    ------
    SchemaError
        The export has repeating instruments and the caller does not say which one is read.
    """
    events = cells_of(source, EVENT)
    repeats = [form_named(word, dictionary) for word in cells_of(source, REPEAT)]
    _refuse_unchosen(repeats, options)
    filled = _has_value(source, columns)
    kept: list[int] = []
    left_out: list[int] = []
    faults: list[Fault] = []
    reasons = Counter[tuple[str, str]]()
    for place, number in enumerate(source.row_numbers):
        if events[place] in options.left_out_events and events[place]:
            reasons["event", events[place]] += 1
            left_out.append(place)
        elif repeats[place] and repeats[place] not in columns.forms:
            reasons["instrument", repeats[place]] += 1
            left_out.append(place)
        elif not filled[place]:
            reasons["empty", ""] += 1
            faults += _complete_but_empty(source, columns, place, number)
        else:
            kept.append(place)
            if reads_events and options.events and events[place] not in options.events:
                faults.append(_unnamed_event(events[place], number, options))
    return ExportRows(
        places=tuple(kept),
        notes=tuple(_left_out_notes(reasons, columns, options)),
        faults=tuple(faults),
        left_out=tuple(left_out),
    )


def form_named(word: str, dictionary: RedcapDictionary) -> str:
    """Return the instrument that a cell names, by its name or its title.

    Examples
    --------
    >>> from ketbio.tables.layouts.redcap_dictionary import Field
    >>> one = Field(name="id", form="bp_log", kind="text")
    >>> project = RedcapDictionary(file="", fields={"id": one})
    >>> form_named("BP log", project), form_named("mood", project)
    ('bp_log', 'mood')
    """
    folded = "_".join(word.casefold().replace("_", " ").split())
    return folded if folded in dictionary.forms else word


def _refuse_unchosen(repeats: Sequence[str], options: RedcapOptions) -> None:
    found = sorted({form for form in repeats if form})
    if found and not options.instrument:
        raise SchemaError(
            "redcap: the export has rows of repeating instruments "
            f"({join_words(map(repr, found))}); say which instrument this table reads: "
            f"instrument = {found[0]!r}."
        )


def _has_value(source: Source, columns: ExportColumns) -> list[bool]:
    """Tell the rows with a value in the fields read; a box that is not ticked is none."""
    places = {source.header.index(name): name in columns.boxes for name in columns.used}
    return [
        any(
            trimmed(row[place]).casefold() in TICKED if is_box else trimmed(row[place])
            for place, is_box in places.items()
        )
        for row in source.rows
    ]


def _complete_but_empty(
    source: Source, columns: ExportColumns, place: int, number: int
) -> Iterator[Fault]:
    for name, form in columns.status.items():
        cell = trimmed(source.rows[place][source.header.index(name)])
        if form in columns.forms and cell.casefold() in COMPLETE:
            yield Fault(
                row=number,
                rule="complete_but_empty",
                column=name,
                value=cell,
                severity="warning",
                stays=True,
                message=f"{name} is {quoted(cell)} (complete), but no field of {form!r} has a "
                "value; the row was left out. Fill in the instrument in REDCap, or reset its "
                "status.",
            )


def _unnamed_event(event: str, number: int, options: RedcapOptions) -> Fault:
    return Fault(
        row=number,
        rule="known_visit",
        column=EVENT,
        value=event,
        message=f"{EVENT} is {quoted(event)}, which events does not name."
        f"{did_you_mean(event, options.events)} Say there which visit it is, or name it under "
        "ignore_events to leave it out.",
    )


def _left_out_notes(
    reasons: Mapping[tuple[str, str], int], columns: ExportColumns, options: RedcapOptions
) -> Iterator[str]:
    read = listed_words(map(repr, columns.forms)) if options.instrument else "the data dictionary"
    for (why, what), n in reasons.items():
        rows = count_of(n, "row")
        if why == "event":
            yield f"{rows} of the event {quoted(what)} left out, as asked for."
        elif why == "instrument":
            yield f"{rows} of the repeating instrument {quoted(what)} left out: another is read."
        else:
            yield f"{rows} without a value in the fields of {read} left out."


def repeats_of_a_record(source: Source, dictionary: RedcapDictionary) -> Iterator[Fault]:
    """Name the records of which a table without replicates gets several rows, as repeats.

    Parameters
    ----------
    source : Source
        The rows of the export that are read.
    dictionary : RedcapDictionary
        The project's fields.
    """
    instances = cells_of(source, INSTANCE)
    for (_, event, form), listed in _repeated(source, dictionary).items():
        rows = [source.row_numbers[place] for place in listed]
        what = f"the repeating instrument {quoted(form)}" if form else f"the event {quoted(event)}"
        yield Fault(
            row=rows[0],
            rule="redcap_repeats",
            column=INSTANCE,
            value=instances[listed[0]],
            severity="warning",
            stays=True,
            message=f"This record has {count_of(len(rows), 'instance')} of {what} "
            f"({listed_words(instances[place] for place in listed)}; {listed_rows(rows)}): "
            "repeats, not copies. Read them into a table with a column replicate, or keep the one "
            "that is meant.",
        )


def repeats_note(source: Source, dictionary: RedcapDictionary) -> Iterator[str]:
    """Note the records that have several instances, for a table with a column for them."""
    found = _repeated(source, dictionary)
    if found:
        told = [
            f"{quoted(record)} ({listed_rows(source.row_numbers[place] for place in listed)})"
            for (record, _, _), listed in found.items()
        ]
        yield f"Records with more than one instance: {listed_words(told)}."


def _repeated(
    source: Source, dictionary: RedcapDictionary
) -> dict[tuple[str, str, str], list[int]]:
    """Return (record, event, repeating instrument) → its rows, where there are several."""
    ids, events = cells_of(source, dictionary.record_id), cells_of(source, EVENT)
    forms, instances = cells_of(source, REPEAT), cells_of(source, INSTANCE)
    of_record: dict[tuple[str, str, str], list[int]] = {}
    for place, instance in enumerate(instances):
        if instance:
            of_record.setdefault((ids[place], events[place], forms[place]), []).append(place)
    return {key: listed for key, listed in of_record.items() if len(listed) > 1}
