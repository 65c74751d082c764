"""Western blots: bands to one value per participant × visit.

The road is: intensity − background; phospho ÷ total (or ÷ loading control) in the same gel and
lane; lanes pooled by the geometric mean within participant × visit × condition, so that replicates
never count as participants; stimulated ÷ basal within each gel, then the geometric mean over gels;
log2 where asked. A band that cannot
be used (saturated, not above background, without partner) is named in the reason or the note.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ketbio.endpoints.frames import endpoint_table, require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import MARKERS, PARTICIPANT_ID, VISIT
from ketbio.wording import count_of, join_words

FORMS = {"phospho/total": "total", "phospho/loading": "loading"}
"""What the phospho band is divided by."""

UNITS = {"log2": "log2 ratio", "ratio": "ratio"}
"""Scale of the value → its unit."""

_KEY = [PARTICIPANT_ID, VISIT, "condition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """Lanes of one participant × visit × condition: geometric mean, CV, and what was left out."""

    value: float
    n: int
    cv_percent: float
    left_out: tuple[str, ...]


def derive_band_ratio(
    blots: pd.DataFrame,
    *,
    marker: str,
    target: str | None = None,
    site: str | None = None,
    form: str = "phospho/total",
    condition: str | None = "insulin/basal",
    scale: str = "log2",
) -> pd.DataFrame:
    """Return a band ratio, one row per participant × visit.

    Parameters
    ----------
    blots : DataFrame
        The validated ``blots`` table, one row per band.
    marker : str
        Name of the result, for instance ``"p_mTOR_S2448"``.
    target, site : str, optional
        Protein and phosphorylation site; those of the marker in `ketbio.vocabulary.MARKERS` when
        None. An empty ``site`` takes every site.
    form : {"phospho/total", "phospho/loading"}
        What the phospho band is divided by, within gel and lane.
    condition : str, optional
        One condition (``"basal"``), or ``"insulin/basal"`` for stimulated ÷ basal. None where the
        table has one condition only.
    scale : {"log2", "ratio"}
        Scale of the result.

    Returns
    -------
    DataFrame
        The endpoints table; ``note`` gives the lanes pooled and their CV in percent.

    Raises
    ------
    TableError
        Unknown target, site, form, condition or scale; two loading controls in a lane.

    Examples
    --------
    >>> import pandas as pd
    >>> blots = pd.DataFrame({"participant_id": ["P01"] * 4, "visit": ["baseline"] * 4,
    ...     "gel_id": ["g1"] * 4, "lane": ["1", "1", "2", "2"], "replicate": ["1"] * 4,
    ...     "condition": ["basal", "basal", "insulin", "insulin"], "target": ["mTOR"] * 4,
    ...     "form": ["phospho", "total"] * 2, "site": ["S2448", "", "S2448", ""],
    ...     "intensity": [110.0, 210.0, 410.0, 210.0], "background": [10.0] * 4})
    >>> derive_band_ratio(blots, marker="p_mTOR_S2448")[["value", "unit", "note"]]
       value        unit                          note
    0    2.0  log2 ratio  insulin: 1 lane; basal: 1 lane
    """
    needed = [*_KEY, "gel_id", "lane", "target", "form", "intensity"]
    require_columns(blots, needed, what="blots")
    require_one_of("form", form, FORMS)
    require_one_of("scale", scale, UNITS)
    known = MARKERS.get(marker)
    protein = target if target is not None else known.target if known else ""
    residue = site if site is not None else known.site if known else ""
    if not protein:
        known_blots = [one.name for one in MARKERS.values() if one.table == "blots"]
        raise TableError(
            f"marker {marker!r} is not one that is known ({join_words(known_blots)}); give target "
            "and site."
        )
    require_one_of("target", protein, dict.fromkeys(blots["target"].dropna()))
    conditions = _conditions(blots, condition)
    lanes = _lane_ratios(blots, protein, residue, FORMS[form])
    return endpoint_table(
        {
            PARTICIPANT_ID: participant,
            VISIT: visit,
            "marker": marker,
            "unit": UNITS[scale],
            "scale": scale,
            **_combine(rows, conditions, scale),
        }
        for (participant, visit), rows in lanes.groupby([PARTICIPANT_ID, VISIT], sort=False)
    )


def _conditions(blots: pd.DataFrame, condition: str | None) -> list[str]:
    here = list(dict.fromkeys(blots["condition"].dropna()))
    if condition is None:
        if len(here) != 1:
            raise TableError(
                f"condition is None, but the blots have {count_of(len(here), 'condition')}: "
                f"{join_words(map(repr, here))}; name one, or two as 'stimulated/basal'."
            )
        return here
    names = condition.split("/")
    if len(names) > 2:
        raise TableError(f"condition is {condition!r}; one name, or two with one '/', is allowed.")
    for name in names:
        require_one_of("condition", name, here)
    return names


def _lane_ratios(blots: pd.DataFrame, target: str, site: str, partner: str) -> pd.DataFrame:
    """Return one row per phospho band: its ratio (NaN with a reason where it cannot be had)."""
    bands = blots.assign(signal=_signal(blots), fault=_faults(blots))
    phospho = bands[(bands["target"] == target) & (bands["form"] == "phospho")]
    if site:
        require_columns(blots, ["site"], what="blots")
        require_one_of("site", site, dict.fromkeys(phospho["site"].dropna()))
        phospho = phospho[phospho["site"] == site]
    below = bands[bands["form"] == partner]
    if partner == "total":
        below = below[below["target"] == target]
    lane = ["gel_id", "lane"]
    twice = below[below.duplicated(lane, keep=False)]
    if len(twice):
        first = twice.iloc[0]
        raise TableError(
            f"gel {first['gel_id']} lane {first['lane']} has more than one {partner} band to "
            "divide by; keep one per lane."
        )
    joined = phospho.merge(
        below[[*lane, "signal", "fault"]], on=lane, how="left", suffixes=("", "_below")
    )
    where = (
        " (gel " + joined["gel_id"].astype("str") + " lane " + joined["lane"].astype("str") + ")"
    )
    no_partner = joined["signal_below"].isna() & joined["fault_below"].isna()
    reason = joined["fault"].map(lambda fault: f"phospho band {fault}" if fault else "")
    second = (
        joined["fault_below"]
        .fillna("")
        .map(lambda fault: f"{partner} band {fault}" if fault else "")
    )
    reason = reason.where(reason != "", second)
    reason = reason.mask(no_partner & (reason == ""), f"{partner} band absent")
    ratio = (joined["signal"] / joined["signal_below"]).where(reason == "")
    return joined[[*_KEY, "gel_id"]].assign(
        ratio=ratio, left_out=(reason + where).where(reason != "", "")
    )


def _signal(blots: pd.DataFrame) -> "pd.Series[Any]":
    if "background" not in blots.columns:
        return blots["intensity"]
    return blots["intensity"] - blots["background"].fillna(0.0)


def _faults(blots: pd.DataFrame) -> "pd.Series[Any]":
    fault = pd.Series("", index=blots.index, dtype="str")
    signal = _signal(blots)
    fault = fault.mask(signal <= 0, "not above background").mask(signal.isna(), "missing")
    if "is_saturated" in blots.columns:
        saturated = blots["is_saturated"].astype("boolean").fillna(False).astype(bool)
        fault = fault.mask(saturated, "saturated")
    return fault


def _pool_lanes(rows: pd.DataFrame) -> _Pool:
    ratios = rows["ratio"].dropna().to_numpy(dtype=float)
    n = len(ratios)
    return _Pool(
        value=_geometric_mean(ratios) if n else float("nan"),
        n=n,
        cv_percent=100 * float(ratios.std(ddof=1) / ratios.mean()) if n > 1 else float("nan"),
        left_out=tuple(text for text in rows["left_out"] if text),
    )


def _geometric_mean(values: "np.ndarray[Any, np.dtype[np.float64]]") -> float:
    return float(np.exp(np.log(values).mean()))


def _combine(rows: pd.DataFrame, conditions: list[str], scale: str) -> dict[str, Any]:
    """Return the value of one participant × visit, or why there is none."""
    pools = {name: _pool_lanes(rows[rows["condition"] == name]) for name in conditions}
    reasons = [
        f"{name}: {join_words(pool.left_out) if pool.left_out else 'no bands'}"
        for name, pool in pools.items()
        if not pool.n
    ]
    if reasons:
        return {"reason": "; ".join(reasons)}
    note = "; ".join(f"{name}: {_lanes(pool)}" for name, pool in pools.items())
    value = pools[conditions[0]].value
    if len(conditions) > 1:
        within, alone = _stimulated_within_gels(rows, conditions)
        if not len(within):
            return {"reason": f"{' and '.join(conditions)} share no gel: gels are not comparable"}
        value = _geometric_mean(within)
        if alone:
            note += f"; left out: {join_words(alone)} with one of the two conditions only"
    return {"value": float(np.log2(value)) if scale == "log2" else value, "note": note}


def _stimulated_within_gels(
    rows: pd.DataFrame, conditions: list[str]
) -> "tuple[np.ndarray[Any, np.dtype[np.float64]], list[str]]":
    """Return stimulated ÷ basal of each gel that has both, and the gels that have only one.

    Gels differ in exposure, so that a ratio of two conditions is formed within a gel.
    """
    usable = rows[rows["ratio"].notna() & rows["condition"].isin(conditions)]
    ratios, alone = [], []
    for gel, lanes in usable.groupby("gel_id", sort=False):
        sides = [lanes.loc[lanes["condition"] == name, "ratio"].to_numpy() for name in conditions]
        if all(len(side) for side in sides):
            ratios.append(_geometric_mean(sides[0]) / _geometric_mean(sides[1]))
        else:
            alone.append(f"gel {gel}")
    return np.array(ratios, dtype=float), alone


def _lanes(pool: _Pool) -> str:
    text = count_of(pool.n, "lane")
    if pool.n > 1:
        text += f", CV {pool.cv_percent:.0f} %"
    if pool.left_out:
        text += f", left out: {join_words(pool.left_out)}"
    return text
