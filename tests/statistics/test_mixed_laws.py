"""Laws that mixed models obey whatever the data: closed forms, equivalences, scaling, order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics.mixed.blocks import ProductBlock, RowBlock
from ketbio.statistics.mixed.patterns import gather_patterns
from ketbio.statistics.mixed.structures.choice import STRUCTURES
from ketbio.statistics.mmrm import fit_mixed_model, fit_random_effects

VISITS = 3


def trial(seed, *, n=14, missing=0.2):
    """A trial of two arms with three visits, and gaps."""
    rng = np.random.default_rng(seed)
    participants = np.repeat(np.arange(n), VISITS)
    visits = np.tile(np.arange(VISITS), n)
    arm = participants % 2
    mixing = np.array([[4.0, 0, 0], [2.5, 3.5, 0], [1, 3, 4]])
    response = (rng.normal(size=(n, VISITS)) @ mixing.T).ravel() + 28 - 2.0 * visits * (1 + arm)
    design = np.column_stack(
        [
            np.ones(n * VISITS),
            visits == 1,
            visits == 2,
            arm,
            arm * (visits == 1),
            arm * (visits == 2),
        ]
    ).astype(float)
    kept = rng.random(n * VISITS) >= missing
    kept |= participants < 4  # the first four are complete, so that every cell is seen
    return {
        "response": response[kept],
        "design": design[kept],
        "participants": participants[kept],
        "visits": visits[kept],
    }


def rows_of(data, rows, **further):
    return {key: value[rows] for key, value in data.items()} | further


def test_complete_data_have_closed_forms():
    """With an interaction of arm and visit: cell means, and the pooled covariance matrix."""
    data = trial(1, missing=0.0)
    model = fit_mixed_model(**data)
    table = data["response"].reshape(-1, VISITS)
    means = np.stack([table[0::2].mean(axis=0), table[1::2].mean(axis=0)])
    rest = table - means[np.arange(table.shape[0]) % 2]
    pooled = rest.T @ rest / (table.shape[0] - 2)
    assert model.visit_covariance[0] == pytest.approx(pooled, rel=1e-8)
    assert model.coefficients[:3] == pytest.approx(means[0] - [0, means[0, 0], means[0, 0]])
    assert model.standard_errors[3] == pytest.approx(np.sqrt(pooled[0, 0] * (1 / 7 + 1 / 7)))
    by_ml = fit_mixed_model(**data, method="ml")
    assert by_ml.visit_covariance[0] == pytest.approx(rest.T @ rest / table.shape[0], rel=1e-8)


def test_one_visit_is_least_squares():
    data = trial(2)
    rows = data["visits"] == 0
    single = rows_of(data, rows)
    single["design"] = single["design"][:, [0, 3]]
    model = fit_mixed_model(**single)
    _, (rss,), *_ = np.linalg.lstsq(single["design"], single["response"])
    variance = rss / (rows.sum() - 2)
    assert model.visit_covariance[0, 0, 0] == pytest.approx(variance, rel=1e-10)
    assert model.covariance == pytest.approx(
        variance * np.linalg.inv(single["design"].T @ single["design"])
    )


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_compound_symmetry_is_a_random_intercept(method):
    data = trial(3)
    symmetric = fit_mixed_model(**data, structure="compound_symmetry", method=method)
    arrays = {key: data[key] for key in ("response", "design", "participants")}
    random = fit_random_effects(random=np.ones(data["visits"].size), method=method, **arrays)
    assert random.log_likelihood == pytest.approx(symmetric.log_likelihood, abs=1e-9)
    assert random.covariance == pytest.approx(symmetric.covariance, rel=1e-6)
    matrix = symmetric.visit_covariance[0]
    assert random.random_covariance[0, 0] == pytest.approx(matrix[0, 1], rel=1e-6)
    assert random.residual_variance == pytest.approx(matrix[0, 0] - matrix[0, 1], rel=1e-6)


def test_a_structure_that_holds_another_is_no_less_likely():
    data = trial(4, n=30)
    value = {
        name: fit_mixed_model(**data, structure=name, fallbacks=()).log_likelihood
        for name in STRUCTURES
    }
    holds = [("unstructured", name) for name in STRUCTURES]
    holds += [
        (f"heterogeneous_{name}", name)
        for name in ("toeplitz", "ar1", "compound_symmetry", "ante_dependence")
    ]
    holds += [("toeplitz", "ar1"), ("toeplitz", "compound_symmetry"), ("ante_dependence", "ar1")]
    # at times 0, 1, 2 the spatial one is AR(1), with a correlation that cannot be negative
    assert value["spatial_exponential"] == pytest.approx(value["ar1"], abs=1e-9)
    for larger, smaller in holds:
        assert value[larger] >= value[smaller] - 1e-9, (larger, smaller)


def test_groups_of_their_own_are_two_fits():
    data = trial(5, n=40)
    arm = data["design"][:, 3]
    both = fit_mixed_model(**data, groups=np.where(arm == 1, "ketamine", "saline"))
    assert both.visit_covariance.shape == (2, VISITS, VISITS)
    assert both.n_parameters == 12
    assert both.group_labels == ("ketamine", "saline")
    for group, value in enumerate((1.0, 0.0)):  # ketamine before saline
        single = rows_of(data, arm == value)
        single["design"] = single["design"][:, :3]
        alone = fit_mixed_model(**single)
        assert both.visit_covariance[group] == pytest.approx(alone.visit_covariance[0], rel=1e-6)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.sampled_from([1e-6, 0.3, 1e5]), shift=st.floats(-9, 9))
def test_scale_shift_and_order_of_rows(seed, scale, shift):
    data = trial(seed)
    structure = ("ar1", "heterogeneous_toeplitz", "compound_symmetry")[seed % 3]
    model = fit_mixed_model(**data, structure=structure)
    order = np.random.default_rng(seed).permutation(data["visits"].size)
    moved = rows_of(data, order)
    moved["response"] = scale * (moved["response"] + shift)
    again = fit_mixed_model(**moved, structure=structure)
    assert again.structure.name == model.structure.name
    assert again.covariance == pytest.approx(scale**2 * model.covariance, rel=1e-6, abs=0)
    assert again.coefficients[1:] == pytest.approx(scale * model.coefficients[1:], rel=1e-6, abs=0)
    assert again.visit_covariance == pytest.approx(
        scale**2 * model.visit_covariance, rel=1e-5, abs=0
    )
    lost = (data["visits"].size - 6) * np.log(scale)
    assert again.log_likelihood == pytest.approx(model.log_likelihood - lost, abs=1e-7)


def test_the_units_of_a_covariate_change_nothing_else():
    """Also where the covariate hardly varies beside its size: as a year does."""
    data = trial(6)
    age = np.random.default_rng(6).normal(40, 10, 14)[data["participants"]]
    design = data.pop("design")
    near = fit_mixed_model(**data, design=np.column_stack([design, age]))
    far = fit_mixed_model(**data, design=np.column_stack([design, 1e5 + age / 365.25]))
    assert far.coefficients[6] / 365.25 == pytest.approx(near.coefficients[6], rel=1e-6)
    assert far.standard_errors[1:6] == pytest.approx(near.standard_errors[1:6], rel=1e-7)
    assert far.log_likelihood - near.log_likelihood == pytest.approx(np.log(365.25), abs=1e-6)


def test_equal_weights_only_divide_the_variance():
    data = trial(7)
    plain = fit_mixed_model(**data)
    weighted = fit_mixed_model(**data, weights=np.full(data["visits"].size, 4.0))
    assert weighted.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-9)
    assert weighted.covariance == pytest.approx(plain.covariance)
    assert weighted.visit_covariance == pytest.approx(4 * plain.visit_covariance)


def test_times_in_minutes_are_as_good_as_days():
    data = trial(8, n=30)
    days = data["visits"] * 2.0
    fits = [
        fit_mixed_model(**data, structure="spatial_exponential", times=days * unit, fallbacks=())
        for unit in (1.0, 1440.0)
    ]
    assert fits[0].log_likelihood == pytest.approx(fits[1].log_likelihood, abs=1e-9)
    assert fits[0].covariance == pytest.approx(fits[1].covariance, rel=1e-6)


def test_sums_by_patterns_and_by_rows_are_the_same():
    data = trial(9, n=40, missing=0.4)
    patterns = gather_patterns(data["participants"], data["visits"])
    pairs = [pattern for pattern in patterns if pattern.n_visits == 2]
    assert len(pairs) == 3
    columns = np.column_stack([data["design"], data["response"]])
    shared, single = ProductBlock(pairs, columns), RowBlock(pairs, columns)
    rng = np.random.default_rng(9)
    matrices = rng.normal(size=(5, len(pairs), 2, 2))
    repeated = np.repeat(matrices, [pattern.n_participants for pattern in pairs], axis=1)
    assert shared.weighted(matrices) == pytest.approx(single.weighted(repeated))
    middle = rng.normal(size=(7, 7))
    each = single.kernel(middle)
    starts = np.cumsum([0, *(pattern.n_participants for pattern in pairs[:-1])])
    assert shared.kernel(middle) == pytest.approx(np.add.reduceat(each, starts, axis=0))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_any_data_are_fitted_or_refused_in_one_sentence(seed):
    rng = np.random.default_rng(seed)
    n, t = int(rng.integers(1, 12)), int(rng.integers(1, 5))
    participants, visits = np.repeat(np.arange(n), t), np.tile(np.arange(t), n)
    arm = rng.integers(0, 2, n)[participants]
    response = rng.normal(size=n * t) + 3 * rng.normal(size=n)[participants]
    response = np.round(response, int(rng.integers(0, 4)))
    design = np.column_stack([np.ones(n * t), arm, *(visits == v for v in range(1, t))])
    kept = rng.random(n * t) > rng.choice([0, 0.3, 0.7])
    kept[0] = True
    data = {
        "response": response[kept],
        "design": design[kept].astype(float),
        "participants": participants[kept],
    }
    structure = str(rng.choice(list(STRUCTURES)))
    calls = (
        lambda: fit_mixed_model(**data, visits=visits[kept], structure=structure),
        lambda: fit_random_effects(random=np.ones(int(kept.sum())), **data),
    )
    for call in calls:
        model, refused = outcome_of(call)
        if model is None:
            assert "; allowed: " in refused
            continue
        assert np.isfinite(model.log_likelihood)
        assert (np.diag(model.covariance) > 0).all()
        assert (np.linalg.eigvalsh(model.parameter_covariance) > -1e-9).all()
        assert bool(model.tried) == (model.structure.name != model.structure_asked)


def outcome_of(call):
    """A model, or the sentence that refuses it; anything else is an error."""
    try:
        return call(), ""
    except StatisticsError as refused:
        return None, str(refused)
