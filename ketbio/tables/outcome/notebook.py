"""A check in a notebook: the outcome, the counts by rule, the first complaints, the notes."""

from collections.abc import Iterator, Sequence
from html import escape

import pandas as pd

from ketbio.tables.complaints import NOT_DONE
from ketbio.tables.outcome.visible import visible
from ketbio.wording import count_of

MOST_IN_NOTEBOOK = 50
"""How many complaints a notebook shows; the rest is counted."""
_FIRST = (NOT_DONE, "suggested")
_COLUMNS = ("severity", "row", "participant_id", "visit", "column", "value", "message")


def notebook_view(
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
    parts = [f"<p><strong>{escape(visible(summary))}</strong></p>"]
    if len(complaints):
        first = complaints[list(_COLUMNS)].head(MOST_IN_NOTEBOOK)
        parts += [_table(counts, "Complaints by rule"), _table(first, "Complaints, safety first")]
    if (left := len(complaints) - MOST_IN_NOTEBOOK) > 0:
        more = count_of(left, "more complaint")
        parts.append(f"<p>… and {more}: <code>check.complaints</code> holds all.</p>")
    return "".join([*parts, *_notes(notes)])


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
    parts = [f"<p><strong>{escape(visible(summary))}</strong></p>"]
    if len(found):
        parts.append(_table(found.head(MOST_IN_NOTEBOOK), "Differences, kind by kind"))
    if (left := len(found) - MOST_IN_NOTEBOOK) > 0:
        more = count_of(left, "more difference")
        parts.append(f"<p>… and {more}: <code>frame</code> holds all.</p>")
    return "".join([*parts, *_notes(notes)])


def _notes(notes: Sequence[str]) -> Iterator[str]:
    """Yield the notes, folded but for those that say that nobody looked, or what to do next."""
    first = [note for note in notes if any(word in note for word in _FIRST)]
    yield from (f"<p>{escape(visible(note))}</p>" for note in first)
    others = [note for note in notes if note not in first]
    if others:
        items = "".join(f"<li>{escape(visible(note))}</li>" for note in others)
        yield f"<details><summary>{count_of(len(others), 'note')}</summary><ul>{items}</ul>"
        yield "</details>"


def _table(frame: pd.DataFrame, caption: str) -> str:
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in frame)
    lines = "".join(
        f"<tr>{''.join(_cell(value) for value in line)}</tr>"
        for line in frame.itertuples(index=False, name=None)
    )
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def _cell(value: object) -> str:
    # Notebooks align cells to the right, which leaves sentences ragged.
    return f'<td style="text-align: left">{escape(visible(str(value)))}</td>'
