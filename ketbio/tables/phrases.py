"""Words that complaints share: values cut to a length, hints that fit every way of calling.

The same complaint is read by who wrote a study file and by who called the command line, so a hint
names the key of the study file and the option of the command line.
"""

import re

SHOWN_IN_MESSAGE = 60
"""How many characters of a value a message shows."""
SHOWN_IN_TABLE = 200
"""How many characters of a value the table of complaints shows."""


def cut(text: str, limit: int = SHOWN_IN_MESSAGE) -> str:
    """Return a text of at most ``limit`` characters, ``…`` where more was cut off.

    Examples
    --------
    >>> cut("abcdef", 4), cut("abcd", 4)
    ('abc…', 'abcd')
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def quoted(text: str) -> str:
    """Return a value in quotes, cut for a message.

    Examples
    --------
    >>> quoted("12,5")
    "'12,5'"
    """
    return repr(cut(text))


def missing_hint(word: str) -> str:
    """Return how to say that a word stands for a missing value.

    Examples
    --------
    >>> missing_hint("NA")
    'name it under missing (--missing NA on the command line)'
    """
    short = cut(word)
    shown = short if re.fullmatch(r"[\w./+-]+", short) else f'"{short}"'
    return f"name it under missing (--missing {shown} on the command line)"


def columns_hint(ours: str, incoming: str) -> str:
    """Return how to say which incoming column holds one of ours.

    Examples
    --------
    >>> columns_hint("madrs_total", "MADRS")
    'map it under columns (--columns madrs_total=MADRS on the command line)'
    """
    pair = f"{ours}={incoming}"
    shown = pair if re.fullmatch(r"[\w.@=-]+", pair) else f'"{pair}"'
    return f"map it under columns (--columns {shown} on the command line)"


IGNORE_HINT = "name it under ignore (--ignore on the command line) to leave it out"
VALUES_HINT = "recode it under values in the study file"


def decimal_hint(mark: str) -> str:
    """Return how to set the decimal mark.

    Examples
    --------
    >>> decimal_hint(",")
    "set decimal = ',' (--decimal , on the command line)"
    """
    return f"set decimal = {mark!r} (--decimal {mark} on the command line)"
