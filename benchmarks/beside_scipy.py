"""Beside SciPy: exact two-sample tests, exact Pearson, and many markers at once by Monte Carlo.

SciPy's two-sided p is twice the smaller tail, and so is the one asked of ketbio here.
"""

import numpy as np
from measuring import agree, heading, row, timed, verdict
from scipy import stats

from ketbio.statistics import correlation_permutation_test, max_t_test, permutation_test

MARKERS, PERMUTATIONS = 1_000, 10_000
TARGET_EXACT, TARGET_DRAWN = 1_000, 3


def mean_difference(x: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
    return x.mean(axis=axis) - y.mean(axis=axis)


def two_groups(rng: np.random.Generator, n: int, m: int, target: str) -> None:
    x, y = rng.normal(0.8, 1, n), rng.normal(0, 1, m)
    name = f"two groups, {n} v {m}"
    peer = timed(
        lambda: stats.permutation_test((x, y), mean_difference, n_resamples=np.inf, batch=100_000),
        repeats=1,
    )
    for level, words in ((None, "p only"), (0.95, "and interval")):
        ours = timed(
            lambda level=level: permutation_test(
                x, y, alternative="two-sided-doubled", confidence_level=level
            ),
            repeats=10,
        )
        agree(name, ours.found.p_value, peer.found.pvalue)
        is_met = peer.seconds >= TARGET_EXACT * ours.seconds
        note = f"p = {ours.found.p_value:.6f}; {ours.found.algorithm}"
        if target:
            note = f"{verdict(is_met, target)}; {note}"
        row(f"{name}, {words}", ours.seconds, peer.seconds, note)


def pearson(rng: np.random.Generator) -> None:
    x = rng.normal(size=9)
    y = 0.5 * x + rng.normal(size=9)
    everything = stats.PermutationMethod(n_resamples=np.inf, batch=50_000)
    ours = timed(lambda: correlation_permutation_test(x, y, alternative="two-sided-doubled"))
    peer = timed(lambda: stats.pearsonr(x, y, method=everything), repeats=1)
    agree("Pearson, 9 pairs", ours.found.p_value, peer.found.pvalue)
    row("Pearson, 9 pairs", ours.seconds, peer.seconds, f"p = {ours.found.p_value:.6f}")


def many_markers(rng: np.random.Generator) -> None:
    """Both draw, so that p values agree within their Monte Carlo error and no further."""
    x, y = rng.normal(0.3, 1, (15, MARKERS)), rng.normal(0, 1, (15, MARKERS))
    peer = timed(
        lambda: stats.permutation_test(
            (x, y), mean_difference, n_resamples=PERMUTATIONS, batch=100, axis=0, rng=1
        ),
        repeats=1,
    )
    ours = timed(lambda: max_t_test(x, y, exact=False, n_resamples=PERMUTATIONS, seed=1))
    ours_p, theirs = np.asarray(ours.found.p_values), np.asarray(peer.found.pvalue)
    # Doubling one tail (SciPy) doubles its error; the share of both tails is ours.
    variance = theirs * (1 - theirs) + 4 * (theirs / 2) * (1 - theirs / 2)
    error = np.sqrt(variance / PERMUTATIONS) + 2 / PERMUTATIONS
    off = float((np.abs(ours_p - theirs) / error).max())
    if off > 6:
        raise SystemExit(f"many markers: a p value is {off:.1f} Monte Carlo errors from SciPy's")
    note = verdict(peer.seconds >= TARGET_DRAWN * ours.seconds, f"≥ {TARGET_DRAWN} ×")
    row(
        f"15 v 15 × {MARKERS:,} × {PERMUTATIONS:,} draws",
        ours.seconds,
        peer.seconds,
        f"{note}; largest difference of p {off:.1f} Monte Carlo errors",
    )


def run(rng: np.random.Generator) -> None:
    heading("SciPy")
    two_groups(rng, 10, 10, "")
    two_groups(rng, 11, 12, f"≥ {TARGET_EXACT:,} ×")
    pearson(rng)
    many_markers(rng)
