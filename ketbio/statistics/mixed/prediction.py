"""What a mixed model expects: of anybody with these columns, and of a participant already seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import check_level
from ketbio.statistics.mixed.arrays import as_codes, as_columns
from ketbio.statistics.mixed.degrees_of_freedom.quantiles import t_quantile
from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.mixed.patterns import Inputs, IntArray, Pattern
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prediction:
    """Predicted values, one per row asked for.

    Attributes
    ----------
    values : array of shape (r,)
        In units of the response.
    standard_errors : array of shape (r,)
        Marginal: of the expected value. Conditional: of the value itself, so that an interval is
        one for the observation.
    ci_low, ci_high : array of shape (r,)
        By the normal distribution.
    ci_level : float
        0 to 1.
    kind : str
        ``"marginal"`` or ``"conditional"``.
    """

    values: FloatArray
    standard_errors: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    ci_level: float
    kind: str


def predict_mean(
    model: MixedModel, design: ArrayLike, *, confidence_level: float = 0.95
) -> Prediction:
    """Return the expected value of rows with these columns, whoever they belong to.

    Parameters
    ----------
    model : MixedModel
        As `fit_mixed_model` or `fit_random_effects` returns it.
    design : array-like of numbers, shape (r, p)
        Columns as in the fit.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    Prediction
        With model-based standard errors (R mmrm's ``predict(conditional = FALSE)``, interval
        "confidence").

    Raises
    ------
    StatisticsError
        The columns do not fit.

    Examples
    --------
    >>> from ketbio.statistics.mmrm import fit_mixed_model
    >>> model = fit_mixed_model([30, 20, 28, 21, 35, 22], np.column_stack([np.ones(6),
    ...     [0, 1] * 3]), participants=list("AABBCC"), visits=[0, 1] * 3)
    >>> found = predict_mean(model, [[1, 0], [1, 1]])
    >>> found.values.round(4).tolist(), found.standard_errors.round(4).tolist()
    ([31.0, 21.0], [2.0817, 0.5774])
    """
    rows = _rows(model, design)
    spread = np.einsum("rp,pq,rq->r", rows, model.covariance, rows)
    return _prediction(rows @ model.coefficients, spread, confidence_level, "marginal")


def predict_missing(
    model: MixedModel,
    design: ArrayLike,
    *,
    participants: ArrayLike,
    visits: ArrayLike,
    random: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> Prediction:
    """Return what is expected at rows of participants in the fit, given their observed rows.

    Parameters
    ----------
    model : MixedModel
        Over visits, or with random effects.
    design : array-like of numbers, shape (r, p)
        Columns as in the fit, of the rows that are missing.
    participants : array-like of int, shape (r,)
        The participants' codes, as in ``model.participants``.
    visits : array-like of int, shape (r,)
        Visits that the participant has no row of.
    random : array-like of numbers, shape (r, q), optional
        Columns of the random effects, where the model has them.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    Prediction
        The conditional expectation (best linear unbiased prediction), with the standard error of
        the missing value itself: what is left of its variance, and what estimating β adds; the
        covariance parameters count as known (Henderson 1975; R mmrm's
        ``predict(conditional = TRUE)``).

    Raises
    ------
    StatisticsError
        Columns, participants or visits do not fit the model, or it has spatial times or units.

    Examples
    --------
    C's second visit is missing; its first was 4 above what is expected.

    >>> from ketbio.statistics.mmrm import fit_mixed_model
    >>> model = fit_mixed_model([30, 20, 28, 21, 35, 26, 22], np.column_stack([np.ones(7),
    ...     [0, 1, 0, 1, 0, 0, 1]]), participants=list("AABBCDD"), visits=[0, 1, 0, 1, 0, 0, 1],
    ...     structure="compound_symmetry")
    >>> found = predict_missing(model, [[1, 1]], participants=[2], visits=[1])
    >>> bool(found.values[0] > predict_mean(model, [[1, 1]]).values[0])
    False
    """
    rows = _rows(model, design)
    people, at = (as_codes(each, len(rows), name) for each, name in
                  ((participants, "participants"), (visits, "visits")))  # fmt: skip
    z = _random_columns(model, random, len(rows))
    values, spread = np.empty(len(rows)), np.empty(len(rows))
    for who in np.unique(people):
        asked = np.flatnonzero(people == who)
        pattern, members = _pattern_of(model, int(who))
        joined = _joined(pattern, at[asked], None if z is None else z[asked])
        covariance = model.structure.covariance(model.parameters, joined)
        values[asked], spread[asked] = _given(model, covariance, members, rows[asked])
    return _prediction(values, spread, confidence_level, "conditional")


def _given(
    model: MixedModel, covariance: FloatArray, members: IntArray, rows: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Condition the rows that come last in ``covariance`` on the participant's observed ones."""
    m = members.size
    weights = np.linalg.solve(covariance[:m, :m], covariance[:m, m:]).T
    design = rows - weights @ model.scaled_design[members]
    values = rows @ model.coefficients + weights @ model.scaled_residuals[members]
    left = np.diag(covariance[m:, m:] - weights @ covariance[:m, m:])
    return values, left + np.einsum("rp,pq,rq->r", design, model.covariance, design)


def _pattern_of(model: MixedModel, who: int) -> tuple[Pattern, IntArray]:
    for pattern in model.patterns:
        found = np.flatnonzero(model.participants[pattern.members[:, 0]] == who)
        if found.size:
            return pattern, pattern.members[found[0]]
    raise StatisticsError(
        f"participants holds {who}, who has no row in the fit; allowed: codes from 0 to "
        f"{model.n_participants - 1}. Predict others by predict_mean."
    )


def _joined(pattern: Pattern, visits: IntArray, z: FloatArray | None) -> Pattern:
    if z is None and np.isin(visits, pattern.visits).any():
        seen = visits[np.isin(visits, pattern.visits)][0]
        raise StatisticsError(
            f"visit {seen + 1} of a participant was observed; allowed: visits without a row in the "
            "fit. Leave it out."
        )
    inputs = pattern.inputs
    return Pattern(
        visits=np.concatenate([pattern.visits, visits]),
        inputs=Inputs(
            group=inputs.group,
            z=None if inputs.z is None or z is None else np.vstack([inputs.z, z]),
        ),
        members=np.zeros((1, pattern.n_visits + visits.size), dtype=np.intp),
    )


def _random_columns(model: MixedModel, random: ArrayLike | None, n: int) -> FloatArray | None:
    inputs = model.patterns[0].inputs
    if inputs.times is not None or inputs.units is not None:
        raise StatisticsError(
            "the model has places in time or units within participants; allowed: models over "
            "visits or with random effects only. Predict by predict_mean."
        )
    if model.random_covariance is None:
        return None
    if random is None:
        raise StatisticsError(
            "random is missing and the model has random effects; allowed: their columns for each "
            "row, as in the fit."
        )
    columns = as_columns(random, n, "random")
    if columns.shape[1] != model.random_covariance.shape[0]:
        raise StatisticsError(
            f"random has {columns.shape[1]} columns; allowed: {model.random_covariance.shape[0]}, "
            "as in the fit."
        )
    return columns


def _rows(model: MixedModel, design: ArrayLike) -> FloatArray:
    given = np.atleast_2d(np.asarray(design))
    rows = as_columns(given, given.shape[0], "design")
    if rows.shape[1] != model.n_columns:
        raise StatisticsError(
            f"design has {rows.shape[1]} columns; allowed: {model.n_columns}, as in the fit."
        )
    return rows


def _prediction(values: FloatArray, spread: FloatArray, level: float, kind: str) -> Prediction:
    level = check_level(level)
    errors = np.sqrt(np.maximum(spread, 0.0))
    reach = t_quantile((1 + level) / 2, np.inf) * errors
    return Prediction(
        values=values,
        standard_errors=errors,
        ci_low=values - reach,
        ci_high=values + reach,
        ci_level=level,
        kind=kind,
    )
