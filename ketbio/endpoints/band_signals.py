"""Bands → signals: background off, faults named, each divided by what stands in its own lane."""

from typing import Any

import numpy as np
import pandas as pd

from ketbio.endpoints.band_plan import BandPlan
from ketbio.errors import TableError

LANE = ["gel_id", "lane"]


def band_signal(blots: pd.DataFrame) -> "pd.Series[float]":
    """Return intensity minus background of each band."""
    if "background" not in blots.columns:
        return blots["intensity"]
    return blots["intensity"] - blots["background"].fillna(0.0)


def band_faults(blots: pd.DataFrame) -> "pd.Series[str]":
    """Return why a band cannot be used, in words; empty where it can."""
    signal = band_signal(blots)
    fault = pd.Series("", index=blots.index, dtype="str")
    fault = fault.mask(signal <= 0, "not above background")
    fault = fault.mask(signal.isna() | np.isinf(signal), "missing")
    if "is_saturated" in blots.columns:
        saturated = blots["is_saturated"].astype("boolean").fillna(False).astype(bool)
        fault = fault.mask(saturated, "saturated")
    return fault


def membranes_of(blots: pd.DataFrame) -> "pd.Series[str]":
    """Return the membrane of each band; empty where all bands of a lane are on one."""
    if "membrane" not in blots.columns:
        return pd.Series("", index=blots.index, dtype="str")
    return blots["membrane"].astype("str").where(blots["membrane"].notna(), "")


def place_words(gel: object, lane: object) -> str:
    """Return how a lane is called in reasons and notes."""
    return f"gel {gel} lane {lane}"


def prepared_bands(blots: pd.DataFrame, plan: BandPlan) -> pd.DataFrame:
    """Return the bands with ``signal``, ``fault``, ``membrane`` and, corrected, ``share``.

    ``share`` is the signal, divided by its lane's loading control or stain where the plan says so;
    ``share_fault`` says why there is none.
    """
    bands = blots.assign(
        signal=band_signal(blots), fault=band_faults(blots), membrane=membranes_of(blots)
    )
    if not plan.correct_by:
        return bands.assign(share=bands["signal"], share_fault=bands["fault"])
    below, fault = beside(bands, bands, plan.correct_by, plan)
    missing = fault.map(lambda words: f"without its {plan.correct_by}: {words}" if words else "")
    both = bands["fault"].where(bands["fault"] != "", missing)
    return bands.assign(share=(bands["signal"] / below).where(both == ""), share_fault=both)


def beside(
    rows: pd.DataFrame, bands: pd.DataFrame, kind: str, plan: BandPlan
) -> "tuple[pd.Series[float], pd.Series[str]]":
    """Return the loading control or stain of each row's lane and membrane, and what is wrong.

    Parameters
    ----------
    rows, bands : DataFrame
        The bands to be divided, and all bands (`prepared_bands`).
    kind : str
        ``"loading"`` or ``"stain"``.
    plan : BandPlan
        Names the loading control.

    Raises
    ------
    TableError
        A lane has more than one of the kind.
    """
    chosen = bands[bands["form"] == kind]
    if kind == "loading" and plan.loading_control:
        chosen = chosen[chosen["target"] == plan.loading_control]
    own = rows.get("lane_stain") if kind == "stain" else None
    if own is not None and own.notna().any():
        _refuse_both(rows[own.notna()], chosen)
        return _own_stain(own)
    _refuse_two(chosen, [*LANE, "membrane"], kind)
    found = _looked_up(rows, chosen, [*LANE, "membrane"], kind)
    value = found["signal"].where(found["fault"] == "")
    return value, found["fault"]


def total_beside(
    rows: pd.DataFrame, bands: pd.DataFrame, plan: BandPlan
) -> "tuple[pd.Series[float], pd.Series[str]]":
    """Return the total form of each row's lane, on whatever membrane, and what is wrong with it."""
    chosen = bands[(bands["form"] == "total") & (bands["target"] == plan.target)]
    _refuse_two(chosen, LANE, "total")
    found = _looked_up(
        rows, chosen.assign(signal=chosen["share"], fault=chosen["share_fault"]), LANE, "total"
    )
    return found["signal"], found["fault"]


def _looked_up(
    rows: pd.DataFrame, chosen: pd.DataFrame, keys: list[str], kind: str
) -> pd.DataFrame:
    """Return signal and fault of the one chosen band of each row's lane, on the rows' index."""
    joined = rows[keys].merge(chosen[[*keys, "signal", "fault"]], on=keys, how="left")
    joined.index = rows.index
    words = joined["fault"].map(lambda fault: f"{kind} band {fault}" if fault else "")
    return joined.assign(fault=words.where(joined["fault"].notna(), f"{kind} band absent"))


def _own_stain(own: "pd.Series[Any]") -> "tuple[pd.Series[float], pd.Series[str]]":
    fault = pd.Series("", index=own.index, dtype="str").mask(own.isna(), "lane_stain absent")
    fault = fault.mask(own <= 0, "lane_stain not above 0")
    return own.where(fault == ""), fault


def _refuse_two(chosen: pd.DataFrame, keys: list[str], kind: str) -> None:
    twice = chosen[chosen.duplicated(keys, keep=False)]
    if twice.empty:
        return
    first = twice.iloc[0]
    here = twice[(twice[keys] == first[keys]).all(axis=1)]["target"]
    named = sorted({str(one) for one in here.dropna()})
    several = kind == "loading" and len(named) > 1
    hint = f", or name one of {', '.join(named)} with loading_control" if several else ""
    raise TableError(
        f"{place_words(first['gel_id'], first['lane'])} has more than one {kind} band to "
        f"divide by; keep one per lane{hint}."
    )


def _refuse_both(rows: pd.DataFrame, stains: pd.DataFrame) -> None:
    both = rows.merge(stains[[*LANE, "membrane"]], on=[*LANE, "membrane"])
    if len(both):
        first = both.iloc[0]
        raise TableError(
            f"{place_words(first['gel_id'], first['lane'])} has a stain band and a lane_stain "
            "beside another band; one of them is allowed: leave the other out."
        )
