"""Ratings of safety in rows that a table does not read: who is at risk is said all the same."""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ketbio.tables.complaints import UNSEEN, UNSURE
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.grid import Fault
from ketbio.tables.phrases import listed_rows
from ketbio.tables.records.columns import Wish
from ketbio.tables.rules.safety import item_words
from ketbio.tables.rules.safety_gaps import alert_scores, safety_items
from ketbio.wording import count_of

_NUMBER = re.compile(r"(?<![0-9.,])[0-9]+(?:[.,][0-9]+)?(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A filled cell of a safety item in a row that is not read.

    Attributes
    ----------
    row : int
        Spreadsheet row.
    column, cell : str
        Its column in the file, and what stands there.
    item : str
        The safety item.
    """

    row: int
    column: str
    cell: str
    item: str


def left_out_faults(ratings: Iterable[LeftOut], schema: TableSchema) -> Iterator[Fault]:
    """Complain of each rating left out at the score of an alert, and warn of all the others once.

    Whose row it is stays unsaid: nothing in such a row has been looked at for identifiers.
    """
    others: dict[tuple[str, str], list[int]] = {}
    alerts = alert_scores(schema)
    for one in ratings:
        scores = [float(word.replace(",", ".")) for word in _NUMBER.findall(one.cell)]
        if max(scores, default=0.0) < alerts.get(one.item, math.inf):
            others.setdefault((one.column, one.item), []).append(one.row)
            continue
        yield Fault(
            row=one.row,
            rule=UNSURE,
            column=one.column,
            severity="safety",
            stays=True,
            message=f"Row {one.row} is left out, but holds {item_words(one.item)} "
            f"{max(scores):g}; look at the original rating now.",
        )
    for (column, item), rows in others.items():
        yield Fault(
            row=rows[0],
            rule=UNSEEN,
            column=column,
            severity="warning",
            stays=True,
            message=f"{count_of(len(rows), 'rating')} of {item_words(item)} in rows that are left "
            f"out ({listed_rows(rows)}): the safety check was not done there, and a rise is not "
            "seen. Read those rows too if they are ratings.",
        )


def item_columns(header: Collection[str], schema: TableSchema, wish: Wish) -> Mapping[str, str]:
    """Return the incoming columns that feed a safety item, and the item of each."""
    items = safety_items(schema)
    mapped = {incoming: ours.partition("@")[0] for ours, incoming in wish.columns.items()}
    own = {name: name for name in items}
    return {
        name: item for name, item in {**own, **mapped}.items() if item in items and name in header
    }
