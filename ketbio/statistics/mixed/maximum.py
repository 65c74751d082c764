"""The maximum of the likelihood: Newton's method, and BFGS where that does not arrive.

Newton steps use the analytic second derivatives; where these have directions of the wrong
curvature the steps go by their sizes (Nocedal & Wright 2006, §3.4). A point counts as the maximum
if the gradient promises no more than `PROMISED` in ℓ and the observed information is positive
definite (for random effects, whose variances may be 0, not negative).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from ketbio.statistics.mixed.information import observed_information
from ketbio.statistics.mixed.likelihood import Likelihood, Problem
from ketbio.statistics.mixed.structures.structure import CovarianceStructure
from ketbio.statistics.records import FloatArray

PROMISED = 1e-12
"""What one more step may still add to ℓ."""
PROMISED_AT_REST = 1e-8
"""The same where rounding lets ℓ rise no further."""
MAX_STEPS = 60
MAX_HALVINGS = 40
LONGEST = 3.0
"""Largest change of a parameter in one step, as a share of its size or of 1."""
FLAT = 1e-8
"""Curvature, as a share of the largest after scaling, below which a direction is flat."""
SINGULAR = 1e-9
"""Share of a variance that the other visits leave, or of the variance at the start, that is 0."""

NEARLY_SINGULAR = 1e-3
"""The same share that tells, where a search goes on and on, that Σ is on its way to be singular."""

PATIENCE, HARDLY_ANY, STILL_FAR = 25, 1e-4, 1e-4
"""After so many steps, with a share below this and more than this to gain, it is there already."""

NO_START = "no covariance matrix was found to start from"
RUNAWAY = "the likelihood is highest where the covariance becomes singular"
FLAT_TOP = "the likelihood is flat, so that its parameters cannot be told apart"
STUCK = "the search stopped below the maximum"
TOO_LONG = f"there was no maximum after {MAX_STEPS} steps"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Maximum:
    """Where the search ended.

    Attributes
    ----------
    at : Likelihood
        The log-likelihood there.
    information : array of shape (h, h)
        Observed.
    failure : str
        Why this is no maximum; empty where it is one.
    is_flat : bool
        Whether some direction has no curvature.
    """

    at: Likelihood
    information: FloatArray
    failure: str = ""
    is_flat: bool = False


Evaluate = Callable[[FloatArray], Likelihood]


def maximise(
    problem: Problem,
    structure: CovarianceStructure,
    starts: Sequence[FloatArray],
    *,
    may_be_flat: bool = False,
) -> Maximum:
    """Maximise ℓ by Newton's method from each start, or where none leads to a maximum, after BFGS.

    Parameters
    ----------
    problem : Problem
        The data.
    structure : CovarianceStructure
        The family of covariance matrices.
    starts : sequence of array of shape (h,)
        Where to begin.
    may_be_flat : bool
        Whether flat directions are allowed at the maximum: variances of 0.

    Returns
    -------
    Maximum
        The highest that was found; with ``failure`` of the first start where none was.
    """

    def evaluate(theta: FloatArray) -> Likelihood:
        return Likelihood(problem, structure, theta)

    found = [_newton(evaluate, start, may_be_flat=may_be_flat) for start in starts]
    arrived = [each for each in found if not each.failure]
    if arrived:
        return max(arrived, key=lambda each: each.at.value)
    if any(each.failure == RUNAWAY for each in found):
        return found[0]
    last = _newton(evaluate, _bfgs(evaluate, starts[0]), may_be_flat=may_be_flat)
    return found[0] if last.failure else last


def _newton(evaluate: Evaluate, start: FloatArray, *, may_be_flat: bool) -> Maximum:
    at = evaluate(start)
    if not np.isfinite(at.value):
        return _failed(at, NO_START)
    least = SINGULAR * at.lowest_variance
    for taken in range(MAX_STEPS):
        information = observed_information(at)
        if (
            at.lowest_share < SINGULAR
            or at.lowest_variance < least
            or not np.isfinite(information).all()
        ):
            return _failed(at, RUNAWAY)
        step, promised, lowest = _step(at.gradient, information)
        if promised < PROMISED and lowest >= -FLAT:
            return _judged(evaluate, at, step, is_flat=lowest <= FLAT, may_be_flat=may_be_flat)
        if taken > PATIENCE and at.lowest_share < HARDLY_ANY and promised > STILL_FAR:
            break
        moved = _line_search(evaluate, at, _escape(information) if promised < PROMISED else step)
        if moved is None and promised < PROMISED_AT_REST and lowest > FLAT:
            return Maximum(at=at, information=information)
        if moved is None:
            return _failed(at, RUNAWAY if at.lowest_share < NEARLY_SINGULAR else STUCK)
        at = moved
    return _failed(at, RUNAWAY if at.lowest_share < NEARLY_SINGULAR else TOO_LONG)


def _failed(at: Likelihood, failure: str) -> Maximum:
    return Maximum(at=at, information=np.full((at.theta.size,) * 2, np.nan), failure=failure)


def _step(gradient: FloatArray, information: FloatArray) -> tuple[FloatArray, float, float]:
    """Newton's step, what it promises, and the lowest curvature after scaling."""
    scale = np.sqrt(np.maximum(np.abs(np.diag(information)), 1e-12))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    sizes = np.abs(values)
    flat = sizes <= FLAT * sizes.max()
    along = vectors.T @ (gradient / scale)
    along = np.where(flat & (np.abs(along) < np.sqrt(PROMISED)), 0.0, along)
    along_step = along / np.maximum(sizes, FLAT * max(float(sizes.max()), 1e-12))
    return vectors @ along_step / scale, float(along @ along_step) / 2, float(values.min())


def _escape(information: FloatArray) -> FloatArray:
    """Leave a saddle along the direction of most negative curvature."""
    return np.asarray(np.linalg.eigh(information)[1][:, 0])


def _line_search(evaluate: Evaluate, at: Likelihood, step: FloatArray) -> Likelihood | None:
    longest = float((np.abs(step) / np.maximum(np.abs(at.theta), 1.0)).max())
    step = step * min(1.0, LONGEST / longest) if longest > 0 else step
    promised = max(float(at.gradient @ step), 0.0)
    for share in 0.5 ** np.arange(MAX_HALVINGS):
        moved = evaluate(at.theta + share * step)
        if moved.value > at.value + 1e-4 * share * promised - 1e-14 * abs(at.value):
            return moved
    return None


def _judged(
    evaluate: Evaluate, at: Likelihood, step: FloatArray, *, is_flat: bool, may_be_flat: bool
) -> Maximum:
    """One step more: quadratic convergence then leaves nothing but rounding."""
    moved = evaluate(at.theta + step)
    if np.isfinite(moved.value) and np.abs(moved.gradient).max() < np.abs(at.gradient).max():
        at = moved
    information = observed_information(at)
    is_flat = is_flat or _step(at.gradient, information)[2] <= FLAT
    if is_flat and not may_be_flat:
        return _failed(at, FLAT_TOP)
    return Maximum(at=at, information=information, is_flat=is_flat)


def _bfgs(evaluate: Evaluate, start: FloatArray) -> FloatArray:
    begun = evaluate(start)
    if not np.isfinite(begun.value):
        return start
    worst = abs(begun.value) + 1e3

    def objective(theta: FloatArray) -> tuple[float, FloatArray]:
        at = evaluate(theta)
        if not np.isfinite(at.value):
            return 1e3 * worst, np.zeros_like(theta)
        return -at.value, -at.gradient

    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return np.asarray(found.x, dtype=float)
