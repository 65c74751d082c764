"""Levels of one specimen: replicates pooled, units kept, values beyond a limit kept as such."""

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.endpoints.frames import endpoint_table, require_columns, require_one_of
from ketbio.endpoints.variation import cv_percent
from ketbio.errors import TableError
from ketbio.vocabulary import MARKERS, MASS_CONCENTRATION_PER_NG_ML, PARTICIPANT_ID, VISIT
from ketbio.wording import count_of, format_number, join_words

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LEVEL = "level"
LEVEL_OF_PLATES = "concentration_ng_ml"
CV_LIMIT_PERCENT = 20.0
"""Replicates that differ by more are flagged in the note (METHODS §2)."""


def derive_concentration(
    levels: pd.DataFrame,
    *,
    specimen: str | None = None,
    marker: str | None = None,
    column: str = "bdnf_ng_ml",
    unit: str = "ng/mL",
    scale: str = "raw",
    below: str = "keep",
    cv_limit: float = CV_LIMIT_PERCENT,
) -> pd.DataFrame:
    """Return the level in one specimen, one row per participant × visit.

    Serum and plasma are different quantities and never pooled: one call takes one specimen.
    Replicates are averaged (arithmetic mean); a CV above the limit is named in ``note``. A level
    below the LLOQ stays censored: NaN with ``censored = "left"`` and its ``limit``; one above the
    upper limit with ``censored = "right"``. Where replicates lie on two sides of a limit there is
    neither a level nor a limit, and the reason says so.

    Parameters
    ----------
    levels : DataFrame
        The validated ``bdnf`` table, or the ``levels`` of `fit_standard_curves`.
    specimen : str, optional
        ``"serum"``, ``"plasma"`` …; that of a known marker when None. ``""`` takes all levels of
        a table of one specimen, as does None where the table names no specimen at all.
    marker : str, optional
        Name of the marker; ``"BDNF_" + specimen`` when None.
    column : str
        The column of the levels, in ng/mL: ``"concentration_ng_ml"`` for those read from plates.
    unit : str
        Unit of the result: ``"ng/mL"``, ``"pg/mL"`` or another of
        `ketbio.vocabulary.MASS_CONCENTRATION_PER_NG_ML`.
    scale : {"raw", "log2"}
        Whether the level or its base-2 logarithm is returned.
    below : {"keep", "half", "root2"}
        ``"keep"``: a level below the LLOQ stays censored, and the analyses use it as such.
        ``"half"``, ``"root2"``: LLOQ ÷ 2 or LLOQ ÷ √2 is put in its place, which invents values
        and is named in the note; for comparison with papers that did so.
    cv_limit : float
        In percent: replicates that vary by more are named in ``note``.

    Returns
    -------
    DataFrame
        The endpoints table.

    Raises
    ------
    TableError
        No such specimen in the table, several where none is named, or an unknown unit, scale
        or substitution.

    Examples
    --------
    >>> import pandas as pd
    >>> levels = pd.DataFrame({"participant_id": ["P01", "P01"], "visit": ["baseline"] * 2,
    ...     "specimen": ["serum"] * 2, "bdnf_ng_ml": [20.0, 24.0], "replicate": ["1", "2"]})
    >>> derive_concentration(levels, specimen="serum")[["marker", "value", "unit", "note"]]
           marker  value   unit                           note
    0  BDNF_serum   22.0  ng/mL  mean of 2 replicates, CV 13 %
    """
    _require_levels(levels, column)
    here = set(levels["specimen"].fillna(""))
    known = specimen_of(marker or "") if here != {""} else ""  # plates may name none
    fluid = specimen if specimen is not None else known
    chosen = levels if fluid == "" else levels[levels["specimen"] == fluid]
    if fluid != "" or len(here) > 1:
        require_one_of("specimen", fluid, dict.fromkeys(levels["specimen"]))
    require_one_of("unit", unit, MASS_CONCENTRATION_PER_NG_ML)
    require_one_of("scale", scale, ("raw", "log2"))
    require_one_of("below", below, ("keep", *SUBSTITUTES))
    if not cv_limit > 0:
        raise TableError(f"cv_limit is {cv_limit!r}; a percentage above 0 is allowed.")
    name = marker or f"BDNF_{fluid}"
    factor = MASS_CONCENTRATION_PER_NG_ML[unit]
    return endpoint_table(
        {
            PARTICIPANT_ID: participant,
            VISIT: visit,
            "marker": name,
            "unit": unit if scale == "raw" else f"log2 {unit}",
            "scale": scale,
            **_on_scale(
                _substituted(
                    _pool(rows.rename(columns={column: LEVEL}), factor, unit, cv_limit), below, unit
                ),
                scale,
            ),
        }
        for (participant, visit), rows in chosen.groupby([PARTICIPANT_ID, VISIT], sort=False)
    )


def _require_levels(levels: pd.DataFrame, column: str) -> None:
    of_plates = LEVEL_OF_PLATES
    if isinstance(levels, pd.DataFrame) and column not in levels and of_plates in levels:
        raise TableError(
            f"levels has no column {column!r}; the levels of fit_standard_curves() are in "
            f"column={of_plates!r}."
        )
    require_columns(levels, [PARTICIPANT_ID, VISIT, "specimen", column], what="levels")


def specimen_of(marker: str) -> str:
    """Return the specimen that a known marker is measured in, ``""`` for another name."""
    return MARKERS[marker].specimen if marker in MARKERS else ""


def _pool(rows: pd.DataFrame, factor: float, unit: str, cv_limit: float) -> dict[str, Any]:
    below, above = _flags(rows, "below_lloq"), _flags(rows, "above_uloq")
    values = rows[LEVEL].to_numpy(dtype=float) * factor
    measured = values[~below & ~above & ~np.isnan(values)]
    if not (below.any() or above.any()):
        if not len(measured):
            return {"reason": join_words(_told(rows, "reason")) or "no level recorded"}
        notes = [_replicate_note(measured, cv_limit), *_told(rows, "note"), *_told(rows, "reason")]
        return {"value": float(measured.mean()), "note": "; ".join(filter(None, notes))}
    if below.any() and above.any():
        return {
            "reason": f"{count_of(int(below.sum()), 'replicate')} of {len(rows)} below the LLOQ "
            f"and {int(above.sum())} above the ULOQ: neither a level nor beyond a limit"
        }
    if len(measured):
        return {"reason": _on_both_sides(measured, below, above, unit)}
    if below.any():
        return _beyond("left", _limits(rows, "lloq_ng_ml", factor)[below].max(), unit)
    return _beyond("right", _limits(rows, "uloq_ng_ml", factor)[above].min(), unit)


_SIDES = {"left": ("below", "the LLOQ"), "right": ("above", "the ULOQ")}


def _beyond(side: str, bound: float, unit: str) -> dict[str, Any]:
    """Return a level of which only a limit is known: of several replicates the weakest one."""
    where, limit = _SIDES[side]
    shown = f"{limit} (not stated)" if math.isnan(bound) else f"{format_number(bound)} {unit}"
    return {"censored": side, "limit": float(bound), "reason": f"{where} {shown}"}


SUBSTITUTES = {"half": (2.0, "LLOQ ÷ 2"), "root2": (math.sqrt(2.0), "LLOQ ÷ √2")}
"""Words of ``below`` that put a number in place of a level below the LLOQ."""


def _substituted(pooled: dict[str, Any], below: str, unit: str) -> dict[str, Any]:
    """Return what was pooled, with a number in place of a level below a known LLOQ if asked for."""
    is_left = pooled.get("censored") == "left" and not math.isnan(pooled["limit"])
    if below not in SUBSTITUTES or not is_left:
        return pooled
    divisor, words = SUBSTITUTES[below]
    value = pooled["limit"] / divisor
    shown = f"{format_number(value)} {unit}"
    return {"value": value, "note": f"{pooled['reason']}: {words} ({shown}) put in its place"}


def _told(rows: pd.DataFrame, name: str) -> list[str]:
    """Return what the laboratory says of the levels, each once."""
    words = _column(rows, name, "").fillna("").astype("str")
    return [word for word in dict.fromkeys(words) if word]


def _on_both_sides(measured: FloatArray, below: BoolArray, above: BoolArray, unit: str) -> str:
    seen = ", ".join(format_number(value) for value in measured)
    beyond = below | above
    where, rest, limit = (
        ("below", "above", "the LLOQ") if below.any() else ("above", "below", "the ULOQ")
    )
    return (
        f"{count_of(int(beyond.sum()), 'replicate')} of {len(beyond)} {where} {limit} and the rest "
        f"{rest} it ({seen} {unit}): neither a level nor {where} the limit"
    )


def _flags(rows: pd.DataFrame, name: str) -> BoolArray:
    flags = _column(rows, name, False).astype("boolean")
    return flags.fillna(False).to_numpy(dtype=bool)


def _limits(rows: pd.DataFrame, name: str, factor: float) -> FloatArray:
    return _column(rows, name, np.nan).to_numpy(dtype=float) * factor


def _column(rows: pd.DataFrame, name: str, default: object) -> "pd.Series[Any]":
    return rows[name] if name in rows.columns else pd.Series(default, index=rows.index)


def _replicate_note(values: FloatArray, cv_limit: float) -> str:
    if len(values) < 2:
        return ""
    cv = cv_percent(values)
    flag = f" (above {cv_limit:g} %)" if cv > cv_limit else ""
    return f"mean of {len(values)} replicates, CV {cv:.0f} %{flag}"


def _on_scale(pooled: dict[str, Any], scale: str) -> dict[str, Any]:
    if scale == "raw":
        return pooled
    for key in ("value", "limit"):
        if key in pooled and not math.isnan(pooled[key]):
            if pooled[key] <= 0:
                return {"reason": f"a level of {format_number(pooled[key])} has no logarithm"}
            pooled[key] = math.log2(pooled[key])
    return pooled
