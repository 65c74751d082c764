"""The ``[[analyses]]`` of a study file: each analysis, its words, and what is impossible in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

from ketbio.analyses.combinations import COMBINATIONS, impossible
from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import check_level
from ketbio.study.crossover_plans import CrossoverReader
from ketbio.study.event_plans import RATES, TIMES
from ketbio.study.expected import expected_faults, with_alternative
from ketbio.study.faults import KeyPath
from ketbio.study.imputed_plans import IMPUTED, imputed_faults
from ketbio.study.mmrm_plans import MMRM, mmrm_faults
from ketbio.study.places import line_of
from ketbio.study.plan import AnalysisPlan, MarkerPlan, ResponsePlan, TablePlan
from ketbio.study.words import ANALYSES
from ketbio.vocabulary import SCALE_OF_TABLE, SCALES

NEEDS_RESPONSE = ("compare_responders", "correlate_changes", RATES, TIMES)
"""Analyses that cannot do without the scale that the response is defined on."""
NOT_OPTIONS_OF_ANALYSES = ("kind", "title", "aim", "deviation")
"""Words of an analysis that its function is not given."""
WITHOUT_BASELINE = (
    "correlate_repeated", "describe_missing_visits", "fit_random_effects", MMRM, TIMES,
)  # fmt: skip
"""Analyses whose visits need not hold the baseline."""
OF_PAIRS = "correlate_markers"
"""The analysis of every pair of its markers."""
OF_TWO = "compare_methods"
"""The analysis that takes two markers, no fewer and no more."""


OWN_FAULTS: dict[str, Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]] = {
    MMRM: mmrm_faults,
    IMPUTED: imputed_faults,
}
"""Kinds of analyses with words that are held against each other → what finds their faults."""


def no_faults(_given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Find nothing: the words of most analyses are held against the tables of `words` only."""
    return ()


class AnalysisReader(CrossoverReader):
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
        self.check_visits_in_order(given, order, path)
        for key in ("visits", "days"):
            for visit in given.get(key, ()):
                self.check_word(visit, order, f"a visit of {key}", (*path, key))
        for visit, day in given.get("days", {}).items():
            if type(day) not in (int, float) or not isfinite(day):
                self.fault(
                    (*path, "days"),
                    f"days.{visit} is {day!r}; a day counted from the baseline visit is wanted.",
                )

        known = {visit: given.get("days", {}).get(visit) for visit in order}
        days = [day for day in known.values() if type(day) in (int, float)]
        if any(later <= earlier for earlier, later in pairwise(days)):
            self.fault(
                (*path, "days"),
                f"days is {given['days']!r}, which do not rise with the visits; correct them.",
            )

    def check_visits_in_order(
        self, given: Mapping[str, Any], order: Sequence[str], path: KeyPath
    ) -> None:
        """Find the fault of a course that has too few visits, goes back in time or starts late."""
        named = given.get("visits")
        if named is None or any(visit not in order for visit in named):
            return
        if len(named) < 2 or named != sorted(set(named), key=order.index):
            self.fault(
                (*path, "visits"),
                f"visits is {named!r}; at least two visits are wanted, each once, in the order of "
                f"[visits]: {', '.join(map(repr, order))}.",
            )
        elif given["kind"] in WITHOUT_BASELINE:
            return
        elif given.get("baseline", self.top["visits"]["baseline"]) not in named:
            baseline = given.get("baseline", self.top["visits"]["baseline"])
            self.fault(
                (*path, "visits"),
                f"visits lacks {baseline!r}, the baseline from which changes are counted; name it "
                "there, or name another baseline.",
            )

    def check_own_numbers(self, given: Mapping[str, Any], path: KeyPath) -> None:
        """Find the faults of analyses that `impossible` knows nothing of."""
        try:
            check_level(given.get("confidence_level", 0.95))
        except StatisticsError as refused:
            self.fault((*path, "confidence_level"), str(refused))
        markers = given.get("markers", [])
        for one in dict.fromkeys(one for one in markers if markers.count(one) > 1):
            if given["kind"] != OF_TWO:
                self.fault((*path, "markers"), f"markers names {one!r} twice; name it once.")

    def check_rated(self, given: Mapping[str, Any], rated: Sequence[str], path: KeyPath) -> None:
        """Find the fault of an analysis that needs the response scale where it was not rated."""
        scale = self.top.get("response", {}).get("scale", ResponsePlan().scale)
        if given["kind"] in NEEDS_RESPONSE and "crossover" in self.top:
            self.fault(
                path,
                f"{given['kind']} needs a response to one treatment, and a crossover has several; "
                "take it out, or take [crossover] out.",
            )
        if given["kind"] not in NEEDS_RESPONSE or scale in rated or scale not in SCALES:
            return
        others = [other for other in rated if other in SCALES]
        instead = f", or set scale = {others[0]!r} in [response]" if others else ""
        self.fault(
            path,
            f"{given['kind']} needs [tables.{SCALES[scale].table}] for the response on the "
            f"{scale}; add it{instead}.",
        )

    def check_number_of_markers(self, given: Mapping[str, Any], path: KeyPath) -> None:
        """Find the fault of an analysis of pairs that is given too few markers, or too many."""
        if given["kind"] == OF_PAIRS and len(given["markers"]) == 1:
            self.fault(
                (*path, "markers"),
                f"markers of {OF_PAIRS} is {given['markers']!r}; at least two are wanted, since "
                "each is correlated with each other one.",
            )
        if given["kind"] == OF_TWO and len(set(given["markers"])) != 2:
            self.fault(
                (*path, "markers"),
                f"markers of {OF_TWO} is {given['markers']!r}; two different markers are wanted, "
                "which measure the same by two methods.",
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
        self.check_number_of_markers(given, path)
        self.check_visits_of(given, path)
        self.check_crossover(given, path)
        outcome = None if given["kind"] in (MMRM, RATES) else given.get("outcome")
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
        for key, sentence in OWN_FAULTS.get(given["kind"], no_faults)(given):
            self.fault((*path, key), sentence)
        if given["kind"] not in COMBINATIONS:
            self.check_own_numbers(given, path)
        elif not one_sided:
            for one in impossible(given["kind"], with_alternative(given)):
                self.fault((*path, one.key), one.sentence)
