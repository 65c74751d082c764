"""The coefficient of one regressor beside covariates, by least squares with its t test."""

from numpy.typing import ArrayLike
from scipy import special

from ketbio.statistics.covariates.linear_models import AdjustedModel, adjusted_model
from ketbio.statistics.inputs import check_level
from ketbio.statistics.records import NAN, TTest

NO_REMAINDER = (
    "The model fits the values without remainder: there is neither a t test nor an interval.",
)


def adjusted_coefficient(
    y: ArrayLike,
    x: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    confidence_level: float = 0.95,
) -> TTest:
    """Return the coefficient of x in y ~ 1 + x + covariates with its t test.

    Parameters
    ----------
    y : array-like of numbers, shape (n,)
        The outcome.
    x : array-like of numbers or true/false, shape (n,)
        The regressor tested.
    covariates : array-like of numbers, shape (n,) or (n, q), optional
        What to adjust for; the intercept is always there.
    confidence_level : float
        Of the interval.

    Returns
    -------
    TTest
        ``estimate`` in units of y per unit of x; residual degrees of freedom n − q − 2.

    Raises
    ------
    StatisticsError
        An argument cannot be used, columns are constant or follow from others, or there are too
        few observations.

    Notes
    -----
    Ordinary least squares, as R's ``lm``; exact for normal errors of equal variance.

    Examples
    --------
    >>> found = adjusted_coefficient([12, 15, 9, 20, 22, 18], [1, 1, 1, 0, 0, 0],
    ...                              [30, 34, 28, 33, 36, 31])
    >>> round(found.estimate, 4), found.df, round(found.p_value, 6)
    (-5.617, 3.0, 0.001896)
    """
    level = check_level(confidence_level)
    model = adjusted_model(y, x, covariates)
    return coefficient_test(
        model, level=level, name="adjusted coefficient", method="least-squares t", n=(model.n,)
    )


def coefficient_test(
    model: AdjustedModel, *, level: float, name: str, method: str, n: tuple[int, ...]
) -> TTest:
    """Return the t test of a model's coefficient, in the data's units."""
    estimate = model.slope * model.unit
    standard_error = model.standard_error * model.unit
    t = p = low = high = NAN
    warnings: tuple[str, ...] = NO_REMAINDER
    if standard_error > 0:
        t, warnings = estimate / standard_error, ()
        p = float(2 * special.stdtr(model.df, -abs(t)))
        reach = float(special.stdtrit(model.df, 0.5 + level / 2)) * standard_error
        low, high = estimate - reach, estimate + reach
    return TTest(
        estimate=estimate,
        estimate_name=name,
        standard_error=standard_error,
        df=float(model.df),
        t=t,
        p_value=p,
        ci_low=low,
        ci_high=high,
        ci_level=level,
        ci_method=method,
        n=n,
        warnings=warnings,
    )
