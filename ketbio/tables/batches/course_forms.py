"""The forms of rules that look at a participant's records from visit to visit."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ketbio.tables.batches.cells import Cells
from ketbio.tables.batches.facts import Facts
from ketbio.tables.batches.forms import Gathered, GroupForm, Settings
from ketbio.tables.batches.group_forms import words_alike
from ketbio.tables.batches.keys import Mask, Rows, repeated, stretches
from ketbio.tables.batches.row_forms import items_sum
from ketbio.vocabulary import (
    PARTICIPANT_ID,
    VISIT,
)

Values = NDArray[np.float64]
_MICROSECONDS_PER_DAY = 86_400_000_000
_BASE = np.uint64(1_000_003)
_SLACK = 1e-9


def _participant(_: Settings) -> Sequence[str]:
    return (PARTICIPANT_ID,)


def _steps(
    facts: Facts,
    settings: Settings,
    numbers: NDArray[np.floating],
    test: Callable[[Rows, Rows], Mask],
) -> Mask:
    """Return the records with a number of which a test of (record before, record) holds.

    Where no visits are named the order is that of the rows. A participant with two records of one
    visit is looked at in any case, so that the visit before is always the record before.
    """
    order = facts.course(settings.get("visits", ()))
    who = facts.codes[PARTICIPANT_ID]
    found = np.zeros(facts.n, dtype=np.bool_)
    last = np.zeros(0, dtype=np.intp)
    before: Rows
    after: Rows
    for part in stretches(facts.n):
        has = ~np.isnan(numbers[part if order is None else order[part]])
        if order is None and has.all() and last.tolist() == [part.start - 1]:
            before, after = slice(part.start - 1, part.stop - 1), part
            last = np.array([part.stop - 1])
        else:
            own = np.flatnonzero(has) + part.start if order is None else order[part][has]
            rows = np.concatenate((last, own))
            before, after, last = rows[:-1], rows[1:], rows[-1:]
        found[after] = (who[after] == who[before]) & test(before, after)
    return found


def _with_repeats(look: Callable[[Facts, Settings], Mask]) -> Callable[[Facts, Settings], Mask]:
    def looked(facts: Facts, settings: Settings) -> Mask:
        return look(facts, settings) | facts.duplicated([PARTICIPANT_ID, VISIT])

    return looked


# -- scores ----------------------------------------------------------------------------------
def _suicidality(facts: Facts, settings: Settings) -> Mask:
    score = facts.values[settings["item"]]

    def rises(before: Rows, after: Rows) -> Mask:
        return score[after] - score[before] >= settings["rise"]

    # A rise may stand between two spellings of one code.
    alike = words_alike(facts, PARTICIPANT_ID)
    if alike.any():
        alike &= ~np.isnan(score)
    is_high = score >= settings["at"]
    return _steps(facts, settings, score, rises) | is_high | alike


def _score_name(settings: Settings) -> str:
    return f"score {settings['total']} {settings['items']!r}"


def _score(cells: Cells, settings: Settings) -> Gathered:
    score = cells.values[settings["total"]]
    if settings["items"]:
        sums = items_sum(cells, settings["items"])
        score = np.where(np.isnan(sums), score, sums)
    low, high = settings["limits"]
    score = np.where((score >= low) & (score <= high), score, np.nan)
    return {_score_name(settings): score.astype(np.float32)}


def _plausible_jump(facts: Facts, settings: Settings) -> Mask:
    score = facts.values[_score_name(settings)]
    low, high = settings["limits"]
    limit = settings["share"] * (high - low) - _SLACK

    def jumps(before: Rows, after: Rows) -> Mask:
        return np.abs(score[after] - score[before]) > limit

    return _steps(facts, settings, score, jumps)


# -- items -----------------------------------------------------------------------------------
def _print_name(settings: Settings) -> str:
    return f"print {settings['items']!r}"


def _prints(cells: Cells, settings: Settings) -> Gathered:
    """Return a number for the items of each complete record, missing for others.

    It is a sum of products, so that the numbers of a record and its mirror have a known sum. Other
    items may have the same number, if hardly ever: then a record too many is looked at.
    """
    found, weighted = np.zeros(cells.n), np.zeros(cells.n)
    for name, weight in zip(settings["items"], _weights(settings), strict=True):
        found += np.multiply(cells.values[name], weight, out=weighted)
    return {_print_name(settings): found}


def _weights(settings: Settings) -> Values:
    return np.sqrt(np.arange(2, 2 + len(settings["items"])) + 0.123)


def _high_name(settings: Settings) -> str:
    return f"above {settings['above']} {settings['items']!r}"


def _high_prints(cells: Cells, settings: Settings) -> Gathered:
    """Return the prints, and which records have so high a sum that two of a kind are looked at."""
    is_high = items_sum(cells, settings["items"]) > settings["above"]
    return {**_prints(cells, settings), _high_name(settings): is_high}


def _items_not_copied(facts: Facts, settings: Settings) -> Mask:
    prints, is_high = facts.values[_print_name(settings)], facts.values[_high_name(settings)]
    who = facts.codes[PARTICIPANT_ID]
    found = np.zeros(facts.n, dtype=np.bool_)
    for part in facts.together():
        rows = np.flatnonzero(is_high[part]) + part.start
        key = prints[rows].view(np.uint64) * _BASE + who[rows]
        found[rows[repeated(key)]] = True
    return found


def _items_not_reversed(facts: Facts, settings: Settings) -> Mask:
    prints = facts.values[_print_name(settings)]
    both = float(settings["highest"] * _weights(settings).sum())

    def mirrors(before: Rows, after: Rows) -> Mask:
        return np.abs(prints[before] + prints[after] - both) < _SLACK * (1 + both)

    return _steps(facts, settings, prints, mirrors)


# -- days and visits -------------------------------------------------------------------------
def _dates_in_order(facts: Facts, settings: Settings) -> Mask:
    if not settings["visits"]:
        return facts.no_record
    day = facts.values[settings["date"]]

    def falls(before: Rows, after: Rows) -> Mask:
        return day[after] < day[before]

    return _steps(facts, settings, day, falls)


def _one_visit_a_day(facts: Facts, settings: Settings) -> Mask:
    day, visit = facts.values[settings["date"]], facts.codes[VISIT]
    if np.isnan(day).all():
        return facts.no_record

    def meets(before: Rows, after: Rows) -> Mask:
        # Where the days of the visits rise all along, no two visits share one.
        is_same = visit[after] == visit[before]
        return np.where(is_same, day[after] != day[before], day[after] <= day[before])

    # Any order will do that keeps the records of a visit together.
    visits = settings["visits"] or tuple(facts.words[VISIT][1:])
    return _steps(facts, {"visits": visits}, day, meets)


def _inside_window(facts: Facts, settings: Settings) -> Mask:
    windows, baseline = settings["windows"], settings["baseline"]
    if not windows:
        return facts.no_record
    day, who = facts.values[settings["date"]], facts.codes[PARTICIPANT_ID]
    words, visit = facts.words[VISIT], facts.codes[VISIT]
    found = facts.no_record.copy()
    if settings["dates_expected"] and np.isnan(day).all():
        found[np.flatnonzero(np.isin(visit, [_place(words, one) for one in windows]))[:1]] = True
        return found
    start = np.full(len(facts.words[PARTICIPANT_ID]), np.nan)
    first = np.flatnonzero((visit == _place(words, baseline)) & ~np.isnan(day))
    start[who[first]] = day[first]
    found[first] = start[who[first]] != day[first]
    for name, (low, high) in windows.items():
        rows = np.flatnonzero((visit == _place(words, name)) & ~np.isnan(day))
        if name != baseline:
            days = np.floor((day[rows] - start[who[rows]]) / _MICROSECONDS_PER_DAY)
            found[rows] |= ~((days >= low) & (days <= high))
    return found


def _place(words: Sequence[str], word: str) -> int:
    return words.index(word) if word in words else -1


def _first_day(facts: Facts, settings: Settings) -> Sequence[int]:
    """Return one record with a day: that there are days at all matters to the rule."""
    days: list[int] = np.flatnonzero(~np.isnan(facts.values[settings["date"]]))[:1].tolist()
    return days


def _has_baseline(facts: Facts, settings: Settings) -> Mask:
    visits, baseline = settings["visits"], settings["baseline"]
    if baseline not in visits:
        return facts.no_record
    who, visit, words = facts.codes[PARTICIPANT_ID], facts.codes[VISIT], facts.words[VISIT]
    has = np.zeros(len(facts.words[PARTICIPANT_ID]), dtype=np.bool_)
    has[who[visit == _place(words, baseline)]] = True
    after = visits[visits.index(baseline) + 1 :]
    is_later = np.array([word in after for word in words])
    return is_later[visit] & ~has[who]


_WHO_AND_WHEN = (PARTICIPANT_ID, VISIT)


def _dated(settings: Settings) -> Sequence[str]:
    return (*_WHO_AND_WHEN, settings["date"])


COURSE_FORMS = {
    "suicidality": GroupForm(
        key=_participant,
        look=_with_repeats(_suicidality),
        columns=lambda settings: (*_WHO_AND_WHEN, settings["item"]),
    ),
    "plausible_jump": GroupForm(
        key=_participant,
        look=_with_repeats(_plausible_jump),
        columns=lambda _: _WHO_AND_WHEN,
        gather=_score,
    ),
    "items_not_copied": GroupForm(
        key=_participant,
        look=_items_not_copied,
        columns=lambda _: _WHO_AND_WHEN,
        gather=_high_prints,
    ),
    "items_not_reversed": GroupForm(
        key=_participant,
        look=_with_repeats(_items_not_reversed),
        columns=lambda _: _WHO_AND_WHEN,
        gather=_prints,
    ),
    "dates_in_order": GroupForm(key=_participant, look=_dates_in_order, columns=_dated),
    "one_visit_a_day": GroupForm(key=_participant, look=_one_visit_a_day, columns=_dated),
    "inside_window": GroupForm(
        key=_participant, look=_inside_window, columns=_dated, context=_first_day
    ),
    "has_baseline": GroupForm(
        key=_participant, look=_has_baseline, columns=lambda _: _WHO_AND_WHEN
    ),
}
"""Rule → form."""
