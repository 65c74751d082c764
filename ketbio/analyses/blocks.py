"""Blocks of participants, such as sites: labels and pairings are dealt within them only."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.statistics.number_lines import without_noise
from ketbio.vocabulary import PARTICIPANT_ID, REASON
from ketbio.wording import spaced

DEALT_WITHIN = (
    "Permuted within {name} only ({n} of them), so that differences between them cannot make the "
    "result{but}."
)
UNAWARE = "; {what} beside it do not know of them"
ONE_BLOCK = "{name} is the same in everyone, so that blocks by it change nothing."

RANKED_WITHIN = (
    "Ranked within {name} only ({n} of them); the signs of changes are dealt participant by "
    "participant either way, and effect sizes and t tests beside it do not know of blocks."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blocks:
    """Who belongs to which block.

    Attributes
    ----------
    name : str
        The column of the participants table; empty where no blocks were asked for.
    labels : Series of str
        Block of each participant, indexed by ``participant_id``.
    """

    name: str
    labels: "pd.Series[str]"

    def of(self, participants: Iterable[str]) -> list[str] | None:
        """Return the block of each of these participants; None where no blocks were asked for."""
        if not self.name:
            return None
        return [str(self.labels[one]) for one in participants]

    @property
    def in_words(self) -> str:
        """The column as written for readers."""
        return spaced(self.name)

    def count(self, participants: Iterable[str]) -> int:
        """Return how many blocks these participants are in; 1 where no blocks were asked for."""
        return len(set(self.of(participants) or [""]))

    def exclude_unknown(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table with a reason for those whose block is not known."""
        if not self.name:
            return table
        unknown = ~table[PARTICIPANT_ID].isin(self.labels.index)
        why = f"no {self.in_words}"
        both = table[REASON].where(table[REASON] == "", table[REASON] + f"; {why}")
        text = both.where(table[REASON] != "", why)
        return table.assign(reason=table[REASON].where(~unknown, text).astype("str"))

    def limits(
        self, participants: Iterable[str], *, said: str = DEALT_WITHIN, unaware: str = ""
    ) -> tuple[str, ...]:
        """Say within what was permuted, and what beside the result ignores it (``unaware``)."""
        if not self.name:
            return ()
        n_blocks = self.count(participants)
        if n_blocks == 1:
            return (ONE_BLOCK.format(name=self.in_words),)
        but = UNAWARE.format(what=unaware) if unaware else ""
        return (said.format(name=self.in_words, n=n_blocks, but=but),)

    def vary(self, values: NDArray[np.float64], participants: Iterable[str]) -> bool:
        """Return whether values differ within any block: nothing else can be compared there."""
        labels = np.array(self.of(participants) or [""] * len(values))
        known = without_noise(values)
        return any(np.ptp(known[labels == one]) > 0 for one in set(labels))

    def ranked(self, participants: Iterable[str]) -> tuple[str, ...]:
        """Say within what changes were ranked."""
        n_blocks = self.count(participants)
        if n_blocks == 1:
            return self.limits(participants)
        return (RANKED_WITHIN.format(name=self.in_words, n=n_blocks),)


NO_BLOCKS = Blocks(name="", labels=pd.Series(dtype="str"))
"""Where none were asked for."""


def blocks_asked(blocks: str | None, participants: pd.DataFrame | None) -> Blocks:
    """Return the blocks asked for, or refuse what cannot be one.

    Parameters
    ----------
    blocks : str or None
        A column of the participants table.
    participants : DataFrame or None
        The validated ``participants`` table, one row per participant.

    Raises
    ------
    TableError
        No participants table, an unknown column, one without any value, or a participant in two
        rows.

    Examples
    --------
    >>> people = pd.DataFrame({"participant_id": ["P1", "P2"], "site": ["A", "B"]})
    >>> blocks_asked("site", people).of(["P2", "P1"])
    ['B', 'A']
    """
    if blocks is None:
        return NO_BLOCKS
    if participants is None:
        raise TableError(
            f"blocks is {blocks!r}, but participants is None; give the participants table, one "
            "row per participant."
        )
    require_columns(participants, [PARTICIPANT_ID], what="participants")
    columns = [str(one) for one in participants.columns if one != PARTICIPANT_ID]
    require_one_of("blocks", blocks, columns)
    twice = participants[PARTICIPANT_ID][participants[PARTICIPANT_ID].duplicated()]
    if len(twice):
        raise TableError(
            f"participants has two rows of {twice.iloc[0]}; one row per participant is allowed. "
            "Remove the duplicate."
        )
    labels = participants.set_index(PARTICIPANT_ID)[blocks].dropna().astype("str").str.strip()
    labels = labels[labels != ""]
    if labels.empty:
        raise TableError(
            f"blocks is {blocks!r}, a column without any value; allowed: a column that says of "
            "each participant in which block they are. Fill it in, or leave blocks out."
        )
    return Blocks(name=blocks, labels=labels)
