"""Units read from plates → one level per sample and plate, or the limit or the reason instead."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.laboratory.plate_reading import PlateReading
from ketbio.analyses.laboratory.wells import (
    DILUTION,
    PLATE,
    ROLE,
    RUN_DATE,
    SAMPLE,
    SAMPLE_KEY,
    SPECIMEN,
    SPIKE,
)
from ketbio.vocabulary import PARTICIPANT_ID, REASON, VISIT
from ketbio.wording import format_number, join_words

LEVEL_COLUMNS = (
    PARTICIPANT_ID, VISIT, SPECIMEN, PLATE, RUN_DATE, "concentration_ng_ml", "ci_low_ng_ml",
    "ci_high_ng_ml", "below_lloq", "above_uloq", "lloq_ng_ml", "uloq_ng_ml", "dilutions", "n_wells",
    "cv_percent", REASON, "note",
)  # fmt: skip
"""Columns of the levels: one row per sample × plate; concentrations after dilution."""
NAN = float("nan")


def plate_levels(readings: Sequence[PlateReading], corrections: Mapping[str, str]) -> pd.DataFrame:
    """Return the level of every sample on every plate.

    Of several dilutions those within the range are averaged; where none is, the sample is censored
    at the limit that says most.

    Parameters
    ----------
    readings : sequence of PlateReading
    corrections : mapping of str to str
        Plate → what was done to its levels, in words.
    """
    rows = [
        {**sample, **_level(units, reading, corrections.get(reading.plate_id, ""))}
        for reading in readings
        for sample, units in _samples(reading)
    ]
    table = pd.DataFrame(rows, columns=list(LEVEL_COLUMNS))
    return table.astype(
        {REASON: "str", "note": "str", "dilutions": "str", "below_lloq": bool, "above_uloq": bool}
    )


Unit = dict[str, Any]


def _samples(reading: PlateReading) -> Iterator[tuple[dict[str, Any], list[Unit]]]:
    """Yield each sample of a plate with its units, one per dilution."""
    dates = reading.wells[RUN_DATE].dropna()
    run_date = dates.min() if len(dates) else pd.NaT
    found: dict[tuple[str, ...], list[Unit]] = {}
    for row in reading.units.to_dict("records"):
        if row[ROLE] == SAMPLE and row[SPIKE] == 0:
            unit = {str(name): value for name, value in row.items()}
            found.setdefault(tuple(unit[name] for name in SAMPLE_KEY), []).append(unit)
    for key, units in found.items():
        named = dict(zip(SAMPLE_KEY, key, strict=True))
        yield {**named, PLATE: reading.plate_id, RUN_DATE: run_date}, units


def _level(units: Sequence[Unit], reading: PlateReading, correction: str) -> dict[str, Any]:
    """Return the level of one sample on one plate from its dilutions."""
    dilutions = [float(unit[DILUTION]) for unit in units]
    left, right = (
        [unit["limit"] * unit[DILUTION] for unit in units if unit["side"] == side]
        for side in ("left", "right")
    )
    named = join_words(f"1:{one:g}" for one in dilutions)
    base = {
        "dilutions": named,
        "n_wells": int(sum(unit["n_wells"] for unit in units)),
        "lloq_ng_ml": reading.lloq * reading.factor * min(dilutions),
        "uloq_ng_ml": reading.uloq * reading.factor * max(dilutions),
        "below_lloq": False,
        "above_uloq": False,
        REASON: "",
        "note": "",
    }
    inside = [unit for unit in units if not np.isnan(unit["concentration"])]
    if inside:
        out = [unit for unit in units if np.isnan(unit["concentration"])]
        return {**base, **_measured(inside, out, correction)}
    if left and right:
        return {**base, REASON: _on_both_sides(named, reading.plate_id, left, right)}
    if left:
        return {**base, "below_lloq": True, "lloq_ng_ml": min(left)}
    if right:
        return {**base, "above_uloq": True, "uloq_ng_ml": max(right)}
    return {**base, REASON: join_words(dict.fromkeys(unit["note"] for unit in units))}


def _on_both_sides(
    dilutions: str, plate_id: str, left: Sequence[float], right: Sequence[float]
) -> str:
    """Say why a sample has no level: it lies between two ranges, or its dilutions cannot agree."""
    lowest, highest = max(right), min(left)
    why = "the dilutions contradict one another"
    if lowest < highest:
        between = f"between {format_number(lowest)} and {format_number(highest)} ng/mL"
        why = f"the level lies {between}, in the gap between their ranges"
    return f"{dilutions} on plate {plate_id} read below and above the range: {why}"


def _measured(used: Sequence[Unit], out: Sequence[Unit], correction: str) -> dict[str, Any]:
    """Return the level of the dilutions in range; those out of it are named."""
    is_one, first = len(used) == 1, used[0]
    notes = [unit["note"] for unit in used]
    if out:
        notes += _why_out(out)
    if not is_one:
        notes.append(f"mean of {len(used)} dilutions")
    return {
        "concentration_ng_ml": float(
            np.mean([unit["concentration"] * unit[DILUTION] for unit in used])
        ),
        "ci_low_ng_ml": first["ci_low"] * first[DILUTION] if is_one else NAN,
        "ci_high_ng_ml": first["ci_high"] * first[DILUTION] if is_one else NAN,
        "cv_percent": _largest([unit["cv_percent"] for unit in used]),
        "n_wells": int(sum(unit["n_wells"] for unit in used)),
        "note": "; ".join(filter(None, [*notes, correction])),
    }


def _why_out(units: Sequence[Unit]) -> list[str]:
    """Return which dilutions were left out for what: most as they are out of range."""
    reasons: dict[str, list[str]] = {}
    for unit in units:
        why = "out of range" if unit["side"] else str(unit["note"])
        reasons.setdefault(why, []).append(f"1:{unit[DILUTION]:g}")
    return [f"dilution {join_words(them)} {why} and left out" for why, them in reasons.items()]


def _largest(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return max(known) if known else NAN
