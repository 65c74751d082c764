"""A table that is not where it was looked for: another row, another sheet, another layout.

Every cell then looks wrong; one sentence says where the names seem to be.
"""

from collections.abc import Iterator, Sequence

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import listed_words
from ketbio.tables.records.arrange import Records, trimmed
from ketbio.tables.records.columns import Wish
from ketbio.tables.records.suggestions import folded_name, near_columns
from ketbio.vocabulary import VISIT

SEARCHED_ROWS = 30
"""How far down a header is looked for."""
_FEWEST_NAMES = 3
REDCAP_COLUMNS = ("redcap_event_name", "redcap_repeat_instrument")


def layout_complaint(
    records: Records, source: Source, schema: TableSchema, wish: Wish
) -> Complaint | None:
    """Return the one complaint of a table that is not laid out as it is read, if it is not.

    Parameters
    ----------
    records, source : Records, Source
        What came in.
    schema : TableSchema
        What it was held against.
    wish : Wish
        The caller's mapping.
    """
    absent = _absent_names(source, schema, wish)
    if not absent and not _redcap_column(source, wish):
        return None
    found = next(_found(records, source, schema, wish), None)
    if found is None:
        return None
    rule, message = found
    return Complaint(
        rule=rule,
        row=source.header_row,
        positions=tuple(range(len(records.rows))),
        message=message,
        whole_table=True,
    )


def _found(
    records: Records, source: Source, schema: TableSchema, wish: Wish
) -> Iterator[tuple[str, str]]:
    if column := _redcap_column(source, wish):
        yield (
            "redcap_export",
            f"This is a REDCap export (it has a column {column!r}); read it with "
            f"[tables.{schema.name}.redcap] in a study file.",
        )
    if row := header_below(source, schema, wish):
        yield "header_row", _header_words(row, source)
    # A title of several words may have one of ours among them; alone in its row it is no header.
    lower = _first_row_of_names(source)
    is_known = any(name in schema.columns for name in records.plan.columns) or (
        bool(records.plan.suggested.pairs) and not lower
    )
    is_lower_known = bool(lower) and _has_known_names(lower, source, schema)
    if source.other_sheets and not is_known and not is_lower_known:
        yield "other_sheet", _sheet_words(source, schema)
    if lower and not is_known:
        yield "header_row", _header_words(lower, source)
    merged = [one for one in source.faults if one.rule == "merged_cells"]
    if merged and merged[0].row == source.header_row and not merged[0].column:
        yield merged[0].rule, merged[0].message


def header_below(source: Source, schema: TableSchema, wish: Wish) -> int:
    """Return the row that holds the names of all required columns, 0 if the header does or none."""
    wanted = _absent_names(source, schema, wish)
    if not wanted:
        return 0
    everything = {folded_name(name) for name in required_names(schema, wish)}
    for number, cells in _first_rows(source):
        if everything <= {folded_name(trimmed(cell)) for cell in cells}:
            return number
    return 0


def _absent_names(source: Source, schema: TableSchema, wish: Wish) -> set[str]:
    here = {folded_name(name) for name in source.header}
    return {name for name in required_names(schema, wish) if folded_name(name) not in here}


def required_names(schema: TableSchema, wish: Wish) -> Iterator[str]:
    """Yield the names that a file must have: those of the schema, or what the caller said."""
    is_wide = any("@" in ours for ours in wish.columns)
    for name, spec in schema.columns.items():
        if not spec.required or name in wish.constants or (is_wide and name == VISIT):
            continue
        mapped = [i for ours, i in wish.columns.items() if ours.partition("@")[0] == name]
        yield from mapped or [name]


def _first_rows(source: Source) -> Iterator[tuple[int, Sequence[str]]]:
    for number, cells in list(zip(source.row_numbers, source.rows, strict=True))[:SEARCHED_ROWS]:
        yield number, (*cells, *source.overflow.get(number, ()))


def _first_row_of_names(source: Source) -> int:
    """Return the first row of several texts below titles, each alone in its row; 0 for none."""
    if len(list(filter(None, source.header))) != 1:
        return 0
    for number, cells in _first_rows(source):
        filled = [cell for cell in map(trimmed, cells) if cell]
        if len(filled) >= _FEWEST_NAMES:
            return 0 if any(map(_is_number, filled)) else number
        if len(filled) != 1:
            return 0
    return 0


def _is_number(cell: str) -> bool:
    return not any(letter.isalpha() for letter in cell)


def _has_known_names(row: int, source: Source, schema: TableSchema) -> bool:
    names = [trimmed(cell) for cell in dict(_first_rows(source))[row]]
    folded = {folded_name(name) for name in schema.columns}
    return any(folded_name(name) in folded for name in names) or bool(
        near_columns(names, tuple(schema.columns), schema.columns)
    )


def _redcap_column(source: Source, wish: Wish) -> str:
    """Return a column that only REDCap writes, unless the caller said what to do with it."""
    named = {*wish.columns.values(), *wish.ignore}
    return next((n for n in REDCAP_COLUMNS if n in source.header and n not in named), "")


def _header_words(row: int, source: Source) -> str:
    above = row - source.header_row
    what = "the row above it" if above == 1 and source.header_row == 1 else "the rows above it"
    return (
        f"The header seems to be in row {row}; remove {what}, or set header_row = {row} "
        f"(--header-row {row} on the command line)."
    )


def _sheet_words(source: Source, schema: TableSchema) -> str:
    first = source.other_sheets[0]
    shown = first if first.isidentifier() else f'"{first}"'
    others = listed_words(map(repr, source.other_sheets))
    what = "another sheet" if len(source.other_sheets) == 1 else "others"
    return (
        f"Sheet {source.sheet!r} has none of the columns of {schema.name}; there is {what}: "
        f"{others}. Set sheet = {first!r} (--sheet {shown} on the command line) if the table is "
        "there."
    )
