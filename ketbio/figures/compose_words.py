"""What a composed figure says: its caption through the letters, its legend, its record."""

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field

from matplotlib.artist import Artist
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ketbio.figures.labels import quantity_label
from ketbio.figures.record import DATA, FigureRecord
from ketbio.figures.style import Style
from ketbio.wording import count_of

SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Zn])")
COUNT = re.compile(r" \((?:n = )?[\d,]+\)$")
"""How a key of a legend ends that says how many there are."""


def composed_record(
    records: Sequence[FigureRecord], letters: Sequence[str], *, style: Style, note: str
) -> FigureRecord:
    """Return the record of a composed figure from those of its parts.

    Parameters
    ----------
    records : sequence of FigureRecord
        Of the parts.
    letters : sequence of str
        A letter for each.
    style : Style
        Of the whole.
    note : str
        On top of the whole.
    """
    named = list(zip(letters, records, strict=True))
    return FigureRecord(
        kind=f"Figure of {count_of(len(records), 'part')}",
        headline="",
        caption=composed_caption(records, letters),
        note=note,
        alternative=" ".join(f"{letter}: {one.alternative}" for letter, one in named),
        results=tuple(result for one in records for result in one.results),
        data={
            letter if name == DATA else f"{letter}_{name}": table
            for letter, one in named
            for name, table in one.data.items()
        },
        style=style,
    )


def composed_caption(records: Sequence[FigureRecord], letters: Sequence[str]) -> str:
    """Return one caption for all parts; small print of every one of them is said once, last."""
    prints = [SENTENCE_END.split(one.caption) for one in records]
    common = [one for one in prints[0] if one and all(one in other for other in prints)]
    if len(records) == 1:
        common = []
    parts = [
        " ".join([f"{letter},", *_subject(record), *(one for one in own if one not in common)])
        for letter, record, own in zip(letters, records, prints, strict=True)
    ]
    return " ".join([*parts, *([f"All parts: {' '.join(common)}"] if common else [])])


def _subject(record: FigureRecord) -> list[str]:
    """Return of what a part is, where it is of one thing, and the answer."""
    subjects = list(dict.fromkeys(quantity_label(one) for one in record.results))
    subject = [f"{subjects[0]}."] if len(subjects) == 1 else []
    return [*subject, *([f"{record.headline.rstrip('.')}."] if record.headline else [])]


def shared_keys(
    groups: Iterable[Sequence[Artist]], letters: Sequence[str], *, with_counts: bool = False
) -> list[Artist]:
    """Return the legend's handles for all parts: one per label and look.

    A count at the end of a label is left out where parts differ in it, or told for each letter.
    Where one look says two things, or one label has two looks, the letters say where.

    Parameters
    ----------
    groups : iterable of sequence of Artist
        The handles of each part.
    letters : sequence of str
        A letter for each part.
    with_counts : bool
        Whether counts that differ are told: the caption, which has them, is not drawn.
    """
    keys = [(letter, key) for letter, own in zip(letters, groups, strict=True) for key in own]
    labels = [str(key.get_label()) for _, key in keys]
    bare = [COUNT.sub("", label) for label in labels]
    names = [
        one
        if len({label for label, b in zip(labels, bare, strict=True) if b == one}) > 1
        else label
        for label, one in zip(labels, bare, strict=True)
    ]
    entries: list[_Entry] = []
    for (letter, key), name, label in zip(keys, names, labels, strict=True):
        same = [entry for entry in entries if entry.is_same(name, key)]
        if not same:
            same = [_Entry(name=name, key=key, letters=[])]
            entries += same
        same[0].letters.append(letter)
        if with_counts and name != label:
            same[0].counts[letter] = label.removeprefix(name).strip(" ()").removeprefix("n = ")
    return [entry.handle(entries) for entry in entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An entry of the legend, and the letters of the parts that have it."""

    name: str
    key: Artist
    letters: list[str]
    counts: dict[str, str] = field(default_factory=dict)

    def is_same(self, name: str, key: Artist) -> bool:
        """Return whether a handle says the same: a bar and a point of one group do."""
        return self.name == name and (
            type(self.key) is not type(key) or _look(self.key) == _look(key)
        )

    def handle(self, entries: Sequence["_Entry"]) -> Artist:
        """Return a handle of its own, with the letters where another one could be meant."""
        others = [
            one for one in entries if one is not self and set(one.letters) != set(self.letters)
        ]
        is_unclear = any(
            one.name == self.name
            or (type(one.key) is type(self.key) and _look(one.key) == _look(self.key))
            for one in others
        )
        handle = copy(self.key)
        where = f"{', '.join(dict.fromkeys(self.letters))}: " if is_unclear else ""
        each = ", ".join(f"{letter} {count}" for letter, count in self.counts.items())
        handle.set_label(f"{where}{self.name}{f' (n: {each})' if each else ''}")
        return handle


def _look(key: Artist) -> str:
    if isinstance(key, Line2D):
        filled = key.get_markerfacecolor()
        fill = to_hex(filled) if filled != "none" else ""
        return f"{key.get_marker()} {fill} {key.get_linestyle()}"
    if isinstance(key, Patch):
        return f"{to_hex(key.get_facecolor())} {key.get_hatch()}"
    return ""
