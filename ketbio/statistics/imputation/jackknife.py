"""Conditional-mean imputation with the jackknife: no draws, and the variance over repeated trials.

Wolbers et al. (2022, Pharmaceutical Statistics 21, 1246). Where Rubin's rules with a
reference-based assumption answer for the information that was in the data (Cro, Carpenter & Kenward
2019), this standard error answers for how the estimate would vary from trial to trial.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.imputation.completed import fit_completed
from ketbio.statistics.imputation.filling import fill_visits
from ketbio.statistics.imputation.restricted import TrajectoryModel, fit_trajectories
from ketbio.statistics.imputation.trajectories import Trajectories, refuse_unidentified
from ketbio.statistics.records import FloatArray

CLOSE = 1e-6
"""Where EM ends for one participant left out: far below what the jackknife's error shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JackknifeEstimate:
    """A conditional-mean estimate with its jackknife interval.

    Attributes
    ----------
    estimate, standard_error, df : float
    ci_low, ci_high, ci_level : float
    statistic, p_value : float
        Student's t on the residual degrees of freedom, two-sided. The paper takes the normal
        distribution, which is too narrow for few participants.
    without : ndarray, shape (n,)
        The estimate with each participant left out.
    """

    estimate: float
    standard_error: float
    df: int
    ci_low: float
    ci_high: float
    ci_level: float
    statistic: float
    p_value: float
    without: FloatArray


class _Asked(TypedDict):
    """What is estimated, for type checkers."""

    assumption: str
    visit: int


def fits_without_each(
    data: Trajectories, fitted: TrajectoryModel, *, names: Sequence[str]
) -> tuple[TrajectoryModel, ...]:
    """Return the REML fit without each participant in turn: the same for every assumption.

    Raises
    ------
    StatisticsError
        Without one of the participants the model is not identified.
    """
    made = []
    for row in range(len(data.outcomes)):
        rest = data.without(row)
        refuse_unidentified(rest, names)
        try:
            made.append(fit_trajectories(rest, start=fitted.covariance, tolerance=CLOSE))
        except np.linalg.LinAlgError:
            raise StatisticsError("the covariance of the visits is singular.") from None
    return tuple(made)


def jackknife_estimate(
    data: Trajectories,
    fitted: TrajectoryModel,
    without_each: Sequence[TrajectoryModel],
    *,
    assumption: str,
    contrast: FloatArray,
    visit: int,
    shifts: FloatArray,
    confidence_level: float,
) -> JackknifeEstimate:
    """Return the estimate from conditional means, with its interval by leaving participants out.

    Parameters
    ----------
    data : Trajectories
    fitted : TrajectoryModel
        The REML fit to all.
    without_each : sequence of TrajectoryModel
        From `fits_without_each`.
    assumption : str
        A word of `ASSUMPTIONS`.
    contrast : ndarray, shape (k,)
        Which sum of coefficients is wanted.
    visit : int
        The visit analysed.
    shifts : ndarray, shape (n, T)
        What is added to imputed values.
    confidence_level : float

    Raises
    ------
    StatisticsError
        The estimate is the same whoever is left out.
    """
    n = len(data.outcomes)
    asked: _Asked = {"assumption": assumption, "visit": visit}
    estimate = _estimate(data, fitted, shifts, contrast=contrast, **asked)
    without = np.array(
        [
            _estimate(
                data.without(row), one, np.delete(shifts, row, axis=0), contrast=contrast, **asked
            )
            for row, one in enumerate(without_each)
        ]
    )
    error = math.sqrt((n - 1) / n * float(np.square(without - without.mean()).sum()))
    if error == 0:
        raise StatisticsError("the estimate is the same whoever is left out; it has no variance.")
    df = n - data.n_regressors
    half, t = float(stats.t.ppf((1 + confidence_level) / 2, df)) * error, estimate / error
    return JackknifeEstimate(
        estimate=estimate,
        standard_error=error,
        df=df,
        ci_low=estimate - half,
        ci_high=estimate + half,
        ci_level=confidence_level,
        statistic=t,
        p_value=float(2 * stats.t.sf(abs(t), df)),
        without=without,
    )


def _estimate(
    data: Trajectories,
    model: TrajectoryModel,
    shifts: FloatArray,
    *,
    assumption: str,
    contrast: FloatArray,
    visit: int,
) -> float:
    one = TrajectoryModel(coefficients=model.coefficients[None], covariance=model.covariance[None])
    filled = fill_visits(data, one, assumption=assumption)[:, :, visit] + shifts[:, visit]
    return float(fit_completed(filled, data.design, contrast=contrast).estimates[0])
