"""The centre of one group at one visit: the mean, or the median where values are beyond limits."""

from dataclasses import replace
from math import isnan

import numpy as np
import pandas as pd

from ketbio.analyses.companions import FloatArray, mean_line
from ketbio.analyses.question import Question
from ketbio.result import Result
from ketbio.statistics import mean_interval, paired_permutation_test
from ketbio.vocabulary import CENSORED, LIMIT, VALUE

NAN = float("nan")


def is_censored(data: pd.DataFrame) -> bool:
    """Return whether any value of the course is only known to be beyond a limit."""
    return bool((data[CENSORED] != "").any())


def centre_line(
    question: Question, rows: pd.DataFrame, *, group: str, level: float, as_median: bool
) -> Result:
    """Return the centre of one group at one visit with its interval.

    Parameters
    ----------
    rows : DataFrame
        ``value, censored, limit`` of those with a value or a limit; at least one.
    as_median : bool
        Whether the course has values beyond a limit, so that every visit has a median.
    """
    if as_median:
        return _median(question, rows, group, level)
    values = rows[VALUE].to_numpy(dtype=float)
    found = mean_interval(values, confidence_level=level)
    has_interval = not isnan(found.ci_low)
    return mean_line(
        question,
        values,
        group=group,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        ci_level=level,
        ci_method="Student's t" if has_interval else "",
        references=("student1908",) if has_interval else (),
    )


def _median(question: Question, rows: pd.DataFrame, group: str, level: float) -> Result:
    """Return the median that holds wherever the values beyond a limit may lie.

    They are placed as low and as high as they can be; a median on which both agree is known, and
    the interval runs from the lower limit of the one to the upper limit of the other.
    """
    low, high = (_ordered(rows, level, lowest=lowest) for lowest in (True, False))
    line = question.about(groups=(group,), n={group: len(rows)}).answer(
        role="description",
        estimate=low[0] if low[0] == high[0] and np.isfinite(low[0]) else NAN,
        estimate_name="median",
        ci_low=low[1],
        ci_high=high[2],
        ci_level=level,
        ci_method="between ordered values, from the sign test",
        references=("thompson1936",),
    )
    if isnan(line.estimate):
        side = "is beyond a limit" if np.isinf([low[0], high[0]]).any() else "is not known"
        return replace(line, warnings=(f"The median of {group} {side}.",))
    return line


def _ordered(rows: pd.DataFrame, level: float, *, lowest: bool) -> tuple[float, float, float]:
    """Return the median and its interval with the values beyond a limit at one end."""
    sides = rows[CENSORED].to_numpy(dtype=object)
    known = rows[VALUE].where(rows[CENSORED] == "", rows[LIMIT]).to_numpy(dtype=float)
    placed: FloatArray = known[np.isfinite(known)]
    reach = float(np.ptp(placed)) + 1.0 if placed.size else 1.0
    ends = (
        float(placed.min()) - reach if placed.size else -1.0,
        float(placed.max()) + reach if placed.size else 1.0,
    )
    beyond = {"left": ends[0], "right": ends[1]}
    moving = "left" if lowest else "right"
    # a limit that is not known lies anywhere on its side
    levels = np.array(
        [
            beyond[side] if side and (side == moving or isnan(value)) else value
            for side, value in zip(sides, known, strict=True)
        ]
    )
    test = paired_permutation_test(
        levels, np.zeros_like(levels), statistic="sign", confidence_level=level
    )

    def told(value: float) -> float:
        nearest = float(levels[np.argmin(np.abs(levels - value))])
        infinite = {ends[0]: -np.inf, ends[1]: np.inf}
        return infinite.get(nearest, nearest)

    centre = np.median(levels)
    middle = np.sort(levels)[[(len(levels) - 1) // 2, len(levels) // 2]]
    if any(one in ends for one in middle):
        centre = -np.inf if ends[0] in middle else np.inf
    limits = [one if np.isinf(one) else told(one) for one in (test.ci_low, test.ci_high)]
    return (float(centre), limits[0], limits[1])
