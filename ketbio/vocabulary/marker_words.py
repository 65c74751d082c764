"""How the name of a marker is folded: what differs in spelling only becomes one word."""

import re
import unicodedata
from functools import lru_cache

_GREEK = {"α": "alpha", "β": "beta", "κ": "kappa", "µ": "mu", "μ": "mu"}
_SPELLINGS = (
    (re.compile(r"phosphorylated|phospho"), "p"),
    (re.compile(r"alpha"), "a"),
    (re.compile(r"beta"), "b"),
    (re.compile(r"ser(?=\d)"), "s"),
    (re.compile(r"thr(?=\d)"), "t"),
    (re.compile(r"tyr(?=\d)"), "y"),
)
"""Long form → short form, once only letters and digits are left."""

_AMOUNT = r"(?:[npfu]|µ|μ|m|k)?g"
_VOLUME = r"(?:m|d|µ|u)?l"
_UNIT = re.compile(
    rf"[\s_]*(?:[(\[]\s*(?:{_AMOUNT}\s*[/_ ]\s*{_VOLUME}|a\.?\s*u\.?|i\.?\s*u\.?|log2|%)\s*[)\]]"
    rf"|[\s_]{_AMOUNT}[/_ ]{_VOLUME})\s*$"
)
"""A unit at the end of a column's name: it says nothing of what the marker is."""


@lru_cache(maxsize=4096)
def folded_marker(word: str) -> str:
    """Return the name of a marker without what two spellings of it differ in.

    Case, blanks and signs go, and a unit at the end; Greek letters, the names of residues and the
    word phospho become short. A name that holds anything else holds something else.

    Examples
    --------
    >>> folded_marker("pGSK-3β(Ser9)"), folded_marker("phospho-GSK3beta S9")
    ('pgsk3bs9', 'pgsk3bs9')
    >>> folded_marker("BDNF plasma (pg/mL)"), folded_marker("BDNF_plasma_ng_ml")
    ('bdnfplasma', 'bdnfplasma')
    """
    plain = unicodedata.normalize("NFKC", word).casefold()
    plain = _UNIT.sub("", plain)
    for letter, name in _GREEK.items():
        plain = plain.replace(letter, name)
    letters = re.sub(r"[^a-z0-9]", "", plain)
    for long_form, short in _SPELLINGS:
        letters = long_form.sub(short, letters)
    return letters
