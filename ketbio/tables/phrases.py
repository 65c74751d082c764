"""Words that complaints share: values cut to a length, hints that fit every way of calling.

The same complaint is read by who wrote a study file and by who called the command line, so a hint
names the key of the study file and the option of the command line.
"""

import re
from collections.abc import Iterable

from ketbio.wording import join_words

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


LISTED = 5
"""How many rows or words a message lists in full; of more it shows `BEFORE_MORE`."""
BEFORE_MORE = 3


def listed_words(words: Iterable[str]) -> str:
    """Return words as a list in a sentence, cut where it grows long.

    Examples
    --------
    >>> listed_words(["a", "b"]), listed_words("abcdefg")
    ('a and b', 'a, b, c and 4 more')
    """
    items = list(words)
    if len(items) <= LISTED:
        return join_words(items)
    return join_words([*items[:BEFORE_MORE], f"{len(items) - BEFORE_MORE:,} more"])


def listed_rows(rows: Iterable[int]) -> str:
    """Return the rows of a spreadsheet as a message names them, each once and in order.

    Examples
    --------
    >>> listed_rows([4, 2, 2]), listed_rows([7]), listed_rows(range(2, 1002))
    ('rows 2 and 4', 'row 7', 'rows 2, 3, 4 and 997 more')
    """
    numbers = sorted(set(map(int, rows)))
    return f"{'row' if len(numbers) == 1 else 'rows'} {listed_words(map(str, numbers))}"


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


def missing_if(word: str) -> str:
    """Return `missing_hint` with the condition that the reader has to judge.

    Examples
    --------
    >>> missing_if("NA")
    'name it under missing (--missing NA on the command line) if it means that there is no value'
    """
    return f"{missing_hint(word)} if it means that there is no value"


def columns_hint(ours: str, incoming: str) -> str:
    """Return how to say which incoming column holds one of ours.

    Examples
    --------
    >>> columns_hint("madrs_total", "MADRS")
    'map it under columns (--columns madrs_total=MADRS on the command line)'
    """
    return f"map it under columns ({column_option(ours, incoming)} on the command line)"


def column_option(ours: str, incoming: str) -> str:
    """Return the option of the command line that says which incoming column holds one of ours.

    Examples
    --------
    >>> print(column_option("visit", "Time point"))
    --columns "visit=Time point"
    """
    pair = f"{ours}={incoming}"
    shown = pair if re.fullmatch(r"[\w.@=-]+", pair) else f'"{pair}"'
    return f"--columns {shown}"


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


def date_order_hint(order: str = "") -> str:
    """Return how to say in which order the numbers of a day stand.

    Examples
    --------
    >>> date_order_hint("dmy")
    "set date_order = 'dmy' (--date-order dmy on the command line)"
    >>> date_order_hint()
    "set date_order to 'dmy' or 'mdy' (--date-order on the command line)"
    """
    if order:
        return f"set date_order = {order!r} (--date-order {order} on the command line)"
    return "set date_order to 'dmy' or 'mdy' (--date-order on the command line)"


def limits_hint(word: str) -> str:
    """Return how to say which limit a word stands for.

    Examples
    --------
    >>> limits_hint("LOD")
    'name it and its limit under limits (--limit LOD=NUMBER on the command line)'
    """
    short = cut(word)
    shown = f"{short}=NUMBER" if re.fullmatch(r"[\w.+-]+", short) else f'"{short}=NUMBER"'
    return f"name it and its limit under limits (--limit {shown} on the command line)"


def missing_in_hint(column: str, word: str) -> str:
    """Return how to say that a word of one column stands for a missing value.

    Examples
    --------
    >>> missing_in_hint("height_m", "-1")
    'missing_in = { height_m = ["-1"] } (--missing-in height_m=-1 on the command line)'
    """
    short = cut(word)
    pair = f"{column}={short}"
    shown = pair if re.fullmatch(r"[\w.+=-]+", pair) else f'"{pair}"'
    return f'missing_in = {{ {column} = ["{short}"] }} (--missing-in {shown} on the command line)'


def recode_hint(column: str, word: str, ours: str) -> str:
    """Return how to recode a word of one column in the study file.

    Examples
    --------
    >>> recode_hint("visit", "D14", "day_14")
    'values = { visit = { "D14" = "day_14" } }'
    """
    return f'values = {{ {column} = {{ "{cut(word)}" = "{ours}" }} }}'
