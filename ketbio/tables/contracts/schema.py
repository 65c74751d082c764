"""A schema as frozen records: what an incoming table must hold, in words and limits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ketbio.wording import join_words

TYPES = ("text", "number", "integer", "flag", "date")
"""What a cell can be read as."""
EXTRA_COLUMNS = ("refused", "covariates", "numbers")
"""What becomes of columns that a schema does not name."""
SEVERITIES = ("safety", "error", "warning")
"""How much a complaint matters; only an error keeps a row out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """One column of a schema.

    Attributes
    ----------
    name, meaning, type, unit, rule : str
        As in the schema file; ``type`` is one of `TYPES`.
    allowed : tuple of str
        The words allowed, empty where any will do.
    minimum, maximum : float or None
        The range, both ends allowed.
    above : float or None
        A bound that is not allowed itself.
    pattern : str
        A regular expression for the whole cell, empty where any text will do.
    form : str
        The pattern as people are told it, where that is not the pattern itself.
    required : bool
        Whether the column must be there with every cell filled.
    examples : tuple of str
        Examples.
    also : tuple of str
        Other names that files give the column; only ever suggested.
    if_absent, if_empty : object
        The value taken where the file has no such column, or where a cell is empty; None for none.
    limit_flag, limit_column : str
        Where ``"<0.5"`` is understood: the flag it sets and the column its limit goes to.
    above_flag, above_column : str
        The same for ``">2000"``.
    converted_to : str
        The column that the values are converted to, empty where they stay.
    factor : float
        How many of this column's unit make one of the unit of ``converted_to``.
    """

    name: str
    meaning: str
    type: str
    unit: str = ""
    rule: str = ""
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    pattern: str = ""
    form: str = ""
    required: bool = False
    examples: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    if_absent: Any = None
    if_empty: Any = None
    limit_flag: str = ""
    limit_column: str = ""
    above_flag: str = ""
    above_column: str = ""
    converted_to: str = ""
    factor: float = 1.0

    @property
    def takes_limits(self) -> bool:
        """Whether a cell can be a limit instead of a number: ``"<0.5"``, ``">2000"``."""
        return bool(self.limit_flag or self.above_flag)

    @property
    def item_number(self) -> int | None:
        """Its number among a scale's items, as its meaning says: ``"Item 10, …"`` → 10."""
        found = _ITEM.search(self.meaning)
        return int(found["number"]) if found else None

    @property
    def allowed_text(self) -> str:
        """What is allowed, in words: ``"a whole number from 0 to 6"``."""
        if self.allowed:
            return join_words([repr(word) for word in self.allowed], last="or")
        if self.pattern:
            return f"text of the form {self.form or self.pattern}"
        return f"{_TYPE_WORDS[self.type]}{self._range_text}"

    @property
    def _range_text(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f" from {self.minimum:g} to {self.maximum:g}"
        if self.above is not None and self.maximum is not None:
            return f" above {self.above:g}, at most {self.maximum:g}"
        bounds = {
            " of {:g} or more": self.minimum,
            " of {:g} or less": self.maximum,
            " above {:g}": self.above,
        }
        return next((text.format(n) for text, n in bounds.items() if n is not None), "")


_ITEM = re.compile(r"\bitem (?P<number>[0-9]{1,2})\b", re.IGNORECASE)
_TYPE_WORDS = {
    "text": "text",
    "number": "a number",
    "integer": "a whole number",
    "flag": "true or false",
    "date": "a date as year-month-day",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """One rule across columns or rows of a schema.

    Attributes
    ----------
    name : str
        The rule's name in the complaints.
    check : str
        The function of `ketbio.tables.rules.registry` that decides.
    settings : mapping
        What the function is given (``with`` in the file).
    severity : str
        One of `SEVERITIES`.
    words : str
        The rule in words.
    """

    name: str
    check: str
    severity: str
    words: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSchema:
    """What one incoming table must hold.

    Attributes
    ----------
    name, title, one_row : str
        Its name, its title, and what one row is.
    version : str
        Version of the schema; where a study extends it, with a mark of what it adds.
    extra_columns : str
        One of `EXTRA_COLUMNS`.
    columns : mapping of str to ColumnSpec
        The columns, in order.
    rules : tuple of RuleSpec
        The rules across columns and rows.
    """

    name: str
    version: str
    title: str
    one_row: str
    extra_columns: str
    columns: Mapping[str, ColumnSpec]
    rules: tuple[RuleSpec, ...]
