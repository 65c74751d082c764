"""The limits of a result, as sentences: what its design cannot show, what was not adjusted."""

from math import isnan

import pandas as pd

from ketbio.endpoints.change import BOUNDED
from ketbio.statistics import LeaveOneOut
from ketbio.statistics.counting.design_warnings import family_warning
from ketbio.vocabulary import CENSORED, LIMIT, PARTICIPANT_ID, REASON, VALUE
from ketbio.wording import count_of, format_number, format_p, join_words

NAMED_AT_MOST = 4
ALPHA = 0.05
"""Level that limits are told against; p below it counts, as with the intervals."""

DICHOTOMISED = (
    "Responders against non-responders splits a continuous outcome, which loses information; the "
    "correlation with the continuous change is reported beside it."
)
UNADJUSTED = "Not adjusted for baseline, age, sex or any other covariate."
UNCONTROLLED = (
    "Before against after without a control group: a change cannot be told from the natural "
    "course, expectation or regression to the mean."
)
DICHOTOMISED_ALONE = (
    "Responders against non-responders splits a continuous outcome, which loses information; the "
    "correlation with the continuous change could not be formed."
)
CIRCULAR = (
    "The groups are defined by the change of this very scale: a difference between them is built "
    "in, and its p value means nothing."
)
IMPROVEMENT = (
    "Changes are later minus earlier, and a negative change of {outcome} is improvement: a "
    "negative correlation says that more improvement goes with a larger rise of the marker."
)
HYPOTHESES = {
    "mean_difference": "This tests whether the groups are exchangeable; with unequal spreads a "
    "small p need not mean unequal means. The interval takes them to differ by a shift alone.",
    "rank_sum": "This tests whether the groups are exchangeable, by ranks; an interval takes them "
    "to differ by a shift alone.",
    "welch_t": "This tests whether the means are equal, whatever the spreads: valid "
    "asymptotically, and exactly where the groups are exchangeable. With few values the level is "
    "kept only roughly where the spreads differ.",
    "brunner_munzel": "This tests whether the probability of superiority is 0.5, whatever the two "
    "distributions: valid asymptotically, and exactly where the groups are exchangeable. 0.5, not "
    "0, is the value of no difference.",
    "median_difference": "This tests whether the groups are exchangeable, by the difference of "
    "their medians; the interval takes them to differ by a shift alone.",
    "trimmed_mean_difference": "This tests whether the groups are exchangeable, by the difference "
    "of their means without the lowest and the highest 20%; the interval takes them to differ by a "
    "shift alone.",
    "mean": "This tests whether the changes are symmetric about zero; the interval takes them to "
    "be symmetric about their centre.",
    "signed_rank": "This tests whether the changes are symmetric about zero, by ranks.",
    "signed_rank_pratt": "This tests whether the changes are symmetric about zero, by ranks.",
    "sign": "This tests whether a rise and a fall are equally likely; how large they are does not "
    "count. The interval is of the median change.",
    "pearson": "This tests whether the two changes are independent, by their linear correlation.",
    "spearman": "This tests whether the two changes are independent, by ranks.",
    "percentage_bend": "This tests whether the two changes are independent, by their linear "
    "correlation with outlying values pulled in.",
    "kendall": "This tests whether the two changes are independent, by concordant pairs.",
}
"""Statistic → the hypothesis that its permutation test is of."""


def design_limit(p_floor: float, *, family: int = 1, drawn: bool = False) -> tuple[str, ...]:
    """Say so where the smallest p of the design cannot pass as the smallest of a Holm family.

    ``drawn``: the floor is that of so many draws, and more of them would lower it.
    """
    what = "this number of draws" if drawn else "this design"
    return family_warning(p_floor, family=family, what=what)


def adjusted_limit(p_floor: float, *, factor: float, adjustment: str) -> tuple[str, ...]:
    """Say so where the smallest p of the design, multiplied by at least so much, is too large."""
    if isnan(p_floor) or p_floor >= ALPHA or p_floor * factor < ALPHA:
        return ()
    least = format_p(min(1.0, p_floor * factor), symbol=False)
    return (
        f"The smallest p value that this design can give is {format_p(p_floor, symbol=False)}; "
        f"after {adjustment} it is {least} at best, not below {ALPHA:g}.",
    )


def not_alone(
    planned: int, tested: int, adjustment: str, *, noun: str = "markers"
) -> tuple[str, ...]:
    """Say so where several markers were planned and none was adjusted for."""
    if planned > 1 and tested and adjustment == "":
        done = "tested" if tested == planned else f"planned ({tested} tested)"
        return (f"One of {planned} {noun} {done}; the p values are not adjusted for that.",)
    return ()


def influence(left_out: LeaveOneOut, participants: list[str], p_value: float) -> tuple[str, ...]:
    """Say so where leaving out one participant moves p across alpha."""
    flips = [
        name
        for name, p in zip(participants, left_out.p_values, strict=True)
        if not isnan(p) and (p < ALPHA) != (p_value < ALPHA)
    ]
    if not flips:
        return ()
    side = "not below" if p_value < ALPHA else "below"
    who = f"any one of {count_of(len(flips), 'participant')}"
    if len(flips) <= NAMED_AT_MOST:
        who = join_words(flips, last="or")
    return (
        f"Single participants matter: leaving out {who} alone moves p (unadjusted) to "
        f"{side} {ALPHA:g}.",
    )


def beyond_words(censored: "pd.Series[str]") -> str:
    """Return where the censored ones of these values lie, as written for readers.

    Parameters
    ----------
    censored : Series of str
        ``"left"``, ``"right"`` or ``""``.

    Examples
    --------
    >>> beyond_words(pd.Series(["left", ""])), beyond_words(pd.Series(["left", "right"]))
    ('below the LLOQ', 'beyond the limits of quantification')
    """
    sides = set(censored) - {""}
    if sides == {"right"}:
        return "above the ULOQ"
    return "below the LLOQ" if sides <= {"left"} else "beyond the limits of quantification"


def censored_limits(used: pd.DataFrame) -> tuple[str, ...]:
    """Say how values beyond a limit were treated, and where that order is not certain.

    Parameters
    ----------
    used : DataFrame
        ``value, censored, limit`` of everyone analysed.
    """
    counts = {side: int((used[CENSORED] == side).sum()) for side in _TIED}
    tied = [_TIED[side].format(count_of(n, "value")) for side, n in counts.items() if n]
    if not tied:
        return ()
    said = f"{' and '.join(tied)}; nothing was substituted, and no mean is given."
    return (said, *_uncertain_order(used))


_TIED = {
    "left": "{} below the LLOQ tied at the lowest rank",
    "right": "{} above the ULOQ tied at the highest rank",
}


def _uncertain_order(used: pd.DataFrame) -> tuple[str, ...]:
    """Say so where a measured value is beyond a limit, or limits of the two sides cross."""
    lower, upper = (used.loc[used[CENSORED] == side, LIMIT] for side in ("left", "right"))
    highest_lower, lowest_upper = float(lower.max()), float(upper.min())
    lowest, highest = float(used[VALUE].min()), float(used[VALUE].max())
    said = []
    if lowest < highest_lower:
        said.append(
            f"A limit ({format_number(highest_lower)}) is above a measured value "
            f"({format_number(lowest)}), as when plates differ: which of the two is lower is not "
            "known, and the one below the limit was ranked lower. Gehan's test beside it counts "
            "neither as lower, which is the right treatment where limits differ."
        )
    if highest > lowest_upper:
        said.append(
            f"A limit ({format_number(lowest_upper)}) is below a measured value "
            f"({format_number(highest)}), as when plates differ: which of the two is higher is not "
            "known, and the one above the limit was ranked higher. Gehan's test beside it counts "
            "neither as higher, which is the right treatment where limits differ."
        )
    if highest_lower > lowest_upper:
        said.append(
            f"The limit that a value is below ({format_number(highest_lower)}) is above the limit "
            f"that another is above ({format_number(lowest_upper)}): which of the two is higher is "
            "not known. Gehan's test beside it counts neither as higher."
        )
    return tuple(said)


def bounded_limits(excluded: pd.DataFrame) -> tuple[str, ...]:
    """Say so where values beyond a limit were left out: that is not at random."""
    reasons = excluded[REASON].astype("str")
    sides = {
        "below the LLOQ: those are low values": f"below [^;]*[(]{BOUNDED}",
        "above the ULOQ: those are high values": f"above [^;]*[(]{BOUNDED}",
    }
    counts = {words: int(reasons.str.contains(form).sum()) for words, form in sides.items()}
    return tuple(
        f"{count_of(count, 'participant')} left out because a value is {words}, and leaving them "
        "out can bias the estimate."
        for words, count in counts.items()
        if count
    )


def contradiction(ci_low: float, ci_high: float, p_value: float, level: float) -> tuple[str, ...]:
    """Say so where an interval and a test of different make do not agree about zero."""
    if isnan(ci_low) or isnan(p_value):
        return ()
    excludes = ci_low > 0 or ci_high < 0
    if excludes == (p_value < 1 - level):
        return ()
    return (
        f"Interval and test are of different make and disagree here: the interval "
        f"{format_number(ci_low)} to {format_number(ci_high)} "
        f"{'excludes' if excludes else 'includes'} 0, with {format_p(p_value)}. "
        "The p value is the permutation test's; the interval assumes normal values.",
    )


def leave_one_out_table(left_out: LeaveOneOut, participants: list[str]) -> pd.DataFrame:
    """Return a leave-one-out record as the table that a `Result` keeps."""
    return pd.DataFrame(
        {
            PARTICIPANT_ID: participants,
            "estimate": left_out.estimates,
            "p_value": left_out.p_values,
        }
    )
