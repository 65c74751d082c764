"""The fonts that typst is given for a PDF, and figures with letters that only others have."""

import re
from pathlib import Path
from shutil import copyfile

import matplotlib as mpl
from matplotlib.font_manager import get_font

OWN_FONTS = ("DejaVu*.ttf", "STIXGeneral*.ttf")
"""Of the fonts that come with matplotlib those that the text and the figures are written in.

Beside them lies one with a box for every letter there is (LastResortHE): with it at hand typst
would miss no letter, and look for no other font that has it.
"""

LINE = re.compile(r"(?<=>)[^<>]*(?=</text>|</tspan>)")
JOINED = re.compile("f(?=[fil])")
NON_JOINER = "\u200c"
"""Unseen, without width; keeps a font from drawing the letters beside it as one sign."""


def lay_own_fonts(folder: Path) -> Path:
    """Put our own fonts in a folder of their own, for typst to look into.

    Parameters
    ----------
    folder : Path
        Made where it is not there.

    Returns
    -------
    Path
        The folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     fonts = {path.name for path in lay_own_fonts(Path(name) / "fonts").iterdir()}
    >>> "DejaVuSans.ttf" in fonts, any("LastResort" in name for name in fonts)
    (True, False)
    """
    folder.mkdir(exist_ok=True)
    for path in sorted(path for pattern in OWN_FONTS for path in _fonts_there().glob(pattern)):
        copyfile(path, folder / path.name)
    return folder


def part_letters(folder: Path) -> None:
    """Part "ff", "fi" and "fl" in those lines of the drawings that need a second font.

    Typst takes the signs of such a line one for one out of both fonts, and gives up where one of
    them has fewer signs because it joins letters.

    Parameters
    ----------
    folder : Path
        Its ``*.svg`` are written anew.
    """
    own = frozenset(get_font(_fonts_there() / "DejaVuSans.ttf").get_charmap())

    def parted(line: re.Match[str]) -> str:
        is_ours = all(ord(letter) in own for letter in line[0] if not letter.isspace())
        return line[0] if is_ours else JOINED.sub(f"f{NON_JOINER}", line[0])

    for path in sorted(folder.glob("*.svg")):
        drawing = path.read_text(encoding="utf-8")
        path.write_text(LINE.sub(parted, drawing), encoding="utf-8")


def _fonts_there() -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf"
