"""What the settings of one rule are beside each other: each may be right, and the rule none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ketbio.errors import unknown_word
from ketbio.tables.contracts.schema import ColumnSpec, RuleSpec, TableSchema
from ketbio.tables.rules.registry import rule_columns, words_in
from ketbio.wording import join_words

_SAFETY_CHECK, _SAFETY = "suicidality", "safety"
_WORDS_OF = {
    "ranges": "specimen", "impossible_above": "specimen", "filled": "by", "empty": "by",
    "standard": "role", "blank": "role",
}  # fmt: skip
"""Setting → the setting that names the column whose words it holds."""


def together_fault(spec: RuleSpec, settings: Mapping[str, Any], schema: TableSchema) -> str:
    """Return why a rule means nothing with its settings taken together; empty where it does.

    Parameters
    ----------
    spec : RuleSpec
        The rule.
    settings : mapping
        What it is set to, each by itself as the rule takes it.
    schema : TableSchema
        Its schema.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> own = RuleSpec(name="own", check="suicidality", severity="error", words="")
    >>> together_fault(own, {"item": "suicidal_thoughts"}, load_schema("madrs"))
    "rule 'own' is of severity 'error'; 'safety' is wanted: such a rating is never kept out."
    """
    for fault in (_severity, _items, _item_bounds, _words):
        if said := next(fault(spec, settings, schema), ""):
            return f"rule {spec.name!r}{said}"
    return ""


def _severity(spec: RuleSpec, settings: Mapping[str, Any], schema: TableSchema) -> Iterator[str]:
    if spec.check == _SAFETY_CHECK and spec.severity != _SAFETY:
        yield (
            f" is of severity {spec.severity!r}; {_SAFETY!r} is wanted: such a rating is never "
            "kept out."
        )
    for name in rule_columns(settings, schema) if spec.severity == _SAFETY else ():
        column = schema.columns[name]
        if column.if_empty is not None or column.if_absent is not None:
            yield (
                f" is of severity 'safety' and looks at {name!r}, for which the schema takes "
                "something where nothing was written; leave if_empty and if_absent out."
            )
    if "at" in settings:
        yield from _reach(settings, schema.columns[settings["item"]])


def _reach(settings: Mapping[str, Any], item: ColumnSpec) -> Iterator[str]:
    if item.maximum is not None and item.maximum < settings["at"]:
        yield (
            f" looks from {settings['at']:g} on, and {item.name!r} goes up to {item.maximum:g}; "
            "set 'at' to the score from which on somebody must look, and 'rise' to the rise."
        )
    if settings["rise"] <= 0:
        yield f": rise is {settings['rise']:g}; a number above 0 is wanted."


def _items(spec: RuleSpec, settings: Mapping[str, Any], schema: TableSchema) -> Iterator[str]:
    del spec, schema
    if settings.get("total") in list(words_in(settings.get("items"))):
        yield f": {settings['total']!r} is the total and among the items; name the items alone."
    n = len(settings.get("items", ()))
    if "may_be_missing" in settings and settings["may_be_missing"] >= n:
        yield (
            f": may_be_missing is {settings['may_be_missing']}, and there are {n} items; fewer "
            "than that can be missing."
        )


def _item_bounds(spec: RuleSpec, settings: Mapping[str, Any], schema: TableSchema) -> Iterator[str]:
    del spec, schema
    if "item_maximum" not in settings:
        return
    # Of items listed together the bounds of the first are those of all.
    names = [one if isinstance(one, str) else one[0] for one in settings["items"]]
    for key in ("item_minimum", "item_maximum"):
        if isinstance(settings[key], Mapping):
            yield from _keys(key, settings[key], names)
    lows, highs = (
        {name: given[name] if isinstance(given, Mapping) else given for name in names}
        for given in (settings["item_minimum"], settings["item_maximum"])
    )
    for name in names:
        if lows[name] >= highs[name]:
            yield f": {name!r} would lie from {lows[name]} to {highs[name]}; correct the bounds."


def _keys(key: str, given: Mapping[str, int], names: Sequence[str]) -> Iterator[str]:
    for name in given:
        if name not in names:
            yield f": {unknown_word(f'an item of {key}', name, names)}"
    if lacking := [name for name in names if name not in given]:
        yield f": {key} has nothing for {join_words(map(repr, lacking))}; add it."


def _words(spec: RuleSpec, settings: Mapping[str, Any], schema: TableSchema) -> Iterator[str]:
    del spec
    for key, column in _WORDS_OF.items():
        if key not in settings or column not in settings:
            continue
        allowed = schema.columns[settings[column]].allowed
        given = [settings[key]] if isinstance(settings[key], str) else settings[key]
        for word in given if allowed else ():
            if word not in allowed:
                yield f": {unknown_word(f'a word of {key}', word, allowed)}"
