"""A plate that was read → its `Result`: the curve, its limits, and every well behind it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.laboratory.plate_reading import PlateReading
from ketbio.analyses.laboratory.plate_settings import PlateSettings
from ketbio.analyses.laboratory.wells import (
    BLANK,
    CONTROL,
    CONTROL_NAME,
    IS_MASKED,
    LABEL,
    NOMINAL,
    PLATE,
    RESPONSE,
    ROLE,
    SAMPLE,
    STANDARD,
    UNIT_KEY,
    WELL,
)
from ketbio.analyses.question import Question
from ketbio.result import Result
from ketbio.statistics import DoseResponseFit
from ketbio.statistics.curves.parameter_intervals import parameter_interval
from ketbio.statistics.dose_response import predict_response
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import count_of, format_number, join_words

ANALYSIS = "fit_standard_curve"
UNIT = "ng/mL"
CURVE_POINTS = 81
CURVE = "curve"
NAN = float("nan")
COLUMNS = (
    PLATE, WELL, ROLE, LABEL, PARTICIPANT_ID, VISIT, NOMINAL, RESPONSE, "concentration", "ci_low",
    "ci_high", "recovery_percent", "is_accepted", "side", "limit", IS_MASKED, "note",
)  # fmt: skip
"""Columns of the result's data: a row per well, and one per point of the drawn curve."""

CURVE_WORDS = {"4pl": "four-parameter logistic", "5pl": "five-parameter logistic"}
WEIGHT_WORDS = {"none": "unweighted", "relative": "weighted by 1/fitted²"}
POINT_WORDS = {"means": "on the means of the standards", "wells": "on every well of the standards"}
REFERENCES = ("findlay2007", "ema2011")


def curve_result(
    reading: PlateReading, *, marker: str, settings: PlateSettings, correction: str = ""
) -> Result:
    """Return what is to be told of one plate.

    Parameters
    ----------
    reading : PlateReading
    marker : str
    settings : PlateSettings
    correction : str
        What was done to bring its levels to those of the other plates, in words.
    """
    question = Question(
        analysis=ANALYSIS,
        marker=marker,
        outcome=f"standard curve of plate {reading.plate_id}",
        groups=("standard wells",),
        n={"standard wells": reading.fit.n_wells if reading.fit else 0},
        unit=UNIT,
    )
    fit = reading.fit
    if fit is None:
        return question.answer(
            role="description",
            warnings=(f"No curve: {reading.fault}",),
            data=_data(reading, settings),
        )
    return question.answer(
        role="description",
        estimate=fit.ec50,
        estimate_name="EC50",
        **_interval(fit, "e" if fit.curve == "4pl" else "", settings),
        warnings=(
            *reading.warnings,
            *_sample_warnings(reading, settings),
            f"{_fitted_how(fit)}; {reading.blank_words}.",
            *((correction,) if correction else ()),
        ),
        data=_data(reading, settings, _curve_rows(fit, reading)),
        references=REFERENCES,
        companions=tuple(_companions(question, reading, fit, settings)),
    )


def _data(reading: PlateReading, settings: PlateSettings, *more: pd.DataFrame) -> pd.DataFrame:
    """Return the wells, then more rows, with the limits that standards were held to."""
    rows = pd.concat([held_wells(reading)[list(COLUMNS)], *more], ignore_index=True)
    return rows.assign(
        recovery_limit_percent=settings.recovery_limit,
        recovery_limit_at_lloq_percent=settings.recovery_limit_at_lloq,
    )


def _fitted_how(fit: DoseResponseFit) -> str:
    chosen = ""
    if not np.isnan(fit.aicc_other):
        chosen = (
            f", chosen by AICc ({format_number(fit.aicc)} against {format_number(fit.aicc_other)})"
        )
    return (
        f"The curve is a {CURVE_WORDS[fit.curve]}{chosen}, {WEIGHT_WORDS[fit.weights]}, "
        f"{POINT_WORDS[fit.points]}"
    )


def _sample_warnings(reading: PlateReading, settings: PlateSettings) -> Iterator[str]:
    units = reading.units
    samples = units[units[ROLE] == SAMPLE]
    flagged = units[units["concentration"].notna() & (units["cv_percent"] > settings.cv_limit)]
    if len(flagged):
        named = join_words(f"{row[LABEL]} ({row['note']})" for _, row in flagged.iterrows())
        yield f"Replicate wells disagree: {named}."
    for side, words in (("left", "below the LLOQ"), ("right", "above the ULOQ")):
        beyond = samples.loc[samples["side"] == side, LABEL]
        if len(beyond):
            yield f"{count_of(len(beyond), 'sample')} {words}: {join_words(beyond)}."
    masked = reading.wells.loc[reading.wells[IS_MASKED]]
    if len(masked):
        named = join_words(
            f"{row[WELL]} ({row['mask_reason']})" if row["mask_reason"] else row[WELL]
            for _, row in masked.iterrows()
        )
        yield f"{count_of(len(masked), 'well')} masked and not used: {named}."


def _interval(fit: DoseResponseFit, parameter: str, settings: PlateSettings) -> dict[str, Any]:
    if not parameter:
        return {}
    level = settings.confidence_level
    low, high = parameter_interval(fit, parameter, confidence_level=level)
    if parameter == "b":  # shown as −b, so that it is positive where the response rises
        low, high = -high, -low
    words = "" if np.isnan(low) else f"t on {fit.df} df"
    return {"ci_low": low, "ci_high": high, "ci_level": level, "ci_method": words}


def _companions(
    question: Question, reading: PlateReading, fit: DoseResponseFit, settings: PlateSettings
) -> Iterator[Result]:
    """Yield the numbers of the curve and of its range, one each."""
    residual = "OD" if fit.weights == "none" else "of the fitted OD"
    given = {
        "slope": (-fit.b, "b", ""),
        "lower asymptote": (fit.c, "c", "OD"),
        "upper asymptote": (fit.d, "d", "OD"),
        "asymmetry": (fit.f if fit.curve == "5pl" else NAN, "f", ""),
        "residual SD": (fit.residual_sd, "", residual),
        "LOD": (reading.lod, "", UNIT),
        "LLOQ": (reading.lloq, "", UNIT),
        "ULOQ": (reading.uloq, "", UNIT),
    }
    for name, (value, parameter, unit) in given.items():
        if np.isnan(value):
            continue
        yield question.about(outcome=f"{question.outcome}, {name}", unit=unit).answer(
            role="description",
            estimate=float(value),
            estimate_name=name,
            **_interval(fit, parameter, settings),
        )
    for _, row in reading.standards.iterrows():
        yield question.about(
            outcome=f"{question.outcome}, standard {row[NOMINAL]:g} {UNIT} read back",
            unit="%",
            n={"standard wells": int(row["n_wells"])},
        ).answer(
            role="description",
            estimate=float(row["recovery_percent"]),
            estimate_name="recovery",
            warnings=() if row["is_accepted"] else ("Not accepted.",),
        )


def held_wells(reading: PlateReading) -> pd.DataFrame:
    """Return a row per well, each by itself: standards with their recovery, samples held to range.

    A sample is read from all its wells; what one of them reads is for the eye only, and no number
    beyond the range is shown for it either.
    """
    rows = reading.wells.assign(
        recovery_percent=NAN, is_accepted=True, limit=NAN, note="", plate_factor=reading.factor
    )
    is_masked = rows[IS_MASKED].astype(bool)
    is_standard = (rows[ROLE] == STANDARD) & (rows[NOMINAL] > 0)
    rows.loc[is_standard, "recovery_percent"] = (
        100 * rows.loc[is_standard, "concentration"] / rows.loc[is_standard, NOMINAL]
    )
    if len(reading.standards):
        is_good = reading.standards.set_index(NOMINAL)["is_accepted"]
        accepted = rows.loc[is_standard, NOMINAL].map(is_good)
        rows.loc[is_standard, "is_accepted"] = accepted.fillna(value=False).astype(bool)
    rows["is_accepted"] = rows["is_accepted"] & ~is_masked
    is_read = rows[ROLE].isin((SAMPLE, CONTROL))
    rows["side"] = _sides(rows, reading).where(is_read & ~is_masked, "")
    for side, limit in (("left", reading.lloq), ("right", reading.uloq)):
        rows.loc[rows["side"] == side, "limit"] = limit
    has_none = is_masked | (rows[ROLE] == BLANK) | (rows["side"] != "")
    has_none |= is_read & (np.isnan(reading.lloq) or np.isnan(reading.uloq))
    rows.loc[has_none, ["concentration", "ci_low", "ci_high"]] = NAN
    notes = reading.units.set_index([*UNIT_KEY, ROLE, CONTROL_NAME])["note"]
    keys = rows.loc[is_read, [*UNIT_KEY, ROLE, CONTROL_NAME]].itertuples(index=False, name=None)
    rows.loc[is_read, "note"] = [str(notes.loc[key]) for key in keys]
    rows.loc[is_masked, "note"] = rows.loc[is_masked, "mask_reason"].replace("", "masked")
    return rows.reset_index(drop=True)


def _sides(rows: pd.DataFrame, reading: PlateReading) -> "pd.Series[str]":
    sides = rows["side"] if "side" in rows else pd.Series("", index=rows.index)
    sides = sides.mask(rows["concentration"] < reading.lloq, "left")
    return sides.mask(rows["concentration"] > reading.uloq, "right")


def _curve_rows(fit: DoseResponseFit, reading: PlateReading) -> pd.DataFrame:
    """Return the curve with its band from below the lowest standard to above the highest."""
    positive = fit.concentrations[fit.concentrations > 0]
    grid = np.geomspace(positive.min() / 2, positive.max() * 2, CURVE_POINTS)
    found = predict_response(fit, np.concatenate([[0.0], grid]))
    rows = pd.DataFrame(
        {
            PLATE: reading.plate_id,
            ROLE: CURVE,
            NOMINAL: np.concatenate([[0.0], grid]),
            RESPONSE: found.response,
            "ci_low": found.ci_low,
            "ci_high": found.ci_high,
        }
    )
    texts = (WELL, LABEL, PARTICIPANT_ID, VISIT, "side", "note")
    return rows.assign(
        **dict.fromkeys(texts, ""),
        **dict.fromkeys(("concentration", "recovery_percent", "limit"), NAN),
        **{IS_MASKED: False, "is_accepted": True},
    )[list(COLUMNS)]
