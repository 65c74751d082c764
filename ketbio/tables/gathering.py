"""Many cells with one fault in common → one complaint that names them all.

A column with a hundred cells "NA" has one fault, and a reader who is told once can mend it once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ketbio.tables.complaints import Complaint
from ketbio.tables.phrases import listed_rows, listed_words
from ketbio.wording import count_of

SEVERAL = 4
"""From so many cells on a fault in common is said once; fewer are said cell by cell."""


def gathered(complaints: Iterable[Complaint]) -> list[Complaint]:
    """Return complaints with those made one that have the same fault in common.

    The complaint that stays names every record, so that all of them stay kept out; what concerns
    safety is never gathered.

    Parameters
    ----------
    complaints : iterable of Complaint
        All that was found, each said once.

    Examples
    --------
    >>> alike = [Complaint(rule="number", message="x is 'NA'.", row=row, positions=(row - 2,),
    ...                    column="x", value="NA", together="x is 'NA'.") for row in range(2, 8)]
    >>> gathered(alike)[0].message
    "x is 'NA'. This holds for 6 cells (rows 2, 3, 4 and 3 more)."
    """
    found = list(complaints)
    groups: dict[tuple[str, ...], list[Complaint]] = {}
    for one in found:
        if one.together and one.severity != "safety":
            key = (one.rule, one.severity, one.column, one.together)
            groups.setdefault(key, []).append(one)
    first = {id(group[0]): _together(group) for group in groups.values() if len(group) >= SEVERAL}
    absorbed = {id(one) for group in groups.values() if len(group) >= SEVERAL for one in group[1:]}
    return [first.get(id(one), one) for one in found if id(one) not in absorbed]


def _together(group: Sequence[Complaint]) -> Complaint:
    one = group[0]
    rows = sorted({each.row for each in group})
    what = "cell" if one.column else "row"
    places = [each.where for each in group if each.where]
    listed = listed_words(places) if len(places) == len(group) else listed_rows(rows)
    return replace(
        one,
        message=f"{one.together} This holds for {count_of(len(group), what)} ({listed}).",
        row=rows[0],
        positions=tuple(sorted({i for each in group for i in each.positions})),
        participant_id=_common([each.participant_id for each in group]),
        visit=_common([each.visit for each in group]),
        value=_common([each.value for each in group]),
        together="",
    )


def _common(words: Sequence[str]) -> str:
    return words[0] if len(set(words)) == 1 else ""
