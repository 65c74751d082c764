"""What is counted and what is drawn: by the cost model and the budget, never by the machine."""

import math
import re

import numpy as np
import pytest

from ketbio.errors import StatisticsError
from ketbio.statistics import paired_permutation_test, permutation_test
from ketbio.statistics.counting import subset_runs
from ketbio.statistics.counting.budgets import AUTO, FORCED, Budget, Cost, budget_of, refusal
from ketbio.statistics.counting.questions import ask
from ketbio.statistics.counting.subset_plan import exact_plans, plan_subsets
from ketbio.statistics.signs.pairs import sign_design
from ketbio.statistics.two_groups.groups import two_groups
from ketbio.statistics.two_groups.mean_difference import mean_design

rng = np.random.default_rng(20260101)


def real_groups(n, m):
    return mean_design(two_groups(rng.normal(size=n), rng.normal(size=m)))


def madrs_groups(n, m, blocks=None):
    return mean_design(two_groups(rng.integers(0, 61, n), rng.integers(0, 61, m), blocks))


def real_signs(n):
    return sign_design(rng.normal(size=n), tolerance=1e-10)


def plan(design, exact="auto", *, with_shifts=True, budget=None):
    question = ask(
        alternative="two-sided",
        exact=exact,
        n_resamples=999,
        confidence_level=0.95,
        seed=1,
        budget=budget,
    )
    return plan_subsets(design, question, with_shifts=with_shifts)


SITES = np.tile(np.repeat(np.arange(10), 20), 2)

CHOICES = [
    (real_groups(5, 6), "auto", "enumeration"),
    (real_groups(10, 10), "auto", "enumeration"),
    (real_groups(11, 12), "auto", "meet in the middle"),
    (real_groups(22, 22), "auto", "meet in the middle"),
    (real_groups(25, 25), "auto", "Monte Carlo"),
    (real_groups(25, 25), True, "meet in the middle"),
    (real_groups(5, 6), False, "Monte Carlo"),
    (real_signs(17), "auto", "enumeration"),
    (real_signs(40), "auto", "meet in the middle"),
    (real_signs(50), "auto", "Monte Carlo"),
    (real_signs(50), True, "meet in the middle"),
    (madrs_groups(30, 30), "auto", "shift algorithm"),
    (madrs_groups(200, 200), "auto", "shift algorithm"),
]


@pytest.mark.parametrize(("design", "exact", "algorithm"), CHOICES)
def test_the_method_follows_from_design_and_budget(design, exact, algorithm):
    chosen = plan(design, exact)
    assert chosen.algorithm == algorithm
    assert (FORCED if exact is True else AUTO).allows(chosen.cost)


def test_without_an_interval_more_is_within_the_budget():
    real = real_groups(24, 24)
    assert plan(real, with_shifts=False).algorithm == "meet in the middle"
    assert plan(real).algorithm == "Monte Carlo"
    in_sites = madrs_groups(200, 200, SITES)
    assert plan(in_sites, with_shifts=False).algorithm == "shift algorithm"
    assert plan(in_sites).algorithm == "Monte Carlo"
    assert plan(in_sites, True).algorithm == "shift algorithm"


def test_of_two_exact_methods_the_cheaper_is_taken():
    design = madrs_groups(17, 18)
    plans = {found.algorithm: found.cost.seconds for found in exact_plans(design, with_shifts=True)}
    assert set(plans) == {"meet in the middle", "shift algorithm"}
    assert plans["shift algorithm"] < plans["meet in the middle"]
    assert plan(design).algorithm == "shift algorithm"


@pytest.mark.parametrize(
    "design", [real_groups(3, 3), real_groups(11, 12), real_signs(20), madrs_groups(40, 40)]
)
def test_no_budget_draws_and_a_large_one_counts(design):
    none, large = Budget(seconds=0, gibibytes=0), Budget(seconds=1e9, gibibytes=1e9)
    assert plan(design, budget=none).algorithm == "Monte Carlo"
    assert plan(design, budget=large).algorithm != "Monte Carlo"


def test_memory_alone_can_decide():
    design = real_groups(22, 22)
    little = Budget(seconds=100, gibibytes=0.01)
    assert plan(design, budget=little).algorithm == "Monte Carlo"
    with pytest.raises(StatisticsError, match=r"allowed: 100 s and 0\.01 GiB"):
        plan(design, True, budget=little)


def test_a_budget_reaches_the_tests_and_is_named_in_the_result():
    x, y = rng.normal(size=5), rng.normal(size=6)
    none = Budget(seconds=0, gibibytes=0)
    drawn = permutation_test(x, y, budget=none, seed=1, n_resamples=99)
    assert (drawn.algorithm, drawn.is_exact, drawn.n_arrangements) == ("Monte Carlo", False, 462)
    signs = paired_permutation_test(x, budget=none, seed=1, n_resamples=99)
    assert signs.algorithm == "Monte Carlo"
    assert permutation_test(x, y).algorithm == "enumeration"


def test_true_beyond_the_budget_is_refused_with_the_numbers():
    x, y = rng.normal(size=40), rng.normal(size=40)
    with pytest.raises(StatisticsError) as refused:
        permutation_test(x, y, exact=True)
    assert str(refused.value) == (
        "exact is True, and 1.08e+23 arrangements of 80 values cannot be counted by any exact "
        'method here, whatever the budget. Give exact="auto" or exact=False to draw '
        "arrangements instead."
    )
    small = Budget(seconds=0.001, gibibytes=1)
    with pytest.raises(StatisticsError) as refused:
        permutation_test(x[:11], y[:12], exact=True, budget=small)
    assert re.fullmatch(
        r"exact is True, and 1\.35e\+06 arrangements of 23 values would take about 0\.00\d+ s and "
        r"0\.000\d+ GiB by the cheapest exact method; allowed: 0\.001 s and 1 GiB\. Give .*",
        str(refused.value),
    )


def test_more_arrangements_than_a_number_holds_are_refused_in_words():
    values = rng.integers(0, 61, 1200)
    with pytest.raises(StatisticsError, match=r"more than 2\*\*1000 arrangements of 1200 values"):
        permutation_test(values[:600], values[600:], exact=True)


@pytest.mark.parametrize("amount", [-1, -0.001, math.nan, True, "5", None])
@pytest.mark.parametrize("name", ["seconds", "gibibytes"])
def test_what_is_no_amount_is_refused(name, amount):
    with pytest.raises(StatisticsError) as refused:
        Budget(**{"seconds": 1, "gibibytes": 1, name: amount})
    assert str(refused.value) == (
        f"The budget's {name} is {amount!r}; allowed: a number from 0 on, such as 60. "
        "0 never counts every arrangement."
    )


@pytest.mark.parametrize("budget", [5, (1, 1), "large"])
def test_what_is_no_budget_is_refused(budget):
    with pytest.raises(StatisticsError, match="allowed: None or a Budget"):
        permutation_test([1, 2, 3], [2, 3, 4], budget=budget)


def test_budgets_of_exact():
    own = Budget(seconds=7, gibibytes=2)
    assert (budget_of("auto", None), budget_of(True, None)) == (AUTO, FORCED)
    assert budget_of("auto", own) is budget_of(True, own) is own


def test_refusal_names_cost_and_budget():
    text = refusal("9 arrangements of 4 values", Cost(seconds=1234.5, gibibytes=0.5), FORCED)
    assert text == (
        "exact is True, and 9 arrangements of 4 values would take about 1.23e+03 s and 0.5 GiB by "
        'the cheapest exact method; allowed: 300 s and 3 GiB. Give exact="auto" or exact=False '
        "to draw arrangements instead, or a larger budget."
    )


@pytest.mark.parametrize("with_shifts", [False, True])
def test_costs_grow_with_the_design(with_shifts):
    for make in (lambda n: real_groups(n, n), lambda n: madrs_groups(n, n), real_signs):
        costs = [
            min(found.cost.seconds for found in exact_plans(make(n), with_shifts=with_shifts))
            for n in (8, 14, 20, 30)
        ]
        assert costs == sorted(costs)


def test_the_plan_is_kept_with_the_run():
    question = ask(
        alternative="two-sided", exact="auto", n_resamples=9, confidence_level=None, seed=1
    )
    run = subset_runs.run_subsets(real_groups(9, 12), question, with_shifts=False)
    assert run.plan.algorithm == "meet in the middle"
    assert run.plan.cost.seconds > 0
