"""Missing visits filled in: gaps always at random, what follows drop-out as it is assumed."""

import numpy as np

from ketbio.statistics.imputation.assumptions import ASSUMPTIONS
from ketbio.statistics.imputation.posterior import conditional_residuals
from ketbio.statistics.imputation.restricted import TrajectoryModel
from ketbio.statistics.imputation.trajectories import Trajectories
from ketbio.statistics.records import FloatArray


def fill_visits(
    data: Trajectories,
    model: TrajectoryModel,
    *,
    assumption: str,
    normals: FloatArray | None = None,
) -> FloatArray:
    """Return outcomes without gaps, one layer per draw of the parameters.

    Parameters
    ----------
    data : Trajectories
    model : TrajectoryModel
        Coefficients (m, k, T) and covariance (m, T, T).
    assumption : str
        A word of `ASSUMPTIONS`.
    normals : ndarray, shape (m, n, T), optional
        Standard normal draws; with the same ones, assumptions differ by what they assume and not by
        chance. None: conditional means in place of draws.

    Returns
    -------
    ndarray, shape (m, n, T)

    Notes
    -----
    A visit missing before the last one measured is drawn at random (given what was measured, with
    the participant's own mean) under every assumption: the participant was still in the trial.
    """
    filled = np.broadcast_to(data.outcomes, (len(model.covariance), *data.outcomes.shape)).copy()
    for one in data.patterns():
        if not one.missing.size:
            continue
        x, z = data.design[one.rows], None if normals is None else normals[:, one.rows]
        own = x @ model.coefficients
        reference = data.reference_design[one.rows] @ model.coefficients
        steps = [(one.seen, one.gaps, own, own)] if one.gaps.size else []
        if one.later.size:
            last = int(one.later[0]) - 1
            before, after = ASSUMPTIONS[assumption](own, reference, last)
            steps.append((np.arange(last + 1), one.later, before, after))
        for known, missing, before, after in steps:
            residuals = filled[:, one.rows[:, None], known] - before[:, :, known]
            drawn = conditional_residuals(
                residuals,
                model.covariance,
                seen=known,
                missing=missing,
                normals=None if z is None else z[:, :, missing],
            )
            filled[:, one.rows[:, None], missing] = after[:, :, missing] + drawn
    return filled
