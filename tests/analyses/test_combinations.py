"""What the table of combinations allows runs, and what it does not allow is refused at once."""

import sys
from itertools import product

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import (
    compare_responders,
    compare_visits,
    correlate_baseline_change,
    correlate_changes,
    correlate_markers,
)
from ketbio.analyses.combinations import COMBINATIONS, impossible, refuse_ranks_within_blocks
from ketbio.analyses.correlations import METHODS
from ketbio.analyses.responder_statistics import DEFAULT, STATISTICS
from ketbio.endpoints import derive_column, derive_response, derive_scale_total
from ketbio.errors import StatisticsError, TableError
from ketbio.statistics import correlation_permutation_test, permutation_test
from ketbio.statistics import paired_permutation_test as of_pairs
from ketbio.statistics.paired_permutation import STATISTICS as PAIRED
from ketbio.vocabulary import ENDPOINT_COLUMNS

IDS = [f"P{number}" for number in range(1, 9)]
VISITS = {"baseline": "before", "endpoint": "after"}
RUN = {
    "compare_responders": compare_responders,
    "compare_visits": compare_visits,
    "correlate_changes": correlate_changes,
    "correlate_markers": correlate_markers,
    "correlate_baseline_change": correlate_baseline_change,
}


def column(name, changes):
    rows = [(one, "before", 0.0) for one in IDS]
    rows += [(one, "after", value) for one, value in zip(IDS, changes, strict=True)]
    table = pd.DataFrame(rows, columns=["participant_id", "visit", name])
    return derive_column(table, column=name, unit="u")


@pytest.fixture(scope="module")
def given():
    totals = derive_scale_total(
        pd.DataFrame(
            {
                "participant_id": IDS * 2,
                "visit": ["before"] * 8 + ["after"] * 8,
                "madrs_total": [40.0] * 8 + [10.0, 15, 30, 33, 12, 18, 28, 35],
            }
        )
    )
    markers = [column("a", [5.0, 4.2, 1.3, 2.2, 6.1, 4.9, 0.4, 1.8]),
               column("b", [2.0, 3.1, -1.9, 0.7, 1.4, 2.6, 0.0, 0.3])]  # fmt: skip
    return {
        "endpoints": pd.concat([totals, *markers]),
        "response": derive_response(totals, **VISITS),
        "participants": pd.DataFrame({"participant_id": IDS, "site": list("AAAABBBB")}),
    }


def of_markers(kind):
    return "markers" if kind == "correlate_markers" else "marker"


def ask(kind, given, **words):
    """Run one analysis of two markers, drawing little."""
    response = {} if kind == "compare_visits" else {"response": given["response"]}
    return RUN[kind](
        given["endpoints"],
        **{of_markers(kind): ["a", "b"], "exact": False, "n_resamples": 99, "seed": 1, **VISITS},
        participants=given["participants"],
        **response,
        **words,
    )


EVERY = [
    (kind, word, blocks)
    for kind in RUN  # others have no response and no blocks, and tests of their own
    for word, blocks in product(COMBINATIONS[kind].words, (None, "site"))
]


@pytest.mark.parametrize(("kind", "word", "blocks"), EVERY)
def test_joint_tests_run_exactly_where_the_table_allows_them(given, kind, word, blocks):
    about = COMBINATIONS[kind]
    allowed = about.joint_within_blocks if blocks else about.joint
    words = {about.key: word, "adjust": "max_t", "blocks": blocks}
    if word in allowed:
        family = ask(kind, given, **words)
        assert all(one.p_adjusted >= one.p_value for one in family)
    else:
        fault = rf"{about.key} is '{word}', which" if about.joint else "adjust is 'max_t', which"
        with pytest.raises(StatisticsError, match=fault):
            ask(kind, given, **words)


@pytest.mark.parametrize(("kind", "word", "blocks"), EVERY)
def test_blocks_are_taken_exactly_where_the_table_allows_them(given, kind, word, blocks):
    about = COMBINATIONS[kind]
    words = {about.key: word, "blocks": blocks}
    if blocks and word in about.without_blocks:
        with pytest.raises(StatisticsError, match="which takes no blocks"):
            ask(kind, given, **words)
    else:
        assert all(0 < one.p_value <= 1 for one in ask(kind, given, **words))


def test_the_words_are_those_of_the_statistics():
    assert COMBINATIONS["compare_responders"].words == tuple(STATISTICS)
    assert COMBINATIONS["compare_responders"].default == DEFAULT
    assert COMBINATIONS["compare_visits"].words == tuple(PAIRED)
    for kind in ("correlate_changes", "correlate_markers", "correlate_baseline_change"):
        assert COMBINATIONS[kind].words == METHODS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"adjust": "maxt", "stop_after": 0}, "adjust is 'maxt'; allowed:"),
        ({"adjust": "max_t", "alternative": "two-sided-doubled"}, "which has no joint test"),
        ({"alternative": "more", "adjust": "max_t"}, "alternative is 'more'; allowed:"),
        ({"stop_after": 10_000}, "n_resamples is 9,999, so that it can never stop"),
        ({"stop_after": 0}, "stop_after is 0; allowed:"),
        ({"n_resamples": 0}, "n_resamples is 0; allowed:"),
        ({"confidence_level": 95}, "confidence_level is 95; allowed:"),
    ],
)
@pytest.mark.parametrize("kind", list(RUN))
def test_refused_before_any_test_is_run(given, monkeypatch, kind, words, said):
    def run(*_given, **_words):
        raise AssertionError("a test was run")

    for module in (RUN[kind].__module__, "ketbio.analyses.correlating"):
        for test in (permutation_test, of_pairs, correlation_permutation_test):
            monkeypatch.setattr(sys.modules[module], test.__name__, run, raising=False)
    response = {} if kind == "compare_visits" else {"response": given["response"]}
    asked = {of_markers(kind): ["a", "b"], **VISITS, **response, **words}
    with pytest.raises(StatisticsError) as refused:
        RUN[kind](given["endpoints"], **asked)
    assert said in str(refused.value)


@pytest.mark.parametrize("kind", [kind for kind in RUN if kind not in ("compare_visits",)], ids=str)
def test_a_participant_in_two_rows_of_response_is_refused(given, kind):
    twice = pd.concat([given["response"], given["response"].iloc[:1]])
    with pytest.raises(TableError) as refused:
        ask(kind, {**given, "response": twice})
    assert str(refused.value) == (
        "response has two rows of P1; one row per participant is allowed. Remove the duplicate."
    )


def test_values_below_the_lloq_are_refused_in_a_joint_test_within_blocks(given):
    levels = [2.0, 3.0, 4.0, 1.5, np.nan, 2.5, 1.0, 0.5]
    below = pd.DataFrame(
        [
            {
                "participant_id": one, "visit": "after", "marker": "c", "value": value,
                "unit": "ng/mL", "scale": "raw", "censored": "left" if np.isnan(value) else "",
                "limit": 0.1 if np.isnan(value) else np.nan,
                "reason": "below 0.100 ng/mL" if np.isnan(value) else "", "note": "",
            }
            for one, value in zip(IDS, levels, strict=True)
        ],
        columns=list(ENDPOINT_COLUMNS),
    )  # fmt: skip
    asked = {**given, "endpoints": pd.concat([given["endpoints"], below])}
    words = {"measure": "endpoint", "blocks": "site"}
    with pytest.raises(StatisticsError, match=r"^c has values below the LLOQ.*Take c out of these"):
        RUN["compare_responders"](
            asked["endpoints"], response=given["response"], participants=given["participants"],
            marker=["a", "c"], adjust="max_t", **VISITS, **words,
        )  # fmt: skip
    alone = RUN["compare_responders"](
        asked["endpoints"], response=given["response"], participants=given["participants"],
        marker=["a", "c"], adjust="holm", **VISITS, **words,
    )  # fmt: skip
    assert alone[1].statistic_name.startswith("rank sum of x")


def test_nothing_is_refused_where_it_makes_no_difference():
    refuse_ranks_within_blocks("compare_responders", "c", "holm", "site")
    refuse_ranks_within_blocks("compare_responders", "c", "max_t", "")
    assert impossible("compare_responders", {"markers": ["a"], "adjust": "max_t"}) == ()
