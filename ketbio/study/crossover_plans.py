"""The ``[crossover]`` of a study file: sequences, periods, and what an analysis asks of them."""

from collections.abc import Callable, Mapping
from typing import Any

from ketbio.analyses.crossovers.design import crossover_design, periods_asked, sequences_asked
from ketbio.errors import TableError
from ketbio.study.faults import KeyPath
from ketbio.study.marker_plans import MarkerReader
from ketbio.study.plan import CrossoverPlan
from ketbio.study.words import CROSSOVER

KIND = "compare_crossover"
PATH: KeyPath = ("crossover",)


class CrossoverReader(MarkerReader):
    """Reads how the crossover of a study file is made."""

    def crossover(self) -> CrossoverPlan | None:
        """Return the crossover; None where the study is none, or where it has faults."""
        given = self.top.get("crossover")
        if given is None or not self.check(given, CROSSOVER, PATH):
            return None
        before = len(self.faults)
        self._check_texts(given)
        order = self.top.get("visits", {}).get("order", [])
        if len(self.faults) == before:
            self._held("periods", lambda: periods_asked(given["periods"]))
            n_periods = len(given["periods"])
            self._held("sequences", lambda: sequences_asked(given["sequences"], n_periods))
            for number, period in enumerate(given["periods"]):
                for role, visit in period.items():
                    path: KeyPath = (*PATH, "periods", number, role)
                    self.check_word(visit, order, f"the visit {role} of period {number + 1}", path)
        if len(self.faults) == before:
            self._held("reference", lambda: crossover_design(**_asked(given)))
        if len(self.faults) > before:
            return None
        return CrossoverPlan(
            sequence=given.get("sequence", "sequence"),
            sequences={label: tuple(one) for label, one in given["sequences"].items()},
            periods=tuple(given["periods"]),
            baseline=given.get("baseline", "baseline"),
            reference=given.get("reference", ""),
        )

    def _check_texts(self, given: Mapping[str, Any]) -> None:
        """Find what is no list of treatments, or no visit."""
        for label, treatments in given["sequences"].items():
            if not isinstance(treatments, list) or not all(
                isinstance(one, str) for one in treatments
            ):
                self.fault(
                    (*PATH, "sequences"),
                    f"the sequence {label!r} is {treatments!r}; its treatments in the order of the "
                    'periods are wanted, such as ["ketamine", "saline"].',
                )
        for number, period in enumerate(given["periods"]):
            for role, visit in period.items():
                if not isinstance(visit, str):
                    path: KeyPath = (*PATH, "periods", number, role)
                    self.fault(
                        path, f"{role} of period {number + 1} is {visit!r}; a visit is wanted."
                    )

    def _held(self, key: str, check: Callable[[], object]) -> None:
        try:
            check()
        except TableError as refused:
            self.fault((*PATH, key), str(refused))

    def check_crossover(self, given: Mapping[str, Any], path: KeyPath) -> None:
        """Find what an analysis asks of a crossover that is not there."""
        if given["kind"] != KIND:
            return
        if "crossover" not in self.top:
            self.fault(
                path,
                f"{KIND} needs [crossover] with the sequences and the visits of the periods; add "
                "it.",
            )
            return
        own = {key: given[key] for key in ("at", "baseline_as", "reference") if key in given}
        try:
            crossover_design(**_asked(self.top["crossover"]) | own)
        except TableError as refused:
            key = next((one for one in own if str(refused).startswith(f"{one} ")), "kind")
            self.fault((*path, key), str(refused))


def _asked(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in given.items() if key != "sequence"}
