"""Results as the analyses make them, with round numbers."""

import numpy as np
import pytest

from ketbio.result import Result

CHANGE = "change, baseline to day_14"
GROUPS = ("responder", "non-responder")


def _of_groups(**fields):
    shared = {
        "analysis": "compare_responders", "marker": "nacc_entropy",
        "label": "nucleus accumbens entropy", "outcome": CHANGE, "groups": GROUPS,
        "n": {"responder": 5, "non-responder": 6}, "unit": "nats", "estimate": 0.1921,
        "estimate_name": "mean difference", "ci_low": 0.0183, "ci_high": 0.368,
        "ci_method": "inverted permutation test", "p_value": 17 / 462,
        "p_method": "exact, 462 arrangements", "is_exact": True, "n_arrangements": 462,
        "p_floor": 1 / 462, "alternative": "two-sided", "statistic_name": "mean difference",
    }  # fmt: skip
    return Result(**(shared | fields))


def _of_visits(**fields):
    shared = {
        "analysis": "compare_visits", "marker": "MADRS", "outcome": CHANGE,
        "groups": ("day_14", "baseline"), "n": {"pairs": 12}, "unit": "points", "estimate": -17.0,
        "estimate_name": "mean change", "ci_low": -23.9, "ci_high": -10.2, "p_value": 2 / 4096,
        "p_method": "exact, 4,096 arrangements", "is_exact": True, "n_arrangements": 4096,
        "p_floor": 2 / 4096, "alternative": "two-sided",
    }  # fmt: skip
    return Result(**(shared | fields))


def _of_pair(**fields):
    shared = {
        "analysis": "correlate_changes", "marker": "nacc_entropy",
        "label": "nucleus accumbens entropy", "outcome": f"{CHANGE}, against the change of MADRS",
        "groups": ("nacc_entropy", "MADRS"), "n": {"pairs": 11}, "estimate": -0.8077,
        "estimate_name": "Pearson r", "ci_low": -0.948, "ci_high": -0.403, "p_value": 0.00231,
        "p_method": "exact, 39,916,800 arrangements", "is_exact": True, "alternative": "two-sided",
        "effect_size": -0.8077, "effect_size_name": "Pearson r",
    }  # fmt: skip
    return Result(**(shared | fields))


def _described(**fields):
    shared = {
        "analysis": "summarise_participants", "marker": "age_years", "label": "age",
        "outcome": "", "groups": ("all",), "n": {"all": 13}, "role": "description",
    }  # fmt: skip
    return Result(**(shared | fields))


TYPICAL = {
    "visits": _of_visits(),
    "visits by t": _of_visits(ci_low=-23.8, statistic=-5.476, statistic_name="t(11)",
                              p_value=0.000193, is_exact=False, p_floor=np.nan,
                              p_method="paired t test, which assumes normal values"),
    "visits, fold": _of_visits(marker="BDNF_serum", label="serum BDNF", unit="log2 ng/mL",
                               estimate=0.139, estimate_name="Hodges–Lehmann centre",
                               ci_low=-0.173, ci_high=0.403, n={"pairs": 10}, p_value=242 / 1024,
                               p_method="exact, 1,024 arrangements", p_adjusted=0.473,
                               adjustment="Holm over 2 markers"),
    "groups": _of_groups(effect_size=1.39, effect_size_name="Hedges' g",
                         effect_size_ci=(0.106, 2.62), p_adjusted=0.184,
                         adjustment="Holm over 5 markers"),
    "groups, fold": _of_groups(marker="p_mTOR_S2448", label="p-mTOR (Ser2448)", unit="log2 ratio",
                               estimate=0.4595, ci_low=-0.05, ci_high=1.2, p_value=1 / 3,
                               n={"responder": 1, "non-responder": 5}, p_floor=1 / 6),
    "superiority": _of_groups(estimate=np.nan, estimate_name="shift (not estimated)",
                              outcome="value at day_14", ci_low=np.nan, ci_high=np.nan,
                              effect_size=0.714, effect_size_name="probability of superiority",
                              effect_size_ci=(0.206, 1.0), p_value=0.268),
    "correlation": _of_pair(),
    "correlation, open": _of_pair(estimate=0.31, ci_low=-0.335, ci_high=0.757, p_value=0.327,
                                  estimate_name="Spearman rho"),
    "response": _described(analysis="summarise_response", marker="MADRS", label="MADRS",
                           outcome="response (reduction of at least 50%)", n={"all": 12},
                           estimate=41.67, estimate_name="responders", unit="%", ci_low=15.2,
                           ci_high=72.3, ci_method="Clopper–Pearson", statistic=5.0,
                           statistic_name="count"),
    "mean": _described(estimate=14.46, estimate_name="mean", unit="years", spread=1.56),
    "median": _described(estimate=14.0, estimate_name="median", unit="years", ci_low=13.0,
                         ci_high=16.0, ci_method="quartiles, type 7"),
    "curve": _described(analysis="fit_standard_curve", marker="BDNF", label="BDNF",
                        outcome="standard curve of plate PL1", groups=("standard wells",),
                        n={"standard wells": 16}, estimate=0.8741, estimate_name="EC50",
                        unit="ng/mL", ci_low=0.844, ci_high=0.905),
    "replicates": _described(analysis="summarise_replicates", marker="p_mTOR_S2448",
                             label="p-mTOR (Ser2448)", outcome="replicates of 20 samples",
                             n={"all": 10}, estimate=10.62, estimate_name="within-run CV",
                             unit="%", ci_low=8.12, ci_high=15.3),
    "of a user": Result(analysis="my_analysis", marker="x", label="gait speed", outcome="",
                        groups=("all",), n={"all": 1}, estimate=1.0, estimate_name="best score",
                        unit="points"),
    "without an answer": _of_groups(estimate=np.nan, estimate_name="", p_method="",
                                    p_value=np.nan, ci_low=np.nan, ci_high=np.nan,
                                    p_floor=np.nan, n={"responder": 1, "non-responder": 0},
                                    warnings=("A group has fewer than 2 participants.",)),
}  # fmt: skip


@pytest.fixture
def typical():
    return TYPICAL


@pytest.fixture
def of_visits():
    return _of_visits


@pytest.fixture
def of_groups():
    return _of_groups


@pytest.fixture
def of_pair():
    return _of_pair
