"""What a study compares, as far as its results and its own words tell."""

import re
from collections.abc import Sequence

from ketbio.result import Result

CROSSOVER = "compare_crossover"
OF_ARMS = frozenset({
    "fit_mmrm", "fit_random_effects", "compare_imputed", "compare_response_rates",
    "describe_time_to_response",
})  # fmt: skip
"""Analyses whose two groups are arms."""

DESIGNS = {
    "crossover": "treatments compared within participants; where chance decided their order, "
    "CONSORT with its extension to crossovers is the checklist",
    "arms": "arms compared; where chance assigned them, CONSORT is the checklist",
    "one group": "uncontrolled before–after",
}
"""What is compared → how the title of a list of observational studies tells it."""

_RANDOMISED = re.compile(r"\brandomi[sz]ed\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(not|non|no|nor|neither|never|without)\b[^.,;]*$", re.IGNORECASE)


def says_randomised(about: str) -> bool:
    """Return whether a study says of itself that chance assigned its arms.

    Examples
    --------
    >>> says_randomised("Double-blind, randomized."), says_randomised("Open-label, not randomised.")
    (True, False)
    """
    return any(not _NEGATED.search(about[: one.start()]) for one in _RANDOMISED.finditer(about))


def design_of(results: Sequence[Result]) -> str:
    """Return what is compared, as a word of `DESIGNS`.

    Examples
    --------
    >>> design_of([])
    'one group'
    """
    if any(one.analysis == CROSSOVER for one in results):
        return "crossover"
    has_arms = any(one.analysis in OF_ARMS and len(one.groups) == 2 for one in results)
    return "arms" if has_arms else "one group"
