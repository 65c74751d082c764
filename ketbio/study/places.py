"""Where a key stands in a study file, so that a refusal can name its line."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_KEY = re.compile(r"^\s*((?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_.-]+)(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=")


def _parts(dotted: str) -> list[str]:
    return [
        next(group for group in match.groups() if group is not None)
        for match in _PART.finditer(dotted)
    ]


def line_of(text: str, path: Sequence[str | int]) -> int:
    r"""Return the line (from 1) of a key in TOML text; the nearest table's line when not found.

    Parameters
    ----------
    text : str
        The file.
    path : sequence of str or int
        The keys from the top; a number is the place in an array of tables, from 0.

    Examples
    --------
    >>> line_of("a = 1\n[tables.madrs]\nfle = 'x'\n", ["tables", "madrs", "fle"])
    3
    """
    wanted = [part for part in path if isinstance(part, str)]
    at = next((i for i, part in enumerate(path) if isinstance(part, int)), None)
    array = wanted[:at]
    here: list[str] = []
    seen = -1
    best, best_depth = 1, 0
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        key = None if header else _KEY.match(line)
        if header:
            here = _parts(header.group(2))
            seen += header.group(1) == "[[" and here == array
            full = here
        elif key:
            full = here + _parts(key.group(1))
        else:
            continue
        if at is not None and here[: len(array)] == array and seen != path[at]:
            continue  # another table of the array
        depth = _shared(full, wanted)
        if depth > best_depth:
            best, best_depth = number, depth
    return best


def _shared(full: list[str], wanted: list[str]) -> int:
    if full[: len(wanted)] != wanted[: len(full)]:
        return 0
    return min(len(full), len(wanted))
