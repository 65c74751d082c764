"""P values adjusted for a family: against R's p.adjust, by hand, and by what must hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import adjust_p

P = [0.011, 0.02, 0.04, 0.001, 0.3, 0.04]

# R: p <- c(.011, .02, .04, .001, .3, .04); p.adjust(p, "hochberg"); p.adjust(p, "BY") …
FROM_R = {
    "holm": [0.055, 0.080, 0.120, 0.006, 0.300, 0.120],
    "hochberg": [0.055, 0.080, 0.080, 0.006, 0.300, 0.080],
    "fdr_bh": [0.033, 0.040, 0.048, 0.006, 0.300, 0.048],
    "fdr_by": [0.08085, 0.09800, 0.11760, 0.01470, 0.73500, 0.11760],
}


@pytest.mark.parametrize("method", FROM_R)
def test_adjusted_as_r(method):
    found = adjust_p(P, method=method)
    assert found.p_adjusted == pytest.approx(FROM_R[method])
    assert found.n_tests == 6


@pytest.mark.parametrize(
    ("method", "expected"),
    [("hochberg", [0.5, 0.5, 0.09]), ("fdr_by", [0.916666666667, 0.916666666667, 0.165])],
)
def test_missing_p_is_not_counted_as_r(method, expected):
    # R: p.adjust(c(.5, .5, NA, .03), "hochberg"); the same with "BY"
    found = adjust_p([0.5, 0.5, np.nan, 0.03], method=method)
    assert np.isnan(found.p_adjusted[2])
    assert found.p_adjusted[[0, 1, 3]] == pytest.approx(expected)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([0.0, 1e-9, 0.004, 0.01, 0.03, 0.05, 0.3, 1.0]), min_size=1))
def test_holm_by_its_definition(p_values):
    # the largest of (number of p values that are not smaller) × p over all that are not larger
    steps = [(p, p * sum(other >= p for other in p_values)) for p in p_values]
    expected = [min(1.0, max(step for other, step in steps if other <= p)) for p in p_values]
    assert adjust_p(p_values, method="holm").p_adjusted == pytest.approx(expected)


def test_hochberg_by_hand():
    # Both of two p values at .05 or less: Hochberg rejects both, Holm neither.
    assert adjust_p([0.05, 0.04], method="hochberg").p_adjusted.tolist() == [0.05, 0.05]
    assert adjust_p([0.05, 0.04], method="holm").p_adjusted.tolist() == [0.08, 0.08]


def test_benjamini_yekutieli_by_hand():
    # Two tests: 1 + 1/2 times Benjamini–Hochberg.
    assert adjust_p([0.02, 0.5], method="fdr_by").p_adjusted == pytest.approx([0.06, 0.75])


def test_labels_are_those_of_readers():
    labels = [adjust_p(P, method=method).label for method in FROM_R]
    assert labels == ["Holm", "Hochberg", "Benjamini–Hochberg", "Benjamini–Yekutieli"]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from([0.0, 1e-9, 0.004, 0.01, 0.03, 0.05, 0.3, 1.0]), min_size=1, max_size=8
    )
)
def test_order_of_severity(p_values):
    found = {method: adjust_p(p_values, method=method).p_adjusted for method in FROM_R}
    room = 1e-12
    assert (found["hochberg"] <= found["holm"] + room).all()
    assert (found["fdr_bh"] <= found["hochberg"] + room).all()
    assert (found["fdr_bh"] <= found["fdr_by"] + room).all()
    for adjusted in found.values():
        assert (adjusted >= np.array(p_values) - room).all()
        assert (adjusted <= 1).all()


def test_unknown_method_is_refused():
    with pytest.raises(StatisticsError, match=r"method is 'hochburg'; .*Did you mean 'hochberg'"):
        adjust_p(P, method="hochburg")
