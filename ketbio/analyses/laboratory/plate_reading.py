"""One plate: its curve, which standards it can be trusted with, and what each sample reads."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.laboratory.curve_reader import (
    STANDARD_COLUMNS,
    CurveReader,
    without_curve,
)
from ketbio.analyses.laboratory.plate_settings import PlateSettings
from ketbio.analyses.laboratory.wells import (
    BLANK,
    IS_MASKED,
    NOMINAL,
    PLATE,
    RESPONSE,
    ROLE,
    STANDARD,
)
from ketbio.errors import StatisticsError
from ketbio.statistics import DoseResponseFit, fit_dose_response
from ketbio.statistics.dose_response import limit_of_detection
from ketbio.wording import count_of, format_number

FloatArray = NDArray[np.float64]
NAN = float("nan")
GUIDELINE_SHARE = 0.75
"""Share of the standards that has to be accepted for a curve to be (EMA, FDA)."""
MIN_ACCEPTED = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlateReading:
    """One plate, read.

    Attributes
    ----------
    plate_id : str
    fit : DoseResponseFit or None
        None where no curve could be fitted.
    fault : str
        Why there is no curve, as a sentence; empty where there is one.
    wells : DataFrame
        The plate's wells; ``response`` after the blank, ``concentration`` in the well (ng/mL).
    standards : DataFrame
        ``nominal, n_wells, response, concentration, recovery_percent, cv_percent, is_accepted``.
    units : DataFrame
        One row per sample × dilution × spike and per control: ``concentration, ci_low, ci_high``
        in the well, ``side, limit, n_wells, cv_percent, wells, note``.
    lod, lloq, uloq : float
        In the well, ng/mL; NaN where there is none.
    blank_words : str
        What was done with the blanks.
    factor : float
        What its units are multiplied by to agree with other plates; wells and limits are not.
    warnings : tuple of str
        What a reader of this plate has to know.
    """

    plate_id: str
    fit: DoseResponseFit | None
    fault: str
    wells: pd.DataFrame
    standards: pd.DataFrame
    units: pd.DataFrame
    lod: float = NAN
    lloq: float = NAN
    uloq: float = NAN
    blank_words: str = ""
    factor: float = 1.0
    warnings: tuple[str, ...] = ()


def read_plate(wells: pd.DataFrame, settings: PlateSettings) -> PlateReading:
    """Return one plate with its curve, or with the sentence that says why it has none.

    Parameters
    ----------
    wells : DataFrame
        Of one plate, from `prepared_wells`.
    settings : PlateSettings
    """
    plate_id = str(wells[PLATE].iloc[0])
    blanked, blank_words = _blanked(wells, settings.blank)
    used = blanked[~blanked[IS_MASKED]]
    points = used[(used[ROLE] == STANDARD) | ((used[ROLE] == BLANK) & used["is_zero"])]
    fit, fault = _fitted(points, settings)
    if fit is None:
        return PlateReading(
            plate_id=plate_id,
            fit=None,
            fault=f"plate {plate_id}: {fault}",
            wells=blanked.assign(concentration=NAN, ci_low=NAN, ci_high=NAN),
            standards=pd.DataFrame(columns=list(STANDARD_COLUMNS)),
            units=without_curve(blanked, f"plate {plate_id} has no curve"),
            blank_words=blank_words,
        )
    reading = CurveReader(fit=fit, settings=settings)
    lod = _lod(fit, used)
    standards, lloq, uloq = _judged(reading.standards(points), lod, settings)
    limits, told = _with_stated((lloq, uloq), fit, lod, settings)
    return PlateReading(
        plate_id=plate_id,
        fit=fit,
        fault="",
        wells=reading.each_well(blanked),
        standards=standards,
        units=reading.units(blanked, *limits),
        lod=lod,
        lloq=limits[0],
        uloq=limits[1],
        blank_words=blank_words,
        warnings=(
            *fit.warnings,
            *_lod_warning(lod),
            *_range_warnings(standards, limits),
            *_disagreeing_standards(standards, settings.cv_limit),
            *told,
        ),
    )


def _fitted(points: pd.DataFrame, settings: PlateSettings) -> tuple[DoseResponseFit | None, str]:
    """Return the curve, or why there is none."""
    if points.empty:
        return None, "it has no standard that could be used. Name its standards, or unmask them."
    try:
        fit = fit_dose_response(
            points[NOMINAL].to_numpy(dtype=float),
            points[RESPONSE].to_numpy(dtype=float),
            curve=settings.curve,
            weights=settings.weights,
            points=settings.points,
        )
    except StatisticsError as error:
        return None, str(error)
    return fit, ""


# -- blanks ----------------------------------------------------------------------------------
def _blanked(wells: pd.DataFrame, how: str) -> tuple[pd.DataFrame, str]:
    """Return the wells with their blanks dealt with, and the words for it."""
    is_blank = (wells[ROLE] == BLANK) & ~wells[IS_MASKED]
    has_zero = bool(((wells[ROLE] == STANDARD) & (wells[NOMINAL] == 0) & ~wells[IS_MASKED]).any())
    if how == "auto":
        how = "subtract" if has_zero else "zero_standard"
    if not is_blank.any():
        return wells.assign(is_zero=False), "the plate has no blank that could be used"
    return _BLANKS[how](wells, is_blank)


def _subtracted(wells: pd.DataFrame, is_blank: "pd.Series[bool]") -> tuple[pd.DataFrame, str]:
    mean = float(wells.loc[is_blank, RESPONSE].mean())
    words = f"the mean of {count_of(int(is_blank.sum()), 'blank')} ({format_number(mean)} OD)"
    made = wells.assign(is_zero=False)
    made[RESPONSE] = wells[RESPONSE] - mean
    return made, f"{words} was taken off every well"


def _as_zero(wells: pd.DataFrame, is_blank: "pd.Series[bool]") -> tuple[pd.DataFrame, str]:
    words = f"{count_of(int(is_blank.sum()), 'blank')} entered the curve as a standard of 0"
    return wells.assign(is_zero=wells[ROLE] == BLANK), words


def _left_aside(wells: pd.DataFrame, is_blank: "pd.Series[bool]") -> tuple[pd.DataFrame, str]:
    return wells.assign(is_zero=False), f"{count_of(int(is_blank.sum()), 'blank')} were left aside"


_BLANKS: dict[str, Callable[[pd.DataFrame, "pd.Series[bool]"], tuple[pd.DataFrame, str]]] = {
    "subtract": _subtracted,
    "zero_standard": _as_zero,
    "ignore": _left_aside,
}


def _lod(fit: DoseResponseFit, used: pd.DataFrame) -> float:
    """Return the limit of detection from the blanks, or from the zero standard without them."""
    blanks = used.loc[used[ROLE] == BLANK, RESPONSE]
    if len(blanks) < 2:
        blanks = used.loc[(used[ROLE] == STANDARD) & (used[NOMINAL] == 0), RESPONSE]
    if len(blanks) < 2:
        return NAN
    return float(limit_of_detection(fit, blanks.to_numpy(dtype=float)))


def _lod_warning(lod: float) -> tuple[str, ...]:
    if not np.isnan(lod):
        return ()
    return (
        "There is no LOD: the plate has fewer than two blanks, or their mean + 3 SD lies off the "
        "curve.",
    )


# -- standards -------------------------------------------------------------------------------
def _judged(
    standards: pd.DataFrame, lod: float, settings: PlateSettings
) -> tuple[pd.DataFrame, float, float]:
    """Return the standards with the accepted ones marked, the LLOQ and the ULOQ.

    The LLOQ is the lowest standard that reads within its wider limit and is not below the LOD;
    all above it have to keep the narrower one.
    """
    off = (standards["recovery_percent"] - 100).abs().to_numpy(dtype=float)
    above_lod = ~(standards[NOMINAL].to_numpy(dtype=float) < lod)
    narrow = off <= settings.recovery_limit
    wide = (off <= settings.recovery_limit_at_lloq) & above_lod
    at = int(np.argmax(wide)) if wide.any() else -1
    accepted = narrow & above_lod
    if at >= 0:
        accepted[at] = True
    levels = standards.loc[accepted, NOMINAL].to_numpy(dtype=float)
    judged = standards.assign(is_accepted=accepted)
    if len(levels) < 2:
        return judged, NAN, NAN
    return judged, float(levels.min()), float(levels.max())


def _with_stated(
    found: tuple[float, float], fit: DoseResponseFit, lod: float, settings: PlateSettings
) -> tuple[tuple[float, float], tuple[str, ...]]:
    """Return the limits, those of the plan in place of the plate's, and what is to be said.

    A stated limit may take in standards that did not read back, or leave some out; it never
    reaches beyond the standards, where every number would be extrapolated.
    """
    positive = fit.concentrations[fit.concentrations > 0]
    lloq, uloq = found
    told = []
    if settings.lloq is not None:
        lloq = max(settings.lloq, float(positive.min()))
        if lloq > settings.lloq:
            told.append(_BEYOND.format("LLOQ", settings.lloq, "below the lowest", lloq))
        if lloq < lod:
            told.append(
                f"The LLOQ of the plan ({lloq:g} ng/mL) is below the LOD ({format_number(lod)} "
                "ng/mL): levels between them cannot be told from a blank."
            )
    if settings.uloq is not None:
        uloq = min(settings.uloq, float(positive.max()))
        if uloq < settings.uloq:
            told.append(_BEYOND.format("ULOQ", settings.uloq, "above the highest", uloq))
    if lloq >= uloq:
        told.append(
            f"With the limits of the plan the LLOQ ({lloq:g} ng/mL) is not below the ULOQ "
            f"({uloq:g} ng/mL), so that the plate has no working range; its samples have no values."
        )
        return (NAN, NAN), tuple(told)
    return (lloq, uloq), tuple(told)


_BEYOND = (
    "The {} of the plan ({:g} ng/mL) is {} standard of the plate, and what lies beyond the "
    "standards is not measured: {:g} ng/mL is used."
)


def _disagreeing_standards(standards: pd.DataFrame, limit: float) -> tuple[str, ...]:
    wide = standards[standards["cv_percent"] > limit]
    if wide.empty:
        return ()
    pairs = zip(wide[NOMINAL], wide["cv_percent"], strict=True)
    named = ", ".join(f"{nominal:g} ng/mL (CV {cv:.0f} %)" for nominal, cv in pairs)
    return (f"The wells of a standard disagree by more than {limit:g} %: {named}.",)


def _range_warnings(standards: pd.DataFrame, limits: tuple[float, float]) -> tuple[str, ...]:
    n, accepted = len(standards), int(standards["is_accepted"].sum())
    refused = standards.loc[~standards["is_accepted"].astype(bool), NOMINAL]
    told = []
    if np.isnan(limits).any() and accepted < 2:
        told.append(
            "Fewer than two standards read back within their limits, so that the plate has no "
            "working range; its samples have no values."
        )
    if n and len(refused):
        named = ", ".join(f"{value:g}" for value in refused)
        told.append(
            f"{count_of(len(refused), 'standard')} of {n} did not read back within the limits "
            f"({named} ng/mL)."
        )
    if n and (accepted < GUIDELINE_SHARE * n or accepted < MIN_ACCEPTED):
        told.append(
            f"{accepted} of {n} standards were accepted; guidelines on bioanalysis want at least "
            f"{GUIDELINE_SHARE:.0%} of them and {MIN_ACCEPTED} at least."
        )
    return tuple(told)


def scaled_plate(reading: PlateReading, factor: float) -> PlateReading:
    """Return a plate with its units multiplied (a correction between plates)."""
    numbers = ("concentration", "ci_low", "ci_high", "limit")
    scaled = {name: reading.units[name].astype(float) * factor for name in numbers}
    return replace(reading, units=reading.units.assign(**scaled), factor=factor)
