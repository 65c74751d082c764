"""The forms of rules that look at records together, but for those of a participant's course."""

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from ketbio.tables.alike import folded_code, folded_look, folded_word
from ketbio.tables.batches.facts import Facts
from ketbio.tables.batches.forms import GroupForm, Ruling, Settings
from ketbio.tables.batches.keys import Mask, stretches

_SPARSE, _SMALL = 2, 1_000_000
"""There is a table of all groups where there are not many more than records."""
_PLAIN_CODE = r"^([a-z]*)[-_]?0*([0-9]+)$"
_PLAIN_LOOK = r"^[a-hj-km-np-z]*[-_]?[0-9]+$"


def of(*names: str) -> Callable[[Settings], Sequence[str]]:
    """Return what finds a key: the columns that some settings name."""

    def key(settings: Settings) -> Sequence[str]:
        found: list[str] = []
        for name in names:
            given = settings[name]
            found += [given] if isinstance(given, str) else given
        return found

    return key


def _unique_rows(facts: Facts, settings: Settings) -> Mask:
    return facts.duplicated(settings["columns"])


def _same_within(facts: Facts, settings: Settings) -> Mask:
    within, both = settings["within"], [*settings["within"], *settings["columns"]]
    n_groups = facts.n_keys(within)
    mixed = facts.no_record
    if n_groups > _SPARSE * facts.n + _SMALL:
        group, key = facts.key(within), facts.key(both)
        order = np.argsort(group, kind="stable")
        group, key = group[order], key[order]
        mixed[order[1:]] = (group[1:] == group[:-1]) & (key[1:] != key[:-1])
        return mixed
    one_of = np.zeros(n_groups, dtype=facts.key(both, slice(0, 0)).dtype)
    for part in stretches(facts.n):
        one_of[facts.key(within, part)] = facts.key(both, part)
    for part in stretches(facts.n):
        mixed[part] = one_of[facts.key(within, part)] != facts.key(both, part)
    return mixed


def _partner_in_lane(facts: Facts, settings: Settings) -> Mask:
    form, lane = settings["form"], settings["lane"]
    is_phospho = _is_word(facts, form, "phospho")
    lacking = is_phospho & ~_has(facts, lane, _is_word(facts, form, "loading"))
    if lacking.any():
        band = [*lane, settings["target"]]
        lacking &= ~_has(facts, band, _is_word(facts, form, "total"))
    return lacking


def _is_word(facts: Facts, name: str, word: str) -> Mask:
    words = facts.words[name]
    return facts.codes[name] == words.index(word) if word in words else facts.no_record


def _has(facts: Facts, columns: Sequence[str], chosen: Mask) -> Mask:
    """Return the records that share some columns with a chosen one."""
    n_groups = facts.n_keys(columns)
    if n_groups > _SPARSE * facts.n + _SMALL:
        return facts.sharing(columns, chosen)
    has, found = np.zeros(n_groups, dtype=np.bool_), facts.no_record
    for part in stretches(facts.n):
        has[facts.key(columns, part)[chosen[part]]] = True
    for part in stretches(facts.n):
        found[part] = has[facts.key(columns, part)]
    return found


# -- spellings -------------------------------------------------------------------------------
def folds(words: Sequence[str]) -> pl.Series:
    """Return `folded_code` of many words.

    Examples
    --------
    >>> folds(["P01", "P-1", "Site 7"]).to_list()
    ['p1', 'p1', 'site7']
    """
    given = pl.Series(words, dtype=pl.String)
    lower = given.str.to_lowercase()
    return _by_hand(
        given,
        lower.str.replace(_PLAIN_CODE, "${1}${2}"),
        is_plain=lower.str.contains(_PLAIN_CODE),
        fold=folded_code,
    )


def looks_of(words: Sequence[str]) -> pl.Series:
    """Return `folded_look` of many words.

    Examples
    --------
    >>> looks_of(["P01", "PO1", "7.0"]).to_list()
    ['p1', 'p1', '7']
    """
    given = pl.Series(words, dtype=pl.String)
    # Without o, i and l a plain code looks like nothing but itself.
    is_plain = given.str.to_lowercase().str.contains(_PLAIN_LOOK)
    return _by_hand(given, folds(words), is_plain=is_plain, fold=folded_look)


def _by_hand(
    given: pl.Series, made: pl.Series, *, is_plain: pl.Series, fold: Callable[[str], str]
) -> pl.Series:
    """Return what was made of many words at once, of those that are not plain one by one."""
    is_ascii = given.str.len_bytes() == given.str.len_chars()
    others = (~(is_plain & is_ascii)).arg_true()
    if not len(others):
        return made
    return made.scatter(others, [fold(word) for word in given.gather(others)])


def words_alike(facts: Facts, column: str, *, look: bool = False) -> Mask:
    """Return the records with a word that folds, or looks, as another one of its column does."""
    name = (column, "look" if look else "code")
    alike = facts.alike.once(name, lambda: _words_alike(facts.words[column], look=look))
    return alike[facts.codes[column]] if alike.any() else facts.no_record


def _words_alike(words: Sequence[str], *, look: bool) -> Mask:
    folded = looks_of(words[1:]) if look else folds(words[1:])
    return np.append(np.zeros(1, dtype=np.bool_), folded.is_duplicated().to_numpy())


def _distinct_codes(facts: Facts, settings: Settings) -> Mask:
    return words_alike(facts, settings["column"])


def _no_lookalikes(facts: Facts, settings: Settings) -> Mask:
    return words_alike(facts, settings["column"], look=True)


def rarer_words(facts: Facts, column: str) -> list[tuple[str, ...]]:
    """Return the groups of words of a column that differ in case and blanks only."""
    groups: dict[str, list[str]] = {}
    for word in facts.words[column][1:]:
        groups.setdefault(folded_word(word), []).append(word)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _written_alike(facts: Facts, settings: Settings) -> Mask:
    found = facts.no_record.copy()
    for column in settings["columns"]:
        counts = facts.counts(column)
        rare = np.zeros(len(facts.words[column]), dtype=np.bool_)
        for group in rarer_words(facts, column):
            usual = max(counts[word] for word in group)
            n_usual = sum(counts[word] == usual for word in group)
            for word in group:
                rare[facts.words[column].index(word)] = counts[word] < usual or n_usual > 1
        if rare.any():
            found |= rare[facts.codes[column]]
    return found


def written_groups(facts: Facts, rulings: Sequence[Ruling]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the columns whose words are compared by how frequent they are, and those words."""
    columns = [
        column
        for one in rulings
        if one.spec.check == "written_alike"
        for column in one.settings["columns"]
        if column in facts.codes
    ]
    return [(column, group) for column in columns for group in rarer_words(facts, column)]


def groups_alike(facts: Facts, column: str) -> list[tuple[str, ...]]:
    """Return the groups of words of a column that differ as codes of one thing may."""
    groups: dict[str, list[str]] = {}
    for word, fold in zip(facts.words[column][1:], folds(facts.words[column][1:]), strict=True):
        groups.setdefault(fold, []).append(word)
    return [tuple(group) for group in groups.values() if len(group) > 1]


GROUP_FORMS = {
    "unique_rows": GroupForm(key=of("columns"), look=_unique_rows),
    "same_within": GroupForm(key=of("within"), look=_same_within, columns=of("within", "columns")),
    "partner_in_lane": GroupForm(
        key=of("lane"), look=_partner_in_lane, columns=of("lane", "target", "form", "stains")
    ),
    "distinct_codes": GroupForm(key=of("column"), look=_distinct_codes),
    "no_lookalikes": GroupForm(key=of("column"), look=_no_lookalikes),
    "written_alike": GroupForm(key=lambda _: (), look=_written_alike, columns=of("columns")),
    "plate_layout": GroupForm(key=of("plate")),
    "standard_levels": GroupForm(key=of("plate")),
    "blanks_present": GroupForm(key=of("plate")),
    "replicates_agree": GroupForm(key=of("within")),
    "whole_or_none": GroupForm(key=of("plate")),
}
"""Rule → form."""
