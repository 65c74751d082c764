"""What a band ratio is to be: the words of the plan, each held against the blots."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import MARKERS, PARTICIPANT_ID, VISIT
from ketbio.wording import count_of, join_words

FORMS = {
    "phospho/total": "total",
    "phospho/loading": "loading",
    "phospho/stain": "stain",
    "total/loading": "loading",
    "total/stain": "stain",
}
"""The ratio → what its band is divided by, in the same gel and lane."""

CORRECTIONS = ("loading", "stain")
"""What every band can be divided by before the ratio: its own lane's, on its own membrane."""

CORRECTED_FORM = "phospho/total"
"""The form whose two bands `CORRECTIONS` may correct: bands of one membrane have the same."""

OUTSIDE_LINEAR_RANGE = ("flag", "exclude")
"""What becomes of a lane with a band beyond the linear range of its gel's dilution series."""

UNITS = {"log2": "log2 ratio", "ratio": "ratio"}
"""Scale of the value → its unit."""

ROLES = ("sample", "reference", "dilution")
"""What a lane holds."""

CV_LIMIT = 20.0
"""Percent; ketbio's own default, as for duplicates of an ELISA: no standard names one for blots."""

KEY = [PARTICIPANT_ID, VISIT, "condition"]
"""Columns that say whose lane it is."""

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "target": None,
        "site": None,
        "form": "phospho/total",
        "correct_by": None,
        "loading_control": None,
        "condition": "insulin/basal",
        "scale": "log2",
        "per_reference": False,
        "cv_limit": CV_LIMIT,
        "outside_linear_range": "flag",
    }
)
"""What a plan that says nothing else asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BandPlan:
    """A band ratio as asked for, every word known; see `ketbio.derive_band_ratio`.

    Attributes
    ----------
    target, site : str
        Protein and phosphorylation site; an empty site takes every site.
    above, below : str
        Form of the band that is divided, and what it is divided by.
    correct_by, loading_control : str
        What every band is divided by first, and the target of the loading control; may be empty.
    conditions : tuple of str
        One condition, or stimulated and basal.
    scale : str
        Of the value.
    per_reference : bool
        Whether lanes are divided by their gel's reference.
    cv_limit : float
        Percent; replicates above it are flagged.
    outside_linear_range : str
        One of `OUTSIDE_LINEAR_RANGE`.
    """

    target: str
    site: str
    above: str
    below: str
    correct_by: str
    loading_control: str
    conditions: tuple[str, ...]
    scale: str
    per_reference: bool
    cv_limit: float
    outside_linear_range: str


def band_plan(
    blots: pd.DataFrame,
    marker: str,
    options: Mapping[str, Any],
    *,
    by_condition: bool = True,
) -> BandPlan:
    """Return the plan of a marker's ratio, held against the blots.

    Parameters
    ----------
    blots : DataFrame
        The validated ``blots`` table.
    marker : str
        Name of the result.
    options : mapping
        The keywords of `ketbio.derive_band_ratio` beside the marker; those left out are `DEFAULTS`.
    by_condition : bool
        False where lanes are looked at whatever their condition, which is then not asked for.

    Raises
    ------
    TableError
        A word that is not allowed, or that the blots do not have.
    """
    needed = [*KEY, "gel_id", "lane", "target", "form", "intensity"]
    require_columns(blots, needed, what="blots")
    if blots.empty:
        raise TableError("blots has no row; a row per band is wanted.")
    for name in options:
        require_one_of("option", name, DEFAULTS)
    given = {**DEFAULTS, **options}
    require_one_of("form", given["form"], FORMS)
    require_one_of("scale", given["scale"], UNITS)
    require_one_of("outside_linear_range", given["outside_linear_range"], OUTSIDE_LINEAR_RANGE)
    above, below = str(given["form"]).split("/")
    target, site = _target_and_site(blots, marker, given["target"], given["site"])
    return BandPlan(
        target=target,
        site=site if above == "phospho" else "",
        above=above,
        below=below,
        correct_by=_correction(given["correct_by"], str(given["form"])),
        loading_control=_loading_control(blots, given["loading_control"]),
        conditions=_conditions(blots, given["condition"]) if by_condition else (),
        scale=str(given["scale"]),
        per_reference=_flag("per_reference", given["per_reference"]),
        cv_limit=_percent("cv_limit", given["cv_limit"]),
        outside_linear_range=str(given["outside_linear_range"]),
    )


def roles_of(blots: pd.DataFrame) -> "pd.Series[str]":
    """Return what the lane of each band holds; a table that does not say holds samples."""
    if "role" not in blots.columns:
        return pd.Series("sample", index=blots.index, dtype="str")
    return blots["role"].astype("str").where(blots["role"].notna(), "sample")


def _target_and_site(
    blots: pd.DataFrame, marker: str, target: object, site: object
) -> tuple[str, str]:
    known = MARKERS.get(marker)
    protein = str(target) if target is not None else known.target if known else ""
    residue = str(site) if site is not None else known.site if known else ""
    if not protein:
        known_blots = [one.name for one in MARKERS.values() if one.table == "blots"]
        raise TableError(
            f"marker {marker!r} is not one that is known ({join_words(known_blots)}); give target "
            "and site."
        )
    require_one_of("target", protein, dict.fromkeys(blots["target"].dropna()))
    return protein, residue


def _correction(given: object, form: str) -> str:
    if not given:
        return ""
    require_one_of("correct_by", given, CORRECTIONS)
    if form != CORRECTED_FORM:
        raise TableError(
            f"correct_by is {given!r}, but the form is {form!r}: it is for {CORRECTED_FORM!r}, "
            "whose two bands may be on two membranes; leave correct_by out."
        )
    return str(given)


def _loading_control(blots: pd.DataFrame, given: object) -> str:
    if not given:
        return ""
    controls = dict.fromkeys(blots.loc[blots["form"] == "loading", "target"].dropna())
    require_one_of("loading_control", given, controls)
    return str(given)


def _conditions(blots: pd.DataFrame, condition: object) -> tuple[str, ...]:
    samples = blots.loc[roles_of(blots) == "sample", "condition"]
    here = list(dict.fromkeys(samples.dropna()))
    if condition is None and not here:
        return ("",)  # nothing was stimulated, so that the column is empty throughout
    if condition is None:
        if len(here) != 1 or samples.isna().any():
            raise TableError(
                f"condition is None, but the blots have {count_of(len(here), 'condition')}: "
                f"{join_words(map(repr, here))}{_and_empty(samples)}; name one, or two as "
                "'stimulated/basal'."
            )
        return (str(here[0]),)
    names = str(condition).split("/")
    if len(names) > 2:
        raise TableError(f"condition is {condition!r}; one name, or two with one '/', is allowed.")
    for name in names:
        require_one_of("condition", name, here)
    return tuple(names)


def _and_empty(conditions: "pd.Series[str]") -> str:
    n_empty = int(conditions.isna().sum())
    return f" and {count_of(n_empty, 'band')} without one" if n_empty else ""


def _flag(name: str, given: object) -> bool:
    if not isinstance(given, bool):
        raise TableError(f"{name} is {given!r}; true or false is allowed.")
    return given


def _percent(name: str, given: object) -> float:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not float(str(given)) > 0:
        raise TableError(f"{name} is {given!r}; a percentage above 0 is allowed.")
    return float(str(given))
