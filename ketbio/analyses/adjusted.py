"""The same question adjusted for covariates: least squares and permuted residuals beside it.

Within blocks both have an intercept for each block, and both say so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ketbio.analyses.blocks import Blocks
from ketbio.analyses.companions import FloatArray, from_t, permutation_fields
from ketbio.analyses.covariates import Covariates, numeric_columns, without_covariates
from ketbio.analyses.limits import UNADJUSTED, beyond_words
from ketbio.analyses.question import Question, Settings
from ketbio.errors import StatisticsError
from ketbio.result import Result
from ketbio.statistics import (
    TTest,
    adjusted_coefficient,
    adjusted_permutation_test,
    ancova,
)
from ketbio.statistics.adjusted_permutation import NOT_EXACT
from ketbio.statistics.covariates.linear_models import first_dependent
from ketbio.vocabulary import CENSORED, PARTICIPANT_ID, VALUE
from ketbio.wording import count_of, join_words, spaced

BASELINE = "the baseline value"
ADJUSTED_BESIDE = "Not adjusted itself: estimates adjusted for {what} stand beside it."
NOT_FORMED = "No estimate adjusted for {what} could be formed: {why}."
RANKED = "values {where} are only ranked"
PARALLEL = (
    "Adjusted by straight lines that are parallel in both groups; groups formed after treatment "
    "are not made alike by it."
)
STRAIGHT = "Adjusted by straight lines."
METHODS = (PARALLEL, STRAIGHT, NOT_EXACT)
"""How it is adjusted: the main result says it once for its companions."""

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
    blocks : Blocks
        What else gets an intercept each.
    """

    participants: "pd.Series[str]"
    y: FloatArray
    x: FloatArray
    covariates: pd.DataFrame
    name: str
    blocks: Blocks

    @property
    def what(self) -> str:
        """What is adjusted for, as written for readers."""
        return _listed(self.covariates, self.blocks, self.participants)

    @property
    def indicators(self) -> FloatArray:
        """One column for each block but the first, shape (n, blocks − 1)."""
        labels = np.array(self.blocks.of(self.participants) or [""] * self.x.size)
        return np.asarray(labels[:, None] == np.unique(labels)[1:], dtype=np.float64)

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
    asked = _asked(covariates, ids, settings)
    tables = [asked] if covariates.names else []
    if "baseline_value" in used:
        baseline = pd.DataFrame({BASELINE: used["baseline_value"].to_numpy(dtype=float)})
        tables = [baseline, *([pd.concat([baseline, asked], axis=1)] if len(asked.columns) else [])]
    if (used[CENSORED] != "").any():
        what = [_listed(table, settings.blocks, ids) for table in tables]
        why = RANKED.format(where=beyond_words(used[CENSORED]))
        return _nothing([NOT_FORMED.format(what=one, why=why) for one in what])
    rows = [
        _Rows(
            participants=ids,
            y=used[VALUE].to_numpy(dtype=float),
            x=(used["group"] == question.groups[0]).to_numpy().astype(float),
            covariates=table,
            name="adjusted mean difference",
            blocks=settings.blocks,
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
        covariates=_asked(covariates, ids, settings),
        name="adjusted slope",
        blocks=settings.blocks,
    )
    return _adjust(question, [rows], _pair_counts, settings)


def _asked(covariates: Covariates, ids: "pd.Series[str]", settings: Settings) -> pd.DataFrame:
    """Return the covariates but the column that makes blocks, which are adjusted for anyway."""
    if not covariates.names:
        return pd.DataFrame(index=ids.index)
    table = covariates.of(ids)
    if settings.blocks.count(ids) == 1:
        return table
    return table.drop(columns=settings.blocks.name, errors="ignore")


def _listed(covariates: pd.DataFrame, blocks: Blocks, ids: "pd.Series[str]") -> str:
    names = [*map(str, covariates.columns), *([blocks.name] if blocks.count(ids) > 1 else [])]
    return join_words(map(spaced, names))


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
        if why := _why_not(rows, columns):
            failed.append(NOT_FORMED.format(what=rows.what, why=why))
            continue
        asked = question.about(
            outcome=f"{question.outcome}, adjusted for {rows.what}", n=counts(question, rows.x)
        )
        left_out = without_covariates(candidate.covariates, candidate.participants)
        try:
            made += _estimates(asked, rows, columns, left_out, settings)
        except StatisticsError as refused:  # beside a result that stands, nothing may stop it
            failed.append(NOT_FORMED.format(what=rows.what, why=str(refused).split(";")[0]))
            continue
        done = rows.what
    if not done:
        return _nothing(failed)
    said = {sentence for one in made for sentence in one.warnings}
    how = (sentence for sentence in METHODS if sentence in said)
    return Adjusted(
        companions=tuple(made), warnings=(ADJUSTED_BESIDE.format(what=done), *how, *failed)
    )


def _why_not(rows: _Rows, columns: dict[str, FloatArray]) -> str:
    """Say why nothing can be estimated, or nothing."""
    x, indicators = rows.x, rows.indicators
    needed = len(columns) + indicators.shape[1] + 3
    if x.size < needed:
        have = f"{count_of(x.size, 'participant')} with all of these"
        return f"there are {have}, and at least {needed} are needed"
    if np.ptp(x) == 0:
        return "all who have these are alike in what is compared"
    for name in rows.covariates.columns:
        if (rows.covariates[name] == rows.covariates[name].iloc[0]).all():
            return f"{spaced(str(name))} is the same in everyone"
    place = first_dependent(np.column_stack([indicators, *columns.values(), x]))
    if place is None:
        return ""
    place -= indicators.shape[1]
    if place == len(columns):
        return "what is compared follows from them"
    return f"{spaced(list(columns)[place])} follows from the others"


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
    test = adjusted_permutation_test(
        rows.y,
        rows.x,
        _side_by_side(rows, list(columns.values())),
        blocks=settings.blocks.of(rows.participants),
        **settings.beside.test,
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
    table = _side_by_side(rows, [rows.indicators, *others])
    if BASELINE in columns:
        found = ancova(
            rows.y, columns[BASELINE], rows.x, covariates=table, confidence_level=level
        ).difference
        return replace(found, warnings=(*found.warnings, PARALLEL))
    found = adjusted_coefficient(rows.y, rows.x, table, confidence_level=level)
    return replace(found, estimate_name=rows.name, warnings=(*found.warnings, STRAIGHT))


def _side_by_side(rows: _Rows, columns: Sequence[FloatArray]) -> FloatArray:
    return np.column_stack([np.empty((rows.x.size, 0)), *columns])
