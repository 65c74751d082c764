"""The wells of ELISA plates, ready for a curve: corrected responses, labels, units."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import count_of, join_words

STANDARD, BLANK, SAMPLE, CONTROL = "standard", "blank", "sample", "control"
PLATE, WELL, ROLE, RESPONSE, NOMINAL = "plate_id", "well", "role", "response", "nominal"
IS_MASKED, LABEL, DILUTION, SPIKE = "is_masked", "label", "dilution_factor", "spike"
SPECIMEN, CONTROL_NAME, RUN_DATE = "specimen", "control_name", "run_date"

_OPTIONAL: dict[str, Any] = {
    PARTICIPANT_ID: "",
    VISIT: "",
    SPECIMEN: "",
    CONTROL_NAME: "",
    "analyte": "",
    "mask_reason": "",
    RUN_DATE: pd.NaT,
    DILUTION: 1.0,
    SPIKE: 0.0,
    "reference_absorbance": 0.0,
    IS_MASKED: False,
}
"""Columns that a table of wells may lack, and what stands there then."""

SAMPLE_KEY = [PARTICIPANT_ID, VISIT, SPECIMEN]
"""What one sample is, on whatever plate and at whatever dilution."""
UNIT_KEY = [PLATE, *SAMPLE_KEY, DILUTION, SPIKE]
"""Wells of one sample, dilution and spike on one plate: replicates of one another."""


def prepared_wells(
    wells: pd.DataFrame, *, analyte: str | None = None, specimen: str | None = None
) -> pd.DataFrame:
    """Return wells with their corrected response and a label, masked ones among them.

    Parameters
    ----------
    wells : DataFrame
        The validated ``elisa_plates`` table.
    analyte, specimen : str, optional
        Only the wells of one analyte, and only samples of one specimen.

    Returns
    -------
    DataFrame
        One row per well, in their order. ``response`` is the absorbance less that of the
        reference wavelength, in OD; a well without a reading is masked.

    Raises
    ------
    TableError
        A column is missing; two wells share a place; several analytes on a plate and none named.
    """
    require_columns(wells, [PLATE, WELL, ROLE, "concentration", "absorbance"], what="wells")
    table = wells.assign(
        **{name: blank for name, blank in _OPTIONAL.items() if name not in wells.columns}
    ).reset_index(drop=True)
    for name, blank in _OPTIONAL.items():
        if isinstance(blank, str):
            table[name] = table[name].fillna("").astype("str")
    table = _of_one_analyte(table, analyte)
    if specimen is not None:
        is_other = (table[ROLE] == SAMPLE) & (table[SPECIMEN] != specimen)
        require_one_of(
            "specimen", specimen, dict.fromkeys(table.loc[table[ROLE] == SAMPLE, SPECIMEN])
        )
        table = table[~is_other].reset_index(drop=True)
    _refuse_doubles(table)
    table[IS_MASKED] = table[IS_MASKED].astype("boolean").fillna(False).astype(bool)
    table[DILUTION] = table[DILUTION].astype("float64").fillna(1.0)
    table[SPIKE] = table[SPIKE].astype("float64").fillna(0.0)
    _refuse_half_referenced(table)
    reference = table["reference_absorbance"].astype("float64").fillna(0.0)
    table[RESPONSE] = table["absorbance"].astype("float64") - reference
    is_unread = table[RESPONSE].isna() & ~table[IS_MASKED]
    table.loc[is_unread, "mask_reason"] = "no reading"
    table[IS_MASKED] = table[IS_MASKED] | is_unread
    table[NOMINAL] = table["concentration"].astype("float64")
    table.loc[table[ROLE] == BLANK, NOMINAL] = 0.0
    mixed = _of_several_specimens(table)
    table[LABEL] = [
        well_label(row, with_specimen=row[PLATE] in mixed) for row in table.to_dict("records")
    ]
    return table


def _of_several_specimens(table: pd.DataFrame) -> set[str]:
    """Return the plates whose samples are told apart by their specimen too."""
    specimens = table[table[ROLE] == SAMPLE].groupby(PLATE)[SPECIMEN].nunique()
    return set(specimens[specimens > 1].index)


def well_label(row: dict[Any, Any], *, with_specimen: bool = False) -> str:
    """Return what readers call a well's contents, its specimen where asked for.

    Examples
    --------
    >>> well_label({"role": "sample", "participant_id": "P01", "visit": "baseline",
    ...             "dilution_factor": 20.0, "spike": 0.0})
    'P01 baseline 1:20'
    """
    if row[ROLE] == STANDARD:
        return f"{row[NOMINAL]:g} ng/mL"
    if row[ROLE] == BLANK:
        return "blank"
    if row[ROLE] == CONTROL:
        return str(row[CONTROL_NAME] or "control")
    dilution = f" 1:{row[DILUTION]:g}" if row[DILUTION] != 1 else ""
    spike = f" + {row[SPIKE]:g} ng/mL" if row[SPIKE] > 0 else ""
    specimen = f" {row[SPECIMEN]}" if with_specimen and row[SPECIMEN] else ""
    return f"{row[PARTICIPANT_ID]} {row[VISIT]}{specimen}{dilution}{spike}".strip()


def wells_named(wells: Sequence[str]) -> str:
    """Return wells as words: ``"well A1"``, ``"wells A1 and A2"``.

    Examples
    --------
    >>> wells_named(["A1"]), wells_named(["A1", "A2", "B1"])
    ('well A1', 'wells A1, A2 and B1')
    """
    return f"{'well' if len(wells) == 1 else 'wells'} {join_words(wells)}"


def recoveries_named(rows: pd.DataFrame) -> str:
    """Return rows with their recovery as words: ``"P01 baseline 1:40 (131 %)"``."""
    pairs = zip(rows[LABEL], rows["recovery_percent"], strict=True)
    return join_words(f"{label} ({recovery:.0f} %)" for label, recovery in pairs)


def _of_one_analyte(table: pd.DataFrame, analyte: str | None) -> pd.DataFrame:
    here = list(dict.fromkeys(name for name in table["analyte"] if name))
    if analyte is not None:
        require_one_of("analyte", analyte, here)
        return table[table["analyte"].isin((analyte, ""))].reset_index(drop=True)
    if len(here) > 1:
        raise TableError(
            f"The wells are of {count_of(len(here), 'analyte')}: {join_words(map(repr, here))}; "
            "each has a curve of its own. Name one as analyte."
        )
    return table


def _refuse_half_referenced(table: pd.DataFrame) -> None:
    """Refuse a plate of which only some wells have a second wavelength to take off."""
    is_read = table["absorbance"].notna()
    lacks = table["reference_absorbance"].isna() & is_read
    for plate, own in table[is_read].groupby(PLATE, sort=False):
        without = own.loc[lacks[own.index], WELL]
        if 0 < len(without) < len(own):
            raise TableError(
                f"Plate {plate} has a reference_absorbance for some wells and none for "
                f"{wells_named(list(without))}; it is taken off every well of a plate or of none. "
                "Fill it in, or leave the column out."
            )


def _refuse_doubles(table: pd.DataFrame) -> None:
    twice = table[table.duplicated([PLATE, WELL], keep=False)]
    if len(twice):
        first = twice.iloc[0]
        raise TableError(
            f"Plate {first[PLATE]} has well {first[WELL]} twice; each well has one row. "
            "Remove one of them."
        )
