"""Gels as blocks: participants whose bands share a gel are compared within it.

Gels differ in transfer, antibody and exposure. Dealing group labels within gels only keeps such
differences out of a permutation test, whatever was divided by what.
"""

from collections.abc import Iterable

import pandas as pd

from ketbio.endpoints.band_plan import roles_of
from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.vocabulary import MARKERS, PARTICIPANT_ID

GEL = "gel"
"""The column of `derive_gel_blocks`, and the word of a plan: ``blocks = "gel"``."""


def derive_gel_blocks(
    blots: pd.DataFrame,
    *,
    marker: str | None = None,
    target: str | None = None,
    site: str | None = None,
) -> pd.DataFrame:
    """Return the block of gels of each participant, for ``blocks="gel"`` with ``participants=``.

    Participants who share a gel share a block. One whose lanes are on several gels joins them, with
    everyone on them, so that a block is a set of gels that no participant crosses.

    Parameters
    ----------
    blots : DataFrame
        The validated ``blots`` table; lanes of the role ``reference`` or ``dilution`` join nothing.
    marker : str, optional
        A marker of `ketbio.vocabulary.MARKERS`: its target and site are taken.
    target, site : str, optional
        Only the gels with bands of this protein, and this phosphorylation site, count; those of the
        marker when None, else all.

    Returns
    -------
    DataFrame
        ``participant_id, gel``: one row per participant, in the order of the table; ``gel`` names
        the gels of the block, such as ``"G1"`` or ``"G1 + G2"``.

    Raises
    ------
    TableError
        A column, target or site that the table does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> blots = pd.DataFrame({"participant_id": ["P01", "P02", "P02", "P03", "P04"],
    ...                       "gel_id": ["G1", "G1", "G2", "G2", "G3"]})
    >>> derive_gel_blocks(blots)["gel"].tolist()
    ['G1 + G2', 'G1 + G2', 'G1 + G2', 'G3']
    """
    return blocks_of_gels([gel_lanes(blots, marker=marker, target=target, site=site)])


def gel_lanes(
    blots: pd.DataFrame,
    *,
    marker: str | None = None,
    target: str | None = None,
    site: str | None = None,
) -> pd.DataFrame:
    """Return who is on which gel with the bands asked for; see `derive_gel_blocks`."""
    require_columns(blots, [PARTICIPANT_ID, "gel_id"], what="blots")
    known = MARKERS.get(marker or "")
    wanted = {
        "target": target if target is not None else known.target if known else "",
        "site": site if site is not None else known.site if known else "",
    }
    chosen = blots[(roles_of(blots) == "sample") & blots[PARTICIPANT_ID].notna()]
    for column, word in wanted.items():
        if word:
            require_columns(blots, [column], what="blots")
            require_one_of(column, word, dict.fromkeys(blots[column].dropna()))
            chosen = chosen[chosen[column] == word]
    return chosen[[PARTICIPANT_ID, "gel_id"]].dropna().drop_duplicates()


def blocks_of_gels(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the block of each participant from who is on which gel (`gel_lanes`), all together."""
    pairs = pd.concat(tables, ignore_index=True).astype("str").drop_duplicates()
    leader: dict[str, str] = {}

    def first_of(gel: str) -> str:
        while leader.setdefault(gel, gel) != gel:
            gel = leader[gel]
        return gel

    for _, gels in pairs.groupby(PARTICIPANT_ID, sort=False)["gel_id"]:
        joined, *others = [first_of(gel) for gel in gels]
        leader.update(dict.fromkeys(others, joined))
    heads = pairs["gel_id"].map(first_of)
    names = {
        head: " + ".join(sorted(set(gels)))
        for head, gels in pairs["gel_id"].groupby(heads.to_numpy())
    }
    blocks = pairs.assign(gel=heads.map(names)).drop_duplicates(PARTICIPANT_ID)
    return blocks[[PARTICIPANT_ID, GEL]].astype("str").reset_index(drop=True)
