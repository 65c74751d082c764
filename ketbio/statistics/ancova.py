"""Analysis of covariance: a later value compared between two groups, adjusted for the earlier."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.adjusted_coefficient import coefficient_test
from ketbio.statistics.covariates.linear_models import (
    adjusted_model,
    as_covariates,
    as_regressor,
    column_name,
)
from ketbio.statistics.inputs import as_same_length, check_level
from ketbio.statistics.records import Ancova


def ancova(
    post: ArrayLike,
    baseline: ArrayLike,
    is_x: ArrayLike,
    *,
    covariates: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> Ancova:
    """Compare post between two groups, adjusted for baseline and further covariates.

    Parameters
    ----------
    post, baseline : array-like of numbers, shape (n,)
        The later and the earlier value of each participant.
    is_x : array-like of true/false (or 1 and 0), shape (n,)
        Who is in group x; the others are y.
    covariates : array-like of numbers, shape (n,) or (n, q), optional
        What to adjust for beside the baseline.
    confidence_level : float
        Of the interval.

    Returns
    -------
    Ancova
        The adjusted difference x − y with its t test, and both adjusted means, in units of post.

    Raises
    ------
    StatisticsError
        An argument cannot be used, a column is constant or follows from others, everybody is in
        one group, or there are too few participants.

    Notes
    -----
    post ~ 1 + group + baseline + covariates by least squares, as R's ``lm``. With the change in
    place of post the difference is the same. Among the ways to use a baseline it has the most
    power, whatever the correlation (Vickers & Altman 2001). In an uncontrolled or non-randomised
    comparison adjustment for baseline does not make the groups alike (Lord 1967).

    Examples
    --------
    >>> found = ancova([12, 15, 9, 20, 22, 18], [30, 34, 28, 33, 36, 31], [1, 1, 1, 0, 0, 0])
    >>> round(found.difference.estimate, 4), round(found.difference.p_value, 6)
    (-5.617, 0.001896)
    >>> round(found.adjusted_mean_x, 4), round(found.adjusted_mean_y, 4)
    (13.1915, 18.8085)
    """
    level = check_level(confidence_level)
    later, earlier = as_same_length(post, baseline, names=("post", "baseline"))
    in_x = _groups(is_x)
    further = as_covariates(covariates, later.size)
    model = adjusted_model(
        later,
        in_x,
        np.column_stack([earlier, further]),
        names=("post", "is_x"),
        covariate_names=("baseline", *map(column_name, range(further.shape[1]))),
    )
    n = (int(in_x.sum()), int((~in_x).sum()))
    test = coefficient_test(
        model, level=level, name="adjusted mean difference", method="ANCOVA", n=n
    )
    # Least squares goes through the means: at everybody's mean covariates the groups' means,
    # weighted by their sizes, are the mean of all.
    middle, share = float(later.mean()), n[0] / later.size
    return Ancova(
        difference=test,
        adjusted_mean_x=middle + (1 - share) * test.estimate,
        adjusted_mean_y=middle - share * test.estimate,
    )


def _groups(is_x: ArrayLike) -> NDArray[np.bool_]:
    values = as_regressor(is_x, "is_x")
    other = values[(values != 0) & (values != 1)]
    if other.size:
        raise StatisticsError(
            f"is_x holds {other[0]:g}; allowed: true and false, or 1 and 0. For a regressor that "
            "is no group use adjusted_coefficient."
        )
    return np.asarray(values == 1)
