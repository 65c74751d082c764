"""In what manner the cells of a file are written: what reading them has to be told."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.records.days import DATE_ORDERS

MARKS = {".": "point", ",": "comma"}
"""Decimal marks and their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How cells are written.

    Attributes
    ----------
    decimal : str
        Decimal mark of numbers written as text, a key of `MARKS`.
    date_order : str or None
        A key of `DATE_ORDERS`; None where nobody said.
    limits : mapping of str to float
        Word, as `folded_limit` has it → the limit that it stands for, in the unit of the column.
    """

    decimal: str = "."
    date_order: str | None = None
    limits: Mapping[str, float] = field(default_factory=dict)


def manner_of(
    *, decimal: str = ".", date_order: str | None = None, limits: Mapping[str, float] | None = None
) -> Manner:
    """Return how cells are written, checked.

    Parameters
    ----------
    decimal, date_order, limits
        As for `ketbio.tables.check_table`.

    Raises
    ------
    SchemaError
        One of them is not what is allowed.

    Examples
    --------
    >>> manner_of(limits={"< LOD": 0.5}).limits
    {'<lod': 0.5}
    """
    if decimal not in MARKS:
        raise SchemaError(f"decimal is {decimal!r}; allowed: '.' (point) or ',' (comma).")
    if date_order is not None and date_order not in DATE_ORDERS:
        raise SchemaError(unknown_word("date_order", date_order, DATE_ORDERS))
    for word, limit in (limits or {}).items():
        is_number = isinstance(limit, int | float) and not isinstance(limit, bool)
        if not is_number or not math.isfinite(limit) or limit <= 0:
            raise SchemaError(f"limits: {word!r} = {limit!r}; a number above 0 is wanted.")
    folded = {folded_limit(str(word)): float(limit) for word, limit in (limits or {}).items()}
    return Manner(decimal=decimal, date_order=date_order, limits=folded)


def folded_limit(word: str) -> str:
    """Return a word for a limit without case, blanks and full stops.

    Examples
    --------
    >>> folded_limit("n. d."), folded_limit("Below LLOQ"), folded_limit("> ULOQ")
    ('nd', 'belowlloq', '>uloq')
    """
    return re.sub(r"[\s._]+", "", word.casefold())
