"""The rules across columns and rows that the schema files name.

Each rule is two functions: one decides, row by row, whether the rule holds (pandera runs it), the
other says of the rows where it does not what was found, what is allowed and what to do. A rule
knows no table: the schema file gives it the columns, and the study the words of `FROM_STUDY`. The
rules themselves are in the modules whose names end in ``_rules``.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandera.api.extensions import register_check_method

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.schema import RuleSpec, TableSchema
from ketbio.tables.phrases import cut
from ketbio.wording import join_words

FROM_STUDY = ("visits", "windows", "baseline")
"""Settings that come from the study and never from a schema file."""

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
    idle_without : tuple of str
        Those of `FROM_STUDY` without which there is nothing to hold the rows against.
    takes_row_order : bool
        Whether the order of the rows stands in for that of the visits where none are named.
    """

    name: str
    holds: Holds
    explain: Explain
    idle_without: tuple[str, ...] = ()
    takes_row_order: bool = False

    @property
    def settings(self) -> tuple[str, ...]:
        """What the functions take: from the schema file, and from the study (`FROM_STUDY`)."""
        return tuple(list(inspect.signature(self.holds).parameters)[1:])

    @property
    def annotations(self) -> dict[str, Any]:
        """What a schema file can set, each as the function says what it takes."""
        taken = inspect.signature(self.holds).parameters
        return {name: taken[name].annotation for name in self.settings if name not in FROM_STUDY}

    @property
    def defaults(self) -> dict[str, Any]:
        """What is taken for the settings that a schema file may leave out."""
        taken = inspect.signature(self.holds).parameters.items()
        return {name: one.default for name, one in taken if one.default is not one.empty}

    def is_idle(self, settings: Mapping[str, Any]) -> bool:
        """Return whether the study does not say what the rule holds the rows against."""
        return any(not settings[name] for name in self.idle_without)


RULES: dict[str, Rule] = {}
"""Every rule by name."""


def rule(
    explain: Explain, *, idle_without: Sequence[str] = (), takes_row_order: bool = False
) -> Callable[[Holds], Holds]:
    """Register a rule with pandera and in `RULES`, under the function's name."""

    def registered(holds: Holds) -> Holds:
        made = Rule(
            name=holds.__name__,
            holds=holds,
            explain=explain,
            idle_without=tuple(idle_without),
            takes_row_order=takes_row_order,
        )
        RULES[made.name] = made
        register_check_method(holds, statistics=list(made.settings), supported_types=[pd.DataFrame])
        return holds

    return registered


def rule_settings(
    spec: RuleSpec,
    schema: TableSchema,
    *,
    visits: Sequence[str] | None,
    windows: Mapping[str, tuple[float, float]] | None = None,
    baseline: str = "",
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
    windows : mapping of str to (float, float), optional
        Visit → first and last day allowed, counted from the day of the baseline visit.
    baseline : str
        The baseline visit, empty where none is named.

    Raises
    ------
    SchemaError
        There is no such rule, or its settings are not those that it takes.
    """
    if spec.check not in RULES:
        raise SchemaError(f"{schema.name}: {unknown_word('check', spec.check, RULES)}")
    made = RULES[spec.check]
    here = f"{schema.name}, rule {spec.name!r}"
    wanted = [name for name in made.settings if name not in FROM_STUDY]
    for name in spec.settings:
        if name not in wanted:
            raise SchemaError(f"{here}: " + unknown_word("setting", name, wanted))
    given = {**made.defaults, **spec.settings}
    for name in wanted:
        if name not in given:
            raise SchemaError(f"{here} lacks the setting {name!r}.")
    of_study = {"visits": tuple(visits or ()), "windows": dict(windows or {}), "baseline": baseline}
    return {**given, **{name: of_study[name] for name in made.settings if name in FROM_STUDY}}


def rule_columns(settings: Mapping[str, Any], schema: TableSchema) -> tuple[str, ...]:
    """Return the schema's columns that a rule's settings name, lists in lists among them."""
    words = [
        word for name in settings if name not in FROM_STUDY for word in words_in(settings[name])
    ]
    return tuple(word for word in words if word in schema.columns)


def words_in(value: Any) -> Iterator[str]:
    """Return the words of a setting, those of lists in lists among them.

    Examples
    --------
    >>> list(words_in(["a", ["b", "c"]])), list(words_in(3))
    (['a', 'b', 'c'], [])
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from words_in(one)


def key_words(columns: Sequence[str]) -> str:
    """Return the columns of a key as a message names them.

    Examples
    --------
    >>> key_words(["participant_id", "visit", "rating_date"])
    'participant, visit and rating date'
    """
    return join_words([column.removesuffix("_id").replace("_", " ") for column in columns])


def key_values(frame: Frame, columns: Sequence[str], position: int) -> tuple[str, ...]:
    """Return the values of a key at a record, as a message shows them."""
    return tuple(shown_value(frame[column].iloc[position]) for column in columns)


def shown_value(value: object) -> str:
    """Return a typed value as a message shows it.

    Examples
    --------
    >>> shown_value(2.0), shown_value(None), shown_value(pd.Timestamp("2026-01-31"))
    ('2', '–', '2026-01-31')
    """
    if pd.isna(value):  # type: ignore[call-overload]
        return "–"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:g}" if isinstance(value, float) else cut(str(value))
