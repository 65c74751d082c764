"""Endpoints → `Result`: one file per question."""

from ketbio.analyses.baseline_dependence import correlate_baseline_change
from ketbio.analyses.changes import correlate_changes
from ketbio.analyses.course import summarise_course
from ketbio.analyses.levels import summarise_levels
from ketbio.analyses.marker_pairs import correlate_markers
from ketbio.analyses.participants import summarise_participants
from ketbio.analyses.responders import compare_responders
from ketbio.analyses.response_rate import summarise_response
from ketbio.analyses.visits import compare_visits

__all__ = [
    "compare_responders",
    "compare_visits",
    "correlate_baseline_change",
    "correlate_changes",
    "correlate_markers",
    "summarise_course",
    "summarise_levels",
    "summarise_participants",
    "summarise_response",
]
