"""The same question adjusted for covariates: least squares and permuted residuals beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ketbio.analyses.companions import FloatArray, from_t, permutation_fields
from ketbio.analyses.covariates import Covariates, numeric_columns, without_covariates
from ketbio.analyses.limits import UNADJUSTED
from ketbio.analyses.question import Question, Settings
from ketbio.result import Result
from ketbio.statistics import (
    TTest,
    adjusted_coefficient,
    adjusted_permutation_test,
    ancova,
)
from ketbio.statistics.covariates.linear_models import first_dependent
from ketbio.vocabulary import CENSORED, PARTICIPANT_ID, VALUE
from ketbio.wording import count_of, join_words

BASELINE = "the baseline value"
ADJUSTED_BESIDE = "Not adjusted itself: estimates adjusted for {what} stand beside it."
NOT_FORMED = "No estimate adjusted for {what} could be formed: {why}."
RANKED = "values below the LLOQ are only ranked"
PARALLEL = (
    "Adjusted by straight lines that are parallel in both groups; groups formed after treatment "
    "are not made alike by it."
)
STRAIGHT = "Adjusted by straight lines."

CITED_ANCOVA = ("vickersaltman2001",)
CITED_PERMUTED = ("freedman1983", "winkler2014")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """Adjusted estimates that hang on a result, and what the result says about adjustment."""

    companions: tuple[Result, ...] = ()
    warnings: tuple[str, ...] = (UNADJUSTED,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """What one adjusted estimate is made from.

    Attributes
    ----------
    participants : Series of str
        Whose values these are.
    y, x : array of shape (n,)
        The outcome, and the regressor of interest (a group as 1 and 0).
    covariates : DataFrame
        What to adjust for, with missing values; its columns are told to readers.
    name : str
        Of the estimate.
    """

    participants: "pd.Series[str]"
    y: FloatArray
    x: FloatArray
    covariates: pd.DataFrame
    name: str

    @property
    def what(self) -> str:
        """What is adjusted for, as written for readers."""
        return join_words(map(str, self.covariates.columns))

    def complete(self) -> "_Rows":
        """Return those that lack no covariate."""
        keep = self.covariates.notna().all(axis=1).to_numpy()
        return replace(
            self,
            participants=self.participants[keep].reset_index(drop=True),
            y=self.y[keep],
            x=self.x[keep],
            covariates=self.covariates[keep].reset_index(drop=True),
        )


def adjust_groups(
    question: Question, used: pd.DataFrame, covariates: Covariates, settings: Settings
) -> Adjusted:
    """Return the difference between groups adjusted for the baseline value and for covariates.

    Parameters
    ----------
    question : Question
        What the difference answers; its first group is compared with the second.
    used : DataFrame
        ``participant_id, group, value, censored`` and, for a change, ``baseline_value``.
    covariates : Covariates
        What was asked for; without any, a change is adjusted for its baseline alone.
    settings : Settings
        How to test.
    """
    ids = used[PARTICIPANT_ID].reset_index(drop=True)
    asked = covariates.of(ids) if covariates.names else pd.DataFrame(index=ids.index)
    tables = [asked] if covariates.names else []
    if "baseline_value" in used:
        baseline = pd.DataFrame({BASELINE: used["baseline_value"].to_numpy(dtype=float)})
        tables = [baseline, *(pd.concat([baseline, table], axis=1) for table in tables)]
    if (used[CENSORED] != "").any():
        what = [join_words(map(str, table.columns)) for table in tables]
        return _nothing([NOT_FORMED.format(what=one, why=RANKED) for one in what])
    rows = [
        _Rows(
            participants=ids,
            y=used[VALUE].to_numpy(dtype=float),
            x=(used["group"] == question.groups[0]).to_numpy().astype(float),
            covariates=table,
            name="adjusted mean difference",
        )
        for table in tables
    ]
    return _adjust(question, rows, _group_counts, settings)


def adjust_slope(
    question: Question, data: pd.DataFrame, covariates: Covariates, settings: Settings
) -> Adjusted:
    """Return the slope of y on x adjusted for covariates.

    Parameters
    ----------
    question : Question
        What the slope answers; its unit is that of y per that of x.
    data : DataFrame
        ``participant_id, x, y``.
    covariates : Covariates
        What was asked for; without any there is nothing to adjust.
    settings : Settings
        How to test.
    """
    if not covariates.names:
        return Adjusted()
    ids = data[PARTICIPANT_ID].reset_index(drop=True)
    rows = _Rows(
        participants=ids,
        y=data["y"].to_numpy(dtype=float),
        x=data["x"].to_numpy(dtype=float),
        covariates=covariates.of(ids),
        name="adjusted slope",
    )
    return _adjust(question, [rows], _pair_counts, settings)


Counts = Callable[[Question, FloatArray], dict[str, int]]


def _group_counts(question: Question, x: FloatArray) -> dict[str, int]:
    return dict(zip(question.groups, (int(x.sum()), int((1 - x).sum())), strict=True))


def _pair_counts(_question: Question, x: FloatArray) -> dict[str, int]:
    return {"pairs": int(x.size)}


def _nothing(warnings: Sequence[str]) -> Adjusted:
    return Adjusted(warnings=(UNADJUSTED, *warnings))


def _adjust(
    question: Question, candidates: Sequence[_Rows], counts: Counts, settings: Settings
) -> Adjusted:
    made: list[Result] = []
    failed: list[str] = []
    done = ""
    for candidate in candidates:
        rows = candidate.complete()
        columns = numeric_columns(rows.covariates)
        if why := _why_not(rows.x, columns):
            failed.append(NOT_FORMED.format(what=rows.what, why=why))
            continue
        asked = question.about(
            outcome=f"{question.outcome}, adjusted for {rows.what}", n=counts(question, rows.x)
        )
        left_out = without_covariates(candidate.covariates, candidate.participants)
        made += _estimates(asked, rows, columns, left_out, settings)
        done = rows.what
    if not done:
        return _nothing(failed)
    return Adjusted(companions=tuple(made), warnings=(ADJUSTED_BESIDE.format(what=done), *failed))


def _why_not(x: FloatArray, columns: dict[str, FloatArray]) -> str:
    """Say why nothing can be estimated, or nothing."""
    needed = len(columns) + 3
    if x.size < needed:
        have = f"{count_of(x.size, 'participant')} with all of these"
        return f"there are {have}, and at least {needed} are needed"
    if np.ptp(x) == 0:
        return "all who have these are alike in what is compared"
    for name, column in columns.items():
        if np.ptp(column) == 0:
            return f"{name} is the same in everyone"
    place = first_dependent(np.column_stack([*columns.values(), x]))
    if place is None:
        return ""
    if place == len(columns):
        return "what is compared follows from them"
    return f"{list(columns)[place]} follows from the others"


def _estimates(
    question: Question,
    rows: _Rows,
    columns: dict[str, FloatArray],
    left_out: pd.DataFrame,
    settings: Settings,
) -> list[Result]:
    """Return the estimate with its t test, and with the permutation test of residuals."""
    missing: tuple[str, ...] = ()
    if len(left_out):
        missing = (
            f"{count_of(len(left_out), 'participant')} without a covariate left out of this "
            "adjusted estimate.",
        )
    t_test = _least_squares(rows, columns, settings.confidence_level)
    by_t = from_t(question, t_test, references=CITED_ANCOVA if BASELINE in columns else ())
    # Every permutation of residuals can be out of reach where the exact test is not.
    drawn = replace(settings, exact="auto" if settings.exact else False)
    test = adjusted_permutation_test(
        rows.y,
        rows.x,
        np.column_stack(list(columns.values())),
        blocks=settings.blocks.of(rows.participants),
        **drawn.test,
    )
    by_permutation = question.answer(
        **permutation_fields(test) | {"role": "sensitivity", "estimate_name": rows.name},
        references=CITED_PERMUTED,
    )
    return [
        replace(one, excluded=left_out, warnings=(*missing, *one.warnings))
        for one in (by_t, by_permutation)
    ]


def _least_squares(rows: _Rows, columns: dict[str, FloatArray], level: float) -> TTest:
    """Return ANCOVA where there is a baseline value; a change and the later value give the same."""
    others = [column for name, column in columns.items() if name != BASELINE]
    table = np.column_stack(others) if others else None
    if BASELINE in columns:
        found = ancova(
            rows.y, columns[BASELINE], rows.x, covariates=table, confidence_level=level
        ).difference
        return replace(found, warnings=(*found.warnings, PARALLEL))
    found = adjusted_coefficient(rows.y, rows.x, table, confidence_level=level)
    return replace(found, estimate_name=rows.name, warnings=(*found.warnings, STRAIGHT))
