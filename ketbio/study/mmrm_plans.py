"""A planned `fit_mmrm`: its words in a study file, and what is impossible among them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ketbio.analyses.visit_models.asked import asked_of, prepare
from ketbio.analyses.visit_models.words import clashes
from ketbio.errors import KetbioError, StatisticsError
from ketbio.statistics.inputs import check_draws
from ketbio.study.plan import AnalysisPlan, Study
from ketbio.vocabulary import VISIT

MMRM = "fit_mmrm"
OF_TABLES = ("reference", "covariates", "formula", "visits", "days", "outcome")
"""Words that the tables can refuse, beside ``arm`` and ``baseline``."""


def mmrm_faults(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return key and sentence of what cannot be asked together, before any table is read.

    Examples
    --------
    >>> [key for key, _ in mmrm_faults({"covariates": ["sex"], "formula": "arm * visit + sex"})]
    ['formula']
    """
    found = clashes(with_arms(given))
    if given.get("covariates") and given.get("formula"):
        found.append(
            ("formula", "formula and covariates are both given; add the covariates to the formula.")
        )
    try:
        check_draws(given.get("n_resamples", 1))
    except StatisticsError as refused:
        found.append(("n_resamples", str(refused)))
    return found


def with_arms(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words with ``arm = ""``, which TOML has for no arms, as `fit_mmrm` takes it."""
    return {**options, "arm": options.get("arm", "arm") or None}


def follow_up_of(study: Study, plan: AnalysisPlan, endpoints: pd.DataFrame) -> dict[str, object]:
    """Return the visits after baseline that have a record, and their days where all are known."""
    baseline = str(plan.options.get("baseline", study.baseline))
    here = set(endpoints[VISIT])
    after = study.visits[study.visits.index(baseline) + 1 :]
    visits = [visit for visit in after if visit in here]
    middle = {visit: sum(days) / 2 for visit, days in study.windows.items()}
    has_days = bool(middle) and all(visit in middle for visit in visits)
    return {"visits": visits, **({"days": middle} if has_days else {})}


def mmrm_not_ready(
    plan: AnalysisPlan, study: Study, participants: pd.DataFrame, endpoints: pd.DataFrame
) -> dict[str, str]:
    """Return the key and why the tables do not allow a planned model; empty where they do."""
    given = {
        **dict.fromkeys(OF_TABLES),
        "outcome": "change",
        "baseline": study.baseline,
        **follow_up_of(study, plan, endpoints),
        **with_arms(plan.options),
    }
    words = ("arm", "baseline", *OF_TABLES)
    try:
        asked = asked_of(endpoints, participants, **{word: given[word] for word in words})
    except KetbioError as refused:
        sentence = str(refused).replace("arm=None", 'arm = ""')
        return {_key_of(sentence, plan): sentence}
    try:
        for marker in given["markers"]:
            prepare(endpoints, marker, asked)
    except KetbioError as refused:
        return {"markers": str(refused)}
    return {}


def _key_of(sentence: str, plan: AnalysisPlan) -> str:
    """Return the word of the plan that a refusal begins with, else the kind."""
    first = sentence.split(" ", 1)[0].replace("participants", "arm")
    return first if first in plan.options else "kind"
