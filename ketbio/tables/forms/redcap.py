"""A schema as a REDCap data dictionary: an instrument that can be uploaded."""

import re
from collections.abc import Callable

import pandas as pd

from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.forms.given import fillable_columns
from ketbio.tables.records.days import EARLIEST_YEAR
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

REDCAP_COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
"""The 18 columns of a REDCap data dictionary, in its order."""
LONGEST_NAME = 100
_NOT_A_NAME, _NOT_A_CODE = re.compile(r"[^a-z0-9]+"), re.compile(r"[^A-Za-z0-9]+")
_IN_A_LONGITUDINAL_PROJECT = (
    "In a longitudinal project leave this field out: the event is the visit."
)


def redcap_fields(schema: TableSchema) -> pd.DataFrame:
    """Return a schema as a REDCap data dictionary.

    Words that a column allows become a drop-down list whose codes are the words themselves, or,
    where they hold blanks and hyphens, the words with ``_`` for those. A day is marked as an
    identifier, as REDCap asks for dates; participants have codes, which are none. REDCap knows no
    bound that is itself refused, no patterns, no rules across fields and rows: where a schema has
    those, the checks still find what REDCap let pass.

    Parameters
    ----------
    schema : TableSchema
        The schema; with its visits limited, ``visit`` is a drop-down list.

    Returns
    -------
    DataFrame
        `REDCAP_COLUMNS`, one row per column, that of the participant first (REDCap's record id).

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> fields = redcap_fields(load_schema("madrs")).set_index("Variable / Field Name")
    >>> fields.loc["reduced_sleep", ["Text Validation Type OR Show Slider Number",
    ...                              "Text Validation Min", "Text Validation Max"]].tolist()
    ['integer', '0', '6']
    """
    columns = sorted(fillable_columns(schema), key=lambda spec: spec.name != PARTICIPANT_ID)
    names = field_names([spec.name for spec in columns])
    rows = [
        {
            "Variable / Field Name": name,
            "Form Name": field_names([schema.name])[0],
            "Field Label": spec.meaning + (f" ({spec.unit})" if spec.unit else ""),
            "Field Note": _note(spec),
            "Required Field?": "y" if spec.required else "",
            "Identifier?": "y" if spec.type == "date" else "",
            **_kind(spec)(spec),
        }
        for name, spec in zip(names, columns, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(REDCAP_COLUMNS), dtype="str").fillna("")


def field_names(names: list[str]) -> list[str]:
    """Return names as REDCap takes them: small letters, figures and single ``_``, each once.

    Examples
    --------
    >>> field_names(["IL-6 (pg/mL)", "il_6_pg_ml", "2nd__look_"])
    ['il_6_pg_ml', 'il_6_pg_ml_2', 'x_2nd_look']
    """
    made: list[str] = []
    for name in names:
        plain = _NOT_A_NAME.sub("_", name.casefold()).strip("_")[:LONGEST_NAME] or "x"
        plain = plain if plain[0].isalpha() else f"x_{plain}"[:LONGEST_NAME]
        unique, number = plain, 2
        while unique in made:
            unique = f"{plain[: LONGEST_NAME - 4]}_{number}"
            number += 1
        made.append(unique)
    return made


def _note(spec: ColumnSpec) -> str:
    form = f"Of the form {spec.form or spec.pattern}." if spec.pattern else ""
    visit = _IN_A_LONGITUDINAL_PROJECT if spec.name == VISIT else ""
    return " ".join(words for words in (spec.rule, form, visit) if words)


def _text(_: ColumnSpec) -> dict[str, str]:
    return {"Field Type": "text"}


def _choices(spec: ColumnSpec) -> dict[str, str]:
    codes = [_NOT_A_CODE.sub("_", word).strip("_") for word in spec.allowed]
    if "" in codes or len({code.casefold() for code in codes}) < len(codes):
        codes = [str(number) for number in range(1, len(codes) + 1)]
    # A comma parts a code from its label, a bar one choice from the next.
    labels = [word.replace("|", "/") for word in spec.allowed]
    listed = " | ".join(f"{code}, {label}" for code, label in zip(codes, labels, strict=True))
    return {"Field Type": "dropdown", "Choices, Calculations, OR Slider Labels": listed}


def _flag(_: ColumnSpec) -> dict[str, str]:
    return {"Field Type": "truefalse"}


def _day(_: ColumnSpec) -> dict[str, str]:
    return {
        "Field Type": "text",
        "Text Validation Type OR Show Slider Number": "date_ymd",
        "Text Validation Min": f"{EARLIEST_YEAR}-01-01",
    }


def _number(spec: ColumnSpec) -> dict[str, str]:
    lowest = spec.above if spec.minimum is None else spec.minimum
    return {
        "Field Type": "text",
        "Text Validation Type OR Show Slider Number": spec.type,
        "Text Validation Min": "" if lowest is None else f"{lowest:g}",
        "Text Validation Max": "" if spec.maximum is None else f"{spec.maximum:g}",
    }


_KINDS: dict[str, Callable[[ColumnSpec], dict[str, str]]] = {
    "text": _text,
    "flag": _flag,
    "date": _day,
    "integer": _number,
    "number": _number,
}


def _kind(spec: ColumnSpec) -> Callable[[ColumnSpec], dict[str, str]]:
    if spec.allowed:
        return _choices
    # A field of numbers refuses "<0.5", which the column takes.
    return _text if spec.takes_limits else _KINDS[spec.type]
