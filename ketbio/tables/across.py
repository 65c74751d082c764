"""Complaints that need more than one table: orphans, attributes that differ, days far apart."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ketbio.tables.across_keys import codes_spelt_apart, known_codes, unknown_keys
from ketbio.tables.across_values import (
    attributes_differing,
    days_apart,
    participants_unrated,
)
from ketbio.tables.complaints import Complaint, merged_complaints
from ketbio.tables.outcome.check import Check

Found = Iterator[tuple[str, Complaint]]
BETWEEN_TABLES: tuple[Callable[[Mapping[str, Check]], Found], ...] = (
    codes_spelt_apart,
    attributes_differing,
    days_apart,
    participants_unrated,
)
"""What is looked at between tables, beside their keys; each tells in which table to complain."""


def check_across(
    checks: Mapping[str, Check], *, visits: Sequence[str] | None = None
) -> dict[str, Check]:
    """Hold the tables of a study against each other.

    Every participant of a data table has to be in the participants table (where there is one), and
    every visit has to be one that the study names. A participant whose own row was rejected is
    known all the same: the complaint stands there, once. Sex, arm, group, diagnosis and site of a
    participant must be the same wherever they stand. Warnings: a participant without a rating, a
    sample and a rating of one visit on days far apart, and, where there is no participants table,
    codes that two tables spell apart.

    Parameters
    ----------
    checks : mapping of str to Check
        The study's tables; participants are those whose schema is ``"participants"``.
    visits : sequence of str, optional
        The study's visits.

    Returns
    -------
    dict of str to Check
        The same keys in the same order; an orphan's records have moved to ``rejected``.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.tables import check_table
    >>> people = check_table(pd.DataFrame({"participant_id": ["P01"]}), "participants")
    >>> levels = check_table(pd.DataFrame({"participant_id": ["P10"], "visit": ["day_1"],
    ...                                    "entropy": ["0.8"]}), "markers")
    >>> both = check_across({"participants": people, "imaging": levels})
    >>> print(both["imaging"].sentences()[0])
    table markers, row 2: participant_id is 'P10', who is not in the participants table. Correct it,
    or add the participant there.
    """
    known = known_codes(checks)
    found = {name: list(unknown_keys(check, known, visits)) for name, check in checks.items()}
    for look in BETWEEN_TABLES:
        for name, complaint in look(checks):
            found[name].append(complaint)
    return {name: _with_complaints(check, found[name]) for name, check in checks.items()}


def _with_complaints(check: Check, new: Iterable[Complaint]) -> Check:
    """Return a check that tells more, the records of new errors among the rejected."""
    added = list(new)
    if not added:
        return check
    kept = check.kept.copy()
    for one in added:
        if one.severity == "error":
            kept[list(one.positions)] = False
    staying = np.flatnonzero(kept[check.kept])
    return replace(
        check,
        found=tuple(merged_complaints([*check.found, *added])),
        kept=kept,
        accepted=check.accepted.iloc[staying].reset_index(drop=True),
    )
