"""P values of several markers adjusted as the plan says: one family per call."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan

from ketbio.analyses.limits import design_limit, not_alone
from ketbio.result import Result, Results
from ketbio.statistics import adjust_p

CITED = {"holm": ("holm1979",), "fdr_bh": ("benjamini1995",)}


def adjust_family(results: Sequence[Result], *, method: str) -> Results:
    """Return the results with ``p_adjusted`` over all of them that have a p value.

    The smallest attainable p of each is told against the family's size.
    """
    adjusted = adjust_p([result.p_value for result in results], method=method)
    n_tests = adjusted.n_tests
    is_adjusted = method != "none" and n_tests > 1
    label = f"{adjusted.label} over {n_tests} markers" if is_adjusted else ""
    done = []
    for result, p in zip(results, adjusted.p_adjusted, strict=True):
        # a step-up method such as Benjamini–Hochberg does not hold its smallest p to α/k
        family = n_tests if is_adjusted and method == "holm" else 1
        limits = design_limit(result.p_floor, family=family) + not_alone(n_tests, label)
        done.append(
            replace(
                result,
                p_adjusted=float(p) if is_adjusted else float("nan"),
                adjustment=label if is_adjusted and not isnan(p) else "",
                warnings=result.warnings + limits,
                references=result.references + (CITED.get(method, ()) if is_adjusted else ()),
            )
        )
    return Results(done)
