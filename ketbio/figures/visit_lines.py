"""Lines of numbers below the visits of a figure: how many were there, and the p values."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from ketbio.figures.labels import spoken
from ketbio.figures.model_parts import Model, permuted, present
from ketbio.figures.page import Page
from ketbio.figures.style import INK, Style
from ketbio.figures.visit_axis import LABEL_SHARE, Visits
from ketbio.figures.wrapping import shortened
from ketbio.result import Result
from ketbio.wording import format_p

LINE_HEIGHT = 1.5
"""Of a line, in multiples of its type size."""

Lines = Mapping[str, Sequence[str]]
"""Name of a line → what stands at each visit."""


def lines_height_mm(lines: int, style: Style) -> float:
    """Return how high so many lines are, in millimetres."""
    return max(lines, 1) * LINE_HEIGHT * style.small_pt / 72 * 25.4


def write_lines(
    page: Page, panel: Axes, lines: Lines, visits: Visits, *, shown: Sequence[int]
) -> None:
    """Write numbers in lines, each at its visit; too long names of lines are cut.

    Parameters
    ----------
    page : Page
        The page.
    panel : Axes
        One of its panels, for these lines alone.
    lines : mapping of str to sequence of str
        What each line is of, and what stands at each visit.
    visits : Visits
        Where they stand.
    shown : sequence of int
        At which of the visits there is room to write.
    """
    size = page.style.small_pt
    panel.set_xlim(*visits.limits)
    panel.set_ylim(len(lines) - 0.5, -0.5)
    for place, texts in enumerate(lines.values()):
        for one in shown:
            panel.text(
                visits.places[one], place, texts[one], ha="center", va="center", size=size,
                color=INK,
            )  # fmt: skip
    room = LABEL_SHARE * page.width_pt
    names = [shortened(name, width_pt=room, size_pt=size) for name in lines]
    panel.set_yticks(range(len(lines)), labels=names)
    panel.set_xticks([])
    panel.tick_params(axis="y", length=0, pad=size)
    panel.spines[:].set_visible(False)


def counts_of(model: Model) -> dict[str, list[str]]:
    """Return how many of each arm have a value at each visit."""
    return {
        f"n, {spoken(arm) or 'not known'}": [
            f"{present(model.rows, model.column, visit, arm):,}" for visit in model.visits.names
        ]
        for arm in model.arms
    }


def p_values_of(model: Model, *, whose: str = "") -> dict[str, list[str]]:
    """Return the p values of every contrast: the model's, adjusted, and of the permutation."""
    lines: dict[str, list[str]] = {}
    for arm in model.compared:
        whose = f", {spoken(arm)}" if len(model.compared) > 1 else whose
        own = [model.contrasts.get((visit, arm)) for visit in model.visits.names]
        for name, p_of in _P_VALUES.items():
            texts = [_p_text(p_of(one)) if one else "–" for one in own]
            if any(text != "–" for text in texts):
                lines[f"{name}{whose}"] = texts
    return lines


def _p_text(p: float) -> str:
    return format_p(p, symbol=False)


def _p_permuted(one: Result) -> float:
    test = permuted(one)
    return test.p_value if test else float("nan")


_P_VALUES = {
    "p": lambda one: one.p_value,
    "p adj.": lambda one: one.p_adjusted,
    "p perm.": _p_permuted,
}
