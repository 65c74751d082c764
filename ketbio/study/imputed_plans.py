"""What a plan of imputed comparisons cannot ask, before any table is read."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ketbio.analyses.imputation.asked import asked_of, prepare
from ketbio.errors import KetbioError, StatisticsError, unknown_word
from ketbio.statistics.imputation.assumptions import ASSUMPTIONS
from ketbio.statistics.imputation.imputations import check_imputations
from ketbio.study.mmrm_plans import follow_up_of
from ketbio.study.plan import AnalysisPlan, Study

IMPUTED = "compare_imputed"
"""The kind of analysis that this is about."""


def imputed_faults(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each fault of one analysis: the word at fault, and a sentence.

    Examples
    --------
    >>> [key for key, _ in imputed_faults({"assumption": ["mar", "delta"]})]
    ['assumption']
    """
    words = given.get("assumption", ["mar"])
    for word in words:
        if word not in ASSUMPTIONS:
            yield "assumption", unknown_word("assumption", word, ASSUMPTIONS)
    if not words:
        yield "assumption", "assumption is empty; name at least one, or leave it out."
    shifts = [key for key in ("delta", "delta_by") if key in given]
    if len(shifts) == 2:
        yield "delta_by", "delta and delta_by are both given; one of them is wanted."
    if "delta" in words and not shifts:
        yield (
            "assumption",
            'assumption names "delta", but neither delta nor delta_by says how much is added; add '
            "delta = 3, say.",
        )
    if shifts and "delta" not in words:
        yield (
            shifts[0],
            f'{shifts[0]} is given, but assumption does not name "delta"; add it there, or take '
            f"{shifts[0]} out.",
        )
    try:
        check_imputations(given.get("n_imputations", 500))
    except StatisticsError as refused:
        yield "n_imputations", str(refused)


def given_to_imputed(
    plan: AnalysisPlan, study: Study, participants: pd.DataFrame, endpoints: pd.DataFrame
) -> dict[str, Any]:
    """Return what a planned comparison is given beside its own words: who, and the visits."""
    visits = follow_up_of(study, plan, endpoints)["visits"]
    return {"participants": participants, "visits": visits}


def imputed_not_ready(
    plan: AnalysisPlan, study: Study, participants: pd.DataFrame, endpoints: pd.DataFrame
) -> dict[str, str]:
    """Return the key and why the tables do not allow a planned comparison; empty where they do."""
    given = {
        "baseline": study.baseline,
        "endpoint": study.endpoint,
        **given_to_imputed(plan, study, participants, endpoints),
        **plan.options,
    }
    try:
        asked = asked_of(
            participants,
            arm=given.get("arm", "arm"),
            reference=given.get("reference"),
            assumption=given.get("assumption", "mar"),
            delta=given.get("delta_by", given.get("delta")),
            accumulate=bool(given.get("accumulate_delta")),
            covariates=given.get("covariates"),
            level=given.get("confidence_level", 0.95),
            n_imputations=given.get("n_imputations", 2),
            seed=study.seed,
            visits=(given["baseline"], given["endpoint"], given["visits"]),
        )
    except KetbioError as refused:
        return {_key_of(str(refused), plan, otherwise="kind"): str(refused)}
    try:
        for marker in given["markers"]:
            prepare(endpoints, marker, asked)
    except KetbioError as refused:
        return {_key_of(str(refused), plan, otherwise="markers"): str(refused)}
    return {}


def _key_of(sentence: str, plan: AnalysisPlan, *, otherwise: str) -> str:
    """Return the word of the plan that a refusal begins with; ``delta`` may be ``delta_by``."""
    first = sentence.split(" ", 1)[0]
    return next((key for key in (first, f"{first}_by") if key in plan.options), otherwise)
