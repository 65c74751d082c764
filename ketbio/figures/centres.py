"""Means of groups over the visits: a thick line each, its intervals beside those of the others."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from ketbio.figures.page import Page
from ketbio.figures.style import INK, GroupMark
from ketbio.figures.visit_axis import Visits
from ketbio.result import Result

Centre = tuple[float, float, Result]
"""Place, height and interval of a mean."""
DODGE = 0.011
"""How far the intervals of two groups stand aside of each other, as a share of the axis."""
MOST_OF_GAP = 0.35
"""Most of the distance of two visits that the intervals of all groups take."""


def set_aside(place: int, of: int, visits: Visits) -> float:
    """Return how far a group's marks stand aside of the visit, so that none hides another's.

    Parameters
    ----------
    place, of : int
        Which of how many groups.
    visits : Visits
        Where the visits stand.

    Examples
    --------
    >>> visits = Visits(names=("a", "b"), places=(0.0, 1.0), ticks=("a", "b"), title="",
    ...                 by_day=False)
    >>> round(set_aside(0, 2, visits), 4), set_aside(1, 3, visits)
    (-0.0121, 0.0)
    """
    low, high = visits.limits
    gaps = [b - a for a, b in pairwise(visits.places)]
    step = min(DODGE * (high - low), MOST_OF_GAP / of * min(gaps, default=high - low))
    return step * (2 * place - of + 1)


def lines_of_centres(
    centres: Mapping[tuple[str, str], Result], visits: Visits, groups: Sequence[str]
) -> dict[str, list[Centre]]:
    """Return place, height and interval of every mean, by group; groups stand beside each other.

    Parameters
    ----------
    centres : mapping of (str, str) to Result
        Visit and group → their mean.
    visits : Visits
        Where the visits stand.
    groups : sequence of str
        In the order in which they stand.
    """
    found = {}
    for place, name in enumerate(groups):
        aside = set_aside(place, len(groups), visits)
        found[name] = [
            (at + aside, centres[visit, name].estimate, centres[visit, name])
            for visit, at in zip(visits.names, visits.places, strict=True)
            if (visit, name) in centres
        ]
    return {name: known for name, known in found.items() if known}


def draw_centres(
    page: Page, panel: Axes, known: Sequence[Centre], mark: GroupMark, name: str
) -> None:
    """Draw the means of a group as a thick line with marks, and the interval of each."""
    at, middle = (np.array([one[which] for one in known]) for which in (0, 1))
    for x, _, one in known:
        draw_bar(page, panel, x, one)
    width = page.style.line_pt * 2.4
    panel.plot(at, middle, color=INK, linewidth=width + page.style.line_pt, zorder=5)
    panel.plot(
        at, middle, color=mark.colour, linewidth=width, marker=mark.marker,
        markersize=page.style.point_pt * 1.25, markeredgecolor=INK,
        markeredgewidth=page.style.line_pt, zorder=6, label=f"centre {name}",
    )  # fmt: skip


def draw_bar(page: Page, panel: Axes, x: float, one: Result, *, width: float = 1.3) -> None:
    """Draw an interval, with an arrow where it goes on beyond the axis.

    One that is open on both sides says nothing and is left out.
    """
    if math.isnan(one.ci_low) or (math.isinf(one.ci_low) and math.isinf(one.ci_high)):
        return
    bottom, top = panel.get_ylim()
    panel.plot(
        np.array([x, x]), np.array([max(one.ci_low, bottom), min(one.ci_high, top)]),
        color=INK, linewidth=page.style.line_pt * width, zorder=5.5, label="interval",
    )  # fmt: skip
    for limit, end, arrow in ((one.ci_low, bottom, "v"), (one.ci_high, top, "^")):
        if not bottom <= limit <= top:
            panel.plot(
                np.array([x]), np.array([end]), color=INK, marker=arrow, linestyle="none",
                markersize=page.style.point_pt, clip_on=False, zorder=5.5, label="open",
            )  # fmt: skip
