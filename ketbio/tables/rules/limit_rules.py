"""Rules of levels beside the limits of their assay; written like those of the registry."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.laboratory_rules import level_ng_ml
from ketbio.tables.rules.registry import Finding, Frame, rule
from ketbio.tables.rules.settings import (
    FlagColumn,
    FlagColumns,
    LevelColumns,
    NgMlColumn,
    NumberColumn,
    NumberColumns,
    TextColumn,
    Word,
)
from ketbio.wording import join_words

_OTHER_UNIT = 10.0
"""A limit so many times a level is in another unit rather than wrong by a digit."""


def _is_true(frame: Frame, flag: FlagColumn) -> "pd.Series[bool]":
    return frame[flag].fillna(False).astype(bool)


def _explain_value_or_flag(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    values: NumberColumns,
    flags: FlagColumns,
) -> Iterator[Finding]:
    for position in failed:
        filled = [name for name in values if pd.notna(frame[name].iloc[position])]
        raised = [name for name in flags if _is_true(frame, name).iloc[position]]
        names = [records.label(name, position) for name in filled]
        if len(filled) > 1:
            message = f"{join_words(names)} are both filled; give the level in one unit."
        elif filled:
            message = (
                f"{names[0]} has a value and {records.label(raised[0], position)} is true; "
                "keep the value, or leave it empty and keep the flag."
            )
        elif raised:
            labels = join_words([records.label(name, position) for name in raised])
            message = f"{labels} are both true; a level lies on one side of the range only."
        else:
            message = (
                "The row has no level. If it was not measured, leave the row out; if it was below "
                f"the limit of quantification, write '<' and the limit, or set {flags[0]} to true."
            )
        yield Finding(position=position, column=(filled or values)[0], message=message)


@rule(_explain_value_or_flag)
def value_or_flag(frame: Frame, *, values: NumberColumns, flags: FlagColumns) -> "pd.Series[bool]":
    """Hold where exactly one of the values and the flags is there."""
    n_values = frame[list(values)].notna().sum(axis=1)
    return sum((_is_true(frame, flag).astype(int) for flag in flags), start=n_values) == 1


def _explain_limit_known(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    flag: FlagColumn,
    limit: NumberColumn,
    consequence: Word,
) -> Iterator[Finding]:
    del frame
    for position in failed:
        yield Finding(
            position=position,
            column=flag,
            message=f"{records.label(flag, position)} is true without a limit; give {limit}, "
            f"without which {consequence}.",
        )


@rule(_explain_limit_known)
def limit_known(
    frame: Frame, *, flag: FlagColumn, limit: NumberColumn, consequence: Word
) -> "pd.Series[bool]":
    """Hold where a level beyond a limit comes with the limit."""
    del consequence
    return ~_is_true(frame, flag) | frame[limit].notna()


def _explain_limits_fit(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    values: LevelColumns,
    specimen: TextColumn,
    lower: NgMlColumn,
    upper: NgMlColumn,
    flag: FlagColumn,
) -> Iterator[Finding]:
    levels = level_ng_ml(frame, values)
    highest = _highest(frame, levels, specimen)
    for position in failed:
        level, low, high = (
            float(one.iloc[position]) for one in (levels, frame[lower], frame[upper])
        )
        if level > high:
            column, said = upper, f"below the level of {level:g} in its own row"
            advice = "Write '>' and the limit if the level was above it, else correct the limit"
        elif low > high:
            column, said = lower, f"not below {upper}, {high:g}"
            advice = "Correct one of them"
        elif level < low:
            column, said = lower, f"above the level of {level:g} in its own row"
            advice = "Write '<' and the limit if the level was below it, else correct the limit"
        else:
            level, column = float(highest.iloc[position]), lower
            kind = frame[specimen].iloc[position]
            said = f"above every level measured in {kind} (at most {level:g})"
            advice = "Correct the limit if it is wrong"
        if column == lower and low >= _OTHER_UNIT * level:
            advice = "Is it in pg/mL? Correct its unit"
        yield Finding(
            position=position,
            column=column,
            message=f"{records.label(column, position)} is {frame[column].iloc[position]:g} ng/mL, "
            f"{said}. {advice}. The row is kept.",
        )
    del flag


def _highest(frame: Frame, levels: "pd.Series[float]", specimen: TextColumn) -> "pd.Series[float]":
    return levels.groupby(frame[specimen], dropna=False).transform("max")


@rule(_explain_limits_fit)
def limits_fit(
    frame: Frame,
    *,
    values: LevelColumns,
    specimen: TextColumn,
    lower: NgMlColumn,
    upper: NgMlColumn,
    flag: FlagColumn,
) -> "pd.Series[bool]":
    """Hold where no level is outside the limits of its own row, nor a lower limit above them all.

    The second is asked only of rows below their limit, where the limit stands for the level.
    """
    levels = level_ng_ml(frame, values)
    is_outside = (levels < frame[lower]) | (levels > frame[upper]) | (frame[lower] >= frame[upper])
    highest = _highest(frame, levels, specimen).to_numpy(dtype=float)
    above_all = np.greater(frame[lower].to_numpy(dtype=float), highest)
    is_flagged = _is_true(frame, flag)
    is_both = is_flagged & levels.notna()  # another rule says so
    fits: pd.Series[bool] = ~(is_outside | (is_flagged & above_all)) | is_both
    return fits
