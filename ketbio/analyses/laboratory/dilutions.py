"""Dilution linearity and parallelism: does a sample read the same at every dilution."""

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
from ketbio.statistics.parallelism import dilution_slope
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import format_number

ANALYSIS = "summarise_dilutions"


def summarise_dilutions(
    readings: Sequence[PlateReading], *, marker: str, settings: PlateSettings
) -> list[Result]:
    """Return one result for the samples read at two dilutions or more; none where there are none.

    A sample's level at each dilution is held against its level at the lowest dilution in range.
    The slope of log level in the well on log of the share of sample there is 1 where the sample
    runs parallel to the standards.

    Parameters
    ----------
    readings : sequence of PlateReading
    marker : str
    settings : PlateSettings
    """
    rows = _dilution_rows(readings, settings)
    if rows.empty:
        return []
    question = Question(
        analysis=ANALYSIS,
        marker=marker,
        outcome="dilution linearity",
        groups=("samples",),
        n={"samples": rows["sample"].nunique()},
    )
    found = dilution_slope(
        np.log(1 / rows[DILUTION].to_numpy(dtype=float)),
        np.log(rows["in_well"].to_numpy(dtype=float)),
        rows["sample"].to_numpy(dtype=str),
        confidence_level=settings.confidence_level,
    )
    worst = rows.loc[~rows["is_accepted"]]
    warnings = []
    if len(worst):
        warnings.append(
            f"Read off by more than {settings.recovery_limit:g} % when diluted: "
            f"{recoveries_named(worst)}."
        )
    if found.ci_low > 1 or found.ci_high < 1:
        warnings.append(
            f"The slope is {format_number(found.value)} where 1 means parallel to the standards: "
            "levels depend on the dilution."
        )
    return [
        question.answer(
            role="description",
            estimate=found.value,
            estimate_name="slope on dilution",
            ci_low=found.ci_low,
            ci_high=found.ci_high,
            ci_level=found.ci_level,
            ci_method=found.ci_method,
            null_value=1.0,
            warnings=tuple(warnings),
            data=rows.drop(columns=["sample", "in_well"]).assign(
                recovery_limit_percent=settings.recovery_limit
            ),
        )
    ]


def _dilution_rows(readings: Sequence[PlateReading], settings: PlateSettings) -> pd.DataFrame:
    made = []
    for reading in readings:
        units = reading.units
        samples = units[(units[ROLE] == SAMPLE) & (units[SPIKE] == 0)]
        samples = samples[samples["concentration"].notna()]
        for _, own in samples.groupby(SAMPLE_KEY, sort=False):
            if own[DILUTION].nunique() < 2:
                continue
            ordered = own.sort_values(DILUTION, kind="stable")
            level = ordered["concentration"].astype(float) * ordered[DILUTION].astype(float)
            recovery = 100 * level / level.iloc[0]
            made.append(
                ordered[[PLATE, PARTICIPANT_ID, VISIT, LABEL, DILUTION]].assign(
                    concentration=level,
                    expected=level.iloc[0],
                    recovery_percent=recovery,
                    is_accepted=(recovery - 100).abs() <= settings.recovery_limit,
                    sample=f"{reading.plate_id} {ordered[PARTICIPANT_ID].iloc[0]} "
                    f"{ordered[VISIT].iloc[0]} {ordered['specimen'].iloc[0]}",
                    in_well=ordered["concentration"].astype(float),
                )
            )
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame()
