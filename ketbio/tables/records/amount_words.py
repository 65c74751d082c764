"""What to do with a cell of a number column that is no number: thousands, a remark beside it."""

import re

from ketbio.tables.phrases import missing_if, quoted
from ketbio.tables.records.manner import MARKS

_MARKS = {**MARKS, " ": "blank", "\u00a0": "blank", "\u202f": "blank", "'": "apostrophe",
          "’": "apostrophe"}  # fmt: skip
_GROUPED = re.compile(
    rf"(?P<whole>[+-]?[0-9]{{1,3}}(?P<mark>[{''.join(_MARKS)}])[0-9]{{3}}"
    r"(?P<rest>(?:(?P=mark)[0-9]{3})*))(?:(?!(?P=mark))[.,](?P<decimals>[0-9]+))?"
)


def correct_or_missing(cell: str) -> str:
    """Return what to do with a cell that is no number: where a digit stands, a value does.

    Examples
    --------
    >>> print(correct_or_missing("20*"))
    correct it: write the number alone, and a remark in a column of its own
    >>> print(correct_or_missing("lost"))
    correct it, or name it under missing (--missing lost on the command line) if it means that there
    is no value
    """
    if any(letter.isdigit() for letter in cell):
        return "correct it: write the number alone, and a remark in a column of its own"
    return f"correct it, or {missing_if(cell)}"


def thousands_words(written: str, decimal: str, *, cell: str = "") -> str:
    """Return what is wrong with a number whose thousands are set apart, empty for others.

    Parameters
    ----------
    written : str
        The number; a lone ``1.234`` is left alone, since its mark may be that of decimals.
    decimal : str
        The decimal mark of the file.
    cell : str
        The whole cell, where a unit stands behind the number.

    Examples
    --------
    >>> print(thousands_words("1.234,5", ","))
    is '1.234,5'; write 1234,5; the point is a thousands mark.
    >>> thousands_words("1.234", ",")
    ''
    """
    found = _GROUPED.fullmatch(written)
    is_sure = found and (found["rest"] or found["decimals"] or found["mark"] not in MARKS)
    if not found or not is_sure:
        return ""
    plain = found["whole"].replace(found["mark"], "")
    plain += f"{decimal}{found['decimals']}" if found["decimals"] else ""
    return (
        f"is {quoted(cell or written)}; write {(cell or written).replace(written, plain)}; the "
        f"{_MARKS[found['mark']]} is a thousands mark."
    )
