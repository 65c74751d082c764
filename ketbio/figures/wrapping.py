"""Text broken to a width that is measured, not guessed."""

import re
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from ketbio.figures.style import families_in_force

_UNBROKEN = re.compile(r"(?<=\b[A-Za-z]) (?=[=<>≥] \S)|(?<= [=<>≥]) (?=\S)|(?<=\d%) (?=CI\b)")
"""Spaces that stay on one line: those of an equation such as p = .043, and of 95% CI."""
_MEASURE = TextToPath()
SURE_TO_FIT = 0.95
"""Of a line's width: words whose own widths come to less fit, whatever stands between them."""


def text_width(text: str, *, size_pt: float, weight: str = "normal") -> float:
    """Return how wide a line of text is on paper, in points, in the font being drawn with.

    Parameters
    ----------
    text : str
        One line.
    size_pt : float
        Size of the type, in points.
    weight : {"normal", "bold"}
        Its weight.

    Examples
    --------
    >>> narrow, wide = text_width("iii", size_pt=8), text_width("WWW", size_pt=8)
    >>> 0 < narrow < wide
    True
    """
    return _measured(text, families_in_force(), size_pt, weight)


@lru_cache(maxsize=8192)
def _measured(text: str, families: tuple[str, ...], size_pt: float, weight: str) -> float:
    font = FontProperties(family=list(families), size=size_pt, weight=weight)
    width, _, _ = _MEASURE.get_text_width_height_descent(text, font, ismath=False)
    return float(width)


def wrap_text(text: str, *, width_pt: float, size_pt: float, weight: str = "normal") -> str:
    """Return text with line breaks, so that no line is wider than ``width_pt``.

    Lines break at spaces; a word wider than a line breaks after ``_``, ``-``, ``–`` or ``/``, or
    where it must.

    Parameters
    ----------
    text : str
        Words. Line breaks in it are spaces.
    width_pt : float
        Widest line, in points.
    size_pt : float
        Size of the type, in points.
    weight : {"normal", "bold"}
        Its weight.

    Examples
    --------
    >>> print(wrap_text("Change in MADRS, baseline to day 14", width_pt=80, size_pt=8))
    Change in MADRS,
    baseline to day 14
    """
    lines, known = [""], 0.0
    space = _space(size_pt, weight)
    for word in _UNBROKEN.sub("\u00a0", text).replace("\n", " ").split(" "):
        for place, piece in enumerate(_pieces(word, width_pt, size_pt, weight)):
            joined = f"{lines[-1]} {piece}" if lines[-1] and place == 0 else lines[-1] + piece
            own = text_width(piece, size_pt=size_pt, weight=weight)
            # a whole line is measured only where it may be too long: measuring takes the time
            known += space + own
            width = (
                known
                if known <= SURE_TO_FIT * width_pt
                else text_width(joined.rstrip("\u00a0"), size_pt=size_pt, weight=weight)
            )
            if lines[-1] and width > width_pt:
                lines.append(piece)
                known = own
            else:
                lines[-1] = joined
    return "\n".join(line.replace("\u00a0", " ").strip() for line in lines)


def _space(size_pt: float, weight: str) -> float:
    """Return the room that a space takes between two words."""
    letter, two = (text_width(one, size_pt=size_pt, weight=weight) for one in ("n", "n n"))
    return two - 2 * letter


def _pieces(word: str, width_pt: float, size_pt: float, weight: str) -> list[str]:
    """Return a word whole where it fits on a line, else in parts that do."""
    if text_width(word, size_pt=size_pt, weight=weight) <= width_pt:
        return [word]
    parts: list[str] = []
    for part in re.findall(r"[^_/\u00a0–-]*[_/\u00a0–-]|[^_/\u00a0–-]+", word):
        # a space at the end of a line takes no room
        fits = text_width(part.rstrip("\u00a0"), size_pt=size_pt, weight=weight) <= width_pt
        parts.extend([part] if fits else list(part))
    return parts


def shortened(text: str, *, width_pt: float, size_pt: float) -> str:
    """Return text on one line, ``…`` in its middle where it is too long: its end tells it apart.

    Examples
    --------
    >>> shortened("n, ketamine", width_pt=200, size_pt=8)
    'n, ketamine'
    >>> shortened("n, ketamine 0.5 mg/kg intravenously", width_pt=60, size_pt=8)
    'n, ket…nously'
    """
    kept = text
    while len(kept) > 3 and text_width(kept, size_pt=size_pt) > width_pt:
        letters = kept.replace("…", "")
        half = (len(letters) - 1) // 2
        kept = f"{letters[:half].rstrip()}…{letters[len(letters) - half :].lstrip()}"
    return kept
