"""Settings and fixtures that every test shares."""

from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from ketbio.cli import run
from ketbio.result import Result, Results

# The same examples every time, none kept on disk: a failure here is a failure everywhere.
settings.register_profile(
    "ketbio",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("ketbio")


@pytest.fixture
def typed(capsys):
    """Return a function that runs one command line: (status, what it printed, its errors)."""

    def run_line(*words):
        status = run([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return run_line


def model_rows(
    arms: Sequence[str], per_arm: Sequence[int], visits: Mapping[str, float]
) -> pd.DataFrame:
    """Return changes of invented participants of several arms over visits, with gaps."""
    rng = np.random.default_rng(20260101)
    rows = []
    for place, (arm, size) in enumerate(zip(arms, per_arm, strict=True)):
        for one in range(size):
            own = float(rng.normal(0, 4))
            for step, (visit, day) in enumerate(visits.items()):
                gone = (one + 2 * step) % 11 == 10
                change = -4.0 - 3 * place + own - 0.4 * step + float(rng.normal(0, 3))
                rows.append(
                    {"participant_id": f"P{100 * place + one + 1:02d}", "arm": arm, "visit": visit,
                     "day": day, "baseline_value": 34.0, "change": np.nan if gone else change,
                     "reason": f"no value at {visit}" if gone else ""}
                )  # fmt: skip
    data = pd.DataFrame(rows)
    means = data.groupby(["arm", "visit"])["change"].transform("mean")
    data["value"] = data["baseline_value"] + data["change"]
    data["fitted"] = means.where(data["change"].notna())
    data["residual"] = (data["change"] - means) / 5
    ranks = data["residual"].rank()
    shares = (ranks - 0.5) / ranks.count()
    data["normal_quantile"] = shares.map(NormalDist().inv_cdf, na_action="ignore")
    return data


WEEKS = {"hour_4": 1 / 6, "day_1": 1.0, "day_3": 3.0, "day_7": 7.0, "day_14": 14.0}


def model_results(
    arms: Sequence[str] = ("saline", "ketamine"),
    per_arm: Sequence[int] = (8, 8),
    visits: Mapping[str, float] = WEEKS,
    **fields: object,
) -> Results:
    """Return what `fit_mmrm` gives, built by hand: contrasts with the first arm, by visit."""
    data = model_rows(arms, per_arm, visits)
    common = {"analysis": "fit_mmrm", "marker": "MADRS", "unit": "points", **fields}
    names = list(visits)
    places = [*names, f"{names[-1]}, average over visits"]
    made = [
        _contrast(data, (arm, arms[0]), place, common, n_visits=len(names))
        for arm in arms[1:]
        for place in places
    ]
    return Results(made)


def _contrast(
    data: pd.DataFrame, groups: tuple[str, str], place: str, common: dict[str, Any], n_visits: int
) -> Result:
    visit = place.partition(",")[0]
    here = data if "average" in place else data[data["visit"] == visit]
    outcome = f"change, baseline to {place}"
    means = tuple(_mean_of_arm(here, one, outcome, common) for one in groups)
    estimate = means[0].estimate - means[1].estimate
    asked = {
        "outcome": outcome, "groups": groups, "n": {**means[0].n, **means[1].n},
        "estimate": estimate, "estimate_name": "difference in estimated marginal means", **common,
    }  # fmt: skip
    permuted = Result(
        **asked, role="sensitivity", p_value=0.046, p_method="9,999 draws, arms permuted",
        alternative="two-sided", seed=1, is_exact=False,
    )  # fmt: skip
    together = Result(
        **asked, role="sensitivity", ci_low=estimate - 5.1, ci_high=estimate + 5.1,
        ci_method="simultaneous over the visits (multivariate t)",
    )  # fmt: skip
    simultaneous = () if "average" in place else (together,)
    p = 0.021 if estimate < -2 else 0.34
    return Result(**{
        "ci_low": estimate - 3.9, "ci_high": estimate + 3.9, "ci_method": "t, 13.4 df",
        "statistic": estimate / 1.8, "statistic_name": "t(13.4)", "p_value": p,
        "p_method": "mixed model for repeated measures (REML, unstructured covariance), "
        "Kenward–Roger (linear) df",
        "alternative": "two-sided", "p_adjusted": min(1.0, n_visits * p),
        "adjustment": f"Holm over {n_visits} visits", "data": data, "references": ("welch1947",),
        "excluded": pd.DataFrame({"participant_id": ["P99"], "reason": ["no value at baseline"]}),
        "companions": (*means, permuted, *simultaneous), **asked,
    })  # fmt: skip


def _mean_of_arm(here: pd.DataFrame, arm: str, outcome: str, common: dict[str, Any]) -> Result:
    own = here[(here["arm"] == arm) & here["change"].notna()]
    mean = float(own["change"].mean())
    return Result(**{
        "outcome": outcome, "groups": (arm,), "n": {arm: own["participant_id"].nunique()},
        "role": "description", "estimate": mean, "estimate_name": "estimated marginal mean",
        "ci_low": mean - 2.6, "ci_high": mean + 2.6, "ci_method": "t, 13.4 df", **common,
    })  # fmt: skip


@pytest.fixture
def model() -> Callable[..., Results]:
    """Return what makes results of a mixed model for repeated measures, by hand."""
    return model_results
