"""What pyreadstat does not tell of a SAS transport file: whether it is whole, and tagged missings.

The file is a row of cards of 80 bytes. A missing number is its first byte alone, the rest zeros:
``.`` for a plain one, a letter or ``_`` for a tagged one (SAS writes ``.A``).
"""

import re
from collections.abc import Iterator
from typing import Any

_CARD = 80
_MEMBER = b"HEADER RECORD*******MEMB"
_ROWS = re.compile(rb"HEADER RECORD\*{7}OBS(?:V8)? .{54}", re.DOTALL)
_TAG = re.compile(rb"([A-Z_])\0+")


def is_whole_transport(content: bytes) -> bool:
    """Return whether the file ends with a whole card, and its rows have begun."""
    return len(content) % _CARD == 0 and _first_row(content) is not None


def n_tables(content: bytes) -> int:
    """Return how many tables the file holds."""
    return sum(content.startswith(_MEMBER, at) for at in _cards(content, _MEMBER))


def n_transport_rows(content: bytes) -> int | None:
    """Return the number of rows that the file states; version 5 does not."""
    first = _first_row(content)
    card = content[first - _CARD : first] if first is not None else b""
    stated = card[48:].split()[:1]
    is_version_8 = card[20:26] == b"OBSV8 "
    return int(stated[0]) if is_version_8 and stated and stated[0].isdigit() else None


def tagged_missings(content: bytes, about: Any) -> dict[tuple[int, str], str]:
    """Return the tagged missings by row (0-based) and column, as SAS writes them.

    Parameters
    ----------
    content : bytes
        The file.
    about : metadata
        What pyreadstat tells of it.
    """
    widths = [about.variable_storage_width[name] for name in about.column_names]
    start, width = _first_row(content), sum(widths)
    if start is None or not width:
        return {}
    found = {}
    for name, places in _numeric_places(about, widths):
        for row in range((len(content) - start) // width):
            at = start + row * width + places.start
            tag = _TAG.fullmatch(content, at, at + len(places))
            if tag:
                found[row, name] = f".{tag[1].decode()}"
    return found


def _numeric_places(about: Any, widths: list[int]) -> Iterator[tuple[str, range]]:
    at = 0
    for name, width in zip(about.column_names, widths, strict=True):
        if about.readstat_variable_types.get(name) != "string":
            yield name, range(at, at + width)
        at += width


def _first_row(content: bytes) -> int | None:
    card = next((one for one in _ROWS.finditer(content) if one.start() % _CARD == 0), None)
    return None if card is None else card.start() + _CARD


def _cards(content: bytes, beginning: bytes) -> Iterator[int]:
    at = content.find(beginning)
    while at >= 0:
        if at % _CARD == 0:
            yield at
        at = content.find(beginning, at + 1)
