"""The format of the registry of markers: every key, what it holds, and what a registry must keep.

The registry is the files ``markers_*.toml`` beside this one, with ``marker_references.toml``.
`registry_faults` holds them to this table; docs/markers.md prints it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ketbio.vocabulary.marker_words import folded_marker

RAISED, LOWERED, UNCHANGED, REVERSED = "raised", "lowered", "unchanged", "reversed"
DIRECTIONS = (RAISED, LOWERED, UNCHANGED, REVERSED)
"""What was reported; `REVERSED`: a change under stress was undone, which way is not told."""

HUMAN = "human"
SPECIES = (HUMAN, "rat", "mouse", "rodent", "animal", "cell culture")
"""In whom; ``rodent`` and ``animal`` where the text does not say which."""

BEFORE = "after against before"
RESPONDERS = "responders against non-responders"
COMPARES = (BEFORE, RESPONDERS)
"""What is compared with what; `BEFORE` stands for a comparison with untreated controls too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the registry: what it means, the type of its value and the words allowed."""

    meaning: str
    type: type = str
    required: bool = False
    allowed: tuple[str, ...] = ()


MARKER_KEYS = {
    "name": Key(required=True, meaning="the canonical id, safe as the name of a column"),
    "label": Key(required=True, meaning="how it is written for readers"),
    "molecules": Key(required=True, type=list, meaning="the molecules that it tells of"),
    "synonyms": Key(type=list, meaning="how files write it, beside its name and label"),
    "table": Key(
        required=True,
        allowed=("blots", "bdnf", "elisa_plates", "markers"),
        meaning="the incoming table that it is measured in",
    ),
    "target": Key(meaning="of a blot: the protein"),
    "site": Key(meaning="of a phospho blot: residue and number"),
    "form": Key(allowed=("phospho", "total"), meaning="of a blot: the form of the protein"),
    "condition": Key(meaning="of stimulated cells: stimulated/basal"),
    "specimen": Key(meaning="what it is measured in, where that is part of what it is"),
    "unit": Key(meaning="its unit, where the field has one"),
    "scale": Key(
        required=True, allowed=("raw", "log2", "ratio"), meaning="the scale that it is analysed on"
    ),
    "note": Key(meaning="what a reader of its reports must know"),
    "reports": Key(required=True, type=list, meaning="what was reported of it"),
}
"""Keys of ``[[marker]]``."""

REPORT_KEYS = {
    "species": Key(required=True, allowed=SPECIES, meaning="in whom"),
    "direction": Key(required=True, allowed=DIRECTIONS, meaning="what ketamine was followed by"),
    "citations": Key(required=True, type=list, meaning="the primary papers, each one report"),
    "compares": Key(allowed=COMPARES, meaning=f"what is compared; {BEFORE} where left out"),
    "population": Key(meaning="who, or which model; needed for human reports"),
    "specimen": Key(meaning="specimen or region"),
    "ketamine": Key(allowed=("single", "repeated"), meaning="how often it was given, where told"),
    "drug": Key(meaning="which drug, where it is not ketamine alone"),
    "dose": Key(meaning="the dose, where told"),
    "window": Key(meaning="when, where told"),
    "measured": Key(meaning="by what means, where it matters"),
    "note": Key(meaning="what else is to be known of it"),
}
"""Keys of a report."""

AMBIGUOUS_KEYS = {
    "words": Key(required=True, type=list, meaning="words that are found in files"),
    "candidates": Key(required=True, type=list, meaning="the markers that they could mean"),
    "open": Key(required=True, meaning="what the word does not say"),
}
"""Keys of ``[[ambiguous]]``: words that are never resolved."""

REFERENCE_KEYS = {
    "cite": Key(required=True, meaning="how it is named in a sentence"),
    "number": Key(type=int, meaning="its place in the review's list; none: it was read itself"),
    "doi": Key(meaning="its doi"),
}
"""Keys of a line of ``marker_references.toml``, under the citation key."""

TABLE_KEYS = {"marker": MARKER_KEYS, "ambiguous": AMBIGUOUS_KEYS}


def registry_faults(
    entries: Mapping[str, list[dict[str, Any]]], references: Mapping[str, dict[str, Any]]
) -> tuple[str, ...]:
    """Return what is wrong with a registry, one sentence each; empty where nothing is.

    Parameters
    ----------
    entries : mapping
        ``"marker"`` and ``"ambiguous"`` → their tables, as TOML gives them.
    references : mapping
        Citation key → its table.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> registry_faults({"marker": [], "ambiguous": [{"words": ["x"], "open": "all"}]}, {})
    ("ambiguous 1 lacks 'candidates'.",)
    """
    shape = [*_faults_of_shape(entries, references)]
    return tuple(shape or [*_faults_of_names(entries), *_faults_of_reports(entries, references)])


def _faults_of_shape(
    entries: Mapping[str, list[dict[str, Any]]], references: Mapping[str, dict[str, Any]]
) -> Iterator[str]:
    for table, given in entries.items():
        if table not in TABLE_KEYS:
            yield f"[[{table}]] is not known; allowed: {', '.join(TABLE_KEYS)}."
            continue
        for number, entry in enumerate(given, start=1):
            where = str(entry.get("name", f"{table} {number}"))
            yield from _faults_of_table(where, entry, TABLE_KEYS[table])
            for place, report in enumerate(entry.get("reports", []), start=1):
                yield from _faults_of_table(f"{where}, report {place}", report, REPORT_KEYS)
    for key, reference in references.items():
        yield from _faults_of_table(key, reference, REFERENCE_KEYS)


def _faults_of_table(
    where: str, entry: Mapping[str, Any], keys: Mapping[str, Key]
) -> Iterator[str]:
    for name, key in keys.items():
        if name not in entry:
            if key.required:
                yield f"{where} lacks {name!r}."
            continue
        value = entry[name]
        if not isinstance(value, key.type) or value in ("", []):
            yield f"{where}: {name} is {value!r}; a filled {key.type.__name__} is wanted."
        elif key.allowed and value not in key.allowed:
            yield f"{where}: {name} is {value!r}; allowed: {', '.join(key.allowed)}."
    for name in entry:
        if name not in keys:
            yield f"{where}: {name!r} is not known; allowed: {', '.join(keys)}."


def _faults_of_names(entries: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    names = [str(entry["name"]) for entry in entries.get("marker", [])]
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{name} is there {count} times; each marker once."
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
            yield f"{name} is not safe as the name of a column: letters, digits and _ only."
    for entry in entries.get("marker", []):
        if entry["label"] == entry["name"]:
            yield f"{entry['name']}: its label is its name; readers need another."
        if entry["table"] == "blots" and not {"target", "form"} <= set(entry):
            yield f"{entry['name']}: a blot needs its target and form."
    for entry in entries.get("ambiguous", []):
        for candidate in entry["candidates"]:
            if candidate not in names:
                yield f"{entry['words'][0]}: its candidate {candidate!r} is no marker."
    yield from _faults_of_words(entries)


def _faults_of_words(entries: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Find words of two owners: a word means one marker, or is declared to leave something open."""
    meant: dict[str, set[str]] = {}
    for entry in entries.get("marker", []):
        for word in (entry["name"], entry["label"], *entry.get("synonyms", [])):
            meant.setdefault(folded_marker(word), set()).add(str(entry["name"]))
    for place, entry in enumerate(entries.get("ambiguous", []), start=1):
        for word in entry["words"]:
            meant.setdefault(folded_marker(word), set()).add(f"ambiguous {place}")
    for word, owners in meant.items():
        if len(owners) > 1 or not word:
            yield f"{word!r} is a word of {' and of '.join(sorted(owners))}; declare it ambiguous."


def _faults_of_reports(
    entries: Mapping[str, list[dict[str, Any]]], references: Mapping[str, dict[str, Any]]
) -> Iterator[str]:
    for entry in entries.get("marker", []):
        for place, report in enumerate(entry["reports"], start=1):
            where = f"{entry['name']}, report {place}"
            if report["species"] == HUMAN and "population" not in report:
                yield f"{where}: a human report needs its population."
            for key in report["citations"]:
                if key not in references:
                    yield f"{where}: {key!r} is not in the references."
