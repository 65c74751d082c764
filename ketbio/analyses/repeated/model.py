"""The design of a random-effects model of repeated values, its fit, and what is asked of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.analyses.repeated.rows import RepeatedRows
from ketbio.errors import TableError
from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.mmrm import fit_random_effects as fit_effects
from ketbio.vocabulary import PARTICIPANT_ID, VALUE, VISIT

FloatArray = NDArray[np.float64]

INTERCEPT, SLOPE = "intercept", "intercept_and_slope"
RANDOM = (INTERCEPT, SLOPE)
BY_VISIT, BY_DAY = "visit", "day"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repeated:
    """A model of repeated values.

    Attributes
    ----------
    rows : RepeatedRows
        What it is of.
    random : str
        One of `RANDOM`.
    time : str
        ``"visit"`` (a mean for each visit) or ``"day"`` (a straight line over days).
    method, df : str, str or None
        How it was fitted, and the degrees of freedom asked for.
    design : array of shape (n, p)
        Columns of the rows with a value.
    model : MixedModel
        The fit.
    """

    rows: RepeatedRows
    random: str
    time: str
    method: str
    df: str | None
    design: FloatArray
    model: MixedModel

    def cell(self, arm: str, visit: str) -> FloatArray:
        """Return the weights of an arm's mean at a visit, shape (p,)."""
        day = self.rows.days.get(visit, 0.0)
        return np.asarray(_columns(self.rows, self.time, [arm], [visit], np.array([day]))[0])

    def slope(self, arm: str) -> FloatArray:
        """Return the weights of an arm's change per day, shape (p,)."""
        visit = self.rows.visits[0]
        one, two = (
            _columns(self.rows, self.time, [arm], [visit], np.array([day]))[0] for day in (0.0, 1.0)
        )
        return np.asarray(two - one)


def fit_repeated(
    rows: RepeatedRows, *, random: str, time: str | None, method: str, df: str | None
) -> Repeated:
    """Fit the model of one marker.

    Raises
    ------
    TableError
        Days are wanted and not all known; visits or participants too few for what is asked.
    StatisticsError
        The model cannot be estimated.
    """
    by = time or (BY_DAY if random == SLOPE else BY_VISIT)
    _refuse_time(rows, by, random)
    known = rows.modelled
    design = _columns(
        rows, by, list(known["arm"]), list(known[VISIT]), known["day"].to_numpy(dtype=float)
    )
    return Repeated(
        rows=rows,
        random=random,
        time=by,
        method=method,
        df=df,
        design=design,
        model=fit_of(rows, design, random, method, np.ones(len(known), dtype=bool)),
    )


def fit_of(
    rows: RepeatedRows, design: FloatArray, random: str, method: str, keep: NDArray[np.bool_]
) -> MixedModel:
    """Fit the rows that are kept; several values at a visit share an effect of that visit."""
    known = rows.modelled[keep]
    days = known["day"].to_numpy(dtype=float)
    ones = np.ones(len(known))
    nested = rows.has_replicates and len(rows.visits) > 1
    places = {visit: k for k, visit in enumerate(rows.visits)}
    return fit_effects(
        known[VALUE].to_numpy(dtype=float),
        design[keep],
        np.column_stack([ones, days]) if random == SLOPE else ones,
        participants=known[PARTICIPANT_ID].to_numpy(dtype=object),
        units=known[VISIT].map(places).to_numpy(dtype=int) if nested else None,
        method=method,
        names=_names(rows, design.shape[1]),
        random_names=["the participants' levels", "the participants' slopes"][
            : 2 if random == SLOPE else 1
        ],
    )


def _columns(
    rows: RepeatedRows, time: str, arms: list[str], visits: list[str], days: FloatArray
) -> FloatArray:
    """Return one column per cell arm × visit, or a level and a slope per arm."""
    names = rows.arms.names
    in_arm = np.array([[one == name for name in names] for one in arms], dtype=float)
    if time == BY_DAY:
        return np.concatenate([in_arm, in_arm * days[:, None]], axis=1)
    at = np.array([[one == visit for visit in rows.visits] for one in visits], dtype=float)
    return np.asarray((in_arm[:, :, None] * at[:, None, :]).reshape(len(arms), -1))


def _names(rows: RepeatedRows, p: int) -> list[str]:
    cells = [f"{arm} at {visit}" for arm in rows.arms.names for visit in rows.visits]
    if len(cells) == p:
        return cells
    return [f"{what} of {arm}" for what in ("level", "slope") for arm in rows.arms.names]


def _refuse_time(rows: RepeatedRows, time: str, random: str) -> None:
    if BY_DAY in (time, BY_DAY if random == SLOPE else BY_VISIT):
        if not rows.days:
            raise TableError(
                f"{rows.marker} is to be followed over days, and the visits "
                f"{', '.join(map(repr, rows.visits))} do not all name a later day than the one "
                "before; give days={visit: day, …}, or time='visit' and random='intercept'."
            )
        if len(rows.visits) < 2:
            raise TableError(
                f"{rows.marker} has values at {rows.visits[0]!r} only; a line over days needs two "
                "visits or more. Take random='intercept'."
            )
    if time == BY_DAY:
        return
    known = rows.modelled
    for arm in rows.arms.names:
        seen = set(known.loc[known["arm"] == arm, VISIT])
        for visit in rows.visits:
            if visit not in seen:
                of = "" if len(rows.arms.names) == 1 else f" in the arm {arm!r}"
                raise TableError(
                    f"{rows.marker} has no value{of} at {visit!r}; each arm needs a value at each "
                    "visit. Leave the visit out with visits=, or follow days with time='day'."
                )
