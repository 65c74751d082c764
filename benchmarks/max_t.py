"""Step-down max T against the matrix product that it cannot do without: python benchmarks/max_t.py

1,000 markers of 60 people (30 v 30), 100,000 permutations. Beside it, measured in turn in the same
run, the product of those sizes in float64, written into memory that is there already: nothing but
the multiplications. The matrix library spreads the product over every core, and so does ours with
as many workers; with one worker it has one core. Target: at most three times as long.
"""

import os
import time
from collections.abc import Callable

import numpy as np

from ketbio.statistics import max_t_test

PEOPLE, MARKERS, PERMUTATIONS = 60, 1_000, 100_000
TARGET = 3.0
REPEATS = 5


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def measure(workers: int) -> tuple[float, float]:
    """Seconds of ours and of the product: the best of some repeats, taken in turn."""
    rng = np.random.default_rng(20260101)
    table = rng.normal(size=(PEOPLE, MARKERS))
    labels = (rng.random((PERMUTATIONS, PEOPLE)) < 0.5).astype(np.float64)
    x, y = table[: PEOPLE // 2], table[PEOPLE // 2 :]
    ours, product = [], []
    for _ in range(REPEATS):
        out = np.zeros((PERMUTATIONS, MARKERS))
        product.append(seconds(lambda out=out: np.matmul(labels, table, out=out)))
        del out
        ours.append(
            seconds(
                lambda: max_t_test(
                    x, y, exact=False, n_resamples=PERMUTATIONS, seed=1, workers=workers
                )
            )
        )
    return min(ours), min(product)


def row(workers: int | None = None) -> str:
    workers = workers or os.cpu_count() or 1
    ours, product = measure(workers)
    size = f"max T, {MARKERS:,} × {PEOPLE} × {PERMUTATIONS:,}"
    verdict = "met" if ours <= TARGET * product else "missed"
    return (
        f"{size:<32}{ours:>9.3f} s{product:>12.3f} s{ours / product:>9.2f} ×   "
        f"target {TARGET:g} × {verdict}; {workers} worker{'s' if workers > 1 else ''}"
    )


def main() -> None:
    print(f"{'':<32}{'ketbio':>11}{'product':>14}{'ratio':>11}")
    print(row())
    print(row(workers=1))


if __name__ == "__main__":
    main()
