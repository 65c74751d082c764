"""A check in a notebook: the outcome, the counts by rule, the first complaints, the notes."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from ketbio.tables.outcome.visible import visible
from ketbio.wording import count_of

MOST_IN_NOTEBOOK = 50
"""How many complaints a notebook shows; the rest is counted."""
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
    if notes:
        items = "".join(f"<li>{escape(visible(note))}</li>" for note in notes)
        parts.append(f"<details><summary>{count_of(len(notes), 'note')}</summary><ul>{items}</ul>")
        parts.append("</details>")
    return "".join(parts)


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
