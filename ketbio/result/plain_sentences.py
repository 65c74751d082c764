"""A result for a patient or a relative: what was measured, in whom, what was found, how sure."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ketbio.result.plain_findings import (
    Finding,
    correlation,
    count,
    groups,
    laboratory,
    level,
    nothing,
    other,
    share,
    superiority,
    treatments,
    visits,
    wins,
)
from ketbio.result.plain_laboratory import LABORATORY
from ketbio.result.plain_numbers import how_often
from ketbio.result.told import (
    Told,
    could_not_be_small,
    is_count,
    is_range_of_data,
    permutation_of,
    told_of,
)
from ketbio.result.words import on_one_line
from ketbio.wording import capitalised

if TYPE_CHECKING:
    from ketbio.result.record import Result

_DIFFERENCE = re.compile(r"difference|shift|centre|change$")
_LEVELS = (
    "mean", "median", "estimated marginal mean", "estimated change", "adjusted mean",
    "restricted mean",
)  # fmt: skip
"""How the name of an estimate begins that says how high values were."""
_ONE_SIDED = {
    "less": "a result as low as this or lower",
    "greater": "a result as high as this or higher",
}
"""What a one-sided test counts, which may lie on the other side than asked for."""


def plain_sentence(result: "Result") -> str:
    """Return a result in one to four short sentences of everyday words."""
    told = told_of(result)
    found = FINDINGS[_kind(result, told)](result, told)
    sentences = [capitalised(found.words), *_how_sure(result, found)]
    sentences += [_by_permutation(result, found.what), found.limit]
    return on_one_line(" ".join(f"{one.rstrip('.')}." for one in sentences if one))


FINDINGS: "dict[str, Callable[[Result, Told], Finding]]" = {
    "nothing": nothing,
    "laboratory": laboratory,
    "count": count,
    "correlation": correlation,
    "superiority": superiority,
    "wins": wins,
    "visits": visits,
    "treatments": treatments,
    "groups": groups,
    "share": share,
    "level": level,
    "other": other,
}
"""What kind of number a result gives → who puts it in words."""


def _kind(result: "Result", told: Told) -> str:
    has_two = len(result.groups) == 2
    is_pair = result.analysis.startswith("correlate")
    is_of_sums = told.name.startswith("carry-over")
    is_difference = has_two and not (is_pair or is_of_sums) and bool(_DIFFERENCE.search(told.name))
    kinds = {
        "nothing": not told.is_known,
        "laboratory": result.analysis in LABORATORY,
        "count": is_count(result),
        "correlation": told.is_correlation,
        "superiority": told.is_superiority and has_two,
        "wins": has_two and told.name.startswith("wins"),
        "visits": is_difference and result.analysis == "compare_visits",
        "treatments": is_difference and result.analysis == "compare_crossover",
        "groups": is_difference,
        "share": told.unit == "%" and told.name.startswith("with "),
        "level": told.name.startswith(_LEVELS) or is_range_of_data(result),
    }
    return next((kind for kind, holds in kinds.items() if holds), "other")


def _how_sure(result: "Result", found: Finding) -> list[str]:
    fit = f"The data fit {found.fit}" if found.fit else found.spread
    chance = _chance(result, found.what) if result.p_method else ""
    if fit and chance:
        return [f"{fit}; {chance}"]
    return [fit or capitalised(chance)] if fit or chance else []


def _chance(result: "Result", what: str) -> str:
    if not result.p_value >= 0:
        return ""
    seen = _ONE_SIDED.get(result.alternative, f"{what} at least this large")
    words = f"if chance alone were at work, {seen} would turn up {how_often(result.p_value)}"
    if result.p_adjusted >= 0:
        words += f" ({how_often(result.p_adjusted)} when all tests of this kind are counted)"
    if could_not_be_small(result):
        words += (
            f", and with so few people nothing could have been rarer than "
            f"{how_often(result.p_floor)}"
        )
    return words


def _by_permutation(result: "Result", what: str) -> str:
    """Tell how often chance does it where no model says so: p of the permutation beside one."""
    test = permutation_of(result) if result.analysis in _MODELLED else None
    if test is None:
        return ""
    done = _PERMUTED[min(len(result.groups), 2)]
    seen = _ONE_SIDED.get(test.alternative, f"{what} at least this large")
    words = f"{done} instead, without the model, {seen} turned up {how_often(test.p_value)}"
    if could_not_be_small(test):
        words += f", and nothing could have been rarer than {how_often(test.p_floor)}"
    return words


_MODELLED = ("fit_mmrm",)
"""Analyses whose p is of a model, with a permutation of whole trajectories beside it."""
_PERMUTED = {
    0: "When the values were shuffled",
    1: "When rises and falls were swapped at random",
    2: "When people were shuffled between the groups",
}
"""How many groups a contrast has → what its permutation does."""
