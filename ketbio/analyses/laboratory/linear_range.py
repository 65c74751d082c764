"""The linear range of a gel's dilution series, and which bands lie beyond it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ketbio.analyses.laboratory.gels import lane_label
from ketbio.analyses.question import Question
from ketbio.endpoints.band_linearity import (
    FEWEST_AMOUNTS,
    TOLERANCE,
    LinearRange,
    Series,
    linear_ranges,
    linearity_words,
    series_of,
)
from ketbio.endpoints.band_plan import KEY, roles_of
from ketbio.endpoints.band_signals import band_faults, band_signal, membranes_of
from ketbio.endpoints.frames import require_columns
from ketbio.errors import TableError
from ketbio.result import Result, Results
from ketbio.statistics import adjusted_coefficient
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import count_of, join_words

ANALYSIS = "summarise_linear_range"


def summarise_linear_range(blots: pd.DataFrame, *, tolerance_percent: float = TOLERANCE) -> Results:
    """Return, per gel and antibody with a dilution series, over which amounts the signal is linear.

    Parameters
    ----------
    blots : DataFrame
        The validated ``blots`` table, with lanes of the role ``dilution`` and their
        ``load_amount``.
    tolerance_percent : float
        How far a signal may depart from proportion with the amount; 20 by default, ketbio's own.

    Returns
    -------
    Results
        Per series the slope of log signal on log amount (1 where signal follows load) with its t
        interval, and the companions "lowest linear amount", "highest linear amount" (µg),
        "largest departure" (percent, over all amounts) and "bands outside". ``data`` has a row per
        band: ``gel_id, lane, participant_id, role, label, amount, signal, expected,
        departure_percent, is_within``; the ``amount`` of a sample is the amount of the series' own
        material that gives its signal, NaN beyond the linear range and where there is none.

    Raises
    ------
    TableError
        No dilution lane, or a tolerance that is no percentage.

    Examples
    --------
    >>> blots = pd.DataFrame({"participant_id": [None] * 4, "visit": [None] * 4,
    ...     "condition": [None] * 4, "gel_id": ["G1"] * 4, "lane": list("1234"),
    ...     "role": ["dilution"] * 4, "load_amount": [5.0, 10.0, 20.0, 40.0],
    ...     "target": ["mTOR"] * 4, "form": ["total"] * 4, "site": [None] * 4,
    ...     "intensity": [50.0, 100.0, 200.0, 250.0]})
    >>> found = summarise_linear_range(blots)[0]
    >>> [(one.estimate_name, one.estimate) for one in found.companions][:2]
    [('lowest linear amount', 5.0), ('highest linear amount', 20.0)]
    """
    require_columns(blots, [*KEY, "gel_id", "lane", "target", "form", "intensity"], what="blots")
    if not tolerance_percent > 0:
        raise TableError(f"tolerance_percent is {tolerance_percent!r}; above 0 is allowed.")
    bands = blots.reset_index(drop=True)
    bands = bands.assign(
        role=roles_of(bands),
        signal=band_signal(bands),
        fault=band_faults(bands),
        membrane=membranes_of(bands),
    )
    ranges = linear_ranges(bands, tolerance=tolerance_percent)
    if not ranges:
        raise TableError(
            "The blots have no dilution series that can be used; lanes of the role 'dilution' with "
            "their load_amount, and bands above their background, are wanted."
        )
    keys = [series_of(band) for _, band in bands.iterrows()]
    return Results(
        _series(key, found, bands[[one == key for one in keys]]) for key, found in ranges.items()
    )


def _series(key: Series, found: LinearRange, bands: pd.DataFrame) -> Result:
    gel, membrane, target, form, site = key
    data = _data(found, bands, key)
    samples = data[data["role"] == "sample"]
    question = Question(
        analysis=ANALYSIS,
        marker=" ".join(filter(None, [target, form, site])),
        outcome=f"dilution series of gel {gel}" + (f", membrane {membrane}" if membrane else ""),
        groups=("amounts",),
        n={"amounts": len(found.amounts)},
    )
    outside = samples[~samples["is_within"] & samples["signal"].notna()]
    departures = np.abs(found.departures)
    numbers = {
        ("lowest linear amount", "µg"): found.lowest,
        ("highest linear amount", "µg"): found.highest,
        ("largest departure", "%"): float(departures.max()) if found.is_linear.any() else np.nan,
        ("bands outside", "bands"): float(len(outside)) if found.is_linear.any() else np.nan,
    }
    return question.answer(
        role="description",
        estimate_name="log-log slope",
        null_value=1.0,
        **_slope(found),
        warnings=tuple(_warnings(key, found, bands)),
        data=data,
        companions=tuple(
            question.about(unit=unit).answer(role="description", estimate=value, estimate_name=name)
            for (name, unit), value in numbers.items()
        ),
    )


def _slope(found: LinearRange) -> dict[str, float | str]:
    if len(found.amounts) < FEWEST_AMOUNTS:
        return {}
    fit = adjusted_coefficient(np.log(found.signals), np.log(found.amounts))
    return {
        "estimate": fit.estimate,
        "ci_low": fit.ci_low,
        "ci_high": fit.ci_high,
        "ci_method": "" if np.isnan(fit.ci_low) else "least squares over the amounts, t",
    }


def _warnings(key: Series, found: LinearRange, bands: pd.DataFrame) -> Iterator[str]:
    gel = key[0]
    if len(found.amounts) < FEWEST_AMOUNTS:
        yield (
            f"Gel {gel} has {count_of(len(found.amounts), 'amount')} of its dilution series; "
            f"{FEWEST_AMOUNTS} are wanted to say where the signal is linear."
        )
        return
    if not found.is_linear.any():
        yield f"Gel {gel}: over no {FEWEST_AMOUNTS} amounts does the signal follow the load."
        return
    said: dict[str, list[str]] = {}
    for _, band in bands[bands["role"] != "dilution"].iterrows():
        if words := linearity_words(band, {key: found}):
            said.setdefault(words, []).append(str(band["lane"]))
    for words, lanes in said.items():
        several = "lane" if len(lanes) == 1 else "lanes"
        yield f"Gel {gel}, {several} {join_words(lanes)}: {words}."


def _data(found: LinearRange, bands: pd.DataFrame, key: Series) -> pd.DataFrame:
    is_dilution = bands["role"] == "dilution"
    signal = bands["signal"].where(bands["fault"] == "").astype("float64")
    beyond = [linearity_words(band, {key: found}) for _, band in bands.iterrows()]
    read = (signal / found.factor).where(np.array([not words for words in beyond]))
    amount = bands["load_amount"].astype("float64").where(is_dilution, read)
    expected = (amount * found.factor).where(is_dilution)
    linear = set(found.amounts[found.is_linear].tolist())
    within = pd.Series([not words for words in beyond], index=bands.index)
    within = within.where(~is_dilution, amount.isin(linear)) & signal.notna()
    return pd.DataFrame(
        {
            "gel_id": bands["gel_id"],
            "lane": bands["lane"],
            PARTICIPANT_ID: bands[PARTICIPANT_ID],
            "role": bands["role"],
            "label": [lane_label(band) for _, band in bands.iterrows()],
            "amount": amount,
            "signal": signal,
            "expected": expected,
            "departure_percent": 100 * (signal / expected - 1),
            "is_within": within.astype(bool),
        }
    ).reset_index(drop=True)
