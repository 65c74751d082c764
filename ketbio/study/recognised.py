"""Markers of a plan whose column, target or site is written otherwise in the table: found, said."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from ketbio.errors import StudyError
from ketbio.study.plan import MarkerPlan, Study
from ketbio.tables import Check
from ketbio.tables.markers.recognition import (
    columns_of_marker,
    sites_of_marker,
    targets_of_marker,
)
from ketbio.vocabulary.marker_records import RegisteredMarker
from ketbio.vocabulary.marker_registry import marker_registry
from ketbio.wording import join_words

Found = Iterator[tuple[str, tuple[str, ...], str]]
"""The plan's key, the words of the table that mean it, and the word that needs no telling."""


def recognised_study(study: Study, checks: Mapping[str, Check]) -> Study:
    """Return a study whose markers name what their tables call them.

    Only a key that the plan leaves out is found, and only where one word of the table means it; the
    data stay as they are.

    Parameters
    ----------
    study : Study
        The plan.
    checks : mapping of str to Check
        The study's name of a table → its check.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        Several columns, targets or sites of a table mean one marker, or a column may mean it and
        leaves that open.
    """
    return replace(study, markers=tuple(_recognised(study, plan, checks) for plan in study.markers))


def recognition_notes(study: Study, checks: Mapping[str, Check]) -> dict[str, tuple[str, ...]]:
    """Return the table → sentences on markers that are read from a word other than their own."""
    notes: dict[str, tuple[str, ...]] = {}
    for plan in study.markers:
        for key, words, own in _words_of(plan, checks):
            if len(words) == 1 and words[0] != own:
                said = f"[markers.{plan.name}] names no {key} and is read from {words[0]!r}."
                notes[plan.table] = (*notes.get(plan.table, ()), said)
    return notes


def with_recognition_notes(study: Study, checks: dict[str, Check]) -> dict[str, Check]:
    """Return checks whose notes say from which words the markers of the plan are read."""
    notes = recognition_notes(study, checks)
    return {
        name: replace(check, notes=(*check.notes, *notes[name])) if name in notes else check
        for name, check in checks.items()
    }


def _recognised(study: Study, plan: MarkerPlan, checks: Mapping[str, Check]) -> MarkerPlan:
    options: dict[str, Any] = dict(plan.options)
    for key, words, own in _words_of(plan, checks):
        if len(words) > 1:
            listed = join_words(map(repr, words))
            raise StudyError(
                f"{study.path.name}, [markers.{plan.name}]: {listed} of [tables.{plan.table}] all "
                f"mean {plan.name}; name one with {key}, or write them alike."
            )
        if words and words[0] != own:
            options[key] = words[0]
    _refuse_open_column(study, plan, checks, options)
    return replace(plan, options=options)


def _words_of(plan: MarkerPlan, checks: Mapping[str, Check]) -> Found:
    marker = marker_registry().markers.get(plan.name)
    check = checks.get(plan.table)
    look = _LOOKS.get(check.schema) if check is not None else None
    if marker is not None and check is not None and look is not None:
        yield from look(marker, plan, check.accepted)


def _in_columns(marker: RegisteredMarker, plan: MarkerPlan, table: pd.DataFrame) -> Found:
    if "column" not in plan.options:
        yield "column", columns_of_marker(marker.name, map(str, table.columns)), plan.name


def _in_bands(marker: RegisteredMarker, plan: MarkerPlan, table: pd.DataFrame) -> Found:
    if not marker.is_derived_by_name:
        return  # its plan names target and site
    targets = targets_of_marker(marker, _different(table["target"]))
    if "target" not in plan.options:
        yield "target", targets, marker.target
    if "site" not in plan.options:
        bands = table[table["target"].isin([*targets, plan.options.get("target", marker.target)])]
        yield "site", sites_of_marker(marker, _different(bands["site"])), marker.site


_LOOKS: dict[str, Callable[[RegisteredMarker, MarkerPlan, pd.DataFrame], Found]] = {
    "markers": _in_columns,
    "blots": _in_bands,
}
"""Schema of a table → where it can call a marker otherwise."""


def _different(column: "pd.Series[str]") -> list[str]:
    return [str(word) for word in dict.fromkeys(column.dropna())]


def _refuse_open_column(
    study: Study, plan: MarkerPlan, checks: Mapping[str, Check], options: Mapping[str, Any]
) -> None:
    """Refuse a marker without a column where one may mean it: it is the plan that says so."""
    check = checks.get(plan.table)
    if check is None or check.schema != "markers" or "column" in options:
        return
    registry = marker_registry()
    columns = [str(name) for name in check.accepted.columns]
    unclear = {column: registry.open_word_of(column) for column in columns}
    could = {
        column: word.open
        for column, word in unclear.items()
        if word is not None and plan.name in word.candidates
    }
    if could and plan.name not in columns:
        listed = join_words([f"{column!r} leaves open {what}" for column, what in could.items()])
        raise StudyError(
            f"{study.path.name}, [markers.{plan.name}]: no column of [tables.{plan.table}] means "
            f"{plan.name}: {listed}. If it is meant, write column = {next(iter(could))!r}."
        )
