"""Rules of blots and of levels; written like those of `ketbio.tables.rules.registry`."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.level_units import per_ng_ml
from ketbio.tables.rules.registry import Finding, Frame, rule
from ketbio.tables.rules.settings import (
    LevelColumns,
    LimitsPerWord,
    NumberColumn,
    NumberColumnsIfAny,
    PerWord,
    TextColumn,
    TwoColumns,
)

_SERUM_BEGINS = 100.0
"""ng/mL; a specimen with a lower ceiling can be mistaken for serum."""


# -- blots -----------------------------------------------------------------------------------
def _explain_above_background(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    intensity: NumberColumn,
    background: NumberColumn,
) -> Iterator[Finding]:
    for position in failed:
        found, behind = frame[intensity].iloc[position], frame[background].iloc[position]
        yield Finding(
            position=position,
            column=intensity,
            message=f"{records.label(intensity, position)} {found:g} minus background {behind:g} "
            f"is {found - behind:g}; above 0 is wanted. Check the band; as it is, it gives no "
            "ratio.",
        )


@rule(_explain_above_background)
def above_background(
    frame: Frame, *, intensity: NumberColumn, background: NumberColumn
) -> "pd.Series[bool]":
    """Hold where intensity minus background is above 0, or one of them is not known."""
    return ~((frame[intensity] - frame[background]) <= 0)


def _explain_partner_in_lane(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    lane: TwoColumns,
    target: TextColumn,
    form: TextColumn,
    stains: NumberColumnsIfAny = (),
) -> Iterator[Finding]:
    del records, stains
    for position in failed:
        gel, number = (frame[name].iloc[position] for name in lane)
        protein = frame[target].iloc[position]
        yield Finding(
            position=position,
            column=form,
            message=f"The phospho band of {protein} in gel {gel}, lane {number} has neither the "
            f"total form of {protein} nor a loading control or stain there; add the partner's row "
            "or correct gel, lane or target.",
        )


@rule(_explain_partner_in_lane)
def partner_in_lane(
    frame: Frame,
    *,
    lane: TwoColumns,
    target: TextColumn,
    form: TextColumn,
    stains: NumberColumnsIfAny = (),
) -> "pd.Series[bool]":
    """Hold where a phospho band has its total form, a loading control or a stain in its lane.

    ``stains`` are columns that hold the stain of the lane beside the band itself.
    """
    lanes = pd.MultiIndex.from_frame(frame[list(lane)])
    bands = pd.MultiIndex.from_frame(frame[[*lane, target]])
    with_loading = lanes[frame[form].isin(("loading", "stain")).to_numpy()]
    with_total = bands[(frame[form] == "total").to_numpy()]
    has_stain = frame[list(stains)].notna().any(axis=1).to_numpy()
    has_partner = lanes.isin(with_loading) | bands.isin(with_total) | has_stain
    return (frame[form] != "phospho") | pd.Series(has_partner, index=frame.index)


# -- levels ----------------------------------------------------------------------------------
def level_ng_ml(frame: Frame, values: Sequence[str]) -> "pd.Series[float]":
    """Return the level in ng/mL from the first of several columns that has it.

    The unit of each is the end of its name: ``bdnf_ng_ml``, ``bdnf_pg_ml``.

    Examples
    --------
    >>> frame = pd.DataFrame({"bdnf_ng_ml": [1.5, np.nan], "bdnf_pg_ml": [np.nan, 250.0]})
    >>> level_ng_ml(frame, ["bdnf_ng_ml", "bdnf_pg_ml"]).tolist()
    [1.5, 0.25]
    """
    level = pd.Series(np.nan, index=frame.index, dtype="float64")
    for name in values:
        level = level.fillna(frame[name] / per_ng_ml(name))
    return level


def _source_of(frame: Frame, values: Sequence[str], position: int) -> str:
    return next((name for name in values if pd.notna(frame[name].iloc[position])), values[0])


def _explain_not_a_level_of(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    values: LevelColumns,
    specimen: TextColumn,
    impossible_above: PerWord,
) -> Iterator[Finding]:
    levels = level_ng_ml(frame, values)
    for position in failed:
        column, kind = _source_of(frame, values, position), frame[specimen].iloc[position]
        level, ceiling = levels.iloc[position], impossible_above[kind]
        found = f"{records.label(column, position)} is {level:g} ng/mL in {kind}"
        if ceiling < _SERUM_BEGINS:
            message = (
                f"{found}: that is a level of serum, {kind} stays below {ceiling:g} ng/mL. Is it a "
                f"serum row inside {kind}, or pg/mL in the wrong column? Correct specimen or unit."
            )
        else:
            message = (
                f"{found}, which stays below {ceiling:g} ng/mL. Is it pg/mL in the column of "
                "ng/mL? Correct the unit."
            )
        yield Finding(position=position, column=column, message=message)


@rule(_explain_not_a_level_of)
def not_a_level_of(
    frame: Frame, *, values: LevelColumns, specimen: TextColumn, impossible_above: PerWord
) -> "pd.Series[bool]":
    """Hold where the level is not above what its specimen can have."""
    ceiling = frame[specimen].map(dict(impossible_above)).astype("float64")
    return ~(level_ng_ml(frame, values) > ceiling)


def _explain_plausible_level(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    values: LevelColumns,
    specimen: TextColumn,
    ranges: LimitsPerWord,
    impossible_above: PerWord,
) -> Iterator[Finding]:
    del impossible_above
    levels = level_ng_ml(frame, values)
    for position in failed:
        column, kind = _source_of(frame, values, position), frame[specimen].iloc[position]
        level, (low, high) = levels.iloc[position], ranges[kind]
        yield Finding(
            position=position,
            column=column,
            message=f"{records.label(column, position)} is {level:g} ng/mL in {kind}, where "
            f"{low:g} to {high:g} is usual; check the unit and the specimen. The row is kept.",
        )


@rule(_explain_plausible_level)
def plausible_level(
    frame: Frame,
    *,
    values: LevelColumns,
    specimen: TextColumn,
    ranges: LimitsPerWord,
    impossible_above: PerWord,
) -> "pd.Series[bool]":
    """Hold where the level is usual for its specimen (or impossible, which is another rule)."""
    level = level_ng_ml(frame, values)
    low = frame[specimen].map({kind: limits[0] for kind, limits in ranges.items()}).astype(float)
    high = frame[specimen].map({kind: limits[1] for kind, limits in ranges.items()}).astype(float)
    ceiling = frame[specimen].map(dict(impossible_above)).astype(float)
    return ~((level < low) | ((level > high) & ~(level > ceiling)))
