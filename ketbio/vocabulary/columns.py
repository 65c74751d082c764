"""Columns of the endpoints table and of Table 1, and the words in them."""

PARTICIPANT_ID = "participant_id"
VISIT = "visit"
MARKER = "marker"
VALUE = "value"
UNIT = "unit"
SCALE = "scale"
CENSORED = "censored"
LIMIT = "limit"
REASON = "reason"
NOTE = "note"

ENDPOINT_COLUMNS = (
    PARTICIPANT_ID,
    VISIT,
    MARKER,
    VALUE,
    UNIT,
    SCALE,
    CENSORED,
    LIMIT,
    REASON,
    NOTE,
)
"""Columns of the tidy endpoints table: one row per participant × visit × marker.

``value`` is NaN where it could not be derived and ``reason`` then says why (else ``""``).
``censored`` is ``""``, ``"left"`` (below ``limit``, value NaN) or ``"right"`` (above ``limit``,
value NaN). ``note`` says how a value that is there was made when that is not plain (prorated,
replicates pooled).
"""

REMARKABLE_NOTES = ("prorated", "left out", "above")
"""Words in a note that make a value worth a remark in the report."""

RESPONDER = "responder"
NON_RESPONDER = "non-responder"

EXCLUDED_COLUMNS = (PARTICIPANT_ID, REASON)
"""Columns of `Result.excluded`: one row per participant left out."""

PARTICIPANT_VARIABLES = {
    "sex": ("Sex", ""),
    "age_years": ("Age", "years"),
    "group": ("Group", ""),
    "arm": ("Arm", ""),
    "sequence": ("Sequence", ""),
    "site": ("Site", ""),
    "diagnosis": ("Diagnosis", ""),
}
"""Column of the participants table → its label and unit."""
