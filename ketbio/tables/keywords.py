"""The keywords of a check as they are meant: words as text, lists as lists, refused by name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ketbio.errors import SchemaError
from ketbio.tables.records.columns import Wish


def wish_of(how: Mapping[str, Any]) -> Wish:
    """Return the caller's mapping, for the keywords of `check_table`.

    Raises
    ------
    SchemaError
        A keyword is not what it is wanted to be.

    Examples
    --------
    >>> wish_of({"missing": [99, "NA"], "values": {"sex": {0: "male"}}}).missing
    ('99', 'NA')
    """
    return Wish(
        columns=texts(how.get("columns"), "columns"),
        constants=texts(how.get("constants"), "constants"),
        ignore=several(how.get("ignore"), "ignore"),
        values={
            name: {
                word_of(word): ours for word, ours in _mapping(words, f"values[{name!r}]").items()
            }
            for name, words in _mapping(how.get("values"), "values").items()
        },
        missing=several(how.get("missing"), "missing"),
        missing_in={
            name: _words_of(name, words)
            for name, words in _mapping(how.get("missing_in"), "missing_in").items()
        },
        date_order=how.get("date_order"),
        limits=_mapping(how.get("limits"), "limits"),
        allow_identifiers=several(how.get("allow_identifiers"), "allow_identifiers"),
    )


def _words_of(name: str, words: object) -> tuple[str, ...]:
    if isinstance(words, str) or not isinstance(words, Iterable):
        raise SchemaError(
            f"missing_in: {name!r} = {words!r}; a list of words is wanted: [{str(words)!r}]."
        )
    return several(words, f"missing_in[{name!r}]")


def word_of(given: object) -> str:
    """Return a word as a cell has it: a whole number without decimals.

    Examples
    --------
    >>> word_of(99.0), word_of("99.0"), word_of(1.5)
    ('99', '99.0', '1.5')
    """
    return str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)


def several(given: object, what: str) -> tuple[str, ...]:
    """Return words that a list, a set or a Series holds; none for None."""
    if given is None:
        return ()
    # A lone word is a collection of letters to Python, which nobody means.
    if isinstance(given, str):
        raise SchemaError(f"{what} is {given!r}; a list is wanted: [{given!r}].")
    if isinstance(given, Mapping | pd.DataFrame) or not isinstance(given, Iterable):
        raise SchemaError(
            f"{what} is {_kind(given)}; a list of words is wanted, such as {what}=['…', '…']."
        )
    return tuple(map(word_of, given))


def texts(given: object, what: str) -> Mapping[str, str]:
    """Return a mapping of text to text; an empty one for None."""
    mapping = _mapping(given, what)
    for name, value in mapping.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise SchemaError(f"{what}: {name!r} = {value!r}; text is wanted on both sides.")
    return mapping


def _mapping(given: object, what: str) -> Mapping[Any, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        keyword = what.partition("[")[0]
        example = f"{keyword}={_EXAMPLES[keyword]}"
        raise SchemaError(f"{what} is {_kind(given)}; a mapping is wanted, such as {example}.")
    return given


_PAIR = 2
_EXAMPLES = {
    "columns": "{'participant_id': 'Patient'}",
    "constants": "{'specimen': 'serum'}",
    "values": "{'visit': {'pre': 'baseline'}}",
    "missing_in": "{'age_years': ['99']}",
    "limits": "{'LOD': 0.5}",
    "windows": "{'day_7': (5, 9)}",
}


def windows_of(given: object) -> dict[str, tuple[float, float]]:
    """Return the first and the last day of each visit; none for None."""
    windows = _mapping(given, "windows")
    return {word_of(visit): _days(visit, days) for visit, days in windows.items()}


def _days(visit: object, days: object) -> tuple[float, float]:
    if isinstance(days, Sequence) and not isinstance(days, str) and len(days) == _PAIR:
        return days[0], days[1]
    raise SchemaError(
        f"windows: {visit!r} = {days!r}; the first and the last day are wanted, such as "
        f"windows={_EXAMPLES['windows']}."
    )


def _kind(given: object) -> str:
    return f"of the type {type(given).__name__}"
