"""Endpoints → `Result`: one file per question."""

from ketbio.analyses.changes import correlate_changes
from ketbio.analyses.levels import summarise_levels
from ketbio.analyses.participants import summarise_participants
from ketbio.analyses.responders import compare_responders
from ketbio.analyses.response_rate import summarise_response
from ketbio.analyses.visits import compare_visits

__all__ = [
    "compare_responders",
    "compare_visits",
    "correlate_changes",
    "summarise_levels",
    "summarise_participants",
    "summarise_response",
]
