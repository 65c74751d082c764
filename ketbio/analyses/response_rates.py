"""Response rates of the arms of a trial, with a rule for those whose endpoint is missing."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ketbio.analyses.family import adjust_family
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.response_companions import RatesAsked, companions_of, rates_tested
from ketbio.analyses.response_policies import (
    FLAGS,
    GROUP,
    POLICIES,
    POLICY_WORDS,
    Counts,
    analysed_rows,
    counts_of_contrast,
    left_out,
    response_by_arm,
)
from ketbio.analyses.values import require_one_row_each
from ketbio.analyses.visit_models.arms import Arms, arms_asked
from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.endpoints.response import RESPONSE_COLUMNS
from ketbio.errors import TableError
from ketbio.result import Result, Results
from ketbio.statistics.inputs import ALTERNATIVES, check_level, check_word
from ketbio.statistics.two_proportions.orderings import ORDERINGS
from ketbio.vocabulary import PARTICIPANT_ID, SCALES
from ketbio.wording import count_of, format_number, format_p, join_words

NOT_NEUTRAL = (
    "Counting who is missing as a non-responder is a rule, not an observation: it favours the arm "
    "that more people stayed in. The other rules stand beside it."
)
BY_ARM = (
    "The arms are compared as the participants table has them: only where they were assigned by "
    "chance does their difference speak of the treatment."
)
DICHOTOMISED = (
    "Response splits a continuous outcome, which loses information; the difference in the change "
    "itself is reported beside it."
)


def compare_response_rates(
    response: pd.DataFrame,
    *,
    participants: pd.DataFrame,
    arm: str = "arm",
    reference: str | None = None,
    outcome: str = "response",
    missing: str = "non_responder",
    test: str = "boschloo",
    alternative: str = "two-sided",
    adjust: str = "holm",
    confidence_level: float = 0.95,
    n_resamples: int = 9_999,
    seed: int | None = None,
) -> Results:
    """Compare the percentage of responders between the arms of a trial.

    The estimate is the difference of the percentages, arm − reference, with an exact unconditional
    interval and an exact test that does not fix how many responded. Beside it, as companions: the
    percentage of each arm, the same under the other rules for missing endpoints, the other tests,
    Newcombe's interval, the number needed to treat where it exists, and the difference in the
    change itself, which the split in two leaves out.

    Parameters
    ----------
    response : DataFrame
        As `derive_response` returns it, whichever ``missing`` it was given.
    participants : DataFrame
        The validated ``participants`` table, with the column of arms.
    arm : str
        That column.
    reference : str, optional
        The arm that the others are compared with; one named placebo, saline, midazolam or control
        when None.
    outcome : {"response", "remission"}
        What is counted.
    missing : {"non_responder", "exclude", "best_case", "worst_case"}
        What somebody with a baseline and no endpoint counts as: a non-responder; nobody; a
        responder in the arm and a non-responder in the reference; the other way about.
    test : {"boschloo", "barnard", "barnard_unpooled", "fisher"}
        As `ketbio.statistics.unconditional_test` takes it.
    alternative : {"two-sided", "greater", "less", "two-sided-doubled"}
        ``"greater"``: more respond in the arm than in the reference.
    adjust : str
        Adjustment over the contrasts where there are more than two arms, as `adjust_p` takes it.
    confidence_level : float
        Of every interval.
    n_resamples, seed
        Of the permutation test of the change, where it cannot be counted.

    Returns
    -------
    Results
        One per arm − reference, in percentage points. ``data``: ``participant_id, group,
        baseline_value, endpoint_value, change, percent_reduction, counted_as, is_imputed``.

    Raises
    ------
    TableError
        No arms, one arm only, an unknown word, or a table that `derive_response` did not make.
    StatisticsError
        More than 200 participants in an arm.

    Examples
    --------
    >>> from ketbio.endpoints import derive_response, derive_scale_total
    >>> ids = [f"P{i}" for i in range(1, 9)]
    >>> totals = derive_scale_total(pd.DataFrame({"participant_id": ids * 2,
    ...     "visit": ["before"] * 8 + ["after"] * 8, "madrs_total": [30.0] * 8 + [10.0] * 4
    ...     + [25.0] * 4}))
    >>> people = pd.DataFrame({"participant_id": ids, "arm": ["ketamine"] * 4 + ["saline"] * 4})
    >>> response = derive_response(totals, baseline="before", endpoint="after")
    >>> result = compare_response_rates(response, participants=people)[0]
    >>> result.groups, result.estimate, round(result.p_value, 4)
    (('ketamine', 'saline'), 100.0, 0.0078)
    """
    require_columns(response, RESPONSE_COLUMNS, what="response")
    require_one_row_each(response)
    for what, word, allowed in (
        ("outcome", outcome, FLAGS),
        ("missing", missing, POLICIES),
        ("test", test, ORDERINGS),
    ):
        require_one_of(what, word, allowed)
    check_word("alternative", alternative, ALTERNATIVES)
    arms = _two_or_more(
        arms_asked(participants, arm=arm, reference=reference, everybody=()), response
    )
    asked = RatesAsked(
        outcome=outcome,
        missing=missing,
        test=test,
        settings=Settings(
            alternative=alternative,
            confidence_level=check_level(confidence_level),
            exact="auto",
            n_resamples=n_resamples,
            seed=seed,
        ),
    )
    table = response_by_arm(response, arms, outcome)
    done = [_compared(table, (name, arms.reference), arms, asked) for name in arms.names[1:]]
    return adjust_family(done, method=adjust, settings=asked.settings, noun="contrasts")


def _two_or_more(arms: Arms, response: pd.DataFrame) -> Arms:
    if len(arms.names) < 2:
        raise TableError(
            f"everybody is in the arm {arms.names[0]!r}; two arms are wanted, to compare response "
            "rates. Use summarise_response() for the rate of one group."
        )
    ids = set(response[PARTICIPANT_ID].astype("str"))
    if len(response) and not ids & set(arms.of):
        raise TableError(
            f"no participant of response is in participants: participant_id is "
            f"{min(ids)!r} … there and {min(arms.of)!r} … here; write the ids alike, as text."
        )
    return arms


def _compared(table: pd.DataFrame, pair: tuple[str, str], arms: Arms, asked: RatesAsked) -> Result:
    counts = counts_of_contrast(table, pair, asked.missing)
    question = _question(table, pair, counts, asked.outcome)
    rows: dict[str, pd.DataFrame] = {
        "data": analysed_rows(table, pair, asked.missing),
        "excluded": left_out(table, pair, asked.missing),
    }
    if not counts.has_everybody:
        empty = [name for name, one in question.n.items() if not one]
        return question.without_answer(
            f"nobody in {join_words(empty, last='or')} has a rating that could be counted", **rows
        )
    tested = rates_tested(counts, asked, asked.test, is_main=True)
    told = {
        "warnings": (
            *arms.warnings,
            *_imputed_words(rows["data"], asked, pair),
            *tested["warnings"],
            *_disagreement(tested),
            DICHOTOMISED,
            BY_ARM,
        ),
        "references": (*tested["references"], "altman2006"),
    }
    beside = companions_of(question, table, pair, asked)
    return question.answer(**rows, **(tested | told), companions=beside)


def _disagreement(tested: Mapping[str, Any]) -> tuple[str, ...]:
    """Say so where the interval, of the score test, and another test part over zero."""
    low, high, p = (tested[name] for name in ("ci_low", "ci_high", "p_value"))
    excludes = low > 0 or high < 0
    if excludes == (p < 1 - tested["ci_level"]):
        return ()
    return (
        f"Interval and test order the tables differently and disagree here: the interval "
        f"{format_number(low)} to {format_number(high)} {'excludes' if excludes else 'includes'} "
        f"0, with {format_p(p)}. The interval inverts the score test; Barnard's test with pooled z "
        "beside it is the one that it agrees with.",
    )


def _question(table: pd.DataFrame, pair: tuple[str, str], counts: Counts, outcome: str) -> Question:
    known = table.dropna(subset=["response_percent"])
    scale = str(known["rating_scale"].iloc[0]) if len(known) else "rating"
    percent, cut = (
        (float(known[one].iloc[0]) if len(known) else math.nan)
        for one in ("response_percent", "remission_at_or_below")
    )
    words = {
        "response": f"response (reduction of at least {percent:g}%)",
        "remission": f"remission ({scale} at or below {cut:g})",
    }
    return Question(
        analysis="compare_response_rates",
        marker=scale if scale in SCALES else "rating",
        outcome=words[outcome],
        groups=pair,
        n={pair[0]: counts.arm[1], pair[1]: counts.reference[1]},
        unit="percentage points",
    )


def _imputed_words(data: pd.DataFrame, asked: RatesAsked, pair: tuple[str, str]) -> tuple[str, ...]:
    """Say who was counted without an endpoint, by code and arm."""
    imputed = data[data["is_imputed"]]
    if not len(imputed):
        return ()
    who = [
        f"{join_words(rows[PARTICIPANT_ID])} ({name})"
        for name, rows in imputed.groupby(GROUP, sort=False)
    ]
    rule = POLICY_WORDS[asked.missing].format(*pair)
    said = (
        f"{count_of(len(imputed), 'participant')} without the endpoint ({rule}): {'; '.join(who)}."
    )
    return (said, NOT_NEUTRAL) if asked.missing == "non_responder" else (said,)
