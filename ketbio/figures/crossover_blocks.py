"""The sequences of a crossover side by side: where each of their periods stands."""

from dataclasses import dataclass
from itertools import cycle

import pandas as pd

from ketbio.figures.crossover_words import sequence_words
from ketbio.figures.palette import OTHER_MARKS, WHITE
from ketbio.figures.style import GroupMark
from ketbio.vocabulary import PARTICIPANT_ID

GAP = 0.8
"""Between two sequences, where periods are 1 apart."""
LOOKS = tuple(mark for mark in OTHER_MARKS if mark.colour != WHITE)
"""A white point is somebody who lacks a period, here."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One period of a sequence: where it stands, and its treatment."""

    at: float
    period: int
    treatment: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """One sequence: its periods, its look, and the rows of its participants."""

    label: str
    slots: list[Slot]
    look: GroupMark
    rows: pd.DataFrame

    @property
    def key(self) -> str:
        """What the legend says of it."""
        count = self.rows[PARTICIPANT_ID].nunique()
        return sequence_words(self.label, [slot.treatment for slot in self.slots], count)


def blocks_of(rows: pd.DataFrame) -> list[Block]:
    """Return the sequences with the places of their periods, one after the other."""
    labels = list(dict.fromkeys(rows["sequence"]))
    blocks, at = [], 0.0
    for label, look in zip(labels, cycle(LOOKS), strict=False):
        own = rows[rows["sequence"] == label]
        known = own.drop_duplicates("period").sort_values("period")
        slots = [
            Slot(at=at + place, period=int(period), treatment=str(treatment))
            for place, (period, treatment) in enumerate(
                zip(known["period"], known["treatment"], strict=True)
            )
        ]
        blocks.append(Block(label=str(label), slots=slots, look=look, rows=own))
        at += len(slots) + GAP
    return blocks
