"""The record of a fitted curve, from the curve and its standards."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from ketbio.statistics.curves.curve_complaints import middle
from ketbio.statistics.curves.curve_covariance import on_the_usual_scale
from ketbio.statistics.curves.curve_records import DoseResponseFit
from ketbio.statistics.curves.curve_warnings import curve_warnings
from ketbio.statistics.curves.fitted_curve import FittedCurve
from ketbio.statistics.curves.standard_wells import StandardWells
from ketbio.statistics.records import NAN

NAMES = ("b", "c", "d", "e", "f")


def wells_per_point(standards_counts: NDArray[np.int64], points: str) -> float:
    """Return how many wells a point stands for: 1, or the harmonic mean of the counts."""
    if points == "wells":
        return 1.0
    return float(standards_counts.size / (1 / standards_counts).sum())


def curve_direction(found: FittedCurve) -> str:
    """Return whether the response rises or falls with the concentration."""
    return "rising" if found.theta[0] < 0 else "falling"


def assemble(
    found: FittedCurve,
    standards: StandardWells,
    *,
    aicc_other: float,
    weights: str,
    points: str,
    said: tuple[str, ...],
) -> DoseResponseFit:
    """Return the record."""
    variance = found.rss / found.df
    covariance = on_the_usual_scale(found.covariance, found.theta) * variance
    se = np.append(np.sqrt(np.diag(covariance)), NAN)
    b, c, d = found.theta[:3].tolist()
    well_sd, well_df = _of_one_well(found, standards, points)
    lack_of_fit_p = _lack_of_fit(found, standards)
    for array in (covariance, found.fitted, standards.concentrations, standards.means,
                  standards.counts):  # fmt: skip
        array.flags.writeable = False
    return DoseResponseFit(
        curve=found.curve,
        direction=curve_direction(found),
        b=b,
        c=c,
        d=d,
        e=math.exp(found.theta[3]),
        f=math.exp(found.theta[4]) if found.theta.size == 5 else 1.0,
        b_se=float(se[0]),
        c_se=float(se[1]),
        d_se=float(se[2]),
        e_se=float(se[3]),
        f_se=float(se[4]),
        parameter_names=NAMES[: found.theta.size],
        covariance=covariance,
        ec50=math.exp(middle(found.theta)),
        residual_sd=math.sqrt(variance),
        df=found.df,
        n_points=found.n_points,
        n_wells=standards.n_wells,
        n_concentrations=standards.means.size,
        rss=found.rss,
        r_squared=1 - found.rss / found.total,
        aicc=found.aicc,
        aicc_other=aicc_other,
        pure_error_variance=(
            found.squares_within / standards.df_within if standards.df_within else NAN
        ),
        pure_error_df=standards.df_within,
        lack_of_fit_p=lack_of_fit_p,
        well_sd=well_sd,
        well_df=well_df,
        weights=weights,
        points=points,
        concentrations=standards.concentrations,
        mean_responses=standards.means,
        fitted_responses=found.fitted,
        well_counts=standards.counts,
        warnings=(
            *said,
            *curve_warnings(found, standards, lack_of_fit_p=lack_of_fit_p, weights=weights),
        ),
    )


def _of_one_well(found: FittedCurve, standards: StandardWells, points: str) -> tuple[float, int]:
    """Return SD and df of one well, pooled over what the curve misses and what replicates vary."""
    if points == "wells":
        return math.sqrt(found.rss / found.df), found.df
    df = found.df + standards.df_within
    squares = found.rss * wells_per_point(standards.counts, points) + found.squares_within
    return math.sqrt(squares / df), df


def _lack_of_fit(found: FittedCurve, standards: StandardWells) -> float:
    spare, df = standards.means.size - found.theta.size, standards.df_within
    if spare <= 0 or df == 0 or found.squares_within <= 0:
        return NAN
    f = found.squares_of_fit / spare / (found.squares_within / df)
    return float(fdtrc(spare, df, f))
