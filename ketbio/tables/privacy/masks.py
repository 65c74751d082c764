"""What stands in place of a value that must not be repeated."""

DIRECT_IDENTIFIER = "direct_identifier"
"""The rule of complaints about direct identifiers; a file with one is not checked further."""
REMOVED = "[not shown]"
"""Stands for a value that must not be repeated."""
_BEGINNING = "[not shown"
OLD_DAY = "[not shown, a day long ago]"
"""Stands for a day among the study's days that may be one of birth."""


def masked_code(row: int) -> str:
    """Return what stands for a person's code: the first row of it, so that two stay two.

    Examples
    --------
    >>> masked_code(5)
    '[not shown, row 5]'
    """
    return f"{_BEGINNING}, row {row}]"


def masked_header(number: int) -> str:
    """Return what stands for a column name.

    Examples
    --------
    >>> masked_header(2)
    '[not shown, column 2]'
    """
    return f"{_BEGINNING}, column {number}]"


def is_masked(text: str) -> bool:
    """Return whether a text stands for one that is not shown.

    Examples
    --------
    >>> is_masked("[not shown, row 5]"), is_masked("P05")
    (True, False)
    """
    return text.startswith(_BEGINNING)
