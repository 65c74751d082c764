"""The Kaplan–Meier curve of a group: its rows for a figure, and the lines that are told of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ketbio.analyses.question import Question
from ketbio.result import Result
from ketbio.statistics.kaplan_meier import SurvivalCurve, kaplan_meier
from ketbio.vocabulary import NOTE, PARTICIPANT_ID, REASON, VISIT
from ketbio.wording import day_words

ALL = "all"
GROUP = "group"
CURVE_COLUMNS = [
    PARTICIPANT_ID, GROUP, "day", "is_event", "after_day", VISIT, "at_risk", "share", "share_low",
    "share_high", NOTE,
]  # fmt: skip
"""Columns of the data: one row per participant, with the curve of the group after that day."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArmTimes:
    """Who of a group was followed how long, and its curve."""

    name: str
    days: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    is_event: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    curve: SurvivalCurve


def arm_times(times: pd.DataFrame, name: str, *, level: float) -> ArmTimes | None:
    """Return the times of one group with their curve; None where nobody could be followed."""
    own = times[(times[GROUP] == name) & (times[REASON] == "")]
    if not len(own):
        return None
    days = own["day"].to_numpy(np.float64)
    is_event = own["is_event"].to_numpy(np.bool_)
    return ArmTimes(
        name=name,
        days=days,
        is_event=is_event,
        curve=kaplan_meier(days, is_event, confidence_level=level),
    )


def curve_rows(times: pd.DataFrame, curves: Sequence[ArmTimes]) -> pd.DataFrame:
    """Return the participants of the curves in order of group and day, with `CURVE_COLUMNS`."""
    made = []
    for one in curves:
        own = times[(times[GROUP] == one.name) & (times[REASON] == "")]
        places = np.searchsorted(one.curve.times, own["day"].to_numpy(np.float64))
        rows = own[[PARTICIPANT_ID, GROUP, "day", "after_day", VISIT, NOTE]].assign(
            is_event=own["is_event"].astype(bool),
            at_risk=one.curve.n_at_risk[places],
            share=100 * (1 - one.curve.survival[places]),
            share_low=100 * (1 - one.curve.ci_high[places]),
            share_high=100 * (1 - one.curve.ci_low[places]),
        )
        made.append(rows.sort_values("day", kind="stable"))
    if not made:
        return pd.DataFrame(columns=CURVE_COLUMNS)
    return pd.concat(made)[CURVE_COLUMNS].reset_index(drop=True)


def event_lines(
    question: Question, one: ArmTimes, event: str, *, until: float | None
) -> tuple[Result, ...]:
    """Return what is told of one group: the percentage at each event, median, restricted mean."""
    about = question.about(groups=(one.name,), n={one.name: len(one.days)})
    return (
        *_shares(about, one, event),
        _median(about, one, event),
        _mean(about, one, event, until=until),
    )


def _shares(question: Question, one: ArmTimes, event: str) -> list[Result]:
    curve = one.curve
    lines = []
    for place in np.flatnonzero(curve.n_events):
        day = curve.times[place]
        line = question.about(unit="%", outcome=f"{event} by {day_words(float(day))}").answer(
            role="description",
            estimate=100 * (1 - float(curve.survival[place])),
            estimate_name=f"with {event}",
            ci_low=100 * (1 - float(curve.ci_high[place])),
            ci_high=100 * (1 - float(curve.ci_low[place])),
            ci_level=curve.ci_level,
            ci_method="Kaplan–Meier, log–log",
            statistic=float(curve.n_events[: place + 1].sum()),
            statistic_name="count",
            references=("kaplan1958", "greenwood1926"),
        )
        lines.append(line)
    return lines


def _median(question: Question, one: ArmTimes, event: str) -> Result:
    found = one.curve.median()
    return question.answer(
        role="description",
        estimate=found.value,
        estimate_name=f"median time to {event}",
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        ci_level=found.ci_level,
        ci_method=found.ci_method,
        warnings=found.warnings,
        references=("brookmeyer1982",),
    )


def _mean(question: Question, one: ArmTimes, event: str, *, until: float | None) -> Result:
    horizon = float(one.curve.times[-1]) if until is None else until
    found = one.curve.restricted_mean(horizon)
    return question.answer(
        role="description",
        estimate=found.value,
        estimate_name=f"{horizon:.4g}-day mean time without {event}",
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        ci_level=found.ci_level,
        ci_method=found.ci_method,
        warnings=found.warnings,
        references=("royston2013",),
    )
