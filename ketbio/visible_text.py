"""Text of cells made fit to be shown: nothing in it steers a terminal or turns a line around."""

import unicodedata

_STEERING = frozenset({"Cc", "Cs"})
# Marks that turn the order of the letters after them, so that a line reads as something else.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REPLACED = "\ufffd"
_PLAIN = str.maketrans({"\t": " ", "\n": " ", "\r": " ", "\u2028": " ", "\u2029": " "})


def visible(text: str) -> str:
    r"""Return a text on one line, control characters and turning marks replaced by ``�``.

    Examples
    --------
    >>> visible("a\x1b[31mb\u202ec\nd")
    'a�[31mb�c d'
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, text.translate(_PLAIN)))


def _shown(char: str) -> str:
    steers = unicodedata.category(char) in _STEERING or char in _TURNING
    return _REPLACED if steers else char
