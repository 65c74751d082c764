"""Bands → one ratio per lane, referred to the gel's reference where asked; faults by lane."""

import numpy as np
import pandas as pd

from ketbio.endpoints.band_linearity import linear_ranges, linearity_words
from ketbio.endpoints.band_plan import KEY, BandPlan, roles_of
from ketbio.endpoints.band_signals import (
    LANE,
    beside,
    place_words,
    prepared_bands,
    total_beside,
)
from ketbio.endpoints.frames import require_columns, require_one_of

LANE_COLUMNS = (
    *KEY, "replicate", "role", "gel_id", "lane", "band", "ratio", "fault", "left_out", "flag",
)  # fmt: skip
"""Columns of `lane_ratios`."""


def lane_ratios(blots: pd.DataFrame, plan: BandPlan) -> pd.DataFrame:
    """Return one row per lane (and site) of samples and references, with its ratio.

    Parameters
    ----------
    blots : DataFrame
        The validated ``blots`` table.
    plan : BandPlan
        What is divided by what.

    Returns
    -------
    DataFrame
        `LANE_COLUMNS`: ``band`` is the place of the numerator's row in ``blots`` (−1 where the band
        is absent), ``ratio`` NaN with a ``fault`` where it cannot be had, ``left_out`` the fault
        with gel and lane, ``flag`` what is remarkable of a ratio that is there.

    Raises
    ------
    TableError
        An unknown site, or a lane with two bands to divide by.
    """
    # Places, not the caller's index: it may have a label twice.
    blots = blots.reset_index(drop=True)
    bands = prepared_bands(blots.assign(role=roles_of(blots)), plan)
    above = _numerators(bands, plan)
    lanes = _ratios(above, bands, plan)
    lanes = pd.concat([lanes, _without_band(above, bands, plan)], ignore_index=True)
    lanes = _outside_linear_range(lanes, bands, plan)
    if plan.per_reference:
        lanes = _per_reference(lanes)
    where = [
        f" ({place_words(*place)})" for place in zip(lanes["gel_id"], lanes["lane"], strict=True)
    ]
    told = lanes["fault"] + pd.Series(where, index=lanes.index, dtype="str")
    told = told.where(~lanes["fault"].str.startswith("gel "), lanes["fault"])
    return lanes.assign(left_out=told.where(lanes["fault"] != "", "").astype("str"))[
        list(LANE_COLUMNS)
    ]


def _numerators(bands: pd.DataFrame, plan: BandPlan) -> pd.DataFrame:
    above = bands[(bands["target"] == plan.target) & (bands["form"] == plan.above)]
    if plan.site:
        require_columns(bands, ["site"], what="blots")
        require_one_of("site", plan.site, dict.fromkeys(above["site"].dropna()))
        above = above[above["site"] == plan.site]
    return above[above["role"] != "dilution"]


def _ratios(above: pd.DataFrame, bands: pd.DataFrame, plan: BandPlan) -> pd.DataFrame:
    if plan.below == "total":
        below, second = total_beside(above, bands, plan)
    else:
        below, second = beside(above, bands, plan.below, plan)
    first = above["share_fault"].map(lambda words: f"{plan.above} band {words}" if words else "")
    fault = first.where(first != "", second)
    ratio = (above["share"] / below).where(fault == "")
    return _lane_rows(above).assign(band=above.index, ratio=ratio, fault=fault, flag="")


def _lane_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return whose lane it is of each row; a lane without a replicate has one."""
    columns = [*KEY, "role", *LANE]
    empty = pd.Series(None, index=rows.index, dtype="str")
    return rows[columns].assign(replicate=rows.get("replicate", empty))


def _without_band(above: pd.DataFrame, bands: pd.DataFrame, plan: BandPlan) -> pd.DataFrame:
    """Return the lanes that lack the band to be divided, on gels that were blotted for it."""
    blotted = bands["gel_id"].isin(above["gel_id"]) & (bands["role"] != "dilution")
    others = bands[blotted].drop_duplicates(LANE)
    here = pd.MultiIndex.from_frame(above[LANE])
    lacking = others[~pd.MultiIndex.from_frame(others[LANE]).isin(here)]
    return _lane_rows(lacking).assign(
        band=-1, ratio=np.nan, fault=f"{plan.above} band absent", flag=""
    )


def _outside_linear_range(lanes: pd.DataFrame, bands: pd.DataFrame, plan: BandPlan) -> pd.DataFrame:
    """Flag, or leave out, the lanes of which a band is beyond its gel's linear range."""
    ranges = linear_ranges(bands)
    if not ranges:
        return lanes
    divided = [plan.above, plan.below, plan.correct_by]
    used = bands["form"].isin(divided) & (bands["role"] != "dilution")
    proteins = bands["target"].eq(plan.target) | bands["form"].isin(["loading", "stain"])
    if plan.loading_control:
        proteins &= (bands["form"] != "loading") | bands["target"].eq(plan.loading_control)
    said: dict[tuple[object, object], list[str]] = {}
    for place in bands.index[used & proteins]:
        band = bands.loc[place]
        is_other_site = plan.site and band["form"] == "phospho" and band["site"] != plan.site
        if words := "" if is_other_site else linearity_words(band, ranges):
            said.setdefault((band["gel_id"], band["lane"]), []).append(words)
    keys = zip(lanes["gel_id"], lanes["lane"], strict=True)
    flags = pd.Series(
        [" and ".join(said.get(key, [])) for key in keys], index=lanes.index, dtype="str"
    )
    is_hit = (flags != "") & (lanes["fault"] == "")
    if plan.outside_linear_range == "exclude":
        return lanes.assign(
            ratio=lanes["ratio"].where(~is_hit), fault=lanes["fault"].where(~is_hit, flags)
        )
    return lanes.assign(flag=flags.where(is_hit, ""))


def _per_reference(lanes: pd.DataFrame) -> pd.DataFrame:
    """Divide every lane by the geometric mean of its gel's reference lanes."""
    is_reference = lanes["role"] == "reference"
    usable = lanes[is_reference & lanes["ratio"].notna()]
    means = np.exp(np.log(usable["ratio"]).groupby(usable["gel_id"]).mean())
    reference = lanes["gel_id"].map(means)
    lost = {
        gel: f"gel {gel} has no reference lane that can be used: {', '.join(sorted(set(rows)))}"
        for gel, rows in lanes[is_reference]
        .assign(words=lanes["fault"] + " (lane " + lanes["lane"].astype("str") + ")")
        .groupby("gel_id")["words"]
    }
    why = pd.Series(
        [lost.get(gel, f"gel {gel} has no reference lane") for gel in lanes["gel_id"]],
        index=lanes.index,
        dtype="str",
    )
    is_lost = reference.isna() & (lanes["fault"] == "")
    return lanes.assign(
        ratio=lanes["ratio"] / reference, fault=lanes["fault"].where(~is_lost, why).astype("str")
    )
