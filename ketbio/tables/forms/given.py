"""The schema that a form is made of: by name, by path, or as a study has it."""

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike

from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.vocabulary import VISIT

Given = str | PathLike[str] | TableSchema
"""A schema's name, the path of a YAML file, or a schema (`ketbio.tables.extended_schema`)."""

EXAMPLE_MARKER = ColumnSpec(
    name="my_marker",
    meaning="A marker of your own: write its name and unit here, for instance il6_pg_ml",
    type="number",
    rule="One column per marker; add as many as there are.",
)


def schema_given(schema: Given, *, visits: Sequence[str] | None = None) -> TableSchema:
    """Return a schema, its visits limited to those of the study where they are given.

    Parameters
    ----------
    schema : str, path or TableSchema
        See `Given`.
    visits : sequence of str, optional
        The study's visits in order.

    Raises
    ------
    SchemaError
        There is no such schema.

    Examples
    --------
    >>> schema_given("madrs", visits=["before", "after"]).columns["visit"].allowed
    ('before', 'after')
    """
    made = schema if isinstance(schema, TableSchema) else load_schema(schema)
    if visits is None or VISIT not in made.columns:
        return made
    visit = replace(made.columns[VISIT], allowed=tuple(visits), examples=tuple(visits[:2]))
    return replace(made, columns={**made.columns, VISIT: visit})


def fillable_columns(schema: TableSchema) -> list[ColumnSpec]:
    """Return the columns to fill in; where every marker is one of its own, an example too."""
    example = [EXAMPLE_MARKER] if schema.extra_columns == "numbers" else []
    return [*schema.columns.values(), *example]


def allowed_words(spec: ColumnSpec) -> tuple[str, ...]:
    """Return the words of a drop-down list, empty where there is none."""
    return ("true", "false") if spec.type == "flag" else spec.allowed
