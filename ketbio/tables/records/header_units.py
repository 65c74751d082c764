"""Units in the names of columns: ``BDNF (pg/mL)``, ``bdnf [ng/ml]``, ``BDNF_pg_mL``."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ketbio.tables.alike import folded_code
from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.records.units import folded_unit, known_unit, same_name, units_beside

_BRACKETED = re.compile(r"(?P<stem>.*\S)\s*[(\[{]\s*(?P<unit>[^()\[\]{}]+?)\s*[)\]}]")
_TAIL = re.compile(
    r"(?P<stem>.*?\S)[\s_.,-]+(?:in\s+)?(?P<unit>[^\W\d_]+(?:\s*/\s*|[_.]|\s+per\s+)[^\W\d_]+"
    r"|[^\W\d_]+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedUnit:
    """The name of a column in two parts.

    Attributes
    ----------
    stem : str
        What stands before the unit; the whole name where it states none.
    unit : str
        The unit as ketbio writes it, empty where none is stated or known.
    unknown : str
        A unit as written that ketbio does not know.
    """

    stem: str
    unit: str = ""
    unknown: str = ""


def named_unit(header: str) -> NamedUnit:
    """Return the name of a column without its unit, and the unit.

    Examples
    --------
    >>> named_unit("BDNF (pg/mL)")
    NamedUnit(stem='BDNF', unit='pg/mL', unknown='')
    >>> named_unit("bdnf_ng_ml").unit, named_unit("age_years").unit, named_unit("BDNF [µg/l]").unit
    ('ng/mL', 'years', 'µg/L')
    >>> named_unit("BDNF (nmol/L)").unknown, named_unit("BDNF (day 14)").unit, named_unit("BDNF")
    ('nmol/L', '', NamedUnit(stem='BDNF', unit='', unknown=''))
    """
    for form in (_BRACKETED, _TAIL):
        found = form.fullmatch(header)
        if found and (unit := known_unit(found["unit"])):
            return NamedUnit(stem=found["stem"], unit=unit)
        if found and form is _BRACKETED and "/" in folded_unit(found["unit"]):
            return NamedUnit(stem=found["stem"], unknown=found["unit"])
    return NamedUnit(stem=header)


def fed_by_unit(
    free: Iterable[str], unfed: Collection[str], columns: Mapping[str, ColumnSpec]
) -> dict[str, str]:
    """Return which columns of ours are in the file under their name with the unit beside it.

    ``BDNF (pg/mL)`` is ``bdnf_pg_ml``: the same two words. Of several that would do the one of the
    same unit is taken, and none where two incoming columns would feed the same of ours.

    Parameters
    ----------
    free : iterable of str
        Columns of the file that feed nothing yet.
    unfed : collection of str
        Columns of ours that nothing feeds.
    columns : mapping of str to ColumnSpec
        The schema's columns.
    """
    found: dict[str, list[str]] = {}
    for name in free:
        parts = named_unit(name)
        if parts.unit and (ours := _column_of(parts, unfed, columns)):
            found.setdefault(ours, []).append(name)
    return {ours: names[0] for ours, names in found.items() if len(names) == 1}


def _column_of(parts: NamedUnit, unfed: Collection[str], columns: Mapping[str, ColumnSpec]) -> str:
    usable = [
        ours
        for ours in unfed
        if folded_code(named_unit(ours).stem) == folded_code(parts.stem)
        and parts.unit in units_beside(columns[ours].unit)
    ]
    exact = [ours for ours in usable if same_name(columns[ours].unit, parts.unit)]
    return next(iter(exact or usable), "")


def stated_unit(header: str, spec: ColumnSpec) -> str:
    """Return the unit that the name of a column states, empty where it states none.

    It may be one that cannot be taken to the unit of the schema.

    Examples
    --------
    >>> level = ColumnSpec(name="bdnf_ng_ml", meaning="", type="number", unit="ng/mL")
    >>> stated_unit("BDNF (pg/mL)", level), stated_unit("BDNF (nmol/L)", level)
    ('pg/mL', 'nmol/L')
    >>> stated_unit("BDNF", level), stated_unit("level per ml", level)
    ('', '')
    """
    parts = named_unit(header)
    return (parts.unit or parts.unknown) if spec.unit else ""
