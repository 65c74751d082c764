"""Whether a marker is mostly noise, in sentences that the results of its tests carry."""

import math

from ketbio.analyses.laboratory.reliability_lines import OF_CHANGE, OF_MEANS
from ketbio.errors import TableError
from ketbio.result import Result
from ketbio.wording import capitalised, format_interval, format_number

POOR, MODERATE = 0.5, 0.75
"""Reliability below which a marker is mostly noise, and below which it is only moderate."""


def noise_warnings(replicates: Result) -> tuple[str, ...]:
    """Return what the error of replicates means for tests of a marker.

    Parameters
    ----------
    replicates : Result
        Of `summarise_replicates`, for that marker.

    Returns
    -------
    tuple of str
        A sentence for each visit, and for the change, at which replicate error is a quarter or more
        of the variance between people, or may be half of it; empty where it is less.

    Raises
    ------
    TableError
        A result of something else.

    Notes
    -----
    The reliability is that of the mean of all replicates, which is what is analysed. Graded at 0.5
    and 0.75 (Koo & Li 2016).

    Examples
    --------
    >>> from ketbio.analyses.laboratory.replicates import summarise_replicates
    >>> import pandas as pd
    >>> table = pd.DataFrame({"participant_id": ["P01", "P01", "P02", "P02", "P03", "P03"],
    ...     "visit": "baseline", "value": [2.0, 6.0, 5.0, 3.0, 3.5, 5.5]})
    >>> print(noise_warnings(summarise_replicates(table, marker="BDNF_serum"))[0])
    Serum BDNF is mostly noise at baseline: all of its variance between people can be error of ...
    """
    if replicates.analysis != "summarise_replicates":
        raise TableError(
            f"noise_warnings() takes a result of summarise_replicates(); one of "
            f"{replicates.analysis}() was given."
        )
    lines = [one for one in replicates.companions if one.estimate_name in (OF_MEANS, OF_CHANGE)]
    return tuple(sentence for line in lines for sentence in _told(line))


def _told(line: Result) -> tuple[str, ...]:
    # Means of samples that are all equal: F is 0, and a reliability of −∞ is no number.
    value = -math.inf if math.isnan(line.estimate) else line.estimate
    low, high = line.ci_low, 0.0 if math.isnan(line.ci_high) else line.ci_high
    if value >= MODERATE and not low < POOR:
        return ()
    what = line.outcome.removeprefix("value ")
    if line.estimate_name == OF_CHANGE:
        what = f"as a change ({line.outcome.removeprefix('change, ')})"
    interval = format_interval(low, high, level=line.ci_level, digits=2)
    known = f"(reliability {format_number(value, digits=2)}, {interval})"
    share = f"{100 * (1 - value):.0f}% of its variance between people is error of replicates"
    if value <= 0:
        share = "all of its variance between people can be error of replicates"
        known = f"(reliability 0, upper limit {format_number(max(0.0, high), digits=2)})"
    name = capitalised(line.label)
    if value < POOR:
        return (
            f"{name} is mostly noise {what}: {share} {known}. Effects and correlations are "
            "weakened accordingly, and a test that finds nothing says little.",
        )
    if value < MODERATE:
        return (
            f"{name} is measured with only moderate reliability {what}: {share} {known}, "
            "which weakens effects and correlations.",
        )
    return (
        f"{name} may be mostly noise {what}: too few replicates to say that its reliability "
        f"is above {POOR:g} {known}.",
    )
