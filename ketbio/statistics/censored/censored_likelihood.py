"""A normal distribution fitted to values of which some are beyond limits, by maximum likelihood.

With θ = 1/σ and δ = μ/σ the log-likelihood is concave (Olsen 1978), so that Newton's steps from
anywhere lead to the one maximum.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from ketbio.errors import StatisticsError
from ketbio.statistics.censored.censored_samples import CensoredSample
from ketbio.statistics.records import FloatArray

MOST_STEPS = 200
CONVERGED = 1e-12
WIDEST_LOG_SD = 5.0
"""Profiles look for σ up to e⁵ times above and below its estimate."""
FARTHEST = 60
"""Doublings of a step after which an interval is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalFit:
    """Mean and SD of the fitted normal distribution, and its log-likelihood."""

    mean: float
    sd: float
    log_likelihood: float


def fit_normal(sample: CensoredSample) -> NormalFit:
    """Return the maximum likelihood fit.

    Parameters
    ----------
    sample : CensoredSample
        At least two different measured values, so that the maximum is inside.

    Examples
    --------
    >>> values = np.array([1.0, 2.0, 3.0, 6.0])
    >>> nothing = np.zeros(4, dtype=np.bool_)
    >>> fit = fit_normal(CensoredSample(value=values, below=nothing, above=nothing))
    >>> round(fit.mean, 9), round(fit.sd**2, 9)  # the variance has n below
    (3.0, 3.5)
    """
    centre, size = float(sample.value.mean()), float(sample.value.std())
    own = sample.moved((sample.value - centre) / size)
    point = np.array([0.0, 1.0])
    for _ in range(MOST_STEPS):
        value, gradient, hessian = _derivatives(own, point)
        step = np.linalg.solve(hessian, -gradient)
        share = 1.0
        while share > CONVERGED and not _is_better(own, point + share * step, value):
            share /= 2
        if share <= CONVERGED or np.abs(share * step).max() < CONVERGED * (1 + np.abs(point).max()):
            break
        point = point + share * step
    else:
        raise StatisticsError(
            "the maximum of the likelihood was not found: next to nothing is measured between the "
            "limits; allowed: more measured values, or method='km'."
        )
    delta, theta = map(float, point)
    mean, sd = centre + size * delta / theta, size / theta
    return NormalFit(mean=mean, sd=sd, log_likelihood=log_likelihood(sample, mean, sd))


def log_likelihood(sample: CensoredSample, mean: float, sd: float) -> float:
    """Return the sum of log-densities of measured values and of log-tails beyond limits."""
    z = (sample.value - mean) / sd
    tails = stats.norm.logcdf(z[sample.below]).sum() + stats.norm.logsf(z[sample.above]).sum()
    n_seen = int(sample.seen.sum())
    return float(stats.norm.logpdf(z[sample.seen]).sum() - n_seen * math.log(sd) + tails)


def profile_interval(
    sample: CensoredSample, fit: NormalFit, *, level: float, of_exp_mean: bool = False
) -> tuple[float, float]:
    """Return the profile-likelihood interval of the mean.

    Parameters
    ----------
    sample, fit : CensoredSample, NormalFit
        The values, and what was fitted to them.
    level : float
        Confidence level. Twice the log-likelihood may fall by n·log(1 + t²/(n − 1)), with t of
        Student's distribution, which makes it Student's interval where nothing is censored.
    of_exp_mean : bool
        Of μ + σ²/2 in place of μ: the logarithm of the mean of a lognormal distribution.
    """
    n = sample.value.size
    t = float(stats.t.ppf((1 + level) / 2, n - 1))
    allowed = n * math.log1p(t**2 / (n - 1))

    def excess(target: float) -> float:
        return 2 * (fit.log_likelihood - _profile(sample, fit, target, of_exp_mean)) - allowed

    peak = fit.mean + (fit.sd**2 / 2 if of_exp_mean else 0.0)
    return _crossing(excess, peak, -fit.sd), _crossing(excess, peak, fit.sd)


def _profile(sample: CensoredSample, fit: NormalFit, target: float, of_exp_mean: bool) -> float:
    def lost(log_sd: float) -> float:
        sd = math.exp(log_sd)
        return -log_likelihood(sample, target - (sd**2 / 2 if of_exp_mean else 0.0), sd)

    at = math.log(fit.sd)
    bounds = (at - WIDEST_LOG_SD, at + WIDEST_LOG_SD)
    found = optimize.minimize_scalar(lost, bounds=bounds, options={"xatol": 1e-9})
    return -float(found.fun)


def _crossing(excess: Callable[[float], float], peak: float, step: float) -> float:
    """Return where the likelihood has fallen by what is allowed; infinite where it never does."""
    near = peak
    for _ in range(FARTHEST):
        far = peak + step
        if excess(far) > 0:
            return float(optimize.brentq(excess, near, far, xtol=1e-12, rtol=1e-12))
        near, step = far, 2 * step
        if abs(step) > 1e6 * (1 + abs(peak)):
            break
    return math.copysign(math.inf, step)


def _is_better(sample: CensoredSample, point: FloatArray, than: float) -> bool:
    return bool(point[1] > 0 and _derivatives(sample, point)[0] >= than)


def _derivatives(sample: CensoredSample, point: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Return the log-likelihood in (δ, θ), less a constant, its gradient and its Hessian."""
    delta, theta = point
    z = theta * sample.value - delta
    # Of Φ(z) below a limit and Φ(−z) above one: the ratio of density to tail, signed.
    sign = np.where(sample.below, 1.0, -1.0)
    tail = stats.norm.logcdf(sign * z)
    ratio = sign * np.exp(stats.norm.logpdf(z) - tail)
    slope = np.where(sample.seen, -z, ratio)
    curvature = np.where(sample.seen, -1.0, -ratio * (z + ratio))
    n_seen = int(sample.seen.sum())
    value = n_seen * math.log(theta) + float(np.where(sample.seen, -(z**2) / 2, tail).sum())
    inward = np.stack([np.full(z.size, -1.0), sample.value])
    gradient = inward @ slope + np.array([0.0, n_seen / theta])
    hessian = (inward * curvature) @ inward.T - np.diag([0.0, n_seen / theta**2])
    return value, gradient, hessian
