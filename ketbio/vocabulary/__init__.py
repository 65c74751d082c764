"""The words of the field: columns, visit roles, units, scales and markers, each with its source.

Everything here is data. A threshold or a label that a figure, a rule or a sentence uses is read
from here and written nowhere else.
"""

from ketbio.vocabulary.columns import (
    CENSORED,
    ENDPOINT_COLUMNS,
    EXCLUDED_COLUMNS,
    LIMIT,
    MARKER,
    NON_RESPONDER,
    NOTE,
    PARTICIPANT_ID,
    PARTICIPANT_VARIABLES,
    REASON,
    REMARKABLE_NOTES,
    RESPONDER,
    SCALE,
    UNIT,
    VALUE,
    VISIT,
)
from ketbio.vocabulary.marker_records import (
    Marker,
)
from ketbio.vocabulary.markers import (
    MARKERS,
    marker_label,
)
from ketbio.vocabulary.scales import (
    ALL_SCALES,
    MADRS_ITEMS,
    MAX_PRORATED_ITEMS,
    SAFETY_SCALES,
    SCALE_OF_TABLE,
    SCALES,
    SUICIDALITY_ALERT_AT,
    SUICIDALITY_ALERT_RISE,
    SUICIDALITY_ITEM,
    OutcomeScale,
    Scale,
)
from ketbio.vocabulary.units import (
    MASS_CONCENTRATION_PER_NG_ML,
    SPECIMENS,
    UNIT_FAMILIES,
    VALUE_SCALES,
)

__all__ = [
    "ALL_SCALES",
    "CENSORED",
    "ENDPOINT_COLUMNS",
    "EXCLUDED_COLUMNS",
    "LIMIT",
    "MADRS_ITEMS",
    "MARKER",
    "MARKERS",
    "MASS_CONCENTRATION_PER_NG_ML",
    "MAX_PRORATED_ITEMS",
    "NON_RESPONDER",
    "NOTE",
    "PARTICIPANT_ID",
    "PARTICIPANT_VARIABLES",
    "REASON",
    "REMARKABLE_NOTES",
    "RESPONDER",
    "SAFETY_SCALES",
    "SCALE",
    "SCALES",
    "SCALE_OF_TABLE",
    "SPECIMENS",
    "SUICIDALITY_ALERT_AT",
    "SUICIDALITY_ALERT_RISE",
    "SUICIDALITY_ITEM",
    "UNIT",
    "UNIT_FAMILIES",
    "VALUE",
    "VALUE_SCALES",
    "VISIT",
    "Marker",
    "OutcomeScale",
    "Scale",
    "marker_label",
]
