"""How files of plates are to be read: the caller's words as a frozen record."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from os import PathLike
from typing import Any

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.layouts.plates.wells import well_at

PLATE_KINDS = ("softmax", "gen5", "magellan", "grid", "long")
"""Kinds of files; found by default."""
GROUPS = "groups"
"""As the layout: the groups of a SoftMax Pro export."""
ROLES = ("standard", "blank", "sample", "control")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateOptions:
    """How files of plates are read.

    Attributes
    ----------
    kind : str
        One of `PLATE_KINDS`, empty to find it.
    layout : str or path
        ``"groups"``, or a file that says what the wells hold; empty where the readings' own does.
    layout_sheet : str
        The sheet of the layout, in that file or beside the readings.
    unit : str
        Of concentrations that name none, such as ``"pg/mL"``.
    plates : tuple of str
        Codes of the plates, in the order of the file.
    wavelength, reference_wavelength : int
        What is read as absorbance and as reference_absorbance; 0 where there is no choice.
    key : mapping of str to str
        A word of a layout → what it means, in words of the layout.
    samples : mapping of str to str
        A sample's name → its participant and visit, in words of the layout.
    groups : mapping of str to str
        A group of the export → its role.
    masked : tuple of str
        Wells that are left out, ``"A3"`` or ``"PL1:A3"``.
    visit : str
        Of samples whose cell names none.
    run_dates : mapping of str to str
        Plate → the day on which it was read.
    """

    kind: str = ""
    layout: str | PathLike[str] = ""
    layout_sheet: str = ""
    unit: str = ""
    plates: tuple[str, ...] = ()
    wavelength: int = 0
    reference_wavelength: int = 0
    key: Mapping[str, str] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    masked: tuple[str, ...] = ()
    visit: str = ""
    run_dates: Mapping[str, str] = field(default_factory=dict)


_LISTS = ("plates", "masked")
_TABLES = ("key", "samples", "groups", "run_dates")
_NUMBERS = ("wavelength", "reference_wavelength")


def plate_options(given: Mapping[str, Any]) -> PlateOptions:
    """Return the caller's words as a record.

    Raises
    ------
    SchemaError
        An option is not known, or not of the right kind.

    Examples
    --------
    >>> plate_options({"unit": "pg/mL", "masked": ["A3"]}).masked
    ('A3',)
    """
    if not isinstance(given, Mapping):
        raise SchemaError(f"plate is {given!r}; a table of options is wanted.")
    names = [one.name for one in fields(PlateOptions)]
    for name in given:
        if name not in names:
            raise SchemaError(f"plate: {unknown_word('option', name, names)}")
    options = PlateOptions(**{name: _settled(name, value) for name, value in given.items()})
    if options.kind and options.kind not in PLATE_KINDS:
        raise SchemaError(f"plate: {unknown_word('kind', options.kind, PLATE_KINDS)}")
    for role in options.groups.values():
        if role not in ROLES:
            raise SchemaError(f"plate, groups: {unknown_word('role', role, ROLES)}")
    for one in options.masked:
        if well_at(one.rpartition(":")[2]) is None:
            raise SchemaError(
                f"plate: masked names {one!r}, which is no well; write 'A3', or 'PL1:A3' for that "
                "of the plate PL1."
            )
    return options


def _settled(name: str, value: Any) -> Any:
    if name in _LISTS:
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list | tuple) or not all(isinstance(one, str) for one in words):
            raise SchemaError(f"plate: {name} is {value!r}; a list of text is wanted.")
        return tuple(words)
    if name in _TABLES:
        pairs = value.items() if isinstance(value, Mapping) else [(None, None)]
        if not all(isinstance(word, str) for pair in pairs for word in pair):
            raise SchemaError(f"plate: {name} is {value!r}; a table of text = text is wanted.")
        return dict(value)
    if name in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            raise SchemaError(f"plate: {name} is {value!r}; a wavelength such as 450 is wanted.")
        return value
    if not isinstance(value, str | PathLike):
        raise SchemaError(f"plate: {name} is {value!r}; text is wanted.")
    return value
