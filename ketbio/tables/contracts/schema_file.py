"""Schema files (``schemas/*.yaml``, or one of the user's own) → `TableSchema`, checked."""

from functools import lru_cache
from importlib import resources
from os import PathLike
from pathlib import Path

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.columns_and_rules import column_from, linked_column, rule_from
from ketbio.tables.contracts.entries import (
    list_of,
    mapping_of,
    refuse_unknown,
    text_of,
)
from ketbio.tables.contracts.schema import (
    EXTRA_COLUMNS,
    TableSchema,
)
from ketbio.tables.contracts.yaml_text import parse_yaml
from ketbio.tables.rules.contract_words import RESERVED_RULES
from ketbio.tables.rules.dry_run import rule_fault

_SCHEMA_KEYS = ("name", "version", "title", "one_row", "extra_columns", "columns", "rules")


def schema_names() -> tuple[str, ...]:
    """Return the names of the schemas that come with ketbio.

    Examples
    --------
    >>> schema_names()
    ('bdi2', 'bdnf', 'blots', 'cadss', 'cdrsr', 'cssrs', 'elisa_plates', 'hamd17', 'madrs',
     'markers', 'participants', 'qids_sr16', 'ymrs')
    """
    folder = resources.files("ketbio.schemas")
    files = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml")))


def load_schema(schema: str | PathLike[str]) -> TableSchema:
    """Return a schema of ketbio by name, or one of the user's own by the path of its YAML file.

    Parameters
    ----------
    schema : str or path
        A name such as ``"madrs"``, or a path that ends in ``.yaml`` or ``.yml``.

    Returns
    -------
    TableSchema
        The schema, checked.

    Raises
    ------
    SchemaError
        There is no such schema, or its file cannot be used; the place is named.

    Examples
    --------
    >>> load_schema("madrs").columns["suicidal_thoughts"].allowed_text
    'a whole number from 0 to 6'
    """
    return _read_schema(*_schema_text(schema))


@lru_cache(maxsize=64)
def _read_schema(text: str, place: str, is_own: bool) -> TableSchema:
    """Read a schema file's text, once: a study, a drop folder or a test asks for it again."""
    schema = _schema_from(parse_yaml(text, place), place)
    if is_own:  # the tests hold those of ketbio
        _refuse_unusable(schema, place)
    return schema


def _schema_text(schema: str | PathLike[str]) -> tuple[str, str, bool]:
    """Return a schema's text, its file's name, and whether it is the user's own."""
    given = str(schema)
    if not given.endswith((".yaml", ".yml")):
        if given not in schema_names():
            raise SchemaError(
                unknown_word("schema", given, schema_names())
                + " A schema of your own is given by the path of its .yaml file."
            )
        name = f"{given}.yaml"
        return (resources.files("ketbio.schemas") / name).read_text(encoding="utf-8"), name, False
    path = Path(given)
    try:
        return path.read_text(encoding="utf-8"), path.name, True
    except FileNotFoundError:
        raise SchemaError(f"There is no schema file {given!r}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError(f"The schema file {given!r} cannot be read: {error}.") from None


def _schema_from(content: object, place: str) -> TableSchema:
    entries = mapping_of(content, place)
    refuse_unknown(entries, _SCHEMA_KEYS, place)
    columns = mapping_of(entries.get("columns"), f"{place}, columns")
    specs = {str(name): column_from(str(name), entry, place) for name, entry in columns.items()}
    if "participant_id" not in specs:
        raise SchemaError(f"{place} has no column 'participant_id'; every table needs that key.")
    extra = str(entries.get("extra_columns", "refused"))
    if extra not in EXTRA_COLUMNS:
        raise SchemaError(f"{place}: " + unknown_word("extra_columns", extra, EXTRA_COLUMNS))
    name = text_of(entries, "name", place, place.rsplit(".", 1)[0])
    return TableSchema(
        name=name,
        version=text_of(entries, "version", place),
        title=text_of(entries, "title", place, name),
        one_row=text_of(entries, "one_row", place, "a row"),
        extra_columns=extra,
        columns={key: linked_column(spec, specs, place) for key, spec in specs.items()},
        rules=tuple(rule_from(entry, place) for entry in list_of(entries, "rules", place)),
    )


def _refuse_unusable(schema: TableSchema, place: str) -> None:
    names = [rule.name for rule in schema.rules]
    for rule in schema.rules:
        if names.count(rule.name) > 1 or rule.name in RESERVED_RULES:
            raise SchemaError(f"{place}: there are two rules {rule.name!r}; rename yours.")
        if fault := rule_fault(rule, schema):
            said = fault.removeprefix(f"{schema.name}, ").removeprefix(f"{schema.name}: ")
            raise SchemaError(f"{place}: {said}")
