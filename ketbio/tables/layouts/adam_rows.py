"""The rows of a long table: which are read, what each holds, and what is odd about it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ketbio.errors import did_you_mean
from ketbio.tables.alike import folded_word
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.left_out_ratings import LeftOut
from ketbio.tables.layouts.options import AdamOptions
from ketbio.tables.phrases import listed_words, quoted
from ketbio.tables.records.arrange import trimmed
from ketbio.tables.rules.safety_gaps import score_of
from ketbio.wording import count_of


@dataclass(frozen=True, kw_only=True)
class LongTable:
    """A long table by its roles: every list has one word per row of the source.

    Attributes
    ----------
    source : Source
        The file.
    options : AdamOptions
        Which column holds what.
    items : mapping of str to str
        The parameters that are, or by their code seem to be, a safety item, and which.
    """

    source: Source
    options: AdamOptions
    items: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> list[str]:
        """Return the cells of a column, trimmed; empty ones where the file does not have it."""
        if name not in self.source.header:
            return [""] * len(self.source.rows)
        place = self.source.header.index(name)
        return [trimmed(row[place]) for row in self.source.rows]

    @cached_property
    def participants(self) -> list[str]:
        """Whose row it is."""
        return self.column(self.options.participant)

    @cached_property
    def visits(self) -> list[str]:
        """The visit, as written."""
        return self.column(self.options.visit)

    @cached_property
    def parameters(self) -> list[str]:
        """The code of the parameter."""
        return self.column(self.options.parameter)

    @cached_property
    def values(self) -> list[str]:
        """The value; what was written as text where there is no number, or it is below a limit.

        Where number and text contradict each other (an error) a safety item is the higher one.
        """
        numbers, texts = self.column(self.options.value), self.column(self.options.text)
        found = [
            text if text and (not number or text[0] in "<>") else number
            for number, text in zip(numbers, texts, strict=True)
        ]
        for place in self.contradictions:
            if self.parameters[place] in self.items:
                found[place] = max(
                    numbers[place], texts[place], key=lambda cell: score_of(cell) or 0
                )
        return found

    @cached_property
    def contradictions(self) -> list[int]:
        """The rows whose value as number and as text are two numbers."""
        numbers, texts = self.column(self.options.value), self.column(self.options.text)
        pairs = enumerate(zip(numbers, texts, strict=True))
        return [place for place, (number, text) in pairs if text and _is_other(number, text)]

    def left_out_ratings(self, read: Collection[int]) -> Iterator[LeftOut]:
        """Return the filled safety items of the rows that are not among those read."""
        seen = set(read)
        for place, code in enumerate(self.parameters):
            is_named = code in self.options.parameters or code in self.options.ignore_parameters
            if code in self.items and is_named and place not in seen and self.values[place]:
                yield LeftOut(
                    row=self.source.row_numbers[place],
                    column=self.options.value,
                    cell=self.values[place],
                    item=self.items[code],
                )


def _is_other(number: str, text: str) -> bool:
    """Return whether a text is another number: no rounding of it."""
    own, other = score_of(number.lstrip("-")), score_of(text.lstrip("-"))
    if own is None or other is None:
        return False
    decimals = len(text.replace(",", ".").partition(".")[2])
    half = 0.5 * 10.0**-decimals * (1 + 1e-9)
    return abs(own - other) > half or number.startswith("-") != text.startswith("-")


def contradictions_faults(table: LongTable, places: Sequence[int]) -> Iterator[Fault]:
    """Complain of values that are one number in their own column and another as text."""
    options, read = table.options, set(places)
    numbers, texts = table.column(options.value), table.column(options.text)
    for place in table.contradictions:
        if place in read:
            yield Fault(
                row=table.source.row_numbers[place],
                rule="two_values",
                column=options.value,
                value=numbers[place],
                message=f"{options.value} is {quoted(numbers[place])}, but {options.text} is "
                f"{quoted(texts[place])}; correct the one that is wrong.",
            )


def rows_read(table: LongTable) -> tuple[list[int], list[str]]:
    """Return the places of the rows that are read, and notes of those that are not.

    Parameters
    ----------
    table : LongTable
        The table.
    """
    options, left_out = table.options, Counter[str]()
    flags = {name: table.column(name) for name in options.only}
    imputed = table.column(options.imputed)
    ignored = set(options.ignore_parameters)
    places = []
    for place, code in enumerate(table.parameters):
        not_wanted = [n for n, cells in flags.items() if cells[place] != options.only[n]]
        if not_wanted:
            left_out[f"whose {not_wanted[0]} is not {options.only[not_wanted[0]]!r}"] += 1
        elif code in ignored:
            left_out[f"of the parameter {quoted(code)}"] += 1
        elif imputed[place] and options.imputed_rows == "leave_out":
            left_out[f"with {options.imputed} {quoted(imputed[place])}"] += 1
        elif code in options.parameters:
            places.append(place)
    notes = [f"{count_of(n, 'row')} {why} left out, as asked for." for why, n in left_out.items()]
    return places, [*notes, *_text_notes(table, places)]


def _text_notes(table: LongTable, places: Sequence[int]) -> Iterator[str]:
    numbers, texts = table.column(table.options.value), table.column(table.options.text)
    n = sum(1 for place in places if texts[place] and table.values[place] != numbers[place])
    if n:
        cells = count_of(n, "value")
        yield f"{cells} taken from {table.options.text}: no number, or one below a limit."


def unmapped_faults(table: LongTable) -> Iterator[Fault]:
    """Complain once of each parameter that the caller names nowhere."""
    options = table.options
    known = {*options.parameters, *options.ignore_parameters}
    counts = Counter(code for code in table.parameters if code not in known)
    for code, n in counts.items():
        row = table.source.row_numbers[table.parameters.index(code)]
        what = f"is {quoted(code)}, which parameters does not name" if code else "is empty"
        way_out = "Name it there, or under ignore_parameters" if code else "Fill it in"
        yield Fault(
            row=row,
            rule="unknown_parameter",
            column=options.parameter,
            value=code,
            message=f"{options.parameter} {what} ({count_of(n, 'row')})."
            f"{did_you_mean(code, options.parameters) if code else ''} {way_out}"
            f"{' to leave it out' if code else ', or delete the row'}.",
        )


def imputed_faults(table: LongTable, places: Sequence[int]) -> Iterator[Fault]:
    """Warn of the values that are marked as derived or imputed."""
    how = table.column(table.options.imputed)
    for place in places:
        if how[place]:
            yield Fault(
                row=table.source.row_numbers[place],
                rule="imputed_value",
                column=table.options.imputed,
                value=how[place],
                severity="warning",
                message=f"{table.parameters[place]} is marked as imputed or derived "
                f"({table.options.imputed} is {quoted(how[place])}); it counts as measured. Set "
                'imputed_rows = "leave_out" under adam if only what was observed shall be read.',
            )


def unit_faults(table: LongTable, places: Sequence[int], schema: TableSchema) -> Iterator[Fault]:
    """Complain of values whose unit is not that of the column that they feed."""
    units = table.column(table.options.unit)
    for place in places:
        ours = table.options.parameters[table.parameters[place]]
        spec = schema.columns.get(ours)
        if spec is None or not spec.unit or not units[place]:
            continue
        if folded_word(units[place]) != folded_word(spec.unit):
            other = [n for n, one in schema.columns.items() if one.unit == units[place]]
            hint = f"map it to {listed_words(other)}" if other else "convert it"
            yield Fault(
                row=table.source.row_numbers[place],
                rule="unit",
                column=table.options.unit,
                value=units[place],
                message=f"{table.options.unit} is {quoted(units[place])}, but {ours} is in "
                f"{spec.unit}; {hint}, or correct the unit.",
            )
