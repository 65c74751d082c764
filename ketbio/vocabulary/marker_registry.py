"""The registry of markers: what ketbio knows of each molecule, read once from the files beside it.

Facts are those of Kang, Hawken and Vazquez 2022 (doi 10.3389/fpsyt.2022.860882) and of the trial of
Roy et al. 2021; `marker_schema` is the format.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ketbio.vocabulary.marker_records import (
    MarkerReference,
    MarkerRegistry,
    MarkerReport,
    OpenWord,
    RegisteredMarker,
)
from ketbio.vocabulary.marker_schema import registry_faults
from ketbio.vocabulary.marker_words import folded_marker

REVIEW = "kang2022"
"""Citation key of the review that tells of the primary papers."""

_FAMILIES = ("glutamate", "mtor", "growth", "synapse")
_REFERENCES = "marker_references.toml"


@cache
def marker_registry() -> MarkerRegistry:
    """Return the registry, read once.

    Returns
    -------
    MarkerRegistry

    Raises
    ------
    ValueError
        A file of the registry does not keep its own format.

    Examples
    --------
    >>> marker_registry().marker_of("pGSK-3β (Ser 9)").name
    'p_GSK3B_S9'
    """
    folder = files("ketbio.vocabulary")
    read = {
        name: tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
        for name in (*(f"markers_{family}.toml" for family in _FAMILIES), _REFERENCES)
    }
    references = read.pop(_REFERENCES)
    entries: dict[str, list[dict[str, Any]]] = {}
    for tables in read.values():
        for table, given in tables.items():
            entries.setdefault(table, []).extend(given)
    if faults := registry_faults(entries, references):
        raise ValueError("the registry of markers: " + " ".join(faults))
    return built_registry(entries, references)


def built_registry(
    entries: Mapping[str, list[dict[str, Any]]], references: Mapping[str, dict[str, Any]]
) -> MarkerRegistry:
    """Return entries that keep the format as a registry; each paper of a report is one report."""
    works = {key: MarkerReference(key=key, **given) for key, given in references.items()}
    markers = {entry["name"]: _marker(entry, works) for entry in entries["marker"]}
    open_words = tuple(
        OpenWord(
            words=tuple(given["words"]), candidates=tuple(given["candidates"]), open=given["open"]
        )
        for given in entries.get("ambiguous", [])
    )
    return MarkerRegistry(
        markers=markers,
        open_words=open_words,
        references=works,
        by_word={
            folded_marker(word): one.name
            for one in markers.values()
            for word in (one.name, one.label, *one.synonyms)
        },
        open_by_word={folded_marker(word): one for one in open_words for word in one.words},
    )


def _marker(entry: Mapping[str, Any], works: Mapping[str, MarkerReference]) -> RegisteredMarker:
    lists = {name: tuple(entry.get(name, ())) for name in ("molecules", "synonyms")}
    reports = tuple(
        MarkerReport(citation=key, via=REVIEW if works[key].number is not None else "", **told)
        for told, keys in (_told(report) for report in entry["reports"])
        for key in keys
    )
    return RegisteredMarker(**{**entry, **lists, "reports": reports})


def _told(report: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    return {name: word for name, word in report.items() if name != "citations"}, report["citations"]
