"""Rules of rating scales; written like those of `ketbio.tables.rules.registry`."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.registry import Finding, Frame, rule
from ketbio.tables.rules.safety import flag_suicidality
from ketbio.tables.rules.settings import Items, Number, NumberColumn, Score, Whole
from ketbio.vocabulary import SUICIDALITY_ALERT_AT, SUICIDALITY_ALERT_RISE


def scored_items(frame: Frame, items: Items) -> Frame:
    """Return what a total is the sum of, one column each; missing where it is not known.

    Of columns listed together the highest counts (the QIDS takes the worst of four sleep items,
    for instance), and is known only where all of them are there.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 0.0], "c": [1.0, None]})
    >>> scored_items(frame, [["a", "b"], "c"]).sum(axis=1, skipna=False).tolist()
    [4.0, nan]
    """
    return pd.DataFrame(
        {
            number: frame[one]
            if isinstance(one, str)
            else frame[list(one)].max(axis=1, skipna=False)
            for number, one in enumerate(items)
        },
        index=frame.index,
    )


def _n_items(items: Items) -> str:
    kind = "items" if all(isinstance(one, str) for one in items) else "scored items"
    return f"{len(items)} {kind}"


def _explain_total_is_sum(
    frame: Frame, failed: Sequence[int], records: Records, *, total: NumberColumn, items: Items
) -> Iterator[Finding]:
    sums = scored_items(frame, items).sum(axis=1)
    for position in failed:
        found, wanted = frame[total].iloc[position], sums.iloc[position]
        yield Finding(
            position=position,
            column=total,
            message=f"{records.label(total, position)} is {found:g}, but its {_n_items(items)} "
            f"add up to {wanted:g}; correct the total or the item that is wrong.",
        )


@rule(_explain_total_is_sum)
def total_is_sum(frame: Frame, *, total: NumberColumn, items: Items) -> "pd.Series[bool]":
    """Hold where the total is the sum of its items, or an item or the total is missing.

    Of a list of columns among ``items`` the highest counts.
    """
    sums = scored_items(frame, items).sum(axis=1, skipna=False)
    return sums.isna() | frame[total].isna() | (sums == frame[total])


def _bounds(items: Items, limit: Score) -> "pd.Series[float]":
    """Return one end of the range of each item; of several ranges in a list the first one's."""
    names = [one if isinstance(one, str) else one[0] for one in items]
    given = limit if isinstance(limit, Mapping) else dict.fromkeys(names, limit)
    return pd.Series([float(given[name]) for name in names])


def _possible(
    frame: Frame,
    items: Items,
    item_minimum: Score,
    item_maximum: Score,
) -> Frame:
    """Return the lowest and highest total that the items allow, and how many of them lack."""
    own = scored_items(frame, items)
    sides = {"low": _bounds(items, item_minimum), "high": _bounds(items, item_maximum)}
    n_missing = own.isna().sum(axis=1)
    return pd.DataFrame(
        {side: own.fillna(ends).sum(axis=1) for side, ends in sides.items()}
    ).assign(n_missing=n_missing)


def _explain_total_fits_items(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    total: NumberColumn,
    items: Items,
    item_minimum: Score,
    item_maximum: Score,
) -> Iterator[Finding]:
    possible = _possible(frame, items, item_minimum, item_maximum).iloc[list(failed)]
    for position, (low, high, n_missing) in zip(
        failed, possible.itertuples(index=False), strict=True
    ):
        yield Finding(
            position=position,
            column=total,
            message=f"{records.label(total, position)} is {frame[total].iloc[position]:g}, but "
            f"the {len(items) - int(n_missing)} items that are there allow {low:g} to "
            f"{high:g}; correct the total or the item that is wrong.",
        )


@rule(_explain_total_fits_items)
def total_fits_items(
    frame: Frame,
    *,
    total: NumberColumn,
    items: Items,
    item_minimum: Score = 0,
    item_maximum: Score,
) -> "pd.Series[bool]":
    """Hold where the items that are there, if only some are, can still give the total.

    ``item_minimum`` and ``item_maximum`` are one number for all, or item → number.
    """
    possible = _possible(frame, items, item_minimum, item_maximum)
    fits = frame[total].between(possible["low"], possible["high"])
    return fits | frame[total].isna() | possible["n_missing"].isin([0, len(items)])


def _explain_enough_items(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    total: NumberColumn,
    items: Items,
    may_be_missing: Whole,
) -> Iterator[Finding]:
    del records
    present = scored_items(frame, items).notna().sum(axis=1)
    for position in failed:
        yield Finding(
            position=position,
            column=total,
            message=f"{present.iloc[position]} of {len(items)} items and no total; with more than "
            f"{may_be_missing} items missing there will be no total. Fill in what was recorded.",
        )


@rule(_explain_enough_items)
def enough_items(
    frame: Frame, *, total: NumberColumn, items: Items, may_be_missing: Whole
) -> "pd.Series[bool]":
    """Hold where a total is there or can be made from the items (or there is nothing at all)."""
    n_missing = scored_items(frame, items).isna().sum(axis=1)
    return frame[total].notna() | (n_missing <= may_be_missing) | (n_missing == len(items))


def _explain_suicidality(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    item: NumberColumn,
    at: Number,
    rise: Number,
    visits: tuple[str, ...],
) -> Iterator[Finding]:
    del records
    alerts = flag_suicidality(frame, visits=visits, item=item, at=at, rise=rise).loc[list(failed)]
    for position, alert in alerts.iterrows():
        risen = alert["rise"] if alert["rise"] >= rise else 0
        yield Finding(
            position=int(str(position)),
            column=item,
            message=str(alert["message"]),
            rank=(-float(risen), -float(alert["score"])),
        )


@rule(_explain_suicidality, takes_row_order=True)
def suicidality(
    frame: Frame,
    *,
    item: NumberColumn,
    at: Number = SUICIDALITY_ALERT_AT,
    rise: Number = SUICIDALITY_ALERT_RISE,
    visits: tuple[str, ...],
) -> "pd.Series[bool]":
    """Hold where the item is neither high nor risen; see `ketbio.tables.rules.safety`."""
    alerts = flag_suicidality(frame, visits=visits, item=item, at=at, rise=rise)
    return pd.Series(~frame.index.isin(alerts.index), index=frame.index)
