"""A column of a schema made narrower: a study may ask for more than its schema, never for less."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.entries import pattern_fault, whole_cell
from ketbio.tables.contracts.ranges import finite_bound, nothing_left
from ketbio.tables.contracts.schema import ColumnSpec

OWN_FILE = "a schema file of your own can"
"""The way for who wants what an extension may not do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one key of an extension.

    Attributes
    ----------
    path : tuple of str or int
        The keys from ``extend`` down.
    sentence : str
        What was found, what is allowed, what to do.
    """

    path: tuple[str | int, ...]
    sentence: str


def tightened(spec: ColumnSpec, given: Mapping[str, Any]) -> tuple[ColumnSpec, list[Fault]]:
    """Return a column with narrower limits, and what is wrong with what was asked.

    Parameters
    ----------
    spec : ColumnSpec
        The column as its schema has it.
    given : mapping
        Some of the keys of `TIGHTENINGS`.

    Examples
    --------
    >>> age = ColumnSpec(name="age_years", meaning="Age", type="number", minimum=0, maximum=120)
    >>> tightened(age, {"minimum": 12})[0].allowed_text
    'a number from 12 to 120'
    >>> tightened(age, {"maximum": 130})[1][0].sentence
    "maximum of 'age_years' is 130; a study can lower the maximum of 120, not raise it (a schema
    file of your own can)."
    """
    made, faults = spec, []
    for key, value in given.items():
        try:
            if key not in TIGHTENINGS:
                raise SchemaError(_unknown_key(spec, key))
            made = TIGHTENINGS[key](made, value)
        except SchemaError as refused:
            faults.append(Fault(path=(key,), sentence=str(refused)))
    if not faults and (empty := nothing_left(made)):
        faults.append(Fault(path=(next(iter(given)),), sentence=empty))
    return made, faults


def _unknown_key(spec: ColumnSpec, key: str) -> str:
    what = f"a key of the known column {spec.name!r}"
    return f"{unknown_word(what, key, TIGHTENINGS)} What else it is, {OWN_FILE} say."


def _minimum(spec: ColumnSpec, value: object) -> ColumnSpec:
    bound = _bound(spec, "minimum", value)
    if spec.minimum is not None and bound < spec.minimum:
        raise SchemaError(_widened(spec, "minimum", bound, spec.minimum))
    if spec.above is not None and bound <= spec.above:
        raise SchemaError(_widened(spec, "minimum", bound, spec.above))
    return replace(spec, minimum=bound, above=None)


def _maximum(spec: ColumnSpec, value: object) -> ColumnSpec:
    bound = _bound(spec, "maximum", value)
    if spec.maximum is not None and bound > spec.maximum:
        raise SchemaError(_widened(spec, "maximum", bound, spec.maximum))
    return replace(spec, maximum=bound)


def _above(spec: ColumnSpec, value: object) -> ColumnSpec:
    bound = _bound(spec, "above", value)
    lowest = max(limit for limit in (spec.minimum, spec.above, float("-inf")) if limit is not None)
    if bound < lowest:
        raise SchemaError(_widened(spec, "above", bound, lowest))
    return replace(spec, above=bound, minimum=None)


def _bound(spec: ColumnSpec, key: str, value: object) -> float:
    if spec.type not in ("number", "integer"):
        raise SchemaError(f"{key} of {spec.name!r}: a column of type {spec.type} has no range.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SchemaError(f"{key} of {spec.name!r} is {value!r}; a number is wanted.")
    if (bound := finite_bound(value)) is None:
        raise SchemaError(f"{key} of {spec.name!r} is {value!r}, no bound; leave it out.")
    return bound


def _widened(spec: ColumnSpec, key: str, given: float, had: float) -> str:
    noun, can, cannot = ("lower bound", "raise", "lower")
    if key == "maximum":
        noun, can, cannot = ("maximum", "lower", "raise")
    return (
        f"{key} of {spec.name!r} is {given:g}; a study can {can} the {noun} of {had:g}, not "
        f"{cannot} it ({OWN_FILE})."
    )


def _allowed(spec: ColumnSpec, value: object) -> ColumnSpec:
    words = value if isinstance(value, list | tuple) else None
    if spec.type != "text" or not words or not all(isinstance(word, str) for word in words):
        raise SchemaError(
            f"allowed of {spec.name!r} is {value!r}; a list of text is wanted, for a text column."
        )
    for word in words:
        if spec.allowed and word not in spec.allowed:
            sentence = unknown_word(f"a word allowed for {spec.name!r}", word, spec.allowed)
            raise SchemaError(f"{sentence} A study can leave words out, not add any ({OWN_FILE}).")
    return replace(spec, allowed=tuple(words))


def _pattern(spec: ColumnSpec, value: object) -> ColumnSpec:
    if spec.type != "text" or not isinstance(value, str) or not value:
        raise SchemaError(
            f"pattern of {spec.name!r} is {value!r}; a regular expression is wanted, for a text "
            "column."
        )
    if fault := pattern_fault(value):
        raise SchemaError(
            f"pattern of {spec.name!r} is {value!r}, which is no regular expression: {fault}."
        )
    if not spec.pattern:
        return replace(spec, pattern=value)
    # Whether one expression is narrower than another is not to be told: both are asked for.
    both = f"(?={whole_cell(spec.pattern)})(?:{value})"
    return replace(spec, pattern=both, form=f"{spec.form or spec.pattern} and {value}")


def _required(spec: ColumnSpec, value: object) -> ColumnSpec:
    if not isinstance(value, bool):
        raise SchemaError(f"required of {spec.name!r} is {value!r}; true or false is wanted.")
    if spec.required and not value:
        raise SchemaError(
            f"required of {spec.name!r} is false; a study can ask for more than its schema, not "
            f"for less ({OWN_FILE})."
        )
    if value and spec.takes_limits:
        raise SchemaError(
            f"required of {spec.name!r} is true, but the value is empty where "
            f"{spec.limit_flag or spec.above_flag} is true; leave it out."
        )
    return replace(spec, required=value)


def _rule(spec: ColumnSpec, value: object) -> ColumnSpec:
    if not isinstance(value, str):
        raise SchemaError(f"rule of {spec.name!r} is {value!r}; text is wanted.")
    return replace(spec, rule=" ".join(value.split()))


def _examples(spec: ColumnSpec, value: object) -> ColumnSpec:
    if not isinstance(value, list | tuple):
        raise SchemaError(f"examples of {spec.name!r} is {value!r}; a list is wanted.")
    return replace(spec, examples=tuple(map(str, value)))


TIGHTENINGS: dict[str, Callable[[ColumnSpec, object], ColumnSpec]] = {
    "minimum": _minimum,
    "maximum": _maximum,
    "above": _above,
    "allowed": _allowed,
    "pattern": _pattern,
    "required": _required,
    "rule": _rule,
    "examples": _examples,
}
"""What a study can say of a column that its schema knows → how it is taken."""
