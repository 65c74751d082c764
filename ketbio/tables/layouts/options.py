"""How a REDCap export or a long table is to be read: the caller's words as frozen records."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from os import PathLike
from typing import Any, TypeVar

from ketbio.errors import SchemaError, unknown_word

EXPORTS = ("raw", "labels")
"""What the cells of choice fields hold: the codes of the data dictionary, or its labels."""
CHECKBOXES = ("flags", "labels")
"""What becomes of a checkbox: a flag per choice, or one column of the labels that were ticked."""
IMPUTED = ("keep", "leave_out")
"""What becomes of rows that are marked as derived or imputed."""
LEFT_OUT = "-"
"""In ``events``: an event that this table does not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedcapOptions:
    """How a REDCap export is read.

    Attributes
    ----------
    dictionary : str or path
        The project's data dictionary (CSV).
    events : mapping of str to str
        Event as it stands in the export → the study's visit, ``"-"`` for one to leave out.
    ignore_events : tuple of str
        Events to leave out.
    instrument : tuple of str
        Instruments (forms) that feed the table; empty for all of them.
    export : str
        One of `EXPORTS`.
    checkboxes : str
        One of `CHECKBOXES`.
    """

    dictionary: str | PathLike[str]
    events: Mapping[str, str] = field(default_factory=dict)
    ignore_events: tuple[str, ...] = ()
    instrument: tuple[str, ...] = ()
    export: str = "raw"
    checkboxes: str = "flags"

    @property
    def left_out_events(self) -> frozenset[str]:
        """The events that the table does not read."""
        unwanted = (event for event, visit in self.events.items() if visit == LEFT_OUT)
        return frozenset((*self.ignore_events, *unwanted))

    @property
    def visits(self) -> dict[str, str]:
        """Event → the study's visit."""
        return {event: visit for event, visit in self.events.items() if visit != LEFT_OUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdamOptions:
    """How a long table (one row per participant, visit and parameter) is read.

    Attributes
    ----------
    parameters : mapping of str to str
        Parameter code → column of the schema.
    ignore_parameters : tuple of str
        Codes to leave out.
    visits : mapping of str to str
        Visit as it stands in the file → the study's visit.
    participant, visit, parameter, value, text, date, unit, imputed : str
        The columns that hold each; ADaM's own names by default.
    imputed_rows : str
        One of `IMPUTED`.
    only : mapping of str to str
        Column → the one word of the rows to read, such as ``{"ANL01FL": "Y"}``.
    """

    parameters: Mapping[str, str]
    ignore_parameters: tuple[str, ...] = ()
    visits: Mapping[str, str] = field(default_factory=dict)
    participant: str = "USUBJID"
    visit: str = "AVISIT"
    parameter: str = "PARAMCD"
    value: str = "AVAL"
    text: str = "AVALC"
    date: str = "ADT"
    unit: str = "AVALU"
    imputed: str = "DTYPE"
    imputed_rows: str = "keep"
    only: Mapping[str, str] = field(default_factory=dict)


WORDS: Mapping[str, tuple[str, ...]] = {
    "export": EXPORTS,
    "checkboxes": CHECKBOXES,
    "imputed_rows": IMPUTED,
}
"""Options that are one of a few words."""
_TABLES = ("events", "parameters", "visits", "only")
_LISTS = ("ignore_events", "instrument", "ignore_parameters")
Options = TypeVar("Options", RedcapOptions, AdamOptions)


def options_of(kind: type[Options], given: Mapping[str, Any], what: str) -> Options:
    """Return the caller's options as a record.

    Parameters
    ----------
    kind : type
        `RedcapOptions` or `AdamOptions`.
    given : mapping
        The caller's words.
    what : str
        ``"redcap"`` or ``"adam"``, for refusals.

    Raises
    ------
    SchemaError
        An option is not known, lacking or not of the right kind.

    Examples
    --------
    >>> options_of(RedcapOptions, {"dictionary": "d.csv", "instrument": "bp"}, "redcap").instrument
    ('bp',)
    """
    names = [one.name for one in fields(kind)]
    for name in given:
        if name not in names:
            raise SchemaError(f"{what}: {unknown_word('option', name, names)}")
    for one in fields(kind):
        is_needed = one.default is MISSING and one.default_factory is MISSING
        if is_needed and one.name not in given:
            raise SchemaError(f"{what} lacks {one.name!r}; add it.")
    made: Options = kind(**{name: _settled(name, value, what) for name, value in given.items()})
    return made


def _settled(name: str, value: Any, what: str) -> Any:
    if name in WORDS and value not in WORDS[name]:
        raise SchemaError(f"{what}: {unknown_word(name, value, WORDS[name])}")
    if name in _TABLES:
        return _pairs(name, value, what)
    if name in _LISTS:
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list | tuple) or not all(isinstance(one, str) for one in words):
            raise SchemaError(f"{what}: {name} is {value!r}; a list of text is wanted.")
        return tuple(words)
    if not isinstance(value, str | PathLike):
        raise SchemaError(f"{what}: {name} is {value!r}; text is wanted.")
    return value


def _pairs(name: str, value: Any, what: str) -> Mapping[str, str]:
    pairs = value.items() if isinstance(value, Mapping) else [(None, None)]
    if not all(isinstance(word, str) for pair in pairs for word in pair):
        raise SchemaError(f"{what}: {name} is {value!r}; a table of text = text is wanted.")
    return dict(value)
