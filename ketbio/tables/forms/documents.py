"""Schemas as documents: the data dictionary as text, Markdown or a page of its own."""

from collections.abc import Callable, Sequence

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.forms.dictionary import describe_rules, describe_schema
from ketbio.tables.forms.dictionary_page import dictionary_page
from ketbio.tables.forms.given import Given, schema_given
from ketbio.tables.forms.scale_words import scale_sentences

EXTRA_WORDS = {
    "refused": "Other columns are refused, unless `ignore` names them.",
    "covariates": "Other columns are kept as covariates.",
    "numbers": "Every other column is a marker and holds numbers.",
}
"""What becomes of columns that a schema does not name."""


def render_schema(
    schema: Given | None = None,
    *,
    format: str = "text",  # noqa: A002
    visits: Sequence[str] | None = None,
) -> str:
    """Return a schema's data dictionary for readers, or the list of schemas.

    Parameters
    ----------
    schema : str, path or TableSchema, optional
        A schema's name, the path of a YAML file or a schema as a study extends it
        (`ketbio.tables.extended_schema`); without it the schemas are listed.
    format : str
        ``"text"``, ``"markdown"`` or ``"html"`` (a page of its own, readable without script).
    visits : sequence of str, optional
        The study's visits, for the words that ``visit`` allows.

    Raises
    ------
    SchemaError
        There is no such schema or format.

    Examples
    --------
    >>> print(render_schema("markers"))
    markers 1.1: Markers of the study's own. One row is a participant at a visit.
    <BLANKLINE>
    participant_id  (text, required)
        Code of the participant in this study. Allowed: text. Written as in the participants table.
    ...
    """
    if format not in SCHEMA_FORMATS:
        raise SchemaError(unknown_word("format", format, SCHEMA_FORMATS))
    of_list, of_schema = _RENDERERS[format]
    return of_list() if schema is None else of_schema(schema_given(schema, visits=visits))


def schema_text(name: Given | None = None) -> str:
    """Return a schema's data dictionary as text: `render_schema` without a format."""
    return render_schema(name)


# -- text ------------------------------------------------------------------------------------
def _text_list() -> str:
    listed = describe_schema().itertuples(index=False, name=None)
    return "\n".join(f"{key:<13} {title}; one row is {row}" for key, title, row in listed)


def _text(schema: TableSchema) -> str:
    lines = [f"{schema.name} {schema.version}: {schema.title}. One row is {schema.one_row}.", ""]
    for spec in describe_schema(schema).to_dict("records"):
        unit = f", {spec['unit']}" if spec["unit"] else ""
        need = "required" if spec["required"] == "yes" else "may be left out"
        lines += [
            f"{spec['column']}  ({spec['type']}, {need})",
            f"    {spec['meaning']}. Allowed: {spec['allowed']}{unit}. {spec['rule']}",
        ]
    if scale := scale_sentences(schema.name):
        lines += ["", *scale]
    lines += ["", "Rules across columns and rows", ""]
    for rule in describe_rules(schema).to_dict("records"):
        lines += [f"{rule['rule']}  ({rule['severity']})", f"    {rule['words']}"]
    return "\n".join([*lines, "", EXTRA_WORDS[schema.extra_columns]])


# -- Markdown --------------------------------------------------------------------------------
def _markdown_list() -> str:
    lines = ["# Incoming tables", "", "| table | title | one row is |", "|---|---|---|"]
    lines += [
        f"| [`{key}`]({key}.md) | {_cell(title)} | {_cell(row)} |"
        for key, title, row in describe_schema().itertuples(index=False, name=None)
    ]
    return "\n".join([*lines, ""])


def _markdown(schema: TableSchema) -> str:
    lines = [
        f"# `{schema.name}`: {_cell(schema.title)}",
        "",
        f"Version {schema.version}. One row is {_cell(schema.one_row)}. "
        f"{EXTRA_WORDS[schema.extra_columns]}",
        "",
        "| column | meaning | type | unit | allowed | required | rule | examples |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for column, *cells in describe_schema(schema).itertuples(index=False, name=None):
        lines.append(f"| `{column}` | {' | '.join(map(_cell, cells))} |")
    if scale := scale_sentences(schema.name):
        lines += ["", "## The scale", "", *(f"- {_cell(sentence)}" for sentence in scale)]
    lines += ["", "## Rules across columns and rows", "", "| rule | severity | in words |"]
    lines.append("|---|---|---|")
    for name, severity, words in describe_rules(schema).itertuples(index=False, name=None):
        lines.append(f"| `{name}` | {severity} | {_cell(words)} |")
    return "\n".join([*lines, ""])


_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\|`*_[]<>"})


def _cell(text: str) -> str:
    """Return text as it stands, with what Markdown would take for a mark escaped."""
    return " ".join(text.split()).translate(_MARKS)


# -- all -------------------------------------------------------------------------------------
def _page_list() -> str:
    return dictionary_page(None)


def _page(schema: TableSchema) -> str:
    return dictionary_page(schema, extra=EXTRA_WORDS[schema.extra_columns])


_RENDERERS: dict[str, tuple[Callable[[], str], Callable[[TableSchema], str]]] = {
    "text": (_text_list, _text),
    "markdown": (_markdown_list, _markdown),
    "html": (_page_list, _page),
}
SCHEMA_FORMATS = tuple(_RENDERERS)
"""How a data dictionary can be rendered."""
