"""ELISA plates → standard curves, levels with their side and limit, and the plates' own quality."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ketbio.analyses.laboratory.controls import chart_controls, corrected_by_controls
from ketbio.analyses.laboratory.curve_results import curve_result, held_wells
from ketbio.analyses.laboratory.dilutions import summarise_dilutions
from ketbio.analyses.laboratory.plate_levels import plate_levels
from ketbio.analyses.laboratory.plate_reading import read_plate
from ketbio.analyses.laboratory.plate_settings import PlateSettings
from ketbio.analyses.laboratory.spikes import summarise_spikes
from ketbio.analyses.laboratory.wells import PLATE, prepared_wells
from ketbio.errors import TableError
from ketbio.notebook_parts import folded, html_table, lead, notebook_view
from ketbio.result import Result, Results
from ketbio.result.views import results_parts
from ketbio.wording import count_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StandardCurves:
    """The plates of one assay, read.

    Attributes
    ----------
    results : Results
        One curve per plate; then controls over the plates, dilution linearity and spike recovery
        where the plates have them.
    levels : DataFrame
        One row per sample × plate (`LEVEL_COLUMNS`), for `ketbio.derive_concentration`:
        ``concentration_ng_ml`` after dilution, or the side and limit that it is beyond, or why
        there is none.
    wells : DataFrame
        One row per well: its corrected response, and what it reads by itself where that is within
        the range; ``plate_factor`` is what levels of the plate are multiplied by.
    """

    results: Results
    levels: pd.DataFrame
    wells: pd.DataFrame

    def __repr__(self) -> str:
        counted = f"{count_of(len(self.levels), 'level')}, {count_of(len(self.wells), 'well')}"
        return f"<StandardCurves: {counted}; read .results, .levels and .wells>\n{self.results!r}"

    def _repr_html_(self) -> str:
        columns = [name for name in _SHOWN_LEVELS if name in self.levels]
        levels = self.levels[columns].astype("string").fillna("–")
        return notebook_view(
            lead(
                f"{count_of(len(self.levels), 'level')} read from "
                f"{count_of(len(self.wells), 'well')}"
            ),
            *results_parts(self.results),
            folded(
                "Levels",
                html_table(
                    "Levels, one row per sample and plate",
                    columns,
                    levels.itertuples(index=False, name=None),
                    rest=": .levels holds all",
                ),
            ),
        )


_SHOWN_LEVELS = (
    "participant_id", "visit", "specimen", "plate_id", "concentration_ng_ml", "censored", "limit",
    "reason",
)  # fmt: skip
"""Columns of the levels that a notebook shows."""


def fit_standard_curves(
    wells: pd.DataFrame,
    *,
    marker: str = "",
    analyte: str | None = None,
    specimen: str | None = None,
    **settings: Any,
) -> StandardCurves:
    """Read ELISA plates: a curve per plate, and the level of every sample with its limits.

    Parameters
    ----------
    wells : DataFrame
        The validated ``elisa_plates`` table, one row per well.
    marker : str
        Name of the marker in the results; the analyte, or ``"analyte"``, where empty.
    analyte, specimen : str, optional
        Only the wells of one analyte, and only samples of one specimen.
    **settings
        As in `PlateSettings`: ``curve`` (``"4pl"``, ``"5pl"``, ``"aicc"``), ``weights``
        (``"none"``, ``"relative"``), ``points`` (``"means"``, ``"wells"``), ``blank`` (``"auto"``,
        ``"subtract"``, ``"zero_standard"``, ``"ignore"``), ``pool`` (``"responses"``,
        ``"concentrations"``), ``interval``, ``cv_limit``, ``recovery_limit``,
        ``recovery_limit_at_lloq``, ``control_limit`` (%), ``lloq``, ``uloq`` (ng/mL in the well),
        ``plate_correction`` (``"none"``, ``"controls"``), ``confidence_level``.

    Returns
    -------
    StandardCurves
        ``results``, ``levels`` and ``wells``. A plate without a usable curve has a result that says
        why, and its samples keep their rows with that reason.

    Raises
    ------
    TableError
        A column is missing, a word is not known, or the wells are of several analytes.

    Notes
    -----
    By default what plate readers' software does: four parameters, on the means of the unmasked
    standards with the zero standard, unweighted. A standard is accepted if it reads back within
    20 % of its concentration (25 % at the LLOQ); LLOQ and ULOQ are the lowest and the highest
    accepted standard. What reads beyond them is censored, never extrapolated. The dilution is
    applied after reading.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([0, 1, 2, 4, 8, 16, 32.0])
    >>> od = 0.05 + 2.0 * x / (10 + x)
    >>> plate = pd.DataFrame({"plate_id": "PL1", "well": [f"A{n}" for n in range(1, 9)],
    ...     "role": ["standard"] * 7 + ["sample"], "concentration": [*x, np.nan],
    ...     "participant_id": [""] * 7 + ["P01"], "visit": [""] * 7 + ["baseline"],
    ...     "dilution_factor": [1.0] * 7 + [20.0], "absorbance": [*od, 0.05 + 2.0 * 5 / 15]})
    >>> found = fit_standard_curves(plate)
    >>> found.levels[["participant_id", "concentration_ng_ml"]].round(3)
      participant_id  concentration_ng_ml
    0            P01                100.0
    """
    how = _settings(settings)
    prepared = prepared_wells(wells, analyte=analyte, specimen=specimen)
    if not len(prepared):
        raise TableError("wells is empty; a plate with standards and samples is wanted.")
    name = marker or analyte or next((one for one in prepared["analyte"] if one), "analyte")
    readings = [read_plate(own, how) for _, own in prepared.groupby(PLATE, sort=False)]
    charts = chart_controls(readings, marker=name, settings=how)
    readings, corrections = corrected_by_controls(readings, settings=how)
    results: list[Result] = [
        curve_result(one, marker=name, settings=how, correction=corrections.get(one.plate_id, ""))
        for one in readings
    ]
    results += charts
    results += summarise_dilutions(readings, marker=name, settings=how)
    results += summarise_spikes(readings, marker=name, settings=how)
    return StandardCurves(
        results=Results(results),
        levels=plate_levels(readings, corrections),
        wells=pd.concat([held_wells(one) for one in readings], ignore_index=True),
    )


def _settings(given: Mapping[str, Any]) -> PlateSettings:
    unknown = [name for name in given if name not in PlateSettings.__slots__]
    if unknown:
        raise TableError(
            f"{unknown[0]!r} is not a setting of plates; allowed: "
            f"{', '.join(PlateSettings.__slots__)}."
        )
    return PlateSettings(**given)
