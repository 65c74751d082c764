"""What the figures of a course share: each participant's line with its gaps, groups, means."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ketbio.figures.limits import beyond_limit
from ketbio.figures.palette import SUMMARY, WHITE
from ketbio.figures.parts import columns_of
from ketbio.figures.style import INK, QUIET, GroupMark, Style, group_marks
from ketbio.figures.visit_axis import DAY, Floats, Visits
from ketbio.result import Result
from ketbio.vocabulary import LIMIT, NON_RESPONDER, PARTICIPANT_ID, RESPONDER, VALUE, VISIT

GROUP = "group"
ALL = "all"
OPEN = "white"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """One participant over the visits.

    Attributes
    ----------
    participant_id, group : str
        Who.
    values : ndarray, shape (visits,)
        NaN where there is none; the limit for a value beyond it.
    is_open : ndarray of bool, shape (visits,)
        Whether a value is only known to be beyond its limit.
    """

    participant_id: str
    group: str
    values: Floats
    is_open: NDArray[np.bool_]

    def known(self) -> list[int]:
        """Return at which visits there is something to draw."""
        return [int(place) for place in np.flatnonzero(np.isfinite(self.values))]

    def last(self) -> float:
        """Return the last value."""
        return float(self.values[self.known()[-1]])

    def steps(self) -> list[tuple[int, int, bool]]:
        """Return from which visit to which a line runs, and whether it runs over a gap."""
        return [
            (a, b, b > a + 1 or bool(self.is_open[a] or self.is_open[b]))
            for a, b in pairwise(self.known())
        ]


def course_rows(result: Result, column: str) -> pd.DataFrame:
    """Return the rows of a course, the limit in ``column`` for a value only known to be beyond it.

    Raises
    ------
    FigureError
        There is no row, or a column is not there.
    """
    rows = columns_of(result, [PARTICIPANT_ID, VISIT, DAY, GROUP, column]).copy()
    sides = beyond_limit(rows)
    rows["side"] = sides if column == VALUE else ""
    if (rows["side"] != "").any():
        rows[column] = rows[column].where(rows["side"] == "", rows[LIMIT])
    rows[GROUP] = rows[GROUP].fillna("").astype("str")
    return rows


def tracks_of(rows: pd.DataFrame, visits: Visits, column: str) -> list[Track]:
    """Return every participant's line over the visits, in the order of the rows."""
    place = {name: at for at, name in enumerate(visits.names)}
    tracks = []
    for participant, own in rows.groupby(PARTICIPANT_ID, sort=False):
        values = np.full(len(place), np.nan)
        is_open = np.zeros(len(place), dtype=np.bool_)
        at = own[VISIT].map(place).to_numpy(dtype=np.intp)
        values[at] = own[column].to_numpy(dtype=np.float64, na_value=np.nan)
        is_open[at] = (own["side"] != "").to_numpy() & np.isfinite(values[at])
        tracks.append(
            Track(
                participant_id=str(participant),
                group=str(own[GROUP].iloc[0]),
                values=np.where(np.isfinite(values), values, np.nan),
                is_open=is_open,
            )
        )
    return tracks


def groups_of(rows: pd.DataFrame) -> list[str]:
    """Return the groups of a course: responders, non-responders, others, the unknown; or none.

    Examples
    --------
    >>> groups_of(pd.DataFrame({"group": ["", "non-responder", "responder"]}))
    ['responder', 'non-responder', '']
    >>> groups_of(pd.DataFrame({"group": ["", ""]}))
    []
    """
    here = list(dict.fromkeys(rows[GROUP]))
    named = [name for name in here if name]
    if not named:
        return []
    first = [name for name in (RESPONDER, NON_RESPONDER) if name in named]
    others = [name for name in named if name not in first]
    return [*first, *others, *([""] if "" in here else [])]


def marks_of(groups: list[str]) -> dict[str, GroupMark]:
    """Return the mark of each group; one mark for everyone where there are no groups."""
    return group_marks(groups) if groups else {"": SUMMARY}


def draw_track(
    panel: Axes, track: Track, visits: Visits, *, mark: GroupMark, style: Style, faint: bool
) -> list[Line2D]:
    """Draw one participant: solid from visit to visit, dashed over a missing one or to a limit.

    Parameters
    ----------
    faint : bool
        Behind the means of the groups (True), or what the figure is about.
    """
    at = np.array(visits.places)
    colour = QUIET if mark.colour == WHITE else mark.colour
    look = {
        "color": colour,
        "alpha": 0.45 if faint else 0.9,
        "linewidth": style.line_pt * (0.9 if faint else 1.4),
        "zorder": 2,
    }
    label = f"participant {track.participant_id}"
    made = []
    for a, b, over_gap in track.steps():
        dashes = (0, (3, 2)) if over_gap else "-"
        ends = np.array([a, b])
        [line] = panel.plot(at[ends], track.values[ends], linestyle=dashes, label=label, **look)  # type: ignore[arg-type]
        made.append(line)
    known = np.array(track.known(), dtype=np.intp)
    for chosen, fill in ((~track.is_open[known], mark.colour), (track.is_open[known], OPEN)):
        places = known[chosen]
        if len(places):
            panel.plot(
                at[places], track.values[places],
                linestyle="none", marker=mark.marker, markersize=style.point_pt * 0.6,
                markerfacecolor=fill, markeredgecolor=colour if faint and fill != OPEN else INK,
                markeredgewidth=style.line_pt * 0.6, alpha=0.6 if faint else 1.0, zorder=3,
                clip_on=False, label=label,
            )  # fmt: skip
    return made


def has_gaps(tracks: list[Track]) -> bool:
    """Return whether any line runs over a missing visit."""
    return any(b > a + 1 for track in tracks for a, b, _ in track.steps())


def centres_of(result: Result) -> dict[tuple[str, str], Result]:
    """Return the mean or median of each visit and group from the result and its companions.

    Examples
    --------
    >>> line = Result(analysis="summarise_course", marker="m", outcome="value at baseline",
    ...               groups=("all",), n={"all": 3}, role="description", estimate=2.0)
    >>> rows = pd.DataFrame({"visit": ["baseline", "day_7"]})
    >>> whole = Result(analysis="summarise_course", marker="m", outcome="course", groups=("all",),
    ...                n={"all": 3}, estimate=1.0, data=rows, companions=(line,))
    >>> {key: one.estimate for key, one in centres_of(whole).items()}
    {('baseline', 'all'): 2.0, ('day_7', 'all'): 1.0}
    """
    found = {
        (one.outcome.removeprefix("value at "), one.groups[0]): one
        for one in result.companions
        if one.role == "description" and len(one.groups) == 1
    }
    if len(result.data) and result.groups == (ALL,):
        found.setdefault((str(result.data[VISIT].iloc[-1]), ALL), result)
    return {key: one for key, one in found.items() if math.isfinite(one.estimate)}
