"""Standards that are refused, each in one sentence."""

import numpy as np
import pytest

from ketbio.errors import StatisticsError
from ketbio.statistics import fit_dose_response

DOUBLING = np.array([0, 1, 2, 4, 8, 16, 32, 64], dtype=float)
GOOD = 0.05 + 1.95 / (1 + (8 / np.maximum(DOUBLING, 1e-99)) ** 1.2)


@pytest.mark.parametrize(
    ("x", "y", "how", "words"),
    [
        (DOUBLING[:4], GOOD[:4], {}, "4 different concentrations; allowed: at least 5"),
        (DOUBLING[:5], GOOD[:5], {"curve": "5pl"}, "5 different concentrations; .* 6"),
        (-DOUBLING, GOOD, {}, "7 negative values"),
        ([np.nan, *DOUBLING[1:]], GOOD, {}, "concentration holds 1 value that is not finite"),
        (DOUBLING, [np.nan, *GOOD[1:]], {}, "response holds 1 value that is not finite"),
        (DOUBLING, GOOD[:-1], {}, "8 values and response has 7"),
        (DOUBLING, np.full(8, 0.05), {}, "same mean response"),
        (DOUBLING, [*GOOD[:-2], 0.6, 0.5], {}, r"rise to .* at concentration 16 and fall back"),
        (DOUBLING, [*(2 - GOOD[:-2]), 1.4, 1.6], {}, r"fall to .* and rise again"),
        (DOUBLING, GOOD, {"direction": "falling"}, "rises .* allowed by direction: falling"),
        (DOUBLING, GOOD[::-1], {"direction": "rising"}, "falls .* reverse order"),
        (DOUBLING, DOUBLING, {}, "do not determine the curve"),
        (DOUBLING, [0, 0, 0, 0, 2, 2, 2, 2], {}, "do not determine the curve: the slope"),
        (DOUBLING, GOOD, {"curve": "3pl"}, "curve is '3pl'"),
        (DOUBLING, GOOD, {"weights": "1/y2"}, "weights is '1/y2'"),
    ],
)
def test_a_clear_sentence(x, y, how, words):
    with pytest.raises(StatisticsError, match=words):
        fit_dose_response(x, y, **how)


def test_noise_alone_is_flat():
    first = [0.05, 0.06, 0.05, 0.04, 0.06, 0.05, 0.045, 0.055]
    y = np.append(first, [0.055, 0.04, 0.06, 0.055, 0.045, 0.05, 0.06, 0.04])
    with pytest.raises(StatisticsError, match="no dose–response is distinguishable"):
        fit_dose_response(np.tile(DOUBLING, 2), y)
