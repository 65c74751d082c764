"""How a permutation test is to be made: the arguments that all of them share, validated once."""

from dataclasses import dataclass
from fractions import Fraction

from ketbio.statistics.counting.budgets import Budget, check_budget
from ketbio.statistics.inputs import (
    ALTERNATIVES,
    Exact,
    alpha_of,
    check_draws,
    check_exact,
    check_flag,
    check_level,
    check_seed,
    check_stop_after,
    check_word,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The arguments that all permutation tests share, validated.

    Attributes
    ----------
    alternative : str
        One of `ALTERNATIVES`.
    exact : bool or "auto"
        Whether to count every arrangement.
    n_draws : int
        How many to draw otherwise, at most.
    confidence_level : float or None
        Of the interval; None where no interval is wanted.
    seed : int or None
        Seed of the draws.
    mid_p : bool
        Whether arrangements as extreme as the observed one count half.
    stop_after : int or None
        Stop drawing at so many draws as extreme as the observed arrangement.
    budget : Budget or None
        What counting may cost; None: the default of ``exact``.
    """

    alternative: str
    exact: Exact
    n_draws: int
    confidence_level: float | None
    seed: int | None
    mid_p: bool = False
    stop_after: int | None = None
    budget: Budget | None = None

    @property
    def alpha(self) -> Fraction:
        """1 − confidence level; 1/20 where no interval is wanted."""
        return alpha_of(self.confidence_level or 0.95)


def ask(
    *,
    alternative: str,
    exact: Exact,
    n_resamples: int,
    confidence_level: float | None,
    seed: int | None,
    mid_p: bool = False,
    stop_after: int | None = None,
    budget: Budget | None = None,
) -> Question:
    """Return the validated question, or refuse the argument that is wrong.

    Raises
    ------
    StatisticsError
        An argument cannot be used.
    """
    check_word("alternative", alternative, ALTERNATIVES)
    return Question(
        alternative=alternative,
        exact=check_exact(exact),
        n_draws=check_draws(n_resamples),
        confidence_level=None if confidence_level is None else check_level(confidence_level),
        seed=check_seed(seed),
        mid_p=check_flag("mid_p", mid_p),
        stop_after=check_stop_after(stop_after),
        budget=check_budget(budget),
    )
