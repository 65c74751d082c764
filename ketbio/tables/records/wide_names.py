"""Unknown columns that share a stem and name visits: ``MADRS BL``, ``MADRS D1``, ``MADRS D14``."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.records.header_units import named_unit
from ketbio.tables.records.suggestions import nearest_column
from ketbio.tables.visit_words import nearest_visit, visit_word

_LONGEST = 200
_MOST_WORDS = 2
_EDGES = {"pre": 0, "post": -1}
"""Words for the first and the last visit; which they are is clear where there are two."""


def wide_columns(
    rest: Iterable[str],
    unfed: Collection[str],
    columns: Mapping[str, ColumnSpec],
    visits: Sequence[str] | None,
) -> dict[str, str]:
    """Return ``"ours@visit"`` → the column, for columns that hold one of ours at several visits.

    Parameters
    ----------
    rest : iterable of str
        Columns of the file that feed nothing.
    unfed : collection of str
        Columns of ours that nothing feeds.
    columns : mapping of str to ColumnSpec
        The schema's columns.
    visits : sequence of str or None
        The study's visits, which are then the only ones suggested.

    Examples
    --------
    >>> total = ColumnSpec(name="madrs_total", meaning="", type="integer")
    >>> wide_columns(["MADRS BL", "MADRS D14"], ["madrs_total"], {"madrs_total": total}, None)
    {'madrs_total@baseline': 'MADRS BL', 'madrs_total@day_14': 'MADRS D14'}
    """
    groups: dict[str, dict[str, str]] = {}
    for name in rest:
        for stem, visit in _split(name, visits):
            ours = nearest_column(stem, unfed, columns)
            if ours:
                groups.setdefault(ours, {}).setdefault(visit, name)
                break
    return {
        f"{ours}@{visit}": name
        for ours, found in groups.items()
        if len(found) > 1
        for visit, name in found.items()
    }


def _split(name: str, visits: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    """Yield what stands before or after the name of a visit, with its unit, and the visit."""
    if len(name) > _LONGEST:
        return
    parts = named_unit(name)
    unit = f" ({parts.unit})" if parts.unit else ""
    words = [word for word in re.split(r"[\s_./@:-]+", parts.stem) if word]
    for n in range(_MOST_WORDS, 0, -1):
        if len(words) <= n:
            continue
        for stem, said in ((words[:-n], words[-n:]), (words[n:], words[:n])):
            if visit := _visit(" ".join(said), visits):
                yield f"{' '.join(stem)}{unit}", visit


def _visit(word: str, visits: Sequence[str] | None) -> str:
    edge = _EDGES.get(word.casefold())
    if visits is None:
        return word.casefold() if edge is not None else visit_word(word)
    if edge is not None:
        return visits[edge] if len(visits) == len(_EDGES) else ""
    return nearest_visit(word, visits) if visit_word(word) or word in visits else ""
