"""What single participants do to a longitudinal model: each left out in turn, each one's fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from ketbio.analyses.limits import influence
from ketbio.analyses.visit_models.model import (
    Contrast,
    Fitted,
    IntArray,
    contrast_tested,
    denominator_of,
    fit_inputs,
)
from ketbio.analyses.visit_models.rows import FloatArray
from ketbio.errors import StatisticsError
from ketbio.statistics import LeaveOneOut
from ketbio.statistics.mixed.contrast import ContrastTest
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import count_of, format_number, join_words

REFITTED_UP_TO = 40
"""Beyond so many participants the covariance is held while each is left out."""

HELD = "With {n} the covariance was held while each was left out in turn."
FAILED = "Without {who} the model could not be fitted."
ALPHA = 0.05
UNLIKE = (
    "{who} {departs} from the model as a whole (squared normalised residuals {sizes}; "
    "p < {alpha:g} after Bonferroni over {n}): look at {their} values."
)
NAMED_AT_MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeftOut:
    """A contrast without each participant in turn.

    Attributes
    ----------
    table : DataFrame
        ``participant_id, estimate, p_value``.
    warnings : tuple of str
        Who moves p across the level, and without whom nothing could be fitted.
    """

    table: pd.DataFrame
    warnings: tuple[str, ...]


def leave_out(
    fitted: Fitted, contrasts: Sequence[Contrast], tests: Sequence[ContrastTest]
) -> tuple[LeftOut, ...]:
    """Return every contrast without each participant in turn."""
    ids = _participants(fitted)
    is_refitted = len(ids) <= REFITTED_UP_TO
    how = _refitted if is_refitted else _held
    found = np.array(list(how(fitted, contrasts, tests)))  # (N, contrasts, 2)
    made = []
    for place, test in enumerate(tests):
        offset = contrasts[place].offset
        table = pd.DataFrame(
            {
                PARTICIPANT_ID: ids,
                "estimate": found[:, place, 0] - offset,
                "p_value": found[:, place, 1],
            }
        )
        made.append(
            LeftOut(table=table, warnings=_moves(table, test.p_value, is_refitted=is_refitted))
        )
    return tuple(made)


def _participants(fitted: Fitted) -> list[str]:
    return list(dict.fromkeys(fitted.rows.modelled[PARTICIPANT_ID]))


def _refitted(
    fitted: Fitted, contrasts: Sequence[Contrast], tests: Sequence[ContrastTest]
) -> Iterator[list[tuple[float, float]]]:
    """Yield estimate and p of each contrast, the whole model fitted anew without one."""
    words = fitted.words
    name = fitted.model.structure.name
    for place in range(fitted.model.n_participants):
        try:
            model = fit_inputs(fitted.inputs.without(place), fitted.design, words, structure=name)
            made = denominator_of(model, words)
            again = [contrast_tested(made, model, one, words) for one in contrasts]
            yield [(test.estimate, test.p_value) for test in again]
        except StatisticsError:
            yield [(float("nan"), float("nan"))] * len(tests)


def _held(
    fitted: Fitted, contrasts: Sequence[Contrast], tests: Sequence[ContrastTest]
) -> Iterator[list[tuple[float, float]]]:
    """Yield estimate and p of each contrast with covariance and degrees of freedom held."""
    model = fitted.model
    weights = np.array([one.weights for one in contrasts])
    nulls = np.array([one.offset for one in contrasts])
    usual = np.sqrt(np.einsum("cp,pq,cq->c", weights, model.covariance, weights))
    larger = np.array([test.standard_error for test in tests]) / usual
    df = np.array([test.df for test in tests])
    information = np.linalg.inv(model.covariance)
    score = information @ model.coefficients
    y = model.response * np.sqrt(model.weights)
    for rows, inverse in _by_participant(fitted):
        x = model.scaled_design[rows]
        rest = information - x.T @ inverse @ x
        try:
            covariance = np.linalg.inv(rest)
        except np.linalg.LinAlgError:
            yield [(float("nan"), float("nan"))] * len(tests)
            continue
        estimates = weights @ (covariance @ (score - x.T @ inverse @ y[rows]))
        variances = np.einsum("cp,pq,cq->c", weights, covariance, weights)
        t = (estimates - nulls) / (np.sqrt(np.maximum(variances, 0.0)) * larger)
        yield list(zip(estimates, _p_values(t, df, fitted.words.alternative), strict=True))


def _p_values(t: FloatArray, df: FloatArray, alternative: str) -> FloatArray:
    tails = {
        "less": stats.t.cdf(t, df),
        "greater": stats.t.sf(t, df),
        "two-sided": 2 * stats.t.sf(np.abs(t), df),
    }
    return np.asarray(tails[alternative])


def _by_participant(fitted: Fitted) -> Iterator[tuple[IntArray, FloatArray]]:
    """Yield rows and the inverse of the covariance of each participant, by code."""
    model = fitted.model
    found: dict[int, tuple[IntArray, FloatArray]] = {}
    for pattern in model.patterns:
        covariance = model.structure.covariance(model.parameters, pattern)
        inverse = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
        for rows in pattern.members:
            found[int(fitted.inputs.participants[rows[0]])] = (rows, inverse)
    for place in sorted(found):
        yield found[place]


def _moves(table: pd.DataFrame, p_value: float, *, is_refitted: bool) -> tuple[str, ...]:
    failed = table.loc[table["estimate"].isna(), PARTICIPANT_ID].astype("str").to_list()
    said = [] if is_refitted else [HELD.format(n=count_of(len(table), "participant"))]
    if failed:
        said.append(FAILED.format(who=_named(failed, last="or")))
    record = LeaveOneOut(
        estimates=table["estimate"].to_numpy(dtype=np.float64),
        p_values=table["p_value"].to_numpy(dtype=np.float64),
        estimate_name="",
        is_exact=False,
        n=(len(table),),
    )
    return (*said, *influence(record, table[PARTICIPANT_ID].to_list(), p_value))


def unlike_the_model(fitted: Fitted) -> tuple[str, ...]:
    """Say who departs from the model as a whole, by squared normalised residuals."""
    ids = _participants(fitted)
    residuals = fitted.model.scaled_residuals
    found = []
    for one, (rows, inverse) in zip(ids, _by_participant(fitted), strict=True):
        distance = float(residuals[rows] @ inverse @ residuals[rows])
        p = min(1.0, float(stats.chi2.sf(distance, len(rows))) * len(ids))
        if p < ALPHA:
            found.append((one, f"{format_number(distance)} on {count_of(len(rows), 'visit')}"))
    if not found:
        return ()
    shown = found[:NAMED_AT_MOST]
    return (
        UNLIKE.format(
            who=_named([one for one, _ in found]),
            departs="departs" if len(found) == 1 else "depart",
            sizes=join_words(size for _, size in shown),
            alpha=ALPHA,
            n=count_of(len(ids), "participant"),
            their="the" if len(found) == 1 else "their",
        ),
    )


def _named(who: Sequence[str], *, last: str = "and") -> str:
    more = len(who) - NAMED_AT_MOST
    return join_words([*who[:NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])], last=last)
