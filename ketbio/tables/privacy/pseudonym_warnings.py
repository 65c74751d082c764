"""What is left to look at in a table whose ids were replaced: told by place, never by value."""

import re
from collections.abc import Iterator, Sequence

from ketbio.tables.alike import folded_code
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import listed_rows, quoted
from ketbio.tables.privacy.codes import PREFIX
from ketbio.tables.privacy.left_over import Left, left_warnings
from ketbio.tables.privacy.masks import is_masked
from ketbio.tables.summary_words import is_summary
from ketbio.wording import capitalised

_CODE = re.compile(rf"{PREFIX}[0-9A-HJKMNP-TV-Z]{{12}}")


def warnings_of(source: Source, chosen: Sequence[int], left: Sequence[Left]) -> Iterator[str]:
    """Warn of what pseudonymising did not, or should not, touch.

    Parameters
    ----------
    source : Source
        What came in.
    chosen : sequence of int
        Places of the columns of ids.
    left : sequence of Left
        What is left of persons, and allowed by the caller.
    """
    yield from _spelt_apart(source, chosen)
    yield from _no_ids(source, chosen)
    yield from _no_records(source, chosen)
    yield from left_warnings(source, left)
    for fault in source.faults:
        yield f"Row {fault.row} was not read as it stands ({fault.rule}); check the file first."


def _no_records(source: Source, chosen: Sequence[int]) -> Iterator[str]:
    """Warn of summaries and notes under a table, whose first words became codes."""
    rows = zip(source.row_numbers, source.rows, strict=True)
    filled = [(number, [cell.strip() for cell in cells]) for number, cells in rows]
    found = [
        number
        for number, cells in filled
        if any(is_summary(cells[place]) for place in chosen)
        or (len(cells) > 1 and sum(map(bool, cells)) == 1 and any(" " in cells[i] for i in chosen))
    ]
    if found:
        yield (
            f"{capitalised(listed_rows(found))} may be a summary of the table or a note "
            "under it, whose words became codes; take such rows out first."
        )


def _spelt_apart(source: Source, chosen: Sequence[int]) -> Iterator[str]:
    first: dict[str, dict[str, int]] = {}
    for number, cells in zip(source.row_numbers, source.rows, strict=True):
        for place in chosen:
            if word := cells[place].strip():
                first.setdefault(folded_code(word), {}).setdefault(word, number)
    for spellings in first.values():
        if len(spellings) > 1:
            yield (
                f"Ids that differ only in case, blanks, hyphens or leading zeros got a code each: "
                f"{listed_rows(spellings.values())}. Write them alike if they are one person's."
            )


def _no_ids(source: Source, chosen: Sequence[int]) -> Iterator[str]:
    for place in chosen:
        shown = quoted(source.header[place])
        words = [
            (number, cells[place].strip())
            for number, cells in zip(source.row_numbers, source.rows, strict=True)
        ]
        masked = [number for number, word in words if is_masked(word)]
        coded = [number for number, word in words if _CODE.fullmatch(word)]
        numbers = [n for n, _ in words if (n, source.header[place]) in source.fractions]
        if masked:
            yield f"Column {shown} holds masks and no ids in {listed_rows(masked)}."
        if coded:
            yield f"Column {shown} holds codes made before in {listed_rows(coded)}."
        if numbers:
            yield (
                f"Column {shown} holds numbers with decimals in {listed_rows(numbers)}, which may "
                "have lost a digit (1.10 becomes 1.1)."
            )
