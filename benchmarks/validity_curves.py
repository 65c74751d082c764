"""Plates: how often intervals of back-calculated concentrations hold the true one."""

from dataclasses import dataclass

import numpy as np
from validity_tables import Checks, FloatArray, Table, rate

from ketbio.errors import StatisticsError
from ketbio.statistics import DoseResponseFit, back_calculate, fit_dose_response

N_PLATES = 10_000
N_SAMPLES = 3
"""Samples per plate, one from each third of the working range."""

TRUE_CURVE = {"b": -1.2, "c": 0.05, "d": 2.8, "e": 400.0}
DOUBLING = 31.25 * 2.0 ** np.arange(7)
STANDARDS = {
    "0 and 7 doublings, duplicate": np.repeat(np.append(0.0, DOUBLING), 2),
    "7 doublings, duplicate": np.repeat(DOUBLING, 2),
    "0 and 7 doublings, triplicate": np.repeat(np.append(0.0, DOUBLING), 3),
}
WORKING_RANGE = (40.0, 1600.0)
"""In units of the standards, which end at 2,000."""


OUTSIDE = (5.0, 15.0, 4_000.0, 16_000.0)


def true_response(x: FloatArray) -> FloatArray:
    b, c, d, e = TRUE_CURVE.values()
    with np.errstate(divide="ignore"):
        return np.asarray(c + (d - c) / (1 + np.exp(b * (np.log(x) - np.log(e)))))


def constant(response: FloatArray) -> FloatArray:
    return np.full_like(response, 0.03)


def proportional(response: FloatArray) -> FloatArray:
    return 0.04 * response


NOISE = {"SD 0.03": constant, "CV 4 %": proportional}


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How a plate is laid out, how its wells scatter and how it is read."""

    standards: str
    noise: str
    weights: str
    points: str
    n_wells: int
    is_nominal: bool = True


DESIGNS = (
    *(
        Design(standards="0 and 7 doublings, duplicate", noise="SD 0.03", weights="none",
               points="means", n_wells=m)
        for m in (1, 2, 3)
    ),
    Design(standards="0 and 7 doublings, duplicate", noise="SD 0.03", weights="none",
           points="wells", n_wells=2),
    Design(standards="7 doublings, duplicate", noise="SD 0.03", weights="none", points="means",
           n_wells=2),
    Design(standards="0 and 7 doublings, triplicate", noise="SD 0.03", weights="none",
           points="means", n_wells=3),
    *(
        Design(standards="0 and 7 doublings, duplicate", noise="CV 4 %", weights="relative",
               points=points, n_wells=m)
        for points, m in (("means", 1), ("means", 2), ("wells", 2))
    ),
    Design(standards="0 and 7 doublings, duplicate", noise="CV 4 %", weights="none",
           points="means", n_wells=2, is_nominal=False),
    Design(standards="0 and 7 doublings, duplicate", noise="SD 0.03", weights="relative",
           points="means", n_wells=2, is_nominal=False),
)  # fmt: skip


def noisy(rng: np.random.Generator, x: FloatArray, noise: str, n_wells: int = 1) -> FloatArray:
    truth = true_response(x)
    return rng.normal(truth, NOISE[noise](truth) / np.sqrt(n_wells))


def samples(rng: np.random.Generator) -> FloatArray:
    """Return a true concentration from each third of the working range, on the log scale."""
    edges = np.linspace(*np.log(WORKING_RANGE), N_SAMPLES + 1)
    return np.exp(rng.uniform(edges[:-1], edges[1:]))


def fitted_plate(rng: np.random.Generator, design: Design) -> DoseResponseFit | None:
    x = STANDARDS[design.standards]
    try:
        return fit_dose_response(
            x, noisy(rng, x, design.noise), weights=design.weights, points=design.points
        )
    except StatisticsError:
        return None


def covered(
    rng: np.random.Generator, design: Design, interval: str, n_plates: int
) -> tuple[FloatArray, int]:
    """Return whether intervals held the truth, of shape (plates, samples), and the refusals."""
    held, refused = [], 0
    for _ in range(n_plates):
        fit, truth = fitted_plate(rng, design), samples(rng)
        if fit is None:
            refused += 1
            continue
        response = noisy(rng, truth, design.noise, design.n_wells)
        found = back_calculate(fit, response, n_wells=design.n_wells, interval=interval)
        held.append((found.ci_low <= truth) & (truth <= found.ci_high))
    return np.array(held), refused


def coverage(rng: np.random.Generator, checks: Checks, n_plates: int = N_PLATES) -> Table:
    table = Table(
        title="Back-calculated concentrations: coverage of 95 % intervals",
        text=(
            "Share of samples whose interval holds the true concentration, in % (Monte Carlo "
            "standard error): 4PL plates, a sample from each third (on the log scale) of the "
            "working range from 40 to 1,600 with the highest standard at 2,000, EC50 400, OD 0.05 "
            "to 2.8. *Nominal* where the weights fit the noise, *measured* where they do not. The "
            "three samples of a plate share its curve, which the standard error of all leaves "
            "aside."
        ),
        head=(
            "standards", "noise", "weights", "fitted to", "sample wells", "weights fit",
            "profile", "lower third", "middle", "upper third", "delta", "refused",
        ),
    )  # fmt: skip
    for design in DESIGNS:
        stream = int(rng.integers(2**32))
        held, refused = covered(np.random.default_rng(stream), design, "profile", n_plates)
        by_delta, _ = covered(np.random.default_rng(stream), design, "delta", n_plates)
        if design.is_nominal:
            checks.nominal(f"{design}", rate(~held[:, 0]))
            checks.nominal(f"{design}", rate(~held.ravel()))
        table.add(
            design.standards, design.noise, design.weights, design.points, design.n_wells,
            "yes: nominal" if design.is_nominal else "no: measured", rate(held.ravel()),
            *(rate(held[:, third]) for third in range(N_SAMPLES)), rate(by_delta.ravel()), refused,
        )  # fmt: skip
    return table


def ends(rng: np.random.Generator, checks: Checks, n_plates: int = N_PLATES) -> Table:
    table = Table(
        title="Back-calculated concentrations near the ends of the curve",
        text=(
            "The first design of the table above with one sample well, at concentrations outside "
            "the working range; in % (Monte Carlo standard error). A response beyond an asymptote "
            "has no concentration and no delta interval; the profile interval is then open."
        ),
        head=(
            "true concentration", "profile covers", "delta covers, of those with a number",
            "without a number",
        ),
    )  # fmt: skip
    design = DESIGNS[0]
    truth = np.array(OUTSIDE)
    by_profile, by_delta, numberless = [], [], []
    for _ in range(n_plates):
        fit = fitted_plate(rng, design)
        if fit is None:
            continue
        response = noisy(rng, truth, design.noise)
        for interval, held in (("profile", by_profile), ("delta", by_delta)):
            found = back_calculate(fit, response, interval=interval)
            held.append((found.ci_low <= truth) & (truth <= found.ci_high))
        numberless.append(found.side != "")
    profile, delta, none = np.array(by_profile), np.array(by_delta), np.array(numberless)
    for i, x in enumerate(OUTSIDE):
        checks.nominal(f"profile at {x:g}", rate(~profile[:, i]))
        with_number = delta[~none[:, i], i]
        table.add(f"{x:,g}", rate(profile[:, i]), rate(with_number), rate(none[:, i]))
    return table
