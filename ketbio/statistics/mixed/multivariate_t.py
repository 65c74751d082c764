"""The chance that several correlated t statistics all stay within limits.

Genz & Bretz (2009): the k-dimensional integral is turned into one over the unit cube, in which the
last variable is known. Up to three statistics it is taken by Gauss–Legendre rules, which are the
same everywhere, to about 1e-6; beyond, by randomly shifted lattice points whose scatter over the
shifts is the error told.
"""

from dataclasses import dataclass
from math import isinf

import numpy as np
from scipy import optimize, special

from ketbio.statistics.mixed.degrees_of_freedom.quantiles import t_quantile
from ketbio.statistics.mixed.patterns import IntArray
from ketbio.statistics.records import FloatArray

SAME = 1e-8
"""What is left of a statistic, given others, below which it follows from them."""

GAUSS = {1: (64, 48), 2: (48, 40), 3: (20, 16)}
"""Rank of the correlation → nodes per axis, and those of the coarser rule that tells the error."""

POINTS, SHIFTS = 4093, 8
"""Lattice points (a prime), and how often they are shifted."""

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
"""Their square roots generate the lattice."""

MOST = len(PRIMES)
"""The highest rank that can be integrated."""


Rule = tuple[FloatArray, FloatArray]
"""Points in the unit cube, shape (n, r), and their weights, shape (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class MultivariateT:
    """Correlated t statistics with one scale between them, ready to be integrated.

    Attributes
    ----------
    factor : array of shape (k, r)
        C of the correlation CCᵀ of rank r, in row echelon form.
    deciding : array of int, shape (k,)
        The last of the r variables that each statistic depends on.
    rules : tuple of (points, weights)
        The cube's rules: a fine and a coarse one, or the lattice with each of its shifts.
    is_drawn : bool
        Whether the rules are shifted lattices.
    is_two_sided : bool
        Whether limits are ± or above only.
    """

    factor: FloatArray
    deciding: IntArray
    rules: tuple[Rule, ...]
    is_drawn: bool
    is_two_sided: bool

    def within(self, limit: float, df: float) -> tuple[float, float]:
        """Return P(all |T_j| < limit), or P(all T_j < limit), and its numerical error."""
        found = [self._by_rule(limit, _scale(df, rule), rule) for rule in self.rules]
        if self.is_drawn:
            return float(np.mean(found)), 3 * float(np.std(found, ddof=1) / np.sqrt(len(found)))
        return found[0], abs(found[0] - found[1])

    def quantile(self, level: float, df: float) -> float:
        """Return the limit within which all statistics are with probability ``level``."""
        rules = self.rules if self.is_drawn else self.rules[:1]
        scales = [_scale(df, rule) for rule in rules]

        def above(limit: float) -> float:
            pairs = zip(scales, rules, strict=True)
            return float(np.mean([self._by_rule(limit, *pair) for pair in pairs])) - level

        tail = (1 - level) / (2 if self.is_two_sided else 1)
        highest = t_quantile(1 - tail / self.deciding.size, df) * 1.01
        lowest = t_quantile(1 - tail, df) * 0.99 if tail < 0.4 else -highest
        lowest = max(lowest, 0.0) if self.is_two_sided else lowest
        return float(optimize.brentq(above, lowest, highest, xtol=1e-7))

    def _by_rule(self, limit: float, scale: FloatArray, rule: Rule) -> float:
        """Genz's transformation: variable after variable, given those before and the scale.

        Each statistic bounds the last variable it depends on, so that those that follow from others
        (an average beside what it is of) need no room of their own.
        """
        points, weights = rule
        rank = self.factor.shape[1]
        drawn = np.zeros((points.shape[0], rank))
        chance = np.ones(points.shape[0])
        for place in range(rank):
            low, high = self._bounds(place, limit * scale, drawn)
            below = special.ndtr(low)
            width = np.maximum(special.ndtr(high) - below, 0.0)
            chance *= width
            if place < rank - 1:
                inside = np.clip(below + points[:, place + 1] * width, 1e-300, 1 - 1e-16)
                drawn[:, place] = special.ndtri(inside)
        return float(weights @ chance)

    def _bounds(
        self, place: int, limit: FloatArray, drawn: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        low, high = np.full_like(limit, -np.inf), np.full_like(limit, np.inf)
        for row in self.factor[self.deciding == place]:
            known, step = drawn[:, :place] @ row[:place], row[place]
            ends = [(limit - known) / step]
            if self.is_two_sided:
                ends.append((-limit - known) / step)
                low, high = np.maximum(low, np.minimum(*ends)), np.minimum(high, np.maximum(*ends))
            elif step > 0:
                high = np.minimum(high, ends[0])
            else:
                low = np.maximum(low, ends[0])
        return low, high


def multivariate_t(
    correlation: FloatArray, *, is_two_sided: bool = True, seed: int = 0
) -> MultivariateT:
    """Return t statistics of a ``correlation`` (k, k), which may be singular.

    Examples
    --------
    >>> independent = multivariate_t(np.eye(2))
    >>> chance, error = independent.within(1.96, float("inf"))
    >>> round(chance, 6), round(0.95000420970356**2, 6), error < 1e-8
    (0.902508, 0.902508, True)
    >>> one = multivariate_t(np.ones((3, 3)))
    >>> round(one.quantile(0.95, 10), 5)
    2.22814
    """
    factor = _echelon(correlation)
    deciding = np.array([int(np.flatnonzero(np.abs(row) > SAME)[-1]) for row in factor])
    rank = factor.shape[1]
    rules = _gauss(rank) if rank in GAUSS else _lattice(rank, seed)
    return MultivariateT(factor, deciding, rules, rank not in GAUSS, is_two_sided)


def _scale(df: float, rule: Rule) -> FloatArray:
    """Return √(χ²/df) at the points' first coordinate."""
    places = rule[0][:, 0]
    if isinf(df):
        return np.ones_like(places)
    return np.asarray(np.sqrt(2 * special.gammaincinv(df / 2, places) / df))


def _echelon(correlation: FloatArray) -> FloatArray:
    """Return C of CCᵀ, a column for each statistic that is new given those before it."""
    left = correlation.copy()
    columns = []
    for place in range(left.shape[0]):
        if left[place, place] > SAME:
            column = left[:, place] / np.sqrt(left[place, place])
            column[:place] = 0.0
            columns.append(np.where(np.abs(column) > SAME, column, 0.0))
            left = left - np.outer(column, column)
    return np.column_stack(columns)


def _gauss(rank: int) -> tuple[Rule, ...]:
    made = []
    for n in GAUSS[rank]:
        nodes, weights = np.polynomial.legendre.leggauss(n)
        # Denser towards the faces, where quantiles run away: x = u²(3 − 2u).
        u = (nodes + 1) / 2
        axis, weight = u * u * (3 - 2 * u), weights / 2 * 6 * u * (1 - u)
        points = np.stack(np.meshgrid(*[axis] * rank, indexing="ij"), axis=-1)
        shares = np.stack(np.meshgrid(*[weight] * rank, indexing="ij"), axis=-1)
        made.append((points.reshape(-1, rank), shares.reshape(-1, rank).prod(axis=1)))
    return tuple(made)


def _lattice(rank: int, seed: int) -> tuple[Rule, ...]:
    stream = np.random.default_rng(seed)
    steps = np.outer(np.arange(1, POINTS + 1), np.sqrt(PRIMES[:rank]))
    weights = np.full(POINTS, 1 / POINTS)
    shifted = (np.abs(2 * ((steps + stream.random(rank)) % 1.0) - 1) for _ in range(SHIFTS))
    return tuple((np.clip(points, 1e-12, 1 - 1e-12), weights) for points in shifted)
