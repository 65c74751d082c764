"""The words of a study file: every key, the kind of value it takes, and what is allowed.

Refusals quote this table, so it cannot go stale.
"""

from dataclasses import dataclass
from typing import Any

from ketbio.analyses.combinations import COMBINATIONS
from ketbio.analyses.family import ADJUSTMENTS
from ketbio.analyses.laboratory.plate_settings import (
    BLANKS,
    CORRECTIONS,
    CURVES,
    INTERVALS,
    POINTS,
    POOLS,
    WEIGHTS,
)
from ketbio.analyses.repeated_markers import ALLOWED as EFFECTS_WORDS
from ketbio.analyses.repeated_pairs import MEASURES
from ketbio.analyses.response_policies import FLAGS, POLICIES
from ketbio.analyses.visit_models.words import ALLOWED as MMRM_WORDS
from ketbio.endpoints.band_plan import CORRECTIONS as BAND_CORRECTIONS
from ketbio.endpoints.band_plan import FORMS, OUTSIDE_LINEAR_RANGE
from ketbio.endpoints.concentration import SUBSTITUTES
from ketbio.endpoints.event_times import EVENTS, RELAPSES
from ketbio.endpoints.response import MISSING_POLICIES
from ketbio.result import AIMS
from ketbio.statistics.inputs import ALTERNATIVES
from ketbio.statistics.multiplicity import LABELS
from ketbio.statistics.two_proportions.orderings import ORDERINGS
from ketbio.study.plan import CITATION_STYLES, SENTENCES
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
    "crossover": TABLE,
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
    "densitometry": TABLE,
    "plate": TABLE,
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
CROSSOVER = {
    "sequence": TEXT,
    "sequences": Word(kind="table", required=True),
    "periods": Word(kind="list of tables", required=True),
    "baseline": TEXT,
    "reference": TEXT,
}
"""How a crossover is made; its periods name visits by role."""
BAND_WORDS = (
    "correct_by", "loading_control", "per_reference", "cv_limit", "outside_linear_range",
)  # fmt: skip
"""What `ketbio.derive_band_ratio` is given beside what is divided, and by what."""

PLATE_NUMBERS = (
    "cv_limit",
    "recovery_limit",
    "recovery_limit_at_lloq",
    "control_limit",
    "lloq",
    "uloq",
)
PLATE_WORDS = (
    *("curve", "weights", "points", "blank", "pool", "interval", "plate_correction"),
    *PLATE_NUMBERS,
)
"""What `ketbio.analyses.laboratory.PlateSettings` is given."""

MARKER = {
    "from": REQUIRED_TEXT,
    "label": TEXT,
    "unit": TEXT,
    "scale": Word(allowed=VALUE_SCALES),
    "form": Word(allowed=tuple(FORMS)),
    "correct_by": Word(allowed=BAND_CORRECTIONS),
    "loading_control": TEXT,
    "per_reference": FLAG,
    "outside_linear_range": Word(allowed=OUTSIDE_LINEAR_RANGE),
    "condition": TEXT,
    "target": TEXT,
    "site": TEXT,
    "specimen": TEXT,
    "column": TEXT,
    "analyte": TEXT,
    "curve": Word(allowed=CURVES),
    "weights": Word(allowed=WEIGHTS),
    "points": Word(allowed=POINTS),
    "blank": Word(allowed=BLANKS),
    "pool": Word(allowed=POOLS),
    "interval": Word(allowed=INTERVALS),
    "plate_correction": Word(allowed=CORRECTIONS),
    **dict.fromkeys(PLATE_NUMBERS, NUMBER),
    "below": Word(allowed=("keep", *SUBSTITUTES)),
}
MARKER_WORDS_BY_SCHEMA = {
    "blots": ("form", "condition", "target", "site", "scale", *BAND_WORDS),
    "bdnf": ("specimen", "unit", "scale", "below", "cv_limit"),
    "markers": ("column", "unit", "scale"),
    "elisa_plates": ("specimen", "analyte", "unit", "scale", "below", *PLATE_WORDS),
}
"""Which of the marker's words a table's schema can use (``from`` and ``label`` always)."""

REPORT = {
    "title": TEXT,
    "subtitle": TEXT,
    "version": TEXT,
    "authors": TEXTS,
    "affiliations": TEXTS,
    "contact": TEXT,
    "funding": TEXT,
    "conflicts": TEXT,
    "ethics": TEXT,
    "acknowledgements": TEXT,
    "format": Word(allowed=("html", "docx", "pdf")),
    "sections": TEXTS,
    "template": TEXT,
    "partials": TEXT,
    "citation_style": Word(allowed=CITATION_STYLES),
    "sentences": Word(allowed=SENTENCES),
    "figures": TEXT,
    "checklists": TEXTS,
    "deviations": TEXTS,
    "registered_plan": TEXT,
}

_EVERY = {"kind": REQUIRED_TEXT, "title": TEXT, "deviation": TEXT}
_AIMED = {**_EVERY, "aim": Word(allowed=tuple(aim for aim in AIMS if aim))}
_TESTED = {
    **_AIMED,
    "markers": Word(kind="list of text", required=True),
    "baseline": TEXT,
    "endpoint": TEXT,
    "alternative": Word(allowed=("two-sided", "less", "greater", "two-sided-doubled", "expected")),
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
    "compare_crossover": {
        **{
            word: one
            for word, one in _TESTED.items()
            if word not in ("baseline", "endpoint", "mid_p", "stop_after")
        },
        "alternative": Word(allowed=("two-sided", "less", "greater", "two-sided-doubled")),
        "at": TEXTS,
        "baseline_as": Word(allowed=COMBINATIONS["compare_crossover"].words),
        "reference": TEXT,
    },
    "compare_imputed": {
        **_AIMED,
        "markers": Word(kind="list of text", required=True),
        "baseline": TEXT,
        "endpoint": TEXT,
        "visits": TEXTS,
        "arm": TEXT,
        "reference": TEXT,
        "assumption": TEXTS,
        "delta": NUMBER,
        "delta_by": TABLE,
        "accumulate_delta": FLAG,
        "covariates": TEXTS,
        "adjust": Word(allowed=tuple(LABELS)),
        "confidence_level": NUMBER,
        "n_imputations": Word(kind="whole number"),
    },
    "describe_missing_visits": {
        **_AIMED,
        "markers": Word(kind="list of text", required=True),
        "visits": TEXTS,
        "arm": TEXT,
    },
    "correlate_changes": {
        **_TESTED,
        "covariates": TEXTS,
        "blocks": TEXT,
        "outcome": TEXT,
        "method": Word(allowed=COMBINATIONS["correlate_changes"].words),
    },
    "correlate_markers": {
        **_TESTED,
        "covariates": TEXTS,
        "blocks": TEXT,
        "measure": Word(allowed=("change", "baseline", "endpoint")),
        "method": Word(allowed=COMBINATIONS["correlate_markers"].words),
    },
    "correlate_repeated": {
        **{word: one for word, one in _TESTED.items() if word not in ("baseline", "endpoint")},
        "outcome": TEXT,
        "visits": TEXTS,
        "measure": Word(allowed=MEASURES),
        "lag": Word(kind="whole number"),
        "adjust_for": Word(allowed=COMBINATIONS["correlate_repeated"].words),
    },
    "correlate_baseline_change": {
        **_TESTED,
        "blocks": TEXT,
        "method": Word(allowed=COMBINATIONS["correlate_baseline_change"].words),
    },
    "summarise_course": {
        **_AIMED,
        "markers": Word(kind="list of text", required=True),
        "visits": TEXTS,
        "baseline": TEXT,
        "days": TABLE,
        "confidence_level": NUMBER,
    },
    "fit_mmrm": {
        **_AIMED,
        "markers": Word(kind="list of text", required=True),
        "arm": TEXT,
        "reference": TEXT,
        "baseline": TEXT,
        "visits": TEXTS,
        "days": TABLE,
        "covariates": TEXTS,
        "formula": TEXT,
        **{word: Word(allowed=tuple(allowed)) for word, allowed in MMRM_WORDS.items()},
        "by_arm": FLAG,
        "fallbacks": FLAG,
        "weights": TEXT,
        "confidence_level": NUMBER,
        "permutation": FLAG,
        "n_resamples": Word(kind="whole number"),
    },
    "compare_methods": {
        **_AIMED,
        "markers": Word(kind="list of text", required=True),
        "scale": Word(allowed=("difference", "ratio")),
        "confidence_level": NUMBER,
    },
    "fit_random_effects": {
        **_AIMED,
        "markers": Word(kind="list of text", required=True),
        "arm": TEXT,
        "reference": TEXT,
        "visits": TEXTS,
        "days": TABLE,
        **{word: Word(allowed=tuple(allowed)) for word, allowed in EFFECTS_WORDS.items()},
        "confidence_level": NUMBER,
    },
    "compare_response_rates": {
        **_AIMED,
        "arm": TEXT,
        "reference": TEXT,
        "outcome": Word(allowed=tuple(FLAGS)),
        "missing": Word(allowed=tuple(POLICIES)),
        "test": Word(allowed=tuple(ORDERINGS)),
        "alternative": Word(allowed=ALTERNATIVES),
        "adjust": Word(allowed=tuple(LABELS)),
        "confidence_level": NUMBER,
        "n_resamples": Word(kind="whole number"),
    },
    "describe_time_to_response": {
        **_AIMED,
        "event": Word(allowed=EVENTS),
        "relapse": Word(allowed=RELAPSES),
        "arm": TEXT,
        "reference": TEXT,
        "baseline": TEXT,
        "visits": TEXTS,
        "days": TABLE,
        "until": NUMBER,
        "adjust": Word(allowed=tuple(LABELS)),
        "confidence_level": NUMBER,
        "n_resamples": Word(kind="whole number"),
    },
    "summarise_participants": {
        **_EVERY,
        "variables": TEXTS,
        "by_response": FLAG,
    },
}
"""Kind of analysis → its words."""
