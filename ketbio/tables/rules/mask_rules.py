"""Rules of wells that are masked: which count, what they need, what they may lack."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ketbio.tables.phrases import cut, quoted
from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.registry import Finding, Frame, rule
from ketbio.tables.rules.settings import FlagColumn, NumberColumn, TextColumn
from ketbio.wording import count_of


def is_read(frame: Frame, mask: str) -> "pd.Series[bool]":
    """Return which wells count: all but those whose flag is set; all where no flag is named.

    Examples
    --------
    >>> wells = pd.DataFrame({"is_masked": [True, False, None]})
    >>> is_read(wells, "is_masked").tolist(), is_read(wells, "").tolist()
    ([False, True, True], [True, True, True])
    """
    if not mask:
        return pd.Series(True, index=frame.index)
    return ~frame[mask].astype("boolean").fillna(False).astype(bool)


def positions_of_plates(
    frame: Frame, plate: TextColumn, failed: Sequence[int]
) -> dict[str, list[int]]:
    """Return the records by their plate, both in the order of the table."""
    plates: dict[str, list[int]] = {}
    for position in failed:
        plates.setdefault(str(frame[plate].iloc[position]), []).append(position)
    return plates


def _explain_read_unless(
    frame: Frame, failed: Sequence[int], records: Records, *, column: NumberColumn, flag: FlagColumn
) -> Iterator[Finding]:
    del frame
    if column not in records.cells:
        yield Finding(
            position=failed[0],
            others=tuple(failed[1:]),
            message=f"The file has no column {column!r}: no well was read. Name the column that "
            f"holds it under columns (--columns {column}=INCOMING on the command line).",
        )
        return
    for position in failed:
        yield Finding(
            position=position,
            column=column,
            message=f"{records.label(column, position)} is empty and {flag} is not true: the well "
            f"has no reading. Fill it in, or set {flag} and say why.",
        )


@rule(_explain_read_unless)
def read_unless(frame: Frame, *, column: NumberColumn, flag: FlagColumn) -> "pd.Series[bool]":
    """Hold where a column has a number, or a flag says that it need not."""
    return frame[column].notna() | ~is_read(frame, flag)


def _explain_only_where(
    frame: Frame, failed: Sequence[int], records: Records, *, column: TextColumn, flag: FlagColumn
) -> Iterator[Finding]:
    for position in failed:
        yield Finding(
            position=position,
            column=column,
            message=f"{records.label(column, position)} is "
            f"{quoted(str(frame[column].iloc[position]))}, but {flag} is not true. Set it, or "
            "leave the reason empty.",
        )


@rule(_explain_only_where)
def only_where(frame: Frame, *, column: TextColumn, flag: FlagColumn) -> "pd.Series[bool]":
    """Hold where a column is empty, or a flag is set."""
    return frame[column].isna() | ~is_read(frame, flag)


def _explain_whole_or_none(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    plate: TextColumn,
    column: NumberColumn,
    mask: FlagColumn = "",
) -> Iterator[Finding]:
    del mask
    for name, positions in positions_of_plates(frame, plate, failed).items():
        yield Finding(
            position=positions[0],
            others=tuple(positions[1:]),
            column=column,
            message=f"Plate {cut(name)} has {records.label(column, positions[0])} in some wells "
            f"only; it is lacking in {count_of(len(positions), 'well')} "
            f"({records.listed(positions)}). Fill it in for the whole plate, or leave it out.",
        )


@rule(_explain_whole_or_none)
def whole_or_none(
    frame: Frame, *, plate: TextColumn, column: NumberColumn, mask: FlagColumn = ""
) -> "pd.Series[bool]":
    """Hold where a number is there that another well of the same plate has.

    Wells whose flag ``mask`` is set may lack it.
    """
    with_some = frame.loc[frame[column].notna(), plate].dropna()
    return frame[column].notna() | ~frame[plate].isin(with_some) | ~is_read(frame, mask)
