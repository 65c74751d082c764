"""The values of responders and non-responders, and by which statistic they can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ketbio.analyses.blocks import Blocks
from ketbio.analyses.combinations import refuse_ranks_within_blocks
from ketbio.analyses.limits import beyond_words
from ketbio.analyses.responder_statistics import statistic_asked
from ketbio.analyses.values import (
    MarkerValues,
    marker_values,
    require_one_row_each,
    require_shared_ids,
)
from ketbio.endpoints.frames import require_columns
from ketbio.endpoints.response import RATING_SCALE
from ketbio.vocabulary import (
    CENSORED,
    NON_RESPONDER,
    PARTICIPANT_ID,
    REASON,
    RESPONDER,
    SCALES,
)

GROUPS = (RESPONDER, NON_RESPONDER)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupedValues:
    """One marker of responders and non-responders.

    Attributes
    ----------
    values : MarkerValues
        The marker.
    table : DataFrame
        One row per participant of the response table, with ``group``, ``outcome_change`` and
        ``reason``.
    is_circular : bool
        Whether the marker is the scale that the response is defined on.
    """

    values: MarkerValues
    table: pd.DataFrame
    is_circular: bool = False

    @property
    def used(self) -> pd.DataFrame:
        """Those analysed, responders first, as the statistics see them."""
        used = self.table[self.table[REASON] == ""].reset_index(drop=True)
        return used.sort_values("group", key=lambda one: one.map(GROUPS.index), kind="stable")


def grouped_values(
    endpoints: pd.DataFrame,
    response: pd.DataFrame,
    markers: Sequence[str],
    *,
    measure: str,
    baseline: str,
    endpoint: str,
    blocks: Blocks,
) -> list[GroupedValues]:
    """Return each marker of everyone in the response table, with who is left out and why.

    Raises
    ------
    TableError
        Unknown marker, visit or measure, or a response table that cannot be used.
    """
    require_columns(response, [PARTICIPANT_ID, "response", "change", REASON], what="response")
    require_one_row_each(response)
    require_shared_ids(endpoints, response)
    found = []
    for marker in markers:
        values = marker_values(
            endpoints,
            marker=marker,
            measure=measure,
            baseline=baseline,
            endpoint=endpoint,
            participants=response[PARTICIPANT_ID],
        )
        table = blocks.exclude_unknown(_with_response(values, response))
        # A table made by hand need not name its scale; any scale is taken for it then.
        is_own = RATING_SCALE not in response or (response[RATING_SCALE] == marker).any()
        is_circular = marker in SCALES and bool(is_own)
        found.append(GroupedValues(values=values, table=table, is_circular=is_circular))
    return found


def statistics_chosen(
    grouped: Sequence[GroupedValues], *, asked: str | None, adjust: str, blocks: Blocks
) -> list[str]:
    """Return what is permuted for each marker, before anything is permuted.

    Raises
    ------
    StatisticsError
        A statistic that needs values where some are only known to be beyond a limit; or ranks of
        such values in a joint test within blocks.
    """
    chosen = []
    for one in grouped:
        used = one.used
        n_censored = int((used[CENSORED] != "").sum()) if _has_both(used) else 0
        marker, where = one.values.marker, beyond_words(used[CENSORED])
        chosen.append(statistic_asked(asked, n_censored, marker, where=where))
        if n_censored and len(grouped) > 1:
            refuse_ranks_within_blocks(
                "compare_responders", marker, adjust, blocks.name, where=where
            )
    return chosen


def _has_both(used: pd.DataFrame) -> bool:
    """Return whether there is anything to test."""
    return bool(set(used["group"]) == set(GROUPS))


def _with_response(values: MarkerValues, response: pd.DataFrame) -> pd.DataFrame:
    known = response.set_index(PARTICIPANT_ID)
    table = values.table.copy()
    table.insert(1, "group", table[PARTICIPANT_ID].map(known["response"]).astype("str"))
    table["outcome_change"] = table[PARTICIPANT_ID].map(known["change"])
    no_group = ~table["group"].isin(GROUPS)
    why = table[PARTICIPANT_ID].map(known[REASON]).fillna("")
    text = ("response not known: " + why).where(why != "", "response not known")
    both = text.where(table[REASON] == "", text + "; " + table[REASON])
    table[REASON] = table[REASON].where(~no_group, both).astype("str")
    return table
