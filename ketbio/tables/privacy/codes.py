"""Ids → codes by a keyed hash: the same id has the same code wherever the same key is used."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable

from ketbio.errors import FileError
from ketbio.wording import count_of

PREFIX = "K-"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH, _BITS = 12, 5


def code_of(identifier: str, key: bytes, *, context: str = "") -> str:
    """Return the code of an id: ``K-`` and 12 characters of Crockford's base 32 (60 bits).

    Parameters
    ----------
    identifier : str
        As written; blanks around it are no part of it, everything else is.
    key : bytes
        The secret.
    context : str
        The study; codes of one person in two studies do not resemble each other.

    Examples
    --------
    >>> code_of("P01", bytes(32)), code_of(" P01 ", bytes(32))
    ('K-BMTBDCDGBF3G', 'K-BMTBDCDGBF3G')
    >>> code_of("P01", bytes(32), context="another study") == code_of("P01", bytes(32))
    False
    """
    word = _composed(identifier).strip()
    study = _composed(context).encode()
    # The length before the context, so that no id of one study is the context of another.
    said = b"ketbio pseudonym 1\0" + len(study).to_bytes(8, "big") + study + word.encode()
    number = int.from_bytes(hmac.new(key, said, hashlib.sha256).digest()[:8], "big") >> 4
    digits = [_LETTERS[number >> (_BITS * i) & 31] for i in reversed(range(_LENGTH))]
    return PREFIX + "".join(digits)


def codes_of(identifiers: Iterable[str], key: bytes, *, context: str = "") -> dict[str, str]:
    """Return id → code, each id once.

    Raises
    ------
    FileError
        Two ids have the same code, which must not be taken for one person.
    """
    codes = {word: code_of(word, key, context=context) for word in dict.fromkeys(identifiers)}
    shared = len(set(map(_composed, codes))) - len(set(codes.values()))
    if shared:
        raise FileError(
            f"{count_of(shared, 'pair')} of ids got the same code, so that nothing was written; "
            "use another key or another context."
        )
    return codes


def _composed(text: str) -> str:
    """Return a text in the one form (NFC) of those in which the same letters can be stored."""
    return unicodedata.normalize("NFC", text)
