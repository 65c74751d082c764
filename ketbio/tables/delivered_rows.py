"""One delivery of a table, ready to be held against another: its rows by key, its cells by column.

Beside the columns that the schema knows stand the others of the file, as they came.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ketbio.errors import FileError
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.outcome.check import Check
from ketbio.tables.phrases import cut, listed_rows, quoted
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER, is_masked
from ketbio.tables.records.amounts import read_amount, read_number
from ketbio.tables.records.header_units import stated_unit
from ketbio.tables.records.manner import Manner, manner_of
from ketbio.wording import count_of, join_words

Key = tuple[str, ...]
PAST_HEADER = "(cells past the header)"
_NUMBERS = ("number", "integer")
_EXACT_DIGITS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The records of one delivery.

    Attributes
    ----------
    check : Check
        Its check.
    written, values : mapping of str to sequence of str
        Column → the cell of each record as written, trimmed; and what is compared: recoded, words
        for missing values empty, numbers in one form.
    keys : tuple of tuple of str
        The key of each record.
    notes : tuple of str
        What a reader has to know.
    """

    check: Check
    written: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[str]]
    keys: tuple[Key, ...]
    notes: tuple[str, ...]

    def row(self, position: int, column: str = "") -> int:
        """Return the spreadsheet row of a record, or of one of its cells."""
        records = self.check.records
        if column in records.cells:
            return records.cell_row(column, position)
        return int(records.rows[position])

    def places(self) -> dict[Key, list[int]]:
        """Return each key with its records, in their order."""
        places: dict[Key, list[int]] = {}
        for position, key in enumerate(self.keys):
            places.setdefault(key, []).append(position)
        return places


def delivery_of(
    check: Check, keys: Sequence[str], schema: TableSchema, ignored: Collection[str], what: str
) -> Delivery:
    """Return the records of a check, to be held against another delivery.

    Parameters
    ----------
    check : Check
        Of the delivery.
    keys : sequence of str
        Columns that identify a row; one that the file lacks counts as empty.
    schema : TableSchema
        Says what is a number.
    ignored : collection of str
        Incoming columns that are not compared.
    what : str
        How messages call the delivery: ``"old"`` or ``"new"``.

    Raises
    ------
    FileError
        Its key holds direct identifiers, or a column that the key needs is not there.
    """
    written, cells, notes = _columns(check, ignored)
    for name in keys:
        if name not in cells and (name not in schema.columns or schema.columns[name].required):
            raise FileError(
                f"The {what} delivery ({_file(check)}) has no column {name!r}, which identifies a "
                "row; map it under columns, or name other keys."
            )
        if any(map(is_masked, cells.get(name, ()))):
            raise FileError(
                f"{name} of the {what} delivery ({_file(check)}) holds direct identifiers, so that "
                "its rows cannot be compared; replace them by codes first (ketbio pseudonymise)."
            )
    n = check.n_incoming
    columns = [cells.get(name) or [""] * n for name in keys]
    by = tuple(zip(*columns, strict=True)) if n else ()
    values = {name: _compared(cells[name], name, schema, check) for name in cells}
    notes += [*_hidden(check, what), *_twice(by, check, keys, what)]
    return Delivery(check=check, written=written, values=values, keys=by, notes=tuple(notes))


def _file(check: Check) -> str:
    return check.file or "a DataFrame"


def _columns(
    check: Check, ignored: Collection[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]], list[str]]:
    """Return the columns as written and as read: those of the schema, then the others."""
    records, source = check.records, check.source
    written = {
        str(name): [cell.strip() for cell in records.written[name]] for name in records.cells
    }
    cells = {str(name): list(records.cells[name]) for name in records.cells}
    if any(records.extra_cells):
        written[PAST_HEADER] = cells[PAST_HEADER] = list(records.extra_cells)
    if source is None:
        return written, cells, []
    fed = {*records.plan.feeds.values(), *ignored, *cells}
    others = [(i, name) for i, name in enumerate(source.header) if name not in fed and name]
    if not others:
        return written, cells, []
    rows = dict(zip(source.row_numbers, source.rows, strict=True))
    if any(records.made_for) or len(rows) < len(source.rows):
        listed = join_words(quoted(name) for _, name in others)
        return written, cells, [f"Not compared, as they feed nothing: {listed} of {_file(check)}."]
    for place, name in others:
        column = [rows[int(row)][place].strip() for row in records.rows]
        written[name] = cells[name] = column
    return written, cells, []


def _compared(cells: Sequence[str], name: str, schema: TableSchema, check: Check) -> list[str]:
    """Return the cells in the form in which equal values are equal texts."""
    spec = schema.columns.get(name)
    if spec is not None and spec.type not in _NUMBERS:
        return list(cells)
    manner = manner_of(decimal=check.source.decimal if check.source else ".")
    headers = [name] * len(cells)
    if spec is not None and name in check.records.cells:
        headers = [check.records.incoming_name(name, i) for i in range(len(cells))]
    keys = list(zip(cells, headers, strict=True))
    forms = {
        (word, header): _known_form(word, header, spec, manner)
        if spec is not None
        else _number_form(word, manner.decimal)
        for word, header in set(keys)
    }
    return [forms[key] for key in keys]


def _known_form(word: str, header: str, spec: ColumnSpec, manner: Manner) -> str:
    """Return a number of a known column in its unit: 24.1 under another unit is another level."""
    if not word or _has_more_digits(word):
        return word
    read = read_amount(word, spec, manner, header_unit=stated_unit(header, spec))
    if read.value is not None:
        return repr(read.value + 0.0)
    is_limit = read.limit is not None and math.isfinite(read.limit)
    return f"{read.side} {read.limit!r}" if is_limit else word


def _number_form(word: str, decimal: str) -> str:
    # 007 of a column that nobody knows may be a code.
    if re.match(r"[-+]?0[0-9]", word) or _has_more_digits(word):
        return word
    number = read_number(word, decimal=decimal)
    return word if number is None else repr(number + 0.0)


def _has_more_digits(word: str) -> bool:
    """Hold where a word has more digits than a number can keep."""
    return sum(map(str.isdigit, word)) > _EXACT_DIGITS


def folded_units(delivery: Delivery, other: Delivery, schema: TableSchema) -> Delivery:
    """Return a delivery with the levels under the column that they are converted to.

    Only for a column that the other delivery lacks: what was delivered in ng/mL once and in pg/mL
    now is compared in one unit.

    Parameters
    ----------
    delivery, other : Delivery
        The delivery, and the one that it is held against.
    schema : TableSchema
        Says which column is converted to which, and by what.
    """
    written, values = dict(delivery.written), dict(delivery.values)
    for name in delivery.values:
        spec = schema.columns.get(name)
        if spec is None or not spec.converted_to or name in other.values:
            continue
        target = spec.converted_to
        empty = [""] * len(values[name])
        pairs = list(zip(written.get(target, empty), written[name], strict=True))
        own = values.get(target, empty)
        values[target] = [
            mine or _in_target(text, spec.factor)
            for mine, text in zip(own, delivery.values[name], strict=True)
        ]
        written[target] = [mine or (text and f"{text} {spec.unit}") for mine, text in pairs]
    return replace(delivery, written=written, values=values)


def _in_target(form: str, factor: float) -> str:
    side, _, number = form.rpartition(" ")
    value = read_number(number)
    return form if value is None else f"{side} {value / factor!r}".strip()


def _hidden(check: Check, what: str) -> list[str]:
    """Say which columns are masked: a change in them cannot be seen."""
    columns = {one.column for one in check.found if one.rule == DIRECT_IDENTIFIER and one.column}
    if not columns:
        return []
    listed = join_words(quoted(name) for name in sorted(columns))
    return [
        f"The {what} delivery ({_file(check)}) holds direct identifiers in {listed}: their cells "
        "are neither shown nor compared."
    ]


def _twice(by: Sequence[Key], check: Check, keys: Sequence[str], what: str) -> list[str]:
    said = []
    places = Counter(by)
    twice = [key for key, n in places.items() if n > 1 and any(key)]
    if twice:
        first = twice[0]
        named = ", ".join(
            f"{name} {quoted(cut(word))}" for name, word in zip(keys, first, strict=True)
        )
        rows = [int(check.records.rows[i]) for i, key in enumerate(by) if key == first]
        said.append(
            f"{count_of(len(twice), 'key')} of the {what} delivery ({_file(check)}) "
            f"{'stands' if len(twice) == 1 else 'stand'} more than once, the first "
            f"({named}) in {listed_rows(rows)}."
        )
    return said
