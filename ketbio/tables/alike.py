"""Words that a person would take for the same: by case, blanks, signs between, leading zeros."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import lru_cache


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


# Crockford's base 32 leaves I and L out for 1 and O for 0; S and 5, B and 8 differ to most eyes.
# Of the letters of other alphabets those whose capitals are drawn as the Latin ones.
_LOOKS = str.maketrans(
    "ilo" + "авекмнорстхі" + "αβεζηικμνορτυχ", "110" + "abekmh0pctx1" + "abezh1kmn0ptyx"
)


def folded_look(word: str) -> str:
    """Return a code without what its readers cannot tell apart, beside what `folded_code` leaves.

    The letter O is the digit 0, I and l are 1, letters of the Cyrillic and Greek alphabets are the
    Latin ones that they look like, and a decimal that a program added (``7.0``) goes.

    Examples
    --------
    >>> folded_look("PO1"), folded_look("P01"), folded_look("P0l"), folded_look("7.0")
    ('p1', 'p1', 'p1', '7')
    >>> folded_look("S5"), folded_look("Р01")  # the second begins with a Cyrillic letter
    ('s5', 'p1')
    """
    plain = unicodedata.normalize("NFKC", word).casefold()
    return folded_code(re.sub(r"(?<=\d)\.0+$", "", plain).translate(_LOOKS))


def folded_word(word: str) -> str:
    """Return a word without case and blanks.

    Examples
    --------
    >>> folded_word("Basal "), folded_word("p 70"), folded_word("S-9")
    ('basal', 'p70', 's-9')
    """
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def alike_codes(word: str, allowed: Collection[str]) -> tuple[str, ...]:
    """Return the allowed codes that `folded_code` takes for one, else those of `folded_look`.

    Parameters
    ----------
    word : str
        A code that is not among the allowed ones.
    allowed : collection of str
        The codes that there are; a frozenset is folded once however many words are asked about.

    Examples
    --------
    >>> alike_codes("p1", frozenset(["P11", "P01"])), alike_codes("PO1", frozenset(["P01"]))
    (('P01',), ('P01',))
    >>> alike_codes("P08", frozenset(["P07"]))
    ()
    """
    by_code, by_look = _by_fold(frozenset(allowed))
    return by_code.get(folded_code(word)) or by_look.get(folded_look(word), ())


@lru_cache(maxsize=8)
def _by_fold(
    allowed: frozenset[str],
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    folds: tuple[dict[str, tuple[str, ...]], ...] = ({}, {})
    for one in sorted(allowed):
        for known, fold in zip(folds, (folded_code, folded_look), strict=True):
            known[fold(one)] = (*known.get(fold(one), ()), one)
    return folds[0], folds[1]


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
