"""Incoming column names → the schema's: which column feeds which, and which cannot be used."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from ketbio.errors import SchemaError, did_you_mean, unknown_word
from ketbio.tables.complaints import Complaint
from ketbio.tables.identifiers import looks_like_identifier
from ketbio.tables.schema import TableSchema
from ketbio.tables.source import Source
from ketbio.vocabulary import VISIT
from ketbio.wording import join_words

EVERY_VISIT = ""
"""Stands for the visit of a column that belongs to the whole row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the caller asked for; see `ketbio.tables.check_table` for each."""

    columns: Mapping[str, str]
    constants: Mapping[str, str]
    ignore: Collection[str]
    values: Mapping[str, Mapping[str, str]]
    missing: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which incoming column feeds which of ours.

    Attributes
    ----------
    feeds : mapping of (ours, visit) to str
        The incoming name; visit is `EVERY_VISIT` but for wide columns.
    extras : tuple of str
        Columns of ours that the schema does not name but takes.
    complaints : tuple of Complaint
        Columns that cannot be used or are not there.
    not_found : mapping of str to str
        Required columns of ours whose incoming column, named by the caller, is not in the file.
    notes : tuple of str
        What was decided.
    """

    feeds: Mapping[tuple[str, str], str]
    extras: tuple[str, ...]
    complaints: tuple[Complaint, ...]
    not_found: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def visits(self) -> tuple[str, ...]:
        """The visits that wide columns name, in order."""
        return tuple(dict.fromkeys(visit for _, visit in self.feeds if visit))

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of ours that are fed."""
        return tuple(dict.fromkeys(name for name, _ in self.feeds))


def plan_columns(
    source: Source, schema: TableSchema, wish: Wish, *, visits: Sequence[str] | None
) -> Plan:
    """Decide which incoming column feeds which of ours.

    Parameters
    ----------
    source : Source
        What came in.
    schema : TableSchema
        What is wanted.
    wish : Wish
        The caller's mapping.
    visits : sequence of str or None
        The study's visits, to check wide columns against.

    Raises
    ------
    SchemaError
        The mapping names a column or a visit that the schema or the study does not know.
    """
    given = {ours: normalize("NFC", str(incoming)) for ours, incoming in wish.columns.items()}
    _refuse_unusable(given, schema, wish, visits)
    complaints: list[Complaint] = []
    feeds: dict[tuple[str, str], str] = {}
    not_found: dict[str, str] = {}
    for ours, incoming in given.items():
        name, _, visit = ours.partition("@")
        if incoming in source.header:
            feeds[name, visit] = incoming
        elif name in schema.columns and schema.columns[name].required:
            not_found[name] = incoming
        else:
            complaints.append(_mapped_but_absent(source, ours, incoming))
    ignored = {normalize("NFC", name) for name in wish.ignore}
    mapped = {name for name, _ in feeds} | set(not_found)
    for place, name in enumerate(source.header):
        if name in ignored or name in feeds.values():
            continue
        if name in schema.columns and name not in mapped and name not in wish.constants:
            feeds[name, EVERY_VISIT] = name
            continue
        complaint = _extra_complaint(source, schema, place, mapped)
        if complaint is not None:
            complaints.append(complaint)
        if complaint is None or complaint.severity != "error":
            feeds[name, EVERY_VISIT] = name
    for key in [key for key in feeds if _is_identifier(key[0], feeds[key], schema)]:
        complaints.append(_identifier_complaint(source, feeds.pop(key)))
    absent = sorted(ignored - set(source.header) - {""})
    notes = [f"ignore names {join_words(map(repr, absent))}, not in the file."] if absent else []
    extras = tuple(dict.fromkeys(name for name, _ in feeds if name not in schema.columns))
    return Plan(
        feeds=feeds,
        extras=extras,
        complaints=tuple(complaints),
        not_found=not_found,
        notes=tuple(notes),
    )


def _refuse_unusable(
    given: Mapping[str, str], schema: TableSchema, wish: Wish, visits: Sequence[str] | None
) -> None:
    wide = [ours for ours in given if "@" in ours]
    if wide and VISIT not in schema.columns:
        raise SchemaError(f"columns names {wide[0]!r}, but a row of {schema.name} has no visit.")
    if wide and (VISIT in given or VISIT in wish.constants):
        raise SchemaError(
            f"columns gives the visit twice: by {wide[0]!r} and by 'visit'; leave one out."
        )
    for ours in (*given, *wish.constants):
        name, at, visit = ours.partition("@")
        if name not in schema.columns and schema.extra_columns == "refused":
            raise SchemaError(f"columns: {unknown_word('column', name, schema.columns)}")
        if at and visits is not None and visit not in visits:
            raise SchemaError(f"columns names {ours!r}: {unknown_word('visit', visit, visits)}")
        if at and (not visit or name == VISIT):
            raise SchemaError(f"columns names {ours!r}; write column@visit, and not for 'visit'.")
    both = [name for name in given if name in wish.constants]
    if both:
        raise SchemaError(f"{both[0]!r} is in columns and in constants; leave one out.")
    known = {*schema.columns, *(name.partition("@")[0] for name in given), *wish.constants}
    for name in wish.values:
        if name not in known and schema.extra_columns == "refused":
            raise SchemaError(f"values: {unknown_word('column', name, schema.columns)}")


def _mapped_but_absent(source: Source, ours: str, incoming: str) -> Complaint:
    return Complaint(
        rule="missing_column",
        row=source.header_row,
        column=incoming,
        message=not_found_words(source, ours, incoming),
    )


def not_found_words(source: Source, ours: str, incoming: str) -> str:
    """Return the sentence for a mapping to a column that the file does not have."""
    return (
        f"The file has no column {incoming!r}, which columns names for {ours!r}."
        f"{did_you_mean(incoming, source.header)} Correct the name in columns."
    )


def _extra_complaint(
    source: Source, schema: TableSchema, place: int, mapped: Collection[str]
) -> Complaint | None:
    """Return what is wrong with a column that the schema does not name, if anything."""
    name = source.header[place]

    def said(rule: str, message: str, severity: str = "error") -> Complaint:
        return Complaint(
            rule=rule, row=source.header_row, column=name, message=message, severity=severity
        )

    if not name:
        return said(
            "unnamed_column",
            f'Column {place + 1} has no name; name it, or set ignore = [""] to leave it out.',
        )
    if looks_like_identifier(name):
        return _identifier_complaint(source, name)
    if name in schema.columns:
        return said(
            "unknown_column",
            f"Column {name!r} is not used, because {name!r} is fed by another column; "
            f"take it out of columns, or name it in ignore.",
        )
    if schema.extra_columns == "refused":
        unnamed = [column for column in schema.columns if column not in mapped]
        return said(
            "unknown_column",
            f"Column {name!r} is not known in {schema.name}.{did_you_mean(name, unnamed)} "
            "Name it in columns if it holds one of the known ones, or in ignore to leave it out.",
        )
    unfed = [column for column in schema.columns if column not in (*mapped, *source.header)]
    near = did_you_mean(name, unfed)
    if near:
        kept = f"Column {name!r} is not known in {schema.name} and is kept as it is.{near}"
        return said("near_miss", f"{kept} Name it in columns if so.", "warning")
    return None


def _is_identifier(ours: str, incoming: str, schema: TableSchema) -> bool:
    return ours not in schema.columns and looks_like_identifier(incoming)


def _identifier_complaint(source: Source, name: str) -> Complaint:
    return Complaint(
        rule="direct_identifier",
        row=source.header_row,
        column=name,
        message=f"Column {name!r} looks like a direct identifier; it must be removed from the "
        "file before analysis (its cells were not read). If it is none, rename it.",
    )
