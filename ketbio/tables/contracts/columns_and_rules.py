"""One column, one rule of a schema file → `ColumnSpec`, `RuleSpec`, checked."""

from collections.abc import Mapping
from dataclasses import replace

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
from ketbio.vocabulary import MASS_CONCENTRATION_PER_NG_ML

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
        pattern=pattern_of(given.get("pattern", ""), here),
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
    if not spec.converted_to:
        return spec
    if further := specs[spec.converted_to].converted_to:
        raise SchemaError(
            f"{here}: it is converted to {spec.converted_to!r}, which is converted to {further!r} "
            "itself; name the column where the values stay."
        )
    units = (spec.unit, specs[spec.converted_to].unit)
    for unit in units:
        if unit not in MASS_CONCENTRATION_PER_NG_ML:
            known = MASS_CONCENTRATION_PER_NG_ML
            raise SchemaError(f"{here}: {unknown_word('unit', unit, known)}")
    per = [MASS_CONCENTRATION_PER_NG_ML[unit] for unit in units]
    return replace(spec, factor=per[0] / per[1])


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
