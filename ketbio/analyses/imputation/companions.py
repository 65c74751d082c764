"""What stands beside an imputed contrast: the same without draws, what was measured, the tip."""

from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from ketbio.analyses.imputation.rows import ImputedRows
from ketbio.analyses.question import Question
from ketbio.errors import StatisticsError
from ketbio.result import Result
from ketbio.statistics.imputation.completed import fit_completed
from ketbio.statistics.imputation.imputations import Imputations
from ketbio.statistics.imputation.jackknife import fits_without_each, jackknife_estimate
from ketbio.statistics.imputation.restricted import TrajectoryModel
from ketbio.statistics.imputation.rubin import PooledEstimate, pool_estimates
from ketbio.statistics.imputation.shifts import shift_after_dropout, tipping_point
from ketbio.wording import format_number

DIFFERENCE = "adjusted mean difference"
MEAN = "adjusted mean"
OBSERVED = f"{DIFFERENCE}, of those measured"
CONDITIONAL = f"{DIFFERENCE}, conditional means"
TIP = "tipping point"
MISSING_INFORMATION = "missing information"
MOST_LEFT_OUT = 250
"""With more participants than this, leaving each out in turn takes too long for a companion."""
FURTHER = {"delta": "further "}
"""Assumption that shifts already → how the shift that tips is told of: it is added to that."""
TIPS_WITHIN = 10.0
"""Shifts are tried up to this many standard deviations of the visit."""

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Completed:
    """One assumption filled in at one visit.

    Attributes
    ----------
    rows : ImputedRows
    imputations : Imputations
    assumption : str
        A word of `ASSUMPTIONS`.
    place : int
        Of the visit among those after baseline.
    shifts : ndarray, shape (n, T)
        What was added to imputed values; zeros where nothing was.
    filled : ndarray, shape (m, n, T)
        Changes, filled in and shifted.
    accumulate : bool
        Whether shifts add up over the visits missed.
    level : float
        Of the intervals.
    without_each : tuple of TrajectoryModel, or str
        The fit without each participant; why there is none, or empty where it is not needed.
    """

    rows: ImputedRows
    imputations: Imputations
    assumption: str
    place: int
    shifts: FloatArray
    filled: FloatArray
    accumulate: bool
    level: float
    without_each: tuple[TrajectoryModel, ...] | str

    def pooled(self, contrast: FloatArray, *, added: FloatArray | float = 0.0) -> PooledEstimate:
        """Return a contrast by Rubin's rules, with something added to the outcomes."""
        return self.imputations.pooled(
            self.filled[:, :, self.place] + added, contrast=contrast, confidence_level=self.level
        )


def arm_means(question: Question, of: Completed, arms: tuple[str, ...]) -> tuple[Result, ...]:
    """Return each arm's adjusted mean."""
    made = []
    for arm in arms:
        found = of.pooled(of.rows.mean_of(arm))
        asked = question.about(groups=(arm,), n={arm: question.n[arm]})
        made.append(
            asked.answer(
                role="description",
                estimate=found.estimate,
                estimate_name=MEAN,
                ci_low=found.ci_low,
                ci_high=found.ci_high,
                ci_level=found.ci_level,
                ci_method="Rubin's rules" if found.between else "Student's t",
            )
        )
    return tuple(made)


def left_out_fits(rows: ImputedRows, imputations: Imputations) -> tuple[TrajectoryModel, ...] | str:
    """Return the fit without each participant, or why there are none."""
    n = len(rows.people)
    if n > MOST_LEFT_OUT:
        return (
            f"No conditional-mean estimate beside it: each of {n} participants would be left out "
            f"in turn, which is done up to {MOST_LEFT_OUT}."
        )
    try:
        return fits_without_each(imputations.data, imputations.fitted, names=rows.names)
    except StatisticsError as refused:
        return f"No conditional-mean estimate beside it, without some participant: {refused}"


def without_draws(question: Question, of: Completed, arm: str) -> Result | str:
    """Return the conditional-mean estimate with its jackknife interval, or why there is none."""
    if isinstance(of.without_each, str):
        return of.without_each
    try:
        found = jackknife_estimate(
            of.imputations.data,
            of.imputations.fitted,
            of.without_each,
            assumption=of.assumption,
            contrast=of.rows.contrast(arm),
            visit=of.place,
            shifts=of.shifts,
            confidence_level=of.level,
        )
    except StatisticsError as refused:
        return f"No conditional-mean estimate beside it: {refused}"
    return question.answer(
        role="sensitivity",
        estimate=found.estimate,
        estimate_name=CONDITIONAL,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        ci_level=found.ci_level,
        ci_method=f"jackknife, t with {found.df} degrees of freedom",
        statistic=found.statistic,
        statistic_name=f"t({found.df})",
        p_value=found.p_value,
        p_method="conditional means imputed, jackknife",
        is_exact=False,
        alternative="two-sided",
        references=("wolbers2022",),
    )


def of_those_measured(question: Question, of: Completed, arm: str) -> Result | str:
    """Return the same analysis of those measured at the visit, or why there is none."""
    seen = ~of.rows.trajectories.is_missing[:, of.place]
    design = of.rows.trajectories.design[seen]
    if int(seen.sum()) <= design.shape[1] or np.linalg.matrix_rank(design) < design.shape[1]:
        return "No analysis of those measured alone: they are too few for it."
    outcomes = of.rows.trajectories.outcomes[seen, of.place]
    fits = fit_completed(outcomes[None], design, contrast=of.rows.contrast(arm))
    twice = [np.repeat(one, 2) for one in (fits.estimates, fits.variances)]
    try:
        found = pool_estimates(*twice, df=fits.df, confidence_level=of.level)
    except StatisticsError as refused:
        return f"No analysis of those measured alone: {refused}"
    n = {name: int((of.rows.members(name) & seen).sum()) for name in question.groups}
    fields = contrast_fields(found, how="ANCOVA", p_method="ANCOVA of those measured")
    return question.about(n=n).answer(
        role="sensitivity", **(fields | {"estimate_name": OBSERVED, "references": ("vickers2001",)})
    )


def tip(question: Question, of: Completed, arm: str) -> Result | str:
    """Return the shift of an arm's imputed values at which p passes alpha, or why there is none."""
    contrast, alpha = of.rows.contrast(arm), round(1 - of.level, 12)
    now = of.pooled(contrast)
    if now.p_value >= alpha:
        return (
            f"No tipping point: p is {alpha:g} or more without any shift, so that "
            "there is nothing to tip."
        )
    one = np.where(of.rows.members(arm)[:, None], 1.0, 0.0) * np.ones(of.shifts.shape)
    data = of.rows.trajectories
    unit_shift = shift_after_dropout(data, one, accumulate=of.accumulate)[:, of.place]
    if not unit_shift.any():
        return f"No tipping point: nobody of the arm {arm} dropped out before the visit."
    spread = float(np.sqrt(of.imputations.fitted.covariance[of.place, of.place]))
    found = tipping_point(
        lambda size: of.pooled(contrast, added=size * unit_shift),
        alpha=alpha,
        direction=-float(np.sign(now.estimate)),
        farthest=TIPS_WITHIN * spread,
    )
    each = " more at each visit missed" if of.accumulate else ""
    further = FURTHER.get(of.assumption, "")
    if isnan(found.shift):
        return (
            f"No tipping point: with imputed values of {arm} {further}shifted by as much as "
            f"{format_number(found.searched_to, signed=True)} {question.unit}{each}, p stays below "
            f"{alpha:g}."
        )
    return question.about(groups=(arm,), n={arm: question.n[arm]}).answer(
        role="sensitivity",
        estimate=found.shift,
        estimate_name=f"{TIP} ({further}shift{each} after drop-out at which p reaches {alpha:g})",
        warnings=(
            f"With imputed values of {arm} {further}shifted by "
            f"{format_number(found.shift, signed=True)} {question.unit}{each} the "
            f"difference is {format_number(found.at_tip.estimate)}; "
            "whether so much is plausible is for those who know the patients.",
        ),
        references=("cro2020",),
    )


def missing_information(question: Question, found: PooledEstimate) -> Result:
    """Return the share of information that is missing."""
    return question.about(unit="%").answer(
        role="description",
        estimate=100 * found.missing_information,
        estimate_name=MISSING_INFORMATION,
    )


def contrast_fields(found: PooledEstimate, *, how: str, p_method: str) -> dict[str, object]:
    """Return the fields of a `Result` that a pooled contrast fills."""
    return {
        "estimate": found.estimate,
        "estimate_name": DIFFERENCE,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "ci_level": found.ci_level,
        "ci_method": how,
        "statistic": found.statistic,
        "statistic_name": f"t({found.df:.4g})",
        "p_value": found.p_value,
        "p_method": p_method,
        "is_exact": False,
        "alternative": "two-sided",
    }


def said_or_shown(made: list[Result | str]) -> tuple[tuple[Result, ...], tuple[str, ...]]:
    """Return the companions that there are, and the sentences in place of the others."""
    shown = tuple(one for one in made if isinstance(one, Result))
    return shown, tuple(one for one in made if isinstance(one, str))
