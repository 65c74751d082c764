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
    ],
)
def test_refusals(madrs, entropy, people, given, said):
    if "participants" in given:
        given = given | {"participants": people}
    with pytest.raises(TableError) as caught:
        correlate_changes(
            pd.concat([madrs, entropy]), marker="entropy", baseline="before", endpoint="after",
            **given,
        )  # fmt: skip
    assert said in str(caught.value)
