"""Two independent proportions: exact tests without fixing the margins, and Fisher's beside them."""

from dataclasses import dataclass

import numpy as np

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import ALTERNATIVES, check_word
from ketbio.statistics.proportion import check_count
from ketbio.statistics.record_words import estimate_in_words, p_in_words, shown, sizes_in_words
from ketbio.statistics.records import NAN
from ketbio.statistics.two_proportions.exact_tests import AskedTest, FoundP, find_p
from ketbio.statistics.two_proportions.orderings import ORDERINGS
from ketbio.wording import format_p

LARGEST = 200
"""People per group up to whom every table is gone through."""
NAMES = {
    "boschloo": "Boschloo's",
    "barnard": "Barnard's (pooled z)",
    "barnard_unpooled": "Barnard's (unpooled z)",
    "fisher": "Fisher's",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ProportionTest:
    """What an exact test of two proportions found.

    Attributes
    ----------
    estimate : float
        First proportion minus second, −1 to 1.
    p_value : float
        The largest probability, over the common proportion that nobody knows, of a table at least
        as extreme as the observed one (Fisher: given the number of responders).
    statistic, statistic_name
        What orders the tables: Fisher's p (Fisher, Boschloo) or z (Barnard).
    nuisance : float
        The common proportion at which the largest probability is reached; NaN for Fisher.
    test : str
        ``"boschloo"``, ``"barnard"``, ``"barnard_unpooled"`` or ``"fisher"``.
    method : str
        ``"Boschloo's exact unconditional test, 49 tables"``.
    p_definition : str
        What p is, in symbols.
    p_floor : float
        The smallest p that this design can give (Fisher: with any number of responders).
    true_size : float
        The largest probability of p below α under the null hypothesis: at most α. NaN where it is
        not worked out (Berger–Boos, or p of another side doubled).
    n_tables : int
        Tables that the design allows: (n₁ + 1)(n₂ + 1).
    alternative : str
        As asked.
    n : tuple of int
        People in the two groups.
    warnings : tuple of str
        Sentences that a reader of the p value must see.
    """

    estimate: float
    p_value: float
    statistic: float
    statistic_name: str
    nuisance: float
    test: str
    method: str
    p_definition: str
    p_floor: float
    true_size: float
    n_tables: int
    alternative: str
    n: tuple[int, int]
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return difference, p and sizes in a line, and the warnings below."""
        return shown(
            "ProportionTest",
            estimate_in_words(
                "difference of proportions", self.estimate, NAN, NAN, level=0.95, method=""
            ),
            p_in_words(self.p_value, self.method, self.alternative),
            sizes_in_words(self.n),
            warnings=self.warnings,
        )


def unconditional_test(
    first: tuple[int, int],
    second: tuple[int, int],
    *,
    test: str = "boschloo",
    alternative: str = "two-sided",
    berger_boos: float = 0.0,
    alpha: float | None = 0.05,
) -> ProportionTest:
    """Test whether two independent proportions are equal, exactly and for any margins.

    Parameters
    ----------
    first, second : tuple of int
        How many of how many in each group: ``(count, n)``, n from 1 to 200.
    test : {"boschloo", "barnard", "barnard_unpooled", "fisher"}
        What orders the tables: Fisher's p (Boschloo 1970; never above Fisher's p), z with the
        pooled variance or with the groups' own (Barnard 1947; Suissa & Shuster 1985). Fisher's
        conditional test stands beside them and holds the number of responders fixed.
    alternative : {"two-sided", "greater", "less", "two-sided-doubled"}
        The first proportion against the second. ``"two-sided"``: tables with abs(z) at least the
        observed, or with Fisher's two-sided p (tables as probable or less) at most the observed;
        ``"two-sided-doubled"`` is twice the smaller one-sided p, at most 1 (SciPy's way for
        Boschloo).
    berger_boos : float
        γ of Berger & Boos (1994): the common proportion is looked for in its exact interval of
        level 1 − γ only, and γ is added to p; 0 looks everywhere. At most 0.01.
    alpha : float or None
        Level that ``true_size`` and the warning are about; None: neither, which is quicker.

    Returns
    -------
    ProportionTest
        The probability is worked out at 1,001 fixed places and closed in on at the highest, so
        that nothing is drawn and p is the same everywhere.

    Raises
    ------
    StatisticsError
        Not counts of people, groups too large, an unknown word, or γ out of range.

    Examples
    --------
    Three of three against none of three (by hand: 2·π³(1 − π)³ at ½ is 1/32).

    >>> found = unconditional_test((3, 3), (0, 3))
    >>> fisher = unconditional_test((3, 3), (0, 3), test="fisher")
    >>> round(found.p_value, 6), round(found.nuisance, 3), round(fisher.p_value, 6)
    (0.03125, 0.5, 0.1)
    """
    counts, n = counts_of(first, second)
    check_word("test", test, ORDERINGS)
    check_word("alternative", alternative, ALTERNATIVES)
    asked = AskedTest(
        counts=counts,
        n=n,
        test=test,
        alternative=alternative,
        gamma=_checked_gamma(berger_boos, test),
        alpha=alpha,
    )
    return _record(asked, find_p(asked))


def _checked_gamma(gamma: object, test: str) -> float:
    is_number = isinstance(gamma, int | float | np.number) and not isinstance(gamma, bool)
    if not is_number or not 0 <= float(gamma) <= 0.01:  # type: ignore[arg-type]
        raise StatisticsError(
            f"berger_boos is {gamma!r}; allowed: a number from 0 to 0.01, such as 0.001, or 0 to "
            "look for the common proportion everywhere."
        )
    if gamma and test == "fisher":
        raise StatisticsError(
            "berger_boos is given with test='fisher', which has no proportion to look for; leave "
            "it out or choose another test."
        )
    return float(gamma)  # type: ignore[arg-type]


def counts_of(
    first: tuple[int, int], second: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the two counts and the two sizes, or refuse what are no counts or too many people.

    Raises
    ------
    StatisticsError
        Not counts of people, or more than 200 in a group.

    Examples
    --------
    >>> counts_of((3, 4), (0, 5))
    ((3, 0), (4, 5))
    """
    for one in (first, second):
        check_count(*one)
    n = (int(first[1]), int(second[1]))
    if max(n) > LARGEST:
        raise StatisticsError(
            f"the groups have {n[0]:,} and {n[1]:,} people; allowed: up to {LARGEST} in each, so "
            "that every table can be gone through. For larger groups Newcombe's interval "
            "(proportion_difference) and the chi-square test serve."
        )
    return (int(first[0]), int(second[0])), n


_DEFINITIONS = {
    "two-sided": "P(tables at least as extreme on either side)",
    "greater": "P(tables at least as extreme, first proportion higher)",
    "less": "P(tables at least as extreme, first proportion lower)",
    "two-sided-doubled": "twice the smaller one-sided P",
}


def _record(asked: AskedTest, found: FoundP) -> ProportionTest:
    n, is_fisher = asked.n, asked.test == "fisher"
    tables = (n[0] + 1) * (n[1] + 1)
    kind = "exact conditional test" if is_fisher else f"exact unconditional test, {tables:,} tables"
    where = f", Berger–Boos γ = {asked.gamma:g}" if asked.gamma else ""
    over = "given the responders" if is_fisher else "largest over the common proportion"
    orders_by_p = asked.test in ("fisher", "boschloo")
    z = float(ORDERINGS[asked.test](n, "greater")[asked.counts])
    return ProportionTest(
        estimate=asked.counts[0] / n[0] - asked.counts[1] / n[1],
        p_value=found.p,
        statistic=-found.ordering if orders_by_p else z,
        statistic_name="Fisher p" if orders_by_p else "z",
        nuisance=found.nuisance,
        test=asked.test,
        method=f"{NAMES[asked.test]} {kind}{where}",
        p_definition=f"{_DEFINITIONS[asked.alternative]}, {over}",
        p_floor=found.floor,
        true_size=found.size,
        n_tables=tables,
        alternative=asked.alternative,
        n=n,
        warnings=_floor_warning(found.floor, n, asked.alpha),
    )


def _floor_warning(floor: float, n: tuple[int, int], alpha: float | None) -> tuple[str, ...]:
    if alpha is None or not floor >= alpha:
        return ()
    return (
        f"The smallest p value that groups of {n[0]} and {n[1]} can give is "
        f"{format_p(floor, symbol=False)}, not below {alpha:g}, whatever the counts.",
    )
