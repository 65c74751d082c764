"""The words of a study file: every key, the kind of value it takes, and what is allowed.

Refusals quote this table, so it cannot go stale.
"""

from dataclasses import dataclass
from typing import Any

from ketbio.analyses.combinations import COMBINATIONS
from ketbio.analyses.family import ADJUSTMENTS
from ketbio.endpoints.band_ratio import FORMS
from ketbio.endpoints.response import MISSING_POLICIES
from ketbio.vocabulary import SCALES, VALUE_SCALES

KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "whole number": (int,),
    "true or false": (bool,),
    "list of text": (list,),
    "table": (dict,),
    "list of tables": (list,),
}
"""How a value is called in a refusal → the types TOML gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One key: the kind of its value, whether it must be there, and the words allowed."""

    kind: str = "text"
    required: bool = False
    allowed: tuple[Any, ...] = ()


TEXT, REQUIRED_TEXT = Word(), Word(required=True)
NUMBER, FLAG, TEXTS = Word(kind="number"), Word(kind="true or false"), Word(kind="list of text")
TABLE = Word(kind="table")

TOP = {
    "study": Word(kind="table", required=True),
    "visits": Word(kind="table", required=True),
    "tables": Word(kind="table", required=True),
    "response": TABLE,
    "markers": TABLE,
    "analyses": Word(kind="list of tables"),
    "report": TABLE,
    "seed": Word(kind="whole number"),
}
STUDY = {
    "id": REQUIRED_TEXT,
    "title": REQUIRED_TEXT,
    "registration": TEXT,
    "description": TEXT,
    "simulated": FLAG,
    "rejected_rows": Word(allowed=("stop", "exclude")),
    "check_log": TEXT,
}
VISITS = {
    "order": Word(kind="list of text", required=True),
    "baseline": REQUIRED_TEXT,
    "endpoint": REQUIRED_TEXT,
    "windows": TABLE,
}
CHECKED_ONLY = {"top": {"visits": TABLE}, "visits": {"baseline": TEXT, "endpoint": TEXT}}
"""What a study without markers and analyses need not say: its tables are checked, not analysed."""

TABLE_WORDS = {
    "file": REQUIRED_TEXT,
    "drop": TEXT,
    "schema": TEXT,
    "sheet": TEXT,
    "header_row": Word(kind="whole number"),
    "constants": TABLE,
    "columns": TABLE,
    "ignore": TEXTS,
    "values": TABLE,
    "missing": TEXTS,
    "missing_in": TABLE,
    "date_order": Word(allowed=("dmy", "mdy")),
    "limits": TABLE,
    "redcap": TABLE,
    "adam": TABLE,
    "allow_identifiers": TEXTS,
    "extend": TABLE,
    "decimal": Word(allowed=(".", ",")),
    "delimiter": Word(allowed=(",", ";", "\t", "|")),
    "encoding": TEXT,
}
RESPONSE = {
    "scale": Word(allowed=tuple(SCALES)),
    "reduction_percent": NUMBER,
    "remission_at_or_below": NUMBER,
    "missing": Word(allowed=MISSING_POLICIES),
}
MARKER = {
    "from": REQUIRED_TEXT,
    "label": TEXT,
    "unit": TEXT,
    "scale": Word(allowed=VALUE_SCALES),
    "form": Word(allowed=tuple(FORMS)),
    "condition": TEXT,
    "target": TEXT,
    "site": TEXT,
    "specimen": TEXT,
    "column": TEXT,
}
MARKER_WORDS_BY_SCHEMA = {
    "blots": ("form", "condition", "target", "site", "scale"),
    "bdnf": ("specimen", "unit", "scale"),
    "markers": ("column", "unit", "scale"),
}
"""Which of the marker's words a table's schema can use (``from`` and ``label`` always)."""

REPORT = {
    "title": TEXT,
    "authors": TEXTS,
    "format": Word(allowed=("html", "docx", "pdf")),
}

_TESTED = {
    "kind": REQUIRED_TEXT,
    "title": TEXT,
    "markers": Word(kind="list of text", required=True),
    "baseline": TEXT,
    "endpoint": TEXT,
    "alternative": Word(allowed=("two-sided", "less", "greater", "two-sided-doubled")),
    "adjust": Word(allowed=ADJUSTMENTS),
    "confidence_level": NUMBER,
    "n_resamples": Word(kind="whole number"),
    "mid_p": FLAG,
    "stop_after": Word(kind="whole number"),
}
ANALYSES = {
    "compare_responders": {
        **_TESTED,
        "covariates": TEXTS,
        "blocks": TEXT,
        "measure": Word(allowed=("change", "baseline", "endpoint")),
        "statistic": Word(allowed=COMBINATIONS["compare_responders"].words),
    },
    "compare_visits": {
        **_TESTED,
        "blocks": TEXT,
        "statistic": Word(allowed=COMBINATIONS["compare_visits"].words),
    },
    "correlate_changes": {
        **_TESTED,
        "covariates": TEXTS,
        "blocks": TEXT,
        "outcome": TEXT,
        "method": Word(allowed=COMBINATIONS["correlate_changes"].words),
    },
    "summarise_participants": {
        "kind": REQUIRED_TEXT,
        "title": TEXT,
        "variables": TEXTS,
        "by_response": FLAG,
    },
}
"""Kind of analysis → its words."""
