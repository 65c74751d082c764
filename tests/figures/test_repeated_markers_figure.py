"""The figure of random effects: participants, means, replicates as their mean."""

from dataclasses import replace

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
    assert "Day 7, difference in estimated changes 1.00 ng/mL" in figure_record(figure).headline


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


def test_visits_are_in_their_order_where_the_first_participant_lacks_one_and_arms_too():
    gone = (rows()["participant_id"] == "P01") & (rows()["visit"] == "day_1")
    table = rows().loc[~gone].iloc[::-1].reset_index(drop=True).assign(day=np.nan)
    figure = draw(results(data=table))
    panel = figure.axes[0]
    assert [tick.get_text() for tick in panel.get_xticklabels()] == ["day 0", "day 1", "day 7"]
    keys = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    assert keys == ["saline (n = 3)", "ketamine (n = 3)"]  # the reference first, as of fit_mmrm
    record = figure_record(figure)
    assert record.headline.startswith("Day 7, difference in estimated changes")
    assert "Thick lines: estimated marginal means; bars: their 95% intervals." in record.caption


def test_long_names_of_arms_leave_the_panel_its_room(text_faults):
    long = "intranasal esketamine 84 mg twice weekly and a newly started oral antidepressant"
    table = rows().assign(arm=lambda one: one["arm"].replace("ketamine", long))
    renamed = [
        replace(
            one, data=table, groups=(long, "saline"), n={long: 3, "saline": 3},
            companions=tuple(
                replace(mean, groups=(long,), n={long: 3}) if mean.groups[0] == "ketamine" else mean
                for mean in one.companions
            ),
        )
        for one in results()
    ]  # fmt: skip
    figure = draw(renamed, style="single_column")
    assert text_faults(figure) == []
    assert figure.axes[0].get_position().width > 0.35
