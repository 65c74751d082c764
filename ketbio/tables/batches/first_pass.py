"""The first time through a file: what there is, and which records need a closer look."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ketbio.tables.batches.ahead import ahead
from ketbio.tables.batches.batch import Incoming
from ketbio.tables.batches.cells import Cells, Screen
from ketbio.tables.batches.course_forms import COURSE_FORMS
from ketbio.tables.batches.facts import Facts
from ketbio.tables.batches.forms import GroupForm, RowForm, Ruling, failing_rows, ruling
from ketbio.tables.batches.gatherer import FactGatherer
from ketbio.tables.batches.group_forms import GROUP_FORMS
from ketbio.tables.batches.level_forms import LEVEL_FORMS
from ketbio.tables.batches.row_forms import ROW_FORMS
from ketbio.tables.batches.spreads import ColumnSpread
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.records.columns import Plan, Wish
from ketbio.tables.rules.contract import Known
from ketbio.tables.rules.registry import RULES, rule_settings
from ketbio.tables.rules.safety_gaps import fed_items, number_columns
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

FORMS: Mapping[str, RowForm | GroupForm] = {
    **ROW_FORMS,
    **GROUP_FORMS,
    **COURSE_FORMS,
    **LEVEL_FORMS,
}
"""How each rule looks at a large table."""


@dataclass(slots=True, kw_only=True)
class FirstPass:
    """What the first time through has found.

    Attributes
    ----------
    facts : Facts
        What rules across rows need to know.
    rulings : tuple of Ruling
        The rules of groups.
    spreads : mapping of str to ColumnSpread
        How the numbers of each column lie.
    n_empty : mapping of str to int
        Empty cells of the columns for which the schema takes something else.
    n_unrated : mapping of str to int
        Records with other numbers, but nothing of a safety item.
    n_blank : int
        Blank rows between the records.
    screen : Screen
        What was learnt of the columns.
    plan : Plan
        Which incoming column feeds which of ours.
    constants : mapping of str to str
        What the caller gives for every record.
    """

    facts: Facts
    rulings: tuple[Ruling, ...]
    spreads: dict[str, ColumnSpread] = field(default_factory=dict)
    n_empty: dict[str, int] = field(default_factory=dict)
    n_unrated: dict[str, int] = field(default_factory=dict)
    n_blank: int = 0
    screen: Screen
    plan: Plan
    constants: Mapping[str, str] = field(default_factory=dict)


def rulings_of(
    contract: TableSchema, known: Known, *, absent: Sequence[str]
) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
    """Return the rules of single records and those of groups, each with its form.

    Where required columns are absent only the rules of safety are held against the records.
    """
    made = []
    for spec in contract.rules:
        settings = rule_settings(
            spec,
            contract,
            visits=known.visits,
            windows=known.windows,
            baseline=known.baseline,
        )
        is_held = not absent or spec.severity == "safety"
        if is_held and not RULES[spec.check].is_idle(settings):
            made.append(ruling(spec, settings, contract, FORMS))
    return (
        tuple(one for one in made if isinstance(one.form, RowForm)),
        tuple(one for one in made if isinstance(one.form, GroupForm)),
    )


def first_pass(
    incoming: Incoming,
    contract: TableSchema,
    wish: Wish,
    known: Known,
    plan: Plan,
    *,
    told: Callable[[int], None],
    screen: Screen,
) -> FirstPass:
    """Go through a file once."""
    absent = [
        name
        for name, spec in contract.columns.items()
        if spec.required and name not in {*plan.columns, *wish.constants}
    ]
    of_rows, of_groups = rulings_of(contract, known, absent=absent)
    columns = dict.fromkeys([PARTICIPANT_ID, VISIT, *plan.extras])
    for one in of_groups:
        columns |= dict.fromkeys(one.columns)
    gatherer = FactGatherer(contract=contract, columns=tuple(columns))
    spreads: dict[str, ColumnSpread] = {}
    n_empty: dict[str, int] = {}
    rated = fed_items(plan, contract, wish)
    n_unrated = dict.fromkeys(rated, 0)
    last_row, n_blank = incoming.header_row, 0
    batches = ahead(incoming.batches(told))
    made = ahead((batch, screen.prepared(batch)) for batch in batches)
    for batch, cells in ahead((batch, screen.read(batch, prepared)) for batch, prepared in made):
        odd = cells.odd.copy()
        for one in of_rows:
            odd |= failing_rows(one, cells, contract)
        gatherer.add(cells, odd, _further(of_groups, cells), incoming.likely_records)
        for name, ends in cells.ends.items():
            spreads.setdefault(name, ColumnSpread()).add(cells.values[name], batch.first, ends)
        for name, n in cells.n_empty.items():
            n_empty[name] = n_empty.get(name, 0) + n
        for item in rated:
            n_unrated[item] += _unrated(cells, item, contract)
        if len(batch.rows):
            n_blank += int(batch.rows[-1]) - last_row - len(batch.rows)
            last_row = int(batch.rows[-1])
    return FirstPass(
        facts=gatherer.facts(),
        rulings=of_groups,
        spreads=spreads,
        n_empty=n_empty,
        n_unrated=n_unrated,
        n_blank=n_blank,
        screen=screen,
        plan=plan,
        constants=wish.constants,
    )


def _unrated(cells: Cells, item: str, contract: TableSchema) -> int:
    is_empty = ~cells.filled(item)
    others = [name for name in number_columns(contract, item) if name in cells.values]
    if not is_empty.any() or not others:
        return int(is_empty.sum())
    rows = np.flatnonzero(is_empty)
    is_rated = np.zeros(len(rows), dtype=np.bool_)
    for name in others:
        is_rated |= ~np.isnan(cells.values[name][rows])
    return int(is_rated.sum())


def _further(rulings: Sequence[Ruling], cells: Cells) -> dict[str, "NDArray[np.generic]"]:
    found: dict[str, NDArray[np.generic]] = {}
    for one in rulings:
        if isinstance(one.form, GroupForm) and one.form.gather is not None:
            found |= one.form.gather(cells, one.settings)
    return found
