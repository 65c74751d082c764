"""Cells that stand for "no value" without saying so: NA, a full stop, −1, 999, errors of Excel.

Nothing is emptied here: who knows the file names the word, or says that it is meant. A number is
suspected only where it stands apart from all others, so that a column without such a code has
nothing to fear.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ketbio.tables.phrases import missing_if, quoted

_CODES = "na n/a n.a. n.a nan null nil . .. ... - -- --- – — ? ?? #n/a #nv #n/d <na>"
CODE_WORDS = frozenset(_CODES.split())
"""What stands for a missing value in any column, in small letters; never a word of its own."""
PLAIN_WORDS = frozenset(
    {"missing", "unknown", "not known", "not available", "not recorded", "not done", "unk"}
)
"""Words that mostly do, but can be the name of a category."""
NUMBERS = frozenset(
    {-1.0, -9.0, -8.0, -7.0, -99.0, -999.0, -9999.0, -99999.0, -88.0, -77.0, -888.0, -777.0}
    | {77.0, 88.0, 99.0, 777.0, 888.0, 999.0, 7777.0, 8888.0, 9999.0, 99999.0, 999999.0}
    | {96.0, 97.0, 98.0, 996.0, 997.0, 998.0}
    | {99.9, 999.9, -99.9, -999.9}
)
"""Numbers in use as codes for a missing value."""
FEWEST_OTHERS = 5
FEWEST_DIFFERENT = 3
"""With fewer other values, or fewer different ones, they have no spread to stand apart from."""
FEWEST_AT_ALL = 2
APART_ONCE, APART_AGAIN = 2.0, 1.0
"""How many times the range of the others a code lies away: standing once, standing repeatedly."""
_BESIDE_99 = frozenset({96.0, 97.0, 98.0, 996.0, 997.0, 998.0})
_APART_BESIDE_99 = 5.0
"""Codes in use beside 99 and 999 only are as often measured values."""
_TIMES_HIGHEST, _LEAST_BESIDE_FEW = 3.0, 77.0
"""Beside few other values: how many times the largest of them a code lies away, and its size.

A lone -1 or -9 beside few numbers is too often a change for the better."""
_MANY, _RARE = 20, 0.2
_ERROR = re.compile(r"#¡?[A-ZÄÖÜ0-9_/]{2,14}[!?]|#N/A|#N/D|#NV|#GETTING_DATA|Err:[0-9]{3}")


def spreadsheet_error(cell: str) -> str:
    """Return what is wrong with a cell that holds an error of a spreadsheet, empty for others.

    Examples
    --------
    >>> print(spreadsheet_error("#REF!"))
    is '#REF!', an error of the spreadsheet; correct the formula there and save the file again, or
    name it under missing (--missing "#REF!" on the command line) if it means that there is no
    value.
    >>> spreadsheet_error("#1")
    ''
    """
    if not _ERROR.fullmatch(cell):
        return ""
    return (
        f"is {quoted(cell)}, an error of the spreadsheet; correct the formula there and save the "
        f"file again, or {missing_if(cell)}."
    )


def is_code_word(cell: str) -> bool:
    """Return whether a cell is a code for "no value" in whatever column.

    Examples
    --------
    >>> is_code_word("NA"), is_code_word("."), is_code_word("none"), is_code_word("S-1")
    (True, True, False, False)
    """
    return cell.casefold() in CODE_WORDS


def is_missing_word(cell: str) -> bool:
    """Return whether a cell is a code or a plain word for "no value".

    Examples
    --------
    >>> is_missing_word("Unknown"), is_missing_word("n/a"), is_missing_word("serum")
    (True, True, False)
    """
    return is_code_word(cell) or cell.casefold() in PLAIN_WORDS


# -- numbers -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What is known of a column of numbers, enough to see whether a code stands apart.

    Two parts of a column have spreads that `joined` makes one, so that a column can be read in
    parts and in any order.

    Attributes
    ----------
    n, low, high : int, float, float
        How many numbers that are no code there are, the lowest and the highest.
    different : frozenset of float
        At most `FEWEST_DIFFERENT` of them.
    hits : mapping of float to int
        For each code of `NUMBERS` how often it stands there.
    """

    n: int = 0
    low: float = math.inf
    high: float = -math.inf
    different: frozenset[float] = frozenset()
    hits: Mapping[float, int] = field(default_factory=dict)

    def joined(self, other: "Spread") -> "Spread":
        """Return the spread of both parts together."""
        every = sorted(self.different | other.different)[:FEWEST_DIFFERENT]
        codes = {*self.hits, *other.hits}
        return Spread(
            n=self.n + other.n,
            low=min(self.low, other.low),
            high=max(self.high, other.high),
            different=frozenset(every),
            hits={code: self.hits.get(code, 0) + other.hits.get(code, 0) for code in codes},
        )


def spread_of(counts: Mapping[float, int]) -> Spread:
    """Return the spread of a column from its different numbers and how often each is there.

    Examples
    --------
    >>> spread_of({1.4: 2, 2.1: 1, -1.0: 3}).hits
    {-1.0: 3}
    """
    others = {value: n for value, n in counts.items() if value not in NUMBERS}
    return Spread(
        n=sum(others.values()),
        low=min(others, default=math.inf),
        high=max(others, default=-math.inf),
        different=frozenset(sorted(others)[:FEWEST_DIFFERENT]),
        hits={value: n for value, n in counts.items() if value in NUMBERS},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A number that looks like a code for a missing value.

    ``severity`` is ``"error"`` where it stands far apart from all others, and ``"warning"`` where
    there are too few others to be sure, or where it is the only negative number of many, but near.
    ``where`` says how it stands to the others.
    """

    value: float
    severity: str
    where: str
    low: float
    high: float


def suspects(spread: Spread) -> Iterable[Suspect]:
    """Return the numbers of a column that look like codes for a missing value.

    Examples
    --------
    >>> heights = spread_of({1.4: 3, 1.6: 4, 2.1: 3, -1.0: 2})
    >>> [(one.value, one.severity) for one in suspects(heights)]
    [(-1.0, 'error')]
    >>> list(suspects(spread_of({-3.0: 3, 0.5: 4, 2.0: 3, -1.0: 2})))
    []
    """
    if spread.n < FEWEST_AT_ALL:
        return
    has_spread = spread.n >= FEWEST_OTHERS and len(spread.different) >= FEWEST_DIFFERENT
    judge = _beside_spread if has_spread else _beside_few
    for value, times in sorted(spread.hits.items()):
        severity, where = judge(value, times, spread)
        if severity:
            yield Suspect(
                value=value, severity=severity, where=where, low=spread.low, high=spread.high
            )


def _beside_spread(value: float, times: int, spread: Spread) -> tuple[str, str]:
    """Compare with the spread of the others; how often a code is there says nothing against it."""
    far = APART_ONCE if times == 1 else APART_AGAIN
    far = _APART_BESIDE_99 if value in _BESIDE_99 else far
    if _gap(value, spread) > far * (spread.high - spread.low):
        return "error", _FAR
    is_lone_sign = value < 0 <= spread.low and spread.n >= _MANY
    if is_lone_sign and times <= _RARE * spread.n:
        return "warning", "the only number below 0"
    return "", ""


def _beside_few(value: float, _times: int, spread: Spread) -> tuple[str, str]:
    """Compare with the size of the few others."""
    largest = max(abs(spread.low), abs(spread.high))
    is_far = _gap(value, spread) > _TIMES_HIGHEST * largest
    return ("warning", _FAR) if is_far and abs(value) >= _LEAST_BESIDE_FEW else ("", "")


def _gap(value: float, spread: Spread) -> float:
    return max(spread.low - value, value - spread.high)


_FAR = "far from every other value"
