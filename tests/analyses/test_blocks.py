"""Blocks: labels and pairings are dealt within sites, by participant, never by row order."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_responders, correlate_changes
from ketbio.endpoints import derive_column, derive_response, derive_scale_total
from ketbio.errors import TableError

IDS = [f"P{i}" for i in range(1, 11)]
SITES = dict(zip(IDS, "AAAAABBBBB", strict=True))
MADRS = [10.0, 12, 14, 30, 33, 9, 31, 29, 34, 11]
ENTROPY = [1.5, 1.4, 1.6, 1.1, 0.9, 3.0, 2.1, 2.6, 2.2, 2.9]
VISITS = ["before"] * 10 + ["after"] * 10


@pytest.fixture
def madrs():
    table = pd.DataFrame(
        {"participant_id": IDS * 2, "visit": VISITS, "madrs_total": [34.0] * 9 + [33.0] + MADRS}
    )
    return derive_scale_total(table)


@pytest.fixture
def entropy():
    table = pd.DataFrame(
        {"participant_id": IDS * 2, "visit": VISITS, "entropy": [1.0] * 10 + ENTROPY}
    )
    return derive_column(table, column="entropy", unit="nats")


@pytest.fixture
def people():
    shuffled = IDS[::-1]
    return pd.DataFrame({"participant_id": shuffled, "site": [SITES[one] for one in shuffled]})


def p_within_sites(values, is_x):
    """Two-sided p of Σ x over every deal of the labels within the two sites."""
    halves = [
        [sum(one) for one in combinations(values[part], int(is_x[part].sum()))]
        for part in (slice(0, 5), slice(5, 10))
    ]
    sums = np.add.outer(*map(np.array, halves)).ravel()
    far = np.abs(sums - sums.mean())
    return float(np.mean(far >= abs(values[is_x].sum() - sums.mean()) - 1e-9)), sums.size


def test_labels_are_dealt_within_sites(madrs, entropy, people):
    response = derive_response(madrs, baseline="before", endpoint="after")
    plan = {"response": response, "marker": "entropy", "baseline": "before", "endpoint": "after"}
    found = compare_responders(entropy, **plan, blocks="site", participants=people)
    is_x = np.array(MADRS) < 20
    p, n = p_within_sites(np.array(ENTROPY) - 1.0, is_x)
    assert (found.p_value, found.n_arrangements) == (pytest.approx(p), n)
    assert found.p_value < compare_responders(entropy, **plan).p_value
    assert found.estimate_name == "mean difference within blocks"
    assert any("Permuted within site only (2 of them)" in one for one in found.warnings)
    assert len(found.leave_one_out) == 10


def test_who_has_no_site_is_left_out_with_that_reason(madrs, entropy, people):
    response = derive_response(madrs, baseline="before", endpoint="after")
    people.loc[people["participant_id"] == "P3", "site"] = None
    found = compare_responders(
        entropy, response=response, marker="entropy", baseline="before", endpoint="after",
        blocks="site", participants=people,
    )  # fmt: skip
    assert found.excluded.to_dict("records") == [{"participant_id": "P3", "reason": "no site"}]
    assert found.n_total == 9


def test_pairings_are_dealt_within_sites(madrs, entropy, people):
    both = pd.concat([madrs, entropy])
    plan = {"marker": "entropy", "baseline": "before", "endpoint": "after", "participants": people}
    found = correlate_changes(both, **plan, blocks="site")
    x, y = np.array(ENTROPY) - 1.0, np.array(MADRS) - np.array([34.0] * 9 + [33.0])
    centred = [np.concatenate([v[:5] - v[:5].mean(), v[5:] - v[5:].mean()]) for v in (x, y)]
    assert found.estimate == pytest.approx(np.corrcoef(*centred)[0, 1])
    assert found.n_arrangements == 120**2
    assert found.is_exact


def test_a_joint_adjustment_keeps_to_the_blocks(madrs, entropy, people):
    twice = pd.concat([entropy, entropy.assign(marker="again")])
    response = derive_response(madrs, baseline="before", endpoint="after")
    found = compare_responders(
        twice, response=response, marker=["entropy", "again"], baseline="before",
        endpoint="after", blocks="site", participants=people, adjust="max_t",
    )  # fmt: skip
    # Two markers that are one: the joint test is the single one.
    assert found[0].p_adjusted == pytest.approx(found[0].p_value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"blocks": "site"}, "blocks is 'site', but participants is None"),
        ({"blocks": "cite", "participants": "people"}, "Did you mean 'site'?"),
        ({"blocks": "", "participants": "people"}, "blocks is ''; allowed: 'site', 'ward'."),
        ({"blocks": "ward", "participants": "people"}, "blocks is 'ward', a column without any"),
    ],
)
def test_refusals(madrs, entropy, people, given, said):
    if "participants" in given:
        given = given | {"participants": people.assign(ward=None)}
    with pytest.raises(TableError) as caught:
        correlate_changes(
            pd.concat([madrs, entropy]), marker="entropy", baseline="before", endpoint="after",
            **given,
        )  # fmt: skip
    assert said in str(caught.value)


def test_what_does_not_know_of_blocks_is_named(madrs, entropy, people):
    response = derive_response(madrs, baseline="before", endpoint="after")
    plan = {"marker": "entropy", "baseline": "before", "endpoint": "after", "blocks": "site",
            "participants": people}  # fmt: skip
    split = compare_responders(entropy, response=response, **plan)
    said = (
        "Permuted within site only (2 of them), so that differences between them cannot make the "
        "result"
    )
    assert f"{said}; Welch's t test and effect sizes beside it do not know of them." in (
        split.warnings
    )
    whole = correlate_changes(pd.concat([madrs, entropy]), **plan)
    assert f"{said}." in whole.warnings


@pytest.mark.parametrize("adjust", ["max_t", "min_p"])
def test_blocks_that_are_the_same_in_everyone_change_nothing(madrs, entropy, people, adjust):
    both = pd.concat([madrs, entropy, entropy.assign(marker="again")])
    plan = {"marker": ["entropy", "again"], "baseline": "before", "endpoint": "after",
            "adjust": adjust, "exact": False, "n_resamples": 199, "seed": 1}  # fmt: skip
    here = people.assign(site="north")
    found = correlate_changes(both, **plan, blocks="site", participants=here)
    plain = correlate_changes(both, **plan)
    for one, other in zip(found, plain, strict=True):
        assert (one.p_value, one.p_adjusted) == (other.p_value, other.p_adjusted)
        assert (one.ci_low, one.ci_method) == (other.ci_low, other.ci_method)
    said = "site is the same in everyone, so that blocks by it change nothing."
    assert said in found[0].warnings
    assert not any("Permuted within" in one for one in found[0].warnings)


def test_a_marker_of_one_site_alone_is_tested_with_the_others(madrs, entropy, people):
    only_b = entropy[entropy["participant_id"].map(SITES) == "B"].assign(marker="only_b")
    found = correlate_changes(
        pd.concat([madrs, entropy, only_b]), marker=["entropy", "only_b"], baseline="before",
        endpoint="after", blocks="site", participants=people, adjust="max_t", exact=False,
        n_resamples=199, seed=1,
    )  # fmt: skip
    assert all(one.p_adjusted >= one.p_value for one in found)


def test_a_change_that_is_constant_within_each_block_is_a_result_that_says_why(
    madrs, entropy, people
):
    flat = entropy.assign(marker="flat")
    rise = flat["participant_id"].map(SITES).map({"A": 1.5, "B": 3.0})
    flat["value"] = flat["value"].where(flat["visit"] == "before", rise)
    found = correlate_changes(
        pd.concat([madrs, entropy, flat]), marker=["flat", "entropy"], baseline="before",
        endpoint="after", blocks="site", participants=people,
    )  # fmt: skip
    assert "the change of flat is the same in every participant of a block" in found[0].warnings[0]
    assert not np.isnan(found[1].p_value)
