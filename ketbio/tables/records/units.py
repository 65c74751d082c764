"""Units as people write them: read, told apart, and numbers taken from one to another."""

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction

from ketbio.vocabulary import UNIT_FAMILIES

_SPELLINGS = {
    "y": "years", "yr": "years", "yrs": "years", "year": "years",
    "mo": "months", "mos": "months", "month": "months",
    "pt": "points", "pts": "points", "point": "points",
}  # fmt: skip
_AMOUNT = re.compile(
    r"(?P<number>[+−-]?(?:[0-9][0-9.,]*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"\s*(?![eE][+−-]?[0-9])(?P<unit>[^\W\d_][^\d<>≤≥=]*(?:[\^]?[-−⁻][1¹])?|%)"
)


def folded_unit(unit: str) -> str:
    """Return a unit without what its spellings differ in.

    Examples
    --------
    >>> {folded_unit(unit) for unit in ("µg/L", "μg / l", "ug per L", "mcg/l", "UG L-1", "ug L⁻¹")}
    {'ug/l'}
    >>> folded_unit("pg_mL"), folded_unit("yrs")
    ('pg/ml', 'years')
    """
    plain = unicodedata.normalize("NFKC", unit).casefold().replace("μ", "u").replace("−", "-")
    plain = re.sub(r"\bmcg\b", "ug", " ".join(plain.split()).rstrip("."))
    plain = re.sub(r"\s*(?:/|_|\bper\b)\s*", "/", plain)
    plain = re.sub(r"^([a-z]+)[\s.·⋅*]+([a-z]+)\s*\^?-1$", r"\1/\2", plain)
    plain = re.sub(r"\s+", "", plain)
    return _SPELLINGS.get(plain, plain)


_KNOWN = {folded_unit(unit): unit for family in UNIT_FAMILIES for unit in family}


def known_unit(unit: str) -> str:
    """Return a unit as ketbio writes it, empty where it knows none of that name.

    Examples
    --------
    >>> known_unit("PG / ml"), known_unit("ug/l"), known_unit("nmol/L")
    ('pg/mL', 'µg/L', '')
    """
    return _KNOWN.get(folded_unit(unit), "")


def units_beside(unit: str) -> tuple[str, ...]:
    """Return the units that can be taken to a column's unit, that one first.

    Examples
    --------
    >>> units_beside("years"), units_beside("points")
    (('years', 'months'), ('points',))
    """
    family: Iterable[str] = next((one for one in UNIT_FAMILIES if unit in one), ())
    return tuple(dict.fromkeys(filter(None, (unit, *family))))


def same_name(unit: str, other: str) -> bool:
    """Return whether two spellings name one unit.

    Examples
    --------
    >>> same_name("ng/mL", "NG / ml"), same_name("points", "pts"), same_name("ng/mL", "µg/L")
    (True, True, False)
    """
    return folded_unit(unit) == folded_unit(other)


def same_amount(unit: str, other: str) -> bool:
    """Return whether two units are the same but for their name.

    Examples
    --------
    >>> same_amount("ng/mL", "µg/L"), same_amount("ng/mL", "pg/mL"), same_amount("points", "points")
    (True, False, True)
    """
    if unit == other:
        return True
    return other in units_beside(unit) and _ratio(unit, other) == 1


def converted(value: float, unit: str, to: str) -> float:
    """Return a number of one unit in another of its kind, rounded once.

    Parameters
    ----------
    value : float
        The number in ``unit``.
    unit, to : str
        Two units of one family of `ketbio.vocabulary.UNIT_FAMILIES`, or one and the same.

    Examples
    --------
    >>> converted(24100.0, "pg/mL", "ng/mL"), converted(24.1, "ng/mL", "pg/mL")
    (24.1, 24100.0)
    """
    if unit == to:
        return value
    ratio = _ratio(unit, to)
    # Every factor is a whole number one way or the other, so that one operation rounds once.
    return value * int(ratio) if ratio >= 1 else value / int(1 / ratio)


def _ratio(unit: str, to: str) -> Fraction:
    family = next(one for one in UNIT_FAMILIES if unit in one and to in one)
    return Fraction(str(family[to])) / Fraction(str(family[unit]))


def parted(cell: str) -> tuple[str, str]:
    """Return the number of a cell and the unit written after it; no unit where there is none.

    Examples
    --------
    >>> parted("24.1 ng/mL"), parted("24100pg/ml"), parted("24.1"), parted("1e-3")
    (('24.1', 'ng/mL'), ('24100', 'pg/ml'), ('24.1', ''), ('1e-3', ''))
    >>> parted("about 3"), parted("3 ng mL-1")
    (('about 3', ''), ('3', 'ng mL-1'))
    """
    found = _AMOUNT.fullmatch(cell)
    return (found["number"], found["unit"].strip()) if found else (cell, "")
