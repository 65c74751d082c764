"""Colours and marks: one place, so that a responder looks the same in every figure.

The fills are those of Okabe & Ito (2008), https://jfly.uni-koeln.de/color/, with white and two
greys: they keep apart in the common colour blindnesses. Colour is never alone: marker and hatch
differ as well, and every fill has an edge of `INK`, so that a light one has its outline on white.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ketbio.vocabulary import NON_RESPONDER, RESPONDER


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMark:
    """How a group is told apart: by colour, by shape and by hatch, so that one alone suffices.

    Attributes
    ----------
    colour : str
        Fill; the edge is always `INK`, so that light fills keep their outline on white.
    marker : str
        matplotlib marker of a participant's point.
    hatch : str
        matplotlib hatch of a bar.
    """

    colour: str
    marker: str
    hatch: str


INK = "#222222"
"""Text, axes, edges, intervals and estimates."""
QUIET = "#6b6b6b"
"""What stands behind: means, leads, small print."""
GUIDE = "#929292"
"""Lines of no effect and of zero: 3.1 : 1 against white, as WCAG 2.1 asks of graphics (1.4.11)."""
FAINT = "#b5b5b5"
"""Fine lines that only guide the eye, and bands; never the only carrier of something."""
BAND = OUTLINE_FILL = "#e4e4e4"
"""Areas behind the data, and areas with an edge of their own."""
DARK_CELL = "#5a5a5a"
"""A cell that is filled, of a grid of who has a value."""
DARKER_BAND = "#c9c9c9"
"""A band upon a band."""

BLUE, ORANGE, WHITE, DARK = "#0072B2", "#E69F00", "#FFFFFF", "#3b3b3b"
VERMILION, SKY, YELLOW, GREEN = "#D55E00", "#56B4E9", "#F0E442", "#009E73"
STEEL = "#8DA9BF"

# Blue and orange of Okabe & Ito (2008) keep apart in every common colour blindness, and their
# luminance (87 and 162 of 255) keeps them apart in greyscale.
GROUP_MARKS: dict[str, GroupMark] = {
    RESPONDER: GroupMark(colour=BLUE, marker="o", hatch=""),
    NON_RESPONDER: GroupMark(colour=ORANGE, marker="^", hatch="////"),
    "": GroupMark(colour=WHITE, marker="s", hatch="...."),
}
"""The groups that ketbio knows; ``""`` is a participant of no known group."""

OTHER_MARKS = (
    GroupMark(colour=BLUE, marker="o", hatch=""),
    GroupMark(colour=ORANGE, marker="^", hatch="////"),
    GroupMark(colour=WHITE, marker="D", hatch="...."),
    GroupMark(colour=DARK, marker="v", hatch="xxxx"),
    GroupMark(colour=VERMILION, marker="X", hatch="++++"),
    GroupMark(colour=SKY, marker="p", hatch="oo"),
    GroupMark(colour=YELLOW, marker="s", hatch="\\\\\\\\"),
    GroupMark(colour=GREEN, marker="P", hatch="----"),
)
"""Taken in turn by groups with names of their own; neighbours keep apart in greyscale too."""

NO_GROUP = GroupMark(colour=STEEL, marker="o", hatch="")
"""Participants where no groups are told apart."""
EVERYBODY = GroupMark(colour=BLUE, marker="o", hatch="")
"""Points of all, where no response is known."""
SUMMARY = GroupMark(colour=DARK, marker="D", hatch="")
"""What stands for all participants together."""
LEFT_OUT = GroupMark(colour=WHITE, marker="o", hatch="")
"""An estimate with one participant left out."""
WITHIN = GroupMark(colour=BLUE, marker="o", hatch="")
OUTSIDE = GroupMark(colour=ORANGE, marker="^", hatch="////")
"""Measurements of the bench within and outside of what is accepted."""


def group_marks(groups: Iterable[str]) -> dict[str, GroupMark]:
    """Return the mark of each group.

    Parameters
    ----------
    groups : iterable of str
        Names of the groups, in the order in which they are drawn.

    Returns
    -------
    dict of str to GroupMark
        Known groups keep their own mark in every figure; others take the next of `OTHER_MARKS`.

    Examples
    --------
    >>> marks = group_marks(["non-responder", "responder"])
    >>> marks["responder"].marker, marks["non-responder"].marker
    ('o', '^')
    >>> [mark.marker for mark in group_marks(["ketamine", "midazolam"]).values()]
    ['o', '^']
    """
    names = list(dict.fromkeys(groups))
    others = [name for name in names if name not in GROUP_MARKS]
    return {
        name: GROUP_MARKS[name]
        if name in GROUP_MARKS
        else OTHER_MARKS[others.index(name) % len(OTHER_MARKS)]
        for name in names
    }
