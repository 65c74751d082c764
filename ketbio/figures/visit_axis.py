"""Where visits stand on an axis: at their days where these are known and fit, else evenly."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ketbio.figures.axes import axis_label, category_axis
from ketbio.figures.labels import spoken, tick_number
from ketbio.figures.page import Page
from ketbio.figures.style import MM_PER_INCH, POINTS_PER_INCH, Style
from ketbio.figures.wrapping import text_width
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import day_words

DAY = "day"
HOURS = 24.0
USED_BY_LABELS = 0.42
"""Share of the width that stands beside the panel, at most: the axis' numbers, the lines' names."""
LABEL_SHARE = 0.24
"""Most of the width that names beside the panel take."""
LONGEST_WORD = 1.5
"""Longest word of a visit's name for which visits go without numbers, in those of the numbers."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Where the visits stand on the x axis.

    Attributes
    ----------
    names : tuple of str
        In their order.
    places : tuple of float
        Where they stand on the axis.
    ticks : tuple of str
        What stands there.
    title : str
        What the axis carries.
    by_day : bool
        Whether the places are days; they are evenly spaced otherwise.
    """

    names: tuple[str, ...]
    places: tuple[float, ...]
    ticks: tuple[str, ...]
    title: str
    by_day: bool

    @property
    def limits(self) -> tuple[float, float]:
        """The ends of the axis."""
        margin = 0.05 * (self.places[-1] - self.places[0]) or 0.5
        return (self.places[0] - margin, self.places[-1] + margin)


def place_visits(
    rows: pd.DataFrame, style: Style, *, with_counts: bool = True, widest: str = ""
) -> Visits:
    """Return where the visits stand: by day where all days are known and their numbers fit.

    Parameters
    ----------
    rows : DataFrame
        ``participant_id, visit, day``.
    style : Style
        Sizes.
    with_counts : bool
        Whether numbers of participants stand below the days, and must fit as well.
    widest : str
        The longest that else stands there, and must fit.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> rows = pd.DataFrame({"visit": ["baseline", "day_7", "day_14"], "day": [0.0, 7.0, 14.0],
    ...                      "participant_id": "P1"})
    >>> place_visits(rows, STYLES["report"]).title
    'Day (0: baseline)'
    >>> place_visits(rows.assign(day=float("nan")), STYLES["report"]).places
    (0.0, 1.0, 2.0)
    >>> rows = pd.DataFrame({"visit": ["baseline", "hour_24"], "day": [0.0, 1.0],
    ...                      "participant_id": "P1"})
    >>> place_visits(rows, STYLES["report"]).places
    (0.0, 24.0)
    >>> rows = pd.DataFrame({"visit": ["baseline", "min_40", "day_28"], "day": [0.0, 1 / 36, 28.0],
    ...                      "participant_id": "P1"})
    >>> place_visits(rows, STYLES["report"]).ticks
    ('0', '40 min', '28')
    """
    known = rows.drop_duplicates(VISIT)
    names = tuple(str(one) for one in known[VISIT])
    days = known[DAY].to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isfinite(days).all() and bool((np.diff(days) > 0).all()) and len(days) > 1:
        found = _by_day(names, days)
        count = f"{rows[PARTICIPANT_ID].nunique():,}" if with_counts else ""
        most = max(count, widest, key=len)
        if _fits(found, style, most=most):
            return found
        ticks = tuple(map(_short_day, days)) if found.title.startswith("Day") else found.ticks
        return _evenly(names, ticks, f"{found.title}; evenly spaced")
    return _evenly(names, tuple(map(spoken, names)), "Visit (evenly spaced, not by day)")


def _short_day(day: float) -> str:
    """Return a day as it stands where no scale says its unit: the first in minutes and hours."""
    if 0 < day < 1:
        return day_words(day)
    return tick_number(float(f"{day:.4g}"))


def _evenly(names: tuple[str, ...], ticks: tuple[str, ...], title: str) -> Visits:
    places = tuple(float(place) for place in range(len(names)))
    return Visits(names=names, places=places, ticks=ticks, title=title, by_day=False)


def _by_day(names: tuple[str, ...], days: Floats) -> Visits:
    named_so = any(name.casefold().startswith("hour") for name in names)
    whole = np.allclose(days * HOURS, np.round(days * HOURS))
    in_hours = whole and (named_so or bool((days % 1 != 0).any()))
    at = np.round(days * HOURS, 6) if in_hours else days
    zero = [spoken(name) for name, place in zip(names, at, strict=True) if place == 0]
    unit = "Hour" if in_hours else "Day"
    return Visits(
        names=names,
        places=tuple(float(place) for place in at),
        ticks=tuple(tick_number(float(f"{place:.4g}")) for place in at),
        title=f"{unit} (0: {zero[0]})" if zero else unit,
        by_day=True,
    )


def _fits(visits: Visits, style: Style, *, most: str) -> bool:
    """Return whether no number on the axis reaches the next one, nor a count below it."""
    low, high = visits.limits
    per_unit = style.width_mm / MM_PER_INCH * POINTS_PER_INCH * (1 - USED_BY_LABELS) / (high - low)
    count = text_width(most, size_pt=style.small_pt)
    widths = [max(count, text_width(one, size_pt=style.small_pt)) for one in visits.ticks]
    return all(
        (b - a) * per_unit > (wide + next_wide) / 2 + style.small_pt / 4
        for (a, b), (wide, next_wide) in zip(pairwise(visits.places), pairwise(widths), strict=True)
    )


def visit_axis(
    page: Page, panel: Axes, visits: Visits, *, shown: Sequence[int] | None = None
) -> None:
    """Name the visits along the x axis of a panel; of many only those at the places `shown`."""
    panel.set_xlim(*visits.limits)
    chosen = range(len(visits.names)) if shown is None else shown
    places = [visits.places[one] for one in chosen]
    ticks = [visits.ticks[one] for one in chosen]
    if visits.by_day:
        panel.set_xticks(places, labels=ticks)
    else:
        category_axis(page, panel, at=places, labels=ticks)
    axis_label(page, panel, "x", visits.title)


def visits_with_room(
    visits: Visits, style: Style, *, widest: str, beside: Sequence[str] = ()
) -> tuple[int, ...]:
    """Return at which visits there is room to write: all, or of many every so manieth.

    Parameters
    ----------
    visits : Visits
        Where they stand.
    style : Style
        Sizes.
    widest : str
        The longest that is written.
    beside : sequence of str
        What stands left of the panel, where it is known.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> names = tuple(f"v{one}" for one in range(40))
    >>> visits = Visits(names=names, places=tuple(map(float, range(40))), ticks=names, title="",
    ...                 by_day=False)
    >>> shown = visits_with_room(visits, STYLES["report"], widest="< .001")
    >>> shown[-1], len(shown) < 40
    (39, True)
    """
    n = len(visits.names)
    if visits.by_day:
        return tuple(range(n))
    low, high = visits.limits
    width = style.width_mm / MM_PER_INCH * POINTS_PER_INCH
    slot = (width - _left_of_panel(beside, width, style)) / (high - low)
    wide = text_width(widest, size_pt=style.small_pt)
    words = (word for tick in visits.ticks for word in tick.split())
    longest = max((text_width(one, size_pt=style.small_pt) for one in words), default=0.0)
    # a word of a name is not broken in two, unless it is a very long one
    needed = max(wide, min(longest, LONGEST_WORD * wide)) + style.small_pt / 2
    step = max(1, ceil(needed / slot))
    return tuple(reversed(range(n - 1, -1, -step)))


def _left_of_panel(beside: Sequence[str], width: float, style: Style) -> float:
    """Return what names of lines, or the label and numbers of the axis, take of a width."""
    if not beside:
        return width * USED_BY_LABELS
    names = max(text_width(one, size_pt=style.small_pt) for one in beside)
    return max(min(names, LABEL_SHARE * width), 4 * style.font_pt) + 2 * style.small_pt
