"""The rules across columns and rows that the schema files name.

Each rule is two functions: one decides, row by row, whether the rule holds (pandera runs it), the
other says of the rows where it does not what was found, what is allowed and what to do. A rule
knows no table: the schema file gives it the columns. Here are the rules of any table; those of
rating scales and of laboratory tables are in `scale_rules` and `laboratory_rules`.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandera.api.extensions import register_check_method

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.schema import RuleSpec, TableSchema
from ketbio.tables.records.arrange import Records
from ketbio.wording import count_of, join_words

Frame = pd.DataFrame
Holds = Callable[..., "pd.Series[bool]"]
Explain = Callable[..., Iterator["Finding"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Where a rule does not hold.

    Attributes
    ----------
    position : int
        The record (0-based).
    message : str
        What was found, what is allowed, what to do.
    column : str
        Column of ours to point at; empty where several are meant.
    rank : tuple of float
        What comes first among complaints of the same severity.
    others : tuple of int
        Further records that it concerns.
    """

    position: int
    message: str
    column: str = ""
    rank: tuple[float, ...] = ()
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: what decides, and what explains.

    Attributes
    ----------
    name : str
        The name that schema files use.
    holds : callable
        ``(frame, **settings)`` → Series of bool, True where the rule holds.
    explain : callable
        ``(frame, failed positions, records, **settings)`` → findings.
    """

    name: str
    holds: Holds
    explain: Explain

    @property
    def settings(self) -> tuple[str, ...]:
        """What the schema file has to give (``visits`` comes from the study)."""
        return tuple(list(inspect.signature(self.holds).parameters)[1:])


RULES: dict[str, Rule] = {}
"""Every rule by name."""


def rule(explain: Explain) -> Callable[[Holds], Holds]:
    """Register a rule with pandera and in `RULES`, under the function's name."""

    def registered(holds: Holds) -> Holds:
        made = Rule(name=holds.__name__, holds=holds, explain=explain)
        RULES[made.name] = made
        register_check_method(holds, statistics=list(made.settings), supported_types=[pd.DataFrame])
        return holds

    return registered


def rule_settings(
    spec: RuleSpec, schema: TableSchema, *, visits: Sequence[str] | None
) -> dict[str, Any]:
    """Return what a rule's functions are called with.

    Parameters
    ----------
    spec : RuleSpec
        The rule as the schema file names it.
    schema : TableSchema
        Its schema.
    visits : sequence of str or None
        The study's visits in order.

    Raises
    ------
    SchemaError
        There is no such rule, or its settings are not those that it takes.
    """
    if spec.check not in RULES:
        raise SchemaError(f"{schema.name}: {unknown_word('check', spec.check, RULES)}")
    wanted = RULES[spec.check].settings
    given = {**spec.settings}
    if "visits" in wanted:
        given["visits"] = tuple(visits or ())
    for name in given:
        if name not in wanted:
            here = f"{schema.name}, rule {spec.name!r}: "
            raise SchemaError(here + unknown_word("setting", name, wanted))
    for name in wanted:
        if name not in given:
            raise SchemaError(f"{schema.name}, rule {spec.name!r} lacks the setting {name!r}.")
    return given


def rule_columns(settings: Mapping[str, Any], schema: TableSchema) -> tuple[str, ...]:
    """Return the schema's columns that a rule's settings name."""
    words: list[Any] = []
    for value in settings.values():
        words += value if isinstance(value, list) else [value]
    return tuple(word for word in words if isinstance(word, str) and word in schema.columns)


# -- any table -------------------------------------------------------------------------------
def _explain_unique_rows(
    frame: Frame, failed: Sequence[int], records: Records, *, columns: list[str], noun: str
) -> Iterator[Finding]:
    groups: dict[tuple[str, ...], list[int]] = {}
    for position in failed:
        groups.setdefault(_key_values(frame, columns, position), []).append(position)
    for key, listed in groups.items():
        rows = sorted({int(records.rows[position]) for position in listed})
        where = f"rows {join_words(map(str, rows))}" if len(rows) > 1 else f"row {rows[0]}"
        for position in listed:
            yield Finding(
                position=position,
                message=f"{count_of(len(listed), noun)} of the same {_key_words(columns)} "
                f"({', '.join(key)}): {where}; one is allowed. "
                "Keep the right one and delete the rest.",
            )


def _key_words(columns: Sequence[str]) -> str:
    return join_words([column.removesuffix("_id").replace("_", " ") for column in columns])


def _key_values(frame: Frame, columns: Sequence[str], position: int) -> tuple[str, ...]:
    values = [frame[column].iloc[position] for column in columns]
    return tuple("–" if pd.isna(value) else _plain(value) for value in values)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


@rule(_explain_unique_rows)
def unique_rows(frame: Frame, *, columns: list[str], noun: str) -> "pd.Series[bool]":
    """Hold where no other row has the same values in ``columns`` (an empty cell is a value)."""
    del noun
    return ~frame.duplicated(subset=list(columns), keep=False)


def _explain_any_filled(
    frame: Frame, failed: Sequence[int], records: Records, *, columns: list[str]
) -> Iterator[Finding]:
    del frame, records
    for position in failed:
        yield Finding(
            position=position,
            message=f"The row has none of {_listed(columns)}; "
            "fill in what was recorded, or leave the row out.",
        )


def _listed(columns: Sequence[str]) -> str:
    if len(columns) <= 4:
        return join_words(columns, last="or")
    return f"{columns[0]} … {columns[-2]} or {columns[-1]}"


@rule(_explain_any_filled)
def any_filled(frame: Frame, *, columns: list[str]) -> "pd.Series[bool]":
    """Hold where at least one of ``columns`` has a value."""
    return frame[list(columns)].notna().any(axis=1)


def _explain_same_within(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    within: list[str],
    columns: list[str],
) -> Iterator[Finding]:
    sharing: dict[tuple[str, ...], list[int]] = {}
    for position in failed:
        sharing.setdefault(_key_values(frame, within, position), []).append(position)
    for position in failed:
        others = sharing[_key_values(frame, within, position)]
        texts = frame[columns].iloc[others].fillna("")
        differ = [column for column in columns if len(set(texts[column])) > 1]
        rows = join_words([str(records.rows[i]) for i in others])
        place = ", ".join(_key_values(frame, within, position))
        yield Finding(
            position=position,
            column=differ[0],
            message=f"{_key_words(within)} {place} holds rows that differ in {join_words(differ)} "
            f"(rows {rows}); one sample is allowed. Correct them.",
        )


@rule(_explain_same_within)
def same_within(frame: Frame, *, within: list[str], columns: list[str]) -> "pd.Series[bool]":
    """Hold where all rows that share ``within`` share ``columns`` too."""
    texts = frame[list(columns)].fillna("")
    counts = texts.groupby([frame[name] for name in within], dropna=False).transform("nunique")
    return (counts <= 1).all(axis=1)


def _explain_not_flagged(
    frame: Frame, failed: Sequence[int], records: Records, *, flag: str, consequence: str
) -> Iterator[Finding]:
    del frame
    for position in failed:
        yield Finding(
            position=position,
            column=flag,
            message=f"{records.label(flag, position)} is true; {consequence}.",
        )


@rule(_explain_not_flagged)
def not_flagged(frame: Frame, *, flag: str, consequence: str) -> "pd.Series[bool]":
    """Hold where the flag is not set."""
    del consequence
    return ~frame[flag].fillna(False).astype(bool)
