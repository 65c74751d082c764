"""The ``[[analyses]]`` of a study file: each analysis, its words, and what is impossible in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from ketbio.analyses.combinations import COMBINATIONS, impossible
from ketbio.study.expected import expected_faults, with_alternative
from ketbio.study.faults import KeyPath
from ketbio.study.marker_plans import MarkerReader
from ketbio.study.places import line_of
from ketbio.study.plan import AnalysisPlan, MarkerPlan, ResponsePlan, TablePlan
from ketbio.study.words import ANALYSES
from ketbio.vocabulary import SCALE_OF_TABLE, SCALES

NEEDS_RESPONSE = ("compare_responders", "correlate_changes")
"""Analyses that cannot do without the scale that the response is defined on."""
NOT_OPTIONS_OF_ANALYSES = ("kind", "title", "aim", "deviation")
"""Words of an analysis that its function is not given."""
OF_PAIRS = "correlate_markers"
"""The analysis of every pair of its markers."""
OF_TWO = "compare_methods"
"""The analysis that takes two markers, no fewer and no more."""


class AnalysisReader(MarkerReader):
    """Reads the analyses of a study file."""

    def analyses(
        self, markers: Sequence[MarkerPlan], tables: Sequence[TablePlan]
    ) -> tuple[AnalysisPlan, ...]:
        """Return the analyses that can be read; the faults of the others are kept."""
        schemas = [table.schema for table in tables]
        rated = [SCALE_OF_TABLE[schema] for schema in schemas if schema in SCALE_OF_TABLE]
        names = [*rated, *(marker.name for marker in markers)]
        is_whole = not self.faults
        plans = []
        for index, given in enumerate(self.top.get("analyses", [])):
            path: KeyPath = ("analyses", index)
            kind = given.get("kind")
            if kind is None:
                self.fault(path, "[[analyses]] lacks 'kind' (text); add it.")
                continue
            if not self.check_word(kind, list(ANALYSES), "kind", (*path, "kind")):
                continue
            if not self.check(given, ANALYSES[kind], path) or not is_whole:
                continue  # markers and visits are known only where the parts above hold
            self.check_analysis(given, names, path, markers)
            self.check_rated(given, rated, path)
            options = {key: given[key] for key in given if key not in NOT_OPTIONS_OF_ANALYSES}
            lines = {key: line_of(self.text, (*path, key)) for key in ("kind", *options)}
            told = {key: given[key] for key in ("aim", "deviation") if key in given}
            title = given.get("title", "")
            plans.append(AnalysisPlan(kind=kind, title=title, options=options, lines=lines, **told))
        return tuple(plans)

    def check_visits_of(self, given: Mapping[str, Any], path: KeyPath) -> None:
        """Find the faults of visits and days that an analysis names of its own."""
        order = self.top["visits"]["order"]
        for key in ("visits", "days"):
            for visit in given.get(key, ()):
                self.check_word(visit, order, f"a visit of {key}", (*path, key))
        for visit, day in given.get("days", {}).items():
            if type(day) not in (int, float):
                self.fault(
                    (*path, "days"),
                    f"days.{visit} is {day!r}; a day counted from the baseline visit is wanted.",
                )

    def check_rated(self, given: Mapping[str, Any], rated: Sequence[str], path: KeyPath) -> None:
        """Find the fault of an analysis that needs the response scale where it was not rated."""
        scale = self.top.get("response", {}).get("scale", ResponsePlan().scale)
        if given["kind"] not in NEEDS_RESPONSE or scale in rated or scale not in SCALES:
            return
        others = [other for other in rated if other in SCALES]
        instead = f", or set scale = {others[0]!r} in [response]" if others else ""
        self.fault(
            path,
            f"{given['kind']} needs [tables.{SCALES[scale].table}] for the response on the "
            f"{scale}; add it{instead}.",
        )

    def check_analysis(
        self,
        given: Mapping[str, Any],
        names: Sequence[str],
        path: KeyPath,
        markers: Sequence[MarkerPlan],
    ) -> None:
        """Find the faults of one analysis: unknown words, impossible combinations."""
        for key in ("baseline", "endpoint"):
            if key in given:
                self.check_word(given[key], self.top["visits"]["order"], key, (*path, key))
        for marker in given.get("markers", []):
            self.check_word(marker, names, "a marker", (*path, "markers"))
        if given.get("markers") == []:
            self.fault((*path, "markers"), "markers is empty; name at least one.")
        if given["kind"] == OF_PAIRS and len(given["markers"]) == 1:
            self.fault(
                (*path, "markers"),
                f"markers of {OF_PAIRS} is {given['markers']!r}; at least two are wanted, since "
                "each is correlated with each other one.",
            )
        self.check_visits_of(given, path)
        if given["kind"] == OF_TWO and len(set(given["markers"])) != 2:
            self.fault(
                (*path, "markers"),
                f"markers of {OF_TWO} is {given['markers']!r}; two different markers are wanted, "
                "which measure the same by two methods.",
            )
        outcome = given.get("outcome")
        if outcome is not None:
            self.check_word(outcome, names, "outcome", (*path, "outcome"))
        if outcome in given.get("markers", []):
            self.fault(
                (*path, "outcome"),
                f"{outcome!r} is outcome and marker at once; a change correlates with itself.",
            )
        one_sided = expected_faults({**self.top["visits"], **given}, markers)
        for sentence in one_sided:
            self.fault((*path, "alternative"), sentence)
        if given["kind"] in COMBINATIONS and not one_sided:
            for one in impossible(given["kind"], with_alternative(given)):
                self.fault((*path, one.key), one.sentence)
