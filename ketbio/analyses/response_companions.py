"""What stands beside a comparison of response rates: each arm, other rules, other tests."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.companions import from_permutation
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.response_policies import (
    GROUP,
    POLICIES,
    POLICY_WORDS,
    Counts,
    counts_of_contrast,
)
from ketbio.result import Result
from ketbio.statistics import (
    permutation_test,
    proportion_difference,
    proportion_interval,
)
from ketbio.statistics.inputs import alpha_of
from ketbio.statistics.two_proportions.orderings import ORDERINGS
from ketbio.statistics.unconditional import unconditional_test
from ketbio.statistics.unconditional_interval import exact_proportion_difference

NO_NNT = (
    "The number needed to treat is not given: the interval of the difference includes 0, so that "
    "its own would run through infinity to the number needed to harm."
)
FEWEST = 2
"""Measured changes per arm from which their difference is told."""
TESTS_CITED = {
    "boschloo": ("boschloo1970",),
    "barnard": ("barnard1947", "suissa1985"),
    "barnard_unpooled": ("barnard1947", "suissa1985"),
    "fisher": ("fisher1935",),
}
INTERVALS_CITED = {"two-sided": ("agrestimin2001",)}
CHAN_ZHANG = ("chanzhang1999",)
"""The source of the interval for the other alternatives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesAsked:
    """What one call asks of every contrast; the words of `compare_response_rates`."""

    outcome: str
    missing: str
    test: str
    settings: Settings


def companions_of(
    question: Question, table: pd.DataFrame, pair: tuple[str, str], asked: RatesAsked
) -> tuple[Result, ...]:
    """Return the companions of one contrast in the order in which they are told."""
    counts = counts_of_contrast(table, pair, asked.missing)
    return (
        *_rates(question, counts, asked),
        *_needed_to_treat(question, counts, asked),
        *_other_policies(question, table, pair, asked),
        *_other_tests(question, counts, asked),
        _newcombe(question, counts, asked),
        *_continuous(question, table, pair, asked),
    )


def _rates(question: Question, counts: Counts, asked: RatesAsked) -> list[Result]:
    lines = []
    for name, (count, n) in zip(question.groups, (counts.arm, counts.reference), strict=True):
        found = proportion_interval(count, n, confidence_level=asked.settings.confidence_level)
        line = question.about(groups=(name,), n={name: n}, unit="%").answer(
            role="description",
            estimate=100 * found.value,
            estimate_name=_people(question),
            ci_low=100 * found.ci_low,
            ci_high=100 * found.ci_high,
            ci_level=found.ci_level,
            ci_method=found.ci_method,
            statistic=float(count),
            statistic_name="count",
            references=("clopper1934",),
        )
        lines.append(line)
    return lines


def _people(question: Question) -> str:
    return "remitters" if question.outcome.startswith("remission") else "responders"


def _needed_to_treat(question: Question, counts: Counts, asked: RatesAsked) -> tuple[Result, ...]:
    """Return the number needed to treat where the interval leaves no doubt of the side."""
    main = exact_proportion_difference(
        counts.arm,
        counts.reference,
        confidence_level=asked.settings.confidence_level,
        alternative=asked.settings.alternative,
    )
    if main.ci_low <= 0 <= main.ci_high:
        return (
            question.about(unit="").answer(
                role="description",
                estimate_name="number needed to treat",
                warnings=(NO_NNT,),
                references=("altman1998",),
            ),
        )
    name = f"number needed to treat with {question.groups[0 if main.value > 0 else 1]}"
    ends = sorted(abs(1 / one) for one in (main.ci_low, main.ci_high))
    return (
        question.about(unit="").answer(
            role="description",
            estimate=abs(1 / main.value),
            estimate_name=f"{name} for one more {_people(question)[:-1]}",
            ci_low=ends[0],
            ci_high=ends[1],
            ci_level=main.ci_level,
            ci_method="limits of the difference, inverted",
            references=("altman1998",),
        ),
    )


def _other_policies(
    question: Question, table: pd.DataFrame, pair: tuple[str, str], asked: RatesAsked
) -> list[Result]:
    """Return the same question under the other rules for the missing, where any is missing."""
    here = {word: counts_of_contrast(table, pair, word) for word in POLICIES}
    lines = []
    for word, counts in here.items():
        if counts == here[asked.missing] or not counts.has_everybody:
            continue
        about = question.about(
            outcome=f"{question.outcome}, {POLICY_WORDS[word].format(*pair)}",
            n={pair[0]: counts.arm[1], pair[1]: counts.reference[1]},
        )
        lines.append(about.answer(role="sensitivity", **rates_tested(counts, asked, asked.test)))
    return lines


def rates_tested(
    counts: Counts,
    asked: RatesAsked,
    test: str,
    *,
    with_interval: bool = True,
    is_main: bool = False,
) -> dict[str, Any]:
    """Return the fields of a `Result` for one test of two rates, in percentage points.

    ``is_main``: with the true size of the test, which takes many tables through.
    """
    level, alternative = asked.settings.confidence_level, asked.settings.alternative
    found = unconditional_test(
        counts.arm,
        counts.reference,
        test=test,
        alternative=alternative,
        alpha=float(alpha_of(level)) if is_main else None,
    )
    fields: dict[str, Any] = {
        "estimate": 100 * found.estimate,
        "estimate_name": "difference of percentages",
        "ci_level": level,
        "statistic": found.statistic,
        "statistic_name": found.statistic_name,
        "p_value": found.p_value,
        "p_method": found.method,
        "p_definition": found.p_definition,
        "p_floor": found.p_floor,
        "true_size": found.true_size,
        "is_exact": True,
        "alternative": found.alternative,
        "warnings": found.warnings,
        "references": TESTS_CITED[test],
    }
    if with_interval:
        interval = exact_proportion_difference(
            counts.arm, counts.reference, confidence_level=level, alternative=alternative
        )
        fields |= {
            "ci_low": 100 * interval.ci_low,
            "ci_high": 100 * interval.ci_high,
            "ci_method": interval.ci_method,
            "references": (*TESTS_CITED[test], *INTERVALS_CITED.get(alternative, CHAN_ZHANG)),
        }
    return fields


def _other_tests(question: Question, counts: Counts, asked: RatesAsked) -> list[Result]:
    return [
        question.answer(
            role="sensitivity", **rates_tested(counts, asked, test, with_interval=False)
        )
        for test in ORDERINGS
        if test != asked.test
    ]


def _newcombe(question: Question, counts: Counts, asked: RatesAsked) -> Result:
    found = proportion_difference(
        counts.arm, counts.reference, confidence_level=asked.settings.confidence_level
    )
    return question.answer(
        role="sensitivity",
        estimate=100 * found.value,
        estimate_name="difference of percentages",
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        ci_level=found.ci_level,
        ci_method=found.ci_method,
        references=("newcombe1998",),
    )


def _continuous(
    question: Question, table: pd.DataFrame, pair: tuple[str, str], asked: RatesAsked
) -> tuple[Result, ...]:
    """Return the difference in the change itself, of those who have one."""
    known = table[table["change"].notna()]
    x, y = (known.loc[known[GROUP] == name, "change"].to_numpy(np.float64) for name in pair)
    if min(len(x), len(y)) < FEWEST:
        return ()
    flipped = {"greater": "less", "less": "greater"}  # more response is a lower score
    how = asked.settings.beside.test
    how["alternative"] = flipped.get(how["alternative"], how["alternative"])
    about = question.about(
        outcome="change to the endpoint, of those with both ratings",
        unit="points",
        n={pair[0]: len(x), pair[1]: len(y)},
    )
    test = permutation_test(x, y, **how)
    return (from_permutation(about, test, references=("pitman1937", "altman2006")),)
