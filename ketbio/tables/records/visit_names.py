"""The visits of a table for which no visits were named."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ketbio.tables.alike import folded_code
from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.phrases import quoted
from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.code_rules import spellings
from ketbio.tables.rules.registry import RULES
from ketbio.vocabulary import VISIT
from ketbio.wording import join_words

_GIVE = "give visits ([visits] order in the study file, --visits on the command line)"


def order_notes(records: Records, schema: TableSchema) -> Iterator[str]:
    """Note what is not known of the visits' order: taken from the rows, or not looked at at all."""
    if len(set(_visits(records).dropna())) < 2:
        return
    takes_rows = any(RULES[rule.check].takes_row_order for rule in schema.rules)
    # Of the columns that a rule of the visits' order looks at, those with a day in them.
    named = [
        str(rule.settings["date"])
        for rule in schema.rules
        if "visits" in RULES[rule.check].idle_without and "date" in rule.settings
    ]
    there = [name for name in dict.fromkeys(named) if name in records.cells]
    days = [name for name in there if (records.cells[name] != "").any()]
    unchecked = f"whether the days are in order ({', '.join(days)}) was not checked" if days else ""
    if takes_rows:
        yield (
            "The visits' order was taken from the rows, since no visits were named"
            f"{'; ' if unchecked else ''}{unchecked}; {_GIVE}."
        )
    elif unchecked:
        yield f"{unchecked.capitalize()}, since no visits were named; {_GIVE}."


def alike_visits(records: Records) -> Iterator[Complaint]:
    """Warn of visits whose names differ only in case, blanks, hyphens or leading zeros."""
    visits = _visits(records)
    for group in spellings(visits, folded_code):
        rows = {word: int(records.rows[np.flatnonzero(visits == word)[0]]) for word in group}
        told = join_words([f"{quoted(word)} (row {rows[word]})" for word in group])
        position = int(np.flatnonzero(visits == group[-1])[0])
        yield Complaint(
            rule="alike_visits",
            row=rows[group[-1]],
            column=records.incoming_name(VISIT, position),
            value=group[-1],
            severity="warning",
            message=f"{records.label(VISIT, position)}: {told} differ only in case, blanks, "
            "hyphens or leading zeros, and count as different visits; write one name for one "
            "visit.",
        )


def _visits(records: Records) -> "pd.Series[str]":
    if VISIT not in records.cells:
        return pd.Series(dtype="str")
    cells = records.cells[VISIT]
    return cells.where(cells != "")
