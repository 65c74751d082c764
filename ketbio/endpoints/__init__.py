"""Validated tables → tidy endpoints, one derivation per file."""

from ketbio.endpoints.band_blocks import derive_gel_blocks
from ketbio.endpoints.band_ratio import derive_band_ratio
from ketbio.endpoints.change import CHANGE_COLUMNS, derive_change
from ketbio.endpoints.column import derive_column
from ketbio.endpoints.concentration import derive_concentration
from ketbio.endpoints.event_times import EVENT_TIME_COLUMNS, derive_event_times
from ketbio.endpoints.flow import FLOW_COLUMNS, derive_flow
from ketbio.endpoints.per_participant import derive_per_participant
from ketbio.endpoints.periods import CrossoverPeriods, derive_periods
from ketbio.endpoints.response import RESPONSE_COLUMNS, derive_response
from ketbio.endpoints.safety import SAFETY_COLUMNS, derive_safety_flags
from ketbio.endpoints.scale_total import derive_scale_total

__all__ = [
    "CHANGE_COLUMNS",
    "EVENT_TIME_COLUMNS",
    "FLOW_COLUMNS",
    "RESPONSE_COLUMNS",
    "SAFETY_COLUMNS",
    "CrossoverPeriods",
    "derive_band_ratio",
    "derive_change",
    "derive_column",
    "derive_concentration",
    "derive_event_times",
    "derive_flow",
    "derive_gel_blocks",
    "derive_per_participant",
    "derive_periods",
    "derive_response",
    "derive_safety_flags",
    "derive_scale_total",
]
