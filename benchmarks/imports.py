"""How long ``import ketbio`` takes beside ``import pingouin``, each in a fresh interpreter.

Run ``python benchmarks/imports.py``. The two take turns, so that both meet the same machine.
"""

import statistics
import subprocess
import sys

ROUNDS = 7
TIMER = "import time; t = time.perf_counter(); import {name}; print(time.perf_counter() - t)"


def seconds_to_import(name: str) -> float:
    found = subprocess.run(
        [sys.executable, "-c", TIMER.format(name=name)], capture_output=True, text=True, check=True
    )
    return float(found.stdout.split()[-1])


def main() -> None:
    names = ("ketbio", "pingouin")
    for name in names:  # once for the disk
        seconds_to_import(name)
    rounds = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            rounds[name].append(seconds_to_import(name))
    median = {name: statistics.median(found) for name, found in rounds.items()}
    for name in names:
        print(f"import {name:<10}{1000 * median[name]:>10.1f} ms   (median of {ROUNDS})")
    print(f"ketbio takes {100 * median['ketbio'] / median['pingouin']:.1f}% of pingouin")


if __name__ == "__main__":
    main()
