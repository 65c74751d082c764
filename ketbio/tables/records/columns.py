"""Incoming column names → the schema's: which column feeds which, and which cannot be used."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.records.column_words import (
    WORK_COLUMNS,
    mapped_but_absent,
    unknown_column,
)
from ketbio.tables.records.header_units import fed_by_unit
from ketbio.tables.records.suggestions import Suggestions, near_columns, same_but_for_blanks
from ketbio.tables.records.wide_names import wide_columns
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
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
    missing_in: Mapping[str, Collection[str]] = field(default_factory=dict)
    date_order: str | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    allow_identifiers: Collection[str] = ()


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
    suggested : Suggestions
        Columns of ours that nothing feeds, and the unknown column that seems to hold each.
    notes : tuple of str
        What was decided.
    """

    feeds: Mapping[tuple[str, str], str]
    extras: tuple[str, ...]
    complaints: tuple[Complaint, ...]
    not_found: Mapping[str, str]
    suggested: Suggestions
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
    given: Mapping[str, str] = {
        ours: normalize("NFC", str(incoming)) for ours, incoming in wish.columns.items()
    }
    _refuse_unusable(given, schema, wish, visits)
    work = work_columns(source, given)
    given = _still_meant(given, source, is_work_list=bool(work))
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
            complaints.append(mapped_but_absent(source, ours, incoming))
    ignored = {normalize("NFC", name) for name in wish.ignore}
    mapped = {name for name, _ in feeds} | set(not_found)
    free = set(source.header) - ignored - set(feeds.values())
    own = [name for name in schema.columns if name not in mapped and name not in wish.constants]
    feeds |= {(name, EVERY_VISIT): name for name in own if name in free}
    still_free = [name for name in source.header if name in free - set(feeds.values())]
    unfed = [name for name in own if (name, EVERY_VISIT) not in feeds]
    read_as = _read_as(still_free, unfed, schema)
    feeds |= {(ours, EVERY_VISIT): name for ours, name in read_as.items()}
    left_out = {*ignored, *work, *(wish.constants if work else ())}
    # Of a column under our name that the caller maps to one that is not there, that is said.
    said = {*left_out, *feeds.values(), *not_found}
    rest = [name for name in source.header if name not in said]
    suggested = _suggestions(rest, own, feeds, schema, visits)
    for name in rest:
        complaint = _complaint_of(source, schema, name, mapped, suggested)
        if complaint is not None:
            complaints.append(complaint)
        if _is_kept(name, complaint, suggested, schema):
            feeds[name, EVERY_VISIT] = name
    return Plan(
        feeds=feeds,
        extras=tuple(dict.fromkeys(name for name, _ in feeds if name not in schema.columns)),
        complaints=tuple(complaints),
        not_found=not_found,
        suggested=suggested,
        notes=(
            *_plan_notes(source, ignored, work),
            *(f"Column {name!r} read as {ours}." for ours, name in read_as.items()),
        ),
    )


def _read_as(free: Sequence[str], unfed: Collection[str], schema: TableSchema) -> dict[str, str]:
    """Return the columns of ours that are there in another spelling, or with their unit beside."""
    same = same_but_for_blanks([name for name in free if name not in schema.columns], unfed)
    still_free = [name for name in free if name not in same.values()]
    still_unfed = [ours for ours in unfed if ours not in same]
    return same | fed_by_unit(still_free, still_unfed, schema.columns)


def work_columns(source: Source, given: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns that ketbio added to a file of rejected rows, none for other files."""
    if source.header[:1] != (WORK_COLUMNS[0],) or WORK_COLUMNS[-1] not in source.header:
        return ()
    return tuple(n for n in WORK_COLUMNS if n in source.header and n not in given.values())


def _still_meant(
    given: Mapping[str, str], source: Source, *, is_work_list: bool
) -> Mapping[str, str]:
    """Leave the mapping of a work list aside: its rows stand under our names already."""
    if not is_work_list:
        return given
    here = set(source.header)
    return {
        ours: incoming
        for ours, incoming in given.items()
        if incoming in here or ours.partition("@")[0] not in here
    }


def _plan_notes(source: Source, ignored: Collection[str], work: Sequence[str]) -> Iterator[str]:
    absent = sorted(set(ignored) - set(source.header) - {""})
    if absent:
        yield f"ignore names {join_words(map(repr, absent))}, not in the file."
    if work:
        yield f"A file of rejected rows: its own columns {join_words(work)} were left out."


def _suggestions(
    rest: Sequence[str],
    own: Sequence[str],
    feeds: Mapping[tuple[str, str], str],
    schema: TableSchema,
    visits: Sequence[str] | None,
) -> Suggestions:
    """Return what the unknown columns seem to hold of what nothing feeds."""
    is_wide = any(visit for _, visit in feeds)
    free = [n for n in own if (n, EVERY_VISIT) not in feeds and not (is_wide and n == VISIT)]
    unknown = [name for name in rest if name and name not in schema.columns]
    wide: Mapping[str, str] = {}
    if VISIT in free:
        # Visit and participant are of the whole row, and the same at every visit.
        of_visits = [name for name in free if name not in (VISIT, PARTICIPANT_ID)]
        wide = wide_columns(unknown, of_visits, schema.columns, visits)
    taken = {ours.partition("@")[0] for ours in wide} | ({VISIT} if wide else set())
    others = [name for name in unknown if name not in wide.values()]
    near = near_columns(others, [n for n in free if n not in taken], schema.columns)
    return Suggestions(near=near, wide=wide)


def _complaint_of(
    source: Source,
    schema: TableSchema,
    name: str,
    mapped: Collection[str],
    suggested: Suggestions,
) -> Complaint | None:
    """Return what is wrong with a column that feeds nothing of ours, unless said elsewhere."""
    stands_for = next((ours for ours, of in suggested.near.items() if of == name), "")
    is_said = name in suggested.wide.values()
    if is_said or (stands_for and schema.columns[stands_for].required):
        return None
    return unknown_column(source, schema, name, mapped, stands_for)


def _is_kept(
    name: str, complaint: Complaint | None, suggested: Suggestions, schema: TableSchema
) -> bool:
    if complaint is not None:
        return complaint.severity != "error"
    return schema.extra_columns != "refused" and name not in suggested.pairs.values()


def _refuse_turned_round(given: Mapping[str, str], schema: TableSchema) -> None:
    for ours, incoming in given.items():
        is_ours = ours.partition("@")[0] in schema.columns or schema.extra_columns != "refused"
        if not is_ours and incoming.partition("@")[0] in schema.columns:
            raise SchemaError(
                f"columns says {ours!r} = {incoming!r}; it is the other way round, our name first "
                f"and then the file's: {incoming!r} = {ours!r}."
            )


def _refuse_unusable(
    given: Mapping[str, str], schema: TableSchema, wish: Wish, visits: Sequence[str] | None
) -> None:
    _refuse_turned_round(given, schema)
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
    for what, names in (("values", wish.values), ("missing_in", wish.missing_in)):
        for name in names:
            if name not in known and schema.extra_columns == "refused":
                raise SchemaError(f"{what}: {unknown_word('column', name, schema.columns)}")
