"""What the mixed model refuses: one sentence each, with what to change."""

import numpy as np
import pandas as pd
import pytest

from ketbio import fit_mmrm
from ketbio.endpoints.frames import endpoint_table
from ketbio.errors import KetbioError, StatisticsError, TableError

VISITS = ("baseline", "day_1", "day_7")
VALUES = {
    "P01": (38, 29, 31), "P02": (27, 20, 21), "P03": (38, 29, 25), "P04": (26, 15, 18),
    "P05": (25, 22, 15), "P06": (34, 23, 23), "P07": (27, 20, 24), "P08": (24, 12, 14),
}  # fmt: skip
PEOPLE = pd.DataFrame(
    {
        "participant_id": list(VALUES),
        "arm": ["saline", "ketamine"] * 4,
        "sex": ["female"] * 4 + ["male"] * 4,
        "age": [15.0, 16, 17, 18, 15, 16, 17, 15],
        "site": ["Lund"] * 8,
        "born": pd.date_range("2000-01-01", periods=8),
    }
)
ROWS = endpoint_table(
    {
        "participant_id": one,
        "visit": visit,
        "marker": "MADRS",
        "value": float(value),
        "unit": "points",
        "scale": "raw",
    }
    for one, values in VALUES.items()
    for visit, value in zip(VISITS, values, strict=True)
)


def fit(rows=ROWS, people=PEOPLE, **words):
    asked = {"marker": "MADRS", "baseline": "baseline", "permutation": False, "adjust": "none"}
    return fit_mmrm(rows, participants=people, **asked | words)


def without(participants, visit):
    return ROWS[~(ROWS["participant_id"].isin(participants) & (ROWS["visit"] == visit))]


SALINE, KETAMINE = ["P01", "P03", "P05", "P07"], ["P02", "P04", "P06", "P08"]

WORDS = [
    ({"marker": "madrs"}, "marker is 'madrs'; allowed: 'MADRS'. Did you mean 'MADRS'?"),
    ({"baseline": "before"}, "baseline is 'before'; allowed: 'baseline', 'day_1', 'day_7'"),
    ({"visits": ["day_2"]}, "a visit of visits is 'day_2'; allowed: 'baseline', 'day_1', 'day_7'"),
    ({"visits": ["day_1", "day_1"]}, "visits names 'day_1' twice"),
    ({"visits": "day_1"}, r"""visits is the text 'day_1'; a list .* such as \["day_1"\]"""),
    ({"visits": [7]}, "a visit of visits is 7, which is no text; a visit is a name"),
    ({"visits": ["baseline"]}, "MADRS has no value at any visit after 'baseline'"),
    ({"days": {"day_1": 7, "day_7": 1}}, "does not rise with the visits"),
    ({"days": {"day_1": 1}}, "days lacks 'day_7'"),
    ({"days": {"day_1": "one", "day_7": 7}}, "days has 'one' for 'day_1'; the day .* is a number"),
    ({"arm": "group"}, "no column 'group' of arms; its columns are .* or write arm=None"),
    ({"arm": "participant_id"}, "none is named placebo, saline, midazolam or control"),
    ({"arm": "sex"}, "of the arms 'female' and 'male' in 'sex' none is named placebo, saline, mid"),
    ({"arm": "site", "reference": "Lund"}, "everybody is in the arm 'Lund'; two arms are wanted"),
    ({"arm": None, "reference": "saline"}, "reference is 'saline', but arm is None"),
    ({"reference": "ketamin"}, "reference is 'ketamin'; allowed: .* Did you mean 'ketamine'?"),
    ({"people": None}, "arm is 'arm', but participants is None; give the participants table"),
    ({"covariates": "height"}, "covariates is 'height'; allowed: 'arm', 'sex', 'age', 'site'"),
    ({"covariates": "site"}, "site is 'Lund' in everyone analysed, so that it explains nothing"),
    ({"covariates": "born"}, "covariates names 'born', a column of dates"),
    ({"covariates": "arm"}, "covariates names 'arm', the column of arms"),
    ({"formula": "arm +* visit"}, r"cannot be read at »…« in arm »\+\*« visit"),
    ({"formula": "arm * (visit"}, r"cannot be read at »…« in arm \* »\(«visit .*not closed"),
    (
        {"formula": "arm * visit + hight"},
        "'arm . visit . »hight«' names 'hight', which is not there",
    ),
    ({"formula": "arm * visit + agee"}, "Did you mean 'age'?"),
    ({"formula": "visit + baseline"}, "does not name 'arm', so that arms cannot be compared"),
    ({"formula": "madrs ~ arm"}, "has 'madrs' on its left side, and outcome is 'change'"),
    ({"formula": "1"}, "has no term but the intercept"),
    ({"formula": ""}, "formula is ''; a text with the terms"),
    ({"formula": "arm | visit"}, "cannot be read .It has several parts.; write it like"),
    ({"formula": "arm + {__import__('os')}"}, "calls .* allowed in a formula: sums and products"),
    ({"formula": "arm + visit.cat.codes"}, "names 'visit.cat.codes', which is not there"),
    ({"formula": "arm + log(baseline - 30)"}, r"log\(baseline - 30\) is no finite number for P02"),
    ({"formula": "arm + site"}, "site is 'Lund' in everyone analysed"),
    ({"formula": "arm", "covariates": "age"}, "covariates names 'age', and formula is given too"),
    ({"formula": "arm + age + center(age)"}, "the design is singular: 'center.age.' follows from"),
    (
        {"formula": "arm + day", "visits": ["day_7", "day_1"]},
        "the days of the visits are not known",
    ),
    ({"outcome": "values"}, "outcome is 'values'; allowed: 'change', 'value'"),
    ({"structure": "us"}, "structure is 'us'; allowed: 'unstructured'"),
    ({"structure": "spatial_exponential", "visits": ["day_7", "day_1"]}, "give them with days="),
    ({"df": "kr"}, "df is 'kr'; allowed: 'kenward_roger_linear'"),
    ({"df": "kenward_roger", "covariance": "CR2"}, "allowed with it: 'satterthwaite'"),
    ({"method": "ml"}, "method is 'ml', and df is 'kenward_roger_linear', which is of REML"),
    ({"adjust": "dunnett"}, "adjust is 'dunnett'; allowed: .*'mvt', 'none'"),
    ({"alternative": "lower"}, "alternative is 'lower'; allowed: 'two-sided', 'less', 'greater'"),
    ({"confidence_level": 95}, "confidence_level is 95"),
    ({"permutation": "yes"}, "permutation is 'yes'; allowed: 'auto', True, False"),
    ({"by_arm": 1}, "by_arm is 1; allowed: True or False"),
    ({"weights": "w"}, "weights is 'w', which is a column of neither endpoints nor participants"),
    ({"weights": "sex"}, "weights 'sex' of P01 at day_1 is 'female'; a number above 0 is wanted"),
]


@pytest.mark.parametrize(("words", "said"), WORDS)
def test_words_that_cannot_be_used(words, said):
    with pytest.raises((StatisticsError, TableError), match=said) as refused:
        fit(**words)
    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)


TABLES = {
    "two rows of a participant at a visit": (
        pd.concat([ROWS, ROWS.iloc[[1]]]),
        PEOPLE,
        "2 rows that share participant, visit and marker, the first: P01, day_1, MADRS",
    ),
    "a participant twice": (
        ROWS,
        pd.concat([PEOPLE, PEOPLE.iloc[[2]]]),
        "participants has two rows of P03",
    ),
    "a visit with one participant": (
        without(list(VALUES)[1:], "day_7"),
        PEOPLE,
        r"value at 'day_7' of P01 alone; .* Leave it out: visits=\['day_1'\]",
    ),
    "an arm without follow-up": (
        ROWS[~ROWS["participant_id"].isin(SALINE) | (ROWS["visit"] == "baseline")],
        PEOPLE,
        "no follow-up in the arm 'saline': none of its 4 has baseline and a value at day_1 or",
    ),
    "an arm without a value at one visit": (
        without(SALINE, "day_7"),
        PEOPLE,
        "no value of the arm 'saline' at 'day_7', so that arms cannot be compared there",
    ),
    "visits as numbers": (
        ROWS.assign(visit=ROWS["visit"].map({"baseline": 0, "day_1": 1, "day_7": 7})),
        PEOPLE,
        "has the visit 0, which is no text; a visit is a name",
    ),
    "no arms": (ROWS, PEOPLE.assign(arm=None), "no arm of anybody in 'arm'"),
    "two controls": (
        ROWS,
        PEOPLE.assign(arm=["saline", "placebo"] * 4),
        "'placebo' and 'saline' could each be what the others are compared with",
    ),
    "too many arms": (ROWS, PEOPLE.assign(arm=PEOPLE["participant_id"]), "of the arms 'P01'"),
    "all changes alike": (
        ROWS.assign(value=ROWS["value"].where(ROWS["visit"] == "baseline", np.nan)).assign(
            value=lambda rows: rows.groupby("participant_id")["value"].ffill()
        ),
        PEOPLE,
        "every change of MADRS is 0, in all 16 rows; there is nothing to model",
    ),
    "baselines alike": (
        ROWS.assign(value=ROWS["value"].mask(ROWS["visit"] == "baseline", 30.0)),
        PEOPLE,
        "at baseline is 30.0 in everyone .* leave it out of the model, as in formula='arm . visit'",
    ),
    "no baseline": (
        ROWS[ROWS["visit"] != "baseline"],
        PEOPLE,
        "baseline is 'baseline'; allowed: 'day_1', 'day_7'",
    ),
    "ids of two kinds": (
        ROWS,
        PEOPLE.assign(participant_id=range(8)),
        "nobody who can be analysed, of 16 .0, for one: no value at baseline",
    ),
    "an infinite value": (
        ROWS.assign(value=ROWS["value"].replace(12.0, np.inf)),
        PEOPLE,
        "an infinite value of MADRS, of P08 at day_1",
    ),
    "values as texts": (
        ROWS.assign(value=ROWS["value"].astype("str")),
        PEOPLE,
        "values of MADRS that are no numbers, such as '38.0'",
    ),
    "a covariate named like the baseline": (
        ROWS,
        PEOPLE.assign(baseline=1.0),
        "covariates names 'baseline', which is what the model calls something of its own",
    ),
    "too few values": (
        ROWS[ROWS["participant_id"].isin(["P01", "P02", "P03"])],
        PEOPLE,
        "6 values after baseline, and the model .* estimates 6 effects",
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_tables_that_cannot_be_used(case):
    rows, people, said = TABLES[case]
    covariates = "baseline" if "baseline" in people else None
    with pytest.raises(KetbioError, match=said) as refused:
        fit(rows, people, covariates=covariates)
    assert "\n" not in str(refused.value)


def test_a_fit_without_remainder_is_refused():
    exact = ROWS.assign(
        value=ROWS["visit"].map({"baseline": 0.0, "day_1": -3.0, "day_7": -9.0})
        + ROWS.groupby("participant_id").ngroup().astype(float) ** 2
    )
    with pytest.raises(StatisticsError, match="MADRS: the response is fitted without remainder"):
        fit(exact, formula="arm * visit")


NAMES = ["saline", "ketamine [0.5 mg/kg] `iv`", "氯胺酮 (низкая) $x_1^{2}%&#~\\ <script>"]


def test_names_may_be_anything():
    odd = "âge «(`年)» [x] | y ~ 1"
    people = PEOPLE.assign(arm=[NAMES[0], NAMES[2]] * 4, **{odd: PEOPLE["age"]})
    visits = {"baseline": "vor [Tag 0]", "day_1": "τ:1 🎉", "day_7": "visit[T.7]*2"}
    rows = ROWS.assign(visit=ROWS["visit"].map(visits))
    found = fit(rows, people, baseline="vor [Tag 0]", covariates=[odd, "sex"])
    plain = fit(covariates=["age", "sex"])
    assert found[0].groups == (NAMES[2], "saline")
    assert found[0].outcome == "change, vor [Tag 0] to τ:1 🎉"
    assert [one.estimate for one in found] == pytest.approx([one.estimate for one in plain])
    [order] = [one for one in found[0].warnings if one.startswith("Visits in the order")]
    assert order.endswith("τ:1 🎉 and visit[T.7]*2.")
    quoted = fit(
        rows, people.assign(**{"a b": people["age"]}), baseline="vor [Tag 0]",
        formula="arm*visit + baseline*visit + `a b` + sex",
    )  # fmt: skip
    assert quoted[0].estimate == pytest.approx(plain[0].estimate)


def test_visits_are_put_in_the_order_of_their_days():
    turned = pd.concat([ROWS[ROWS["visit"] == visit] for visit in reversed(VISITS)])
    assert [one.outcome for one in fit(turned)[:2]] == [
        "change, baseline to day_1",
        "change, baseline to day_7",
    ]


def test_one_level_of_arms_is_one_arm_and_is_said():
    found = fit(people=PEOPLE.assign(arm="ketamine"))
    assert found[0].groups == ("ketamine",)
    assert found[0].warnings.count(
        "Everybody is in the arm ketamine: there is nothing to compare with, and what is told is "
        "the change from baseline."
    )


def test_arms_as_numbers_are_named_as_they_are_written():
    people = PEOPLE.assign(arm=[0.0, 1.0] * 4)
    found = fit(people=people, reference=0)
    assert found[0].groups == ("1", "0")


def test_the_tables_given_are_not_touched():
    rows, people = ROWS.copy(), PEOPLE.copy()
    fit(rows, people, covariates="sex")
    pd.testing.assert_frame_equal(rows, ROWS)
    pd.testing.assert_frame_equal(people, PEOPLE)
