"""One column, one rule of a schema file → `ColumnSpec`, `RuleSpec`, checked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.entries import (
    allowed_word,
    bound_of,
    default_of,
    list_of,
    mapping_of,
    names_of,
    pattern_of,
    refuse_unknown,
    text_of,
    yes_or_no_of,
)
from ketbio.tables.contracts.ranges import nothing_left
from ketbio.tables.contracts.schema import SEVERITIES, TYPES, ColumnSpec, RuleSpec
from ketbio.tables.records.column_words import WORK_COLUMNS
from ketbio.vocabulary import MASS_CONCENTRATION_PER_NG_ML
from ketbio.wording import join_words

COLUMN_KEYS = (
    "meaning", "type", "unit", "allowed", "minimum", "maximum", "above", "pattern", "required",
    "rule", "examples", "if_absent", "if_empty", "below_limit", "above_limit", "converted_to",
    "also",
)  # fmt: skip
RULE_KEYS = ("name", "check", "with", "severity", "rule")


def column_from(name: str, entry: object, place: str) -> ColumnSpec:
    """Return one column as a schema file has it, checked but for the columns that it points to."""
    here = f"{place}, column {name!r}"
    given = mapping_of(entry, here)
    refuse_unknown(given, COLUMN_KEYS, here)
    kind = str(given.get("type", "text"))
    if kind not in TYPES:
        raise SchemaError(f"{here}: " + unknown_word("type", kind, TYPES))
    if name in ("participant_id", "visit") and kind != "text":
        raise SchemaError(f"{here}: type is {kind!r}; a key is always 'text'.")
    if name in WORK_COLUMNS:
        raise SchemaError(f"{here}: ketbio writes such a column beside rejected rows; rename it.")
    _refuse_of_other_types(given, kind, here)
    limit = mapping_of(given.get("below_limit") or {}, f"{here}, below_limit")
    refuse_unknown(limit, ("flag", "limit"), f"{here}, below_limit")
    above = mapping_of(given.get("above_limit") or {}, f"{here}, above_limit")
    refuse_unknown(above, ("flag", "limit"), f"{here}, above_limit")
    spec = ColumnSpec(
        name=name,
        meaning=text_of(given, "meaning", here),
        type=kind,
        unit=text_of(given, "unit", here),
        rule=" ".join(text_of(given, "rule", here).split()),
        allowed=tuple(allowed_word(word, here) for word in list_of(given, "allowed", here)),
        minimum=bound_of(given.get("minimum"), f"{here}, minimum"),
        maximum=bound_of(given.get("maximum"), f"{here}, maximum"),
        above=bound_of(given.get("above"), f"{here}, above"),
        pattern=pattern_of(given["pattern"], here) if "pattern" in given else "",
        required=yes_or_no_of(given, "required", here),
        examples=tuple(str(example) for example in list_of(given, "examples", here)),
        also=names_of(given.get("also"), here),
        if_absent=default_of(given, "if_absent", kind, here),
        if_empty=default_of(given, "if_empty", kind, here),
        limit_flag=str(limit.get("flag", "")),
        limit_column=str(limit.get("limit", "")),
        above_flag=str(above.get("flag", "")),
        above_column=str(above.get("limit", "")),
        converted_to=str(given.get("converted_to", "")),
    )
    if empty := nothing_left(spec):
        raise SchemaError(f"{here}: {empty}")
    return spec


_FOR_TYPES = {
    "minimum": ("number", "integer"),
    "maximum": ("number", "integer"),
    "above": ("number", "integer"),
    "allowed": ("text",),
    "pattern": ("text",),
}
"""Keys that mean something for columns of some types only."""


def _refuse_of_other_types(given: Mapping[str, Any], kind: str, here: str) -> None:
    for key, types in _FOR_TYPES.items():
        if key in given and kind not in types:
            wanted = join_words(map(repr, types), last="or")
            raise SchemaError(
                f"{here}: {key} is for a column of the type {wanted}, and this one is {kind!r}; "
                "leave it out, or change the type."
            )
    if "minimum" in given and "above" in given:
        raise SchemaError(f"{here}: minimum and above are both there; keep one of them.")


def linked_column(spec: ColumnSpec, specs: Mapping[str, ColumnSpec], place: str) -> ColumnSpec:
    """Check the columns that a column points to, and find the factor between their units."""
    here = f"{place}, column {spec.name!r}"
    flags, numbers = (spec.limit_flag, spec.above_flag), (spec.limit_column, spec.above_column)
    kinds = dict.fromkeys(filter(None, flags), "flag")
    kinds |= dict.fromkeys(filter(None, (*numbers, spec.converted_to)), "number")
    for target, kind in kinds.items():
        if target not in specs:
            raise SchemaError(f"{here}: " + unknown_word("column", target, specs))
        if specs[target].type != kind or spec.type != "number":
            raise SchemaError(
                f"{here}: it is {spec.type!r} and points to {target!r}, which is "
                f"{specs[target].type!r}; a column of 'number' can point to one of {kind!r} there."
            )
        if target == spec.name:
            raise SchemaError(f"{here}: it points to itself; name the other column.")
    stays = specs[spec.converted_to] if spec.converted_to else spec
    if stays is not spec and stays.converted_to:
        raise SchemaError(
            f"{here}: it is converted to {stays.name!r}, which is converted to "
            f"{stays.converted_to!r} itself; name the column where the values stay."
        )
    _refuse_limits_of_other_units(spec, specs, here)
    if stays is spec:
        return spec
    units = (spec.unit, specs[spec.converted_to].unit)
    for unit in units:
        if unit not in MASS_CONCENTRATION_PER_NG_ML:
            known = MASS_CONCENTRATION_PER_NG_ML
            raise SchemaError(f"{here}: {unknown_word('unit', unit, known)}")
    per = [MASS_CONCENTRATION_PER_NG_ML[unit] for unit in units]
    return replace(spec, factor=per[0] / per[1])


def _refuse_limits_of_other_units(
    spec: ColumnSpec, specs: Mapping[str, ColumnSpec], here: str
) -> None:
    """A limit is taken to the unit of the level that stays, and to no other."""
    unit = specs[spec.converted_to].unit if spec.converted_to else spec.unit
    for name in filter(None, (spec.limit_column, spec.above_column)):
        if specs[name].unit != unit:
            units = [one or "no unit" for one in (specs[name].unit, unit)]
            raise SchemaError(
                f"{here}: its limits go to {name!r}, which is in {units[0]!r}, while its values "
                f"are in {units[1]!r}; give both one unit."
            )


def rule_from(entry: object, place: str) -> RuleSpec:
    """Return one rule as a schema file has it, checked; whether it can be run is not asked here."""
    given = mapping_of(entry, f"{place}, rules")
    refuse_unknown(given, RULE_KEYS, f"{place}, rules")
    if not given.get("name") or not given.get("check"):
        raise SchemaError(f"{place}, rules: each rule needs a name and a check.")
    severity = str(given.get("severity", "error"))
    if severity not in SEVERITIES:
        here = f"{place}, rule {given['name']!r}: "
        raise SchemaError(here + unknown_word("severity", severity, SEVERITIES))
    return RuleSpec(
        name=str(given["name"]),
        check=str(given["check"]),
        severity=severity,
        words=" ".join(str(given.get("rule", "")).split()),
        settings=mapping_of(given.get("with") or {}, f"{place}, rule {given['name']!r}, with"),
    )
