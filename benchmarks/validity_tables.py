"""What the validity benchmark measures with, and the tables it writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

ALPHA = 0.05
CHECKED = 200
"""Data sets per cell whose vectorised p is held against the package's."""

CHUNK = 2_000
"""Data sets worked on at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share of simulated data sets, with its Monte Carlo standard error."""

    share: float
    n_simulated: int

    @property
    def standard_error(self) -> float:
        return float(np.sqrt(self.share * (1 - self.share) / self.n_simulated))

    def __str__(self) -> str:
        return f"{100 * self.share:.2f} ({100 * self.standard_error:.2f})"


def rate(events: NDArray[np.bool_]) -> Rate:
    return Rate(share=float(np.mean(events)), n_simulated=int(events.size))


def rejections(p: FloatArray) -> Rate:
    return rate(p < ALPHA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of rates: a row per design and null, a column per test."""

    title: str
    text: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        self.rows.append(tuple(str(cell) for cell in cells))

    def markdown(self) -> str:
        lines = [self.head, tuple("---" for _ in self.head), *self.rows]
        body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{self.text}\n\n{body}\n"


@dataclass(slots=True)
class Checks:
    """How many vectorised results were held against the package's."""

    n_held: int = 0
    n_cells: int = 0

    def hold(
        self,
        what: str,
        fast: Sequence[float] | FloatArray,
        package: Callable[[int], float],
        rng: np.random.Generator,
    ) -> None:
        """Compare ``CHECKED`` random data sets; stop the run where one differs."""
        chosen = rng.choice(len(fast), size=min(CHECKED, len(fast)), replace=False)
        for i in chosen:
            mine, theirs = float(fast[i]), package(int(i))
            if not np.isclose(mine, theirs, rtol=1e-9, atol=1e-12):
                raise SystemExit(f"{what}, data set {i}: {mine!r} here, {theirs!r} by the package")
        self.n_held += chosen.size
        self.n_cells += 1

    def nominal(self, what: str, found: Rate) -> None:
        """Stop the run where a test that must keep its level is far above it."""
        if found.share > ALPHA + 4 * found.standard_error:
            raise SystemExit(f"{what}: {found} % rejected, and at most 5 % may be")


def in_chunks(one: Callable[[FloatArray], FloatArray], values: FloatArray) -> FloatArray:
    """Apply a row-wise function to a few thousand rows at a time."""
    starts = range(0, values.shape[0], CHUNK)
    return np.concatenate([one(values[start : start + CHUNK]) for start in starts])


def share_as_far(distances: FloatArray, own: FloatArray, tolerance: FloatArray) -> FloatArray:
    """Return for each row the share of distances that are at least its own."""
    return np.asarray((distances >= (own - tolerance)[:, None]).mean(axis=1))
