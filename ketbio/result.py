"""The one result type: what a question asked of the data gave, with its limits.

A `Result` is one question: one marker, one contrast. What belongs to the same question (the same
data by another method, the means behind a difference) hangs on it as ``companions``, so that every
number a sentence, a figure or a report prints is a row of ``tidy(results)``.
"""

import html
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, SupportsIndex, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.errors import TableError
from ketbio.vocabulary import EXCLUDED_COLUMNS, PARTICIPANT_ID, marker_label
from ketbio.wording import capitalised, count_of, format_interval, format_number, format_p

NAN = float("nan")
LARGEST_COUNT_TOLD = 1_000_000
"""Up to this many arrangements, a sentence says how many were as extreme."""


TESTS_OF_MARKERS = frozenset({"compare_responders", "compare_visits", "correlate_changes"})
"""Analyses that test a marker: beside them stand its noise and what was reported of it before."""


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=list(EXCLUDED_COLUMNS), dtype=str)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Result:
    """One answer: an estimate with its interval, its test, and who it was computed from.

    Attributes
    ----------
    analysis : str
        The function that made it, for instance ``"compare_responders"``.
    marker : str
        The marker analysed (column-safe id).
    outcome : str
        What of it was analysed, in words: ``"change, baseline to day_14"``.
    groups : tuple of str
        The two sides of the contrast, first minus second (or the one group described).
    n : mapping of str to int
        Participants analysed per group.
    label : str
        The marker as written for readers; from `ketbio.vocabulary` where not given.
    title : str
        Title of the planned analysis, where a study file gave one.
    role : str
        ``"primary"``, ``"sensitivity"`` (same question, other method) or ``"description"``.
    estimate : float
        The estimate, in ``unit``.
    estimate_name : str
        What it is: ``"mean difference"``, ``"Pearson r"``, ``"mean"`` …
    unit : str
        Unit of ``estimate``, ``ci_low`` and ``ci_high``.
    ci_low, ci_high : float
        The interval, in ``unit``; NaN where there is none.
    ci_level : float
        Its confidence level, 0 to 1.
    ci_method : str
        How it was made.
    null_value : float
        What ``estimate`` is where there is no effect: 0, or 0.5 for a probability of superiority.
    spread : float
        For a description: the standard deviation, in ``unit``; NaN otherwise.
    effect_size, effect_size_name, effect_size_ci, effect_size_ci_method
        A standardised effect, its name, its interval (low, high), and how that was made.
    statistic, statistic_name
        The test's statistic and its name; NaN and ``""`` where nothing was tested.
    p_value : float
        NaN where nothing was tested.
    p_method : str
        ``"exact, 462 arrangements"``, ``"9,999 draws"`` …
    p_definition : str
        What p is the share of, in symbols; ``""`` where nothing was permuted.
    true_size : float
        How often p falls below 1 − ``ci_level`` if the null hypothesis holds; NaN where not known.
    p_interval : tuple of float
        99 % interval of a drawn p value; NaN where p is exact or nothing was tested.
    is_exact : bool or None
        Whether the p value is exact; None where nothing was tested.
    p_floor : float
        Smallest p value that this design can give.
    n_arrangements : int or None
        Arrangements that the design allows; None where nothing was permuted.
    p_adjusted, adjustment
        The p value adjusted over the family, and by what; NaN and ``""`` where not adjusted.
    alternative : str
        The alternative tested; ``""`` where nothing was tested.
    seed : int or None
        The seed of what was drawn.
    warnings : tuple of str
        Sentences: the limits of this result.
    data : DataFrame
        The rows analysed, copied in; one row per participant.
    excluded : DataFrame
        ``participant_id, reason``: who was left out, and why.
    leave_one_out : DataFrame
        ``participant_id, estimate, p_value`` with that participant left out; may be empty.
    null_distribution : ndarray or None
        Read-only statistics of the arrangements, where they were listed or drawn.
    references : tuple of str
        Citation keys of the methods used.
    companions : tuple of Result
        What belongs to the same question (never nested deeper).
    """

    analysis: str
    marker: str
    outcome: str
    groups: tuple[str, ...]
    n: Mapping[str, int]
    label: str = ""
    title: str = ""
    role: str = "primary"
    estimate: float = NAN
    estimate_name: str = ""
    unit: str = ""
    ci_low: float = NAN
    ci_high: float = NAN
    ci_level: float = 0.95
    ci_method: str = ""
    null_value: float = 0.0
    spread: float = NAN
    effect_size: float = NAN
    effect_size_name: str = ""
    effect_size_ci: tuple[float, float] = (NAN, NAN)
    effect_size_ci_method: str = ""
    statistic: float = NAN
    statistic_name: str = ""
    p_value: float = NAN
    p_method: str = ""
    p_definition: str = ""
    true_size: float = NAN
    p_interval: tuple[float, float] = (NAN, NAN)
    is_exact: bool | None = None
    p_floor: float = NAN
    n_arrangements: int | None = None
    p_adjusted: float = NAN
    adjustment: str = ""
    alternative: str = ""
    seed: int | None = None
    warnings: tuple[str, ...] = ()
    data: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    excluded: pd.DataFrame = field(default_factory=_no_rows, repr=False)
    leave_one_out: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["participant_id", "estimate", "p_value"]),
        repr=False,
    )
    null_distribution: NDArray[np.float64] | None = field(default=None, repr=False)
    references: tuple[str, ...] = ()
    companions: tuple["Result", ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", dict(self.n))
        object.__setattr__(self, "label", self.label or marker_label(self.marker))
        for name in ("data", "excluded", "leave_one_out"):
            object.__setattr__(self, name, getattr(self, name).copy())

    @property
    def n_total(self) -> int:
        """Participants analysed, all groups together."""
        return sum(self.n.values())

    @property
    def n_extreme(self) -> int | None:
        """Arrangements at least as extreme as the one observed, where they were all counted."""
        counted = self.is_exact and self.n_arrangements is not None
        if not counted or "mid-p" in self.p_method or self.alternative == "two-sided-doubled":
            return None
        return round(self.p_value * float(self.n_arrangements or 0))

    def sentence(self) -> str:
        """Return the result as one sentence: estimate and interval first, p after."""
        return _sentence(self)

    def __repr__(self) -> str:
        return f"<Result {self.analysis}: {self.sentence()}>"

    def _repr_html_(self) -> str:
        return Results([self])._repr_html_()


class Results(tuple[Result, ...]):
    """Several results, in the order of the plan.

    Examples
    --------
    >>> one = Result(analysis="describe", marker="MADRS", outcome="total at baseline",
    ...              groups=("all",), n={"all": 10}, role="description",
    ...              estimate=39.1, estimate_name="mean", unit="points", spread=6.297)
    >>> Results([one]).tidy()[["marker", "estimate", "n"]]
      marker  estimate   n
    0  MADRS      39.1  10
    """

    __slots__ = ()

    def __new__(cls, results: Iterable[Result] = ()) -> "Results":
        """Keep the results given, in their order."""
        return super().__new__(cls, tuple(results))

    @overload
    def __getitem__(self, index: SupportsIndex) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> "Results": ...
    def __getitem__(self, index: Any) -> Any:
        """Return one result by place, or several by slice."""
        chosen = super().__getitem__(index)
        return Results(chosen) if isinstance(index, slice) else chosen

    def __repr__(self) -> str:
        """Return one line per result."""
        return "\n".join([f"<Results: {count_of(len(self), 'result')}>", *map(repr, self)])

    def tidy(self) -> pd.DataFrame:
        """Return one row per result and companion; see `tidy`."""
        return tidy(self)

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence per result."""
        return tuple(result.sentence() for result in self)

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.sentences())
        shown = ["analysis", "marker", "outcome", "groups", "n", "estimate", "ci_low", "ci_high"]
        table = self.tidy()[[*shown, "p_value", "p_method", "p_adjusted"]]
        return f"<ul>{lines}</ul>{table.to_html(index=False, escape=True, na_rep='–')}"


def tidy(results: Result | Iterable[Result]) -> pd.DataFrame:
    """Stack results to one table, always the same columns in the same order.

    Parameters
    ----------
    results : Result or iterable of Result
        Companions follow the result that they belong to.

    Returns
    -------
    DataFrame
        One row per result or companion. ``row`` numbers them from 1, ``role`` tells the primary
        answer from its companions.

    Examples
    --------
    >>> tidy([]).shape[0]
    0
    """
    given = [results] if isinstance(results, Result) else list(results)
    for item in given:
        if not isinstance(item, Result):
            raise TableError(f"tidy() takes results; a {type(item).__name__} was given.")
    rows = [
        _tidy_row(row, result)
        for row, result in enumerate(
            (one for result in given for one in _with_companions(result)), start=1
        )
    ]
    return pd.DataFrame(rows, columns=list(TIDY_COLUMNS))


TIDY_COLUMNS = (
    "row", "title", "analysis", "marker", "label", "outcome", "groups", "role", "n", "n_per_group",
    "estimate", "estimate_name", "unit", "spread", "ci_low", "ci_high", "ci_level", "ci_method",
    "null_value", "effect_size", "effect_size_name", "effect_size_ci_low", "effect_size_ci_high",
    "effect_size_ci_method",
    "statistic", "statistic_name", "p_value", "p_method", "p_definition",
    "p_interval_low", "p_interval_high", "is_exact", "p_floor", "true_size",
    "n_arrangements", "p_adjusted", "adjustment", "alternative", "seed", "n_excluded",
    "leave_one_out_low", "leave_one_out_high", "leave_one_out_p_low", "leave_one_out_p_high",
    "warnings", "references",
)  # fmt: skip
"""Columns of ``tidy(results)``."""

_COPIED = (
    "title", "analysis", "marker", "label", "outcome", "role",
    "estimate", "estimate_name", "unit", "spread", "ci_low", "ci_high", "ci_level", "ci_method",
    "null_value", "effect_size", "effect_size_name", "effect_size_ci_method",
    "statistic", "statistic_name",
    "p_value", "p_method", "p_definition", "is_exact", "p_floor", "true_size",
    "n_arrangements", "p_adjusted", "adjustment", "alternative", "seed",
)  # fmt: skip


def _with_companions(result: Result) -> Iterator[Result]:
    yield result
    yield from result.companions


def _tidy_row(row: int, result: Result) -> dict[str, Any]:
    left_out = result.leave_one_out
    return {
        "row": row,
        **{name: getattr(result, name) for name in _COPIED},
        "groups": " v ".join(result.groups),
        "n": result.n_total,
        "n_per_group": "; ".join(f"{group} {count}" for group, count in result.n.items()),
        "effect_size_ci_low": result.effect_size_ci[0],
        "effect_size_ci_high": result.effect_size_ci[1],
        "p_interval_low": result.p_interval[0],
        "p_interval_high": result.p_interval[1],
        "n_excluded": _n_excluded(result),
        "leave_one_out_low": left_out["estimate"].min() if len(left_out) else NAN,
        "leave_one_out_high": left_out["estimate"].max() if len(left_out) else NAN,
        "leave_one_out_p_low": left_out["p_value"].min() if len(left_out) else NAN,
        "leave_one_out_p_high": left_out["p_value"].max() if len(left_out) else NAN,
        "warnings": " ".join(result.warnings),
        "references": "; ".join(result.references),
    }


def _p_method(result: Result) -> str:
    count = result.n_extreme
    words = result.p_method
    if count is not None and (result.n_arrangements or 0) <= LARGEST_COUNT_TOLD:
        words = f"exact, {count:,} of {count_of(result.n_arrangements or 0, 'arrangement')}"
    if not np.isnan(result.p_interval[0]):
        low, high = (format_p(p, symbol=False) for p in result.p_interval)
        words += f", 99% interval of p {low} to {high}"
    return words + SIDES.get(result.alternative, "")


SIDES = {
    "less": ", one-sided: less",
    "greater": ", one-sided: greater",
    "two-sided-doubled": ", two-sided by doubling",
}
"""What a sentence adds where a test is not two-sided by distance."""


def _sentence(result: Result) -> str:
    subject = f"{result.label}, {result.outcome}" if result.outcome else result.label
    return f"{capitalised(subject)}: {_answer(result)}"


def answer_words(result: Result) -> str:
    """Return the sentence of a result without its subject, where a question has just named it.

    Examples
    --------
    >>> answer_words(Result(analysis="compare_visits", marker="MADRS", outcome="total",
    ...     groups=("day_14", "baseline"), n={"pairs": 10}, estimate=-12.3, unit="points",
    ...     estimate_name="mean change"))
    'Mean change −12.3 points; 10 pairs.'
    """
    return capitalised(_answer(result))


def is_superiority(result: Result) -> bool:
    """Return whether the estimate is a probability of superiority: 0.5, not 0, is no difference.

    Examples
    --------
    >>> is_superiority(Result(analysis="a", marker="m", outcome="", groups=(), n={},
    ...                       estimate_name="probability of superiority"))
    True
    """
    return result.null_value == 0.5 or result.estimate_name.startswith(SUPERIORITY)


SUPERIORITY = "probability of superiority"
"""How the name of such an estimate begins."""


def contrast_words(result: Result) -> str:
    """Return what is compared with what: first minus second, or first over second.

    Returns
    -------
    str
        Empty where there are not two groups.

    Examples
    --------
    >>> contrast_words(Result(analysis="a", marker="m", outcome="", n={},
    ...                       groups=("responder", "non-responder"), null_value=0.5))
    'responder over non-responder'
    """
    if len(result.groups) != 2:
        return ""
    return (" over " if is_superiority(result) else " − ").join(result.groups)


def statistic_words(result: Result) -> str:
    """Return the name of the test's statistic, with the first group in place of x.

    Examples
    --------
    >>> statistic_words(Result(analysis="a", marker="m", outcome="", n={},
    ...     groups=("responder", "non-responder"), statistic_name="rank sum of x"))
    'rank sum of responders'
    """
    words = result.statistic_name
    if len(result.groups) != 2 or not words.endswith(" of x"):
        return words
    plural = "s" if result.groups[0].endswith("responder") else ""
    return f"{words.removesuffix('x')}{result.groups[0]}{plural}"


def _answer(result: Result) -> str:
    parts = [_estimate_words(result), *_effect_words(result), *_p_words(result)]
    who = [_how_many(group, count) for group, count in result.n.items()]
    if n_excluded := _n_excluded(result):
        who.append(f"{count_of(n_excluded, 'participant')} excluded")
    told = ", ".join(part for part in parts if part)
    return f"{told}; {', '.join(who)}."


def _n_excluded(result: Result) -> int:
    """Return how many participants were left out: one may have several rows of what was."""
    return int(result.excluded[PARTICIPANT_ID].nunique())


def _how_many(group: str, count: int) -> str:
    if group == "pairs":
        return count_of(count, "pair")
    return f"n = {count}" if group == "all" else f"{group} n = {count}"


def _estimate_words(result: Result) -> str:
    if np.isnan(result.estimate):
        why = result.warnings[0].rstrip(".") if result.warnings and not result.p_method else ""
        return why or result.estimate_name or "no estimate"
    unit = result.unit if result.unit in ("", "%") else f" {result.unit}"
    number = f"{format_number(result.estimate)}{unit}"
    words = f"{result.estimate_name}{_direction(result)} {number}"
    if result.statistic_name == "count":
        words = f"{result.estimate_name} {result.statistic:g} of {result.n_total}, {number}"
    if not np.isnan(result.spread):
        words += f" (SD {format_number(result.spread)})"
    return words + _interval_words(result.ci_low, result.ci_high, result.ci_level, result.ci_method)


def _direction(result: Result) -> str:
    """Say which group is subtracted from which, or which is over which."""
    has_sides = result.unit or is_superiority(result)
    contrast = contrast_words(result) if result.analysis == "compare_responders" else ""
    return f" ({contrast})" if contrast and has_sides else ""


QUARTILES = "quartiles"
"""How the method begins where an interval is a range of the data, with no confidence in it."""


def _interval_words(low: float, high: float, level: float, method: str) -> str:
    if np.isnan(low) or np.isnan(high):
        return ""
    if method.startswith(QUARTILES):
        return f", {QUARTILES} {format_number(low)} and {format_number(high)}"
    if np.isinf(low) and np.isinf(high):
        return f", no {100 * level:g}% interval (open on both sides)"
    sided = " (one-sided)" if np.isinf(low) != np.isinf(high) else ""
    interval = format_interval(low, high, level=level)
    return f", {interval}{sided}" + (f" ({method})" if method else "")


def _effect_words(result: Result) -> list[str]:
    """Give the standardised effect where there is no estimate in the unit to give."""
    if not np.isnan(result.estimate) or np.isnan(result.effect_size):
        return []
    interval = _interval_words(
        *result.effect_size_ci, result.ci_level, result.effect_size_ci_method
    )
    name = result.effect_size_name
    if len(result.groups) == 2:
        name += f" ({result.groups[0]} over {result.groups[1]})"
    return [f"{name} {format_number(result.effect_size)}{interval}"]


def _p_words(result: Result) -> list[str]:
    words = [f"{format_p(result.p_value)} ({_p_method(result)})"] if result.p_method else []
    if not np.isnan(result.p_adjusted):
        words.append(f"{format_p(result.p_adjusted)} after {result.adjustment}")
    return words
