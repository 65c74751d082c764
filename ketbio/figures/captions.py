"""What stands under a figure, and what is said of it to those who do not see it."""

import math
import re

import numpy as np
import pandas as pd

from ketbio.figures import course_words, event_words
from ketbio.figures.bench_words import HEADLINES, READINGS
from ketbio.figures.labels import amount, quantity_label, spoken
from ketbio.figures.limits import beyond_limit
from ketbio.figures.parts import (
    most_influential,
    require_result,
)
from ketbio.figures.readings import reading
from ketbio.result import Result, contrast_words, side_words, statistic_words
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
    heads = {**HEADLINES, **course_words.HEADLINE}
    said += heads[result.analysis](result) if result.analysis in heads else []
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
