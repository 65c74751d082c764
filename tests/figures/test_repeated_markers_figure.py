"""The figure of random effects: participants, means, replicates as their mean."""

import numpy as np
import pandas as pd
import pytest

from ketbio.errors import FigureError
from ketbio.figures import draw, figure_record
from ketbio.result import Result

VISITS = ["day_0", "day_1", "day_7"]
IDS = [f"P{i:02d}" for i in range(1, 7)]


def rows(n_replicates=1):
    level = np.arange(6) * 1.5 + 20
    made = [
        {
            "participant_id": who, "arm": "saline" if i < 3 else "ketamine", "visit": visit,
            "day": float(visit[4:]), "replicate": k + 1, "value": level[i] + place + k,
            "visit_mean": level[i] + place + (n_replicates - 1) / 2, "reason": "",
        }
        for i, who in enumerate(IDS)
        for place, visit in enumerate(VISITS)
        for k in range(n_replicates)
    ]  # fmt: skip
    return pd.DataFrame(made)


def results(n_replicates=1, **changes):
    means = tuple(
        Result(
            analysis="fit_random_effects", marker="BDNF_serum", outcome=f"value at {visit}",
            groups=(arm,), n={arm: 3}, role="description", estimate=start + place, unit="ng/mL",
            estimate_name="estimated marginal mean", ci_low=start + place - 2,
            ci_high=start + place + 2,
        )
        for arm, start in (("saline", 21.5), ("ketamine", 26.0))
        for place, visit in enumerate(VISITS)
    )  # fmt: skip
    words = {
        "analysis": "fit_random_effects", "marker": "BDNF_serum", "groups": ("ketamine", "saline"),
        "n": {"ketamine": 3, "saline": 3}, "estimate_name": "difference in estimated changes",
        "unit": "ng/mL", "estimate": 1.0, "ci_low": -1.0, "ci_high": 3.0, "p_value": 0.2,
        "p_method": "mixed model", "statistic": 1.5, "statistic_name": "t(8.0)",
        "alternative": "two-sided", "data": rows(n_replicates),
    }  # fmt: skip
    return [
        Result(
            **(words | {"outcome": f"change, day_0 to {visit}"} | changes),
            companions=means if place == 0 else (),
        )
        for place, visit in enumerate(VISITS[1:])
    ]


def test_every_participant_and_mean_is_drawn_without_overlap(text_faults):
    figure = draw(results(), style="frontiers_single", note="Simulated data")
    assert text_faults(figure) == []
    labels = {line.get_label() for line in figure.axes[0].lines}
    assert {f"participant {who}" for who in IDS} <= labels
    assert {"centre ketamine", "centre saline"} <= labels
    assert "Difference in estimated changes 1.00 ng/mL" in figure_record(figure).headline


def test_replicates_are_drawn_as_their_mean():
    [line] = {
        tuple(one.get_ydata())
        for one in draw(results(3)).axes[0].lines
        if one.get_label() == "participant P01" and one.get_linestyle() == "None"
    }
    assert line == (21.0, 22.0, 23.0)


def test_a_slope_is_said_to_be_per_day_and_the_axis_is_of_values():
    one = results(unit="ng/mL per day", estimate_name="difference in slopes")[0]
    figure = draw(one)
    assert "per day" in figure_record(figure).headline
    assert "per day" not in figure.axes[0].get_ylabel().replace("\n", " ")


def test_two_markers_are_refused():
    other = results(marker="MADRS")
    with pytest.raises(FigureError, match="draws one marker"):
        draw([*results(), *other])
