"""One incoming column, looked at by its distinct cells: most are plain, and need no second look."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ketbio.tables.privacy.masks import is_masked

_MARK = "\x00"
# Short numbers and codes of letters and digits (P01, S01-003, G12): nothing personal is so short.
# One regular expression over the joined cells, as a column may hold millions.
_NOT_PLAIN = re.compile(
    r"(?:^|(?<=\x00))"
    r"(?![-+<>=]{0,2} ?[0-9]{0,7}(?:[.,][0-9]*)?(?:\x00|$)"
    r"|[A-Za-z]{0,4}[-_]?[0-9]{1,6}(?:\x00|$))"
    r"[^\x00]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The cells of one column.

    Attributes
    ----------
    cells : sequence of str
        As written.
    words : frozenset of str
        The filled ones, trimmed, each once.
    suspects : frozenset of str
        Those of the words that are worth a look.
    """

    cells: Sequence[str]
    words: frozenset[str]
    suspects: frozenset[str]

    def rows(self, chosen: Collection[str] | None = None) -> tuple[int, ...]:
        """Return the rows (0-based) of some words, of all by default."""
        wanted = self.words if chosen is None else frozenset(chosen)
        if not wanted:
            return ()
        return tuple(i for i, cell in enumerate(self.cells) if cell.strip() in wanted)


def column_of(cells: Sequence[str], missing: Collection[str]) -> Column:
    """Return a column; empty cells, words for missing values and masked cells are no words.

    Examples
    --------
    >>> column = column_of(["P01", " 1250.5", "NA", "555-555-0100"], ["NA"])
    >>> sorted(column.words), sorted(column.suspects), column.rows()
    (['1250.5', '555-555-0100', 'P01'], ['555-555-0100'], (0, 1, 3))
    """
    words = {cell.strip() for cell in set(cells)} - {"", *missing}
    suspects = {word for word in _NOT_PLAIN.findall(_MARK.join(words)) if word in words}
    masked = {word for word in suspects if is_masked(word)}
    return Column(
        cells=cells, words=frozenset(words - masked), suspects=frozenset(suspects - masked)
    )
