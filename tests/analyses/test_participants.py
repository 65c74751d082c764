import pandas as pd
import pytest

from ketbio.analyses import summarise_participants, summarise_response
from ketbio.errors import TableError

PEOPLE = pd.DataFrame(
    {
        "participant_id": [f"P{number:02}" for number in range(1, 8)],
        "sex": ["female", "male", "female", None, "male", "female", "female"],
        "age_years": [15.0, 16, 14, 17, 13, None, 15],
    }
)


def test_numbers_and_categories_by_hand(response):
    lines = summarise_participants(PEOPLE, response=response)
    found = {(one.label, one.outcome, one.groups[0]): one for one in lines}
    age = found["Age", "", "all"]
    assert (age.estimate, age.spread) == (15.0, pytest.approx(2**0.5))
    assert age.warnings == ("1 of 7 missing.",)
    assert age.companions[0].estimate == 15.0
    female = found["Sex", "female", "responder"]
    assert (female.statistic, female.estimate) == (2, pytest.approx(200 / 3))
    assert found["Sex", "male", "all"].n == {"all": 6}


def test_unknown_response_is_counted_under_all_only(response):
    lines = summarise_participants(PEOPLE, response=response)
    told = "1 participant without a known response: counted under 'all' only."
    assert told in lines[0].warnings


def test_nothing_is_tested_at_baseline(response, endpoints):
    lines = summarise_participants(
        PEOPLE, response=response, endpoints=endpoints, baseline="before"
    )
    assert all(one.p_method == "" for one in lines)
    madrs = next(one for one in lines if one.marker == "MADRS" and one.groups == ("all",))
    assert madrs.outcome == "value at before"
    assert madrs.estimate == pytest.approx(38.0)


def test_text_with_many_levels_is_left_out_by_name():
    people = pd.DataFrame(
        {
            "participant_id": [f"P{number}" for number in range(12)],
            "comment": [f"text {number}" for number in range(12)],
            "sex": ["male"] * 12,
        }
    )
    lines = summarise_participants(people)
    assert {one.marker for one in lines} == {"sex"}
    assert lines[0].warnings == ("Not described (more than 10 different texts): comment.",)


def test_unknown_variable_is_refused():
    with pytest.raises(TableError, match="variable is 'ag'; allowed: 'sex', 'age_years'"):
        summarise_participants(PEOPLE, variables=["ag"])


def test_response_rate_by_hand(response):
    result = summarise_response(response)
    assert (result.statistic, result.estimate, result.n) == (3, 50.0, {"all": 6})
    # R: binom.test(3, 6)$conf.int  0.1181172 0.8818828
    assert result.ci_low == pytest.approx(11.81172, abs=1e-4)
    assert result.ci_high == pytest.approx(88.18828, abs=1e-4)
    assert result.companions[0].statistic == 1
    assert result.excluded["participant_id"].tolist() == ["P07"]
    assert set(result.data["response_percent"]) == {50.0}


def test_nobody_with_a_response_is_a_result_that_says_why(response):
    nobody = response.assign(response="", reason="no MADRS at after")
    assert "no participant has both visits" in summarise_response(nobody).warnings[0]


def test_value_below_the_lloq_is_not_called_missing():
    people = PEOPLE.head(3)[["participant_id"]]
    levels = pd.DataFrame(
        {
            "participant_id": people["participant_id"], "visit": "before", "marker": "BDNF_plasma",
            "value": [1.0, 3.0, float("nan")], "unit": "ng/mL", "scale": "raw",
            "censored": ["", "", "left"], "limit": [float("nan")] * 2 + [0.1],
            "reason": ["", "", "below 0.100 ng/mL"], "note": "",
        }
    )  # fmt: skip
    line = summarise_participants(people, endpoints=levels, baseline="before")[0]
    assert line.warnings == (
        "1 of 3 below the LLOQ and not in the mean, which is therefore too high.",
    )
