"""Lanes → one value per participant × visit: lanes within gels, then gels; each level's CV said.

The geometric mean of the lanes of a gel is one number, and so is that of the gels: neither lanes
nor gels ever count as participants, and a gel with more lanes has no more weight.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.endpoints.band_plan import BandPlan
from ketbio.endpoints.band_signals import place_words
from ketbio.endpoints.variation import cv_percent
from ketbio.wording import count_of, join_words

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One lane with its ratio (NaN where it has none, with ``left_out``) and what is remarkable."""

    condition: str
    gel: str
    lane: str
    ratio: float
    left_out: str
    flag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Lanes of one participant × visit × condition.

    Attributes
    ----------
    gels : mapping of str to float
        Gel → geometric mean of its lanes.
    n_lanes : int
        Lanes that gave a ratio.
    cv_within, cv_between : float
        Percent, between the lanes of a gel (pooled over gels) and between gels; NaN where there is
        one only.
    left_out, flags : tuple of str
        Lanes that gave no ratio, and what is remarkable of those that did.
    """

    gels: dict[str, float]
    n_lanes: int
    cv_within: float
    cv_between: float
    left_out: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def value(self) -> float:
        """The geometric mean over gels; NaN where no lane gave a ratio."""
        return geometric_mean(np.array(list(self.gels.values())))


def geometric_mean(values: FloatArray) -> float:
    """Return the geometric mean; NaN of nothing."""
    return float(np.exp(np.log(values).mean())) if len(values) else float("nan")


def pooled_cv(groups: "list[FloatArray]") -> float:
    """Return the CV within groups: root of the mean square, weighted by degrees of freedom.

    Examples
    --------
    >>> round(pooled_cv([np.array([1.0, 2.0]), np.array([1.0, 2.0]), np.array([5.0])]), 2)
    47.14
    """
    squares = [(len(one) - 1, cv_percent(one) ** 2) for one in groups if len(one) > 1]
    if not squares:
        return float("nan")
    return float(np.sqrt(sum(df * square for df, square in squares) / sum(df for df, _ in squares)))


def pooled_lanes(lanes: Iterable[Lane]) -> Pool:
    """Return the lanes of one participant × visit × condition as one number per gel."""
    own = list(lanes)
    usable = [one for one in own if not np.isnan(one.ratio)]
    by_gel: dict[str, list[float]] = {}
    for one in usable:
        by_gel.setdefault(one.gel, []).append(one.ratio)
    ratios = {gel: np.array(values) for gel, values in by_gel.items()}
    gels = {gel: geometric_mean(values) for gel, values in ratios.items()}
    return Pool(
        gels=gels,
        n_lanes=len(usable),
        cv_within=pooled_cv(list(ratios.values())),
        cv_between=cv_percent(np.array(list(gels.values()))),
        left_out=tuple(one.left_out for one in own if one.left_out),
        flags=tuple(f"{one.flag} ({place_words(one.gel, one.lane)})" for one in usable if one.flag),
    )


def _lanes_of(rows: pd.DataFrame) -> list[Lane]:
    """Return the rows as records: a participant has few, and a table very many participants."""
    columns = ("condition", "gel_id", "lane", "ratio", "left_out", "flag")
    return [
        Lane(
            condition="" if pd.isna(condition) else str(condition),
            gel=str(gel),
            lane=str(lane),
            ratio=float(ratio),
            left_out=left_out,
            flag=flag,
        )
        for condition, gel, lane, ratio, left_out, flag in zip(
            *(rows[name].tolist() for name in columns), strict=True
        )
    ]


def combined(rows: pd.DataFrame, plan: BandPlan) -> dict[str, Any]:
    """Return the value of one participant × visit with its note, or why there is none."""
    lanes = _lanes_of(rows)
    pools = {
        name: pooled_lanes(one for one in lanes if one.condition == name)
        for name in plan.conditions
    }
    reasons = [
        f"{_before(name)}{join_words(pool.left_out) if pool.left_out else 'no bands'}"
        for name, pool in pools.items()
        if not pool.n_lanes
    ]
    if reasons:
        return {"reason": "; ".join(reasons)}
    is_pair = len(pools) > 1
    note = "; ".join(
        f"{_before(name)}{_lanes(pool, plan, between=not is_pair)}" for name, pool in pools.items()
    )
    value = next(iter(pools.values())).value
    if is_pair:
        upper, lower = (pool.gels for pool in pools.values())
        within = np.array([upper[gel] / lower[gel] for gel in upper if gel in lower])
        if not len(within):
            return {"reason": f"{' and '.join(pools)} share no gel: gels are not comparable"}
        value = geometric_mean(within)
        note += _gels(within, plan)
        if alone := [
            f"gel {gel}" for gel in {**upper, **lower} if (gel in upper) != (gel in lower)
        ]:
            note += f"; left out: {join_words(alone)} with one of the two conditions only"
    return {"value": float(np.log2(value)) if plan.scale == "log2" else value, "note": note}


def _before(condition: str) -> str:
    return f"{condition}: " if condition else ""


def _lanes(pool: Pool, plan: BandPlan, *, between: bool) -> str:
    """Say how many lanes and gels were pooled, how far they differ, and what was left out."""
    is_several = len(pool.gels) > 1
    text = count_of(pool.n_lanes, "lane")
    if is_several:
        text += f" on {count_of(len(pool.gels), 'gel')}"
    levels = {"within gels" if is_several else "": pool.cv_within}
    if between:
        levels["between gels"] = pool.cv_between
    text += _cv_words(levels, plan.cv_limit)
    if pool.flags:
        text += f", {join_words(pool.flags)}"
    if pool.left_out:
        text += f", left out: {join_words(pool.left_out)}"
    return text


def _gels(ratios: FloatArray, plan: BandPlan) -> str:
    if len(ratios) < 2:
        return ""
    cv = _cv_words({"between gels": cv_percent(ratios)}, plan.cv_limit)
    return f"; {'/'.join(plan.conditions)}: {count_of(len(ratios), 'gel')}{cv}"


def _cv_words(levels: dict[str, float], limit: float) -> str:
    known = {where: cv for where, cv in levels.items() if not np.isnan(cv)}
    if not known:
        return ""
    text = f", CV {join_words(f'{cv:.0f} % {where}'.rstrip() for where, cv in known.items())}"
    return f"{text}, above the limit of {limit:g} %" if max(known.values()) > limit else text
