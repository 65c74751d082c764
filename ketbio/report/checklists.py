"""Reporting checklists, filled in with where each item is answered."""

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ketbio.report.aims import SECTION_OF
from ketbio.report.bibliography import cite
from ketbio.report.designs import DESIGNS, design_of, says_randomised
from ketbio.report.deviations import NO_PLAN, NOT_REGISTERED
from ketbio.report.findings import told_results
from ketbio.report.markdown import Markdown, join_markdown, link, markdown_table
from ketbio.result import TESTS_OF_MARKERS, Result
from ketbio.vocabulary import SCALES
from ketbio.wording import count_of

if TYPE_CHECKING:
    from ketbio.report.contents import Contents

FOR_AUTHORS = "Not in this report: for the authors"

HEADS = {
    "title_page": "Title page",
    "summary": "Summary",
    "deviations": "Deviations from the plan",
    "data_checks": "Data checks",
    "participants": "Participants",
    "primary": "Primary analyses",
    "secondary": "Secondary analyses",
    "exploratory": "Exploratory analyses",
    "sensitivity": "Sensitivity analyses",
    "analyses": "Analyses",
    "laboratory": "Laboratory quality",
    "limitations": "Limitations",
    "methods": "Methods",
    "appendix": "All results",
    "provenance": "Files, seed and software",
}
"""Section → how it is named where an item points to it."""

_IDENTIFIERS = {"data_checks": "data-checks", "appendix": "all-results"}
_OF_FINDINGS = ("primary", "secondary", "exploratory", "sensitivity", "analyses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an item can be answered from: the report's contents and its results."""

    contents: "Contents"
    results: tuple[Result, ...]

    def any(self, holds: Callable[[Result], bool]) -> bool:
        """Tell whether something holds of any result, companions included."""
        return any(holds(one) for main in self.results for one in (main, *main.companions))


def _sections_with(*names: str) -> Callable[[Told], tuple[str, ...]]:
    return lambda _: names


def _of_findings(told: Told) -> tuple[str, ...]:
    return tuple(name for name in _OF_FINDINGS if getattr(told.contents, name).families)


def _findings_with(holds: Callable[[Result], bool]) -> Callable[[Told], tuple[str, ...]]:
    """Return the sections of those findings of which something holds, companions included."""

    def where(told: Told) -> tuple[str, ...]:
        found = {
            SECTION_OF[main.aim]
            for main in told_results(told.results)
            if any(holds(one) for one in (main, *main.companions))
        }
        return tuple(name for name in _of_findings(told) if name in found)

    return where


def _where(
    holds: Callable[[Told], bool], sections: Callable[[Told], tuple[str, ...]]
) -> Callable[[Told], tuple[str, ...]]:
    return lambda told: sections(told) if holds(told) else ()


def _statement(head: str) -> Callable[[Told], bool]:
    return lambda told: any(one.head == head for one in told.contents.title_page.statements)


def _has(name: str) -> Callable[[Told], bool]:
    return lambda told: bool(getattr(told.contents, name))


def _any(holds: Callable[[Result], bool]) -> Callable[[Told], bool]:
    return lambda told: told.any(holds)


def _has_controls(one: Result) -> bool:
    return one.analysis in ("chart_controls", "fit_standard_curve")


ALLOW_FOR_MISSING = frozenset({
    "fit_mmrm", "compare_imputed", "describe_missing_visits", "compare_response_rates",
    "describe_time_to_response",
})  # fmt: skip
"""Analyses that say what they do with a missing visit."""

TOPICS: dict[str, Callable[[Told], tuple[str, ...]]] = {
    "summary": _sections_with("summary"),
    "methods": _where(_has("methods"), _sections_with("methods")),
    "techniques": _where(_has("techniques"), _sections_with("methods")),
    "limitations": _sections_with("limitations"),
    "deviations": _sections_with("deviations"),
    "software": _where(_has("software"), _sections_with("provenance")),
    "participants": _where(_has("participants"), _sections_with("participants")),
    "flow": _where(_has("flow"), _sections_with("participants")),
    "analyses": _of_findings,
    "aims": _where(_any(lambda one: bool(one.aim)), _of_findings),
    "description": _where(lambda told: bool(told.contents.title_page.about),
                          _sections_with("title_page")),
    "registration": _where(
        lambda told: any(x.startswith("Registration") for x in told.contents.title_page.about),
        _sections_with("title_page")),
    "registered_plan": _where(
        lambda told: told.contents.deviations.sentence not in (NOT_REGISTERED, NO_PLAN),
        _sections_with("deviations")),
    "funding": _where(_statement("Funding"), _sections_with("title_page")),
    "checks": _where(_has("checks"), _sections_with("data_checks")),
    "safety": _where(lambda told: bool(told.contents.checks and told.contents.checks.safety),
                     _sections_with("data_checks")),
    "exclusions": _where(_has("checks"), _sections_with("data_checks", "participants", "appendix")),
    "marker_methods": _where(_has("checks"), _sections_with("methods")),
    "response": _where(_any(lambda one: one.analysis == "summarise_response"),
                       _sections_with("methods")),
    "laboratory": _where(_has("laboratory"), _sections_with("laboratory")),
    "controls": _where(_any(_has_controls), _sections_with("laboratory")),
    "adjustment": _findings_with(lambda one: bool(one.adjustment)),
    "sides": _where(_any(lambda one: bool(one.alternative)), _sections_with("appendix")),
    "intervals": _findings_with(lambda one: not math.isnan(one.ci_low)),
    "p_values": _findings_with(lambda one: not math.isnan(one.p_value)),
    "correlations": _findings_with(lambda one: one.analysis.startswith("correlate_")),
    "pairs": _findings_with(lambda one: one.analysis == "correlate_markers"),
    "stability": _findings_with(lambda one: len(one.leave_one_out) > 0),
    "sensitivity": _findings_with(lambda one: "sensitivity" in (one.aim, one.role)),
    "missing_data": _findings_with(lambda one: one.analysis in ALLOW_FOR_MISSING),
    "crossover": _findings_with(lambda one: one.analysis == "compare_crossover"),
    "periods": _findings_with(lambda one: one.estimate_name.startswith("period difference")),
    "carry_over": _findings_with(lambda one: one.estimate_name.startswith("carry-over")),
    "covariates": _findings_with(lambda one: one.estimate_name.startswith("adjusted")),
    "earlier": _where(lambda told: any(one.earlier for one in told.contents.findings),
                      _of_findings),
}  # fmt: skip
"""Topic of an item → the sections that answer it here; where there is none, the authors have to."""


def describe_checklists(
    contents: "Contents", results: Sequence[Result], *, names: Sequence[str] | None = None
) -> tuple[Markdown, ...]:
    """Return the checklists that fit a report, each item with where it is answered.

    That an item is answered says where to look, not that it is answered well.

    Parameters
    ----------
    contents : Contents
        The report, but for its checklists.
    results : sequence of Result
    names : sequence of str, optional
        Some of `ketbio.study.plan.CHECKLISTS`; those that fit (`fitting_checklists`) where not
        given, and none where it is empty.

    Returns
    -------
    tuple of Markdown
        For each list a sentence and a table.
    """
    told = Told(contents=contents, results=tuple(results))
    chosen = _fitting(told) if names is None else tuple(names)
    return tuple(part for name in chosen for part in _checklist(name, told))


def _fitting(told: Told) -> tuple[str, ...]:
    about = told.contents.title_page.about
    return fitting_checklists(told.results, is_randomised=any(map(says_randomised, about)))


def fitting_checklists(
    results: Sequence[Result], *, is_randomised: bool = False
) -> tuple[str, ...]:
    """Return the checklists of a report that names none; nothing tested, none.

    Parameters
    ----------
    results : sequence of Result
    is_randomised : bool
        Whether the study says that chance assigned its arms.

    Returns
    -------
    tuple of str
        Names of checklists.

    Examples
    --------
    >>> fitting_checklists([])
    ()
    """
    if all(math.isnan(one.p_value) for one in results):
        return ()
    has_markers = any(
        one.analysis in TESTS_OF_MARKERS and one.marker not in SCALES for one in results
    )
    of_design = {
        "crossover": ("CONSORT", "CONSORT_CROSSOVER"),
        "arms": ("CONSORT",) if is_randomised else ("STROBE",),
        "one group": ("STROBE",),
    }
    return ("SAMPL", *of_design[design_of(results)], *(("REMARK",) if has_markers else ()))


@cache
def _all_checklists() -> Mapping[str, Mapping[str, object]]:
    text = files("ketbio.report").joinpath("checklists.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _checklist(name: str, told: Told) -> tuple[Markdown, Markdown]:
    checklist = _all_checklists()[name]
    items: list[dict[str, object]] = checklist["items"]  # type: ignore[assignment]
    places = [_places(item["where"], told) for item in items]  # type: ignore[arg-type]
    title = str(checklist["title"]).format(design=DESIGNS[design_of(told.results)])
    n_answered = sum(1 for one in places if one)
    sentence = join_markdown(
        [
            join_markdown([title, cite([str(checklist["reference"])])]),
            f": {n_answered} of {count_of(len(items), 'item')} point to a place in this report; "
            "the others are for the authors. That there is a place says where to look, not that "
            "the item is answered well.",
        ],
        separator="",
    )
    table = markdown_table(
        [
            [item["n"], item["item"], place or FOR_AUTHORS]
            for item, place in zip(items, places, strict=True)
        ],
        headings=["Item", "What is asked for", "Where it is answered"],
        caption=f"{name} checklist",
        identifier=f"table-checklist-{name.lower()}",
        classes=("stub",),
    )
    return sentence, table


def _places(topics: Sequence[str], told: Told) -> Markdown:
    names = dict.fromkeys(name for topic in topics for name in TOPICS[topic](told))
    here = [name for name in names if name in told.contents.sections]
    return join_markdown([_place(name, told) for name in here], separator="; ")


def _place(section: str, told: Told) -> object:
    if section == "title_page":
        return HEADS[section]  # it has no heading of its own to point to
    head = getattr(told.contents, section).heading if section in _OF_FINDINGS else HEADS[section]
    return link(head, identifier=_IDENTIFIERS.get(section, section))
