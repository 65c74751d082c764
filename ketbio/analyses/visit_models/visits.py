"""The visits after baseline in their order, with their days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

import numpy as np
import pandas as pd

from ketbio.analyses.course_rows import visit_days
from ketbio.endpoints.frames import require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import MARKER, VALUE, VISIT
from ketbio.wording import join_words


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """The visits of one analysis.

    Attributes
    ----------
    baseline : str
        The visit from which changes are counted.
    visits : tuple of str
        Those after it at which somebody has a value, in order.
    days : mapping of str to float
        Visit → day; empty where they are not known.
    warnings : tuple of str
        Which visits were left out, and an order that nobody said.
    """

    baseline: str
    visits: tuple[str, ...]
    days: Mapping[str, float]
    warnings: tuple[str, ...] = ()


def follow_up(
    endpoints: pd.DataFrame,
    marker: str,
    *,
    baseline: str,
    visits: Sequence[str] | None,
    days: Mapping[str, float] | None,
    needs_baseline: bool = True,
) -> FollowUp:
    """Return the visits after baseline at which a marker has values.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    marker : str
        One that occurs in it.
    baseline : str
        A visit.
    visits : sequence of str or None
        The visits in order, with or without the baseline. When None: all others, in the order of
        the days that their names say, else of their first appearance.
    days : mapping of str to float or None
        Visit → its day.
    needs_baseline : bool
        Whether the model uses the value at baseline.

    Raises
    ------
    TableError
        Visits that are numbers, unknown or named twice; no value after baseline.
    """
    _as_texts(endpoints, baseline, visits)
    here = list(dict.fromkeys(endpoints[VISIT]))
    require_one_of("baseline", baseline, here)
    order, told = _ordered(here, baseline, visits)
    own = endpoints[endpoints[MARKER] == marker]
    seen = set(own.loc[own[VALUE].notna(), VISIT])
    if needs_baseline and baseline not in seen:
        raise TableError(
            f"{marker} has no value at the baseline visit {baseline!r}; it has values at "
            f"{join_words(map(repr, sorted(seen))) or 'no visit'}. Name another baseline."
        )
    measured = tuple(visit for visit in order if visit in seen)
    if not measured:
        raise TableError(
            f"{marker} has no value at any visit after {baseline!r}"
            f"{': ' + join_words(map(repr, order)) if order else ''}; a follow-up visit with "
            "values is wanted."
        )
    without = [visit for visit in order if visit not in seen]
    if without:
        told = (*told, f"Measured in nobody at {join_words(without)}: not part of the model.")
    _check_days(days, [baseline, *measured])
    found = visit_days([baseline, *measured], baseline, days)
    return FollowUp(baseline=baseline, visits=measured, days=found, warnings=told)


def _as_texts(
    endpoints: pd.DataFrame, baseline: object, visits: Sequence[object] | str | None
) -> None:
    column = endpoints[VISIT]
    numbers = [one for one in dict.fromkeys(column) if not isinstance(one, str)]
    if numbers:
        raise TableError(
            f"endpoints has the visit {numbers[0]!r}, which is no text; a visit is a name, such as "
            '"day_14". Write endpoints["visit"] = "day_" + endpoints["visit"].astype(str), and '
            "name baseline and visits so."
        )
    if isinstance(visits, str):
        raise TableError(
            f"visits is the text {visits!r}; a list of visits in order is wanted, such as "
            f'["{visits}"].'
        )
    for what, one in [
        ("baseline", baseline),
        *(("a visit of visits", one) for one in visits or ()),
    ]:
        if not isinstance(one, str):
            raise TableError(f"{what} is {one!r}, which is no text; a visit is a name.")


def _is_finite(day: object) -> bool:
    if isinstance(day, bool) or not isinstance(day, int | float | np.integer):
        return False
    return isfinite(day)


def _ordered(
    here: Sequence[str], baseline: str, visits: Sequence[str] | None
) -> tuple[list[str], tuple[str, ...]]:
    """Return the visits after baseline in order, and a sentence where nobody said that order."""
    if visits is not None:
        for place, visit in enumerate(visits):
            require_one_of("a visit of visits", visit, here)
            if visit in visits[:place]:
                raise TableError(f"visits names {visit!r} twice; name each visit once, in order.")
        return [visit for visit in visits if visit != baseline], ()
    others = [visit for visit in here if visit != baseline]
    by_day = {visit: visit_days([baseline, visit], baseline, None).get(visit) for visit in others}
    known = {visit: day for visit, day in by_day.items() if day is not None}
    if len(known) == len(others):
        return sorted(others, key=lambda visit: known[visit]), ()
    if len(others) < 2:
        return others, ()
    told = f"Visits in the order in which they first appear: {join_words(others)}."
    return others, (told,)


def _check_days(days: Mapping[str, float] | None, visits: Sequence[str]) -> None:
    if days is None:
        return
    for visit, day in days.items():
        if not _is_finite(day):
            raise TableError(
                f"days has {day!r} for {visit!r}; the day of a visit is a number, counted from "
                "the baseline visit."
            )
    lacking = [visit for visit in visits[1:] if visit not in days]
    if lacking:
        raise TableError(
            f"days lacks {join_words(map(repr, lacking))}; give the day of every visit after "
            f"{visits[0]!r}, or leave days out."
        )
    chosen = [float(days.get(visits[0], 0.0)), *(float(days[visit]) for visit in visits[1:])]
    if any(later <= earlier for earlier, later in pairwise(chosen)):
        raise TableError(
            f"days is {dict(days)!r}, which does not rise with the visits "
            f"{', '.join(map(repr, visits))}; correct the days, or the order of visits."
        )
