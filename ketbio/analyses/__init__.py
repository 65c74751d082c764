"""Endpoints → `Result`: one file per question."""

from ketbio.analyses.baseline_dependence import correlate_baseline_change
from ketbio.analyses.changes import correlate_changes
from ketbio.analyses.course import summarise_course
from ketbio.analyses.crossover import compare_crossover
from ketbio.analyses.imputed import compare_imputed
from ketbio.analyses.levels import summarise_levels
from ketbio.analyses.longitudinal import fit_mmrm
from ketbio.analyses.marker_pairs import correlate_markers
from ketbio.analyses.missing_visits import describe_missing_visits
from ketbio.analyses.participants import summarise_participants
from ketbio.analyses.repeated_correlations import correlate_repeated
from ketbio.analyses.repeated_markers import fit_random_effects
from ketbio.analyses.responders import compare_responders
from ketbio.analyses.response_rate import summarise_response
from ketbio.analyses.response_rates import compare_response_rates
from ketbio.analyses.time_to_response import describe_time_to_response
from ketbio.analyses.visits import compare_visits

__all__ = [
    "compare_crossover",
    "compare_imputed",
    "compare_responders",
    "compare_response_rates",
    "compare_visits",
    "correlate_baseline_change",
    "correlate_changes",
    "correlate_markers",
    "correlate_repeated",
    "describe_missing_visits",
    "describe_time_to_response",
    "fit_mmrm",
    "fit_random_effects",
    "summarise_course",
    "summarise_levels",
    "summarise_participants",
    "summarise_response",
]
