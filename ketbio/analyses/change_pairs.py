"""Two changes per participant side by side, with who lacks one, and why nothing can be said."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ketbio.analyses.blocks import Blocks
from ketbio.analyses.companions import FloatArray
from ketbio.analyses.correlations import LEAST_PAIRS
from ketbio.analyses.values import MarkerValues, marker_values
from ketbio.statistics.number_lines import without_noise
from ketbio.vocabulary import PARTICIPANT_ID, REASON, VALUE
from ketbio.wording import count_of


def both_changes(
    endpoints: pd.DataFrame, pair: tuple[str, str], baseline: str, endpoint: str
) -> tuple[MarkerValues, MarkerValues]:
    """Return the changes of marker and outcome of everyone who has a row of either."""
    everyone = dict.fromkeys(endpoints.loc[endpoints["marker"].isin(pair), PARTICIPANT_ID])
    x, y = (
        marker_values(
            endpoints,
            marker=one,
            measure="change",
            baseline=baseline,
            endpoint=endpoint,
            participants=everyone,
        )
        for one in pair
    )
    return x, y


def side_by_side(x: MarkerValues, y: MarkerValues) -> pd.DataFrame:
    """Return both changes by participant, with why one or the other is missing."""
    table = x.table.merge(y.table, on=PARTICIPANT_ID, suffixes=("", "_y"), validate="one_to_one")
    table[REASON] = _both_reasons(table, x.marker, y.marker)
    return table


def pairs_of(table: pd.DataFrame, groups: dict[str, str]) -> pd.DataFrame:
    """Return the rows analysed, as a `Result` keeps them."""
    used = table[table[REASON] == ""].reset_index(drop=True)
    return pd.DataFrame(
        {
            PARTICIPANT_ID: used[PARTICIPANT_ID],
            "x": used[VALUE],
            "y": used[f"{VALUE}_y"],
            "group": used[PARTICIPANT_ID].map(lambda one: groups.get(one, "")).astype("str"),
        }
    )


def _both_reasons(table: pd.DataFrame, marker: str, outcome: str) -> "pd.Series[str]":
    first = (marker + ": " + table[REASON]).where(table[REASON] != "", "")
    second = (outcome + ": " + table[f"{REASON}_y"]).where(table[f"{REASON}_y"] != "", "")
    gap = ((first != "") & (second != "")).map({True: "; ", False: ""})
    return (first + gap + second).astype("str")


def why_no_correlation(
    numbers: dict[str, FloatArray], ids: Sequence[str], blocks: Blocks, *, what: str
) -> str:
    """Say why these numbers, by their name, cannot be correlated, or nothing."""
    if len(ids) < LEAST_PAIRS:
        have = f"{count_of(len(ids), 'participant')} {'has' if len(ids) == 1 else 'have'} {what}"
        return f"{have}, and at least {LEAST_PAIRS} are needed"
    for name, values in numbers.items():
        if np.ptp(without_noise(values)) == 0:
            return f"{name} is the same in every participant"
        if not blocks.vary(values, ids):
            return f"{name} is the same in every participant of a block"
    return ""
