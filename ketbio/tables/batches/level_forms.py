"""The forms of rules of levels that look at all levels of a specimen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ketbio.tables.batches.facts import Facts
from ketbio.tables.batches.forms import GroupForm, Settings
from ketbio.tables.batches.keys import Mask
from ketbio.tables.rules.laboratory_rules import level_ng_ml

_TOGETHER = 500_000


def _levels(facts: Facts, settings: Settings) -> NDArray[np.float64]:
    """Return the level of each record in ng/mL."""
    parts = [
        level_ng_ml(
            facts.frame(settings["values"], np.arange(start, min(start + _TOGETHER, facts.n))),
            settings["values"],
        ).to_numpy(dtype=np.float64)
        for start in range(0, facts.n, _TOGETHER)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _highest(facts: Facts, settings: Settings) -> Sequence[int]:
    """Return for each specimen, or none, the record of the highest level; -1 where none has one."""
    levels, kinds = _levels(facts, settings), facts.codes[settings["specimen"]]
    found = []
    for code in range(len(facts.words[settings["specimen"]])):
        rows = np.flatnonzero((kinds == code) & ~np.isnan(levels))
        found.append(int(rows[np.argmax(levels[rows])]) if len(rows) else -1)
    return found


def _limits_fit(facts: Facts, settings: Settings) -> Mask:
    levels, kinds = _levels(facts, settings), facts.codes[settings["specimen"]]
    lower, upper = facts.values[settings["lower"]], facts.values[settings["upper"]]
    highest = np.array([levels[i] if i >= 0 else np.nan for i in _highest(facts, settings)])
    outside = (levels < lower) | (levels > upper) | (lower >= upper)
    above_all = (facts.values[settings["flag"]] == 1) & (lower > highest[kinds])
    found: Mask = outside | above_all
    return found


LEVEL_FORMS = {
    "limits_fit": GroupForm(key=lambda _: (), look=_limits_fit, context=_highest),
}
"""Rule → form."""
