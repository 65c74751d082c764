"""Where the boxes and the lines of a flow stand: wrapped text first, places from its height."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ketbio.errors import FigureError
from ketbio.figures.flow_steps import Step, arms_of
from ketbio.figures.style import MM_PER_INCH, POINTS_PER_INCH, Style, missing_characters
from ketbio.figures.wrapping import wrap_text
from ketbio.wording import capitalised

LINE = 1.36
"""Height of a line of text, in multiples of its size."""
PAD, GAP = 0.7, 1.5
"""Within a box, and between boxes, in multiples of the type size."""
BUS = 2.2
"""Room for the line at the left, in multiples of the type size."""
MAIN_SHARE = 0.5
"""Of the width, for the boxes that participants stay in; the rest is for those who leave."""
NARROWEST_ARM_PT = 52.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of a flow in points, from the top left corner of the panel downwards."""

    left: float
    top: float
    width: float
    lines: tuple[str, ...]
    size_pt: float
    is_side: bool = False

    @property
    def height(self) -> float:
        """From top to bottom."""
        return len(self.lines) * LINE * self.size_pt + 2 * PAD * self.size_pt

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Halfway from left to right."""
        return self.left + self.width / 2

    @property
    def waist(self) -> float:
        """Halfway from top to bottom."""
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every box and every line of a flow, and the height that they take."""

    boxes: list[Box]
    arrows: list[tuple[tuple[float, float], tuple[float, float]]]
    lines: list[tuple[tuple[float, float], tuple[float, float]]]
    height: float


def _lines_of(words: Sequence[str], width: float, size_pt: float) -> tuple[str, ...]:
    room = width - 2 * PAD * size_pt
    wrapped = [
        # the box that stands for a character without a font is wider than was measured
        wrap_text(one, width_pt=room * (0.8 if missing_characters(one) else 1.0), size_pt=size_pt)
        for one in words
        if one
    ]
    return tuple(line for one in wrapped for line in one.split("\n"))


def _stays(step: Step) -> list[str]:
    return [capitalised(step.name), f"n = {step.n:,}", step.per_group]


def _leaves(step: Step) -> list[str]:
    return [f"Excluded (n = {step.excluded:,})", *step.reasons]


def plan_flow(steps: list[Step], sizes: Style, *, width: float) -> Plan:
    """Return where everything stands in a panel of so many points in width.

    Raises
    ------
    FigureError
        More arms than stand side by side.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> step = Step(name="enrolled", n=3, excluded=0, reasons=(), per_group="", arm="",
    ...             is_branch=False)
    >>> plan_flow([step], STYLES["report"], width=400).boxes[0].lines
    ('Enrolled', 'n = 3')
    """
    plan = Plan(boxes=[], arrows=[], lines=[], height=0.0)
    common = [one for one in steps if not one.arm]
    top, last = _plan_common(plan, common, sizes, width)
    arms = arms_of(steps)
    if arms:
        columns = {arm: [one for one in steps if one.arm == arm] for arm in arms}
        top = _plan_arms(plan, columns, sizes, (top, width), last)
    return replace(plan, height=top)


def _plan_common(
    plan: Plan, steps: list[Step], sizes: Style, width: float
) -> tuple[float, Box | None]:
    """Place the steps that all have in common; return where they end, and the last of them."""
    size = sizes.small_pt
    gap = GAP * size
    left = BUS * size if any(one.is_branch for one in steps) else 0.0
    main = MAIN_SHARE * width - left / 2
    aside = left + main + gap
    top, last, first = 0.0, None, None
    for step in steps:
        lines = _lines_of(_stays(step), main, size)
        box = Box(left=left, top=top, width=main, lines=lines, size_pt=size)
        side = None
        if step.excluded:
            words = _lines_of(_leaves(step), width - aside, size)
            side = Box(
                left=aside, top=top, width=width - aside, lines=words, size_pt=size, is_side=True
            )
        if step.is_branch:
            box, side = _side_by_side(box, side)
            _hang_on_line(plan, first, box, left / 2)
        elif last is not None:
            if side is not None:
                box = replace(box, top=side.bottom + gap)
                plan.arrows.append(((box.middle, side.waist), (side.left, side.waist)))
            plan.arrows.append(((last.middle, last.bottom), (box.middle, box.top)))
        plan.boxes.extend([box, *([side] if side is not None else [])])
        if step.is_branch and side is not None:
            plan.lines.append(((box.left + box.width, box.waist), (side.left, side.waist)))
        top = max(box.bottom, side.bottom if side is not None else 0.0) + gap
        first = first or box
        last = last if step.is_branch else box
    return top, last


def _side_by_side(box: Box, side: Box | None) -> tuple[Box, Box | None]:
    """Put the lower of the two at the middle of the higher."""
    if side is None:
        return box, None
    waist = box.top + max(box.height, side.height) / 2
    return (
        replace(box, top=waist - box.height / 2),
        replace(side, top=waist - side.height / 2),
    )


def _hang_on_line(plan: Plan, first: Box | None, box: Box, at: float) -> None:
    if first is not None:
        plan.lines.append(((first.left, first.waist), (at, first.waist)))
        plan.lines.append(((at, first.waist), (at, box.waist)))
    plan.arrows.append(((at, box.waist), (box.left, box.waist)))


def _plan_arms(
    plan: Plan, columns: dict[str, list[Step]], sizes: Style, corner: tuple[float, float],
    last: Box | None,
) -> float:  # fmt: skip
    """Place a column per arm, its steps level with those of the others; return where they end."""
    top, width = corner
    size = sizes.small_pt
    gap = GAP * size
    each = (width - gap * (len(columns) - 1)) / len(columns)
    if each < NARROWEST_ARM_PT:
        raise FigureError(
            f"{len(columns)} arms do not fit side by side in a width of "
            f"{width / POINTS_PER_INCH * MM_PER_INCH:.0f} mm; draw the flow in a wider style."
        )
    lefts = {arm: place * (each + gap) for place, arm in enumerate(columns)}
    above: dict[str, Box | None] = dict.fromkeys(columns)
    if last is not None:
        top += gap
        branch = top - gap
        plan.lines.append(((last.middle, last.bottom), (last.middle, branch)))
        ends = [left + each / 2 for left in lefts.values()]
        plan.lines.append(((min(*ends, last.middle), branch), (max(*ends, last.middle), branch)))
    for level in range(max(len(one) for one in columns.values())):
        here = {arm: steps[level] for arm, steps in columns.items() if level < len(steps)}
        for is_side in (True, False):
            words = {
                arm: _leaves(step) if is_side else [step.arm if not level else "", *_stays(step)]
                for arm, step in here.items()
                if step.excluded or not is_side
            }
            boxes = {
                arm: Box(left=lefts[arm], top=top, width=each, is_side=is_side, size_pt=size,
                          lines=_lines_of(said, each, size))
                for arm, said in words.items()
            }  # fmt: skip
            for arm, box in boxes.items():
                upper = above[arm]
                start = upper.bottom if upper is not None else top - gap
                if upper is not None or last is not None:
                    plan.arrows.append(((box.middle, start), (box.middle, box.top)))
                above[arm] = box
            plan.boxes.extend(boxes.values())
            top = max([box.bottom for box in boxes.values()], default=top - gap) + gap
    return top
