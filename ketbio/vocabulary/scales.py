"""Rating scales: what their numbers can be, what is a response, each with its source."""

from dataclasses import dataclass, field
from typing import TypeVar

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
