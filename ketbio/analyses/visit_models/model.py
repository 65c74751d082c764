"""Rows and fixed effects → the fitted model, and what of it is compared."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.analyses.visit_models.design import Design
from ketbio.analyses.visit_models.formula import FixedEffects
from ketbio.analyses.visit_models.rows import FloatArray, Trajectories
from ketbio.errors import StatisticsError
from ketbio.result import AVERAGE
from ketbio.statistics.mixed.contrast import ContrastTest, evaluate_rows
from ketbio.statistics.mixed.degrees_of_freedom.denominators import Denominator, denominator
from ketbio.statistics.mmrm import MixedModel, fit_mixed_model
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

IntArray = NDArray[np.intp]
BY_DAYS = "spatial_exponential"
"""The structure that depends on the days between visits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWords:
    """How a model is fitted and tested, in the words of `fit_mmrm`."""

    structure: str
    by_arm: bool
    method: str
    df: str | None
    covariance: str
    fallbacks: bool
    alternative: str
    level: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """What the model is fitted to, one entry per row with an outcome.

    Attributes
    ----------
    response : array of shape (n,)
    design : array of shape (n, p)
    participants, visits, groups : array of int, shape (n,)
        Codes; ``groups`` are the arms.
    days : array of shape (n,) or None
    weights : array of shape (n,) or None
    n_visits : int
    """

    response: FloatArray
    design: FloatArray
    participants: IntArray
    visits: IntArray
    groups: IntArray
    days: FloatArray | None
    weights: FloatArray | None
    n_visits: int

    def without(self, participant: int) -> "Inputs":
        """Return the rows of everybody but one."""
        keep = self.participants != participant
        return Inputs(
            response=self.response[keep],
            design=self.design[keep],
            participants=self.participants[keep],
            visits=self.visits[keep],
            groups=self.groups[keep],
            days=None if self.days is None else self.days[keep],
            weights=None if self.weights is None else self.weights[keep],
            n_visits=self.n_visits,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A model and where it comes from."""

    rows: Trajectories
    effects: FixedEffects
    design: Design
    inputs: Inputs
    model: MixedModel
    denominator: Denominator
    words: ModelWords


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contrast:
    """One thing compared.

    Attributes
    ----------
    groups : tuple of str
        The arm and the reference, or the one arm.
    visit : str
        Where; `AVERAGE` for all visits together.
    weights : array of shape (p,)
        Of the effects.
    offset : float
        Taken from the sum: the mean at baseline, where a change is told of values.
    """

    groups: tuple[str, ...]
    visit: str
    weights: FloatArray
    offset: float = 0.0


def inputs_of(
    rows: Trajectories, design: Design, weights: Mapping[tuple[str, str], float] | None
) -> Inputs:
    """Return the rows with an outcome as arrays."""
    known = rows.modelled
    ids = list(dict.fromkeys(known[PARTICIPANT_ID]))
    keys = list(zip(known[PARTICIPANT_ID], known[VISIT], strict=True))
    return Inputs(
        response=known[rows.outcome].to_numpy(dtype=np.float64),
        design=design.matrix,
        participants=_codes(known[PARTICIPANT_ID], ids),
        visits=_codes(known[VISIT], rows.follow_up.visits),
        groups=_codes(known["arm"], rows.arms.names),
        days=known["day"].to_numpy(dtype=np.float64) if rows.follow_up.days else None,
        weights=None if weights is None else np.array([weights[key] for key in keys]),
        n_visits=len(rows.follow_up.visits),
    )


def _codes(values: Iterable[str], order: Sequence[str]) -> IntArray:
    places = {one: place for place, one in enumerate(order)}
    return np.array([places[one] for one in values], dtype=np.intp)


def fit_inputs(inputs: Inputs, design: Design, words: ModelWords, **changes: object) -> MixedModel:
    """Return the model of these rows; ``changes`` are of the words (another structure, method)."""
    structure = str(changes.get("structure", words.structure))
    return fit_mixed_model(
        inputs.response,
        inputs.design,
        participants=inputs.participants,
        visits=inputs.visits,
        structure=structure,
        n_visits=inputs.n_visits,
        groups=inputs.groups if words.by_arm else None,
        times=inputs.days if structure == BY_DAYS else None,
        weights=inputs.weights,
        method=str(changes.get("method", words.method)),
        fallbacks=None if words.fallbacks and "structure" not in changes else (),
        names=design.names,
    )


def fit_rows(
    rows: Trajectories,
    effects: FixedEffects,
    design: Design,
    words: ModelWords,
    weights: Mapping[tuple[str, str], float] | None,
) -> Fitted:
    """Return the fitted model of one marker.

    Raises
    ------
    StatisticsError
        A structure that needs days nobody knows; a covariance that does not converge.
    """
    if words.structure == BY_DAYS and not rows.follow_up.days:
        raise StatisticsError(
            f"structure is {BY_DAYS!r}, which depends on the days between visits, and they are "
            "not known; give them with days=, visit → day."
        )
    inputs = inputs_of(rows, design, weights)
    try:
        model = fit_inputs(inputs, design, words)
        made = denominator_of(model, words)
    except StatisticsError as refused:
        raise StatisticsError(f"{rows.marker}: {with_names(str(refused), rows)}") from None
    return Fitted(
        rows=rows,
        effects=effects,
        design=design,
        inputs=inputs,
        model=model,
        denominator=made,
        words=words,
    )


def denominator_of(model: MixedModel, words: ModelWords) -> Denominator:
    """Return covariance and degrees of freedom for every contrast of a model, made once."""
    return denominator(model, df=words.df, information=None, covariance=words.covariance)


def contrast_tested(
    made: Denominator,
    model: MixedModel,
    contrast: "Contrast",
    words: ModelWords,
    *,
    alternative: str | None = None,
) -> ContrastTest:
    """Return the test of one contrast."""
    return evaluate_rows(
        made,
        model.coefficients,
        contrast.weights[None, :],
        np.array([contrast.offset]),
        alternative=alternative or words.alternative,
        level=words.level,
    )


def with_names(sentence: str, rows: Trajectories) -> str:
    """Return a sentence of the engine, which numbers visits, with their names in it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = SimpleNamespace(follow_up=SimpleNamespace(visits=("day_1", "day_14")))
    >>> with_names("visits 1 and 2 were never observed together", rows)
    'day_1 and day_14 were never observed together'
    """
    visits = rows.follow_up.visits

    def named(found: re.Match[str]) -> str:
        numbers = [int(one) for one in found.groups() if one]
        if max(numbers) > len(visits):
            return found[0]
        return " and ".join(visits[one - 1] for one in numbers)

    return re.sub(r"\bvisits? (\d+)(?: and (\d+))?\b(?! apart)", named, sentence)


def contrasts_of(rows: Trajectories, design: Design) -> tuple[Contrast, ...]:
    """Return arm − reference at each visit and on average, for each arm; or each change."""
    made = []
    for arm in rows.arms.names[1:] or rows.arms.names:
        at_visits = [(visit, _weights(rows, design, arm, visit)) for visit in rows.follow_up.visits]
        groups = (arm, rows.arms.reference) if rows.arms.reference else (arm,)
        offset = 0.0 if rows.arms.reference else start_of(rows, design)
        if len(at_visits) > 1:
            mean: FloatArray = np.mean([one for _, one in at_visits], axis=0)
            at_visits.append((AVERAGE, mean))
        made += [
            Contrast(groups=groups, visit=visit, weights=one, offset=offset)
            for visit, one in at_visits
        ]
    return tuple(made)


def start_of(rows: Trajectories, design: Design) -> float:
    """Return what is taken from a marginal mean to make it a change from baseline."""
    return design.baseline_mean if rows.outcome == "value" else 0.0


def _weights(rows: Trajectories, design: Design, arm: str, visit: str) -> FloatArray:
    own = design.cells[arm, visit]
    reference = rows.arms.reference
    return own - design.cells[reference, visit] if reference else own


def mean_of(rows: Trajectories, design: Design, arm: str, visit: str) -> Contrast:
    """Return the estimated marginal mean of an arm at a visit, or on average over them."""
    visits = rows.follow_up.visits if visit == AVERAGE else (visit,)
    weights: FloatArray = np.mean([design.cells[arm, one] for one in visits], axis=0)
    return Contrast(groups=(arm,), visit=visit, weights=weights)


def outcome_words(rows: Trajectories, visit: str, *, of_change: bool | None = None) -> str:
    """Return what is compared: ``change, baseline to day_14``.

    ``of_change``: whether a change is told; as modelled when None.
    """
    is_change = rows.outcome == "change" if of_change is None else of_change
    visits = rows.follow_up.visits
    last = visits[-1] if visit == AVERAGE else visit
    if is_change:
        words = f"change, {rows.follow_up.baseline} to {last}"
    elif visit == AVERAGE:
        words = f"value at {visits[0]} to {last}"
    else:
        words = f"value at {last}"
    return f"{words}, {AVERAGE}" if visit == AVERAGE else words
