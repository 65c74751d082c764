"""The part of a report that tells what came in, what was accepted and what was not."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ketbio.report.markdown import Markdown, markdown_table
from ketbio.tables import SEVERITIES, Check
from ketbio.wording import count_of, join_words

MOST_COMPLAINTS = 500
"""Most complaints listed in a report; what is left out is counted in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChecks:
    """What the report says of the incoming tables.

    Attributes
    ----------
    sentence : str
        The outcome in one sentence.
    safety : tuple of str
        The messages of the safety complaints, with their place; shown first.
    tables : Markdown
        One line per table: rows incoming, accepted, rejected; complaints by severity.
    complaints : Markdown
        The complaints, safety first; empty where there are none.
    left_out : str
        How many complaints the table above leaves out; empty where none.
    notes : tuple of str
        What was understood on the way in (encoding, units converted …), with the table's name.
    """

    sentence: str
    safety: tuple[str, ...]
    tables: Markdown
    complaints: Markdown
    left_out: str
    notes: tuple[str, ...]


def describe_checks(checks: Sequence[Check]) -> DataChecks:
    """Return what the report says of the checks.

    Parameters
    ----------
    checks : sequence of Check
        One per incoming table.

    Returns
    -------
    DataChecks

    Examples
    --------
    >>> describe_checks([]).sentence
    'No incoming table was checked.'
    """
    complaints = _in_order(checks)
    listed = complaints.head(MOST_COMPLAINTS)
    hidden = len(complaints) - len(listed)
    return DataChecks(
        sentence=_sentence(checks, complaints),
        safety=tuple(
            f"{row['table']}, row {row['row']}: {row['message']}"
            for _, row in complaints.loc[complaints["severity"] == "safety"].iterrows()
        ),
        tables=_table_of_tables(checks),
        complaints=_table_of_complaints(listed) if len(listed) else Markdown(),
        left_out=f"{count_of(hidden, 'further complaint')} not listed here." if hidden else "",
        notes=tuple(f"{check.table}: {note}" for check in checks for note in check.notes),
    )


def _in_order(checks: Sequence[Check]) -> pd.DataFrame:
    tables = [check.complaints for check in checks if len(check.complaints)]
    if not tables:
        return pd.DataFrame(columns=["severity", "message"])
    complaints = pd.concat(tables, ignore_index=True)
    rank = complaints["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    return complaints.loc[rank.sort_values(kind="stable").index].reset_index(drop=True)


def _sentence(checks: Sequence[Check], complaints: pd.DataFrame) -> str:
    if not checks:
        return "No incoming table was checked."
    incoming = sum(check.n_incoming for check in checks)
    rejected = sum(len(check.rejected) for check in checks)
    counts = complaints["severity"].value_counts()
    named = [f"{int(counts[word]):,} of severity {word}" for word in SEVERITIES if word in counts]
    said = f"There were complaints: {join_words(named)}." if named else "There were no complaints."
    return (
        f"{count_of(incoming, 'row')} came in with {count_of(len(checks), 'table')}; "
        f"{incoming - rejected:,} were accepted and {rejected:,} rejected. {said}"
    )


def _table_of_tables(checks: Sequence[Check]) -> Markdown:
    rows = [
        [
            check.table,
            f"{check.file} ({check.sheet})" if check.sheet else str(check.file),
            f"{check.n_incoming:,}",
            f"{len(check.accepted):,}",
            f"{len(check.rejected):,}",
            *(f"{check.counts()[word]:,}" for word in SEVERITIES),
        ]
        for check in checks
    ]
    counts = ["Incoming rows", "Accepted", "Rejected", "Safety", "Errors", "Warnings"]
    return markdown_table(
        rows,
        headings=["Table", "File", *counts],
        right=counts,
        caption="Incoming tables: every incoming row is either accepted or rejected; "
        "safety, errors and warnings count complaints",
        identifier="table-checks",
        classes=("stub",),
    )


def _table_of_complaints(complaints: pd.DataFrame) -> Markdown:
    rows = [
        [
            row["severity"],
            f"{row['table']}, row {row['row']}",
            *(row[name] for name in ("participant_id", "visit", "column", "value", "message")),
        ]
        for _, row in complaints.iterrows()
    ]
    return markdown_table(
        rows,
        headings=["Severity", "Place", "Participant", "Visit", "Column", "Value", "Message"],
        caption="Complaints, safety first; rows are numbered as in the spreadsheet, header = 1",
        identifier="table-complaints",
        classes=("stub", "long"),
    )
