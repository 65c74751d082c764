"""Seconds, memory and rows of a table, for the benchmarks beside this file."""

import math
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

REPEATS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds, the best of a few, and what came back."""

    seconds: float
    found: Any


def timed(call: Callable[[], Any], repeats: int = REPEATS) -> Timing:
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        found = call()
        seconds.append(time.perf_counter() - start)
    return Timing(seconds=min(seconds), found=found)


def heading(peer: str) -> None:
    print(f"\n{'':<40}{'ketbio':>12}{peer:>14}{'ratio':>12}")


def row(name: str, ours: float, theirs: float, note: str = "", *, at_least: bool = False) -> None:
    bound = ">" if at_least else ""
    print(
        f"{name:<40}{ours:>10.4f} s{f'{bound}{theirs:,.3f}':>12} s"
        f"{f'{bound}{theirs / ours:,.1f}':>10} ×   {note}",
        flush=True,
    )


def alone(name: str, ours: float, note: str = "") -> None:
    print(f"{name:<40}{ours:>10.4f} s{'–':>14}{'–':>12}   {note}", flush=True)


def skipped(name: str, reason: str) -> None:
    print(f"{name:<40}{'skipped':>12}   {reason}", flush=True)


def verdict(is_met: bool, target: str) -> str:
    return f"target {target} {'met' if is_met else 'MISSED'}"


def agree(name: str, ours: float, theirs: float, tolerance: float = 1e-9) -> None:
    """Stop the run where two p values of one definition differ."""
    if not math.isclose(ours, theirs, rel_tol=tolerance):
        raise SystemExit(f"{name}: ketbio's p is {ours!r}, the peer's {theirs!r}")


def in_fresh_process(code: str) -> list[float]:
    """Run code in a new interpreter and return the numbers it prints."""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return [float(word) for word in found.stdout.split()]
