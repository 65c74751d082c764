"""What tests of whole trajectories accept, and what they say of missing and of idle visits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.covariates.linear_models import as_covariates
from ketbio.statistics.inputs import Exact, as_array, as_blocks, check_word, names_of
from ketbio.statistics.markers.marker_tables import as_markers, is_constant
from ketbio.statistics.max_t import DIRECTIONS
from ketbio.statistics.records import FloatArray
from ketbio.statistics.trajectories.trajectory_models import TrajectoryDesign, arm_design
from ketbio.statistics.two_groups.groups import one_sided_blocks
from ketbio.wording import join_words

ALONG = (
    "Missing values stay with their participants when arms are permuted: that takes whether a "
    "value is missing not to depend on the arm."
)
"""How many are missing, and where, is in the counts of a test."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoArms:
    """Two arms, validated: those who have a value at any visit.

    Attributes
    ----------
    design, averages : TrajectoryDesign
        Of the visits, and of each participant's average over them.
    names : tuple of str
        The visits.
    estimate_name : str
        What the estimates are.
    counts : array of int, shape (visits, 2)
        Values per visit and arm.
    totals : tuple of int
        Participants per arm.
    warnings : tuple of str
        On blocks that hold one arm only.
    """

    design: TrajectoryDesign
    averages: TrajectoryDesign
    names: tuple[str, ...]
    estimate_name: str
    counts: NDArray[np.int64]
    totals: tuple[int, int]
    warnings: tuple[str, ...]


def two_arms(
    values: ArrayLike, is_x: ArrayLike, covariates: ArrayLike | None, blocks: ArrayLike | None
) -> TwoArms:
    """Validate two arms, or refuse what is wrong in a sentence."""
    table = as_markers(values, "values")
    arm = as_arms(is_x, len(table))
    columns = as_covariates(covariates, len(table))
    block = as_blocks(blocks, len(table), of_pairs=True)
    here = ~np.isnan(table).all(axis=1)
    table, arm, columns = table[here], arm[here], columns[here]
    block = np.unique(block[here], return_inverse=True)[1]
    refuse_empty(arm)
    name = "adjusted mean difference" if columns.shape[1] else "mean difference"
    within = " within blocks" if block.max(initial=0) > 0 else ""
    order = np.argsort(block, kind="stable")
    return TwoArms(
        design=arm_design(table, arm, columns, block),
        averages=arm_design(participant_means(table, centred=True), arm, columns, block),
        names=visit_names(values, table.shape[1]),
        estimate_name=f"{name}{within}",
        counts=np.stack([(~np.isnan(table[side])).sum(axis=0) for side in (arm, ~arm)], axis=1),
        totals=(int(arm.sum()), int((~arm).sum())),
        warnings=one_sided_blocks(block[order], arm[order]),
    )


def ask_trajectory(
    *,
    alternative: str,
    exact: Exact,
    n_resamples: int,
    confidence_level: float | None,
    seed: int | None,
    budget: Budget | None,
) -> Question:
    """Return the question, or refuse the argument that is wrong."""
    check_word("alternative", alternative, DIRECTIONS)
    return ask(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=confidence_level,
        seed=seed,
        budget=budget,
    )


def participant_means(table: FloatArray, *, centred: bool) -> FloatArray:
    """Return each participant's mean over the visits they have, shape (N, 1).

    ``centred``: of deviations from the visits' means, so that it does not matter which visits.
    """
    here = ~np.isnan(table)
    n = np.maximum(here.sum(axis=0), 1)
    visit_means = np.where(here, table, 0.0).sum(axis=0) / n if centred else 0.0 * n
    deviations = np.where(here, table - visit_means, 0.0)
    return np.asarray((deviations.sum(axis=1) / here.sum(axis=1))[:, None] + visit_means.mean())


def as_arms(is_x: ArrayLike, n: int) -> NDArray[np.bool_]:
    """Return who is in the first arm, or refuse what does not say it of everybody."""
    given = as_array(is_x, "is_x")
    if given.shape != (n,) or given.dtype.kind not in "biuf" or not np.isin(given, (0, 1)).all():
        raise StatisticsError(
            f"is_x has shape {given.shape} and type {given.dtype}; allowed: {n} times true or "
            "false, one per participant. Say who is in the first arm."
        )
    return np.asarray(given.astype(np.bool_))


def refuse_empty(arm: NDArray[np.bool_]) -> None:
    """Refuse an arm without anybody."""
    first = int(arm.sum())
    if 0 < first < arm.size:
        return
    raise StatisticsError(
        f"{first} of {arm.size} participants with a value are in the first arm; allowed: at least "
        "one in each arm. Leave this comparison out of the plan."
    )


def visit_names(values: ArrayLike, k: int) -> tuple[str, ...]:
    """Return the columns of a table, or numbers from 1."""
    columns = names_of(values, "columns")
    return tuple(str(name) for name in columns or range(1, k + 1))


def missing_warning(design: TrajectoryDesign) -> tuple[str, ...]:
    """Say what is taken of missing values, where there are any."""
    return (ALONG,) if np.isnan(design.table).any() else ()


def idle_warning(design: TrajectoryDesign, names: tuple[str, ...]) -> tuple[str, ...]:
    """Say at which visits nothing can be compared."""
    idle = [name for name, varies in zip(names, design.can_vary, strict=True) if not varies]
    if not idle:
        return ()
    why = "constant" if is_constant(design.table).all() else "constant, or with too few values"
    return (f"Nothing can be compared at {join_words(idle)} ({why}): p = 1 there.",)
