"""A check in a notebook: the outcome, the counts by rule, the first complaints, the notes."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ketbio.notebook_parts import (
    MOST_ROWS,
    bullets,
    folded,
    html_table,
    lead,
    notebook_view,
    paragraph,
)
from ketbio.tables.complaints import NOT_DONE
from ketbio.wording import count_of

MOST_IN_NOTEBOOK = MOST_ROWS
"""How many complaints a notebook shows; the rest is counted."""
_FIRST = (NOT_DONE, "suggested")
_COLUMNS = ("severity", "row", "participant_id", "visit", "column", "value", "message")
_NUMBERS = ("row", "complaints", "rows")


def notebook_check(
    summary: str, counts: pd.DataFrame, complaints: pd.DataFrame, notes: Sequence[str]
) -> str:
    """Return a check as a piece of HTML for a notebook.

    Parameters
    ----------
    summary : str
        The outcome in one sentence.
    counts, complaints : DataFrame
        ``Check.counts_by_rule()`` and ``Check.complaints``, safety first.
    notes : sequence of str
        What was decided while reading.
    """
    parts = [lead(summary)]
    if len(complaints):
        first = complaints[list(_COLUMNS)].head(MOST_IN_NOTEBOOK)
        parts += [_table(counts, "Complaints by rule"), _table(first, "Complaints, safety first")]
    if (left := len(complaints) - MOST_IN_NOTEBOOK) > 0:
        more = count_of(left, "more complaint")
        parts.append(paragraph(f"… and {more}: check.complaints holds all.", is_faint=True))
    return notebook_view(*parts, *_notes(notes))


def differences_view(summary: str, found: pd.DataFrame, notes: Sequence[str]) -> str:
    """Return the differences of two deliveries as a piece of HTML for a notebook.

    Parameters
    ----------
    summary : str
        The differences in one sentence.
    found : DataFrame
        ``Differences.frame``.
    notes : sequence of str
        What a reader has to know.
    """
    parts = [lead(summary)]
    if len(found):
        parts.append(_table(found.head(MOST_IN_NOTEBOOK), "Differences, kind by kind"))
    if (left := len(found) - MOST_IN_NOTEBOOK) > 0:
        more = count_of(left, "more difference")
        parts.append(paragraph(f"… and {more}: frame holds all.", is_faint=True))
    return notebook_view(*parts, *_notes(notes))


def _notes(notes: Sequence[str]) -> Iterator[str]:
    """Yield the notes, folded but for those that say that nobody looked, or what to do next."""
    first = [note for note in notes if any(word in note for word in _FIRST)]
    yield from map(paragraph, first)
    others = [note for note in notes if note not in first]
    yield folded(count_of(len(others), "note"), bullets(others))


def _table(frame: pd.DataFrame, caption: str) -> str:
    columns = [str(name) for name in frame]
    rows = frame.itertuples(index=False, name=None)
    return html_table(caption, columns, rows, numbers=_NUMBERS)
