"""Numbers such as 24,123 whose mark may stand for decimals or for thousands: asked about.

Which mark a file is written with was found in whatever column. A number of another column is read
with it only where a neighbour in its own column shows that the mark is that of decimals there.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from ketbio.tables.files.decimals import is_sure_of
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import decimal_hint, quoted
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.cells import TypedColumn
from ketbio.tables.records.manner import MARKS


def without_unsure(
    typed: TypedColumn, name: str, records: Records, source: Source | None
) -> TypedColumn:
    """Return a column of numbers without those whose mark may stand for thousands.

    Parameters
    ----------
    typed : TypedColumn
        The column, read with the mark of the file.
    name : str
        Our name of it.
    records : Records
        The cells that it was read from.
    source : Source, optional
        Says how sure the mark is, and which cells the file holds as numbers.
    """
    if source is None or source.is_decimal_sure or str(typed.values.dtype) != "float64":
        return typed
    cells = list(records.cells[name]) if name in records.cells else []
    written = [i for i, cell in enumerate(cells) if source.decimal in cell]
    written = [i for i in written if not _is_native(name, i, records, source)]
    unsure = _unsure([cells[i] for i in written], source.decimal)
    said = {
        i: _two_ways(cells[i], source.decimal)
        for i in written
        if cells[i] in unsure and i not in typed.problems
    }
    if not said:
        return typed
    values = typed.values.copy()
    values.iloc[list(said)] = None
    return replace(
        typed,
        values=values,
        problems=typed.problems | said,
        limits={i: limit for i, limit in typed.limits.items() if i not in said},
        above={i: limit for i, limit in typed.above.items() if i not in said},
        shared=typed.shared | said,
    )


def _is_native(name: str, position: int, records: Records, source: Source) -> bool:
    place = int(records.rows[position]), records.incoming_name(name, position)
    return place in source.fractions


def _unsure(cells: Sequence[str], mark: str) -> Collection[str]:
    """Return the cells that tell nothing, none where another tells that the mark is of decimals."""
    told = {cell: is_sure_of(cell, mark) for cell in set(cells)}
    return () if True in told.values() else {cell for cell in told if told[cell] is False}


def _two_ways(cell: str, mark: str) -> str:
    return (
        f"is {quoted(cell)}, where the {MARKS[mark]} may stand for decimals or for thousands, and "
        f"no other number of the column says which; {decimal_hint(mark)} if it stands for "
        "decimals, or write it without if it stands for thousands."
    )
