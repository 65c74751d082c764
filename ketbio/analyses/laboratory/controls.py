"""Controls that plates share: charted over the plates, and used to bring plates together."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.laboratory.plate_reading import PlateReading, scaled_plate
from ketbio.analyses.laboratory.plate_settings import PlateSettings
from ketbio.analyses.laboratory.wells import (
    CONTROL,
    CONTROL_NAME,
    DILUTION,
    PLATE,
    ROLE,
    RUN_DATE,
)
from ketbio.analyses.question import Question
from ketbio.errors import TableError
from ketbio.result import Result
from ketbio.wording import count_of, format_number, join_words

ANALYSIS = "chart_controls"
FloatArray = NDArray[np.float64]
NAN = float("nan")


def chart_controls(
    readings: Sequence[PlateReading], *, marker: str, settings: PlateSettings
) -> list[Result]:
    """Return one chart per control: its level on every plate, in the order of the runs.

    A level is outside where it is off the expected value by more than ``control_limit`` percent, or
    off the median of the other plates where no value is expected: with few plates no level can be
    three of their standard deviations from their mean.

    Parameters
    ----------
    readings : sequence of PlateReading
    marker : str
    settings : PlateSettings
    """
    levels = _control_levels(readings)
    return [
        _chart(str(name), own.reset_index(drop=True), marker, settings)
        for name, own in levels.groupby(CONTROL_NAME, sort=False)
    ]


def _control_levels(readings: Sequence[PlateReading]) -> pd.DataFrame:
    rows = []
    for reading in readings:
        dates = reading.wells[RUN_DATE].dropna()
        for _, unit in reading.units[reading.units[ROLE] == CONTROL].iterrows():
            rows.append(
                {
                    CONTROL_NAME: unit[CONTROL_NAME] or "control",
                    PLATE: reading.plate_id,
                    RUN_DATE: dates.min() if len(dates) else pd.NaT,
                    "value": unit["concentration"] * unit[DILUTION],
                    "n_wells": unit["n_wells"],
                    "cv_percent": unit["cv_percent"],
                    "expected": unit["expected"],
                    DILUTION: unit[DILUTION],
                    "note": _why_none(unit, reading),
                }
            )
    columns = [CONTROL_NAME, PLATE, RUN_DATE, "value", "n_wells", "cv_percent", "expected", "note"]
    table = _by_dilution(pd.DataFrame(rows, columns=[*columns, DILUTION]))[columns]
    return table.sort_values(RUN_DATE, kind="stable", na_position="last", ignore_index=True)


def _by_dilution(rows: pd.DataFrame) -> pd.DataFrame:
    """Name the dilution of a control that a plate has at several: each is a control of its own."""
    twice = rows.loc[rows.duplicated([CONTROL_NAME, PLATE]), CONTROL_NAME]
    full = [
        f"{name} 1:{one:g}" for name, one in zip(rows[CONTROL_NAME], rows[DILUTION], strict=True)
    ]
    names = rows[CONTROL_NAME].mask(
        rows[CONTROL_NAME].isin(set(twice)), pd.Series(full, rows.index)
    )
    return rows.assign(**{CONTROL_NAME: names})


def _why_none(unit: pd.Series, reading: PlateReading) -> str:
    if unit["side"]:
        where = {"left": "below the LLOQ", "right": "above the ULOQ"}[unit["side"]]
        return f"{where} of plate {reading.plate_id}"
    return str(unit["note"])


def _chart(name: str, rows: pd.DataFrame, marker: str, settings: PlateSettings) -> Result:
    values = rows["value"].to_numpy(dtype=float)
    known = values[~np.isnan(values)]
    mean = float(known.mean()) if len(known) else NAN
    sd = float(known.std(ddof=1)) if len(known) > 1 else NAN
    off = _off_percent(values, rows["expected"].to_numpy(dtype=float))
    is_outside = np.nan_to_num(np.abs(off), nan=0.0) > settings.control_limit
    data = rows.assign(
        z=(values - mean) / sd if sd > 0 else NAN,
        is_outside=is_outside,
        off_percent=off,
        **{
            f"{side}_{k}sd": mean + sign * k * sd if _can_be_beyond(k, len(known)) else NAN
            for side, sign in (("low", -1), ("high", 1))
            for k in (2, 3)
        },
    )
    question = Question(
        analysis=ANALYSIS,
        marker=marker,
        outcome=f"control {name} over {count_of(len(rows), 'plate')}",
        groups=("plates",),
        n={"plates": len(known)},
        unit="ng/mL",
    )
    return question.answer(
        role="description",
        estimate=mean,
        estimate_name="mean",
        spread=sd,
        warnings=tuple(_chart_warnings(data, settings)),
        data=data.drop(columns=[CONTROL_NAME]),
        companions=tuple(_spreads(question, rows, mean, sd)),
    )


def _can_be_beyond(k: int, n: int) -> bool:
    """Tell whether one of n values can lie more than k of their own SDs from their own mean.

    None lies further than (n − 1)/√n (Shiffler 1988): a line that nothing can cross says nothing.
    """
    return n > 1 and (n - 1) / math.sqrt(n) > k


def _off_percent(values: FloatArray, expected: FloatArray) -> FloatArray:
    """Return by how many percent each level is off what it is held against."""
    against = expected.copy()
    for place in np.flatnonzero(np.isnan(expected)):
        others = np.delete(values, place)
        others = others[~np.isnan(others)]
        against[place] = np.median(others) if len(others) else NAN
    off: FloatArray = 100 * (values / against - 1)
    return off


def _spreads(question: Question, rows: pd.DataFrame, mean: float, sd: float) -> Iterator[Result]:
    within = rows["cv_percent"].dropna().to_numpy(dtype=float)
    if sd > 0:
        yield question.about(unit="%").answer(
            role="description", estimate=100 * sd / mean, estimate_name="CV of plate levels"
        )
    if len(within):
        yield question.about(unit="%").answer(
            role="description",
            estimate=float(np.sqrt((within**2).mean())),
            estimate_name="within-run CV",
        )


def _chart_warnings(data: pd.DataFrame, settings: PlateSettings) -> Iterator[str]:
    outside = data[data["is_outside"]]
    if len(outside):
        named = join_words(
            f"{row[PLATE]} ({format_number(row['off_percent'], signed=True)} %)"
            for _, row in outside.iterrows()
        )
        plate = "plate" if len(outside) == 1 else "plates"
        yield f"The control is off by more than {settings.control_limit:g} % on {plate} {named}."
    for _, row in data[data["value"].isna()].iterrows():
        yield f"The control has no level on plate {row[PLATE]}: {row['note']}."
    if data["value"].notna().sum() < 3:
        yield (
            f"{count_of(int(data['value'].notna().sum()), 'plate')} cannot show a drift between "
            "plates."
        )


# -- bringing plates together ----------------------------------------------------------------
def corrected_by_controls(
    readings: Sequence[PlateReading], *, settings: PlateSettings
) -> tuple[list[PlateReading], dict[str, str]]:
    """Return the plates with their levels scaled so that their controls agree, and the words.

    Parameters
    ----------
    readings : sequence of PlateReading
    settings : PlateSettings
        ``plate_correction`` says whether.

    Raises
    ------
    TableError
        A plate has no control that was measured.
    """
    if settings.plate_correction == "none":
        return list(readings), {}
    levels = _control_levels(readings).dropna(subset="value")
    levels = levels[levels["value"] > 0]
    logs = np.log(levels["value"])
    reference = np.log(levels["expected"].where(levels["expected"] > 0))
    reference = reference.fillna(logs.groupby(levels[CONTROL_NAME]).transform("mean"))
    shift = (reference - logs).groupby(levels[PLATE]).mean()
    made, words = [], {}
    for one in readings:
        if one.fit is None:
            made.append(one)
            continue
        if one.plate_id not in shift.index:
            raise TableError(
                f"plate_correction is 'controls', but plate {one.plate_id} has no control with a "
                "level; give every plate one, or set plate_correction = 'none'."
            )
        factor = float(np.exp(shift[one.plate_id]))
        made.append(scaled_plate(one, factor))
        words[one.plate_id] = (
            f"plate {one.plate_id} scaled by {format_number(factor)} to its controls"
        )
    return made, words
