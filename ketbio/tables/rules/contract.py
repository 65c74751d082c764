"""Schema → pandera; pandera's failures → complaints. The only place that runs pandera."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.api.extensions import register_check_method
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError as PanderaError
from pandera.errors import SchemaErrorReason, SchemaErrors

from ketbio.errors import SchemaError
from ketbio.tables.complaints import KEY_RULES, Complaint
from ketbio.tables.contracts.entries import whole_cell
from ketbio.tables.contracts.schema import ColumnSpec, RuleSpec, TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.typed import Typed, complaint_at
from ketbio.tables.rules import (
    code_rules,
    course_rules,
    date_rules,
    laboratory_rules,
    limit_rules,
    mask_rules,
    plate_rules,
    scale_rules,
    table_rules,
)
from ketbio.tables.rules.contract_words import CELL_RULES, absent_complaint, cell_complaint
from ketbio.tables.rules.registry import RULES, Finding, rule_columns, rule_settings
from ketbio.tables.rules.safety_gaps import safety_items, unsure_ratings
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

RULE_MODULES = (
    table_rules,
    code_rules,
    scale_rules,
    course_rules,
    date_rules,
    laboratory_rules,
    limit_rules,
    mask_rules,
    plate_rules,
)
"""Imported because their rules register themselves."""
_SAID_OF_CELL = {"required", "range", "integer"}
DTYPES = {
    "text": "str",
    "number": "float64",
    "integer": "float64",
    "flag": "boolean",
    "date": "datetime64[us]",
}


@register_check_method
def whole_number(values: "pd.Series[float]") -> "pd.Series[bool]":
    """Hold where a number has no decimals."""
    return values % 1 == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the study knows: its visits in order and its participants; None where not given.

    ``windows`` has for a visit the first and last day allowed, counted from ``baseline``'s day.
    """

    visits: tuple[str, ...] | None
    participants: frozenset[str] | None
    baseline: str = ""
    windows: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def pandera_schema(
    schema: TableSchema, known: Known, *, with_rules: bool = True
) -> pa.DataFrameSchema:
    """Return the schema as pandera's own.

    Parameters
    ----------
    schema : TableSchema
        The schema file's content.
    known : Known
        The study's visits and participants, which the keys are held against.
    with_rules : bool
        Whether to add the rules across columns (they need every required column).

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> made = pandera_schema(load_schema("madrs"), Known(visits=None, participants=None))
    >>> made.columns["madrs_total"].checks
    [<Check whole_number: integer>, <Check in_range: range>]
    """
    rules = list(_pandera_rules(schema, known)) if with_rules else []
    columns = {name: _pandera_column(spec, known) for name, spec in schema.columns.items()}
    return pa.DataFrameSchema(columns, checks=rules, name=schema.name)


def _pandera_column(spec: ColumnSpec, known: Known) -> pa.Column:
    return pa.Column(
        DTYPES[spec.type],
        checks=list(_cell_checks(spec, known)),
        nullable=not spec.required,
        required=spec.required,
    )


def _cell_checks(spec: ColumnSpec, known: Known) -> Iterator[pa.Check]:
    if spec.name == VISIT and known.visits is not None:
        yield pa.Check.isin(list(known.visits), error=KEY_RULES[VISIT][0])
    if spec.name == PARTICIPANT_ID and known.participants is not None:
        yield pa.Check.isin(sorted(known.participants), error=KEY_RULES[PARTICIPANT_ID][0])
    if spec.allowed:
        yield pa.Check.isin(list(spec.allowed), error="allowed")
    if spec.pattern:
        yield pa.Check.str_matches(whole_cell(spec.pattern), error="pattern")
    if spec.type == "integer":
        yield pa.Check.whole_number(error="integer")
    if spec.minimum is not None and spec.maximum is not None:
        yield pa.Check.in_range(spec.minimum, spec.maximum, error="range")
    elif spec.minimum is not None:
        yield pa.Check.ge(spec.minimum, error="range")
    elif spec.maximum is not None:
        yield pa.Check.le(spec.maximum, error="range")
    if spec.above is not None:
        yield pa.Check.gt(spec.above, error="range")


def _pandera_rules(schema: TableSchema, known: Known) -> Iterator[pa.Check]:
    for spec in schema.rules:
        settings = settings_for(spec, schema, known)
        if not RULES[spec.check].is_idle(settings):
            # Rules say themselves what a missing value means, so pandera must not skip it.
            method = getattr(pa.Check, spec.check)
            yield method(**settings, error=spec.name, ignore_na=False)


def settings_for(spec: RuleSpec, schema: TableSchema, known: Known) -> dict[str, Any]:
    """Return what a rule's functions are called with, the study's words among them."""
    return rule_settings(
        spec, schema, visits=known.visits, windows=known.windows, baseline=known.baseline
    )


def contract_complaints(
    typed: Typed, records: Records, source: Source, schema: TableSchema, known: Known
) -> list[Complaint]:
    """Return what pandera finds wrong with the typed records, as complaints.

    Parameters
    ----------
    typed, records, source : Typed, Records, Source
        The records, as typed, as text, and where they came from.
    schema : TableSchema
        What they are held against.
    known : Known
        The study's visits and participants.

    Raises
    ------
    SchemaError
        The schema's rules cannot be run.
    """
    absent = [name for name in schema.columns if name not in typed.frame]
    contract = pandera_schema(schema, known, with_rules=not absent)
    found = _pandera_failures(contract, typed.frame)
    for failure in found:
        _refuse_broken(failure, schema)
    cells = _failed_cells(found, schema)
    complaints = [
        absent_complaint(name, records, source, schema)
        for name in absent
        if name not in records.plan.suggested.of_visits
    ]
    complaints += [
        cell_complaint(position, schema.columns[name], rules, records, known)
        for (position, name), rules in cells.items()
        if (position, name) not in typed.unread
    ]
    # What a rule would say of a cell that is empty, unread or out of range has been said already.
    silent = {key for key, rules in cells.items() if _SAID_OF_CELL & set(rules)} | typed.unread
    frame = typed.frame.assign(**{name: pd.Series(dtype="str") for name in absent})
    for spec in schema.rules:
        if spec.severity == "safety":
            continue
        failed = sorted({i for one in found if _rule_of(one) == spec.name for i in _positions(one)})
        settings = settings_for(spec, schema, known)
        looked_at = rule_columns(settings, schema)
        failed = [i for i in failed if not any((i, name) in silent for name in looked_at)]
        if failed:
            findings = RULES[spec.check].explain(frame, failed, records, **settings)
            complaints += [_rule_complaint(finding, spec, records) for finding in findings]
    outside = [key for key, rules in cells.items() if {"range", "integer"} & set(rules)]
    unsure = unsure_ratings(records, schema, unread=typed.unread, out_of_range=outside)
    return [*complaints, *_safety_complaints(frame, outside, records, schema, known), *unsure]


def _pandera_failures(contract: pa.DataFrameSchema, frame: pd.DataFrame) -> list[PanderaError]:
    try:
        # The environment can switch pandera off; data must not pass unchecked for that.
        with config_context(
            validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA
        ):
            contract.validate(frame, lazy=True)
    except SchemaErrors as failures:
        return list(failures.schema_errors)
    return []


def _safety_complaints(
    frame: pd.DataFrame,
    outside: Collection[tuple[int, str]],
    records: Records,
    schema: TableSchema,
    known: Known,
) -> Iterator[Complaint]:
    """Run the safety rules, whatever else is wrong: no column missing must hide who is at risk.

    A score outside the range is none: it is said by itself, and hides no rise after it.
    """
    scores = frame.copy()
    items = safety_items(schema)
    for position, name in outside:
        if name in items:
            scores.loc[position, name] = np.nan
    for spec in schema.rules:
        if spec.severity == "safety":
            settings = settings_for(spec, schema, known)
            failed = np.flatnonzero(~RULES[spec.check].holds(scores, **settings)).tolist()
            if failed:
                findings = RULES[spec.check].explain(scores, failed, records, **settings)
                yield from (_rule_complaint(finding, spec, records) for finding in findings)


def _failed_cells(
    found: Sequence[PanderaError], schema: TableSchema
) -> dict[tuple[int, str], list[str]]:
    """Return for each cell (record, column) the cell rules that it breaks."""
    cells: dict[tuple[int, str], list[str]] = {}
    for failure in found:
        rule, name = _rule_of(failure), getattr(failure.schema, "name", None)
        if rule in CELL_RULES and name in schema.columns:
            for position in _positions(failure):
                cells.setdefault((position, str(name)), []).append(rule)
    return cells


def _rule_of(failure: PanderaError) -> str:
    if failure.reason_code is SchemaErrorReason.SERIES_CONTAINS_NULLS:
        return "required"
    return str(getattr(failure.check, "error", failure.check))


def _positions(failure: PanderaError) -> list[int]:
    """Return the records that failed, each once: pandera lists a row's every column."""
    cases: Any = failure.failure_cases
    return sorted({int(position) for position in cases["index"]})


_EXPECTED = (
    SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME,
    SchemaErrorReason.SERIES_CONTAINS_NULLS,
    SchemaErrorReason.DATAFRAME_CHECK,
)


def _refuse_broken(failure: PanderaError, schema: TableSchema) -> None:
    """A rule that could not be run must not look like one that found something."""
    if failure.reason_code not in _EXPECTED:
        raise SchemaError(
            f"Schema {schema.name!r}: the check {_rule_of(failure)!r} could not be run "
            f"({' '.join(str(failure).partition('Traceback')[0].split())[:200]})."
        )


# Most of these rules warn, and say so; a schema of the user's own can make errors of them.
_IS_KEPT = re.compile(r"[.;] the rows? (?:is|are) kept\.$", re.IGNORECASE)


def _rule_complaint(finding: Finding, spec: RuleSpec, records: Records) -> Complaint:
    message = finding.message
    one = complaint_at(
        records,
        finding.position,
        rule=spec.name,
        column=finding.column,
        message=_IS_KEPT.sub(".", message) if spec.severity == "error" else message,
        severity=spec.severity,
        rank=finding.rank,
        named=not finding.others,
    )
    return replace(one, positions=(finding.position, *finding.others))
