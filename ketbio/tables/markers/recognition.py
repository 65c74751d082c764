"""Columns and blot targets that name a registered marker: recognised and said, never rewritten."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd

from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.phrases import quoted
from ketbio.vocabulary.marker_records import MarkerRegistry, RegisteredMarker
from ketbio.vocabulary.marker_registry import marker_registry
from ketbio.vocabulary.marker_words import folded_marker
from ketbio.wording import join_words


def marker_notes(frame: pd.DataFrame, contract: TableSchema) -> tuple[str, ...]:
    """Return what the columns, or the targets of blots, of a table read as in the registry.

    Parameters
    ----------
    frame : DataFrame
        The records of a table, under our names.
    contract : TableSchema
        The schema that it is held against.

    Returns
    -------
    tuple of str
        One sentence per word that is another way of writing a registered marker, or that leaves
        open which marker it means. A word that is the marker's own id needs none.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> frame = pd.DataFrame({"participant_id": ["P01"], "visit": ["v1"], "pGSK3b (Ser9)": [1.0]})
    >>> marker_notes(frame, load_schema("markers"))
    ("Column 'pGSK3b (Ser9)' reads as p-GSK3β (Ser9), p_GSK3B_S9.",)
    """
    look = _LOOKS.get(contract.name)
    return tuple(look(frame, contract)) if look is not None else ()


def _column_notes(frame: pd.DataFrame, contract: TableSchema) -> Iterator[str]:
    registry = marker_registry()
    for column in map(str, frame.columns):
        if column not in contract.columns:
            yield from _note(f"Column {quoted(column)}", column, registry)


def _target_notes(frame: pd.DataFrame, _contract: TableSchema) -> Iterator[str]:
    if "target" not in frame:
        return
    registry = marker_registry()
    for word in map(str, dict.fromkeys(frame["target"].dropna())):
        target = target_of(word)
        said = f"Target {quoted(word)}"
        if target is None or registry.marker_of(word) is not None:
            is_own = word in registry.markers or word == target
            yield from () if is_own else _note(said, word, registry)
        elif word != target:
            yield f"{said} reads as the protein {target}."


_LOOKS: dict[str, Callable[[pd.DataFrame, TableSchema], Iterator[str]]] = {
    "markers": _column_notes,
    "blots": _target_notes,
}
"""Schema → what looks for markers in a table of it."""


def _note(said: str, word: str, registry: MarkerRegistry) -> Iterator[str]:
    marker, unclear = registry.marker_of(word), registry.open_word_of(word)
    if marker is not None and word != marker.name:
        yield f"{said} reads as {marker.label}, {marker.name}."
    if unclear is not None:
        could = join_words(unclear.candidates, last="or")
        yield f"{said} could be {could}: it leaves open {unclear.open}, and was not resolved."


def columns_of_marker(name: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that name a registered marker, by its id or by another way of writing it.

    Parameters
    ----------
    name : str
        Id of a marker; one that is not registered has no synonyms.
    columns : iterable of str

    Returns
    -------
    tuple of str
        In their order.

    Examples
    --------
    >>> columns_of_marker("p_GSK3B_S9", ["visit", "pGSK3b (Ser9)", "GSK3B"])
    ('pGSK3b (Ser9)',)
    """
    registry = marker_registry()
    if name not in registry.markers:
        return ()
    return tuple(column for column in columns if _means(column, name, registry))


def _means(word: str, name: str, registry: MarkerRegistry) -> bool:
    marker = registry.marker_of(word)
    return marker is not None and marker.name == name


def target_of(word: str) -> str | None:
    """Return the registered protein that a blot's target means, None where it means none.

    Examples
    --------
    >>> target_of("GSK-3beta"), target_of("NR2B"), target_of("actin")
    ('GSK3B', 'GluN2B', None)
    """
    registry = marker_registry()
    folded = folded_marker(word)
    blots = [one for one in registry.markers.values() if one.table == "blots"]
    named = next((one.target for one in blots if folded_marker(one.target) == folded), None)
    marker = registry.marker_of(word)
    return named or (marker.target or None if marker is not None else None)


def targets_of_marker(marker: RegisteredMarker, targets: Sequence[str]) -> tuple[str, ...]:
    """Return the targets of a blot table that mean the protein of a marker.

    Examples
    --------
    >>> gsk = marker_registry().markers["p_GSK3B_S9"]
    >>> targets_of_marker(gsk, ["mTOR", "GSK3beta", "actin"])
    ('GSK3beta',)
    """
    return tuple(word for word in targets if marker.target and target_of(word) == marker.target)


def sites_of_marker(marker: RegisteredMarker, sites: Sequence[str]) -> tuple[str, ...]:
    """Return the sites of a blot table that mean the phosphorylation site of a marker.

    Examples
    --------
    >>> sites_of_marker(marker_registry().markers["p_GSK3B_S9"], ["Ser9", "S2448"])
    ('Ser9',)
    """
    wanted = folded_marker(marker.site)
    return tuple(
        word for word in sites if wanted and folded_marker(word).removeprefix("p") == wanted
    )
