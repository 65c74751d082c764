"""One entry of a schema file: what it is, or a sentence that says what is wanted there."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.ranges import finite_bound
from ketbio.tables.phrases import cut

_DEFAULT_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "integer": (int,),
    "flag": (bool,),
    "date": (),
}


def mapping_of(value: object, here: str) -> dict[str, Any]:
    """Return a mapping as it is."""
    if not isinstance(value, dict):
        raise SchemaError(f"{here}: a mapping of names is wanted; {cut(repr(value))} was found.")
    return value


def text_of(given: Mapping[str, Any], key: str, here: str, absent: str = "") -> str:
    """Return the text at a key; what stands for it where the key is absent."""
    value = given.get(key, absent)
    if isinstance(value, dict | list):
        raise SchemaError(f"{here}: {key} is {cut(repr(value))}; a text is wanted.")
    return str(value)


def list_of(given: Mapping[str, Any], key: str, here: str) -> Sequence[Any]:
    """Return the list at a key; an empty one where the key is absent."""
    value = given.get(key)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise SchemaError(f"{here}: {key} is {cut(repr(value))}; a list is wanted.")
    return value


def yes_or_no_of(given: Mapping[str, Any], key: str, here: str) -> bool:
    """Return the truth at a key; False where the key is absent."""
    value = given.get(key, False)
    if not isinstance(value, bool):
        raise SchemaError(f"{here}: {key} is {cut(repr(value))}; true or false is wanted.")
    return value


def refuse_unknown(given: Mapping[str, Any], known: tuple[str, ...], here: str) -> None:
    """Raise `SchemaError` for a key that is not one of the known ones."""
    for key in given:
        if key not in known:
            raise SchemaError(f"{here}: " + unknown_word("key", key, known))


def bound_of(value: object, here: str) -> float | None:
    """Return a bound as a number; None for none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SchemaError(f"{here}: a number is wanted; {value!r} was found.")
    if (bound := finite_bound(value)) is None:
        raise SchemaError(f"{here} is {value!r}, no bound; leave it out.")
    return bound


def pattern_of(value: object, here: str) -> str:
    """Return a regular expression that can be used."""
    if not isinstance(value, str):
        raise SchemaError(
            f"{here}: pattern is {value!r}; a regular expression in quotes is wanted."
        )
    if fault := pattern_fault(value):
        raise SchemaError(f"{here}: pattern {value!r} is no regular expression: {fault}.")
    return value


def pattern_fault(pattern: str) -> str:
    """Return why a regular expression cannot be one for a whole cell; empty where it can.

    Examples
    --------
    >>> pattern_fault("P[0-9]{2}"), pattern_fault("P[0-9")
    ('', 'unterminated character set at position 1')
    >>> pattern_fault("(?i)p[0-9]")
    "flags such as (?i) are written around what they are for: '(?i:p[0-9])'"
    """
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    try:
        re.compile(whole_cell(pattern))
    except re.error:  # Python wants such flags in front of everything
        flags, _, rest = pattern.partition(")")
        return f"flags such as {flags}) are written around what they are for: '{flags}:{rest})'"
    return ""


def whole_cell(pattern: str) -> str:
    """Return a regular expression that holds of a whole cell."""
    return rf"(?:{pattern})\Z"


def default_of(given: Mapping[str, Any], key: str, kind: str, here: str) -> object:
    """Return what is taken for cells of a column of a type; None for nothing."""
    value = given.get(key)
    allowed = _DEFAULT_TYPES[kind]
    if value is not None and (type(value) not in allowed):
        raise SchemaError(
            f"{here}: {key} is {value!r}, which does not fit a column of type {kind}."
        )
    return value


def names_of(value: object, here: str) -> tuple[str, ...]:
    """Return other names of a column."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SchemaError(f"{here}: also is {cut(repr(value))}; a list of names is wanted.")
    return tuple(value)


def allowed_word(value: object, here: str) -> str:
    """Return a word of the list of those allowed."""
    # YAML reads yes, no, on and off as booleans; the author meant words.
    if not isinstance(value, str):
        raise SchemaError(f"{here}: allowed holds {value!r}; put it in quotes to make it a word.")
    return value
