"""What a study's tables say of the laboratory: plates, gels, replicates, and what is noise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ketbio.analyses.laboratory.gels import summarise_gels
from ketbio.analyses.laboratory.lane_replicates import lane_replicates
from ketbio.analyses.laboratory.linear_range import summarise_linear_range
from ketbio.analyses.laboratory.noise import noise_warnings
from ketbio.analyses.laboratory.replicates import summarise_replicates
from ketbio.analyses.laboratory.standard_curves import fit_standard_curves
from ketbio.analyses.levels import summarise_levels
from ketbio.endpoints.concentration import specimen_of
from ketbio.result import TESTS_OF_MARKERS, Result, Results
from ketbio.study.derivations import curves_of
from ketbio.study.plan import MarkerPlan, Study
from ketbio.study.words import PLATE_WORDS
from ketbio.tables import Check
from ketbio.vocabulary import CENSORED, MARKER, PARTICIPANT_ID, VALUE, VISIT

_OF_ONE_ASSAY = ("analyte", *PLATE_WORDS)


def laboratory_results(
    study: Study, checks: Mapping[str, Check], endpoints: pd.DataFrame, response: pd.DataFrame
) -> list[Result]:
    """Return the results about the bench: each plate and gel once, each marker's replicates.

    Parameters
    ----------
    study : Study
    checks : mapping of str to Check
        Of its tables.
    endpoints : DataFrame
        The study's endpoints.
    response : DataFrame
        Who responded; may be empty.
    """
    schema_of = {table.name: table.schema for table in study.tables}
    made: list[Result] = []
    told: set[tuple[Any, ...]] = set()
    for plan in study.markers:
        schema = schema_of[plan.table]
        table = checks[plan.table].accepted
        if schema in ONCE:
            key = (plan.table, *ONCE_KEYS[schema](plan))
            made += [] if key in told else ONCE[schema](table, plan)
            told.add(key)
        if schema == "blots" and (plan.table,) not in told:
            made += _linear_ranges(table)
            told.add((plan.table,))
        if schema in REPLICATES:
            made += REPLICATES[schema](table, plan, made)
    made += _censored_levels(study, endpoints, response)
    return made


def told_of_noise(results: Sequence[Result], laboratory: Sequence[Result]) -> list[Result]:
    """Return results with the warning that their marker is mostly noise, where it is."""
    warnings = {
        one.marker: noise_warnings(one)
        for one in laboratory
        if one.analysis == "summarise_replicates"
    }
    return [
        replace(
            one, warnings=tuple(dict.fromkeys((*one.warnings, *_of_its_markers(one, warnings))))
        )
        if one.analysis in NOISE_MATTERS
        else one
        for one in results
    ]


NOISE_MATTERS = TESTS_OF_MARKERS | {
    "correlate_markers", "correlate_baseline_change", "correlate_repeated", "fit_mmrm",
    "fit_random_effects",
}  # fmt: skip
"""Analyses whose answer measurement error weakens, or even makes."""


def _of_its_markers(result: Result, warnings: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the warnings of the markers of a result: a correlation has two."""
    names = dict.fromkeys((result.marker, *result.groups))
    return tuple(one for name in names for one in warnings.get(name, ()))


# -- plates ----------------------------------------------------------------------------------
def _plates(table: pd.DataFrame, plan: MarkerPlan) -> list[Result]:
    """Return the curves of all plates of an assay, whatever specimen a marker is of."""
    name = str(plan.options.get("analyte") or _one_analyte(table) or plan.table)
    given = {name: plan.options[name] for name in _OF_ONE_ASSAY if name in plan.options}
    # the column of the specimen stays: serum and plasma of one person are two samples
    return list(fit_standard_curves(table, marker=name, **given).results)


def _one_analyte(table: pd.DataFrame) -> str:
    """Return what all plates measure, empty where they do not say or measure several things."""
    named = set(table["analyte"].dropna()) - {""} if "analyte" in table else set()
    return str(named.pop()) if len(named) == 1 else ""


def _plate_key(plan: MarkerPlan) -> tuple[Any, ...]:
    return tuple(plan.options.get(name) for name in _OF_ONE_ASSAY)


def _plate_replicates(
    table: pd.DataFrame, plan: MarkerPlan, _made: Sequence[Result]
) -> list[Result]:
    wells = curves_of(table, plan).wells
    samples = wells[(wells["role"] == "sample") & (wells["spike"] == 0) & ~wells["is_masked"]]
    rows = samples.assign(
        below_lloq=samples["side"] == "left",
        above_uloq=samples["side"] == "right",
        **{VALUE: samples["concentration"] * samples["dilution_factor"] * samples["plate_factor"]},
    )
    return _replicates(rows, plan, value=VALUE, run="plate_id", unit="ng/mL")


# -- blots -----------------------------------------------------------------------------------
def _gels(table: pd.DataFrame, plan: MarkerPlan) -> list[Result]:
    return list(summarise_gels(table, marker=plan.name, **plan.options))


def _gel_replicates(_table: pd.DataFrame, plan: MarkerPlan, made: Sequence[Result]) -> list[Result]:
    gels = Results(
        one for one in made if (one.analysis, one.marker) == ("summarise_gel", plan.name)
    )
    rows = lane_replicates(gels, condition=plan.options.get("condition"))
    with_scale = replace(plan, options={"scale": "log2", **plan.options})
    return _replicates(rows, with_scale, value=VALUE, run="gel_id", unit="ratio")


def _linear_ranges(table: pd.DataFrame) -> list[Result]:
    has_series = "role" in table and (table["role"] == "dilution").any()
    return list(summarise_linear_range(table)) if has_series else []


# -- levels ----------------------------------------------------------------------------------
def _level_replicates(
    table: pd.DataFrame, plan: MarkerPlan, _made: Sequence[Result]
) -> list[Result]:
    specimen = plan.options.get("specimen") or specimen_of(plan.name)
    own = table[table["specimen"] == specimen]
    run = "plate_id" if "plate_id" in own and own["plate_id"].notna().all() else None
    return _replicates(own, plan, value="bdnf_ng_ml", run=run, unit="ng/mL")


def _replicates(
    rows: pd.DataFrame, plan: MarkerPlan, *, value: str, run: str | None, unit: str
) -> list[Result]:
    """Return how replicates agree, where a sample of the marker has any."""
    known = rows[rows[value].notna()]
    if not known.duplicated([PARTICIPANT_ID, VISIT]).any():
        return []
    scale = "log2" if plan.options.get("scale") == "log2" else "raw"
    limit = float(plan.options.get("cv_limit", 20.0))
    found = summarise_replicates(
        rows, marker=plan.name, value=value, run=run, unit=unit, scale=scale, cv_limit=limit
    )
    return [found]


def _censored_levels(study: Study, endpoints: pd.DataFrame, response: pd.DataFrame) -> list[Result]:
    """Return the summaries of markers with values beyond a limit, at the visits that have them."""
    names = {plan.name for plan in study.markers}
    rows = endpoints[endpoints[MARKER].isin(names) & (endpoints[CENSORED] != "")]
    pairs = rows[[MARKER, VISIT]].drop_duplicates().itertuples(index=False, name=None)
    known = response if len(response) else None
    return [
        one
        for marker, visit in pairs
        for one in summarise_levels(endpoints, marker=marker, visit=visit, response=known)
    ]


ONCE: dict[str, Callable[[pd.DataFrame, MarkerPlan], list[Result]]] = {
    "elisa_plates": _plates,
    "blots": _gels,
}
"""Schema → what is told once of each assay."""
ONCE_KEYS: dict[str, Callable[[MarkerPlan], tuple[Any, ...]]] = {
    "elisa_plates": _plate_key,
    "blots": lambda plan: (plan.name,),
}
REPLICATES: dict[str, Callable[[pd.DataFrame, MarkerPlan, Sequence[Result]], list[Result]]] = {
    "elisa_plates": _plate_replicates,
    "blots": _gel_replicates,
    "bdnf": _level_replicates,
}
"""Schema → how far replicates of a marker agree; the gels made for it are given."""
