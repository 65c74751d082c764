"""Beside R's coin and exactRankTests, where R is present; seconds are taken inside R.

coin counts real values, so the p values must agree, but not to the last arrangement: at 15 v 15 it
found an odd number where groups of one size allow even ones only, and at 18 v 18 it was some 470
off a count with longer numbers (ours 2, within its stated tolerance for ties). So p values may
differ by a millionth, and by how many arrangements they do is printed. exactRankTests rounds real
values to a coarse lattice first: it answers another question, quickly, and its p is printed beside
ours.
"""

import shutil
import subprocess
from dataclasses import dataclass

import numpy as np
from measuring import agree, heading, row, skipped, timed, verdict

from ketbio.statistics import permutation_test

SIZES = (15, 18, 20)
TARGET = 500

ROUNDING = 1e-6
"""How far, relatively, coin's p may be from ours."""

COIN = """
suppressMessages(library(coin))
d <- data.frame(v = c(x, y), g = factor(rep(c("x", "y"), c(length(x), length(y)))))
s <- system.time(p <- pvalue(oneway_test(v ~ g, d, distribution = "exact")))[["elapsed"]]
"""
RANK_TESTS = """
suppressMessages(library(exactRankTests))
s <- system.time(p <- perm.test(x, y, exact = TRUE)$p.value)[["elapsed"]]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What R gave, or why not."""

    seconds: float = 0.0
    p: float = 0.0
    reason: str = ""


def ask_r(code: str, x: np.ndarray, y: np.ndarray, limit: float) -> Answer:
    data = "".join(
        f"{name} <- c({', '.join(f'{value:.17g}' for value in values)})\n"
        for name, values in (("x", x), ("y", y))
    )
    script = f'{data}{code}cat(s, format(as.numeric(p), digits = 17), "\\n")\n'
    try:
        found = subprocess.run(
            ["Rscript", "-"],
            check=False,
            input=script,
            capture_output=True,
            text=True,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return Answer(seconds=limit, reason="limit")
    if found.returncode:
        return Answer(reason=found.stderr.strip().splitlines()[-1])
    seconds, p = map(float, found.stdout.split()[-2:])
    return Answer(seconds=seconds, p=p)


def beside_coin(x: np.ndarray, y: np.ndarray, limit: float) -> None:
    name = f"{x.size} v {y.size}, p only, coin"
    ours = timed(lambda: permutation_test(x, y, confidence_level=None))
    answer = ask_r(COIN, x, y, limit)
    if answer.reason not in ("", "limit"):
        skipped(name, answer.reason)
        return
    stopped = answer.reason == "limit"
    if not stopped:
        agree(name, ours.found.p_value, answer.p, tolerance=ROUNDING)
    note = f"p = {ours.found.p_value:.6f}"
    off = round(abs(answer.p - ours.found.p_value) * ours.found.n_arrangements)
    if off and not stopped:
        note += f", {off} of {ours.found.n_arrangements:,} arrangements from coin's"
    if stopped:
        note += f"; R was stopped after {limit:g} s"
    if x.size == SIZES[-1]:
        is_met = answer.seconds >= TARGET * ours.seconds
        note = f"{verdict(is_met, f'≥ {TARGET} ×')}; {note}"
    row(name, ours.seconds, answer.seconds, note, at_least=stopped)
    with_interval = timed(lambda: permutation_test(x, y))
    row(
        f"{x.size} v {y.size}, our interval included, coin",
        with_interval.seconds,
        answer.seconds,
        "coin has none",
        at_least=stopped,
    )


def beside_rank_tests(x: np.ndarray, y: np.ndarray, limit: float) -> None:
    name = f"{x.size} v {y.size}, p only, exactRankTests"
    ours = timed(lambda: permutation_test(x, y, confidence_level=None))
    answer = ask_r(RANK_TESTS, x, y, limit)
    if answer.reason:
        skipped(name, answer.reason)
        return
    note = f"p = {ours.found.p_value:.6f}; it rounds the values and finds {answer.p:.6f}"
    row(name, ours.seconds, max(answer.seconds, 0.001), note)


def run(rng: np.random.Generator, limit: float) -> None:
    heading("R")
    if shutil.which("Rscript") is None:
        skipped("coin, exactRankTests", "there is no Rscript on this machine")
        return
    for n in SIZES:
        x, y = rng.normal(0.6, 1, n), rng.normal(0, 1, n)
        beside_coin(x, y, limit)
        beside_rank_tests(x, y, limit)
