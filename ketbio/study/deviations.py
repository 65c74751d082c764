"""A registered plan held against the plan that is run: every difference, in a sentence."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ketbio.analyses.combinations import COMBINATIONS
from ketbio.study.derivations import marker_defaults
from ketbio.study.plan import AnalysisPlan, MarkerPlan, Study
from ketbio.study.runners import FUNCTIONS
from ketbio.study.words import ANALYSES, MARKER_WORDS_BY_SCHEMA
from ketbio.vocabulary import marker_label
from ketbio.wording import join_words

NOT_STATED = "not stated"
NOT_PLANNED = "not planned"
DONE, NOT_DONE = "carried out", "not carried out"
NAMED_AT_MOST = 4
"""So many markers of an analysis are named where the analysis is told; the others are counted."""

TABLE_1 = "summarise_participants"
"""The analysis that a run makes where the plan does not name it."""

OF_STUDY: dict[str, Callable[[Study], object]] = {
    "baseline": lambda study: study.baseline,
    "endpoint": lambda study: study.endpoint,
    "outcome": lambda study: study.response.scale,
}
"""Options that an analysis takes from the study where it says nothing: told once, there."""

OWN_DEFAULTS: dict[str, dict[str, object]] = {TABLE_1: {"by_response": True}}
"""Defaults of words that the function behind an analysis does not have."""

UNORDERED = ("markers", "covariates", "variables")
"""Options whose order changes nothing, but for `OF_PAIRS`."""

OF_PAIRS = "compare_methods"


def compare_plans(registered: Study, done: Study) -> tuple[str, ...]:
    """Return every difference between a plan as registered and the plan that is run.

    Parameters
    ----------
    registered, done : Study
        As `read_study` reads them.

    Returns
    -------
    tuple of str
        ``"…, …. Registered: …; done: …."``: visits, response, markers, analyses option by option,
        seed. Empty where the plans are alike.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from importlib.resources import files
    >>> from ketbio.study import read_study
    >>> study = read_study(str(files("ketbio.demo") / "study.toml"))
    >>> compare_plans(study, replace(study, seed=7))
    ('Seed. Registered: 20260101; done: 7.',)
    """
    return (
        *_told("Visits", _visits(registered), _visits(done)),
        *_told("Response", _response(registered), _response(done)),
        *_told("Crossover", _crossover(registered), _crossover(done)),
        *_markers(registered, done),
        *_analyses(registered, done),
        *_told("", {"Seed": registered.seed}, {"Seed": done.seed}),
    )


def _told(subject: str, registered: Mapping[str, Any], done: Mapping[str, Any]) -> Iterator[str]:
    """Tell each key that differs; a key that only one of them has is not stated in the other."""
    for key in dict.fromkeys([*registered, *done]):
        was, is_now = registered.get(key), done.get(key)
        if was != is_now:
            named = ", ".join(part for part in (subject, key) if part)
            yield _sentence(named, _value(was), _value(is_now))


def _sentence(subject: str, registered: str, done: str) -> str:
    return f"{subject}. Registered: {registered}; done: {done}."


def _value(value: object) -> str:
    if value is None or value == "":
        return NOT_STATED
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return join_words(map(_value, value)) or "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_value(one)}" for key, one in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _visits(study: Study) -> dict[str, Any]:
    windows = {
        f"days of {visit}": f"{first:g} to {last:g}"
        for visit, (first, last) in study.windows.items()
    }
    return {
        "order": study.visits,
        "baseline": study.baseline,
        "endpoint": study.endpoint,
        **windows,
        "rejected_rows": study.rejected_rows,
    }


def _response(study: Study) -> dict[str, Any]:
    response = study.response
    return {
        "scale": response.scale,
        "reduction_percent": response.reduction_percent,
        "remission_at_or_below": response.remission_at_or_below,
        "missing": response.missing,
    }


def _crossover(study: Study) -> dict[str, Any]:
    made = study.crossover
    if made is None:
        return {}
    return {name: getattr(made, name) for name in made.__slots__}


def _markers(registered: Study, done: Study) -> Iterator[str]:
    before = {plan.name: plan for plan in registered.markers}
    after = {plan.name: plan for plan in done.markers}
    for name in dict.fromkeys([*before, *after]):
        label = (after.get(name) or before[name]).label
        subject = f"Marker {label}"
        if name not in after:
            yield _sentence(subject, f"from {before[name].table}", NOT_DONE)
        elif name not in before:
            yield _sentence(subject, NOT_PLANNED, f"from {after[name].table}")
        else:
            yield from _told(
                subject,
                _derived(before[name], registered, named=after[name].options),
                _derived(after[name], done, named=before[name].options),
            )


def _derived(plan: MarkerPlan, study: Study, *, named: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a marker is derived, with the defaults of what the other plan names."""
    schema = next((one.schema for one in study.tables if one.name == plan.table), "")
    defaults = {**marker_defaults(schema), "column": plan.name}
    known = set(MARKER_WORDS_BY_SCHEMA.get(schema, ())) & defaults.keys() & named.keys()
    return {"from": plan.table, **{key: defaults[key] for key in known}, **plan.options}


def _analyses(registered: Study, done: Study) -> Iterator[str]:
    plans, others = _with_table_1(registered), _with_table_1(done)
    before = [_filled(plan, registered) for plan in plans]
    after = [_filled(plan, done) for plan in others]
    pairs = _paired(plans, others, before, after)
    for place, plan in enumerate(plans):
        subject = _named(plan, registered)
        if place in pairs:
            pair = before[place], after[pairs[place]]
            yield from _told(subject, *_with_studys_own(pair, (registered, done)))
        else:
            yield _sentence(subject, "planned", NOT_DONE)
    for place, plan in enumerate(others):
        if place not in pairs.values():
            yield _sentence(_named(plan, done), NOT_PLANNED, DONE)


def _with_table_1(study: Study) -> tuple[AnalysisPlan, ...]:
    """Return the analyses with Table 1, which a run makes whether it is named or not."""
    is_named = any(plan.kind == TABLE_1 for plan in study.analyses)
    return study.analyses if is_named else (AnalysisPlan(kind=TABLE_1, title=""), *study.analyses)


def _with_studys_own(
    options: tuple[dict[str, Any], dict[str, Any]], studies: tuple[Study, Study]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options, with the study's own where only the other plan names one."""
    of_one = [key for key in OF_STUDY if sum(key in one for one in options) == 1]
    was, is_now = (
        one | {key: OF_STUDY[key](study) for key in of_one if key not in one}
        for one, study in zip(options, studies, strict=True)
    )
    return was, is_now


def _filled(plan: AnalysisPlan, study: Study) -> dict[str, Any]:
    """Return what an analysis is run with, so that a default written out is no difference."""
    words = [word for word in ANALYSES[plan.kind] if word not in ("kind", "title", "deviation")]
    parameters = inspect.signature(FUNCTIONS[plan.kind]).parameters
    defaults = {word: parameters[word].default for word in words if word in parameters}
    if plan.kind in COMBINATIONS:
        defaults[COMBINATIONS[plan.kind].key] = COMBINATIONS[plan.kind].default
    filled = {
        key: one for key, one in defaults.items() if one not in (None, inspect.Parameter.empty)
    }
    filled |= {**OWN_DEFAULTS.get(plan.kind, {}), "aim": plan.aim or NOT_STATED}
    filled |= {key: one for key, one in plan.options.items() if one != []}
    for key, of_study in OF_STUDY.items():
        if filled.get(key) == of_study(study):
            del filled[key]
    ordered = plan.kind == OF_PAIRS
    return {
        key: tuple(one if ordered or key not in UNORDERED else sorted(one))
        if isinstance(one, list | tuple)
        else one
        for key, one in filled.items()
    }


def _paired(
    plans: Sequence[AnalysisPlan],
    others: Sequence[AnalysisPlan],
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
) -> dict[int, int]:
    """Match each registered analysis with the most alike of those done, the most alike first."""
    likeness = sorted(
        (
            (-_likeness(plan, other, before[i], after[j]), i, j)
            for i, plan in enumerate(plans)
            for j, other in enumerate(others)
            if plan.kind == other.kind
        ),
    )
    pairs: dict[int, int] = {}
    for unlike, i, j in likeness:
        if unlike < 0 and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _likeness(
    plan: AnalysisPlan, other: AnalysisPlan, was: Mapping[str, Any], is_now: Mapping[str, Any]
) -> float:
    """Markers in common weigh most, then the title, then every option alike; 0 is another."""
    one, two = set(was.get("markers", ())), set(is_now.get("markers", ()))
    in_common = len(one & two) / len(one | two) if one | two else 1.0
    same_title = bool(plan.title) and plan.title == other.title
    if not in_common and not same_title:
        return 0.0
    keys = {*was, *is_now}
    alike: float = sum(was.get(key) == is_now.get(key) for key in keys) / len(keys)
    return 4 * in_common + 2 * same_title + alike


def _named(plan: AnalysisPlan, study: Study) -> str:
    labels = {marker.name: marker.label for marker in study.markers}
    names = [labels.get(name, marker_label(name)) for name in plan.options.get("markers", ())]
    shown = names[:NAMED_AT_MOST]
    if len(names) > NAMED_AT_MOST:
        shown.append(f"{len(names) - NAMED_AT_MOST} further")
    title = f" “{plan.title}”" if plan.title else ""
    of = f" of {join_words(shown)}" if shown else ""
    return f"Analysis {plan.kind}{title}{of}"
