"""Which records are looked at closely, and for which rules they are seen whole."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.tables.batches.facts import Facts
from ketbio.tables.batches.first_pass import FirstPass
from ketbio.tables.batches.forms import GroupForm, Ruling, failing_groups
from ketbio.tables.batches.group_forms import groups_alike, written_groups
from ketbio.tables.batches.keys import Mask
from ketbio.tables.batches.numbers import Numbers
from ketbio.tables.rules.contract import Known
from ketbio.tables.rules.wrong_layout import SEARCHED_ROWS
from ketbio.tables.summary_words import is_summary
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

_ROUNDS = 50
_AT_A_TIME = 2
"""Each rule that is held against all records takes some memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Records that are seen whole for some rules.

    Attributes
    ----------
    key : tuple of str
        The columns that the records of a group share.
    rules : frozenset of str
        The names of the rules.
    records : ndarray of bool
        Which records.
    """

    key: tuple[str, ...]
    rules: frozenset[str]
    records: Mask


def looks(passed: FirstPass, odd: Mask) -> list[Look]:
    """Return what has to be seen together: every group with a record that is, or may be, wrong."""
    facts = passed.facts
    by_key: dict[tuple[str, ...], list[Ruling]] = {}
    for one in passed.rulings:
        if isinstance(one.form, GroupForm):
            by_key.setdefault(tuple(one.form.key(one.settings)), []).append(one)
    found = []
    failing = _failing([one for rulings in by_key.values() for one in rulings], facts)
    for key, rulings in by_key.items():
        seeds = odd.copy()
        for _ in rulings:
            seeds |= next(failing)
        records = facts.sharing(key, seeds) if key else seeds
        names = frozenset(one.spec.name for one in rulings)
        found.append(Look(key=key, rules=names, records=records))
    return found


def _failing(rulings: Sequence[Ruling], facts: Facts) -> Iterator[Mask]:
    """Yield what each rule may not hold for; a few rules are held at the same time."""
    with ThreadPoolExecutor(max_workers=_AT_A_TIME) as workers:
        yield from workers.map(failing_groups, rulings, [facts] * len(rulings))


def suspected_records(passed: FirstPass) -> Mask:
    """Return the records with a likely code for a missing value, or a summary's word as code."""
    facts = passed.facts
    found = facts.no_record.copy()
    if PARTICIPANT_ID in facts.codes:
        are_summaries = np.array([is_summary(word) for word in facts.words[PARTICIPANT_ID]])
        if are_summaries.any():
            found |= are_summaries[facts.codes[PARTICIPANT_ID]]
    for spread in passed.spreads.values():
        found[spread.suspected_records()] = True
    return found


def beside(passed: FirstPass) -> NDArray[np.intp]:
    """Return the records that are looked at with any others, since the table as a whole needs them.

    The first rows (a header further down), the last record without a fault (notes under the
    table), those that show how the numbers of a column lie, and the first record of some words.
    """
    facts = passed.facts
    chosen = [*range(min(SEARCHED_ROWS, facts.n))]
    for spread in passed.spreads.values():
        chosen += [*spread.context(), *spread.beside_suspects().tolist()]
    columns = passed.screen.columns.values()
    chosen += [column.sure_place for column in columns if isinstance(column, Numbers)]
    chosen.append(_last_fine(facts))
    for one in passed.rulings:
        if isinstance(one.form, GroupForm) and one.form.context is not None:
            chosen += one.form.context(facts, one.settings)
    if VISIT in facts.codes:
        some = range(1, min(len(facts.words[VISIT]), 3))
        chosen += [_first(facts, VISIT, code) for code in some]
    return np.unique(np.array([i for i in chosen if i >= 0], dtype=np.intp))


def _first(facts: Facts, name: str, code: int) -> int:
    is_there = facts.codes[name] == code
    return int(is_there.argmax()) if is_there.any() else -1


def _last_fine(facts: Facts) -> int:
    is_fine = ~facts.odd[::-1]
    return facts.n - 1 - int(is_fine.argmax()) if is_fine.any() else -1


def ballast(facts: Facts, chosen: Mask, known: Known, rulings: Sequence[Ruling]) -> Mask:
    """Return further records, so that words written alike are as frequent, in order, as in all.

    Of two spellings the more frequent counts as the usual one; which it is must not change when
    only some of the records are looked at.
    """
    groups = written_groups(facts, rulings)
    if known.visits is None and VISIT in facts.codes:
        groups += [(VISIT, group) for group in groups_alike(facts, VISIT)]
    more = chosen.copy()
    for _ in range(_ROUNDS):
        n_before = int(more.sum())
        for column, group in groups:
            _balance(facts, more, column, group)
        if int(more.sum()) == n_before:
            break
    return more


def _balance(facts: Facts, chosen: Mask, column: str, group: Collection[str]) -> None:
    """Add records until the words of a group are in the order of their counts."""
    words, codes = facts.words[column], facts.codes[column]
    counts = facts.counts(column)
    there = np.bincount(codes[chosen], minlength=len(words))
    lowest, before = 0, 0
    for count in sorted({counts[word] for word in group}):
        same = [words.index(word) for word in group if counts[word] == count]
        wanted = max([lowest + (count > before), *(int(there[code]) for code in same), 1])
        for code in same:
            free = np.flatnonzero((codes == code) & ~chosen)
            first = np.flatnonzero(codes == code)[:1]
            lacking = wanted - int(there[code])
            chosen[free[: max(lacking, 0)]] = True
            chosen[first] = True
        lowest, before = wanted, count
