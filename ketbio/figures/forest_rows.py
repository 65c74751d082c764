"""The rows of a forest: what each says, how results stand together, what fits into the width."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ketbio.figures.families import fitted_lines, fixed, of_all_pairs
from ketbio.figures.labels import spoken, with_unit
from ketbio.figures.style import Style
from ketbio.figures.wrapping import text_width
from ketbio.result import SUPERIORITY, Result, contrast_words
from ketbio.wording import capitalised, format_p

CORRELATIONS = (
    "correlate_changes", "correlate_markers", "correlate_baseline_change", "correlate_repeated",
)  # fmt: skip
ROW_LINES = 1.75
"""Height of a row of one line, in lines of small print."""
GAP_PT = 9.0
"""Between columns."""
LABEL_SHARE, LEAST_EFFECT_PT = 0.36, 68.0
"""Most of the width that the names take, and narrowest that the effects are drawn."""
TIGHT_SHARE, TIGHT_EFFECT_PT = 0.27, 50.0
"""The same where there would be no room for n."""
HEADINGS = {"n": "n", "effect": "", "p": "p", "p_adjusted": "p adj."}
GIVEN_UP = ("effect", "n")
"""Columns that give way, first to last, where there is no room: the drawing shows the effect."""
LEFT_OUT = {"effect": "the effects and intervals as numbers", "n": "n"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One result.

    Attributes
    ----------
    name, label : str
        The marker, and as it is wrapped for its row.
    effect, low, high : float
        What is drawn; NaN where there is none.
    cells : dict of str to str
        Column → its words.
    lacking : str
        Why there is no effect or no interval; empty where both are there.
    at : float
        Where on the axis of the rows, downwards.
    """

    name: str
    label: str
    effect: float
    low: float
    high: float
    cells: dict[str, str]
    lacking: str
    at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestGroup:
    """Results that stand together on one axis.

    Attributes
    ----------
    heading : str
        Above them; empty where there is one group only and no title.
    rows : tuple of ForestRow
    effect_name, axis : str
        The effect, and what the axis says.
    null : float
        Where there is no effect.
    columns : dict of str to str
        Column → its heading.
    bottom : float
        End of the axis of the rows.
    height_pt : float
        Height on paper.
    """

    heading: str
    rows: tuple[ForestRow, ...]
    effect_name: str
    axis: str
    null: float
    columns: dict[str, str]
    bottom: float = 0.0
    height_pt: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestLayout:
    """What stands where.

    Attributes
    ----------
    groups : tuple of ForestGroup
        Their labels wrapped and their rows placed.
    widths_pt : tuple of float
        Of names, effects and numbers.
    columns : dict of str to float
        Columns of numbers that there is room for → width.
    left_out : tuple of str
        What there is no room for, in words.
    """

    groups: tuple[ForestGroup, ...]
    widths_pt: tuple[float, float, float]
    columns: dict[str, float]
    left_out: tuple[str, ...]

    @property
    def height_pt(self) -> float:
        """Of all groups with an axis below each."""
        return sum(group.height_pt for group in self.groups) + 34.0 * len(self.groups)


def forest_groups(results: Sequence[Result], labels: dict[str, str]) -> tuple[ForestGroup, ...]:
    """Return the results by analysis and title, each group with one effect; labels by marker."""
    together: dict[tuple[str, ...], list[Result]] = {}
    for one in results:
        together.setdefault((one.title, one.analysis, *_contrast_key(one)), []).append(one)
    made = [group for members in together.values() for group in _groups_of(members, labels)]
    is_alone = len(made) == 1 and not results[0].title
    return (replace(made[0], heading=""),) if is_alone else tuple(made)


def _contrast_key(one: Result) -> tuple[str, ...]:
    """Return what must be alike on one axis: what is compared with what, and what of it."""
    if one.analysis in CORRELATIONS:
        return (of_all_pairs(one),)
    return (*one.groups, one.outcome)


def _groups_of(members: Sequence[Result], labels: dict[str, str]) -> list[ForestGroup]:
    """Return one group where all have the same effect, and one for each effect otherwise."""
    in_unit = {(one.estimate_name, one.unit) for one in members if math.isfinite(one.estimate)}
    if len(in_unit) == 1 and all(unit for _, unit in in_unit):
        known = [one for one in members if math.isfinite(one.estimate)]
        if all(math.isfinite(one.estimate) or math.isnan(one.effect_size) for one in members):
            return [_group(members, known[0], labels, is_standardised=False)]
    names = list(dict.fromkeys(one.effect_size_name for one in members if one.effect_size_name))
    if not names:
        return [_group(members, members[0], labels, is_standardised=True)]
    parts = []
    for name in names:
        own = [
            one
            for one in members
            if one.effect_size_name == name or (not one.effect_size_name and name == names[0])
        ]
        first = next(one for one in own if one.effect_size_name == name)
        parts.append(_group(own, first, labels, is_standardised=True))
    return parts


def _group(
    members: Sequence[Result], first: Result, labels: dict[str, str], *, is_standardised: bool
) -> ForestGroup:
    name = first.effect_size_name if is_standardised else first.estimate_name
    unit = "" if is_standardised else first.unit
    contrast = spoken(contrast_words(first)) if first.analysis not in CORRELATIONS else ""
    if name.startswith(SUPERIORITY):
        contrast = contrast.replace(" − ", " over ")
    words = ", ".join(part for part in (capitalised(name or "effect"), contrast) if part)
    decimals = 2 if is_standardised else _decimals(members)
    return ForestGroup(
        heading=_heading(first),
        rows=tuple(
            _row(one, labels, decimals=decimals, is_standardised=is_standardised) for one in members
        ),
        effect_name=capitalised(name),
        axis=with_unit(words, unit),
        null=0.5 if name.startswith(SUPERIORITY) else 0.0,
        columns={
            **HEADINGS,
            "n": "n / n" if len(first.n) == 2 else "n",
            "effect": f"Effect ({100 * first.ci_level:g}% CI)",
        },
    )


def _heading(first: Result) -> str:
    what = capitalised(spoken(of_all_pairs(first)))
    if first.analysis == "compare_crossover":  # one plan has several visits of the periods
        return ": ".join(filter(None, [first.title, what]))
    return first.title or what or first.analysis


def _decimals(members: Sequence[Result]) -> int:
    """Return how many decimals the largest number needs for three digits: the same in all rows."""
    numbers = [abs(value) for one in members for value in (one.estimate, one.ci_low, one.ci_high)]
    largest = max((value for value in numbers if math.isfinite(value)), default=0.0)
    return min(6, max(0, 2 - math.floor(math.log10(largest)))) if largest > 0 else 2


def _row(one: Result, labels: dict[str, str], *, decimals: int, is_standardised: bool) -> ForestRow:
    effect, (low, high) = one.estimate, (one.ci_low, one.ci_high)
    if is_standardised:
        effect, (low, high) = one.effect_size, one.effect_size_ci
    words = "–"
    if math.isfinite(effect):
        words = fixed(effect, decimals)
        if not math.isnan(low):
            words += f" ({fixed(low, decimals)} to {fixed(high, decimals)})"
    name = labels.get(one.marker, one.label)
    if one.analysis == "correlate_markers":
        name = f"{name} with {labels[one.groups[1]]}"
    return ForestRow(
        name=name,
        label=capitalised(name),
        effect=effect,
        low=low,
        high=high,
        cells={
            "n": " / ".join(f"{count:,}" for count in one.n.values()),
            "effect": words,
            "p": format_p(one.p_value, symbol=False),
            "p_adjusted": format_p(one.p_adjusted, symbol=False),
        },
        lacking=_lacking(one, effect, low),
    )


def _lacking(one: Result, effect: float, low: float) -> str:
    if math.isfinite(effect) and not math.isnan(low):
        return ""
    if math.isfinite(effect):
        return "no interval"
    nothing = [word for word in one.warnings if word.startswith("Nothing could be computed")]
    why = nothing[0] if nothing else "no effect size could be computed"
    return why.removeprefix("Nothing could be computed: ").rstrip(".")


def columns_that_fit(
    groups: Sequence[ForestGroup], *, width_pt: float, style: Style
) -> ForestLayout:
    """Return the columns that there is room for, the labels wrapped and the rows placed.

    Parameters
    ----------
    groups : sequence of ForestGroup
    width_pt : float
        Of the whole figure.
    style : Style
    """
    columns = _column_widths(groups, style)
    names = [row.label for group in groups for row in group.rows]
    longest = max(text_width(name, size_pt=style.small_pt) for name in names)
    roomy, tight = (min(longest + GAP_PT, share * width_pt) for share in (LABEL_SHARE, TIGHT_SHARE))
    label, free = roomy, width_pt - 24.0
    left_out = []
    for name in GIVEN_UP:
        taken = sum(columns.values())
        if label + LEAST_EFFECT_PT + taken <= free or name not in columns:
            continue
        if name == "n" and tight + TIGHT_EFFECT_PT + taken <= free:
            label = max(tight, free - taken - LEAST_EFFECT_PT)
            continue
        del columns[name]
        left_out.append(LEFT_OUT[name])
    effect = max(free - label - sum(columns.values()), LEAST_EFFECT_PT / 2)
    rooms = (label - GAP_PT / 2, 0.9 * (label + effect))  # a heading may reach over the effects
    placed = [_placed(group, *rooms, style=style) for group in groups]
    return ForestLayout(
        groups=tuple(placed),
        widths_pt=(label, effect, max(sum(columns.values()), 1.0)),
        columns=columns,
        left_out=tuple(left_out),
    )


def _column_widths(groups: Sequence[ForestGroup], style: Style) -> dict[str, float]:
    """Return the columns that say anything, each as wide as its widest words."""
    widths = {}
    for name in HEADINGS:
        words = [row.cells[name] for group in groups for row in group.rows]
        if all(word == "–" for word in words):
            continue
        words += [group.columns[name] for group in groups]
        widest = max(text_width(word, size_pt=style.small_pt) for word in words)
        widths[name] = widest + max(GAP_PT, 1.2 * style.small_pt)
    return widths


def _placed(group: ForestGroup, label_pt: float, heading_pt: float, *, style: Style) -> ForestGroup:
    """Return the group with its rows below each other, those with two lines higher than others."""
    rows, at = [], 0.0
    for row in group.rows:
        label = fitted_lines(row.label, width_pt=label_pt, size_pt=style.small_pt, lines=2)
        height = 1.0 + 0.55 * label.count("\n")
        rows.append(replace(row, label=label, at=at + height / 2))
        at += height
    heading = fitted_lines(group.heading, width_pt=heading_pt, size_pt=style.small_pt, lines=1)
    return replace(
        group,
        heading=heading,
        rows=tuple(rows),
        bottom=at + 0.25,
        height_pt=(at + 1.25) * ROW_LINES * style.small_pt,
    )
