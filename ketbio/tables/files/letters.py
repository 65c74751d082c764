"""Letters beyond ASCII: whether they stand where a person puts them, and which are a guess."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from ketbio.tables.files.grid import Fault
from ketbio.tables.phrases import cut
from ketbio.wording import join_words

GUESS = "encoding_guess"
_NEIGHBOURS = ("cp1250", "iso8859_2", "cp1254", "cp1257")
_RARE = re.compile(
    r"[ÈÌÒÙËÏÃÕ](?=[a-zà-ÿ])|(?<=[^\W\d_])[òìù](?=[^\W\d_])|[ÝýÐðÞþÿŸ]"
    r"|(?<=[^\W\d_])[£¥¼¾]|[£¥¼¾](?=[^\W\d_])"
)
"""What is rare in western words: the commonest letters of Czech, Polish, Turkish, Latvian."""
_LONGEST_WORD = 24
_SIGNS = frozenset("±µ×÷–—‘’“”„…•·€£§©®™½¼¾°²³¹ªº«»‰¿¡≤≥≠≈Ω∆\xa0")
_BETWEEN_LETTERS = frozenset("’–—·\xa0")


def guessed(content: bytes, words: Sequence[bytes], read: Sequence[str]) -> Iterator[Fault]:
    """Warn of the first word that is a rare one in CP1252 and reads well in a neighbour of it."""
    for word, text in zip(words, read, strict=False):
        if not _RARE.search(text):
            continue
        others = {one: word.decode(one, "replace") for one in _NEIGHBOURS}
        rivals = [one for one, other in others.items() if other != text and _is_word(other)]
        if not rivals:
            continue
        row = content.count(b"\n", 0, content.index(word)) + 1
        listed = join_words([one.upper() for one in rivals], last="or")
        yield Fault(
            row=row,
            rule=GUESS,
            severity="warning",
            stays=True,
            message=f"The file was taken as CP1252, which is a guess: look at row {row}, "
            f"{cut(text, _LONGEST_WORD)!r}. If its letters are wrong, set encoding (--encoding on "
            f"the command line), for instance to {listed}.",
        )
        return


def _is_word(text: str) -> bool:
    return "\ufffd" not in text and is_plausible(text)


def is_plausible(word: str) -> bool:
    """Return whether the letters beyond ASCII stand in a word where a person would put them.

    Examples
    --------
    >>> is_plausible("São"), is_plausible("S‹o"), is_plausible("SÆo"), is_plausible("37°C")
    (True, False, False, True)
    """
    letters = [char for char in word if char.isalpha()]
    if len(letters) > 2 and not any(char.isascii() for char in letters):
        return False  # another script, read as accented Latin
    return all(
        _stands_well(word[i - 1 : i], char, word[i + 1 : i + 2])
        for i, char in enumerate(word)
        if not char.isascii()
    )


def _stands_well(before: str, char: str, after: str) -> bool:
    between = before.isalpha() and after.isalpha()
    if char in "ªº":
        return not between
    if char.isalpha():
        is_capital_inside = char.isupper() and (
            before.islower() or (before.isupper() and after.islower())
        )
        is_small_inside = char.islower() and before.isupper() and after.isupper() and char != "µ"
        return not (is_capital_inside or is_small_inside or unicodedata.category(char) == "Lm")
    if char == "°":
        return not before.isalpha() or before in "nN"
    if char in "²³¹":
        return before.isalnum() and not after.isalnum()
    if char in "≤≥≈≠":
        return not between and not before.isalpha()
    return char in _SIGNS and (not between or char in _BETWEEN_LETTERS)
