"""Where the safety check could not see: items that cannot be read, columns that were left out.

The rules of severity ``safety`` name the item that they look at, so nothing here knows a scale.
"""

from collections.abc import Collection, Iterator

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import cut, quoted
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.columns import Plan, Wish
from ketbio.tables.records.places import complaint_at
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import join_words

_USUAL_MISSING = {"na", "n/a", "n.a.", "nan", "null", "missing", "nd", "not done", ".", "-", "–"}
# Before any flagged score: what is behind such a cell may be the worst of all.
_FIRST = (-99.0, 0.0)


def safety_items(schema: TableSchema) -> tuple[str, ...]:
    """Return the columns that the safety rules of a schema look at.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> safety_items(load_schema("madrs")), safety_items(load_schema("bdnf"))
    (('suicidal_thoughts',), ())
    """
    rules = [rule for rule in schema.rules if rule.severity == "safety"]
    return tuple(str(rule.settings["item"]) for rule in rules if "item" in rule.settings)


def unsure_ratings(
    records: Records,
    schema: TableSchema,
    *,
    unread: Collection[tuple[int, str]],
    out_of_range: Collection[tuple[int, str]],
) -> Iterator[Complaint]:
    """Complain of the safety items whose score is not known, though something was written.

    Parameters
    ----------
    records : Records
        The incoming records.
    schema : TableSchema
        Names the safety items.
    unread, out_of_range : collection of (int, str)
        Record and column of the cells that cannot be read, and of those outside the range. A cell
        that holds a usual word for "missing" is no unknown score.
    """
    for item in safety_items(schema):
        for position in sorted({i for i, name in (*unread, *out_of_range) if name == item}):
            written = records.shown(item, position)
            is_unread = (position, item) in unread and written.casefold() not in _USUAL_MISSING
            if is_unread or (position, item) in out_of_range:
                yield complaint_at(
                    records,
                    position,
                    rule="safety_unsure",
                    column=item,
                    severity="safety",
                    rank=_FIRST,
                    message=_unsure_words(records, schema.columns[item], position, is_unread),
                )


def _unsure_words(records: Records, spec: ColumnSpec, position: int, is_unread: bool) -> str:
    def key(name: str) -> str:
        return str(records.cells[name].iloc[position]) if name in records.cells else ""

    written = records.shown(spec.name, position)
    shown = f"{quoted(written)}, which" if written else "a formula without a result, which"
    what = "cannot be read" if is_unread else f"is out of range ({spec.allowed_text})"
    who = cut(key(PARTICIPANT_ID)) or "without an id"
    when = key(VISIT) or "a visit without name"
    return (
        f"Participant {who}: {spec.name.replace('_', ' ')} at {when} is {shown} {what}; "
        "look at the original rating now."
    )


def unseen_items(
    source: Source, plan: Plan, schema: TableSchema, wish: Wish
) -> Iterator[Complaint]:
    """Warn of a safety item that the file may have, but that the caller left out or mapped away."""
    for item in _unfed(plan, schema, wish):
        stem = item[:6]  # "suicid": the caller's own name of the column is seldom ours
        for name in source.header:
            away = [ours for (ours, _), incoming in plan.feeds.items() if incoming == name]
            is_item = name == item or (not away and stem in name.casefold())
            if not is_item or (name not in wish.ignore and not away):
                continue
            how = f"mapped to {away[0]} by columns" if away else "left out by ignore"
            yield Complaint(
                rule="safety_unseen",
                row=source.header_row,
                column=name,
                severity="warning",
                message=f"{name} was {how}: the safety check was not done. "
                f"Let it feed {item} if it holds that item.",
            )


def unseen_notes(plan: Plan, schema: TableSchema, wish: Wish) -> Iterator[str]:
    """Note the safety items that the table does not have, or not at every visit."""
    unfed = _unfed(plan, schema, wish)
    for item in unfed:
        yield f"There is no column {item}: the safety check could not be done."
    for item in safety_items(schema):
        fed = {visit for name, visit in plan.feeds if name == item}
        lacking = [visit for visit in plan.visits if visit not in fed]
        if item not in unfed and "" not in fed and item not in wish.constants and lacking:
            listed = join_words(map(repr, lacking))
            yield f"No column feeds {item} at {listed}: the safety check could not be done there."


def _unfed(plan: Plan, schema: TableSchema, wish: Wish) -> list[str]:
    return [
        item
        for item in safety_items(schema)
        if item not in plan.columns and item not in wish.constants
    ]
