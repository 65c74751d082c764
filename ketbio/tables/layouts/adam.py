"""A long table (ADaM: one row per participant, visit and parameter) → one row per record."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.adam_columns import (
    apart_faults,
    carried_columns,
    fed_by_layout,
    refuse_lacking,
    rows_apart,
    shared_cells,
)
from ketbio.tables.layouts.adam_rows import (
    LongTable,
    contradictions_faults,
    imputed_faults,
    rows_read,
    unit_faults,
    unmapped_faults,
)
from ketbio.tables.layouts.arrangement import Arrangement
from ketbio.tables.layouts.left_out_ratings import left_out_faults
from ketbio.tables.layouts.options import AdamOptions
from ketbio.tables.phrases import listed_rows
from ketbio.tables.records.columns import Wish, work_columns
from ketbio.tables.rules.safety_gaps import safety_items
from ketbio.tables.rules.safety_names import is_item_name, is_item_number
from ketbio.vocabulary import VISIT
from ketbio.wording import count_of


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """One record as it is gathered: the places of its rows, and the place of each parameter."""

    places: list[int] = field(default_factory=list)
    cells: dict[str, int] = field(default_factory=dict)


def arranged_adam(
    source: Source, schema: TableSchema, wish: Wish, options: AdamOptions
) -> Arrangement:
    """Return one row per participant and visit, with a column per parameter.

    A parameter that is there twice makes a second record, so that both are named as duplicates
    and none is chosen. ``Source.cell_rows`` knows the spreadsheet row of every cell.

    Parameters
    ----------
    source : Source
        The long table.
    schema : TableSchema
        What the table must hold.
    wish : Wish
        The caller's mapping.
    options : AdamOptions
        Which parameter feeds which column.

    Raises
    ------
    FileError
        The file lacks a column without which nothing can be read.
    SchemaError
        A parameter cannot feed what it shall.
    """
    values = _with_visits(wish, options)
    if work_columns(source, wish.columns):
        return Arrangement(source=source, wish=replace(wish, values=values))
    refuse_lacking(source, options)
    _refuse_unusable(source, schema, options)
    columns = {**fed_by_layout(source, schema, options), **wish.columns}
    mapped = set(columns.values())
    table = LongTable(source=source, options=options, items=_safety_codes(schema, options))
    places, notes = rows_read(table)
    records, more = _gathered(table, places)
    kept, carry_notes = carried_columns(source, options, mapped, wish)
    places_of = [record.places for record in records]
    apart = rows_apart(source, kept, places_of)
    # A column that cannot go along is complained about, and is then no column of the record.
    needed = {*mapped, *wish.ignore}
    kept = tuple(name for name in kept if name in needed or name not in {n for _, n in apart})
    lines = shared_cells(source, kept, places_of, apart)
    faults = [
        *unmapped_faults(table),
        *imputed_faults(table, places),
        *unit_faults(table, places, schema),
        *apart_faults(source, apart, mapped, wish),
        *contradictions_faults(table, places),
        *left_out_faults(table.left_out_ratings(places), schema),
    ]
    arranged = _arranged(table, records, kept, lines)
    return Arrangement(
        source=replace(
            arranged,
            notes=(*source.notes, *notes, *more, *carry_notes),
            faults=(*source.faults, *faults),
        ),
        wish=replace(wish, columns=columns, values=values),
    )


def _safety_codes(schema: TableSchema, options: AdamOptions) -> dict[str, str]:
    """Return the parameters that are a safety item; of those left out, that seem to be one."""
    items = safety_items(schema)
    codes = {code: ours for code, ours in options.parameters.items() if ours in items}
    for code in options.ignore_parameters:
        for item in items:
            if is_item_name(code, item) or is_item_number(code, item, schema):
                codes.setdefault(code, item)
    return codes


def _with_visits(wish: Wish, options: AdamOptions) -> dict[str, dict[str, str]]:
    values = {name: dict(own) for name, own in wish.values.items()}
    if options.visits:
        values[VISIT] = {**options.visits, **values.get(VISIT, {})}
    return values


def _refuse_unusable(source: Source, schema: TableSchema, options: AdamOptions) -> None:
    fed: dict[str, str] = {}
    for code, ours in options.parameters.items():
        if ours not in schema.columns and schema.extra_columns == "refused":
            raise SchemaError(f"adam, parameters: {unknown_word('column', ours, schema.columns)}")
        if ours in fed:
            raise SchemaError(
                f"adam: the parameters {fed[ours]!r} and {code!r} both feed {ours!r}; "
                "each column has one."
            )
        if code in source.header:
            raise SchemaError(
                f"adam: the parameter {code!r} is the name of a column too; rename one of them in "
                "the file."
            )
        fed[ours] = code


def _gathered(table: LongTable, places: Sequence[int]) -> tuple[list[_Gathered], list[str]]:
    """Gather rows by participant and visit; what is there twice begins a further record."""
    of_key: dict[tuple[str, str], list[_Gathered]] = {}
    twice: list[int] = []
    for place in places:
        code = table.parameters[place]
        layers = of_key.setdefault((table.participants[place], table.visits[place]), [])
        free = next((one for one in layers if code not in one.cells), None)
        if free is None:
            free = _Gathered()
            layers.append(free)
            twice += [place] if len(layers) > 1 else []
        elif free is not layers[0]:
            twice.append(place)
        free.places.append(place)
        free.cells[code] = place
    records = sorted((one for layers in of_key.values() for one in layers), key=lambda r: r.places)
    n_rows, n_records = count_of(len(places), "row"), count_of(len(records), "record")
    notes = [f"{n_rows} gathered to {n_records}, one per participant and visit."]
    if twice:
        rows = listed_rows(table.source.row_numbers[place] for place in twice)
        notes.append(
            f"{count_of(len(twice), 'value')} of a parameter that the visit has already "
            f"({rows}): each kept, in a record of its own."
        )
    return records, notes


def _arranged(
    table: LongTable, records: Sequence[_Gathered], kept: Sequence[str], lines: list[list[str]]
) -> Source:
    source, codes = table.source, list(table.options.parameters)
    numbers = dict(zip(source.header, source.column_numbers, strict=False))
    value = table.options.value if table.options.value in source.header else table.options.text
    row_of = source.row_numbers
    rows: list[tuple[str, ...]] = []
    cell_rows: dict[tuple[int, str], int] = {}
    fractions: set[tuple[int, str]] = set()
    for record, line in zip(records, lines, strict=True):
        first = row_of[record.places[0]]
        cells = {code: table.values[place] for code, place in record.cells.items()}
        rows.append((*line, *(cells.get(code, "") for code in codes)))
        cell_rows |= {(first, code): row_of[place] for code, place in record.cells.items()}
        fractions |= {
            (first, code)
            for code, place in record.cells.items()
            if (row_of[place], value) in source.fractions
        }
        fractions |= {(first, name) for name in kept if (first, name) in source.fractions}
    names = [*kept, *(value for _ in codes)]
    return replace(
        source,
        header=(*kept, *codes),
        rows=tuple(rows),
        row_numbers=tuple(row_of[record.places[0]] for record in records),
        overflow={},
        fractions=fractions,
        cell_rows=cell_rows,
        column_numbers=tuple(numbers.get(name, 0) for name in names) if numbers else (),
    )
