"""Direct identifiers: columns that look like a name or an address, cells that hold an e-mail."""

import re

from ketbio.tables.privacy.header_words import BIRTH_FACT, header_kind

# It begins where a word does: tried from every letter, a cell of 100,000 would take minutes.
EMAIL = re.compile(
    r"(?<![^\s@＠﹫<>,;'\"])[^\s@＠﹫<>,;'\"]+[@＠﹫][^\s@＠﹫<>,;'\"]+[.．。][^\s@＠﹫<>,;'\"]+"
)
"""A cell, or a part of one, that looks like an e-mail address."""
EMAIL_MASK = "[e-mail address]"


def looks_like_identifier(header: str) -> bool:
    """Return whether a column name looks like that of a direct identifier.

    Parameters
    ----------
    header : str
        Column name as written.

    Examples
    --------
    >>> looks_like_identifier("Date of birth"), looks_like_identifier("lastName")
    (True, True)
    >>> looks_like_identifier("drug_name"), looks_like_identifier("age_years")
    (False, False)
    """
    return header_kind(header) not in ("", BIRTH_FACT)


def without_emails(text: str) -> str:
    """Return a text with every e-mail address masked.

    Examples
    --------
    >>> without_emails("visit is 'someone@example.org'")
    "visit is '[e-mail address]'"
    """
    return EMAIL.sub(EMAIL_MASK, text)


_DATES = re.compile(
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([T ].*)?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
)


def looks_like_name(code: str) -> bool:
    """Return whether a code looks like a person's name: two or more words, and no digit.

    Parameters
    ----------
    code : str
        An identifier as written.

    Examples
    --------
    >>> looks_like_name("Doe, Jane"), looks_like_name("P01"), looks_like_name("Site A 01")
    (True, False, False)
    """
    words = [word for word in re.split(r"[\s,;]+", code) if any(map(str.isalpha, word))]
    return len(words) >= 2 and not any(map(str.isdigit, code))


def looks_like_date(code: str) -> bool:
    """Return whether a code looks like a day of the calendar, which may be one of birth.

    Examples
    --------
    >>> looks_like_date("2011-03-04"), looks_like_date("4/3/2011"), looks_like_date("2011-034")
    (True, True, False)
    """
    return bool(_DATES.fullmatch(code))
