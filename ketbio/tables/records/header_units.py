"""Units in the names of columns: ``BDNF (pg/mL)``, ``bdnf [ng/ml]``, ``BDNF_pg_mL``."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from ketbio.tables.alike import folded_code
from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.records.units import folded_unit, known_unit, same_name, units_beside
from ketbio.vocabulary import UNIT_FAMILIES

_BRACKETED = re.compile(r"(?P<stem>.*\S)\s*[(\[{]\s*(?P<unit>[^()\[\]{}]+?)\s*[)\]}]")
_TAIL = re.compile(
    r"(?P<stem>.*?\S)[\s_.,-]+(?:in\s+)?(?P<unit>[^\W\d_]+(?:\s*/\s*|[_.]|\s+per\s+)[^\W\d_]+"
    r"|[^\W\d_]+)"
)
_INSIDE = re.compile(r"[(\[{]\s*([^()\[\]{}]+?)\s*[)\]}]")
_WORD = re.compile(r"[^\s_.,()\[\]{}-]+")
_SQUASHED = {
    folded_unit(unit).replace("/", ""): unit
    for family in UNIT_FAMILIES
    for unit in family
    if "/" in unit
}
_FOREIGN = re.compile(
    r"(?:[fpnum]g|mcg|[afpnum]mol|[mu]?iu|(?:[fpnumk]?g|mcg|[afpnum]?mol|[mu]?i?u)/"
    r"(?:[dmu]?l|[mk]?g|min|h|d|day)|[afpnum]?moll)"
)
"""Units that cannot be taken to ours, folded: amounts, alone or per something."""
_MOLAR = re.compile(r"[afpnuµμm]M")
_ONLY_IN_BRACKETS = frozenset({"g", "kg", "mol", "u", "%", "percent"})
_LONGEST = 200


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
    >>> named_unit("pgml_BDNF").unit, named_unit("BDNF (pg/ml) serum").stem
    ('pg/mL', 'BDNF serum')
    >>> named_unit("BDNF (pg)").unknown, named_unit("BDNF pmol/l").unknown
    ('pg', 'pmol/l')
    """
    # The forms try every place against every other, and nobody writes a unit after so much.
    forms = (_BRACKETED, _TAIL) if len(header) <= _LONGEST else ()
    for form in forms:
        found = form.fullmatch(header)
        if found and (unit := known_unit(found["unit"])):
            return NamedUnit(stem=found["stem"], unit=unit)
        if found and form is _BRACKETED and "/" in folded_unit(found["unit"]):
            return NamedUnit(stem=found["stem"], unknown=found["unit"])
    if not forms:
        return NamedUnit(stem=header)
    return _in_brackets(header) or _among_words(header) or NamedUnit(stem=header)


def _in_brackets(header: str) -> NamedUnit | None:
    """Return the unit that stands in brackets anywhere in a name: ``BDNF (pg/ml) serum``."""
    for found in _INSIDE.finditer(header):
        written = found[1]
        stem = " ".join(f"{header[: found.start()]} {header[found.end() :]}".split())
        if unit := known_unit(written):
            return NamedUnit(stem=stem, unit=unit)
        if _is_foreign(written) or folded_unit(written) in _ONLY_IN_BRACKETS:
            return NamedUnit(stem=stem, unknown=written)
    return None


def _among_words(header: str) -> NamedUnit | None:
    """Return the unit among the words of a name: ``pgml_BDNF``, ``BDNF pmol/l``."""
    words = _WORD.findall(re.sub(r"\s*/\s*|\s+per\s+", "/", header))
    spans = [(i, i + n) for n in (2, 1) for i in range(len(words) - n + 1)]
    for read in (_known_words, _foreign_words):
        for start, stop in spans:
            if found := read("/".join(words[start:stop])):
                stem = " ".join((*words[:start], *words[stop:]))
                return replace(found, stem=stem or header)
    return None


def _known_words(written: str) -> NamedUnit | None:
    # A single word of ours, such as years, is a unit at the end of a name only.
    unit = known_unit(written) if "/" in written else _SQUASHED.get(folded_unit(written), "")
    return NamedUnit(stem="", unit=unit) if unit else None


def _foreign_words(written: str) -> NamedUnit | None:
    return NamedUnit(stem="", unknown=written) if _is_foreign(written) else None


def _is_foreign(written: str) -> bool:
    # Case tells nM from nm, and pM from the afternoon.
    is_molar = _MOLAR.fullmatch(written) is not None
    return is_molar or _FOREIGN.fullmatch(folded_unit(written)) is not None


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
    if not spec.unit:
        return ""
    return spec.unit if same_name(parts.unknown, spec.unit) else parts.unit or parts.unknown
