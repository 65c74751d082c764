"""A cell of a number column → a number, a limit that it lies below or above, or what is wrong.

Exactly one of the three, for any text that is not empty.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.phrases import decimal_hint, limits_hint, missing_hint, quoted
from ketbio.tables.records.amount_words import correct_or_missing, thousands_words
from ketbio.tables.records.manner import MARKS, Manner, folded_limit
from ketbio.tables.records.sentinels import spreadsheet_error
from ketbio.tables.records.units import (
    converted,
    parted,
    same_amount,
    same_name,
    units_beside,
)
from ketbio.wording import join_words

BELOW, ABOVE = "below", "above"
ROWS_OWN = float("nan")
"""Stands for the limit of a cell whose word only says that there is one."""

_SAID_BELOW = (
    "lod llod loq lloq blq bql blod bloq blloq oor< undetectable undetected notdetected belowlod "
    "notdetectable belowloq belowlloq belowlimit belowdetection belowdetectionlimit belowrange"
)
_SAID_ABOVE = (
    "uloq aloq alq aql auloq oor> overflow ovrflw overrange aboveuloq aboverange abovelimit"
)
_BELOW_WORDS, _ABOVE_WORDS = frozenset(_SAID_BELOW.split()), frozenset(_SAID_ABOVE.split())
_UNSURE_WORDS = frozenset({"nd", "n/d"})
_SIGNED = re.compile(r"(?P<sign><=|>=|[<>≤≥])\s*(?P<rest>.*)", re.DOTALL)
_SIDES = {"<": BELOW, ">": ABOVE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A cell of a number column, read; numbers are in the unit of the schema's column.

    Attributes
    ----------
    value : float or None
        The number.
    side : str
        `BELOW` or `ABOVE` a limit, else empty.
    limit : float or None
        That limit; `ROWS_OWN` where the cell holds a word and no number.
    unit : str
        The unit that the number was taken from.
    has_unit : bool
        Whether the cell itself names its unit.
    problem : str
        What is wrong with it, to be put after the column's name.
    """

    value: float | None = None
    side: str = ""
    limit: float | None = None
    unit: str = ""
    has_unit: bool = False
    problem: str = ""


def read_number(cell: str, *, decimal: str = ".") -> float | None:
    """Return a number as written with that decimal mark, else None.

    Parameters
    ----------
    cell : str
        Trimmed text.
    decimal : str
        ``"."`` or ``","``.

    Examples
    --------
    >>> read_number("12.5"), read_number("12,5"), read_number("12,5", decimal=",")
    (12.5, None, 12.5)
    >>> read_number("−3"), read_number("1e3"), read_number("nan"), read_number("1_000")
    (-3.0, 1000.0, None, None)
    """
    plain = cell.replace("−", "-")
    if not _number_form(decimal).fullmatch(plain):
        return None
    value = float(plain.replace(decimal, "."))
    return value if np.isfinite(value) else None


@lru_cache
def _number_form(decimal: str) -> re.Pattern[str]:
    mark = re.escape(decimal)
    return re.compile(rf"[+-]?([0-9]+({mark}[0-9]*)?|{mark}[0-9]+)([eE][+-]?[0-9]+)?")


def read_amount(cell: str, spec: ColumnSpec, manner: Manner, *, header_unit: str = "") -> Amount:
    """Return what a filled cell of a number column says.

    Parameters
    ----------
    cell : str
        Trimmed text, not empty.
    spec : ColumnSpec
        The column's schema.
    manner : Manner
        How cells are written.
    header_unit : str
        The unit that the column's name in the file states, where it does.

    Examples
    --------
    >>> spec = ColumnSpec(name="x", meaning="", type="number", unit="ng/mL", limit_flag="low")
    >>> read_amount("24100 pg/ml", spec, Manner()).value
    24.1
    >>> found = read_amount("<0.5", spec, Manner())
    >>> found.side, found.limit, found.value
    ('below', 0.5, None)
    """
    named = manner.limits.get(folded_limit(cell)) if manner.limits else None
    if named is not None and (side := _side_of_word(cell, spec)):
        limit, unit = _in_own_unit(named, header_unit, spec)
        return Amount(side=side, limit=limit, unit=unit)
    plain = None if header_unit else read_number(cell, decimal=manner.decimal)
    if plain is not None:
        return Amount(value=plain)
    signed = _SIGNED.fullmatch(cell)
    if signed:
        found = _bound_amount(signed, cell, spec, manner, header_unit)
    else:
        found = _plain_amount(cell, cell, spec, manner, header_unit)
    if found is not None:
        return found
    if side := _side_of_word(cell, spec, only_known=True):
        return Amount(side=side, limit=ROWS_OWN)
    return Amount(problem=_not_a_number(cell, spec, manner.decimal))


def _bound_amount(
    signed: "re.Match[str]", cell: str, spec: ColumnSpec, manner: Manner, header_unit: str
) -> Amount | None:
    """Read a number behind ``<`` or ``>``, where the column takes such a limit."""
    side = _SIDES.get(signed["sign"], "")
    if not side or not _flag_of(spec, side):
        return None
    found = _plain_amount(signed["rest"], cell, spec, manner, header_unit)
    if found is None or found.problem:
        return found
    is_limit = found.value is not None and found.value > 0
    return replace(found, side=side, limit=found.value, value=None) if is_limit else None


def _plain_amount(
    text: str, cell: str, spec: ColumnSpec, manner: Manner, header_unit: str
) -> Amount | None:
    """Read a number with or without a unit after it; None where it is none."""
    number, written = parted(text) if spec.unit else (text, "")
    value = read_number(number, decimal=manner.decimal)
    if value is None:
        swapped = ""
        if written:
            swapped = _other_mark(number, manner.decimal, cell=cell)
            swapped = swapped or thousands_words(number, manner.decimal, cell=cell)
        return Amount(problem=swapped, has_unit=True) if swapped else None
    if written:
        return _with_unit(value, written, cell, spec, header_unit)
    if header_unit and header_unit not in units_beside(spec.unit):
        return Amount(problem=_foreign_words(header_unit, spec))
    value, unit = _in_own_unit(value, header_unit, spec)
    return Amount(value=value, unit=unit)


def _with_unit(value: float, written: str, cell: str, spec: ColumnSpec, header_unit: str) -> Amount:
    """Take a number from the unit that its cell names to that of the schema."""
    allowed = units_beside(spec.unit)
    unit = next((one for one in allowed if same_name(one, written)), "")
    problem = ""
    if not unit:
        problem = (
            f"is {quoted(cell)}, in {quoted(written)}; allowed: a number in "
            f"{join_words(allowed, last='or')}. Convert it, or correct the unit."
        )
    elif header_unit and not same_amount(unit, header_unit):
        problem = (
            f"is {quoted(cell)}, in {unit}, but the column's name says {header_unit}; "
            "correct one of them."
        )
    if problem:
        return Amount(problem=problem, has_unit=True)
    return Amount(value=converted(value, unit, spec.unit), unit=unit, has_unit=True)


def _in_own_unit(value: float, header_unit: str, spec: ColumnSpec) -> tuple[float, str]:
    if header_unit and header_unit in units_beside(spec.unit):
        return converted(value, header_unit, spec.unit), header_unit
    return value, ""


# -- limits ----------------------------------------------------------------------------------
def _flag_of(spec: ColumnSpec, side: str) -> str:
    return {BELOW: spec.limit_flag, ABOVE: spec.above_flag}[side]


def _side_of_word(cell: str, spec: ColumnSpec, *, only_known: bool = False) -> str:
    """Return on which side of a limit a word says that a level lies, empty where it says neither.

    A word of the caller's own is below, unless it begins with ``>``.
    """
    word = folded_limit(cell)
    side = _SIDES.get(word[:1], "")
    bare = word[1:] if side else word
    if bare in _ABOVE_WORDS and side != BELOW:
        side = ABOVE
    elif bare in _BELOW_WORDS and side != ABOVE:
        side = BELOW
    elif only_known:
        return ""
    side = side or BELOW
    return side if _flag_of(spec, side) else ""


# -- what is said of a cell that is no number --------------------------------------------------
def _not_a_number(cell: str, spec: ColumnSpec, decimal: str) -> str:
    if error := spreadsheet_error(cell):
        return error
    if spec.limit_flag and (said := _limit_words(cell, spec, decimal)):
        return said
    if swapped := _other_mark(cell, decimal) or thousands_words(cell, decimal):
        return swapped
    return f"is {quoted(cell)}, not {spec.allowed_text}; {correct_or_missing(cell)}."


def _foreign_words(header_unit: str, spec: ColumnSpec) -> str:
    return (
        f"is in {quoted(header_unit)} by its name; allowed: numbers in "
        f"{join_words(units_beside(spec.unit), last='or')}. Convert them, or correct the name."
    )


def _limit_words(cell: str, spec: ColumnSpec, decimal: str) -> str:
    or_equal = re.match(r"≤|<=|≥|>=", cell)
    if or_equal:
        sign, beside = ("<", "below a") if or_equal[0] in "≤<=" else (">", "above an upper")
        limit = cell.removeprefix(or_equal[0]).strip()
        return (
            f"is {quoted(cell)}; a level {beside} limit of quantification is written with "
            f"{sign!r}: write {sign}{limit}."
        )
    if cell.startswith(">") and not _other_mark(cell, decimal) and not spec.above_flag:
        return (
            f"is {quoted(cell)}, above the range of the assay, which is no level; "
            "measure it again diluted, or leave the row out."
        )
    if folded_limit(cell) in _UNSURE_WORDS:
        return (
            f"is {quoted(cell)}, which may be 'not detected' or 'not done'; {limits_hint(cell)} "
            f"if the level was below a limit, or {missing_hint(cell)} if there is no value."
        )
    return ""


def _other_mark(written: str, decimal: str, *, cell: str = "") -> str:
    """Return what is wrong with a number (or a sign and one) written with the other mark."""
    other = "," if decimal == "." else "."
    swapped = written.replace(other, decimal)
    number = re.sub(r"^[<>]\s*", "", swapped)
    if other not in written or read_number(number, decimal=decimal) is None:
        return ""
    shown = quoted(cell or written)
    if re.fullmatch(r"[<>]?\s*[0-9]{1,3}[.,][0-9]{3}", written):
        return (
            f"is {shown}, where the {MARKS[other]} may stand for decimals or for thousands; "
            f"write it without, or with a decimal {MARKS[decimal]}."
        )
    return (
        f"is {shown}, written with a decimal {MARKS[other]}; {decimal_hint(other)} "
        f"or write {(cell or written).replace(written, swapped)}."
    )
