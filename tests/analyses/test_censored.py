"""Values below the LLOQ: what stands beside the result, and what the result says of it."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_responders, compare_visits
from ketbio.result import tidy
from ketbio.statistics import gehan_scores, peto_scores
from ketbio.vocabulary import ENDPOINT_COLUMNS

VISITS = {"baseline": "before", "endpoint": "after"}
RESPONDERS = ("P01", "P02", "P03")


def levels(visit, values):
    """Endpoint rows of one visit; ``"<0.5"`` is below that limit, and ``">9"`` above it."""
    sides = {"<": ("left", "below"), ">": ("right", "above")}
    rows = []
    for one, value in values.items():
        below = isinstance(value, str)
        side, word = sides[value[0]] if below else ("", "")
        rows.append(
            {
                "participant_id": one, "visit": visit, "marker": "BDNF_plasma",
                "value": np.nan if below else value, "unit": "ng/mL", "scale": "raw",
                "censored": side,
                "limit": float(value[1:] or "nan") if below else np.nan,
                "reason": f"{word} {value[1:]} ng/mL" if below else "", "note": "",
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(ENDPOINT_COLUMNS))


def response_of(ids):
    return pd.DataFrame(
        {
            "participant_id": ids,
            "response": ["responder" if one in RESPONDERS else "non-responder" for one in ids],
            "change": [-20.0, -18.0, -15.0, -3.0, 1.0, 2.0][: len(ids)],
            "reason": "",
        }
    )


def compared(values, **options):
    # the visit before is there for its name alone
    endpoints = pd.concat([levels("before", {"P01": 1.0}), levels("after", values)])
    return compare_responders(
        endpoints, response=response_of(list(values)), marker="BDNF_plasma", measure="endpoint",
        **VISITS, **options,
    )  # fmt: skip


SIX = {"P01": 2.0, "P02": 3.0, "P03": "<0.5", "P04": "<2.5", "P05": "<0.5", "P06": 1.0}


def test_gehans_test_stands_beside_the_rank_sum():
    result = compared(SIX)
    gehan = next(one for one in result.companions if one.estimate_name.endswith("(Gehan)"))
    scores = gehan_scores([2, 3, 0.5, 2.5, 0.5, 1], [False, False, True, True, True, False])
    sums = [sum(one) for one in combinations(scores, 3)]
    assert gehan.statistic == scores[:3].sum()
    assert gehan.p_value == np.mean(np.abs(sums) >= abs(scores[:3].sum()))
    # 3 is above all three; 2 is above <0.5 and 1; <0.5 is below 1 alone: 5 − 1 of 9
    assert gehan.estimate == pytest.approx(4 / 9)
    assert (gehan.role, gehan.unit) == ("sensitivity", "")
    assert gehan.references == ("gehan1965", "helsel2012")
    assert result.p_method == "exact, 20 arrangements"


def test_range_of_p_is_told_and_has_rows():
    result = compared(SIX)
    low, high = (
        one.p_value for one in result.companions if one.estimate_name.startswith("rank-sum test, ")
    )
    # 5 wins and 1 loss of the responders are certain and 3 pairs are not: T is 1, 3, 5 or 7
    sums = [2 * sum(one) - 21 for one in combinations(range(1, 7), 3)]
    shares = [np.mean(np.abs(sums) >= t) for t in (1, 3, 5, 7)]
    assert (low, high) == (min(shares), max(shares))
    assert (
        "Wherever the 3 values below a limit may lie, tied with nothing, the rank-sum p is between "
        ".20 and 1.0." in result.warnings
    )
    names = tidy(result).set_index("estimate_name")["p_value"]
    assert names["rank-sum test, placement below the limits with the smallest p"] == low
    assert names["rank-sum test, placement below the limits with the largest p"] == high


def test_where_limits_differ_gehans_test_is_said_to_be_the_right_one():
    assert any(
        "Gehan's test beside it counts neither as lower" in w for w in compared(SIX).warnings
    )


def test_without_values_below_the_lloq_nothing_is_added():
    result = compared({"P01": 2.0, "P02": 3.0, "P03": 4.0, "P04": 1.0, "P05": 0.5, "P06": 2.5})
    assert not any("Gehan" in one.estimate_name for one in result.companions)
    assert not any("Wherever" in sentence for sentence in result.warnings)


def test_a_value_below_an_unknown_limit_is_said():
    result = compared({"P01": 2.0, "P02": 3.0, "P03": 4.0, "P04": "<", "P05": 0.5, "P06": 2.5})
    beside = [one for one in result.companions if one.role == "sensitivity" and one.warnings]
    assert any("has no limit given" in one.warnings[0] for one in beside)
    assert not np.isnan(result.p_value)


BEFORE = {"P01": 2.1, "P02": 0.9, "P03": 3.0, "P04": "<0.5", "P05": "<0.5", "P06": 1.4}
AFTER = {"P01": 1.5, "P02": "<0.5", "P03": 1.1, "P04": "<0.5", "P05": 0.8, "P06": "<0.5"}


def test_visits_have_the_paired_test_that_leaves_nobody_out():
    endpoints = pd.concat([levels("before", BEFORE), levels("after", AFTER)])
    result = compare_visits(endpoints, marker="BDNF_plasma", **VISITS)
    assert result.n == {"pairs": 2}
    paired = result.companions[-1]
    assert paired.n == {"pairs": 6}
    assert paired.estimate == pytest.approx((1 - 4) / 6)
    scores = peto_scores(
        [1.5, 0.5, 1.1, 0.5, 0.8, 0.5, 2.1, 0.9, 3.0, 0.5, 0.5, 1.4],
        [False, True, False, True, False, True, False, False, False, True, True, False],
    )
    differences = scores[:6] - scores[6:]
    sums = np.array([np.dot(signs, differences) for signs in product((1, -1), repeat=6)])
    assert paired.p_value == np.mean(np.abs(sums) >= abs(differences.sum()) - 1e-9)
    assert "obrien1987" in paired.references
    assert any("paired Prentice–Wilcoxon test beside it uses" in one for one in result.warnings)


def test_visits_without_any_change_still_have_the_paired_test():
    low = dict.fromkeys(BEFORE, "<0.5")
    endpoints = pd.concat([levels("before", dict(BEFORE, P04=1.0, P05=2.0)), levels("after", low)])
    result = compare_visits(endpoints, marker="BDNF_plasma", **VISITS)
    assert np.isnan(result.p_value)
    assert result.companions[0].p_value == 2 / 2**6
    assert result.companions[0].estimate == -1


def test_a_tied_p_outside_the_range_is_said():
    values = {"P01": 6.0, "P02": 18.0, "P03": 13.0, "A1": 11.0, "A2": 15.0, "P04": "<2",
              "P05": 7.0, "P06": 10.0, "P07": "<2", "P08": 4.0, "P09": "<2", "P10": 15}  # fmt: skip
    first = ["P01", "P02", "P03", "A1", "A2"]
    response = pd.DataFrame(
        {
            "participant_id": list(values),
            "response": ["responder" if one in first else "non-responder" for one in values],
            "change": np.arange(12.0),
            "reason": "",
        }
    )
    result = compare_responders(
        pd.concat([levels("before", {"P01": 1.0}), levels("after", values)]), response=response,
        marker="BDNF_plasma", measure="endpoint", **VISITS,
    )  # fmt: skip
    # rank sums of 5 of 12 with three tied at rank 2, and with the three at ranks 1, 2, 3
    ranks = {"tied": [5, 12, 9, 8, 10.5, 2, 6, 7, 2, 4, 2, 10.5]}
    ranks["apart"] = [5, 12, 9, 8, 10.5, 1, 6, 7, 2, 4, 3, 10.5]
    p = {}
    for name, r in ranks.items():
        sums = np.array([sum(one) for one in combinations(r, 5)]) - 5 * 6.5
        p[name] = np.mean(np.abs(sums) >= abs(sum(r[:5]) - 5 * 6.5))
    assert result.p_value == pytest.approx(p["tied"])
    assert p["tied"] < 0.05 < p["apart"]
    (said,) = [one for one in result.warnings if one.startswith("Wherever")]
    assert "the rank-sum p is .052; the p above, with all of them tied at the lowest rank, " in said
    assert not any("lies outside" in one for one in compared(SIX).warnings)


ABOVE = {"P01": ">4", "P02": 3.0, "P03": ">2.5", "P04": 1.0, "P05": 2.0, "P06": 3.5}
BOTH = {"P01": ">4", "P02": 3.0, "P03": "<0.5", "P04": "<0.5", "P05": 2.0, "P06": 1.0}


def test_values_above_the_uloq_are_ranked_highest_and_nobody_is_left_out():
    result = compared(ABOVE)
    assert result.n == {"responder": 3, "non-responder": 3}
    assert result.excluded.empty
    # ranks: both above 5.5, 3.0 has 3; 1, 2 and 3.5 have 1, 2 and 4
    sums = [sum(one) for one in combinations([5.5, 3, 5.5, 1, 2, 4], 3)]
    assert result.p_value == np.mean(np.abs(np.array(sums) - 10.5) >= 14 - 10.5)
    assert result.effect_size == pytest.approx((3 + 2 + 3) / 9)
    assert any("2 values above the ULOQ tied at the highest rank" in w for w in result.warnings)
    assert any(w.startswith("A limit (2.50) is below a measured value") for w in result.warnings)
    assert result.estimate_name == "shift (not estimated: values above the ULOQ)"


def test_gehans_test_counts_certain_pairs_above_a_limit():
    gehan = next(one for one in compared(ABOVE).companions if one.estimate_name.endswith("(Gehan)"))
    # >4 is above all three, 3 above 1 and 2 and below 3.5, >2.5 above 1 and 2: 7 − 1 of 9
    assert gehan.estimate == pytest.approx((7 - 1) / 9)
    scores = gehan_scores([4, 3, 2.5, 1, 2, 3.5], None, [True, False, True, False, False, False])
    sums = [sum(one) for one in combinations(scores, 3)]
    assert gehan.p_value == np.mean(np.abs(sums) >= abs(scores[:3].sum()))


def test_both_sides_are_told_and_ranked():
    result = compared(BOTH)
    assert any(
        "2 values below the LLOQ tied at the lowest rank and 1 value above the ULOQ tied at the "
        "highest rank; nothing was substituted" in one
        for one in result.warnings
    )
    # ranks 6, 5, 1.5 v 1.5, 4, 3
    sums = np.array([sum(one) for one in combinations([6, 5, 1.5, 1.5, 4, 3], 3)]) - 10.5
    assert result.p_value == np.mean(np.abs(sums) >= 2)
    assert any("the 3 values beyond a limit may lie" in one for one in result.warnings)


def test_detection_rates_have_intervals_and_an_exact_comparison():
    result = compared(SIX)
    rates = [one for one in result.companions if one.estimate_name == "at or above the LLOQ"]
    assert [one.estimate for one in rates] == pytest.approx([200 / 3, 100 / 3])
    assert [one.groups for one in rates] == [("responder",), ("non-responder",)]
    # Clopper–Pearson of 2/3: the lower end solves P(at least 2 of 3) = 3p² − 2p³ = 0.025
    low = rates[0].ci_low / 100
    assert 3 * low**2 - 2 * low**3 == pytest.approx(0.025)
    compare = next(one for one in result.companions if "difference of the percentages" in
                   one.estimate_name)  # fmt: skip
    # 3 of 6 seen, 2 of them responders: 3 of 3, 2, 1, 0 have 1, 9, 9 and 1 of 20
    assert compare.p_value == 1.0
    assert compare.estimate == pytest.approx(100 / 3)


def test_rates_of_values_above_and_of_both_sides_are_named():
    names = {one.estimate_name for one in compared(ABOVE).companions}
    assert "at or below the ULOQ" in names
    names = {one.estimate_name for one in compared(BOTH).companions}
    assert "within the limits of quantification" in names


def test_visits_use_values_above_the_uloq():
    before = {"P01": 1.0, "P02": 2.0, "P03": 0.5, "P04": 1.5}
    after = {"P01": ">4", "P02": ">4", "P03": ">4", "P04": 1.0}
    endpoints = pd.concat([levels("before", before), levels("after", after)])
    result = compare_visits(endpoints, marker="BDNF_plasma", **VISITS)
    assert result.n == {"pairs": 1}
    assert any("3 participants left out because a value is above the ULOQ" in one
               for one in result.warnings)  # fmt: skip
    paired = next(one for one in result.companions if one.n == {"pairs": 4})
    assert paired.estimate == pytest.approx((3 - 1) / 4)
    assert paired.outcome.endswith("values above the ULOQ included")
    scores = peto_scores([4, 4, 4, 1, 1, 2, 0.5, 1.5], None, [True] * 3 + [False] * 5)
    differences = scores[:4] - scores[4:]
    sums = np.array([np.dot(signs, differences) for signs in product((1, -1), repeat=4)])
    assert paired.p_value == np.mean(np.abs(sums) >= abs(differences.sum()) - 1e-9)


def test_visits_with_values_beyond_both_limits_use_gehans_scores():
    before = {"P01": "<0.5", "P02": 2.0, "P03": "<0.5", "P04": 1.5}
    after = {"P01": ">4", "P02": ">4", "P03": 0.9, "P04": 1.0}
    endpoints = pd.concat([levels("before", before), levels("after", after)])
    result = compare_visits(endpoints, marker="BDNF_plasma", **VISITS)
    paired = next(one for one in result.companions if one.n == {"pairs": 4})
    assert "scores of Gehan" in paired.estimate_name
    assert paired.references == ("obrien1987", "gehan1965", "helsel2012")
    scores = gehan_scores(
        [4, 4, 0.9, 1, 0.5, 2, 0.5, 1.5], [0, 0, 0, 0, 1, 0, 1, 0], [1, 1] + [0] * 6
    )
    differences = scores[:4] - scores[4:]
    sums = np.array([np.dot(signs, differences) for signs in product((1, -1), repeat=4)])
    assert paired.p_value == np.mean(np.abs(sums) >= abs(differences.sum()))


@pytest.mark.parametrize("adjust", ["max_t", "min_p"])
def test_a_joint_adjustment_ranks_values_above_highest(adjust):
    other = {"P01": 1.0, "P02": 2.0, "P03": 1.5, "P04": 0.2, "P05": 3.0, "P06": 0.1}
    table = pd.concat(
        [
            levels("before", {"P01": 1.0}),
            levels("after", ABOVE),
            levels("before", {"P01": 1.0}).assign(marker="BDNF_serum"),
            levels("after", other).assign(marker="BDNF_serum"),
        ]
    )
    words = {"response": response_of(list(ABOVE)), "measure": "endpoint", **VISITS}
    both = ["BDNF_plasma", "BDNF_serum"]
    first, _ = compare_responders(table, marker=both, adjust=adjust, **words)
    # the highest value that could have been read off gives the same ranks
    seen = table.assign(
        value=table["value"].where(table["censored"] == "", 99.0), censored="", limit=np.nan,
        reason="",
    )  # fmt: skip
    asked = {**words, "statistic": "rank_sum"}
    peer, _ = compare_responders(seen, marker=both, adjust=adjust, **asked)
    assert first.p_value == peer.p_value
    assert first.p_adjusted == peer.p_adjusted
