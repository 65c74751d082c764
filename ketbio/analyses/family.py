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
from ketbio.vocabulary import marker_label
from ketbio.wording import join_words

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
        Adjusted, one per result; NaN for one without a p value.
    label : str
        By what, as written for readers; empty where nothing was adjusted.
    limits : sequence of tuple of str
        Sentences, one tuple per result; empty where there are none.
    first_step : int
        The smallest p must be below the level over this (Holm); 1 where it need not be.
    least_factor : float
        By what the smallest p is multiplied at the very least.
    """

    p: Sequence[float]
    label: str = ""
    limits: Sequence[tuple[str, ...]] = ()
    first_step: int = 1
    least_factor: float = 1.0


def adjust_family(
    results: Sequence[Result], *, method: str, settings: Settings, noun: str = "markers"
) -> Results:
    """Return the results with ``p_adjusted``; the family is all that the call names.

    A marker without a p value stays in it as if its p were 1: what the plan names is adjusted for,
    whatever the data gave. The smallest attainable p of each is told against the family's size.
    ``noun``: what the family is of.

    Raises
    ------
    StatisticsError
        An unknown method, or one that the tests of these results do not allow.
    """
    check_word("adjust", method, ADJUSTMENTS)
    n_tested = sum(map(_has_p, results))
    how = method if len(results) > 1 and n_tested else "none"
    family = (
        _jointly(results, how, settings, noun) if how in JOINT else _one_by_one(results, how, noun)
    )
    limits = family.limits or [()] * len(results)
    done = [
        replace(
            result,
            p_adjusted=float(p) if family.label else nan,
            adjustment=family.label if _has_p(result) else "",
            warnings=_each_once(
                *result.warnings,
                *_of_floor(result, family),
                *said,
                *_unanswered(results, result, family),
                *not_alone(len(results), n_tested, family.label, noun=noun),
            ),
            references=result.references + CITED.get(how, ()),
        )
        for result, p, said in zip(results, family.p, limits, strict=True)
    ]
    return Results(done)


def _each_once(*sentences: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))


def _has_p(result: Result) -> bool:
    return not isnan(result.p_value)


def _one_by_one(results: Sequence[Result], method: str, noun: str) -> _Family:
    """Adjust p values as they are, each from its own test; one that is missing counts as 1."""
    has_p = list(map(_has_p, results))
    p_values = [one.p_value if known else 1.0 for one, known in zip(results, has_p, strict=True)]
    found = adjust_p(p_values, method=method)
    p = [float(one) if known else nan for one, known in zip(found.p_adjusted, has_p, strict=True)]
    if method == "none":
        return _Family(p=p)
    k, n_missing = len(results), has_p.count(False)
    short = f", {n_missing} of them without a p value" if n_missing else ""
    return _Family(
        p=p,
        label=f"{found.label} over {k} {noun}{short}",
        # A step-up method such as Benjamini–Hochberg does not hold its smallest p to α/k.
        first_step=k if method == "holm" else 1,
        least_factor=sum(1 / place for place in range(1, k + 1)) if method == "fdr_by" else 1.0,
    )


def _jointly(results: Sequence[Result], method: str, settings: Settings, noun: str) -> _Family:
    """Adjust by permuting all markers together; never below the marker's own p."""
    tested = [result for result in results if _has_p(result)]
    joint = joint_test(tested, method=method, settings=settings)
    adjusted, limits = (
        iter(joint.p_adjusted),
        iter(joint_limits(joint, tested, settings, noun=noun)),
    )
    return _Family(
        p=[max(one.p_value, float(next(adjusted))) if _has_p(one) else nan for one in results],
        label=joint_label(joint, n_planned=len(results), noun=noun),
        limits=[next(limits) if _has_p(one) else () for one in results],
    )


def _of_floor(result: Result, family: _Family) -> tuple[str, ...]:
    return (
        *design_limit(result.p_floor, family=family.first_step, drawn=result.is_exact is False),
        *adjusted_limit(result.p_floor, factor=family.least_factor, adjustment=family.label),
    )


def _unanswered(results: Sequence[Result], result: Result, family: _Family) -> tuple[str, ...]:
    """Say to those adjusted which markers of the family have no p value."""
    without = [_named(one) for one in results if not _has_p(one)]
    if not without or not family.label or not _has_p(result):
        return ()
    have, count = ("has", "counts") if len(without) == 1 else ("have", "count")
    return (
        f"{join_words(without)} {have} no p value and {count} as p = 1: the family is what was "
        "asked for.",
    )


def _named(result: Result) -> str:
    """Return the marker, or both where two were correlated with each other."""
    if result.analysis != "correlate_markers":
        return result.label
    return f"{result.label} with {marker_label(result.groups[1])}"
