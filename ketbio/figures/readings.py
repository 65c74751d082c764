"""How the figure of each analysis is read: what its marks, lines and bars are."""

import math
from collections.abc import Callable

from ketbio.figures import course_words, crossover_words, event_words
from ketbio.figures.bench_words import READINGS
from ketbio.figures.clouds import cloudy_groups
from ketbio.figures.labels import spoken
from ketbio.figures.limits import beyond_limit, bounded_pairs
from ketbio.figures.null_tail import estimate_null
from ketbio.figures.parts import (
    compares_medians,
    group_means,
    most_influential,
    reference_centre,
)
from ketbio.result import Result, is_superiority
from ketbio.wording import format_number


def reading(result: Result) -> str:
    """Return how the figure of a result is read.

    Examples
    --------
    >>> reading(Result(analysis="compare_visits", marker="m", outcome="", groups=(), n={}))
    'Each line is one participant.'
    """
    return " ".join(_READINGS.get(result.analysis, _read_nothing)(result))


def _read_nothing(_result: Result) -> list[str]:
    return []


def _read_estimation(result: Result) -> list[str]:
    said = ["Each point is one participant."]
    sides = beyond_limit(result.data).to_list()
    for side, words in _BEYOND.items():
        if side in sides:
            said.append(
                f"Open ({sides.count(side)}): {words} limit of quantification, drawn at it."
            )
    cloudy = cloudy_groups(result)
    if cloudy:
        whose = "" if len(cloudy) > 1 else f" ({spoken(cloudy[0])})"
        said.append(f"Cloud beside the points{whose}: their density.")
    said += _centre_part(result)
    null = estimate_null(result)
    if null is not None:
        which = "all" if result.is_exact else "the drawn"
        dark = bool(null.is_extreme.any())
        said.append(
            f"Grey bars: the differences under {which} arrangements of the groups"
            + ("; dark: those that p counts." if dark else ".")
        )
    if math.isfinite(result.estimate):
        meaning = "superiority" if is_superiority(result) else "difference"
        said.append(f"Grey line on the right: {result.null_value:g}, no {meaning}.")
    return said


_BEYOND = {"left": "below the lower", "right": "above the upper"}


def _centre_part(result: Result) -> list[str]:
    """Say what the dashes are, and where the estimate is not their difference."""
    if compares_medians(result):
        return ["Dash beside the points: median."]
    said = _mean_part(result, "Dash beside the points", "Dash and bar beside the points")
    if not said or math.isnan(result.estimate) or not math.isnan(reference_centre(result)):
        return said
    other = "the estimate is not their difference"
    if "trimmed" in result.estimate_name:
        other = f"the difference is of {result.estimate_name.removeprefix('difference of ')}"
    return [f"{said[0].removesuffix('.')}; {other}."]


def _read_slopes(result: Result) -> list[str]:
    said = ["Each line is one participant."]
    bounded = len(bounded_pairs(result))
    if bounded:
        said.append(
            f"Dashed ({bounded}): an open value lies beyond a limit of quantification and is drawn "
            "at it; the change is only bounded, and neither in the estimate nor in the means."
        )
    return said + _mean_part(result, "Thick line", "Thick line and bars")


def _mean_part(result: Result, alone: str, with_bar: str) -> list[str]:
    means = group_means(result).values()
    if any(math.isfinite(bar.spread) for bar in means):
        return [f"{with_bar}: mean and SD."]
    return [f"{alone}: mean."] if means else []


def _read_points(_result: Result) -> list[str]:
    return ["Each point is one participant."]


def _read_scatter(result: Result) -> list[str]:
    said = ["Each point is one participant."]
    shared = int(result.data.duplicated(["x", "y"], keep=False).sum())
    if shared:
        said.append(f"{shared} participants share their point with another.")
    if "fitted" in result.data and result.data["fitted"].notna().all():
        said.append(
            "Line: least squares; grey: where it lies with any one participant left out, which is "
            "no confidence band."
        )
    influence = most_influential(result)
    if influence is not None:
        moved = format_number(influence.estimate)
        who = influence.participant_id
        said.append(f"Ringed: {who}, without whom the estimate moves most (to {moved}).")
    return said


def _read_parallels(result: Result) -> list[str]:
    said = [
        "Each mark is a visit of a participant, whose shape it has; lines: one per participant, "
        "over the range of the values, all with the common slope; fine lines lead to them."
    ]
    influence = most_influential(result)
    if influence is not None:
        moved = format_number(influence.estimate)
        who = influence.participant_id
        said.append(f"Dark line: {who}, without whom the estimate moves most (to {moved}).")
    return said


def _read_waterfall(result: Result) -> list[str]:
    said = ["Each bar is one participant; below zero is worse than at baseline."]
    if "percent_reduction" in result.data and result.data["percent_reduction"].isna().any():
        said.append("Cross: no value at the endpoint.")
    return said


_READINGS: dict[str, Callable[[Result], list[str]]] = {
    "compare_responders": _read_estimation,
    "compare_visits": _read_slopes,
    "correlate_changes": _read_scatter,
    "correlate_markers": _read_scatter,
    "correlate_baseline_change": _read_points,
    "correlate_repeated": _read_parallels,
    "summarise_response": _read_waterfall,
    **course_words.READING,
    **crossover_words.READING,
    **event_words.READING,
    **READINGS,
}
