"""Values that could not be derived, or were derived with a remark: each named, with the reason."""

from collections.abc import Hashable
from typing import Any

from ketbio.report.markdown import Markdown, markdown_table
from ketbio.study import StudyRun
from ketbio.vocabulary import (
    CENSORED,
    MARKER,
    NOTE,
    PARTICIPANT_ID,
    REASON,
    REMARKABLE_NOTES,
    VISIT,
    marker_label,
)


def remarks_table(run: StudyRun) -> Markdown:
    """Return the table of values with a reason or a remark; empty where there is none.

    Parameters
    ----------
    run : StudyRun

    Returns
    -------
    Markdown
        One row per participant × visit × marker: prorated totals, lanes left out, replicates that
        differ, values beyond a limit, values that could not be had.
    """
    labels = {marker.name: marker.label for marker in run.study.markers}
    rows = [
        [row[PARTICIPANT_ID], row[VISIT], labels.get(row[MARKER], marker_label(row[MARKER])), text]
        for row in run.endpoints.to_dict("records")
        if (text := _remark(row))
    ]
    if not rows:
        return Markdown()
    return markdown_table(
        rows,
        headings=["Participant", "Visit", "Marker", "Remark"],
        caption="Values derived with a remark, or not at all",
        identifier="table-remarks",
        classes=("stub",),
    )


def _remark(row: dict[Hashable, Any]) -> str:
    if row[CENSORED] == "left":
        return f"{row[REASON]}: kept for rank tests, in no mean or change"
    if row[CENSORED]:
        return f"{row[REASON]}: left out of every analysis"
    if row[REASON]:
        return f"No value: {row[REASON]}"
    note = str(row[NOTE])
    return note if any(word in note for word in REMARKABLE_NOTES) else ""
