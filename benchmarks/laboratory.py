"""1,000 plates fitted and read, beside peers, in one run: python benchmarks/laboratory.py

8 standards in duplicate and 40 samples in duplicate on each plate. Ours checks the standards, fits
the four-parameter curve, and gives each sample its concentration, standard error and 95 % interval:

- plate by plate, with profile intervals, as a study's run does;
- all plates at once (`fit_dose_responses`, `back_calculate_plates`), with delta intervals.

Beside each, on the same plates, three that give no interval:

- a loop of scipy.optimize.curve_fit without bounds, bare Levenberg–Marquardt, and the inverse of
  the curve: what least squares itself costs;
- the same with bounds (slope and EC50 kept positive, as scripts for immunoassays do);
- bio-curve-fit, where it is installed.

Plate by plate we also check the plate and refit the curve for 80 limits, and are not as quick as a
bare loop; the row says by how much. EC50 and concentrations are compared; the run stops where ours
differ from a peer's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from measuring import REPEATS, Timing, heading, row, skipped, timed, verdict
from scipy.optimize import curve_fit

from ketbio.statistics import (
    back_calculate,
    back_calculate_plates,
    fit_dose_response,
    fit_dose_responses,
)

try:
    from bio_curve_fit.logistic import FourParamLogistic
except ImportError:
    FourParamLogistic = None

N_PLATES, N_SAMPLES = 1_000, 40
SEED = 20260105
STANDARDS = np.repeat(15.625 * 2.0 ** np.arange(8), 2)
BOUNDS = ([-np.inf, 0.1, 1e-9, -np.inf], [np.inf, 20.0, np.inf, np.inf])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """Responses of the standards' wells, and means of the samples' duplicates."""

    standards: np.ndarray
    samples: np.ndarray


def curve(x: Any, a: float, b: float, e: float, d: float) -> Any:
    """As scripts write it: a at 0, d at infinity."""
    return d + (a - d) / (1 + (x / e) ** b)


def inverse(y: Any, a: float, b: float, e: float, d: float) -> Any:
    return e * ((a - d) / (y - d) - 1) ** (1 / b)


def plates() -> list[Plate]:
    rng = np.random.default_rng(SEED)
    made = []
    for _ in range(N_PLATES):
        truth = (0.05, rng.uniform(0.9, 1.5), rng.uniform(200, 500), rng.uniform(2.3, 3.2))
        x = np.exp(rng.uniform(np.log(20), np.log(1500), N_SAMPLES))
        made.append(
            Plate(
                standards=rng.normal(curve(STANDARDS, *truth), 0.02),
                samples=rng.normal(curve(x, *truth), 0.02 / np.sqrt(2)),
            )
        )
    return made


def plate_by_plate(all_plates: list[Plate]) -> list[np.ndarray]:
    found = []
    for plate in all_plates:
        fit = fit_dose_response(STANDARDS, plate.standards, points="wells")
        found.append(back_calculate(fit, plate.samples, n_wells=2).concentration)
    return found


def all_at_once(all_plates: list[Plate]) -> list[np.ndarray]:
    standards = np.stack([plate.standards for plate in all_plates])
    samples = np.stack([plate.samples for plate in all_plates])
    fits = fit_dose_responses(STANDARDS, standards, points="wells")
    return list(back_calculate_plates(fits, samples, n_wells=2, interval="delta").concentration)


def by_curve_fit(all_plates: list[Plate], **how: Any) -> list[np.ndarray]:
    found = []
    for plate in all_plates:
        y = plate.standards
        start = [max(y.min(), 1e-3), 1.0, float(np.median(STANDARDS)), y.max()]
        theta, _ = curve_fit(curve, STANDARDS, y, p0=start, **how)
        with np.errstate(invalid="ignore"):
            found.append(inverse(plate.samples, *theta))
    return found


def by_bio_curve_fit(all_plates: list[Plate]) -> list[np.ndarray]:
    found = []
    for plate in all_plates:
        with np.errstate(invalid="ignore"):
            model = FourParamLogistic().fit(STANDARDS, plate.standards)
            found.append(np.asarray(model.predict_inverse(plate.samples)))
    return found


def agree(name: str, mine: list[np.ndarray], theirs: list[np.ndarray]) -> None:
    """Stop the run where concentrations differ, but for those near an asymptote."""
    for one, other in zip(mine, theirs, strict=True):
        inside = np.isfinite(one) & np.isfinite(other) & (one > 30) & (one < 1000)
        if not np.allclose(one[inside], other[inside], rtol=1e-3):
            raise SystemExit(f"{name}: concentrations differ from ketbio's")


Call = Callable[[list[Plate]], list[np.ndarray]]

PEERS: dict[str, tuple[Call, str]] = {
    "bare loop": (by_curve_fit, "no intervals, no checks"),
    "bounded loop": (lambda some: by_curve_fit(some, bounds=BOUNDS), "no intervals"),
    "bio-curve-fit": (by_bio_curve_fit, "no intervals"),
}
OURS: dict[str, Call] = {
    "plate by plate, profile": plate_by_plate,
    "all at once, delta": all_at_once,
}


def in_turn(made: list[Plate], calls: list[Call]) -> list[Timing]:
    """Time all alternately, so that a busy machine slows all; the best of each."""
    rounds = [
        [timed(lambda call=call: call(made), repeats=1) for call in calls] for _ in range(REPEATS)
    ]
    return [min(of_one, key=lambda one: one.seconds) for of_one in zip(*rounds, strict=True)]


def main() -> None:
    made = plates()
    for name, (call, note) in PEERS.items():
        heading(name)
        if name == "bio-curve-fit" and FourParamLogistic is None:
            skipped(name, "not installed (pip install bio-curve-fit)")
            continue
        theirs, *mine = in_turn(made, [call, *OURS.values()])
        for how, one in zip(OURS, mine, strict=True):
            agree(name, one.found, theirs.found)
            target = verdict(one.seconds <= theirs.seconds, "no slower")
            row(f"{N_PLATES:,} plates {how}", one.seconds, theirs.seconds, f"{note}; {target}")


if __name__ == "__main__":
    main()
