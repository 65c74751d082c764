"""Whether a large table holds direct identifiers: asked once, of each column's distinct words."""

from collections.abc import Collection, Sequence

from ketbio.tables.batches.batch import Incoming, Lines
from ketbio.tables.batches.cells import Screen
from ketbio.tables.batches.numbers import Numbers
from ketbio.tables.batches.words import Words
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.privacy.columns import column_of
from ketbio.tables.privacy.screening import screened_source
from ketbio.tables.records.columns import Wish
from ketbio.tables.rules.wrong_layout import SEARCHED_ROWS

_PLAIN_BESIDE = 3
"""How many plain words stand for each other one: shares of a half and more stay as they are."""


def holds_identifiers(
    incoming: Incoming, screen: Screen, contract: TableSchema, wish: Wish
) -> bool:
    """Return whether the in-memory road would stop at a direct identifier.

    The words that may be one are then looked at wherever they stand.
    """
    chosen = {
        place: _worth_a_look(column, wish.missing) for place, column in screen.columns.items()
    }
    longest = max(map(len, chosen.values()), default=0)
    if not longest:
        return False
    width = len(incoming.header)
    # Rows of nothing first: words that stand in one row here need not do so in the file.
    cells = [["0"] * width for _ in range(SEARCHED_ROWS)]
    for i in range(longest):
        line = [""] * width
        for place, words in chosen.items():
            line[place] = words[i] if i < len(words) else ""
        cells.append(line)
    first = incoming.header_row + 1
    source = incoming.excerpt(Lines(rows=range(first, first + len(cells)), cells=cells))
    found = bool(screened_source(source, contract, wish)[1])
    for place, column in screen.columns.items():
        if found:
            column.doubt(chosen[place])
    return found


def _worth_a_look(words: Words | Numbers, missing: Collection[str]) -> Sequence[str]:
    if not column_of(tuple(words.unusual), missing).suspects:
        return ()
    column = column_of(tuple(words.written), missing)
    plain = sorted(column.words - column.suspects)[: _PLAIN_BESIDE * len(column.suspects) + 10]
    return [*sorted(column.suspects), *plain]
