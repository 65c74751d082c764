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


def bootstrap_interval(
    statistic: Callable[..., float],
    *arrays: ArrayLike,
    paired: bool = False,
    method: str = "bca",
    n_resamples: int = 9_999,
    confidence_level: float = 0.95,
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
    seed : int, optional
        Seed of the resamples; a fresh one where none is given.
    name : str
        What the statistic is, for the record.

    Returns
    -------
    Estimate
        With a warning for fewer than 10 values in a group, where the bootstrap covers too seldom;
        NaN limits and a warning where resamples give no spread.

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
    level, draws = check_level(confidence_level), check_draws(n_resamples)
    samples = _samples(arrays, paired=paired)
    given = check_seed(seed)
    value = float(statistic(*samples))
    low, high = _limits(
        statistic,
        samples,
        paired=paired,
        scipy_method=METHODS[method],
        draws=draws,
        level=level,
        seed=fresh_seed() if given is None else given,
    )
    said = []
    fewest = min(sample.size for sample in samples)
    if fewest < FEW:
        said.append(
            f"The bootstrap covers too seldom with few values: the smallest sample has {fewest}."
        )
    if math.isnan(low) or math.isnan(high):
        said.append("The resamples give no spread to take an interval from.")
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


def _limits(
    statistic: Callable[..., float],
    samples: list[FloatArray],
    *,
    paired: bool,
    scipy_method: Literal["BCa", "percentile"],
    draws: int,
    level: float,
    seed: int,
) -> tuple[float, float]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Degenerate resamples are told of in the record's own words.
        warnings.simplefilter("ignore")
        found: Any = stats.bootstrap(
            samples,
            statistic,
            paired=paired,
            vectorized=False,
            n_resamples=draws,
            confidence_level=level,
            method=scipy_method,
            rng=np.random.Generator(np.random.Philox(key=seed)),
        )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)
