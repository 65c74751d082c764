"""The error tree: everything ketbio raises for a user's mistake.

::

    KetbioError                 anything ketbio says on purpose
    ├── FileError               a file cannot be read or written
    │   └── UnreadableTablesError   some tables of a study; carries the checks of the others
    ├── SchemaError             no such schema, or a schema file that cannot be used
    ├── ValidationError         the data have complaints; carries the `Check`
    ├── StudyError              the study file: an unknown key, an impossible plan
    ├── TableError              a table handed to `derive_`/`compare_` lacks what it needs
    ├── StatisticsError         an argument of a test or an interval
    ├── FigureError             a result that cannot be drawn as asked
    └── ReportError             a report that cannot be written

A warning stands beside them: `SafetyWarning`, where a table holds safety complaints.

Each message is one sentence or two: what was found, where, what is allowed, what to do.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

__all__ = [
    "FigureError",
    "FileError",
    "KetbioError",
    "ReportError",
    "SafetyWarning",
    "SchemaError",
    "StatisticsError",
    "StudyError",
    "TableError",
    "UnreadableTablesError",
    "ValidationError",
    "did_you_mean",
    "unknown_word",
]


class KetbioError(Exception):
    """Anything ketbio says on purpose; catch this to catch all of it."""


class FileError(KetbioError):
    """A file cannot be read or written as asked."""


class UnreadableTablesError(FileError):
    """Some tables of a study cannot be read; what the others hold was checked all the same.

    Attributes
    ----------
    checks : dict of str to Check
        The checks of the tables that could be read.
    """

    def __init__(self, message: str, checks: Any = None) -> None:
        super().__init__(message)
        self.checks = checks or {}


class SchemaError(KetbioError):
    """No such schema, or a schema file that cannot be used."""


class ValidationError(KetbioError):
    """The data have complaints of severity ``error``.

    Attributes
    ----------
    check : Check
        The whole check (``check.complaints`` is the table of complaints, one row each).
    """

    def __init__(self, message: str, check: Any = None) -> None:
        super().__init__(message)
        self.check = check


class StudyError(KetbioError):
    """The study file cannot be used: the key, its line and the allowed words are in the message."""


class TableError(KetbioError):
    """A table handed to a function lacks a column or a row that the function needs."""


class StatisticsError(KetbioError):
    """An argument of a statistical function cannot be used."""


class FigureError(KetbioError):
    """A result cannot be drawn as asked."""


class ReportError(KetbioError):
    """A report cannot be written as asked."""


class SafetyWarning(UserWarning):
    """A rating calls for a look at the participant: suicidal thoughts are high, or worse."""


def did_you_mean(word: object, allowed: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for a near miss, else an empty string.

    Parameters
    ----------
    word : object
        What was given.
    allowed : iterable of str
        The words that would have been understood.

    Examples
    --------
    >>> did_you_mean("madrs_totl", ["madrs_total", "visit"])
    " Did you mean 'madrs_total'?"
    >>> did_you_mean("age", ["age_years", "sex"])
    " Did you mean 'age_years'?"
    >>> did_you_mean("xyz", ["madrs_total", "visit"]), did_you_mean("day_15", ["day_1"])
    ('', '')
    """
    # a word with other numbers is another thing (day_15 is not day_1, P08 is not P07)
    numbers = _numbers(str(word))
    by_fold = {name.casefold(): name for name in allowed if _numbers(name) == numbers}
    fold = str(word).casefold()
    near = get_close_matches(fold, by_fold, n=1, cutoff=0.6)
    begun = [name for name in by_fold if name.startswith(f"{fold}_")] if fold else []
    if not near and len(begun) == 1:
        near = begun
    return f" Did you mean {by_fold[near[0]]!r}?" if near else ""


def _numbers(word: str) -> list[int]:
    # Python refuses to read a number of thousands of digits; no word that we know has 20.
    return [int(digits[:20]) for digits in re.findall(r"[0-9]+", word)]


def unknown_word(what: str, given: object, allowed: Iterable[str]) -> str:
    """Return the sentence for a word that is not one of the allowed ones.

    Parameters
    ----------
    what : str
        What the word names, for instance ``"alternative"``.
    given : object
        What was given.
    allowed : iterable of str
        The words that would have been understood.

    Examples
    --------
    >>> unknown_word("alternative", "greter", ["less", "greater"])
    "alternative is 'greter'; allowed: 'less', 'greater'. Did you mean 'greater'?"
    """
    words = list(allowed)
    listed = ", ".join(repr(word) for word in words)
    return f"{what} is {given!r}; allowed: {listed}.{did_you_mean(given, words)}"
