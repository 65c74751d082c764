"""Groups are told apart by colour, marker and hatch, for every reader and in greyscale.

Colour blindness is simulated with the matrices of Machado, Oliveira & Fernandes (2009), IEEE Trans
Vis Comput Graph 15:1291-1298, severity 1.0, on linear RGB; distances are CIE 1976 ΔE in L*a*b*
(D65), contrasts the ratio of WCAG 2.1.
"""

import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.hatch import get_path
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ketbio.figures import palette
from ketbio.figures.palette import GROUP_MARKS, OTHER_MARKS, group_marks

LUMINANCE = np.array([0.2126729, 0.7151522, 0.0721750])
EYES = {
    "usual": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "greyscale": np.tile(LUMINANCE, (3, 1)),
}
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], LUMINANCE, [0.0193339, 0.1191920, 0.9503041]])
WHITE_POINT = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> np.ndarray:
    values = np.array(to_rgb(colour))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def seen_as(colour: str, eye: str) -> np.ndarray:
    """Return L*, a*, b* of a colour as an eye sees it."""
    xyz = TO_XYZ @ np.clip(EYES[eye] @ linear(colour), 0, 1) / WHITE_POINT
    steep = (6 / 29) ** 3
    bent = np.where(xyz > steep, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = bent
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one: str, other: str, eye: str) -> float:
    return float(np.linalg.norm(seen_as(one, eye) - seen_as(other, eye)))


def contrast_with_white(colour: str) -> float:
    return 1.05 / (float(LUMINANCE @ linear(colour)) + 0.05)


def test_the_simulation_is_that_of_the_paper():
    for eye in ("deuteranopia", "protanopia"):
        assert EYES[eye].sum(axis=1) == pytest.approx(1, abs=2e-6)  # white stays white
    # red and green of one luminance: 100 apart for most eyes, far nearer in deuteranopia
    assert apart("#c04040", "#507a20", "usual") > 2 * apart("#c04040", "#507a20", "deuteranopia")
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)  # WCAG's own example


@pytest.mark.parametrize("eye", EYES)
def test_neighbours_keep_apart_for_every_eye(eye):
    least = 15 if eye == "greyscale" else 40
    in_turn = [mark.colour for mark in OTHER_MARKS]
    known = [mark.colour for mark in GROUP_MARKS.values()]
    for one, other in [*pairwise(in_turn), *combinations(known, 2)]:
        assert apart(one, other, eye) > least, (one, other)


@pytest.mark.parametrize("eye", ["usual", "deuteranopia", "protanopia"])
def test_any_two_of_eight_groups_differ_in_colour(eye):
    colours = [mark.colour for mark in OTHER_MARKS]
    assert len(colours) == 8
    assert min(apart(a, b, eye) for a, b in combinations(colours, 2)) > 15


@pytest.mark.parametrize("marks", [tuple(GROUP_MARKS.values()), OTHER_MARKS])
def test_marker_and_hatch_alone_tell_groups_apart(marks):
    assert len({mark.marker for mark in marks}) == len(marks)
    assert len({mark.hatch for mark in marks}) == len(marks)


def test_edges_and_lines_stand_out_from_white():
    assert contrast_with_white(palette.GUIDE) >= 3
    assert contrast_with_white(palette.QUIET) >= 4.5  # text is written in it
    assert contrast_with_white(palette.INK) >= 7


def test_responders_look_the_same_in_every_company():
    for names in (["responder"], ["ketamine", "non-responder", "responder"], ["", "responder"]):
        assert group_marks(names)["responder"] is GROUP_MARKS["responder"]
    assert group_marks(["a"])["a"].marker == GROUP_MARKS["responder"].marker


def test_every_hatch_is_one_that_matplotlib_draws():
    figure = Figure(figsize=(1, 1))
    for mark in OTHER_MARKS:
        figure.add_artist(Rectangle((0, 0), 1, 1, hatch=mark.hatch, facecolor=mark.colour))
        figure.add_artist(Line2D([0], [0], marker=mark.marker))
    figure.draw_without_rendering()
    patterns = {mark.hatch for mark in OTHER_MARKS if mark.hatch}
    assert patterns
    for hatch in patterns:  # one that it does not know gives no line
        assert len(get_path(hatch, 6).vertices) > 0


def test_colours_are_named_in_one_file():
    folder = Path(palette.__file__).parent
    own = {
        path.name: found
        for path in sorted(folder.glob("*.py"))
        if path.name != "palette.py"
        and (found := re.findall(r"\"#[0-9A-Fa-f]{6}\"", path.read_text(encoding="utf-8")))
    }
    assert own == {}
