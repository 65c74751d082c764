"""The forms of rules that look at each record by itself, and the sums that they share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ketbio.tables.batches.cells import Cells
from ketbio.tables.batches.forms import RowForm, Settings
from ketbio.tables.batches.keys import Mask

Numbers = NDArray[np.float64]


def items_sum(cells: Cells, items: Sequence[str | Sequence[str]]) -> Numbers:
    """Return the sum of items, missing where one is; of a list of items the highest counts."""
    name = repr(items)
    if name not in cells.memory:
        total = np.zeros(cells.n)
        for one in items:
            total += _item(cells, one)
        cells.memory[name] = total
    return cells.memory[name]


def _item(cells: Cells, one: str | Sequence[str]) -> Numbers:
    if isinstance(one, str):
        return cells.values[one]
    return np.maximum.reduce([cells.values[name] for name in one])


def _any_filled(cells: Cells, settings: Settings) -> Mask:
    empty = np.ones(cells.n, dtype=np.bool_)
    for name in settings["columns"]:
        if not empty.any():
            break
        empty &= ~cells.filled(name)
    return empty


def _not_flagged(cells: Cells, settings: Settings) -> Mask:
    return cells.values[settings["flag"]] == 1


def _filled_for(cells: Cells, settings: Settings) -> Mask:
    words = cells.words[settings["by"]]
    wants = np.array([word in settings["filled"] for word in words])
    refuses = np.array([word in settings["empty"] for word in words])
    by, filled = cells.codes[settings["by"]], cells.filled(settings["column"])
    return (wants[by] & ~filled) | (refuses[by] & filled)


def _total_is_sum(cells: Cells, settings: Settings) -> Mask:
    sums, total = items_sum(cells, settings["items"]), cells.values[settings["total"]]
    # A missing number differs from every other, but there is nothing to compare then.
    return (sums != total) & ~np.isnan(sums) & ~np.isnan(total)


def _some_items_missing(cells: Cells, settings: Settings) -> Mask:
    return np.isnan(items_sum(cells, settings["items"]))


def _above_background(cells: Cells, settings: Settings) -> Mask:
    difference = cells.values[settings["intensity"]] - cells.values[settings["background"]]
    return difference <= 0


ROW_FORMS = {
    "any_filled": RowForm(look=_any_filled),
    "not_flagged": RowForm(look=_not_flagged),
    "filled_for": RowForm(look=_filled_for),
    "total_is_sum": RowForm(look=_total_is_sum),
    "total_fits_items": RowForm(where=_some_items_missing),
    "enough_items": RowForm(where=_some_items_missing),
    "above_background": RowForm(look=_above_background),
    "value_or_flag": RowForm(),
    "limit_known": RowForm(),
    "read_unless": RowForm(),
    "only_where": RowForm(),
    "not_a_level_of": RowForm(),
    "plausible_level": RowForm(),
}
"""Rule → form."""
