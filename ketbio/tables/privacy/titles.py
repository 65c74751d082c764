"""Names of files, sheets and columns, rows above a header: whether they say who a person is."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import PurePath

from ketbio.errors import FileError, SchemaError
from ketbio.tables.privacy.cell_words import cell_kind
from ketbio.tables.privacy.given_names import is_full_name, is_turned_name
from ketbio.tables.privacy.header_words import BIRTH, NAME
from ketbio.tables.privacy.identifiers import EMAIL, without_emails
from ketbio.tables.privacy.masks import REMOVED

_LABEL = re.compile(
    r"(?i)^\W*(?:patient(?:in|e|en)?|pat|paciente|participant|participante|teilnehmer(?:in)?|"
    r"proband(?:in)?|subject|sujeto|name|nombre|nome|nom|client)s?"
    r"(?:[ _-]?(?:name|nombre|nome|nom))?\.?\s*[:=]\s*(?P<who>.+)"
)
_DAY = re.compile(
    r"(?<![0-9])(?:(?P<y>[0-9]{4})[-_. ]?(?P<m>[0-9]{2})[-_. ]?(?P<d>[0-9]{2})"
    r"|(?P<d2>[0-9]{1,2})[-_. ](?P<m2>[0-9]{1,2})[-_. ](?P<y2>[0-9]{4}))(?![0-9])"
)
_OLDEST, _YOUNGEST = 1900, 2015
_BEFORE_PLACES = {
    "sao", "san", "santa", "santo", "saint", "sainte", "sankt", "st", "ste", "porto", "puerto",
    "villa", "vila", "rio", "ciudad", "cidade", "fort", "port",
}  # fmt: skip
_QUOTED = re.compile(r"'(?P<one>[^'\n]+)'|\"(?P<two>[^\"\n]+)\"")


def text_kind(text: str) -> str:
    """Return the kind of direct identifier in a column name or a line of text, empty for none.

    Examples
    --------
    >>> text_kind("Name: Jane Doe"), text_kind("Patient: Doe Jane"), text_kind("DOB: 31.01.1990")
    ('name', 'name', 'date of birth')
    >>> text_kind("Reported Sadness"), text_kind("Day: 31.01.2026"), text_kind("Patient: P01")
    ('', '', '')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    labelled = _LABEL.match(plain)
    if holds_name(plain) or (labelled and _is_who(labelled["who"])):
        return NAME
    return cell_kind(plain)


def _is_who(text: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", text)
    return len(words) >= 2 and all(word[0].isupper() for word in words)


def holds_name(text: str) -> bool:
    """Return whether two words of a text beside each other are a given name and another name.

    Examples
    --------
    >>> holds_name("list_of_Jane_Doe"), holds_name("Madrs Scores")
    (True, False)
    """
    words = re.sub(r"[_.\-]+", " ", text).split()
    return is_full_name(text) or any(is_full_name(" ".join(pair)) for pair in pairwise(words))


def title_kind(title: str) -> str:
    """Return what may be an identifier in the name of a file or a sheet, empty for nothing.

    A name may stand in any order there, and a day long ago be one of birth.

    Examples
    --------
    >>> title_kind("Doe_Jane"), title_kind("P01 1990-01-31"), title_kind("sites of São Paulo")
    ('name', 'date of birth', '')
    >>> title_kind("madrs_2026-01-31")
    ''
    """
    words = re.sub(r"[_.\-]+", " ", unicodedata.normalize("NFKC", title)).split()
    for pair in pairwise(words):
        first = unicodedata.normalize("NFKD", pair[0]).encode("ascii", "ignore").decode().casefold()
        if is_turned_name(" ".join(pair)) and first not in _BEFORE_PLACES:
            return NAME
    if any(_is_birth_day(found) for found in _DAY.finditer(title)):
        return BIRTH
    return text_kind(title)


def _is_birth_day(found: "re.Match[str]") -> bool:
    parts = [found[name] or found[f"{name}2"] for name in "ymd"]
    year, month, day = map(int, parts)
    try:
        return _OLDEST <= dt.date(year, month, day).year <= _YOUNGEST
    except ValueError:
        return False


def masked_title(file: str) -> str:
    """Return a file's name as it may be shown.

    Examples
    --------
    >>> masked_title("Doe_Jane.csv"), masked_title("madrs_2026-01-31.csv")
    ('[not shown].csv', 'madrs_2026-01-31.csv')
    """
    ending = PurePath(file).suffix
    stem = file.removesuffix(ending)
    return f"{REMOVED}{ending}" if EMAIL.search(file) or title_kind(stem) else file


def without_identifiers(text: str, *, file: str = "") -> str:
    """Return a sentence without identifiers in quotes, e-mail addresses and a file's telling name.

    Examples
    --------
    >>> without_identifiers("Doe_Jane.csv has two columns 'Jane Doe'", file="Doe_Jane.csv")
    "[not shown].csv has two columns '[not shown]'"
    """
    if file and masked_title(file) != file:
        text = text.replace(file, masked_title(file))

    def quoted_word(found: "re.Match[str]") -> str:
        return repr(REMOVED) if title_kind(found["one"] or found["two"]) else found.group()

    return without_emails(_QUOTED.sub(quoted_word, text))


@contextmanager
def errors_masked(file: str) -> Iterator[None]:
    """Let what is raised before a table has been screened repeat no identifier of it.

    Raises
    ------
    FileError, SchemaError
        As raised within, its message masked.
    """
    try:
        yield
    except (FileError, SchemaError) as error:
        said = without_identifiers(str(error), file=file)
        if said == str(error):
            raise
        raise type(error)(said) from None
