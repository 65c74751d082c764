"""The columns of a long table beside its keys and values: which go along with a record."""

from collections.abc import Collection, Iterator, Sequence

from ketbio.errors import FileError, did_you_mean
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.options import AdamOptions
from ketbio.tables.phrases import IGNORE_HINT, quoted
from ketbio.tables.records.arrange import trimmed
from ketbio.tables.records.columns import Wish
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import join_words

# CDISC's ADaM, basic data structure: what describes the row of one parameter, and the subject-level
# columns that are copied to every row.
STANDARD = {
    "STUDYID", "DOMAIN", "SUBJID", "SITEID", "SITEGR1", "AGE", "AGEU", "AGEGR1", "AGEGR1N",
    "SEX", "RACE", "RACEN", "ETHNIC", "COUNTRY", "ARM", "ARMCD", "ACTARM", "ACTARMCD",
    "TRT01P", "TRT01PN", "TRT01A", "TRT01AN", "TRTP", "TRTPN", "TRTA", "TRTAN", "TRTSDT",
    "TRTEDT", "TRTSDTM", "TRTEDTM", "TRTDURD", "SAFFL", "ITTFL", "EFFFL", "FASFL", "PPROTFL",
    "RANDFL", "RANDDT", "DTHFL", "DCSREAS", "ADTM", "ADTF", "ATM", "ADY", "ASTDT", "AENDT",
    "VISIT", "VISITNUM", "AVISITN", "ATPT", "ATPTN", "ATPTREF", "APERIOD", "APERIODC",
    "APHASE", "AWRANGE", "AWTARGET", "AWTDIFF", "AWLO", "AWHI", "AWU", "PARAM", "PARAMN",
    "PARAMTYP", "PARCAT1", "PARCAT1N", "PARCAT2", "PARCAT2N", "AVALCAT1", "AVALCA1N", "BASE",
    "BASEC", "BASETYPE", "CHG", "PCHG", "SHIFT1", "CRIT1", "CRIT1FL", "ABLFL", "ANL01FL",
    "ANL02FL", "ANL03FL", "ONTRTFL", "LVOTFL", "DTYPE", "SRCDOM", "SRCVAR", "SRCSEQ", "QSSEQ",
    "ASEQ", "ANRIND", "BNRIND", "ANRLO", "ANRHI", "LBSEQ", "QSTESTCD", "QSTEST", "QSCAT",
}  # fmt: skip


def role_columns(options: AdamOptions) -> tuple[str, ...]:
    """Return the columns that the layout itself reads, but for the keys and the date."""
    return (options.parameter, options.value, options.text, options.unit, options.imputed)


def refuse_lacking(source: Source, options: AdamOptions) -> None:
    """Raise `FileError` where a column is lacking without which nothing can be read."""
    wanted = {
        "participant": options.participant,
        "visit": options.visit,
        "parameter": options.parameter,
        "value": options.value if options.value in source.header else options.text,
    }
    wanted["value"] = wanted["value"] if wanted["value"] in source.header else options.value
    for what, name in wanted.items():
        if name not in source.header:
            raise FileError(
                f"{source.file or 'The DataFrame'} has no column {quoted(name)}, which adam takes "
                f"for {what!r}.{did_you_mean(name, source.header)} Name the column there: "
                f'{what} = "…".'
            )


def fed_by_layout(source: Source, schema: TableSchema, options: AdamOptions) -> dict[str, str]:
    """Return how the keys, the day and the parameters feed our columns."""
    feeds = {PARTICIPANT_ID: options.participant}
    if VISIT in schema.columns:
        feeds[VISIT] = options.visit
    days = [name for name, spec in schema.columns.items() if spec.type == "date"]
    if len(days) == 1 and options.date in source.header:
        feeds[days[0]] = options.date
    return {**feeds, **{ours: code for code, ours in options.parameters.items()}}


def carried_columns(
    source: Source, options: AdamOptions, mapped: Collection[str], wish: Wish
) -> tuple[tuple[str, ...], list[str]]:
    """Return the columns that go along with a record, and a note of the standard ones that do not.

    Parameters
    ----------
    source : Source
        The long table.
    options : AdamOptions
        The columns that the layout reads.
    mapped : collection of str
        Columns that feed one of ours: they go along whatever they are.
    wish : Wish
        What the caller ignores goes along too, to be left out where every table does so.
    """
    roles = set(role_columns(options)) | set(options.only)
    kept, standard = [], []
    for name in source.header:
        if name in (options.participant, options.visit) or name in mapped or name in wish.ignore:
            kept.append(name)
        elif name in roles:
            continue
        elif name in STANDARD or name == options.date:
            standard.append(name)
        else:
            kept.append(name)
    if not standard:
        return tuple(kept), []
    return tuple(kept), [f"Columns of ADaM left out: {join_words(standard)}."]


def rows_apart(
    source: Source, names: Sequence[str], records: Sequence[Sequence[int]]
) -> dict[tuple[int, str], tuple[int, int]]:
    """Return where the rows of one record differ: (record, column) → two spreadsheet rows.

    Parameters
    ----------
    source : Source
        The long table.
    names : sequence of str
        The columns to look at.
    records : sequence of sequence of int
        The places of each record's rows.
    """
    at = _places_of(source, names)
    apart = {}
    for number, (first, *others) in enumerate(records):
        for name, column in at:
            word = trimmed(source.rows[first][column])
            other = next((i for i in others if trimmed(source.rows[i][column]) != word), None)
            if other is not None:
                apart[number, name] = (source.row_numbers[first], source.row_numbers[other])
    return apart


def _places_of(source: Source, names: Sequence[str]) -> list[tuple[str, int]]:
    """Return each column with its place; several can be without a name."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(source.header):
        places.setdefault(name, []).append(place)
    return [(name, places[name].pop(0)) for name in names]


def shared_cells(
    source: Source,
    names: Sequence[str],
    records: Sequence[Sequence[int]],
    apart: Collection[tuple[int, str]],
) -> list[list[str]]:
    """Return for each record the cells that its rows share; empty where they differ."""
    at = _places_of(source, names)
    return [
        ["" if (number, name) in apart else source.rows[places[0]][column] for name, column in at]
        for number, places in enumerate(records)
    ]


def apart_faults(
    source: Source,
    apart: dict[tuple[int, str], tuple[int, int]],
    mapped: Collection[str],
    wish: Wish,
) -> Iterator[Fault]:
    """Complain of cells that differ within a record, or once of a column that nobody asked for."""
    told: set[str] = set()
    for (_, name), (first, other) in apart.items():
        if name in wish.ignore:
            continue
        if name in mapped:
            yield Fault(
                row=other,
                rule="differs_within_record",
                column=name,
                message=f"{name} differs between rows {first} and {other}, which belong to one "
                "record (same participant and visit); write the same in both.",
            )
        elif name not in told:
            told.add(name)
            yield Fault(
                row=source.header_row,
                rule="differs_within_record",
                column=name,
                message=f"Column {quoted(name)} differs between rows of one record (rows {first} "
                f"and {other}), so that it cannot go along with it; {IGNORE_HINT}.",
            )
