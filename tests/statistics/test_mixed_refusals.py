"""Mixed models that cannot be fitted: what is said, what is fitted in their place."""

import numpy as np
import pytest

from ketbio.errors import StatisticsError
from ketbio.statistics.mixed import maximum
from ketbio.statistics.mixed.structures.choice import DEFAULT_CHAIN
from ketbio.statistics.mmrm import fit_mixed_model, fit_random_effects

N, T = 8, 3


def trial():
    """Eight participants at three visits, complete."""
    rng = np.random.default_rng(11)
    participants, visits = np.repeat(np.arange(N), T), np.tile(np.arange(T), N)
    response = 25 + rng.normal(0, 3, N * T) + 4 * rng.normal(size=N)[participants]
    design = np.column_stack([np.ones(N * T), visits == 1, visits == 2]).astype(float)
    return {
        "response": response,
        "design": design,
        "participants": participants,
        "visits": visits,
        "names": ("intercept", "visit 2", "visit 3"),
    }


def changed(**further):
    return trial() | further


def kept(rows, **further):
    data = trial()
    arrays = {key: value[rows] for key, value in data.items() if key != "names"}
    return data | arrays | further


def with_column(column, name):
    data = trial()
    design = np.column_stack([data["design"], column])
    return data | {"design": design, "names": (*data["names"], name)}


ROWS = np.arange(N * T)
REFUSALS = {
    "unknown structure": (changed(structure="ar2"), "structure is 'ar2'; allowed: 'unstructured'"),
    "unknown fallback": (changed(fallbacks="cs"), "fallbacks is 'cs'; allowed: 'unstructured'"),
    "unknown method": (changed(method="mle"), "method is 'mle'; allowed: 'reml', 'ml'."),
    "text as response": (changed(response=["a"] * 24), "response holds text; allowed: integers"),
    "missing response": (
        changed(response=np.where(ROWS == 4, np.nan, 1.0 + ROWS)),
        "response holds 1 value that is not finite (the first, value 5 of 24, is missing)",
    ),
    "missing covariate": (
        with_column(np.where(ROWS == 4, np.nan, 1.0), "age"),
        "design holds nan in row 5, column 4; allowed: finite numbers. Leave rows without a value",
    ),
    "design of words": (
        changed(design=np.array([["a"]] * 24)),
        "design holds a, no number; allowed: integers or floats. Make dummy variables",
    ),
    "short design": (
        changed(design=np.ones((5, 2))),
        "design has shape (5, 2); allowed: (24, columns), a row for each value",
    ),
    "a sum of columns": (
        with_column(trial()["design"][:, 1] + trial()["design"][:, 2], "later"),
        "'later' follows from the columns before, so that the coefficients cannot be told apart; "
        "allowed: columns of which none is 0 throughout or a sum of others. Leave it out",
    ),
    "an arm without follow-up": (
        with_column(np.zeros(24), "ketamine × visit 3"),
        "'ketamine × visit 3' follows from the columns before",
    ),
    "names": (changed(names=["one"]), "names has 1 name for 3 columns; allowed: one per column"),
    "visit names": (
        changed(visits=np.array(["day_1"] * 24)),
        "visits holds day_1; allowed: whole numbers 0, 1, 2, … in order of time.",
    ),
    "days as visits": (changed(visits=trial()["visits"] * 1.5), "visits holds 0.0; allowed: whole"),
    "too few visits": (
        changed(n_visits=2),
        "n_visits is 2 and visits go up to 2; allowed: a",
    ),
    "a row twice": (
        changed(visits=np.where(ROWS == 1, 0, trial()["visits"])),
        "a participant has 2 rows at visit 1; allowed: one row per participant and visit.",
    ),
    "two groups": (
        changed(groups=np.where(ROWS < 2, "A", "B")),
        "a participant is in two groups; allowed: one group per participant",
    ),
    "no participant": (
        changed(participants=[None, *range(23)]),
        "participants holds a missing label; allowed: a label for every value. Name it or leave",
    ),
    "weight 0": (
        changed(weights=np.where(ROWS == 3, 0.0, 1.0)),
        "weights has 24 values, the smallest 0; allowed: 24 numbers above 0.",
    ),
    "one participant": (
        kept(ROWS < 3),
        "the model has 3 coefficients for 3 observations; allowed: more observations than",
    ),
    "nothing varies": (
        changed(response=np.full(24, 7.0)),
        "the response is fitted without remainder, so that there is no variance to estimate; "
        "allowed: values that vary within the design. Leave this marker out",
    ),
    "visits never together": (
        kept((ROWS % 6 != 0) & (ROWS % 6 != 4), fallbacks=()),
        "the covariance over visits cannot be estimated (unstructured: visits 1 and 2 were never "
        "observed together in 2 participants or more); allowed: a structure that these visits "
        "support. Choose one with fewer parameters, such as compound_symmetry, leave out visits",
    ),
    "a visit with one participant": (
        kept((ROWS % 3 != 2) | (ROWS == 2), fallbacks=(), structure="heterogeneous_ar1"),
        "(heterogeneous AR(1): visit 3 was observed in 1 participant)",
    ),
    "a visit with equal values": (
        changed(response=np.where(ROWS % 3 == 2, 9.0, trial()["response"]), fallbacks=()),
        "(unstructured: the fixed effects leave nothing of the values at visit 3, whose variance",
    ),
    "fewer participants than visits": (
        kept(ROWS < 9, fallbacks=()),
        "(unstructured: the likelihood is highest where the covariance becomes singular)",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusals(case):
    arguments, sentence = REFUSALS[case]
    with pytest.raises(StatisticsError) as refused:
        fit_mixed_model(**arguments)
    assert sentence in str(refused.value)


def test_bfgs_arrives_where_newton_is_cut_short(monkeypatch):
    data = kept(ROWS % 5 != 1)
    usual = fit_mixed_model(**data)
    monkeypatch.setattr(maximum, "MAX_STEPS", 3)
    start = fit_mixed_model(**data, fallbacks=())
    assert start.log_likelihood == pytest.approx(usual.log_likelihood, abs=1e-9)
    monkeypatch.setattr(maximum, "_bfgs", lambda _, start: start)
    with pytest.raises(StatisticsError, match=r"unstructured: there was no maximum after"):
        fit_mixed_model(**data, fallbacks=())


def test_fallbacks_are_named_with_their_reasons():
    data = kept((ROWS % 3 != 2) | (ROWS == 2))
    model = fit_mixed_model(**data)
    assert model.structure_asked == "unstructured"
    assert [failed.name for failed in model.tried] == ["unstructured", *DEFAULT_CHAIN[:3]]
    assert {failed.reason for failed in model.tried} == {"visit 3 was observed in 1 participant"}
    assert model.structure.name == "compound_symmetry"
    assert model.warnings == (
        "4 covariance structures could not be fitted: unstructured (visit 3 was observed in 1 "
        "participant); heterogeneous Toeplitz (visit 3 was observed in 1 participant); "
        "heterogeneous AR(1) (visit 3 was observed in 1 participant); heterogeneous compound "
        "symmetry (visit 3 was observed in 1 participant). The model has compound symmetry "
        "instead.",
    )
    chosen = fit_mixed_model(**data, fallbacks=["toeplitz", "ar1"])
    assert chosen.structure.name == "ar1"
    assert chosen.tried[1].reason == "no two participants have visits 2 apart"


def test_a_small_structure_falls_back_on_none_that_is_larger():
    data = kept(ROWS % 3 == 0)  # one visit each: no correlation can be seen
    with pytest.raises(StatisticsError, match="two participants have two visits") as refused:
        fit_mixed_model(
            **(data | {"design": data["design"][:, :1], "names": None}), n_visits=3, structure="ar1"
        )
    assert "heterogeneous" not in str(refused.value)


def test_a_variance_of_zero_is_a_solution_and_is_said():
    rng = np.random.default_rng(2)
    participants, visits = np.repeat(np.arange(6), 3), np.tile([0.0, 1, 2], 6)
    response = np.tile([1.0, 5, 3], 6) + 0.1 * rng.normal(size=18)
    response -= np.repeat(response.reshape(6, 3).mean(axis=1), 3)  # all means alike
    design = np.column_stack([np.ones(18), visits])
    model = fit_random_effects(response, design, np.ones(18), participants=participants)
    assert model.parameters[0] == pytest.approx(0, abs=1e-9)
    assert model.warnings == (
        "The variance of effect 1 is estimated as 0: participants do not differ in it beyond what "
        "chance gives.",
    )
    # what is left is least squares, and its information on the residual variance
    _, (rss,), *_ = np.linalg.lstsq(design, response)
    assert model.residual_variance == pytest.approx(rss / 16, rel=1e-8)
    assert model.parameter_covariance[1, 1] == pytest.approx(2 * (rss / 16) ** 2 / 16, rel=1e-6)
    assert model.parameter_covariance[0] == pytest.approx([0, 0], abs=1e-9)
    assert model.expected_parameter_covariance[0, 0] > 0
    named = fit_random_effects(
        response, design, np.ones(18), participants=participants, random_names=["rat"]
    )
    assert named.warnings[0].startswith("The variance of rat is estimated as 0")


def test_random_effects_that_cannot_be_told_apart():
    data = trial()
    arrays = {key: data[key] for key in ("response", "design", "participants")}
    two = {key: value[ROWS % 3 != 2] for key, value in arrays.items()}
    two["design"] = two["design"][:, :2]
    slope = np.column_stack([np.ones(16), np.tile([0.0, 1], 8)])
    with pytest.raises(StatisticsError, match="cannot be told apart\\); allowed: effects that"):
        fit_random_effects(random=slope, **two)
    with pytest.raises(StatisticsError, match="every participant has one row, so that random"):
        fit_random_effects(**(arrays | {"participants": ROWS}), random=np.ones(24))
    with pytest.raises(StatisticsError, match=r"random has shape \(3,\)|random has shape \(3, 1\)"):
        fit_random_effects(random=np.ones(3), **arrays)
    with pytest.raises(StatisticsError, match="diagonal is 'yes'; allowed: True or False"):
        fit_random_effects(random=np.ones(24), diagonal="yes", **arrays)
