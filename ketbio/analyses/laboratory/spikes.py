"""Spike recovery: how much of what was added to a sample is found again."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ketbio.analyses.laboratory.plate_reading import PlateReading
from ketbio.analyses.laboratory.plate_settings import PlateSettings
from ketbio.analyses.laboratory.wells import (
    DILUTION,
    LABEL,
    PLATE,
    ROLE,
    SAMPLE,
    SAMPLE_KEY,
    SPIKE,
    recoveries_named,
)
from ketbio.analyses.question import Question
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

ANALYSIS = "summarise_spikes"
_COLUMNS = [
    PLATE, PARTICIPANT_ID, VISIT, LABEL, SPIKE, "concentration", "expected", "recovery_percent",
    "is_accepted", "note",
]  # fmt: skip


def summarise_spikes(
    readings: Sequence[PlateReading], *, marker: str, settings: PlateSettings
) -> list[Result]:
    """Return the recovery of every spiked sample; none where nothing was spiked.

    Recovery is (spiked − unspiked) ÷ added, in the well, of the same sample at the same dilution
    on the same plate; one whose partner is missing or out of range has none, and is named.

    Parameters
    ----------
    readings : sequence of PlateReading
    marker : str
    settings : PlateSettings
    """
    rows = pd.DataFrame(
        [row for reading in readings for row in _recoveries(reading, settings)], columns=_COLUMNS
    )
    if rows.empty:
        return []
    known = rows["recovery_percent"].dropna()
    outside = rows[rows["recovery_percent"].notna() & ~rows["is_accepted"].astype(bool)]
    lost = rows[rows["recovery_percent"].isna()]
    warnings = []
    if len(outside):
        warnings.append(
            f"Recovery off by more than {settings.recovery_limit:g} %: {recoveries_named(outside)}."
        )
    warnings += [f"No recovery of {row[LABEL]}: {row['note']}." for _, row in lost.iterrows()]
    question = Question(
        analysis=ANALYSIS,
        marker=marker,
        outcome="spike recovery",
        groups=("spiked samples",),
        n={"spiked samples": len(known)},
        unit="%",
    )
    return [
        question.answer(
            role="description",
            estimate=float(known.mean()) if len(known) else float("nan"),
            estimate_name="mean recovery",
            spread=float(known.std(ddof=1)) if len(known) > 1 else float("nan"),
            null_value=100.0,
            warnings=tuple(warnings),
            data=rows.assign(recovery_limit_percent=settings.recovery_limit),
        )
    ]


def _recoveries(reading: PlateReading, settings: PlateSettings) -> list[dict[str, object]]:
    samples = reading.units[reading.units[ROLE] == SAMPLE]
    plain = samples[samples[SPIKE] == 0].set_index([*SAMPLE_KEY, DILUTION])["concentration"]
    rows: list[dict[str, object]] = []
    for _, unit in samples[samples[SPIKE] > 0].iterrows():
        key = tuple(unit[name] for name in (*SAMPLE_KEY, DILUTION))
        base = float(plain.loc[key]) if key in plain.index else float("nan")
        recovery = 100 * (float(unit["concentration"]) - base) / float(unit[SPIKE])
        rows.append(
            {
                **{name: unit[name] for name in (PLATE, PARTICIPANT_ID, VISIT, LABEL, SPIKE)},
                "concentration": unit["concentration"],
                "expected": base + float(unit[SPIKE]),
                "recovery_percent": recovery,
                "is_accepted": bool(abs(recovery - 100) <= settings.recovery_limit),
                "note": _why_not(unit, base, has_plain=key in plain.index),
            }
        )
    return rows


def _why_not(unit: pd.Series, base: float, *, has_plain: bool) -> str:
    if not has_plain:
        return "the sample without the spike is not on the plate at that dilution"
    if np.isnan(base):
        return "the sample without the spike has no level in range"
    return "the spiked sample has no level in range" if np.isnan(unit["concentration"]) else ""
