"""A fitted longitudinal model → its results, with their limits and what belongs to each."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata

from ketbio.analyses.question import Settings
from ketbio.analyses.visit_models.influence import (
    leave_out,
    unlike_the_model,
)
from ketbio.analyses.visit_models.limits import design_limits, model_limits, row_limits
from ketbio.analyses.visit_models.lines import main_line, mean_lines, other_df_lines
from ketbio.analyses.visit_models.model import (
    Contrast,
    Fitted,
    contrast_tested,
    contrasts_of,
    outcome_words,
    with_names,
)
from ketbio.analyses.visit_models.model_lines import model_lines
from ketbio.analyses.visit_models.permutation import any_visit, permuted_beside
from ketbio.analyses.visit_models.rows import ROW_COLUMNS
from ketbio.result import ANY_VISIT, Result
from ketbio.statistics.mixed.contrast import ContrastTest
from ketbio.statistics.mixed.residuals import model_residuals


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answered:
    """One marker: its model, what was compared, and the results in that order."""

    fitted: Fitted
    contrasts: tuple[Contrast, ...]
    tests: tuple[ContrastTest, ...]
    results: tuple[Result, ...]


def answer(fitted: Fitted, settings: Settings, permutation: bool | str) -> Answered:
    """Return the results of one model, not yet adjusted."""
    contrasts = contrasts_of(fitted.rows, fitted.design)
    tests = tuple(
        contrast_tested(fitted.denominator, fitted.model, one, fitted.words) for one in contrasts
    )
    left_out = leave_out(fitted, contrasts, tests)
    permuted = permuted_beside(fitted, settings, permutation)
    others = other_df_lines(fitted, contrasts)
    limits = _limits(fitted, permutation)
    data = _data(fitted)
    results = []
    for contrast, test, out, other in zip(contrasts, tests, left_out, others, strict=True):
        beside = permuted.get((contrast.groups[0], contrast.visit))
        line = main_line(
            fitted,
            contrast,
            test,
            warnings=(*limits, *out.warnings),
            data=data,
            excluded=fitted.rows.excluded,
            leave_one_out=out.table,
        )
        companions = (
            *mean_lines(fitted, contrast),
            *(() if beside is None else (replace(beside, outcome=line.outcome),)),
            *other,
        )
        results.append(replace(line, companions=companions))
    first = results[0]
    last = outcome_words(fitted.rows, fitted.rows.follow_up.visits[-1])
    anywhere = [replace(one, outcome=f"{last}, {ANY_VISIT}") for one in any_visit(permuted)]
    whole = (*anywhere, *model_lines(fitted, contrasts))
    results[0] = replace(first, companions=(*first.companions, *whole))
    return Answered(fitted=fitted, contrasts=contrasts, tests=tests, results=tuple(results))


def _limits(fitted: Fitted, permutation: bool | str) -> tuple[str, ...]:
    """Say once what holds for every contrast of a model."""
    told = [
        *(with_names(one, fitted.rows) for one in fitted.model.warnings),
        *model_limits(fitted, permutation),
        *row_limits(fitted.rows),
        *design_limits(fitted.rows),
        *unlike_the_model(fitted),
    ]
    return tuple(dict.fromkeys(told))


def _data(fitted: Fitted) -> pd.DataFrame:
    """Return the rows with the mean that the fixed effects give, and what is left of each."""
    rows = fitted.rows
    left = np.full(len(rows.table), np.nan)
    left[rows.is_known] = model_residuals(fitted.model, kind="normalised")
    ranks = rankdata(left, nan_policy="omit")
    n = int(rows.is_known.sum())
    return rows.table[ROW_COLUMNS].assign(
        fitted=fitted.design.every @ fitted.model.coefficients,
        residual=left,
        normal_quantile=norm.ppf((ranks - 0.375) / (n + 0.25)),  # Blom (1958)
    )
