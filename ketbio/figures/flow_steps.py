"""The flow of participants as steps that add up, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ketbio.errors import FigureError
from ketbio.figures.labels import spoken
from ketbio.wording import capitalised, count_of, join_words

COLUMNS = ("step", "n", "excluded", "reasons")
ARM, STAGE, PER_GROUP = "arm", "stage", "n_per_group"
ANALYSED = "analysed"
LONGEST_REASON = 320
MOST_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One box of a flow.

    Attributes
    ----------
    name : str
        What participants have who are counted here.
    n, excluded : int
        How many there are, and how many not.
    reasons : tuple of str
        Why not, with who.
    per_group : str
        How many of them are of which group; often empty.
    arm : str
        The arm of the trial; empty for steps that all have in common.
    is_branch : bool
        Whether the numbers count against everyone at the first step, and not against the step
        above.
    """

    name: str
    n: int
    excluded: int
    reasons: tuple[str, ...]
    per_group: str
    arm: str
    is_branch: bool


def flow_steps(flow: object) -> list[Step]:
    """Return the steps of a flow table, after a look that they add up.

    Parameters
    ----------
    flow : DataFrame
        ``step, n, excluded, reasons`` and, where there are some, ``stage``, ``n_per_group`` and
        ``arm``.

    Raises
    ------
    FigureError
        Not such a table, no row, or numbers that do not add up.

    Examples
    --------
    >>> steps = flow_steps(pd.DataFrame({"step": ["enrolled", "MADRS at day_14"], "n": [13, 12],
    ...     "excluded": [0, 1], "reasons": ["", "P09: no value at day_14"]}))
    >>> steps[1].name, steps[1].reasons, steps[1].is_branch
    ('MADRS at day 14', ('P09: no value at day 14',), False)
    """
    table = _table(flow)
    steps: list[Step] = []
    for place in range(len(table)):
        row = table.iloc[place]
        step = _step(row, place)
        is_branch = _counts_against_all(step, steps, str(row.get(STAGE, "")), place)
        steps.append(
            Step(
                name=step.name, n=step.n, excluded=step.excluded, reasons=step.reasons,
                per_group=step.per_group, arm=step.arm, is_branch=is_branch,
            )
        )  # fmt: skip
    _check_arms(steps)
    return steps


def _table(flow: object) -> pd.DataFrame:
    if not isinstance(flow, pd.DataFrame):
        hint = " Give its .flow." if hasattr(flow, "flow") else ""
        raise FigureError(
            f"draw_flow() takes the flow table, a DataFrame; a {type(flow).__name__} was given."
            f"{hint}"
        )
    lacking = [name for name in COLUMNS if name not in flow.columns]
    if lacking:
        there = ", ".join(map(repr, flow.columns))
        raise FigureError(
            f"The flow table lacks {', '.join(map(repr, lacking))}; columns there: {there}. "
            "derive_flow() makes one."
        )
    if not 0 < len(flow) <= MOST_STEPS:
        raise FigureError(
            f"The flow table has {count_of(len(flow), 'row')}; a flow of 1 to {MOST_STEPS} steps "
            "can be drawn."
        )
    return flow.reset_index(drop=True)


def _step(row: "pd.Series[Any]", place: int) -> Step:
    n, excluded = (_whole(row[name], name, place) for name in ("n", "excluded"))
    return Step(
        name=spoken(_text(row["step"])) or f"step {place + 1}",
        n=n,
        excluded=excluded,
        reasons=tuple(_reason(one) for one in _text(row["reasons"]).split("; ") if one.strip()),
        per_group=_text(row.get(PER_GROUP)).replace("; ", ", "),
        arm=_text(row.get(ARM)),
        is_branch=False,
    )


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _whole(value: object, name: str, place: int) -> int:
    try:
        number = float(str(value))
    except ValueError:
        number = float("nan")
    if not np.isfinite(number) or number < 0 or number % 1:
        shown = repr(value) if isinstance(value, str) else str(value)
        raise FigureError(
            f"Row {place + 1} of the flow table has {name} = {shown}; a whole number from 0 is "
            "wanted."
        )
    return int(number)


def _reason(words: str) -> str:
    """Return a reason as readers see it; a participant's code stays as it is."""
    who, colon, why = words.partition(": ")
    told = f"{who}{colon}{spoken(why)}" if colon else spoken(words)
    return told if len(told) <= LONGEST_REASON else told[: LONGEST_REASON - 1].rstrip() + "…"


def _counts_against_all(step: Step, before: Sequence[Step], stage: str, place: int) -> bool:
    """Return whether a step counts against the first one; refuse one that fits nowhere."""
    if not before or (step.arm and not any(one.arm == step.arm for one in before)):
        return False  # the first of all, or the first of its arm, which is checked with the others
    chain = [one for one in before if not one.is_branch and one.arm in ("", step.arm)]
    follows = chain[-1].n - step.excluded == step.n
    of_all = before[0].n - step.excluded == step.n and not step.arm
    if of_all and (not follows or stage == ANALYSED or any(one.is_branch for one in before)):
        return True
    if follows:
        return False
    raise FigureError(
        f"The flow does not add up at row {place + 1} ({step.name}): {step.n} left with "
        f"{step.excluded} excluded, where {chain[-1].n} were at the step before and {before[0].n} "
        "at the first. Correct n or excluded."
    )


def _check_arms(steps: Sequence[Step]) -> None:
    """Refuse arms that hold more or fewer than were there to be divided."""
    common = [one for one in steps if not one.arm and not one.is_branch]
    first = {one.arm: one for one in reversed(steps) if one.arm}
    if not first:
        return
    if not common:
        return
    held = sum(one.n + one.excluded for one in first.values())
    if held != common[-1].n:
        raise FigureError(
            f"The arms of the flow hold {held} participants at their first step, and "
            f"{common[-1].n} were there to be divided ({common[-1].name}). Correct n or excluded."
        )


def flow_words(steps: Sequence[Step]) -> str:
    """Return a flow as an ordered list in words, for those who do not see it.

    Examples
    --------
    >>> flow_words(flow_steps(pd.DataFrame({"step": ["enrolled", "day_14"], "n": [13, 12],
    ...     "excluded": [0, 1], "reasons": ["", "P09: ill"]})))
    'Flow diagram of participants. 1. Enrolled: 13. 2. Day 14: 12, 1 excluded (P09: ill).'
    """
    told = ["Flow diagram of participants."]
    for number, one in enumerate(steps, start=1):
        arm = f"{one.arm}, " if one.arm else ""
        why = f" ({'; '.join(one.reasons)})" if one.reasons else ""
        lost = f", {one.excluded:,} excluded{why}" if one.excluded else ""
        of_all = f" of {steps[0].n:,}" if one.is_branch else ""
        groups = f" ({one.per_group})" if one.per_group else ""
        told.append(f"{number}. {capitalised(arm + one.name)}: {one.n:,}{of_all}{groups}{lost}.")
    return " ".join(told)


def flow_headline(steps: Sequence[Step]) -> str:
    """Return where the flow begins and ends.

    Examples
    --------
    >>> flow_headline(flow_steps(pd.DataFrame({"step": ["enrolled"], "n": [13], "excluded": [0],
    ...                                        "reasons": [""]})))
    'Flow of participants: enrolled, 13'
    """
    chain = [one for one in steps if not one.is_branch and not one.arm]
    ends = [chain[0], *([chain[-1]] if len(chain) > 1 else [])] if chain else [steps[0]]
    return f"Flow of participants: {'; '.join(f'{one.name}, {one.n:,}' for one in ends)}"


def arms_of(steps: Sequence[Step]) -> list[str]:
    """Return the arms in their order."""
    return [arm for arm in dict.fromkeys(one.arm for one in steps) if arm]


def flow_caption(steps: Sequence[Step]) -> str:
    """Return what stands below a flow: how to read it."""
    said = ["Boxes: participants left at each step; beside them, who was excluded and why."]
    if any(one.is_branch for one in steps):
        said.append(
            f"Steps on the line at the left each count against all {steps[0].n:,} at the first "
            "step."
        )
    arms = arms_of(steps)
    if arms:
        said.append(f"Columns: {join_words(arms)}.")
    return " ".join(said)
