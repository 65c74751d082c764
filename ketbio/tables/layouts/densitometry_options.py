"""How a densitometry table is to be read: the caller's words as a frozen record."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from os import PathLike
from typing import Any

from ketbio.errors import SchemaError, unknown_word

KINDS = ("image_lab", "imagej", "imagej_gel", "licor")
"""Bio-Rad Image Lab; ImageJ or Fiji, regions measured; its gel analyser; LI-COR."""
BACKGROUNDS = ("subtract", "none")
"""Whether background is taken off; ``none`` where the volumes are to be read as they are."""
BAND_WORDS = ("target", "form", "site", "gel_id", "membrane")
"""What the band key says of a band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DensitometryOptions:
    """How a densitometry table is read.

    Attributes
    ----------
    lanes : str or path
        The lane key: a table with a row per lane.
    bands : mapping of str to mapping
        Band, channel or image as the file names it → ``target``, ``form``, ``site`` …
    kind : str
        One of `KINDS`; empty to find it by the columns.
    gel : str
        The gel's code, where the file is of one gel.
    gels : mapping of str to str
        Image as the file names it → the gel's code.
    background : str
        One of `BACKGROUNDS`.
    ignore_bands, ignore_lanes : tuple of str
        Bands and lanes of the file to leave out.
    """

    lanes: str | PathLike[str]
    bands: Mapping[str, Mapping[str, str]]
    kind: str = ""
    gel: str = ""
    gels: Mapping[str, str] = field(default_factory=dict)
    background: str = "subtract"
    ignore_bands: tuple[str, ...] = ()
    ignore_lanes: tuple[str, ...] = ()


_ALLOWED = {"kind": KINDS, "background": BACKGROUNDS}
_NEEDED = ("lanes", "bands")


def densitometry_options(given: Mapping[str, Any]) -> DensitometryOptions:
    """Return the caller's options as a record.

    Raises
    ------
    SchemaError
        An option is not known, lacking or not of the right kind.

    Examples
    --------
    >>> given = {"lanes": "lanes.csv", "bands": {"1": {"target": "mTOR", "form": "total"}}}
    >>> densitometry_options(given).bands["1"]["form"]
    'total'
    """
    if not isinstance(given, Mapping):
        raise SchemaError(f"densitometry is {given!r}; a table of options is wanted.")
    names = [one.name for one in fields(DensitometryOptions)]
    for name in given:
        if name not in names:
            raise SchemaError(f"densitometry: {unknown_word('option', name, names)}")
    for name in _NEEDED:
        if name not in given:
            raise SchemaError(f"densitometry lacks {name!r}; add it.")
    return DensitometryOptions(**{name: _settled(name, value) for name, value in given.items()})


def _settled(name: str, value: Any) -> Any:
    if name in _ALLOWED and value not in _ALLOWED[name]:
        raise SchemaError(f"densitometry: {unknown_word(name, value, _ALLOWED[name])}")
    if name == "bands":
        return _band_key(value)
    if name == "gels":
        return _texts("gels", value)
    if name.startswith("ignore_"):
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list | tuple) or not all(isinstance(one, str) for one in words):
            raise SchemaError(f"densitometry: {name} is {value!r}; a list of text is wanted.")
        return tuple(words)
    if not isinstance(value, str | PathLike):
        raise SchemaError(f"densitometry: {name} is {value!r}; text is wanted.")
    return value


def _band_key(given: Any) -> Mapping[str, Mapping[str, str]]:
    if not isinstance(given, Mapping) or not given:
        raise SchemaError(
            f"densitometry: bands is {given!r}; a table per band is wanted, such as "
            '"1" = { target = "mTOR", form = "phospho", site = "S2448" }.'
        )
    made = {}
    for band, words in given.items():
        own = _texts(f"bands.{band}", words)
        for name in own:
            if name not in BAND_WORDS:
                raise SchemaError(
                    f"densitometry: {unknown_word(f'a word of bands.{band}', name, BAND_WORDS)}"
                )
        for name in ("target", "form"):
            if name not in own:
                raise SchemaError(f"densitometry: bands.{band} lacks {name!r}; add it.")
        made[str(band)] = own
    return made


def _texts(name: str, given: Any) -> Mapping[str, str]:
    pairs = given.items() if isinstance(given, Mapping) else [(None, None)]
    if not all(isinstance(word, str) for pair in pairs for word in pair):
        raise SchemaError(f"densitometry: {name} is {given!r}; a table of text = text is wanted.")
    return dict(given)
