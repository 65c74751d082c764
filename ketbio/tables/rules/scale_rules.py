"""Rules of rating scales; written like those of `ketbio.tables.rules.registry`."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.registry import Finding, Frame, rule
from ketbio.tables.rules.safety import flag_suicidality
from ketbio.vocabulary import SUICIDALITY_ALERT_RISE


def _explain_total_is_sum(
    frame: Frame, failed: Sequence[int], records: Records, *, total: str, items: list[str]
) -> Iterator[Finding]:
    for position in failed:
        found, wanted = frame[total].iloc[position], frame[items].iloc[position].sum()
        yield Finding(
            position=position,
            column=total,
            message=f"{records.label(total, position)} is {found:g}, but its {len(items)} items "
            f"add up to {wanted:g}; correct the total or the item that is wrong.",
        )


@rule(_explain_total_is_sum)
def total_is_sum(frame: Frame, *, total: str, items: list[str]) -> "pd.Series[bool]":
    """Hold where the total is the sum of its items, or an item or the total is missing."""
    comparable = frame[list(items)].notna().all(axis=1) & frame[total].notna()
    return ~comparable | (frame[list(items)].sum(axis=1) == frame[total])


def _explain_total_fits_items(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    total: str,
    items: list[str],
    item_maximum: int,
) -> Iterator[Finding]:
    for position in failed:
        own = frame[items].iloc[position]
        low, n_missing = own.sum(), int(own.isna().sum())
        yield Finding(
            position=position,
            column=total,
            message=f"{records.label(total, position)} is {frame[total].iloc[position]:g}, but "
            f"the {len(items) - n_missing} items that are there allow {low:g} to "
            f"{low + item_maximum * n_missing:g}; correct the total or the item that is wrong.",
        )


@rule(_explain_total_fits_items)
def total_fits_items(
    frame: Frame, *, total: str, items: list[str], item_maximum: int
) -> "pd.Series[bool]":
    """Hold where the items that are there, if only some are, can still give the total."""
    own = frame[list(items)]
    n_missing, low = own.isna().sum(axis=1), own.sum(axis=1)
    fits = frame[total].between(low, low + item_maximum * n_missing)
    return fits | frame[total].isna() | n_missing.isin([0, len(items)])


def _explain_enough_items(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    total: str,
    items: list[str],
    may_be_missing: int,
) -> Iterator[Finding]:
    del records
    for position in failed:
        present = int(frame[items].iloc[position].notna().sum())
        yield Finding(
            position=position,
            column=total,
            message=f"{present} of {len(items)} items and no total; with more than "
            f"{may_be_missing} items missing there will be no total. Fill in what was recorded.",
        )


@rule(_explain_enough_items)
def enough_items(
    frame: Frame, *, total: str, items: list[str], may_be_missing: int
) -> "pd.Series[bool]":
    """Hold where a total is there or can be made from the items (or there is nothing at all)."""
    n_missing = frame[list(items)].isna().sum(axis=1)
    return frame[total].notna() | (n_missing <= may_be_missing) | (n_missing == len(items))


def _explain_suicidality(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    item: str,
    visits: tuple[str, ...],
) -> Iterator[Finding]:
    del records
    alerts = flag_suicidality(frame, visits=visits, item=item).loc[list(failed)]
    for position, alert in alerts.iterrows():
        rise = alert["rise"] if alert["rise"] >= SUICIDALITY_ALERT_RISE else 0
        yield Finding(
            position=int(str(position)),
            column=item,
            message=str(alert["message"]),
            rank=(-float(rise), -float(alert["score"])),
        )


@rule(_explain_suicidality)
def suicidality(frame: Frame, *, item: str, visits: tuple[str, ...]) -> "pd.Series[bool]":
    """Hold where the item is neither high nor risen; see `ketbio.tables.rules.safety`."""
    alerts = flag_suicidality(frame, visits=visits, item=item)
    return pd.Series(~frame.index.isin(alerts.index), index=frame.index)
