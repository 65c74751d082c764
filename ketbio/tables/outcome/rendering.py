"""Checks and schemas as text, JSON or a page."""

import json
from collections.abc import Callable, Sequence
from os import PathLike

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.tables.forms.dictionary import describe_rules, describe_schema
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.check_page import checks_page

_MARKS = {"safety": "SAFETY ", "error": "error  ", "warning": "warning"}


def render_checks(checks: Sequence[Check], *, format: str = "text") -> str:  # noqa: A002
    """Return checks for a reader: the complaints of all tables, safety first, then the counts.

    Parameters
    ----------
    checks : sequence of Check
        One per table.
    format : str
        ``"text"``, ``"json"`` or ``"html"`` (a page of its own).

    Raises
    ------
    SchemaError
        The format is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.tables import check_table
    >>> ages = pd.DataFrame({"participant_id": ["P01", "P02"], "age_years": ["15", "150"]})
    >>> print(render_checks([check_table(ages, "participants")]))
    error   table participants, row 3: age_years is 150; allowed: a number from 0 to 120. Correct
    it, or leave it empty if it is not known.
    participants: 2 records, 1 accepted, 1 rejected; 0 safety complaints, 1 error, 0 warnings.
    """
    if format not in _RENDERERS:
        raise SchemaError(unknown_word("format", format, _RENDERERS))
    return _RENDERERS[format](checks)


def _text(checks: Sequence[Check]) -> str:
    lines = [
        f"{_MARKS[severity]} {sentence}"
        for severity in SEVERITIES
        for check in checks
        for sentence in check.sentences(severity)
    ]
    for check in checks:
        lines.append(check.summary())
        lines += [f"  {note}" for note in check.notes]
    return "\n".join(lines)


def _json(checks: Sequence[Check]) -> str:
    content = [
        {
            "table": check.table,
            "schema": check.schema,
            "file": check.file,
            "sheet": check.sheet,
            "sha256": check.sha256,
            "ok": check.ok,
            "n_incoming": check.n_incoming,
            "n_accepted": len(check.accepted),
            "n_rejected": len(check.rejected),
            "counts": check.counts(),
            "complaints": check.complaints.to_dict("records"),
            "notes": list(check.notes),
        }
        for check in checks
    ]
    return json.dumps(content, ensure_ascii=False, indent=2)


_RENDERERS: dict[str, Callable[[Sequence[Check]], str]] = {
    "text": _text,
    "json": _json,
    "html": checks_page,
}
CHECK_FORMATS = tuple(_RENDERERS)
"""How checks can be rendered."""


def schema_text(name: str | PathLike[str] | None = None) -> str:
    """Return a schema's data dictionary as text, or the list of schemas.

    Parameters
    ----------
    name : str or path, optional
        A schema's name or the path of a YAML file; without it the schemas are listed.

    Raises
    ------
    SchemaError
        There is no such schema.

    Examples
    --------
    >>> print(schema_text())
    bdnf          BDNF levels; one row is a level
    blots         Blot bands; one row is a band in a lane
    madrs         MADRS ratings; one row is a rating
    markers       Markers of the study's own; one row is a participant at a visit
    participants  Participants; one row is a participant
    """
    if name is None:
        listed = describe_schema().itertuples(index=False, name=None)
        return "\n".join(f"{key:<13} {title}; one row is {row}" for key, title, row in listed)
    schema = load_schema(name)
    lines = [f"{schema.name}: {schema.title}. One row is {schema.one_row}.", ""]
    for spec in describe_schema(name).to_dict("records"):
        unit = f", {spec['unit']}" if spec["unit"] else ""
        need = "required" if spec["required"] == "yes" else "may be left out"
        lines += [
            f"{spec['column']}  ({spec['type']}, {need})",
            f"    {spec['meaning']}. Allowed: {spec['allowed']}{unit}. {spec['rule']}",
        ]
    lines += ["", "Rules across columns and rows", ""]
    for rule in describe_rules(name).to_dict("records"):
        lines += [f"{rule['rule']}  ({rule['severity']})", f"    {rule['words']}"]
    return "\n".join([*lines, "", _EXTRA_WORDS[schema.extra_columns]])


_EXTRA_WORDS = {
    "refused": "Other columns are refused, unless `ignore` names them.",
    "covariates": "Other columns are kept as covariates.",
    "numbers": "Every other column is a marker and holds numbers.",
}
