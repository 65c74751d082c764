"""Levels per group with values beyond limits: rates, summaries by three methods, refusals."""

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses.levels import summarise_levels
from ketbio.errors import TableError
from ketbio.statistics import proportion_interval
from ketbio.statistics.censored_summary import censored_summary
from ketbio.vocabulary import ENDPOINT_COLUMNS

VALUES = ["<0.5", 0.8, 1.1, 2.4, 0.9, "<0.5", "<0.7", 1.3, 0.6, 1.9, 3.1]
SIDES = {"<": "left", ">": "right"}


def endpoints(values, *, visit="baseline", scale="raw"):
    rows = [
        {
            "participant_id": f"P{place:02d}", "visit": visit, "marker": "BDNF_plasma",
            "value": np.nan if isinstance(one, str) else one, "unit": "ng/mL", "scale": scale,
            "censored": SIDES[one[0]] if isinstance(one, str) else "",
            "limit": float(one[1:] or "nan") if isinstance(one, str) else np.nan,
            "reason": f"beyond {one}" if isinstance(one, str) else "", "note": "",
        }
        for place, one in enumerate(values, start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(ENDPOINT_COLUMNS))


def response(n, n_responders):
    words = ["responder"] * n_responders + ["non-responder"] * (n - n_responders)
    return pd.DataFrame({"participant_id": [f"P{i:02d}" for i in range(1, n + 1)],
                         "response": words})  # fmt: skip


def described(table, **words):
    (found,) = summarise_levels(table, marker="BDNF_plasma", visit="baseline", **words)
    return found


def lines(result, group):
    every = (result, *result.companions)
    return {one.estimate_name: one for one in every if one.groups == (group,)}


def test_rates_and_summaries_stand_per_group():
    found = described(endpoints(VALUES), response=response(11, 5))
    assert (found.role, found.groups, found.n) == ("description", ("all",), {"all": 11})
    for group, chosen in (
        ("all", VALUES),
        ("responder", VALUES[:5]),
        ("non-responder", VALUES[5:]),
    ):
        below = [isinstance(one, str) for one in chosen]
        levels = [float(str(one).lstrip("<")) for one in chosen]
        own = lines(found, group)
        seen = len(below) - sum(below)
        rate, exact = own["at or above the LLOQ"], proportion_interval(seen, len(below))
        assert rate.estimate == pytest.approx(100 * seen / len(below))
        assert (rate.ci_low, rate.ci_high) == pytest.approx(
            (100 * exact.ci_low, 100 * exact.ci_high)
        )
        assert rate.n == {group: len(below)}
        for method, name in (("ml", "maximum likelihood, lognormal"), ("km", "Kaplan–Meier"),
                             ("ros", "regression on order statistics, lognormal")):  # fmt: skip
            expected = censored_summary(levels, below=below, method=method)
            mean, geometric = own[f"mean ({name})"], own[f"geometric mean ({name})"]
            assert (mean.estimate, mean.spread) == (expected.mean, expected.sd)
            assert geometric.estimate == expected.geometric_mean
            assert own[f"median ({name})"].estimate == pytest.approx(expected.median, nan_ok=True)
            assert {one.role for one in own.values()} == {"description"}
    assert found.estimate_name == "geometric mean (maximum likelihood, lognormal)"
    assert found.ci_low < found.estimate < found.ci_high
    assert list(found.data.columns) == ["participant_id", "group", "value", "censored", "limit"]
    assert found.data["group"].to_list() == ["responder"] * 5 + ["non-responder"] * 6


def test_what_is_a_logarithm_already_is_taken_as_normal():
    found = described(endpoints([-1.2, "<-2", 0.3, 1.1, 0.5], scale="log2"))
    assert found.estimate_name == "mean (maximum likelihood, normal)"
    expected = censored_summary([-1.2, -2, 0.3, 1.1, 0.5], below=[0, 1, 0, 0, 0], scale="raw")
    assert found.estimate == expected.mean
    assert not [one for one in found.companions if "geometric" in one.estimate_name]


def test_both_sides_have_maximum_likelihood_alone():
    found = described(endpoints(["<0.5", 0.8, 1.1, ">2", 0.9]))
    names = [one.estimate_name for one in found.companions]
    assert names[0] == "within the limits of quantification"
    assert len(names) == 3  # the geometric mean is the estimate itself
    assert any("by regression on order statistics: method is 'ros'" in w for w in found.warnings)
    assert any("by Kaplan–Meier: method is 'km'" in one for one in found.warnings)


def test_a_group_with_too_few_measured_values_is_told():
    found = described(endpoints(VALUES), response=response(11, 1))
    assert any(
        one.startswith(
            "No summary of responders by maximum likelihood: 0 of 1 values were measured"
        )
        for one in found.warnings
    )
    own = lines(found, "responder")
    assert own["at or above the LLOQ"].estimate == 0
    assert "mean (Kaplan–Meier)" not in own


def test_a_limit_that_is_not_known_is_told():
    found = described(endpoints(["<", 0.8, 1.1, 2.0]))
    assert np.isnan(found.estimate)
    assert found.warnings == (
        "No summary of all participants: a value below the LLOQ has no limit given, and the limit "
        "is all that is known of it.",
    )
    assert [one.estimate for one in found.companions] == [75.0]


def test_who_has_no_value_is_excluded_with_the_reason():
    table = endpoints([0.5, 0.8, 1.1, 2.0])
    table.loc[0, ["value", "reason"]] = [np.nan, "no level recorded"]
    found = described(table)
    assert found.excluded.to_dict("records") == [
        {"participant_id": "P01", "reason": "baseline: no level recorded"}
    ]
    assert found.n == {"all": 3}


def test_markers_and_visits_have_a_result_each():
    table = pd.concat([endpoints(VALUES), endpoints(VALUES, visit="day_14")])
    found = summarise_levels(table, marker=["BDNF_plasma"], visit=["baseline", "day_14"])
    assert [one.outcome for one in found] == ["value at baseline", "value at day_14"]
    assert (
        summarise_levels(table, marker="BDNF_plasma", visit="day_14", methods=["km"])[
            0
        ].estimate_name
        == "geometric mean (Kaplan–Meier)"
    )


def test_wrong_words_are_refused():
    table = endpoints(VALUES)
    with pytest.raises(TableError, match="method is 'half'"):
        described(table, methods=["half"])
    with pytest.raises(TableError, match="scale is 'log10'"):
        described(table, scale="log10")
    with pytest.raises(TableError, match="marker is 'BDNF'"):
        summarise_levels(table, marker="BDNF", visit="baseline")
