"""P values of several markers adjusted as the plan says: one family per call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

from ketbio.analyses.joint import joint_label, joint_limits, joint_test
from ketbio.analyses.limits import adjusted_limit, design_limit, not_alone
from ketbio.analyses.question import Settings
from ketbio.result import Result, Results
from ketbio.statistics import adjust_p
from ketbio.statistics.inputs import check_word
from ketbio.statistics.max_t import LABELS as JOINT
from ketbio.statistics.multiplicity import LABELS

ADJUSTMENTS = (*(word for word in LABELS if word != "none"), *JOINT, "none")
"""The words of ``adjust``."""

CITED = {
    "holm": ("holm1979",),
    "hochberg": ("hochberg1988",),
    "fdr_bh": ("benjamini1995",),
    "fdr_by": ("benjamini2001",),
    "max_t": ("westfall1993",),
    "min_p": ("westfall1993",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """What the adjustment gave.

    Attributes
    ----------
    p : sequence of float
        Adjusted, one per result that has a p value.
    label : str
        By what, as written for readers; empty where nothing was adjusted.
    limits : tuple of str
        Sentences for each of them.
    first_step : int
        The smallest p must be below the level over this (Holm); 1 where it need not be.
    least_factor : float
        By what the smallest p is multiplied at the very least.
    """

    p: Sequence[float]
    label: str = ""
    limits: tuple[str, ...] = ()
    first_step: int = 1
    least_factor: float = 1.0


def adjust_family(results: Sequence[Result], *, method: str, settings: Settings) -> Results:
    """Return the results with ``p_adjusted`` over all of them that have a p value.

    The smallest attainable p of each is told against the family's size.

    Raises
    ------
    StatisticsError
        An unknown method, or one that the tests of these results do not allow.
    """
    check_word("adjust", method, ADJUSTMENTS)
    tested = [result for result in results if not isnan(result.p_value)]
    how = method if len(tested) > 1 else "none"
    family = _jointly(tested, how, settings) if how in JOINT else _one_by_one(tested, how)
    adjusted = iter(family.p)
    done = []
    for result in results:
        has_p = not isnan(result.p_value)
        p = next(adjusted) if has_p else nan
        done.append(
            replace(
                result,
                p_adjusted=float(p) if family.label else nan,
                adjustment=family.label if has_p else "",
                warnings=result.warnings + _limits(result, family, len(tested)),
                references=result.references + CITED.get(how, ()),
            )
        )
    return Results(done)


def _one_by_one(tested: Sequence[Result], method: str) -> _Family:
    """Adjust p values as they are, each from its own test."""
    found = adjust_p([result.p_value for result in tested], method=method)
    if method == "none":
        return _Family(p=found.p_adjusted.tolist())
    k = found.n_tests
    return _Family(
        p=found.p_adjusted.tolist(),
        label=f"{found.label} over {k} markers",
        # A step-up method such as Benjamini–Hochberg does not hold its smallest p to α/k.
        first_step=k if method == "holm" else 1,
        least_factor=sum(1 / place for place in range(1, k + 1)) if method == "fdr_by" else 1.0,
    )


def _jointly(tested: Sequence[Result], method: str, settings: Settings) -> _Family:
    """Adjust by permuting all markers together; never below the marker's own p."""
    joint = joint_test(tested, method=method, settings=settings)
    pairs = zip(tested, joint.p_adjusted, strict=True)
    return _Family(
        p=[max(result.p_value, float(p)) for result, p in pairs],
        label=joint_label(joint),
        limits=joint_limits(joint),
    )


def _limits(result: Result, family: _Family, n_tests: int) -> tuple[str, ...]:
    return (
        *design_limit(result.p_floor, family=family.first_step),
        *adjusted_limit(result.p_floor, factor=family.least_factor, adjustment=family.label),
        *(() if isnan(result.p_value) else family.limits),
        *not_alone(n_tests, family.label),
    )
