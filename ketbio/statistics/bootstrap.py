"""Bootstrap intervals for what has no shift form."""

import math
import warnings
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.inputs import (
    as_same_length,
    as_values,
    check_draws,
    check_level,
    check_seed,
    check_word,
)
from ketbio.statistics.records import Estimate, FloatArray

METHODS: dict[str, Literal["BCa", "percentile"]] = {"bca": "BCa", "percentile": "percentile"}
"""The methods, with their names in SciPy."""

FEW = 10

FEW_BEYOND = 50
"""A limit with fewer resamples beyond it moves with the seed."""

BATCH = 10_000
"""Resamples that are made at a time."""

Sided = Literal["two-sided", "less", "greater"]

SIDES: dict[str, Sided] = {
    "two-sided": "two-sided",
    "less": "less",
    "greater": "greater",
    "two-sided-doubled": "two-sided",
}
"""The alternatives, with their names in SciPy."""


def bootstrap_interval(
    statistic: Callable[..., float | FloatArray],
    *arrays: ArrayLike,
    paired: bool = False,
    method: str = "bca",
    n_resamples: int = 9_999,
    confidence_level: float = 0.95,
    alternative: str = "two-sided",
    vectorized: bool = False,
    seed: int | None = None,
    name: str = "statistic",
) -> Estimate:
    """Return ``statistic(*arrays)`` with a bootstrap interval.

    Parameters
    ----------
    statistic : callable
        Takes the arrays, returns one number.
    *arrays : array-like of numbers, shape (n,) each
        Resampled separately, or together where ``paired``.
    paired : bool
        Whether values of the same place belong together.
    method : {"bca", "percentile"}
        Bias-corrected and accelerated (Efron 1987), or plain percentiles.
    n_resamples : int
        How many resamples.
    confidence_level : float
        Of the interval.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        ``"greater"``: a lower limit only; ``"less"``: an upper one only.
    vectorized : bool
        Whether the statistic takes arrays of shape (..., n) and a keyword ``axis``, and returns as
        many numbers: much quicker.
    seed : int, optional
        Seed of the resamples; a fresh one where none is given.
    name : str
        What the statistic is, for the record.

    Returns
    -------
    Estimate
        With a warning for fewer than 10 values in a group, where the bootstrap covers too seldom,
        and for a limit that so few resamples lie beyond that it moves with the seed; NaN limits
        and a warning where resamples give no spread.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> found = bootstrap_interval(np.mean, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], seed=1)
    >>> found.value, found.ci_method
    (5.5, 'BCa bootstrap, 9,999 resamples')
    """
    check_word("method", method, METHODS)
    check_word("alternative", alternative, SIDES)
    level, draws = check_level(confidence_level), check_draws(n_resamples)
    samples = _samples(arrays, paired=paired)
    given = check_seed(seed)
    value = float(statistic(*samples))
    found = _resampled(
        statistic,
        samples,
        paired=paired,
        vectorized=vectorized,
        n_resamples=draws,
        batch=min(BATCH, draws) if vectorized else None,
        confidence_level=level,
        alternative=SIDES[alternative],
        method=METHODS[method],
        rng=np.random.Generator(np.random.Philox(key=fresh_seed() if given is None else given)),
    )
    low, high = float(found.confidence_interval.low), float(found.confidence_interval.high)
    said = []
    fewest = min(sample.size for sample in samples)
    if fewest < FEW:
        said.append(
            f"The bootstrap covers too seldom with few values: the smallest sample has {fewest}."
        )
    if math.isnan(low) or math.isnan(high):
        said.append("The resamples give no spread to take an interval from.")
    said.extend(_thin_tails(found.bootstrap_distribution, low, high))
    return Estimate(
        value=value,
        name=name,
        ci_low=low,
        ci_high=high,
        ci_level=level,
        ci_method=f"{METHODS[method]} bootstrap, {draws:,} resamples",
        n=(samples[0].size,) if paired else tuple(sample.size for sample in samples),
        warnings=tuple(said),
    )


def _samples(arrays: tuple[ArrayLike, ...], *, paired: bool) -> list[FloatArray]:
    if not arrays:
        raise StatisticsError("No array was given to resample; give at least one after statistic.")
    samples = [as_values(array, f"array {i}", at_least=2) for i, array in enumerate(arrays, 1)]
    if paired:
        for place, other in enumerate(samples[1:], 2):
            as_same_length(samples[0], other, names=("array 1", f"array {place}"))
    return samples


def _resampled(
    statistic: Callable[..., float | FloatArray], samples: list[FloatArray], **how: Any
) -> Any:
    bootstrap: Any = stats.bootstrap  # its stubs know of one sample only
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Degenerate resamples are told of in the record's own words.
        warnings.simplefilter("ignore")
        return bootstrap(samples, statistic, **how)


def _thin_tails(distribution: FloatArray, low: float, high: float) -> list[str]:
    """Return a sentence where few resamples lie beyond a limit (BCa may take it from far out)."""
    if math.isnan(low) or math.isnan(high):
        return []
    beyond = {
        "lower": (low, int(np.count_nonzero(distribution <= low))),
        "upper": (high, int(np.count_nonzero(distribution >= high))),
    }
    return [
        f"Only {count} of {distribution.size:,} resamples lie beyond the {which} limit: it would "
        "move with another seed."
        for which, (limit, count) in beyond.items()
        if math.isfinite(limit) and count < FEW_BEYOND
    ]
