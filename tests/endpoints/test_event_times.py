"""The day of a first response, remission or relapse, and who cannot be followed."""

import pandas as pd
import pytest

from ketbio.endpoints import derive_event_times, derive_response, derive_scale_total
from ketbio.errors import TableError

VISITS = ("baseline", "day_1", "day_3", "day_7", "day_14")
COURSES = {
    "P01": (30, 28, 15, 12, 14),  # responds at day 3: 15 is half of 30
    "P02": (30, 16, 16, 16, 16),  # never, though nearly
    "P03": (30, 10, None, 20, 28),  # responds at day 1, lost at day 7, day 3 not seen
    "P04": (30, 14, 22, None, None),  # responds at day 1; half of its 16 points lost at day 3
    "P05": (None, 10, 10, 10, 10),  # no baseline
    "P06": (30, None, None, None, None),  # nothing after
    "P07": (9, 8, 4, 4, 4),  # in remission already
    "P08": (0, 0, 0, 0, 0),  # at the floor
}


def ratings(courses=None, visits=VISITS):
    rows = [
        (who, visit, float(total))
        for who, totals in (courses or COURSES).items()
        for visit, total in zip(visits, totals, strict=True)
        if total is not None
    ]
    return derive_scale_total(
        pd.DataFrame(rows, columns=["participant_id", "visit", "madrs_total"])
    )


def followed(**how):
    return derive_event_times(ratings(), baseline="baseline", **how).set_index("participant_id")


def test_the_first_visit_with_half_the_points_gone():
    table = followed()
    assert table["day"].dropna().to_dict() == {
        "P01": 3, "P02": 14, "P03": 1, "P04": 1, "P07": 3
    }  # fmt: skip
    assert table["is_event"].dropna().to_dict() == {
        "P01": True, "P02": False, "P03": True, "P04": True, "P07": True
    }  # fmt: skip
    assert table.loc["P01", "after_day"] == 1  # it came between day 1 and day 3
    assert table.loc["P02", "after_day"] == 14
    assert set(table["rule"]) == {"a reduction of at least 50%"}
    assert table["reason"][lambda one: one != ""].to_dict() == {
        "P05": "no MADRS at baseline",
        "P06": "no value at any visit after baseline",
        "P08": "baseline is at the floor of the MADRS: a reduction in percent does not exist",
    }


def test_remission_leaves_out_who_began_there():
    table = followed(event="remission")
    assert table.loc["P03", "day"] == 1
    assert not table.loc["P01", "is_event"]
    assert table.loc["P07", "reason"] == "in remission already at baseline"
    assert followed(event="remission", remission_at_or_below=12).loc["P01", "day"] == 7


def test_relapse_counts_from_the_first_response():
    table = followed(event="relapse")
    assert table.loc["P03", ["day", "after_day", "from_visit"]].to_list() == [6, 0, "day_1"]
    assert table.loc["P03", "note"] == "not seen at day_3: it may have come by then"
    assert table.loc["P01", ["day", "is_event"]].to_list() == [11, False]
    assert table.loc["P02", "reason"] == "no response was seen, which a relapse could follow"


def test_half_lost_is_another_rule_than_the_response_lost():
    lost, half = (followed(event="relapse", relapse=one) for one in ("response_lost", "half_lost"))
    assert lost.loc["P04", "is_event"]
    assert half.loc["P04", "is_event"]
    courses = {"P01": (40, 2, 20, 21, 21)}
    for relapse, day in (("response_lost", 6), ("half_lost", 6)):
        table = derive_event_times(
            ratings(courses), baseline="baseline", event="relapse", relapse=relapse
        )
        assert table["day"].to_list() == [day]  # 21 of 40 is past both; 20 is past neither
    deep = {"P01": (40, 12, 19, 20, 26)}
    table = derive_event_times(
        ratings(deep), baseline="baseline", event="relapse", relapse="half_lost"
    )
    assert table["is_event"].to_list() == [True]  # 14 of the 28 points at day 14
    assert table["day"].to_list() == [13]


def test_the_share_with_the_event_by_the_endpoint_holds_who_responded_there():
    everyone = {who: one for who, one in COURSES.items() if None not in one}
    rows = ratings(everyone)
    times = derive_event_times(rows, baseline="baseline").set_index("participant_id")
    response = derive_response(rows, baseline="baseline", endpoint="day_14")
    responders = response.loc[response["response"] == "responder", "participant_id"]
    assert times.loc[list(responders), "is_event"].all()


def test_days_are_those_given_and_visits_before_baseline_are_left_aside():
    visits = ("screening", "baseline", "V2", "V3")
    rows = ratings({"P01": (34, 30, 20, 10), "P02": (30, 30, 10, 9)}, visits)
    days = {"screening": -7, "baseline": 0, "V2": 2, "V3": 9}
    table = derive_event_times(rows, baseline="baseline", days=days)
    assert table["day"].to_list() == [9, 2]
    shifted = {one: day + 3 for one, day in days.items()}
    assert derive_event_times(rows, baseline="baseline", days=shifted)["day"].to_list() == [9, 2]
    hours = ratings({"P01": (34, 30, 10)}, ("baseline", "minute_40", "hour_24"))
    assert derive_event_times(hours, baseline="baseline")["day"].to_list() == [1]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"visits": ["day_7", "day_3"]}, "days do not rise with the visits: 'day_7' is on day 7"),
        ({"days": {"day_1": 1.0}}, "the visit 'day_3' has no day: days has none for it"),
        ({"days": dict.fromkeys(VISITS, "x")}, "the day of 'baseline' is 'x'"),
        ({"visits": ["day_1"], "days": {"day_1": -2}}, "which is not after 'baseline'"),
        ({"event": "recovery"}, "recovery"),
        ({"relapse": "lost"}, "lost"),
        ({"marker": "HAMD"}, "HAMD"),
        ({"reduction_percent": 0}, "more than 0 and at most 100"),
        ({"visits": []}, "there is no visit after 'baseline'"),
    ],
)
def test_what_cannot_be_dated_is_refused_in_a_sentence(how, said):
    with pytest.raises(TableError) as refused:
        followed(**how)
    assert said in str(refused.value)


def test_visits_without_a_day_in_their_name_are_refused():
    rows = ratings({"P01": (34, 30)}, ("baseline", "follow_up"))
    with pytest.raises(TableError, match="'follow_up' has no day: its name says none"):
        derive_event_times(rows, baseline="baseline")
