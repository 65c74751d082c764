"""Intervals of a curve's own parameters: t intervals, that of the EC50 on the log scale."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ketbio.errors import StatisticsError
from ketbio.statistics import fit_dose_response
from ketbio.statistics.curves.parameter_intervals import parameter_interval

FIT = fit_dose_response(
    [0, 1, 2, 4, 8, 16, 32], [0.11, 0.3, 0.52, 0.79, 1.22, 1.41, 1.62], points="wells"
)
T_3 = 3.182446  # the 0.975 quantile of t on 3 df


@pytest.mark.parametrize("name", ["b", "c", "d"])
def test_by_hand(name: str) -> None:
    value, se = getattr(FIT, name), getattr(FIT, f"{name}_se")
    expected = (value - T_3 * se, value + T_3 * se)
    assert parameter_interval(FIT, name) == pytest.approx(expected, rel=1e-6)


def test_that_of_the_ec50_is_positive_and_symmetric_in_logs() -> None:
    low, high = parameter_interval(FIT, "e")
    assert 0 < low < FIT.e < high
    assert low * high == pytest.approx(FIT.e**2)
    assert math.log(high / FIT.e) == pytest.approx(T_3 * FIT.e_se / FIT.e, rel=1e-6)


def test_without_degrees_of_freedom_there_is_none() -> None:
    assert np.isnan(parameter_interval(replace(FIT, df=0), "b")).all()
    assert np.isnan(parameter_interval(FIT, "f")).all()


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(StatisticsError, match="parameter is 'g'; allowed"):
        parameter_interval(FIT, "g")
