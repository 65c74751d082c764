"""The words of the field: columns, visit roles, units, scales and markers, each with its source.

Everything here is data. A threshold or a label that a figure, a rule or a sentence uses is read
from here and written nowhere else.
"""

from dataclasses import dataclass, field
from typing import TypeVar

# -- columns ---------------------------------------------------------------------------------
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

# -- units -----------------------------------------------------------------------------------
MASS_CONCENTRATION_PER_NG_ML = {
    "ng/mL": 1.0,
    "pg/mL": 1000.0,
    "µg/mL": 0.001,
    "pg/dL": 100_000.0,
    "ng/dL": 100.0,
    "µg/dL": 0.1,
    "ng/L": 1000.0,
    "µg/L": 1.0,
    "mg/L": 0.001,
}
"""How many of each unit make one ng/mL."""
UNIT_FAMILIES = (MASS_CONCENTRATION_PER_NG_ML, {"years": 1.0, "months": 12.0})
"""Units that can be taken to one another: of each, how many make one of the first."""

VALUE_SCALES = ("raw", "log2", "ratio")
"""On which scale an endpoint's value is kept."""

MADRS_ITEMS = (
    "apparent_sadness",
    "reported_sadness",
    "inner_tension",
    "reduced_sleep",
    "reduced_appetite",
    "concentration_difficulties",
    "lassitude",
    "inability_to_feel",
    "pessimistic_thoughts",
    "suicidal_thoughts",
)


# -- scales ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A rating scale: what its numbers can be.

    Attributes
    ----------
    name : str
        The field's name for it.
    table : str
        The schema of its incoming table.
    items : tuple of str
        Column names of the items, empty when only totals are kept.
    total : str
        Column name of the total.
    item_maximum : int
        Highest score of an item; the lowest is 0 (0 where there are no items).
    floor, ceiling : int
        Lowest and highest possible total, in points.
    references : tuple of str
        Citation keys.
    """

    name: str
    table: str
    items: tuple[str, ...] = ()
    total: str
    item_maximum: int = 0
    floor: int
    ceiling: int
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeScale(Scale):
    """A rating scale on which response and remission are defined, each with its source.

    Attributes
    ----------
    response_percent : float
        Least reduction of (baseline − floor), in percent, that is a response.
    remission_at_or_below : int
        Highest total that is a remission.
    remission_source : str
        Citation key of that cut-off; empty where it is a convention of trials.
    remission_alternatives : dict of int to str
        Other cut-offs in use, with the citation key of their source.
    severity_bands : tuple of (int, str)
        Lowest total of each band, rising, and its name.
    """

    response_percent: float = 50.0
    remission_at_or_below: int
    remission_source: str = ""
    remission_alternatives: dict[int, str] = field(default_factory=dict)
    severity_bands: tuple[tuple[int, str], ...] = ()

    def cut_off_source(self, cut: float) -> tuple[str, ...]:
        """Return the citation key of a remission cut-off, empty where it has none."""
        own = {self.remission_at_or_below: self.remission_source} | self.remission_alternatives
        return tuple(key for at, key in own.items() if at == cut and key)


_AnyScale = TypeVar("_AnyScale", bound=Scale)


def _by_name(*scales: _AnyScale) -> dict[str, _AnyScale]:
    return {scale.name: scale for scale in scales}


SCALES: dict[str, OutcomeScale] = _by_name(
    OutcomeScale(
        name="MADRS",
        table="madrs",
        items=MADRS_ITEMS,
        total="madrs_total",
        item_maximum=6,
        floor=0,
        ceiling=60,
        remission_at_or_below=10,
        # 10 or less is the trials' convention; against clinical impression, < 10 did best
        remission_alternatives={9: "hawley2002", 12: "popova2019"},
        severity_bands=((0, "none"), (7, "mild"), (20, "moderate"), (35, "severe")),
        references=("montgomery1979", "snaith1986"),
    ),
    OutcomeScale(
        name="HAM-D17",
        table="hamd17",
        total="hamd17_total",
        floor=0,
        ceiling=52,
        remission_at_or_below=7,
        remission_source="frank1991",
        # by clinical impression ≤ 6; by quality of life ≤ 4
        remission_alternatives={4: "sawamura2018", 6: "riedel2010"},
        severity_bands=((0, "none"), (8, "mild"), (17, "moderate"), (24, "severe")),
        references=("hamilton1960", "zimmerman2013"),
    ),
    OutcomeScale(
        name="CDRS-R",
        table="cdrsr",
        total="cdrsr_total",
        floor=17,
        ceiling=113,
        remission_at_or_below=28,
        remission_source="kennard2006",
        references=("poznanski1996",),
    ),
    OutcomeScale(
        name="QIDS-SR16",
        table="qids_sr16",
        total="qids_sr16_total",
        floor=0,
        ceiling=27,
        remission_at_or_below=5,
        remission_source="rush2003",
        severity_bands=(
            (0, "none"),
            (6, "mild"),
            (11, "moderate"),
            (16, "severe"),
            (21, "very severe"),
        ),
        references=("rush2003",),
    ),
    OutcomeScale(
        name="BDI-II",
        table="bdi2",
        total="bdi2_total",
        floor=0,
        ceiling=63,
        # the manual's minimal range; ≤ 9 against a rating of seasonal depression
        remission_at_or_below=13,
        remission_source="beck1996",
        remission_alternatives={9: "reeves2012"},
        severity_bands=((0, "minimal"), (14, "mild"), (20, "moderate"), (29, "severe")),
        references=("beck1996",),
    ),
    OutcomeScale(
        name="YMRS",
        table="ymrs",
        total="ymrs_total",
        floor=0,
        ceiling=60,
        # 12 or less is the trials' convention; a task force proposed < 8, or < 5
        remission_at_or_below=12,
        remission_alternatives={4: "tohen2009", 7: "tohen2009"},
        references=("young1978",),
    ),
)
"""Scales on which a response can be defined, by name."""

SAFETY_SCALES: dict[str, Scale] = _by_name(
    Scale(
        name="C-SSRS",
        table="cssrs",
        total="cssrs_ideation",
        floor=0,
        ceiling=5,
        references=("posner2011",),
    ),
    Scale(
        name="CADSS",
        table="cadss",
        total="cadss_total",
        floor=0,
        ceiling=92,
        references=("bremner1998",),
    ),
)
"""Scales that watch over the participants; they have no response and no remission."""

ALL_SCALES: dict[str, Scale] = {**SCALES, **SAFETY_SCALES}

SCALE_OF_TABLE: dict[str, str] = {scale.table: name for name, scale in ALL_SCALES.items()}
"""Schema of an incoming table → the scale that it holds."""

MAX_PRORATED_ITEMS = 2
"""Most missing items with which a total is still prorated (METHODS §1)."""

SUICIDALITY_ITEM = "suicidal_thoughts"
SUICIDALITY_ALERT_AT = 4
"""A suicidal-thoughts item at or above this is a safety complaint."""
SUICIDALITY_ALERT_RISE = 2
"""A rise of at least this since the previous visit is a safety complaint."""


# -- markers ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A biomarker that ketbio knows by name.

    Attributes
    ----------
    name : str
        Column-safe id.
    label : str
        How it is written for readers.
    table : str
        The incoming table it is measured in.
    target : str
        For a blot: the protein, as in the ``target`` column.
    site : str
        For a blot: the phosphorylation site, as in the ``site`` column.
    specimen : str
        For a level: the specimen.
    """

    name: str
    label: str
    table: str
    target: str = ""
    site: str = ""
    specimen: str = ""


MARKERS: dict[str, Marker] = {
    marker.name: marker
    for marker in (
        Marker(
            name="p_mTOR_S2448",
            label="p-mTOR (Ser2448)",
            table="blots",
            target="mTOR",
            site="S2448",
        ),
        Marker(name="p_GSK3B_S9", label="p-GSK3β (Ser9)", table="blots", target="GSK3B", site="S9"),
        Marker(name="BDNF_serum", label="serum BDNF", table="bdnf", specimen="serum"),
        Marker(name="BDNF_plasma", label="plasma BDNF", table="bdnf", specimen="plasma"),
    )
}

SPECIMENS = ("serum", "plasma", "platelet-poor plasma", "whole blood", "csf")


# -- variables of Table 1 --------------------------------------------------------------------
PARTICIPANT_VARIABLES = {
    "sex": ("Sex", ""),
    "age_years": ("Age", "years"),
    "group": ("Group", ""),
    "arm": ("Arm", ""),
    "site": ("Site", ""),
    "diagnosis": ("Diagnosis", ""),
}
"""Column of the participants table → its label and unit."""


def marker_label(name: str) -> str:
    """Return how a marker is written for readers; a name not known is returned as it is.

    Examples
    --------
    >>> marker_label("p_GSK3B_S9"), marker_label("my_marker")
    ('p-GSK3β (Ser9)', 'my_marker')
    """
    return MARKERS[name].label if name in MARKERS else name
