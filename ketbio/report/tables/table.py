"""The table that every renderer writes: columns under spanners, rows, footnotes by letter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from string import ascii_lowercase

import pandas as pd

from ketbio.errors import ReportError, unknown_word
from ketbio.report.markdown import printable
from ketbio.report.tables.html import table_html
from ketbio.wording import count_of

ALIGNMENTS = ("left", "right", "center")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell.

    Attributes
    ----------
    text : str
        What stands in it.
    notes : tuple of str
        Footnotes of this cell, in words; the table gives them their letters.
    rows : tuple of int
        Rows of ``tidy(results)``, from 1, that its numbers come from.
    """

    text: str = ""
    notes: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text))
        object.__setattr__(self, "notes", _texts(self.notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    Attributes
    ----------
    heading : str
    align : {"left", "right", "center"}
    spanner : str
        What stands above it and its neighbours with the same spanner; may be empty.
    notes : tuple of str
        Footnotes of the heading.
    """

    heading: str
    align: str = "left"
    spanner: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.align not in ALIGNMENTS:
            raise ReportError(unknown_word("a column's align", self.align, ALIGNMENTS))
        object.__setattr__(self, "heading", printable(self.heading))
        object.__setattr__(self, "spanner", printable(self.spanner))
        object.__setattr__(self, "notes", _texts(self.notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row.

    Attributes
    ----------
    cells : tuple of Cell
        One per column; the first is the row's heading.
    level : int
        How far the first cell is indented.
    is_heading : bool
        Whether it names the rows below it; its other cells are empty.
    """

    cells: tuple[Cell, ...]
    level: int = 0
    is_heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Neighbouring columns under one spanner.

    Attributes
    ----------
    text : str
        Empty over columns without a spanner, each of which stands alone.
    first, last : int
        Their places, from 0, both included.
    """

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is printed, whatever it is written to.

    Attributes
    ----------
    title : str
        The caption, without a number.
    columns : tuple of Column
    rows : tuple of Row
    notes : tuple of str
        What is said below of the whole table.
    name : str
        Short name for files and links: ``"participants"``; other letters than a to z and digits
        become hyphens.

    Examples
    --------
    >>> age = Row(cells=(Cell(text="Age, years"), Cell(text="15.2 (1.50)", notes=("1 missing.",))))
    >>> table = Table(title="Participants", columns=(Column(heading="Variable"),
    ...               Column(heading="All (n = 11)", align="right")), rows=(age,))
    >>> table.footnotes
    (('a', '1 missing.'),)
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    name: str = "table"

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", printable(self.title))
        object.__setattr__(self, "notes", _texts(self.notes))
        object.__setattr__(self, "name", short_name(self.name))
        if not self.columns:
            raise ReportError(f"The table {self.title!r} has no column; give it one at least.")
        for number, row in enumerate(self.rows, start=1):
            if len(row.cells) != len(self.columns):
                raise ReportError(
                    f"Row {number} of the table {self.title!r} has "
                    f"{count_of(len(row.cells), 'cell')}; it needs {len(self.columns)}, one for "
                    "each column."
                )

    @property
    def footnotes(self) -> tuple[tuple[str, str], ...]:
        """Letter and words of each footnote, in the order in which a reader meets them."""
        return tuple(zip(_letters(), dict.fromkeys(self._all_notes()), strict=False))

    @property
    def spans(self) -> tuple[Span, ...]:
        """The row of spanners; empty where no column has one."""
        if not any(column.spanner for column in self.columns):
            return ()
        spans: list[Span] = []
        for place, column in enumerate(self.columns):
            before = spans[-1] if spans else None
            if before is not None and column.spanner and before.text == column.spanner:
                spans[-1] = Span(text=before.text, first=before.first, last=place)
            else:
                spans.append(Span(text=column.spanner, first=place, last=place))
        return tuple(spans)

    def marks(self, notes: Sequence[str]) -> str:
        """Return the letters of footnotes, ``"a,b"``; empty where there are none."""
        letters = {words: letter for letter, words in self.footnotes}
        return ",".join(dict.fromkeys(letters[note] for note in notes))

    def frame(self) -> pd.DataFrame:
        """Return the cells as they are printed, one column per column, without footnotes."""
        headings = [full_heading(column) for column in self.columns]
        return pd.DataFrame(
            [[cell.text for cell in row.cells] for row in self.rows], columns=headings, dtype=str
        )

    def _all_notes(self) -> Iterator[str]:
        for column in self.columns:
            yield from column.notes
        for row in self.rows:
            for cell in row.cells:
                yield from cell.notes

    def _repr_html_(self) -> str:
        return table_html(self)


def full_heading(column: Column) -> str:
    """Return a heading with its spanner, for forms that have one row of headings.

    Parameters
    ----------
    column : Column

    Returns
    -------
    str

    Examples
    --------
    >>> full_heading(Column(heading="95% CI", spanner="Difference"))
    'Difference: 95% CI'
    """
    return f"{column.spanner}: {column.heading}" if column.spanner else column.heading


def short_name(words: str) -> str:
    """Return words as a name for files and links.

    Parameters
    ----------
    words : str

    Returns
    -------
    str
        At most 60 letters of a to z, digits and hyphens; ``"table"`` where none is left.

    Examples
    --------
    >>> short_name("Signalling, before & after")
    'signalling-before-after'
    """
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].strip("-") or "table"


def _texts(notes: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for note in notes if (text := printable(note)))


def _letters() -> Iterator[str]:
    """Count as tables do: a … z, aa, ab …."""
    for number in count():
        more, place = divmod(number, len(ascii_lowercase))
        yield (ascii_lowercase[more - 1] if more else "") + ascii_lowercase[place]
