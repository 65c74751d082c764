"""Rules of a participant's course from visit to visit; written like those of the registry."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.phrases import cut, listed_words
from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.courses import scored_rows, with_previous
from ketbio.tables.rules.registry import Finding, Frame, rule
from ketbio.tables.rules.scale_rules import scored_items
from ketbio.tables.rules.settings import (
    Items,
    ItemsIfAny,
    Limits,
    Number,
    NumberColumn,
    NumberColumns,
    Share,
    TextColumn,
    Word,
)
from ketbio.vocabulary import PARTICIPANT_ID, VISIT


# -- one baseline each -----------------------------------------------------------------------
def _explain_has_baseline(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    visit: TextColumn,
    noun: Word,
    visits: tuple[str, ...],
    baseline: str,
) -> Iterator[Finding]:
    del visits
    of_participant: dict[str, list[int]] = {}
    for position in failed:
        of_participant.setdefault(str(frame[PARTICIPANT_ID].iloc[position]), []).append(position)
    for who, positions in of_participant.items():
        seen = {str(frame[visit].iloc[i]): int(records.rows[i]) for i in reversed(positions)}
        told = [f"{name} (row {row})" for name, row in reversed(seen.items())]
        yield Finding(
            position=positions[0],
            others=tuple(positions[1:]),
            column=visit,
            message=f"Participant {cut(who)} has no {noun} at {baseline}, only at "
            f"{listed_words(told)}: no change from {baseline} can be formed, and no day counted "
            f"from it. Add the {noun}, or correct the visit; the rows are kept.",
        )


@rule(_explain_has_baseline, idle_without=["visits", "baseline"])
def has_baseline(
    frame: Frame, *, visit: TextColumn, noun: Word, visits: tuple[str, ...], baseline: str
) -> "pd.Series[bool]":
    """Hold where a participant seen at a visit after the baseline has a row at the baseline too.

    Visits before the baseline, a screening for instance, do not ask for one.
    """
    del noun
    after = visits[visits.index(baseline) + 1 :] if baseline in visits else ()
    with_baseline = frame.loc[frame[visit] == baseline, PARTICIPANT_ID]
    is_later = frame[visit].isin(list(after)) & frame[PARTICIPANT_ID].notna()
    return ~is_later | frame[PARTICIPANT_ID].isin(with_baseline.dropna())


# -- jumps -----------------------------------------------------------------------------------
def _jumps(
    frame: Frame, total: NumberColumn, items: Items, limits: Sequence[float], visits: Sequence[str]
) -> Frame:
    """Return the scored rows with ``jump``: the change since the visit before, in points.

    The total counts as its items give it, where all are there: a total that is not their sum is
    another fault. Where the visit before was rated twice, the change is that to the nearer rating.
    """
    score = frame[total]
    if items:
        score = scored_items(frame, items).sum(axis=1, skipna=False).fillna(score)
    keys = frame[[PARTICIPANT_ID, VISIT]]
    lines = scored_rows(keys, score.where(score.between(limits[0], limits[1])))
    lines = with_previous(lines[lines[PARTICIPANT_ID].notna() & lines[VISIT].notna()], visits)
    fall = (lines["score"] - lines["previous"]).clip(upper=0)
    rise = (lines["score"] - lines["previous_highest"]).clip(lower=0)
    return lines.assign(jump=(fall + rise).astype("float64"))


def _explain_plausible_jump(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    total: NumberColumn,
    items: Items,
    limits: Limits,
    share: Share,
    visits: tuple[str, ...],
) -> Iterator[Finding]:
    jumps = _jumps(frame, total, items, limits, visits).loc[list(failed)]
    width = limits[1] - limits[0]
    for position, score, jump, place, visit in zip(
        failed,
        jumps["score"],
        jumps["jump"],
        jumps["previous_place"],
        jumps["previous_visit"],
        strict=True,
    ):
        before = int(place)
        yield Finding(
            position=position,
            others=(before,),
            column=total,
            message=f"Participant {cut(str(frame[PARTICIPANT_ID].iloc[position]))}: {total} is "
            f"{score:g} at {frame[VISIT].iloc[position]} and {score - jump:g} at "
            f"{visit} (row {records.rows[before]}), a change of {abs(jump):g} points from one "
            f"visit to the next, where more than {share * width:g} is not usual. "
            "Check both; the rows are kept.",
        )


@rule(_explain_plausible_jump, takes_row_order=True)
def plausible_jump(
    frame: Frame,
    *,
    total: NumberColumn,
    items: ItemsIfAny = (),
    limits: Limits,
    share: Share,
    visits: tuple[str, ...],
) -> "pd.Series[bool]":
    """Hold where a score is within a share of its range of that of the visit before.

    ``limits`` is the range of the score, ``share`` the part of it that one visit may change; a
    score outside the range is another fault and is compared with none.
    """
    lines = _jumps(frame, total, items, limits, visits)
    far = lines["jump"].abs() > share * (limits[1] - limits[0])
    return ~frame.index.to_series().isin(lines.index[far])


# -- ratings copied or turned round ----------------------------------------------------------
def _copies(frame: Frame, items: Sequence[str], above: Number) -> Frame:
    """Return the ratings whose items are those of another visit of the participant.

    ``same`` numbers the participants' sets of items; totals that say little are left out.
    """
    own = frame[list(items)]
    counts = own.notna().all(axis=1) & (own.sum(axis=1) > above)
    counts &= frame[PARTICIPANT_ID].notna() & frame[VISIT].notna()
    rows = frame.loc[counts, [PARTICIPANT_ID, VISIT]]
    rows["same"] = _numbered_sets(rows[PARTICIPANT_ID], own[counts])
    rows = rows[rows["same"].duplicated(keep=False)]
    return rows[rows.groupby("same")[VISIT].transform("nunique") > 1]


def _numbered_sets(who: "pd.Series[str]", items: Frame) -> "NDArray[np.int64]":
    """Return one number for each participant's set of items, the same for the same set."""
    number = pd.factorize(who)[0].astype(np.int64)
    for name in items:
        scores, seen = pd.factorize(items[name])
        number = pd.factorize(number * max(len(seen), 1) + scores)[0].astype(np.int64)
    return number


def _explain_items_not_copied(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    items: NumberColumns,
    above: Number,
) -> Iterator[Finding]:
    copies = _copies(frame, items, above)
    copies = copies[copies.index.isin(failed)]
    for _, part in copies.groupby("same", sort=False):
        positions = part.index.tolist()
        if len(positions) < 2:
            continue
        who = part[PARTICIPANT_ID].iloc[0]
        told = [f"{part[VISIT].loc[i]} (row {records.rows[i]})" for i in positions]
        total = frame[items].iloc[positions[0]].sum()
        yield Finding(
            position=positions[-1],
            others=tuple(positions[:-1]),
            column=VISIT,
            message=f"Participant {cut(str(who))}: all {len(items)} items are the same at "
            f"{listed_words(told)}, {total:g} points in sum. Check that no rating was copied "
            "forward; the rows are kept.",
        )


@rule(_explain_items_not_copied)
def items_not_copied(frame: Frame, *, items: NumberColumns, above: Number) -> "pd.Series[bool]":
    """Hold where no other visit of the participant has the very same items.

    Only complete ratings with more than ``above`` points in sum are looked at: below that most
    items are 0 and the same by themselves.
    """
    return ~frame.index.to_series().isin(_copies(frame, items, above).index)


def _explain_items_not_reversed(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    items: NumberColumns,
    highest: Number,
    visits: tuple[str, ...],
) -> Iterator[Finding]:
    mirrored = _mirrored(frame, items, highest, visits)
    for position in failed:
        before = int(mirrored.loc[position])
        yield Finding(
            position=position,
            others=(before,),
            column=VISIT,
            message=f"Participant {cut(str(frame[PARTICIPANT_ID].iloc[position]))}: each item at "
            f"{frame[VISIT].iloc[position]} is {highest:g} minus that at "
            f"{frame[VISIT].iloc[before]} (row {records.rows[before]}). Check that no rating was "
            "scored the wrong way round; the rows are kept.",
        )


def _mirrored(
    frame: Frame, items: Sequence[str], highest: Number, visits: Sequence[str]
) -> "pd.Series[int]":
    """Return for each rating that is the mirror of the one before the place of that one."""
    own = frame[list(items)]
    lines = scored_rows(frame[[PARTICIPANT_ID, VISIT]], own.sum(axis=1, skipna=False))
    lines = with_previous(lines[lines[PARTICIPANT_ID].notna() & lines[VISIT].notna()], visits)
    lines = lines[lines["previous_place"].notna()]
    before = lines["previous_place"].astype("int64")
    there, now = own.iloc[before].to_numpy(dtype=float), own.loc[lines.index].to_numpy(dtype=float)
    # A rating half way up in every item is its own mirror.
    is_mirror = (now == highest - there).all(axis=1) & (now != there).any(axis=1)
    return before[np.asarray(is_mirror, dtype=np.bool_)]


@rule(_explain_items_not_reversed, takes_row_order=True)
def items_not_reversed(
    frame: Frame, *, items: NumberColumns, highest: Number, visits: tuple[str, ...]
) -> "pd.Series[bool]":
    """Hold where the items are not those of the visit before turned round (``highest`` − item)."""
    return ~frame.index.to_series().isin(_mirrored(frame, items, highest, visits).index)
