"""Adjusted companions: the numbers of R's lm, who is left out of them, and what the result says."""

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_responders, correlate_changes
from ketbio.endpoints import derive_column
from ketbio.errors import StatisticsError, TableError
from ketbio.result import tidy

VISITS = {"baseline": "before", "endpoint": "after"}
IDS = [f"P{number:02}" for number in range(1, 7)]
BASE, POST = [30, 34, 28, 33, 36, 31], [12, 15, 9, 20, 22, 18]


@pytest.fixture
def both(totals):
    """The scale, and a marker whose baseline varies; P01 to P03 respond."""
    table = pd.DataFrame(
        {
            "participant_id": IDS * 2,
            "visit": ["before"] * 6 + ["after"] * 6,
            "level": [float(value) for value in (*BASE, *POST)],
        }
    )
    return pd.concat([totals, derive_column(table, column="level", unit="nmol/L")])


@pytest.fixture
def people():
    """Participants with an age, a sex and a site."""
    return pd.DataFrame(
        {
            "participant_id": [*IDS, "P07"],
            "age_years": [14.0, 17, 15, 16, 13, 18, 15],
            "sex": ["female", "male", "female", "male", "female", "female", "male"],
            "site": ["north"] * 7,
        }
    )


def compare(both, response, **options):
    return compare_responders(both, response=response, marker="level", **VISITS, **options)


def adjusted(result):
    """Return the companions that are adjusted, by method."""
    rows = [one for one in result.companions if ", adjusted for " in one.outcome]
    return {(one.outcome.split(", adjusted for ")[1], one.ci_method): one for one in rows}


def test_a_change_is_adjusted_for_its_baseline_without_being_asked(both, response):
    result = compare(both, response)
    rows = adjusted(result)
    by_t = rows["the baseline value", "ANCOVA"]
    # g <- c(1,1,1,0,0,0); coef(summary(lm(post ~ base + g)))["g", ]; confint(…)["g", ]
    assert by_t.estimate == pytest.approx(-5.617021276595747)
    assert by_t.p_value == pytest.approx(0.001895512539506169)
    assert (by_t.ci_low, by_t.ci_high) == pytest.approx((-7.335349647357844, -3.898692905833651))
    permuted = rows["the baseline value", "inverted Freedman–Lane test"]
    # all 720 permutations of resid(lm(post ~ base)) in R: 2 as extreme
    assert permuted.p_value == pytest.approx(2 / 720)
    assert permuted.p_method == "720 permutations of residuals (Freedman–Lane)"
    assert permuted.is_exact is False
    assert {one.role for one in rows.values()} == {"sensitivity"}
    assert {one.estimate_name for one in rows.values()} == {"adjusted mean difference"}
    assert {one.unit for one in rows.values()} == {"nmol/L"}
    assert (
        "Not adjusted itself: estimates adjusted for the baseline value stand beside it."
        in result.warnings
    )


def test_each_is_a_row_of_the_tidy_table(both, response):
    rows = tidy(compare(both, response))
    rows = rows[rows["outcome"].str.endswith("adjusted for the baseline value")]
    assert rows["ci_method"].tolist() == ["ANCOVA", "inverted Freedman–Lane test"]
    assert rows["is_exact"].tolist() == [False, False]


def test_covariates_are_adjusted_for_beside_the_baseline(both, response, people):
    result = compare(both, response, covariates=["age_years"], participants=people)
    found = adjusted(result)["the baseline value and age years", "ANCOVA"]
    # age <- c(14,17,15,16,13,18); coef(summary(lm(post ~ base + g + age)))["g", ]
    assert found.estimate == pytest.approx(-5.58031088082901761)
    assert found.p_value == pytest.approx(0.01381048583295185)
    assert len(adjusted(result)) == 4
    told = "Not adjusted itself: estimates adjusted for the baseline value and age years stand"
    assert sum(one.startswith(told) for one in result.warnings) == 1
    assert not any("Not adjusted for baseline" in one for one in result.warnings)


def test_the_main_answer_is_what_it_was(both, response, people):
    plain = compare(both, response)
    with_age = compare(both, response, covariates="age_years", participants=people)
    assert (plain.estimate, plain.p_value, plain.n) == (
        with_age.estimate,
        with_age.p_value,
        with_age.n,
    )


def test_texts_become_indicators(both, response, people):
    coded = people.assign(code=(people["sex"] == "male").astype(float))
    options = {"measure": "endpoint", "participants": coded}
    by_text, by_code = (
        adjusted(compare(both, response, covariates=[name], **options))[name, "least-squares t"]
        for name in ("sex", "code")
    )
    assert by_text.estimate == pytest.approx(by_code.estimate)
    assert by_text.p_value == pytest.approx(by_code.p_value)


@pytest.mark.parametrize(("name", "missing"), [("age_years", np.nan), ("sex", ""), ("sex", None)])
def test_who_lacks_a_covariate_is_left_out_of_the_adjusted_estimate_only(
    both, response, people, name, missing
):
    people.loc[1, name] = missing
    result = compare(both, response, covariates=[name], participants=people)
    assert result.n == {"responder": 3, "non-responder": 3}
    words = name.replace("_", " ")
    found = adjusted(result)[f"the baseline value and {words}", "ANCOVA"]
    assert found.n == {"responder": 2, "non-responder": 3}
    assert found.excluded.to_dict("records") == [{"participant_id": "P02", "reason": f"no {words}"}]
    assert found.warnings[0] == (
        "1 participant without a covariate left out of this adjusted estimate."
    )
    alone = adjusted(result)["the baseline value", "ANCOVA"]
    assert alone.n == {"responder": 3, "non-responder": 3}


def not_formed(result):
    return [one for one in result.warnings if one.startswith("No estimate adjusted")]


def test_a_constant_baseline_cannot_be_adjusted_for(endpoints, response):
    result = compare_responders(endpoints, response=response, marker="entropy", **VISITS)
    assert not adjusted(result)
    assert not_formed(result) == [
        "No estimate adjusted for the baseline value could be formed: the baseline value is the "
        "same in everyone."
    ]
    assert "Not adjusted for baseline, age, sex or any other covariate." in result.warnings


def test_what_cannot_be_adjusted_for_is_said_and_the_rest_is_done(both, response, people):
    months = people.assign(
        age_months=12 * people["age_years"], group_code=[1.0, 1, 1, 0, 0, 0, 0], a=1.0, b=2.0
    )
    cases = {
        ("age_years", "age_months"): "age months follows from the others",
        ("site",): "site is the same in everyone",
        ("group_code",): "what is compared follows from them",
        ("age_years", "sex", "a", "b"): "there are 6 participants with all of these, and at "
        "least 8 are needed",
    }
    for names, why in cases.items():
        result = compare(both, response, covariates=list(names), participants=months)
        (sentence,) = not_formed(result)
        assert sentence.endswith(f" could be formed: {why}.")
        assert set(adjusted(result)) == {
            ("the baseline value", "ANCOVA"),
            ("the baseline value", "inverted Freedman–Lane test"),
        }


def test_values_below_the_lloq_are_not_adjusted_and_it_says_so(totals, response, people):
    levels = derive_column(
        pd.DataFrame({"participant_id": IDS, "visit": "after", "level": [2.0, 3, 4, 9, 0.5, 1]}),
        column="level",
        unit="ng/mL",
    )
    below = levels["participant_id"] == "P04"
    levels.loc[below, ["value", "limit"]] = np.nan, 0.1
    levels.loc[below, "censored"] = "left"
    endpoints = pd.concat([totals, levels])
    result = compare_responders(
        endpoints, response=response, marker="level", measure="endpoint",
        covariates=["age_years"], participants=people, **VISITS,
    )  # fmt: skip
    assert not adjusted(result)
    assert not_formed(result) == [
        "No estimate adjusted for age years could be formed: values below the LLOQ are only ranked."
    ]


def test_a_slope_is_adjusted_when_asked(both, people):
    asked = {"marker": "level", **VISITS}
    plain = correlate_changes(both, **asked)
    assert not adjusted(plain)
    assert "Not adjusted for baseline, age, sex or any other covariate." in plain.warnings
    result = correlate_changes(both, **asked, covariates=["age_years"], participants=people)
    found = adjusted(result)["age years", "least-squares t"]
    # y <- c(-30,-23,-18,-8,-5,-9); x <- c(-18,-19,-19,-13,-14,-13)
    # coef(summary(lm(y ~ x + age)))["x", ]
    assert found.estimate == pytest.approx(2.80238726790451009)
    assert found.p_value == pytest.approx(0.07509183278530653)
    assert (found.unit, found.n) == ("points per nmol/L", {"pairs": 6})
    assert ("age years", "inverted Freedman–Lane test") in adjusted(result)
    assert "Not adjusted itself: estimates adjusted for age years stand beside it." in (
        result.warnings
    )


def test_exact_asked_for_is_asked_of_the_main_test_alone(both, response):
    result = compare(both, response, exact=True)
    assert result.is_exact
    assert len(adjusted(result)) == 2


def test_row_order_changes_nothing_and_frames_are_not_touched(both, response, people):
    before = people.copy()
    options = {"covariates": ["age_years", "sex"]}
    first = adjusted(compare(both, response, participants=people, **options))
    pd.testing.assert_frame_equal(people, before)
    shuffled = people.sample(frac=1, random_state=2)
    second = adjusted(compare(both, response, participants=shuffled, **options))
    assert [one.estimate for one in first.values()] == [one.estimate for one in second.values()]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"covariates": ["age_years"]}, "covariates names 'age_years', but participants is None"),
        (
            {"covariates": ["age"], "participants": "people"},
            "covariates is 'age'; allowed:.* Did you mean 'age_years'",
        ),
        ({"covariates": 3, "participants": "people"}, "covariates is 3; allowed: names of columns"),
        (
            {"covariates": ["weight"], "participants": "people"},
            "covariates names 'weight', which is infinite for P02; allowed: finite numbers",
        ),
        ({"covariates": ["born"], "participants": "people"}, "'born', a column of dates"),
        ({"covariates": ["note"], "participants": "people"}, "text column with 12 different texts"),
        ({"covariates": ["sex"], "participants": "twice"}, "participants has two rows of P01"),
        ({"covariates": ["sex"], "participants": "nobody"}, "participants has no column"),
    ],
)
def test_what_is_no_covariate_is_refused_in_words(both, response, people, options, message):
    many = pd.concat([people, people.iloc[:5].assign(participant_id=list("ABCDE"))])
    weight = [50.0, np.inf, *[60.0] * 10]
    many = many.assign(
        born=pd.Timestamp("2010-01-01"), note=[f"n{i}" for i in range(12)], weight=weight
    )
    tables = {
        "people": many,
        "twice": pd.concat([people, people]),
        "nobody": people.drop(columns="participant_id"),
    }
    if "participants" in options:
        options = options | {"participants": tables[options["participants"]]}
    with pytest.raises(TableError, match=message):
        compare(both, response, **options)


SITES = dict(zip(IDS, "nsnsns", strict=True))


@pytest.fixture
def sites(people):
    """Participants at two sites, who alternate."""
    return people.assign(site=people["participant_id"].map(SITES).fillna("n"))


def test_blocks_are_adjusted_for_by_least_squares_too(both, response, sites):
    rows = adjusted(compare(both, response, blocks="site", participants=sites))
    by_t = rows["the baseline value and site", "ANCOVA"]
    # site <- c("n","s","n","s","n","s"); m <- lm(post ~ base + g + site)
    # coef(summary(m))["g", ]; confint(m)["g", ]
    assert by_t.estimate == pytest.approx(-5.53225806451613167)
    assert by_t.p_value == pytest.approx(0.01303034771980415)
    assert (by_t.ci_low, by_t.ci_high) == pytest.approx((-8.276317719510004, -2.788198409522259))
    permuted = rows["the baseline value and site", "inverted Freedman–Lane test"]
    assert permuted.estimate == pytest.approx(by_t.estimate)


def test_a_slope_within_blocks_is_one_estimate(both, sites):
    asked = {"marker": "level", **VISITS, "blocks": "site", "participants": sites}
    rows = adjusted(correlate_changes(both, **asked, covariates=["age_years"]))
    by_t = rows["age years and site", "least-squares t"]
    # coef(summary(lm(y ~ x + age + site)))["x", ]
    assert by_t.estimate == pytest.approx(2.8818897637795260)
    assert by_t.p_value == pytest.approx(0.1924313407184397)
    permuted = rows["age years and site", "inverted Freedman–Lane test"]
    assert permuted.estimate == pytest.approx(by_t.estimate)


def test_a_covariate_that_makes_the_blocks_is_adjusted_for_once(both, response, sites):
    asked = {"covariates": ["site"], "blocks": "site", "participants": sites}
    rows = adjusted(compare(both, response, **asked))
    assert set(rows) == {
        ("the baseline value and site", "ANCOVA"),
        ("the baseline value and site", "inverted Freedman–Lane test"),
    }
    rows = adjusted(correlate_changes(both, marker="level", **VISITS, **asked))
    # coef(summary(lm(y ~ x + site)))["x", ]
    assert rows["site", "least-squares t"].estimate == pytest.approx(2.86842105263157965)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"blocks": "arm"}, "the baseline value and arm could be formed: what is compared follows"),
        (
            {"blocks": "pair", "covariates": ["age_years"]},
            "the baseline value, age years and pair could be formed: there are 6 participants with "
            "all of these, and at least 7 are needed.",
        ),
        (
            {"blocks": "site", "covariates": ["place"]},
            "the baseline value, place and site could be formed: place 1 follows from the others.",
        ),
    ],
)
def test_what_blocks_leave_no_room_for_is_said(both, response, sites, options, why):
    people = sites.assign(
        arm=list("xxxyyyy"), pair=list("abccbad"), place=sites["site"].map({"n": "0", "s": "1"})
    )
    result = compare(both, response, participants=people, **options)
    assert not np.isnan(result.p_value)
    assert any(f"No estimate adjusted for {why}" in one for one in result.warnings)


def test_what_only_the_estimate_itself_can_refuse_stops_nothing(both, response, monkeypatch):
    def refuse(*_args, **_options):
        raise StatisticsError("y is odd; allowed: what is even.")

    monkeypatch.setattr("ketbio.analyses.adjusted.adjusted_permutation_test", refuse)
    result = compare(both, response)
    assert not np.isnan(result.p_value)
    assert not adjusted(result)
    assert not_formed(result) == [
        "No estimate adjusted for the baseline value could be formed: y is odd."
    ]


def test_how_it_is_adjusted_is_said_once(both, response, people):
    result = compare(
        both, response, covariates=["age_years"], participants=people, mid_p=True, adjust="none"
    )
    told = [*result.warnings, *(line for one in result.companions for line in one.warnings)]
    for start in ("Residuals were permuted", "Adjusted by straight lines", "This is a mid-p"):
        assert sum(one.startswith(start) for one in told) == 1
        assert any(one.startswith(start) for one in result.warnings)
