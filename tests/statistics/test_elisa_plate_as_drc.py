"""A published plate, read where the optimiser that was used for it stopped.

elisar (R) reads the plate with drc's LL.4 on the wells of the standards above 0, unweighted. drc
minimises with R's ``optim`` (BFGS, numerical derivatives, ``reltol = 1e-7``), which stops a little
short of the least squares: by 6e-9 of the sum of squares, which moves the concentration of the one
well far below the lowest standard by 7e-4. At the point where ``optim`` stops, all four published
concentrations and standard errors are met to 1e-4. The point was found by these lines (R 4.2.2)::

    t <- read.csv("plate_long.csv"); s <- t[grepl("^STD", t$id), ]
    x <- as.numeric(sub("STD", "", s$id)); y <- s$od
    f <- function(p) p[2] + (p[3] - p[2]) / (1 + exp(p[1] * (log(x) - log(p[4]))))
    rss <- function(p) sum((y - f(p)) ^ 2)
    r <- range(y); l <- 0.01 * diff(r); c0 <- r[1] - l; d0 <- r[2] + l
    fit <- lm(log((d0 - y) / (y - c0)) ~ log(x)); b0 <- coef(fit)[2]
    st <- c(b0, c0, d0, exp(-coef(fit)[1] / b0))
    optim(st, rss, method = "BFGS", hessian = TRUE,
          control = list(maxit = 500, reltol = 1e-7, parscale = abs(st)))
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ketbio.statistics import back_calculate, fit_dose_response

PLATE = Path(__file__).parents[3] / "shared" / "studies" / "elisa_plate" / "plate_long.csv"
OD = [0.516, 0.251, 0.112, 0.231]
CONCENTRATION = [159.998395, 70.308342, 5.933014, 62.798726]
STANDARD_ERROR = [9.880593, 6.329615, 1.879901, 6.192559]
WHERE_OPTIM_STOPS = {"b": -1.384457546, "c": 0.107083837, "d": 3.200859340, "e": 622.937755341}
COVARIANCE = np.array(
    [
        [0.0186830287, -0.00277298409, 0.0414839265, 12.6326224],
        [-0.00277298409, 0.000684613189, -0.00541688228, -1.52893488],
        [0.0414839265, -0.00541688228, 0.104228263, 31.9398177],
        [12.6326224, -1.52893488, 31.9398177, 9943.74367],
    ]
)
"""2 s² times the inverse of the Hessian that optim(…, hessian = TRUE) gives there."""
R_CONCENTRATION = [159.997920, 70.307836, 5.933520, 62.798253]


@pytest.fixture
def standards() -> tuple[list[float], list[float]]:
    """Return the standards of the plate, or skip."""
    if not PLATE.is_file():
        pytest.skip("the study data elisa_plate are not beside this checkout")
    with PLATE.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["id"].startswith("STD")]
    return [float(row["id"][3:]) for row in rows], [float(row["od"]) for row in rows]


def test_all_four_published_readings_where_optim_stops(
    standards: tuple[list[float], list[float]],
) -> None:
    fit = fit_dose_response(*standards, points="wells")
    there = replace(fit, **WHERE_OPTIM_STOPS, covariance=COVARIANCE)
    found = back_calculate(there, OD, interval="delta", uncertainty="curve_as_drc")
    assert found.concentration == pytest.approx(R_CONCENTRATION, rel=1e-6)
    assert found.concentration == pytest.approx(CONCENTRATION, rel=1e-4)
    assert found.se == pytest.approx(STANDARD_ERROR, rel=1e-4)


def test_the_least_squares_lie_below_that_point(standards: tuple[list[float], list[float]]) -> None:
    fit = fit_dose_response(*standards, points="wells")
    x, y = (np.array(one) for one in standards)
    p = WHERE_OPTIM_STOPS
    curve = p["c"] + (p["d"] - p["c"]) / (1 + np.exp(p["b"] * (np.log(x) - np.log(p["e"]))))
    at_stop = float(((y - curve) ** 2).sum())
    assert fit.rss < at_stop < fit.rss * (1 + 1e-7)
