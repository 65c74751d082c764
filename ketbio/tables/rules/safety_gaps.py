"""Where the safety check could not see: items that cannot be read, columns that were left out.

The rules of severity ``safety`` name the item that they look at, so nothing here knows a scale.
"""

import re
from collections.abc import Collection, Iterator

import pandas as pd

from ketbio.tables.complaints import NOT_DONE, UNSEEN, UNSURE, Complaint
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import cut, quoted
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.columns import Plan, Wish
from ketbio.tables.records.places import complaint_at
from ketbio.tables.rules.registry import rule_columns
from ketbio.tables.rules.safety import item_words
from ketbio.tables.rules.safety_names import is_item_name, is_item_number
from ketbio.vocabulary import PARTICIPANT_ID, SUICIDALITY_ALERT_AT, VISIT
from ketbio.wording import count_of, join_words

_USUAL_MISSING = {"na", "n/a", "n.a.", "nan", "null", "missing", "nd", "not done", ".", "-", "–"}
_NO_SCORE = "No score of"
_LOOK = "look at the original rating now."
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
    columns = [name for rule in rules for name in rule_columns(rule.settings, schema)]
    return tuple(dict.fromkeys(name for name in columns if name not in (PARTICIPANT_ID, VISIT)))


def alert_scores(schema: TableSchema) -> dict[str, float]:
    """Return the score of each item of suicidality from which on somebody must look.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> alert_scores(load_schema("madrs"))
    {'suicidal_thoughts': 4}
    """
    return {
        str(rule.settings["item"]): rule.settings.get("at", SUICIDALITY_ALERT_AT)
        for rule in schema.rules
        if rule.severity == "safety" and "item" in rule.settings
    }


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
                what = _unsure_words(written, schema.columns[item], is_unread=is_unread)
                yield _unsure(records, position, item, what)


def _unsure(records: Records, position: int, item: str, what: str) -> Complaint:
    """Return the complaint of a score of which it is not sure what it is."""
    return complaint_at(
        records,
        position,
        rule=UNSURE,
        column=item,
        severity="safety",
        rank=_FIRST,
        message=f"{_whose(records, item, position)} is {what}; {_LOOK}",
    )


def _unsure_words(written: str, spec: ColumnSpec, *, is_unread: bool) -> str:
    shown = f"{quoted(written)}, which" if written else "a formula without a result, which"
    what = "cannot be read" if is_unread else f"is out of range ({spec.allowed_text})"
    return f"{shown} {what}"


def _whose(records: Records, item: str, position: int) -> str:
    def key(name: str) -> str:
        return str(records.cells[name].iloc[position]) if name in records.cells else ""

    who = cut(key(PARTICIPANT_ID)) or "without an id"
    return f"Participant {who}: {item_words(item)} at {key(VISIT) or 'a visit without name'}"


def recoded_ratings(records: Records, schema: TableSchema, wish: Wish) -> Iterator[Complaint]:
    """Complain of ratings at the alert's score that the caller's words empty or lower.

    Parameters
    ----------
    records : Records
        The incoming records.
    schema : TableSchema
        Names the safety items.
    wish : Wish
        Its ``values``, ``missing`` and ``missing_in``. Where ``values`` names every score of the
        item, the file has a code of its own, and what it names is taken for the score.
    """
    for item, alert in alert_scores(schema).items():
        spec = schema.columns[item]
        if item not in records.cells or item in wish.constants:
            continue
        named = {score_of(str(one)) for one in wish.values.get(item, {}).values()}
        scores = range(int(spec.minimum or 0), int(spec.maximum or 0) + 1)
        is_own_code = set(map(float, scores)) <= named
        cells = zip(records.written[item], records.cells[item], strict=True)
        for position, (written, read) in enumerate(cells):
            score, taken = score_of(written), score_of(read)
            if score is None or not alert <= score <= (spec.maximum or score):
                continue
            is_lowered = taken is not None and taken < alert and not is_own_code
            if is_lowered or not read:
                how = f"values takes for {quoted(read)}" if read else "is taken as missing"
                what = f"{quoted(written.strip())} in the file, which {how}"
                yield _unsure(records, position, item, what)


def score_of(cell: str) -> float | None:
    """Return the number that a cell holds, None for any other.

    Examples
    --------
    >>> score_of(" 5,0 "), score_of("5 (plan)"), score_of("")
    (5.0, None, None)
    """
    word = cell.strip().replace(",", ".")
    return float(word) if re.fullmatch(r"\+?[0-9]+(?:\.[0-9]*)?", word) else None


def unseen_items(
    source: Source, plan: Plan, schema: TableSchema, wish: Wish
) -> Iterator[Complaint]:
    """Warn of a safety item that the file may have, but that the caller left out or mapped away."""
    for item in _unfed(plan, schema, wish):
        for name in source.header:
            away = [ours for (ours, _), incoming in plan.feeds.items() if incoming == name]
            if name in away:
                continue  # it is what its name says
            is_item = name == item or is_item_number(name, item, schema)
            is_item = is_item or (not away and is_item_name(name, item))
            if not is_item:
                continue
            how = "not taken, since no column of ours has that name"
            if away or name in wish.ignore:
                how = f"mapped to {away[0]} by columns" if away else "left out by ignore"
            yield Complaint(
                rule=UNSEEN,
                row=source.header_row,
                column=name,
                severity="warning",
                message=f"{name} was {how}: the safety check was not done. "
                f"Let it feed {item} if it holds that item.",
            )
    for item in safety_items(schema):
        if item in wish.constants:
            yield from _behind_constant(source, plan, schema, item)


def _behind_constant(
    source: Source, plan: Plan, schema: TableSchema, item: str
) -> Iterator[Complaint]:
    """Warn of a column of the item whose cells a constant of the caller's stands for."""
    feeding = {incoming for (ours, _), incoming in plan.feeds.items() if ours == item}
    away = set(plan.feeds.values()) - feeding
    for name in source.header:
        is_item = name in feeding or is_item_number(name, item, schema) or is_item_name(name, item)
        if is_item and name not in away:
            yield Complaint(
                rule=UNSEEN,
                row=source.header_row,
                column=name,
                severity="warning",
                message=f"constants has one value for {item}, so that the column {name} was not "
                "looked at: the safety check was not done. Leave the constant out if the column "
                "holds that item.",
            )


def unseen_notes(plan: Plan, schema: TableSchema, wish: Wish) -> Iterator[str]:
    """Note the safety items that the table does not have, or not at every visit."""
    unfed = _unfed(plan, schema, wish)
    for item in unfed:
        yield f"There is no column {item}: {NOT_DONE}."
    for item in safety_items(schema):
        if item in wish.constants:
            yield f"{item} is one constant for all, and no rating: {NOT_DONE}."
        elif item not in unfed and (lacking := _lacking_visits(item, plan)):
            listed = join_words(map(repr, lacking))
            yield f"No column feeds {item} at {listed}: {NOT_DONE} there."


def _lacking_visits(item: str, plan: Plan) -> list[str]:
    fed = {visit for name, visit in plan.feeds if name == item}
    return [] if "" in fed else [visit for visit in plan.visits if visit not in fed]


def unrated_note(item: str, n: int) -> str:
    """Return the note on records that say something else, and nothing of a safety item."""
    return f"{_NO_SCORE} {item} in {count_of(n, 'record')}: {NOT_DONE} there."


def is_unrated_note(note: str) -> bool:
    """Return whether a note is that of `unrated_note`."""
    return note.startswith(_NO_SCORE)


def unrated_notes(
    frame: pd.DataFrame, plan: Plan, schema: TableSchema, wish: Wish
) -> Iterator[str]:
    """Note how many typed records have other numbers, but nothing of a safety item."""
    for item in fed_items(plan, schema, wish):
        if not _lacking_visits(item, plan):
            others = [name for name in number_columns(schema, item) if name in frame]
            is_rated = frame[others].notna().any(axis=1) if others else True
            if n := int((frame[item].isna() & is_rated).sum()):
                yield unrated_note(item, n)


def fed_items(plan: Plan, schema: TableSchema, wish: Wish) -> list[str]:
    """Return the safety items that the file has a column for."""
    unfed = (*_unfed(plan, schema, wish), *wish.constants)
    return [item for item in safety_items(schema) if item not in unfed]


def number_columns(schema: TableSchema, item: str) -> list[str]:
    """Return the columns of numbers beside a safety item, by which a record is seen to be one."""
    kinds = ("number", "integer")
    return [name for name, spec in schema.columns.items() if spec.type in kinds and name != item]


def _unfed(plan: Plan, schema: TableSchema, wish: Wish) -> list[str]:
    return [
        item
        for item in safety_items(schema)
        if item not in plan.columns and item not in wish.constants
    ]
