"""What a design can show before anybody looks at its result: floors, true size, adjustment."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from ketbio.errors import StatisticsError
from ketbio.statistics.correlation_permutation import correlation_permutation_test
from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.design_warnings import family_warning
from ketbio.statistics.inputs import alpha_of, check_level, check_word
from ketbio.statistics.multiplicity import LABELS, adjust_p
from ketbio.statistics.paired_permutation import paired_permutation_test
from ketbio.statistics.permutation import permutation_test
from ketbio.statistics.records import DesignFacts, PermutationTest
from ketbio.wording import format_p

SIDES = ("two-sided", "two-sided-doubled", "less", "greater")

STEP_UP = {"hochberg", "fdr_bh", "fdr_by"}
"""Adjustments in which small p values help each other."""

TESTS: dict[str, Callable[..., PermutationTest]] = {
    "two_groups": permutation_test,
    "pairs": paired_permutation_test,
    "pairings": correlation_permutation_test,
}
"""Design → the test whose facts they are."""

_STATISTIC = {"two_groups": "mean_difference", "pairs": "mean", "pairings": "pearson"}


def design_facts(
    x: ArrayLike,
    y: ArrayLike | None = None,
    *,
    design: str = "two_groups",
    statistic: str | None = None,
    blocks: ArrayLike | None = None,
    confidence_level: float = 0.95,
    n_tests: int = 1,
    adjust: str = "holm",
    mid_p: bool = False,
    budget: Budget | None = None,
) -> DesignFacts:
    """Return how small p can get, how often the test rejects, and whether that can suffice.

    The floors and the true size depend on the values only through their ties and, for
    statistics that are no ranks, their spacing: for a plan without data give values like those
    expected.

    Parameters
    ----------
    x, y : array-like of numbers
        As the test of the design takes them.
    design : {"two_groups", "pairs", "pairings"}
        `permutation_test`, `paired_permutation_test` or `correlation_permutation_test`.
    statistic : str, optional
        As that test takes it; its default where None.
    blocks : array-like of labels, optional
        As that test takes them.
    confidence_level : float
        1 − α.
    n_tests : int
        How many tests the plan adjusts for.
    adjust : {"holm", "fdr_bh", "none", …}
        By what, as in `adjust_p`.
    mid_p : bool
        As the test takes it.
    budget : Budget, optional
        What counting may cost. Floors are those of counting every arrangement, even where that
        is out of reach.

    Returns
    -------
    DesignFacts
        For each of ``"two-sided"``, ``"two-sided-doubled"``, ``"less"`` and ``"greater"``.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    Five responders against six non-responders, evenly spaced values (as ranks are), and one of
    eight markers:

    >>> facts = design_facts([1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11], n_tests=8)
    >>> facts.n_arrangements, round(facts.p_floor["two-sided"], 5)
    (462, 0.00433)
    >>> round(facts.true_size["two-sided"], 4), facts.is_attainable["two-sided"]
    (0.0303, True)
    """
    check_word("design", design, TESTS)
    check_word("adjust", adjust, LABELS)
    alpha = alpha_of(check_level(confidence_level))
    _require_y(y, design)
    found = {
        side: TESTS[design](
            x,
            y,
            statistic=statistic or _STATISTIC[design],
            alternative=side,
            confidence_level=confidence_level,
            mid_p=mid_p,
            blocks=blocks,
            budget=budget,
            seed=0,
        )
        for side in SIDES
    }
    family = _checked(n_tests)
    floors = {side: _floor(test) for side, test in found.items()}
    adjusted = {side: _adjusted(floor, family, adjust) for side, floor in floors.items()}
    main = found["two-sided"]
    return DesignFacts(
        statistic_name=main.statistic_name,
        n=main.n,
        n_arrangements=main.n_arrangements,
        p_floor=floors,
        true_size={side: test.true_size for side, test in found.items()},
        alpha=float(alpha),
        n_tests=family,
        adjustment=LABELS[adjust],
        p_floor_adjusted=adjusted,
        is_attainable={side: floor < float(alpha) for side, floor in adjusted.items()},
        warnings=(
            *main.warnings,
            *_family_warning(floors["two-sided"], adjusted["two-sided"], family, adjust, alpha),
        ),
    )


def _checked(n_tests: object) -> int:
    if isinstance(n_tests, (int, np.integer)) and not isinstance(n_tests, bool) and n_tests >= 1:
        return int(n_tests)
    raise StatisticsError(
        f"n_tests is {n_tests!r}; allowed: a whole number from 1 on, the tests of the family."
    )


def _adjusted(p_floor: float, family: int, adjust: str) -> float:
    """Return the smallest adjusted p that can come out; in a step-up all p are that small."""
    others = p_floor if adjust in STEP_UP else 1.0
    return float(adjust_p([p_floor] + [others] * (family - 1), method=adjust).p_adjusted[0])


def _floor(test: PermutationTest) -> float:
    """Return the floor of the design, or of the draws where that is not known."""
    return test.design_floor if test.design_floor > 0 else test.p_floor


def _require_y(y: ArrayLike | None, design: str) -> None:
    if y is None and design != "pairs":
        raise StatisticsError(
            f"y is None, and design {design!r} needs it; allowed without y: differences, with "
            'design="pairs".'
        )


def _family_warning(
    floor: float, adjusted: float, family: int, adjust: str, alpha: Fraction
) -> tuple[str, ...]:
    """Say so where the adjustment takes away what the design could show."""
    if adjust == "holm":
        return family_warning(floor, family=family, alpha=alpha)
    if floor >= alpha or adjusted < alpha:
        return ()
    return (
        f"The smallest p value that this design can give is {format_p(floor, symbol=False)}; after "
        f"{LABELS[adjust]} over {family} tests it is {format_p(adjusted, symbol=False)} at best.",
    )
