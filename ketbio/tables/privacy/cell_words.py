"""Single cells → the kind of direct identifier that stands in them.

Only what is written as nothing else is: a number without signs may be an intensity, so that
telephone numbers are known by their brackets, their plus sign or the word before them.
"""

import re
import unicodedata
from collections.abc import Callable

from ketbio.tables.privacy.header_words import (
    BIRTH,
    EMAIL_ADDRESS,
    NAME,
    NATIONAL_NUMBER,
    RECORD_NUMBER,
    TELEPHONE,
)
from ketbio.tables.privacy.identifiers import EMAIL
from ketbio.tables.privacy.national_numbers import is_national_number

DATE = re.compile(
    r"(?:(?P<first>[0-9]{4})[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[T ].*)?"
    r"|[0-9]{1,2}[-/. ](?:[0-9]{1,2}|[A-Za-z]{3,9})[-/. ](?P<last>[0-9]{4})(?:[T ].*)?)"
)
"""A cell that holds a full date, its year in ``first`` or ``last``."""
_TELEPHONE = re.compile(
    r"(?<![\w+.,\-])(?:"
    r"\+[1-9][0-9]{0,2}(?:[ /\-]?\(?[0-9]{1,5}\)?){2,6}"  # +44 20 7946 0000
    r"|00[1-9][0-9]{0,2}[ /\-](?:[0-9]{1,5}[ /\-]?){2,5}"  # 0049 30 901820
    r"|(?:\+?1[ .\-])?\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ .\-][0-9]{4}"  # (555) 555-0100
    r"|(?:\+?1[.\-])?[2-9][0-9]{2}([.\-])[2-9][0-9]{2}\1[0-9]{4}"  # 555-555-0100
    r"|\([1-9][0-9]\) ?9?[0-9]{4}[ \-][0-9]{4}"  # (11) 91234-5678
    r"|\(0[1-9][0-9]{0,3}\) ?[0-9]{3,4} ?[0-9]{3,4}"  # (030) 901820
    r"|0[1-9]([ .])[0-9]{2}(?:\2[0-9]{2}){3}"  # 01 99 00 12 34
    r"|0(?:[1-378][0-9]{3} [0-9]{6}|[1-378][0-9]{2} [0-9]{3} [0-9]{4}|2[0-9] [0-9]{4} [0-9]{4})"
    r"|01[5-7][0-9][ /\-][0-9]{7,8}"  # 0171 1234567
    r")(?![\w\-]|[.,][0-9])"
)
_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?(?:[eE][-+]?[0-9]+)?")
_LEAST_DIGITS = 8
_LABELLED = {
    TELEPHONE: re.compile(
        r"(?i)\b(?:tel|telephone|phone|mobile|fax|telefone?|tel[ée]fono|telem[óo]vel|m[óo]vil|handy)"
        r"\b[.:# ]{1,3}\+?\(?[0-9][0-9 ()./\-]{5,}"
    ),
    RECORD_NUMBER: re.compile(r"(?i)\b(?:mrn|nhc|prontu[aá]rio)\b[.:# nºo]{1,5}[0-9][0-9.\-]{3,}"),
    NATIONAL_NUMBER: re.compile(
        r"(?i)\b(?:nhs|ssn|cpf|dni|nie)\b(?: n[oº]\.?)?[.:# ]{1,3}\w?[0-9]{3}"
    ),
    BIRTH: re.compile(
        r"(?i)\b(?:dob|d\.o\.b\.|born(?: on)?|geb(?:oren)?\.?(?: am)?|nascid[oa](?: em)?"
        r"|nacid[oa](?: el)?|née? le)[: ]{1,2}[0-9]{1,4}[-/. ]\w{1,9}[-/. ][0-9]{2,4}"
    ),
}
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Sr|Sra|Dr|Dra|Prof|Mme)\b\.? [A-ZÀ-Þ][a-zß-ÿ]+"
    r"|\b(?:Herrn?|Frau|Señora?|Senhora?|Monsieur|Madame) [A-ZÀ-Þ][a-zß-ÿ]+"
)


def _has_email(cell: str) -> bool:
    return "@" in cell and bool(EMAIL.search(cell))


def _has_telephone(cell: str) -> bool:
    if _NUMBER.fullmatch(cell):
        # +442079460000: no measurement is written with a plus sign and eleven digits.
        return bool(re.fullmatch(r"\+[1-9][0-9]{10,14}", cell))
    if DATE.fullmatch(cell):
        return False
    found = (match.group() for match in _TELEPHONE.finditer(cell))
    return any(sum(map(str.isdigit, text)) >= _LEAST_DIGITS for text in found)


_SEEN: dict[str, Callable[[str], bool]] = {
    EMAIL_ADDRESS: _has_email,
    NATIONAL_NUMBER: is_national_number,
    TELEPHONE: _has_telephone,
    NAME: lambda cell: bool(_TITLED.search(cell)),
}
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_MAY_BE = re.compile(r"@|[A-Z][a-zñ]+\.? [A-ZÀ-Þ]|[0-9].*[0-9].*[0-9].*[0-9]")


def cell_kind(cell: str) -> str:
    """Return the kind of direct identifier that a cell holds, whatever its column; empty for none.

    Parameters
    ----------
    cell : str
        As written, trimmed.

    Examples
    --------
    >>> cell_kind("write to someone@example.org"), cell_kind("+44 20 7946 0000")
    ('e-mail address', 'telephone number')
    >>> cell_kind("1234567890"), cell_kind("2026-01-31"), cell_kind("+12.5"), cell_kind("S01-003")
    ('', '', '', '')
    """
    if not cell.isascii():
        # Full-width letters, digits and signs, and what is not seen between them.
        cell = _UNSEEN.sub("", unicodedata.normalize("NFKC", cell))
    if not _MAY_BE.search(cell):
        return ""
    for kind, is_seen in _SEEN.items():
        if is_seen(cell):
            return kind
    return next((kind for kind, pattern in _LABELLED.items() if pattern.search(cell)), "")
