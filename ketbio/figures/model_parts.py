"""What a figure of a mixed model shows: rows, visits, arms, means, contrasts and their companions.

Everything is picked from the results of one model; nothing is estimated here.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ketbio.errors import FigureError
from ketbio.figures.course_parts import GROUP
from ketbio.figures.families import require_results
from ketbio.figures.labels import spoken
from ketbio.figures.parts import columns_of
from ketbio.figures.style import MM_PER_INCH, POINTS_PER_INCH, Style
from ketbio.figures.visit_axis import DAY, Visits, place_visits
from ketbio.figures.wrapping import shortened
from ketbio.result import AVERAGE, MARGINAL_MEAN, Result
from ketbio.vocabulary import PARTICIPANT_ID, REASON, VALUE, VISIT
from ketbio.wording import join_words

ARM = "arm"
CHANGE = "change"
WIDEST_P = "< .001"
"""The longest that stands below a visit."""
KEY_LINES = 6
"""What margins and the mark of a legend take of the width, in multiples of the type size."""
_PERMUTED = re.compile(r"permut|\bdraws\b|^exact\b")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """The results of one mixed model for repeated measures, sorted by arm and visit.

    Attributes
    ----------
    results : tuple of Result
        As given.
    rows : DataFrame
        One row per participant and visit: ``participant_id, visit, day, group, side`` and the
        column `column`.
    column : str
        What is drawn: ``"change"``, or ``"value"`` where the outcome is one.
    visits : Visits
        Where the visits stand.
    arms : tuple of str
        All arms, the reference first.
    reference : str
        The arm that the others are compared with; empty where there is one arm only.
    compared : tuple of str
        The arms whose contrasts are drawn.
    means, contrasts : dict of (str, str) to Result
        Visit and arm → estimated marginal mean; its difference from the reference.
    averages : dict of str to Result
        Arm → its difference from the reference, on the average over the visits.
    """

    results: tuple[Result, ...]
    rows: pd.DataFrame
    column: str
    visits: Visits
    arms: tuple[str, ...]
    reference: str
    compared: tuple[str, ...]
    means: dict[tuple[str, str], Result]
    contrasts: dict[tuple[str, str], Result]
    averages: dict[str, Result]

    @property
    def first(self) -> Result:
        """The first result, for what holds for all."""
        return self.results[0]


def model_of(results: object, *, caller: str, style: Style) -> Model:
    """Return the model that results of `fit_mmrm` are of.

    Raises
    ------
    FigureError
        No results, of another analysis or of several models, or nothing to draw.
    """
    given = require_results(
        results, caller=caller, analyses=["fit_mmrm"], of="contrasts of one mixed model"
    )
    _require_one_model(given, caller)
    column = CHANGE if given[0].outcome.startswith(CHANGE) else VALUE
    rows, by_visit = _in_order(_rows_of(given, column), given)
    reference = next((one.groups[1] for one in given if len(one.groups) == 2), "")
    arms = [one.groups[0] for one in given if one.groups]
    known = [str(one) for one in rows[GROUP]]
    first_of = dict.fromkeys(arms if reference else known)
    return Model(
        results=given,
        rows=rows,
        column=column,
        visits=_by_name(place_visits(rows, style, widest=WIDEST_P)),
        arms=arm_order(given, known),
        reference=reference,
        compared=tuple(first_of),
        means={
            (by_visit[one], _arm_of(mean, known)): mean
            for one in given
            if by_visit[one]
            for mean in marginal_means(one)
        },
        contrasts={(by_visit[one], _arm_of(one, known)): one for one in given if by_visit[one]},
        averages={_arm_of(one, known): one for one in given if one.outcome.endswith(AVERAGE)},
    )


def arm_order(given: Sequence[Result], known: Sequence[str]) -> tuple[str, ...]:
    """Return the arms in the order in which every figure of a model shows them.

    Examples
    --------
    >>> one = Result(analysis="fit_mmrm", marker="m", outcome="", groups=("ketamine", "saline"),
    ...              n={})
    >>> arm_order([one], ["ketamine", "saline"])
    ('saline', 'ketamine')
    """
    reference = next((one.groups[1] for one in given if len(one.groups) == 2), "")
    if not reference:
        return tuple(dict.fromkeys(known))
    return tuple(dict.fromkeys([reference, *(one.groups[0] for one in given), *known]))


def _arm_of(one: Result, known: Sequence[str]) -> str:
    """Return whose number it is; with one arm only, a group of another name is that arm."""
    name = one.groups[0] if one.groups else ""
    return known[0] if len(one.groups) < 2 and name not in known else name


def _in_order(
    rows: pd.DataFrame, given: Sequence[Result]
) -> tuple[pd.DataFrame, dict[Result, str]]:
    """Return the rows in the order of the visits, and the visit of each result."""
    names = [str(one) for one in dict.fromkeys(rows[VISIT])]
    by_visit = {one: visit_of(one, names) for one in given}
    asked = [name for name in dict.fromkeys(by_visit.values()) if name]
    order = asked if len(asked) == len(names) else names
    sorted_rows = rows.sort_values(VISIT, key=lambda visits: visits.map(order.index), kind="stable")
    return sorted_rows.reset_index(drop=True), by_visit


def _by_name(visits: Visits) -> Visits:
    """Return visits with their names where they are evenly spaced: hours, days and weeks mix."""
    if visits.by_day:
        return visits
    title = "Visit (evenly spaced)"
    return replace(visits, ticks=tuple(map(spoken, visits.names)), title=title)


def _require_one_model(given: Sequence[Result], caller: str) -> None:
    for what, several in (
        ("markers", {one.marker for one in given}),
        ("titles", {one.title for one in given}),
    ):
        if len(several) > 1:
            raise FigureError(
                f"{caller}() draws the contrasts of one model; these are of several {what} "
                f"({join_words(sorted(several))}). Draw those of each in turn."
            )
    references = sorted({one.groups[1] for one in given if len(one.groups) == 2})
    if len(references) > 1:
        raise FigureError(
            f"{caller}() draws contrasts with one reference arm; these are with "
            f"{join_words(references)}. Draw those of one reference at a time."
        )


def _rows_of(given: Sequence[Result], column: str) -> pd.DataFrame:
    """Return the rows of all results, each participant and visit once."""
    wanted = [PARTICIPANT_ID, ARM, VISIT, DAY, column]
    tables = [columns_of(one, wanted) for one in given]
    longest = max(tables, key=len)
    rows = pd.concat([longest, *(one for one in tables if len(one) < len(longest))])
    rows = rows.drop_duplicates([PARTICIPANT_ID, VISIT]).reset_index(drop=True)
    if rows[column].isna().all():
        raise FigureError(
            f"{given[0].analysis} of {given[0].label} has no row with a number in {column!r}, so "
            "there is nothing to draw."
        )
    rows[GROUP] = rows[ARM].fillna("").astype("str")
    rows["side"] = ""
    return rows


def visit_of(result: Result, names: Iterable[str]) -> str:
    """Return the visit that a result is of; empty for an average over visits.

    Examples
    --------
    >>> one = Result(analysis="fit_mmrm", marker="m", outcome="change, baseline to day_14",
    ...              groups=(), n={})
    >>> visit_of(one, ["day_1", "day_14"])
    'day_14'
    """
    if result.outcome.endswith(AVERAGE):
        return ""
    for name in sorted(names, key=len, reverse=True):
        if re.search(rf" (?:to|at) {re.escape(name)}(?=,|$)", result.outcome):
            return name
    return ""


def marginal_means(result: Result) -> tuple[Result, ...]:
    """Return the estimated marginal means of a result: its companions, or with one arm itself."""
    return tuple(
        one
        for one in (*result.companions, result)
        if one.estimate_name.startswith(MARGINAL_MEAN)
        and len(one.groups) == 1
        and math.isfinite(one.estimate)
    )


def permuted(result: Result) -> Result | None:
    """Return the permutation test beside a contrast; None where there is none."""
    for one in result.companions:
        if one.role == "sensitivity" and _PERMUTED.search(one.p_method) and one.p_value >= 0:
            return one
    return None


def simultaneous(result: Result) -> Result | None:
    """Return the interval that holds for all visits together; None where there is none."""
    for one in result.companions:
        if "simultaneous" in one.ci_method and not math.isnan(one.ci_low):
            return one
    return None


def present(rows: pd.DataFrame, column: str, visit: str, arm: str) -> int:
    """Return how many of an arm have a value at a visit."""
    here = (rows[VISIT] == visit) & (rows[GROUP] == arm) & rows[column].notna()
    if REASON in rows:
        here &= rows[REASON].fillna("").astype("str") == ""
    return int(rows.loc[here, PARTICIPANT_ID].nunique())


def key_words(words: str, style: Style, *, share: float = 1.0) -> str:
    """Return words of a legend, cut in their middle where they are wider than the page.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> key_words("ketamine (n = 8)", STYLES["report"])
    'ketamine (n = 8)'
    """
    width = style.width_mm / MM_PER_INCH * POINTS_PER_INCH
    room = share * (width - KEY_LINES * style.small_pt)
    return shortened(words, width_pt=room, size_pt=style.small_pt)
