"""What two tables say of one participant or visit, held against each other."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from ketbio.tables.across_codes import is_written_otherwise
from ketbio.tables.across_keys import (
    PARTICIPANTS,
    code_places,
    complaint_of,
    known_codes,
    label_in_rows,
    of_rule,
    place_of,
)
from ketbio.tables.alike import folded_look, folded_word
from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema_file import load_schema, schema_names
from ketbio.tables.outcome.check import Check
from ketbio.tables.phrases import cut, listed_words, quoted
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER
from ketbio.vocabulary import PARTICIPANT_ID, SCALE_OF_TABLE, VISIT

ATTRIBUTES = ("sex", "arm", "group", "diagnosis", "site")
"""Columns that hold for a participant, in whatever table they stand."""

RATING_DATE, SAMPLE_DATE = "rating_date", "sample_date"
MOST_DAYS_APART = 3
"""Between a rating and a sample of one visit: a weekend fits between them, another visit hardly."""

_Found = Iterator[tuple[str, Complaint]]


# -- attributes ------------------------------------------------------------------------------
def attributes_differing(checks: Mapping[str, Check]) -> _Found:
    """Complain where a participant's sex, arm, group, diagnosis or site is not the same everywhere.

    The participants table stands first; of a table without it the first row does.
    """
    order = sorted(checks, key=lambda name: checks[name].schema != PARTICIPANTS)
    for column in ATTRIBUTES:
        first: dict[str, tuple[str, str]] = {}
        for name in order:
            check = checks[name]
            for (who, word), positions in _words_of(check, column).items():
                usual, place = first.setdefault(who, (word, place_of(check, positions[0])))
                # Two rows of one participant have their own complaint there.
                if folded_word(usual) != folded_word(word) and check.schema != PARTICIPANTS:
                    message = (
                        f"{label_in_rows(check, column, positions)} is {quoted(word)}, but "
                        f"{quoted(usual)} in {place}, for participant {cut(who)}, who has one "
                        f"{column}. Correct the one that is wrong."
                    )
                    yield (
                        name,
                        complaint_of(
                            check, positions, rule="same_attribute", column=column, message=message
                        ),
                    )


def _words_of(check: Check, column: str) -> dict[tuple[str, str], list[int]]:
    """Return the records of each participant and word of a column that is the participant's."""
    cells = check.records.cells
    if column not in cells or PARTICIPANT_ID not in cells or column in _own(check.schema):
        return {}
    hidden = of_rule(check, DIRECT_IDENTIFIER)
    places: dict[tuple[str, str], list[int]] = {}
    for position, key in enumerate(zip(cells[PARTICIPANT_ID], cells[column], strict=True)):
        if all(key) and position not in hidden:
            places.setdefault((str(key[0]), str(key[1])), []).append(position)
    return places


@lru_cache
def _own(schema: str) -> frozenset[str]:
    """Return the columns whose meaning is the table's own: the site of a blot is no study site."""
    if schema == PARTICIPANTS:
        return frozenset()
    # What a user's own schema means by a site is not known here.
    return frozenset(load_schema(schema).columns if schema in schema_names() else ["site"])


# -- days ------------------------------------------------------------------------------------
def days_apart(checks: Mapping[str, Check]) -> _Found:
    """Warn of samples whose day is far from that of the rating of the same visit."""
    for rating in checks.values():
        for name, check in checks.items():
            for positions, own, other, visit in _far_apart(check, rating):
                who = str(check.records.cells[PARTICIPANT_ID].iloc[positions[0]])
                label = label_in_rows(check, SAMPLE_DATE, positions)
                message = (
                    f"{label} is {own:%Y-%m-%d}, the rating of participant {cut(who)} at {visit} "
                    f"is of {other:%Y-%m-%d} ({rating.file or rating.table}): more than "
                    f"{MOST_DAYS_APART} days apart for one visit. Check both; the rows are kept."
                )
                yield (
                    name,
                    complaint_of(
                        check,
                        positions,
                        rule="sample_near_rating",
                        column=SAMPLE_DATE,
                        message=message,
                        severity="warning",
                    ),
                )


def _far_apart(
    check: Check, rating: Check
) -> Iterator[tuple[list[int], pd.Timestamp, pd.Timestamp, str]]:
    keys = [PARTICIPANT_ID, VISIT]
    rated, sampled = (
        _dated(one, date) for one, date in ((rating, RATING_DATE), (check, SAMPLE_DATE))
    )
    if rated.empty or sampled.empty:
        return
    rated = rated.drop_duplicates(keys, keep=False)
    both = sampled.merge(rated[[*keys, RATING_DATE]], on=keys)
    far = both[(both[SAMPLE_DATE] - both[RATING_DATE]).abs() > pd.Timedelta(days=MOST_DAYS_APART)]
    for _, part in far.groupby([*keys, SAMPLE_DATE], sort=False):
        first = part.iloc[0]
        yield part["position"].tolist(), first[SAMPLE_DATE], first[RATING_DATE], str(first[VISIT])


def _dated(check: Check, date: str) -> pd.DataFrame:
    """Return the accepted rows with a day, and their place among the records."""
    if not {PARTICIPANT_ID, VISIT, date} <= set(check.accepted):
        return pd.DataFrame()
    rows = check.accepted[[PARTICIPANT_ID, VISIT, date]]
    return rows.assign(position=np.flatnonzero(check.kept)).dropna()


# -- participants without a rating -----------------------------------------------------------
def participants_unrated(checks: Mapping[str, Check]) -> _Found:
    """Warn of participants of whom no table of ratings has a row, not even a rejected one."""
    ratings = {name: one for name, one in checks.items() if one.schema in SCALE_OF_TABLE}
    codes = [code for check in ratings.values() for code in code_places(check)]
    if not codes:
        return  # no ratings yet, or a table that cannot be read: said there
    known = known_codes(checks) or frozenset()
    if any(is_written_otherwise(list(code_places(one)), known) for one in ratings.values()):
        return  # one complaint there; who is rated cannot be told
    # Who is rated under another spelling is an orphan there, with the right code suggested.
    rated = {folded_look(code) for code in codes}
    for name, check in checks.items():
        if check.schema != PARTICIPANTS:
            continue
        for who, positions in code_places(check).items():
            if folded_look(who) not in rated:
                message = (
                    f"Participant {cut(who)} has no rating in {listed_words(ratings)}; add it, or "
                    "leave it so if there was none."
                )
                yield (
                    name,
                    complaint_of(
                        check,
                        positions,
                        rule="rated",
                        column=PARTICIPANT_ID,
                        message=message,
                        severity="warning",
                    ),
                )
