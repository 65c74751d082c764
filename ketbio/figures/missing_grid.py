"""What a grid of missing visits shows: a row per participant, or per pattern if they are many."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ketbio.figures.families import fitted_lines
from ketbio.figures.labels import id_label, spoken
from ketbio.figures.parts import columns_of
from ketbio.figures.style import Style
from ketbio.figures.wrapping import text_width
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

PARTICIPANTS_AT_MOST = 40
"""Up to here every participant has a row: in a small trial each is known by the code."""
PATTERNS_AT_MOST = 30
"""Patterns beyond the most frequent are counted in one last row."""
ARMS_AT_MOST = 4
"""Beyond, the counts of a pattern per arm are left to the figure's data."""
COLUMNS = (PARTICIPANT_ID, "group", VISIT, "state", "pattern", "kind")
KINDS = ("complete", "drop-out", "intermittent", "never measured")
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One row of the grid.

    Attributes
    ----------
    label : str
        Left of it.
    states : tuple of str
        Of each visit; empty for a heading.
    cells : tuple of str
        Right of it, one per column of words.
    at : float
        Where on the axis, downwards.
    """

    label: str
    states: tuple[str, ...]
    cells: tuple[str, ...]
    at: float = 0.0

    @property
    def is_heading(self) -> bool:
        """Whether it only names the rows below."""
        return not self.states


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A grid of visits.

    Attributes
    ----------
    rows : tuple of GridRow
    visits : tuple of str
    columns : tuple of str
        Headings of the columns of words.
    there : tuple of str
        How many are there at each visit, per group: one line each.
    groups : str
        What these lines are called.
    of_participants : bool
        Whether a row is a participant.
    n_left_out : int
        Participants of patterns that are not drawn one by one.
    """

    rows: tuple[GridRow, ...]
    visits: tuple[str, ...]
    columns: tuple[str, ...]
    there: tuple[str, ...]
    groups: str
    of_participants: bool
    n_left_out: int = 0

    @property
    def bottom(self) -> float:
        """End of the axis of the rows."""
        return self.rows[-1].at + 1.0

    def label_width(self, style: Style) -> float:
        """Return the room of the labels, in points."""
        labels = [row.label for row in self.rows if not row.is_heading]
        labels += self.groups.split("\n")
        return max(text_width(label, size_pt=style.small_pt) for label in labels) + 8.0

    def column_widths(self, style: Style) -> tuple[float, ...]:
        """Return the room of each column of words, in points."""
        widths = []
        for place, heading in enumerate(self.columns):
            words = [heading, *(row.cells[place] for row in self.rows if row.cells)]
            widest = max(text_width(word, size_pt=style.small_pt) for word in words)
            widths.append(widest + 10.0)
        return tuple(widths)


def missing_grid(result: Result, *, label_pt: float, style: Style) -> Grid:
    """Return the grid of a result of `describe_missing_visits`."""
    data = columns_of(result, COLUMNS)
    visits = tuple(dict.fromkeys(data[VISIT].astype("str")))
    people = data.drop_duplicates(PARTICIPANT_ID)
    states = {
        str(one): tuple(part["state"].astype("str"))
        for one, part in data.groupby(PARTICIPANT_ID, sort=False)
    }
    groups = sorted(set(people["group"].astype("str")))
    columns: tuple[str, ...]
    if len(people) <= PARTICIPANTS_AT_MOST:
        rows, columns, left_out = _of_participants(people, states, groups), (), 0
    else:
        shown = groups if len(groups) <= ARMS_AT_MOST else []
        rows, left_out = _of_patterns(people, shown)
        columns = ("", *(_heading(group, label_pt, style) for group in shown))
    rows = [_fitted(row, label_pt, style) for row in rows]
    return Grid(
        rows=tuple(_placed(rows)),
        visits=visits,
        columns=columns,
        there=_there(data, visits, groups),
        groups="\n".join(_group_words(group, label_pt, style) for group in groups),
        of_participants=len(people) <= PARTICIPANTS_AT_MOST,
        n_left_out=left_out,
    )


def _heading(group: str, label_pt: float, style: Style) -> str:
    words = "n" if group == ALL else spoken(group)
    return fitted_lines(words, width_pt=label_pt / 2, size_pt=style.small_pt, lines=1)


def _group_words(group: str, width_pt: float, style: Style) -> str:
    words = "n" if group == ALL else f"{spoken(group)}, n"
    return fitted_lines(words, width_pt=width_pt, size_pt=style.small_pt, lines=1)


def _of_participants(
    people: pd.DataFrame, states: dict[str, tuple[str, ...]], groups: Sequence[str]
) -> list[GridRow]:
    """Return a row per participant: by arm, the complete first, then by when they left."""
    rows = []
    for group in groups:
        own = people[people["group"] == group]
        if groups != [ALL]:
            rows.append(GridRow(label=f"{spoken(group)} (n = {len(own)})", states=(), cells=()))
        order = sorted(
            (KINDS.index(str(kind)), _descending(str(pattern)), str(code))
            for kind, pattern, code in zip(
                own["kind"], own["pattern"], own[PARTICIPANT_ID], strict=True
            )
        )
        for _, _, code in order:
            rows.append(GridRow(label=id_label(code), states=states[code], cells=()))
    return rows


def _descending(pattern: str) -> str:
    return pattern.translate(str.maketrans("01", "10"))


def _of_patterns(people: pd.DataFrame, groups: Sequence[str]) -> tuple[list[GridRow], int]:
    """Return a row per pattern, the most frequent first, with its count per arm."""
    counts = (
        people.groupby(["pattern", "kind"], sort=True)
        .size()
        .sort_values(ascending=False, kind="stable")
    )
    rows = []
    shown = counts.index[:PATTERNS_AT_MOST]
    for pattern, kind in shown:
        own = people[people["pattern"] == pattern]
        per_group = tuple(f"{int((own['group'] == group).sum()):,}" for group in groups)
        states = tuple("measured" if mark == "1" else "missing" for mark in str(pattern))
        rows.append(GridRow(label=f"{len(own):,}", states=states, cells=(str(kind), *per_group)))
    return rows, int(counts.iloc[PATTERNS_AT_MOST:].sum())


def _fitted(row: GridRow, width_pt: float, style: Style) -> GridRow:
    if row.is_heading:
        return row  # it may reach over the cells
    label = fitted_lines(row.label, width_pt=width_pt, size_pt=style.small_pt, lines=1)
    return GridRow(label=label, states=row.states, cells=row.cells)


def _placed(rows: Sequence[GridRow]) -> list[GridRow]:
    """Return the rows below each other, a heading with some room above it."""
    made, at = [], 0.0
    for place, row in enumerate(rows):
        at += 0.5 if row.is_heading and place else 0.0
        made.append(GridRow(label=row.label, states=row.states, cells=row.cells, at=at))
        at += 1.0
    return made


def _there(data: pd.DataFrame, visits: Sequence[str], groups: Sequence[str]) -> tuple[str, ...]:
    """Return how many are there at each visit, the arms in their order."""
    told = []
    for visit in visits:
        here = data[(data[VISIT] == visit) & (data["state"] != "missing")]
        told.append("\n".join(f"{int((here['group'] == group).sum()):,}" for group in groups))
    return tuple(told)
