"""A regular expression for a cell → a formula that a spreadsheet program enforces."""

import re
from itertools import groupby

LONGEST_FORMULA = 255
"""What a spreadsheet program takes as the formula of a validation."""
_TOKEN = re.compile(
    r"(?P<class>\[[^\]^\\]+\])|\\(?P<special>[dw.\-+*?()\[\]{}|/^$\\])|(?P<one>[\w \-/:#,;])"
)
_TIMES = re.compile(r"\{(\d{1,2})\}")
_RANGE = re.compile(r"(.)-(.)|(.)", re.DOTALL)
_DIGITS = "0123456789"
_MOST_LETTERS = 64


def pattern_formula(pattern: str, cell: str) -> str:
    r"""Return the formula that holds where a cell is of a form; empty where none can say it.

    Forms of a fixed length can be said: letters, ``[A-Z]``, ``[0-9]``, ``\d``, each with ``{3}``.

    Parameters
    ----------
    pattern : str
        A regular expression for the whole cell.
    cell : str
        The cell, such as ``"A2"``.

    Examples
    --------
    >>> pattern_formula("P[0-9]", "A2")
    'AND(LEN(A2)=2,EXACT(MID(A2,1,1),"P"),ISNUMBER(FIND(MID(A2,2,1),"0123456789")))'
    >>> pattern_formula("P[0-9]+", "A2"), pattern_formula("(A|B)1", "A2")
    ('', '')
    """
    places = _places(pattern)
    if not places:
        return ""
    parts, start = [f"LEN({cell})={len(places)}"], 1
    for is_literal, run in groupby(places, key=lambda letters: len(letters) == 1):
        words = list(run)
        parts += _literal(cell, start, words) if is_literal else _classes(cell, start, words)
        start += len(words)
    formula = f"AND({','.join(parts)})"
    return formula if len(formula) <= LONGEST_FORMULA else ""


def _places(pattern: str) -> list[str]:
    """Return for each place of the text the letters that it can have; empty where not fixed."""
    places: list[str] = []
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return []
        letters = _letters(token)
        at = token.end()
        times = _TIMES.match(pattern, at)
        at = times.end() if times else at
        if not letters or len(letters) > _MOST_LETTERS:
            return []
        places += [letters] * (int(times[1]) if times else 1)
    return places


def _letters(token: "re.Match[str]") -> str:
    if token["one"]:
        return token["one"]
    if token["special"]:
        return {"d": _DIGITS, "w": ""}.get(token["special"], token["special"])
    found = ""
    for first, last, single in _RANGE.findall(token["class"][1:-1]):
        found += single or "".join(map(chr, range(ord(first), ord(last) + 1)))
    return found


def _literal(cell: str, start: int, words: list[str]) -> list[str]:
    return [f'EXACT(MID({cell},{start},{len(words)}),"{"".join(words)}")']


def _classes(cell: str, start: int, words: list[str]) -> list[str]:
    parts = []
    for letters, run in groupby(words):
        n = len(list(run))
        # Array constants are refused in a validation; INDIRECT does not shift with the rows.
        which = f'ROW(INDIRECT("{start}:{start + n - 1}"))' if n > 1 else str(start)
        found = f'FIND(MID({cell},{which},1),"{letters}")'
        parts.append(f"SUMPRODUCT(--ISNUMBER({found}))={n}" if n > 1 else f"ISNUMBER({found})")
        start += n
    return parts
