"""How each rule looks at a table too large for memory.

A form finds, quickly, the records that a rule may have something to say of, and the columns that
say which others must be seen together with them; whether there is something, and what is said, is
for the rule itself. A form may find too many records, never too few. A rule without a form is
refused by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ketbio.errors import SchemaError
from ketbio.tables.batches.cells import Cells
from ketbio.tables.batches.facts import Facts, typed_frame
from ketbio.tables.batches.keys import Mask
from ketbio.tables.contracts.schema import RuleSpec, TableSchema
from ketbio.tables.rules.registry import RULES, rule_columns

Settings = Mapping[str, Any]
Gathered = Mapping[str, NDArray[Any]]
_TOGETHER = 500_000
"""About how many records a rule is run on at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowForm:
    """Of a rule that looks at each record by itself.

    Attributes
    ----------
    look : callable
        The records of a batch that the rule may not hold for; None to run the rule itself.
    where : callable
        The only records that the rule, run itself, has to be run on; None for all.
    """

    look: Callable[[Cells, Settings], Mask] | None = None
    where: Callable[[Cells, Settings], Mask] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupForm:
    """Of a rule that looks at records together.

    Attributes
    ----------
    key : callable
        From the rule's settings the columns that records seen together share.
    look : callable
        Records that the rule may not hold for, one of each group at least; None to run the rule
        itself, some groups at a time.
    columns : callable
        The columns that have to be known of all records; those of the key and of the settings by
        default.
    gather : callable
        Further numbers that have to be known of all records, by name.
    context : callable
        Records to be seen beside any others.
    """

    key: Callable[[Settings], Sequence[str]]
    look: Callable[[Facts, Settings], Mask] | None = None
    columns: Callable[[Settings], Sequence[str]] | None = None
    gather: Callable[[Cells, Settings], Gathered] | None = None
    context: Callable[[Facts, Settings], Sequence[int]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A rule of a schema with its settings and its form."""

    spec: RuleSpec
    settings: Settings
    form: RowForm | GroupForm
    columns: tuple[str, ...]


def ruling(
    spec: RuleSpec,
    settings: Settings,
    schema: TableSchema,
    forms: Mapping[str, RowForm | GroupForm],
) -> Ruling:
    """Return a rule with its form.

    Raises
    ------
    SchemaError
        The rule has none.
    """
    if spec.check not in forms:
        raise SchemaError(
            f"Schema {schema.name!r}: the rule {spec.name!r} ({spec.check}) cannot be held against "
            "a table batch by batch; check the file as a whole, without batches."
        )
    form = forms[spec.check]
    named = rule_columns(settings, schema)
    if isinstance(form, GroupForm):
        chosen = form.columns(settings) if form.columns else named
        named = tuple(dict.fromkeys([*form.key(settings), *chosen]))
    return Ruling(spec=spec, settings=settings, form=form, columns=tuple(named))


def failing_rows(one: Ruling, cells: Cells, schema: TableSchema) -> Mask:
    """Return the records of a batch that a rule of single records may not hold for."""
    if not isinstance(one.form, RowForm):
        raise TypeError(one.spec.name)
    if one.form.look is not None:
        return one.form.look(cells, one.settings)
    chosen = np.ones(cells.n, dtype=np.bool_)
    if one.form.where is not None:
        chosen = one.form.where(cells, one.settings)
    rows = np.flatnonzero(chosen)
    if len(rows):
        frame = typed_frame(schema, cells.codes, cells.words, cells.values, one.columns, rows)
        holds = RULES[one.spec.check].holds(frame, **one.settings)
        chosen[rows] = ~holds.to_numpy(dtype=np.bool_)
    return chosen


def failing_groups(one: Ruling, facts: Facts) -> Mask:
    """Return records that a rule of groups may not hold for, one of each group at least."""
    if not isinstance(one.form, GroupForm):
        raise TypeError(one.spec.name)
    if one.form.look is not None:
        return one.form.look(facts, one.settings)
    failed = np.zeros(facts.n, dtype=np.bool_)
    for rows in facts.parts(one.form.key(one.settings), _TOGETHER):
        holds = RULES[one.spec.check].holds(facts.frame(one.columns, rows), **one.settings)
        failed[rows[~holds.to_numpy(dtype=np.bool_)]] = True
    return failed
