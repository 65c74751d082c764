"""What is said of a cell or a column that breaks the contract."""

from collections.abc import Collection, Sequence
from typing import Protocol

from ketbio.errors import unknown_word
from ketbio.tables.complaints import KEY_RULES, SAFETY_GAPS, Complaint
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import VALUES_HINT, columns_hint, cut, missing_if, quoted
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.column_words import COLUMN_RULES, not_found_words, wide_words
from ketbio.tables.records.places import complaint_at
from ketbio.tables.records.sentinels import is_missing_word
from ketbio.tables.rules.no_records import NO_RECORDS
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import join_words

CELL_RULES = (
    "required",
    *(rule for rule, _ in KEY_RULES.values()),
    "allowed",
    "pattern",
    "integer",
    "range",
)
"""Of several things wrong with one cell the first in this order is said."""
RESERVED_RULES = (*CELL_RULES, *SAFETY_GAPS, *COLUMN_RULES, *NO_RECORDS, DIRECT_IDENTIFIER)
"""Names by which complaints are told apart, and which no rule of a schema can have."""


class Keys(Protocol):
    """What the study knows of its keys; `ketbio.tables.rules.contract.Known` is one."""

    @property
    def visits(self) -> tuple[str, ...] | None:
        """The study's visits in order."""

    @property
    def participants(self) -> Collection[str] | None:
        """The study's participants."""


def absent_complaint(name: str, records: Records, source: Source, schema: TableSchema) -> Complaint:
    """Return the one complaint of a required column that the file lacks."""
    plan = records.plan
    wide = plan.suggested.wide if name == VISIT else {}
    incoming, near = plan.not_found.get(name), plan.suggested.near.get(name)
    if wide:
        message, near = wide_words(wide), next(iter(wide.values()))
    elif incoming:
        message = not_found_words(source, name, incoming)
    elif near:
        message = (
            f"The file has no column {name!r}; column {quoted(near)} is not known: "
            f"{columns_hint(name, near)}."
        )
    else:
        listed = join_words([quoted(column) for column in source.header[:8]])
        more = " and more" if len(source.header) > 8 else ""
        message = (
            f"The file has no column {name!r}, which {schema.name} needs (found: {listed}{more}). "
            "Name the column that holds it under columns "
            f"(--columns {name}=INCOMING on the command line)."
        )
    everything = tuple(range(len(records.rows)))
    return Complaint(
        rule="missing_column",
        row=source.header_row,
        column=incoming or near or name,
        positions=everything,
        message=message,
        whole_table=True,
        stands_for=next(iter(wide)).partition("@")[0] if wide else "",
    )


def cell_complaint(
    position: int, spec: ColumnSpec, rules: Sequence[str], records: Records, known: Keys
) -> Complaint:
    """Return what is said of a cell that breaks some of the cell rules."""
    rule = min(rules, key=CELL_RULES.index)
    label = records.label(spec.name, position)
    written = records.shown(spec.name, position)
    # A column that the file lacks has what the schema takes for it.
    is_there = spec.name in records.cells
    used = str(records.cells[spec.name].iloc[position]) if is_there else str(spec.if_absent)
    if used != written:
        shown = as_text = f"{quoted(written)}, read as {quoted(used)},"
    else:
        shown, as_text = cut(written), quoted(written)
    messages = {
        "required": f"{label} is empty; every row needs it. Fill it in.",
        "known_visit": KEY_RULES[VISIT][1](label, used, known.visits or ()),
        "known_participant": KEY_RULES[PARTICIPANT_ID][1](label, used, known.participants or ()),
        "allowed": f"{unknown_word(label, cut(used), spec.allowed)} {_word_advice(used)}",
        "pattern": f"{label} is {as_text}; allowed: {spec.allowed_text}. Correct it.",
        "integer": f"{label} is {shown}; allowed: {spec.allowed_text}. {_advice(spec)}",
        "range": f"{label} is {shown}; allowed: {spec.allowed_text}. {_advice(spec)}",
    }
    message = messages[rule]
    return complaint_at(
        records, position, rule=rule, column=spec.name, message=message, together=message
    )


def _word_advice(word: str) -> str:
    if is_missing_word(word):
        return f"Correct it, or {missing_if(word)}, or {VALUES_HINT}."
    return f"Correct it, or {VALUES_HINT}."


def _advice(spec: ColumnSpec) -> str:
    if spec.limit_flag:
        return "Correct it; a level below the limit of quantification is written '<' and the limit."
    return "Correct it." if spec.required else "Correct it, or leave it empty if it is not known."
