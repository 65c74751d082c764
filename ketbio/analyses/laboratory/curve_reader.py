"""Responses read from one curve: standards, wells, samples and controls, held to its range."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.laboratory.plate_settings import PlateSettings
from ketbio.analyses.laboratory.wells import (
    CONTROL,
    CONTROL_NAME,
    IS_MASKED,
    LABEL,
    NOMINAL,
    RESPONSE,
    ROLE,
    SAMPLE,
    UNIT_KEY,
    WELL,
    wells_named,
)
from ketbio.endpoints.variation import cv_percent
from ketbio.statistics import DoseResponseFit, back_calculate

FloatArray = NDArray[np.float64]
NAN = float("nan")

STANDARD_COLUMNS = (
    NOMINAL, "n_wells", RESPONSE, "concentration", "recovery_percent", "cv_percent", "is_accepted",
)  # fmt: skip
UNIT_COLUMNS = (
    *UNIT_KEY, ROLE, CONTROL_NAME, LABEL, "expected", "n_wells", RESPONSE, "concentration",
    "ci_low", "ci_high", "side", "limit", "cv_percent", "wells", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveReader:
    """Reads responses from one curve."""

    fit: DoseResponseFit
    settings: PlateSettings

    def standards(self, points: pd.DataFrame) -> pd.DataFrame:
        """Return each standard above 0, read back from the curve."""
        levels = points[points[NOMINAL] > 0].groupby(NOMINAL, sort=True)[RESPONSE]
        nominal = np.array(list(levels.groups), dtype=float)
        wells = [own.to_numpy(dtype=float) for _, own in levels]
        means = np.array([own.mean() for own in wells])
        found = self.numbers(means)
        return pd.DataFrame(
            {
                NOMINAL: nominal,
                "n_wells": [len(own) for own in wells],
                RESPONSE: means,
                "concentration": found,
                "recovery_percent": 100 * found / nominal,
                "cv_percent": [cv_percent(own) for own in self.split(wells)],
                "is_accepted": False,
            },
            columns=list(STANDARD_COLUMNS),
        )

    def numbers(self, responses: FloatArray) -> FloatArray:
        """Return the concentrations alone; NaN beyond an asymptote."""
        return back_calculate(self.fit, responses, interval="none").concentration

    def split(self, wells: Sequence[FloatArray]) -> list[FloatArray]:
        """Return what each well of each group reads, all groups in one go."""
        if not wells:
            return []
        found = self.numbers(np.concatenate(wells))
        return np.split(found, np.cumsum([len(own) for own in wells])[:-1])

    def read(self, responses: Sequence[float] | FloatArray, n_wells: Sequence[int]) -> pd.DataFrame:
        """Return responses read from the curve: concentrations in the well with their intervals."""
        found = back_calculate(
            self.fit,
            np.asarray(responses, dtype=float),
            n_wells=np.asarray(n_wells),
            interval=self.settings.interval,
            confidence_level=self.settings.confidence_level,
        )
        return pd.DataFrame(
            {
                "concentration": found.concentration,
                "ci_low": found.ci_low,
                "ci_high": found.ci_high,
                "side": list(found.side),
            }
        )

    def each_well(self, wells: pd.DataFrame) -> pd.DataFrame:
        """Return the wells with the concentration that each reads by itself."""
        is_read = wells[RESPONSE].notna()
        read = self.read(
            wells.loc[is_read, RESPONSE].to_numpy(dtype=float), [1] * int(is_read.sum())
        )
        read.index = wells.index[is_read]
        return wells.assign(
            **{
                name: read[name].reindex(wells.index)
                for name in ("concentration", "ci_low", "ci_high")
            },
            side=read["side"].reindex(wells.index).fillna("").astype("str"),
        )

    def units(self, wells: pd.DataFrame, lloq: float, uloq: float) -> pd.DataFrame:
        """Return samples and controls, each read from its wells and held to the range."""
        rows = _unit_rows(wells)
        if not rows:
            return pd.DataFrame(columns=list(UNIT_COLUMNS))
        is_read = [row["n_wells"] > 0 for row in rows]
        some = [row for row in rows if row["n_wells"]]
        read: Iterator[dict[Any, Any]] = iter(
            self.pooled(some, lloq, uloq).to_dict("records") if some else ()
        )
        made = [
            self.held_to_range(row, next(read), lloq, uloq) if known else row
            for row, known in zip(rows, is_read, strict=True)
        ]
        return pd.DataFrame(
            [{name: row.get(name, NAN) for name in UNIT_COLUMNS} for row in made],
            columns=list(UNIT_COLUMNS),
        )

    def pooled(self, rows: list[dict[str, Any]], lloq: float, uloq: float) -> pd.DataFrame:
        """Return what each unit reads: from the mean response, or as the mean of its wells."""
        means = np.array([row["responses"].mean() for row in rows])
        read = self.read(means, [row["n_wells"] for row in rows])
        own = self.split([row["responses"] for row in rows])
        # where a well reads no number, the responses say how far the wells disagree
        read["cv_percent"] = [
            cv_percent(row["responses"] if np.isnan(values).any() else values)
            for row, values in zip(rows, own, strict=True)
        ]
        if self.settings.pool == "concentrations":
            # a well out of range reads no number to average: its unit is left to the mean response
            is_inside = [bool(((lloq <= one) & (one <= uloq)).all()) for one in own]
            read["pool_note"] = ["" if inside else _LEFT_TO_RESPONSE for inside in is_inside]
            factor = np.array([values.mean() for values in own]) / read["concentration"]
            factor = factor.where(is_inside, 1.0)
            for name in ("concentration", "ci_low", "ci_high"):
                read[name] = read[name] * factor
        return read

    def held_to_range(
        self, row: dict[str, Any], read: dict[str, Any], lloq: float, uloq: float
    ) -> dict[str, Any]:
        """Return a unit with its concentration, or with the side and limit that it is beyond."""
        made = {**row, **read}
        value, side = float(made["concentration"]), str(made["side"])
        if np.isnan(lloq) or np.isnan(uloq):
            return {**made, **_NO_NUMBER, "side": "", "note": "the plate has no working range"}
        if side == "left" or value < lloq:
            return {**made, **_NO_NUMBER, "side": "left", "limit": lloq, "cv_percent": NAN}
        if side == "right" or value > uloq:
            return {**made, **_NO_NUMBER, "side": "right", "limit": uloq, "cv_percent": NAN}
        cv_note = _cv_note(row, float(made["cv_percent"]), self.settings.cv_limit)
        note = "; ".join(filter(None, [cv_note, made.get("pool_note", "")]))
        return {**made, **(_NO_INTERVAL if cv_note else {}), "side": "", "note": note}


_LEFT_TO_RESPONSE = "read from the mean response, as a well is out of range by itself"
_NO_INTERVAL = {"ci_low": NAN, "ci_high": NAN}
"""Of wells that disagree: an interval takes them to vary as the wells of the standards do."""
_NO_NUMBER = {"concentration": NAN, "ci_low": NAN, "ci_high": NAN}


def _unit_rows(wells: pd.DataFrame) -> list[dict[str, Any]]:
    """Return samples and controls, each with its unmasked responses."""
    found: dict[tuple[Any, ...], list[dict[Any, Any]]] = {}
    for row in wells[wells[ROLE].isin((SAMPLE, CONTROL))].to_dict("records"):
        found.setdefault(tuple(row[name] for name in _WHOLE_KEY), []).append(row)
    return [_unit_row(own) for own in found.values()]


_WHOLE_KEY = (*UNIT_KEY, ROLE, CONTROL_NAME)


def _unit_row(wells: Sequence[dict[Any, Any]]) -> dict[str, Any]:
    first = wells[0]
    used = np.array([one[RESPONSE] for one in wells if not one[IS_MASKED]], dtype=float)
    named = wells_named([one[WELL] for one in wells])
    return {
        **{name: first[name] for name in (*_WHOLE_KEY, LABEL)},
        "expected": first[NOMINAL],
        "responses": used,
        RESPONSE: float(used.mean()) if len(used) else NAN,
        "n_wells": len(used),
        "wells": named,
        "side": "",
        "note": "" if len(used) else f"all wells masked ({named})",
    }


def without_curve(wells: pd.DataFrame, why: str) -> pd.DataFrame:
    """Return samples and controls of a plate that cannot be read, each with the reason."""
    rows = [{**row, "note": why} for row in _unit_rows(wells)]
    return pd.DataFrame(
        [{name: row.get(name, NAN) for name in UNIT_COLUMNS} for row in rows],
        columns=list(UNIT_COLUMNS),
    )


def _cv_note(row: dict[str, Any], cv: float, limit: float) -> str:
    if not cv > limit:
        return ""
    return f"{row['wells']}: CV {cv:.0f} %, above {limit:g} %, so that no interval is given"
