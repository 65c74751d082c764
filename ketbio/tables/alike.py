"""Words that a person would take for the same: by case, blanks, signs between, leading zeros."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def folded_code(word: str) -> str:
    """Return a code without what two spellings of it differ in.

    Case, blanks, hyphens, underscores and leading zeros go; a sign between two numbers stays,
    since ``1-11`` and ``11-1`` are two participants of two sites.

    Examples
    --------
    >>> folded_code("P01"), folded_code("p-1"), folded_code("P 001")
    ('p1', 'p1', 'p1')
    >>> folded_code("1-11"), folded_code("11_1"), folded_code("Baseline ")
    ('1-11', '11-1', 'baseline')
    """
    plain = unicodedata.normalize("NFKC", word).casefold()
    out = ""
    is_apart = False
    for part in re.findall(r"[0-9]+|[\s_-]+|[^0-9\s_-]+", plain):
        if re.fullmatch(r"[\s_-]+", part):
            is_apart = True
            continue
        is_number = part[0].isdigit()
        if is_apart and is_number and out[-1:].isdigit():
            out += "-"
        out += (part.lstrip("0") or "0") if is_number else part
        is_apart = False
    return out


def folded_word(word: str) -> str:
    """Return a word without case and blanks.

    Examples
    --------
    >>> folded_word("Basal "), folded_word("p 70"), folded_word("S-9")
    ('basal', 'p70', 's-9')
    """
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def alike_code(word: str, allowed: Iterable[str]) -> str:
    """Return the allowed code that differs only as `folded_code` says, empty where none does.

    A participant is never taken for another because two codes look near.

    Examples
    --------
    >>> alike_code("p1", ["P11", "P01"]), alike_code("P08", ["P07"])
    ('P01', '')
    """
    return next((one for one in sorted(allowed) if folded_code(one) == folded_code(word)), "")


def nearest_word(word: str, allowed: Iterable[str]) -> str:
    """Return the allowed word nearest to one, empty where none is near.

    A word that differs only as `folded_code` says comes before one that is near by letters.

    Examples
    --------
    >>> nearest_word("p1", ["P11", "P01"]), nearest_word("MADRS", ["visit", "madrs_total"])
    ('P01', 'madrs_total')
    >>> nearest_word("xyz", ["visit"])
    ''
    """
    words = sorted(allowed)
    if alike := alike_code(word, words):
        return alike
    by_fold = {known.casefold(): known for known in words}
    near = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[near[0]] if near else ""
