"""Simulated trials of two arms with a MADRS at four visits after the baseline."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from validity_tables import FloatArray

N_VISITS = 4
MEANS = np.array([33.0, 27.0, 24.0, 22.0, 21.0])
"""Of the baseline and the visits, MADRS points."""

SPREADS = np.array([5.0, 7.0, 8.0, 9.0, 9.5])
CORRELATIONS = np.array(
    [
        [1.00, 0.55, 0.45, 0.40, 0.35],
        [0.55, 1.00, 0.75, 0.60, 0.50],
        [0.45, 0.75, 1.00, 0.80, 0.65],
        [0.40, 0.60, 0.80, 1.00, 0.80],
        [0.35, 0.50, 0.65, 0.80, 1.00],
    ]
)
"""Spreads that grow and correlations that fall with the distance of visits: unstructured."""

EFFECT = np.array([-2.0, -4.0, -6.0, -8.0])
"""First arm − second, where there is one."""

LEAVING, BY_VALUE, AT = -2.4, 0.06, 24.0
"""Log odds of leaving after a visit, per point of the MADRS there, from this value on."""

FEWEST = 2
"""Participants of each arm at the last visit; a trial with fewer is drawn anew, and so is one
whose effects cannot be told apart (the last participants of an arm have one baseline)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """One trial.

    Attributes
    ----------
    changes : array of shape (participants, visits)
        From baseline; NaN after leaving.
    baseline : array of shape (participants,)
    is_first : array of bool, shape (participants,)
        Who is in the first arm.
    """

    changes: FloatArray
    baseline: FloatArray
    is_first: NDArray[np.bool_]

    @property
    def rows(self) -> "Rows":
        """The same as rows of a model: arm × visit and baseline × visit."""
        here = ~np.isnan(self.changes)
        who, visit = np.nonzero(here)
        at = np.eye(self.changes.shape[1])[visit]
        centred = self.baseline - self.baseline.mean()
        design = np.column_stack([at, at * self.is_first[who, None], at * centred[who, None]])
        return Rows(response=self.changes[here], design=design, participants=who, visits=visit)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """A trial as a model takes it; columns 4 to 7 of the design are the arm at each visit."""

    response: FloatArray
    design: FloatArray
    participants: NDArray[np.intp]
    visits: NDArray[np.intp]


def simulate(
    rng: np.random.Generator, per_arm: int, *, has_effect: bool, with_leaving: bool
) -> Trial:
    """Return a trial whose first arm differs by `EFFECT`, or not at all."""
    while True:
        trial = _draw(rng, per_arm, has_effect=has_effect, with_leaving=with_leaving)
        stayed = ~np.isnan(trial.changes[:, -1])
        fewest = min(stayed[trial.is_first].sum(), stayed[~trial.is_first].sum())
        design = trial.rows.design
        if fewest >= FEWEST and np.linalg.matrix_rank(design) == design.shape[1]:
            return trial


def _draw(rng: np.random.Generator, per_arm: int, *, has_effect: bool, with_leaving: bool) -> Trial:
    is_first = np.arange(2 * per_arm) < per_arm
    covariance = CORRELATIONS * np.outer(SPREADS, SPREADS)
    values = rng.multivariate_normal(MEANS, covariance, size=2 * per_arm, method="cholesky")
    if has_effect:
        values[is_first, 1:] += EFFECT
    values = np.rint(values)
    if with_leaving:
        odds = LEAVING + BY_VALUE * (values[:, 1:-1] - AT)
        leaves = rng.random(odds.shape) < 1 / (1 + np.exp(-odds))
        gone = np.logical_or.accumulate(leaves, axis=1)
        values[:, 2:][gone] = np.nan
    return Trial(
        changes=values[:, 1:] - values[:, :1], baseline=values[:, 0].copy(), is_first=is_first
    )


def share_missing(rng: np.random.Generator, n: int = 4_000) -> float:
    """Return the share of participants without the last visit, where they may leave."""
    trial = simulate(rng, n, has_effect=False, with_leaving=True)
    return float(np.isnan(trial.changes[:, -1]).mean())
