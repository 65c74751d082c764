"""What is said of incoming columns that cannot be used."""

from collections.abc import Collection, Mapping

from ketbio.errors import did_you_mean
from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import IGNORE_HINT, column_option, columns_hint, quoted
from ketbio.tables.records.suggestions import Suggestions, nearest_column
from ketbio.vocabulary import VISIT

WORK_COLUMNS = ("row", "extra_cells", "complaint")
"""Columns that ketbio adds to the file of rejected rows: the row, the cells too many, why."""
COLUMN_RULES = ("missing_column", "unknown_column", "near_miss")
"""What is said of columns that are missing, or not known."""
_IGNORE_UNNAMED = 'set ignore = [""] (--ignore "" on the command line) to leave it out'


def mapped_but_absent(source: Source, ours: str, incoming: str) -> Complaint:
    """Return the complaint of a mapping to a column that the file does not have."""
    return Complaint(
        rule="missing_column",
        row=source.header_row,
        column=incoming,
        message=not_found_words(source, ours, incoming),
        whole_table=True,
    )


def not_found_words(source: Source, ours: str, incoming: str) -> str:
    """Return the sentence for a mapping to a column that the file does not have."""
    if ours in source.header:
        return (
            f"The file has no column {quoted(incoming)}, which columns names for {ours!r}, but it "
            f"has a column {ours!r}. Take {ours!r} out of columns, or correct the name there."
        )
    return (
        f"The file has no column {quoted(incoming)}, which columns names for {ours!r}."
        f"{did_you_mean(incoming, source.header)} Correct the name there."
    )


def wide_words(wide: Mapping[str, str]) -> str:
    """Return the sentence for columns that seem to hold one of ours at several visits."""
    pairs = ", ".join(f'"{ours}" = "{incoming}"' for ours, incoming in wide.items())
    options = " ".join(column_option(ours, incoming) for ours, incoming in wide.items())
    return (
        f"The file has no column {VISIT!r}, but {len(wide)} columns seem to hold a visit each: "
        f"map them under columns: {pairs} ({options} on the command line); after the @ stands the "
        "study's name of the visit."
    )


def suggestion_note(suggested: Suggestions) -> str:
    """Return the one note with all that was suggested, to be copied; empty where it is one only."""
    if len(suggested.pairs) < 2:
        return ""
    options = " ".join(column_option(ours, name) for ours, name in suggested.pairs.items())
    return (
        "All columns suggested, to copy if they are right: "
        f"columns={suggested.pairs!r} in Python, {options} on the command line."
    )


def unknown_column(
    source: Source, schema: TableSchema, name: str, mapped: Collection[str], stands_for: str
) -> Complaint | None:
    """Return what is wrong with a column that the schema does not name, if anything.

    Parameters
    ----------
    source, schema : Source, TableSchema
        Where it stands, and what is known there.
    name : str
        The column as written.
    mapped : collection of str
        Columns of ours that the caller fed.
    stands_for : str
        The column of ours, fed by nothing, that it seems to hold; empty for none.
    """

    def said(rule: str, message: str, severity: str = "error") -> Complaint:
        return Complaint(
            rule=rule,
            row=source.header_row,
            column=name,
            message=message,
            severity=severity,
            whole_table=severity == "error",
            stands_for=stands_for,
        )

    shown = quoted(name)
    if not name:
        place = source.header.index("")
        place = source.column_numbers[place] if source.column_numbers else place + 1
        return said("unnamed_column", f"Column {place} has no name; name it, or {_IGNORE_UNNAMED}.")
    if name in schema.columns:
        return said(
            "unknown_column",
            f"Column {shown} is not used, because {shown} is fed by another column; "
            f"take that out of columns, or {IGNORE_HINT}.",
        )
    if schema.extra_columns == "refused":
        return said("unknown_column", _refused_words(schema, name, mapped, stands_for), "error")
    if stands_for:
        return said(
            "near_miss",
            f"Column {shown} is not known in {schema.name} and is kept as it is. Did you mean "
            f"{stands_for!r}? If so, {columns_hint(stands_for, name)}.",
            "warning",
        )
    return None


def _refused_words(schema: TableSchema, name: str, mapped: Collection[str], stands_for: str) -> str:
    if stands_for:
        return (
            f"The file has no column {stands_for!r}; column {quoted(name)} is not known: "
            f"{columns_hint(stands_for, name)}, or {IGNORE_HINT}."
        )
    unnamed = [column for column in schema.columns if column not in mapped]
    near = nearest_column(name, unnamed, schema.columns)
    hint = f" Did you mean {near!r}?" if near else ""
    return (
        f"Column {quoted(name)} is not known in {schema.name}.{hint} Name "
        f"it under columns if it holds one of the known ones, or {IGNORE_HINT}."
    )
