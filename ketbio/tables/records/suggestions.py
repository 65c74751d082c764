"""Which column of ours an unknown incoming column seems to hold: by its name, and never taken.

Only a name that differs by case, blanks and underscores is taken, and said. All else is asked.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.records.header_units import named_unit
from ketbio.tables.records.units import same_name

_ALIKE = 0.8
"""From which share of letters in common, in their order, two names are one misspelt."""
_FEWEST_LETTERS = 4
_MOST_OTHER_WORDS = 3
"""A name with more words beside those of ours is a title, or a sentence."""
# Words that a name may have or lack and mean the same column. A date is never among them: the
# sample is one column and the day of the sample another.
_FILLER_WORDS = (
    "a an and by der des die do da de del du el for id ids in la le no nr num number of per raw "
    "score scores the total totals value values und y"
)
_DAY_WORDS = "date datum day fecha data jour tag time zeit"
# A name with one of these beside the words of ours is a column about it, and not it.
_OTHER_WORDS = (
    "comment comments note notes flag reason status complete timestamp change percent response "
    "kommentar bemerkung"
)
_ITEM_WORDS = ("item", "items", "question", "frage", "pregunta", "pergunta", "q", "it")
_NUMBERED = re.compile(r"([^\W\d_]+)[\W_]{0,2}0?([0-9]{1,2})(?![0-9])")
_FILLERS, _DAYS, _OTHERS = (
    frozenset(words.split()) for words in (_FILLER_WORDS, _DAY_WORDS, _OTHER_WORDS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What unknown columns seem to hold.

    Attributes
    ----------
    near : mapping of str to str
        Columns of ours that nothing feeds → the unknown column that seems to hold each.
    wide : mapping of str to str
        ``"ours@visit"`` → the unknown column, where several hold one of ours at different visits.
    """

    near: Mapping[str, str] = field(default_factory=dict)
    wide: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_visits(self) -> frozenset[str]:
        """The columns of ours that several columns seem to hold."""
        return frozenset(ours.partition("@")[0] for ours in self.wide)

    @property
    def pairs(self) -> dict[str, str]:
        """All of them, ours → incoming."""
        return {**self.near, **self.wide}


def same_but_for_blanks(free: Iterable[str], unfed: Collection[str]) -> dict[str, str]:
    """Return which columns of ours are there but for case, blanks and underscores.

    Examples
    --------
    >>> same_but_for_blanks(["VISIT", "Participant ID", "Id"], ["participant_id", "visit"])
    {'visit': 'VISIT', 'participant_id': 'Participant ID'}
    >>> same_but_for_blanks(["VISIT", "Visit"], ["visit"])
    {}
    """
    by_fold = {folded_name(ours): ours for ours in unfed}
    found: dict[str, list[str]] = {}
    for name in free:
        if ours := by_fold.get(folded_name(name)):
            found.setdefault(ours, []).append(name)
    return {ours: names[0] for ours, names in found.items() if len(names) == 1}


def folded_name(name: str) -> str:
    """Return a name without case, blanks and underscores.

    Examples
    --------
    >>> folded_name("Participant ID") == folded_name("participant_id")
    True
    """
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", name).casefold())


def near_columns(
    rest: Iterable[str], unfed: Collection[str], columns: Mapping[str, ColumnSpec]
) -> dict[str, str]:
    """Return the columns of ours that nothing feeds with the unknown column that seems to hold it.

    A word of ``also`` in the schema comes before words in common, those before letters in common.

    Examples
    --------
    >>> named = ("participant_id", "rater_id", "madrs_total", "sample_date")
    >>> specs = {name: ColumnSpec(name=name, meaning="", type="text") for name in named}
    >>> near_columns(["Participant no.", "MADRS", "record_id", "Sample"], named, specs)
    {'participant_id': 'Participant no.', 'madrs_total': 'MADRS'}
    """
    names = [name for name in dict.fromkeys(rest) if name and name not in columns]
    near: dict[str, str] = {}
    items = item_columns(names, columns)
    for name, ours in items.items():
        if ours in unfed:
            near.setdefault(ours, name)
    # An item by its number is never taken for the total of its scale.
    names = [name for name in names if name not in items]
    for is_meant in (_is_also, _has_the_words, _is_misspelt):
        for name in names:
            free = [ours for ours in unfed if ours not in near]
            meant = [ours for ours in free if is_meant(name, columns[ours])]
            if meant and name not in near.values():
                near[_of_same_unit(name, meant, columns)] = name
    order = list(dict.fromkeys(rest))
    return {ours: near[ours] for ours in sorted(near, key=lambda ours: order.index(near[ours]))}


def item_columns(names: Iterable[str], columns: Mapping[str, ColumnSpec]) -> dict[str, str]:
    """Return the names that give an item of the scale by its number, each with the item.

    Examples
    --------
    >>> thoughts = ColumnSpec(name="suicidal_thoughts", meaning="Item 10: …", type="integer")
    >>> total = ColumnSpec(name="madrs_total", meaning="Total", type="integer")
    >>> specs = {"suicidal_thoughts": thoughts, "madrs_total": total}
    >>> list(item_columns(["MADRS10", "Item 10 (pre)", "MADRS 14", "madrs_total"], specs))
    ['MADRS10', 'Item 10 (pre)']
    """
    numbered = {
        spec.item_number: ours for ours, spec in columns.items() if spec.item_number is not None
    }
    scales = {word for ours in columns if ours.endswith("_total") for word in _words(ours)}
    found: dict[str, str] = {}
    for name in names if numbered else ():
        for word, number in _NUMBERED.findall(_plain(name).casefold()):
            if word in (*scales, *_ITEM_WORDS) and int(number) in numbered:
                found[name] = numbered[int(number)]
                break
    return found


def nearest_column(name: str, unfed: Collection[str], columns: Mapping[str, ColumnSpec]) -> str:
    """Return the column of ours that one name seems to mean, empty where it means none."""
    return next(iter(near_columns([name], unfed, columns)), "")


def _of_same_unit(name: str, meant: list[str], columns: Mapping[str, ColumnSpec]) -> str:
    unit = named_unit(name).unit
    same = [ours for ours in meant if unit and same_name(columns[ours].unit, unit)]
    return (same or meant)[0]


def _is_also(name: str, spec: ColumnSpec) -> bool:
    stem = named_unit(name).stem
    return any(_letters(word) in (_letters(name), _letters(stem)) for word in spec.also)


def _has_the_words(name: str, spec: ColumnSpec) -> bool:
    """Hold where a name has all the words of ours, and speaks of a day if ours does."""
    theirs = _words(named_unit(name).stem)
    ours = _words(named_unit(spec.name).stem)
    telling = ours - _FILLERS
    numbers = {word for word in theirs if word.isdigit()}
    is_same_number = not any(word.isdigit() for word in ours) or numbers <= ours
    is_day = bool(ours & _DAYS) or spec.type == "date"
    speaks_of_day = bool(theirs & _DAYS)
    return (
        bool(telling)
        and telling <= theirs
        and is_same_number
        and (is_day == speaks_of_day)
        and not (theirs - telling) & _OTHERS
        and len(theirs - telling - numbers - _FILLERS) <= _MOST_OTHER_WORDS
    )


def _is_misspelt(name: str, spec: ColumnSpec) -> bool:
    theirs, ours = _letters(name), _letters(spec.name)
    if min(len(theirs), len(ours)) < _FEWEST_LETTERS:
        return False
    if re.findall(r"[0-9]+", theirs) != re.findall(r"[0-9]+", ours):
        return False
    return SequenceMatcher(None, theirs, ours).ratio() >= _ALIKE


def _plain(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", _plain(name).casefold())


def _words(name: str) -> frozenset[str]:
    """Return the words of a name; capitals inside a word begin another (``RatingDate``)."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _plain(name))
    return frozenset(re.findall(r"[^\W\d_]+|[0-9]+", apart.casefold()))
