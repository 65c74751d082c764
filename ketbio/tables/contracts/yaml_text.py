"""The YAML of a schema file → mappings and lists; a key that stands there twice is refused."""

from collections.abc import Hashable
from typing import Any

import yaml

from ketbio.errors import SchemaError
from ketbio.tables.phrases import cut

# Beside its own errors the library lets through those of values such as the day 2026-13-01 or
# "!!bool maybe".
_UNREADABLE = (
    yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError,
)  # fmt: skip


class _TwiceError(Exception):
    """A key that stands twice in one mapping, of which YAML would take the last in silence."""


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    raise _TwiceError(f"line {key.start_mark.line + 1}: {cut(key.value)!r}")
                seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep=deep)


def parse_yaml(text: str, place: str) -> object:
    r"""Return what a YAML text says.

    Parameters
    ----------
    text : str
        The text.
    place : str
        The file's name.

    Raises
    ------
    SchemaError
        It cannot be read, or a key stands twice in one place.

    Examples
    --------
    >>> parse_yaml("name: sleep\nrules: []", "own.yaml")
    {'name': 'sleep', 'rules': []}
    >>> parse_yaml("name: sleep\nname: naps", "own.yaml")
    Traceback (most recent call last):
    ketbio.errors.SchemaError: own.yaml, line 2: 'name' stands there twice; join the two.
    """
    try:
        loader = _Loader(text)
        loader.name = place
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except _TwiceError as twice:
        raise SchemaError(f"{place}, {twice} stands there twice; join the two.") from None
    except _UNREADABLE as error:
        where = " ".join(str(error).split())
        raise SchemaError(f"{place} is not readable as YAML: {where}.") from None
