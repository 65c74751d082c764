"""Every pair of markers: the same numbers as one correlation by hand, one family, honest limits."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.analyses import correlate_changes, correlate_markers
from ketbio.endpoints import derive_column
from ketbio.errors import StatisticsError, TableError
from ketbio.vocabulary import ENDPOINT_COLUMNS

IDS = [f"P{number:02}" for number in range(1, 7)]
VISITS = {"baseline": "before", "endpoint": "after"}
CHANGES = {
    "a": [1.0, 3, 2, 5, 4, 6],
    "b": [2.0, 1, 4, 3, 6, 5],
    "c": [6.0, 5, 3, 4, 1, 2],
}


def endpoints(changes=CHANGES, ids=IDS):
    parts = []
    for name, values in changes.items():
        rows = [(one, "before", 0.0) for one in ids]
        rows += [
            (one, "after", value)
            for one, value in zip(ids, values, strict=True)
            if value is not None
        ]
        table = pd.DataFrame(rows, columns=["participant_id", "visit", name])
        parts.append(derive_column(table, column=name, unit="u"))
    return pd.concat(parts)


def below_limit(name, levels, limit):
    """Levels before treatment; None is below the limit."""
    return pd.DataFrame(
        [
            {
                "participant_id": one, "visit": "before", "marker": name,
                "value": np.nan if value is None else value, "unit": "ng/mL", "scale": "raw",
                "censored": "left" if value is None else "",
                "limit": limit if value is None else np.nan, "reason": "", "note": "",
            }
            for one, value in zip(IDS, levels, strict=True)
        ],
        columns=list(ENDPOINT_COLUMNS),
    )  # fmt: skip


@pytest.fixture(scope="module")
def results():
    return correlate_markers(endpoints(), markers=["a", "b", "c"], **VISITS)


def test_pairs_stand_in_the_order_of_the_markers(results):
    assert [one.groups for one in results] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert results[0].outcome == "change, before to after, with that of b"


def test_each_pair_is_the_correlation_and_its_exact_p_by_brute_force(results):
    for one in results:
        x, y = (np.array(CHANGES[name]) for name in one.groups)
        observed = np.corrcoef(x, y)[0, 1]
        every = [np.corrcoef(x[list(order)], y)[0, 1] for order in permutations(range(6))]
        assert one.estimate == pytest.approx(observed)
        assert one.p_value == pytest.approx(np.mean(np.abs(every) >= abs(observed) - 1e-12))
        middle, reach = np.arctanh(observed), 1.959963984540054 / np.sqrt(6 - 3)
        assert (one.ci_low, one.ci_high) == pytest.approx(
            (np.tanh(middle - reach), np.tanh(middle + reach))
        )


def test_p_is_adjusted_over_the_pairs_by_holm(results):
    p = [one.p_value for one in results]
    order = np.argsort(p)
    steps = np.maximum.accumulate([p[place] * (3 - rank) for rank, place in enumerate(order)])
    expected = np.empty(3)
    expected[order] = np.minimum(steps, 1)
    assert [one.p_adjusted for one in results] == pytest.approx(list(expected))
    assert {one.adjustment for one in results} == {"Holm over 3 pairs of markers"}


@settings(max_examples=3, deadline=None)
@given(names=st.permutations(list(CHANGES)), random=st.randoms())
def test_order_of_markers_and_rows_changes_no_number(results, names, random):
    table = endpoints().sample(frac=1, random_state=random.randint(0, 10_000))
    found = correlate_markers(table, markers=names, adjust="none", **VISITS)
    by_pair = {frozenset(one.groups): (one.estimate, one.p_value) for one in results}
    for one in found:
        assert (one.estimate, one.p_value) == pytest.approx(by_pair[frozenset(one.groups)])


def test_a_pair_is_what_correlate_changes_gives():
    [one] = correlate_markers(endpoints(), markers=["a", "b"], method="kendall", **VISITS)
    other = correlate_changes(endpoints(), marker="a", outcome="b", method="kendall", **VISITS)
    fields = ("estimate", "p_value", "ci_low", "ci_high", "p_floor")
    assert [getattr(one, name) for name in fields] == [getattr(other, name) for name in fields]
    pd.testing.assert_frame_equal(one.leave_one_out, other.leave_one_out)


def test_pairs_of_different_people_say_so():
    table = endpoints(CHANGES | {"c": [6.0, 5, 3, 4, None, 2]})
    found = correlate_markers(table, markers=["a", "b", "c"], **VISITS)
    assert [one.n["pairs"] for one in found] == [6, 5, 5]
    assert all(any("rest on 5 to 6 participants" in said for said in one.warnings) for one in found)
    assert found[1].excluded["reason"].tolist() == ["c: no value at after"]


def test_markers_of_one_table_say_what_they_share():
    tables = {"a": "blots", "b": "blots", "c": "bdnf"}
    found = correlate_markers(endpoints(), markers=["a", "b", "c"], tables=tables, **VISITS)
    told = [any("mathematical coupling" in said for said in one.warnings) for one in found]
    assert told == [True, False, False]


def test_a_perfect_correlation_asks_whether_it_is_computed():
    table = endpoints({"a": CHANGES["a"], "b": [2 * value for value in CHANGES["a"]]})
    [one] = correlate_markers(table, markers=["a", "b"], **VISITS)
    assert one.estimate == 1
    assert any("computed from the other" in said for said in one.warnings)


def test_a_constant_marker_stays_in_the_family_and_says_why():
    table = endpoints(CHANGES | {"c": [2.0] * 6})
    found = correlate_markers(table, markers=["a", "b", "c"], **VISITS)
    assert np.isnan(found[1].p_value)
    assert "change of c is the same in every participant" in found[1].warnings[0]
    assert "2 of them without a p value" in found[0].adjustment
    assert any("a with c and b with c have no p value" in said for said in found[0].warnings)


def test_values_below_a_limit_are_ranked_and_never_substituted():
    levels = [3.0, None, 2.0, 5.0, None, 4.0]
    table = pd.concat([below_limit("c", levels, 1.0), below_limit("d", [1.0, 2, 3, 5, 4, 6], 0.5)])
    [one] = correlate_markers(table, markers=["c", "d"], measure="baseline", **VISITS)
    # mid-ranks of c: 4, 1.5, 3, 6, 1.5, 5 against 1 2 3 5 4 6
    ranks = np.array([4, 1.5, 3, 6, 1.5, 5])
    assert one.estimate == pytest.approx(np.corrcoef(ranks, [1, 2, 3, 5, 4, 6])[0, 1])
    assert one.estimate_name == "Spearman rho"
    assert one.data["x"].isna().sum() == 2
    assert one.data["x_censored"].tolist() == ["", "left", "", "", "left", ""]
    gehan = [one for one in one.companions if "Gehan" in one.estimate_name]
    # Gehan's scores of c with one limit below all values are linear in these mid-ranks
    assert [round(one.p_value, 9) for one in gehan] == [round(one.p_value, 9)]
    assert not any(one.estimate_name == "mean" for one in one.companions)


def test_numbers_asked_of_values_below_a_limit_are_refused():
    table = pd.concat(
        [below_limit("c", [3.0, None, 2, 5, 1, 4], 1.0), below_limit("d", [1.0, 2, 3, 5, 4, 6], 0)]
    )
    words = r"^method is 'pearson', but 1 value of c below the LLOQ can only be ranked"
    with pytest.raises(StatisticsError, match=words):
        correlate_markers(table, markers=["c", "d"], measure="baseline", method="pearson", **VISITS)


def test_pairings_are_dealt_within_blocks():
    people = pd.DataFrame({"participant_id": IDS, "site": list("AAABBB")})
    [one] = correlate_markers(
        endpoints(), markers=["a", "b"], blocks="site", participants=people, **VISITS
    )
    assert one.n_arrangements == 36


def test_many_pairs_leave_nobody_out_and_say_so():
    rng = np.random.default_rng(1)
    many = {f"m{place}": rng.normal(size=6).tolist() for place in range(7)}
    found = correlate_markers(endpoints(many), markers=list(many), **VISITS)
    assert len(found) == len(list(combinations(many, 2))) == 21
    assert found[0].leave_one_out.empty
    assert any("One of 21 pairs: with so many" in said for said in found[0].warnings)


@pytest.mark.parametrize(
    ("markers", "words", "error", "said"),
    [
        ("a", {}, TableError, "markers is 'a'; allowed: a list of at least two"),
        (["a"], {}, TableError, r"markers is \['a'\]; allowed: a list of at least two"),
        (["a", "a"], {}, TableError, "names 'a' twice"),
        (["a", "x"], {}, TableError, "'x'"),
        (["a", "b"], {"measure": "delta"}, TableError, "measure is 'delta'"),
        (["a", "b"], {"method": "persson"}, StatisticsError, "method is 'persson'"),
        (["a", "b"], {"adjust": "max_t"}, StatisticsError, "there is no such outcome; allowed: "),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(markers, words, error, said):
    with pytest.raises(error, match=said):
        correlate_markers(endpoints(), markers=markers, **VISITS, **words)
