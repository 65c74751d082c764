"""Cases that other packages get wrong where participants matter, beside the answer by hand."""

from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_visits, correlate_changes
from ketbio.endpoints import derive_column

VISITS = {"baseline": "before", "endpoint": "after"}
IDS = [f"P{number:02}" for number in range(1, 9)]
BEFORE = [30.0, 12.0, 45.0, 21.0, 38.0, 9.0, 27.0, 33.0]
CHANGE = [1.5, 0.5, 2.0, -0.25, 1.0, 0.75, 1.25, 0.5]


def endpoints_of(name, before, after):
    """One column at two visits, as an endpoints table."""
    table = pd.DataFrame(
        {
            "participant_id": IDS * 2,
            "visit": ["before"] * len(IDS) + ["after"] * len(IDS),
            name: [*before, *after],
        }
    )
    return derive_column(table, column=name)


def sign_flip_p(changes):
    signs = product((1, -1), repeat=len(changes))
    sums = [abs(sum(s * d for s, d in zip(one, changes, strict=True))) for one in signs]
    return np.mean(np.array(sums) >= abs(sum(changes)) - 1e-9)


def pairing_p(x, y):
    orders = np.array(list(permutations(y)))
    products = np.abs((orders - np.mean(y)) @ (np.array(x) - np.mean(x)))
    observed = abs((np.array(y) - np.mean(y)) @ (np.array(x) - np.mean(x)))
    return np.mean(products >= observed - 1e-9)


@pytest.fixture
def bdnf():
    return endpoints_of("bdnf", BEFORE, [b + d for b, d in zip(BEFORE, CHANGE, strict=True)])


def shuffled(table, seed):
    return table.sample(frac=1, random_state=seed).reset_index(drop=True)


@pytest.mark.parametrize("seed", range(4))
def test_pairs_are_made_by_participant_whatever_the_order_of_rows(bdnf, seed):
    # statannotations 0.7: shuffled rows give p = 0.72 where the truth is 3.2e-06.
    result = compare_visits(shuffled(bdnf, seed), marker="bdnf", **VISITS)
    assert result.estimate == pytest.approx(np.mean(CHANGE))
    assert result.p_value == sign_flip_p(CHANGE) == 4 / 256
    by_row = np.array(BEFORE[::-1]) + CHANGE - BEFORE  # what pairing by row would test
    assert sign_flip_p(by_row) > 0.5


@pytest.mark.parametrize("seed", range(4))
def test_changes_are_correlated_by_participant(bdnf, seed):
    outcome = [-12.0, -3.0, -20.0, 4.0, -9.0, -8.0, -15.0, -2.0]
    madrs = endpoints_of("score", [35.0] * 8, [35 + d for d in outcome])
    both = shuffled(pd.concat([bdnf, madrs]), seed)
    result = correlate_changes(both, marker="bdnf", outcome="score", **VISITS)
    assert result.p_value == pytest.approx(pairing_p(CHANGE, outcome), rel=1e-12)
    assert result.estimate == pytest.approx(np.corrcoef(CHANGE, outcome)[0, 1])


def test_values_missing_in_different_participants_do_not_shift_the_pairs():
    """DABEST 2025.10.20, TwoGroupsEffectSize: difference −9.2 where the truth is +0.9.

    Each visit's missing value was dropped on its own, so that later rows paired two people.
    """
    before = [30.0, np.nan, 45.0, 21.0, 38.0, 9.0, 27.0, 33.0]
    after = [31.5, 12.5, np.nan, 20.75, 39.0, 9.75, 28.25, 33.5]
    result = compare_visits(endpoints_of("bdnf", before, after), marker="bdnf", **VISITS)
    kept = [d for d, one in zip(CHANGE, IDS, strict=True) if one not in ("P02", "P03")]
    assert result.estimate == pytest.approx(np.mean(kept)) == pytest.approx(0.7917, abs=5e-5)
    assert result.p_value == sign_flip_p(kept) == 4 / 64
    assert result.n == {"pairs": 6}
    each_alone = np.nanmean(after) - np.nanmean(before)
    assert each_alone == pytest.approx(-3.96, abs=0.005)  # of the other sign


def test_whoever_lacks_a_value_is_reported_with_the_reason():
    """SciPy ≤ 1.17.1: one NaN gives p = 0.0002 or 0.0. Here it is somebody, and said."""
    before = [*BEFORE[:7], np.nan]
    after = [b + d for b, d in zip(BEFORE, CHANGE, strict=True)]
    result = compare_visits(endpoints_of("bdnf", before, after), marker="bdnf", **VISITS)
    excluded = result.excluded.set_index("participant_id")["reason"].to_dict()
    assert excluded == {"P08": "before: no value recorded"}
    assert result.p_value == sign_flip_p(CHANGE[:7])
    assert "1 participant excluded" in result.sentence()
