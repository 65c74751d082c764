"""Figures of a mixed model: every participant, mean, contrast and p is where it belongs."""

from dataclasses import replace

import numpy as np
import pytest

from ketbio.errors import FigureError
from ketbio.figures import (
    draw,
    draw_mmrm_trajectory,
    draw_model_diagnostics,
    draw_visit_contrasts,
)
from ketbio.figures.model_parts import model_of
from ketbio.figures.record import figure_record
from ketbio.figures.style import STYLES
from ketbio.result import Results

SIXTY = "esketamine 84 mg as a nasal spray with an oral antidepressant"
FOUR = {"day_1": 1.0, "day_7": 7.0, "day_14": 14.0, "day_21": 21.0}
UNKNOWN = dict.fromkeys(("hour_4", "day_1", "day_7"), float("nan"))
FUNCTIONS = (draw_mmrm_trajectory, draw_visit_contrasts, draw_model_diagnostics)


def labelled(panel, start):
    return [line for line in panel.lines if str(line.get_label()).startswith(start)]


def test_means_stand_at_their_days_and_heights(model):
    results = model(visits=FOUR)
    means, contrasts, _ = draw_mmrm_trajectory(results).axes
    [line] = labelled(means, "centre ketamine")
    wanted = [one.companions[0].estimate for one in results[:4]]
    assert line.get_ydata().tolist() == pytest.approx(wanted)
    assert np.allclose(line.get_xdata(), list(FOUR.values()), atol=1.0)
    assert contrasts.get_xticks().tolist() == list(FOUR.values())
    assert contrasts.get_xlabel() == "Day"
    estimates = [one.get_ydata()[0] for one in labelled(contrasts, "contrast ketamine")]
    assert estimates == pytest.approx([one.estimate for one in results[:4]])
    intervals = [tuple(one.get_ydata()) for one in labelled(contrasts, "interval")]
    assert intervals == [pytest.approx((one.ci_low, one.ci_high)) for one in results[:4]]


def test_every_participant_and_their_number_at_each_visit(model):
    results = model(visits=FOUR)
    means, _, numbers = draw_mmrm_trajectory(results).axes
    data = results[0].data
    drawn = {str(one.get_label()) for one in labelled(means, "participant")}
    assert drawn == {f"participant {one}" for one in data["participant_id"]}
    rows = [label.get_text() for label in numbers.get_yticklabels()]
    assert rows == ["n, saline", "n, ketamine", "p", "p adj.", "p perm."]
    texts = [one.get_text() for one in numbers.texts]
    counted = data[data["change"].notna()].groupby(["arm", "visit"]).size()
    assert texts[:4] == [str(counted["saline", visit]) for visit in FOUR]
    assert texts[4:8] == [str(counted["ketamine", visit]) for visit in FOUR]
    assert texts[-4:] == [".046"] * 4


def test_visits_without_days_are_evenly_spaced_and_say_so(model):
    contrasts = draw_mmrm_trajectory(model(visits=UNKNOWN)).axes[1]
    assert contrasts.get_xticks().tolist() == [0, 1, 2]
    assert contrasts.get_xlabel() == "Visit (evenly spaced)"


def test_intervals_of_one_visit_and_of_all_are_told_apart(model):
    results = model(visits=FOUR)
    panel, numbers = draw_visit_contrasts(results).axes
    capped = labelled(panel, "simultaneous")
    assert [one.get_ydata().tolist() for one in capped] == [
        pytest.approx([one.estimate - 5.1, one.estimate + 5.1]) for one in results[:4]
    ]
    widths = {round(line.get_linewidth(), 3) for line in labelled(panel, "interval")}
    assert len(widths) == 2
    assert max(widths) > 3 * min(widths)
    assert [tick.get_text() for tick in panel.get_xticklabels()][-1] == "average"
    first = [one.get_text() for one in numbers.texts[:5]]
    assert first == [f"{one.estimate:.1f}".replace("-", "−") for one in results]


def test_who_stands_out_is_named_by_code_and_visit(model):
    data = model()[0].data
    data.loc[[3, 20], "residual"] = [3.4, -4.0]
    figure = draw_model_diagnostics(replace(model()[0], data=data))
    names = {text.get_text() for panel in figure.axes for text in panel.texts}
    assert names == {"P01, day 7", "P05, hour 4"}
    assert "P05 and P01" in figure_record(figure).headline


LONG = {"arms": (f"{SIXTY} A", f"{SIXTY} B", "血清"), "per_arm": (3, 1, 4), "visits": UNKNOWN}
FORTY = {"per_arm": (2, 2), "visits": {f"visit_{one}": float("nan") for one in range(40)}}


@pytest.mark.parametrize(
    ("function", "fields"),
    [*((one, LONG) for one in FUNCTIONS), (draw_mmrm_trajectory, FORTY)],
    ids=["means", "contrasts", "residuals", "40 visits"],
)
def test_nothing_overlaps_at_the_tightest_preset(model, text_faults, function, fields):
    figure = function(model(**fields), style="frontiers_single", note="Simulated data")
    assert text_faults(figure) == []


def test_what_is_said_has_the_interval_first_and_no_cause(model):
    record = figure_record(draw(model()))
    assert record.headline.startswith("Ketamine − saline at day 14: −")
    assert record.headline.index("95% CI") < record.headline.index("p = ")
    assert "average over visits" in record.headline
    assert "only random assignment" in record.caption
    assert "day 14 −" in record.alternative
    assert record.kind == "Estimated means"
    assert set(record.data) == {"participants", "contrasts", "means"}


def test_one_arm_has_no_reference_and_says_so(model):
    results = Results(
        replace(one, groups=("ketamine",), n={"ketamine": 8}, companions=(),
                estimate_name="estimated marginal mean change",
                data=one.data[one.data["arm"] == "ketamine"])
        for one in model(visits=FOUR)
    )  # fmt: skip
    figure = draw_mmrm_trajectory(results)
    assert "There is no arm to compare with" in figure_record(figure).caption
    assert len(labelled(figure.axes[0], "centre ketamine")) == 1


def test_one_result_is_drawn_alone(model):
    means, contrasts, _ = draw(model()[2]).axes
    assert len(labelled(contrasts, "contrast")) == 1
    assert len(labelled(means, "participant")) > 1


def test_what_is_no_one_model_is_refused(model):
    both = [*model(), *model(marker="BDNF_serum")]
    with pytest.raises(FigureError, match="of several markers"):
        draw(both)
    with pytest.raises(FigureError, match="one reference arm; these are with midazolam and saline"):
        draw([*model(), *model(arms=("midazolam", "ketamine"))])
    with pytest.raises(FigureError, match="draws one model"):
        draw_model_diagnostics(both)
    empty = model()[0].data.assign(change=np.nan)
    with pytest.raises(FigureError, match="no row with a number in 'change'"):
        draw(replace(model()[0], data=empty))
    with pytest.raises(FigureError, match="lack 'normal_quantile'"):
        draw_model_diagnostics(
            replace(model()[0], data=model()[0].data.drop(columns="normal_quantile"))
        )


def test_visits_keep_the_order_of_the_results(model):
    results = model(visits=UNKNOWN)
    mixed = results[0].data.sort_values("participant_id", ascending=False).iloc[::-1]
    parts = model_of([replace(one, data=mixed) for one in results], caller="draw",
                     style=STYLES["report"])  # fmt: skip
    assert parts.visits.names == tuple(UNKNOWN)
    assert parts.arms == ("saline", "ketamine")


def test_six_visits_keep_all_their_numbers_in_a_single_column(model, text_faults):
    visits = {"minute_40": 40 / 1440, "hour_4": 1 / 6, "day_1": 1.0, "day_3": 3.0, "day_7": 7.0,
              "day_14": 14.0}  # fmt: skip
    figure = draw_mmrm_trajectory(model(visits=visits), style="single_column")
    names = [tick.get_text().replace("\n", " ") for tick in figure.axes[1].get_xticklabels()]
    assert names == ["minute 40", "hour 4", "day 1", "day 3", "day 7", "day 14"]
    assert text_faults(figure) == []


def test_permutations_of_several_sizes_are_told_as_a_range(model):
    def counted(one, number):
        beside = tuple(
            replace(each, p_method=f"exact, {number:,} arrangements") if each.p_value >= 0 else each
            for each in one.companions
        )
        return replace(one, companions=beside)

    sizes = (16, 1024, 512, 64, 64, 16)
    figure = draw_mmrm_trajectory([counted(*each) for each in zip(model(), sizes, strict=True)])
    assert "p perm.: exact, 16 to 1,024 arrangements." in figure_record(figure).caption
