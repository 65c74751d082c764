"""Residual trajectories permuted (Freedman–Lane): for arms that chance did not assign.

What the covariates leave of each visit goes to another participant, whole trajectories at a time
and with the visits they miss; the arm and the covariates stay where they are, and each visit's
model is fitted again to those who have a value there now.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.budgets import budget_of
from ketbio.statistics.counting.counted import Counted, write_record
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import UNLIMITED
from ketbio.statistics.covariates.adjusted_limits import ResidualTails
from ketbio.statistics.covariates.residual_permutations import (
    TIE_TOLERANCE,
    count_permutations,
    drawn_permutations,
    every_permutation,
)
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.trajectories.trajectory_counts import residual_cost
from ketbio.statistics.trajectories.trajectory_models import TrajectoryDesign

SINGULAR = 1e-9
"""Share of its columns below which a model of those who are there cannot tell the arm apart."""

WAY = "Freedman–Lane"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualScores:
    """Scores of every permutation, the observed arrangement first.

    Attributes
    ----------
    scores : array of shape (visits, permutations)
        arsinh(t/√df); 0 where there is nothing to compare.
    seed : int or None
        Of the draws; None where every permutation was made.
    """

    scores: FloatArray
    seed: int | None

    def any_visit(self, visits: NDArray[np.intp], df: FloatArray, direction: int) -> FloatArray:
        """Return p of the visits adjusted by step-down max T, shape (visits,)."""
        t = np.sinh(self.scores[visits]) * np.sqrt(df[visits])[:, None]
        t = np.abs(t) if direction == 0 else direction * t
        bounded = t / np.sqrt(1 + t**2)
        order = np.argsort(-bounded[:, 0], kind="stable")
        highest = np.full(bounded.shape[1], -np.inf)
        shares = np.empty(len(visits))
        for one in order[::-1]:
            np.maximum(highest, bounded[one], out=highest)
            shares[one] = np.mean(highest >= bounded[one, 0] - TIE_TOLERANCE)
        shares[order] = np.maximum.accumulate(shares[order])
        return shares


def permute_residuals(design: TrajectoryDesign, question: Question) -> ResidualScores:
    """Return the scores of every permutation where they are in reach, else of draws."""
    cost = residual_cost(design, count_permutations(design.block))
    in_reach = budget_of(question.exact, question.budget).allows(cost)
    seed = None
    if question.exact is False or not in_reach:
        seed = fresh_seed() if question.seed is None else question.seed
    parts = [_scores(design, rows) for rows in _permutations(design, question, seed)]
    return ResidualScores(scores=np.concatenate(parts, axis=1), seed=seed)


def _permutations(
    design: TrajectoryDesign, question: Question, seed: int | None
) -> Iterator[NDArray[np.intp]]:
    if seed is None:
        yield from every_permutation(design.block)
        return
    yield np.arange(design.block.size)[None, :]
    yield from drawn_permutations(design.block, seed, question.n_draws)


def _scores(design: TrajectoryDesign, rows: NDArray[np.intp]) -> FloatArray:
    columns = np.column_stack([design.columns, design.arrangements.observed])
    q, r = np.linalg.qr(columns)
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)  # else t could have the other sign
    k = q.shape[1]
    squares = (q[:, :, None] * q[:, None, :]).reshape(len(q), k * k)
    found = np.zeros((len(design.models.df), len(rows)))
    for visit, (left, present) in enumerate(
        zip(design.models.left, design.models.present, strict=True)
    ):
        moved, here = left[rows], present[rows]
        gram = (here @ squares).reshape(-1, k, k)
        found[visit] = _score(gram, moved @ q, (moved**2).sum(axis=1))
    return found


def _score(gram: FloatArray, along: FloatArray, total: FloatArray) -> FloatArray:
    """Return arsinh(t/√df) of the last column of each model, 0 where it follows from the others."""
    others, last = gram[:, :-1, :-1], gram[:, :-1, -1]
    ridge = SINGULAR * np.eye(others.shape[1])
    weights = np.linalg.solve(others + ridge, np.stack([last, along[:, :-1]], axis=2))
    spread = gram[:, -1, -1] - (last * weights[:, :, 0]).sum(axis=1)
    above = along[:, -1] - (last * weights[:, :, 1]).sum(axis=1)
    rest = total - (along[:, :-1] * weights[:, :, 1]).sum(axis=1)
    is_there = (spread > SINGULAR) & (total > 0)
    explained = np.divide(above**2, spread, out=np.zeros_like(above), where=is_there)
    below = np.sqrt(np.maximum(rest - explained, 1e-12 * total))
    size = np.sign(above) * np.sqrt(explained)
    ratio = np.divide(size, below, out=np.zeros_like(size), where=is_there & (below > 0))
    return np.asarray(np.arcsinh(ratio))


def residual_test(
    design: TrajectoryDesign,
    permuted: ResidualScores,
    visit: int,
    question: Question,
    *,
    estimate_name: str,
    n: tuple[int, ...],
    warning: str,
) -> PermutationTest:
    """Return one visit's test, without an interval: each shift would need all fits again."""
    model, scores = design.model_of(visit), permuted.scores[visit]
    t = np.sinh(scores) * math.sqrt(model.df)
    counted = Counted(
        tails=ResidualTails(values=scores),
        observed=float(scores[0]),
        algorithm="enumeration" if permuted.seed is None else "Monte Carlo",
        n_arrangements=count_permutations(design.block),
        seed=permuted.seed,
        null=t if permuted.seed is None else t[1:],
        centre="0",
        residuals=WAY,
    )
    return write_record(
        counted,
        question,
        statistic=float(t[0]),
        statistic_name="t",
        estimate=model.slope,
        estimate_name=estimate_name,
        limits=UNLIMITED,
        ci_method="",
        n=n,
        warnings=(warning,),
    )
