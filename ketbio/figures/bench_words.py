"""What is said of the figures of the bench: how to read them, what they add to the headline."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ketbio.figures.bench_parts import (
    RECOVERY_LIMIT_AT_LLOQ,
    band_faults,
    companion,
    flags,
    numbers,
    recovery_band,
    refused,
    sample_names,
    texts,
)
from ketbio.figures.labels import amount, id_label, quantity_label, spoken, tick_number
from ketbio.result import Result
from ketbio.wording import MINUS, count_of, format_interval, format_number, join_words

NAMED = 10
"""A caption names up to this many samples, and counts the others."""


def named(names: list[str]) -> str:
    """Return names, the first few of many.

    Examples
    --------
    >>> named(["P01 baseline", "P02 baseline"]), named([f"S{n}" for n in range(12)])[-18:]
    ('P01 baseline, P02 baseline', ' S8, S9 and 2 more')
    """
    unique = [id_label(name) for name in dict.fromkeys(names)]
    more = len(unique) - NAMED
    return ", ".join(unique[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _amounts(result: Result, *names: str) -> list[str]:
    """Return companions with their amounts, and their interval where they have one."""
    said = []
    for name in names:
        one = companion(result, name)
        if one is not None and np.isfinite(one.estimate):
            interval = format_interval(one.ci_low, one.ci_high, level=one.ci_level)
            shown = "" if interval == "no interval" else f", {interval}"
            said.append(f"{one.estimate_name} {amount(one)}{shown}")
    return said


def _iccs(result: Result) -> list[str]:
    """Return the first ICC, of single values, with the visit that it is of."""
    said = _amounts(result, "ICC")
    one = companion(result, "ICC")
    if one is None or not said or not one.outcome.startswith("value at "):
        return said
    when = spoken(one.outcome.removeprefix("value "))
    return [said[0].replace(one.estimate_name, f"{one.estimate_name} {when}", 1)]


def _gel_counts(result: Result) -> str:
    data = result.data
    lanes, bad = len(set(texts(data, "lane"))), sum(map(bool, band_faults(data)))
    counts = f"{count_of(lanes, 'lane')}, {count_of(len(data), 'band')}"
    return f"{counts}, {bad} with a fault" if bad else f"{counts}, none with a fault"


HEADLINES: dict[str, Callable[[Result], list[str]]] = {
    "fit_standard_curve": lambda result: _amounts(result, "LOD", "LLOQ", "ULOQ"),
    "summarise_replicates": lambda result: [*_amounts(result, "between-run CV"), *_iccs(result)],
    "compare_methods": lambda result: _amounts(
        result, "lower limit of agreement", "upper limit of agreement"
    ),
    "chart_controls": lambda result: _amounts(result, "CV of plate levels", "within-run CV"),
    "summarise_gel": lambda result: [_gel_counts(result)],
}
"""What follows the estimate above a figure."""


def read_curve(result: Result) -> list[str]:
    """Return how to read a standard curve, and which samples are beyond its range."""
    data = result.data
    role = np.array(texts(data, "role"), dtype=np.str_)
    is_masked = flags(data, "is_masked")
    side = np.array(texts(data, "side"), dtype=np.str_)
    is_sample, is_standard = role == "sample", role == "standard"
    said = []
    if (role == "curve").any():
        said.append("Line and grey band: the fitted curve with its confidence band.")
    is_read = np.isfinite(numbers(data, "concentration")) & (side == "") & ~is_masked
    if (is_sample & is_read).any():
        said.append("Open diamonds: sample wells, read from the curve, with their intervals.")
    for name, words in (("left", "below"), ("right", "above")):
        chosen = is_sample & (side == name) & ~is_masked
        if chosen.any():
            who = named(_labels(data, chosen))
            said.append(f"Triangle, drawn at the limit: {words} the range ({who}).")
    is_placed = np.isin(role, ["standard", "blank"])
    for chosen, words in (
        (is_masked & is_placed, "Crosses, masked:"),
        (is_masked & ~is_placed, "Masked, not drawn:"),
    ):
        if chosen.any():
            said.append(f"{words} {named(_wells(data, chosen))}.")
    failed = is_standard & refused(data) & ~is_masked
    if failed.any():
        said.append(f"Recovery not accepted: {named(_wells(data, failed))}.")
    if np.isfinite(numbers(data, "recovery_percent")[is_standard & ~is_masked]).any():
        low, high = recovery_band(data)
        wide = recovery_band(data, RECOVERY_LIMIT_AT_LLOQ)
        said.append(
            f"Band below: a recovery of {_span(low, high)}, and of {_span(*wide)} at the LLOQ."
        )
    return said + _undrawn_wells(data, (role != "curve") & ~is_masked, role, side)


def _undrawn_wells(
    data: pd.DataFrame, is_open: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    role: "np.ndarray[tuple[int], np.dtype[np.str_]]",
    side: "np.ndarray[tuple[int], np.dtype[np.str_]]",
) -> list[str]:  # fmt: skip
    """Say which wells have no place on the figure."""
    response = np.isfinite(numbers(data, "response"))
    is_read = np.isfinite(numbers(data, "concentration")) | (side != "")
    has_place = np.where(
        np.isin(role, ["standard", "blank"]),
        np.isfinite(numbers(data, "nominal")) | (role == "blank"),
        is_read,
    )
    lost = is_open & ~(response & has_place)
    return [f"Without a number, not drawn: {named(_wells(data, lost))}."] if lost.any() else []


def _labels(data: pd.DataFrame, chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> list[str]:
    rows = data.loc[chosen]
    pairs = zip(texts(rows, "label"), texts(rows, "well"), strict=True)
    return [label or well for label, well in pairs]


def _wells(data: pd.DataFrame, chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> list[str]:
    return texts(data.loc[chosen], "well")


def _span(low: float, high: float) -> str:
    return f"{tick_number(low)} to {tick_number(high)}%"


def read_replicates(result: Result) -> list[str]:
    """Return how to read the CVs of replicates, and which samples are flagged."""
    data = result.data
    said = ["Each point is one sample; dashed: the limit."]
    cv, names = numbers(data, "cv_percent"), np.array(sample_names(data), dtype=np.str_)
    flagged = np.flatnonzero(flags(data, "is_flagged"))
    if flagged.size:
        flagged = flagged[np.argsort(-cv[flagged], kind="stable")]
        said.append(f"Flagged: {named(names[flagged].tolist())}.")
    else:
        said.append("No sample is flagged.")
    lost = ~(np.isfinite(numbers(data, "mean")) & np.isfinite(cv))
    if lost.any():
        said.append(f"Without a CV, not drawn: {named(names[lost].tolist())}.")
    return said


def read_gel(result: Result) -> list[str]:
    """Return how to read a gel, and which bands have a fault."""
    data = result.data
    said = ["Each point is one band; above: its signal (logarithmic), below: the lane's value."]
    signal = numbers(data, "signal")
    if (~(signal > 0)).any():
        said.append("Below the break: bands without a positive signal.")
    faults, all_lanes = band_faults(data), texts(data, "lane")
    for fault in dict.fromkeys(filter(None, faults)):
        lanes = [lane for lane, own in zip(all_lanes, faults, strict=True) if own == fault]
        many = "lanes" if len(set(lanes)) > 1 else "lane"
        said.append(f"{fault[:1].upper()}{fault[1:]}: {many} {named(lanes)}.")
    return said


def read_methods(_result: Result) -> list[str]:
    """Return how to read a Bland–Altman plot."""
    return [
        "Each point is one pair. Line: bias; dashed: limits of agreement; bands: their intervals; "
        "grey line: no difference between the methods."
    ]


def read_controls(result: Result) -> list[str]:
    """Return how to read a control chart, and which plates are outside."""
    data = result.data
    said = ["Each point is one plate, in run order."]
    outside = flags(data, "is_outside")
    if outside.any():
        said.append(f"Outside: {named(texts(data.loc[outside], 'plate_id'))}.")
    if not np.isfinite(numbers(data, "low_2sd")).any():
        said.append("No SD lines: the SD between plates is not known.")
    lost = ~np.isfinite(numbers(data, "value"))
    if lost.any():
        said.append(f"Without a value, not drawn: {named(texts(data.loc[lost], 'plate_id'))}.")
    return said


def read_dilutions(result: Result) -> list[str]:
    """Return how to read recoveries, and which samples are not accepted."""
    data = result.data
    said = ["Each line, or point without a line, is one sample."]
    said.append(f"Band: {_span(*recovery_band(data))}.")
    failed = refused(data)
    if failed.any():
        said.append(f"Not accepted: {named(texts(data.loc[failed], 'label'))}.")
    lost = ~np.isfinite(numbers(data, "recovery_percent"))
    if lost.any():
        said.append(f"Without a recovery, not drawn: {named(texts(data.loc[lost], 'label'))}.")
    return said


READINGS: dict[str, Callable[[Result], list[str]]] = {
    "fit_standard_curve": read_curve,
    "summarise_replicates": read_replicates,
    "summarise_gel": read_gel,
    "compare_methods": read_methods,
    "chart_controls": read_controls,
    "summarise_dilutions": read_dilutions,
    "summarise_spikes": read_dilutions,
}
"""How to read each figure of the bench."""

KINDS = {
    "fit_standard_curve": "Curve with wells",
    "summarise_replicates": "Scatter plot of CV against mean",
    "summarise_gel": "Band signals by lane",
    "compare_methods": "Bland–Altman plot",
    "chart_controls": "Control chart",
    "summarise_dilutions": "Recovery by dilution",
    "summarise_spikes": "Recovery by spike",
}
"""What each figure is, for those who do not see it."""

_RANGES = {
    "fit_standard_curve": ("response", "Corrected OD", ""),
    "summarise_replicates": ("cv_percent", "CV", "%"),
    "summarise_gel": ("signal", "Signal", ""),
    "compare_methods": ("difference", "Difference", ""),
    "chart_controls": ("value", "Value", ""),
    "summarise_dilutions": ("recovery_percent", "Recovery", "%"),
    "summarise_spikes": ("recovery_percent", "Recovery", "%"),
}


def tell_bench(result: Result) -> list[str]:
    """Return the range of what a figure of the bench draws, and how it is read."""
    column, name, unit = _RANGES[result.analysis]
    values = numbers(result.data, column)
    known = values[np.isfinite(values)]
    if not known.size:
        return READINGS[result.analysis](result)
    span = f"{format_number(float(known.min()))} to {format_number(float(known.max()))}{unit}"
    return [f"{name} {span}.", *READINGS[result.analysis](result)]


def well_words(result: Result, wells: pd.DataFrame) -> tuple[str, str]:
    """Return headline and caption of a plate's map.

    Parameters
    ----------
    result : Result
        Of ``fit_standard_curve``.
    wells : DataFrame
        Its wells, without the points of the curve.

    Examples
    --------
    >>> one = Result(analysis="fit_standard_curve", marker="BDNF_serum", n={}, groups=(),
    ...              outcome="standard curve of plate PL1")
    >>> well_words(one, pd.DataFrame({"well": ["A1"], "role": ["blank"], "response": [0.02],
    ...                               "is_masked": [False]}))[0]
    'Serum BDNF, plate PL1: 1 well, corrected OD 0.02 to 0.02'
    """
    response = numbers(wells, "response")
    known = response[np.isfinite(response)]
    ends = [f"{float(end):.2f}" for end in (known.min(), known.max())]
    span = " to ".join(end.replace("-0.00", "0.00").replace("-", MINUS) for end in ends)
    subject = quantity_label(result).replace("standard curve of plate", "plate")
    headline = f"{subject}: {count_of(len(wells), 'well')}, corrected OD {span}"
    roles = pd.Series(texts(wells, "role")).replace("", "other").value_counts()
    counts = join_words(f"{count} {role}" for role, count in roles.items())
    said = [f"Wells: {counts}.", "S: standard, B: blank, C: control, no letter: sample."]
    masked = flags(wells, "is_masked")
    if masked.any():
        said.append(f"Crossed out: masked ({named(texts(wells.loc[masked], 'well'))}).")
    lost = ~np.isfinite(response)
    if lost.any():
        said.append(f"White, with a dash: no value ({named(texts(wells.loc[lost], 'well'))}).")
    return headline, " ".join(said)
