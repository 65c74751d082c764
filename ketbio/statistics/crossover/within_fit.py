"""Treatments adjusted for period and participant: least squares within participants."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from ketbio.errors import StatisticsError
from ketbio.statistics.crossover.crossover_arrays import (
    CrossoverArrays,
    IntArray,
    crossover_arrays,
)
from ketbio.statistics.inputs import check_level
from ketbio.statistics.records import NAN, FloatArray, TTest
from ketbio.statistics.t_intervals import t_record
from ketbio.wording import join_words

HILLS_ARMITAGE = "Hills–Armitage t"
WITHIN = "within-participant least-squares t"
NEGLIGIBLE = 1e-10
"""Share of a sum of squares below which nothing is left of it but rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverFit:
    """A crossover fitted within participants.

    Attributes
    ----------
    treatments : dict of str to TTest
        Treatment → its difference from the reference, adjusted for period.
    periods : dict of int to TTest
        Period from 2 → its difference from period 1, adjusted for treatment.
    carry_over : dict of str to TTest
        Treatment → what it leaves in the next period, less what the reference leaves; empty where
        the design cannot tell it within participants (AB/BA never can).
    reference : str
        The treatment subtracted.
    """

    treatments: dict[str, TTest]
    periods: dict[int, TTest]
    carry_over: dict[str, TTest]
    reference: str


def fit_crossover(
    responses: ArrayLike,
    sequences: Sequence[str],
    designs: dict[str, Sequence[str]],
    *,
    reference: str | None = None,
    covariate: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> CrossoverFit:
    """Fit treatments and periods within participants.

    Parameters
    ----------
    responses : array-like of numbers, shape (n, periods)
        Complete participants, one column per period, in the marker's unit.
    sequences : sequence of str, length n
        Each participant's sequence.
    designs : dict of str to sequence of str
        Sequence → its treatments in the order of the periods.
    reference : str, optional
        The treatment that is subtracted; the last of the first sequence when None.
    covariate : array-like of numbers, shape (n, periods), optional
        A covariate of each period, such as its baseline.
    confidence_level : float
        Of every interval.

    Returns
    -------
    CrossoverFit
        In AB/BA the treatment's t is that of Hills & Armitage: the pooled t test of the period
        differences between the sequences.

    Raises
    ------
    StatisticsError
        No crossover, or too few participants to tell treatments and periods apart.

    Notes
    -----
    response ~ participant + period + treatment, participants fixed: between-participant
    information is not used, as it would be by the mixed model. Hills & Armitage (1979); Jones &
    Kenward (2014).

    Examples
    --------
    >>> found = fit_crossover([[15, 21], [9, 3], [12, 10], [20, 11]], ["AB", "AB", "BA", "BA"],
    ...                       {"AB": ["A", "B"], "BA": ["B", "A"]})
    >>> effect = found.treatments["A"]
    >>> round(effect.estimate, 4), effect.df, effect.ci_method
    (-2.75, 2.0, 'Hills–Armitage t')
    """
    level = check_level(confidence_level)
    arrays = crossover_arrays(responses, sequences, designs, reference=reference)
    extra = None if covariate is None else np.asarray(covariate, dtype=np.float64)
    return fit_arrays(arrays, covariate=extra, level=level)


def fit_arrays(
    arrays: CrossoverArrays, *, covariate: FloatArray | None = None, level: float
) -> CrossoverFit:
    """Fit arrays that are known to be a crossover."""
    columns = within_columns(arrays)[arrays.sequence]
    if covariate is not None:
        columns = np.concatenate([columns, _centred(covariate)[:, :, None]], axis=2)
    model = _least_squares(arrays, columns)
    method = HILLS_ARMITAGE if arrays.is_two_by_two and covariate is None else WITHIN
    n_effects = arrays.n_periods - 1
    test = partial(model.test, level=level, n=arrays.n)
    return CrossoverFit(
        treatments={
            name: test(
                n_effects + place, "treatment difference, adjusted for period", method=method
            )
            for place, name in enumerate(arrays.names[1:])
        },
        periods={
            place + 2: test(place, "period difference, adjusted for treatment", method=WITHIN)
            for place in range(n_effects)
        },
        carry_over=_carry_over(arrays, columns, level=level),
        reference=arrays.names[0],
    )


def within_columns(arrays: CrossoverArrays) -> FloatArray:
    """Return periods and treatments, centred, shape (sequences, periods, effects)."""
    n_sequences, n_periods = arrays.treatments.shape
    period = np.broadcast_to(np.eye(n_periods)[:, 1:], (n_sequences, n_periods, n_periods - 1))
    treatment = indicator(arrays.treatments, len(arrays.names))
    return _centred(np.concatenate([period, treatment], axis=2))


def tells_treatments(arrays: CrossoverArrays) -> bool:
    """Whether these participants tell treatments and periods apart."""
    columns = np.concatenate(within_columns(arrays)[arrays.sequence])
    return bool(np.linalg.matrix_rank(columns) == columns.shape[1])


def indicator(treatments: IntArray, n_treatments: int) -> FloatArray:
    """Return one column per treatment but the reference; −1 is no treatment at all."""
    return np.stack([treatments == one for one in range(1, n_treatments)], axis=2).astype(float)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Model:
    """Coefficients with their covariance, and the degrees of freedom left."""

    coefficients: FloatArray
    covariance: FloatArray
    df: int

    def test(self, place: int, name: str, *, method: str, level: float, n: int) -> TTest:
        variance = float(self.covariance[place, place])
        return t_record(
            float(self.coefficients[place]),
            float(np.sqrt(variance)) if self.df > 0 else NAN,
            self.df,
            name=name,
            method=method,
            n=(n,),
            level=level,
        )


def _least_squares(arrays: CrossoverArrays, columns: FloatArray) -> _Model:
    """Fit centred columns to centred responses; a participant's mean costs one degree."""
    y = _centred(arrays.responses).ravel()
    x = columns.reshape(y.size, -1)
    if np.linalg.matrix_rank(x) < x.shape[1]:
        told = join_words(arrays.names)
        raise StatisticsError(
            f"period, treatment ({told}) and what else is adjusted for cannot be told apart within "
            "these participants: in every sequence they run alike, or a covariate does not vary. "
            "Two sequences with different orders of the treatments are needed."
        )
    coefficients = np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=np.float64)
    df = arrays.n * (arrays.n_periods - 1) - x.shape[1]
    squares = float(((y - x @ coefficients) ** 2).sum())
    if squares <= NEGLIGIBLE * float((y**2).sum()):
        squares = 0.0  # the model fits without remainder: rounding is no variance
    scale = squares / df if df > 0 else NAN
    covariance = np.asarray(np.linalg.inv(x.T @ x) * scale, dtype=np.float64)
    return _Model(coefficients=coefficients, covariance=covariance, df=df)


def _carry_over(arrays: CrossoverArrays, columns: FloatArray, *, level: float) -> dict[str, TTest]:
    """Return first-order carry-over, where the design tells it from treatment and period."""
    before = np.full_like(arrays.treatments, -1)
    before[:, 1:] = arrays.treatments[:, :-1]
    # Nothing is carried into period 1; the period's own effect absorbs which treatment is 0.
    left = _centred(indicator(before, len(arrays.names)))[arrays.sequence]
    both = np.concatenate([columns, left], axis=2)
    is_told = np.linalg.matrix_rank(np.concatenate(both)) == both.shape[2]
    if not is_told or arrays.n * (arrays.n_periods - 1) <= both.shape[2]:
        return {}
    model = _least_squares(arrays, both)
    return {
        name: model.test(place, "carry-over", method=WITHIN, level=level, n=arrays.n)
        for place, name in enumerate(arrays.names[1:], start=columns.shape[2])
    }


def _centred(values: NDArray[np.float64]) -> FloatArray:
    """Return values less their mean over the periods (axis 1)."""
    return np.asarray(values - values.mean(axis=1, keepdims=True), dtype=np.float64)


def carry_over_by_sums(
    responses: ArrayLike,
    sequences: Sequence[str],
    designs: dict[str, Sequence[str]],
    *,
    confidence_level: float = 0.95,
) -> TTest:
    """Compare the sums over both periods between the sequences of an AB/BA crossover.

    Parameters
    ----------
    responses, sequences, designs, confidence_level
        As `fit_crossover` takes them.

    Returns
    -------
    TTest
        Pooled t test of the mean sums, first sequence less second; its estimate is the difference
        of the carry-overs (mixed up with that of the groups themselves).

    Raises
    ------
    StatisticsError
        Not two periods and two sequences.

    Notes
    -----
    Grizzle (1965). It is reported and decides nothing: a treatment test chosen by it does not keep
    its level (Freeman 1989).

    Examples
    --------
    >>> found = carry_over_by_sums([[15, 21], [9, 3], [12, 10], [20, 11]],
    ...     ["AB", "AB", "BA", "BA"], {"AB": ["A", "B"], "BA": ["B", "A"]})
    >>> found.estimate, found.df
    (-2.5, 2.0)
    """
    arrays = crossover_arrays(responses, sequences, designs)
    if arrays.treatments.shape != (2, 2):
        raise StatisticsError(
            "Carry-over is told by sums in two periods and two sequences only; here there are "
            f"{arrays.n_periods} periods and {len(arrays.treatments)} sequences. fit_crossover "
            "tells it within participants where the design allows."
        )
    sums = arrays.responses.sum(axis=1)
    groups = [sums[arrays.sequence == place] for place in (0, 1)]
    df = arrays.n - 2
    squares = sum(float(((one - one.mean()) ** 2).sum()) for one in groups)
    if squares <= NEGLIGIBLE * float((sums**2).sum()):
        squares = 0.0
    error = np.sqrt(squares / df * (1 / groups[0].size + 1 / groups[1].size)) if df > 0 else NAN
    return t_record(
        float(groups[0].mean() - groups[1].mean()),
        float(error),
        df,
        name="difference of the sums over the periods",
        method="pooled t",
        n=(groups[0].size, groups[1].size),
        level=check_level(confidence_level),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyTreatment:
    """Whether any treatment differs: F within participants."""

    statistic: float
    df: tuple[int, int]
    p_value: float


def any_treatment(arrays: CrossoverArrays) -> AnyTreatment:
    """Return the F test of all treatments together, within participants."""
    columns = within_columns(arrays)[arrays.sequence]
    whole = _least_squares(arrays, columns)
    first = arrays.n_periods - 1
    effects, covariance = whole.coefficients[first:], whole.covariance[first:, first:]
    k = effects.size
    if whole.df < 1 or not np.diag(covariance).min() > 0:
        return AnyTreatment(statistic=NAN, df=(k, whole.df), p_value=NAN)
    f = float(effects @ np.linalg.solve(covariance, effects)) / k
    return AnyTreatment(statistic=f, df=(k, whole.df), p_value=float(special.fdtrc(k, whole.df, f)))
