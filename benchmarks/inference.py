"""The exact tests beside their peers, in one run on one machine: python benchmarks/inference.py

Each row is a ratio of times measured in this run; p values of one definition are compared, and the
run stops where they differ. ``--limit`` is how many seconds R may take for one test (a row where it
takes longer shows the limit as a lower bound); ``--only`` runs some parts.
"""

import argparse
from collections.abc import Callable

import beside_r
import beside_scipy
import growth
import max_t
import numpy as np
from measuring import alone, in_fresh_process, timed, verdict

from ketbio.statistics import correlation_permutation_test, permutation_test

SEED = 20260101

MEMORY = """
import resource, time
import numpy as np
from ketbio.statistics import paired_permutation_test, permutation_test
rng = np.random.default_rng(1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
found = {call}
assert found.is_exact
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, before)
"""
GIBIBYTES_ALLOWED = 3
BIG = {
    "25 v 25": "permutation_test(rng.normal(.4, 1, 25), rng.normal(size=25), exact=True, {level})",
    "50 pairs": "paired_permutation_test(rng.normal(.3, 1, 50), exact=True, {level})",
}
LEVELS = {"p only": "confidence_level=None", "and interval": "confidence_level=0.95"}


def exact_alone(rng: np.random.Generator) -> None:
    """Sizes that no peer can count."""
    print(f"\n{'Alone':<40}{'ketbio':>12}")
    for n, seconds in ((20, 0.05), (24, 1.5)):
        x, y = rng.normal(0.6, 1, n), rng.normal(0, 1, n)
        ours = timed(lambda x=x, y=y: permutation_test(x, y, confidence_level=None))
        is_met = ours.found.is_exact and ours.seconds <= seconds
        alone(f"{n} v {n}, p only", ours.seconds, verdict(is_met, f"≤ {seconds:g} s"))
    x, y = rng.normal(0.6, 1, 20), rng.normal(0, 1, 20)
    alone("20 v 20 and interval", timed(lambda: permutation_test(x, y)).seconds)
    madrs = rng.integers(5, 61, 200), rng.integers(0, 61, 200)
    for level, words in ((None, "p only"), (0.95, "and interval")):
        ours = timed(lambda level=level: permutation_test(*madrs, confidence_level=level))
        is_met = ours.found.algorithm == "shift algorithm" and ours.seconds <= 0.5
        alone(f"MADRS 200 v 200, {words}", ours.seconds, verdict(is_met, "≤ 0.5 s"))
    sites = np.tile(np.repeat(np.arange(10), 20), 2)
    ours = timed(lambda: permutation_test(*madrs, blocks=sites, confidence_level=None))
    alone("MADRS 200 v 200 in 10 sites, p only", ours.seconds, ours.found.algorithm)


def pearson(rng: np.random.Generator) -> None:
    print()
    for n, seconds, slopes in ((14, 1.0, (0.0, 0.5, 1.0)), (16, 30.0, (0.0,))):
        for slope in slopes:
            x = rng.normal(size=n)
            y = slope * x + rng.normal(size=n)
            call = lambda x=x, y=y: correlation_permutation_test(x, y, exact=True)  # noqa: E731
            ours = timed(call, repeats=1 if n == 16 else 3)
            note = verdict(ours.seconds <= seconds, f"≤ {seconds:g} s")
            alone(f"Pearson, {n} pairs", ours.seconds, f"{note}; p = {ours.found.p_value:.6f}")


def memory(rng: np.random.Generator) -> None:
    del rng
    print(f"\n{'In a fresh process':<40}{'ketbio':>12}{'peak':>14}")
    for name, call in BIG.items():
        for words, level in LEVELS.items():
            code = MEMORY.format(call=call.format(level=level))
            seconds, peak, _ = in_fresh_process(code)
            gibibytes = peak / 2**20
            note = verdict(gibibytes <= GIBIBYTES_ALLOWED, f"≤ {GIBIBYTES_ALLOWED} GiB")
            print(f"{f'{name}, {words}':<40}{seconds:>10.2f} s{gibibytes:>10.2f} GiB   {note}")


def many_markers(rng: np.random.Generator) -> None:
    del rng
    print()
    max_t.main()


def costs(rng: np.random.Generator) -> None:
    del rng
    growth.print_growth()
    growth.print_handovers()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=300, help="seconds for R (300)")
    parts: dict[str, Callable[[np.random.Generator], None]] = {
        "scipy": beside_scipy.run,
        "r": lambda rng: beside_r.run(rng, chosen.limit),
        "max_t": many_markers,
        "exact": exact_alone,
        "pearson": pearson,
        "memory": memory,
        "growth": costs,
    }
    parser.add_argument("--only", nargs="+", choices=parts, default=list(parts))
    chosen = parser.parse_args()
    for name in chosen.only:
        parts[name](np.random.default_rng(SEED))


if __name__ == "__main__":
    main()
