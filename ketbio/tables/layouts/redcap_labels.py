"""Codes of a REDCap export read as the labels of its data dictionary; checkboxes as one column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.options import RedcapOptions
from ketbio.tables.layouts.redcap_cells import fed_columns
from ketbio.tables.layouts.redcap_columns import ExportColumns
from ketbio.tables.layouts.redcap_dictionary import CHOICE_KINDS, Field
from ketbio.tables.layouts.redcap_rows import TICKED
from ketbio.tables.phrases import cut
from ketbio.tables.records.arrange import trimmed
from ketbio.tables.records.columns import Wish
from ketbio.wording import join_words


def labelled_values(
    columns: ExportColumns, schema: TableSchema, options: RedcapOptions, wish: Wish
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return how codes are read as labels (and labels as numbers), and notes that say so.

    Parameters
    ----------
    columns : ExportColumns
        What the columns are.
    schema : TableSchema
        Columns of text take labels; columns of numbers take codes.
    options : RedcapOptions
        What the cells hold.
    wish : Wish
        The caller's own recodes win, word by word.

    Returns
    -------
    (dict, list of str)
        Column of ours → as written → ours; the notes.
    """
    values: dict[str, dict[str, str]] = {name: dict(own) for name, own in wish.values.items()}
    alike: dict[str, list[str]] = {}
    for column in columns.used:
        one = columns.fields[column]
        for name in fed_columns(column, schema, wish):
            made = _recodes(one, column, name, schema, options)
            values[name] = {**made, **values.get(name, {})}
            if one.kind in CHOICE_KINDS and made and options.export == "raw":
                shown = {word: ours for word, ours in values[name].items() if word in one.choices}
                listed = ", ".join(f"{word} = {ours}" for word, ours in shown.items())
                whose = "study file and the dictionary" if wish.values.get(name) else "dictionary"
                alike.setdefault(f"read by the {whose}: {cut(listed, 200)}.", []).append(column)
    notes = [f"Codes of {join_words(names)} {what}" for what, names in alike.items()]
    notes += _box_notes(columns)
    return {name: made for name, made in values.items() if made}, notes


def _recodes(
    one: Field, column: str, ours: str, schema: TableSchema, options: RedcapOptions
) -> dict[str, str]:
    spec = schema.columns.get(ours)
    is_text = spec.type == "text" if spec else schema.extra_columns == "covariates"
    if one.kind == "checkbox":
        if not is_text and spec is None:
            return {"Checked": "1", "Unchecked": "0"}
        ticks = {"1": "true", "0": "false", "Checked": "true", "Unchecked": "false"}
        return ticks if column in one.boxes else {}
    if one.kind not in CHOICE_KINDS:
        return {}
    if not is_text:
        back = {label: code for code, label in one.choices.items()}
        return back if options.export == "labels" and not set(back) & set(one.choices) else {}
    words = {word.casefold(): word for word in spec.allowed} if spec else {}
    as_ours = {label: words.get(label.casefold(), label) for label in one.choices.values()}
    by_code = {code: as_ours[label] for code, label in one.choices.items()}
    # A word that is a code of one choice and the label of another is read as the export says.
    return {**by_code, **as_ours} if options.export == "labels" else {**as_ours, **by_code}


def _box_notes(columns: ExportColumns) -> Iterator[str]:
    fields = {columns.fields[name].name: columns.fields[name] for name in columns.used}
    for one in fields.values():
        if one.kind == "checkbox":
            listed = ", ".join(f"{box} = {one.choices[code]}" for box, code in one.boxes.items())
            yield f"Checkbox {one.name}: {cut(listed, 300)}."


def mixed_faults(source: Source, columns: ExportColumns, options: RedcapOptions) -> Iterator[Fault]:
    """Warn once of each column that holds labels where codes are said to stand, or the reverse."""
    for column in columns.used:
        one = columns.fields[column]
        if one.kind not in CHOICE_KINDS:
            continue
        codes, labels = set(one.choices), set(one.choices.values())
        strange = labels - codes if options.export == "raw" else codes - labels
        place = source.header.index(column)
        pairs = zip(source.row_numbers, source.rows, strict=True)
        rows = [row for row, cells in pairs if trimmed(cells[place]) in strange]
        if rows:
            other = {"raw": "labels", "labels": "raw"}[options.export]
            what = {"raw": "labels", "labels": "codes"}[options.export]
            yield Fault(
                row=source.header_row,
                rule="redcap_export",
                column=column,
                severity="warning",
                message=f"{column} holds {what} (first in row {rows[0]}), though export is "
                f"{options.export!r}; they were read as such. Is the export of the kind {other!r}?",
            )


def combined_checkboxes(source: Source, columns: ExportColumns) -> tuple[Source, list[str]]:
    """Return the source with one column of the ticked labels in the place of each checkbox."""
    fields = {columns.fields[name].name: columns.fields[name] for name in columns.used}
    boxes = {one.name: one.boxes for one in fields.values() if one.kind == "checkbox"}
    header, rows, notes = list(source.header), [list(row) for row in source.rows], []
    for name, own in boxes.items():
        there = {box: code for box, code in own.items() if box in header}
        places = [header.index(box) for box in there]
        labels = [fields[name].choices[code] for code in there.values()]
        first = min(places)
        for row in rows:
            ticks = zip(places, labels, strict=True)
            told = [label for place, label in ticks if row[place].strip().casefold() in TICKED]
            row[first] = "; ".join(told)
        gone = set(places) - {first}
        header[first] = name
        header = [one for i, one in enumerate(header) if i not in gone]
        rows = [[cell for i, cell in enumerate(row) if i not in gone] for row in rows]
        notes.append(f"{name} holds the labels ticked in {join_words(there)}; empty for none.")
    return _with_cells(source, header, rows), notes


def _with_cells(source: Source, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Source:
    numbers: Mapping[str, int] = dict(zip(source.header, source.column_numbers, strict=False))
    return replace(
        source,
        header=tuple(header),
        rows=tuple(map(tuple, rows)),
        column_numbers=tuple(numbers.get(name, 0) for name in header) if numbers else (),
    )
