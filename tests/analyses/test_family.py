"""Several markers of one call: adjusted one by one, or permuted together."""

from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ketbio.analyses import compare_responders, compare_visits, correlate_changes
from ketbio.analyses.family import ADJUSTMENTS, CITED
from ketbio.analyses.joint import joint_test
from ketbio.analyses.question import Settings
from ketbio.endpoints import derive_column, derive_response, derive_scale_total
from ketbio.errors import StatisticsError, TableError
from ketbio.result import tidy
from ketbio.statistics import correlation_permutation_test
from ketbio.vocabulary import ENDPOINT_COLUMNS
from ketbio.wording import format_p

VISITS = {"baseline": "before", "endpoint": "after"}
IDS = [f"P{number}" for number in range(1, 9)]
MADRS = [10, 15, 18, 12, 33, 30, 28, 35]  # from 40: four respond
CHANGES = {
    "a": [5.0, 4.2, 6.1, 4.9, 1.3, 2.2, 0.4, 1.8],
    "b": [2.0, 3.1, 1.4, 2.6, 1.9, 0.7, 1.1, 0.3],
    "c": [1.0, -2.0, 0.5, 3.0, -1.0, 2.0, None, -0.5],
}


def column(name, changes):
    both = [(one, "before", 0.0) for one in IDS]
    both += [(one, "after", v) for one, v in zip(IDS, changes, strict=True) if v is not None]
    table = pd.DataFrame(both, columns=["participant_id", "visit", name])
    return derive_column(table, column=name, unit="u")


@pytest.fixture(scope="module")
def totals():
    rows = [(one, "before", 40.0) for one in IDS]
    rows += [(one, "after", float(v)) for one, v in zip(IDS, MADRS, strict=True)]
    return derive_scale_total(
        pd.DataFrame(rows, columns=["participant_id", "visit", "madrs_total"])
    )


@pytest.fixture(scope="module")
def response(totals):
    return derive_response(totals, **VISITS)


@pytest.fixture(scope="module")
def endpoints(totals):
    return pd.concat([totals, *(column(name, changes) for name, changes in CHANGES.items())])


WHOLE = np.array([CHANGES["a"], CHANGES["b"]]).T


def step_down(statistics):
    """Two markers, the first arrangement observed: max T by hand."""
    observed = statistics[0]
    order = np.argsort(-observed)
    joint = [(statistics[:, order[i:]].max(axis=1) >= observed[order[i]] - 1e-9).mean()
             for i in range(2)]  # fmt: skip
    adjusted = np.empty(2)
    adjusted[order] = np.maximum.accumulate(joint)
    return adjusted


def test_responders_by_brute_force(endpoints, response):
    family = compare_responders(
        endpoints, response=response, marker=["a", "b"], adjust="max_t", **VISITS
    )
    every = [list(chosen) for chosen in combinations(range(8), 4)]
    sums = np.array([(WHOLE - WHOLE.mean(axis=0))[chosen].sum(axis=0) for chosen in every])
    expected = step_down(np.abs(sums) / WHOLE.std(axis=0))
    assert [one.p_adjusted for one in family] == pytest.approx(expected)
    assert [one.adjustment for one in family] == [
        "step-down max T over 2 markers (exact, 70 arrangements)"
    ] * 2
    alone = compare_responders(endpoints, response=response, marker="a", **VISITS)
    assert family[0].p_value == alone.p_value == 2 / 70
    assert "westfall1993" in family[0].references


def test_visits_by_brute_force(endpoints):
    family = compare_visits(endpoints, marker=["a", "b"], adjust="max_t", **VISITS)
    sums = np.array([np.array(signs) @ WHOLE for signs in product([1, -1], repeat=8)])
    expected = step_down(np.abs(sums) / np.sqrt((WHOLE**2).sum(axis=0)))
    assert [one.p_adjusted for one in family] == pytest.approx(expected)
    assert expected.tolist() == [2 / 256, 2 / 256]  # Holm would double both


def test_changes_by_brute_force(endpoints):
    six = endpoints[endpoints["participant_id"].isin(IDS[:6])]
    family = correlate_changes(six, marker=["a", "b"], outcome="MADRS", adjust="max_t", **VISITS)
    y = np.array(MADRS[:6]) - 40.0
    r = np.array(
        [[abs(np.corrcoef(WHOLE[:6, j], order)[0, 1]) for j in (0, 1)] for order in permutations(y)]
    )
    assert [one.p_adjusted for one in family] == pytest.approx(step_down(r))
    assert family[0].adjustment == "step-down max T over 2 markers (exact, 720 arrangements)"


def test_missing_marker_takes_nobody_from_the_others(endpoints, response):
    family = compare_responders(
        endpoints, response=response, marker=["a", "b", "c"], adjust="max_t", **VISITS
    )
    assert [one.n for one in family][2] == {"responder": 4, "non-responder": 3}
    assert family[0].adjustment.endswith("(exact, 70 arrangements)")
    said = "1 of 3 markers has missing values (1 of 8 participants)"
    assert any(said in one for one in family[0].warnings)
    assert all(one.p_adjusted >= one.p_value for one in family)


def test_adjusted_values_can_be_traced(endpoints, response):
    family = compare_responders(
        endpoints, response=response, marker=["a", "b"], adjust="min_p", exact=False,
        n_resamples=400, seed=7, **VISITS,
    )  # fmt: skip
    rows = tidy(family)
    primary = rows[rows["role"] == "primary"]
    assert primary["adjustment"].unique().tolist() == [
        "step-down min p over 2 markers (400 draws, seed 7)"
    ]
    assert primary["p_adjusted"].tolist() == [one.p_adjusted for one in family]
    assert "after step-down min p over 2 markers (400 draws, seed 7)" in family[0].sentence()
    assert primary["warnings"].str.contains("permutations common to the 2 markers").all()


def test_rank_tests_are_permuted_by_ranks(endpoints, response):
    # a marker whose ranks are those of another must be adjusted as that one is
    skewed = column("d", [float(np.exp(3 * v)) for v in CHANGES["a"]])
    both = pd.concat([endpoints, skewed])
    for statistic, analysis in (("rank_sum", compare_responders), ("signed_rank", compare_visits)):
        given = {"response": response} if analysis is compare_responders else {}
        family = analysis(
            both, marker=["a", "b", "d"], statistic=statistic, adjust="max_t", **given, **VISITS
        )
        assert family[0].p_adjusted == family[2].p_adjusted
    family = correlate_changes(
        both, marker=["a", "b", "d"], method="spearman", adjust="max_t", exact=False, seed=1,
        n_resamples=300, **VISITS,
    )  # fmt: skip
    assert family[0].p_adjusted == family[2].p_adjusted


def test_values_below_the_lloq_are_ranked_lowest_in_the_joint_test(totals, response):
    def levels(marker, values):
        return pd.DataFrame(
            [
                {
                    "participant_id": one, "visit": "after", "marker": marker,
                    "value": np.nan if value is None else value, "unit": "ng/mL", "scale": "raw",
                    "censored": "left" if value is None else "",
                    "limit": 0.1 if value is None else np.nan,
                    "reason": "below 0.100 ng/mL" if value is None else "", "note": "",
                }
                for one, value in zip(IDS, values, strict=True)
            ],
            columns=list(ENDPOINT_COLUMNS),
        )  # fmt: skip

    below = levels("BDNF_plasma", [2.0, 3.0, 4.0, 1.5, None, None, 1.0, 0.5])
    whole = levels("BDNF_serum", [5.0, 1.0, 6.0, 4.0, 2.0, 3.0, 7.0, 0.5])
    family = compare_responders(
        pd.concat([totals, below, whole]), response=response, measure="endpoint",
        marker=["BDNF_plasma", "BDNF_serum"], adjust="max_t", **VISITS,
    )  # fmt: skip
    ranks = np.array([6, 7, 8, 5, 1.5, 1.5, 4, 3])
    table = np.column_stack([ranks, [5.0, 1.0, 6.0, 4.0, 2.0, 3.0, 7.0, 0.5]])
    every = [list(chosen) for chosen in combinations(range(8), 4)]
    sums = np.array([(table - table.mean(axis=0))[chosen].sum(axis=0) for chosen in every])
    assert [one.p_adjusted for one in family] == pytest.approx(
        step_down(np.abs(sums) / table.std(axis=0))
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["max_t", "min_p"]))
def test_joint_p_is_never_below_the_markers_own(seed, method):
    rng = np.random.default_rng(seed)
    drawn = {name: column(name, rng.normal(size=8).tolist()) for name in ("a", "b")}
    family = compare_visits(pd.concat(drawn.values()), marker=["a", "b"], adjust=method, **VISITS)
    assert all(one.p_value <= one.p_adjusted <= 1 for one in family)


def test_row_order_changes_no_draw(endpoints):
    drawing = Settings(
        alternative="two-sided", confidence_level=0.95, exact=False, n_resamples=200, seed=5
    )
    joint = []
    for table in (endpoints, endpoints.sample(frac=1, random_state=1)):
        alone = compare_visits(table, marker=["a", "b", "c"], adjust="none", **VISITS)
        joint.append(joint_test(alone, method="max_t", settings=drawing).p_adjusted.tolist())
    assert joint[0] == joint[1]


def test_hochberg_and_benjamini_yekutieli(endpoints, response):
    asked = {"response": response, "marker": ["a", "b"], **VISITS}
    found = {how: compare_responders(endpoints, adjust=how, **asked)
             for how in ("none", "hochberg", "fdr_by")}  # fmt: skip
    raw = [one.p_value for one in found["none"]]
    assert [one.p_adjusted for one in found["hochberg"]] == pytest.approx(
        [min(2 * min(raw), max(raw)), max(raw)]
    )
    assert found["hochberg"][0].adjustment == "Hochberg over 2 markers"
    assert found["fdr_by"][0].adjustment == "Benjamini–Yekutieli over 2 markers"
    assert "benjamini2001" in found["fdr_by"][0].references


def test_smallest_adjusted_p_that_cannot_be_significant_is_told(endpoints, response):
    # 4 v 4: at least 2/70 = .029; times 1 + 1/2 + 1/3 it is .052
    asked = {"response": response, "marker": ["a", "b", "c"], **VISITS}
    by = compare_responders(endpoints, adjust="fdr_by", **asked)
    assert any(
        "after Benjamini–Yekutieli over 3 markers it is .052 at best" in one
        for one in by[0].warnings
    )
    three = endpoints[endpoints["participant_id"].isin([*IDS[:3], *IDS[4:7]])]
    joint = compare_responders(three, adjust="max_t", **asked)
    assert any("The smallest adjusted p value" in one for one in joint[0].warnings)
    assert not any("adjusted level" in one for one in joint[0].warnings)


def test_one_marker_needs_no_adjustment(endpoints, response):
    alone = compare_responders(endpoints, response=response, marker="a", adjust="max_t", **VISITS)
    assert np.isnan(alone.p_adjusted)
    assert alone.adjustment == ""
    assert "westfall1993" not in alone.references


def test_marker_without_p_stays_in_the_family(endpoints):
    flat = pd.concat([endpoints, column("flat", [1.0] * 8)])
    family = correlate_changes(
        flat, marker=["a", "flat", "b"], adjust="max_t", exact=False, n_resamples=200, seed=3,
        **VISITS,
    )  # fmt: skip
    assert np.isnan(family[1].p_adjusted)
    assert family[1].adjustment == ""
    assert family[0].adjustment == (
        "step-down max T over 3 markers, 2 of them tested (200 draws, seed 3)"
    )
    said = "flat has no p value and counts as p = 1: the family is what was asked for."
    assert said in family[0].warnings
    assert said not in family[1].warnings


@pytest.mark.parametrize(
    ("adjust", "factor", "label"),
    [
        ("holm", 3, "Holm over 3 markers, 2 of them without a p value"),
        ("hochberg", 3, "Hochberg over 3 markers, 2 of them without a p value"),
        ("fdr_bh", 3, "Benjamini–Hochberg over 3 markers, 2 of them without a p value"),
        ("fdr_by", 5.5, "Benjamini–Yekutieli over 3 markers, 2 of them without a p value"),
    ],
)
def test_the_only_p_of_a_family_is_adjusted_for_all_that_were_planned(
    endpoints, adjust, factor, label
):
    flat = pd.concat([endpoints, *(column(name, [1.0] * 8) for name in ("flat", "even"))])
    family = correlate_changes(flat, marker=["flat", "a", "even"], adjust=adjust, **VISITS)
    assert family[1].p_adjusted == pytest.approx(min(1, factor * family[1].p_value))
    assert family[1].adjustment == label
    said = "flat and even have no p value and count as p = 1: the family is what was asked for."
    assert said in family[1].warnings


def test_unadjusted_markers_are_counted_as_planned(endpoints):
    flat = pd.concat([endpoints, column("flat", [1.0] * 8)])
    family = correlate_changes(flat, marker=["a", "flat"], adjust="none", **VISITS)
    said = "One of 2 markers planned (1 tested); the p values are not adjusted for that."
    assert said in family[0].warnings
    assert np.isnan(family[0].p_adjusted)


def test_a_constant_marker_is_named_where_it_stands(endpoints, response):
    flat = pd.concat([endpoints, column("flat", [1.0] * 8)])
    family = compare_responders(
        flat, response=response, marker=["a", "flat", "b"], adjust="max_t", **VISITS
    )
    assert family[0].adjustment == (
        "step-down max T over 3 markers, 2 of them tested (exact, 70 arrangements)"
    )
    idle = [sum("could not be tested jointly" in said for said in one.warnings) for one in family]
    assert idle == [0, 1, 0]
    assert not any("column" in said for one in family for said in one.warnings)


def test_what_a_joint_adjustment_does_not_know_of_is_said(endpoints, response):
    asked = {"marker": ["a", "b"], "adjust": "max_t", **VISITS}
    counted = compare_responders(endpoints, response=response, mid_p=True, stop_after=10, **asked)[
        0
    ]
    assert "The joint adjustment counts without mid-p." in counted.warnings
    drawn = compare_visits(
        endpoints, mid_p=True, stop_after=10, exact=False, n_resamples=99, seed=2, **asked
    )[0]
    assert "The joint adjustment counts without mid-p and draws without stopping early." in (
        drawn.warnings
    )


def test_an_outcome_ranked_once_for_all_is_said_only_where_markers_differ(endpoints):
    asked = {"method": "spearman", "adjust": "max_t", "exact": False, "n_resamples": 99, "seed": 1}
    whole, short = (
        correlate_changes(endpoints, marker=names, **asked, **VISITS)
        for names in (["a", "b"], ["a", "c"])
    )
    said = "the outcome is ranked once for all of them, whoever lacks a marker"
    assert not any(said in one for one in whole[0].warnings)
    assert any(said in one for one in short[0].warnings)


def test_how_well_a_drawn_adjusted_p_is_known_is_told(endpoints):
    asked = {"marker": ["b", "a"], "adjust": "max_t", "n_resamples": 399, "seed": 4, **VISITS}
    family = compare_visits(endpoints, exact=False, **asked)
    # The larger adjusted p is b's: (b + 1)/400, its interval that of b in 399.
    beyond = round(400 * family[0].p_adjusted) - 1
    interval = stats.binomtest(beyond, 399).proportion_ci(0.99, method="exact")
    amounts = [format_p(end, symbol=False) for end in (interval.low, interval.high)]
    assert f"Drawn: the 99% interval of the adjusted p is {' to '.join(amounts)}." in (
        family[0].warnings
    )
    counted = compare_visits(endpoints, **asked)
    assert not any(said.startswith("Drawn:") for one in counted for said in one.warnings)


def test_the_smallest_adjusted_p_of_a_coarse_design_is_told(endpoints, response):
    family = compare_responders(
        endpoints, response=response, marker=["a", "b"], adjust="max_t", **VISITS
    )
    assert any("nor below .029 in this design" in said for said in family[0].warnings)


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        (3, "marker is 3; allowed: the name of a marker, or a list of them."),
        ([], "marker is an empty list; allowed: the name of a marker"),
        (["a", "b", "a"], "marker names 'a' twice; allowed: each marker once"),
    ],
)
def test_what_names_no_family_is_refused(endpoints, marker, said):
    with pytest.raises(TableError) as refused:
        compare_visits(endpoints, marker=marker, **VISITS)
    assert said in str(refused.value)


def test_a_companion_that_cannot_be_counted_is_drawn(monkeypatch, endpoints, response):
    asked = []
    real = correlation_permutation_test

    def spy(*args, **options):
        asked.append(options["exact"])
        return real(*args, **options)

    monkeypatch.setattr("ketbio.analyses.responder_companions.correlation_permutation_test", spy)
    result = compare_responders(endpoints, response=response, marker="a", exact=True, **VISITS)
    assert result.is_exact
    assert asked == ["auto"]


def test_what_has_no_joint_test_is_refused(endpoints, response):
    with pytest.raises(StatisticsError, match="'two-sided-doubled', which has no joint test for"):
        compare_visits(
            endpoints, marker=["a", "b"], adjust="max_t", alternative="two-sided-doubled", **VISITS
        )
    with pytest.raises(StatisticsError, match="method is 'kendall', which has no joint test for"):
        correlate_changes(
            endpoints, marker=["a", "b"], method="kendall", adjust="max_t", exact=False,
            n_resamples=99, **VISITS,
        )  # fmt: skip
    with pytest.raises(StatisticsError, match=r"adjust is 'maxt'; .*Did you mean 'max_t'"):
        compare_responders(endpoints, response=response, marker=["a", "b"], adjust="maxt", **VISITS)


def test_every_adjustment_is_cited():
    assert set(CITED) == set(ADJUSTMENTS) - {"none"}


def by_signs(scores):
    """Max T by hand: every way to deal the signs of the scores of two markers."""
    sums = np.array([np.array(signs) @ scores for signs in product([1, -1], repeat=len(scores))])
    return step_down(np.abs(sums) / np.sqrt((scores**2).sum(axis=0)))


ZEROS = {
    "a": [5.0, 0.0, 6.0, -1.0, 3.0, 2.0, 4.0, 0.0],
    "b": [2.0, 3.0, 0.0, -4.0, 1.0, -5.0, 6.0, 7.0],
}
RANKED_WITH_ZEROS = {"a": [7, 0, 8, -3, 5, 4, 6, 0], "b": [3, 4, 0, -5, 2, -6, 7, 8]}
"""Sizes ranked by hand, zeros among them (the two of a share ranks 1 and 2), then with signs."""


@pytest.mark.parametrize("statistic", ["signed_rank_pratt", "sign"])
def test_changes_of_zero_in_the_joint_test_by_brute_force(statistic):
    table = pd.concat([column(name, changes) for name, changes in ZEROS.items()])
    scores = np.array([RANKED_WITH_ZEROS["a"], RANKED_WITH_ZEROS["b"]], dtype=float).T
    if statistic == "sign":
        scores = np.sign(scores)
    family = compare_visits(table, marker=["a", "b"], statistic=statistic, adjust="max_t", **VISITS)
    expected = np.maximum(by_signs(scores), [one.p_value for one in family])
    assert [one.p_adjusted for one in family] == pytest.approx(expected)
