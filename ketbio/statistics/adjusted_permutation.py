"""A coefficient beside covariates, tested by permuting residuals (Freedman–Lane, ter Braak)."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import (
    GIBIBYTE,
    OUT_OF_REACH,
    Budget,
    Cost,
    budget_of,
    refusal,
)
from ketbio.statistics.counting.counted import Counted, limit_warnings, write_record
from ketbio.statistics.counting.draws import STOPPING_ROWS, fresh_seed
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.counting.sequential import Stopping
from ketbio.statistics.counting.shift_intervals import UNLIMITED
from ketbio.statistics.covariates.adjusted_limits import ResidualTails, adjusted_limits
from ketbio.statistics.covariates.linear_models import AdjustedModel, adjusted_model
from ketbio.statistics.covariates.residual_permutations import (
    TIE_TOLERANCE,
    ResidualFits,
    count_permutations,
    drawn_permutations,
    every_permutation,
    freedman_lane_fits,
    join_fits,
    observed_fit,
    ter_braak_fits,
)
from ketbio.statistics.inputs import Exact, check_word
from ketbio.statistics.records import PermutationTest

NOT_EXACT = (
    "Residuals were permuted, not values: with covariates a permutation test keeps its level only "
    "approximately, the better the more participants there are; it is exact without them."
)
NOT_EXACT_FULL = (
    "Residuals of the full model were permuted: such a test keeps its level only approximately, "
    "the better the more participants there are."
)
NOTHING_LEFT = "The covariates fit y without remainder: nothing is left to permute."
NO_REMAINDER = "The model fits y without remainder, so that t is without bound."


MOST_PERMUTATIONS = 10**12
"""More are not even costed."""

NS_PER_NUMBER, NS_OF_INTERVAL = 2.5, 1_200.0
"""Nanoseconds per permutation: for each number that is fitted, and for inverting the test."""

BYTES_PER_PERMUTATION = 120
"""Five numbers each, while they are put together and turned into t."""


def adjusted_permutation_test(
    y: ArrayLike,
    x: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    method: str = "freedman_lane",
    alternative: str = "two-sided",
    blocks: ArrayLike | None = None,
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    confidence_level: float | None = 0.95,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    budget: Budget | None = None,
) -> PermutationTest:
    """Test the coefficient of x in y ~ 1 + x + covariates by permuting residuals.

    Parameters
    ----------
    y : array-like of numbers, shape (n,)
        The outcome.
    x : array-like of numbers or true/false, shape (n,)
        The regressor tested: a group as 1 and 0, or a continuous one.
    covariates : array-like of numbers, shape (n,) or (n, q), optional
        What to adjust for; the intercept is always there.
    method : {"freedman_lane", "ter_braak"}
        Permuted are the residuals of y on the covariates alone, or those of the full model with
        the statistic centred at the estimate.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Of the coefficient against zero.
    blocks : array-like of labels, shape (n,), optional
        Residuals are permuted within blocks only, and each block has an intercept of its own.
    exact : {"auto", True, False}
        ``"auto"`` makes every permutation if time and memory allow, and draws otherwise. Making
        all of them leaves no error of drawing; it makes p exact only without covariates.
    n_resamples, seed, mid_p, stop_after, budget
        As in `permutation_test`.
    confidence_level : float
        Of the interval, made by inverting this very test with the same permutations; None: none.

    Returns
    -------
    PermutationTest
        ``statistic`` is t, ``estimate`` the coefficient in units of y per unit of x. ``is_exact``
        is true only where every permutation was made and there are no covariates (Freedman–Lane).

    Raises
    ------
    StatisticsError
        An argument cannot be used, a column is constant or follows from others, there are too few
        observations, or ``exact=True`` is out of reach.

    Notes
    -----
    Freedman & Lane (1983); ter Braak (1992), whose permutations leave t at 0 where nothing moves,
    so that the observed t stands in for the identity. Of the ways to permute with covariates
    Freedman–Lane keeps its level best (Winkler et al. 2014). Without covariates and with two
    groups it is the exact test of the mean difference.

    Examples
    --------
    >>> found = adjusted_permutation_test([12, 15, 9, 20, 22, 18], [1, 1, 1, 0, 0, 0],
    ...                                   [30, 34, 28, 33, 36, 31])
    >>> round(found.estimate, 4), round(found.p_value, 6), found.is_exact
    (-5.617, 0.002778, False)
    >>> found.method
    '720 permutations of residuals (Freedman–Lane)'
    """
    check_word("method", method, METHODS)
    question = ask(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=confidence_level,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
        budget=budget,
    )
    return _test(adjusted_model(y, x, covariates, blocks=blocks), METHODS[method], question)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Method:
    """A way to permute residuals.

    Attributes
    ----------
    name : str
        As written for readers.
    fits : callable
        Model and permutations → their fits.
    is_exact_alone : bool
        Whether it permutes values where there are no covariates.
    warning : str
        What a reader of its p value must see.
    """

    name: str
    fits: Callable[[AdjustedModel, NDArray[np.intp]], ResidualFits]
    is_exact_alone: bool
    warning: str


METHODS = {
    "freedman_lane": _Method(
        name="Freedman–Lane", fits=freedman_lane_fits, is_exact_alone=True, warning=NOT_EXACT
    ),
    "ter_braak": _Method(
        name="ter Braak", fits=ter_braak_fits, is_exact_alone=False, warning=NOT_EXACT_FULL
    ),
}


def _test(model: AdjustedModel, method: _Method, question: Question) -> PermutationTest:
    of_values = method.is_exact_alone and model.n_covariates == 0
    run = _permute(model, method, question)
    scores = run.fits.scores(model.slope)
    t = np.sinh(scores) * math.sqrt(model.df)
    counted = Counted(
        tails=ResidualTails(values=scores),
        observed=float(scores[0]),
        algorithm="enumeration" if run.seed is None else "Monte Carlo",
        n_arrangements=count_permutations(model.block),
        seed=run.seed,
        null=t if run.seed is None else t[1:],
        centred=scores if run.seed is None and of_values else None,
        mid_p=question.mid_p,
        stopped_after=run.stopped_after,
        centre="0",
        residuals="" if of_values else method.name,
    )
    wanted = question.confidence_level is not None
    limits = adjusted_limits(model, run.fits, question) if wanted else UNLIMITED
    return write_record(
        counted,
        question,
        statistic=_unbounded(float(t[0]), model),
        statistic_name="t",
        estimate=model.slope * model.unit,
        estimate_name="adjusted coefficient" if model.n_covariates else "coefficient",
        limits=limits,
        ci_method=f"inverted {method.name} test",
        n=(model.n,),
        warnings=(
            *(() if of_values else (method.warning,)),
            *_fit_warning(model),
            *limit_warnings(limits, question),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Run:
    """Fits of every permutation or of draws, the observed arrangement first."""

    fits: ResidualFits
    seed: int | None = None
    stopped_after: int | None = None


def _permute(model: AdjustedModel, method: _Method, question: Question) -> _Run:
    parts = [observed_fit(model)]
    if _is_in_reach(model, question):
        for rows in _all_but_identity(model):
            parts.append(method.fits(model, rows))
        return _Run(fits=join_fits(parts))
    seed = fresh_seed() if question.seed is None else question.seed
    stopping = Stopping(
        question=question, observed=float(parts[0].scores(model.slope)[0]), tolerance=TIE_TOLERANCE
    )
    batch_rows = None if question.stop_after is None else STOPPING_ROWS
    for rows in drawn_permutations(model.block, seed, question.n_draws, batch_rows=batch_rows):
        fits = method.fits(model, rows)
        kept = stopping.place_in(fits.scores(model.slope))
        parts.append(fits.first(kept))
        if kept is not None:
            return _Run(fits=join_fits(parts), seed=seed, stopped_after=question.stop_after)
    return _Run(fits=join_fits(parts), seed=seed)


def _all_but_identity(model: AdjustedModel) -> Iterator[NDArray[np.intp]]:
    batches = every_permutation(model.block)
    yield next(batches)[1:]
    yield from batches


def _is_in_reach(model: AdjustedModel, question: Question) -> bool:
    if question.exact is False:
        return False
    cost, budget = _cost(model), budget_of(question.exact, question.budget)
    if budget.allows(cost):
        return True
    if question.exact is True:
        raise StatisticsError(refusal(f"every permutation of {model.n} residuals", cost, budget))
    return False


def _cost(model: AdjustedModel) -> Cost:
    """Return what making every permutation and inverting the test costs."""
    count = count_permutations(model.block)
    if count > MOST_PERMUTATIONS:
        return OUT_OF_REACH
    numbers = model.n * (model.n + 4 * model.basis.shape[1])
    return Cost(
        seconds=1e-9 * count * (NS_PER_NUMBER * numbers + NS_OF_INTERVAL),
        gibibytes=BYTES_PER_PERMUTATION * count / GIBIBYTE,
    )


def _unbounded(t: float, model: AdjustedModel) -> float:
    return t if t == 0 or model.residuals.any() else math.copysign(math.inf, t)


def _fit_warning(model: AdjustedModel) -> tuple[str, ...]:
    if not model.y_left.any():
        return (NOTHING_LEFT,)
    return () if model.residuals.any() else (NO_REMAINDER,)
