"""What stands under a figure, and what is said of it to those who do not see it."""

import math
import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from ketbio.figures import course_words, crossover_words, event_words
from ketbio.figures.bench_words import HEADLINES, READINGS
from ketbio.figures.clouds import cloudy_groups
from ketbio.figures.labels import amount, quantity_label, spoken
from ketbio.figures.limits import beyond_limit, bounded_pairs
from ketbio.figures.null_tail import estimate_null
from ketbio.figures.parts import (
    compares_medians,
    group_means,
    most_influential,
    reference_centre,
    require_result,
)
from ketbio.result import Result, contrast_words, is_superiority, side_words, statistic_words
from ketbio.vocabulary import REASON
from ketbio.wording import (
    capitalised,
    count_of,
    format_interval,
    format_number,
    format_p,
    join_words,
)

REASONS_SHOWN = 3
LONGEST_REASON = 90
_WITH_DF = re.compile(r"(t|F)\(|z$")
"""Names of statistics that carry their degrees of freedom."""
NOTHING = "Nothing could be computed"
"""How the sentence begins with which an analysis says why it has no numbers."""
CONTRASTS = (
    "compare_responders", "compare_visits", "compare_crossover", "fit_mmrm",
    "fit_random_effects", *event_words.CONTRASTS,
)  # fmt: skip
"""Analyses whose estimate is the first group minus the second."""


def figure_caption(result: Result) -> str:
    """Return the caption of a result's figure, complete enough to stand alone.

    Parameters
    ----------
    result : Result
        A result that `draw` draws.

    Returns
    -------
    str
        What is shown, the estimate with its interval, the test, n, and who was excluded.

    Raises
    ------
    FigureError
        Not a result, or one without rows.

    Examples
    --------
    >>> one = Result(analysis="compare_responders", marker="BDNF_serum", outcome="baseline",
    ...     groups=("responder", "non-responder"), n={"responder": 1, "non-responder": 1},
    ...     estimate=2.0, estimate_name="mean difference", unit="ng/mL", p_value=1.0,
    ...     p_method="exact, 2 arrangements", data=pd.DataFrame({"participant_id": ["P1", "P2"],
    ...     "group": ["responder", "non-responder"], "value": [20.0, 18.0]}))
    >>> print(figure_caption(one))
    Serum BDNF, baseline. Each point is one participant. Grey line on the right: 0, no difference.
    Mean difference 2.00 ng/mL (responder − non-responder), no interval; p = 1.0. n: responder 1,
    non-responder 1. Test: exact, 2 arrangements. Excluded: none.
    """
    require_result(result, caller="figure_caption")
    parts = [f"{quantity_label(result)}.", reading(result), f"{answer(result)}."]
    who = _who_parts(result)
    return " ".join([*parts, who[0], *_method_parts(result), *who[1:]])


def small_print(result: Result) -> str:
    """Return the lines printed below the panels of a figure: what the headline does not say.

    Examples
    --------
    >>> one = Result(analysis="correlate_changes", marker="m", outcome="", groups=("all",),
    ...              n={"all": 9}, p_value=0.5, p_method="exact, 362,880 arrangements",
    ...              data=pd.DataFrame({"x": [1.0], "y": [2.0]}))
    >>> small_print(one)
    'n = 9 participants. Test: exact, 362,880 arrangements. Excluded: none. Each point is one ...'
    """
    who = _who_parts(result)
    return " ".join([who[0], *_method_parts(result), *who[1:], reading(result)])


def answer(result: Result) -> str:
    """Return the estimate with its interval, and p after: the headline of a figure.

    Examples
    --------
    >>> one = Result(analysis="compare_visits", marker="MADRS", outcome="total", n={"pairs": 10},
    ...     groups=("day_14", "baseline"), estimate=-12.3, estimate_name="mean change",
    ...     unit="points", ci_low=-18.8914, ci_high=-5.7086, p_value=2 / 1024,
    ...     p_method="exact, 1,024 arrangements")
    >>> answer(one)
    'Mean change −12.3 points (day 14 − baseline), 95% CI −18.9 to −5.71; p = .0020'
    """
    is_overview = result.analysis in READINGS and not result.estimate_name
    said = [] if is_overview and math.isnan(result.estimate) else [_estimate_part(result)]
    if result.analysis == "summarise_response":
        said += [_companion_amount(one) for one in result.companions if _is_remission(one)]
    said += {**HEADLINES, **course_words.HEADLINE}.get(result.analysis, _read_nothing)(result)
    influence = most_influential(result)
    if influence is not None:
        low, high = format_number(influence.low), format_number(influence.high)
        said.append(f"one left out: {low} to {high}")
    if not math.isnan(result.p_value):
        said.append(format_p(result.p_value))
    if not said:
        return result.warnings[0].rstrip(".") if result.warnings else "No estimate"
    return "; ".join(said)


def _estimate_part(result: Result) -> str:
    name = capitalised(result.estimate_name)
    if math.isnan(result.estimate):
        nothing = [one for one in result.warnings if one.startswith(NOTHING)]
        return nothing[0].rstrip(".") if nothing else name or "No estimate"
    words = spoken(contrast_words(result)) if result.analysis in CONTRASTS else ""
    contrast = f" ({words})" if words else ""
    interval = format_interval(result.ci_low, result.ci_high, level=result.ci_level)
    if result.analysis in READINGS and math.isnan(result.ci_low):
        return f"{name} {amount(result)}"  # a mean of plates, say: no interval is wanted
    return f"{name or 'Estimate'} {amount(result)}{contrast}, {interval}{_open_ends(result)}"


def _open_ends(result: Result) -> str:
    ends = [
        word
        for word, limit in (("below", result.ci_low), ("above", result.ci_high))
        if math.isinf(limit)
    ]
    return f" (open {join_words(ends)}: arrow)" if ends else ""


def _is_remission(companion: Result) -> bool:
    return "remi" in companion.estimate_name


def _companion_amount(companion: Result) -> str:
    interval = format_interval(companion.ci_low, companion.ci_high, level=companion.ci_level)
    shown = "" if interval == "no interval" else f", {interval}"
    return f"{companion.estimate_name} {amount(companion)}{shown}"


def _test_part(result: Result) -> str:
    if not result.p_method:
        return "No test."
    name = f" of the {spoken(statistic_words(result))}" if result.statistic_name else ""
    value = ""
    if _WITH_DF.match(result.statistic_name):  # "the t(14.2)" is not a thing tested
        name, value = "", f"{result.statistic_name} = {format_number(result.statistic)}"
    told = (value, result.p_method, side_words(result.alternative))
    how = ", ".join(word for word in told if word)
    adjusted = ""
    if not math.isnan(result.p_adjusted):
        adjusted = f"; {format_p(result.p_adjusted)} after {result.adjustment}"
    return f"Test{name}: {how}{adjusted}."


def _method_parts(result: Result) -> list[str]:
    is_bench = result.analysis in READINGS  # quality of the laboratory: nothing to be tested
    parts = [*([] if is_bench else [_test_part(result)]), *_blocks_part(result)]
    if result.ci_method and not math.isnan(result.ci_low):
        parts.append(f"Interval: {result.ci_method}.")
    return parts


def _blocks_part(result: Result) -> list[str]:
    """Say within what labels or pairings were dealt, where it was within blocks."""
    found = [match for one in result.warnings if (match := WITHIN.match(one))]
    if found:
        return [f"{spoken(found[0][1])}."]
    return ["Permuted within blocks."] if result.estimate_name.endswith(" within blocks") else []


WITHIN = re.compile(r"((?:Permuted|Ranked) within .+?) only\b")
"""How the sentence begins with which an analysis says that it was made within blocks."""


def _who_parts(result: Result) -> list[str]:
    parts = [_n_part(result), excluded_part(result)]
    undrawn = _undrawn(result)
    if undrawn:
        parts.append(f"Without a number, not drawn: {undrawn}.")
    return parts


def _n_part(result: Result) -> str:
    counts = {**course_words.COUNT, **event_words.COUNT}
    if result.analysis in counts and len(result.data):
        return counts[result.analysis](result)
    if len(result.n) == 1:
        [(group, count)] = result.n.items()
        noun = "participants" if group == "all" else spoken(group)
        return f"n = {count:,} {noun}."
    return f"n: {', '.join(f'{spoken(group)} {count:,}' for group, count in result.n.items())}."


def _undrawn(result: Result) -> str:
    names = [name for name in _NUMBERS.get(result.analysis, ()) if name in result.data.columns]
    if not names:
        return ""
    values = result.data[names].to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(values).all(axis=1)
    if result.analysis == "compare_responders":
        known |= (beyond_limit(result.data) != "").to_numpy()
    lacking = int((~known).sum())
    return count_of(lacking, "participant") if lacking else ""


_NUMBERS = {
    "compare_responders": ("value",),
    "compare_visits": ("baseline_value", "endpoint_value", "change"),
    "correlate_changes": ("x", "y"),
    "correlate_markers": ("x", "y"),
    "correlate_baseline_change": ("x", "y"),
    "correlate_repeated": ("x", "y"),
}


def excluded_part(result: Result) -> str:
    """Return who was excluded: how many, and the commonest reasons with their counts.

    Examples
    --------
    >>> one = Result(analysis="a", marker="m", outcome="", groups=(), n={},
    ...     excluded=pd.DataFrame({"participant_id": ["P1", "P2", "P3"],
    ...                            "reason": ["no blot", "no blot", "saturated band"]}))
    >>> excluded_part(one)
    'Excluded: 3 – no blot (2), saturated band (1).'
    """
    if result.excluded.empty:
        return "Excluded: none."
    reasons = pd.Series(result.excluded[REASON], dtype="str").fillna("no reason given")
    counts = (
        reasons.map(_shortened).value_counts(sort=False).sort_values(ascending=False, kind="stable")
    )
    said = [f"{reason} ({count})" for reason, count in counts.head(REASONS_SHOWN).items()]
    others = int(counts.iloc[REASONS_SHOWN:].sum())
    if others:
        said.append(f"other reasons ({others})")
    return f"Excluded: {len(result.excluded)} – {', '.join(said)}."


def _shortened(reason: str) -> str:
    text = spoken(" ".join(reason.split())).rstrip(".") or "no reason given"
    if len(text) <= LONGEST_REASON:
        return text
    start = text[: LONGEST_REASON - 1]
    return (start.rsplit(" ", 1)[0] if " " in start else start).rstrip() + "…"


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
